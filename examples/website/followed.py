"""A request as its person follows it: the way back, where it stands, codes, withdrawal, the end of a mandate."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from examples.client import ProblemError
from examples.website import pages
from examples.website.sessions import Session
from examples.website.status_page import status as status_page
from examples.website.visit import Site


def add(app: FastAPI, site: Site) -> None:
    """Add these routes."""
    _coming_and_going(app, site)
    _codes(app, site)

    @app.get("/status")
    async def status(request: Request) -> Response:
        visit = await site.visit(request)
        session = visit.known
        seen = await site.as_person(session).request(session.request_id)
        return HTMLResponse(status_page(seen, session.filed, visit.csrf, await site.choices()))

    @app.post("/withdraw")
    async def withdraw(request: Request) -> Response:
        visit = await site.visit(request)
        session = visit.known
        await site.as_person(session).withdraw(session.request_id, [visit.one("claim_id")])
        return RedirectResponse("/status", 303)

    @app.post("/mandate-end")
    async def end_mandate(request: Request) -> Response:
        """End the mandate: by the token the desk knows who it is that ends it."""
        visit = await site.visit(request)
        session = visit.known
        await site.as_person(session).end_mandate(session.request_id)
        return RedirectResponse("/status", 303)


def _coming_and_going(app: FastAPI, site: Site) -> None:
    @app.get("/track")
    async def way_back(request: Request) -> Response:
        visit = await site.visit(request)
        return HTMLResponse(pages.track(visit.csrf, {}, {}))

    @app.post("/track")
    async def come_back(request: Request) -> Response:
        visit = await site.visit(request)
        try:
            found = await site.anybody.track(visit.one("receipt_no"), visit.one("access_code"))
        except ProblemError as problem:
            if problem.status not in (404, 422):
                raise
            wrong = {"receipt_no": "접수번호나 조회번호가 맞지 않습니다."}
            return HTMLResponse(pages.track(visit.csrf, visit.typed, wrong), 422)
        return site.enter(visit, Session(found["request_id"], found["access_token"]))

    @app.post("/leave")
    async def leave(request: Request) -> Response:
        visit = await site.visit(request)
        site.sessions.close(visit.name)
        response = RedirectResponse("/", 303)
        response.delete_cookie("session", path="/")
        return response


def _codes(app: FastAPI, site: Site) -> None:
    @app.post("/code")
    async def ask_for_code(request: Request) -> Response:
        visit = await site.visit(request)
        session = visit.known
        purpose = visit.one_of("purpose", "identity", "release")
        party = visit.one_of("party", "subject", "requester")
        asked = await site.as_person(session).ask_for_code(
            session.request_id, visit.one("method"), purpose=purpose, party=party
        )
        session.verification_id, session.purpose, session.grant = asked["id"], purpose, None
        return RedirectResponse("/code?whose=theirs" if visit.one("whose") == "theirs" else "/code", 303)

    @app.get("/code")
    async def show_code(request: Request) -> Response:
        visit = await site.visit(request)
        theirs = request.query_params.get("whose") == "theirs"
        return HTMLResponse(pages.code(visit.csrf, visit.known.purpose, theirs=theirs))

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
