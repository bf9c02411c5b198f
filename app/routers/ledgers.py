"""Ledgers as an inspector asks for them (G7): requests, footage, destruction; for a period, as CSV or PDF."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import StreamingResponse

from app import db
from app.errors import NotFound
from app.http.auth import Roles, actor
from app.http.body import Day
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit
from app.routers.documented import Responses, problems
from app.routers.drawn import Accept
from app.routers.purposes import STATED, Purpose
from app.services import ledgers
from app.tokens import Principal

router = APIRouter(prefix="/v1", tags=["ledgers"], route_class=DeskRoute)
Inspecting = Annotated[Principal, Depends(Roles("officer", "approver", "auditor"))]
_TABLE: Responses = {
    200: {
        "description": "The ledger, its sum in the last line",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get(
    "/ledgers/{ledger}",
    operation_id="download_ledger",
    summary="Download a ledger",
    response_class=Response,
    responses=_TABLE
    | problems(
        *STATED,
        "ledger.not_found",
        "ledger.too_long",
        "field.inconsistent",
    ),
)
async def download_ledger(
    caller: Inspecting,
    purpose: Purpose,
    session: Unit,
    desk: TheDesk,
    ledger: Annotated[str, Path(description="requests, footage or destruction")],
    first: Annotated[Day, Query(alias="from", description="The first Seoul day")],
    last: Annotated[Day, Query(alias="to", description="The last Seoul day")],
    accept: Accept = None,
) -> Response:
    """A ledger of a period, as CSV (UTF-8 with a byte order mark) or, by Accept, PDF; an auditor sees no names.

    `requests` by the day of arrival, `footage` by the day it was seen, `destruction` by the day it happened.
    """
    if ledger not in ledgers.BOOKS:
        raise NotFound("ledger.not_found")
    now = db.now()
    pdf = "application/pdf" in (accept or "")
    form = "pdf" if pdf else "csv"
    extract = ledgers.take(session, ledger, first, last, form=form, by=actor(caller), now=now)
    name = f"{ledger}-{first.isoformat()}-{last.isoformat()}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if pdf:
        drawn = await ledgers.as_pdf(desk, extract, now)
        return Response(drawn, media_type="application/pdf", headers=headers)
    lines = ledgers.as_csv(desk, extract, now)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)
