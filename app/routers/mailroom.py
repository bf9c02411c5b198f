"""What people post, say or hand over: the list, the paper, the words to read out, and what became of it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import Officer, Roles, Staff, actor
from app.http.body import Day, Id, IdOr, Wire
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.documented import problems
from app.routers.drawn import PRINT, Large, document
from app.routers.purposes import STATED, Purpose
from app.services import by_hand

router = APIRouter(prefix="/v1/letters", tags=["results"], route_class=DeskRoute)
LetterId = Annotated[UUID, IdOr("letter.not_found")]
_STOPS = ("request.frozen", "guardian.ended", "mandate.revoked", "mandate.expired")


class TellingIn(Wire):
    """On what day and by what way the person was told."""

    told_on: Day
    way: Literal["post", "phone", "visit"]


class ReturnIn(Wire):
    """On what day it came back, or nobody was reached, and why."""

    returned_on: Day
    cause: Literal["moved", "unknown", "refused", "unclaimed", "no_answer"]


class LetterOut(BaseModel):
    """One word that people have to bring, without a name in it; `way` is what the person chose, null where none was."""

    id: UUID
    request_id: UUID
    receipt_no: str
    kind: str
    notice_id: UUID | None
    way: Literal["post", "phone", "visit"] | None
    state: Literal["by_hand", "sent", "returned"]
    instead: bool
    created_at: datetime
    sent_at: datetime | None
    due_on: date | None


class Letters(BaseModel):
    """A page of what people have to bring, oldest first."""

    items: list[LetterOut]
    next_cursor: str | None


class ScriptStep(BaseModel):
    """What to do, in Korean, then what to read out, in the person's language."""

    do: str
    say: list[str]


class ScriptOut(BaseModel):
    """Whom to call and what to say; nothing of the matter before it is known who listens."""

    name: str
    phone: str | None
    language: str
    steps: list[ScriptStep]


class LetterState(BaseModel):
    """What became of it, and by which channel the same word goes now."""

    id: UUID
    state: Literal["by_hand", "sent", "returned"]
    followed_by: Literal["mail", "sms", "paper"] | None


@router.get("", operation_id="list_letters", summary="What waits to be posted or said", response_model=Letters)
async def list_letters(
    caller: Annotated[Any, Depends(Roles("clerk", "officer", "approver"))],
    session: Unit,
    state: Literal["by_hand", "sent", "returned"] = "by_hand",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Id | None = None,
) -> Response:
    """The mail room's list: who chose the post, the telephone or the counter, and whom no wire reached."""
    rows = await by_hand.listed(session, state=state, after=cursor, limit=limit + 1, by=actor(caller))
    page = rows[:limit]
    more = page[-1]["id"] if len(rows) > limit else None
    return JSONResponse({"items": page, "next_cursor": more})


@router.get(
    "/{letter_id}/document",
    operation_id="print_word",
    summary="Print what is to be posted",
    responses=PRINT | problems("state.conflict", "claim.not_available_yet", *_STOPS, *STATED),
    response_class=Response,
)
async def print_word(caller: Staff, purpose: Purpose, session: Unit, letter_id: LetterId, large: Large) -> Response:
    """For an envelope with a window: the notice with its cover page, or the word alone where there is no notice."""
    drawn = await by_hand.draw(session, letter_id, large=large, by=actor(caller), now=db.now())
    return document(drawn, html=False, name="letter")


@router.get(
    "/{letter_id}/script",
    operation_id="read_script",
    summary="Read what is to be said",
    response_model=ScriptOut,
    responses=problems("state.conflict", *_STOPS),
)
async def read_script(caller: Staff, session: Unit, letter_id: LetterId) -> Response:
    """What to say at the telephone or the counter, step by step; logged."""
    found = await by_hand.read_out(session, letter_id, by=actor(caller), now=db.now())
    steps = [{"do": one.do, "say": list(one.say)} for one in found.steps]
    told = {"name": found.name, "phone": found.phone, "language": found.language, "steps": steps}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


@router.put(
    "/{letter_id}/telling",
    operation_id="tell_by_hand",
    summary="Say that the person was told",
    response_model=LetterState,
    responses=problems("state.conflict", "field.value"),
)
async def tell_by_hand(caller: Officer, session: Unit, letter_id: LetterId, body: TellingIn) -> Response:
    """It was posted, said or handed over on this day; said again it changes nothing."""
    by, now = actor(caller), db.now()
    return JSONResponse(await by_hand.tell(session, letter_id, body.told_on, body.way, by=by, now=now))


@router.put(
    "/{letter_id}/return",
    operation_id="tell_return",
    summary="Say that it came back",
    response_model=LetterState,
    responses=problems("state.conflict", "field.value"),
)
async def tell_return(caller: Officer, session: Unit, letter_id: LetterId, body: ReturnIn) -> Response:
    """The letter came back, or nobody answered: the next way that the person gave is taken."""
    by, now = actor(caller), db.now()
    return JSONResponse(await by_hand.came_back(session, letter_id, body.returned_on, body.cause, by=by, now=now))
