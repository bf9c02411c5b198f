"""What anybody may read: the policy, the rulebook, the keys; and what the operator asks: health, readiness."""

import hashlib
import json
import logging
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import db, policy, rulebook
from app.errors import Invalid, Unavailable
from app.http.body import Id
from app.http.conditional import not_modified
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit
from app.law import deadline
from app.law.terms import Capacity, Relationship, Right
from app.ledger import LedgerError
from app.routers import system_keys
from app.routers.documented import headers, problems
from app.routers.published import NeededOut, ParityOut, PolicyOut
from app.routers.published_rulebook import RulebookOut
from app.routers.system_keys import WebhookKeysOut
from app.services import foretelling, ledgering, rebuilding, signing_keys, sites

router = APIRouter(tags=["public"], route_class=DeskRoute)
NoneMatch = Annotated[str | None, Header(alias="If-None-Match", max_length=1_000)]
_READY = "SELECT version_num AS revision, current_setting('transaction_read_only') AS read_only FROM alembic_version"
_log = logging.getLogger("rights_desk.ready")


class Health(BaseModel):
    """The process answers."""

    status: str


@router.get(
    "/v1/policy",
    operation_id="get_policy",
    summary="Read the policy",
    response_model=PolicyOut,
    responses={304: {"description": "Not modified."}, **headers(200, "ETag", "Cache-Control")},
)
async def get_policy(desk: TheDesk, session: Unit, if_none_match: NoneMatch = None) -> Response:
    """All that a front-end needs to draw its form: categories, fields, purposes, sites, limits, contacts, dated."""
    places = await sites.published(session)
    found = policy.document(desk.policy, on=deadline.seoul_date(db.now()), sites=places)
    return _cached(found, if_none_match)


@router.get(
    "/v1/policy/proof",
    operation_id="get_policy_proof",
    summary="What a request will need",
    response_model=NeededOut,
    responses={
        304: {"description": "Not modified."},
        **headers(200, "ETag", "Cache-Control"),
        **problems("field.inconsistent"),
    },
)
async def get_policy_proof(
    desk: TheDesk,
    right: Right,
    capacity: Capacity,
    age: Annotated[int | None, Query(ge=0, le=150, description="Full years of the person today.")] = None,
    relationship: Annotated[Relationship | None, Query(description="Of a guardian: by what they are one.")] = None,
    if_none_match: NoneMatch = None,
) -> Response:
    """What whoever asks so will have to show, whether they may, how long the answer waits, and who decides."""
    found = foretelling.needed(desk, right, capacity, relationship=relationship, years=age)
    return _cached(found, if_none_match)


@router.get(
    "/v1/policy/parity",
    operation_id="get_policy_parity",
    summary="What each channel asks",
    response_model=ParityOut,
    responses={304: {"description": "Not modified."}, **headers(200, "ETag", "Cache-Control")},
)
async def get_policy_parity(desk: TheDesk, if_none_match: NoneMatch = None) -> Response:
    """Every right through every channel in every capacity: what is asked and what proof is wanted (Act 38(4))."""
    return _cached({"items": foretelling.parity(desk), "next_cursor": None}, if_none_match)


@router.get(
    "/v1/rulebook",
    operation_id="get_rulebook",
    summary="Read the rulebook",
    response_model=RulebookOut,
    responses={304: {"description": "Not modified."}, **headers(200, "ETag", "Cache-Control")},
)
async def get_rulebook(
    desk: TheDesk,
    on: Annotated[date | None, Query(description="The day whose law is meant; absent: today in Seoul.")] = None,
    if_none_match: NoneMatch = None,
) -> Response:
    """The edition of the law of a day, with the grounds open to this kind of controller and the records kept."""
    day = on or deadline.seoul_date(db.now())
    try:
        edition = desk.rulebook.at(day)
    except LookupError:
        raise Invalid("field.value", pointer="/query/on") from None
    return _cached(rulebook.document(edition, desk.policy.kind, day), if_none_match)


@router.get(
    "/.well-known/webhook-keys.json",
    operation_id="get_webhook_keys",
    summary="The public keys that sign events",
    response_model=WebhookKeysOut,
    responses={304: {"description": "Not modified."}, **headers(200, "ETag", "Cache-Control")},
)
async def get_webhook_keys(session: Unit, cursor: Id | None = None, if_none_match: NoneMatch = None) -> Response:
    """The keys that check `v1a` signatures of events, by the id of the system they are for; two while one is changed.

    A receiver takes its own from here once and again when a signature fits none that it knows; never a key that came
    with an event.
    """
    found = await signing_keys.published(session, after=cursor, now=db.now())
    page, more = found[: signing_keys.PAGE], len(found) > signing_keys.PAGE
    return _cached(system_keys.published(page, more=more), if_none_match)


@router.get("/healthz", operation_id="get_health", summary="Is the process alive", response_model=Health)
async def health() -> Response:
    """The process is alive."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz", operation_id="get_readiness", summary="Is the service ready", response_model=Health)
async def readiness(request: Request, desk: TheDesk) -> Response:
    """The database answers, can be written to, is of this code's schema and, in its hashes, of our look-up key.

    Where this process has the ledger of destruction and AUDIT_KEY, the database is not an older copy either (F51).
    """
    try:
        async with desk.database.transaction() as session:
            found = (await session.execute(text(_READY))).one()
            ours = found.revision == request.app.state.revision
            fits = not ours or await rebuilding.fits(session)
            old = ours and await ledgering.is_older(session)
    except LedgerError as flaw:
        _log.error("the ledger of destruction cannot be believed: %s", flaw)
        raise Unavailable("service.unavailable", retry_after=30) from None
    except (SQLAlchemyError, OSError, TimeoutError):
        raise Unavailable("service.unavailable", retry_after=5) from None
    if found.read_only == "on" or found.revision != request.app.state.revision:
        _log.error("the database is at %s, read-only %s; this code is for %s", *found, request.app.state.revision)
        raise Unavailable("service.unavailable", retry_after=30)
    if not fits:
        _log.error("the hashes of the database are of another look-up key, or not all made anew")
        raise Unavailable("service.unavailable", retry_after=30)
    if old:
        _log.error(ledgering.OLDER)
        raise Unavailable("service.not_restored", retry_after=30)
    return JSONResponse({"status": "ready"})


def _cached(found: dict[str, Any], if_none_match: str | None) -> Response:
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if not_modified(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
