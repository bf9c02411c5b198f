"""The access log, for auditors; to look into it is itself a row in it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import Roles
from app.http.body import Day
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law import deadline
from app.routers import paging
from app.services import log_reading
from app.tokens import Principal

router = APIRouter(prefix="/v1", tags=["oversight"], route_class=DeskRoute)
Auditor = Annotated[Principal, Depends(Roles("auditor"))]


class LogEntry(BaseModel):
    """Who, when, from where, whose data, doing what (안전성 확보조치 기준 2(3)); `result`: ok or a problem."""

    id: UUID
    at: datetime
    role: str
    actor: str
    actor_ref: str
    agent: str | None
    address: str | None
    operation: str
    request_id: UUID | None
    subject_ref: str | None
    scope: str | None
    purpose: str | None
    result: str
    trace: str


class LogPage(BaseModel):
    """A page of one Seoul day, in the order of time."""

    items: list[LogEntry]
    next_cursor: str | None


@router.get("/access-log", operation_id="list_access_log", summary="Read the access log", response_model=LogPage)
async def list_access_log(
    caller: Auditor,
    session: Unit,
    day: Annotated[Day | None, Query(description="The Seoul day; absent: today.")] = None,
    actor: Annotated[str | None, Query(pattern=r"^[0-9a-f]{24}$", description="An `actor_ref` of a row.")] = None,
    operation: Annotated[str | None, Query(pattern=r"^[a-z_]{1,64}$")] = None,
    failed: Annotated[bool, Query(description="Only what was refused or failed.")] = False,
    downloads: Annotated[bool, Query(description="Only documents that were taken, with their purpose.")] = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Every contact with personal data on a day. Data subjects are keyed references: the same person has the same."""
    found = await log_reading.page(
        session,
        day or deadline.seoul_date(db.now()),
        actor_ref=actor,
        operation=operation,
        failed=failed,
        downloads=downloads,
        after=paging.moment_place(cursor),
        limit=limit + 1,
    )
    items = found[:limit]
    more = paging.cursor(items[-1]["at"], items[-1]["id"]) if len(found) > limit else None
    return JSONResponse({"items": items, "next_cursor": more})
