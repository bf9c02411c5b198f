"""Blank forms that people fill in by hand (notice of the PIPC, form 11)."""

import asyncio
import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from app.documents import attorney
from app.http.conditional import not_modified
from app.http.route import DeskRoute
from app.http.unit import TheDesk
from app.routers.documented import headers
from app.routers.drawn import DOCUMENT, PAGE_POLICY, wants_html

router = APIRouter(prefix="/v1/forms", tags=["public"], route_class=DeskRoute)
NoneMatch = Annotated[str | None, Header(alias="If-None-Match", max_length=1_000)]


@router.get(
    "/power-of-attorney",
    operation_id="get_power_of_attorney",
    summary="Fetch the blank power of attorney",
    responses={
        304: {"description": "Not modified."},
        200: DOCUMENT[200] | headers(200, "ETag", "Cache-Control")[200],
    },
    response_class=Response,
)
async def power_of_attorney(request: Request, desk: TheDesk, if_none_match: NoneMatch = None) -> Response:
    """Form 11 (위임장), to be printed and filled in by hand: as PDF or, by Accept, as page."""
    html = wants_html(request.headers.get("accept"))
    form = (
        attorney.render_html(desk.policy).encode()
        if html
        else await asyncio.to_thread(attorney.render_pdf, desk.policy)
    )
    tag = f'"{hashlib.sha256(form).hexdigest()[:32]}"'
    told = {"ETag": tag, "Cache-Control": "public, max-age=300", "Vary": "Accept"}
    if not_modified(if_none_match, tag):
        return Response(status_code=304, headers=told)
    if html:
        told["Content-Security-Policy"] = PAGE_POLICY
        return Response(form, media_type="text/html; charset=utf-8", headers=told)
    told["Content-Disposition"] = 'inline; filename="power-of-attorney.pdf"'
    return Response(form, media_type="application/pdf", headers=told)
