"""Finding a case again: the queue by due date, the search by keyed hash, the code of a party."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import numbers
from app.desk import Actor, desk_of
from app.errors import NotFound
from app.law.deadline import seoul_time
from app.law.terms import Capacity, Whose
from app.models import Claim, Contact, Request, Requester
from app.services import access_log, audit, casebook, outlook
from app.services.visibility import PAST_APART, owner_of

_PAGE = select(
    col(Claim.id),
    col(Claim.request_id),
    col(Claim.right),
    col(Claim.status),
    col(Claim.due_on),
    col(Claim.assignee),
    col(Claim.outcome),
    col(Request.receipt_no),
).join(Request, col(Request.id) == col(Claim.request_id))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a keyset page of the queue begins."""

    due_on: date
    claim_id: UUID


async def queue(
    session: AsyncSession,
    *,
    status: str | None,
    right: str | None,
    due_before: date | None,
    waiting_for: str | None,
    assignee: str | None,
    after: Place | None,
    by: Actor,
    limit: int,
) -> list[dict[str, Any]]:
    """The claims by due date, in keyset pages; ids and dates only."""
    page = _PAGE if by.role in PAST_APART else _PAGE.where(col(Claim.apart_since).is_(None))
    if status is not None:
        page = page.where(col(Claim.status) == status)
    if waiting_for is not None:
        page = page.where(col(Claim.status).in_(outlook.statuses(waiting_for)))
    if right is not None:
        page = page.where(col(Claim.right) == right)
    if due_before is not None:
        page = page.where(col(Claim.due_on) < due_before)
    if assignee is not None:
        page = page.where(col(Claim.assignee) == assignee)
    if after is not None:
        page = page.where(tuple_(col(Claim.due_on), col(Claim.id)) > (after.due_on, after.claim_id))
    rows = (await session.execute(page.order_by(col(Claim.due_on), col(Claim.id)).limit(limit))).all()
    return [
        {
            "id": str(claim.id),
            "request_id": str(claim.request_id),
            "receipt_no": claim.receipt_no,
            "right": claim.right,
            "status": claim.status,
            "due_on": claim.due_on.isoformat(),
            "waiting_for": outlook.WAITING.get(claim.status, "nobody"),
            "assignee": claim.assignee,
            "outcome": claim.outcome,
        }
        for claim in rows
    ]


async def search(
    session: AsyncSession, *, receipt_no: str | None, phone: str | None, email: str | None, by: Actor
) -> list[dict[str, Any]]:
    """Requests by receipt number or by the keyed hash of a contact; newest first, at most fifty."""
    found = select(Request).order_by(col(Request.id).desc()).limit(50)
    if by.role not in PAST_APART:
        found = found.where(col(Request.apart_since).is_(None))
    if receipt_no is not None:
        found = found.where(col(Request.receipt_no) == receipt_no)
    desk = desk_of(session)
    for kind, value in (("phone", phone), ("email", email)):
        if value is not None:
            same = select(col(Contact.request_id)).where(col(Contact.digest) == desk.handle(kind, value))
            found = found.where(col(Request.id).in_(same))
    requests = (await session.execute(found)).scalars().all()
    for request in requests:
        access_log.touch_also(session, request_id=request.id, subject_digest=request.subject_digest)
    return [
        {
            "id": str(request.id),
            "receipt_no": request.receipt_no,
            "filed_at": seoul_time(request.filed_at).isoformat(),
            "channel": request.channel,
            "capacity": request.capacity,
            "duplicate_of": str(request.duplicate_of) if request.duplicate_of else None,
        }
        for request in requests
    ]


async def assign(session: AsyncSession, claim_id: UUID, assignee: str | None, *, by: Actor, now: datetime) -> None:
    """Note who takes a claim on."""
    await owner_of(session, claim_id, by)
    _, claim = await casebook.open(session, claim_id)
    if claim.assignee != assignee:
        claim.assignee = assignee
        claim.version += 1
        facts = {"assignee": assignee}
        audit.note(session, "claim.assign", by=by, now=now, request_id=claim.request_id, claim_id=claim.id, facts=facts)


async def numbered(session: AsyncSession, receipt_no: str) -> UUID:
    """The request of this receipt number, for whoever may see them all."""
    found = select(col(Request.id)).where(col(Request.receipt_no) == (numbers.spoken(receipt_no) or ""))
    request_id = (await session.execute(found)).scalar_one_or_none()
    if request_id is None:
        raise NotFound("request.not_found")
    return request_id


async def by_receipt(session: AsyncSession, receipt_no: str, access_code: str) -> tuple[UUID, Whose]:
    """The request of a receipt number and access code, and whose code it is; a wrong one of either is the same 404.

    Who filed has one, and the subject of a delegate's request another.
    """
    digest = desk_of(session).keys.digest(f"access_code|{numbers.written(access_code)}")
    known = numbers.spoken(receipt_no) or ""
    theirs = col(Requester.subject_code_digest) == digest
    found = (
        select(col(Request.id), col(Request.capacity), col(Request.subject_digest), theirs.label("subjects"))
        .outerjoin(Requester, col(Requester.request_id) == col(Request.id))
        .where(col(Request.receipt_no) == known, or_(col(Request.access_code_digest) == digest, theirs))
    )
    row = (await session.execute(found)).one_or_none()
    if row is None:
        raise NotFound("request.not_found")
    access_log.touch(session, request_id=row.id, subject_digest=row.subject_digest)
    return row.id, Whose.SUBJECT if row.subjects or row.capacity == Capacity.SELF else Whose.REQUESTER
