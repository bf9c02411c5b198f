"""Results of many tasks in one call, for systems that poll: each is taken or refused by itself."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

from app import db
from app.desk import Actor
from app.errors import Problem
from app.http.auth import SystemOnly, actor
from app.http.body import Id, Wire
from app.http.faults import problem_of
from app.http.problems import told
from app.http.route import DeskRoute
from app.http.unit import apart
from app.routers.documented import ProblemOut
from app.routers.tasks import ResultIn, TaskBrief, report_of
from app.services import rehearsing

router = APIRouter(prefix="/v1", tags=["tasks"], route_class=DeskRoute)
RESULTS_MOST = 500


class TaskResultIn(ResultIn):
    """The result of one task."""

    task_id: Id


class TaskResultsIn(Wire):
    """Up to five hundred results. One that does not fit is refused by itself; what is no object refuses the call."""

    results: Annotated[list[TaskResultIn | dict[str, Any]], Field(min_length=1, max_length=RESULTS_MOST)]


class TakenOut(BaseModel):
    """What became of one result: the status that its own call would have had, and the task or the problem."""

    task_id: UUID | None
    status: int
    task: TaskBrief | None
    problem: ProblemOut | None


class TaskResultsOut(BaseModel):
    """What became of each, in the order in which they were sent."""

    results: list[TakenOut]


@router.post(
    "/task-results",
    operation_id="report_tasks",
    summary="Report many results",
    response_model=TaskResultsOut,
)
async def report_tasks(caller: SystemOnly, request: Request, body: TaskResultsIn) -> TaskResultsOut:
    """Report up to 500 results, ten megabytes together. Each stands alone: one that is refused undoes no other.

    Sent again, whole or in part, it answers the same: a result that was taken before is a repeat.
    """
    by = actor(caller)
    return TaskResultsOut(results=[await _taken(request, one, by) for one in body.results])


async def _taken(request: Request, one: TaskResultIn | dict[str, Any], by: Actor) -> TakenOut:
    """One result in a transaction of its own: taken, or refused with the problem of its own call."""
    task_id = None
    try:
        said = _read(one)
        task_id = said.task_id
        async with apart(request) as session:
            report = report_of(said, now=db.now())
            task = await rehearsing.answer(session, task_id, report, by=by, now=db.now())
        return TakenOut(task_id=task_id, status=200, task=TaskBrief.model_validate(task), problem=None)
    except Problem as problem:
        found = ProblemOut.model_validate(told(request, problem))
        return TakenOut(task_id=task_id, status=found.status, task=None, problem=found)


def _read(one: TaskResultIn | dict[str, Any]) -> TaskResultIn:
    if isinstance(one, TaskResultIn):
        return one
    try:
        return TaskResultIn.model_validate(one)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        # Pydantic's error quotes what was sent; it must not live on in a chain of causes.
        problem = problem_of(RequestValidationError(faults, body=one), None)
    raise problem
