"""What each caller may see of a case: the requester without names, a call center masked, staff whole."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import numbers, text
from app.db import run
from app.desk import Actor, Desk, desk_of
from app.errors import NotFound
from app.law.deadline import seoul_time
from app.law.terms import Method, Status
from app.models import Claim, Contact, Decision, Request
from app.services import access_log, audit, casebook, keyring
from app.services.planning import OPEN
from app.services.scope import methods, scope_of
from app.services.visibility import looked_at, owner_of

WAITING: dict[str, str] = {
    Status.RECEIVED: "you",
    Status.AWAITING_EVIDENCE: "you",
    Status.VERIFIED: "us",
    Status.POSTPONED: "us",
    Status.OBJECTED: "us",
    Status.CARRIED_OUT: "us",
    Status.REFUSED: "us",
    Status.APPROVED: "holders",
}
_FIRST = ("you", "us", "holders")
_WITHDRAWABLE = (Status.RECEIVED, Status.AWAITING_EVIDENCE, Status.VERIFIED, Status.POSTPONED, Status.APPROVED)
_UNPROVED = (Status.RECEIVED, Status.AWAITING_EVIDENCE)
STAFF = ("officer", "approver")
_CLAIMS = (
    'SELECT id, "right", status, due_on, due_steps, scope, available_from, objection_until'
    " FROM claim WHERE request_id = %(id)s ORDER BY position"
)
_DECISIONS = (
    "SELECT id, claim_id, state, outcome, decided_by, items, reason_ct, note_ct, proposer_sub, approver_sub,"
    " approver_note_ct FROM decision WHERE claim_id = ANY(%(claims)s::uuid[]) AND state <> 'superseded' ORDER BY id"
)
_AROUND = """
SELECT 'task' AS kind, claim_id, status AS word, NULL::timestamptz AS moment
FROM task WHERE claim_id = ANY(%(claims)s::uuid[]) AND status <> 'cancelled'
UNION ALL
SELECT 'notice', claim_id, NULL, NULL FROM notice WHERE claim_id = ANY(%(claims)s::uuid[])
UNION ALL
(
    SELECT DISTINCT ON (claim_id) 'package', claim_id, NULL, expires_at
    FROM package WHERE claim_id = ANY(%(claims)s::uuid[]) AND destroyed_at IS NULL ORDER BY claim_id, id DESC
)
UNION ALL
(
    SELECT DISTINCT 'proof', NULL::uuid, method, NULL::timestamptz
    FROM proof WHERE request_id = %(request)s AND judgement = %(identity)s AND %(identity)s <> 'none'
)
"""
"""What stands around the claims of one request: tasks, notices, the newest package of each, and how it was proved."""
_REVIEW = "SELECT kind, at, settled_at FROM review_item WHERE request_id = %(id)s ORDER BY id"


_PAGE = select(
    col(Claim.id),
    col(Claim.request_id),
    col(Claim.right),
    col(Claim.status),
    col(Claim.due_on),
    col(Claim.assignee),
    col(Claim.outcome),
    col(Request.receipt_no),
).join(Request, col(Request.id) == col(Claim.request_id))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a keyset page of the queue begins."""

    due_on: date
    claim_id: UUID


async def request_view(
    session: AsyncSession, request_id: UUID, *, by: Actor, now: datetime
) -> tuple[int, dict[str, Any]]:
    """The request as this caller may see it, with its version."""
    request = await looked_at(session, request_id, by)
    claims = await run(session, _CLAIMS, {"id": request_id})
    parts = await _parts(session, request, claims)
    seen = [_claim_view(session, request, claim, parts, by=by, now=now) for claim in claims]
    waiting = {WAITING.get(claim.status, "nobody") for claim in claims}
    whole = {
        "id": str(request.id),
        "receipt_no": request.receipt_no,
        "filed_at": seoul_time(request.filed_at).isoformat(),
        "arrived_at": seoul_time(request.arrived_at).isoformat(),
        "channel": request.channel,
        "capacity": request.capacity,
        "frozen": request.frozen_at is not None,
        "verified": request.identity != "none"
        and all(claim.status not in _UNPROVED for claim in claims if _began(claim)),
        "waiting_for": next((one for one in _FIRST if one in waiting), "nobody"),
        "claims": seen,
        "actions": _actions(claims, bool(parts.notices), any(view["package"]["available"] for view in seen)),
        "next_steps": next_steps(desk_of(session), request, claims, parts.proved),
    }
    if by.role != "requester":
        whole |= _about_person(session, request, by)
    if by.role in STAFF:
        whole["review"] = await _review(session, request_id)
        whole["duplicate_of"] = str(request.duplicate_of) if request.duplicate_of else None
        whole["identity"] = request.identity
    return request.version, whole


async def claim_view(session: AsyncSession, claim_id: UUID, *, by: Actor, now: datetime) -> tuple[int, dict[str, Any]]:
    """One claim for staff, with its version."""
    request = await looked_at(session, await owner_of(session, claim_id, by), by)
    claim = await session.get_one(Claim, claim_id)
    parts = await _parts(session, request, [claim])
    view = _claim_view(session, request, claim, parts, by=by, now=now)
    return claim.version, view | {"request_id": str(request.id), "assignee": claim.assignee}


async def assign(session: AsyncSession, claim_id: UUID, assignee: str | None, *, by: Actor, now: datetime) -> None:
    """Note who takes a claim on."""
    await owner_of(session, claim_id, by)
    _, claim = await casebook.open(session, claim_id)
    if claim.assignee != assignee:
        claim.assignee = assignee
        claim.version += 1
        facts = {"assignee": assignee}
        audit.note(session, "claim.assign", by=by, now=now, request_id=claim.request_id, claim_id=claim.id, facts=facts)


async def queue(
    session: AsyncSession,
    *,
    status: str | None,
    right: str | None,
    due_before: date | None,
    waiting_for: str | None,
    assignee: str | None,
    after: Place | None,
    limit: int,
) -> list[dict[str, Any]]:
    """The claims by due date, in keyset pages; ids and dates only."""
    page = _PAGE
    if status is not None:
        page = page.where(col(Claim.status) == status)
    if waiting_for is not None:
        page = page.where(col(Claim.status).in_(_statuses(waiting_for)))
    if right is not None:
        page = page.where(col(Claim.right) == right)
    if due_before is not None:
        page = page.where(col(Claim.due_on) < due_before)
    if assignee is not None:
        page = page.where(col(Claim.assignee) == assignee)
    if after is not None:
        page = page.where(tuple_(col(Claim.due_on), col(Claim.id)) > (after.due_on, after.claim_id))
    rows = (await session.execute(page.order_by(col(Claim.due_on), col(Claim.id)).limit(limit))).all()
    return [
        {
            "id": str(claim.id),
            "request_id": str(claim.request_id),
            "receipt_no": claim.receipt_no,
            "right": claim.right,
            "status": claim.status,
            "due_on": claim.due_on.isoformat(),
            "waiting_for": WAITING.get(claim.status, "nobody"),
            "assignee": claim.assignee,
            "outcome": claim.outcome,
        }
        for claim in rows
    ]


async def search(
    session: AsyncSession, *, receipt_no: str | None, phone: str | None, email: str | None
) -> list[dict[str, Any]]:
    """Requests by receipt number or by the keyed hash of a contact; newest first, at most fifty."""
    found = select(Request).order_by(col(Request.id).desc()).limit(50)
    if receipt_no is not None:
        found = found.where(col(Request.receipt_no) == receipt_no)
    desk = desk_of(session)
    for kind, value in (("phone", phone), ("email", email)):
        if value is not None:
            same = select(col(Contact.request_id)).where(col(Contact.digest) == desk.handle(kind, value))
            found = found.where(col(Request.id).in_(same))
    requests = (await session.execute(found)).scalars().all()
    for request in requests[:1]:
        access_log.touch(session, request_id=request.id, subject_digest=request.subject_digest)
    return [
        {
            "id": str(request.id),
            "receipt_no": request.receipt_no,
            "filed_at": seoul_time(request.filed_at).isoformat(),
            "channel": request.channel,
            "capacity": request.capacity,
            "duplicate_of": str(request.duplicate_of) if request.duplicate_of else None,
        }
        for request in requests
    ]


async def by_receipt(session: AsyncSession, receipt_no: str, access_code: str) -> UUID:
    """The request of a receipt number and access code; a wrong one of either is the same 404."""
    digest = desk_of(session).keys.digest(f"access_code|{numbers.written(access_code)}")
    known = numbers.spoken(receipt_no) or ""
    found = select(col(Request.id)).where(col(Request.receipt_no) == known, col(Request.access_code_digest) == digest)
    request_id = (await session.execute(found)).scalar_one_or_none()
    if request_id is None:
        raise NotFound("request.not_found")
    return request_id


def next_steps(desk: Desk, request: Request, claims: list[Claim], proved: set[str]) -> list[dict[str, Any]]:
    """What the person can do next; the methods come from policy and typing, never from the register."""
    steps: list[dict[str, Any]] = []
    if proved:
        steps.append({"step": "fetch", "party": "subject", "methods": sorted(proved)})
    open_ = [claim for claim in claims if claim.status == Status.RECEIVED]
    if not open_:
        return steps
    found = methods(desk, request.contacts, [scope_of(claim) for claim in open_])
    return [{"step": "verify", "party": "subject", "methods": [one.value for one in found]}, *steps]


@dataclass(frozen=True, slots=True)
class _Parts:
    decisions: dict[UUID, Decision]
    packages: dict[UUID, datetime]
    """Until when the newest package of a claim is kept."""
    tasks: dict[UUID, Counter[str]]
    notices: set[UUID]
    proved: set[str]
    """By what a result can be opened: the ways in which this person has proved who they are."""


async def _parts(session: AsyncSession, request: Request, claims: list[Claim]) -> _Parts:
    """Everything a view of these claims needs, in two statements however many claims there are."""
    ids = [claim.id for claim in claims]
    decisions = {one.claim_id: one for one in await run(session, _DECISIONS, {"claims": ids})}
    parts = _Parts(decisions, {}, {one: Counter() for one in ids}, set(), set())
    around = {"claims": ids, "request": request.id, "identity": request.identity}
    for one in await run(session, _AROUND, around):
        match one.kind:
            case "package":
                parts.packages[one.claim_id] = one.moment
            case "task":
                parts.tasks[one.claim_id]["told"] += 1
                parts.tasks[one.claim_id]["open" if one.word in OPEN else "done"] += 1
            case "notice":
                parts.notices.add(one.claim_id)
            case "proof" if one.word != Method.ATTESTATION:
                parts.proved.add(one.word)
    return parts


def _claim_view(
    session: AsyncSession, request: Request, claim: Claim, parts: _Parts, *, by: Actor, now: datetime
) -> dict[str, Any]:
    kept_until = parts.packages.get(claim.id)
    ready = kept_until is not None and kept_until > now
    available = ready and claim.available_from is not None and claim.available_from <= now
    counted = parts.tasks[claim.id]
    objection = None
    if claim.objection_until is not None:
        how = desk_of(session).policy.objection
        objection = {
            "until": claim.objection_until.isoformat(),
            "how": how.en if request.language == "en" else how.ko,
        }
    return {
        "id": str(claim.id),
        "right": claim.right,
        "status": claim.status,
        "due_on": claim.due_on.isoformat(),
        "due_steps": claim.due_steps,
        "decision": _decision_view(session, request, parts.decisions.get(claim.id), by),
        "postponed_until": None,
        "available_from": claim.available_from.isoformat() if claim.available_from else None,
        "package": {
            "available": available,
            "expires_at": kept_until.isoformat() if ready and kept_until else None,
        },
        "holders": {"told": counted["told"], "done": counted["done"], "open": counted["open"]},
        "objection": objection,
    }


def _decision_view(
    session: AsyncSession, request: Request, decision: Decision | None, by: Actor
) -> dict[str, Any] | None:
    """The decision; what is only proposed or for colleagues is not for the person who asked."""
    staff = by.role in STAFF
    if decision is None or (decision.state != "effective" and not staff):
        return None
    tongue = request.language
    whole: dict[str, Any] = {
        "state": decision.state,
        "outcome": decision.outcome,
        "decided_by": decision.decided_by,
        "items": [
            {
                "item": item["item"],
                "outcome": item["outcome"],
                "ground": item["ground"],
                "basis": item["basis"],
                "until": item["until"],
                "text": item["text"][tongue],
            }
            for item in decision.items
        ],
        "reason": _text(session, request, decision, "decision.reason", decision.reason_ct)
        if by.role not in ("call_center", "clerk")
        else None,
    }
    if staff:
        whole["internal_note"] = _text(session, request, decision, "decision.note", decision.note_ct)
        whole["proposed_by"] = decision.proposer_sub
        whole["approved_by"] = decision.approver_sub
        note = _text(session, request, decision, "decision.approver_note", decision.approver_note_ct)
        whole["approver_note"] = note
    return whole


def _text(session: AsyncSession, request: Request, decision: Decision, column: str, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    plain: str = keyring.unseal(session, request, column, decision.id, sealed)
    return plain


def _about_person(session: AsyncSession, request: Request, by: Actor) -> dict[str, Any]:
    typed = keyring.subject(session, request)
    if by.role in STAFF:
        references = (
            keyring.unseal(session, request, "request.references", request.id, request.references_ct or b"")
            if request.references_ct
            else {}
        )
        return {"subject": typed, "agent": request.agent, "references": references}
    masked = {
        "name": text.mask_name(typed["name"]),
        "phone": text.mask_phone(typed["phone"]) if typed["phone"] else None,
        "email": text.mask_email(typed["email"]) if typed["email"] else None,
    }
    return {"subject": masked, "agent": request.agent}


async def _review(session: AsyncSession, request_id: UUID) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "at": one.at.isoformat(), "settled": one.settled_at is not None}
        for one in await run(session, _REVIEW, {"id": request_id})
    ]


def _began(claim: Claim) -> bool:
    return claim.status not in (Status.WITHDRAWN, Status.LAPSED)


def _actions(claims: list[Claim], notices: bool, package: bool) -> list[str]:
    actions = []
    if any(claim.status == Status.RECEIVED for claim in claims):
        actions.append("verify")
    if any(claim.status in _WITHDRAWABLE for claim in claims):
        actions.append("withdraw")
    if notices or package:
        actions.append("fetch")
    return actions


def _statuses(waiting_for: str) -> list[str]:
    if waiting_for == "nobody":
        return [one.value for one in Status if one not in WAITING]
    return [status for status, who in WAITING.items() if who == waiting_for]
