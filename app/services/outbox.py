"""Events to machines and messages to people, as rows in the transaction of what they tell."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import new_id
from app.jobs import Job, defer
from app.law.terms import Whose
from app.models import Delivery, Message, Request, Requester, System, Task
from app.services import keyring


async def event(session: AsyncSession, kind: str, task: Task, *, now: datetime) -> None:
    """A thin event for the task's system: ids only (F3). A system without an endpoint polls."""
    system = await session.get_one(System, task.system_id)
    if system.endpoint_url is None or system.state == "retired":
        return
    data = {
        "task_id": str(task.id),
        "action": task.action,
        "claim_id": str(task.claim_id),
        "due_at": task.due_at.isoformat(),
    }
    await session.flush()
    await deliver(session, system, kind, data, task=task, now=now)


async def deliver(
    session: AsyncSession, system: System, kind: str, data: dict[str, Any], *, now: datetime, task: Task | None = None
) -> Delivery:
    """Queue one event for one endpoint."""
    body = {"type": kind, "timestamp": now.isoformat(), "data": data}
    delivery = Delivery(
        id=new_id(),
        system_id=system.id,
        task_id=task.id if task else None,
        type=kind,
        body=json.dumps(body, separators=(",", ":")).encode(),
        next_at=now,
        created_at=now,
    )
    session.add(delivery)
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
) -> Message:
    """Queue one mail, SMS or paper; its contents are sealed until they are handed over.

    What is for a guardian or delegate (`requester`) is sealed under their own key, and goes with it.
    """
    queued = Message(
        id=new_id(),
        request_id=request.id,
        kind=kind,
        party=Whose.SUBJECT if requester is None else Whose.REQUESTER,
        channel=channel,
        state="by_hand" if channel == "paper" else "queued",
        next_at=now,
        created_at=now,
    )
    if requester is None:
        queued.content_ct = keyring.seal(session, request, "message.content", queued.id, content)
    else:
        queued.content_ct = keyring.seal_for(session, requester, "message.content", queued.id, content)
    session.add(queued)
    if channel != "paper":
        await defer(session, Job("send_message", {"message_id": str(queued.id)}))
    return queued
