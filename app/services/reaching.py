"""Whether what was said arrived (Decree 41(5), 42(2), 43(3), 44(2): the person is to know), and what follows if not.

A contact that does not take a message is lost for this request; the same word goes by the next way that the person
gave, and at last a person at the desk says it. A failure never fails the claim, and never passes in silence (P11).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Actor
from app.documents.messages import PERSONAL
from app.models import Claim, LostContact, Message, Notice, Request, Requester, ReviewItem
from app.services import audit, casebook, outbox, telling, throttle
from app.services.parties import NOBODY

ANSWERS = ("result", "interim")
"""The notices that answer a claim."""
UNKNOWN_MOST = ("lapse_notice", 24 * 60)
"""Whom nobody identified hears at most one such word a contact in so many minutes: nobody is flooded by filing."""
_END = {"failed": "message.fail", "returned": "message.return"}


async def locked(session: AsyncSession, message_id: UUID) -> Message:
    """A message under lock, after the request and the claims that it may speak of: the one order of locks."""
    row = await session.get_one(Message, message_id)
    if row.request_id is not None:
        await casebook.open_request(session, row.request_id)
    return await session.get_one(Message, message_id, with_for_update=True, populate_existing=True)


def answered(claim: Claim, message: Message, *, now: datetime) -> None:
    """An answer on its way by wire is told; one that people have to post or say is told when they have."""
    if message.state != "by_hand":
        claim.answered_at = claim.answered_at or now


async def sent(
    session: AsyncSession, row: Message, *, at: datetime, now: datetime, by: Actor = MACHINE, way: str | None = None
) -> None:
    """It was handed over, posted or said at this moment; an answer that nobody had heard is heard now."""
    row.state, row.sent_at = "sent", at
    if row.kind in PERSONAL:
        await _note(session, "message.send", row, by=by, now=now, way=way)
    claim = await _answered_claim(session, row)
    if claim is not None:
        claim.answered_at = claim.answered_at or at


async def not_arrived(
    session: AsyncSession, row: Message, cause: str, *, lost: bool, now: datetime, by: Actor = MACHINE
) -> Message | None:
    """What follows a message that was refused, given up or sent back; `lost`: nothing more goes to that contact."""
    if row.request_id is None:
        # To the desk itself, about no one request: the audit alone knows, as there is no case to put before anybody.
        await _note(session, _END[row.state], row, by=by, now=now, cause=cause)
        return None
    if lost and row.to_digest is not None:
        await _lose(session, row, cause, now=now)
    over = await _is_over(session, row)
    following = None if over else await _follow(session, row, now=now)
    then = following.channel if following is not None else None
    await _note(session, _END[row.state], row, by=by, now=now, cause=cause, then=then)
    if over or (following is not None and following.state in ("queued", "failed")):
        return following
    session.add(ReviewItem(id=new_id(), request_id=row.request_id, kind=f"message.{row.kind}_failed", at=now))
    claim = await _answered_claim(session, row)
    if claim is not None:
        # Nobody was told: the clock of the claim knows it until somebody has said it.
        claim.answered_at = None
    return following


async def _is_over(session: AsyncSession, row: Message) -> bool:
    """Whether it went another way already, was opened by the person meanwhile, or is for nobody any more."""
    await session.flush()
    request = await session.get_one(Request, row.request_id)
    if row.kind in PERSONAL and await outbox.said(session, request, row) is None:
        return True
    after = select(col(Message.id)).where(col(Message.instead_of) == row.id)
    if (await session.execute(after.limit(1))).first() is not None:
        return True
    notice = await session.get(Notice, row.notice_id) if row.notice_id else None
    return notice is not None and notice.opened_at is not None


async def _follow(session: AsyncSession, row: Message, *, now: datetime) -> Message | None:
    """The same word by the next way; None where it was meant for one contact alone."""
    request = await session.get_one(Request, row.request_id)
    said = await outbox.said(session, request, row) if row.kind in PERSONAL else None
    if said is None:
        return None
    following = await telling.tell_again(
        session, request, row, said["params"], tried=await _tried(session, row), now=now
    )
    if following.channel != "paper" and not await _may_hear(session, request, following, now=now):
        following.state, following.content_ct = "failed", None
    return following


async def _tried(session: AsyncSession, row: Message) -> set[str]:
    """By which channels this word has gone so far."""
    tried, one = {row.channel}, row
    while one.instead_of is not None:
        one = await session.get_one(Message, one.instead_of)
        tried.add(one.channel)
    return tried


async def _may_hear(session: AsyncSession, request: Request, following: Message, *, now: datetime) -> bool:
    """Whether this contact may be written to: of a request that nobody proved, once a day at most (A20)."""
    requester = await session.get(Requester, request.id)
    if request.identity != NOBODY or (requester is not None and requester.proved != NOBODY):
        return True
    said = await outbox.said(session, request, following)
    assert said is not None, "queued just now"
    name, minutes = UNKNOWN_MOST
    return await throttle.allow(session, name, said["to"], most=1, minutes=minutes, now=now)


async def _lose(session: AsyncSession, row: Message, cause: str, *, now: datetime) -> None:
    lost = insert(LostContact).values(
        request_id=row.request_id, digest=row.to_digest, message_id=row.id, cause=cause, at=now
    )
    await session.execute(lost.on_conflict_do_nothing())


async def _answered_claim(session: AsyncSession, row: Message) -> Claim | None:
    """The claim that this message tells the answer of; None where it tells something else, or of an earlier round."""
    notice = await session.get(Notice, row.notice_id) if row.notice_id else None
    if notice is None or notice.kind not in ANSWERS:
        return None
    claim = await session.get_one(Claim, notice.claim_id)
    return claim if claim.round == notice.round else None


async def _note(
    session: AsyncSession,
    action: str,
    row: Message,
    *,
    by: Actor,
    now: datetime,
    **more: str | None,
) -> None:
    notice = await session.get(Notice, row.notice_id) if row.notice_id else None
    facts = {"message": str(row.id), "kind": row.kind, "channel": row.channel, "party": row.party, **more}
    audit.note(
        session,
        action,
        by=by,
        now=now,
        request_id=row.request_id,
        claim_id=notice.claim_id if notice else None,
        facts={name: value for name, value in facts.items() if value is not None},
    )
