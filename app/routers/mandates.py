"""The end of a mandate: by the subject, by the delegate, or noted by a member of staff."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import Roles, actor
from app.http.body import IdOr, Wire
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers import answers
from app.routers.documented import problems
from app.services import mandates

router = APIRouter(prefix="/v1", tags=["requests"], route_class=DeskRoute)
RequestId = Annotated[UUID, IdOr("request.not_found")]


class RevocationIn(Wire):
    """By what it ends; left out, the subject revokes and the delegate renounces. A death is noted by an officer."""

    cause: Literal["revoked", "renounced", "death"] | None = None


BY_WHO_ASKS = RevocationIn()


class MandateEnded(BaseModel):
    """Since when it has ended, and the claims after that."""

    revoked_at: datetime
    claims: list[answers.ClaimState]


@router.post(
    "/requests/{request_id}/mandate/revocation",
    operation_id="revoke_mandate",
    summary="End a mandate",
    response_model=MandateEnded,
    responses=problems("state.conflict", "field.inconsistent"),
)
async def revoke_mandate(
    caller: Annotated[Any, Depends(Roles("requester", "officer", "call_center", "clerk"))],
    session: Unit,
    request_id: RequestId,
    body: RevocationIn = BY_WHO_ASKS,
) -> Response:
    """The delegate can do nothing more and is told nothing more. Doing it twice changes nothing."""
    mandate, claims = await mandates.revoke(session, request_id, body.cause, by=actor(caller), now=db.now())
    assert mandate.revoked_at is not None
    told = [{"id": str(one.id), "right": one.right, "status": one.status} for one in claims]
    return JSONResponse({"revoked_at": mandate.revoked_at.isoformat(), "claims": told})
