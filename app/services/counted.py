"""How a statutory day was counted, in words, for the notice and the timeline (Decree 41(4); Civil Act 157, 161)."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.documents.tongue import Tongue, day

Steps = Sequence[dict[str, Any]]
FILED = "request.file"
ANEW = ("claim.resume", "claim.overturn")
OBJECTED = ("claim.object", "objection.file")
_STATUTES = {"민법": "Civil Act", "표준 개인정보 보호지침": "Standard Guideline", "영": "Decree", "법": "Act"}
_PARAGRAPHS = {ord(mark): f"({number})" for number, mark in enumerate("①②③④⑤⑥⑦⑧⑨⑩", start=1)}
_HEADINGS = re.compile(r"\([^)]*[가-힣][^)]*\)")
_STEPS = """
(SELECT id AS claim_id, 'claim' AS of, due_steps FROM claim WHERE request_id = %(request)s ORDER BY position)
UNION ALL
(SELECT claim_id, 'objection', due_steps FROM objection WHERE request_id = %(request)s ORDER BY id)
"""


def lines(steps: Steps, tongue: Tongue) -> tuple[str, ...]:
    """Each step on a line, those of an earlier day before those of the one that holds now."""
    return tuple(_line(step, tongue) for step in steps)


def counts(steps: Steps) -> list[Steps]:
    """The countings one after the other: a clock that began anew keeps the steps of the day it had before."""
    found: list[list[dict[str, Any]]] = []
    for step in steps:
        if step["step"].endswith("not counted"):
            found.append([])
        found[-1].append(step)
    return list(found)


async def of_events(
    session: AsyncSession, request_id: UUID, entries: Iterable[tuple[int, dict[str, Any]]]
) -> dict[int, tuple[str, str]]:
    """What each event that began a clock says of its day, by its place in the chain."""
    claims: dict[str, list[Steps]] = {}
    objections: dict[str, list[Steps]] = {}
    for row in await run(session, _STEPS, {"request": request_id}):
        one = str(row.claim_id)
        (claims if row.of == "claim" else objections).setdefault(one, []).extend(counts(row.due_steps))
    first = {_told(found.pop(0)): None for found in claims.values()}
    told: dict[int, tuple[str, str]] = {}
    for seq, entry in entries:
        waiting = claims if entry["action"] in ANEW else objections if entry["action"] in OBJECTED else {}
        if entry["action"] == FILED:
            told[seq] = " ".join(ko for ko, _ in first), " ".join(en for _, en in first)
        elif left := waiting.get(entry["claim"]):
            told[seq] = _told(left.pop(0))
    return told


def _told(steps: Steps) -> tuple[str, str]:
    due_on = date.fromisoformat(steps[-1]["date"])
    ko, en = " ".join(lines(steps, "ko")), " ".join(lines(steps, "en"))
    return f"답변 기한은 {day(due_on, 'ko')}입니다. {ko}", f"It is to be answered by {day(due_on, 'en')}. {en}"


def _line(step: dict[str, Any], tongue: Tongue) -> str:
    basis = step["basis"] if tongue == "ko" else _english(step["basis"])
    return f"{day(date.fromisoformat(step['date']), tongue)}: {step['text'][tongue]} ({basis})"


def _english(basis: str) -> str:
    """The same article for whoever does not read the names of the statutes."""
    basis = _HEADINGS.sub("", basis)
    for ko, en in _STATUTES.items():
        basis = basis.replace(ko, en)
    return basis.translate(_PARAGRAPHS)
