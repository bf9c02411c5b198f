"""What systems tell of their tasks by signed message instead of a token (Standard Webhooks 1.0.0; ADR 0044)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import signature
from app.desk import Actor, desk_of
from app.errors import Invalid
from app.models import Callback, System
from app.services import rehearsing, signing_keys


async def sender(
    session: AsyncSession, system_id: UUID, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> tuple[Actor, str]:
    """Who signed a message, and its id. A system that is unknown or retired has no key, so nothing is signed by it."""
    system = await session.get(System, system_id)
    keys: tuple[str, ...] = ()
    if system is not None and system.state != "retired":
        keys = (*system.callback_keys, *await signing_keys.shared(session, system.id, now=now))
    message_id = signature.verify(keys, headers, body, now=int(now.timestamp()))
    return Actor("system", desk_of(session).issuer.name, str(system_id)), message_id


async def take(
    session: AsyncSession,
    by: Actor,
    message_id: str,
    body: bytes,
    task_id: UUID,
    act: Callable[[], Awaitable[dict[str, Any]]],
    *,
    now: datetime,
) -> tuple[bool, dict[str, Any]]:
    """Act on a message once: says whether it came before, and how its task stands now.

    What is refused is not remembered: sent again it is judged again.
    """
    system_id, keys = UUID(by.sub), desk_of(session).keys
    message, digest = keys.digest(f"callback.id|{message_id}"), keys.digest(f"callback.body|{body.hex()}")
    row = insert(Callback).values(system_id=system_id, message=message, digest=digest, at=now)
    new = await session.execute(row.on_conflict_do_nothing().returning(col(Callback.message)))
    if new.first() is not None:
        return False, await act()
    before = select(col(Callback.digest)).where(col(Callback.system_id) == system_id, col(Callback.message) == message)
    if bytes((await session.execute(before)).scalar_one()) != digest:
        raise Invalid("idempotency.key_reused")
    return True, await rehearsing.look(session, task_id, by=by)
