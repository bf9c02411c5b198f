"""What was collected for a claim: read before release, and what speaks of somebody else hidden (Act 35(4))."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import db, text
from app.http.auth import Approver, Officer, Staff, actor
from app.http.body import Id, IdOr, Line, Text, Wire
from app.http.conditional import IfMatch, etag
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law.redaction import Stretch
from app.models import Claim
from app.routers import answers
from app.routers.documented import headers, problems
from app.services import collecting, redacting
from app.services.redacting import Marks

router = APIRouter(prefix="/v1", tags=["results"], route_class=DeskRoute)
ClaimId = Annotated[UUID, IdOr("claim.not_found")]
GroundId = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9_]{1,40}$")]
At = Annotated[int, Field(ge=0, le=100_000)]


class RedactionIn(Wire):
    """One stretch that speaks of somebody else: where it stands, and by which ground it is hidden."""

    task_id: Id
    row: Annotated[int, Field(ge=0, le=9_999)]
    field: Line
    from_: Annotated[At, Field(alias="from")]
    to: At
    ground: GroundId


class StatedGroundIn(Wire):
    """A ground that stretches are hidden by, with its facts."""

    ground: GroundId
    facts: Annotated[dict[Annotated[str, Field(max_length=64)], Line], Field(max_length=20)] = {}


class RedactionsIn(Wire):
    """All that is to be hidden, in place of what was marked before; an empty list takes the proposal back."""

    redactions: Annotated[list[RedactionIn], Field(max_length=2_000)]
    grounds: Annotated[list[StatedGroundIn], Field(max_length=20)] = []
    reason: Text | None = None


class CollectionApprovalIn(Wire):
    """The second person's word on what is hidden; disagreeing says why."""

    agree: bool
    note: Text | None = None


class RedactionOut(BaseModel):
    """A stretch that is hidden: its record, its field, from which character up to which."""

    row: int
    field: str
    from_: Annotated[int, Field(alias="from")]
    to: int
    ground: str


class CollectedItem(BaseModel):
    """What one holder returned of one category, record by record, and what is to be hidden of it."""

    task_id: UUID
    holder: str
    category: str
    records: list[dict[str, str]]
    redactions: list[RedactionOut]


class CollectedOut(BaseModel):
    """What holders returned for a claim, whole."""

    state: Literal["open", "to_read", "to_approve", "released"]
    items: list[CollectedItem]


@router.get(
    "/claims/{claim_id}/collection",
    operation_id="read_collection",
    summary="Read what was collected",
    response_model=CollectedOut,
    responses=headers(200, "ETag"),
)
async def read_collection(caller: Staff, session: Unit, claim_id: ClaimId) -> Response:
    """What holders returned: free text names other people, so it is read before release."""
    version, found = await collecting.collected(session, claim_id, by=actor(caller))
    return JSONResponse(found, headers={"ETag": etag(version)})


@router.post(
    "/claims/{claim_id}/collection",
    operation_id="collect_current",
    summary="Collect the fields under correction",
    response_model=answers.ClaimState,
    responses=headers(200, "ETag") | problems("state.conflict", "request.frozen"),
)
async def collect_current(caller: Officer, version: IfMatch, session: Unit, claim_id: ClaimId) -> Response:
    """Have holders return the fields that are said to be wrong, to compare; destroyed with the decision."""
    by, now = actor(caller), db.now()
    return _state(await collecting.collect_current(session, claim_id, version=version, by=by, now=now))


@router.put(
    "/claims/{claim_id}/collection/redactions",
    operation_id="redact_collection",
    summary="Mark what is to be hidden",
    response_model=answers.ClaimState,
    responses=headers(200, "ETag")
    | problems(
        "state.conflict",
        "request.frozen",
        "field.inconsistent",
        "ground.required",
        "ground.not_available",
        "decision.facts_required",
        "decision.reason_required",
        "approval.same_person",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def redact_collection(
    caller: Officer, version: IfMatch, session: Unit, claim_id: ClaimId, body: RedactionsIn
) -> Response:
    """Mark stretches that speak of somebody else. The rest is opened once a second person has agreed."""
    marks = Marks(
        stretches=tuple(
            Stretch((str(one.task_id), one.row, one.field), one.from_, one.to, one.ground) for one in body.redactions
        ),
        facts=tuple((one.ground, _facts(one, at)) for at, one in enumerate(body.grounds)),
        reason=text.free_text(body.reason, pointer="/reason").text if body.reason else None,
    )
    claim = await redacting.propose(session, claim_id, marks, version=version, by=actor(caller), now=db.now())
    return _state(claim)


@router.post(
    "/claims/{claim_id}/collection/approval",
    operation_id="approve_redactions",
    summary="Agree to what is hidden, or not",
    response_model=answers.ClaimState,
    responses=headers(200, "ETag")
    | problems(
        "state.conflict",
        "request.frozen",
        "approval.same_person",
        "approval.not_proposed",
        "approval.note_required",
    ),
)
async def approve_redactions(
    caller: Approver, version: IfMatch, session: Unit, claim_id: ClaimId, body: CollectionApprovalIn
) -> Response:
    """The second person's word: agreeing releases what is not hidden; never the word of who marked it."""
    note = text.free_text(body.note, pointer="/note").text if body.note else None
    by, now = actor(caller), db.now()
    claim = await redacting.approve(session, claim_id, agree=body.agree, note=note, version=version, by=by, now=now)
    return _state(claim)


@router.put(
    "/claims/{claim_id}/collection/review",
    operation_id="release_collection",
    summary="Release what was read",
    response_model=answers.ClaimState,
    responses=headers(200, "ETag") | problems("state.conflict", "request.frozen"),
)
async def release_collection(caller: Officer, version: IfMatch, session: Unit, claim_id: ClaimId) -> Response:
    """The officer has read it and nothing in it is to be hidden: it may be released."""
    by, now = actor(caller), db.now()
    return _state(await collecting.release_collected(session, claim_id, version=version, by=by, now=now))


def _facts(one: StatedGroundIn, at: int) -> dict[str, str]:
    return {name: text.line(value, pointer=f"/grounds/{at}/facts/{name}") for name, value in one.facts.items()}


def _state(claim: Claim) -> Response:
    told = {"id": str(claim.id), "right": claim.right, "status": claim.status}
    return JSONResponse(told, headers={"ETag": etag(claim.version)})
