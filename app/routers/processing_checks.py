"""The question before every use of data: whether it may be used for this purpose now."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app import db, text
from app.errors import Fault, Invalid
from app.http.auth import SystemOnly, actor
from app.http.body import Line, Wire
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit
from app.routers import plain_checks
from app.routers.documented import problems
from app.routers.handles import SubjectHandle, given
from app.services import ages, checks
from app.services.checks import Check

router = APIRouter(prefix="/v1", tags=["tasks"], route_class=DeskRoute)


class CheckIn(Wire):
    """One question: this person, this category, this purpose; an article where another law demands the use."""

    subject: SubjectHandle
    category: Line
    purpose: Line
    fields: Annotated[list[Line], Field(min_length=1, max_length=50)] | None = None
    required_by_law: Line | None = None


class ChecksIn(Wire):
    """Up to a thousand questions."""

    checks: Annotated[list[CheckIn], Field(min_length=1, max_length=1_000)]


class HoldOut(BaseModel):
    """What holds a use back."""

    kind: str
    fields: list[str] | None
    basis: str
    since: datetime


class CheckOut(BaseModel):
    """Whether the use is allowed, but for which fields."""

    allowed: bool
    except_: Annotated[list[str], Field(alias="except")]
    holds: list[HoldOut]


class ChecksOut(BaseModel):
    """The answers in the order of the questions."""

    results: list[CheckOut]


@router.post(
    "/processing-checks",
    operation_id="check_processing",
    summary="Ask before using data",
    response_model=ChecksOut,
    responses=problems("identifier.rrn_not_allowed", "identifier.card_not_allowed", "holds.not_restored"),
)
async def check_processing(
    caller: SystemOnly, session: Unit, desk: TheDesk, request: Request, body: ChecksIn
) -> Response:
    """May this person's data be used for this purpose now? Up to a thousand questions, answered in order.

    A child under 14 is sent no marketing: before such a use the register is asked for the age behind the handle.
    """
    asked = [_check(desk, one, f"/checks/{place}") for place, one in enumerate(body.checks)]
    now = db.now()
    handles = {digest: handle for one in asked for digest, handle in one.handles.items()}
    children = await ages.children(desk, handles, request.app.state.register, now=now)
    answers = await checks.check(session, asked, children, request.app.state.holds, by=actor(caller), now=now)
    return Response(plain_checks.rendered(answers), media_type="application/json")


def _check(desk: TheDesk, one: CheckIn, at: str) -> Check:
    """Normalised as intake does, so that the same person gives the same hash."""
    category = desk.policy.categories.get(one.category)
    faults = [] if category else [Fault(f"{at}/category", "field.value")]
    if one.purpose not in desk.policy.purposes:
        faults.append(Fault(f"{at}/purpose", "field.value"))
    if category and one.fields:
        known = {field.id for field in category.fields}
        faults += [Fault(f"{at}/fields/{n}", "field.value") for n, name in enumerate(one.fields) if name not in known]
    handles = given(one.subject, f"{at}/subject")
    if not handles:
        faults.append(Fault(f"{at}/subject", "field.required"))
    if faults:
        raise Invalid(faults[0].code, faults=tuple(faults))
    law = text.line(one.required_by_law, pointer=f"{at}/required_by_law") if one.required_by_law else None
    by_digest = {desk.handle(kind, value): (kind, value) for kind, value in handles}
    of_age = by_digest if one.purpose in desk.policy.child_purposes else {}
    return Check(frozenset(by_digest), one.category, one.purpose, tuple(one.fields or ()), law, of_age)
