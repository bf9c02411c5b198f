"""Answers by post: the letter for the printer, and the day on which it was posted."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import Officer, Staff, actor
from app.http.body import Day, IdOr, Wire
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.documented import problems
from app.routers.drawn import PRINT, Large, document
from app.routers.purposes import STATED, Purpose
from app.services import letters

router = APIRouter(prefix="/v1/notices", tags=["results"], route_class=DeskRoute)
NoticeId = Annotated[UUID, IdOr("notice.not_found")]


class PostingIn(Wire):
    """The day on which the letter was handed to the post office."""

    posted_on: Day


class PostingOut(BaseModel):
    """The letter was posted."""

    notice_id: UUID
    posted_on: date


@router.get(
    "/{notice_id}/letter",
    operation_id="print_letter",
    summary="Print the letter",
    responses=PRINT
    | problems(
        *STATED,
        "state.conflict",
        "request.frozen",
        "guardian.ended",
        "mandate.revoked",
        "mandate.expired",
        "claim.not_available_yet",
    ),
    response_class=Response,
)
async def print_letter(caller: Staff, purpose: Purpose, session: Unit, notice_id: NoticeId, large: Large) -> Response:
    """The answer for an envelope with a window: cover page, notice, and the access package where it goes by post."""
    drawn = await letters.draw(session, notice_id, large=large, by=actor(caller), now=db.now())
    return document(drawn, html=False, name="letter")


@router.put(
    "/{notice_id}/posting",
    operation_id="tell_posting",
    summary="Say that the letter was posted",
    response_model=PostingOut,
    responses=problems("state.conflict", "field.value"),
)
async def tell_posting(caller: Officer, session: Unit, notice_id: NoticeId, body: PostingIn) -> Response:
    """The letter was posted on this day; said again it changes nothing."""
    await letters.post(session, notice_id, body.posted_on, by=actor(caller), now=db.now())
    return JSONResponse({"notice_id": str(notice_id), "posted_on": body.posted_on.isoformat()})
