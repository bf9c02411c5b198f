"""What the desk does by hand with a claim that is passed on: what to write, that it was sent, what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor, desk_of
from app.documents import relayed
from app.documents.relayed import Passing
from app.errors import Conflict, Invalid, NotFound, Stale
from app.law import deadline
from app.law.relay import Why
from app.law.terms import Label, Right
from app.models import Claim, Relay, Request, System
from app.policy import words
from app.services import audit, casebook, composing, itemised, keyring, provided, relaying
from app.services.relaying import OPEN
from app.services.visibility import visible


@dataclass(frozen=True, slots=True)
class Said:
    """What the party answered, and when."""

    result: str
    answered_on: date
    note: str | None


async def listed(session: AsyncSession, *, state: str | None, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """What is passed on, in the order it was planned: ids, days and companies, no names of persons."""
    page = select(Relay, col(Claim.right)).join(Claim, col(Claim.id) == col(Relay.claim_id))
    page = page.order_by(col(Relay.id)).limit(limit)
    if state is not None:
        page = page.where(col(Relay.state) == state)
    if after is not None:
        page = page.where(col(Relay.id) > after)
    return [await _brief(session, one, right) for one, right in (await session.execute(page)).all()]


async def view(session: AsyncSession, relay_id: UUID, *, by: Actor) -> tuple[int, dict[str, Any]]:
    """One of them whole: whom it goes to, and, while it is to be sent by hand, the words of the letter."""
    one = await _found(session, relay_id)
    request = await visible(session, one.request_id, by)
    claim = await session.get_one(Claim, one.claim_id)
    party, contact = await relaying.party(session, one), await _contact(session, one)
    note = keyring.unseal(session, request, "relay.note", one.id, one.note_ct) if one.note_ct else None
    by_hand = one.task_id is None and one.state in OPEN
    letter = relayed.words(_passing(session, request, claim, one, party)) if by_hand else None
    whole = await _brief(session, one, claim.right)
    return one.version, whole | {"contact": contact, "note": note, "letter": letter}


async def sent(
    session: AsyncSession, relay_id: UUID, *, way: str, sent_on: date, version: int, by: Actor, now: datetime
) -> None:
    """It went out on this day, by this way; from then on an answer is looked for (Decree 43(2))."""
    one = await _open(session, relay_id, version=version, by=by)
    if one.state != "to_send":
        raise Conflict("state.conflict")
    today = deadline.seoul_date(now)
    if not deadline.seoul_date(one.at) <= sent_on <= today:
        raise Invalid("field.value", pointer="/sent_on")
    desk = desk_of(session)
    one.state, one.way, one.sent_on, one.reminded_at = "sent", way, sent_on, None
    one.due_on = deadline.working_days_after(today, desk.policy.settled.task_working_days, desk.closed)
    await _record(session, one, "send", by=by, now=now, facts={"way": way})
    await relaying.settle(session, one.request_id, by=by, now=now)


async def answered(
    session: AsyncSession, relay_id: UUID, said: Said, *, version: int, by: Actor, now: datetime
) -> None:
    """What came of it there, as the party told the desk."""
    one = await _open(session, relay_id, version=version, by=by)
    if one.state != "sent" or one.task_id is not None:
        raise Conflict("state.conflict")
    if not (one.sent_on or date.max) <= said.answered_on <= deadline.seoul_date(now):
        raise Invalid("field.value", pointer="/answered_on")
    one.state, one.result, one.answered_on = "answered", said.result, said.answered_on
    if said.note:
        request = await session.get_one(Request, one.request_id)
        one.note_ct = keyring.seal(session, request, "relay.note", one.id, said.note)
    await _record(session, one, "answer", by=by, now=now, facts={"result": said.result})
    await relaying.settle(session, one.request_id, by=by, now=now)


def _passing(session: AsyncSession, request: Request, claim: Claim, one: Relay, party: Label) -> Passing:
    desk = desk_of(session)
    labels = {name: itemised.label(desk, f"{one.category}.{name}") for name in one.names}
    changes = relaying.changes(session, request, claim, one.category, one.names) or []
    return Passing(
        to=party.ko,
        sender=composing.sender(desk),
        receipt_no=request.receipt_no,
        why=Why(one.why),
        arrived_on=deadline.seoul_date(request.arrived_at),
        asked=words.RIGHTS[Right(claim.right)][0].ko,
        items=tuple(labels.values()) or (desk.policy.categories[one.category].label.ko,),
        changes=tuple((labels[change["field"] or ""], change["corrected"] or "") for change in changes),
        subject=_subject(session, request),
        answer_by=one.due_on,
    )


def _subject(session: AsyncSession, request: Request) -> tuple[str, ...]:
    """By what the other controller finds the person: the name, and the contacts that are the person's own."""
    person = keyring.person(session, request)
    assert person is not None
    own = [one["value"] for one in person["contacts"] if one["holder"] == "subject"]
    return tuple(one for one in (person["name"], *own) if one)


async def _contact(session: AsyncSession, one: Relay) -> str:
    policy = desk_of(session).policy
    if one.why == Why.GIVEN:
        # The policy names the third party without a contact; one that is registered has its own.
        system = await provided.registered(session, one.party)
        return system.contact_email if system is not None else ""
    if one.party in policy.controllers:
        return policy.controllers[one.party].contact
    if one.party in policy.sources:
        return policy.sources[one.party].contact
    return (await session.get_one(System, UUID(one.party))).contact_email


async def _brief(session: AsyncSession, one: Relay, right: str) -> dict[str, Any]:
    party = await relaying.party(session, one)
    return {
        "id": str(one.id),
        "request_id": str(one.request_id),
        "claim_id": str(one.claim_id),
        "right": right,
        "why": one.why,
        "party": {"ko": party.ko, "en": party.en},
        "category": one.category,
        "names": one.names,
        "state": one.state,
        "way": one.way,
        "task_id": str(one.task_id) if one.task_id else None,
        "due_on": one.due_on.isoformat(),
        "sent_on": one.sent_on.isoformat() if one.sent_on else None,
        "answered_on": one.answered_on.isoformat() if one.answered_on else None,
        "result": one.result,
    }


async def _found(session: AsyncSession, relay_id: UUID) -> Relay:
    one = await session.get(Relay, relay_id)
    if one is None:
        raise NotFound("relay.not_found")
    return one


async def _open(session: AsyncSession, relay_id: UUID, *, version: int, by: Actor) -> Relay:
    request = await visible(session, (await _found(session, relay_id)).request_id, by)
    case = await casebook.open_request(session, request.id)
    casebook.refuse_frozen(case.request)
    one = await session.get_one(Relay, relay_id, with_for_update=True, populate_existing=True)
    if one.version != version:
        raise Stale("precondition.failed")
    return one


async def _record(
    session: AsyncSession, one: Relay, what: str, *, by: Actor, now: datetime, facts: dict[str, Any]
) -> None:
    one.by_iss, one.by_sub, one.version = by.iss, by.sub, one.version + 1
    told = {"relay": str(one.id), **facts}
    action = relaying.act(one, what)
    audit.note(session, action, by=by, now=now, request_id=one.request_id, claim_id=one.claim_id, facts=told)
    await session.flush()
