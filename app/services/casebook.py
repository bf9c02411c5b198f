"""The one door to a claim: opens it under lock and is the only writer of its status."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.errors import Conflict, NotFound, Stale
from app.jobs import Job, defer
from app.law import deadline, lifecycle, objection
from app.law import footage as footage_law
from app.law.deadline import Began
from app.law.lifecycle import Duty, Step
from app.law.match import Finding
from app.law.terms import Capacity, Event, Method, Right, Status, Whose
from app.models import Claim, Proof, Request, ReviewItem
from app.services import (
    access_codes,
    audit,
    clocks,
    comparing,
    fences,
    follow_ups,
    footage,
    holds,
    informing,
    parties,
    planning,
    relaying,
)
from app.services.parties import Parties
from app.services.scope import is_media

PASS_A_FREEZE = (Event.WITHDRAW, Event.DISOWN, Event.LAPSE, Event.REPORT_OPEN)
"""What ends a claim, or tells that it is late, needs no ruling: nothing is decided or handed out by it."""
DISOWNED = "security.disowned"


@dataclass(frozen=True, slots=True)
class Case:
    """A request and its claims, locked for this transaction."""

    request: Request
    claims: list[Claim]

    def claim(self, claim_id: UUID) -> Claim:
        """One of its claims, or as if unknown."""
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        raise NotFound("claim.not_found")

    def take_out(self) -> None:
        """Whatever moves again is worked on again (Act 21(3))."""
        for one in (self.request, *self.claims):
            one.apart_since = None


async def open_request(session: AsyncSession, request_id: UUID) -> Case:
    """Lock the request, then its claims by id: the one order in which locks are taken."""
    locked = select(Request).where(col(Request.id) == request_id).with_for_update()
    request = (await session.execute(locked.execution_options(populate_existing=True))).scalar_one_or_none()
    if request is None:
        raise NotFound("request.not_found")
    mine = select(Claim).where(col(Claim.request_id) == request_id).order_by(col(Claim.id)).with_for_update()
    claims = (await session.execute(mine.execution_options(populate_existing=True))).scalars()
    return Case(request, list(claims))


async def open(session: AsyncSession, claim_id: UUID) -> tuple[Case, Claim]:
    """Lock the case that this claim stands in."""
    owner = select(col(Claim.request_id)).where(col(Claim.id) == claim_id)
    request_id = (await session.execute(owner)).scalar_one_or_none()
    if request_id is None:
        raise NotFound("claim.not_found")
    case = await open_request(session, request_id)
    return case, case.claim(claim_id)


async def held_still(session: AsyncSession, request_id: UUID) -> Request:
    """A request that nobody can freeze until this transaction ends, nor could before: what is handed out comes first.

    Nobody waits for others who read it.
    """
    steady = select(Request).where(col(Request.id) == request_id).with_for_update(read=True)
    request = (await session.execute(steady.execution_options(populate_existing=True))).scalar_one()
    refuse_frozen(request)
    return request


async def steady(session: AsyncSession, request_id: UUID) -> Request:
    """A request before anything that points to it is locked or written: the one order in which locks are taken."""
    found = select(Request).where(col(Request.id) == request_id).with_for_update(read=True, key_share=True)
    return (await session.execute(found)).scalar_one()


def refuse_frozen(request: Request) -> None:
    """Somebody on record said "it was not me": until an approver has ruled, nothing is decided or handed out (C3)."""
    if request.frozen_at is not None:
        raise Conflict("request.frozen")


def checked_version(claim: Claim, version: int) -> None:
    """A decision names the version it was made on."""
    if claim.version != version:
        raise Stale("precondition.failed")


def admitted(event: Event) -> Status:
    """The status in which a claim begins its life."""
    return lifecycle.advance(None, event).status


async def begin(session: AsyncSession, request_id: UUID, event: Event, *, now: datetime) -> None:
    """Do what a filing owes at once: footage is preserved before anybody has proved who they are."""
    case = await open_request(session, request_id)
    for claim in case.claims:
        for duty in lifecycle.advance(None, event).duties:
            if duty in NOW:
                await NOW[duty](session, case, claim, now)


async def record(
    session: AsyncSession,
    case: Case,
    claim: Claim,
    event: Event,
    *,
    by: Actor,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> Step:
    """Advance the claim, write the audit entry, do what is due now and defer what is due later."""
    if event not in PASS_A_FREEZE:
        refuse_frozen(case.request)
    step = lifecycle.advance(Status(claim.status), event)
    before = claim.status
    claim.status = step.status
    claim.version += 1
    case.take_out()
    if step.status in (Status.WITHDRAWN, Status.LAPSED):
        claim.closed_at = now
    if event == Event.VERIFY:
        claim.verified_at = now
    case.request.version += 1
    audit.note(
        session,
        f"claim.{event}",
        by=by,
        now=now,
        request_id=case.request.id,
        claim_id=claim.id,
        facts={"right": claim.right, "from": before, "to": claim.status, **(facts or {})},
    )
    jobs: list[Job] = []
    for duty in step.duties:
        if duty in NOW:
            await NOW[duty](session, case, claim, now)
        else:
            job = Job(LATER[duty], {"claim_id": str(claim.id)})
            jobs += [job] if job not in jobs else []
    for job in jobs:
        await defer(session, job)
    if claim.status == Status.APPROVED and event != Event.REPORT_OPEN:
        await settle(session, case, claim, now=now)
    return step


async def advance(session: AsyncSession, case: Case, *, by: Actor, now: datetime) -> None:
    """Go on with every claim that lacks no paper any more, or no proof either; `by` brought the last of it."""
    if case.request.frozen_at is not None or await parties.standing(session, case.request, now=now) is not None:
        return
    known = await parties.read(session, case.request)
    _hear_subject(known)
    await access_codes.to_subject(session, known, now=now)
    await _ask_which_child(session, case, known, by=by, now=now)
    for claim in case.claims:
        if claim.status == Status.AWAITING_EVIDENCE and not known.papers_missing():
            await record(session, case, claim, Event.COMPLETE_EVIDENCE, by=by, now=now)
        elif claim.status == Status.RECEIVED and known.proves(claim):
            await record(session, case, claim, Event.VERIFY, by=MACHINE, now=now)
    if known.can_be_told() and known.papers_missing():
        await defer(session, Job("ask_supplement", {"claim_id": str(case.claims[0].id)}))


def _hear_subject(known: Parties) -> None:
    """What a delegate's principal said counts once the mandate is accepted: before, nobody learns who is known."""
    request, mandate = known.request, known.mandate
    if mandate is None or request.identity != parties.NOBODY or not known.papers_show_standing():
        return
    if (confirmed := known.said(Finding.IDENTIFIED)) is not None:
        request.identity, mandate.confirmed_at = parties.IDENTIFIED, confirmed.at
    elif known.said(Finding.NOTHING_HELD) is not None:
        request.identity = parties.NOTHING_HELD


async def _ask_which_child(session: AsyncSession, case: Case, known: Parties, *, by: Actor, now: datetime) -> None:
    """Have the register asked again once the papers show the guardian: the row waits, the job only makes it quick."""
    request = case.request
    if known.capacity is not Capacity.GUARDIAN or request.identity != parties.NOBODY:
        return
    if by == MACHINE or known.papers_missing() or not known.papers_show_standing():
        return
    asking = Proof(
        id=new_id(),
        request_id=request.id,
        party=Whose.REQUESTER,
        method=Method.DOCUMENTS,
        at=now,
        by_role=by.role,
        by_id=by.id,
    )
    session.add(asking)
    await session.flush()
    await defer(session, Job("identify", {"proof_id": str(asking.id)}))


async def settle(session: AsyncSession, case: Case, claim: Claim, *, now: datetime) -> None:
    """Carry the claim out as soon as every holder has done its part; while it is frozen a result is only noted."""
    if case.request.frozen_at is not None:
        return
    if claim.status == Status.APPROVED and await planning.is_done(session, claim):
        await record(session, case, claim, Event.CARRY_OUT, by=MACHINE, now=now)


async def plan_waiting(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Make the tasks that waited for an earlier claim, then see whether anything is left to do."""
    case, claim = await open(session, claim_id)
    if claim.status == Status.APPROVED and claim.waiting and case.request.frozen_at is None:
        facts = {"waited_for": list(claim.waiting)}
        audit.note(
            session, "claim.plan", by=MACHINE, now=now, request_id=case.request.id, claim_id=claim.id, facts=facts
        )
        await planning.plan(session, case.request, claim, now=now)
        await settle(session, case, claim, now=now)


async def _preserve(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    if is_media(claim):
        await footage.order(session, case.request, claim, now=now)


async def _verify_if_proved(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    if await parties.is_proved(session, case.request, claim):
        await record(session, case, claim, Event.VERIFY, by=MACHINE, now=now)


async def _place_hold(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    if claim.status == Status.APPROVED:
        # What an earlier round had stopped or fenced stayed so until it was decided anew.
        await holds.lift(session, claim, kinds=holds.DECIDED, now=now)
        await holds.narrow(session, case.request, claim, now=now)
    if lifecycle.HOLD_FROM.get(Right(claim.right)) == claim.status:
        await holds.place(session, case.request, claim, now=now)


async def _hold_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    if claim.scope.get("changes"):
        await planning.tell_hold(session, case.request, claim, now=now)


async def _lift_hold(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    # A suspension that was carried out goes on; only the correction it waited for ends with the act itself.
    if claim.status == Status.CARRIED_OUT:
        await holds.lift(session, claim, kinds=("correction_pending",), now=now)
        return
    await holds.lift(session, claim, kinds=None, now=now)
    await fences.end(session, claim, "kept", "destroying", now=now)
    await follow_ups.end(session, claim, now=now)


async def _release_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await planning.release(session, case.request, claim, now=now)
    on = deadline.seoul_date(now)
    if is_media(claim) and not footage_law.needed(Status(claim.status), claim.objection_until, on=on):
        await footage.give_up(session, claim, now=now)


async def _plan_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    if is_media(claim):
        await footage.look_for(session, claim, now=now)
    else:
        await planning.plan(session, case.request, claim, now=now)
    await relaying.plan(session, case.request, claim, now=now)


async def _fence_kept(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await fences.after_decision(session, case.request, claim, now=now)


async def _cancel_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await planning.cancel(session, claim, now=now)
    await relaying.cancel(session, claim, now=now)


async def _forget_checked(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await comparing.forget(session, claim, now=now)


async def _resume_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await planning.resume(session, case.request, claim, now=now)


async def _inform_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await informing.plan(session, case.request, claim, now=now)


async def _free_waiting(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await planning.free_waiting(session, case.request, ended=claim)


async def _security_event(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    """Somebody asked in another's name: whoever keeps the house safe looks at it, once a request."""
    audit.note(session, DISOWNED, by=MACHINE, now=now, request_id=case.request.id, claim_id=claim.id)
    await session.flush()
    told = select(col(ReviewItem.id)).where(
        col(ReviewItem.request_id) == case.request.id, col(ReviewItem.kind) == DISOWNED
    )
    if (await session.execute(told.limit(1))).first() is None:
        session.add(ReviewItem(id=new_id(), request_id=case.request.id, kind=DISOWNED, at=now))


async def _new_clock(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    """The cause of a postponement has ended: access within the days of the deferral (Act 35(3), Standard Guideline)."""
    deferral = desk_of(session).rulebook.named(claim.edition).deferral
    clocks.restart(session, claim, deferral.days, deferral.basis, event=Began.RESUMED, now=now)


async def _new_round(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    """The objection was upheld: everything is judged anew, by other people, within the days of the right itself.

    What is kept stays held until then, but no day of the old round brings its destruction.
    """
    await fences.end(session, claim, "kept", now=now)
    await follow_ups.end(session, claim, now=now)
    edition, right = desk_of(session).rulebook.named(claim.edition), Right(claim.right)
    claim.round += 1
    claim.outcome = claim.granted_at = claim.available_from = claim.reported_open_at = claim.answered_at = None
    claim.read_by = claim.read_at = claim.closed_at = claim.objection_until = None
    claim.waiting = []
    clocks.restart(session, claim, edition.days[right], edition.basis[right], event=Began.UPHELD, now=now)


async def _open_objection_window(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    days = desk_of(session).policy.settled.objection_window_days
    claim.closed_at = now
    claim.objection_until = objection.until(deadline.seoul_date(now), days)


async def _open_follow_up(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await follow_ups.open_(session, claim, now=now)


NowDuty = Callable[[AsyncSession, Case, Claim, datetime], Awaitable[None]]

NOW: dict[Duty, NowDuty] = {
    Duty.PRESERVE_TASKS: _preserve,
    Duty.VERIFY_IF_PROVED: _verify_if_proved,
    Duty.PLACE_HOLD: _place_hold,
    Duty.HOLD_TASKS: _hold_tasks,
    Duty.LIFT_HOLD: _lift_hold,
    Duty.RELEASE_TASKS: _release_tasks,
    Duty.PLAN_TASKS: _plan_tasks,
    Duty.FENCE_KEPT: _fence_kept,
    Duty.CANCEL_TASKS: _cancel_tasks,
    Duty.FORGET_CHECKED: _forget_checked,
    Duty.RESUME_TASKS: _resume_tasks,
    Duty.INFORM_TASKS: _inform_tasks,
    Duty.FREE_WAITING: _free_waiting,
    Duty.SECURITY_EVENT: _security_event,
    Duty.NEW_CLOCK: _new_clock,
    Duty.NEW_ROUND: _new_round,
    Duty.OPEN_OBJECTION_WINDOW: _open_objection_window,
    Duty.OPEN_FOLLOW_UP: _open_follow_up,
}

LATER: dict[Duty, str] = {
    Duty.ASK_SUPPLEMENT: "ask_supplement",
    Duty.ASSESS: "assess",
    Duty.TELL_APPROVER: "tell_approver",
    Duty.TELL_OFFICER: "tell_officer",
    Duty.NOTICE: "conclude",
    Duty.PACKAGE: "conclude",
    Duty.CONFIRM_WITHDRAWAL: "confirm_withdrawal",
    Duty.LAPSE_NOTICE: "conclude",
    Duty.REPORT_NOTICE: "report_open",
    Duty.ESCALATE: "escalate",
    Duty.POSTPONE_NOTICE: "postpone_notice",
    Duty.ACKNOWLEDGE: "acknowledge_objection",
    Duty.RULING_NOTICE: "ruling_notice",
}
