"""Tasks that a holder tries out: about a person who does not exist, without a request; for admins."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import db
from app.http.auth import Admin, actor
from app.http.body import Id, Line, Wire
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.models import TESTED_ACTIONS, TestTask
from app.routers.documented import problems
from app.routers.system_keys import SystemId
from app.services import rehearsing

router = APIRouter(prefix="/v1/systems", tags=["systems"], route_class=DeskRoute)
Tested = Annotated[Line, Field(json_schema_extra={"enum": list(TESTED_ACTIONS)})]


class TestTaskIn(Wire):
    """One of the system's own actions on one of its categories; footage cannot be tried."""

    action: Tested
    category: Line


class TestTaskOut(BaseModel):
    """How far the system came with it. Nothing it said in its answer is kept; `rows`: how many rows of data it sent."""

    id: UUID
    action: str
    category: str
    status: Literal["pending", "acknowledged", "done", "partly_done", "not_held", "failed"]
    delivery_id: UUID | None
    """The event that told of it; none to a system that polls."""
    created_at: datetime
    due_at: datetime
    fetched_at: datetime | None
    acknowledged_at: datetime | None
    expected_on: date | None
    answered_at: datetime | None
    rows: int | None


class TestTasksOut(BaseModel):
    """A page of them, newest first."""

    items: list[TestTaskOut]
    next_cursor: UUID | None


@router.post(
    "/{system_id}/test-tasks",
    status_code=201,
    operation_id="make_test_task",
    summary="Have a system try a task",
    response_model=TestTaskOut,
    responses=problems("state.conflict", "field.value"),
)
async def make_test_task(
    caller: Admin, idem: Idempotent, session: Unit, system_id: SystemId, body: TestTaskIn
) -> Response:
    """Send a system a task that touches nobody: `task.created` with `test`, then fetched and answered like any other.

    The person in it does not exist, there is no request and no claim, and it enters no figure, hold or notice.
    """
    if idem.stored:
        return idem.replay()
    by, now = actor(caller), db.now()
    test = await rehearsing.order(session, system_id, body.action, body.category, by=by, now=now)
    return await idem.keep(session, _wire(test))


@router.get(
    "/{system_id}/test-tasks",
    operation_id="list_test_tasks",
    summary="See how test tasks went",
    response_model=TestTasksOut,
)
async def list_test_tasks(
    caller: Admin,
    session: Unit,
    system_id: SystemId,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Id | None = None,
) -> Response:
    """What a system was given to try and how far it came, newest first."""
    found = await rehearsing.page(session, system_id, before=cursor, limit=limit + 1)
    page = found[:limit]
    more = str(page[-1].id) if len(found) > limit else None
    return JSONResponse({"items": [_wire(one) for one in page], "next_cursor": more})


def _wire(test: TestTask) -> dict[str, Any]:
    return TestTaskOut(**test.model_dump(include=set(TestTaskOut.model_fields))).model_dump(mode="json")
