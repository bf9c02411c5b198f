"""Where a holder has no machine: its page made anew, its proof looked at, an officer's entry for it confirmed (F6)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db, text
from app.http import multipart
from app.http.auth import Officer, Staff, actor
from app.http.body import IdOr, Text, Wire
from app.http.conditional import IfMatch, etag
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit, contact_of
from app.law.deadline import seoul_time
from app.routers import looks
from app.routers.answers_evidence import CONTENT
from app.routers.documented import headers, problems
from app.routers.purposes import STATED, Purpose
from app.routers.tasks import TaskReported
from app.services import answer_links, entering, proofs

router = APIRouter(prefix="/v1/tasks", tags=["tasks"], route_class=DeskRoute)
TaskId = Annotated[UUID, IdOr("task.not_found")]


class ConfirmationIn(Wire):
    """The second person's word on what an officer entered; a no with its reason."""

    agree: bool
    note: Text | None = None


class AnswerLinkOut(BaseModel):
    """A new page for this task. The address goes to the holder's mailbox; the number to its telephone, else to you.

    Never both stand here: whoever has both can answer for the holder.
    """

    id: UUID
    url: str | None
    pin: str | None
    expires_at: datetime


@router.post(
    "/{task_id}/answer-links",
    status_code=201,
    operation_id="make_answer_link",
    summary="Make a holder's answer page anew",
    response_model=AnswerLinkOut,
    responses=problems("state.conflict", "request.frozen"),
)
async def make_answer_link(caller: Officer, idem: Idempotent, session: Unit, task_id: TaskId) -> Response:
    """Send a holder without a machine a new address, and end the ones before.

    `pin` stands here where the holder has no telephone for it: read it out to whom you know. It is told this once.
    """
    if idem.stored:
        return idem.replay()
    made = await answer_links.renew(session, task_id, by=actor(caller), now=db.now())
    answer = AnswerLinkOut(id=made.link.id, url=made.url, pin=made.pin, expires_at=seoul_time(made.link.expires_at))
    return await idem.keep(session, answer.model_dump(mode="json"))


@router.put(
    "/{task_id}/result-confirmation",
    operation_id="confirm_task",
    summary="Confirm an entered result",
    response_model=TaskReported,
    responses=headers(200, "ETag")
    | problems(
        "approval.same_person",
        "state.conflict",
        "field.inconsistent",
        "field.value",
        "identifier.card_not_allowed",
    ),
)
async def confirm_task(
    caller: Staff, version: IfMatch, session: Unit, task_id: TaskId, body: ConfirmationIn
) -> Response:
    """Agree to what another officer entered for a holder, as it stands in the task: from then on it is the result."""
    note = text.free_text(body.note, pointer="/note").text if body.note else None
    settled = await entering.confirm(
        session, task_id, agree=body.agree, note=note, version=version, by=actor(caller), now=db.now()
    )
    answer = {**settled.task, "awaits_confirmation": settled.waits}
    return JSONResponse(answer, headers={"ETag": etag(settled.version)})


@router.get(
    "/{task_id}/proof",
    operation_id="read_task_proof",
    summary="Look at a holder's proof",
    response_class=Response,
    responses=CONTENT | problems(*STATED, "evidence.destroyed", "storage.unavailable"),
)
async def read_task_proof(
    caller: Staff, purpose: Purpose, session: Unit, desk: TheDesk, request: Request, task_id: TaskId
) -> Response:
    """The picture or paper a holder sent with its answer, cleaned, for a purpose that is logged."""
    by, now = actor(caller), db.now()
    with multipart.unnamed() as copy:
        async with desk.database.transaction() as reading:
            reading.info["contact"] = contact_of(request)
            media_type = await proofs.open_copy(reading, task_id, copy, by=by, now=now)
        return await looks.shown(copy, "proof", media_type, by=by, purpose=purpose, now=now)
