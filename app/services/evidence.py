"""Papers as they are looked at (B5): by their uploader as a list, by staff one logged look at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.desk import Actor
from app.errors import Conflict, NotFound
from app.law.deadline import seoul_time
from app.models import Evidence, Request
from app.services import audit, chunks, keyring
from app.services.visibility import let, visible

STAFF = ("officer", "approver")
_PAGE = """
SELECT request.id, request.filer_role, request.filer_iss, request.filer_sub, request.subject_digest,
  request.apart_since,
  paper.id AS paper, paper.kind, paper.party, paper.state, paper.scan, paper.media_type, paper.pages, paper.size,
  paper.at, paper.reviewed_at, paper.destroyed_at
FROM request LEFT JOIN LATERAL (
  SELECT * FROM evidence
  WHERE evidence.request_id = request.id AND evidence.id > %(after)s AND evidence.party = ANY(%(parties)s)
  ORDER BY evidence.id LIMIT %(limit)s
) AS paper ON true
WHERE request.id = %(id)s ORDER BY paper.id
"""
"""Whether the caller may see the request at all, and a page of its papers, in one statement."""
_QUEUE = """
SELECT paper.id, paper.request_id, paper.kind, paper.party, paper.state, paper.scan, paper.media_type, paper.pages,
  paper.size, paper.at, paper.reviewed_at, paper.destroyed_at, (
  SELECT min(claim.due_on) FROM claim
  WHERE claim.request_id = paper.request_id AND claim.status NOT IN ('closed', 'withdrawn', 'lapsed')
) AS due_on
FROM evidence AS paper WHERE paper.state = %(state)s AND paper.id > %(after)s ORDER BY paper.id LIMIT %(limit)s
"""
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Copy:
    """The cleaned copy of a paper, opened."""

    name: str
    media_type: str


def view(paper: Any, paper_id: UUID) -> dict[str, Any]:
    """A paper as whoever handed it in may see it: where it stands, nothing of what is on it."""
    return {
        "id": str(paper_id),
        "kind": paper.kind,
        "party": paper.party,
        "state": paper.state,
        "scan": paper.scan,
        "media_type": paper.media_type,
        "pages": paper.pages,
        "size": paper.size,
        "at": _moment(paper.at),
        "reviewed_at": _moment(paper.reviewed_at),
        "destroyed_at": _moment(paper.destroyed_at),
    }


def staff_view(session: AsyncSession, request: Request, paper: Evidence) -> dict[str, Any]:
    """The same for staff, with what was seen on it."""
    seen: Mapping[str, Any] = {}
    if paper.review_ct is not None:
        seen = keyring.unseal(session, request, "evidence.review", paper.id, paper.review_ct)
    return view(paper, paper.id) | {
        "request_id": str(paper.request_id),
        "name": _name(session, request, paper) if paper.name_ct is not None else None,
        "uploaded_by": paper.uploaded_by_role,
        "reviewed_by": paper.reviewed_by_sub,
        "checklist": paper.checklist,
        "issued_on": paper.issued_on.isoformat() if paper.issued_on else None,
        "issuer_number": seen.get("issuer_number"),
        "note": seen.get("note"),
        "destroyed_cause": paper.destroyed_cause,
    }


async def listed(
    session: AsyncSession, request_id: UUID, *, after: UUID | None, limit: int, by: Actor
) -> list[dict[str, Any]]:
    """A page of a request's papers, oldest first; a requester sees those of their own party."""
    parties = [by.party] if by.role == "requester" else ["subject", "requester"]
    values = {"id": request_id, "after": after or _FIRST, "parties": parties, "limit": limit}
    rows = await run(session, _PAGE, values)
    let(session, rows[0] if rows else None, by)
    return [view(row, row.paper) for row in rows if row.paper is not None]


async def queue(session: AsyncSession, *, state: str, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """A page of all papers in a state, oldest first, with the day on which their request falls due; no names."""
    rows = await run(session, _QUEUE, {"state": state, "after": after or _FIRST, "limit": limit})
    return [
        view(row, row.id)
        | {"request_id": str(row.request_id), "due_on": row.due_on.isoformat() if row.due_on else None}
        for row in rows
    ]


async def one(session: AsyncSession, evidence_id: UUID, *, by: Actor) -> tuple[Request, Evidence]:
    """A paper and its request, if this caller may see them."""
    paper = await session.get(Evidence, evidence_id)
    if paper is None:
        raise NotFound("evidence.not_found")
    try:
        return await visible(session, paper.request_id, by), paper
    except NotFound:
        raise NotFound("evidence.not_found") from None


async def open_copy(session: AsyncSession, evidence_id: UUID, into: BinaryIO, *, by: Actor, now: datetime) -> Copy:
    """Open the cleaned copy for somebody who said what for; that they looked is written down before they see it."""
    request, paper = await one(session, evidence_id, by=by)
    if paper.destroyed_at is not None:
        raise Conflict("evidence.destroyed")
    if paper.state == "scan_pending":
        raise Conflict("evidence.scan_pending")
    if await chunks.read(session, request, paper.id, "copy", into) != paper.chunks:
        raise RuntimeError("a piece of a paper is missing")
    facts = {"evidence": str(paper.id), "kind": paper.kind}
    audit.note(session, "evidence.open", by=by, now=now, request_id=request.id, facts=facts)
    return Copy(_name(session, request, paper), paper.media_type)


def _name(session: AsyncSession, request: Request, paper: Evidence) -> str:
    assert paper.name_ct is not None
    name: str = keyring.unseal(session, request, "evidence.name", paper.id, paper.name_ct)
    return name


def _moment(at: datetime | None) -> str | None:
    return seoul_time(at).isoformat() if at is not None else None
