"""What holders fetch, acknowledge and report: delivered is not done (F3, F4)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import text
from app.db import new_id
from app.desk import Actor
from app.errors import Conflict, Fault, Invalid, NotFound
from app.law import deadline
from app.models import Claim, Request, ReviewItem, System, Task, TaskEntry, TestTask
from app.services import (
    access_log,
    arranging,
    audit,
    casebook,
    fences,
    fencing,
    flags,
    following_up,
    footage,
    keyring,
    matched,
    onward,
    relaying,
    reported,
)
from app.services.arranging import Arrangement
from app.services.planning import FINAL, OPEN

PROTECTING = ("hold", "release", "resume", "preserve", "inform")
"""What only stops a use, gives back what a claim took, or corrects what others were told: not kept from holders."""
LATER, OVERDUE = "task.later", "task.overdue"
ENTERED, ENTRY_REFUSED = "task.entered", "task.entry_refused"
RANK = {"pending": 0, "acknowledged": 1, "failed": 2, "done": 3, "partly_done": 3, "not_held": 3, "cancelled": 4}
OVER = (*FINAL, "cancelled")


@dataclass(frozen=True, slots=True)
class Report:
    """A holder's own result: what became of the task, what it keeps by statute, who it passed the data to."""

    result: str
    facts: dict[str, Any]
    said: dict[str, Any]
    data: dict[str, list[dict[str, str]]] | None = None
    media: Arrangement | None = None
    """Where and when footage that was found can be seen."""


@dataclass(frozen=True, slots=True)
class Promise:
    """By when a holder will have done it, why not earlier, and when it said so."""

    expected_on: date
    reason: str | None
    said_at: datetime

    def is_news(self, task: Task) -> bool:
        """Whether it says anything that was not said, or anything at all after what was said last."""
        if task.acknowledged_at is None:
            return True
        more = self.reason is not None and task.reason_ct is None
        return self.said_at >= task.acknowledged_at and (more or self.expected_on != task.expected_on)


async def fetch(session: AsyncSession, task_id: UUID, *, by: Actor, now: datetime) -> tuple[int, dict[str, Any]]:
    """A task with exactly the fields its system needs for this action; nothing more once it is over (A18)."""
    task = await _mine(session, task_id, by)
    if by.role == "system" and task.action not in PROTECTING and task.status not in OVER:
        # Locked: a stop that comes at this moment comes before, or the holder was told before it.
        request = await casebook.held_still(session, task.request_id)
    else:
        request = await session.get_one(Request, task.request_id)
    access_log.touch(session, request_id=request.id, subject_digest=request.subject_digest)
    if by.role == "system":
        # Written before it is read: a task called back at this moment is shown as over, or was fetched before.
        first = update(Task).where(col(Task.id) == task.id, col(Task.fetched_at).is_(None)).values(fetched_at=now)
        await session.execute(first)
        await session.refresh(task)
    return task.version, await whole(session, request, task, staff=by.role != "system")


def is_frozen() -> ColumnElement[bool]:
    """Whether a task waits because somebody stopped its request: no holder is told to do it before the ruling (C3)."""
    frozen = exists().where(col(Request.id) == col(Task.request_id), col(Request.frozen_at).is_not(None))
    return and_(col(Task.action).not_in(PROTECTING), col(Task.status).not_in(OVER), frozen)


async def look(session: AsyncSession, task_id: UUID, *, by: Actor) -> dict[str, Any]:
    """How a task stands, by its ids."""
    return brief(await _mine(session, task_id, by))


async def acknowledge(
    session: AsyncSession, task_id: UUID, promise: Promise, *, by: Actor, now: datetime
) -> dict[str, Any]:
    """A holder accepts and says by when: later than due with a reason, and then an officer sees it.

    What comes late changes nothing: of what is finished, or said before what is known.
    """
    request = await casebook.steady(session, (await _mine(session, task_id, by)).request_id)
    task = await _locked(session, task_id, by)
    access_log.touch(session, request_id=task.request_id)
    if RANK[task.status] > RANK["acknowledged"] or not promise.is_news(task):
        return brief(task)
    later = promise.expected_on > deadline.seoul_date(task.due_at)
    if later and promise.reason is None:
        raise Invalid("field.required", pointer="/reason")
    task.status, task.expected_on, task.version = "acknowledged", promise.expected_on, task.version + 1
    task.acknowledged_at = promise.said_at
    task.reason_ct = keyring.seal(session, request, "task.reason", task.id, promise.reason) if promise.reason else None
    facts = {"task": str(task.id), "expected_on": promise.expected_on.isoformat(), "later": later}
    audit.note(
        session, "task.acknowledge", by=by, now=now, request_id=task.request_id, claim_id=task.claim_id, facts=facts
    )
    if later:
        await flags.raise_once(session, task.request_id, LATER, now=now)
    return brief(task)


async def answer(session: AsyncSession, task_id: UUID, report: Report, *, by: Actor, now: datetime) -> dict[str, Any]:
    """A holder's result. A repeat answers the same, a step back is refused; the last one carries the claim out."""
    task = await _mine(session, task_id, by)
    case, claim = await casebook.open(session, task.claim_id)
    access_log.touch(session, request_id=case.request.id, subject_digest=case.request.subject_digest)
    task = await _locked(session, task_id, by)
    if task.status == report.result:
        await onward.repeat(session, task, report.facts["onward"], by=by, now=now)
        return brief(task)
    data = await judged(session, task, report, now=now)
    shown = {"media": report.media.kept()} if report.media is not None else {}
    task.status, task.version = report.result, task.version + 1
    said = {
        "kept": reported.in_words(task, report.facts["kept"]),
        "onward": onward.merged((task.result or {}).get("onward", []), report.facts["onward"]),
    }
    task.result, task.answered_by = {**report.facts, **said, **shown, "with_data": data is not None}, by.id
    task.finished_at = now if report.result in FINAL else None
    task.answer_ct = keyring.seal(session, case.request, "task.answer", task.id, {"data": data, "said": report.said})
    facts = {"task": str(task.id), "action": task.action, "category": task.category, "result": report.result}
    audit.note(session, "task.answer", by=by, now=now, request_id=task.request_id, claim_id=task.claim_id, facts=facts)
    if report.result == "failed":
        session.add(ReviewItem(id=new_id(), request_id=task.request_id, kind="task.failed", at=now))
    if task.media is not None:
        await footage.answered(session, case.request, claim, task, by=by, now=now)
    await fences.shorten(session, claim, now=now)
    await reported.take(session, case.request, claim, task, now=now)
    await onward.follow(session, task, by=by, now=now)
    await _settle_flags(session, task, by=by, now=now)
    if task.action in ("relay", "inform"):
        await relaying.follow(session, task, now=now)
    await casebook.settle(session, case, claim, now=now)
    await fencing.settle(session, claim, task.fence_id, now=now)
    await following_up.settle(session, case, claim, task.follow_up_id, now=now)
    return brief(task)


async def judged(
    session: AsyncSession, task: Task, report: Report, *, now: datetime
) -> dict[str, list[dict[str, str]]] | None:
    """The data in a report, checked against its task; what cannot be its result is refused."""
    if RANK[task.status] > RANK[report.result] or task.status in OVER:
        raise Conflict("state.conflict")
    if task.fence_id is not None and report.result == "partly_done":
        # A record whose period is over is destroyed or still there; in part is not yet.
        raise Invalid("field.value", pointer="/result", basis="법 21①")
    data = checked(task, report.data) if report.data is not None else None
    await arranging.check(session, task, report.result, report.media, now=now)
    return data


async def _settle_flags(session: AsyncSession, task: Task, *, by: Actor, now: datetime) -> None:
    """What people were told of a silent holder, or had entered for one, is over once nothing of the request is left."""
    if task.status not in FINAL:
        return
    await session.flush()
    others = select(col(Task.id)).where(col(Task.request_id) == task.request_id, col(Task.status).in_(OPEN))
    late, later = others.where(col(Task.escalated_at).is_not(None)), others.where(col(Task.reason_ct).is_not(None))
    for kind, was, left in ((OVERDUE, task.escalated_at, late), (LATER, task.reason_ct, later)):
        if was is not None and (await session.execute(left.limit(1))).first() is None:
            await flags.settle(session, task.request_id, kind, by=by, now=now)
    entry = exists().where(col(TaskEntry.task_id) == col(Task.id))
    entered = select(col(Task.id)).where(col(Task.id) == task.id, entry)
    if (await session.execute(entered)).first() is None:
        return
    waiting, refused = entry.where(col(TaskEntry.settled_at).is_(None)), entry.where(col(TaskEntry.agreed).is_(False))
    for kind, of in ((ENTERED, waiting), (ENTRY_REFUSED, refused)):
        if (await session.execute(others.where(of).limit(1))).first() is None:
            await flags.settle(session, task.request_id, kind, by=by, now=now)


def system_id(by: Actor) -> UUID:
    """The system that calls."""
    try:
        return UUID(by.sub)
    except ValueError:
        raise NotFound("task.not_found") from None


async def _mine(session: AsyncSession, task_id: UUID, by: Actor) -> Task:
    task = await session.get(Task, task_id)
    if task is None or (by.role == "system" and task.system_id != system_id(by)):
        raise NotFound("task.not_found")
    return task


async def _locked(session: AsyncSession, task_id: UUID, by: Actor) -> Task:
    await _mine(session, task_id, by)
    return await session.get_one(Task, task_id, with_for_update=True, populate_existing=True)


async def whole(session: AsyncSession, request: Request, task: Task, *, staff: bool) -> dict[str, Any]:
    """A task with what its system needs for it and nothing else; for staff also how it stands."""
    system = await session.get_one(System, task.system_id)
    over = task.status in OVER
    told: dict[str, Any] = brief(task) | {
        "subject": None if over or arranging.names_nobody(task) else _subject(session, request, system.matches_by),
        "fields": task.fields,
        "purposes": task.purposes,
        "keep": task.keep,
        "record_class": task.record_class,
        "changes": None,
        "media": task.media if over else await arranging.told(session, request, task),
        "right": None,
        "expected_on": task.expected_on.isoformat() if task.expected_on else None,
    }
    if task.changes_ct is not None and not over:
        told["changes"] = keyring.unseal(session, request, "task.changes", task.id, task.changes_ct)
    if task.action == "relay":
        # Whoever is passed a claim has to know what it asks.
        told["right"] = (await session.get_one(Claim, task.claim_id)).right
    if staff:
        why = task.reason_ct
        told["reason"] = keyring.unseal(session, request, "task.reason", task.id, why) if why is not None else None
        told["system"] = system.name
        told["result"] = task.result
    return told


def _subject(session: AsyncSession, request: Request, matches_by: list[str]) -> dict[str, Any]:
    """Only what this system finds people by (F9); a contact only where it is the person's own."""
    typed = keyring.subject(session, request)
    # Footage is shown to people of whom nothing else is held: they are known by what they typed and proved.
    person = keyring.person(session, request) or matched.vouched(
        typed["name"], typed.get("birth_date"), subject_ref=None, phone=None
    )
    own = [one for one in person["contacts"] if one["holder"] == "subject"]
    known: dict[str, Any] = {
        "subject_ref": person["subject_ref"],
        "customer_no": person["subject_ref"],
        "name": person["name"],
        "birth_date": person["birth_date"],
    }
    for kind in ("phone", "email"):
        values = [one["value"] for one in own if one["kind"] == kind]
        known[kind] = typed[kind] if typed.get(kind) in values else next(iter(values), None)
    return {name: known[name] for name in matches_by}


def brief(task: Task) -> dict[str, Any]:
    """A task by its ids: nothing of the person."""
    return {
        "id": str(task.id),
        "action": task.action,
        "status": task.status,
        "claim_id": str(task.claim_id),
        "category": task.category,
        "due_at": task.due_at.isoformat(),
        "test": False,
    }


def checked(task: Task | TestTask, data: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """Only what was asked for is taken; a 주민등록번호 in it is masked and counted (A13)."""
    if task.action != "collect":
        raise Invalid("field.inconsistent", pointer="/data")
    asked = set(task.fields or ())
    faults = [Fault("/data", "field.unknown") for category in data if category != task.category]
    taken: list[dict[str, str]] = []
    for place, row in enumerate(data.get(task.category, [])):
        faults += [Fault(f"/data/{task.category}/{place}", "field.unknown") for name in row if name not in asked]
        taken.append({name: text.mask_rrn(value).text for name, value in row.items()})
    if faults:
        raise Invalid(faults[0].code, faults=tuple(faults))
    return {task.category: taken}
