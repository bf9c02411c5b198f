"""Measures after a suspension (Act 37(5)): the queue by day, an officer's proposal, the second person's word."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db, text
from app.desk import Actor
from app.errors import Invalid
from app.http.auth import Approver, Officer, Staff, actor
from app.http.body import IdOr, Text, Wire
from app.http.conditional import IfMatch, etag
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law.follow_up import Measure
from app.routers import paging
from app.routers.documented import headers, problems
from app.services import following_up

router = APIRouter(prefix="/v1", tags=["claims"], route_class=DeskRoute)
FollowUpId = Annotated[UUID, IdOr("follow_up.not_found")]
State = Literal["open", "proposed", "ordered", "done", "ended"]


class MeasureIn(Wire):
    """What becomes of the data, and why: the reason is for the record."""

    measure: Measure
    reason: Text | None = None


class MeasureApprovalIn(Wire):
    """The second person's word; disagreeing says why."""

    agree: bool
    note: Text | None = None


class FollowUpOut(BaseModel):
    """One category whose processing was stopped, and by when a measure is taken; nothing of the person."""

    id: UUID
    claim_id: UUID
    request_id: UUID
    category: str
    state: State
    measure: Measure | None
    due_on: date
    done_at: datetime | None


class KeptRecord(BaseModel):
    """A record that a statute keeps, with its last day."""

    record_class: str
    until: date


class WholeFollowUp(FollowUpOut):
    """The same with what the engine proposes, and what people said."""

    proposed: Measure
    stopped: list[str]
    goes_on: list[str]
    records: list[KeptRecord]
    reason: str | None
    note: str | None
    proposed_by: str | None
    ordered_by: str | None


class FollowUps(BaseModel):
    """A page of measures by their day."""

    items: list[FollowUpOut]
    next_cursor: str | None


@router.get(
    "/follow-ups", operation_id="list_follow_ups", summary="Measures after suspensions", response_model=FollowUps
)
async def list_follow_ups(
    caller: Staff,
    session: Unit,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What is still to be done, by its day, or what stands in the state that is named: ids and days, no names."""
    found = await following_up.listed(
        session, states=[state] if state else None, after=paging.place(cursor), limit=limit + 1
    )
    items = found[:limit]
    more = paging.cursor(items[-1]["due_on"], items[-1]["id"]) if len(found) > limit else None
    return JSONResponse({"items": items, "next_cursor": more})


@router.get(
    "/follow-ups/{follow_up_id}",
    operation_id="get_follow_up",
    summary="Read one measure",
    response_model=WholeFollowUp,
    responses=headers(200, "ETag"),
)
async def get_follow_up(caller: Staff, session: Unit, follow_up_id: FollowUpId) -> Response:
    """One category with what goes on, what a statute keeps, and what the engine proposes. Its ETag is what is named."""
    return await _whole(session, follow_up_id, actor(caller))


@router.put(
    "/follow-ups/{follow_up_id}/measure",
    operation_id="propose_measure",
    summary="Set a measure",
    response_model=WholeFollowUp,
    responses=headers(200, "ETag")
    | problems(
        "measure.not_allowed",
        "decision.reason_required",
        "state.conflict",
        "request.frozen",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def propose_measure(
    caller: Officer, version: IfMatch, session: Unit, follow_up_id: FollowUpId, body: MeasureIn
) -> Response:
    """Keeping apart is in force at once; what destroys is put to an approver."""
    if not (body.reason or "").strip():
        raise Invalid("decision.reason_required", pointer="/reason")
    reason = text.free_text(body.reason or "", pointer="/reason").text
    by = actor(caller)
    await following_up.propose(session, follow_up_id, body.measure, reason, version=version, by=by, now=db.now())
    return await _whole(session, follow_up_id, by)


@router.post(
    "/follow-ups/{follow_up_id}/approval",
    operation_id="approve_measure",
    summary="Approve or return a measure",
    response_model=WholeFollowUp,
    responses=headers(200, "ETag")
    | problems(
        "approval.same_person",
        "approval.not_proposed",
        "approval.note_required",
        "measure.not_allowed",
        "state.conflict",
        "request.frozen",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def approve_measure(
    caller: Approver, version: IfMatch, session: Unit, follow_up_id: FollowUpId, body: MeasureApprovalIn
) -> Response:
    """The second person's word on what destroys: never the proposer's own. Then holders are told."""
    note = text.free_text(body.note, pointer="/note").text if body.note else None
    by, now = actor(caller), db.now()
    await following_up.approve(session, follow_up_id, agree=body.agree, note=note, version=version, by=by, now=now)
    return await _whole(session, follow_up_id, by)


async def _whole(session: Unit, follow_up_id: UUID, by: Actor) -> Response:
    await session.flush()
    version, found = await following_up.whole(session, follow_up_id, by=by, now=db.now())
    return JSONResponse(found, headers={"ETag": etag(version)})
