"""Reach and identity: asking, answering, attesting."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app import db
from app.errors import Invalid
from app.http.auth import Roles, actor
from app.http.body import IdOr, Line, Wire
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit, contact_of
from app.law.terms import Method, Whose
from app.routers import answers
from app.routers.documented import problems
from app.services import verification

router = APIRouter(prefix="/v1", tags=["verifications"], route_class=DeskRoute)
RequestId = Annotated[UUID, IdOr("request.not_found")]
VerificationId = Annotated[UUID, IdOr("verification.failed")]
LONGEST_ASSERTION = 4_096


class VerificationIn(Wire):
    """Who proves, how, and for what."""

    party: Literal["subject", "requester"]
    method: Literal["phone_code", "email_code", "site_login", "identity_provider"]
    purpose: Literal["identity", "release"]


class AnswerIn(Wire):
    """The code that came, or the signed assertion."""

    code: Annotated[str, Field(max_length=64)] | None = None
    assertion: Annotated[str, Field(max_length=LONGEST_ASSERTION)] | None = None


class AttestationIn(Wire):
    """Kinds of documents seen, never their numbers."""

    party: Literal["subject", "requester"]
    documents_seen: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]], Field(min_length=1, max_length=5)
    ]
    subject_ref: Line | None = None


@router.post(
    "/requests/{request_id}/verifications",
    status_code=202,
    operation_id="ask_verification",
    summary="Ask for proof",
    response_model=answers.VerificationOut,
    responses=problems(
        "claim.closed",
        "claim.not_verified",
        "field.inconsistent",
        "guardian.ended",
        "mandate.expired",
        "mandate.revoked",
        "request.frozen",
    ),
)
async def ask_verification(
    caller: Annotated[Any, Depends(Roles("requester", "call_center", "officer"))],
    idem: Idempotent,
    session: Unit,
    request_id: RequestId,
    body: VerificationIn,
) -> Response:
    """Ask for proof. A code goes to the contact that was typed, for everybody; the answer is always the same."""
    if idem.stored:
        return idem.replay()
    party, method = Whose(body.party), Method(body.method)
    row = await verification.ask(session, request_id, party, method, body.purpose, by=actor(caller), now=db.now())
    answer = {"id": str(row.id), "method": row.method, "expires_at": row.expires_at.isoformat()}
    return await idem.keep(session, answer, status=202)


@router.post(
    "/verifications/{verification_id}/answer",
    operation_id="answer_verification",
    summary="Answer a verification",
    responses=problems(
        "verification.failed",
        "field.inconsistent",
        "guardian.ended",
        "mandate.expired",
        "mandate.revoked",
        "request.frozen",
    ),
    response_model=answers.VerifiedOut,
    response_model_exclude_none=True,
)
async def answer_verification(
    caller: Annotated[Any, Depends(Roles("requester", "call_center"))],
    desk: TheDesk,
    request: Request,
    verification_id: VerificationId,
    body: AnswerIn,
) -> Response:
    """Answer with the code or an assertion. Wrong, expired, used, locked and unknown look the same."""
    by, now, contact = actor(caller), db.now(), contact_of(request)
    if (body.code is None) == (body.assertion is None):
        raise Invalid("field.inconsistent", pointer="")
    if body.assertion is not None:
        token = body.assertion
        answered = await verification.answer_assertion(desk, verification_id, token, by=by, now=now, contact=contact)
    else:
        code = body.code or ""
        answered = await verification.answer_code(desk, verification_id, code, by=by, now=now, contact=contact)
    answer: dict[str, Any] = {"status": "verified"}
    if answered.grant is not None and answered.grant_expires_at is not None:
        answer |= {"grant": answered.grant, "grant_expires_at": answered.grant_expires_at.isoformat()}
    return JSONResponse(answer)


@router.post(
    "/requests/{request_id}/attestation",
    status_code=201,
    operation_id="attest_documents",
    summary="Attest documents seen",
    response_model=answers.AttestedOut,
    responses=problems("claim.closed", "field.inconsistent"),
)
async def attest_documents(
    caller: Annotated[Any, Depends(Roles("officer", "clerk"))],
    idem: Idempotent,
    session: Unit,
    request_id: RequestId,
    body: AttestationIn,
) -> Response:
    """Record that the person's documents were seen at a visit."""
    if idem.stored:
        return idem.replay()
    party, seen = Whose(body.party), list(dict.fromkeys(body.documents_seen))
    by, now = actor(caller), db.now()
    proof = await verification.attest(session, request_id, party, seen, body.subject_ref, by=by, now=now)
    return await idem.keep(session, {"id": str(proof.id), "method": proof.method, "at": proof.at.isoformat()})
