"""Who of the staff looked at people of their own family name: often chance, and worth a question (기준 8(2))."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import run
from app.law import deadline, log_review
from app.models import Request
from app.services import keyring

TOLD = 500
BATCH = 200
_NAMED = """
SELECT DISTINCT ON (person) id, person, name_ct FROM staff_session
WHERE name_ct IS NOT NULL ORDER BY person, opened_at DESC
"""
_LOOKED = """
SELECT request_id, role, actor, min(at) AS first_at, count(*) AS calls FROM access_log
WHERE at >= %(start)s AND at < %(end)s AND request_id IS NOT NULL AND actor = ANY(%(actors)s)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


async def found(session: AsyncSession, first: date) -> list[dict[str, Any]]:
    """The looks of a month at requests whose subject has the family name of whoever looked; no name is told."""
    theirs = {row.person: _family(session, row) for row in await run(session, _NAMED, {})}
    span = {"start": deadline.seoul_midnight(first), "end": deadline.seoul_midnight(log_review.month_after(first, 1))}
    looks = await run(session, _LOOKED, span | {"actors": list(theirs)})
    told: list[dict[str, Any]] = []
    for place in range(0, len(looks), BATCH):
        page = looks[place : place + BATCH]
        families = await _families(session, [look.request_id for look in page])
        told += [_told(look) for look in page if families.get(look.request_id) == theirs[look.actor]]
    return told[:TOLD]


async def _families(session: AsyncSession, ids: list[UUID]) -> dict[UUID, str]:
    """The family names of the subjects; of what was destroyed there is none any more."""
    requests = (await session.execute(select(Request).where(col(Request.id).in_(ids)))).scalars()
    names = {one.id: keyring.subject(session, one)["name"] for one in requests if one.key}
    session.expunge_all()
    return {request_id: log_review.family_name(name) for request_id, name in names.items()}


def _family(session: AsyncSession, row: Any) -> str:
    return log_review.family_name(keyring.unseal_for_desk(session, "staff_session.name", row.id, row.name_ct))


def _told(look: Any) -> dict[str, Any]:
    return {
        "role": look.role,
        "actor": look.actor,
        "request_id": str(look.request_id),
        "first_at": look.first_at.isoformat(),
        "calls": look.calls,
    }
