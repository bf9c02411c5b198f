"""What is destroyed because its time is over (H5): the day's lists, an approver's word, and the signed record."""

import base64
import json
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import Approver, Roles, actor
from app.http.body import Day, IdOr, Wire
from app.http.conditional import IfMatch, etag
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.law.deadline import seoul_time
from app.law.terms import Right
from app.models import DestroyedRequest, Destruction
from app.routers.documented import headers, problems
from app.services import ledgering, retention
from app.services.retention import Kept
from app.tokens import Principal, Role

router = APIRouter(prefix="/v1/destructions", tags=["destruction"], route_class=DeskRoute)
Inspecting = Annotated[Principal, Depends(Roles("officer", "approver", "auditor"))]
DestructionId = Annotated[UUID, IdOr("destruction.not_found")]
RequestId = Annotated[UUID, IdOr("request.not_found")]
KeptGround = Literal["dispute", "inquiry", "lawsuit"]
State = Literal["planned", "confirmed", "done"]


class DestructionOut(BaseModel):
    """A day's list of requests whose time is over: how many, since when, and how far it has come."""

    id: UUID
    of: Literal["request"]
    state: State
    policy: str
    planned_on: date
    due_since: date
    requests: int
    confirmed_by: str | None
    confirmed_at: datetime | None
    done_at: datetime | None
    checked_by: str | None
    """The approver who confirmed the result."""
    checked_at: datetime | None


class ListedRequest(BaseModel):
    """One request by its id, and what became of it: nothing else of it is left once it is destroyed.

    Until then an approver also sees what it was; to everybody else, and after that, these are null.
    """

    request_id: UUID
    receipt_no: str | None
    rights: list[Right] | None
    closed_on: date | None
    """The Seoul day on which the last of its claims was closed."""
    due_since: date
    destroyed_at: datetime | None
    kept_on_at: datetime | None
    """When it was seen that it has to be kept on after all."""
    kept_ground: KeptGround | None
    """Why an approver kept it back; null where it moved again by itself."""
    review_on: date | None
    """The day on which what was kept back comes up again."""
    ledger_seq: int | None


class KeepingIn(Wire):
    """Why one request is kept back, and until which day: within a year."""

    ground: KeptGround
    review_on: Day


class WholeDestruction(DestructionOut):
    """The same with its ids and, once it is done, the record that anybody can check."""

    items: list[ListedRequest]
    record: dict[str, Any] | None
    signature: str | None
    """Ed25519 over the record as RFC 8785 JSON, in base64."""
    public_key: str | None
    """Where the process that answers has the key."""


class Destructions(BaseModel):
    """The lists, the newest first."""

    items: list[DestructionOut]


@router.get("", operation_id="list_destructions", summary="What is to be destroyed", response_model=Destructions)
async def list_destructions(
    caller: Inspecting,
    session: Unit,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """The lists of each day, the newest first: counts and days, no names."""
    found = await retention.listed(session, states=[state] if state else None, limit=limit)
    return JSONResponse({"items": [_out(one) for one in found]})


@router.get(
    "/{destruction_id}",
    operation_id="get_destruction",
    summary="Read one list",
    response_model=WholeDestruction,
    responses=headers(200, "ETag"),
)
async def get_destruction(caller: Inspecting, session: Unit, destruction_id: DestructionId) -> Response:
    """One list with its ids and, once it is done, its signed record. Its ETag is what a confirmation names."""
    return await _whole(session, destruction_id, caller)


@router.put(
    "/{destruction_id}/confirmation",
    operation_id="confirm_destruction",
    summary="Confirm a destruction",
    response_model=WholeDestruction,
    responses=headers(200, "ETag") | problems("state.conflict"),
)
async def confirm_destruction(
    caller: Approver, version: IfMatch, session: Unit, destruction_id: DestructionId
) -> Response:
    """From here on it is carried out and cannot be undone; what has to be kept on by then is left out."""
    await retention.confirm(session, destruction_id, version=version, by=actor(caller), now=db.now())
    return await _whole(session, destruction_id, caller)


@router.put(
    "/{destruction_id}/check",
    operation_id="check_destruction",
    summary="Confirm the result of a destruction",
    response_model=WholeDestruction,
    responses=headers(200, "ETag") | problems("state.conflict", "destruction.not_whole"),
)
async def check_destruction(
    caller: Approver, version: IfMatch, session: Unit, destruction_id: DestructionId
) -> Response:
    """Once it is done: an approver has looked at the signed record. Refused while any request of it is there."""
    await retention.check(session, destruction_id, version=version, by=actor(caller), now=db.now())
    return await _whole(session, destruction_id, caller)


@router.put(
    "/{destruction_id}/requests/{request_id}/keeping",
    operation_id="keep_back",
    summary="Keep one request back",
    response_model=WholeDestruction,
    responses=headers(200, "ETag") | problems("request.not_found", "state.conflict"),
)
async def keep_back(
    caller: Approver,
    version: IfMatch,
    session: Unit,
    destruction_id: DestructionId,
    request_id: RequestId,
    body: KeepingIn,
) -> Response:
    """Leave it out of this list for a dispute, an inquiry or a lawsuit; from the review day on it is listed again."""
    kept = Kept(body.ground, body.review_on)
    await retention.keep_back(
        session, destruction_id, request_id, kept, version=version, by=actor(caller), now=db.now()
    )
    return await _whole(session, destruction_id, caller)


async def _whole(session: Unit, destruction_id: UUID, caller: Principal) -> Response:
    await session.flush()
    row, items = await retention.look(session, destruction_id)
    shown = await retention.shown(session, items) if caller.role is Role.APPROVER else {}
    whole = _out(row) | {
        "items": [_listed(one, shown.get(one.request_id)) for one in items],
        "record": json.loads(row.record) if row.record else None,
        "signature": _base64(row.signature),
        "public_key": _base64(ledgering.ledger_of(session).public_key()),
    }
    return JSONResponse(whole, headers={"ETag": etag(row.version)})


def _out(row: Destruction) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "of": row.of,
        "state": row.state,
        "policy": row.policy,
        "planned_on": row.planned_on.isoformat(),
        "due_since": row.due_since.isoformat(),
        "requests": row.requests,
        "confirmed_by": row.confirmed_by_sub,
        "confirmed_at": _moment(row.confirmed_at),
        "done_at": _moment(row.done_at),
        "checked_by": row.checked_by_sub,
        "checked_at": _moment(row.checked_at),
    }


def _listed(row: DestroyedRequest, shown: Any | None) -> dict[str, Any]:
    return {
        "request_id": str(row.request_id),
        "receipt_no": shown.receipt_no if shown else None,
        "rights": list(shown.rights) if shown else None,
        "closed_on": shown.closed_on.isoformat() if shown and shown.closed_on else None,
        "due_since": row.due_since.isoformat(),
        "destroyed_at": _moment(row.destroyed_at),
        "kept_on_at": _moment(row.dropped_at),
        "kept_ground": row.kept_ground,
        "review_on": row.review_on.isoformat() if row.review_on else None,
        "ledger_seq": row.ledger_seq,
    }


def _moment(moment: datetime | None) -> str | None:
    return seoul_time(moment).isoformat() if moment else None


def _base64(value: bytes | None) -> str | None:
    return base64.b64encode(value).decode() if value is not None else None
