"""Events that do not arrive: people are asked long before the last attempt (F5, P11). The sending goes on meanwhile."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, desk_of
from app.jobs import Job, defer
from app.law.office_hours import worked
from app.models import Delivery, ReviewItem, System, Task
from app.services import audit, fulfilment, outbox

FAILING_AT = 4
"""Failures of one event after which the holder's contact is written to."""
SILENT_AFTER = timedelta(hours=4)
"""Office hours after which a person of ours has to reach the holder another way."""
FAILING, SILENT = "delivery.failing", "delivery.silent"
_BATCH = 500


async def failing(session: AsyncSession, delivery: Delivery, *, now: datetime) -> None:
    """The fourth failure: whoever answers for the system is told by mail, and an officer sees it."""
    if delivery.attempts != FAILING_AT or delivery.task_id is None:
        return
    task = await session.get_one(Task, delivery.task_id)
    system = await session.get_one(System, delivery.system_id)
    await outbox.tell_failing(session, system, task, now=now)
    _put_before_officer(session, delivery, task, FAILING, now=now)


async def silent(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Events that have been on their way for four office hours; each once."""
    desk = desk_of(session)
    waiting = (
        select(col(Delivery.id), col(Delivery.sent_from))
        .join(Task, col(Task.id) == col(Delivery.task_id))
        .where(
            col(Delivery.state) == "pending",
            col(Delivery.asked_at).is_(None),
            col(Delivery.sent_from) <= now - SILENT_AFTER,
            ~fulfilment.is_frozen(),
        )
        .order_by(col(Delivery.sent_from), col(Delivery.id))
        .limit(_BATCH)
    )
    found = (await session.execute(waiting)).all()
    return [one for one, since in found if worked(since, now, desk.closed) >= SILENT_AFTER]


async def ask(session: AsyncSession, delivery_id: UUID, *, now: datetime) -> None:
    """Have an officer reach the holder by another way."""
    delivery = await session.get_one(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery.state != "pending" or delivery.asked_at is not None:
        return
    assert delivery.task_id is not None
    task = await session.get_one(Task, delivery.task_id)
    delivery.asked_at = now
    _put_before_officer(session, delivery, task, SILENT, now=now)
    await defer(session, Job("tell_officer", {"claim_id": str(task.claim_id)}))


def _put_before_officer(session: AsyncSession, delivery: Delivery, task: Task, kind: str, *, now: datetime) -> None:
    session.add(ReviewItem(id=new_id(), request_id=task.request_id, kind=kind, at=now))
    facts = {"delivery": str(delivery.id), "system": str(delivery.system_id), "attempts": delivery.attempts}
    audit.note(session, kind, by=MACHINE, now=now, request_id=task.request_id, claim_id=task.claim_id, facts=facts)
