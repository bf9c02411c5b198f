"""Limits counted in the database, so that two processes count together; one statement each."""

from datetime import UTC, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import desk_of
from app.errors import Limited
from app.models import Tally


async def count(session: AsyncSession, what: str, whose: str, *, most: int, now: datetime, minutes: int = 1) -> None:
    """Count one more, and refuse what passes the limit with when to come again."""
    if not await allow(session, what, whose, most=most, minutes=minutes, now=now):
        raise Limited("rate.limited", retry_after=_left(now, minutes))


async def allow(session: AsyncSession, what: str, whose: str, *, most: int, minutes: int, now: datetime) -> bool:
    """Count one more in this window of time, and say whether that is still within the limit."""
    start = datetime.fromtimestamp(int(now.timestamp()) // (minutes * 60) * minutes * 60, UTC)
    one = insert(Tally).values(digest=desk_of(session).keys.lookup(what, whose), window_start=start, count=1)
    counted = one.on_conflict_do_update(
        index_elements=["digest", "window_start"],
        set_={"count": Tally.__table__.c.count + 1},  # type: ignore[attr-defined]
    ).returning(Tally.__table__.c.count)  # type: ignore[attr-defined]
    total: int = (await session.execute(counted)).scalar_one()
    return total <= most


def _left(now: datetime, minutes: int) -> int:
    return minutes * 60 - int(now.timestamp()) % (minutes * 60)
