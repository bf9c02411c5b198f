"""Where data came from that did not come from the person (Act 20(1))."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import Roles, actor
from app.http.body import IdOr
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.answers_parties import BothTongues
from app.routers.documented import problems
from app.services import sourcing

router = APIRouter(prefix="/v1", tags=["requests"], route_class=DeskRoute)
RequestId = Annotated[UUID, IdOr("request.not_found")]


class SourceTold(BaseModel):
    """From whom data of a category came, and for what it is used; without a category where that is found on asking."""

    category: str | None
    label: BothTongues | None
    source: BothTongues
    contact: str
    purposes: list[BothTongues]


class SourcesTold(BaseModel):
    """What did not come from the person, and that its processing may be stopped."""

    basis: Literal["법 20①"]
    said: BothTongues
    may: BothTongues
    items: list[SourceTold]


@router.get(
    "/requests/{request_id}/sources",
    operation_id="get_sources",
    summary="Where the data came from",
    response_model=SourcesTold,
    responses=problems("claim.not_verified", "request.frozen", "guardian.ended", "mandate.revoked", "mandate.expired"),
)
async def get_sources(
    caller: Annotated[Any, Depends(Roles("requester", "officer"))], session: Unit, request_id: RequestId
) -> Response:
    """At once and without a decision, to whoever has proved who they are: source, purpose, and the right to stop it."""
    return JSONResponse(await sourcing.told(session, request_id, by=actor(caller), now=db.now()))
