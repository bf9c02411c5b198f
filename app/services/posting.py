"""Handing a message to its carrier: taken under a lease, sent outside any transaction, recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import new_id
from app.desk import MACHINE, desk_of
from app.documents import messages
from app.documents.messages import PARAMS, Kind
from app.jobs import Job, defer
from app.law import deadline
from app.law.terms import Whose
from app.models import Message, MessageAttempt, Request, Requester, ReviewItem
from app.services import audit, keyring, recipients

LEASE = timedelta(seconds=60)
WAITS = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800)
SECRET = ("code", "confirm_code", "access_code", "alert", "alert_guardian")
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")


@dataclass(frozen=True, slots=True)
class Ready:
    """One message as its carrier gets it."""

    id: UUID
    channel: str
    to: str
    subject: str
    body: str
    template: str
    params: Mapping[str, str]
    language: str
    ref: str
    message_id: str


async def take(session: AsyncSession, message_id: UUID, *, now: datetime) -> Ready | None:
    """Take a queued message for a minute; None when it is not due, sent already or taken."""
    row = await session.get(Message, message_id, with_for_update={"skip_locked": True})
    if row is None or row.state != "queued" or row.next_at > now or row.content_ct is None:
        return None
    request = await session.get_one(Request, row.request_id) if row.request_id else None
    content = await _opened(session, request, row, row.content_ct)
    if content is None:
        # Who it was for is gone, and their key with them: there is nobody to tell, and nothing for anybody to settle.
        row.state, row.content_ct = "failed", None
        return None
    row.attempts, row.next_at = row.attempts + 1, now + LEASE
    kind = Kind(row.kind)
    params = _params(session, kind, content["params"])
    language: messages.Language = "en" if request is not None and request.language == "en" else "ko"
    on = deadline.seoul_date(now)
    easy = request is not None and row.party == Whose.SUBJECT and recipients.is_young(session, request, on=on)
    text = (messages.sms if row.channel == "sms" else messages.mail)(kind, language, params, easy)
    ref = row.id.hex.translate(_LETTERS)
    domain = desk_of(session).settings.mail_from.rpartition("@")[2].rstrip("> ")
    return Ready(
        id=row.id,
        channel=row.channel,
        to=content["to"],
        subject=text.subject,
        body=text.body,
        template=text.template,
        params=text.params,
        language=language,
        # In letters only: a code message holds one run of eight digits and no other.
        ref=ref,
        message_id=f"<{ref}@{domain}>",
    )


async def record(session: AsyncSession, ready: Ready, outcome: str, *, final: bool, now: datetime) -> None:
    """Write what became of it; a failure never fails the claim, a final one is a person's to settle (P11)."""
    row = await session.get_one(Message, ready.id, with_for_update=True)
    session.add(MessageAttempt(id=new_id(), message_id=row.id, at=now, outcome=outcome))
    if outcome == "sent":
        row.state, row.sent_at = "sent", now
    elif final or row.attempts >= len(WAITS):
        row.state = "failed"
        _have_settled(session, row, now)
    else:
        row.next_at = now + timedelta(seconds=WAITS[row.attempts - 1])
        await defer(session, Job("send_message", {"message_id": str(row.id)}, at=row.next_at))
    if row.kind in SECRET and row.state != "queued":
        # A code that was handed over is nowhere kept in clear or sealed: only its slow hash stays.
        row.content_ct = None


def _have_settled(session: AsyncSession, row: Message, now: datetime) -> None:
    """Put a message that could not be handed over before a person; one about no request is left in the audit alone."""
    if row.request_id is not None:
        session.add(ReviewItem(id=new_id(), request_id=row.request_id, kind=f"message.{row.kind}_failed", at=now))
    else:
        audit.note(session, "message.fail", by=MACHINE, now=now, facts={"kind": row.kind})


async def _opened(session: AsyncSession, request: Request | None, row: Message, sealed: bytes) -> dict[str, Any] | None:
    """What it says, opened with the key of the party it is for; None once that key is destroyed."""
    content: dict[str, Any]
    if request is None:
        content = keyring.unseal_for_desk(session, "message.content", row.id, sealed)
        return content
    if row.party == Whose.SUBJECT:
        content = keyring.unseal(session, request, "message.content", row.id, sealed)
        return content
    requester = await session.get_one(Requester, request.id)
    if requester.key is None:
        return None
    content = keyring.unseal_for(session, requester, "message.content", row.id, sealed)
    return content


def _params(session: AsyncSession, kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    """What the kind's words need: the controller's own data, and what was given."""
    desk = desk_of(session)
    policy = desk.policy
    known = {
        "controller": policy.controller.ko,
        "desk_phone": policy.desk_phone,
        "desk_email": policy.desk_email,
        "site": policy.website,
        "minutes": str(policy.settled.code_minutes),
        **given,
    }
    return {name: known[name] for name in PARAMS[kind]}
