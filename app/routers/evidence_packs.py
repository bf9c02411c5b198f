"""One case as evidence (G5): for an approver who says what for; the file proves itself."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app import db
from app.http.auth import Approver, actor
from app.http.body import IdOr, Line, Wire
from app.http.route import DeskRoute
from app.http.unit import TheDesk, first
from app.routers.documented import problems
from app.routers.purposes import taken_for, unnamed
from app.services import evidence_pack

router = APIRouter(prefix="/v1", tags=["audit"], route_class=DeskRoute)
RequestId = Annotated[UUID, IdOr("request.not_found")]


class ExportIn(Wire):
    """What it is for; it goes into the access log and onto the cover."""

    purpose: Line


@router.post(
    "/requests/{request_id}/evidence-pack",
    operation_id="export_case",
    summary="Take a case away as evidence",
    response_class=Response,
    responses={
        200: {
            "description": "A zip: cover, case, notices, and the entries of the audit chain that prove them",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems("audit.cannot_sign", "download.unanswered"),
    },
)
async def export_case(
    caller: Approver, request: Request, desk: TheDesk, request_id: RequestId, body: ExportIn
) -> Response:
    """Timeline, decisions, notices, deliveries and rule editions, sealed by an entry of the chain; logged.

    `rights-desk audit verify FILE --key KEY` checks it offline, and so does the page `verify.html`.
    """
    by, purpose = actor(caller), await taken_for(request, unnamed(body.purpose))
    async with first(request) as session:
        gathered = await evidence_pack.gather(session, request_id, purpose, by=by, now=db.now())
    async with desk.database.transaction() as session:
        archive = await evidence_pack.packed(session, gathered, now=db.now())
    name = f"evidence-{gathered.receipt_no}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(archive, media_type="application/zip", headers=headers)
