"""It was not me: a stop code from anybody it was sent to, and the approver's ruling."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import db, text
from app.http.auth import Approver, actor
from app.http.body import IdOr, Text, Wire
from app.http.conditional import IfMatch, etag
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers import answers
from app.routers.documented import headers, problems
from app.services import casefile, freezes

router = APIRouter(prefix="/v1", tags=["requests"], route_class=DeskRoute)
RequestId = Annotated[UUID, IdOr("request.not_found")]


class StopIn(Wire):
    """The code that came with the word of a request; case, spaces and dashes do not matter."""

    stop_code: Annotated[str, Field(max_length=200)]


class Stopped(BaseModel):
    """What everybody hears, whatever the code."""

    status: Literal["received"]


class RulingIn(Wire):
    """Whether the request goes on, or was never this person's; always with the reason."""

    result: Literal["released", "void"]
    reason: Text | None = None


@router.post(
    "/freezes", status_code=202, operation_id="stop_request", summary="Say that it was not me", response_model=Stopped
)
async def stop_request(session: Unit, body: StopIn) -> Response:
    """Stop the request that this code was sent for. The answer is always this one.

    Tries are not limited: a code is far too long to be guessed, and nobody's typing may drop somebody else's true one.
    """
    await freezes.stop(session, body.stop_code, now=db.now())
    return JSONResponse({"status": "received"}, status_code=202)


@router.put(
    "/requests/{request_id}/freeze/ruling",
    operation_id="rule_freeze",
    summary="Rule on a stopped request",
    response_model=answers.RequestOut,
    responses=headers(200, "ETag")
    | problems(
        "approval.same_person",
        "state.conflict",
        "decision.reason_required",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def rule_freeze(
    caller: Approver, version: IfMatch, session: Unit, request_id: RequestId, body: RulingIn
) -> Response:
    """Release the request, or declare it void: by somebody who had no part in it, with a reason."""
    by, now = actor(caller), db.now()
    reason = text.free_text(body.reason, pointer="/reason").text if body.reason else None
    await freezes.rule(session, request_id, body.result, reason, version=version, by=by, now=now)
    await session.flush()
    current, view = await casefile.request_view(session, request_id, by=by, now=now)
    return JSONResponse(view, headers={"ETag": etag(current)})
