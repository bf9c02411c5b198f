"""What stands in the review of a month of the access log: who, off hours, in bulk, failures, reasons."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.desk import desk_of
from app.law import deadline, log_review, office_hours

PEOPLE_MANY = 100
"""Looking at so many requests in one Seoul day is shown as bulk."""
DOWNLOADS_TOLD = 500
_BY_ACTOR = """
SELECT role, actor, agent, count(*) AS calls, count(DISTINCT request_id) AS requests,
    count(DISTINCT subject_digest) AS subjects, count(*) FILTER (WHERE result <> 'ok') AS refused,
    count(*) FILTER (
        WHERE (at AT TIME ZONE 'Asia/Seoul')::date = ANY(%(closed)s::date[])
        OR (at AT TIME ZONE 'Asia/Seoul')::time::interval < %(opens)s
        OR (at AT TIME ZONE 'Asia/Seoul')::time::interval >= %(closes)s
    ) AS off_hours,
    count(*) FILTER (WHERE purpose IS NOT NULL AND result = 'ok') AS downloads
FROM access_log WHERE at >= %(start)s AND at < %(end)s AND role NOT IN ('unknown', 'system', 'website', 'requester')
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_MACHINES = """
SELECT role, actor, count(*) AS calls, count(*) FILTER (WHERE result <> 'ok') AS refused
FROM access_log WHERE at >= %(start)s AND at < %(end)s AND role IN ('system', 'website') GROUP BY 1, 2 ORDER BY 1, 2
"""
_ON_BEHALF = """
SELECT count(*) AS calls, count(DISTINCT request_id) AS requests, count(*) FILTER (WHERE result <> 'ok') AS refused
FROM access_log WHERE at >= %(start)s AND at < %(end)s AND role = 'requester'
"""
_QUESTIONS = """
SELECT count(*) AS asked, count(answered_at) AS answered FROM download_question
WHERE day >= %(first)s AND day < %(after)s
"""
_BULK = """
SELECT role, actor, agent, (at AT TIME ZONE 'Asia/Seoul')::date AS day, count(DISTINCT request_id) AS requests
FROM access_log WHERE at >= %(start)s AND at < %(end)s AND role NOT IN ('unknown', 'system', 'website', 'requester')
GROUP BY 1, 2, 3, 4 HAVING count(DISTINCT request_id) >= %(many)s ORDER BY 4, 2
"""
_FAILED = """
SELECT operation, result, address, count(*) AS times FROM access_log
WHERE at >= %(start)s AND at < %(end)s AND role = 'unknown' GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT 200
"""
_DOWNLOADS = """
SELECT id, at, role, actor, operation, scope, purpose FROM access_log
WHERE at >= %(start)s AND at < %(end)s AND purpose IS NOT NULL AND result = 'ok' ORDER BY at, id LIMIT %(told)s
"""


async def of(session: AsyncSession, first: date) -> dict[str, Any]:
    """The figures of the month that begins on a day; actors are staff and machines, and nobody else is named."""
    span = _span(session, first)
    staff = [_plain(row) for row in await run(session, _BY_ACTOR, span)]
    [on_behalf], [questions] = await run(session, _ON_BEHALF, span), await run(session, _QUESTIONS, span)
    return {
        "actors": staff,
        "machines": [_plain(row) for row in await run(session, _MACHINES, span)],
        "on_behalf": _plain(on_behalf),
        "questions": _plain(questions),
        "bulk": [_plain(row) for row in await run(session, _BULK, span)],
        "failed_logins": [_plain(row) for row in await run(session, _FAILED, span)],
        "downloads": [_plain(row) for row in await run(session, _DOWNLOADS, span)],
        "downloads_total": sum(one["downloads"] for one in staff),
    }


def _span(session: AsyncSession, first: date) -> dict[str, Any]:
    closed, after = desk_of(session).closed, log_review.month_after(first, 1)
    days = [first + timedelta(days=count) for count in range((after - first).days)]
    return {
        "first": first,
        "after": after,
        "start": deadline.seoul_midnight(first),
        "end": deadline.seoul_midnight(after),
        "closed": [day for day in days if not deadline.is_open(day, closed)],
        "opens": office_hours.OPENS,
        "closes": office_hours.CLOSES,
        "many": PEOPLE_MANY,
        "told": DOWNLOADS_TOLD,
    }


def _plain(row: Any) -> dict[str, Any]:
    """As JSON has it."""
    return {name: _written(value) for name, value in row._asdict().items()}


def _written(value: Any) -> int | str | None:
    if isinstance(value, int | None):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
