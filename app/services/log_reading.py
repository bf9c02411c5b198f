"""The access log as an auditor reads it: a Seoul day at a time; of data subjects nothing but keyed references."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.desk import Desk, desk_of
from app.law import deadline

_PAGE = """
SELECT * FROM access_log
WHERE at >= %(start)s AND at < %(end)s AND (at, id) > (%(after_at)s, %(after_id)s)
AND (%(actors)s::text[] IS NULL OR actor = ANY(%(actors)s))
AND (%(operation)s::text IS NULL OR operation = %(operation)s)
AND (NOT %(failed)s OR result <> 'ok')
AND (NOT %(downloads)s OR (purpose IS NOT NULL AND result = 'ok'))
ORDER BY at, id LIMIT %(limit)s
"""
_ACTORS = "SELECT DISTINCT actor FROM access_log WHERE at >= %(start)s AND at < %(end)s"
_FIRST = UUID(int=0)


async def page(
    session: AsyncSession,
    day: date,
    *,
    actor_ref: str | None,
    operation: str | None,
    failed: bool,
    downloads: bool,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """The rows of a day in the order in which they were written, from the one after `after`."""
    desk, start = desk_of(session), deadline.seoul_midnight(day)
    span = {"start": start, "end": deadline.seoul_midnight(day + timedelta(days=1))}
    actors = None
    if actor_ref is not None:
        actors = [row.actor for row in await run(session, _ACTORS, span) if reference(desk, row.actor) == actor_ref]
    after_at, after_id = after or (start, _FIRST)
    wanted = {"actors": actors, "operation": operation, "failed": failed, "downloads": downloads, "limit": limit}
    rows = await run(session, _PAGE, span | wanted | {"after_at": after_at, "after_id": after_id})
    return [_view(desk, row) for row in rows]


def reference(desk: Desk, name: str) -> str:
    """A short keyed word for whoever is meant: fit for an address, and of no use to anybody who reads only that."""
    return desk.keys.digest(f"access_log|{name}")[:12].hex()


def _view(desk: Desk, row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "at": row.at.isoformat(),
        "role": row.role,
        "actor": row.actor,
        "actor_ref": reference(desk, row.actor),
        "agent": row.agent,
        "address": row.address,
        "operation": row.operation,
        "request_id": str(row.request_id) if row.request_id else None,
        "subject_ref": reference(desk, row.subject_digest.hex()) if row.subject_digest else None,
        "scope": row.scope,
        "purpose": row.purpose,
        "result": row.result,
        "trace": row.trace,
    }
