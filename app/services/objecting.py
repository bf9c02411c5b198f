"""Objections (이의제기, Act 38(5)): taken, answered on a clock of their own, by somebody who took no part before."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import Actor, desk_of
from app.documents.free import RulingNotice
from app.errors import Conflict, Invalid, NotFound, Stale
from app.law import deadline, objection
from app.law.deadline import Began
from app.law.objection import Person
from app.law.terms import Event, Status
from app.models import Claim, Decision, Objection, Postponement, Request
from app.services import (
    audit,
    casebook,
    clocks,
    composing,
    disclosure,
    keyring,
    postponing,
    recipients,
    telling,
    throttle,
)
from app.services.casebook import Case
from app.services.visibility import owner_of, visible

Of = Literal["decision", "postponement"]
Result = Literal["confirmed", "overturned"]
_ACKNOWLEDGED_MOST = 3
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody objects to, why, and when that arrived (now, where nobody wrote it down for them)."""

    of: Of
    reason: str
    arrived_at: datetime | None = None


async def object_to(session: AsyncSession, claim_id: UUID, said: Said, *, by: Actor, now: datetime) -> Objection:
    """Take an objection (Act 38(5)) with its reason; its own day is counted from its arrival."""
    request = await visible(session, await owner_of(session, claim_id, by), by)
    if not await recipients.is_for(session, request, by):
        raise NotFound("claim.not_found")
    case, claim = await casebook.open(session, claim_id)
    if await _open_one(session, claim, said.of) is not None:
        raise Conflict("state.conflict")
    if said.of == "postponement":
        await postponing.must_be_postponed(session, claim)
    elif claim.status != Status.CLOSED:
        raise Conflict("state.conflict")
    desk, arrived_at = desk_of(session), said.arrived_at or now
    if not case.request.arrived_at <= arrived_at <= now:
        raise Invalid("field.value", pointer="/arrived_at")
    window = claim.objection_until if said.of == "decision" else None
    late = objection.is_late(deadline.seoul_date(arrived_at), window, allowed=desk.policy.settled.late_objections)
    answering = desk.rulebook.named(claim.edition).objection
    clock = clocks.of(session, answering.days, answering.basis, event=Began.OBJECTED, at=arrived_at)
    row = Objection(
        id=new_id(),
        claim_id=claim.id,
        request_id=case.request.id,
        of=said.of,
        round=claim.round,
        reason_ct=b"",
        at=now,
        arrived_at=arrived_at,
        late=late,
        due_on=clock.due_on,
        internal_on=clock.internal_on,
        due_steps=clocks.stored(clock),
        filed_by_role=by.role,
        filed_by=by.id,
    )
    row.reason_ct = keyring.seal(session, case.request, "objection.reason", row.id, said.reason)
    session.add(row)
    await session.flush()
    facts = {"of": said.of, "late": late, "due_on": clock.due_on.isoformat()}
    if said.of == "decision":
        await casebook.record(session, case, claim, Event.OBJECT, by=by, now=now, facts=facts)
    else:
        _note(session, case, claim, "objection.file", by=by, now=now, facts=facts)
        await acknowledge(session, claim.id, now=now)
        await telling.tell_desk(session, claim.id, "objection_todo", now=now)
    return row


async def rule(
    session: AsyncSession, objection_id: UUID, result: Result, reason: str, *, version: int, by: Actor, now: datetime
) -> Objection:
    """The ruling of an approver who took no part: the decision stands, or is made anew by others (Act 38(5))."""
    case, claim, row = await _opened(session, objection_id, by, version)
    casebook.refuse_frozen(case.request)
    objection.took_no_part((by.iss, by.sub), await _participants(session, claim, row))
    row.result, row.ruled_by_iss, row.ruled_by_sub, row.ruled_at = result, by.iss, by.sub, now
    row.ruling_ct = keyring.seal(session, case.request, "objection.ruling", row.id, reason)
    row.version += 1
    await session.flush()
    facts = {"of": row.of, "result": result}
    if row.of == "decision":
        event = Event.CONFIRM if result == "confirmed" else Event.OVERTURN
        await casebook.record(session, case, claim, event, by=by, now=now, facts=facts)
        return row
    _note(session, case, claim, "objection.rule", by=by, now=now, facts=facts)
    await tell_ruling(session, claim.id, now=now)
    if result == "overturned" and claim.status == Status.POSTPONED:
        await postponing.resume(session, claim.id, version=None, by=by, now=now)
    return row


async def drop(session: AsyncSession, objection_id: UUID, *, by: Actor, now: datetime) -> Objection:
    """Whoever objected takes it back; doing it again changes nothing."""
    row = await _visible(session, objection_id, by)
    case, claim = await casebook.open(session, row.claim_id)
    row = await _locked(session, row.id)
    if row.result == "dropped":
        return row
    if row.result is not None:
        raise Conflict("state.conflict")
    row.result, row.ruled_at, row.version = "dropped", now, row.version + 1
    if row.of == "decision":
        await casebook.record(session, case, claim, Event.DROP_OBJECTION, by=by, now=now)
    else:
        _note(session, case, claim, "objection.drop", by=by, now=now, facts={"of": row.of})
    return row


async def listed(session: AsyncSession, *, state: str, after: tuple[date, UUID] | None, limit: int) -> list[Objection]:
    """Objections by their day, in keyset pages: those that wait for a ruling, or all that were ruled on."""
    page = select(Objection).order_by(col(Objection.due_on), col(Objection.id)).limit(limit)
    page = page.where(col(Objection.result).is_(None) if state == "open" else col(Objection.result).is_not(None))
    if after is not None:
        day, last = after
        later = (col(Objection.due_on) == day) & (col(Objection.id) > last)
        page = page.where((col(Objection.due_on) > day) | later)
    return list((await session.execute(page)).scalars())


async def whole(session: AsyncSession, objection_id: UUID, *, by: Actor) -> tuple[int, dict[str, Any]]:
    """One objection as staff read it: with its reason, and the ruling's."""
    row = await _visible(session, objection_id, by)
    request = await visible(session, row.request_id, by)
    said = keyring.unseal(session, request, "objection.reason", row.id, row.reason_ct)
    ruling = keyring.unseal(session, request, "objection.ruling", row.id, row.ruling_ct) if row.ruling_ct else None
    return row.version, brief(row) | {"reason": said, "ruling": ruling, "ruled_by": row.ruled_by_sub}


def brief(row: Objection) -> dict[str, Any]:
    """An objection without a word of what was said."""
    return {
        "id": str(row.id),
        "claim_id": str(row.claim_id),
        "of": row.of,
        "state": row.result or "open",
        "late": row.late,
        "arrived_at": deadline.seoul_time(row.arrived_at).isoformat(),
        "due_on": row.due_on.isoformat(),
        "due_steps": row.due_steps,
    }


async def acknowledge(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Tell whoever objected that it arrived, and by when somebody else looks at it again."""
    case, claim = await casebook.open(session, claim_id)
    row = await _latest(session, claim)
    if row is None or row.result is not None:
        return
    # Whoever objects, takes it back and objects again does not fill a telephone by it: it may be somebody else's.
    if await throttle.allow(
        session, "objection_received", str(claim.id), most=_ACKNOWLEDGED_MOST, minutes=_DAY_MINUTES, now=now
    ):
        params = {"due_on": row.due_on.isoformat()}
        who = await recipients.of(session, case.request, "result")
        await telling.tell_party(session, case.request, "objection_received", who, now=now, params=params)


async def tell_ruling(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """The ruling with its reason and the bodies outside (Act 38(5)); once."""
    case, claim = await casebook.open(session, claim_id)
    row = await _latest(session, claim)
    if row is None or row.result not in ("confirmed", "overturned") or row.ruling_ct is None:
        return
    kind = f"ruling_{row.id.hex}"
    if await disclosure.is_told(session, claim, row.round, kind):
        return
    facts = await disclosure.facts_of(session, case, claim, now=now)
    desk = desk_of(session)
    content = RulingNotice(
        receipt_no=case.request.receipt_no,
        sender=composing.sender(desk, facts.tongue),
        recipient=composing.recipient(facts, facts.tongue),
        request_summary=composing.summary(desk, claim, facts.tongue),
        filed_on=deadline.seoul_date(row.arrived_at),
        of_postponement=row.of == "postponement",
        result="confirmed" if row.result == "confirmed" else "overturned",
        reason=keyring.unseal(session, case.request, "objection.ruling", row.id, row.ruling_ct),
        bodies=composing.outside(desk, facts.on, facts.tongue),
        dated=facts.on,
        easy=facts.young,
        language=facts.tongue,
    )
    notice = await disclosure.keep(session, facts, content, kind, now=now, round_=row.round)
    await telling.tell_party(session, case.request, "ruling", facts.who, notice=notice, now=now)


async def _participants(session: AsyncSession, claim: Claim, row: Objection) -> set[Person]:
    """Everybody who had a hand in what is objected to: decided, approved, put off, or wrote the objection down."""
    decided = select(
        col(Decision.proposer_iss), col(Decision.proposer_sub), col(Decision.approver_iss), col(Decision.approver_sub)
    ).where(col(Decision.claim_id) == claim.id)
    people: set[Person] = set()
    for iss, sub, other_iss, other_sub in await session.execute(decided):
        people |= {(iss, sub), (other_iss, other_sub)}
    delayed = select(col(Postponement.by_iss), col(Postponement.by_sub)).where(col(Postponement.claim_id) == claim.id)
    people |= {(iss, sub) for iss, sub in await session.execute(delayed)}
    iss, _, sub = row.filed_by.rpartition("|")
    return people | {(iss, sub)}


async def _opened(session: AsyncSession, objection_id: UUID, by: Actor, version: int) -> tuple[Case, Claim, Objection]:
    found = await _visible(session, objection_id, by)
    case, claim = await casebook.open(session, found.claim_id)
    row = await _locked(session, objection_id)
    if row.version != version:
        raise Stale("precondition.failed")
    if row.result is not None:
        raise Conflict("state.conflict")
    return case, claim, row


async def _visible(session: AsyncSession, objection_id: UUID, by: Actor) -> Objection:
    row = await session.get(Objection, objection_id)
    try:
        request: Request = await visible(session, row.request_id if row else None, by)
    except NotFound:
        raise NotFound("objection.not_found") from None
    if row is None or not await recipients.is_for(session, request, by):
        raise NotFound("objection.not_found")
    return row


async def _locked(session: AsyncSession, objection_id: UUID) -> Objection:
    return await session.get_one(Objection, objection_id, with_for_update=True, populate_existing=True)


async def _open_one(session: AsyncSession, claim: Claim, of: str) -> Objection | None:
    mine = select(Objection).where(
        col(Objection.claim_id) == claim.id, col(Objection.of) == of, col(Objection.result).is_(None)
    )
    return (await session.execute(mine.limit(1))).scalar_one_or_none()


async def _latest(session: AsyncSession, claim: Claim) -> Objection | None:
    mine = select(Objection).where(col(Objection.claim_id) == claim.id).order_by(col(Objection.id).desc()).limit(1)
    return (await session.execute(mine)).scalar_one_or_none()


def _note(
    session: AsyncSession, case: Case, claim: Claim, action: str, *, by: Actor, now: datetime, facts: dict[str, Any]
) -> None:
    """What moves no status leaves its entry all the same."""
    audit.note(session, action, by=by, now=now, request_id=case.request.id, claim_id=claim.id, facts=facts)
