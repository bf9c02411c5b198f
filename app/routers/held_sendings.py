"""What a restored copy would have sent (F51): a person looks, sends what has not gone, and leaves the rest."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import db
from app.http.auth import Officer, Staff, actor
from app.http.body import Id, Wire
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law.deadline import seoul_time
from app.routers.documented import problems
from app.services import held, restored_holds

router = APIRouter(prefix="/v1/held-sendings", tags=["destruction"], route_class=DeskRoute)
Ids = Annotated[list[Id], Field(max_length=200)]


class HeldOut(BaseModel):
    """A message or an event that waits: the copy would have sent it, and it may have gone before the loss."""

    id: UUID
    of: Literal["message", "delivery"]
    kind: str
    channel: Literal["mail", "sms", "paper"] | None
    system_id: UUID | None
    request_id: UUID | None
    created_at: datetime


class HeldSendings(BaseModel):
    """What is held, the oldest first; no contents."""

    items: list[HeldOut]
    next_cursor: str | None
    holds_closed_since: datetime | None
    """Since then no processing check is answered: holds that were placed after the backup may be missing."""


class SettlingIn(Wire):
    """Which to send, and which to leave because they have gone."""

    send: Ids = []
    leave: Ids = []
    holds_stand_again: bool = False
    """Said once every stop of the lost time stands again: processing checks are answered from then on."""


class SettledOut(BaseModel):
    """How many were sent and left."""

    sent: int
    left: int


@router.get("", operation_id="list_held_sendings", summary="What a restored copy holds", response_model=HeldSendings)
async def list_held_sendings(
    caller: Staff,
    session: Unit,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Id | None = None,
) -> Response:
    """What was on its way in a backup that was put back, and the first word since about cases that were open in it."""
    found = await held.listed(session, after=cursor, limit=limit + 1)
    items = found[:limit]
    closed = await restored_holds.closed_since(session)
    page = {"items": items, "next_cursor": items[-1]["id"] if len(found) > limit else None}
    return JSONResponse(page | {"holds_closed_since": seoul_time(closed).isoformat() if closed else None})


@router.post(
    "/settlement",
    operation_id="settle_held_sendings",
    summary="Send or leave what is held",
    response_model=SettledOut,
    responses=problems("sending.not_found", "field.inconsistent"),
)
async def settle_held_sendings(caller: Officer, idem: Idempotent, session: Unit, body: SettlingIn) -> Response:
    """Each goes out as it is, or is left because it has gone. Once nothing of a case is held, it speaks by itself."""
    if idem.stored:
        return idem.replay()
    by, now = actor(caller), db.now()
    await held.settle(session, send=body.send, leave=body.leave, by=by, now=now)
    if body.holds_stand_again:
        await restored_holds.reopen(session, by=by, now=now)
    return await idem.keep(session, {"sent": len(set(body.send)), "left": len(set(body.leave))}, status=200)
