"""The ledger of footage (policy 14.8): written by officers and by whoever works at the recorder."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db, text
from app.errors import Invalid
from app.http.auth import Roles, actor
from app.http.body import IdOr, Line, Moment, Wire
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law.footage import Window
from app.routers.documented import headers, problems
from app.services import viewings
from app.services.viewings import ByHand, Seen
from app.tokens import Principal

router = APIRouter(prefix="/v1", tags=["footage"], route_class=DeskRoute)
ClaimId = Annotated[UUID, IdOr("claim.not_found")]
AtTheRecorder = Annotated[Principal, Depends(Roles("officer", "clerk", "system"))]
Reader = Annotated[Principal, Depends(Roles("officer", "approver", "clerk", "system"))]


class ViewingIn(Wire):
    """What was done with the footage: of which film, for what, before whom, when.

    `recorded_from` and `recorded_to`: the stretch that was shown, where it is not all that was asked for. Somebody is
    shown or given footage once their identity was checked on the spot, and a copy once others in it are hidden.
    """

    act: ByHand
    file: Line
    purpose: Line
    viewer: Line
    form: Line | None = None
    recorded_from: Moment | None = None
    recorded_to: Moment | None = None
    seen_at: Moment
    masked: bool
    identity_checked: bool


class ViewingOut(BaseModel):
    """One line of the ledger; what holders report is written by itself."""

    id: UUID
    claim_id: UUID
    site: UUID
    act: str
    recorded_from: datetime
    recorded_to: datetime
    file: str | None
    purpose: str | None
    viewer: str | None
    form: str | None
    reason: str | None
    identity_checked: bool | None
    masked: bool
    seen_at: datetime
    written_at: datetime
    written_by: str


class Viewings(BaseModel):
    """The lines of one claim, in the order in which they were written."""

    items: list[ViewingOut]
    next_cursor: str | None


@router.post(
    "/claims/{claim_id}/viewings",
    status_code=201,
    operation_id="record_viewing",
    summary="Record who saw footage",
    response_model=ViewingOut,
    responses=headers(201, "Location")
    | problems(
        "viewing.not_granted",
        "request.frozen",
        "field.value",
        "field.inconsistent",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def record_viewing(
    caller: AtTheRecorder, idem: Idempotent, session: Unit, claim_id: ClaimId, body: ViewingIn
) -> Response:
    """Write a line into the ledger: seen, copied, handed over, destroyed; by an officer, or whoever works there."""
    if idem.stored:
        return idem.replay()
    by = actor(caller)
    line = await viewings.add(session, claim_id, _read(body), by=by, now=db.now())
    shown = await viewings.one(session, line)
    return await idem.keep(session, shown, headers={"Location": f"/v1/claims/{claim_id}/viewings"})


@router.get(
    "/claims/{claim_id}/viewings",
    operation_id="list_viewings",
    summary="The ledger of one claim's footage",
    response_model=Viewings,
)
async def list_viewings(caller: Reader, session: Unit, claim_id: ClaimId) -> Response:
    """Who saw, copied or destroyed the footage of this claim, when and for what."""
    items = await viewings.listed(session, claim_id, by=actor(caller))
    return JSONResponse({"items": items, "next_cursor": None})


def _read(body: ViewingIn) -> Seen:
    if (body.recorded_from is None) != (body.recorded_to is None):
        raise Invalid("field.inconsistent", pointer="/recorded_from")
    words = {name: text.line(getattr(body, name), pointer=f"/{name}") for name in ("file", "purpose", "viewer")}
    stretch = None
    if body.recorded_from is not None and body.recorded_to is not None:
        stretch = Window(body.recorded_from, body.recorded_to)
    return Seen(
        act=body.act,
        **words,
        seen_at=body.seen_at,
        masked=body.masked,
        identity_checked=body.identity_checked,
        form=text.line(body.form, pointer="/form") if body.form else None,
        window=stretch,
    )
