"""What carriers of mail and text messages report: that a message arrived, or came back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import db
from app.http.auth import SystemOnly, actor
from app.http.body import Wire
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.documented import problems
from app.services import receipts

router = APIRouter(prefix="/v1", tags=["results"], route_class=DeskRoute)


class ReceiptIn(Wire):
    """One message by the `ref` or Message-ID that we gave it, and what became of it; no address, no words."""

    ref: Annotated[str, Field(min_length=1, max_length=200)]
    result: Literal["delivered", "returned"]
    code: Annotated[str, Field(pattern=r"^([245]\.[0-9]{1,3}\.[0-9]{1,3}|[a-z_]{1,40})$")] | None = None


class ReceiptOut(BaseModel):
    """How far the message has come; what came back stays so."""

    state: Literal["queued", "held", "by_hand", "sent", "delivered", "returned", "failed", "dropped"]


@router.post(
    "/receipts",
    operation_id="report_receipt",
    summary="Report that a message arrived or came back",
    response_model=ReceiptOut,
    responses=problems("message.not_found"),
)
async def report_receipt(caller: SystemOnly, session: Unit, body: ReceiptIn) -> Response:
    """A carrier's word on a message: found by our own name for it alone, and told twice it changes nothing."""
    by, now = actor(caller), db.now()
    row, _ = await receipts.take(session, body.ref, body.result, body.code or "", by=by, now=now)
    return JSONResponse({"state": row.state})
