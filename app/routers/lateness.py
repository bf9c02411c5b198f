"""Why a day passed unanswered, in the approver's words (E3)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from app import db, text
from app.http.auth import Approver, actor
from app.http.body import IdOr, Text, Wire
from app.http.conditional import IfMatch, etag
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers import answers
from app.routers.documented import headers, problems
from app.services import casefile, overdue

router = APIRouter(prefix="/v1", tags=["claims"], route_class=DeskRoute)


class LatenessIn(Wire):
    """Why, for colleagues and auditors; the person does not read it."""

    reason: Text


@router.put(
    "/claims/{claim_id}/lateness",
    operation_id="explain_lateness",
    summary="Say why a day passed unanswered",
    response_model=answers.StaffClaim,
    responses=headers(200, "ETag")
    | problems("state.conflict", "identifier.rrn_not_allowed", "identifier.card_not_allowed"),
)
async def explain_lateness(
    caller: Approver,
    version: IfMatch,
    session: Unit,
    claim_id: Annotated[UUID, IdOr("claim.not_found")],
    body: LatenessIn,
) -> Response:
    """Add why to the day of this claim that passed last; saying it again replaces it. 409 where none has passed."""
    by = actor(caller)
    reason = text.free_text(body.reason, pointer="/reason").text
    await overdue.explain(session, claim_id, reason, version=version, by=by, now=db.now())
    await session.flush()
    current, view = await casefile.claim_view(session, claim_id, by=by, now=db.now())
    return JSONResponse(view, headers={"ETag": etag(current)})
