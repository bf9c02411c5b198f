"""After a backup was put back: holds of the lost time may be missing, and nobody is told that a use is allowed (F51).

No check is answered and no copy of the holds is given out, until an officer says that every stop stands again: lost
requests are filed, proved and decided anew, and the cases that were open are where they had been.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.desk import Actor
from app.errors import Unavailable
from app.services import audit

LATER_S = 60
_CLOSE = "UPDATE hold_clock SET restored_at = coalesce(restored_at, %(now)s) WHERE id = 1 RETURNING 1"
_SINCE = "SELECT restored_at FROM hold_clock WHERE id = 1"
_REOPEN = "UPDATE hold_clock SET restored_at = NULL WHERE id = 1 AND restored_at IS NOT NULL RETURNING 1"


async def close(session: AsyncSession, *, now: datetime) -> None:
    """Answer nothing from here on; a second restore does not move the moment."""
    await run(session, _CLOSE, {"now": now})


async def closed_since(session: AsyncSession) -> datetime | None:
    """Since when holds may be missing, or None where they are whole."""
    (found,) = await run(session, _SINCE, {})
    since: datetime | None = found.restored_at
    return since


async def demand_whole(session: AsyncSession) -> None:
    """Refuse to answer where holds may be missing."""
    if await closed_since(session) is not None:
        raise Unavailable("holds.not_restored", retry_after=LATER_S)


async def reopen(session: AsyncSession, *, by: Actor, now: datetime) -> None:
    """Answer again, on this officer's word that every stop of the lost time stands."""
    if await run(session, _REOPEN, {}):
        audit.note(session, "holds.reopen", by=by, now=now)
