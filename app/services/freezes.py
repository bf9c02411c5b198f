"""It was not me: a stop code freezes a request, an approver rules on it within working days (C3).

Whoever enters a code hears one and the same answer. Each code works once, so that nobody can hold up another's request
for ever; what was frozen is neither decided nor handed out until somebody who had no part in it has ruled.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select, union_all
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import numbers
from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.errors import Conflict, Forbidden, Invalid, Stale
from app.law import deadline
from app.law.terms import Event, Status
from app.models import Alert, Decision, Evidence, Freeze, Proof, Request, ReviewItem
from app.services import audit, casebook, flags, incidents, keyring, outbox, telling, thawing, withdrawal
from app.services.casebook import Case
from app.services.parties import NOBODY
from app.services.visibility import visible

FROZEN, OVERDUE, IRREVERSIBLE = "request.frozen", "freeze.overdue", "security.irreversible"
_ALERTED = "alerted"
_UNDOABLE = (Status.RECEIVED, Status.AWAITING_EVIDENCE, Status.VERIFIED, Status.POSTPONED, Status.APPROVED)
_UNDONE = (Status.WITHDRAWN, Status.LAPSED)
_BATCH = 500


async def stop(session: AsyncSession, code: str, *, now: datetime) -> None:
    """Freeze the request that this code was sent for; a code that is wrong, or was used, changes nothing.

    A code is long enough that only who was sent it can find it: what the time of the work shows, they know.
    """
    digest = desk_of(session).keys.digest(f"stop|{numbers.stop_written(code)}")
    alert = (await session.execute(select(Alert).where(col(Alert.stop_digest) == digest))).scalar_one_or_none()
    if alert is None:
        return
    case = await casebook.open_request(session, alert.request_id)
    stopped_already = bool(await _open(session, case.request.id))
    if await _is_void(session, case.request) or not await _take(session, alert, now):
        return
    facts = {"alert": str(alert.id), "holder": alert.holder}
    by = Actor(_ALERTED, MACHINE.iss, str(alert.id))
    audit.note(session, "request.freeze", by=by, now=now, request_id=case.request.id, facts=facts)
    # Whoever is about to rule looks again: another one has said so.
    case.request.version += 1
    if not stopped_already:
        # An incident may hold it as well; who has to rule on the stop hears of it all the same.
        case.request.frozen_at = case.request.frozen_at or now
        case.take_out()
        await _tell_frozen(session, case, now)


async def rule(
    session: AsyncSession, request_id: UUID, result: str, reason: str | None, *, version: int, by: Actor, now: datetime
) -> None:
    """An approver's ruling, with its reason: the request goes on, or it was never this person's."""
    await visible(session, request_id, by)
    if not (reason or "").strip():
        raise Invalid("decision.reason_required", pointer="/reason")
    case = await casebook.open_request(session, request_id)
    if case.request.version != version:
        raise Stale("precondition.failed")
    open_ = await _open(session, request_id)
    if not open_:
        raise Conflict("state.conflict")
    if await _took_part(session, case, by):
        raise Forbidden("approval.same_person")
    for freeze in open_:
        freeze.result, freeze.ruled_at, freeze.ruled_by_iss, freeze.ruled_by_sub = result, now, by.iss, by.sub
        freeze.reason_ct = keyring.seal(session, case.request, "freeze.reason", freeze.id, reason)
    await _settle_reviews(session, request_id, by, now)
    case.request.version += 1
    audit.note(session, "freeze.rule", by=by, now=now, request_id=request_id, facts={"result": result})
    await (_disown if result == "void" else _go_on)(session, case, by, now)


async def overdue(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Requests whose freeze nobody has ruled on in time, each named once a freeze."""
    return list((await session.execute(_late(now).distinct().limit(_BATCH))).scalars())


async def remind(session: AsyncSession, request_id: UUID, *, now: datetime) -> None:
    """A veto must not last: put an unruled freeze before the approver again, once."""
    case = await casebook.open_request(session, request_id)
    late = await session.execute(_late(now).where(col(Freeze.request_id) == request_id).limit(1))
    if late.first() is None:
        return
    session.add(ReviewItem(id=new_id(), request_id=request_id, kind=OVERDUE, at=now))
    audit.note(session, OVERDUE, by=MACHINE, now=now, request_id=request_id)
    await _tell_approver(session, case.request, await _open(session, request_id), now)


def _late(now: datetime) -> Select[UUID]:
    said = exists().where(
        col(ReviewItem.request_id) == col(Freeze.request_id),
        col(ReviewItem.kind) == OVERDUE,
        col(ReviewItem.at) >= col(Freeze.at),
    )
    return select(col(Freeze.request_id)).where(
        col(Freeze.result).is_(None), col(Freeze.rule_by) < deadline.seoul_date(now), ~said
    )


async def _take(session: AsyncSession, alert: Alert, now: datetime) -> bool:
    """Use the code up; False if it was."""
    desk = desk_of(session)
    days = desk.policy.settled.freeze_ruling_working_days
    rule_by = deadline.working_days_after(deadline.seoul_date(now), days, desk.closed)
    taken = upsert(Freeze).values(id=new_id(), request_id=alert.request_id, alert_id=alert.id, at=now, rule_by=rule_by)
    once = taken.on_conflict_do_nothing(index_elements=["alert_id"]).returning(col(Freeze.id))
    return (await session.execute(once)).first() is not None


async def _open(session: AsyncSession, request_id: UUID) -> Sequence[Freeze]:
    unruled = select(Freeze).where(col(Freeze.request_id) == request_id, col(Freeze.result).is_(None))
    return (await session.execute(unruled.order_by(col(Freeze.id)))).scalars().all()


async def _is_void(session: AsyncSession, request: Request) -> bool:
    """Whether it was ruled to be nobody's of this person: then it stays frozen for good, and no code changes that."""
    void = select(col(Freeze.id)).where(col(Freeze.request_id) == request.id, col(Freeze.result) == "void")
    return request.frozen_at is not None and (await session.execute(void.limit(1))).first() is not None


async def _tell_frozen(session: AsyncSession, case: Case, now: datetime) -> None:
    """People of ours look at once; who asked hears that it stopped, not why and not through whom."""
    session.add(ReviewItem(id=new_id(), request_id=case.request.id, kind=FROZEN, at=now))
    await telling.tell_desk(session, case.claims[0].id, "officer_todo", now=now)
    await _tell_approver(session, case.request, await _open(session, case.request.id), now)
    if case.request.identity != NOBODY:
        # Whoever was never identified learns nothing by it: that somebody answered would say that somebody is there.
        await telling.tell(session, case.request, "frozen", purpose="procedure", now=now)


async def _tell_approver(session: AsyncSession, request: Request, freezes: Sequence[Freeze], now: datetime) -> None:
    rule_by = min(freeze.rule_by for freeze in freezes)
    params = {"receipt_no": request.receipt_no, "due_on": rule_by.isoformat()}
    content = {"to": desk_of(session).policy.desk_email, "params": params}
    await outbox.message(session, request, "approver_freeze", "mail", content, now=now)


async def _took_part(session: AsyncSession, case: Case, by: Actor) -> bool:
    """Whether this person filed, vouched for, reviewed or decided any of it: nobody rules on their own act."""
    request = case.request
    claims = [claim.id for claim in case.claims]
    decided = select(col(Decision.id)).where(
        col(Decision.claim_id).in_(claims),
        ((col(Decision.proposer_iss) == by.iss) & (col(Decision.proposer_sub) == by.sub))
        | ((col(Decision.approver_iss) == by.iss) & (col(Decision.approver_sub) == by.sub)),
    )
    vouched = select(col(Proof.id)).where(col(Proof.request_id) == request.id, col(Proof.by_id) == by.id)
    reviewed = select(col(Evidence.id)).where(
        col(Evidence.request_id) == request.id,
        col(Evidence.reviewed_by_iss) == by.iss,
        col(Evidence.reviewed_by_sub) == by.sub,
    )
    filed = (request.filer_iss, request.filer_sub) == (by.iss, by.sub)
    acted = await session.execute(union_all(decided, vouched, reviewed).limit(1))
    return filed or acted.first() is not None


async def _settle_reviews(session: AsyncSession, request_id: UUID, by: Actor, now: datetime) -> None:
    for kind in (FROZEN, OVERDUE):
        await flags.settle(session, request_id, kind, by=by, now=now)


async def _disown(session: AsyncSession, case: Case, by: Actor, now: datetime) -> None:
    """It was somebody else: every claim that can be undone is, and nothing of it is ever handed out.

    The request stays frozen for good. What holders may have destroyed already cannot be called back: a person looks.
    What was handed out already reached the wrong person: that is an incident (Act 34).
    """
    for claim in case.claims:
        if claim.status in _UNDOABLE and not await withdrawal.is_under_way(session, claim):
            await casebook.record(session, case, claim, Event.DISOWN, by=by, now=now)
    if any(claim.status not in _UNDONE for claim in case.claims):
        session.add(ReviewItem(id=new_id(), request_id=case.request.id, kind=IRREVERSIBLE, at=now))
    await incidents.open_by_itself(session, case, now=now)


async def _go_on(session: AsyncSession, case: Case, by: Actor, now: datetime) -> None:
    """It was the person after all: whatever waited goes on where it stood, if nothing else holds it."""
    if not await thawing.thaw(session, case.request):
        return
    if case.request.identity != NOBODY:
        await telling.tell(session, case.request, "freeze_released", purpose="procedure", now=now)
    await thawing.go_on(session, case, by=by, now=now)
