"""Papers (B5): handed in as a stream, listed, looked at for a stated purpose, reviewed."""

from datetime import datetime
from typing import Annotated, Any, BinaryIO, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app import db, text
from app.crashpoints import crashpoint
from app.desk import Actor
from app.errors import Invalid
from app.http import multipart
from app.http.auth import Officer, Roles, Staff, actor
from app.http.body import Day, Id, IdOr, Text, Wire
from app.http.conditional import IfMatch, etag, versioned
from app.http.idempotency import IdempotentLater
from app.http.route import DeskRoute
from app.http.turns import Turns
from app.http.unit import TheDesk, Unit, contact_of
from app.law.terms import Right
from app.routers import cleaning, looks
from app.routers.answers_evidence import (
    CONTENT,
    FORM,
    EvidenceOut,
    EvidencePage,
    EvidenceQueue,
    StaffEvidence,
    State,
)
from app.routers.documented import headers, problems
from app.routers.purposes import STATED, Purpose
from app.services import evidence, reviewing, uploads
from app.services.reviewing import Seen
from app.services.uploads import Sent

router = APIRouter(prefix="/v1", tags=["evidence"], route_class=DeskRoute)
RequestId = Annotated[UUID, IdOr("request.not_found")]
EvidenceId = Annotated[UUID, IdOr("evidence.not_found")]
AT_ONCE: Final = 2
"""So many files of one request are looked at together; more of them wait for each other, and nobody else for them."""
_turns = Turns(AT_ONCE)
_UNREADABLE = (
    "upload.multipart_malformed",
    "request.duplicate_param",
    "request.encoding",
    "request.media_type",
    "request.timeout",
    "request.too_large",
    "upload.too_large",
    "field.required",
    "field.unknown",
    "field.type",
    "field.value",
    "field.inconsistent",
    "identifier.rrn_not_allowed",
)
_UNFIT = (
    "upload.empty",
    "upload.type_mismatch",
    "upload.active_content",
    "upload.encrypted",
    "upload.polyglot",
    "upload.pixels",
    "upload.pages",
    "upload.hwp",
    "upload.corrupt",
    "upload.malware",
    "upload.too_many",
)


class ReviewIn(Wire):
    """What was seen on a paper: the result, the lines of the checklist, what is written down from it."""

    result: Literal["accepted", "refused", "number_visible"]
    checklist: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=30)] = []
    issued_on: Day | None = None
    issuer_number: Annotated[str, Field(pattern=r"^[0-9A-Za-z가-힣][0-9A-Za-z가-힣 -]{2,39}$")] | None = None
    rights: Annotated[list[Right], Field(min_length=1, max_length=5)] | None = None
    note: Text | None = None


@router.post(
    "/requests/{request_id}/evidence",
    status_code=201,
    operation_id="upload_evidence",
    summary="Hand in a paper",
    response_model=EvidenceOut,
    openapi_extra=FORM,
    responses=headers(201, "ETag", "Location")
    | problems(*_UNREADABLE, *_UNFIT, "claim.closed", "rate.limited", "storage.unavailable"),
)
async def upload_evidence(
    caller: Annotated[Any, Depends(Roles("requester", "call_center", "clerk", "officer"))],
    key: IdempotentLater,
    session: Unit,
    desk: TheDesk,
    request: Request,
    request_id: RequestId,
) -> Response:
    """Hand in a paper as PDF, JPEG, PNG, HEIC or TIFF of at most 10 MB. What is kept is a cleaned copy, sealed."""
    by = actor(caller)
    async with multipart.form(request, texts=("kind", "party"), file="file") as form, _turns.of(request_id):
        file, now = form.file, db.now()
        sent = Sent(form.texts["kind"], form.texts["party"], file.name, file.size, file.sha256)
        async with desk.database.transaction() as admitting:
            admitting.info["contact"] = contact_of(request)
            before = await key.look(admitting, sent.fingerprint)
            if before.stored:
                return before.replay()
            await uploads.admit(admitting, request_id, sent, by=by, now=now)
        # Neither the scanner nor the workshop is waited for with a connection in the hand.
        scan = await _scanned(desk, request, request_id, sent, file.content, by, now)
        with multipart.unnamed() as copy:
            cleaned = await cleaning.cleaned(file, copy, name="file")
            again = await key.look(session, sent.fingerprint)
            if again.stored:
                return again.replay()
            original = file.content if scan == "pending" else None
            paper = await uploads.keep(session, request_id, sent, cleaned, copy, original, scan=scan, by=by, now=now)
            crashpoint("upload.after_store")
        place = versioned(paper.version, location=f"/v1/evidence/{paper.id}")
        return await again.keep(session, evidence.view(paper, paper.id), headers=place)


@router.get(
    "/requests/{request_id}/evidence",
    operation_id="list_evidence",
    summary="List the papers",
    response_model=EvidencePage,
)
async def list_evidence(
    caller: Annotated[Any, Depends(Roles("requester", "call_center", "clerk", "officer", "approver"))],
    session: Unit,
    request_id: RequestId,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Id | None = None,
) -> Response:
    """The papers of a request, oldest first: where each stands, nothing of what is on it."""
    found = await evidence.listed(session, request_id, after=cursor, limit=limit + 1, by=actor(caller))
    items = found[:limit]
    return JSONResponse({"items": items, "next_cursor": items[-1]["id"] if len(found) > limit else None})


@router.get("/evidence", operation_id="queue_evidence", summary="The queue of papers", response_model=EvidenceQueue)
async def queue_evidence(
    caller: Staff,
    session: Unit,
    state: State = "pending",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Id | None = None,
) -> Response:
    """The papers that wait for an officer, oldest first: ids and days, no names."""
    found = await evidence.queue(session, state=state, after=cursor, limit=limit + 1)
    items = found[:limit]
    return JSONResponse({"items": items, "next_cursor": items[-1]["id"] if len(found) > limit else None})


@router.get(
    "/evidence/{evidence_id}",
    operation_id="get_evidence",
    summary="Read what is known of a paper",
    response_model=StaffEvidence,
    responses=headers(200, "ETag"),
)
async def get_evidence(caller: Staff, session: Unit, evidence_id: EvidenceId) -> Response:
    """A paper as staff see it, without opening it. Its ETag is what a review must name."""
    request, paper = await evidence.one(session, evidence_id, by=actor(caller))
    return JSONResponse(evidence.staff_view(session, request, paper), headers={"ETag": etag(paper.version)})


@router.get(
    "/evidence/{evidence_id}/content",
    operation_id="read_evidence",
    summary="Look at a paper",
    response_class=Response,
    responses=CONTENT
    | problems(
        *STATED,
        "evidence.scan_pending",
        "evidence.destroyed",
        "storage.unavailable",
    ),
)
async def read_evidence(
    caller: Staff,
    purpose: Purpose,
    session: Unit,
    desk: TheDesk,
    request: Request,
    evidence_id: EvidenceId,
) -> Response:
    """The cleaned copy as a download, for a purpose that is logged; who looks and when stands across every page."""
    by, now = actor(caller), db.now()
    with multipart.unnamed() as copy:
        async with desk.database.transaction() as reading:
            reading.info["contact"] = contact_of(request)
            found = await evidence.open_copy(reading, evidence_id, copy, by=by, now=now)
        return await looks.shown(copy, found.name, found.media_type, by=by, purpose=purpose, now=now)


@router.put(
    "/evidence/{evidence_id}/review",
    operation_id="review_evidence",
    summary="Accept or refuse a paper",
    response_model=StaffEvidence,
    responses=headers(200, "ETag")
    | problems(
        "evidence.already_reviewed",
        "evidence.checklist_incomplete",
        "evidence.destroyed",
        "evidence.scan_pending",
        "evidence.too_old",
        "approval.same_person",
        "claim.closed",
        "mandate.scope",
        "field.inconsistent",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def review_evidence(
    caller: Officer, version: IfMatch, session: Unit, evidence_id: EvidenceId, body: ReviewIn
) -> Response:
    """An officer who did not hand it in says what the paper shows. What is refused is destroyed at once."""
    seen = Seen(
        result=body.result,
        checklist=tuple(body.checklist),
        issued_on=body.issued_on,
        issuer_number=_issuer_number(body.issuer_number),
        rights=tuple(body.rights) if body.rights is not None else None,
        note=text.free_text(body.note, pointer="/note").text if body.note else None,
    )
    by, now = actor(caller), db.now()
    request, paper = await reviewing.review(session, evidence_id, seen, version=version, by=by, now=now)
    return JSONResponse(evidence.staff_view(session, request, paper), headers={"ETag": etag(paper.version)})


async def _scanned(
    desk: TheDesk, request: Request, request_id: UUID, sent: Sent, content: BinaryIO, by: Actor, now: datetime
) -> str:
    """What the scanner says of the file as it came; malware is written down before it is refused."""
    verdict = await cleaning.scanned(desk, content)
    if verdict == "infected":
        async with desk.database.transaction() as writing:
            writing.info["contact"] = contact_of(request)
            await uploads.infected(writing, request_id, sent, by=by, now=now)
        raise Invalid("upload.malware", pointer="/file")
    return verdict


def _issuer_number(number: str | None) -> str | None:
    """Sixteen digits may be one, as on a card; a 주민등록번호 never is."""
    if number is not None and text.find_rrn(number):
        raise Invalid("identifier.rrn_not_allowed", pointer="/issuer_number")
    return number
