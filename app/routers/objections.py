"""Objections (이의제기, Act 38(5)): filed by the person or for them, ruled on by somebody who took no part."""

import base64
import json
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db, text
from app.errors import Invalid
from app.http.auth import Approver, Roles, Staff, actor
from app.http.body import IdOr, Moment, Text, Wire
from app.http.conditional import IfMatch, etag
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.answers import DueStep
from app.routers.documented import headers, problems
from app.services import objecting
from app.services.objecting import Said
from app.tokens import Principal

router = APIRouter(prefix="/v1", tags=["objections"], route_class=DeskRoute)
ClaimId = Annotated[UUID, IdOr("claim.not_found")]
ObjectionId = Annotated[UUID, IdOr("objection.not_found")]
Objecting = Annotated[Principal, Depends(Roles("requester", "call_center", "clerk", "officer"))]


class ObjectionIn(Wire):
    """What is objected to and why; staff say when it arrived."""

    reason: Text
    of: Literal["decision", "postponement"] = "decision"
    arrived_at: Moment | None = None


class RulingIn(Wire):
    """Whether it stands or is decided anew by others, and why."""

    result: Literal["confirmed", "overturned"]
    reason: Text | None = None


class ObjectionOut(BaseModel):
    """An objection, its own day and the steps of its counting; nothing of what was said."""

    id: UUID
    claim_id: UUID
    of: Literal["decision", "postponement"]
    state: Literal["open", "confirmed", "overturned", "dropped"]
    late: bool
    arrived_at: str
    due_on: date
    due_steps: list[DueStep]


class WholeObjection(ObjectionOut):
    """An objection as staff read it."""

    reason: str
    ruling: str | None
    ruled_by: str | None


class Objections(BaseModel):
    """A page of objections by their day."""

    items: list[ObjectionOut]
    next_cursor: str | None


@router.post(
    "/claims/{claim_id}/objections",
    status_code=201,
    operation_id="file_objection",
    summary="Object to a decision",
    response_model=ObjectionOut,
    responses=headers(201, "ETag", "Location")
    | problems(
        "objection.too_late",
        "state.conflict",
        "field.inconsistent",
        "field.value",
        "request.frozen",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def file_objection(
    caller: Objecting, idem: Idempotent, session: Unit, claim_id: ClaimId, body: ObjectionIn
) -> Response:
    """Object to a decision, or to a postponement: somebody who took no part looks at it again, within ten days."""
    if idem.stored:
        return idem.replay()
    by = actor(caller)
    if body.arrived_at is not None and by.role == "requester":
        raise Invalid("field.inconsistent", pointer="/arrived_at")
    said = Said(body.of, text.free_text(body.reason, pointer="/reason").text, body.arrived_at)
    row = await objecting.object_to(session, claim_id, said, by=by, now=db.now())
    kept = {"Location": f"/v1/objections/{row.id}", "ETag": etag(row.version)}
    return await idem.keep(session, objecting.brief(row), headers=kept)


@router.get("/objections", operation_id="list_objections", summary="The queue of objections", response_model=Objections)
async def list_objections(
    caller: Staff,
    session: Unit,
    state: Literal["open", "ruled"] = "open",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Objections by their own day: ids and dates, no names."""
    rows = await objecting.listed(session, state=state, after=_place(cursor), limit=limit + 1)
    page = rows[:limit]
    more = _cursor(page[-1].due_on, page[-1].id) if len(rows) > limit else None
    return JSONResponse({"items": [objecting.brief(one) for one in page], "next_cursor": more})


@router.get(
    "/objections/{objection_id}",
    operation_id="get_objection",
    summary="Read one objection",
    response_model=WholeObjection,
    responses=headers(200, "ETag"),
)
async def get_objection(caller: Staff, session: Unit, objection_id: ObjectionId) -> Response:
    """One objection with its reason. Its ETag is what a ruling must name."""
    version, found = await objecting.whole(session, objection_id, by=actor(caller))
    return JSONResponse(found, headers={"ETag": etag(version)})


@router.put(
    "/objections/{objection_id}/ruling",
    operation_id="rule_objection",
    summary="Rule on an objection",
    response_model=WholeObjection,
    responses=headers(200, "ETag")
    | problems(
        "approval.same_person",
        "decision.reason_required",
        "state.conflict",
        "request.frozen",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def rule_objection(
    caller: Approver, version: IfMatch, session: Unit, objection_id: ObjectionId, body: RulingIn
) -> Response:
    """Confirm the decision with a reason, or overturn it: then other people decide it anew."""
    if not (body.reason or "").strip():
        raise Invalid("decision.reason_required", pointer="/reason")
    reason = text.free_text(body.reason or "", pointer="/reason").text
    by = actor(caller)
    await objecting.rule(session, objection_id, body.result, reason, version=version, by=by, now=db.now())
    await session.flush()
    current, found = await objecting.whole(session, objection_id, by=by)
    return JSONResponse(found, headers={"ETag": etag(current)})


@router.post(
    "/objections/{objection_id}/withdrawal",
    operation_id="drop_objection",
    summary="Take an objection back",
    response_model=ObjectionOut,
    responses=headers(200, "ETag") | problems("state.conflict", "request.frozen"),
)
async def drop_objection(caller: Objecting, session: Unit, objection_id: ObjectionId) -> Response:
    """Take it back: the decision stands. Doing it again changes nothing."""
    row = await objecting.drop(session, objection_id, by=actor(caller), now=db.now())
    return JSONResponse(objecting.brief(row), headers={"ETag": etag(row.version)})


def _place(cursor: str | None) -> tuple[date, UUID] | None:
    """Where the next page begins; a cursor that is not ours is refused like any wrong value."""
    if cursor is None:
        return None
    try:
        day, last = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return date.fromisoformat(day), UUID(last)
    except (ValueError, TypeError):
        raise Invalid("field.value", pointer="/cursor") from None


def _cursor(day: date, last: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([day.isoformat(), str(last)]).encode()).decode()
