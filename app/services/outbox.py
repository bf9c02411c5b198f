"""Events to machines and messages to people, as rows in the transaction of what they tell."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import new_id
from app.desk import desk_of
from app.documents.messages import CODES
from app.jobs import Job, defer
from app.law import deadline
from app.law.terms import Whose
from app.models import Delivery, Message, Request, Requester, System, Task
from app.services import flags, keyring

CONTACT = {"mail": "email", "sms": "phone"}
"""By what kind of contact a channel goes."""
RETIRED = "holder.retired"
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")
_DIGITS = str.maketrans("ghijklmnopabcdef", "0123456789abcdef")


async def event(session: AsyncSession, kind: str, task: Task, *, now: datetime) -> None:
    """A thin event for the task's system: ids only (F3). A system without an endpoint polls; others hear by mail.

    One that is retired had a part in it and still has its duty, but nothing reaches it: people have to (P11).
    """
    system = await session.get_one(System, task.system_id)
    if system.state == "retired":
        if kind == "task.created":
            await put_before_officer(session, task.request_id, task.claim_id, now=now)
        return
    if system.answers_by == "page" and kind == "task.created":
        await defer(session, Job("open_answer_link", {"task_id": str(task.id)}))
    elif system.endpoint_url is None and system.kind == "third_party" and kind == "task.created":
        await tell_holder(session, system, task, now=now)
    if system.endpoint_url is None and system.proposed_url is None:
        return
    data = {
        "task_id": str(task.id),
        "action": task.action,
        "claim_id": str(task.claim_id),
        "due_at": task.due_at.isoformat(),
    }
    await session.flush()
    await deliver(session, system, kind, data, task=task, now=now)


async def put_before_officer(session: AsyncSession, request_id: UUID, claim_id: UUID, *, now: datetime) -> None:
    """A holder that is retired has something to do: somebody of ours sees to it, and is told once a request."""
    if await flags.raise_once(session, request_id, RETIRED, now=now):
        await defer(session, Job("tell_officer", {"claim_id": str(claim_id)}))


async def tell_holder(session: AsyncSession, system: System, task: Task, *, now: datetime) -> None:
    """A mail to a company that no event reaches: that something waits for it, not whose nor what (policy 8.7)."""
    await _to_contact(session, system, task, "holder_told", now=now)


async def tell_failing(session: AsyncSession, system: System, task: Task, *, now: datetime) -> None:
    """A mail to whoever answers for a system that takes no events: that it fails, not whose nor what."""
    await _to_contact(session, system, task, "holder_failing", now=now)


async def tell_late(session: AsyncSession, system: System, task: Task, *, now: datetime) -> None:
    """A mail to whoever answers for a holder whose day has passed: that something is late, not whose nor what."""
    await _to_contact(session, system, task, "holder_late", now=now)


async def deliver(
    session: AsyncSession, system: System, kind: str, data: dict[str, Any], *, now: datetime, task: Task | None = None
) -> Delivery:
    """Queue one event for one endpoint."""
    body = {"type": kind, "timestamp": now.isoformat(), "data": data}
    request = await session.get_one(Request, task.request_id) if task else None
    is_held = request is not None and request.restored_at is not None
    delivery = Delivery(
        id=new_id(),
        system_id=system.id,
        task_id=task.id if task else None,
        claim_id=task.claim_id if task else None,
        type=kind,
        state="held" if is_held else "pending",
        body=json.dumps(body, separators=(",", ":")).encode(),
        next_at=now,
        created_at=now,
        sent_from=now,
    )
    session.add(delivery)
    if not is_held:
        await defer(session, Job("deliver", {"system_id": str(system.id)}))
    return delivery


async def desk_message(session: AsyncSession, kind: str, to: str, params: dict[str, str], *, now: datetime) -> Message:
    """Queue a mail to the desk's own people that is about no one request; no person stands in it."""
    queued = Message(id=new_id(), kind=kind, channel="mail", next_at=now, created_at=now)
    queued.content_ct = keyring.seal_for_desk(session, "message.content", queued.id, {"to": to, "params": params})
    session.add(queued)
    await defer(session, Job("send_message", {"message_id": str(queued.id)}))
    return queued


async def message(
    session: AsyncSession,
    request: Request,
    kind: str,
    channel: str,
    content: dict[str, Any],
    *,
    now: datetime,
    requester: Requester | None = None,
    at: datetime | None = None,
) -> Message:
    """Queue one mail, SMS or paper, for later where `at` says so; its contents are sealed until they are handed over.

    What is for a guardian or delegate (`requester`) is sealed under their own key, and goes with it.
    """
    queued = Message(
        id=new_id(),
        request_id=request.id,
        kind=kind,
        party=Whose.SUBJECT if requester is None else Whose.REQUESTER,
        channel=channel,
        to_digest=desk_of(session).handle(CONTACT[channel], content["to"]) if channel in CONTACT else None,
        state="by_hand" if channel == "paper" else "held" if _waits(request, kind) else "queued",
        next_at=at or now,
        created_at=now,
    )
    if requester is None:
        queued.content_ct = keyring.seal(session, request, "message.content", queued.id, content)
    else:
        queued.content_ct = keyring.seal_for(session, requester, "message.content", queued.id, content)
    session.add(queued)
    if queued.state == "queued":
        await defer(session, Job("send_message", {"message_id": str(queued.id)}, at=at))
    return queued


def _waits(request: Request, kind: str) -> bool:
    """Whether a person lets it go first: the copy of a backup may say what was said. Codes were asked for just now."""
    return request.restored_at is not None and kind not in CODES


async def said(session: AsyncSession, request: Request | None, row: Message) -> dict[str, Any] | None:
    """Where a message goes and its params, opened with its party's key; None once either is destroyed."""
    content: dict[str, Any]
    if row.content_ct is None:
        return None
    if request is None:
        content = keyring.unseal_for_desk(session, "message.content", row.id, row.content_ct)
        return content
    if row.party == Whose.SUBJECT:
        content = keyring.unseal(session, request, "message.content", row.id, row.content_ct)
        return content
    requester = await session.get_one(Requester, request.id)
    if requester.key is None:
        return None
    content = keyring.unseal_for(session, requester, "message.content", row.id, row.content_ct)
    return content


def ref_of(message_id: UUID) -> str:
    """The name of a message to its carrier, in letters only: a code message holds one run of digits and no other."""
    return message_id.hex.translate(_LETTERS)


def referred(ref: str) -> UUID | None:
    """The message of which a carrier speaks, by our own name for it; None where that is none of ours."""
    if len(ref) != 32 or not set(ref) <= set("abcdefghijklmnop"):
        return None
    return UUID(hex=ref.translate(_DIGITS))


async def _to_contact(session: AsyncSession, system: System, task: Task, kind: str, *, now: datetime) -> None:
    request = await session.get_one(Request, task.request_id)
    params = {"receipt_no": request.receipt_no, "due_on": deadline.seoul_date(task.due_at).isoformat()}
    await message(session, request, kind, "mail", {"to": system.contact_email, "params": params}, now=now)
