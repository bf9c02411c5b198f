"""Putting access off, and taking it up again (Act 35(3), Decree 42(2))."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app import db, text
from app.http.auth import Officer, actor
from app.http.body import Day, IdOr, Text, Wire
from app.http.conditional import IfMatch, etag
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers import answers
from app.routers.documented import headers, problems
from app.services import casefile, postponing
from app.services.postponing import Delay

router = APIRouter(prefix="/v1", tags=["claims"], route_class=DeskRoute)
ClaimId = Annotated[UUID, IdOr("claim.not_found")]


class PostponementIn(Wire):
    """By which ground access is put off, why, in words for the person, and until when."""

    ground: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9_]{1,40}$")]
    reason: Text
    expected_on: Day


@router.post(
    "/claims/{claim_id}/postponement",
    operation_id="postpone_claim",
    summary="Put access off",
    response_model=answers.StaffClaim,
    responses=headers(200, "ETag")
    | problems(
        "postponement.not_allowed",
        "ground.not_available",
        "decision.facts_required",
        "field.value",
        "claim.not_verified",
        "claim.already_decided",
        "claim.closed",
        "request.frozen",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
    ),
)
async def postpone_claim(
    caller: Officer, version: IfMatch, session: Unit, claim_id: ClaimId, body: PostponementIn
) -> Response:
    """Put access off before its day or not at all; the person is told why, until when, and how to object."""
    reason = text.free_text(body.reason, pointer="/reason").text
    delay = Delay(body.ground, reason, body.expected_on)
    await postponing.postpone(session, claim_id, delay, version=version, by=actor(caller), now=db.now())
    return await _claim(session, claim_id, caller)


@router.post(
    "/claims/{claim_id}/resumption",
    operation_id="resume_claim",
    summary="Take a postponed claim up again",
    response_model=answers.StaffClaim,
    responses=headers(200, "ETag") | problems("state.conflict", "claim.closed", "request.frozen"),
)
async def resume_claim(caller: Officer, version: IfMatch, session: Unit, claim_id: ClaimId) -> Response:
    """The cause has ended: access is given within ten days. On the expected day this happens by itself."""
    await postponing.resume(session, claim_id, version=version, by=actor(caller), now=db.now())
    return await _claim(session, claim_id, caller)


async def _claim(session: Unit, claim_id: UUID, caller: Officer) -> Response:
    await session.flush()
    version, view = await casefile.claim_view(session, claim_id, by=actor(caller), now=db.now())
    return JSONResponse(view, headers={"ETag": etag(version)})
