"""What the next long run of closed days brings (E2)."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import Staff
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law.terms import Right, Status
from app.services import closed_days

router = APIRouter(prefix="/v1", tags=["claims"], route_class=DeskRoute)


class OfClaim(BaseModel):
    """Which claim it is about."""

    claim_id: UUID
    request_id: UUID
    receipt_no: str


class FallsDue(OfClaim):
    """A day of its own that comes while the desk is closed, or on the first open day."""

    of: Literal["claim", "objection", "postponement", "follow_up"]
    right: Right
    status: Status
    due_on: date


class Silent(OfClaim):
    """Holders that have not reported what was asked of them by then."""

    holders: list[str]
    due_at: datetime


class FootageAtRisk(OfClaim):
    """Footage that was asked for, is not preserved yet, and may be written over meanwhile."""

    site: str
    overwritten_from: date


class OutlookOut(BaseModel):
    """The next long run of closed days, and the first 200 of each kind that it concerns; null where none is near."""

    first_closed: date | None
    last_closed: date | None
    first_open: date | None
    due: list[FallsDue]
    silent: list[Silent]
    footage: list[FootageAtRisk]


@router.get("/outlook", operation_id="get_outlook", summary="What closed days bring", response_model=OutlookOut)
async def get_outlook(caller: Staff, session: Unit) -> Response:
    """What falls due over the next long run of closed days, whose holders are silent, which footage may be lost.

    Officer and approver are told the same by mail on the last working day before it.
    """
    return JSONResponse(await closed_days.ahead(session, now=db.now()))
