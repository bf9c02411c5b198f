"""The website's backend: it alone holds the client secret and the tokens; the browser gets pages."""

import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from examples.client import (
    Credentials,
    Desk,
    Document,
    ProblemError,
    UnreachableError,
    new_key,
)
from examples.website import pages
from examples.website.form import Choices, place, read
from examples.website.sessions import Session, Sessions

STYLE = Path(__file__).with_name("style.css")
MOST_BYTES = 65_536
OUR_PAGES = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
THEIR_PAGES = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; sandbox"
HEADERS = {
    "Content-Security-Policy": OUR_PAGES,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class ForgedError(Exception):
    """A form that no page of ours gave to this visitor."""


class UnknownVisitorError(Exception):
    """Nobody is known behind this cookie, or no longer."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One call of a browser: its cookie's proof, its form, its session."""

    csrf: str
    typed: dict[str, list[str]]
    session: Session | None
    name: str | None
    address: str

    def one(self, name: str) -> str:
        """Return one value of the form."""
        return (self.typed.get(name) or [""])[0].strip()

    @property
    def known(self) -> Session:
        """Return the session; without one the visitor has to come by the way back."""
        if self.session is None:
            raise UnknownVisitorError
        return self.session


class Site:
    """What the routes share: the desk, the sessions, how cookies are set."""

    def __init__(self, desk: Desk, *, secure: bool) -> None:
        self.desk, self.sessions, self._secure = desk, Sessions(), secure

    async def choices(self) -> Choices:
        """Return what the form offers; the policy is asked for each time, for it may change."""
        return Choices.of(await self.desk.calling_as(None).policy())

    async def visit(self, request: Request) -> Visit:
        """Read a call; a form must carry the proof that this visitor got it from us."""
        cookie = request.state.visit
        typed: dict[str, list[str]] = {}
        if request.method == "POST":
            sent = await request.form(max_files=0, max_fields=400)
            typed = {name: [one for one in sent.getlist(name) if isinstance(one, str)] for name in sent}
            if not self.sessions.is_ours(request.cookies.get("visit"), (typed.get("csrf") or [""])[0]):
                raise ForgedError
        name = request.cookies.get("session")
        address = request.client.host if request.client else ""
        return Visit(self.sessions.csrf(cookie), typed, self.sessions.find(name), name, address)

    def as_person(self, session: Session) -> Desk:
        """Return the desk as the person behind a session meets it."""
        return self.desk.calling_as(session.token)

    def keep(self, response: Response, name: str, value: str) -> None:
        """Set a cookie that scripts and other sites never get."""
        response.set_cookie(name, value, httponly=True, samesite="strict", secure=self._secure, path="/")

    def enter(self, visit: Visit, session: Session) -> Response:
        """Begin a session, ending the one before."""
        self.sessions.close(visit.name)
        response = RedirectResponse("/status", 303)
        self.keep(response, "session", self.sessions.open(session))
        return response


def build(api: str, client_id: str, client_secret: str, *, secure: bool) -> FastAPI:
    """Return the website."""
    # A person waits in front of the page: few attempts, short pauses, then an honest sentence.
    desk = Desk(api, Credentials(client_id, client_secret), attempts=3, longest_pause=2.0)
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
    _open_routes(app, site)
    _filing_routes(app, site)
    _tracking_routes(app, site)
    _person_routes(app, site)
    _document_routes(app, site)
    return app


def _frame(site: Site) -> Callable[..., Any]:
    async def frame(request: Request, call_next: Callable[..., Any]) -> Response:
        """Bound what comes in, give every visitor a name, put the headers on what goes out."""
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES or "transfer-encoding" in request.headers:
            return HTMLResponse(pages.trouble("너무 깁니다", "보내신 내용이 너무 깁니다."), 413, headers=HEADERS)
        known = request.cookies.get("visit")
        request.state.visit = known or secrets.token_urlsafe(32)
        response: Response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if known is None:
            site.keep(response, "visit", request.state.visit)
        return response

    return frame


def _open_routes(app: FastAPI, site: Site) -> None:
    @app.get("/style.css")
    async def style() -> Response:
        return FileResponse(STYLE, media_type="text/css")

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/")
    async def start() -> Response:
        return HTMLResponse(pages.start(await site.choices()))


def _filing_routes(app: FastAPI, site: Site) -> None:
    @app.get("/file")
    async def blank(request: Request) -> Response:
        visit = await site.visit(request)
        return HTMLResponse(pages.filing(await site.choices(), visit.csrf, new_key(), {}, {}))

    @app.post("/file")
    async def file(request: Request) -> Response:
        """File what the form says. The key in the form makes a second click the same request."""
        visit, choices = await site.visit(request), await site.choices()
        filled = read(visit.typed, choices)
        errors = filled.missing
        if not errors:
            try:
                filed = await site.desk.calling_as(site.desk.caller, address=visit.address).file_request(
                    filled.request, key=visit.one("key") or new_key()
                )
                return site.enter(visit, Session(filed["id"], filed["requester_token"], filed=dict(filed)))
            except ProblemError as problem:
                if problem.status != 422:
                    raise
                errors = {place(one["pointer"], filled.parts): one["detail"] for one in problem.errors}
                errors = errors or {"rights": problem.detail}
        return HTMLResponse(pages.filing(choices, visit.csrf, new_key(), visit.typed, errors), 422)


def _tracking_routes(app: FastAPI, site: Site) -> None:
    @app.get("/track")
    async def way_back(request: Request) -> Response:
        visit = await site.visit(request)
        return HTMLResponse(pages.track(visit.csrf, {}, {}))

    @app.post("/track")
    async def come_back(request: Request) -> Response:
        visit = await site.visit(request)
        try:
            found = await site.desk.calling_as(None).track(visit.one("receipt_no"), visit.one("access_code"))
        except ProblemError as problem:
            if problem.status not in (404, 422):
                raise
            wrong = {"receipt_no": "접수번호나 조회번호가 맞지 않습니다."}
            return HTMLResponse(pages.track(visit.csrf, visit.typed, wrong), 422)
        return site.enter(visit, Session(found["request_id"], found["access_token"]))


def _person_routes(app: FastAPI, site: Site) -> None:
    @app.get("/status")
    async def status(request: Request) -> Response:
        visit = await site.visit(request)
        session = visit.known
        seen = await site.as_person(session).request(session.request_id)
        return HTMLResponse(pages.status(seen, session.filed, visit.csrf, await site.choices()))

    @app.post("/code")
    async def ask_for_code(request: Request) -> Response:
        visit = await site.visit(request)
        session = visit.known
        purpose = "release" if visit.one("purpose") == "release" else "identity"
        asked = await site.as_person(session).ask_for_code(session.request_id, visit.one("method"), purpose=purpose)
        session.verification_id, session.purpose, session.grant = asked["id"], purpose, None
        return RedirectResponse("/code", 303)

    @app.get("/code")
    async def show_code(request: Request) -> Response:
        visit = await site.visit(request)
        return HTMLResponse(pages.code(visit.csrf, visit.known.purpose))

    @app.post("/answer")
    async def answer(request: Request) -> Response:
        visit = await site.visit(request)
        session = visit.known
        digits = "".join(one for one in visit.one("code") if one.isdigit())
        try:
            proved = await site.as_person(session).answer(session.verification_id or "none", code=digits)
        except ProblemError as problem:
            if problem.status != 422:
                raise
            return HTMLResponse(pages.code(visit.csrf, session.purpose, errors={"code": problem.detail}), 422)
        session.verification_id, session.grant, session.opened = None, proved.get("grant"), set()
        return RedirectResponse("/documents" if session.grant else "/status", 303)

    @app.post("/withdraw")
    async def withdraw(request: Request) -> Response:
        visit = await site.visit(request)
        session = visit.known
        await site.as_person(session).withdraw(session.request_id, [visit.one("claim_id")])
        return RedirectResponse("/status", 303)

    @app.post("/leave")
    async def leave(request: Request) -> Response:
        visit = await site.visit(request)
        site.sessions.close(visit.name)
        response = RedirectResponse("/", 303)
        response.delete_cookie("session", path="/")
        return response


def _document_routes(app: FastAPI, site: Site) -> None:
    @app.get("/documents")
    async def documents(request: Request) -> Response:
        visit = await site.visit(request)
        session = visit.known
        if session.grant is None:
            return RedirectResponse("/status", 303)
        person = site.as_person(session)
        notices, seen = await person.notices(session.request_id), await person.request(session.request_id)
        shown = pages.documents(notices["items"], seen["claims"], session.opened, visit.csrf, await site.choices())
        return HTMLResponse(shown)

    @app.post("/notice")
    async def notice(request: Request) -> Response:
        visit = await site.visit(request)
        session, wanted = visit.known, visit.one("notice_id")
        as_page = visit.one("form") == "html"
        got = await site.as_person(session).open_notice(wanted, session.grant or "none", html=as_page)
        session.opened.add(wanted)
        return HTMLResponse(got.content, headers={"Content-Security-Policy": THEIR_PAGES}) if as_page else _file(got)

    @app.post("/package")
    async def package(request: Request) -> Response:
        visit = await site.visit(request)
        session, claim_id = visit.known, visit.one("claim_id")
        got = await site.as_person(session).fetch_package(claim_id, session.grant or "none")
        session.opened.add(claim_id)
        return _file(got)


def _file(document: Document) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{document.filename}"'}
    return Response(document.content, media_type=document.content_type, headers=named)


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
