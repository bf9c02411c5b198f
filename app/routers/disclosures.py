"""The register of what was provided to third parties (Act 35(1), 36(2); policy 6, 8.7): written by systems."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import db, text
from app.errors import Fault, Invalid
from app.http.auth import Roles, SystemOnly, actor
from app.http.body import Day, Id, Line, Wire
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit
from app.law.provision import ProvisionBasis
from app.routers.documented import problems
from app.routers.handles import SubjectHandle, given
from app.services import provided
from app.services.provided import Entry, Which

router = APIRouter(prefix="/v1", tags=["tasks"], route_class=DeskRoute)
OfficerOrAuditor = Annotated[Any, Depends(Roles("officer", "auditor"))]


class DisclosureIn(Wire):
    """One provision, by the system's own name for it; an article where a statute demanded it."""

    ref: Line
    subject: SubjectHandle
    category: Line
    fields: Annotated[list[Line], Field(min_length=1, max_length=50)] | None = None
    recipient: Line
    """The id of a registered third party, or of one that the policy names."""
    provided_on: Day
    basis: ProvisionBasis
    article: Line | None = None


class DisclosuresIn(Wire):
    """Up to five hundred provisions."""

    disclosures: Annotated[list[DisclosureIn], Field(min_length=1, max_length=500)]


class DisclosureOut(BaseModel):
    """A provision on record."""

    id: UUID


class LoggedOut(BaseModel):
    """A provision as it was reported; of whom stands nowhere but in the answer to a request's own list."""

    id: UUID
    system_id: UUID
    category: str
    fields: list[str]
    recipient: str
    recipient_name: str
    provided_on: date
    basis: ProvisionBasis
    article: str | None
    at: datetime


class DisclosurePage(BaseModel):
    """Provisions, the last reported first."""

    items: list[LoggedOut]
    next_cursor: UUID | None


class Disclosures(BaseModel):
    """The provisions in the order in which they were sent."""

    items: list[DisclosureOut]


@router.post(
    "/disclosures",
    status_code=201,
    operation_id="log_disclosures",
    summary="Say what was provided to third parties",
    response_model=Disclosures,
    responses=problems(
        "field.duplicate", "field.inconsistent", "identifier.rrn_not_allowed", "identifier.card_not_allowed"
    ),
)
async def log_disclosures(
    caller: SystemOnly, idem: Idempotent, session: Unit, desk: TheDesk, body: DisclosuresIn
) -> Response:
    """What this system provided, of whom, to whom, when, on what basis; nothing is said of who is known.

    The same `ref` with the same content is the same row; with another content it is refused. A handle is stored as a
    keyed hash alone. The person is told with the next access; whoever was given what is corrected later hears of it.
    """
    if idem.stored:
        return idem.replay()
    entries = [_entry(desk, one, f"/disclosures/{place}") for place, one in enumerate(body.disclosures)]
    ids = await provided.log(session, entries, by=actor(caller), now=db.now())
    return await idem.keep(session, {"items": [{"id": str(one)} for one in ids]})


@router.get(
    "/disclosures",
    operation_id="list_disclosures",
    summary="What was provided to third parties",
    response_model=DisclosurePage,
    responses=problems("request.not_found"),
)
async def list_disclosures(
    caller: OfficerOrAuditor,
    session: Unit,
    system_id: Id | None = None,
    request_id: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Id | None = None,
) -> Response:
    """What is on record, of one system or all. Of one request's person only for an officer: that is personal."""
    which = Which(system_id, request_id, cursor, limit + 1)
    found = await provided.listed(session, which, by=actor(caller))
    items = found[:limit]
    return JSONResponse({"items": items, "next_cursor": items[-1]["id"] if len(found) > limit else None})


def _entry(desk: TheDesk, one: DisclosureIn, at: str) -> Entry:
    if one.basis is ProvisionBasis.STATUTE and one.article is None:
        raise Invalid("field.required", pointer=f"{at}/article")
    return Entry(
        ref=one.ref,
        digests=desk.handles(*_handle(one.subject, f"{at}/subject")),
        category=one.category,
        fields=tuple(one.fields or ()),
        recipient=one.recipient,
        provided_on=one.provided_on,
        basis=one.basis,
        article=text.line(one.article, pointer=f"{at}/article") if one.article else None,
    )


def _handle(subject: SubjectHandle, at: str) -> tuple[str, str]:
    """Exactly one: two could be those of two people."""
    handles = given(subject, at)
    if len(handles) != 1:
        code = "field.inconsistent" if handles else "field.required"
        raise Invalid(code, faults=(Fault(at, code),))
    return handles[0]
