"""The keys that sign events for one endpoint: its own, sealed under the service's key (Standard Webhooks 1.0.0)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import signature
from app.db import new_id
from app.desk import desk_of
from app.models import System, SystemKey


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


async def signing(session: AsyncSession, system_id: UUID, *, now: datetime) -> tuple[str, ...]:
    """Every key that is valid now, newest first: a receiver may still know only the older one."""
    valid = (
        select(SystemKey)
        .where(
            col(SystemKey.system_id) == system_id,
            col(SystemKey.valid_from) <= now,
            or_(col(SystemKey.valid_until).is_(None), col(SystemKey.valid_until) > now),
        )
        .order_by(col(SystemKey.valid_from).desc(), col(SystemKey.id).desc())
    )
    keys = desk_of(session).keys
    rows = (await session.execute(valid)).scalars()
    return tuple(keys.service_unseal(row.secret_ct, aad=_place(row.id)).decode() for row in rows)


async def listed(session: AsyncSession, system_ids: list[UUID]) -> dict[UUID, list[SystemKey]]:
    """The keys of these systems, oldest first, for whoever looks at them; nothing is unsealed."""
    theirs = select(SystemKey).where(col(SystemKey.system_id).in_(system_ids)).order_by(col(SystemKey.id))
    found: dict[UUID, list[SystemKey]] = {system_id: [] for system_id in system_ids}
    for row in (await session.execute(theirs)).scalars():
        found[row.system_id].append(row)
    return found


def _place(key_id: UUID) -> bytes:
    return f"system_key.secret|{key_id}".encode()
