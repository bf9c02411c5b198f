"""A word to somebody that something is there for them: to whom, by which way, under whose key; never what it is."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import desk_of
from app.law.terms import Capacity, Whose
from app.models import LostContact, Message, Notice, Request, Requester
from app.services import casebook, outbox, recipients
from app.services.recipients import Purpose, Recipient

BY_WIRE = {"email": "mail", "sms": "sms"}


async def tell(
    session: AsyncSession,
    request: Request,
    kind: str,
    *,
    purpose: Purpose,
    now: datetime,
    params: Mapping[str, str] | None = None,
    notice: Notice | None = None,
) -> Message:
    """A message to whom this concerns, in the way they chose."""
    who = await recipients.of(session, request, purpose)
    return await tell_party(session, request, kind, who, now=now, params=params, notice=notice)


async def tell_party(
    session: AsyncSession,
    request: Request,
    kind: str,
    who: Recipient,
    *,
    now: datetime,
    params: Mapping[str, str] | None = None,
    notice: Notice | None = None,
) -> Message:
    """A message to this party; without a contact for it, a person at the desk does it by hand."""
    channel, to = await way(session, request, who)
    given = {"receipt_no": request.receipt_no, **(params or {})}
    message = await _queue(session, request, kind, who, (channel, to), given, now=now)
    message.notice_id = notice.id if notice else None
    return message


async def tell_again(
    session: AsyncSession,
    request: Request,
    failed: Message,
    params: Mapping[str, str],
    *,
    tried: set[str],
    now: datetime,
) -> Message:
    """The same word by another way than those that were tried; `failed` at once where nobody is left to hear it."""
    who = await recipients.whose(session, request, Whose(failed.party))
    to = await way(session, request, who, tried=tried)
    message = await _queue(session, request, failed.kind, who, to, params, now=now)
    message.notice_id, message.instead_of = failed.notice_id, failed.id
    return message


async def _queue(
    session: AsyncSession,
    request: Request,
    kind: str,
    who: Recipient,
    to: tuple[str, str | None],
    params: Mapping[str, str],
    *,
    now: datetime,
) -> Message:
    channel, contact = to
    requester = await session.get_one(Requester, request.id) if who.party is Whose.REQUESTER else None
    if requester is not None and requester.key is None:
        # Their data is destroyed and their key with it: nobody is left to be told, by wire or by hand.
        message = await outbox.message(session, request, kind, "paper", {}, now=now)
        message.state, message.content_ct = "failed", None
        return message
    content = {"to": contact, "params": dict(params)}
    return await outbox.message(session, request, kind, channel, content, now=now, requester=requester)


async def tell_desk(
    session: AsyncSession, claim_id: UUID, kind: str, *, now: datetime, due_on: date | None = None
) -> None:
    """A word to the people of the desk: the receipt number and the day (the claim's own, unless another is meant)."""
    case, claim = await casebook.open(session, claim_id)
    params = {"receipt_no": case.request.receipt_no, "due_on": (due_on or claim.due_on).isoformat()}
    to = desk_of(session).policy.desk_email
    await outbox.message(session, case.request, kind, "mail", {"to": to, "params": params}, now=now)


async def way(
    session: AsyncSession, request: Request, who: Recipient, *, tried: set[str] | None = None
) -> tuple[str, str | None]:
    """The channel and the contact for a party: as was chosen for the result, else by whatever wire they named.

    A contact that was lost is passed over, and so is a channel that was tried.
    """
    tried = tried or set()
    wished = request.notify_by
    answered = await recipients.party(session, request, "result")
    if wished not in BY_WIRE and not tried and (request.capacity == Capacity.SELF or who.party is answered):
        return "paper", None
    lost, contacts = await _lost(session, request), {"email": who.email, "sms": who.phone}
    for one in (wished, "email", "sms"):
        contact, channel = contacts.get(one), BY_WIRE.get(one, "paper")
        if contact and channel not in tried and desk_of(session).handle(outbox.CONTACT[channel], contact) not in lost:
            return channel, contact
    return "paper", None


async def _lost(session: AsyncSession, request: Request) -> set[bytes]:
    """The contacts by which this request's messages do not arrive."""
    rows = select(col(LostContact.digest)).where(col(LostContact.request_id) == request.id)
    return {bytes(one) for one in (await session.execute(rows)).scalars()}
