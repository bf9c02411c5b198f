"""Calling for what is missing (B6)."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import db, text
from app.http.auth import Officer, Roles, actor
from app.http.body import IdOr, Text, Wire
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.documented import problems
from app.services import supplements

router = APIRouter(prefix="/v1", tags=["evidence"], route_class=DeskRoute)
RequestId = Annotated[UUID, IdOr("request.not_found")]


class SupplementIn(Wire):
    """Which kinds of paper are missing, and a word to the person, who reads it where they upload."""

    missing: Annotated[list[Annotated[str, Field(min_length=1, max_length=64)]], Field(min_length=1, max_length=10)]
    message: Text | None = None


class SupplementOut(BaseModel):
    """A call for papers; the clock goes on, and the claim lapses on `due_on` if nothing comes."""

    id: UUID
    missing: list[str]
    message: str | None
    at: datetime
    due_on: date
    closed: bool


class Supplements(BaseModel):
    """What was called for in a request."""

    items: list[SupplementOut]
    next_cursor: str | None


@router.post(
    "/requests/{request_id}/supplements",
    status_code=201,
    operation_id="call_for_papers",
    summary="Call for missing papers",
    response_model=SupplementOut,
    responses=problems("claim.closed", "state.conflict", "request.frozen", "identifier.card_not_allowed"),
)
async def call_for_papers(
    caller: Officer, idem: Idempotent, session: Unit, request_id: RequestId, body: SupplementIn
) -> Response:
    """Call for papers (보완 요구): one message names all of them. The statutory day stays what it is."""
    if idem.stored:
        return idem.replay()
    message = text.free_text(body.message, pointer="/message").text if body.message else None
    call = await supplements.ask(session, request_id, body.missing, message, by=actor(caller), now=db.now())
    return await idem.keep(session, call)


@router.get(
    "/requests/{request_id}/supplements",
    operation_id="list_supplements",
    summary="What was called for",
    response_model=Supplements,
)
async def list_supplements(
    caller: Annotated[Any, Depends(Roles("requester", "call_center", "clerk", "officer", "approver"))],
    session: Unit,
    request_id: RequestId,
) -> Response:
    """What was called for, with the officer's words for whom they were written."""
    items = await supplements.listed(session, request_id, by=actor(caller))
    return JSONResponse({"items": items, "next_cursor": None})
