"""What anybody may open without being known: the first page, what is needed, the blank form, the stop code."""

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from examples.client import ProblemError
from examples.website import pages
from examples.website.choices import Choices
from examples.website.documents import as_file
from examples.website.form import Typed, one
from examples.website.needed_page import needed
from examples.website.visit import Site

STYLE = Path(__file__).with_name("style.css")


def add(app: FastAPI, site: Site) -> None:
    """Add these routes."""
    _telling(app, site)
    _stopping(app, site)

    @app.get("/style.css")
    async def style() -> Response:
        return FileResponse(STYLE, media_type="text/css")

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/")
    async def start() -> Response:
        return HTMLResponse(pages.start(await site.choices()))


def _telling(app: FastAPI, site: Site) -> None:
    @app.get("/needed")
    async def what_is_needed(request: Request) -> Response:
        """Tell what a case like this will need. Nobody is named in it, so it may stand in an address."""
        choices = await site.choices()
        typed = {name: request.query_params.getlist(name) for name in request.query_params}
        errors = _unsaid(typed, choices) if "right" in typed else {}
        if errors or "right" not in typed:
            return HTMLResponse(needed(choices, typed, errors, None), 422 if errors else 200)
        capacity, age = one(typed, "capacity"), one(typed, "age")
        asked = one(typed, "relationship") if choices.standings[capacity].relationships else ""
        try:
            found = await site.anybody.proof(
                one(typed, "right"), capacity, age=int(age) if age else None, relationship=asked or None
            )
        except ProblemError as problem:
            if problem.status != 422:
                raise
            return HTMLResponse(needed(choices, typed, {"age": problem.detail}, None), 422)
        return HTMLResponse(needed(choices, typed, {}, found))

    @app.get("/power-of-attorney")
    async def power_of_attorney() -> Response:
        return as_file(await site.anybody.power_of_attorney())


def _stopping(app: FastAPI, site: Site) -> None:
    @app.get("/stop")
    async def stop_page(request: Request) -> Response:
        visit = await site.visit(request)
        return HTMLResponse(pages.stop(visit.csrf))

    @app.post("/stop")
    async def stop(request: Request) -> Response:
        """Pass a stop code on, and from what address it came: there too the tries are counted."""
        visit = await site.visit(request)
        if not visit.one("stop_code"):
            return HTMLResponse(pages.stop(visit.csrf, {"stop_code": "정지번호를 적어 주십시오."}), 422)
        await site.for_person(visit).stop(visit.one("stop_code")[:200])
        return HTMLResponse(pages.stopped())


def _unsaid(typed: Typed, choices: Choices) -> dict[str, str]:
    errors = {}
    if one(typed, "capacity") not in choices.standings:
        errors["capacity"] = "누구의 개인정보인지 골라 주십시오."
    elif choices.standings[one(typed, "capacity")].relationships and not one(typed, "relationship"):
        errors["relationship"] = "정보주체와의 관계를 골라 주십시오."
    if one(typed, "right") not in choices.rights:
        errors["right"] = "무엇을 요구하시는지 골라 주십시오."
    if one(typed, "age") and not one(typed, "age").isdecimal():
        errors["age"] = "나이를 숫자로 적어 주십시오."
    return errors
