"""Access put off (Act 35(3), Decree 42(2)): for a ground, until a day, told with the reason and the way to object."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.errors import Conflict
from app.law import deadline, postponement
from app.law.terms import Event, Right, Status
from app.models import Claim, Postponement, Request
from app.services import casebook, composing, disclosure, keyring, telling
from app.services.scope import is_media

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Delay:
    """Why access is put off, in the person's own language, and until when."""

    ground: str
    reason: str
    expected_on: date


async def postpone(
    session: AsyncSession, claim_id: UUID, delay: Delay, *, version: int, by: Actor, now: datetime
) -> Claim:
    """Put access off, before its day or not at all (Act 35(3), Decree 42(2))."""
    case, claim = await casebook.open(session, claim_id)
    casebook.checked_version(claim, version)
    casebook.refuse_frozen(case.request)
    desk, today = desk_of(session), deadline.seoul_date(now)
    edition = desk.rulebook.named(claim.edition)
    earlier = [one.ground for one in await _of_round(session, claim)]
    postponement.check(
        delay.ground,
        right=Right(claim.right),
        edition=edition,
        controller=desk.policy.kind,
        media=is_media(claim),
        arrived_on=deadline.seoul_date(case.request.arrived_at),
        today=today,
        due_on=claim.due_on,
        expected_on=delay.expected_on,
        used=earlier,
        longest_days=desk.policy.settled.postponement_days,
        reason=delay.reason,
    )
    row_id = new_id()
    session.add(
        Postponement(
            id=row_id,
            claim_id=claim.id,
            request_id=case.request.id,
            round=claim.round,
            ground=delay.ground,
            reason_ct=keyring.seal(session, case.request, "postponement.reason", row_id, delay.reason),
            expected_on=delay.expected_on,
            due_before=claim.due_on,
            at=now,
            by_iss=by.iss,
            by_sub=by.sub,
        )
    )
    facts = {"ground": delay.ground, "expected_on": delay.expected_on.isoformat()}
    await casebook.record(session, case, claim, Event.POSTPONE, by=by, now=now, facts=facts)
    return claim


async def resume(session: AsyncSession, claim_id: UUID, *, version: int | None, by: Actor, now: datetime) -> Claim:
    """The cause has ended: the claim goes on, within the days of the deferral (Act 35(3))."""
    case, claim = await casebook.open(session, claim_id)
    if version is not None:
        casebook.checked_version(claim, version)
    row = await standing(session, claim)
    if claim.status == Status.POSTPONED and row is not None:
        row.resumed_at, row.resumed_by = now, "machine" if by == MACHINE else by.id
    await casebook.record(session, case, claim, Event.RESUME, by=by, now=now)
    return claim


async def standing(session: AsyncSession, claim: Claim) -> Postponement | None:
    """The postponement under which the claim waits."""
    open_ = [one for one in await _of_round(session, claim) if one.resumed_at is None]
    return open_[-1] if open_ else None


async def ripe(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Claims whose expected day has come: nobody has to remember them."""
    frozen = exists().where(col(Request.id) == col(Claim.request_id), col(Request.frozen_at).is_not(None))
    due = (
        select(col(Claim.id))
        .join(Postponement, col(Postponement.claim_id) == col(Claim.id))
        .where(
            col(Claim.status) == Status.POSTPONED,
            col(Postponement.round) == col(Claim.round),
            col(Postponement.resumed_at).is_(None),
            col(Postponement.expected_on) <= deadline.seoul_date(now),
            ~frozen,
        )
    )
    return list((await session.execute(due.limit(_BATCH))).scalars())


async def take_up(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Go on with a claim whose expected day has come."""
    case, claim = await casebook.open(session, claim_id)
    row = await standing(session, claim)
    waits = claim.status == Status.POSTPONED and case.request.frozen_at is None
    if waits and row is not None and row.expected_on <= deadline.seoul_date(now):
        await resume(session, claim_id, version=None, by=MACHINE, now=now)


async def tell(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Form 9, put off: reason, ground, day, and how to object; then a word that it is there."""
    case, claim = await casebook.open(session, claim_id)
    rows = await _of_round(session, claim)
    if not rows:
        return
    row, kind = rows[-1], f"postponement_{len(rows)}"
    if await disclosure.is_told(session, claim, claim.round, kind):
        return
    reason = keyring.unseal(session, case.request, "postponement.reason", row.id, row.reason_ct)
    facts = await disclosure.facts_of(session, case, claim, now=now)
    answer = composing.postponed(desk_of(session), claim, row.ground, reason, row.expected_on, facts.tongue)
    notice = await disclosure.write(session, facts, kind, now=now, answer=answer)
    await telling.tell_party(session, case.request, "postponed", facts.who, notice=notice, now=now)


async def _of_round(session: AsyncSession, claim: Claim) -> list[Postponement]:
    mine = (
        select(Postponement)
        .where(col(Postponement.claim_id) == claim.id, col(Postponement.round) == claim.round)
        .order_by(col(Postponement.id))
    )
    return list((await session.execute(mine)).scalars())


async def must_be_postponed(session: AsyncSession, claim: Claim) -> Postponement:
    """The postponement that is objected to; a conflict where nothing is put off."""
    row = await standing(session, claim)
    if claim.status != Status.POSTPONED or row is None:
        raise Conflict("state.conflict")
    return row
