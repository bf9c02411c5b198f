"""The catalogue of problems, open to everybody: what `type` in a problem document points to."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel

from app.errors import NotFound
from app.http.catalogue import Entry, Language, catalogue
from app.http.problems import language
from app.http.route import DeskRoute
from app.routers import documented
from app.routers.answers_parties import BothTongues

router = APIRouter(prefix="/problems", tags=["problems"], route_class=DeskRoute)

_HEADERS = {"Cache-Control": "public, max-age=3600", "Vary": "Accept, Accept-Language"}
_HEADINGS: dict[Language, str] = {"ko": "오류 안내", "en": "Problems"}

_ANSWER: documented.Responses = {
    200: {**documented.headers(200, "Cache-Control")[200], "content": {"text/html": {"schema": {"type": "string"}}}}
}

Accept = Annotated[str, Header(include_in_schema=False)]
Code = Annotated[str, Path(max_length=64, pattern=r"^[a-z_]+(\.[a-z_]+)+$")]


class ProblemKind(BaseModel):
    """One code with its status, its sentences and, where the law speaks, its article."""

    code: str
    type: str
    status: int
    kind: str
    title: BothTongues
    detail: BothTongues
    basis: str | None


class ProblemKinds(BaseModel):
    """Every code there is."""

    items: list[ProblemKind]
    next_cursor: str | None


def _wire(entry: Entry) -> dict[str, object]:
    return {
        "code": entry.code,
        "type": f"/problems/{entry.code}",
        "status": entry.status,
        "kind": entry.kind,
        "title": dict(entry.title),
        "detail": dict(entry.detail),
        "basis": entry.basis,
    }


def _page(tongue: Language, heading: str, content: str) -> Response:
    return HTMLResponse(
        f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{escape(heading)}</title></head>'
        f"<body><main><h1>{escape(heading)}</h1>{content}</main></body></html>",
        headers={**_HEADERS, "Content-Language": tongue},
    )


def _wants_html(accept: str) -> bool:
    """A browser names text/html; a program that says nothing gets JSON."""
    named = [part.partition(";")[0].strip().lower() for part in accept[:500].split(",")]
    return "text/html" in named and "application/json" not in named


def _item(entry: Entry, tongue: Language) -> str:
    return (
        f'<li><a href="/problems/{escape(entry.code)}"><code>{escape(entry.code)}</code></a> '
        f"({entry.status}) {escape(entry.title[tongue])}</li>"
    )


@router.get(
    "",
    operation_id="list_problems",
    summary="All problems",
    response_model=ProblemKinds,
    responses=_ANSWER,
)
async def problems(request: Request, accept: Accept = "") -> Response:
    """Every code with its status and its sentences, as JSON or as a page."""
    entries = sorted(catalogue().values(), key=lambda entry: entry.code)
    if not _wants_html(accept):
        return JSONResponse({"items": [_wire(entry) for entry in entries], "next_cursor": None}, headers=_HEADERS)
    tongue = language(request.headers.get("accept-language"))
    return _page(tongue, _HEADINGS[tongue], f"<ul>{''.join(_item(entry, tongue) for entry in entries)}</ul>")


@router.get(
    "/{code}",
    operation_id="get_problem",
    summary="One problem",
    response_model=ProblemKind,
    responses=_ANSWER | documented.problems("request.path_not_found"),
)
async def problem(request: Request, code: Code, accept: Accept = "") -> Response:
    """One code with its status and its sentences, as JSON or as a page."""
    entry = catalogue().get(code)
    if entry is None:
        raise NotFound("request.path_not_found")
    if not _wants_html(accept):
        return JSONResponse(_wire(entry), headers=_HEADERS)
    tongue = language(request.headers.get("accept-language"))
    basis = f"<p>{escape(entry.basis)}</p>" if entry.basis else ""
    content = f"<p><code>{escape(entry.code)}</code> ({entry.status})</p><p>{escape(entry.detail[tongue])}</p>{basis}"
    return _page(tongue, entry.title[tongue], content)
