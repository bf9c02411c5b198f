"""Signed messages from systems about their tasks: our own events the other way round, with the same headers."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import db
from app.desk import Actor
from app.http.body import Id, IdOr, Moment, Wire
from app.http.route import DeskRoute
from app.http.unit import Unit, contact_of
from app.routers.documented import problems
from app.routers.tasks import AcknowledgementIn, ResultIn, TaskBrief, promise_of, report_of
from app.services import callbacks, rehearsing

router = APIRouter(prefix="/v1/systems", tags=["tasks"], route_class=DeskRoute)
SystemId = Annotated[UUID, IdOr("system.not_found")]


class AcknowledgedIn(AcknowledgementIn):
    """Which task will be done by when."""

    task_id: Id


class AnsweredIn(ResultIn):
    """What came of which task."""

    task_id: Id


class TaskAcknowledged(Wire):
    """A task is accepted. Of two such messages the one that was written later counts, in whatever order they come."""

    type: Literal["task.acknowledged"]
    timestamp: Moment
    data: AcknowledgedIn


class TaskAnswered(Wire):
    """A task has its result."""

    type: Literal["task.answered"]
    timestamp: Moment
    data: AnsweredIn


CallbackIn = Annotated[TaskAcknowledged | TaskAnswered, Field(discriminator="type")]


class CallbackOut(BaseModel):
    """How the task stands now; `duplicate`: this message came before, and nothing was done."""

    duplicate: bool
    task: TaskBrief


class Signed:
    """Who signed the message and its id; a message that nobody known has signed now goes no further."""

    async def __call__(
        self,
        request: Request,
        session: Unit,
        system_id: SystemId,
        webhook_id: Annotated[
            str | None, Header(description="The message's own id, the same when it is repeated.")
        ] = None,
        webhook_timestamp: Annotated[str | None, Header(description="When it was sent, in Unix seconds.")] = None,
        webhook_signature: Annotated[
            str | None, Header(description="`v1,` or `v1a,` over `id.timestamp.body`.")
        ] = None,
    ) -> tuple[Actor, str]:
        """Verified over the raw bytes, before anything is made of what they say."""
        body = await request.body()
        by, message_id = await callbacks.sender(session, system_id, request.headers, body, now=db.now())
        contact_of(request).by = by
        return by, message_id


@router.post(
    "/{system_id}/callbacks",
    operation_id="take_callback",
    summary="Answer a task by signed message",
    response_model=CallbackOut,
    responses=problems(
        "signature.missing",
        "signature.invalid",
        "task.not_found",
        "state.conflict",
        "request.frozen",
        "field.inconsistent",
        "idempotency.key_reused",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def take_callback(
    request: Request, signed: Annotated[tuple[Actor, str], Depends(Signed())], session: Unit, body: CallbackIn
) -> Response:
    """Acknowledge a task or report its result as a Standard Webhooks message instead of with a token.

    It is signed with the shared secret of the system's endpoint (`v1`) or with a key of its own that is on record
    (`callback_keys`, `v1a`), at most five minutes ago. The same `webhook-id` is taken once: a repeat is told so and
    changes nothing, the same id with another body is refused. A task of somebody else looks like none.
    """
    (by, message_id), now, said = signed, db.now(), body

    async def act() -> dict[str, object]:
        if isinstance(said, TaskAcknowledged):
            promise = promise_of(said.data, said_at=min(said.timestamp, now))
            return await rehearsing.acknowledge(session, said.data.task_id, promise, by=by, now=now)
        return await rehearsing.answer(session, said.data.task_id, report_of(said.data, now=now), by=by, now=now)

    raw = await request.body()
    again, task = await callbacks.take(session, by, message_id, raw, said.data.task_id, act, now=now)
    return JSONResponse({"duplicate": again, "task": task})
