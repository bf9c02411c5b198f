"""The measure after a suspension (Act 37(5)): an officer sets it with a reason; what destroys takes an approver too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import MACHINE, Actor, desk_of
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.law import deadline, follow_up, retention
from app.law.follow_up import Measure
from app.law.retention import Kept
from app.law.terms import Status
from app.models import Claim, FollowUp, Request, System, Task
from app.services import (
    afterwards,
    audit,
    casebook,
    disclosure,
    fences,
    follow_ups,
    holds,
    keyring,
    onward,
    planning,
    telling,
)
from app.services.casebook import Case
from app.services.fences import Record
from app.services.visibility import visible

_BATCH = 500
_STOPPING = ("suspended", "consent_withdrawn")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a measure turns on: which purposes are stopped, which go on, what a statute keeps until when."""

    stopped: tuple[str, ...]
    goes_on: tuple[str, ...]
    records: tuple[Kept, ...]

    @property
    def proposed(self) -> Measure:
        """What the engine proposes."""
        return follow_up.proposed(self.stopped, (*self.stopped, *self.goes_on), self._names())

    def check(self, measure: Measure) -> None:
        """Refuse what the law does not allow here."""
        follow_up.check(measure, self.stopped, (*self.stopped, *self.goes_on), self._names())

    def _names(self) -> list[str]:
        return [one.record.id for one in self.records]


async def propose(
    session: AsyncSession, row_id: UUID, measure: Measure, reason: str, *, version: int, by: Actor, now: datetime
) -> FollowUp:
    """An officer's measure with its reason: in force at once where nothing is destroyed, else put to an approver."""
    case, claim, row = await _opened(session, row_id, version, by)
    if row.state not in ("open", "proposed"):
        raise Conflict("state.conflict")
    (await _outlook(session, case.request, row, now)).check(measure)
    row.measure, row.state = measure, "proposed"
    row.proposed_by_iss, row.proposed_by_sub, row.note_ct = by.iss, by.sub, None
    row.reason_ct = keyring.seal(session, case.request, "follow_up.reason", row.id, reason)
    row.version += 1
    _note(session, row, "follow_up.propose", by=by, now=now)
    if not follow_up.destroys(measure):
        await _order(session, case, claim, row, by=by, now=now)
    else:
        await telling.tell_desk(session, claim.id, "approver_todo", now=now, due_on=row.due_on)
    return row


async def approve(
    session: AsyncSession, row_id: UUID, *, agree: bool, note: str | None, version: int, by: Actor, now: datetime
) -> FollowUp:
    """The second person's word, never the proposer's own; disagreeing gives it back with a note."""
    case, claim, row = await _opened(session, row_id, version, by)
    if row.state != "proposed":
        raise Conflict("approval.not_proposed")
    if (row.proposed_by_iss, row.proposed_by_sub) == (by.iss, by.sub):
        raise Forbidden("approval.same_person")
    if not agree and not (note or "").strip():
        raise Invalid("approval.note_required", pointer="/note")
    row.note_ct = keyring.seal(session, case.request, "follow_up.note", row.id, note) if note else None
    row.version += 1
    if agree:
        # The day of a statute may have passed since it was proposed.
        (await _outlook(session, case.request, row, now)).check(Measure(row.measure or ""))
        await _order(session, case, claim, row, by=by, now=now)
    else:
        row.state = "open"
        _note(session, row, "follow_up.return", by=by, now=now)
        await telling.tell_desk(session, claim.id, "officer_todo", now=now, due_on=row.due_on)
    return row


async def settle(session: AsyncSession, case: Case, claim: Claim, row_id: UUID | None, *, now: datetime) -> None:
    """A holder has answered, or there is nothing to do: done once no task of it is open."""
    if row_id is None:
        return
    row = await _locked(session, row_id)
    still = select(col(Task.id)).where(col(Task.follow_up_id) == row.id, col(Task.status).in_(planning.OPEN))
    if row.state != "ordered" or (await session.execute(still.limit(1))).first() is not None:
        return
    row.state, row.done_at, row.version = "done", now, row.version + 1
    _note(session, row, "follow_up.carry_out", by=MACHINE, now=now)
    await tell(session, claim.id, now=now)


async def untold(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Claims of which a measure was taken and nobody told: a stop, or another measure, was in the way."""
    waiting = select(col(FollowUp.claim_id)).where(
        col(FollowUp.state) == "done", col(FollowUp.notice_id).is_(None), ~_is_frozen()
    )
    return list((await session.execute(waiting.distinct().limit(_BATCH))).scalars())


async def tell(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """The notice of what was done, with the way to object (Act 37(5), 38(5)); once for all that ended together."""
    case, claim = await casebook.open(session, claim_id)
    rows = await follow_ups.of_round(session, claim)
    done = [one for one in rows if one.state == "done" and one.notice_id is None]
    # Whoever was not told yet that it is stopped is not told what became of it.
    waits = case.request.frozen_at is not None or claim.answered_at is None
    if not done or waits or any(one.state == "ordered" for one in rows):
        return
    facts = await disclosure.facts_of(session, case, claim, now=now)
    kept = await fences.of(session, claim, "kept")
    content = afterwards.measures(desk_of(session), facts, done, kept, await _partly(session, done))
    notice = await disclosure.keep(session, facts, content, f"measure_{done[0].id.hex}", now=now)
    for row in done:
        row.notice_id = notice.id
    await telling.tell_party(session, case.request, "follow_up_done", facts.who, notice=notice, now=now)


async def listed(
    session: AsyncSession, *, states: Sequence[str] | None, after: tuple[date, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """Measures by their day, in keyset pages: those not yet carried out, unless other states are named."""
    page = select(FollowUp).where(col(FollowUp.state).in_(states or follow_ups.UNDONE))
    if after is not None:
        day, last = after
        page = page.where((col(FollowUp.due_on) > day) | ((col(FollowUp.due_on) == day) & (col(FollowUp.id) > last)))
    ordered = page.order_by(col(FollowUp.due_on), col(FollowUp.id)).limit(limit)
    return [_brief(one) for one in (await session.execute(ordered)).scalars()]


async def whole(session: AsyncSession, row_id: UUID, *, by: Actor, now: datetime) -> tuple[int, dict[str, Any]]:
    """One row as staff read it: what the engine proposes and why, what was proposed and by whom."""
    row = await _visible(session, row_id, by)
    request = await visible(session, row.request_id, by)
    found = await _outlook(session, request, row, now)
    view = _brief(row) | {
        "proposed": found.proposed.value,
        "stopped": list(found.stopped),
        "goes_on": list(found.goes_on),
        "records": [{"record_class": one.record.id, "until": one.until.isoformat()} for one in found.records],
        "reason": _text(session, request, row, "follow_up.reason", row.reason_ct),
        "note": _text(session, request, row, "follow_up.note", row.note_ct),
        "proposed_by": row.proposed_by_sub,
        "ordered_by": row.ordered_by_sub,
    }
    return row.version, view


async def _order(session: AsyncSession, case: Case, claim: Claim, row: FollowUp, *, by: Actor, now: datetime) -> None:
    """Carry the measure out: fence what a statute keeps, have the rest destroyed (Act 21(1)(3), 37(5))."""
    row.state, row.ordered_by_iss, row.ordered_by_sub = "ordered", by.iss, by.sub
    _note(session, row, "follow_up.order", by=by, now=now)
    if follow_up.destroys(Measure(row.measure or "")):
        found = await _outlook(session, case.request, row, now)
        records = [
            Record(f"{row.category}:{one.record.id}", f"{one.record.statute.ko} {one.record.article}", one.until, None)
            for one in found.records
        ]
        await fences.raise_(session, case.request, claim, records, now=now)
        await planning.destroy(
            session,
            case.request,
            claim,
            row.category,
            fields=[field.id for field in desk_of(session).policy.categories[row.category].fields],
            keep=[
                {"record_class": one.item.partition(":")[2], "until": one.until.isoformat(), "basis": one.basis}
                for one in records
            ],
            now=now,
            follow_up_id=row.id,
            due_at=planning.due_within(session, row.due_on, now),
        )
    await settle(session, case, claim, row.id, now=now)


async def _outlook(session: AsyncSession, request: Request, row: FollowUp, now: datetime) -> Outlook:
    policy = desk_of(session).policy
    purposes = policy.categories[row.category].purposes
    stopped = await holds.stopped(session, request, row.category, _STOPPING)
    on, since = deadline.seoul_date(now), deadline.seoul_date(request.arrived_at)
    kept = retention.kept(policy, row.category, since, on=on)
    return Outlook(
        stopped=tuple(one for one in purposes if one in stopped),
        goes_on=tuple(one for one in purposes if one not in stopped),
        records=tuple(one for one in kept if one.until >= on),
    )


async def _opened(session: AsyncSession, row_id: UUID, version: int, by: Actor) -> tuple[Case, Claim, FollowUp]:
    found = await _visible(session, row_id, by)
    case, claim = await casebook.open(session, found.claim_id)
    row = await _locked(session, row_id)
    if row.version != version:
        raise Stale("precondition.failed")
    casebook.refuse_frozen(case.request)
    if claim.status == Status.OBJECTED or row.state not in follow_ups.UNDONE:
        raise Conflict("state.conflict")
    return case, claim, row


async def _visible(session: AsyncSession, row_id: UUID, by: Actor) -> FollowUp:
    row = await session.get(FollowUp, row_id)
    if row is None:
        raise NotFound("follow_up.not_found")
    await visible(session, row.request_id, by)
    return row


async def _locked(session: AsyncSession, row_id: UUID) -> FollowUp:
    return await session.get_one(FollowUp, row_id, with_for_update=True, populate_existing=True)


async def _partly(session: AsyncSession, rows: Sequence[FollowUp]) -> dict[str, list[str]]:
    """Of each category, who did only a part and named no statute for the rest, and who further on has not done it."""
    told = (
        select(Task, col(System.name))
        .join(System, col(System.id) == col(Task.system_id))
        .where(col(Task.follow_up_id).in_([one.id for one in rows]))
        .order_by(col(System.name))
    )
    partly: dict[str, list[str]] = {}
    for task, name in await session.execute(told):
        undone = [name] if task.status == "partly_done" and not (task.result or {}).get("kept") else []
        if undone or onward.waiting(task.result):
            partly.setdefault(task.category, []).extend([*undone, *onward.waiting(task.result)])
    return partly


def _brief(row: FollowUp) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "claim_id": str(row.claim_id),
        "request_id": str(row.request_id),
        "category": row.category,
        "state": row.state,
        "measure": row.measure,
        "due_on": row.due_on.isoformat(),
        "done_at": deadline.seoul_time(row.done_at).isoformat() if row.done_at else None,
    }


def _text(session: AsyncSession, request: Request, row: FollowUp, column: str, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    plain: str = keyring.unseal(session, request, column, row.id, sealed)
    return plain


def _note(session: AsyncSession, row: FollowUp, action: str, *, by: Actor, now: datetime) -> None:
    facts = {"category": row.category, "measure": row.measure, "state": row.state}
    audit.note(session, action, by=by, now=now, request_id=row.request_id, claim_id=row.claim_id, facts=facts)


def _is_frozen() -> ColumnElement[bool]:
    return exists().where(col(Request.id) == col(FollowUp.request_id), col(Request.frozen_at).is_not(None))
