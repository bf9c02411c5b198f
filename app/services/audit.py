"""The audit chain: an entry in the transaction of every change (H1).

How entries are chained says `app.chain.links`; body = RFC 8785 JSON of ids, codes and field names. What
could name a person is sealed beside the entry under the request's key and enters the body only by its hash, so that
destroying the key leaves the chain verifiable.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.chain.trail import Elsewhere, Trail, Verdict
from app.db import at_close, run
from app.desk import Actor
from app.models import AuditEntry

_APPEND = "SELECT seq, hash FROM audit_append(%(requests)s::uuid[], %(bodies)s::bytea[], %(details)s::bytea[])"
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where in the chain something was written; whoever holds it can show a later cut or change."""

    seq: int
    hash: bytes


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
    actor: dict[str, str | None] = {"role": by.role, "iss": by.iss, "sub": by.sub, "agent": by.agent}
    if by.role == "requester" and not by.is_subject:
        actor["party"] = by.party
    body: dict[str, Any] = {
        "at": now.isoformat(timespec="microseconds"),
        "action": action,
        "actor": actor,
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


async def entries(session: AsyncSession, *, after: int, until: int | None = None) -> AsyncIterator[Any]:
    """The entries in order, in pages: `seq`, `prev_hash`, `hash`, `request_id`, `body`, `detail_ct`."""
    whole = select(
        col(AuditEntry.seq),
        col(AuditEntry.prev_hash),
        col(AuditEntry.hash),
        col(AuditEntry.request_id),
        col(AuditEntry.body),
        col(AuditEntry.detail_ct),
    ).order_by(col(AuditEntry.seq))
    if until is not None:
        whole = whole.where(col(AuditEntry.seq) <= until)
    while True:
        rows = (await session.execute(whole.where(col(AuditEntry.seq) > after).limit(_PAGE))).all()
        for row in rows:
            yield row
        if len(rows) < _PAGE:
            return
        after = rows[-1].seq


async def verify(
    session: AsyncSession, *, signed: Mapping[int, bytes] | None = None, elsewhere: Elsewhere | None = None
) -> Verdict:
    """Read the whole chain and name the first entry that is not what it was; `signed`: roots by size, if any."""
    trail, vouched = Trail(signed=signed, elsewhere=elsewhere), 0
    async for row in entries(session, after=0):
        if not trail.add(row.seq, row.prev_hash, row.hash, row.body):
            return trail.end()
        if because := _not_as_stated(row):
            return Verdict(0, row.seq - 1, vouched, row.seq, because, row.prev_hash)
        vouched = trail.vouched
    head = (await session.execute(text("SELECT seq, hash FROM audit_head"))).one()
    if (head.seq, bytes(head.hash)) != (trail.seq, trail.head):
        trail.break_("is missing: the head of the chain says that it goes on")
    return trail.end()


def _not_as_stated(row: Any) -> str | None:
    """Whether what stands beside the body is another than it says: by the request, packs and lists find entries."""
    try:
        body = json.loads(row.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return "is none that this service writes"
    if body.get("request") != (str(row.request_id) if row.request_id else None):
        return "belongs to another request than it states"
    # A destroyed detail leaves only its hash behind: that is no break in the chain.
    if row.detail_ct is not None and body.get("detail") != hashlib.sha256(row.detail_ct).hexdigest():
        return "has another detail than it states"
    return None
