"""How much of what nobody is owed one contact gets from us (A20): a few at once, then one from time to time.

What the law wants told always goes: notices, papers called for, the word of a leak. What is paced is what others can
have us send: an alert for each request that somebody files in a person's name. Two processes count together, as the
count is a row (ADR 0055).
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run

AT_ONCE = 5
EACH = timedelta(minutes=72)
"""Twenty a day once those at once are used up."""
WAIT_MOST = timedelta(days=1)
"""What would come later than this is no alert any more: a person calls instead."""
_TAKE = """
INSERT INTO pace (digest, until) VALUES (%(digest)s, %(now)s + %(each)s)
ON CONFLICT (digest) DO UPDATE SET until = GREATEST(pace.until, %(now)s) + %(each)s
WHERE pace.until <= %(last)s
RETURNING until
"""


async def turn(session: AsyncSession, digest: bytes, *, now: datetime) -> datetime | None:
    """When the contact of this keyed hash may hear the next such word; None where a day of them waits already."""
    at_once = EACH * AT_ONCE
    taken = {"digest": digest, "now": now, "each": EACH, "last": now + at_once - EACH + WAIT_MOST}
    rows = await run(session, _TAKE, taken)
    return max(now, rows[0].until - at_once) if rows else None
