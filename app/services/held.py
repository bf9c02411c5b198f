"""What a restored copy would have sent (F51): shown to a person, who sends it or leaves it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import run
from app.desk import Actor
from app.documents.messages import ONE_CONTACT
from app.errors import Invalid, NotFound
from app.jobs import Job, defer
from app.law.deadline import seoul_time
from app.models import Delivery, Message, Request
from app.services import audit

_HELD = """
SELECT id, 'message' AS of, kind, channel, NULL::uuid AS system_id, request_id, created_at FROM message
WHERE state = 'held' AND id > %(after)s
UNION ALL
SELECT delivery.id, 'delivery', delivery.type, NULL, delivery.system_id, task.request_id, delivery.created_at
FROM delivery LEFT JOIN task ON task.id = delivery.task_id
WHERE delivery.state = 'held' AND delivery.id > %(after)s
ORDER BY id LIMIT %(limit)s
"""
_THESE = """
SELECT id, request_id FROM message WHERE state = 'held' AND id = ANY(%(ids)s)
UNION ALL
SELECT delivery.id, task.request_id FROM delivery LEFT JOIN task ON task.id = delivery.task_id
WHERE delivery.state = 'held' AND delivery.id = ANY(%(ids)s)
ORDER BY id
"""
_STILL = """
SELECT id FROM message WHERE state = 'held' AND request_id = %(request)s
UNION ALL
SELECT delivery.id FROM delivery JOIN task ON task.id = delivery.task_id
WHERE delivery.state = 'held' AND task.request_id = %(request)s
LIMIT 1
"""


async def listed(session: AsyncSession, *, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """What is held, the oldest first: ids, kinds and moments, never contents."""
    rows = await run(session, _HELD, {"after": after or UUID(int=0), "limit": limit})
    return [
        {
            "id": str(row.id),
            "of": row.of,
            "kind": row.kind,
            "channel": row.channel,
            "system_id": str(row.system_id) if row.system_id else None,
            "request_id": str(row.request_id) if row.request_id else None,
            "created_at": seoul_time(row.created_at).isoformat(),
        }
        for row in rows
    ]


async def settle(
    session: AsyncSession, *, send: Collection[UUID], leave: Collection[UUID], by: Actor, now: datetime
) -> None:
    """Send some of it and leave the rest; a case of which nothing is held any more speaks by itself again."""
    if set(send) & set(leave):
        raise Invalid("field.inconsistent", pointer="/leave")
    about = await _about(session, {*send, *leave})
    for one, request_id in about.items():
        goes = one in set(send)
        await _settle(session, one, goes, now)
        facts = {"sending": str(one), "sent": goes}
        audit.note(session, "sending.settle", by=by, now=now, request_id=request_id, facts=facts)
    await session.flush()
    for request_id in sorted({one for one in about.values() if one is not None}):
        if not await run(session, _STILL, {"request": request_id}):
            await session.execute(update(Request).where(col(Request.id) == request_id).values(restored_at=None))


async def _about(session: AsyncSession, ids: set[UUID]) -> dict[UUID, UUID | None]:
    """The request of each, all of them locked first; what is not held is not found."""
    rows = await run(session, _THESE, {"ids": sorted(ids)})
    about = {row.id: row.request_id for row in rows}
    if set(about) != ids:
        raise NotFound("sending.not_found")
    whose = select(col(Request.id)).where(col(Request.id).in_({one for one in about.values() if one is not None}))
    await session.execute(whose.order_by(col(Request.id)).with_for_update())
    return about


async def _settle(session: AsyncSession, one: UUID, goes: bool, now: datetime) -> None:
    message = await session.get(Message, one, with_for_update=True, populate_existing=True)
    if message is not None:
        _still_held(message)
        message.state, message.next_at = "queued" if goes else "dropped", now
        if goes:
            await defer(session, Job("send_message", {"message_id": str(one)}))
        elif message.kind in ONE_CONTACT:
            message.content_ct = None
        return
    delivery = await session.get_one(Delivery, one, with_for_update=True, populate_existing=True)
    _still_held(delivery)
    delivery.state, delivery.next_at, delivery.sent_from = "pending" if goes else "cancelled", now, now
    if goes:
        await defer(session, Job("deliver", {"system_id": str(delivery.system_id)}))


def _still_held(row: Message | Delivery) -> None:
    if row.state != "held":
        raise NotFound("sending.not_found")
