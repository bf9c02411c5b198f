"""Claims passed on: to whom the data belongs, from whom it came, to whom it had been given; and what came of it."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db, text
from app.http.auth import Officer, Staff, actor
from app.http.body import Day, Id, IdOr, Text, Wire
from app.http.conditional import IfMatch, etag
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law.terms import Right
from app.routers.answers_parties import BothTongues
from app.routers.documented import headers, problems
from app.services import passing
from app.services.passing import Said

router = APIRouter(prefix="/v1/relays", tags=["tasks"], route_class=DeskRoute)
RelayId = Annotated[UUID, IdOr("relay.not_found")]
State = Literal["to_send", "sent", "answered", "cancelled"]
Result = Literal["done", "partly_done", "not_held", "failed"]


class SendingIn(Wire):
    """By what way and on which day it was sent."""

    way: Literal["mail", "post", "fax", "phone"]
    sent_on: Day


class AnswerIn(Wire):
    """What the party said came of it, and when."""

    result: Literal["done", "partly_done", "not_held", "failed"]
    answered_on: Day
    note: Text | None = None


class RelayBrief(BaseModel):
    """A claim passed on: to whom and why, how far it is, what came of it there."""

    id: UUID
    request_id: UUID
    claim_id: UUID
    right: Right
    why: Literal["owner", "source", "given"]
    party: BothTongues
    category: str
    names: list[str]
    state: State
    way: Literal["system", "mail", "post", "fax", "phone"] | None
    task_id: UUID | None
    due_on: date
    sent_on: date | None
    answered_on: date | None
    result: Result | None


class RelayOut(RelayBrief):
    """One of them whole; `letter` while it is a person's to send."""

    contact: str
    note: str | None
    letter: str | None


class Relays(BaseModel):
    """What is passed on, in the order it was planned."""

    items: list[RelayBrief]
    next_cursor: str | None


@router.get("", operation_id="list_relays", summary="What is passed on to others", response_model=Relays)
async def list_relays(
    caller: Staff,
    session: Unit,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Id | None = None,
) -> Response:
    """Claims on data of another controller, that came from one or was given to one. Ids, days and companies only."""
    found = await passing.listed(session, state=state, after=cursor, limit=limit + 1)
    items = found[:limit]
    return JSONResponse({"items": items, "next_cursor": items[-1]["id"] if len(found) > limit else None})


@router.get(
    "/{relay_id}",
    operation_id="get_relay",
    summary="Read what is passed on",
    response_model=RelayOut,
    responses=headers(200, "ETag"),
)
async def get_relay(caller: Staff, session: Unit, relay_id: RelayId) -> Response:
    """To whom, why, and the words of the letter while it is to be sent by hand."""
    return await _view(session, relay_id, caller)


@router.put(
    "/{relay_id}/sending",
    operation_id="tell_sending",
    summary="It was sent",
    response_model=RelayOut,
    responses=headers(200, "ETag") | problems("state.conflict", "request.frozen"),
)
async def tell_sending(
    caller: Officer, version: IfMatch, session: Unit, relay_id: RelayId, body: SendingIn
) -> Response:
    """The letter went out; from then on an answer is looked for."""
    by, now = actor(caller), db.now()
    await passing.sent(session, relay_id, way=body.way, sent_on=body.sent_on, version=version, by=by, now=now)
    return await _view(session, relay_id, caller)


@router.put(
    "/{relay_id}/answer",
    operation_id="tell_answer",
    summary="What came of it there",
    response_model=RelayOut,
    responses=headers(200, "ETag")
    | problems("state.conflict", "request.frozen", "identifier.rrn_not_allowed", "identifier.card_not_allowed"),
)
async def tell_answer(caller: Officer, version: IfMatch, session: Unit, relay_id: RelayId, body: AnswerIn) -> Response:
    """What the party told the desk; a registered one answers its task itself."""
    note = text.free_text(body.note, pointer="/note").text if body.note else None
    said = Said(body.result, body.answered_on, note)
    await passing.answered(session, relay_id, said, version=version, by=actor(caller), now=db.now())
    return await _view(session, relay_id, caller)


async def _view(session: Unit, relay_id: UUID, caller: Staff) -> Response:
    version, view = await passing.view(session, relay_id, by=actor(caller))
    return JSONResponse(view, headers={"ETag": etag(version)})
