"""Withdrawing a claim, at any time before the irreversible step (A11)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor
from app.errors import Conflict, NotFound
from app.law.terms import Event, Status
from app.models import Claim, Delivery, Task
from app.services import casebook
from app.services.visibility import visible

DESTROYING = ("delete", "withdraw_consent")
_WITHDRAWABLE = (Status.RECEIVED, Status.AWAITING_EVIDENCE, Status.VERIFIED, Status.POSTPONED, Status.APPROVED)
_ENDED = (Status.CLOSED, Status.WITHDRAWN, Status.LAPSED)


async def withdraw(
    session: AsyncSession, request_id: UUID, claim_ids: list[UUID] | None, *, by: Actor, now: datetime
) -> list[Claim]:
    """Withdraw these claims, or all that still can be. Doing it again changes nothing."""
    await visible(session, request_id, by)
    case = await casebook.open_request(session, request_id)
    if claim_ids is None:
        chosen = [
            claim for claim in case.claims if claim.status in _WITHDRAWABLE and not await is_under_way(session, claim)
        ]
        if not chosen and all(claim.status != Status.WITHDRAWN for claim in case.claims):
            ended = all(claim.status in _ENDED for claim in case.claims)
            raise Conflict("claim.closed" if ended else "claim.irreversible")
    else:
        known = {claim.id: claim for claim in case.claims}
        if not set(claim_ids) <= set(known):
            raise NotFound("claim.not_found")
        chosen = [known[one] for one in dict.fromkeys(claim_ids)]
    for claim in chosen:
        if claim.status == Status.WITHDRAWN:
            continue
        if await is_under_way(session, claim):
            raise Conflict("claim.irreversible")
        await casebook.record(session, case, claim, Event.WITHDRAW, by=by, now=now)
    return case.claims


async def is_under_way(session: AsyncSession, claim: Claim) -> bool:
    """Whether a holder may already be destroying: its task was fetched, answered or delivered."""
    if claim.status != Status.APPROVED:
        return False
    # Locked first and looked at then: a holder that fetches its task at this moment comes before or after.
    destroying = (
        select(Task)
        .where(col(Task.claim_id) == claim.id, col(Task.action).in_(DESTROYING), col(Task.status) != "cancelled")
        .order_by(col(Task.id))
        .with_for_update()
    )
    tasks = (await session.execute(destroying.execution_options(populate_existing=True))).scalars().all()
    if any(task.fetched_at is not None or task.status != "pending" for task in tasks):
        return True
    delivered = select(col(Delivery.id)).where(
        col(Delivery.task_id).in_([task.id for task in tasks]), col(Delivery.delivered_at).is_not(None)
    )
    return (await session.execute(delivered.limit(1))).first() is not None
