"""The days that come by themselves: what lapses, and what must be reported although holders are silent.

What is open has no day on which it closed: saying so lets an index of open claims alone answer, however many ended.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE
from app.jobs import Job, defer
from app.law import deadline
from app.law.terms import Event, Status
from app.models import (
    Assessment,
    Claim,
    DestroyedRequest,
    Destruction,
    Evidence,
    Message,
    Proof,
    Request,
    ReviewItem,
    Verification,
)
from app.services import answer_links, audit, casebook, late_holders, scanning, supplements
from app.services.planning import AT_WORK, RANK

# What arrived long before it was entered is late already; its person still gets time to prove who they are.
ENTRY_GRACE = timedelta(days=2)
FORGOTTEN = timedelta(seconds=30)
_BATCH = 500
TO_READ = "collection.read"
DUE = "claim.falls_due"
_RANK = {right.value: place for right, place in RANK.items()}
_UNVERIFIED = (Status.RECEIVED, Status.AWAITING_EVIDENCE)


async def lapsing(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Claims whose internal day has come and whose requester could not be verified, though nothing of theirs waits."""
    due = (
        select(col(Claim.id))
        .join(Request, col(Request.id) == col(Claim.request_id))
        .where(
            col(Claim.status).in_(_UNVERIFIED),
            col(Claim.closed_at).is_(None),
            col(Claim.internal_on) <= deadline.seoul_date(now),
            col(Request.filed_at) <= now - ENTRY_GRACE,
            ~_waits_for_us(),
        )
        .limit(_BATCH)
    )
    return list((await session.execute(due)).scalars())


async def unreported(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Approved claims whose internal day has come while holders still have open tasks."""
    due = select(col(Claim.id)).where(
        col(Claim.status) == Status.APPROVED,
        col(Claim.closed_at).is_(None),
        col(Claim.internal_on) <= deadline.seoul_date(now),
        col(Claim.reported_open_at).is_(None),
        ~_is_frozen(col(Claim.request_id)),
    )
    return list((await session.execute(due.limit(_BATCH))).scalars())


async def unsettled(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Claims whose internal day has come while people of ours have still to decide, or to read what came."""
    told = select(ReviewItem).where(col(ReviewItem.request_id) == col(Claim.request_id), col(ReviewItem.kind) == DUE)
    due = select(col(Claim.id)).where(
        col(Claim.status).in_((Status.VERIFIED, Status.CARRIED_OUT)) | _waits_for_us(),
        col(Claim.closed_at).is_(None),
        col(Claim.internal_on) <= deadline.seoul_date(now),
        ~told.exists(),
    )
    return list((await session.execute(due.limit(_BATCH))).scalars())


async def remind(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Put a claim that falls due before an officer, once a request: no day passes in silence (P7)."""
    case, claim = await casebook.open(session, claim_id)
    known = select(col(ReviewItem.id)).where(col(ReviewItem.request_id) == case.request.id, col(ReviewItem.kind) == DUE)
    if (await session.execute(known)).first() is not None:
        return
    session.add(ReviewItem(id=new_id(), request_id=case.request.id, kind=DUE, at=now))
    facts = {"due_on": claim.due_on.isoformat(), "status": claim.status}
    audit.note(
        session, "claim.falls_due", by=MACHINE, now=now, request_id=case.request.id, claim_id=claim.id, facts=facts
    )
    await defer(session, Job("tell_officer", {"claim_id": str(claim.id)}))


async def lapse(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """End a claim that could not be verified in time; the person may file again."""
    case, claim = await casebook.open(session, claim_id)
    ours = (await session.execute(select(col(Claim.id)).where(col(Claim.id) == claim_id, _waits_for_us()))).first()
    if claim.status in _UNVERIFIED and claim.internal_on <= deadline.seoul_date(now) and ours is None:
        await casebook.record(session, case, claim, Event.LAPSE, by=MACHINE, now=now)


async def report(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Have the person told in time what is done and who is silent."""
    case, claim = await casebook.open(session, claim_id)
    if claim.status == Status.APPROVED and claim.reported_open_at is None and case.request.frozen_at is None:
        await late_holders.before_notice(session, claim, now=now)
        claim.reported_open_at = now
        await casebook.record(session, case, claim, Event.REPORT_OPEN, by=MACHINE, now=now)


async def overlooked(session: AsyncSession, *, now: datetime) -> list[tuple[str, dict[str, str]]]:
    """Rows that wait for a job which is gone: the row is the truth, the queue only makes it quick."""
    before = now - FORGOTTEN
    jobs: list[tuple[str, dict[str, str]]] = []
    codes = select(col(Verification.id)).where(
        col(Verification.sends),
        col(Verification.sent_at).is_(None),
        col(Verification.created_at) < before,
        col(Verification.expires_at) > now,
    )
    jobs += [("send_code", {"verification_id": str(one)}) for one in await _ids(session, codes)]
    proofs = select(col(Proof.id)).where(
        col(Proof.judged_at).is_(None), col(Proof.at) < before, ~_is_frozen(col(Proof.request_id))
    )
    jobs += [("identify", {"proof_id": str(one)}) for one in await _ids(session, proofs)]
    messages = select(col(Message.id)).where(col(Message.state) == "queued", col(Message.next_at) < before)
    jobs += [("send_message", {"message_id": str(one)}) for one in await _ids(session, messages)]
    unassessed = select(col(Claim.id)).where(
        col(Claim.status) == Status.VERIFIED,
        ~_is_frozen(col(Claim.request_id)),
        ~select(Assessment)
        .where(col(Assessment.claim_id) == col(Claim.id), col(Assessment.round) == col(Claim.round))
        .exists(),
    )
    jobs += [("assess", {"claim_id": str(one)}) for one in await _ids(session, unassessed)]
    to_read = select(ReviewItem).where(
        col(ReviewItem.request_id) == col(Claim.request_id),
        col(ReviewItem.kind) == TO_READ,
        col(ReviewItem.settled_at).is_(None),
    )
    untold = select(col(Claim.id)).where(
        col(Claim.status).in_((Status.CARRIED_OUT, Status.REFUSED)),
        ~_is_frozen(col(Claim.request_id)),
        ~to_read.exists(),
    )
    jobs += [("conclude", {"claim_id": str(one)}) for one in await _ids(session, untold)]
    jobs += [("plan_again", {"claim_id": str(one)}) for one in await _ids(session, _free_again())]
    jobs += [("ask_supplement", {"claim_id": str(one)}) for one in await _ids(session, supplements.unsent())]
    jobs += [("scan_evidence", {"evidence_id": str(one)}) for one in await _ids(session, scanning.overlooked(before))]
    jobs += [("open_answer_link", {"task_id": str(one)}) for one in await _ids(session, answer_links.untold(before))]
    jobs += [("destroy", {"destruction_id": str(one)}) for one in await _ids(session, _undestroyed(before))]
    return jobs


def _undestroyed(before: datetime) -> Select[UUID]:
    """Destructions that were confirmed and on which nobody is at work."""
    lately = select(DestroyedRequest).where(
        col(DestroyedRequest.destruction_id) == col(Destruction.id), col(DestroyedRequest.destroyed_at) >= before
    )
    confirmed = col(Destruction.state) == "confirmed", col(Destruction.confirmed_at) < before
    return select(col(Destruction.id)).where(*confirmed, ~lately.exists())


def _free_again() -> Select[UUID]:
    """Claims that wait although nothing of their asker comes before them: one ended while the other began to wait."""
    mine, other, whose = aliased(Request), aliased(Claim), aliased(Request)
    before = (
        select(col(other.id))
        .join(whose, col(whose.id) == col(other.request_id))
        .where(
            col(whose.asker_digest) == col(mine.asker_digest),
            col(other.status).in_(AT_WORK),
            case(_RANK, value=col(other.right)) < case(_RANK, value=col(Claim.right)),
        )
    )
    return (
        select(col(Claim.id))
        .join(mine, col(mine.id) == col(Claim.request_id))
        .where(
            col(Claim.status) == Status.APPROVED,
            col(Claim.waiting) != [],
            col(mine.frozen_at).is_(None),
            ~before.exists(),
        )
    )


def _waits_for_us() -> ColumnElement[bool]:
    """Whether a claim lacks only our own reading of a paper: nobody loses it because we were slow."""
    unread = exists().where(
        col(Evidence.request_id) == col(Claim.request_id), col(Evidence.state).in_(("scan_pending", "pending"))
    )
    return (col(Claim.status) == Status.AWAITING_EVIDENCE) & unread


def _is_frozen(request_id: Mapped[UUID]) -> ColumnElement[bool]:
    """Whether somebody stopped this request: what waits for the ruling is found again after it (C3)."""
    return exists().where(col(Request.id) == request_id, col(Request.frozen_at).is_not(None))


async def _ids(session: AsyncSession, statement: Select[UUID]) -> list[UUID]:
    return list((await session.execute(statement.limit(_BATCH))).scalars())
