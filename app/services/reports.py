"""The report of a month (E3): received, answered, late and why, objected to, put off, silent; nothing of a person.

Everything is read by the month in which it arrived, was answered, ruled on or fell due, each by an index. The figures
add up: open at the start, received and reopened are answered, withdrawn, lapsed, or open at the end.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import run
from app.law import deadline
from app.models import FiguresKept
from app.services import figures
from app.services.figures import Answer, Duty, Ruled, tally

_RECEIVED = """
SELECT c."right", r.channel, r.capacity, count(*) AS claims, count(*) FILTER (WHERE c.position = 1) AS requests
FROM request r JOIN claim c ON c.request_id = r.id
WHERE r.arrived_at >= %(start)s AND r.arrived_at < %(end)s
GROUP BY 1, 2, 3
"""
_FIRST = """
WITH answer AS (
    SELECT n.* FROM notice n WHERE n.at >= %(start)s AND n.kind IN ('result', 'interim') AND NOT EXISTS (
        SELECT FROM notice e WHERE e.claim_id = n.claim_id AND e.round = n.round
        AND e.kind IN ('result', 'interim') AND (e.at, e.id) < (n.at, n.id)
    )
)
"""
"""The first answer to a claim in each round of it, told since a moment."""
_ANSWERED = """
SELECT c."right", r.channel, r.capacity, n.round, n.at, n.due_on, c.verified_at, d.outcome, d.decided_by,
    d.approver_sub IS NOT NULL AS two,
    ARRAY(
        SELECT DISTINCT item ->> 'ground' FROM jsonb_array_elements(d.items) item
        WHERE item ->> 'ground' IS NOT NULL ORDER BY 1
    ) AS grounds,
    o.cause
FROM answer n
JOIN claim c ON c.id = n.claim_id
JOIN request r ON r.id = n.request_id
LEFT JOIN decision d ON d.claim_id = n.claim_id AND d.round = n.round AND d.state = 'effective'
LEFT JOIN overdue o ON o.about = n.claim_id AND o.due_on = n.due_on
WHERE n.at < %(end)s
"""
_ENDED = """
SELECT c.status, count(*) AS claims FROM claim c
WHERE c.status IN ('withdrawn', 'lapsed') AND c.closed_at >= %(start)s AND c.closed_at < %(end)s
AND NOT EXISTS (
    SELECT FROM notice n WHERE n.claim_id = c.id AND n.round = c.round AND n.kind IN ('result', 'interim')
)
GROUP BY 1
"""
_PASSED = """
SELECT "of", cause, count(*) AS days FROM overdue WHERE due_on >= %(first)s AND due_on <= %(last)s GROUP BY 1, 2
"""
_OBJECTED = """
SELECT "of", count(*) AS filed FROM objection WHERE arrived_at >= %(start)s AND arrived_at < %(end)s GROUP BY 1
"""
_RULED = """
SELECT result, arrived_at, ruled_at, due_on, "of" = 'decision' AND result = 'overturned' AS reopened
FROM objection WHERE ruled_at >= %(start)s AND ruled_at < %(end)s
"""
_POSTPONED = """
SELECT ground, count(*) FILTER (WHERE at >= %(start)s AND at < %(end)s) AS begun,
    count(*) FILTER (WHERE resumed_at >= %(start)s AND resumed_at < %(end)s) AS resumed
FROM postponement WHERE at < %(end)s AND (resumed_at IS NULL OR resumed_at >= %(start)s) GROUP BY 1
"""
_DUTIES = """
SELECT s.name, t.due_at, t.finished_at FROM task t JOIN system s ON s.id = t.system_id
WHERE t.due_at >= %(start)s AND t.due_at < %(end)s AND t.status <> 'cancelled'
AND t.action NOT IN ('hold', 'release', 'inform', 'resume')
"""
_OPEN = """
SELECT count(*) AS claims FROM (
    SELECT id AS claim_id, request_id, round FROM claim WHERE answered_at IS NULL AND closed_at IS NULL
    UNION ALL
    SELECT claim_id, request_id, round FROM answer
    UNION ALL
    SELECT c.id, c.request_id, c.round FROM claim c
    WHERE c.status IN ('withdrawn', 'lapsed') AND c.closed_at >= %(start)s AND NOT EXISTS (
        SELECT FROM notice n WHERE n.claim_id = c.id AND n.round = c.round AND n.kind IN ('result', 'interim')
    )
) open
WHERE CASE open.round
    WHEN 1 THEN (SELECT r.arrived_at FROM request r WHERE r.id = open.request_id)
    ELSE (
        SELECT o.ruled_at FROM objection o
        WHERE o.claim_id = open.claim_id AND o.round = open.round - 1
        AND o."of" = 'decision' AND o.result = 'overturned'
    )
END < %(start)s
"""
"""Claims open at a moment: unanswered still, or answered or ended only after it; of a later round, reopened before."""
_PARTED = ("right", "channel", "capacity")


async def month(session: AsyncSession, first: date, *, now: datetime) -> dict[str, Any]:
    """The figures of the month that begins on a day, as far as it has gone by; or as they were kept."""
    kept = await session.get(FiguresKept, first)
    return kept.figures if kept is not None else await _counted(session, first, now)


async def keep(session: AsyncSession, since: date, until: date, *, now: datetime) -> None:
    """Keep the figures of every month from one day to another, before a request that they count is destroyed."""
    first, last = since.replace(day=1), until.replace(day=1)
    kept = select(col(FiguresKept.month)).where(col(FiguresKept.month).between(first, last))
    known = set((await session.execute(kept)).scalars())
    while first <= last:
        if first not in known:
            row = upsert(FiguresKept).values(month=first, figures=await _counted(session, first, now), at=now)
            await session.execute(row.on_conflict_do_nothing())
        first = _next(first)


async def _counted(session: AsyncSession, first: date, now: datetime) -> dict[str, Any]:
    after = _next(first)
    start, end = deadline.seoul_midnight(first), deadline.seoul_midnight(after)
    span = {"start": start, "end": end, "first": first, "last": after - timedelta(days=1)}
    rulings = await run(session, _RULED, span)
    ended = {row.status: row.claims for row in await run(session, _ENDED, span)}
    found = [Answer(*row) for row in await run(session, _FIRST + _ANSWERED, span)]
    return {
        "month": f"{first:%Y-%m}",
        "complete": now >= end,
        "open_at_start": await _open(session, start),
        "received": await _received(session, span),
        "reopened": sum(row.reopened for row in rulings),
        "answered": figures.answered(found),
        "withdrawn": ended.get("withdrawn", 0),
        "lapsed": ended.get("lapsed", 0),
        "open_at_end": await _open(session, end),
        "passed": await _passed(session, span),
        "objections": {
            "filed": {row.of: row.filed for row in await run(session, _OBJECTED, span)},
            **figures.ruled([Ruled(*row[:4]) for row in rulings]),
        },
        "postponements": await _postponed(session, span),
        "holders": figures.holders([Duty(*row) for row in await run(session, _DUTIES, span)], now),
    }


async def _received(session: AsyncSession, span: dict[str, Any]) -> dict[str, Any]:
    rows = await run(session, _RECEIVED, span)
    by = {name: tally(getattr(row, name) for row in rows for _ in range(row.claims)) for name in _PARTED}
    return {
        "requests": sum(row.requests for row in rows),
        "claims": sum(row.claims for row in rows),
        **{f"by_{name}": found for name, found in by.items()},
    }


async def _passed(session: AsyncSession, span: dict[str, Any]) -> dict[str, Any]:
    """The days of the month that passed unanswered: of claims, objections and the rest, each by cause."""
    found: dict[str, dict[str, int]] = {}
    for row in await run(session, _PASSED, span):
        found.setdefault(row.of, {})[row.cause] = row.days
    return found


async def _postponed(session: AsyncSession, span: dict[str, Any]) -> dict[str, Any]:
    rows = await run(session, _POSTPONED, span)
    return {
        "begun": sum(row.begun for row in rows),
        "resumed": sum(row.resumed for row in rows),
        "by_ground": {row.ground: row.begun for row in sorted(rows) if row.begun},
    }


async def _open(session: AsyncSession, moment: datetime) -> int:
    (row,) = await run(session, _FIRST + _OPEN, {"start": moment})
    claims: int = row.claims
    return claims


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
