"""From errors to problem documents (RFC 9457), the only place where they meet HTTP.

`python -m app.http.problems` writes docs/problems.md.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse
from starlette.types import Scope

from app.documents import answer_page
from app.errors import Malformed, NotFound, Problem, TooLarge, Unavailable
from app.http.catalogue import Entry, Language, catalogue, markdown
from app.http.faults import problem_of

MEDIA_TYPE: Final = "application/problem+json"
LATER_SECONDS: Final[Mapping[int, int]] = {429: 60, 503: 5}
CLOSING: Final = frozenset({408, 431})
"""After these the connection is of no more use. Not after 413: to close amid a body would cost the answer."""
PAGES: Final = "/h/"
"""Where people look, and not programs: there a problem is a page (ADR 0040)."""
METHODS: Final = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
"""Allow for a method nobody knows; where a path is known the router names its own."""

_CHALLENGES: Final[Mapping[str, str]] = {
    "auth.missing": 'Bearer realm="rights-desk"',
    "auth.client_failed": 'Basic realm="rights-desk", charset="UTF-8"',
    "signature.missing": "Standard-Webhooks",
    "signature.invalid": "Standard-Webhooks",
}
_NOT_ACCEPTED: Final = 'Bearer realm="rights-desk", error="invalid_token"'
_AWAY: Final = ("08", "25006", "40", "53", "55P03", "57")
"""SQLSTATE classes that pass: connection, read-only, rollback, resources, lock, operator (PostgreSQL, appendix A)."""

_log = logging.getLogger("rights_desk.http")


def request_id(scope: Scope) -> str:
    """The id given at the door; without a door (a bare test) a new one."""
    state = scope.setdefault("state", {})
    found: str = state.setdefault("request_id", str(uuid4()))
    return found


def language(accept_language: str | None) -> Language:
    """Korean, unless Accept-Language puts English first."""
    best: tuple[float, Language] = (0.0, "ko")
    for part in (accept_language or "")[:500].split(",")[:20]:
        tag, _, weight = part.partition(";")
        primary = tag.strip().lower().split("-")[0]
        if primary == "ko":
            best = max(best, (_weight(weight), "ko"), key=lambda each: each[0])
        elif primary == "en":
            best = max(best, (_weight(weight), "en"), key=lambda each: each[0])
    return best[1]


def _weight(parameter: str) -> float:
    name, _, number = parameter.strip().partition("=")
    if not name:
        return 1.0
    digits = number.strip()
    if (
        name.strip().lower() != "q"
        or len(digits) > 5
        or not (digits.isascii() and digits.replace(".", "", 1).isdecimal())
    ):
        return 0.0
    return min(float(digits), 1.0)


def document(problem: Problem, *, instance: str, tongue: Language) -> tuple[Entry, bytes]:
    """The problem's entry in the catalogue and the bytes of its document."""
    known = catalogue()
    entry = known.get(problem.code)
    if entry is None:
        _log.error("a code outside the catalogue: %s", problem.code)
        entry = known["internal.error"]
    body: dict[str, object] = {
        "type": f"/problems/{entry.code}",
        "title": entry.title[tongue],
        "status": entry.status,
        "detail": entry.detail[tongue],
        "instance": instance,
        "code": entry.code,
    }
    if basis := problem.basis or entry.basis:
        body["basis"] = basis
    body["errors"] = [
        {"pointer": fault.pointer, "code": fault.code, "detail": known.get(fault.code, entry).detail[tongue]}
        for fault in problem.faults
    ]
    return entry, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def told(request: Request, problem: Problem) -> dict[str, object]:
    """A problem's document as a part of an answer that tells of many things."""
    tongue = language(request.headers.get("accept-language"))
    _, body = document(problem, instance=request_id(request.scope), tongue=tongue)
    found: dict[str, object] = json.loads(body)
    return found


def headers_for(problem: Problem, entry: Entry, tongue: Language) -> dict[str, str]:
    """The headers that belong to a problem."""
    headers = {"Content-Language": tongue, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    if entry.status == 401:
        headers["WWW-Authenticate"] = _CHALLENGES.get(entry.code, _NOT_ACCEPTED)
    if entry.status == 405:
        headers["Allow"] = METHODS
    later = problem.retry_after or LATER_SECONDS.get(entry.status)
    if later is not None:
        headers["Retry-After"] = str(later)
    if entry.status in CLOSING:
        headers["Connection"] = "close"
    return headers


def problem_response(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Answer a problem; also for a failure that is a fact and was committed first."""
    tongue = language(request.headers.get("accept-language"))
    if request.scope["path"].startswith(PAGES):
        return _page(problem, headers or {})
    entry, body = document(problem, instance=request_id(request.scope), tongue=tongue)
    return Response(
        body, entry.status, headers={**headers_for(problem, entry, tongue), **(headers or {})}, media_type=MEDIA_TYPE
    )


def _page(problem: Problem, headers: Mapping[str, str]) -> Response:
    """The same for somebody who reads it on a page; without the id of the call, so that all 404 are one."""
    entry = catalogue().get(problem.code, catalogue()["internal.error"])
    said = answer_page.problem(entry.title["ko"], entry.detail["ko"])
    told = {**headers_for(problem, entry, "ko"), "Content-Security-Policy": answer_page.policy(), **headers}
    return HTMLResponse(said, entry.status, headers=told)


def internal(request: Request, error: BaseException) -> Response:
    """The last resort. Only the kind of error and the request id are logged: a message may quote what was sent."""
    _log.error("unexpected %s in request %s", type(error).__qualname__, request_id(request.scope))
    return problem_response(request, Problem("internal.error"))


def install(app: FastAPI) -> None:
    """Answer every error of this app as a problem document."""
    catalogue()  # a broken catalogue stops the start, not the first error
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(DBAPIError, _on_database)
    app.add_exception_handler(PoolTimeout, _on_database)
    app.add_exception_handler(Exception, _on_anything)


async def _on_problem(request: Request, error: Exception) -> Response:
    return problem_response(request, cast(Problem, error))


async def _on_validation(request: Request, error: Exception) -> Response:
    unreadable: Problem | None = getattr(request.state, "unreadable", None)
    return problem_response(request, problem_of(cast(RequestValidationError, error), unreadable))


async def _on_http(request: Request, error: Exception) -> Response:
    refusal = cast(HTTPException, error)
    if isinstance(refusal.__cause__, Problem):
        return problem_response(request, refusal.__cause__)
    allow = {"Allow": _methods(request)} if refusal.status_code == 405 else None
    return problem_response(request, _of_status(refusal.status_code, request), allow)


def _methods(request: Request) -> str:
    """Every method of this path; the router names only those of the first route that has it."""
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path_regex.match(request.scope["path"]):
            found |= route.methods or set()
    return ", ".join(sorted(found)) or METHODS


def _of_status(status: int, request: Request) -> Problem:
    if status == 404:
        return NotFound("request.path_not_found")
    if status == 405:
        return Malformed("request.method_not_allowed")
    if status == 413:
        return TooLarge("request.too_large")
    if status == 400 and request.headers.get("content-type", "").lower().startswith("multipart/"):
        return Malformed("upload.multipart_malformed")
    return Malformed("request.malformed") if status < 500 else Problem("internal.error")


async def _on_database(request: Request, error: Exception) -> Response:
    if not _passing(error):
        return internal(request, error)
    _log.warning("database away: %s in request %s", type(error).__qualname__, request_id(request.scope))
    return problem_response(request, Unavailable("service.unavailable"))


def _passing(error: Exception) -> bool:
    """Whether the database is away or busy, rather than told something it cannot do."""
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or str(getattr(error.orig, "sqlstate", "") or "").startswith(_AWAY)


async def _on_anything(request: Request, error: Exception) -> Response:
    return internal(request, error)


if __name__ == "__main__":
    Path("docs/problems.md").write_text(markdown(), encoding="utf-8")
