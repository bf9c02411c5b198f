"""What became of the events of one system, for itself and for admins; and sending again what did not arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.desk import Actor
from app.errors import Conflict, Invalid, NotFound
from app.jobs import Job, defer
from app.models import Delivery, DeliveryAttempt, System, Task
from app.services import audit, registry, sending

BACK_MOST = timedelta(days=14)
RECOVERED_MOST = 10_000
ATTEMPTS_SHOWN = 20
"""Of each delivery the last ones: one that was sent again and again has more."""
_OPEN = ("pending", "acknowledged", "failed")


@dataclass(frozen=True, slots=True)
class Followed:
    """A delivery with its last attempts, oldest first."""

    delivery: Delivery
    attempts: list[DeliveryAttempt]


async def page(
    session: AsyncSession, system_id: UUID, *, by: Actor, state: str | None, before: UUID | None, limit: int
) -> list[Followed]:
    """Deliveries to one system, newest first, from the one before `before`."""
    system = await registry.own(session, system_id, by)
    rows = select(Delivery).where(col(Delivery.system_id) == system.id)
    if by.role == "system":
        # What is not sent while its request is stopped is not told here either (C3).
        rows = rows.where(or_(col(Delivery.state) != "pending", ~sending.is_frozen()))
    if state is not None:
        rows = rows.where(col(Delivery.state) == state)
    if before is not None:
        rows = rows.where(col(Delivery.id) < before)
    found = (await session.execute(rows.order_by(col(Delivery.id).desc()).limit(limit))).scalars().all()
    attempts = await _attempts(session, [one.id for one in found])
    return [Followed(one, attempts[one.id]) for one in found]


async def send_again(session: AsyncSession, delivery_id: UUID, *, by: Actor, now: datetime) -> Delivery:
    """Put one delivery on its way again, under the same id and with all its attempts before it."""
    delivery = await session.get(Delivery, delivery_id)
    if delivery is None or (by.role == "system" and by.sub != str(delivery.system_id)):
        raise NotFound("delivery.not_found")
    await _open(session, delivery.system_id)
    await session.refresh(delivery, with_for_update=True)
    if delivery.state == "pending":
        raise Conflict("state.conflict")
    facts = {"delivery": str(delivery.id), "system": str(delivery.system_id), "was": delivery.state}
    delivery.state, delivery.attempts, delivery.next_at, delivery.delivered_at = "pending", 0, now, None
    delivery.sent_from, delivery.asked_at = now, None
    task = await session.get(Task, delivery.task_id) if delivery.task_id else None
    request_id, claim_id = (task.request_id, task.claim_id) if task else (None, None)
    audit.note(session, "delivery.redeliver", by=by, now=now, request_id=request_id, claim_id=claim_id, facts=facts)
    await defer(session, Job("deliver", {"system_id": str(delivery.system_id)}))
    return delivery


async def recover(session: AsyncSession, system_id: UUID, since: datetime, *, by: Actor, now: datetime) -> int:
    """Put on their way again all that failed for good since then and still tells something; returns how many.

    Oldest first and ten thousand at most; what is left over is taken by asking again.
    """
    if not now - BACK_MOST <= since <= now:
        raise Invalid("field.value", pointer="/since")
    await registry.own(session, system_id, by)
    system = await _open(session, system_id)
    failed = (
        select(col(Delivery.id))
        .join(Task, col(Task.id) == col(Delivery.task_id))
        .where(
            col(Delivery.system_id) == system.id,
            col(Delivery.state) == "exhausted",
            _tells_something(),
            exists().where(col(DeliveryAttempt.delivery_id) == col(Delivery.id), col(DeliveryAttempt.at) >= since),
        )
        .order_by(col(Delivery.id))
        .limit(RECOVERED_MOST)
    )
    again = update(Delivery).where(col(Delivery.id).in_(failed), col(Delivery.state) == "exhausted")
    done = await session.execute(
        again.values(state="pending", attempts=0, next_at=now, sent_from=now, asked_at=None).returning(col(Delivery.id))
    )
    count = len(done.all())
    facts = {"system": str(system.id), "since": since.isoformat(), "count": count}
    audit.note(session, "system.recover", by=by, now=now, facts=facts)
    if count:
        await defer(session, Job("deliver", {"system_id": str(system.id)}))
    return count


def _tells_something() -> ColumnElement[bool]:
    """A task that is over is not announced any more; that it was called back still has to be known."""
    announced = and_(col(Delivery.type) == "task.created", col(Task.status).in_(_OPEN))
    return or_(announced, and_(col(Delivery.type) == "task.cancelled", col(Task.status) == "cancelled"))


async def _attempts(session: AsyncSession, delivery_ids: Sequence[UUID]) -> dict[UUID, list[DeliveryAttempt]]:
    place = func.row_number().over(
        partition_by=col(DeliveryAttempt.delivery_id), order_by=col(DeliveryAttempt.id).desc()
    )
    mine = select(DeliveryAttempt, place.label("place")).where(col(DeliveryAttempt.delivery_id).in_(delivery_ids))
    numbered = mine.subquery()
    last = aliased(DeliveryAttempt, numbered)
    rows = select(last).where(numbered.c.place <= ATTEMPTS_SHOWN).order_by(numbered.c.id)
    found: dict[UUID, list[DeliveryAttempt]] = {delivery_id: [] for delivery_id in delivery_ids}
    for row in (await session.execute(rows)).scalars():
        found[row.delivery_id].append(row)
    return found


async def _open(session: AsyncSession, system_id: UUID) -> System:
    """The system under lock, before its deliveries, as everywhere; a retired one is sent nothing more."""
    system = await session.get_one(System, system_id, with_for_update=True, populate_existing=True)
    if system.state == "retired":
        raise Conflict("state.conflict")
    return system
