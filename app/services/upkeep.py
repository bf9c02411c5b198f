"""Forgetting on time what the service keeps only for a while (H5): old answers, counts and codes."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import desk_of
from app.models import Callback, DeliveryAttempt, HoldChange, HoldClock, Idempotency, Pace, Tally, Verification
from app.services import grants, staff_sessions

ANSWERS = timedelta(days=30)
COUNTS = timedelta(days=2)


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Delete answers, messages and changes of holds after thirty days, counts after two; paces and codes that ended."""
    answers = timedelta(days=desk_of(session).policy.settled.answers_kept_days)
    await session.execute(delete(Idempotency).where(col(Idempotency.at) < now - answers))
    await session.execute(delete(Callback).where(col(Callback.at) < now - ANSWERS))
    await session.execute(delete(Tally).where(col(Tally.window_start) < now - COUNTS))
    await session.execute(delete(Pace).where(col(Pace.until) < now))
    ended = update(Verification).where(col(Verification.expires_at) < now, col(Verification.code_hash).is_not(None))
    await session.execute(ended.values(code_hash=None, salt=None))
    told = update(DeliveryAttempt).where(
        col(DeliveryAttempt.at) < now - ANSWERS, col(DeliveryAttempt.answer).is_not(None)
    )
    await session.execute(told.values(answer=None))
    await grants.forget(session, now=now)
    await staff_sessions.forget(session, now=now)
    # The last change stays: by it a memory that is current knows that it is.
    last = select(col(HoldClock.seq)).scalar_subquery()
    passed = delete(HoldChange).where(col(HoldChange.at) < now - ANSWERS, col(HoldChange.seq) < last)
    await session.execute(passed)
