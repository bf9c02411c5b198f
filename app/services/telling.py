"""A word to somebody that something is there for them: to whom, by which way, under whose key; never what it is."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import desk_of
from app.law.terms import Capacity, Whose
from app.models import Message, Notice, Request, Requester
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
    content = {"to": to, "params": {"receipt_no": request.receipt_no, **(params or {})}}
    requester = await session.get_one(Requester, request.id) if who.party is Whose.REQUESTER else None
    if requester is not None and requester.key is None:
        # Their data is destroyed and their key with it: nobody is left to be told, by wire or by hand.
        message = await outbox.message(session, request, kind, "paper", {}, now=now)
        message.state, message.content_ct = "failed", None
    else:
        message = await outbox.message(session, request, kind, channel, content, now=now, requester=requester)
    message.notice_id = notice.id if notice else None
    return message


async def tell_desk(
    session: AsyncSession, claim_id: UUID, kind: str, *, now: datetime, due_on: date | None = None
) -> None:
    """A word to the people of the desk: the receipt number and the day (the claim's own, unless another is meant)."""
    case, claim = await casebook.open(session, claim_id)
    params = {"receipt_no": case.request.receipt_no, "due_on": (due_on or claim.due_on).isoformat()}
    to = desk_of(session).policy.desk_email
    await outbox.message(session, case.request, kind, "mail", {"to": to, "params": params}, now=now)


async def way(session: AsyncSession, request: Request, who: Recipient) -> tuple[str, str | None]:
    """The channel and the contact for a party: as was chosen for the result, else by whatever wire they named."""
    contacts = {"email": who.email, "sms": who.phone}
    wished = request.notify_by
    if contacts.get(wished):
        return BY_WIRE[wished], contacts[wished]
    answered = await recipients.party(session, request, "result")
    if request.capacity == Capacity.SELF or (wished not in BY_WIRE and who.party is answered):
        return "paper", None
    found = next((one for one in ("email", "sms") if contacts[one]), None)
    return (BY_WIRE[found], contacts[found]) if found else ("paper", None)
