"""Tasks: list, fetch, acknowledge, report."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import db, text
from app.errors import Forbidden, Invalid
from app.http.auth import Officer, Roles, SystemOnly, actor
from app.http.body import Day, Id, IdOr, Line, Moment, Text, Wire
from app.http.conditional import etag
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law.terms import Right
from app.routers.documented import headers, problems
from app.routers.drawn import PRINT, document
from app.routers.purposes import STATED, Purpose
from app.routers.tasks_media import ArrangementIn, ArrangementOut, TaskMediaOut
from app.services import entering, polling, proofs, rehearsing, third_parties
from app.services.fulfilment import Promise, Report

router = APIRouter(prefix="/v1", tags=["tasks"], route_class=DeskRoute)
TaskId = Annotated[UUID, IdOr("task.not_found")]
TaskStatus = Literal["pending", "acknowledged", "done", "partly_done", "not_held", "failed", "cancelled"]
SystemOrOfficer = Annotated[Any, Depends(Roles("system", "officer"))]
SystemOrStaff = Annotated[Any, Depends(Roles("system", "officer", "approver"))]
LONGEST_VALUE = 100_000
CLOCKS_APART = timedelta(minutes=5)


class AcknowledgementIn(Wire):
    """By when the holder will have done it; later than due with a reason."""

    expected_on: Day
    reason: Text | None = None


class KeptIn(Wire):
    """What the holder keeps, by which statute, until when."""

    statute: Line
    until: Day


class OnwardIn(Wire):
    """Somebody the holder had passed the data to, and what came of it there."""

    name: Line
    result: Literal["done", "partly_done", "not_held", "failed"]


Row = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=LONGEST_VALUE)]], Field(max_length=50)
]


class ResultIn(Wire):
    """The holder's own result: `data` that was collected, `media` of footage, `proof` where an officer enters it."""

    result: Literal["done", "partly_done", "not_held", "failed"]
    kept: Annotated[list[KeptIn], Field(max_length=50)] = []
    onward: Annotated[list[OnwardIn], Field(max_length=50)] = []
    at: Moment | None = None
    method: Line | None = None
    note: Text | None = None
    proof: Text | None = None
    data: (
        Annotated[
            dict[Annotated[str, Field(max_length=64)], Annotated[list[Row], Field(max_length=10_000)]],
            Field(max_length=20),
        ]
        | None
    ) = None
    media: ArrangementIn | None = None


class TaskBrief(BaseModel):
    """A task by its ids. `test`: to be tried with a person who does not exist; there is no claim behind it."""

    id: UUID
    action: str
    status: TaskStatus
    claim_id: UUID
    category: str
    due_at: datetime
    test: bool


class KeepOut(BaseModel):
    """A record class that stays, until when and by what article."""

    record_class: str
    until: date
    basis: str


class ChangeOut(BaseModel):
    """One field as it is said to be and as it should be."""

    field: str
    current: str | None
    corrected: str


class TaskSubject(BaseModel):
    """The person: exactly the fields this system registered to match by."""

    subject_ref: str | None = None
    customer_no: str | None = None
    name: str | None = None
    birth_date: date | None = None
    phone: str | None = None
    email: str | None = None


class KeptOut(BaseModel):
    """What a holder said it keeps."""

    statute: str
    until: date


class OnwardOut(BaseModel):
    """What came of it at somebody the holder had passed the data to."""

    name: str
    result: str


class TaskResultOut(BaseModel):
    """What a holder reported, without its words and data."""

    kept: list[KeptOut]
    onward: list[OnwardOut]
    at: datetime | None
    media: ArrangementOut | None = None


class TaskReported(TaskBrief):
    """A task after a result; what an officer entered waits for a second person, and until then nothing has changed."""

    awaits_confirmation: bool


class EntryOut(BaseModel):
    """What an officer entered for a holder, in all that a second person agrees to: `data` is the collected data."""

    result: Literal["done", "partly_done", "not_held", "failed"]
    kept: list[KeptOut]
    onward: list[OnwardOut]
    at: datetime | None
    method: str | None
    note: str | None
    proof: str | None
    data: dict[str, list[dict[str, str]]] | None
    media: ArrangementOut | None
    entered_by: str
    entered_at: datetime


class ProofOut(BaseModel):
    """A picture or paper that the holder sent with its answer."""

    media_type: str
    size: int
    scan: str
    at: datetime


class TaskOut(TaskBrief):
    """A task with exactly what its system needs; `subject` has its `matches_by` fields and no others.

    Footage that is to be kept or let go has no subject: it is a place and a time.
    """

    subject: TaskSubject | None
    fields: list[str] | None
    purposes: list[str] | None
    keep: list[KeepOut]
    record_class: str | None = None
    """Just this record is to be destroyed: the statute that kept it keeps it no longer."""
    changes: list[ChangeOut] | None
    media: TaskMediaOut | None
    right: Right | None
    """Of a claim that is passed on: what it asks."""
    expected_on: date | None
    reason: str | None = None
    """Of staff: why the holder needs longer than it is due."""
    system: str | None = None
    result: TaskResultOut | None = None
    entry: EntryOut | None = None
    """For staff: what waits for a second person."""
    proof: ProofOut | None = None
    """For staff: what the holder sent as proof."""


class TaskPage(BaseModel):
    """Tasks in the order they were made: by their ids, or each whole."""

    items: list[TaskOut | TaskBrief]
    next_cursor: str | None


@router.get("/tasks", operation_id="list_tasks", summary="List tasks", response_model=TaskPage)
async def list_tasks(
    caller: SystemOrStaff,
    session: Unit,
    status: TaskStatus | None = None,
    bodies: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Id | None = None,
    awaits_confirmation: bool = False,
) -> Response:
    """A system's own tasks, for those who poll or catch up; any for staff. Ids only, unless bodies are asked for.

    With `bodies` each task stands there as if it had been fetched alone, and leaves its own entry in the access log;
    that is for systems. A page of them may have fewer than `limit` although more follow: `next_cursor` tells.
    `awaits_confirmation`: only those whose result an officer has entered and a second person has still to confirm.
    """
    by = actor(caller)
    if not bodies:
        found = await polling.listed(
            session, by=by, status=status, after=cursor, limit=limit + 1, entered=awaits_confirmation
        )
        items = found[:limit]
        return JSONResponse({"items": items, "next_cursor": items[-1]["id"] if len(found) > limit else None})
    if by.role != "system":
        raise Forbidden("auth.forbidden")
    wholes, more = await polling.whole(session, by=by, status=status, after=cursor, limit=limit, now=db.now())
    return JSONResponse({"items": wholes, "next_cursor": str(more) if more else None})


@router.get(
    "/tasks/{task_id}",
    operation_id="get_task",
    summary="Fetch one task",
    response_model=TaskOut,
    responses=headers(200, "ETag"),
)
async def get_task(caller: SystemOrStaff, session: Unit, task_id: TaskId) -> Response:
    """What to do, for whom: only the fields this system needs for this action. Every fetch is logged."""
    version, task = await rehearsing.fetch(session, task_id, by=actor(caller), now=db.now())
    if caller.role != "system":
        task["entry"], task["proof"] = await entering.shown(session, task_id), await proofs.of(session, task_id)
    return JSONResponse(task, headers={"ETag": etag(version)})


@router.get(
    "/tasks/{task_id}/letter",
    operation_id="print_task_letter",
    summary="Print what a third party is told",
    responses=PRINT | problems("state.conflict", "request.frozen", *STATED),
    response_class=Response,
)
async def print_task_letter(caller: Officer, purpose: Purpose, session: Unit, task_id: TaskId) -> Response:
    """The result of a correction for a third party that no event reaches: to be posted or handed over; logged."""
    return document(
        await third_parties.letter(session, task_id, by=actor(caller), now=db.now()), html=False, name="letter"
    )


@router.put(
    "/tasks/{task_id}/acknowledgement",
    operation_id="acknowledge_task",
    summary="Acknowledge a task",
    response_model=TaskBrief,
    responses=problems("identifier.card_not_allowed"),
)
async def acknowledge_task(caller: SystemOnly, session: Unit, task_id: TaskId, body: AcknowledgementIn) -> Response:
    """Accept a task and say by when: later than it is due with a reason. An acknowledgement too late is no error."""
    by, now = actor(caller), db.now()
    promise = promise_of(body, said_at=now)
    return JSONResponse(await rehearsing.acknowledge(session, task_id, promise, by=by, now=now))


@router.put(
    "/tasks/{task_id}/result",
    operation_id="report_task",
    summary="Report a result",
    response_model=TaskReported,
    responses=problems(
        "state.conflict",
        "field.inconsistent",
        "field.value",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def report_task(caller: SystemOrOfficer, session: Unit, task_id: TaskId, body: ResultIn) -> Response:
    """Report a task's result. A repeat answers the same; a step back is a conflict.

    What an officer enters for a holder, with its `proof`, counts when another person has confirmed it.
    """
    by, now = actor(caller), db.now()
    if by.role == "officer" and not body.proof:
        raise Invalid("field.required", pointer="/proof")
    report = report_of(body, now=now)
    if by.role == "officer":
        entered = await entering.enter(session, task_id, report, by=by, now=now)
        return JSONResponse({**entered.task, "awaits_confirmation": entered.waits})
    task = await rehearsing.answer(session, task_id, report, by=by, now=now)
    return JSONResponse({**task, "awaits_confirmation": False})


def promise_of(body: AcknowledgementIn, *, said_at: datetime) -> Promise:
    """What was promised, in normal form."""
    reason = text.free_text(body.reason, pointer="/reason").text if body.reason else None
    return Promise(body.expected_on, reason, said_at)


def report_of(body: ResultIn, *, now: datetime) -> Report:
    """What was reported, in normal form."""
    if body.at is not None and body.at > now + CLOCKS_APART:
        raise Invalid("field.value", pointer="/at")
    return Report(
        result=body.result,
        facts={
            "kept": [
                {"statute": text.line(one.statute, pointer=f"/kept/{n}/statute"), "until": one.until.isoformat()}
                for n, one in enumerate(body.kept)
            ],
            "onward": [
                {"name": text.line(one.name, pointer=f"/onward/{n}/name"), "result": one.result}
                for n, one in enumerate(body.onward)
            ],
            "at": body.at.isoformat() if body.at else None,
        },
        said={
            name: text.free_text(value, pointer=f"/{name}").text
            for name in ("method", "note", "proof")
            if (value := getattr(body, name)) is not None
        },
        data=body.data,
        media=body.media.read() if body.media else None,
    )
