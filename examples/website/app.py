"""The website's backend: it alone holds the client secret and the tokens; the browser gets pages."""

import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from examples.client import Desk, ProblemError, UnreachableError
from examples.website import anybody, filing, followed, pages, papers
from examples.website.visit import ForgedError, Site, UnknownVisitorError

MOST_BYTES = 65_536
# A paper, and the form around it. The desk itself takes 10 MiB.
MOST_BYTES_OF = {"/papers": 10 * 1024 * 1024 + MOST_BYTES}
OUR_PAGES = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": OUR_PAGES,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def build(desk: Desk, *, secure: bool) -> FastAPI:
    """Return the website in front of a desk."""
    site = Site(desk, secure=secure)

    @contextlib.asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        await desk.aclose()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.middleware("http")(_frame(site))
    app.add_exception_handler(ForgedError, _forged)
    app.add_exception_handler(UnknownVisitorError, _unknown)
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(UnreachableError, _away)
    for routes in (anybody, filing, followed, papers):
        routes.add(app, site)
    return app


def _frame(site: Site) -> Callable[..., Any]:
    async def frame(request: Request, call_next: Callable[..., Any]) -> Response:
        """Bound what comes in, give every visitor a name, put the headers on what goes out."""
        length, most = request.headers.get("content-length", "0"), MOST_BYTES_OF.get(request.url.path, MOST_BYTES)
        if not length.isdigit() or int(length) > most or "transfer-encoding" in request.headers:
            said = "서류는 10 MB까지 올리실 수 있습니다." if most > MOST_BYTES else "보내신 내용이 너무 깁니다."
            return HTMLResponse(pages.trouble("너무 깁니다", said), 413, headers=HEADERS)
        known = request.cookies.get("visit")
        request.state.visit = known or secrets.token_urlsafe(32)
        response: Response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if known is None:
            site.keep(response, "visit", request.state.visit)
        return response

    return frame


def _forged(_: Request, __: Exception) -> Response:
    return HTMLResponse(
        pages.trouble("다시 시도해 주십시오", "양식이 오래되었습니다. 페이지를 새로 열어 주십시오."), 403
    )


def _unknown(_: Request, __: Exception) -> Response:
    return RedirectResponse("/track", 303)


def _problem(request: Request, failure: Exception) -> Response:
    if not isinstance(failure, ProblemError):
        raise failure
    if failure.status == 401 and "session" in request.cookies:
        return RedirectResponse("/track", 303)
    ours = failure.status in (401, 403) or failure.status >= 500
    sentence = "지금은 처리할 수 없습니다. 잠시 뒤에 다시 시도해 주십시오." if ours else failure.detail
    return HTMLResponse(pages.trouble("처리하지 못했습니다", sentence), 503 if ours else failure.status)


def _away(_: Request, __: Exception) -> Response:
    return HTMLResponse(
        pages.trouble("잠시 뒤에 다시", "지금은 연결할 수 없습니다. 잠시 뒤에 다시 시도해 주십시오."), 503
    )
