"""The parts of the access log: one for each Seoul month, made ahead, destroyed whole with proof (기준 8(1))."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.desk import MACHINE, desk_of
from app.law import deadline, log_review
from app.services import access_reviews, audit, download_questions

AHEAD = 3
"""So many months stand ready, the present one included: a worker may stand still for weeks."""
_WAIT = "SET LOCAL lock_timeout = '2s'"
_PARTS = (
    "SELECT to_date(right(part.relname, 7), 'YYYY_MM') AS month FROM pg_inherits AS of"
    " JOIN pg_class AS part ON part.oid = of.inhrelid"
    " WHERE of.inhparent = 'access_log'::regclass AND part.relname <> 'access_log_other' ORDER BY 1"
)
_STRAY = (
    "SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'Asia/Seoul')::date AS month FROM access_log_other"
    " ORDER BY 1 LIMIT 100"
)
_MAKE = "SELECT access_log_month(%(month)s)"
_DESTROY = "SELECT * FROM access_log_destroy(%(month)s)"


async def wanted(session: AsyncSession, *, now: datetime) -> list[date]:
    """The months that have no part yet: those that come, and those whose rows lie among all others."""
    first = deadline.seoul_date(now).replace(day=1)
    ahead = {log_review.month_after(first, count) for count in range(AHEAD)}
    made = {row.month for row in await run(session, _PARTS, {})}
    stray = {row.month for row in await run(session, _STRAY, {})}
    return sorted((ahead | stray) - made)


async def make(session: AsyncSession, month: date, *, now: datetime) -> None:
    """Make the part of a month; nobody who writes waits long for it."""
    await run(session, _WAIT, {})
    await run(session, _MAKE, {"month": month})


async def over(session: AsyncSession, *, now: datetime) -> list[date]:
    """The months of which the last row is past its days."""
    kept = desk_of(session).settings.access_log_months
    last = log_review.month_after(deadline.seoul_date(now).replace(day=1), -kept - 1)
    return [row.month for row in await run(session, _PARTS, {}) if row.month <= last]


async def destroy(session: AsyncSession, month: date, *, now: datetime) -> None:
    """Destroy a month for good; how much it was and from when to when stands in the audit chain."""
    await run(session, _WAIT, {})
    (gone,) = await run(session, _DESTROY, {"month": month})
    facts = {"month": f"{month:%Y-%m}", "entries": gone.entries}
    for name, at in (("earliest", gone.earliest), ("latest", gone.latest)):
        facts[name] = at.isoformat() if at is not None else None
    await access_reviews.reduce(session, month)
    await download_questions.forget(session, log_review.month_after(month, 1))
    audit.note(session, "access_log.destroy", by=MACHINE, now=now, facts=facts)


HOURLY: tuple[tuple[Any, Any], ...] = (
    (wanted, make),
    (over, destroy),
    (download_questions.doubtful, download_questions.raise_doubt),
    (access_reviews.undrawn, access_reviews.draw),
)
"""What the worker looks for each hour, and what it does about each thing that it finds."""
