"""The audit chain for those who control us, and the proof of one entry for whoever holds its anchor (H1, G5)."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from app import db
from app.errors import Conflict, Invalid, NotFound
from app.http.auth import Roles, actor
from app.http.body import Id
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit
from app.routers.documented import Responses, problems
from app.routers.purposes import STATED, Purpose
from app.services import audit_export, audit_views
from app.tokens import Principal

router = APIRouter(prefix="/v1", tags=["audit"], route_class=DeskRoute)
Controlling = Annotated[Principal, Depends(Roles("approver", "auditor"))]
Limit = Annotated[int, Query(ge=1, le=200)]
Seq = Annotated[int, Query(ge=0, lt=2**63)]
FirstSeq = Annotated[int, Query(alias="from", ge=1, lt=2**63, description="The first entry")]
LastSeq = Annotated[int | None, Query(alias="to", ge=1, lt=2**63, description="The last entry; absent: all there is")]
_LINES: Responses = {
    200: {
        "description": "One line of JSON an entry, with signed checkpoints between them",
        "content": {"application/jsonl": {"schema": {"type": "string"}}},
    }
}


class ActorOut(BaseModel):
    """Who did it: a role, and the person or machine behind it by issuer and name there."""

    role: str
    iss: str
    sub: str
    agent: str | None
    party: Literal["requester"] | None = None
    """Of a requester: it was who asks for the subject, not the subject."""


class EntryOut(BaseModel):
    """One entry: `body` is RFC 8785 JSON, and `hash` is SHA-256 of 0x00, `seq` as 8 bytes, `prev` and `body`."""

    seq: int
    at: datetime
    action: str
    actor: ActorOut
    request_id: UUID | None
    claim_id: UUID | None
    facts: dict[str, Any]
    body: str
    prev: str
    hash: str


class EntriesOut(BaseModel):
    """A page of entries, oldest first."""

    items: list[EntryOut]
    next_cursor: int | None


class CheckpointOut(BaseModel):
    """A signed note (C2SP tlog-checkpoint), the key that signed it, and when it was written outside the database."""

    size: int
    note: str
    key: str
    at: datetime
    written_at: datetime | None


class CheckpointsOut(BaseModel):
    """A page of checkpoints, newest first."""

    items: list[CheckpointOut]
    next_cursor: int | None


class GrowthOut(BaseModel):
    """Two signed notes and the path from one root to the other."""

    format: str
    older: str
    newer: str
    path: list[str]
    key: str


class ProofOut(BaseModel):
    """The path of one entry to the root of a signed checkpoint (RFC 6962): hashes, and nothing of what it says."""

    format: str
    seq: int
    hash: str
    size: int
    path: list[str]
    checkpoint: str
    key: str


@router.get(
    "/audit/entries", operation_id="list_audit_entries", summary="Read the audit chain", response_model=EntriesOut
)
async def list_entries(
    caller: Controlling, session: Unit, request_id: Id | None = None, limit: Limit = 50, cursor: Seq = 0
) -> Response:
    """Entries in their order, all or those of one request; no personal data stands in any."""
    items = await audit_views.entries(session, request_id=request_id, after=cursor, limit=limit)
    return JSONResponse({"items": items, "next_cursor": items[-1]["seq"] if len(items) == limit else None})


@router.get(
    "/audit/checkpoints",
    operation_id="list_audit_checkpoints",
    summary="Read the signed checkpoints",
    response_model=CheckpointsOut,
)
async def list_checkpoints(
    caller: Controlling, session: Unit, limit: Limit = 50, cursor: Annotated[int | None, Query(ge=1, lt=2**63)] = None
) -> Response:
    """How long the chain was and what its root was, each signed; made hourly, and within a minute after a decision."""
    items = await audit_views.checkpoints(session, below=cursor, limit=limit)
    return JSONResponse({"items": items, "next_cursor": items[-1]["size"] if len(items) == limit else None})


@router.get(
    "/audit/growth",
    operation_id="prove_growth",
    summary="Prove that the chain only grew",
    response_model=GrowthOut,
    responses=problems("audit.checkpoint_not_found", "field.inconsistent"),
)
async def prove_growth(
    caller: Controlling,
    session: Unit,
    older: Annotated[int, Query(alias="from", ge=1, lt=2**63, description="The size of the older checkpoint")],
    newer: Annotated[int, Query(alias="to", ge=1, lt=2**63, description="The size of the newer one")],
) -> Response:
    """For whoever kept a checkpoint, as of a mail: the chain of the newer one begins with it (RFC 6962)."""
    if newer < older:
        raise Invalid("field.inconsistent", pointer="/query/to")
    return JSONResponse(await audit_views.growth(session, older, newer))


@router.get(
    "/audit/export",
    operation_id="export_audit",
    summary="Take the chain away",
    response_class=Response,
    responses=_LINES | problems("field.inconsistent", *STATED),
)
async def export_audit(
    caller: Controlling,
    purpose: Purpose,
    session: Unit,
    desk: TheDesk,
    first: FirstSeq = 1,
    last: LastSeq = None,
) -> Response:
    """The chain, or a part of it, for `rights-desk audit verify FILE --key KEY`: offline, with the public key alone."""
    if last is not None and last < first:
        raise Invalid("field.inconsistent", pointer="/query/to")
    audit_views.taken(session, first, last, by=actor(caller), now=db.now())
    return StreamingResponse(
        _encoded(audit_export.lines(desk, first=first, last=last)),
        media_type="application/jsonl",
        headers={"Content-Disposition": 'attachment; filename="audit.jsonl"', "Cache-Control": "no-store"},
    )


@router.get(
    "/audit/proofs/{anchor}",
    operation_id="prove_entry",
    summary="Prove that an entry stands in the chain",
    response_model=ProofOut,
    responses=problems("audit.anchor_not_found", "audit.not_signed_yet"),
)
async def prove_entry(
    session: Unit, anchor: Annotated[str, Path(description="`seq` and `hash` of the anchor, with a full stop between")]
) -> Response:
    """For whoever holds the anchor of a receipt or notice: it says that the entry is in the chain, and nothing else."""
    seq, hash_ = audit_views.anchored(anchor)
    if not await audit_views.stands(session, seq, hash_):
        raise NotFound("audit.anchor_not_found")
    proof = await audit_views.proof(session, seq, hash_)
    if proof is None:
        raise Conflict("audit.not_signed_yet")
    return Response(json.dumps(proof), media_type="application/json", headers={"Cache-Control": "no-store"})


async def _encoded(lines: AsyncIterator[str]) -> AsyncIterator[bytes]:
    async for line in lines:
        yield line.encode()
