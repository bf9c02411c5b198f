"""The audit chain: an entry in the transaction of every change (H1).

hash = SHA-256(0x00 ‖ seq as 8 bytes ‖ previous hash ‖ body), body = RFC 8785 JSON of ids, codes and field names. What
could name a person is sealed beside the entry under the request's key and enters the body only by its hash, so that
destroying the key leaves the chain verifiable.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import at_close, run
from app.desk import Actor
from app.models import AuditEntry

GENESIS = hashlib.sha256(b"rights-desk audit chain").digest()
_APPEND = "SELECT seq, hash FROM audit_append(%(requests)s::uuid[], %(bodies)s::bytea[], %(details)s::bytea[])"
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where in the chain something was written; whoever holds it can show a later cut or change."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of reading the chain from the first entry to the last."""

    entries: int
    first_bad: int | None
    head: bytes


def note(
    session: AsyncSession,
    action: str,
    *,
    by: Actor,
    now: datetime,
    request_id: UUID | None = None,
    claim_id: UUID | None = None,
    facts: dict[str, Any] | None = None,
    detail_ct: bytes | None = None,
) -> None:
    """Put an entry into this transaction; it is chained last, when the transaction closes."""
    body: dict[str, Any] = {
        "at": now.isoformat(timespec="microseconds"),
        "action": action,
        "actor": {"role": by.role, "iss": by.iss, "sub": by.sub, "agent": by.agent},
        "request": str(request_id) if request_id else None,
        "claim": str(claim_id) if claim_id else None,
        "facts": facts or {},
        "detail": hashlib.sha256(detail_ct).hexdigest() if detail_ct else None,
    }
    pending: list[tuple[UUID | None, bytes, bytes | None]] = session.info.setdefault("audit", [])
    pending.append((request_id, rfc8785.dumps(body), detail_ct))
    at_close(session, append)


async def append(session: AsyncSession) -> Anchor | None:
    """Chain what was noted. Locks the head of the chain until the commit, so it stands last in a transaction."""
    pending = session.info.pop("audit", [])
    if not pending:
        return None
    requests, bodies, details = (list(column) for column in zip(*pending, strict=True))
    (row,) = await run(session, _APPEND, {"requests": requests, "bodies": bodies, "details": details})
    return Anchor(row.seq, row.hash)


def link(seq: int, prev_hash: bytes, body: bytes) -> bytes:
    """The hash of one entry; as 0x00 ‖ data it is also an RFC 6962 leaf hash."""
    return hashlib.sha256(b"\x00" + seq.to_bytes(8, "big") + prev_hash + body).digest()


async def verify(session: AsyncSession) -> Verdict:
    """Read the whole chain in pages and name the first entry that does not follow from the one before."""
    seq, previous = 0, GENESIS
    while True:
        page = (
            select(
                col(AuditEntry.seq),
                col(AuditEntry.prev_hash),
                col(AuditEntry.hash),
                col(AuditEntry.body),
                col(AuditEntry.detail_ct),
            )
            .where(col(AuditEntry.seq) > seq)
            .order_by(col(AuditEntry.seq))
            .limit(_PAGE)
        )
        rows = (await session.execute(page)).all()
        if not rows:
            break
        for row in rows:
            if not _follows(row, seq, previous):
                return Verdict(seq, seq + 1, previous)
            seq, previous = row.seq, row.hash
    head = (await session.execute(text("SELECT seq, hash FROM audit_head"))).one()
    cut = (head.seq, bytes(head.hash)) != (seq, bytes(previous))
    return Verdict(seq, seq + 1 if cut else None, previous)


def _follows(row: Any, seq: int, previous: bytes) -> bool:
    if row.seq != seq + 1 or row.prev_hash != previous or row.hash != link(row.seq, previous, row.body):
        return False
    stated = json.loads(row.body)["detail"]
    # A destroyed detail leaves only its hash behind: that is no break in the chain.
    return row.detail_ct is None or stated == hashlib.sha256(row.detail_ct).hexdigest()
