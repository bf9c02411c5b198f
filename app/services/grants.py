"""권한 부여·변경·말소 기록: who was let in and who no longer is, for three years at least (기준 5(3))."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id, run
from app.models import GrantRecord

_KEPT = timedelta(days=3 * 366)
_FORGET = (
    "DELETE FROM grant_history AS old WHERE old.at < least(%(before)s, now() - interval '3 years') AND EXISTS ("
    "SELECT FROM grant_history AS ended WHERE ended.whom = old.whom AND ended.kind = old.kind"
    " AND ended.role = old.role"
    " AND ended.act = 'revoke' AND ended.at >= old.at AND ended.at < least(%(before)s, now() - interval '3 years'))"
)
_HELD = (
    "SELECT role FROM (SELECT DISTINCT ON (role) role, act FROM grant_history"
    " WHERE whom = %(person)s AND kind = 'role' ORDER BY role, at DESC, id DESC) AS last"
    " WHERE act <> 'revoke' ORDER BY role"
)


def record(
    session: AsyncSession,
    act: str,
    kind: str,
    whom: str,
    *,
    role: str,
    by: str,
    now: datetime,
    facts: dict[str, Any],
) -> None:
    """Write down that somebody was let in, may now do other things, or is let in no more."""
    row = GrantRecord(id=new_id(), at=now, act=act, kind=kind, whom=whom, role=role, by=by, facts=facts)
    session.add(row)


async def held(session: AsyncSession, person: str) -> list[str]:
    """The roles that somebody of the staff was given and has not lost since."""
    return [row.role for row in await run(session, _HELD, {"person": person})]


async def page(session: AsyncSession, *, whom: str | None, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """What was granted and revoked, in the order of time; of one client, system or person where that is asked."""
    rows = select(GrantRecord).order_by(col(GrantRecord.id)).limit(limit)
    if whom is not None:
        rows = rows.where(col(GrantRecord.whom) == whom)
    if after is not None:
        rows = rows.where(col(GrantRecord.id) > after)
    return [
        {
            "id": str(one.id),
            "at": one.at.isoformat(),
            "act": one.act,
            "kind": one.kind,
            "whom": one.whom,
            "role": one.role,
            "by": one.by,
            "facts": one.facts,
        }
        for one in (await session.execute(rows)).scalars()
    ]


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Delete what ended three years ago; a grant that still holds stays, however old it is."""
    await run(session, _FORGET, {"before": now - _KEPT})
