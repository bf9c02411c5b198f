"""Papers handed in, and results fetched."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from examples.client import Paper, ProblemError, new_key
from examples.website.documents import THEIR_PAGES, as_file
from examples.website.papers_page import documents as documents_page
from examples.website.papers_page import papers as papers_page
from examples.website.visit import Site, Visit

# So many forms stand on the page at most: a key for each.
MOST_FORMS = 20
NO_FILE = "올리실 파일을 골라 주십시오."


def add(app: FastAPI, site: Site) -> None:
    """Add these routes."""
    _handing_in(app, site)
    _fetching(app, site)


def _handing_in(app: FastAPI, site: Site) -> None:
    async def show(visit: Visit, errors: dict[str, str] | None = None) -> Response:
        session = visit.known
        person = site.as_person(session)
        seen, handed = await person.request(session.request_id), await person.papers(session.request_id)
        keys = [new_key() for _ in range(MOST_FORMS)]
        shown = papers_page(seen, handed["items"], await site.choices(), visit.csrf, keys, errors=errors or {})
        return HTMLResponse(shown, 422 if errors else 200)

    @app.get("/papers")
    async def papers(request: Request) -> Response:
        return await show(await site.visit(request))

    @app.post("/papers")
    async def hand_in(request: Request) -> Response:
        """Pass a paper on as it came; the key in the form makes a second click the same paper."""
        async with site.visit_with_file(request) as visit:
            session, kind, more = visit.known, visit.one("kind"), visit.one("more")
            box = f"file_{more or kind}"
            if visit.file is None:
                return await show(visit, {box: NO_FILE})
            sent = visit.file
            paper = Paper(sent.filename or "file", sent.file, sent.content_type or "application/octet-stream")
            party = visit.one_of("party", "requester", "subject")
            try:
                key = visit.one("key") or new_key()
                await site.as_person(session).hand_in(session.request_id, kind, paper, party=party, key=key)
            except ProblemError as problem:
                if problem.status not in (413, 422):
                    raise
                return await show(visit, {box: problem.detail})
        return RedirectResponse("/papers", 303)


def _fetching(app: FastAPI, site: Site) -> None:
    @app.get("/documents")
    async def documents(request: Request) -> Response:
        visit = await site.visit(request)
        session = visit.known
        if session.grant is None:
            return RedirectResponse("/status", 303)
        person = site.as_person(session)
        notices, seen = await person.notices(session.request_id), await person.request(session.request_id)
        shown = documents_page(notices["items"], seen["claims"], session.opened, visit.csrf, await site.choices())
        return HTMLResponse(shown)

    @app.post("/notice")
    async def notice(request: Request) -> Response:
        visit = await site.visit(request)
        session, wanted = visit.known, visit.one("notice_id")
        as_page = visit.one("form") == "html"
        got = await site.as_person(session).open_notice(wanted, session.grant or "none", html=as_page)
        session.opened.add(wanted)
        return HTMLResponse(got.content, headers={"Content-Security-Policy": THEIR_PAGES}) if as_page else as_file(got)

    @app.post("/package")
    async def package(request: Request) -> Response:
        visit = await site.visit(request)
        session, claim_id = visit.known, visit.one("claim_id")
        got = await site.as_person(session).fetch_package(claim_id, session.grant or "none")
        session.opened.add(claim_id)
        return as_file(got)
