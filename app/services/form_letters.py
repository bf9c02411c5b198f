"""Form 8 by post, for who asked by telephone and has no e-mail: wished for, printed, posted (Decree 41(2), 48(1))."""

import asyncio
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor, desk_of
from app.documents import letter, request_forms
from app.documents.letter import Letter
from app.documents.notices import Recipient, Sender
from app.documents.request_form import RequestForm
from app.documents.tongue import tongue_of
from app.documents.wording.tones import Tone
from app.errors import Conflict, Invalid
from app.law import deadline
from app.law.terms import Whose
from app.models import Message, Request
from app.services import audit, casebook, composing, filled, flags, keyring, outbox, parties, recipients
from app.services.visibility import visible

KIND = "request_form"
TO_POST = "form.by_post"


async def wish(session: AsyncSession, request_id: UUID, *, by: Actor, now: datetime) -> Message:
    """A person at the desk is to print the form and post it; said again it changes nothing."""
    request = await _held(session, request_id, by)
    await _recipient(session, request)
    found = await _letter(session, request)
    if found is not None:
        return found
    message = await outbox.message(session, request, KIND, "paper", {}, now=now)
    await flags.raise_once(session, request.id, TO_POST, now=now)
    audit.note(session, "form.wish", by=by, now=now, request_id=request.id)
    return message


async def draw(session: AsyncSession, request_id: UUID, *, large: bool, by: Actor, now: datetime) -> bytes:
    """The envelope's contents: cover page and form; all that stops a release stops it."""
    request = await _held(session, request_id, by)
    to = await _recipient(session, request)
    if request.capacity != "self" and (ended := await parties.standing(session, request, now=now)) is not None:
        raise Conflict(ended)
    form = await filled.form_8(session, request, whole=True)
    audit.note(session, "form.draw", by=by, now=now, request_id=request.id)
    on = deadline.seoul_date(now)
    young = request.capacity == "self" and recipients.is_young(session, request, on=on)
    tone: Tone = "en" if request.language == "en" else "easy" if young else "ko"
    sender = composing.sender(desk_of(session), tongue_of(request.language))
    return await asyncio.to_thread(_drawn, form, sender, to, on, tone, large)


async def post(session: AsyncSession, request_id: UUID, posted_on: date, *, by: Actor, now: datetime) -> None:
    """The form was posted on this day. Said again it changes nothing; another day would be another letter."""
    request = await _held(session, request_id, by)
    await _recipient(session, request)
    if not deadline.seoul_date(request.filed_at) <= posted_on <= deadline.seoul_date(now):
        raise Invalid("field.value", pointer="/posted_on")
    message = await _letter(session, request) or await outbox.message(session, request, KIND, "paper", {}, now=now)
    if message.state == "by_hand":
        message.state, message.sent_at = "sent", max(message.created_at, deadline.seoul_midnight(posted_on))
        await settle(session, request, by=by, now=now)
        facts = {"posted_on": posted_on.isoformat()}
        audit.note(session, "form.post", by=by, now=now, request_id=request.id, facts=facts)
    elif message.sent_at is None or deadline.seoul_date(message.sent_at) != posted_on:
        raise Conflict("state.conflict")


async def settle(session: AsyncSession, request: Request, *, by: Actor, now: datetime) -> None:
    """What stood before the desk is done."""
    await flags.settle(session, request.id, TO_POST, by=by, now=now)


async def _held(session: AsyncSession, request_id: UUID, by: Actor) -> Request:
    """The request, if this caller may see it, under lock and not frozen."""
    await visible(session, request_id, by)
    case = await casebook.open_request(session, request_id)
    casebook.refuse_frozen(case.request)
    return case.request


async def _recipient(session: AsyncSession, request: Request) -> Recipient:
    """Who asked, at the address that was given; without one there is no letter."""
    address = keyring.subject(session, request).get("address")
    who = await recipients.of(session, request, "procedure")
    if not address or (not who.name and who.party is Whose.REQUESTER):
        raise Conflict("state.conflict")
    place = " ".join(part for part in (address["road_address"], address["detail"]) if part)
    return Recipient(name=who.name, postal_code=address["postal_code"], address=place)


async def _letter(session: AsyncSession, request: Request) -> Message | None:
    """The letter that waits or was posted; one that came back is none, and may be wished for anew."""
    mine = select(Message).where(
        col(Message.request_id) == request.id, col(Message.kind) == KIND, col(Message.state).in_(("by_hand", "sent"))
    )
    return (await session.execute(mine.order_by(col(Message.id).desc()).limit(1))).scalar_one_or_none()


def _drawn(form: RequestForm, sender: Sender, to: Recipient, on: date, tone: Tone, large: bool) -> bytes:
    pages = request_forms.render_pdf(form, form.received or on, large=large)
    whole = Letter(
        receipt_no=form.receipt_no,
        sender=sender,
        recipient=to,
        dated=on,
        notice=pages,
        tone=tone,
        about="request",
    )
    return letter.render(whole, large=large)
