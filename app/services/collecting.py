"""What holders returned for a claim, as an officer reads it.

For access, before release: free text names others (Act 35(4)2). For a correction, to compare before deciding (36(2)).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor, desk_of
from app.errors import Conflict
from app.jobs import Job, defer
from app.law import redaction
from app.law.redaction import Stretch
from app.law.terms import Right, Status
from app.models import Claim, Redaction, Request, System, Task
from app.services import assessed, audit, casebook, comparing, flags, keyring
from app.services.casebook import Case
from app.services.visibility import owner_of, visible

_TO_READ = "collection.read"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one holder returned of one category, as it came."""

    task: UUID
    holder: str
    category: str
    records: list[dict[str, str]]


async def collected(session: AsyncSession, claim_id: UUID, *, by: Actor) -> tuple[int, dict[str, Any]]:
    """What holders returned, whole, with what is to be hidden of it: for those who read it before release (35(4)2)."""
    request = await visible(session, await owner_of(session, claim_id, by), by)
    claim = await session.get_one(Claim, claim_id)
    marked = await stretches(session, claim)
    items = [
        {
            "task_id": str(one.task),
            "holder": one.holder,
            "category": one.category,
            "records": one.records,
            "redactions": [_marked(mark) for mark in marked if mark.place[0] == str(one.task)],
        }
        for one in await answers(session, request, claim)
    ]
    return claim.version, {"state": await _state(session, claim), "items": items}


async def collect_current(session: AsyncSession, claim_id: UUID, *, version: int, by: Actor, now: datetime) -> Claim:
    """An officer has the fields under correction collected, to compare within the case (Act 36(2)(5), D8)."""
    await owner_of(session, claim_id, by)
    case, claim = await casebook.open(session, claim_id)
    casebook.checked_version(claim, version)
    casebook.refuse_frozen(case.request)
    if claim.right != Right.CORRECTION or claim.status != Status.VERIFIED or case.request.person_ct is None:
        raise Conflict("state.conflict")
    asked = await comparing.collect(session, case.request, claim, now=now)
    claim.version += 1
    facts = {"tasks": asked}
    audit.note(
        session, "claim.collect_current", by=by, now=now, request_id=case.request.id, claim_id=claim.id, facts=facts
    )
    return claim


async def release_collected(session: AsyncSession, claim_id: UUID, *, version: int, by: Actor, now: datetime) -> Claim:
    """An officer has read what was collected: it may be released whole.

    Not while something of it is to be hidden, or was: that is for a second person (product principle 2).
    """
    case, claim = await open_unread(session, claim_id, version=version, by=by)
    if await stretches(session, claim):
        raise Conflict("state.conflict")
    audit.note(session, "collection.read", by=by, now=now, request_id=case.request.id, claim_id=claim.id)
    await release(session, case, claim, by=by, now=now)
    return claim


async def open_unread(session: AsyncSession, claim_id: UUID, *, version: int, by: Actor) -> tuple[Case, Claim]:
    """The case and a claim of which everything is collected and nothing is released yet."""
    await owner_of(session, claim_id, by)
    case, claim = await casebook.open(session, claim_id)
    casebook.checked_version(claim, version)
    casebook.refuse_frozen(case.request)
    if claim.right != Right.ACCESS or claim.status != Status.CARRIED_OUT or claim.read_at is not None:
        raise Conflict("state.conflict")
    return case, claim


async def release(session: AsyncSession, case: Case, claim: Claim, *, by: Actor, now: datetime) -> None:
    """What was collected may go out, as it was read."""
    claim.read_by, claim.read_at, claim.version = by.id, now, claim.version + 1
    await flags.settle(session, case.request.id, _TO_READ, by=by, now=now)
    await defer(session, Job("conclude", {"claim_id": str(claim.id)}))


async def must_be_read(session: AsyncSession, claim: Claim) -> bool:
    """Whether a person has still to read what was collected before it is released."""
    if claim.right != Right.ACCESS or claim.read_at is not None:
        return False
    free = {one.id for one in desk_of(session).policy.categories.values() if one.has_free_text}
    free_text = select(col(Task.id)).where(
        col(Task.claim_id) == claim.id,
        col(Task.round) == claim.round,
        col(Task.action) == "collect",
        col(Task.category).in_(free),
        col(Task.status).in_(("done", "partly_done")),
    )
    if (await session.execute(free_text.limit(1))).first() is not None:
        return True
    return await assessed.proposal(session, claim) is not None


async def ask_to_read(session: AsyncSession, request: Request, *, now: datetime) -> None:
    """Put it before an officer, once."""
    await flags.raise_once(session, request.id, _TO_READ, now=now)


async def returned(
    session: AsyncSession, request: Request, claim: Claim
) -> list[tuple[str, str, list[dict[str, str]]]]:
    """What goes out of this round: holder, category, records, with what speaks of somebody else hidden."""
    marked = await stretches(session, claim)
    return [(one.holder, one.category, _hidden(one, marked)) for one in await answers(session, request, claim)]


async def answers(session: AsyncSession, request: Request, claim: Claim) -> list[Answer]:
    """What came back in this round, as it came."""
    answered = (
        select(Task, col(System.name))
        .join(System, col(System.id) == col(Task.system_id))
        .where(
            col(Task.claim_id) == claim.id,
            col(Task.round) == claim.round,
            col(Task.action) == "collect",
            col(Task.answer_ct).is_not(None),
        )
        .order_by(col(Task.id))
    )
    found = []
    for task, holder in (await session.execute(answered)).all():
        assert task.answer_ct is not None
        answer = keyring.unseal(session, request, "task.answer", task.id, task.answer_ct)
        found += [Answer(task.id, holder, category, rows) for category, rows in (answer["data"] or {}).items()]
    return found


async def stretches(session: AsyncSession, claim: Claim) -> list[Stretch]:
    """What is to be hidden of what came back in this round."""
    mine = (
        select(Redaction)
        .join(Task, col(Task.id) == col(Redaction.task_id))
        .where(col(Redaction.claim_id) == claim.id, col(Task.round) == claim.round)
        .order_by(col(Redaction.task_id), col(Redaction.row), col(Redaction.field), col(Redaction.starts))
    )
    return [
        Stretch((str(one.task_id), one.row, one.field), one.starts, one.ends, one.ground)
        for one in (await session.execute(mine)).scalars()
    ]


def _hidden(answer: Answer, marked: list[Stretch]) -> list[dict[str, str]]:
    return [
        {
            name: redaction.hidden(value, [one for one in marked if one.place == (str(answer.task), row, name)])
            for name, value in record.items()
        }
        for row, record in enumerate(answer.records)
    ]


def _marked(one: Stretch) -> dict[str, Any]:
    _, row, field = one.place
    return {"row": row, "field": field, "from": one.starts, "to": one.ends, "ground": one.ground}


async def _state(session: AsyncSession, claim: Claim) -> str:
    if claim.read_at is not None:
        return "released"
    if claim.status != Status.CARRIED_OUT or claim.right != Right.ACCESS:
        return "open"
    return "to_approve" if await assessed.proposal(session, claim) is not None else "to_read"
