"""What a statute keeps after a deletion, and until when (Act 21(3), policy 8.8)."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app.http.auth import Staff
from app.http.body import Day
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers import paging
from app.services import fencing

router = APIRouter(prefix="/v1", tags=["claims"], route_class=DeskRoute)
State = Literal["kept", "destroying", "destroyed", "ended"]


class FenceOut(BaseModel):
    """A record that a statute keeps until a day, and how far its destruction has come; nothing of the person."""

    id: UUID
    claim_id: UUID
    request_id: UUID
    item: str
    category: str
    record_class: str | None
    basis: str
    until: date
    reported: bool
    """By a holder's own word: nobody here had decided that it is kept."""
    state: State
    begun_at: datetime | None
    destroyed_at: datetime | None


class Fences(BaseModel):
    """A page of fences by their last day."""

    items: list[FenceOut]
    next_cursor: str | None


@router.get("/fences", operation_id="list_fences", summary="What statute keeps, by its day", response_model=Fences)
async def list_fences(
    caller: Staff,
    session: Unit,
    until_before: Day | None = None,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What is kept, or being destroyed, by its last day: ids and days, no names."""
    found = await fencing.listed(
        session,
        until_before=until_before,
        states=[state] if state else None,
        after=paging.place(cursor),
        limit=limit + 1,
    )
    items = found[:limit]
    more = paging.cursor(items[-1]["until"], items[-1]["id"]) if len(found) > limit else None
    return JSONResponse({"items": items, "next_cursor": more})
