"""Filing: the form, and what the desk answers to it."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from examples.client import ProblemError, new_key
from examples.website.choices import Choices
from examples.website.filing_page import filing
from examples.website.form import Filled, place, read
from examples.website.sessions import Session
from examples.website.visit import Site


def add(app: FastAPI, site: Site) -> None:
    """Add these routes."""

    @app.get("/file")
    async def blank(request: Request) -> Response:
        visit, asked = await site.visit(request), request.query_params.getlist("capacity")
        return HTMLResponse(filing(await site.choices(), visit.csrf, new_key(), {"capacity": asked}, {}))

    @app.post("/file")
    async def file(request: Request) -> Response:
        """File what the form says. The key in the form makes a second click the same request."""
        visit, choices = await site.visit(request), await site.choices()
        filled = read(visit.typed, choices)
        errors = filled.missing
        if not errors:
            try:
                filed = await site.for_person(visit).file_request(filled.request, key=visit.one("key") or new_key())
                return site.enter(visit, Session(filed["id"], filed["requester_token"], filed=dict(filed)))
            except ProblemError as problem:
                if problem.status != 422:
                    raise
                errors = _wrong(problem, filled, choices)
        return HTMLResponse(filing(choices, visit.csrf, new_key(), visit.typed, errors), 422)


def _wrong(problem: ProblemError, filled: Filled, choices: Choices) -> dict[str, str]:
    found = {place(one["pointer"], filled, choices): one["detail"] for one in problem.errors}
    return found or {"rights": problem.detail}
