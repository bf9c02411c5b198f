"""Results: notices, documents, packages."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import Field

from app import db
from app.http.auth import Requester, Roles, Staff, actor
from app.http.body import IdOr, Wire
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit
from app.routers import answers
from app.routers.documented import problems
from app.routers.drawn import DOCUMENT, Accept, Large, wants_html
from app.routers.drawn import document as drawn
from app.routers.purposes import STATED, Purpose
from app.services import handover

router = APIRouter(prefix="/v1", tags=["results"], route_class=DeskRoute)
RequestId = Annotated[UUID, IdOr("request.not_found")]
ClaimId = Annotated[UUID, IdOr("claim.not_found")]
NoticeId = Annotated[UUID, IdOr("notice.not_found")]


class GrantIn(Wire):
    """The grant that a fresh code gave: it opens each notice and package once."""

    grant: Annotated[str, Field(min_length=1, max_length=128)]


@router.get(
    "/requests/{request_id}/notices",
    operation_id="list_notices",
    summary="List the notices",
    response_model=answers.Notices,
)
async def list_notices(
    caller: Annotated[Any, Depends(Roles("requester", "officer", "approver"))], session: Unit, request_id: RequestId
) -> Response:
    """The notices of a request without their contents; staff also see how each was told."""
    items = await handover.notices(session, request_id, by=actor(caller))
    return JSONResponse({"items": items, "next_cursor": None})


@router.post(
    "/notices/{notice_id}/document",
    operation_id="open_notice",
    summary="Open a notice",
    responses=DOCUMENT | problems("grant.invalid"),
    response_class=Response,
)
async def open_notice(
    caller: Requester, session: Unit, notice_id: NoticeId, body: GrantIn, large: Large, accept: Accept = None
) -> Response:
    """The notice itself, as PDF or, by Accept, as page; once a grant."""
    html = wants_html(accept)
    by, now = actor(caller), db.now()
    document = await handover.open_notice(session, notice_id, body.grant, html=html, large=large, by=by, now=now)
    return drawn(document, html=html, name="notice")


@router.get(
    "/notices/{notice_id}/document",
    operation_id="read_notice",
    summary="Read a notice as staff",
    responses=DOCUMENT | problems(*STATED),
    response_class=Response,
)
async def read_notice(
    caller: Staff, purpose: Purpose, session: Unit, notice_id: NoticeId, large: Large, accept: Accept = None
) -> Response:
    """The notice as the person will see it, for staff; logged."""
    html = wants_html(accept)
    by, now = actor(caller), db.now()
    document = await handover.open_notice(session, notice_id, None, html=html, large=large, by=by, now=now)
    return drawn(document, html=html, name="notice")


@router.post(
    "/claims/{claim_id}/package",
    operation_id="fetch_package",
    summary="Fetch the access package",
    response_class=Response,
    responses={
        200: {
            "description": "A zip of access.json and access.pdf",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems("grant.invalid", "package.not_available", "claim.not_available_yet"),
    },
)
async def fetch_package(caller: Requester, session: Unit, desk: TheDesk, claim_id: ClaimId, body: GrantIn) -> Response:
    """The access package: opened by a grant, kept seven days, counted when it was completed."""
    by, now = actor(caller), db.now()
    package, grant_id = await handover.open_package(session, claim_id, body.grant, by=by, now=now)
    return StreamingResponse(
        handover.stream(desk, package, grant_id, by, now),
        media_type="application/zip",
        headers={
            "Content-Disposition": 'attachment; filename="access.zip"',
            "Content-Length": str(package.size),
            "Cache-Control": "no-store",
        },
    )
