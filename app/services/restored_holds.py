"""After a backup was put back: holds of the lost time may be missing, and nobody is told that a use is allowed (F51).

No check is answered and no copy of the holds is given out, until an officer says that what was lost was entered again.
Who keeps a copy of the holds goes on with theirs meanwhile: it knows more than this database does.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.desk import Actor
from app.errors import Unavailable
from app.services import audit

LATER_S = 60
_SINCE = "SELECT restored_at FROM hold_clock WHERE id = 1"
_REOPEN = "UPDATE hold_clock SET restored_at = NULL WHERE id = 1 AND restored_at IS NOT NULL RETURNING 1"


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
    """Answer again: what was lost was entered anew, on this officer's word."""
    if await run(session, _REOPEN, {}):
        audit.note(session, "holds.reopen", by=by, now=now)
