"""Machines that may call: their secrets, and the tokens they get for them (client credentials, RFC 6749 4.4)."""

import hmac
import logging
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import RowMapping, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import text
from app.db import new_id
from app.desk import Actor, Desk, desk_of
from app.errors import Conflict, Invalid, NotFound
from app.models import Client, ClientSecret, Tally
from app.services import audit, grants, ledgering
from app.tokens import LIFETIME, Role

FAILURES_MOST = 5
WATCHED = LOCKED = timedelta(minutes=15)
OVERLAP = timedelta(hours=24)
_MINUTE = timedelta(minutes=1)
_AGENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_NOBODY = UUID(int=0)
_ACTS = {"client.create": "grant", "client.renew_secret": "change", "client.retire": "revoke"}
_NO_DIGEST = bytes(32)
_log = logging.getLogger("rights_desk.clients")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A client and its secret, which is told this once."""

    client: Client
    secret: str
    earlier_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, and as whom its bearer will act."""

    token: str
    seconds: int
    by: Actor


async def create(session: AsyncSession, name: str, role: str, *, by: Actor, now: datetime) -> Credentials:
    """Register a website, a call center or a clerk's desk."""
    made = await add(session, text.line(name, pointer="/name"), role, system_id=None, now=now)
    _note(session, "client.create", made.client, by=by, now=now)
    return made


async def add(session: AsyncSession, name: str, role: str, *, system_id: UUID | None, now: datetime) -> Credentials:
    """A client with its first secret; the caller writes the audit entry of what it belongs to."""
    client = Client(id=new_id(), name=name, role=role, system_id=system_id, created_at=now)
    session.add(client)
    await session.flush()
    return Credentials(client, _add_secret(session, client, now))


async def renew(session: AsyncSession, client_id: UUID, *, by: Actor, now: datetime) -> Credentials:
    """A new secret. The one before works for another day; older ones end now, so doing this twice ends a leaked one."""
    client = await _open(session, client_id)
    if client.retired_at is not None:
        raise Conflict("state.conflict")
    live = select(ClientSecret).where(
        col(ClientSecret.client_id) == client.id,
        or_(col(ClientSecret.retired_at).is_(None), col(ClientSecret.retired_at) > now),
    )
    earlier_until = None
    for earlier in (await session.execute(live.order_by(col(ClientSecret.id)))).scalars():
        if earlier.retired_at is None:
            earlier.retired_at = earlier_until = now + OVERLAP
        else:
            earlier.retired_at = now
    secret = _add_secret(session, client, now)
    _note(session, "client.renew_secret", client, by=by, now=now)
    return Credentials(client, secret, earlier_until)


async def retire(session: AsyncSession, client_id: UUID, *, by: Actor, now: datetime) -> Client:
    """End a client: no new tokens; what it bears already runs out within fifteen minutes."""
    client = await _open(session, client_id)
    if client.role == Role.SYSTEM:
        # A system without its client could do no task: it ends by its own retirement, client and all.
        raise Conflict("state.conflict")
    if client.retired_at is None:
        client.retired_at = now
        _note(session, "client.retire", client, by=by, now=now)
        await ledgering.follow(session, "client", client.id)
    return client


async def retire_of_system(session: AsyncSession, system_id: UUID, *, now: datetime) -> None:
    """End the client of a system that is retired."""
    its = update(Client).where(col(Client.system_id) == system_id, col(Client.retired_at).is_(None))
    ended = await session.execute(its.values(retired_at=now).returning(col(Client.id)))
    for client_id in ended.scalars().all():
        await ledgering.follow(session, "client", client_id)


async def of_systems(session: AsyncSession, system_ids: list[UUID]) -> dict[UUID, UUID]:
    """The client ids of these systems."""
    theirs = select(col(Client.system_id), col(Client.id)).where(col(Client.system_id).in_(system_ids))
    return {system_id: client_id for system_id, client_id in (await session.execute(theirs)) if system_id}


async def exchange(
    session: AsyncSession, client_id: str, secret: str, agent: str | None, *, now: datetime
) -> Issued | None:
    """A token for a right secret. None is a failure that is a fact: it was counted, and has to be committed.

    The same statements run for a client that never was, so that neither the answer nor its time tells which ids exist.
    """
    desk = desk_of(session)
    digest = desk.keys.lookup("client_failure", client_id)
    rows = await _secrets(session, client_id, now)
    right = _matches(desk, secret, rows)
    locked = await _is_locked(session, digest, now)
    if locked or not right:
        if not locked:
            await _count_failure(session, digest, now)
        _log.warning("client credentials refused%s", ", locked" if locked else "")
        return None
    client = rows[0]
    role = Role(client["role"])
    _check_agent(role, agent)
    sub = str(client["system_id"] or client["id"])
    ttl = LIFETIME[role]
    token = desk.issuer.issue(role, sub, ttl, now=now, agent=agent)
    return Issued(token, int(ttl.total_seconds()), Actor(role.value, desk.issuer.name, sub, agent))


def _check_agent(role: Role, agent: str | None) -> None:
    """A call center always says which agent speaks; nobody else has any."""
    if role is not Role.CALL_CENTER:
        if agent is not None:
            raise Invalid("field.unknown", pointer="/agent")
    elif agent is None:
        raise Invalid("field.required", pointer="/agent")
    elif not _AGENT.fullmatch(agent):
        raise Invalid("field.format", pointer="/agent")


async def _secrets(session: AsyncSession, client_id: str, now: datetime) -> Sequence[RowMapping]:
    wanted = UUID(client_id) if _UUID.fullmatch(client_id) else _NOBODY
    live = (
        select(col(Client.id), col(Client.role), col(Client.system_id), col(ClientSecret.digest))
        .join(ClientSecret, col(ClientSecret.client_id) == col(Client.id))
        .where(
            col(Client.id) == wanted,
            col(Client.retired_at).is_(None),
            or_(col(ClientSecret.retired_at).is_(None), col(ClientSecret.retired_at) > now),
        )
    )
    return (await session.execute(live)).mappings().all()


def _matches(desk: Desk, secret: str, rows: Sequence[RowMapping]) -> bool:
    given = _digest(desk, secret)
    known = [bytes(row["digest"]) for row in rows] or [_NO_DIGEST]
    return True in [hmac.compare_digest(given, one) for one in known]


async def _is_locked(session: AsyncSession, digest: bytes, now: datetime) -> bool:
    """Whether five failures fell within fifteen minutes, and the last of them less than fifteen minutes ago."""
    lock_began = now - LOCKED - _MINUTE
    recent = (
        select(col(Tally.window_start), col(Tally.count))
        .where(col(Tally.digest) == digest, col(Tally.window_start) > lock_began - WATCHED)
        .order_by(col(Tally.window_start))
    )
    minutes = (await session.execute(recent)).all()
    for end, _ in minutes:
        within = sum(failures for start, failures in minutes if end - WATCHED < start <= end)
        if within >= FAILURES_MOST and end > lock_began:
            return True
    return False


async def _count_failure(session: AsyncSession, digest: bytes, now: datetime) -> None:
    """Count by the minute, in one statement, for all processes together."""
    minute = now.replace(second=0, microsecond=0)
    one = insert(Tally).values(digest=digest, window_start=minute, count=1)
    await session.execute(
        one.on_conflict_do_update(
            index_elements=["digest", "window_start"],
            set_={"count": col(Tally.count) + 1},
        )
    )


async def _open(session: AsyncSession, client_id: UUID) -> Client:
    client = await session.get(Client, client_id, with_for_update=True, populate_existing=True)
    if client is None:
        raise NotFound("client.not_found")
    return client


def _add_secret(session: AsyncSession, client: Client, now: datetime) -> str:
    secret = f"rdcs_{secrets.token_urlsafe(32)}"
    digest = _digest(desk_of(session), secret)
    session.add(ClientSecret(id=new_id(), client_id=client.id, digest=digest, created_at=now))
    return secret


def _digest(desk: Desk, secret: str) -> bytes:
    return desk.keys.digest(f"client_secret|{secret}")


def _note(session: AsyncSession, action: str, client: Client, *, by: Actor, now: datetime) -> None:
    audit.note(session, action, by=by, now=now, facts={"client": str(client.id), "role": client.role})
    grants.record(session, _ACTS[action], "client", str(client.id), role=client.role, by=by.id, now=now, facts={})
