"""Handing a message to its carrier: taken under a lease, sent outside any transaction, recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import new_id
from app.desk import Desk, desk_of
from app.documents import messages
from app.documents.messages import ONE_CONTACT, PARAMS, Kind
from app.jobs import Job, defer
from app.law import deadline
from app.law.terms import Whose
from app.models import Message, MessageAttempt, Request
from app.services import outbox, reaching, recipients

LEASE = timedelta(seconds=60)
WAITS = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800)


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
    content = await outbox.said(session, request, row)
    if content is None:
        # Who it was for is gone, and their key with them: there is nobody to tell, and nothing for anybody to settle.
        row.state, row.content_ct = "failed", None
        return None
    row.attempts, row.next_at = row.attempts + 1, now + LEASE
    text = worded(session, request, row, content["params"], now=now, channel=row.channel)
    ref, mail_id = names_of(desk_of(session), row.id)
    return Ready(
        id=row.id,
        channel=row.channel,
        to=content["to"],
        subject=text.subject,
        body=text.body,
        template=text.template,
        params=text.params,
        language=_language(request, row),
        ref=ref,
        message_id=mail_id,
    )


def names_of(desk: Desk, message_id: UUID) -> tuple[str, str]:
    """How carriers know a message: a text message by its ref, a mail by its Message-ID."""
    ref = outbox.ref_of(message_id)
    domain = desk.settings.mail_from.rpartition("@")[2].rstrip("> ")
    return ref, f"<{ref}@{domain}>"


async def record(session: AsyncSession, ready: Ready, outcome: str, *, final: bool, now: datetime) -> None:
    """Write what became of it; a failure never fails the claim, and what is final goes another way (P11)."""
    row = await reaching.locked(session, ready.id)
    session.add(MessageAttempt(id=new_id(), message_id=row.id, at=now, outcome=outcome))
    if row.state != "queued":
        # Its carrier has said more of it meanwhile.
        return
    if outcome == "sent":
        await reaching.sent(session, row, at=now, now=now)
    elif final or row.attempts >= len(WAITS):
        row.state = "failed"
        await reaching.not_arrived(session, row, outcome, lost=final, now=now)
    else:
        row.next_at = now + timedelta(seconds=WAITS[row.attempts - 1])
        await defer(session, Job("send_message", {"message_id": str(row.id)}, at=row.next_at))
    if row.kind in ONE_CONTACT and row.state != "queued":
        # A code that was handed over is nowhere kept in clear or sealed: only its slow hash stays.
        row.content_ct = None


def worded(
    session: AsyncSession,
    request: Request | None,
    row: Message,
    given: Mapping[str, str],
    *,
    now: datetime,
    channel: str,
) -> messages.Text:
    """What a message says, in the language and tone of whoever reads it."""
    kind, language = Kind(row.kind), _language(request, row)
    on = deadline.seoul_date(now)
    easy = request is not None and row.party == Whose.SUBJECT and recipients.is_young(session, request, on=on)
    say = messages.sms if channel == "sms" else messages.mail
    return say(kind, language, _params(session, kind, given), easy)


def _language(request: Request | None, row: Message) -> messages.Language:
    """What the person reads; to a holder Korean, whoever the person is."""
    english = request is not None and request.language == "en" and Kind(row.kind) not in messages.TO_HOLDERS
    return "en" if english else "ko"


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
