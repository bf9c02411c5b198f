"""The assessment and the decision: the machine may grant, only people refuse, two of them (Act 35(4)-(5), 36, 37)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.crashpoints import crashpoint
from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.errors import Conflict, Forbidden, Invalid
from app.law import assessment, deadline, decision, fee, release
from app.law.assessment import Item
from app.law.decision import Verdict, VerdictItem
from app.law.fee import Fee
from app.law.terms import Aspect, Capacity, Decider, Event, FootageKind, Outcome, Reached, Right, Status
from app.models import Assessment, Claim, Decision, Footage, Request
from app.services import assessed, audit, casebook, footage, holds, keyring, parties, planning
from app.services.casebook import Case
from app.services.scope import categories_of, is_media, scope_of

_GIVING = (Outcome.APPROVE, Outcome.NOTHING_HELD, Outcome.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class Opinion:
    """An officer's decision as sent: the verdict for the person, and a note for colleagues."""

    verdict: Verdict
    internal_note: str | None
    fee: Fee | None = None


async def assess(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Assess a verified claim, item by item; grant at once what nobody has to look at."""
    case, claim = await casebook.open(session, claim_id)
    if claim.status != Status.VERIFIED or case.request.frozen_at or await assessed.of(session, claim) is not None:
        return
    if await parties.standing(session, case.request, now=now) is not None:
        # Who asked no longer may: the claim is about to end.
        return
    desk, request = desk_of(session), case.request
    # A camera records whoever comes by: footage is theirs although nothing else is held of them (policy 14.7).
    nothing = request.identity == "nothing_held" and not is_media(claim)
    touched = categories_of(desk.policy, claim)
    items = assessment.assess(
        scope_of(claim),
        desk.policy,
        assessed.edition_of(session, claim),
        since=deadline.seoul_date(request.arrived_at),
        holders=await assessed.holders(session),
        nothing_held=nothing,
        capacity=Capacity(request.capacity),
        gone=await _gone(session, claim),
        withdrawn={one: await holds.stopped(session, request, one, ("consent_withdrawn",)) for one in touched},
    )
    plain = assessment.uncontested(
        items,
        one_match_or_nothing=True,
        assured=True,
        free_text=not nothing and _reads_free_text(session, claim, touched),
        other_open=await planning.other_open(session, request, claim, touched),
        media=not nothing and any(desk.policy.categories[one].media for one in touched),
    )
    decider = assessment.decides(
        desk.policy,
        Right(claim.right),
        Capacity(request.capacity),
        uncontested=plain,
        short_lived=all(desk.policy.categories[one].short_lived for one in touched),
        items=items,
        upheld=claim.round > 1,
    )
    row = Assessment(
        id=new_id(),
        claim_id=claim.id,
        round=claim.round,
        edition=claim.edition,
        policy=desk.policy.id,
        items=[assessed.dump_with_reasons(item) for item in items],
        nothing_held=nothing,
        uncontested=plain,
        decides=decider.value,
        at=now,
    )
    session.add(row)
    claim.version += 1
    facts = {"decides": decider.value, "items": len(items), "edition": claim.edition}
    audit.note(session, "claim.assess", by=MACHINE, now=now, request_id=request.id, claim_id=claim.id, facts=facts)
    if decider is Decider.MACHINE:
        await _grant(session, case, claim, items, nothing=nothing, now=now)


async def decide(
    session: AsyncSession, claim_id: UUID, opinion: Opinion, *, version: int, by: Actor, now: datetime
) -> Decision:
    """An officer's decision (Act 35(4)-(5), Decree 42): in force at once, or proposed where two people decide."""
    case, claim = await casebook.open(session, claim_id)
    casebook.checked_version(claim, version)
    casebook.refuse_frozen(case.request)
    _must_be_verified(claim)
    await _must_stand(session, case.request, now)
    await assessed.must_be_others(session, claim, by)
    found = await assessed.of(session, claim)
    if found is None:
        raise Conflict("claim.not_assessed")
    if opinion.verdict.outcome is Outcome.NOTHING_HELD and not found.nothing_held:
        raise Invalid("decision.inconsistent", pointer="/outcome")
    items, right, edition = (
        tuple(assessed.load(item) for item in found.items),
        Right(claim.right),
        assessed.edition_of(session, claim),
    )
    decided = decision.check(
        opinion.verdict,
        items,
        right,
        edition,
        desk_of(session).policy.kind,
        on=deadline.seoul_date(case.request.arrived_at),
        ends_contract=bool(claim.scope.get("ends_contract")),
        media=[one.id for one in desk_of(session).policy.categories.values() if one.media],
    )
    outcome = Outcome.NOTHING_HELD if found.nothing_held else decision.outcome(opinion.verdict.outcome, decided)
    _check_fee(session, case.request, claim, opinion.fee, outcome)
    await assessed.supersede(session, claim, now)
    whole = assessed.whole(items, decided, right, edition)
    row = _row(session, case.request, claim, outcome, whole, by=by, now=now)
    row.reason_ct = _sealed(session, case.request, row.id, "decision.reason", opinion.verdict.reason)
    row.note_ct = _sealed(session, case.request, row.id, "decision.note", opinion.internal_note)
    row.fee = asdict(opinion.fee) if opinion.fee is not None else None
    session.add(row)
    # A partial grant and a refusal always take two people, whatever the table says of a grant.
    alone = found.decides != Decider.TWO and outcome in _GIVING
    if alone:
        await _put_in_force(session, case, claim, row, by=by, now=now)
    else:
        facts = {"outcome": outcome.value}
        await casebook.record(session, case, claim, Event.PROPOSE, by=by, now=now, facts=facts)
    return row


def _check_fee(session: AsyncSession, request: Request, claim: Claim, one: Fee | None, outcome: Outcome) -> None:
    """Only a copy on paper of what is opened costs anything (Act 38(3), Decree 47)."""
    if one is not None:
        posted = "post" in (claim.scope.get("delivery"), request.notify_by)
        given = outcome in (Outcome.APPROVE, Outcome.PARTIAL)
        charged = desk_of(session).policy.fees.charged
        fee.check(one, Right(claim.right), charged=charged, posted=posted, given=given)


async def approve(
    session: AsyncSession, claim_id: UUID, *, agree: bool, note: str | None, version: int, by: Actor, now: datetime
) -> Decision:
    """The second person's word on a proposal (product principle 2); disagreeing returns it with a note."""
    case, claim = await casebook.open(session, claim_id)
    casebook.checked_version(claim, version)
    casebook.refuse_frozen(case.request)
    _must_be_verified(claim)
    await _must_stand(session, case.request, now)
    row = await assessed.proposal(session, claim)
    if row is None:
        raise Conflict("approval.not_proposed")
    if (row.proposer_iss, row.proposer_sub) == (by.iss, by.sub):
        raise Forbidden("approval.same_person")
    await assessed.must_be_others(session, claim, by)
    if not agree and not (note or "").strip():
        raise Invalid("approval.note_required", pointer="/note")
    row.approver_iss, row.approver_sub, row.settled_at = by.iss, by.sub, now
    row.approver_note_ct = _sealed(session, case.request, row.id, "decision.approver_note", note)
    if agree:
        await _put_in_force(session, case, claim, row, by=by, now=now)
    else:
        row.state = "returned"
        await casebook.record(session, case, claim, Event.RETURN, by=by, now=now)
    return row


async def _grant(
    session: AsyncSession, case: Case, claim: Claim, items: tuple[Item, ...], *, nothing: bool, now: datetime
) -> None:
    granted = tuple(VerdictItem(item.item, item.proposed) for item in items)
    outcome = Outcome.NOTHING_HELD if nothing else decision.outcome(Outcome.APPROVE, granted)
    whole = assessed.whole(items, granted, Right(claim.right), assessed.edition_of(session, claim))
    row = _row(session, case.request, claim, outcome, whole, by=None, now=now)
    session.add(row)
    await _put_in_force(session, case, claim, row, by=MACHINE, now=now)


async def _put_in_force(
    session: AsyncSession, case: Case, claim: Claim, row: Decision, *, by: Actor, now: datetime
) -> None:
    row.state, row.settled_at = "effective", now
    await session.flush()
    claim.outcome, claim.granted_at = row.outcome, now
    claim.available_from = _available_from(session, case.request, claim, now)
    event = decision.event(Outcome(row.outcome))
    facts = {"outcome": row.outcome, "decided_by": row.decided_by, **_wait(session, case.request, claim, now)}
    await casebook.record(session, case, claim, event, by=by, now=now, facts=facts)
    crashpoint("decision.before_commit")
    if is_media(claim) and row.outcome == Outcome.REFUSE and row.reason_ct is not None:
        reason = keyring.unseal(session, case.request, "decision.reason", row.id, row.reason_ct)
        await footage.refused(session, case.request, claim, reason, by=by, now=now)


def _available_from(session: AsyncSession, request: Request, claim: Claim, now: datetime) -> datetime:
    today = deadline.seoul_date(now)
    day = release.available_on(
        today,
        claim.due_on,
        right=Right(claim.right),
        capacity=Capacity(request.capacity),
        reached=Reached(request.reached),
        policy=desk_of(session).policy,
    )
    return now if day <= today else deadline.seoul_midnight(day)


def _wait(session: AsyncSession, request: Request, claim: Claim, now: datetime) -> dict[str, Any]:
    """From when what was granted can be fetched and why not before, where it has to wait (C4)."""
    opens, given = claim.available_from, claim.outcome in (Outcome.APPROVE, Outcome.PARTIAL)
    if claim.right != Right.ACCESS or not given or opens is None or opens <= now:
        return {}
    policy, capacity, reached = desk_of(session).policy, Capacity(request.capacity), Reached(request.reached)
    days = release.wait_days(policy, Right.ACCESS, capacity, reached)
    because = {"days": days, "capacity": capacity.value, "reached": reached.value}
    return {"available_on": deadline.seoul_date(opens).isoformat(), "wait": because}


def _row(
    session: AsyncSession,
    request: Request,
    claim: Claim,
    outcome: Outcome,
    items: list[dict[str, Any]],
    *,
    by: Actor | None,
    now: datetime,
) -> Decision:
    row_id = new_id()
    return Decision(
        id=row_id,
        claim_id=claim.id,
        round=claim.round,
        state="proposed",
        outcome=outcome.value,
        decided_by="person" if by else "machine",
        edition=claim.edition,
        # What an officer states of a ground may name somebody, so it is sealed; the rest is ids, articles and dates.
        items=[{name: value for name, value in item.items() if name != "facts"} for item in items],
        facts_ct=keyring.seal(
            session, request, "decision.facts", row_id, {item["item"]: item["facts"] for item in items}
        ),
        proposer_iss=by.iss if by else None,
        proposer_sub=by.sub if by else None,
        proposed_at=now,
    )


def _must_be_verified(claim: Claim) -> None:
    if claim.status in (Status.RECEIVED, Status.AWAITING_EVIDENCE):
        raise Conflict("claim.not_verified")
    if claim.status in (Status.CLOSED, Status.WITHDRAWN, Status.LAPSED):
        raise Conflict("claim.closed")
    if claim.status != Status.VERIFIED:
        raise Conflict("claim.already_decided")


async def _gone(session: AsyncSession, claim: Claim) -> str | None:
    """Of footage that its recorder says it no longer has: from when it was, and how long such is kept."""
    row = await session.get(Footage, claim.id) if is_media(claim) else None
    # That there is none is a full answer to whoever asks whether there is any (policy 14.7).
    if row is None or row.state != "not_held" or row.kind == FootageKind.EXISTENCE:
        return None
    days = footage.cameras(session).kept_days
    return f"{deadline.seoul_time(row.starts_at):%Y-%m-%d %H:%M}부터 촬영, 보관 {days}일"


async def _must_stand(session: AsyncSession, request: Request, now: datetime) -> None:
    """Standing is judged again at every decision: a mandate may have ended, a child grown up (B4)."""
    ended = await parties.standing(session, request, now=now)
    if ended is not None:
        raise Conflict(ended)


def _reads_free_text(session: AsyncSession, claim: Claim, touched: tuple[str, ...]) -> bool:
    """Free text is read where contents are asked for."""
    if claim.right != Right.ACCESS or Aspect.ITEMS not in claim.scope["aspects"]:
        return False
    return any(desk_of(session).policy.categories[one].has_free_text for one in touched)


def _sealed(session: AsyncSession, request: Request, row: UUID, column: str, value: str | None) -> bytes | None:
    return keyring.seal(session, request, column, row, value) if value else None
