"""접속기록: one row for every contact of staff, clients and systems with personal data (안전성 확보조치 기준 8)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import new_id, run
from app.desk import Actor

_ONE = (
    "INSERT INTO access_log (id, at, role, actor, agent, address, operation, request_id, subject_digest, scope,"
    " purpose, result, trace) VALUES (%(id)s, %(at)s, %(role)s, %(actor)s, %(agent)s, %(address)s, %(operation)s,"
    " %(request_id)s, %(subject_digest)s, %(scope)s, %(purpose)s, %(result)s, %(trace)s)"
)
_MANY = (
    "INSERT INTO access_log (id, at, role, actor, agent, address, operation, request_id, subject_digest, scope,"
    " purpose, result, trace) SELECT one.id, %(at)s, %(role)s, %(actor)s, %(agent)s, %(address)s, %(operation)s,"
    " one.request_id, one.subject_digest, %(scope)s, %(purpose)s, %(result)s, %(trace)s"
    " FROM unnest(%(ids)s::uuid[], %(request_ids)s::uuid[], %(digests)s::bytea[])"
    " AS one (id, request_id, subject_digest)"
)


@dataclass(slots=True)
class Contact:
    """What the door knows of a call; services add whose data it touched."""

    operation: str
    address: str | None
    trace: str
    by: Actor | None = None
    request_id: UUID | None = None
    subject_digest: bytes | None = None
    scope: str | None = None
    """Of a list or an extract: what was asked for, where it is about too many to name each."""
    purpose: str | None = None
    result: str = "ok"
    also: list[tuple[UUID, bytes | None]] = field(default_factory=list)
    """Of a call that hands out what is about many people: each of them."""
    is_written: bool = False
    """Its row went with a transaction of its own."""


def touch(session: AsyncSession, *, request_id: UUID, subject_digest: bytes | None = None) -> None:
    """Say whose data this call touches."""
    contact: Contact | None = session.info.get("contact")
    if contact is not None:
        contact.request_id = request_id
        contact.subject_digest = subject_digest


def touch_also(session: AsyncSession, *, request_id: UUID, subject_digest: bytes | None) -> None:
    """Say whose data this call touches, beside others: there is a row for each."""
    contact: Contact | None = session.info.get("contact")
    if contact is not None:
        contact.also.append((request_id, subject_digest))


def because(session: AsyncSession, purpose: str) -> None:
    """Say for what purpose somebody looks, where that is asked; without numbers that name a person."""
    contact: Contact | None = session.info.get("contact")
    if contact is not None:
        contact.purpose = purpose


async def write(session: AsyncSession, contact: Contact, *, now: datetime) -> None:
    """Write the row, or one for each request that was looked at."""
    if not is_logged(contact):
        return
    row = row_of(contact, now=now)
    if not contact.also:
        await run(session, _ONE, row)
        return
    ids, digests = [request_id for request_id, _ in contact.also], [digest for _, digest in contact.also]
    await run(session, _MANY, row | {"ids": [new_id() for _ in ids], "request_ids": ids, "digests": digests})


def is_logged(contact: Contact) -> bool:
    """Whether this call leaves a row. Data subjects alone are excepted (기준 8(1)), not those who ask for them."""
    return contact.by is not None and not contact.by.is_subject and not contact.is_written


def row_of(contact: Contact, *, now: datetime) -> dict[str, Any]:
    """The row of a call that leaves one."""
    assert contact.by is not None
    return {
        "id": new_id(),
        "at": now,
        "role": contact.by.role,
        "actor": contact.by.id,
        "agent": contact.by.agent,
        "address": contact.address,
        "operation": contact.operation,
        "request_id": contact.request_id,
        "subject_digest": contact.subject_digest,
        "scope": contact.scope,
        "purpose": contact.purpose,
        "result": contact.result,
        "trace": contact.trace,
    }
