"""What a person must look at, said once: the same thing again adds nothing to a list that somebody has to read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import Actor
from app.models import ReviewItem


async def raise_once(session: AsyncSession, request_id: UUID, kind: str, *, now: datetime) -> bool:
    """Put it before an officer, unless it stands there unsettled already; says whether it is new."""
    known = select(col(ReviewItem.id)).where(
        col(ReviewItem.request_id) == request_id, col(ReviewItem.kind) == kind, col(ReviewItem.settled_at).is_(None)
    )
    if (await session.execute(known.limit(1))).first() is not None:
        return False
    session.add(ReviewItem(id=new_id(), request_id=request_id, kind=kind, at=now))
    return True


async def settle(session: AsyncSession, request_id: UUID, kind: str, *, by: Actor, now: datetime) -> None:
    """Nothing of this kind is left to look at."""
    asked = update(ReviewItem).where(
        col(ReviewItem.request_id) == request_id, col(ReviewItem.kind) == kind, col(ReviewItem.settled_at).is_(None)
    )
    await session.execute(asked.values(settled_at=now, settled_by=by.id))
