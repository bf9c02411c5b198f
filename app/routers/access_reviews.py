"""The monthly review of the access log: read and signed by an auditor who is none of those it speaks of."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db, text
from app.http.auth import Roles, actor
from app.http.body import Text, Wire
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.documented import problems
from app.services import access_reviews
from app.tokens import Principal

router = APIRouter(prefix="/v1/access-reviews", tags=["oversight"], route_class=DeskRoute)
Auditor = Annotated[Principal, Depends(Roles("auditor"))]
Month = Annotated[str, Path(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class ReviewedActor(BaseModel):
    """One person in one role: calls, requests and subjects touched, refusals, calls off hours, documents taken."""

    role: str
    actor: str
    agent: str | None
    calls: int
    requests: int
    subjects: int
    refused: int
    off_hours: int
    downloads: int


class ReviewedMachine(BaseModel):
    """One system or website."""

    role: str
    actor: str
    calls: int
    refused: int


class ReviewedOnBehalf(BaseModel):
    """Guardians and delegates, who look at what is somebody else's; data subjects themselves leave no row."""

    calls: int
    requests: int
    refused: int


class ReviewedQuestions(BaseModel):
    """Questions about downloads of the month, and how many were answered when it was drawn up."""

    asked: int
    answered: int


class ReviewedDay(BaseModel):
    """Somebody who looked at many requests in one Seoul day."""

    role: str
    actor: str
    agent: str | None
    day: date
    requests: int


class OwnNameLook(BaseModel):
    """Somebody who looked at a request of a person of their own family name, as their log-in says it."""

    role: str
    actor: str
    request_id: UUID
    first_at: datetime
    calls: int


class FailedLogins(BaseModel):
    """Tokens, secrets and signatures that were not believed, by flaw and address; the two hundred most frequent."""

    operation: str
    result: str
    address: str | None
    times: int


class ReviewedDownload(BaseModel):
    """A document that somebody took, and what for as they said."""

    id: UUID
    at: datetime
    role: str
    actor: str
    operation: str
    scope: str | None
    purpose: str


class ReviewedTotals(BaseModel):
    """What is left of a month once its log is destroyed: numbers."""

    people: int
    calls: int
    refused: int
    off_hours: int
    bulk_days: int
    failed_logins: int
    own_name: int


class AccessReviewOut(BaseModel):
    """A Seoul month of the access log; `due_on` is the last day to sign it. Of downloads and looks the first 500.

    `own_name` is found when the month is over.
    """

    month: str
    complete: bool
    drawn_at: datetime | None
    due_on: date
    actors: list[ReviewedActor]
    machines: list[ReviewedMachine]
    on_behalf: ReviewedOnBehalf
    questions: ReviewedQuestions
    bulk: list[ReviewedDay]
    own_name: list[OwnNameLook]
    failed_logins: list[FailedLogins]
    downloads: list[ReviewedDownload]
    downloads_total: int
    totals: ReviewedTotals | None
    """Only once the log of the month is destroyed: the lists are empty then."""
    hash: str | None
    """SHA-256 of what was drawn up and signed, as the audit chain has it; only once the lists are gone."""
    signed_at: datetime | None
    signed_by: str | None
    finding: Literal["nothing", "followed_up"] | None
    remark: str | None


class SignOffIn(Wire):
    """What the reader found, and in words what they looked into."""

    finding: Literal["nothing", "followed_up"]
    remark: Text


@router.get(
    "/{month}",
    operation_id="get_access_review",
    summary="Read the review of a month",
    response_model=AccessReviewOut,
    responses=problems("access_review.not_found"),
)
async def get_access_review(caller: Auditor, session: Unit, month: Month) -> Response:
    """As it was drawn up when the month was over; of the present month what there is so far."""
    return JSONResponse(await access_reviews.look(session, _first(month), now=db.now()))


@router.put(
    "/{month}/sign-off",
    operation_id="sign_access_review",
    summary="Sign the review of a month",
    response_model=AccessReviewOut,
    responses=problems(
        "access_review.not_found",
        "access_review.not_independent",
        "access_review.unanswered",
        "state.conflict",
        "identifier.card_not_allowed",
    ),
)
async def sign_access_review(caller: Auditor, session: Unit, month: Month, body: SignOffIn) -> Response:
    """Say that a month that is over was read, once.

    Whoever worked in it in another role or took a document does not sign it, and nobody while a question about a
    download of that month is open.
    """
    remark = text.free_text(body.remark, pointer="/remark").text
    by, now = actor(caller), db.now()
    return JSONResponse(await access_reviews.sign(session, _first(month), body.finding, remark, by=by, now=now))


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
