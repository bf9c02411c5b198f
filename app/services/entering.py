"""What one of ours says that a holder did, by telephone or letter: it counts when a second person agrees (F6)."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import Actor
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.jobs import Job, defer
from app.law import deadline
from app.models import Request, Task, TaskEntry
from app.services import access_log, audit, casebook, flags, fulfilment, keyring
from app.services.arranging import Arrangement
from app.services.fulfilment import Report


@dataclass(frozen=True, slots=True)
class Entered:
    """A task as it stands, and whether a result that was entered for it waits for a second person."""

    version: int
    task: dict[str, Any]
    waits: bool


async def enter(session: AsyncSession, task_id: UUID, report: Report, *, by: Actor, now: datetime) -> Entered:
    """Write down what a holder said. The same again changes nothing; its officer may correct it until it counts."""
    task, request = await _locked(session, task_id)
    if task.status == report.result:
        # It counts already; what may be new is how far those have come to whom the holder had passed the data.
        await fulfilment.answer(session, task_id, report, by=by, now=now)
        return Entered(task.version, fulfilment.brief(task), waits=False)
    data = await fulfilment.judged(session, task, report, now=now)
    said, before = _kept(replace(report, data=data)), await _waiting(session, task)
    if before is not None:
        if (before.by_iss, before.by_sub) != (by.iss, by.sub):
            raise Conflict("state.conflict")
        if _same(_opened(session, request, before), said):
            return Entered(task.version, fulfilment.brief(task), waits=True)
        before.settled_at, before.settled_by_iss, before.settled_by_sub = now, by.iss, by.sub
        await session.flush()
    entry_id = new_id()
    entry = TaskEntry(
        id=entry_id,
        task_id=task.id,
        request_id=request.id,
        result=report.result,
        report_ct=keyring.seal(session, request, "task_entry.report", entry_id, said),
        by_iss=by.iss,
        by_sub=by.sub,
        at=now,
    )
    session.add(entry)
    # What a second person agrees to is what they have read: another entry is another version.
    task.version += 1
    _note(session, "task.enter", task, entry, by=by, now=now)
    await flags.raise_once(session, request.id, fulfilment.ENTERED, now=now)
    await defer(session, Job("tell_approver", {"claim_id": str(task.claim_id)}))
    return Entered(task.version, fulfilment.brief(task), waits=True)


async def confirm(
    session: AsyncSession, task_id: UUID, *, agree: bool, note: str | None, version: int, by: Actor, now: datetime
) -> Entered:
    """The second person's word: agreed to, it is the holder's result from now on; else it never was."""
    task, request = await _locked(session, task_id)
    entry = await _waiting(session, task)
    if entry is None or task.status in fulfilment.OVER:
        raise Conflict("state.conflict")
    if (entry.by_iss, entry.by_sub) == (by.iss, by.sub):
        raise Forbidden("approval.same_person")
    if task.version != version:
        raise Stale("precondition.failed")
    if not agree and not note:
        raise Invalid("field.required", pointer="/note")
    entry.settled_at, entry.agreed, entry.settled_by_iss, entry.settled_by_sub = now, agree, by.iss, by.sub
    entry.note_ct = keyring.seal(session, request, "task_entry.note", entry.id, note) if note else None
    task.version += 1
    _note(session, "task.confirm" if agree else "task.reject_entry", task, entry, by=by, now=now)
    await session.flush()
    if not await _any_waits(session, request):
        await flags.settle(session, request.id, fulfilment.ENTERED, by=by, now=now)
    if agree:
        said, entered_by = _report(_opened(session, request, entry)), Actor("officer", entry.by_iss, entry.by_sub)
        await fulfilment.answer(session, task_id, said, by=entered_by, now=now)
    else:
        await flags.raise_once(session, request.id, fulfilment.ENTRY_REFUSED, now=now)
        await defer(session, Job("tell_officer", {"claim_id": str(task.claim_id)}))
    return Entered(task.version, fulfilment.brief(task), waits=False)


async def shown(session: AsyncSession, task_id: UUID) -> dict[str, Any] | None:
    """What waits for a second person, in all that they agree to, the data with it."""
    task = await session.get_one(Task, task_id)
    entry = await _waiting(session, task)
    if entry is None or task.status in fulfilment.OVER:
        return None
    request = await session.get_one(Request, task.request_id)
    said = _opened(session, request, entry)
    return {
        "result": entry.result,
        "kept": said["facts"]["kept"],
        "onward": said["facts"]["onward"],
        "at": said["facts"]["at"],
        **{name: said["said"].get(name) for name in ("method", "note", "proof")},
        "data": said["data"],
        "media": said["media"],
        "entered_by": entry.by_sub,
        "entered_at": deadline.seoul_time(entry.at).isoformat(),
    }


async def _locked(session: AsyncSession, task_id: UUID) -> tuple[Task, Request]:
    found = await session.get(Task, task_id)
    if found is None:
        raise NotFound("task.not_found")
    case, _ = await casebook.open(session, found.claim_id)
    access_log.touch(session, request_id=case.request.id, subject_digest=case.request.subject_digest)
    return await session.get_one(Task, task_id, with_for_update=True, populate_existing=True), case.request


async def _waiting(session: AsyncSession, task: Task) -> TaskEntry | None:
    open_ = select(TaskEntry).where(col(TaskEntry.task_id) == task.id, col(TaskEntry.settled_at).is_(None))
    return (await session.execute(open_)).scalar_one_or_none()


async def _any_waits(session: AsyncSession, request: Request) -> bool:
    # What the holder answered itself, or what was called back, waits for nobody any more.
    open_ = (
        select(col(TaskEntry.id))
        .join(Task, col(Task.id) == col(TaskEntry.task_id))
        .where(
            col(TaskEntry.request_id) == request.id,
            col(TaskEntry.settled_at).is_(None),
            col(Task.status).not_in(fulfilment.OVER),
        )
    )
    return (await session.execute(open_.limit(1))).first() is not None


def _opened(session: AsyncSession, request: Request, entry: TaskEntry) -> dict[str, Any]:
    said: dict[str, Any] = keyring.unseal(session, request, "task_entry.report", entry.id, entry.report_ct)
    return said


def _kept(report: Report) -> dict[str, Any]:
    media = report.media.kept() if report.media is not None else None
    return {"result": report.result, "facts": report.facts, "said": report.said, "data": report.data, "media": media}


def _report(kept: dict[str, Any]) -> Report:
    seat = kept["media"]
    media = None
    if seat is not None:
        opens, closes = datetime.fromisoformat(seat["from"]), datetime.fromisoformat(seat["to"])
        media = Arrangement(seat["place"], opens, closes, seat["masked"])
    return Report(kept["result"], kept["facts"], kept["said"], kept["data"], media)


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _note(session: AsyncSession, action: str, task: Task, entry: TaskEntry, *, by: Actor, now: datetime) -> None:
    facts = {"task": str(task.id), "entry": str(entry.id), "result": entry.result}
    audit.note(session, action, by=by, now=now, request_id=task.request_id, claim_id=task.claim_id, facts=facts)
