"""Everything that has a day of its own and is not answered yet: claims, objections, access put off, measures (E2)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.law.warnings import Window

CLOCKS = """
WITH clock AS (
SELECT id AS about, 'claim' AS of, id AS claim_id, request_id, round, due_on
FROM claim
WHERE answered_at IS NULL AND status NOT IN ('withdrawn', 'lapsed') AND status <> 'postponed' AND due_on <= %(last)s
UNION ALL
SELECT o.id, 'objection', o.claim_id, o.request_id, o.round, o.due_on
FROM objection o JOIN claim c ON c.id = o.claim_id
WHERE o.result IS NULL AND o.due_on <= %(last)s AND c.status NOT IN ('withdrawn', 'lapsed')
UNION ALL
SELECT p.id, 'postponement', p.claim_id, p.request_id, p.round, p.expected_on
FROM postponement p JOIN claim c ON c.id = p.claim_id AND c.round = p.round AND c.status = 'postponed'
WHERE p.resumed_at IS NULL AND p.expected_on <= %(last)s
UNION ALL
SELECT f.id, 'follow_up', f.claim_id, f.request_id, f.round, f.due_on
FROM follow_up f
WHERE f.state IN ('open', 'proposed', 'ordered') AND f.due_on <= %(last)s
)
"""
"""Of a claim that is put off, the day until which it is put off; of one that was answered, none. A notice that nobody
has posted or said yet, or that came back, is no answer, though its claim is closed."""
_UNWARNED = """
SELECT clock.about, clock.of, clock.claim_id, clock.request_id, clock.round, clock.due_on, step.name
FROM clock
JOIN unnest(%(steps)s::text[], %(firsts)s::date[], %(lasts)s::date[]) WITH ORDINALITY
    AS step(name, first, last, urgency) ON clock.due_on BETWEEN step.first AND step.last
WHERE NOT EXISTS (
    SELECT FROM due_warning told
    WHERE told.about = clock.about AND told.due_on = clock.due_on
    AND array_position(%(steps)s::text[], told.step) >= step.urgency
)
ORDER BY clock.due_on, clock.about
LIMIT %(limit)s
"""
"""Whom nobody was warned of by today's step or a more urgent one: a clock that goes back warns of nothing twice."""
_PASSED = """
SELECT clock.about, clock.of, clock.claim_id, clock.request_id, clock.round, clock.due_on, NULL
FROM clock
WHERE (%(claim)s::uuid IS NULL OR clock.claim_id = %(claim)s::uuid)
AND NOT EXISTS (SELECT FROM overdue WHERE overdue.about = clock.about AND overdue.due_on = clock.due_on)
ORDER BY clock.due_on, clock.about
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """One day that comes: of what it is, of which claim, and by which step people are to be warned of it."""

    about: UUID
    of: str
    claim_id: UUID
    request_id: UUID
    round: int
    due_on: date
    step: str | None


async def unwarned(session: AsyncSession, windows: tuple[Window, ...], *, limit: int) -> list[Clock]:
    """The days that people are to be warned of today and were not yet, the soonest first."""
    values = {
        "steps": [one.step.value for one in windows],
        "firsts": [one.first for one in windows],
        "lasts": [one.last for one in windows],
        "last": max(one.last for one in windows),
        "limit": limit,
    }
    return [Clock(*row) for row in await run(session, CLOCKS + _UNWARNED, values)]


async def passed(session: AsyncSession, last: date, *, claim_id: UUID | None = None, limit: int = 500) -> list[Clock]:
    """The days up to this one that passed unanswered and are not written down as such; of one claim, or of all."""
    values = {"last": last, "claim": claim_id, "limit": limit}
    return [Clock(*row) for row in await run(session, CLOCKS + _PASSED, values)]
