"""The request on its statutory form (form 8): to look at, to print, to post."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import Looker, Officer, Roles, Staff, actor
from app.http.body import IdOr
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.documented import problems
from app.routers.drawn import DOCUMENT, PRINT, Accept, Large, document, wants_html
from app.routers.letters import PostingIn
from app.routers.purposes import STATED, Purpose
from app.services import filled, form_letters
from app.tokens import Principal

router = APIRouter(prefix="/v1/requests/{request_id}/form", tags=["requests"], route_class=DeskRoute)
RequestId = Annotated[UUID, IdOr("request.not_found")]
AtTheDesk = Annotated[Principal, Depends(Roles("call_center", "clerk", "officer"))]


class FormLetterOut(BaseModel):
    """The form's letter: to be printed by hand, or posted."""

    request_id: UUID
    state: Literal["by_hand", "sent"]


class FormPostingOut(BaseModel):
    """The form was posted."""

    request_id: UUID
    posted_on: date


@router.get(
    "",
    operation_id="read_request_form",
    summary="Read the request on its form",
    responses=DOCUMENT | problems(*STATED),
    response_class=Response,
)
async def read_request_form(
    caller: Looker, purpose: Purpose, session: Unit, request_id: RequestId, large: Large, accept: Accept = None
) -> Response:
    """Form 8 (요구서) as it was filed, as PDF or, by Accept, as page: whole for officers, for others masked."""
    html = wants_html(accept)
    drawn = await filled.open_form(session, request_id, html=html, large=large, by=actor(caller))
    return document(drawn, html=html, name="request")


@router.put(
    "/letter",
    operation_id="wish_form_letter",
    summary="Have the form posted",
    response_model=FormLetterOut,
    responses=problems("state.conflict", "request.frozen"),
)
async def wish_form_letter(caller: AtTheDesk, session: Unit, request_id: RequestId) -> Response:
    """The person has no e-mail: the desk is to print the form and post it. Said again it changes nothing."""
    message = await form_letters.wish(session, request_id, by=actor(caller), now=db.now())
    return JSONResponse({"request_id": str(request_id), "state": message.state})


@router.get(
    "/letter",
    operation_id="print_form_letter",
    summary="Print the form's letter",
    responses=PRINT
    | problems(*STATED, "state.conflict", "request.frozen", "guardian.ended", "mandate.revoked", "mandate.expired"),
    response_class=Response,
)
async def print_form_letter(
    caller: Staff, purpose: Purpose, session: Unit, request_id: RequestId, large: Large
) -> Response:
    """Form 8 for an envelope with a window: cover page, then the form."""
    drawn = await form_letters.draw(session, request_id, large=large, by=actor(caller), now=db.now())
    return document(drawn, html=False, name="letter")


@router.put(
    "/posting",
    operation_id="tell_form_posting",
    summary="Say that the form was posted",
    response_model=FormPostingOut,
    responses=problems("state.conflict", "request.frozen", "field.value"),
)
async def tell_form_posting(caller: Officer, session: Unit, request_id: RequestId, body: PostingIn) -> Response:
    """The form was posted on this day; said again it changes nothing."""
    await form_letters.post(session, request_id, body.posted_on, by=actor(caller), now=db.now())
    return JSONResponse({"request_id": str(request_id), "posted_on": body.posted_on.isoformat()})
