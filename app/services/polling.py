"""Lists of tasks, for those who poll or catch up: by their ids, or with bodies where a system asks for these (F9)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor
from app.models import Request, Task, TaskEntry, TestTask
from app.services import access_log, fulfilment, rehearsing
from app.services.fulfilment import OVER, PROTECTING


async def listed(
    session: AsyncSession,
    *,
    by: Actor,
    status: str | None,
    after: UUID | None,
    limit: int,
    entered: bool = False,
) -> list[dict[str, Any]]:
    """Tasks in the order they were made, in keyset pages: a system's own, or any for staff; ids only.

    `entered`: only those whose result one of ours has entered and a second person has still to confirm.
    """
    page = _page(by, status, after, limit)
    if entered:
        waits = exists().where(col(TaskEntry.task_id) == col(Task.id), col(TaskEntry.settled_at).is_(None))
        page = page.where(waits, col(Task.status).not_in(OVER))
    found = [fulfilment.brief(task) for task in (await session.execute(page)).scalars()]
    tests = await _tests(session, by, status, after, limit) if not entered else []
    return sorted([*found, *map(rehearsing.brief, tests)], key=lambda one: str(one["id"]))[:limit]


async def whole(
    session: AsyncSession, *, by: Actor, status: str | None, after: UUID | None, limit: int, now: datetime
) -> tuple[list[dict[str, Any]], UUID | None]:
    """A system's own tasks with all that each needs, as if it had fetched them one by one; and after which others come.

    A task that was finished, called back or stopped while the page was read is left out: it is found in its new state.
    """
    theirs = list((await session.execute(_page(by, status, after, limit + 1))).scalars())
    tests = await _tests(session, by, status, after, limit + 1)
    page: list[Task | TestTask] = [*theirs, *tests]
    page.sort(key=lambda one: one.id)
    found, to_try = (
        [one for one in page[:limit] if isinstance(one, Task)],
        [one for one in page[:limit] if isinstance(one, TestTask)],
    )
    # Locked before they are read: a stop that comes at this moment comes before, or the holder was told before it.
    requests = await _held_still(session, {task.request_id for task in found})
    ids = [task.id for task in found if _may_be_told(task, frozen=requests[task.request_id].frozen_at is not None)]
    tasks = [task for task in await _fetched(session, ids, now=now) if status in (None, task.status)]
    for task in tasks:
        request = requests[task.request_id]
        access_log.touch_also(session, request_id=request.id, subject_digest=request.subject_digest)
    bodies = [await fulfilment.whole(session, requests[task.request_id], task, staff=False) for task in tasks]
    bodies += [await rehearsing.whole(session, test, now=now) for test in to_try]
    return sorted(bodies, key=lambda one: str(one["id"])), page[limit - 1].id if len(page) > limit else None


async def _tests(
    session: AsyncSession, by: Actor, status: str | None, after: UUID | None, limit: int
) -> list[TestTask]:
    """What a system is to try stands among its tasks, for itself alone."""
    if by.role != "system":
        return []
    return await rehearsing.polled(session, fulfilment.system_id(by), status=status, after=after, limit=limit)


def _page(by: Actor, status: str | None, after: UUID | None, limit: int) -> Select[Task]:
    page = select(Task).order_by(col(Task.id)).limit(limit)
    if by.role == "system":
        page = page.where(col(Task.system_id) == fulfilment.system_id(by), ~fulfilment.is_frozen())
    if status is not None:
        page = page.where(col(Task.status) == status)
    return page.where(col(Task.id) > after) if after is not None else page


async def _held_still(session: AsyncSession, request_ids: Collection[UUID]) -> dict[UUID, Request]:
    """The requests, none of which anybody can freeze until this transaction ends; nobody waits for others who read."""
    theirs = select(Request).where(col(Request.id).in_(request_ids)).order_by(col(Request.id))
    steady = theirs.with_for_update(read=True).execution_options(populate_existing=True)
    return {request.id: request for request in (await session.execute(steady)).scalars()}


def _may_be_told(task: Task, *, frozen: bool) -> bool:
    return not frozen or task.action in PROTECTING or task.status in OVER


async def _fetched(session: AsyncSession, ids: Sequence[UUID], *, now: datetime) -> Sequence[Task]:
    """The tasks as they are once it is written that they were fetched: what is called back now was fetched before."""
    first = update(Task).where(col(Task.id).in_(ids), col(Task.fetched_at).is_(None)).values(fetched_at=now)
    await session.execute(first.execution_options(synchronize_session=False))
    read = select(Task).where(col(Task.id).in_(ids)).order_by(col(Task.id))
    return (await session.execute(read.execution_options(populate_existing=True))).scalars().all()
