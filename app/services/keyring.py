"""Each request has a key of its own, wrapped by the master key; destroying the key destroys the data (H4)."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import desk_of
from app.models import Request, Requester


def make(session: AsyncSession, request_id: UUID) -> bytes:
    """A new data key for this request, wrapped for this request alone."""
    keys = desk_of(session).keys
    return keys.wrap(keys.new_key(), aad=f"request.key|{request_id}".encode())


def seal(session: AsyncSession, request: Request, column: str, row: UUID, value: Any) -> bytes:
    """Seal a JSON value for one column of one row; moved elsewhere it does not open."""
    return desk_of(session).keys.seal_json(_key(session, request), value, f"{column}|{row}")


def unseal(session: AsyncSession, request: Request, column: str, row: UUID, sealed: bytes) -> Any:
    """Open what `seal` closed."""
    return desk_of(session).keys.unseal_json(_key(session, request), sealed, f"{column}|{row}")


def seal_bytes(session: AsyncSession, request: Request, column: str, row: UUID | str, value: bytes) -> bytes:
    """Seal bytes for one column of one row."""
    keys = desk_of(session).keys
    return keys.seal(_key(session, request), value, f"{column}|{row}")


def unseal_bytes(session: AsyncSession, request: Request, column: str, row: UUID | str, sealed: bytes) -> bytes:
    """Open what `seal_bytes` closed."""
    keys = desk_of(session).keys
    return keys.unseal(_key(session, request), sealed, f"{column}|{row}")


def subject(session: AsyncSession, request: Request) -> dict[str, Any]:
    """What was typed about the subject at filing."""
    typed: dict[str, Any] = unseal(session, request, "request.subject", request.id, request.subject_ct)
    return typed


def person(session: AsyncSession, request: Request) -> dict[str, Any] | None:
    """What the register holds about the identified person, or None before identity or when nothing is held."""
    if request.person_ct is None:
        return None
    known: dict[str, Any] = unseal(session, request, "request.person", request.id, request.person_ct)
    return known


def make_requester_key(session: AsyncSession, request_id: UUID) -> bytes:
    """A new data key for the guardian or delegate of this request: theirs is destroyed on a clock of its own."""
    keys = desk_of(session).keys
    return keys.wrap(keys.new_key(), aad=f"requester.key|{request_id}".encode())


def seal_for(session: AsyncSession, requester: Requester, column: str, row: UUID, value: Any) -> bytes:
    """Seal a JSON value under the requester's own key."""
    return desk_of(session).keys.seal_json(_own_key(session, requester), value, f"{column}|{row}")


def unseal_for(session: AsyncSession, requester: Requester, column: str, row: UUID, sealed: bytes) -> Any:
    """Open what `seal_for` closed."""
    return desk_of(session).keys.unseal_json(_own_key(session, requester), sealed, f"{column}|{row}")


def seal_for_desk(session: AsyncSession, column: str, row: UUID, value: Any) -> bytes:
    """Seal a JSON value that belongs to no request."""
    plain = json.dumps(value, ensure_ascii=False).encode()
    return desk_of(session).keys.service_seal(plain, aad=f"{column}|{row}".encode())


def unseal_for_desk(session: AsyncSession, column: str, row: UUID, sealed: bytes) -> Any:
    """Open what `seal_for_desk` closed."""
    return json.loads(desk_of(session).keys.service_unseal(sealed, aad=f"{column}|{row}".encode()))


def details(session: AsyncSession, requester: Requester) -> dict[str, Any]:
    """What was typed about the guardian or delegate at filing; must not have been destroyed."""
    assert requester.details_ct is not None
    typed: dict[str, Any] = unseal_for(
        session, requester, "requester.details", requester.request_id, requester.details_ct
    )
    return typed


def _own_key(session: AsyncSession, requester: Requester) -> bytes:
    assert requester.key is not None, "destroyed"
    return desk_of(session).keys.unwrap(requester.key, aad=f"requester.key|{requester.request_id}".encode())


def _key(session: AsyncSession, request: Request) -> bytes:
    return desk_of(session).keys.unwrap(request.key, aad=f"request.key|{request.id}".encode())
