"""The one door to a claim: opens it under lock and is the only writer of its status."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import MACHINE, Actor, desk_of
from app.errors import NotFound, Stale
from app.jobs import Job, defer
from app.law import deadline, lifecycle
from app.law.lifecycle import Duty, Step
from app.law.terms import Event, Right, Status
from app.models import Claim, Request
from app.services import audit, holds, planning


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


def checked_version(claim: Claim, version: int) -> None:
    """A decision names the version it was made on."""
    if claim.version != version:
        raise Stale("precondition.failed")


def admitted(event: Event) -> Status:
    """The status in which a claim begins its life."""
    return lifecycle.advance(None, event).status


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
    step = lifecycle.advance(Status(claim.status), event)
    before = claim.status
    claim.status = step.status
    claim.version += 1
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


async def settle(session: AsyncSession, case: Case, claim: Claim, *, now: datetime) -> None:
    """Carry the claim out as soon as every holder has done its part."""
    if claim.status == Status.APPROVED and await planning.is_done(session, claim):
        await record(session, case, claim, Event.CARRY_OUT, by=MACHINE, now=now)


async def plan_waiting(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Make the tasks that waited for an earlier claim, then see whether anything is left to do."""
    case, claim = await open(session, claim_id)
    if claim.status == Status.APPROVED and claim.waiting:
        facts = {"waited_for": list(claim.waiting)}
        audit.note(
            session, "claim.plan", by=MACHINE, now=now, request_id=case.request.id, claim_id=claim.id, facts=facts
        )
        await planning.plan(session, case.request, claim, now=now)
        await settle(session, case, claim, now=now)


async def _place_hold(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    if lifecycle.HOLD_FROM.get(Right(claim.right)) == claim.status:
        await holds.place(session, case.request, claim, now=now)


async def _hold_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    if claim.scope.get("changes"):
        await planning.tell_hold(session, case.request, claim, now=now)


async def _lift_hold(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    # A suspension that was carried out goes on; only the correction it waited for ends with the act itself.
    kinds = ("correction_pending",) if claim.status == Status.CARRIED_OUT else None
    await holds.lift(session, claim, kinds=kinds, now=now)


async def _release_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await planning.release(session, case.request, claim, now=now)


async def _plan_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await planning.plan(session, case.request, claim, now=now)


async def _fence_kept(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await holds.fence(session, case.request, claim, now=now)


async def _cancel_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await planning.cancel(session, claim, now=now)


async def _resume_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await planning.resume(session, case.request, claim, now=now)


async def _inform_tasks(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await planning.inform(session, case.request, claim, now=now)


async def _free_waiting(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    await planning.free_waiting(session, case.request, ended=claim)


async def _open_objection_window(session: AsyncSession, case: Case, claim: Claim, now: datetime) -> None:
    days = desk_of(session).policy.settled.objection_window_days
    claim.closed_at = now
    claim.objection_until = deadline.seoul_date(now) + timedelta(days=days)


NowDuty = Callable[[AsyncSession, Case, Claim, datetime], Awaitable[None]]

NOW: dict[Duty, NowDuty] = {
    Duty.PLACE_HOLD: _place_hold,
    Duty.HOLD_TASKS: _hold_tasks,
    Duty.LIFT_HOLD: _lift_hold,
    Duty.RELEASE_TASKS: _release_tasks,
    Duty.PLAN_TASKS: _plan_tasks,
    Duty.FENCE_KEPT: _fence_kept,
    Duty.CANCEL_TASKS: _cancel_tasks,
    Duty.RESUME_TASKS: _resume_tasks,
    Duty.INFORM_TASKS: _inform_tasks,
    Duty.FREE_WAITING: _free_waiting,
    Duty.OPEN_OBJECTION_WINDOW: _open_objection_window,
}

LATER: dict[Duty, str] = {
    Duty.ASSESS: "assess",
    Duty.TELL_APPROVER: "tell_approver",
    Duty.TELL_OFFICER: "tell_officer",
    Duty.NOTICE: "conclude",
    Duty.PACKAGE: "conclude",
    Duty.CONFIRM_WITHDRAWAL: "confirm_withdrawal",
    Duty.LAPSE_NOTICE: "conclude",
    Duty.REPORT_NOTICE: "report_open",
    Duty.ESCALATE: "escalate",
}
