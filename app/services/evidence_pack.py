"""The evidence pack of one request (G5): what happened, was decided and told, sealed by an entry of the chain itself.

It is gathered and written down in one transaction, signed, and packed with the proofs: whoever has the public key can
check what is in it, and nobody can later hand out another.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.chain import packs
from app.chain.packs import Packed
from app.db import run
from app.desk import Actor, Desk, desk_of
from app.documents import evidence_cover, forms
from app.errors import Conflict, Unavailable
from app.law import deadline
from app.models import AuditEntry, Claim, Notice, Objection, Request
from app.services import access_log, anchors, audit, casefile, checkpoints, composing, handover, keyring, timeline
from app.services.visibility import visible

_TRIES = 5
"""How often it is gathered anew because the case went on meanwhile."""
_RETRY_S = 30
_COUNTED = "SELECT count(*) AS entries FROM audit_entry WHERE request_id = %(request)s"
_DECISIONS = """
SELECT claim_id, round, state, outcome, decided_by, edition, items, fee, proposer_sub, proposed_at, approver_sub,
    settled_at
FROM decision WHERE claim_id = ANY(%(claims)s::uuid[]) ORDER BY id
"""
_MESSAGES = """
SELECT message.id, message.notice_id, message.kind, message.party, message.channel, message.state, message.created_at,
    message.sent_at, coalesce(jsonb_agg(jsonb_build_object('at', attempt.at, 'outcome', attempt.outcome)
        ORDER BY attempt.id) FILTER (WHERE attempt.id IS NOT NULL), '[]') AS attempts
FROM message LEFT JOIN message_attempt AS attempt ON attempt.message_id = message.id
WHERE message.request_id = %(request)s GROUP BY message.id ORDER BY message.id
"""
_TASKS = """
SELECT task.id, task.claim_id, task.round, system.name AS holder, task.action, task.category, task.fields, task.status,
    task.created_at, task.due_at, task.fetched_at, task.finished_at
FROM task JOIN system ON system.id = task.system_id WHERE task.request_id = %(request)s ORDER BY task.id
"""
_DELIVERIES = """
SELECT delivery.id, delivery.task_id, delivery.type, delivery.state, delivery.created_at, delivery.delivered_at,
    coalesce(jsonb_agg(jsonb_build_object('at', attempt.at, 'status', attempt.status, 'outcome', attempt.outcome)
        ORDER BY attempt.id) FILTER (WHERE attempt.id IS NOT NULL), '[]') AS attempts
FROM delivery JOIN task ON task.id = delivery.task_id
LEFT JOIN delivery_attempt AS attempt ON attempt.delivery_id = delivery.id
WHERE task.request_id = %(request)s GROUP BY delivery.id ORDER BY delivery.id
"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files of a pack, written down in the chain and waiting for a signature."""

    request_id: UUID
    receipt_no: str
    files: Mapping[str, bytes]
    manifest: bytes


async def gather(session: AsyncSession, request_id: UUID, purpose: str, *, by: Actor, now: datetime) -> Gathered:
    """Gather all that is known of a request, and write down that it was, for what, and what files it came to."""
    if desk_of(session).settings.audit_key is None:
        raise Conflict("audit.cannot_sign")
    # Whoever exports it sees it as the approver does, from whatever door they come.
    reader = replace(by, role="approver")
    drawn: dict[str, bytes] = {}
    for _ in range(_TRIES):
        request = await visible(session, request_id, reader)
        access_log.because(session, purpose)
        entries = await _entries(session, request_id)
        claims = list((await session.execute(_claims(request_id))).scalars())
        case = await _case(session, request, claims, purpose, by=by, reader=reader, now=now)
        files = {"case.json": _json(case), **await _notices(session, request, drawn)}
        rulings = await _rulings(session, request_id)
        cover = _cover(session, request, claims, rulings, entries, sorted(files), purpose, now)
        files["cover.pdf"] = await asyncio.to_thread(evidence_cover.render_pdf, cover)
        gathered = Gathered(request_id, request.receipt_no, files, packs.manifest(files))
        if await _seal(session, gathered, len(entries), by=by, now=now):
            return gathered
    raise Unavailable("service.unavailable", retry_after=_RETRY_S)


async def _seal(session: AsyncSession, gathered: Gathered, entries: int, *, by: Actor, now: datetime) -> bool:
    """Chain the entry that states what was gathered. False, and undone, where the case has gone on meanwhile.

    Drawing takes seconds in which others write of this case. With the head of the chain locked nobody does any more.
    """
    facts = {
        "receipt_no": gathered.receipt_no,
        "manifest": packs.digest(gathered.manifest),
        "entries": entries,
        "files": len(gathered.files),
    }
    await run(session, "SAVEPOINT sealing", {})
    audit.note(session, packs.SEALS, by=by, now=now, request_id=gathered.request_id, facts=facts)
    await audit.append(session)
    (row,) = await run(session, _COUNTED, {"request": gathered.request_id})
    if row.entries == entries + 1:
        return True
    await run(session, "ROLLBACK TO SAVEPOINT sealing", {})
    session.expunge_all()  # what was read is of before
    return False


async def packed(session: AsyncSession, gathered: Gathered, *, now: datetime) -> bytes:
    """Sign the chain and pack the files with the proofs."""
    await checkpoints.take(session, now=now)
    entries = _up_to_seal(await _entries(session, gathered.request_id), packs.digest(gathered.manifest))
    proved = await checkpoints.prove(session, [one.seq for one in entries])
    assert proved is not None, "it was signed just now"
    told = [
        Packed(entry.seq, entry.prev_hash, entry.hash, entry.body, one.path)
        for entry, one in zip(entries, proved, strict=True)
    ]
    files = {
        **gathered.files,
        packs.MANIFEST: gathered.manifest,
        packs.AUDIT: packs.audit(gathered.receipt_no, str(gathered.request_id), told, proved[0].note, proved[0].key),
    }
    return await asyncio.to_thread(packs.archive, files)


def _up_to_seal(entries: list[AuditEntry], manifest: str) -> list[AuditEntry]:
    """The entries up to the one that states these files: what was written meanwhile is of another pack."""
    for place, one in enumerate(entries):
        said = json.loads(one.body)
        if said["action"] == packs.SEALS and said["facts"]["manifest"] == manifest:
            return entries[: place + 1]
    raise LookupError("the pack was not written down")


async def _entries(session: AsyncSession, request_id: UUID) -> list[AuditEntry]:
    mine = select(AuditEntry).where(col(AuditEntry.request_id) == request_id).order_by(col(AuditEntry.seq))
    return list((await session.execute(mine)).scalars())


def _claims(request_id: UUID) -> Any:
    return select(Claim).where(col(Claim.request_id) == request_id).order_by(col(Claim.position))


async def _case(
    session: AsyncSession,
    request: Request,
    claims: list[Claim],
    purpose: str,
    *,
    by: Actor,
    reader: Actor,
    now: datetime,
) -> dict[str, Any]:
    desk, values = desk_of(session), {"request": request.id, "claims": [one.id for one in claims]}
    _, seen = await casefile.request_view(session, request.id, by=reader, now=now)
    return {
        "format": packs.FORMAT,
        "receipt_no": request.receipt_no,
        "request_id": str(request.id),
        "controller": desk.policy.controller.ko,
        "made_at": now.isoformat(timespec="microseconds"),
        "made_by": {"role": by.role, "name": by.id},
        "purpose": purpose,
        "policy": request.policy,
        "editions": [_edition(desk, one) for one in sorted({claim.edition for claim in claims})],
        "request": seen,
        "timeline": await timeline.read(session, request.id, by=reader),
        "decisions": await _rows(session, _DECISIONS, values),
        "notices": await handover.notices(session, request.id, by=reader),
        "messages": await _rows(session, _MESSAGES, values),
        "tasks": await _rows(session, _TASKS, values),
        "deliveries": await _rows(session, _DELIVERIES, values),
    }


def _edition(desk: Desk, name: str) -> dict[str, Any]:
    """Which law it was judged by."""
    found = desk.rulebook.named(name)
    ends = found.valid_to.isoformat() if found.valid_to else None
    return {"id": found.id, "valid_from": found.valid_from.isoformat(), "valid_to": ends, "forms": found.forms}


async def _rows(session: AsyncSession, statement: Any, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one._asdict() for one in await run(session, statement, values)]


async def _notices(session: AsyncSession, request: Request, drawn: dict[str, bytes]) -> dict[str, bytes]:
    """Each notice as it was told, and its contents as they were written down when it was made; drawn once."""
    mine = select(Notice).where(col(Notice.request_id) == request.id).order_by(col(Notice.id))
    files: dict[str, bytes] = {}
    for one in (await session.execute(mine)).scalars():
        kept = keyring.unseal(session, request, "notice.content", one.id, one.content_ct)
        files[f"notices/{one.id}.json"] = rfc8785.dumps(kept)
        name = f"notices/{one.id}.pdf"
        if name not in drawn:
            anchor = await anchors.of_notice(session, one)
            drawn[name] = await asyncio.to_thread(forms.render_pdf, forms.load(kept), anchor=anchor)
        files[name] = drawn[name]
    return files


async def _rulings(session: AsyncSession, request_id: UUID) -> list[tuple[UUID, str | None]]:
    """What came of each objection, in their order, with its claim."""
    mine = select(col(Objection.claim_id), col(Objection.result)).where(col(Objection.request_id) == request_id)
    return [(one, ruling) for one, ruling in await session.execute(mine.order_by(col(Objection.arrived_at)))]


def _cover(
    session: AsyncSession,
    request: Request,
    claims: list[Claim],
    rulings: list[tuple[UUID, str | None]],
    entries: list[AuditEntry],
    names: list[str],
    purpose: str,
    now: datetime,
) -> evidence_cover.Cover:
    desk = desk_of(session)
    key = checkpoints.key_of(desk)
    return evidence_cover.Cover(
        receipt_no=request.receipt_no,
        sender=composing.sender(desk),
        purpose=purpose,
        arrived=deadline.seoul_date(request.arrived_at),
        claims=tuple(
            evidence_cover.ClaimLine(
                composing.summary(desk, one),
                one.due_on,
                _ended(one),
                one.outcome,
                one.edition,
                one.status,
                tuple(ruling for claim_id, ruling in rulings if claim_id == one.id),
            )
            for one in claims
        ),
        files=tuple(names),
        entries=len(entries) + 1,
        key=str(key) if key else "",
        made_at=deadline.seoul_time(now),
    )


def _ended(claim: Claim) -> date | None:
    return deadline.seoul_date(claim.closed_at) if claim.closed_at else None


def _json(value: Any) -> bytes:
    told = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=_plain)
    return (told + "\n").encode()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
