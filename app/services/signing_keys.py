"""The keys that sign events for one endpoint: its own, sealed under the service's key (Standard Webhooks 1.0.0)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import signature
from app.crashpoints import crashpoint
from app.db import new_id
from app.desk import desk_of
from app.errors import Conflict
from app.models import System, SystemKey

KEYS_MOST = 10
"""As many keys of one endpoint sign at once; a receiver goes through the signatures one by one."""
PAGE = 200


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key just made; the shared secret of v1 is told this once."""

    row: SystemKey
    secret: str | None


def make(session: AsyncSession, system: System, scheme: str, *, now: datetime) -> MadeKey:
    """A fresh key of that scheme: v1 shares a secret, v1a keeps its own and gives the public half."""
    asymmetric = scheme == "v1a"
    secret = signature.new_private_key() if asymmetric else signature.new_secret()
    key_id = new_id()
    row = SystemKey(
        id=key_id,
        system_id=system.id,
        scheme=scheme,
        secret_ct=desk_of(session).keys.service_seal(secret.encode(), aad=_place(key_id)),
        public_key=signature.public_key(secret) if asymmetric else None,
        valid_from=now,
    )
    session.add(row)
    return MadeKey(row, None if asymmetric else secret)


async def rotate(session: AsyncSession, system: System, scheme: str, *, overlap: timedelta, now: datetime) -> MadeKey:
    """A new key; those that sign now go on beside it for the overlap, or until they end anyway if that is sooner."""
    before = select(SystemKey).where(col(SystemKey.system_id) == system.id, _is_valid(now))
    old = (await session.execute(before)).scalars().all()
    if overlap and len(old) >= KEYS_MOST:
        # A key that leaked can still be replaced: without an overlap none of the old ones stays.
        raise Conflict("endpoint.too_many_keys")
    for key in old:
        key.valid_until = min(key.valid_until or now + overlap, now + overlap)
    made = make(session, system, scheme, now=now)
    await session.flush()
    crashpoint("signing_key.before_commit")
    return made


async def signing(session: AsyncSession, system_id: UUID, *, now: datetime) -> tuple[str, ...]:
    """Every key that is valid now, newest first: a receiver may still know only the older one."""
    valid = (
        select(SystemKey)
        .where(col(SystemKey.system_id) == system_id, _is_valid(now))
        .order_by(col(SystemKey.valid_from).desc(), col(SystemKey.id).desc())
    )
    keys = desk_of(session).keys
    rows = (await session.execute(valid)).scalars()
    return tuple(keys.service_unseal(row.secret_ct, aad=_place(row.id)).decode() for row in rows)


async def shared(session: AsyncSession, system_id: UUID, *, now: datetime) -> tuple[str, ...]:
    """The secrets that the system knows as well as we do: by these it may sign what it tells us."""
    return tuple(key for key in await signing(session, system_id, now=now) if key.startswith("whsec_"))


async def listed(session: AsyncSession, system_ids: list[UUID]) -> dict[UUID, list[SystemKey]]:
    """The keys of these systems, oldest first, for whoever looks at them; nothing is unsealed."""
    theirs = select(SystemKey).where(col(SystemKey.system_id).in_(system_ids)).order_by(col(SystemKey.id))
    found: dict[UUID, list[SystemKey]] = {system_id: [] for system_id in system_ids}
    for row in (await session.execute(theirs)).scalars():
        found[row.system_id].append(row)
    return found


async def published(session: AsyncSession, *, after: UUID | None, now: datetime) -> list[tuple[UUID, list[SystemKey]]]:
    """A page of the systems that have public keys now, each with these, newest first."""
    public = and_(col(SystemKey.public_key).is_not(None), _is_valid(now))
    theirs = select(col(System.id)).where(
        col(System.state) != "retired", exists().where(col(SystemKey.system_id) == col(System.id), public)
    )
    if after is not None:
        theirs = theirs.where(col(System.id) > after)
    system_ids = list((await session.execute(theirs.order_by(col(System.id)).limit(PAGE + 1))).scalars())
    keys = select(SystemKey).where(col(SystemKey.system_id).in_(system_ids), public)
    found: dict[UUID, list[SystemKey]] = {system_id: [] for system_id in system_ids}
    for row in (await session.execute(keys.order_by(col(SystemKey.id).desc()))).scalars():
        found[row.system_id].append(row)
    return list(found.items())


def is_given() -> ColumnElement[bool]:
    """Whether a system was ever given a key: the newest one does not end, so it still has one."""
    return exists().where(col(SystemKey.system_id) == col(System.id))


def _is_valid(now: datetime) -> ColumnElement[bool]:
    lasting = or_(col(SystemKey.valid_until).is_(None), col(SystemKey.valid_until) > now)
    return and_(col(SystemKey.valid_from) <= now, lasting)


def _place(key_id: UUID) -> bytes:
    return f"system_key.secret|{key_id}".encode()
