"""A task in a test loop: told, fetched, acknowledged and reported like any, about a person who does not exist (D9).

It stands in a table of its own, beside the tasks of claims: nothing counts it, holds by it or waits for it (ADR 0045).
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import Actor, desk_of
from app.errors import Conflict, Fault, Invalid, NotFound
from app.law import deadline
from app.models import TESTED_ACTIONS, System, Task, TestTask
from app.services import audit, fulfilment, outbox, planning, registry
from app.services.fulfilment import RANK, Promise, Report
from app.services.planning import FINAL

# Nobody's, and no placeholder either: a number of zeros or the first of January stands in many a real record.
INVENTED: Final = {
    "subject_ref": "test-task-0",
    "customer_no": "test-task-0",
    "name": "시험용없는사람",
    "birth_date": "1899-02-03",
    "phone": "+821000097531",
    "email": "nobody@test-task.invalid",
}
_CORRECTED: Final = "시험"
_LONGEST = timedelta(days=30)


async def order(
    session: AsyncSession, system_id: UUID, action: str, category: str, *, by: Actor, now: datetime
) -> TestTask:
    """Have a system try one action on one of its categories; it is told by event, or finds it when it polls."""
    system = await registry.opened(session, system_id)
    if system.state == "retired" or system.answers_by == "page":
        raise Conflict("state.conflict")
    known = desk_of(session).policy.categories.get(category)
    faults = [] if action in TESTED_ACTIONS and action in system.actions else [Fault("/action", "field.value")]
    if known is None or known.media or category not in system.categories:
        faults.append(Fault("/category", "field.value"))
    if known is None or faults:
        raise Invalid("field.value", faults=tuple(faults))
    stopping = action in ("suspend", "resume", "withdraw_consent")
    test = TestTask(
        id=new_id(),
        system_id=system.id,
        action=action,
        category=category,
        fields=None if stopping else [field.id for field in known.fields],
        purposes=list(known.purposes) if stopping else None,
        due_at=planning.due_within(
            session, deadline.seoul_date(now + _LONGEST), now, days=system.due_working_days
        ),
        created_at=now,
    )  # fmt: skip
    if system.endpoint_url is not None and system.scheme is not None:
        told = {"task_id": str(test.id), "action": action, "claim_id": str(test.id), "due_at": test.due_at.isoformat()}
        delivery = await outbox.deliver(session, system, "task.created", told | {"test": True}, now=now)
        await session.flush()
        test.delivery_id = delivery.id
    session.add(test)
    facts = {"system": str(system.id), "test_task": str(test.id), "action": action, "category": category}
    audit.note(session, "system.test_task", by=by, now=now, facts=facts)
    return test


async def page(session: AsyncSession, system_id: UUID, *, before: UUID | None, limit: int) -> list[TestTask]:
    """What a system was given to try, newest first, from the one before `before`."""
    await registry.look(session, system_id)
    rows = select(TestTask).where(col(TestTask.system_id) == system_id).order_by(col(TestTask.id).desc()).limit(limit)
    if before is not None:
        rows = rows.where(col(TestTask.id) < before)
    return list((await session.execute(rows)).scalars())


async def polled(
    session: AsyncSession, system_id: UUID, *, status: str | None, after: UUID | None, limit: int
) -> list[TestTask]:
    """The same for the system itself, among its tasks: in the order they were made."""
    rows = select(TestTask).where(col(TestTask.system_id) == system_id).order_by(col(TestTask.id)).limit(limit)
    if status is not None:
        rows = rows.where(col(TestTask.status) == status)
    return list((await session.execute(rows.where(col(TestTask.id) > after) if after else rows)).scalars())


async def fetch(session: AsyncSession, task_id: UUID, *, by: Actor, now: datetime) -> tuple[int, dict[str, Any]]:
    """A task, or what is to be tried as one, with exactly the fields its system needs."""
    test = await _found(session, task_id, by)
    if test is None:
        return await fulfilment.fetch(session, task_id, by=by, now=now)
    return test.version, await whole(session, test, now=now)


async def acknowledge(
    session: AsyncSession, task_id: UUID, promise: Promise, *, by: Actor, now: datetime
) -> dict[str, Any]:
    """A holder accepts a task, or what is to be tried as one, by the same rules."""
    task = await _found(session, task_id, by)
    if task is None:
        return await fulfilment.acknowledge(session, task_id, promise, by=by, now=now)
    late = task.acknowledged_at is not None and promise.said_at < task.acknowledged_at
    if RANK[task.status] > RANK["acknowledged"] or late:
        return brief(task)
    if promise.expected_on > deadline.seoul_date(task.due_at) and promise.reason is None:
        raise Invalid("field.required", pointer="/reason")
    task.status, task.expected_on, task.version = "acknowledged", promise.expected_on, task.version + 1
    task.acknowledged_at = promise.said_at
    return brief(task)


async def answer(session: AsyncSession, task_id: UUID, report: Report, *, by: Actor, now: datetime) -> dict[str, Any]:
    """A holder's result, of a task or of what was tried as one: of this only how it ended is kept, nothing said."""
    task = await _found(session, task_id, by)
    if task is None:
        return await fulfilment.answer(session, task_id, report, by=by, now=now)
    if task.status == report.result:
        return brief(task)
    if RANK[task.status] > RANK[report.result] or task.status in FINAL:
        raise Conflict("state.conflict")
    if report.data is not None:
        task.rows = sum(len(rows) for rows in fulfilment.checked(task, report.data).values())
    if report.media is not None:
        raise Invalid("field.inconsistent", pointer="/media")
    task.status, task.answered_at, task.version = report.result, now, task.version + 1
    return brief(task)


async def look(session: AsyncSession, task_id: UUID, *, by: Actor) -> dict[str, Any]:
    """How a task stands, or what is tried as one."""
    test = await _found(session, task_id, by)
    return brief(test) if test is not None else await fulfilment.look(session, task_id, by=by)


async def whole(session: AsyncSession, test: TestTask, *, now: datetime) -> dict[str, Any]:
    """As a system fetches it: the invented person by the fields it finds people by, until it is over."""
    system = await session.get_one(System, test.system_id)
    test.fetched_at = test.fetched_at or now
    over, changing = test.status in FINAL, test.action in ("correct", "inform")
    changes = [{"field": name, "current": None, "corrected": _CORRECTED} for name in test.fields or ()]
    return brief(test) | {
        "subject": None if over else {name: INVENTED[name] for name in system.matches_by},
        "fields": test.fields,
        "purposes": test.purposes,
        "keep": [],
        "record_class": None,
        "changes": changes if changing and not over else None,
        "media": None,
        "right": None,
        "expected_on": test.expected_on.isoformat() if test.expected_on else None,
    }


def brief(test: TestTask) -> dict[str, Any]:
    """By its ids. Where a claim would be named it names itself: there is none."""
    return {
        "id": str(test.id),
        "action": test.action,
        "status": test.status,
        "claim_id": str(test.id),
        "category": test.category,
        "due_at": test.due_at.isoformat(),
        "test": True,
    }


async def _found(session: AsyncSession, task_id: UUID, by: Actor) -> TestTask | None:
    """The system's own test of this id under lock; None where it is its task. Foreign costs what unknown does."""
    if by.role != "system":
        return None
    mine, task = fulfilment.system_id(by), await session.get(Task, task_id)
    if task is not None and task.system_id == mine:
        return None
    test = await session.get(TestTask, task_id, with_for_update=True, populate_existing=True)
    if test is None or test.system_id != mine:
        raise NotFound("task.not_found")
    return test
