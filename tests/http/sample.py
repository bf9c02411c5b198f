"""A small real service at the door: every kind of body, path, query and failure, driven through ASGI."""

import enum
from collections.abc import AsyncIterator
from typing import Annotated, Literal
from uuid import UUID

import httpx
from fastapi import APIRouter, Depends, FastAPI, Form, Header, Query, Request
from pydantic import AfterValidator, Field, model_validator
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.responses import Response, StreamingResponse

from app.errors import Invalid, Limited, Unauthenticated
from app.http.body import Day, Id, IdOr, Line, Moment, Text, Wire, checked, refuse
from app.http.conditional import IfMatch, demand, versioned
from app.http.limits import Door
from app.http.problems import install, problem_response
from app.http.route import DeskRoute
from app.routers.problems import router as problems_router

CANARY = "CANARY-홍길동-9001"


class Colour(enum.StrEnum):
    """A closed list."""

    RED = "red"
    BLUE = "blue"


def _even(value: int) -> int:
    if value % 2:
        raise Invalid("field.value", pointer="/never/told", basis="민법 157")
    return value


class Access(Wire):
    """One branch of a union by tag."""

    right: Literal["access"]
    aspects: Annotated[tuple[Colour, ...], Field(min_length=1)]


class Deletion(Wire):
    """The other branch."""

    right: Literal["deletion"]
    fields: dict[str, Colour] | None = None


class Left(Wire):
    """One branch of a union without a tag."""

    a: int
    b: int


class Right(Wire):
    """The other branch."""

    c: Line
    d: Colour


class Filing(Wire):
    """A bit of everything."""

    name: Line
    note: Text | None = None
    count: int | None = None
    share: float | None = None
    agreed: bool | None = None
    born: Day | None = None
    at: Moment | None = None
    ref: Id | None = None
    colours: frozenset[Colour] | None = None
    even: Annotated[int, AfterValidator(checked(_even))] | None = None
    claims: Annotated[list[Annotated[Access | Deletion, Field(discriminator="right")]], Field(max_length=10)] = Field(
        default=[]
    )
    either: Left | Right | None = None
    rows: list[dict[str, list[Left]]] | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Filing":
        if self.note == "alone" and self.count is not None:
            raise refuse("field.inconsistent", at="/count", basis="개인정보 보호법 제38조")
        return self


class Optional(Wire):
    """Everything may be left out: what an unreadable body would fit most easily."""

    reason: str | None = None


async def caller(authorization: Annotated[str | None, Header()] = None) -> str:
    """Any token will do, none will not."""
    if authorization is None:
        raise Unauthenticated("auth.missing")
    return authorization


router = APIRouter(route_class=DeskRoute)


@router.post("/filings")
async def file(body: Filing) -> dict[str, object]:
    """Say what was understood."""
    return {"filing": body.model_dump(mode="json", exclude_unset=True)}


@router.post("/guarded")
async def guarded(by: Annotated[str, Depends(caller)], body: Filing) -> dict[str, str]:
    """The same behind a principal."""
    return {"by": by, "name": body.name}


@router.post("/optional")
async def optional(body: Optional) -> dict[str, bool]:
    """Nothing required."""
    return {"accepted": True}


@router.post("/perhaps")
async def perhaps(body: Optional | None = None) -> dict[str, bool]:
    """Not even a body required."""
    return {"accepted": True}


@router.post("/v1/oauth/token")
async def token(grant_type: Annotated[str, Form()], scope: Annotated[str, Form()] = "") -> dict[str, str]:
    """A form."""
    return {"grant_type": grant_type}


@router.put("/v1/tasks/{task_id}/result")
async def result(task_id: Id, body: dict[str, object]) -> dict[str, int]:
    """Takes ten megabytes."""
    return {"members": len(body)}


@router.get("/claims/{claim_id}")
async def claim(claim_id: Id, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Response:
    """One version of one thing."""
    return Response(str(claim_id), headers=versioned(3))


@router.put("/claims/{claim_id}")
async def change(claim_id: Id, by: Annotated[str, Depends(caller)], version: IfMatch) -> dict[str, int]:
    """Changes version 3 only."""
    demand(version, 3)
    return {"version": version}


@router.get("/verifications/{verification_id}")
async def verification(verification_id: Annotated[UUID, IdOr("verification.failed")]) -> dict[str, str]:
    """An id that answers with a code of its own."""
    return {"id": str(verification_id)}


@router.get("/wonders/{wonder_id}")
async def wonder(wonder_id: Id) -> dict[str, str]:
    """A noun the catalogue does not know."""
    return {"id": str(wonder_id)}


@router.get("/v1/policy")
async def policy() -> Response:
    """The one thing browsers of other origins may read."""
    return Response("{}", media_type="application/json", headers={"Cache-Control": "public, max-age=60"})


@router.get("/fails/{how}")
async def fails(request: Request, how: str) -> Response:
    """Every way to fail."""
    match how:
        case "limited":
            raise Limited("rate.limited", retry_after=17)
        case "pool":
            raise PoolTimeout(CANARY)
        case "away":
            raise OperationalError(CANARY, {"name": CANARY}, Exception(CANARY))
        case "data":
            raise DataError(CANARY, {"name": CANARY}, Exception(CANARY))
        case "uncatalogued":
            raise Invalid("nobody.knows", pointer="/x")
        case "fact":
            return problem_response(request, Invalid("verification.failed", pointer="/code"))
        case "midway":

            async def drip() -> AsyncIterator[bytes]:
                yield b"begun"
                raise ValueError(CANARY)

            return StreamingResponse(drip())
    raise RuntimeError(CANARY)


def build(body_seconds: float = 60) -> FastAPI:
    """The sample service behind a door."""
    app = FastAPI(redirect_slashes=False)
    install(app)
    app.add_middleware(Door, body_seconds=body_seconds)
    app.include_router(problems_router)
    app.include_router(router)
    return app


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    """Demand a whole problem document that repeats nothing that was sent."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    body: dict[str, object] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert body["instance"] == answer.headers["request-id"]
    assert body["title"]
    assert body["detail"]
    assert "CANARY" not in answer.text + str(answer.headers)
    assert "홍길동" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    errors = body["errors"]
    assert isinstance(errors, list)
    assert all(set(each) == {"pointer", "code", "detail"} for each in errors)
    if errors:
        assert errors[0]["code"] == code
    return body


def places(body: dict[str, object]) -> list[tuple[str, str]]:
    """The pointers and codes of a problem document."""
    errors = body["errors"]
    assert isinstance(errors, list)
    return [(each["pointer"], each["code"]) for each in errors]
