"""The queue, the assessment, the decision and the second person's word."""

import base64
import json
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app import db, text
from app.errors import Invalid
from app.http.auth import Approver, Officer, Staff, actor
from app.http.body import Day, IdOr, Line, Text, Wire
from app.http.conditional import IfMatch, etag
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law.decision import Verdict, VerdictItem
from app.law.fee import Cause, Fee
from app.law.terms import ItemOutcome, Outcome, Right, Status
from app.routers import answers
from app.routers.documented import headers, problems
from app.services import adjudication, assessed, casefile, finding
from app.services.finding import Place

router = APIRouter(prefix="/v1", tags=["claims"], route_class=DeskRoute)
ClaimId = Annotated[UUID, IdOr("claim.not_found")]


class AssigneeIn(Wire):
    """Who takes the claim on, by their name at the issuer; null gives it back to all."""

    assignee: Annotated[str, Field(min_length=1, max_length=200)] | None


class VerdictItemIn(Wire):
    """What is decided on one item, with its ground and facts where it is not granted."""

    item: Line
    outcome: ItemOutcome
    ground: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9_]{1,40}$")] | None = None
    facts: Annotated[dict[Annotated[str, Field(max_length=64)], Line], Field(max_length=20)] = {}


class FeeIn(Wire):
    """The actual cost in won, and why the person had to ask (Act 38(3), Decree 47)."""

    cause: Cause
    fee: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    postage: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    breakdown: Line | None = None


class DecisionIn(Wire):
    """A decision: the whole, the items it speaks of, the reason for the person, a note for colleagues."""

    outcome: Literal["approve", "partial", "refuse"]
    items: Annotated[list[VerdictItemIn], Field(max_length=200)] = []
    reason: Text | None = None
    internal_note: Text | None = None
    fee: FeeIn | None = None


class ApprovalIn(Wire):
    """The second person's word; disagreeing says why."""

    agree: bool
    note: Text | None = None


@router.get("/claims", operation_id="list_claims", summary="The queue of claims", response_model=answers.ClaimQueue)
async def list_claims(
    caller: Staff,
    session: Unit,
    status: Status | None = None,
    right: Right | None = None,
    due_before: Day | None = None,
    waiting_for: Literal["you", "us", "holders", "nobody"] | None = None,
    assignee: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The queue by due date: ids and dates, no names."""
    items = await finding.queue(
        session,
        status=status,
        right=right,
        due_before=due_before,
        waiting_for=waiting_for,
        assignee=assignee,
        after=_place(cursor),
        by=actor(caller),
        limit=limit + 1,
    )
    more = len(items) > limit
    items = items[:limit]
    return JSONResponse({"items": items, "next_cursor": _cursor(items[-1]) if more else None})


@router.get(
    "/claims/{claim_id}",
    operation_id="get_claim",
    summary="Read one claim",
    response_model=answers.StaffClaim,
    responses=headers(200, "ETag"),
)
async def get_claim(caller: Staff, session: Unit, claim_id: ClaimId) -> Response:
    """One claim with its decision as it stands. Its ETag is what a decision must name."""
    version, view = await casefile.claim_view(session, claim_id, by=actor(caller), now=db.now())
    return JSONResponse(view, headers={"ETag": etag(version)})


@router.put(
    "/claims/{claim_id}/assignee",
    operation_id="assign_claim",
    summary="Assign a claim",
    response_model=answers.StaffClaim,
    responses=headers(200, "ETag") | problems("identifier.rrn_not_allowed", "identifier.card_not_allowed"),
)
async def assign_claim(caller: Staff, session: Unit, claim_id: ClaimId, body: AssigneeIn) -> Response:
    """Take a claim on, hand it to a colleague, or give it back."""
    name = text.line(body.assignee, pointer="/assignee") if body.assignee else None
    await finding.assign(session, claim_id, name, by=actor(caller), now=db.now())
    version, view = await casefile.claim_view(session, claim_id, by=actor(caller), now=db.now())
    return JSONResponse(view, headers={"ETag": etag(version)})


@router.get(
    "/claims/{claim_id}/assessment",
    operation_id="get_assessment",
    summary="Read the assessment",
    response_model=answers.AssessmentOut,
    responses=headers(200, "ETag"),
)
async def get_assessment(caller: Staff, session: Unit, claim_id: ClaimId) -> Response:
    """Item by item what the engine proposes, with grounds, holders and until-dates, and who decides."""
    version, view = await assessed.assessment_view(session, claim_id, by=actor(caller))
    return JSONResponse(view, headers={"ETag": etag(version)})


@router.put(
    "/claims/{claim_id}/decision",
    operation_id="decide_claim",
    summary="Decide a claim",
    response_model=answers.StaffClaim,
    responses=headers(200, "ETag")
    | problems(
        "claim.not_verified",
        "claim.not_assessed",
        "claim.already_decided",
        "claim.closed",
        "decision.reason_required",
        "decision.unknown_item",
        "decision.inconsistent",
        "decision.facts_required",
        "ground.required",
        "ground.not_available",
        "fee.not_allowed",
        "approval.same_person",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def decide_claim(
    caller: Officer, version: IfMatch, session: Unit, claim_id: ClaimId, body: DecisionIn
) -> Response:
    """An officer's decision: in force at once, or proposed where two people decide."""
    verdict = Verdict(
        outcome=Outcome(body.outcome),
        items=tuple(_item(one, place) for place, one in enumerate(body.items)),
        reason=text.free_text(body.reason, pointer="/reason").text if body.reason else None,
    )
    note = text.free_text(body.internal_note, pointer="/internal_note").text if body.internal_note else None
    opinion = adjudication.Opinion(verdict, note, _fee(body.fee))
    by, now = actor(caller), db.now()
    await adjudication.decide(session, claim_id, opinion, version=version, by=by, now=now)
    return await _claim(session, claim_id, caller)


@router.post(
    "/claims/{claim_id}/approval",
    operation_id="approve_decision",
    summary="Approve or return a proposal",
    response_model=answers.StaffClaim,
    responses=headers(200, "ETag")
    | problems(
        "approval.same_person",
        "approval.not_proposed",
        "claim.not_verified",
        "claim.already_decided",
        "claim.closed",
        "approval.note_required",
    ),
)
async def approve_decision(
    caller: Approver, version: IfMatch, session: Unit, claim_id: ClaimId, body: ApprovalIn
) -> Response:
    """The second person's word on a proposal: never the proposer's own."""
    note = text.free_text(body.note, pointer="/note").text if body.note else None
    by, now = actor(caller), db.now()
    await adjudication.approve(session, claim_id, agree=body.agree, note=note, version=version, by=by, now=now)
    return await _claim(session, claim_id, caller)


async def _claim(session: Unit, claim_id: UUID, caller: Any) -> Response:
    version, view = await casefile.claim_view(session, claim_id, by=actor(caller), now=db.now())
    return JSONResponse(view, headers={"ETag": etag(version)})


def _fee(one: FeeIn | None) -> Fee | None:
    if one is None:
        return None
    breakdown = text.line(one.breakdown, pointer="/fee/breakdown") if one.breakdown else ""
    return Fee(one.cause, one.fee, one.postage, breakdown)


def _item(one: VerdictItemIn, place: int) -> VerdictItem:
    facts = {name: text.line(value, pointer=f"/items/{place}/facts/{name}") for name, value in one.facts.items()}
    return VerdictItem(one.item, one.outcome, one.ground, facts)


def _place(cursor: str | None) -> Place | None:
    """Where the next page begins; a cursor that is not ours is refused like any wrong value."""
    if cursor is None:
        return None
    try:
        due_on, claim_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return Place(date.fromisoformat(due_on), UUID(claim_id))
    except (ValueError, TypeError, AttributeError):
        raise Invalid("field.value", pointer="/query/cursor") from None


def _cursor(last: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([last["due_on"], last["id"]]).encode()).decode()
