"""Blank forms that people fill in by hand (notice of the PIPC, forms 8 and 11)."""

import asyncio
import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from app import db
from app.desk import Desk
from app.documents import attorney, blank_request
from app.http.conditional import not_modified
from app.http.route import DeskRoute
from app.http.unit import TheDesk
from app.law import deadline
from app.routers.documented import headers
from app.routers.drawn import DOCUMENT, PAGE_POLICY, Language, Large, wants_html

router = APIRouter(prefix="/v1/forms", tags=["public"], route_class=DeskRoute)
NoneMatch = Annotated[str | None, Header(alias="If-None-Match", max_length=1_000)]
BLANK: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not modified."},
    200: DOCUMENT[200] | headers(200, "ETag", "Cache-Control")[200],
}


@router.get(
    "/request",
    operation_id="get_request_form",
    summary="Fetch the blank request form",
    responses=BLANK,
    response_class=Response,
)
async def request_form(
    request: Request,
    desk: TheDesk,
    large: Large,
    language: Language = "ko",
    if_none_match: NoneMatch = None,
) -> Response:
    """Form 8 (요구서), to be printed and filled in by hand: as PDF or, by Accept, as page. Nobody has to use it."""
    if wants_html(request.headers.get("accept")):
        return _page(blank_request.render_html(desk.policy, language, forms=_notice(desk), large=large), if_none_match)
    drawn = await asyncio.to_thread(blank_request.render_pdf, desk.policy, language, forms=_notice(desk), large=large)
    return _pdf(drawn, "request", if_none_match)


@router.get(
    "/power-of-attorney",
    operation_id="get_power_of_attorney",
    summary="Fetch the blank power of attorney",
    responses=BLANK,
    response_class=Response,
)
async def power_of_attorney(
    request: Request,
    desk: TheDesk,
    large: Large,
    language: Language = "ko",
    if_none_match: NoneMatch = None,
) -> Response:
    """Form 11 (위임장), to be printed and filled in by hand: as PDF or, by Accept, as page."""
    if wants_html(request.headers.get("accept")):
        return _page(attorney.render_html(desk.policy, language, forms=_notice(desk), large=large), if_none_match)
    drawn = await asyncio.to_thread(attorney.render_pdf, desk.policy, language, forms=_notice(desk), large=large)
    return _pdf(drawn, "power-of-attorney", if_none_match)


def _notice(desk: Desk) -> str:
    """What lays the forms down today."""
    return desk.rulebook.at(deadline.seoul_date(db.now())).forms


def _page(drawn: str, known: str | None) -> Response:
    told = {"Content-Security-Policy": PAGE_POLICY}
    return _kept(drawn.encode(), "text/html; charset=utf-8", told, known)


def _pdf(drawn: bytes, name: str, known: str | None) -> Response:
    return _kept(drawn, "application/pdf", {"Content-Disposition": f'inline; filename="{name}.pdf"'}, known)


def _kept(drawn: bytes, media_type: str, told: dict[str, str], known: str | None) -> Response:
    """A form with nothing of anybody in it: anybody may keep it."""
    tag = f'"{hashlib.sha256(drawn).hexdigest()[:32]}"'
    common = {"ETag": tag, "Cache-Control": "public, max-age=300", "Vary": "Accept"}
    if not_modified(known, tag):
        return Response(status_code=304, headers=common)
    return Response(drawn, media_type=media_type, headers=common | told)
