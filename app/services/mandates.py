"""The end of a mandate or of a guardianship in mid-case (Act 38(1)(2); Civil Act 4, 127, 128, 689; B4).

Whoever asked can do nothing more and is told nothing more: what is open lapses, but for what a holder may already be
destroying, whose result goes to the subject. Every change is made under the request's lock, so that a decision or a
disclosure comes before it or finds it done.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import MACHINE, Actor
from app.errors import Conflict, Invalid
from app.law import deadline
from app.law.terms import Event, Status, Whose
from app.models import Claim, Mandate, Requester
from app.services import access_codes, audit, casebook, parties, recipients, telling, withdrawal
from app.services.casebook import Case
from app.services.visibility import visible

REVOKED, RENOUNCED, DEATH, EXPIRED = "revoked", "renounced", "death", "expired"
_ENDABLE = (Status.RECEIVED, Status.AWAITING_EVIDENCE, Status.VERIFIED, Status.POSTPONED, Status.APPROVED)
_OVER = (Status.LAPSED, Status.WITHDRAWN)
_BATCH = 500


async def revoke(
    session: AsyncSession, request_id: UUID, cause: str | None, *, by: Actor, now: datetime
) -> tuple[Mandate, list[Claim]]:
    """End a mandate; what its end meant already stays as it is. Doing it again changes nothing."""
    await visible(session, request_id, by)
    cause = _cause(cause, by)
    case = await casebook.open_request(session, request_id)
    mandate = await session.get(Mandate, request_id, with_for_update=True)
    if mandate is None:
        raise Conflict("state.conflict")
    if mandate.revoked_at is None:
        await _end(session, case, mandate, cause, by=by, now=now)
    return mandate, case.claims


async def doubtful(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Requests asked for somebody else whose standing has to be judged today."""
    today = deadline.seoul_date(now)
    unseen = or_(col(Requester.checked_on).is_(None), col(Requester.checked_on) < today)
    at_work = (
        select(col(Requester.request_id))
        .join(Claim, col(Claim.request_id) == col(Requester.request_id))
        .where(col(Claim.status).in_(_ENDABLE), unseen)
    )
    expired = select(col(Mandate.request_id)).where(col(Mandate.revoked_at).is_(None), col(Mandate.expires_on) < today)
    return list((await session.execute(union(at_work, expired).limit(_BATCH))).scalars())


async def judge(session: AsyncSession, request_id: UUID, *, now: datetime) -> None:
    """Judge a standing again: where it has ended, what is open lapses."""
    case = await casebook.open_request(session, request_id)
    requester = await session.get_one(Requester, request_id, with_for_update=True)
    requester.checked_on = deadline.seoul_date(now)
    ended = await parties.standing(session, case.request, now=now)
    if ended is None:
        return
    mandate = await session.get(Mandate, request_id, with_for_update=True)
    if mandate is not None and mandate.revoked_at is None:
        await _end(session, case, mandate, EXPIRED, by=MACHINE, now=now)
    else:
        await _lapse(session, case, ended, by=MACHINE, now=now)


def _cause(named: str | None, by: Actor) -> str:
    """Of the parties the subject revokes and the delegate renounces; only an officer notes a death."""
    own = RENOUNCED if by.role == "requester" and by.party == Whose.REQUESTER else REVOKED
    cause = named or own
    if (by.role == "requester" and cause != own) or (cause == DEATH and by.role != "officer"):
        raise Invalid("field.inconsistent", pointer="/cause")
    return cause


async def _end(session: AsyncSession, case: Case, mandate: Mandate, cause: str, *, by: Actor, now: datetime) -> None:
    mandate.revoked_at, mandate.revoked_cause = now, cause
    case.request.version += 1
    audit.note(session, "mandate.end", by=by, now=now, request_id=case.request.id, facts={"cause": cause})
    lapsed = await _lapse(session, case, f"mandate.{cause}", by=by, now=now)
    if lapsed or cause != EXPIRED:
        # That a mandate ran out long after its answer was given is no news.
        await _tell(session, case, mandate, now)
    if cause != DEATH and any(claim.status not in _OVER for claim in case.claims):
        # What the delegate was to be told is the subject's now, who may never have had a code.
        await access_codes.to_subject(session, await parties.read(session, case.request), now=now)


async def _lapse(session: AsyncSession, case: Case, ended: str, *, by: Actor, now: datetime) -> int:
    """End what can still be ended, and say how much that was."""
    open_ = [
        claim for claim in case.claims if claim.status in _ENDABLE and not await withdrawal.is_under_way(session, claim)
    ]
    for claim in open_:
        await casebook.record(session, case, claim, Event.LAPSE, by=by, now=now, facts={"ended": ended})
    return len(open_)


async def _tell(session: AsyncSession, case: Case, mandate: Mandate, now: datetime) -> None:
    """Both sides hear of it, as far as they were ever reached: a stranger's request wakes nobody (A20)."""
    requester = await session.get_one(Requester, case.request.id)
    # Who confirmed it hears of its end, though the paper itself may never have been accepted.
    confirmed = (await parties.read(session, case.request)).said(parties.IDENTIFIED) is not None
    known = confirmed or case.request.identity != parties.NOBODY
    reached = {
        Whose.SUBJECT: known and mandate.revoked_cause != DEATH,
        Whose.REQUESTER: requester.proved != "none",
    }
    for party, was_reached in reached.items():
        if was_reached:
            who = await recipients.whose(session, case.request, party)
            kind = "mandate_over" if mandate.revoked_cause == DEATH else "mandate_ended"
            await telling.tell_party(session, case.request, kind, who, now=now)
