"""Downloads that somebody has to answer for before they take anything else."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db, text
from app.http.auth import Roles, actor
from app.http.body import Id, IdOr, Text, Wire
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.documented import problems
from app.services import download_questions
from app.tokens import Principal

router = APIRouter(prefix="/v1", tags=["oversight"], route_class=DeskRoute)
EntryId = Annotated[UUID, IdOr("access_entry.not_found")]
QuestionId = Annotated[UUID, IdOr("download_question.not_found")]
Auditor = Annotated[Principal, Depends(Roles("auditor"))]
Taker = Annotated[Principal, Depends(Roles("officer", "approver", "auditor"))]


class DownloadAnswerIn(Wire):
    """What it was taken for, and where it is now."""

    answer: Text


class DownloadQuestionOut(BaseModel):
    """A download that is asked about: found by the worker (`bulk`, `off_hours`, `extract`) or `asked` by an auditor."""

    id: UUID
    at: datetime
    actor: str
    cause: Literal["bulk", "off_hours", "extract", "asked"]
    day: date
    entry_id: UUID
    answered_at: datetime | None
    answer: str | None


class DownloadQuestions(BaseModel):
    """A page of questions, oldest first."""

    items: list[DownloadQuestionOut]
    next_cursor: str | None


@router.post(
    "/access-log/{entry_id}/question",
    status_code=201,
    operation_id="ask_about_download",
    summary="Ask somebody about a download",
    response_model=DownloadQuestionOut,
    responses=problems("approval.same_person"),
)
async def ask_about_download(caller: Auditor, idem: Idempotent, session: Unit, entry_id: EntryId) -> Response:
    """Have whoever took a document say what for; until they do they take no other. Not about one's own."""
    if idem.stored:
        return idem.replay()
    return await idem.keep(session, await download_questions.ask(session, entry_id, by=actor(caller), now=db.now()))


@router.get(
    "/download-questions",
    operation_id="list_download_questions",
    summary="Downloads to answer for",
    response_model=DownloadQuestions,
)
async def list_download_questions(
    caller: Taker,
    session: Unit,
    unanswered: Annotated[bool, Query(description="Only those that still block.")] = True,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Id | None = None,
) -> Response:
    """The questions to the caller; an auditor sees those to everybody, with the answers."""
    by = actor(caller)
    found = await download_questions.listed(session, unanswered=unanswered, after=cursor, limit=limit + 1, by=by)
    items = found[:limit]
    return JSONResponse({"items": items, "next_cursor": items[-1]["id"] if len(found) > limit else None})


@router.put(
    "/download-questions/{question_id}/answer",
    operation_id="answer_download_question",
    summary="Answer for a download",
    response_model=DownloadQuestionOut,
    responses=problems("state.conflict", "identifier.card_not_allowed"),
)
async def answer_download_question(
    caller: Taker, session: Unit, question_id: QuestionId, body: DownloadAnswerIn
) -> Response:
    """Say what one took a document for, once. A question to somebody else looks like none."""
    said = text.free_text(body.answer, pointer="/answer").text
    by, now = actor(caller), db.now()
    return JSONResponse(await download_questions.answer(session, question_id, said, by=by, now=now))
