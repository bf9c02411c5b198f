"""Requests: filing, looking, searching, withdrawing, tracking."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app import db, numbers, text
from app.desk import Actor, Desk
from app.errors import Forbidden, Invalid
from app.http.auth import Filer, Looker, Roles, Staff, actor
from app.http.body import Id, IdOr, Line, Wire
from app.http.conditional import etag
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit, contact_of
from app.law.deadline import seoul_time
from app.law.terms import Whose
from app.routers import answers
from app.routers.documented import headers, problems
from app.routers.filing import FilingIn, Reading
from app.routers.filing_media import Media
from app.services import asked_media, casefile, finding, intake, sites, speaking, throttle, timeline, withdrawal

router = APIRouter(prefix="/v1", tags=["requests"], route_class=DeskRoute)
RequestId = Annotated[UUID, IdOr("request.not_found")]
REQUESTER_MINUTES = 60
_TRIES = 10
_FILINGS_OF_ONE = 60
"""Within a minute, by one agent or clerk."""


class SearchIn(Wire):
    """What is known of the request; at least one."""

    receipt_no: Line | None = None
    phone: Line | None = None
    email: Annotated[str, Field(min_length=1, max_length=254)] | None = None


class WithdrawalIn(Wire):
    """Which claims; none named means all that still can be withdrawn."""

    claim_ids: Annotated[list[Id], Field(min_length=1, max_length=10)] | None = None


ALL_THAT_CAN = WithdrawalIn()


class TrackingIn(Wire):
    """Receipt number and access code, in the body and never in a URL."""

    receipt_no: Line
    access_code: Line


@router.post(
    "/requests",
    status_code=201,
    operation_id="file_request",
    summary="File a request",
    response_model=answers.Filed,
    responses=headers(201, "ETag", "Location")
    | problems(
        "field.inconsistent",
        "field.not_available_yet",
        "identifier.rrn_not_allowed",
        "identifier.card_not_allowed",
        "guardian.required",
        "guardian.inconsistent",
        "mandate.required",
        "mandate.scope",
        "mandate.inconsistent",
        "correction.incomplete",
        "media.window_too_long",
        "rate.limited",
    ),
)
async def file_request(
    caller: Filer,
    idem: Idempotent,
    session: Unit,
    desk: TheDesk,
    request: Request,
    body: FilingIn,
    requester_address: Annotated[str | None, Header(max_length=64)] = None,
) -> Response:
    """File a request (요구서, form 8). The answer is the same whether or not the person is known."""
    if idem.stored:
        return idem.replay()
    by, now = actor(caller), db.now()
    if by.role == "call_center" and by.agent is None:
        raise Forbidden("auth.forbidden")
    if requester_address and by.role == "website":
        # A caller's number is not written down here: the log would hold it in clear.
        contact_of(request).address = requester_address
    if requester_address and by.role in ("website", "call_center"):
        await throttle.count(session, "filing", requester_address, most=desk.policy.settled.filings_per_minute, now=now)
    if by.role in ("call_center", "clerk"):
        # A person types at most so much: what files faster has stolen their token.
        await throttle.count(session, "filing.agent", f"{by.id}|{by.agent}", most=_FILINGS_OF_ONE, now=now)
    media = Media(await sites.named(session, body.sites()), desk.policy.cameras, now)
    reading = Reading(desk.policy, media)
    filing = replace(reading.read(body), filer_name=caller.name)
    filed = await intake.file(session, filing, by=by, now=now)
    token = None
    if by.role == "website":
        party = Whose.REQUESTER if filing.behalf else Whose.SUBJECT
        token = requester_token(desk, filed.request_id, party, now)
    return await idem.keep(
        session,
        _receipt(desk, filed, filing, by, token, reading.adjusted),
        headers={"Location": f"/v1/requests/{filed.request_id}", "ETag": etag(filed.version)},
    )


@router.get(
    "/requests/{request_id}",
    operation_id="get_request",
    summary="Read one request",
    response_model=answers.RequestOut,
    responses=headers(200, "ETag"),
)
async def get_request(caller: Looker, session: Unit, request_id: RequestId) -> Response:
    """The request as this caller may see it: the requester without names, a call center masked, staff whole."""
    version, view = await casefile.request_view(session, request_id, by=actor(caller), now=db.now())
    return JSONResponse(view, headers={"ETag": etag(version)})


@router.get(
    "/requests/{request_id}/timeline",
    operation_id="get_timeline",
    summary="What happened",
    response_model=answers.Timeline,
)
async def get_timeline(caller: Looker, session: Unit, request_id: RequestId) -> Response:
    """What happened, oldest first, in this role's words."""
    items = await timeline.read(session, request_id, by=actor(caller))
    return JSONResponse({"items": items, "next_cursor": None})


@router.post(
    "/requests/{request_id}/withdrawal",
    operation_id="withdraw_claims",
    summary="Withdraw claims",
    response_model=answers.Withdrawn,
    responses=problems("claim.not_found", "claim.closed", "claim.irreversible"),
)
async def withdraw_claims(
    caller: Annotated[Any, Depends(Roles("requester", "officer", "call_center", "clerk"))],
    session: Unit,
    request_id: RequestId,
    body: WithdrawalIn = ALL_THAT_CAN,
) -> Response:
    """Withdraw claims, at any time before something irreversible began. Doing it twice changes nothing."""
    claims = await withdrawal.withdraw(session, request_id, body.claim_ids, by=actor(caller), now=db.now())
    told = [{"id": str(one.id), "right": one.right, "status": one.status} for one in claims]
    return JSONResponse({"claims": told})


@router.post(
    "/request-searches",
    operation_id="search_requests",
    summary="Search requests",
    response_model=answers.RequestsFound,
    responses=problems("identifier.rrn_not_allowed", "identifier.card_not_allowed"),
)
async def search_requests(caller: Staff, session: Unit, body: SearchIn) -> Response:
    """Find requests by receipt number, or by a contact through its keyed hash."""
    if not (body.receipt_no or body.phone or body.email):
        raise Invalid("field.required", pointer="")
    items = await finding.search(
        session,
        receipt_no=body.receipt_no,
        phone=text.phone(body.phone, pointer="/phone") if body.phone else None,
        email=text.email(body.email, pointer="/email") if body.email else None,
        by=actor(caller),
    )
    return JSONResponse({"items": items, "next_cursor": None})


@router.post(
    "/tracking",
    operation_id="track_request",
    summary="Get a token for one's own request",
    response_model=answers.TrackingToken,
    responses=problems("request.not_found"),
)
async def track_request(request: Request, session: Unit, desk: TheDesk, body: TrackingIn) -> Response:
    """A requester token for a receipt number and its access code; whatever is wrong is one and the same 404."""
    now = db.now()
    async with desk.database.transaction() as counting:
        whose = numbers.spoken(body.receipt_no) or body.receipt_no
        allowed = await throttle.allow(counting, "tracking", whose, most=_TRIES, minutes=60, now=now)
    request_id, party = await finding.by_receipt(session, body.receipt_no if allowed else "", body.access_code)
    contact_of(request).by = Actor("requester", desk.issuer.name, str(request_id), party=party.value)
    return JSONResponse(
        {
            "access_token": requester_token(desk, request_id, party, now),
            "token_type": "Bearer",
            "expires_in": REQUESTER_MINUTES * 60,
            "request_id": str(request_id),
        }
    )


def requester_token(desk: TheDesk, request_id: UUID, party: Whose, now: datetime) -> str:
    """A token of one party for one request and nothing else."""
    ttl = timedelta(minutes=REQUESTER_MINUTES)
    return desk.issuer.issue("requester", str(request_id), ttl, now=now, rid=str(request_id), party=party.value)


def _receipt(
    desk: Desk,
    filed: intake.Filed,
    filing: intake.Filing,
    by: Actor,
    token: str | None,
    adjusted: list[dict[str, str]],
) -> dict[str, Any]:
    receipt: dict[str, Any] = {
        "id": str(filed.request_id),
        "receipt_no": filed.receipt_no,
        "filed_at": seoul_time(filed.filed_at).isoformat(),
        "arrived_at": seoul_time(filed.arrived_at).isoformat(),
        "claims": [
            {
                "id": str(claim["id"]),
                "right": claim["right"],
                "status": claim["status"],
                "due_on": claim["due_on"].isoformat(),
                "due_steps": claim["due_steps"],
                "media": asked_media.asked(claim["scope"]),
            }
            for claim in filed.claims
        ],
        "next_steps": filed.next_steps,
        "adjusted": adjusted,
        "anchor": {"seq": filed.anchor.seq, "hash": filed.anchor.hash.hex()},
    }
    if by.role == "website":
        receipt |= {"access_code": filed.access_code, "requester_token": token}
    if by.role in ("call_center", "clerk"):
        receipt["read_back"] = speaking.read_back(desk, filed, filing)
    return receipt
