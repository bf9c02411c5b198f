"""What each caller may see of a case: a party without names, a call center masked, staff whole.

Of the two parties of a delegate's request the one whom the answer does not go to sees what was asked and where it
stands, and at the end what came of it: never the reason, the items or the data.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.desk import Actor, desk_of
from app.law.deadline import seoul_time
from app.law.terms import Capacity, Method, Status
from app.models import Claim, Decision, Request
from app.services import asked_media, keyring, outlook, overdue, parties, persons, recipients
from app.services.outlook import UNPROVED
from app.services.parties import Parties
from app.services.persons import STAFF
from app.services.planning import OPEN
from app.services.visibility import looked_at, owner_of

_CLAIMS = (
    'SELECT id, "right", status, round, due_on, due_steps, scope, detail_ct, available_from, objection_until'
    " FROM claim WHERE request_id = %(id)s ORDER BY position"
)
_DECISIONS = (
    "SELECT id, claim_id, round, state, outcome, decided_by, items, fee, reason_ct, note_ct, proposer_sub,"
    " approver_sub, approver_note_ct FROM decision"
    " WHERE claim_id = ANY(%(claims)s::uuid[]) AND state <> 'superseded' ORDER BY id"
)
_AROUND = """
SELECT 'task' AS kind, claim_id, status AS word, due_at AS moment
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
UNION ALL
SELECT 'paper', NULL, kind, NULL
FROM evidence WHERE request_id = %(request)s AND state IN ('scan_pending', 'pending')
UNION ALL
(
    SELECT DISTINCT ON (claim_id) 'postponed', claim_id, expected_on::text, NULL::timestamptz
    FROM postponement WHERE claim_id = ANY(%(claims)s::uuid[]) AND resumed_at IS NULL ORDER BY claim_id, id DESC
)
UNION ALL
(
    SELECT DISTINCT ON (claim_id) 'objection', claim_id, due_on::text, NULL::timestamptz
    FROM objection WHERE claim_id = ANY(%(claims)s::uuid[]) AND result IS NULL ORDER BY claim_id, id DESC
)
UNION ALL
SELECT 'fence', fence.claim_id, fence.until || ' ' || fence.item, fence.destroyed_at
FROM fence JOIN claim ON claim.id = fence.claim_id AND claim.round = fence.round
WHERE fence.claim_id = ANY(%(claims)s::uuid[]) AND fence.state <> 'ended'
UNION ALL
SELECT 'reported', fence.claim_id, json_build_array(
    fence.category, fence.label, fence.basis, fence.until
)::text, fence.destroyed_at
FROM fence JOIN claim ON claim.id = fence.claim_id AND claim.round = fence.round
WHERE fence.claim_id = ANY(%(claims)s::uuid[]) AND fence.state <> 'ended' AND fence.reported_by <> '{}'
UNION ALL
SELECT 'footage', claim_id, state, NULL FROM footage WHERE claim_id = ANY(%(claims)s::uuid[])
UNION ALL
SELECT 'call', NULL, NULL, NULL FROM supplement WHERE request_id = %(request)s AND closed_at IS NULL
"""
"""What stands around the claims of one request: tasks, notices, the newest package of each, how it was proved, which
papers wait for a reviewer, what a statute keeps until when, what holders say they keep, how it stands with footage, and
whether more papers were called for."""
_REVIEW = "SELECT kind, at, settled_at FROM review_item WHERE request_id = %(id)s ORDER BY id"


async def request_view(
    session: AsyncSession, request_id: UUID, *, by: Actor, now: datetime
) -> tuple[int, dict[str, Any]]:
    """The request as this caller may see it, with its version."""
    request = await looked_at(session, request_id, by)
    claims = await run(session, _CLAIMS, {"id": request_id})
    parts = await _parts(session, request, claims)
    answered = await recipients.is_for(session, request, by)
    seen = [_claim_view(session, request, claim, parts, by=by, now=now, answered=answered) for claim in claims]
    known = await parties.read(session, request) if parts.called or request.capacity != Capacity.SELF else None
    left = outlook.left(desk_of(session), request, claims, known, parts.handed)
    mine = outlook.shown(left, request, by)
    opens = answered and request.frozen_at is None
    fetch = await _fetch(session, request, parts, known) if opens else []
    ready = bool(parts.notices) or any(view["package"]["available"] for view in seen)
    whole = {
        "id": str(request.id),
        "receipt_no": request.receipt_no,
        "filed_at": seoul_time(request.filed_at).isoformat(),
        "arrived_at": seoul_time(request.arrived_at).isoformat(),
        "channel": request.channel,
        "capacity": request.capacity,
        # Of somebody nobody identified, a stop would say that there is a person behind it.
        "frozen": request.frozen_at is not None and (by.role in STAFF or request.identity != parties.NOBODY),
        "verified": request.identity != "none"
        and all(claim.status not in UNPROVED for claim in claims if _began(claim)),
        "waiting_for": outlook.waiting_for(request, claims, left),
        "claims": seen,
        "actions": outlook.actions(claims, mine, fetch=opens and ready, objects=opens),
        "next_steps": [*mine, *fetch],
        **persons.shown(session, request, known, by),
    }
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
    view = _claim_view(session, request, claim, parts, by=by, now=now, answered=True)
    return claim.version, view | {
        "request_id": str(request.id),
        "assignee": claim.assignee,
        "internal_on": claim.internal_on.isoformat(),
        "holders_due_at": seoul_time(parts.holders_due[claim.id]).isoformat() if parts.holders_due else None,
        "overdue": await overdue.of_claim(session, request, claim.id),
    }


@dataclass(slots=True)
class _Parts:
    decisions: dict[UUID, Decision]
    """The newest of each claim, in force or not."""
    in_force: dict[UUID, Decision]
    packages: dict[UUID, datetime]
    """Until when the newest package of a claim is kept."""
    tasks: dict[UUID, Counter[str]]
    notices: set[UUID]
    proved: set[str]
    """By what a result can be opened: the ways in which who asks for themselves has proved who they are."""
    handed: set[str]
    """The kinds of paper that wait for a reviewer."""
    holders_due: dict[UUID, datetime] = field(default_factory=dict)
    """When the first open task of a claim is due: inside the claim's own day (F4)."""
    called: bool = False
    """Whether papers were called for."""
    postponed: dict[UUID, str] = field(default_factory=dict)
    """Until when access is put off."""
    objected: dict[UUID, str] = field(default_factory=dict)
    """By when an open objection is answered."""
    kept: dict[tuple[UUID, str], tuple[str, datetime | None]] = field(default_factory=dict)
    """Of a claim's item that a statute keeps: until when, and when it was destroyed."""
    reported: dict[UUID, list[dict[str, Any]]] = field(default_factory=dict)
    """What holders of a claim say they keep by a statute, beyond what was decided."""
    footage: dict[UUID, str] = field(default_factory=dict)
    """How it stands with the footage that a claim asks for."""

    def count_task(self, claim_id: UUID, status: str, *, due_at: datetime) -> None:
        """One more that a holder was told of, and when the first open one is due."""
        self.tasks[claim_id]["told"] += 1
        self.tasks[claim_id]["open" if status in OPEN else "done"] += 1
        if status in OPEN:
            self.holders_due[claim_id] = min(due_at, self.holders_due.get(claim_id, due_at))


async def _parts(session: AsyncSession, request: Request, claims: list[Claim]) -> _Parts:
    """Everything that a view of these claims needs, in two statements however many claims there are."""
    ids = [claim.id for claim in claims]
    rounds = {claim.id: claim.round for claim in claims}
    made = await run(session, _DECISIONS, {"claims": ids})
    # What was decided before an objection was upheld is no longer the answer.
    current = [one for one in made if one.round == rounds[one.claim_id]]
    decisions = {one.claim_id: one for one in current}
    in_force = {one.claim_id: one for one in current if one.state == "effective"}
    parts = _Parts(decisions, in_force, {}, {one: Counter() for one in ids}, set(), set(), set())
    around = {"claims": ids, "request": request.id, "identity": request.identity}
    for one in await run(session, _AROUND, around):
        _take(parts, one)
    return parts


def _take(parts: _Parts, one: Any) -> None:
    """Put one row of what stands around the claims into its place."""
    match one.kind:
        case "package":
            parts.packages[one.claim_id] = one.moment
        case "task":
            parts.count_task(one.claim_id, one.word, due_at=one.moment)
        case "notice":
            parts.notices.add(one.claim_id)
        case "proof" if one.word != Method.ATTESTATION:
            parts.proved.add(one.word)
        case "paper":
            parts.handed.add(one.word)
        case "call":
            parts.called = True
        case "postponed" | "objection" | "footage" as kind:
            said = {"postponed": parts.postponed, "objection": parts.objected, "footage": parts.footage}
            said[kind][one.claim_id] = one.word
        case "fence":
            until, _, item = one.word.partition(" ")
            parts.kept[one.claim_id, item] = (until, one.moment)
        case "reported":
            parts.reported.setdefault(one.claim_id, []).append(_reported(json.loads(one.word), one.moment))


def _reported(said: list[str], destroyed_at: datetime | None) -> dict[str, Any]:
    destroyed_on = seoul_time(destroyed_at).date().isoformat() if destroyed_at else None
    return dict(zip(("category", "label", "basis", "until"), said, strict=True)) | {"destroyed_on": destroyed_on}


async def _fetch(session: AsyncSession, request: Request, parts: _Parts, known: Parties | None) -> list[dict[str, Any]]:
    """By what the result opens, to the party it is for: the ways in which that party has proved who they are."""
    whose = await recipients.party(session, request, "result")
    if known is not None and known.requester is not None:
        by = {one.value for one in known.release_methods(whose)} if request.identity != parties.NOBODY else set()
    else:
        by = parts.proved
    return [{"step": "fetch", "party": whose.value, "methods": sorted(by)}] if by else []


def _claim_view(
    session: AsyncSession,
    request: Request,
    claim: Claim,
    parts: _Parts,
    *,
    by: Actor,
    now: datetime,
    answered: bool,
) -> dict[str, Any]:
    """A claim; `answered`: its answer is this caller's to know."""
    kept_until = parts.packages.get(claim.id) if answered else None
    ready = kept_until is not None and kept_until > now
    available = ready and claim.available_from is not None and claim.available_from <= now
    counted = parts.tasks[claim.id] if answered else Counter[str]()
    # Beside an answer in force staff may have proposed to hide a part: that is theirs until it is agreed.
    decision = (parts.decisions if by.role in STAFF else parts.in_force).get(claim.id)
    objection = None
    if claim.objection_until is not None:
        how = desk_of(session).policy.objection
        objection = {
            "until": claim.objection_until.isoformat(),
            "how": how.en if request.language == "en" else how.ko,
            "answered_by": parts.objected.get(claim.id) if answered else None,
        }
    return {
        "id": str(claim.id),
        "right": claim.right,
        "status": claim.status,
        "due_on": claim.due_on.isoformat(),
        "due_steps": claim.due_steps,
        "decision": _decision_view(session, request, decision, parts, by) if answered else _gist(claim, decision),
        "postponed_until": parts.postponed.get(claim.id) if answered else None,
        "available_from": claim.available_from.isoformat() if answered and claim.available_from else None,
        "package": {
            "available": available,
            "expires_at": kept_until.isoformat() if ready and kept_until else None,
        },
        "holders": {"told": counted["told"], "done": counted["done"], "open": counted["open"]},
        "objection": objection,
        "kept": sorted(parts.reported.get(claim.id, ()), key=lambda one: one["until"]) if answered else [],
        "media": asked_media.whole(session, request, claim, parts.footage.get(claim.id))
        if by.role in STAFF
        else asked_media.asked(claim.scope),
    }


def _gist(claim: Claim, decision: Decision | None) -> dict[str, Any] | None:
    """What came of a claim, for the party that its answer does not go to: once it is closed, and no more than that."""
    if claim.status != Status.CLOSED or decision is None or decision.state != "effective":
        return None
    return {"state": decision.state, "outcome": decision.outcome}


def _decision_view(
    session: AsyncSession, request: Request, decision: Decision | None, parts: _Parts, by: Actor
) -> dict[str, Any] | None:
    """The decision; what is only proposed or for colleagues is not for the person who asked."""
    staff = by.role in STAFF
    if decision is None or (decision.state != "effective" and not staff):
        return None
    whole: dict[str, Any] = {
        "state": decision.state,
        "outcome": decision.outcome,
        "decided_by": decision.decided_by,
        "items": [
            _item_view(item, parts.kept.get((decision.claim_id, item["item"])), request.language)
            for item in decision.items
        ],
        "reason": _text(session, request, decision, "decision.reason", decision.reason_ct)
        if by.role not in ("call_center", "clerk")
        else None,
    }
    if (cost := decision.fee) is not None:
        total = cost["fee"] + cost["postage"]
        whole["fee"] = {name: cost[name] for name in ("fee", "postage", "breakdown")} | {"total": total}
    if staff:
        whole["internal_note"] = _text(session, request, decision, "decision.note", decision.note_ct)
        whole["proposed_by"] = decision.proposer_sub
        whole["approved_by"] = decision.approver_sub
        note = _text(session, request, decision, "decision.approver_note", decision.approver_note_ct)
        whole["approver_note"] = note
    return whole


def _item_view(item: dict[str, Any], kept: tuple[str, datetime | None] | None, tongue: str) -> dict[str, Any]:
    """What became of one item; of what a statute keeps, the day that holders have named since counts."""
    until, destroyed_at = kept or (item["until"], None)
    return {
        "item": item["item"],
        "outcome": item["outcome"],
        "ground": item["ground"],
        "basis": item["basis"],
        "until": until,
        "destroyed_on": seoul_time(destroyed_at).date().isoformat() if destroyed_at else None,
        "text": item["text"][tongue],
    }


def _text(session: AsyncSession, request: Request, decision: Decision, column: str, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    plain: str = keyring.unseal(session, request, column, decision.id, sealed)
    return plain


async def _review(session: AsyncSession, request_id: UUID) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "at": one.at.isoformat(), "settled": one.settled_at is not None}
        for one in await run(session, _REVIEW, {"id": request_id})
    ]


def _began(claim: Claim) -> bool:
    return claim.status not in (Status.WITHDRAWN, Status.LAPSED)
