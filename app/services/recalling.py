"""An answer had reached the wrong person (Act 34): called back at once, and told from the log what was fetched."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor
from app.models import AuditEntry, Package, PackageChunk, ReleaseGrant, Requester, Verification
from app.services import audit, ledgering
from app.services.casebook import Case

_OPENED = {"notice.open": "notice", "package.fetch": "package"}
_SHOWN = ("footage.view", "footage.copy", "footage.provide")


async def recall(session: AsyncSession, case: Case, *, by: Actor, now: datetime) -> dict[str, int]:
    """End every way to this request's answers: packages, grants, codes under way, access codes, tokens.

    Tokens carry when they were issued: the door takes none of before this moment. Until an approver says go on the
    request is frozen, so that nothing more is handed out. Returns how many of each there were.
    """
    request = case.request
    packages = await _destroy_packages(session, request.id, now)
    grants = await _end(session, ReleaseGrant, request.id, now)
    asked = await _end(session, Verification, request.id, now)
    requester = await session.get(Requester, request.id)
    codes = int(request.access_code_digest is not None)
    request.access_code_digest = None
    if requester is not None and requester.subject_code_digest is not None:
        requester.subject_code_digest, codes = None, codes + 1
    request.recalled_at, request.frozen_at = now, request.frozen_at or now
    case.take_out()
    request.version += 1
    counted = {"packages": len(packages), "grants": grants, "verifications": asked, "access_codes": codes}
    facts = {**counted, "destroyed": [str(one) for one in packages]}
    audit.note(session, "request.recall", by=by, now=now, request_id=request.id, facts=facts)
    await ledgering.follow(session, "recall", request.id, request_id=request.id)
    return counted


async def handed_out(session: AsyncSession, request_id: UUID) -> list[dict[str, Any]]:
    """What of the answers was opened, fetched or posted before: what, when, by whom; from the audit chain."""
    mine = select(col(AuditEntry.body)).where(col(AuditEntry.request_id) == request_id).order_by(col(AuditEntry.seq))
    entries = [json.loads(body) for body in (await session.execute(mine)).scalars()]
    return [
        {"what": what, "at": one["at"], "claim_id": one["claim"], "by_role": one["actor"]["role"]}
        for one in entries
        if (what := _what(one)) is not None
    ]


def _what(entry: dict[str, Any]) -> str | None:
    """What this entry says reached somebody outside; what staff opened to read is no handing out."""
    action, facts = entry["action"], entry["facts"] or {}
    if action in _OPENED and entry["actor"]["role"] == "requester":
        return _OPENED[action]
    if action == "message.send" and facts["channel"] == "paper" and entry["claim"] is not None:
        # A letter, or a notice read out by telephone or handed over the counter.
        return str(facts["way"])
    return "footage" if action in _SHOWN else None


async def _destroy_packages(session: AsyncSession, request_id: UUID, now: datetime) -> list[UUID]:
    kept = (
        update(Package)
        .where(col(Package.request_id) == request_id, col(Package.destroyed_at).is_(None))
        .values(destroyed_at=now)
        .returning(col(Package.id))
    )
    ids = list((await session.execute(kept)).scalars())
    await session.execute(delete(PackageChunk).where(col(PackageChunk.package_id).in_(ids)))
    return ids


async def _end(session: AsyncSession, rows: type[ReleaseGrant | Verification], request_id: UUID, now: datetime) -> int:
    """End what has still time to run."""
    live = update(rows).where(col(rows.request_id) == request_id, col(rows.expires_at) > now).values(expires_at=now)
    return len((await session.execute(live.returning(col(rows.id)))).all())
