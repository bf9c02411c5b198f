"""The chain as an auditor pages through it, and the proof of one entry for whoever holds its anchor."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.chain import proofs
from app.desk import Actor
from app.errors import NotFound
from app.models import AuditCheckpoint, AuditEntry
from app.services import access_log, audit
from app.services import checkpoints as signed


async def entries(session: AsyncSession, *, request_id: UUID | None, after: int, limit: int) -> list[dict[str, Any]]:
    """Entries behind one, all or those of one request."""
    page = select(AuditEntry).where(col(AuditEntry.seq) > after).order_by(col(AuditEntry.seq)).limit(limit)
    if request_id is not None:
        page = page.where(col(AuditEntry.request_id) == request_id)
        access_log.touch(session, request_id=request_id)
    return [_entry(one) for one in (await session.execute(page)).scalars()]


async def checkpoints(session: AsyncSession, *, below: int | None, limit: int) -> list[dict[str, Any]]:
    """Signed checkpoints, newest first."""
    page = select(AuditCheckpoint).order_by(col(AuditCheckpoint.size).desc()).limit(limit)
    if below is not None:
        page = page.where(col(AuditCheckpoint.size) < below)
    return [
        {
            "size": one.size,
            "note": one.note,
            "key": one.key,
            "at": one.at.isoformat(),
            "written_at": one.written_at.isoformat() if one.written_at else None,
        }
        for one in (await session.execute(page)).scalars()
    ]


def taken(session: AsyncSession, first: int, last: int | None, *, by: Actor, now: datetime) -> None:
    """Write down that somebody takes the chain away; what for stands in the access log."""
    audit.note(session, "audit.export", by=by, now=now, facts={"from": first, "to": last})


def anchored(anchor: str) -> tuple[int, bytes]:
    """An anchor as it is written, `seq.hash`; what is none is like one that nobody was given."""
    found = proofs.anchored(anchor)
    if found is None:
        raise NotFound("audit.anchor_not_found")
    return found


async def stands(session: AsyncSession, seq: int, hash_: bytes) -> bool:
    """Whether the chain has this entry with this hash."""
    found = select(col(AuditEntry.hash)).where(col(AuditEntry.seq) == seq)
    return (await session.execute(found)).scalar_one_or_none() == hash_


async def proof(session: AsyncSession, seq: int, hash_: bytes) -> dict[str, Any] | None:
    """The proof of one entry; None until a checkpoint covers it."""
    found = await signed.prove(session, [seq])
    if found is None:
        return None
    return proofs.proof(seq, hash_, found[0].size, found[0].path, found[0].note, found[0].key)


async def growth(session: AsyncSession, older: int, newer: int) -> dict[str, Any]:
    """The proof that the chain only grew between two signed checkpoints, named by their sizes."""
    found = [await session.get(AuditCheckpoint, size) for size in (older, newer)]
    old, new = found
    if old is None or new is None:
        raise NotFound("audit.checkpoint_not_found")
    return proofs.growth(old.note, new.note, await signed.consistency(session, older, newer), new.key)


def _entry(one: AuditEntry) -> dict[str, Any]:
    said = json.loads(one.body)
    return {
        "seq": one.seq,
        "at": said["at"],
        "action": said["action"],
        "actor": said["actor"],
        "request_id": said["request"],
        "claim_id": said["claim"],
        "facts": said["facts"] or {},
        "body": one.body.decode(),
        "prev": one.prev_hash.hex(),
        "hash": one.hash.hex(),
    }
