"""Whose request a caller may see: what is foreign looks exactly like what is unknown (OWASP API1)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import run
from app.desk import Actor
from app.errors import NotFound
from app.models import Claim, Request
from app.services import access_log

EVERY = ("officer", "approver", "machine")
PAST_APART = ("approver", "machine")
"""Who sees what is kept for its statute alone (Act 21(3)); the person always sees their own."""
_NO_REQUEST = UUID(int=0)
_LOOKED_AT = (
    "SELECT id, receipt_no, filed_at, arrived_at, channel, capacity, language, frozen_at, identity, contacts, agent,"
    " filer_role, filer_iss, filer_sub, key, subject_ct, references_ct, subject_digest, duplicate_of, apart_since,"
    " version FROM request WHERE id = %(id)s"
)
_RECALLED = "SELECT id FROM request WHERE id = %(id)s AND recalled_at >= %(issued_at)s"


async def visible(session: AsyncSession, request_id: UUID | None, by: Actor) -> Request:
    """The request, if this caller may see it; the access log learns whose data was looked at.

    None, for what belongs to no request, is looked for all the same: what is unknown costs what is foreign costs.
    """
    request = await session.get(Request, request_id or _NO_REQUEST)
    return let(session, request, by)


async def looked_at(session: AsyncSession, request_id: UUID, by: Actor) -> Any:
    """The same to be read only: the row with the columns that a view of the request needs."""
    rows = await run(session, _LOOKED_AT, {"id": request_id})
    return let(session, rows[0] if rows else None, by)


async def is_visible(session: AsyncSession, request_id: UUID | None, by: Actor) -> bool:
    """The same question as a fact."""
    try:
        await visible(session, request_id, by)
    except NotFound:
        return False
    return True


async def is_recalled(session: AsyncSession, request_id: UUID, issued_at: datetime) -> bool:
    """Whether a token of this request, issued then, ended when its answers were called back (Act 34)."""
    return bool(await run(session, _RECALLED, {"id": request_id, "issued_at": issued_at}))


async def owner_of(session: AsyncSession, claim_id: UUID, by: Actor) -> UUID:
    """The request that a claim stands in, if this caller may see it."""
    found = select(col(Claim.request_id)).where(col(Claim.id) == claim_id)
    request_id = (await session.execute(found)).scalar_one_or_none()
    if not await is_visible(session, request_id, by) or request_id is None:
        raise NotFound("claim.not_found")
    return request_id


def let(session: AsyncSession, request: Request | None, by: Actor) -> Request:
    """Let this caller have it, or say that there is none; whoever gets it is in the access log."""
    if request is None or not _may_see(request, by):
        raise NotFound("request.not_found")
    access_log.touch(session, request_id=request.id, subject_digest=request.subject_digest)
    return request


def _may_see(request: Request, by: Actor) -> bool:
    if by.role == "requester":
        return by.sub == str(request.id)
    if request.apart_since is not None and by.role not in PAST_APART:
        return False
    if by.role in EVERY:
        return True
    # A call center or a clerk's desk sees what it filed itself, whichever of its agents did.
    return (request.filer_role, request.filer_iss, request.filer_sub) == (by.role, by.iss, by.sub)
