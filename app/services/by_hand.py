"""What people post, say or hand over: for whom no wire reaches, or who chose paper, telephone or counter (A15)."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor, desk_of
from app.documents import forms, letter, script
from app.documents.letter import Word
from app.documents.notices import Recipient
from app.documents.script import Spoken, Step
from app.documents.tongue import tongue_of
from app.documents.wording import Tone
from app.errors import Conflict, Invalid, NotFound
from app.law import deadline
from app.law.terms import Whose
from app.models import Claim, Message, Notice, Request
from app.services import (
    audit,
    casebook,
    composing,
    form_letters,
    keyring,
    letters,
    outbox,
    parties,
    posting,
    reaching,
    recipients,
)
from app.services.visibility import visible

Way = Literal["post", "phone", "visit"]
State = Literal["by_hand", "sent", "returned"]
Cause = Literal["moved", "unknown", "refused", "unclaimed", "no_answer"]
WAYS = ("post", "phone", "visit")


@dataclass(frozen=True, slots=True)
class Script:
    """Whom to call, and what to say."""

    name: str
    phone: str | None
    language: str
    steps: tuple[Step, ...]


async def listed(
    session: AsyncSession, *, state: State, after: UUID | None, limit: int, by: Actor
) -> list[dict[str, Any]]:
    """What waits for people, oldest first, without a name; a clerk's desk sees what it filed itself."""
    page = (
        select(Message, Request, col(Claim.due_on))
        .join(Request, col(Request.id) == col(Message.request_id))
        .outerjoin(Notice, col(Notice.id) == col(Message.notice_id))
        .outerjoin(Claim, col(Claim.id) == col(Notice.claim_id))
        .where(col(Message.channel) == "paper", col(Message.state) == state)
        .order_by(col(Message.id))
        .limit(limit)
    )
    if after is not None:
        page = page.where(col(Message.id) > after)
    if by.role == "clerk":
        page = page.where(
            col(Request.filer_role) == by.role, col(Request.filer_iss) == by.iss, col(Request.filer_sub) == by.sub
        )
    rows = (await session.execute(page)).all()
    return [_brief(message, request, due_on) for message, request, due_on in rows]


async def draw(session: AsyncSession, letter_id: UUID, *, large: bool, by: Actor, now: datetime) -> bytes:
    """The letter, ready for an envelope with a window: with its notice, or with the word alone."""
    row, request = await _found(session, letter_id, by)
    if row.kind == form_letters.KIND:
        return await form_letters.draw(session, request.id, large=large, by=by, now=now)
    if row.notice_id is not None:
        return await letters.draw(session, row.notice_id, large=large, by=by, now=now)
    await casebook.held_still(session, request.id)
    told = await _spoken(session, request, row, now=now)
    if not (told.recipient.address and told.recipient.postal_code):
        raise Conflict("state.conflict")
    word = Word(
        receipt_no=told.receipt_no,
        sender=told.sender,
        recipient=told.recipient,
        dated=deadline.seoul_date(now),
        text=await _text(session, request, row, now=now),
        tone=_tone(session, request, row, now),
    )
    _note(session, row, "letter.draw", by=by, now=now)
    return await asyncio.to_thread(letter.render_word, word, large=large)


async def read_out(session: AsyncSession, letter_id: UUID, *, by: Actor, now: datetime) -> Script:
    """What to say at the telephone or the counter; all that stops a release stops it."""
    row, request = await _found(session, letter_id, by)
    if row.kind == form_letters.KIND:
        raise Conflict("state.conflict")
    await casebook.held_still(session, request.id)
    who = await recipients.whose(session, request, Whose(row.party))
    if row.party == Whose.REQUESTER and (ended := await parties.standing(session, request, now=now)) is not None:
        raise Conflict(ended)
    notice = await session.get(Notice, row.notice_id) if row.notice_id else None
    told: forms.Told | Spoken
    if notice is None:
        told = await _spoken(session, request, row, now=now)
    else:
        told = forms.load(keyring.unseal(session, request, "notice.content", notice.id, notice.content_ct))
    tone = _tone(session, request, row, now)
    _note(session, row, "letter.read_out", by=by, now=now)
    said = script.steps(told, tone, meets=request.notify_by == "visit")
    return Script(who.name, who.phone, request.language, said)


async def tell(
    session: AsyncSession, letter_id: UUID, told_on: date, way: Way, *, by: Actor, now: datetime
) -> dict[str, Any]:
    """It was posted, said or handed over on this day. Said again it changes nothing; another day is another letter."""
    found, request = await _found(session, letter_id, by)
    if found.kind == form_letters.KIND and way == "post":
        await form_letters.post(session, request.id, told_on, by=by, now=now)
        return {"id": str(found.id), "state": found.state, "followed_by": None}
    row = await reaching.locked(session, found.id)
    if not deadline.seoul_date(row.created_at) <= told_on <= deadline.seoul_date(now):
        raise Invalid("field.value", pointer="/told_on")
    if row.state == "by_hand":
        at = max(row.created_at, deadline.seoul_midnight(told_on))
        await reaching.sent(session, row, at=at, now=now, by=by, way=way)
        if row.kind == form_letters.KIND:
            await form_letters.settle(session, request, by=by, now=now)
    elif row.sent_at is None or row.state != "sent" or deadline.seoul_date(row.sent_at) != told_on:
        raise Conflict("state.conflict")
    return {"id": str(row.id), "state": row.state, "followed_by": None}


async def came_back(
    session: AsyncSession, letter_id: UUID, returned_on: date, cause: Cause, *, by: Actor, now: datetime
) -> dict[str, Any]:
    """It came back, or nobody answered: the next way that the person gave is taken, else a person tries again."""
    found, _ = await _found(session, letter_id, by)
    row = await reaching.locked(session, found.id)
    since = deadline.seoul_date(row.sent_at or row.created_at)
    if not since <= returned_on <= deadline.seoul_date(now):
        raise Invalid("field.value", pointer="/returned_on")
    if row.state == "returned":
        return {"id": str(row.id), "state": row.state, "followed_by": await _next(session, row)}
    if row.state not in ("sent", "by_hand"):
        raise Conflict("state.conflict")
    row.state = "returned"
    await reaching.not_arrived(session, row, cause, lost=False, now=now, by=by)
    return {"id": str(row.id), "state": row.state, "followed_by": await _next(session, row)}


async def _next(session: AsyncSession, row: Message) -> str | None:
    """By which channel the same word goes now."""
    await session.flush()
    after = select(col(Message.channel)).where(col(Message.instead_of) == row.id)
    return (await session.execute(after.limit(1))).scalar_one_or_none()


async def _found(session: AsyncSession, letter_id: UUID, by: Actor) -> tuple[Message, Request]:
    row = await session.get(Message, letter_id)
    if row is None or row.request_id is None or row.channel != "paper" or row.content_ct is None:
        raise NotFound("letter.not_found")
    try:
        return row, await visible(session, row.request_id, by)
    except NotFound:
        raise NotFound("letter.not_found") from None


def _brief(row: Message, request: Request, due_on: date | None) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "request_id": str(request.id),
        "receipt_no": request.receipt_no,
        "kind": row.kind,
        "notice_id": str(row.notice_id) if row.notice_id else None,
        "way": request.notify_by if request.notify_by in WAYS else None,
        "state": row.state,
        "instead": row.instead_of is not None,
        "created_at": row.created_at.isoformat(),
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "due_on": due_on.isoformat() if due_on else None,
    }


async def _spoken(session: AsyncSession, request: Request, row: Message, *, now: datetime) -> Spoken:
    who, typed = await recipients.whose(session, request, Whose(row.party)), keyring.subject(session, request)
    address = typed.get("address") or {}
    return Spoken(
        receipt_no=request.receipt_no,
        sender=composing.sender(desk_of(session), tongue_of(request.language)),
        recipient=Recipient(
            name=who.name or typed["name"],
            postal_code=address.get("postal_code", ""),
            address=" ".join(one for one in (address.get("road_address"), address.get("detail")) if one),
        ),
        text=await _text(session, request, row, now=now, short=True),
    )


async def _text(session: AsyncSession, request: Request, row: Message, *, now: datetime, short: bool = False) -> str:
    """The words of the message: those of a mail on paper, those of a text message at the telephone."""
    said = await outbox.said(session, request, row)
    assert said is not None, "found with its contents"
    return posting.worded(session, request, row, said["params"], now=now, channel="sms" if short else "mail").body


def _tone(session: AsyncSession, request: Request, row: Message, now: datetime) -> Tone:
    young = row.party == Whose.SUBJECT and recipients.is_young(session, request, on=deadline.seoul_date(now))
    return "en" if request.language == "en" else "easy" if young else "ko"


def _note(session: AsyncSession, row: Message, action: str, *, by: Actor, now: datetime) -> None:
    facts = {"message": str(row.id), "kind": row.kind}
    audit.note(session, action, by=by, now=now, request_id=row.request_id, facts=facts)
