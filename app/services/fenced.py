"""What is still kept of a person by statute alone, after an earlier deletion: part of what they may see (Act 35(1))."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.law.terms import Capacity
from app.models import Fence, Request


async def of(session: AsyncSession, request: Request) -> list[Fence]:
    """The records, one of each item: the one that is kept longest.

    The person sees whatever is kept of them. Who asks for somebody else learns of deletions that they asked for
    themselves; that another asked for one is not theirs to know.
    """
    if request.subject_digest is None or request.asker_digest is None:
        return []
    whose = (
        col(Request.subject_digest) == request.subject_digest
        if request.capacity == Capacity.SELF
        else col(Request.asker_digest) == request.asker_digest
    )
    kept = (
        select(Fence)
        .join(Request, col(Request.id) == col(Fence.request_id))
        .where(whose, col(Fence.state).in_(("kept", "destroying")))
        .order_by(col(Fence.item), col(Fence.until))
    )
    longest = {one.item: one for one in (await session.execute(kept)).scalars()}
    return list(longest.values())
