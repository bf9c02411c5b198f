"""Idempotency-Key: the first answer again, secrets included, for thirty days.

The answer is sealed and stored in the transaction of what it answers; a second call while the first is under way is
told so at once, by an advisory lock that ends with the transaction.
"""

import hashlib
import json
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app import db
from app.desk import desk_of
from app.errors import Conflict, Invalid, Malformed
from app.http.unit import Unit, contact_of

LONGEST_KEY = 255
_LOOK = (
    "SELECT pg_try_advisory_xact_lock(%(lock)s) AS ours, stored.fingerprint, stored.answer_ct FROM (SELECT 1) AS one"
    " LEFT JOIN idempotency AS stored ON stored.principal = %(principal)s AND stored.key = %(key)s"
)
_KEEP = (
    "INSERT INTO idempotency (principal, key, fingerprint, answer_ct, at)"
    " VALUES (%(principal)s, %(key)s, %(fingerprint)s, %(answer_ct)s, %(at)s)"
    " ON CONFLICT DO NOTHING RETURNING key"
)


class Replay:
    """One key of one principal: what was answered before, or the place to keep the answer."""

    def __init__(self, principal: bytes, key: bytes, fingerprint: bytes, stored: dict[str, Any] | None) -> None:
        self._principal = principal
        self._key = key
        self._fingerprint = fingerprint
        self._stored = stored

    @property
    def stored(self) -> bool:
        """Whether this key was answered before."""
        return self._stored is not None

    def replay(self) -> Response:
        """The first answer, again."""
        assert self._stored is not None
        return JSONResponse(
            self._stored["body"],
            status_code=self._stored["status"],
            headers={**self._stored["headers"], "Idempotency-Replayed": "true"},
        )

    async def keep(
        self, session: AsyncSession, body: Any, *, status: int = 201, headers: dict[str, str] | None = None
    ) -> Response:
        """Store this answer and give it."""
        answer = {"status": status, "headers": headers or {}, "body": body}
        sealed = desk_of(session).keys.service_seal(json.dumps(answer, ensure_ascii=False).encode(), aad=self._place)
        row = {
            "principal": self._principal,
            "key": self._key,
            "fingerprint": self._fingerprint,
            "answer_ct": sealed,
            "at": db.now(),
        }
        if not await db.run(session, _KEEP, row):
            # The other call committed between our look and our lock: nothing of ours may stand.
            raise Conflict("idempotency.in_progress")
        return JSONResponse(body, status_code=status, headers=headers)

    @property
    def _place(self) -> bytes:
        return b"idempotency.answer|" + self._principal + self._key


class Keyed:
    """A key that was sent, before it is known what it was sent with."""

    def __init__(self, request: Request, key: str) -> None:
        self._request = request
        self._key = key

    async def look(self, session: AsyncSession, said: bytes) -> Replay:
        """What this key answered before. `said` is what a repeat must say again to be one."""
        by = contact_of(self._request).by
        assert by is not None
        keys = desk_of(session).keys
        # The two parties of one request act under its id: neither repeats the other.
        principal = keys.digest(f"principal|{by.id}|{by.party}")
        key_digest = keys.digest(f"idempotency|{self._key}")
        asked = hashlib.sha256(f"{self._request.method} {self._request.url.path}\n".encode() + said)
        # Keyed: an unkeyed hash of a body with a name and a number in it could be guessed for thirty days.
        fingerprint = keys.digest(f"fingerprint|{asked.hexdigest()}")
        lock = int.from_bytes(hashlib.sha256(principal + key_digest).digest()[:8], "big", signed=True)
        (row,) = await db.run(session, _LOOK, {"lock": lock, "principal": principal, "key": key_digest})
        if row.fingerprint is None:
            if not row.ours:
                raise Conflict("idempotency.in_progress")
            return Replay(principal, key_digest, fingerprint, None)
        if row.fingerprint != fingerprint:
            raise Invalid("idempotency.key_reused")
        place = b"idempotency.answer|" + principal + key_digest
        return Replay(principal, key_digest, fingerprint, json.loads(keys.service_unseal(row.answer_ct, aad=place)))


async def keyed(request: Request) -> Keyed:
    """Read the key alone, for an endpoint that reads its body itself and says then what is in it."""
    return Keyed(request, _parse(request.headers.getlist("idempotency-key")))


async def idempotent(request: Request, session: Unit, sent: Annotated[Keyed, Depends(keyed)]) -> Replay:
    """Read the key and what it answered before. Stands after the principal in an endpoint's parameters."""
    return await sent.look(session, _canonical(await request.body()))


def _parse(values: list[str]) -> str:
    """The key, quoted as the draft has it or bare."""
    if not values:
        raise Malformed("idempotency.key_required")
    if len(values) > 1:
        raise Malformed("idempotency.key_malformed")
    key = values[0].strip()
    if key.startswith('"') or key.endswith('"'):
        if len(key) < 2 or not (key.startswith('"') and key.endswith('"')):
            raise Malformed("idempotency.key_malformed")
        key = key[1:-1]
    if not 1 <= len(key) <= LONGEST_KEY or '"' in key or not (key.isascii() and key.isprintable()):
        raise Malformed("idempotency.key_malformed")
    return key


def _canonical(body: bytes) -> bytes:
    """The same JSON in another spelling is the same body."""
    try:
        return json.dumps(json.loads(body), sort_keys=True, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return body


Idempotent = Annotated[Replay, Depends(idempotent)]
IdempotentLater = Annotated[Keyed, Depends(keyed)]
