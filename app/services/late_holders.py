"""A holder whose day has passed: its contact hears of it, then an officer, and then the notice names it (F4).

Its day lies inside the claim's own, so that there is time for the first two before the third.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import MACHINE, desk_of
from app.jobs import Job, defer
from app.law.office_hours import worked
from app.models import Claim, System, Task
from app.services import audit, casebook, flags, fulfilment, outbox
from app.services.fulfilment import OVERDUE
from app.services.planning import OPEN, SIDE

UNHEEDED_AFTER = timedelta(hours=4)
"""Office hours that a holder has after its contact was written to."""
# What is passed on, kept on film or destroyed on its day has a person of its own who is told.
_FOLLOWED_ELSEWHERE = ("relay", "inform", "preserve")
_BATCH = 500


async def late(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Tasks that were due and whose holder's contact was not written to."""
    due = select(col(Task.id)).where(*_late(now), ~fulfilment.is_frozen()).order_by(col(Task.due_at), col(Task.id))
    return list((await session.execute(due.limit(_BATCH))).scalars())


async def remind(session: AsyncSession, task_id: UUID, *, now: datetime) -> None:
    """Write to the holder's contact, once for all that it owes a request by now."""
    task = await session.get_one(Task, task_id)
    await casebook.steady(session, task.request_id)
    mine = select(Task).where(
        col(Task.request_id) == task.request_id, col(Task.system_id) == task.system_id, *_late(now)
    )
    await _write(session, await _locked(session, mine), now=now)


async def unheeded(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Tasks that are still open some office hours after the contact was written to, and no officer was told."""
    waiting = (
        select(col(Task.id), col(Task.reminded_at))
        .where(*_unheeded(), col(Task.reminded_at) <= now - UNHEEDED_AFTER, ~fulfilment.is_frozen())
        .order_by(col(Task.reminded_at), col(Task.id))
    )
    closed = desk_of(session).closed
    found = (await session.execute(waiting.limit(_BATCH))).all()
    return [one for one, since in found if since is not None and worked(since, now, closed) >= UNHEEDED_AFTER]


async def escalate(session: AsyncSession, task_id: UUID, *, now: datetime) -> None:
    """Put before an officer what a request still waits for, once."""
    task = await session.get_one(Task, task_id)
    await casebook.steady(session, task.request_id)
    tasks = await _locked(session, select(Task).where(col(Task.request_id) == task.request_id, *_unheeded()))
    if await _put_before_officer(session, tasks, now=now):
        await defer(session, Job("tell_officer", {"claim_id": str(task.claim_id)}))


async def before_notice(session: AsyncSession, claim: Claim, *, now: datetime) -> None:
    """Nobody is named to the person as silent before its contact and an officer know; the case is locked."""
    mine = select(Task).where(
        col(Task.claim_id) == claim.id, col(Task.round) == claim.round, col(Task.action).not_in(SIDE)
    )
    await _write(session, await _locked(session, mine.where(*_late(now))), now=now)
    await session.flush()
    await _put_before_officer(session, await _locked(session, mine.where(*_unheeded())), now=now)


def _late(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(Task.status).in_(OPEN), col(Task.due_at) < now, col(Task.reminded_at).is_(None))


def _unheeded() -> tuple[ColumnElement[bool], ...]:
    return (
        col(Task.status).in_(OPEN),
        col(Task.reminded_at).is_not(None),
        col(Task.escalated_at).is_(None),
        col(Task.fence_id).is_(None),
        col(Task.action).not_in(_FOLLOWED_ELSEWHERE),
    )


async def _write(session: AsyncSession, tasks: Sequence[Task], *, now: datetime) -> None:
    told: set[UUID] = set()
    for task in tasks:
        task.reminded_at = now
        system = await session.get_one(System, task.system_id)
        if system.id not in told and system.state != "retired":
            await outbox.tell_late(session, system, task, now=now)
        told.add(system.id)
        _note(session, task, "task.remind", now=now)


async def _put_before_officer(session: AsyncSession, tasks: Sequence[Task], *, now: datetime) -> bool:
    for task in tasks:
        task.escalated_at = now
        _note(session, task, OVERDUE, now=now)
    return bool(tasks) and await flags.raise_once(session, tasks[0].request_id, OVERDUE, now=now)


async def _locked(session: AsyncSession, tasks: Select[Task]) -> Sequence[Task]:
    ordered = tasks.order_by(col(Task.id)).with_for_update().execution_options(populate_existing=True)
    return (await session.execute(ordered)).scalars().all()


def _note(session: AsyncSession, task: Task, action: str, *, now: datetime) -> None:
    facts = {"task": str(task.id), "system": str(task.system_id), "due_at": task.due_at.isoformat()}
    audit.note(session, action, by=MACHINE, now=now, request_id=task.request_id, claim_id=task.claim_id, facts=facts)
