"""What holders returned for an access claim: free text names others, so an officer reads it first (Act 35(4)2)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import Actor, desk_of
from app.errors import Conflict
from app.jobs import Job, defer
from app.law.terms import Right, Status
from app.models import Claim, Request, ReviewItem, System, Task
from app.services import audit, casebook, keyring
from app.services.visibility import owner_of, visible

_TO_READ = "collection.read"


async def collected(session: AsyncSession, claim_id: UUID, *, by: Actor) -> tuple[int, dict[str, Any]]:
    """What holders returned for an access claim, for the officer who reads it before release (Act 35(4)2)."""
    request = await visible(session, await owner_of(session, claim_id, by), by)
    claim = await session.get_one(Claim, claim_id)
    items = [
        {"holder": holder, "category": category, "records": rows}
        for holder, category, rows in await returned(session, request, claim)
    ]
    waiting = claim.status == Status.CARRIED_OUT and claim.read_at is None
    return claim.version, {"state": "to_read" if waiting else "open", "items": items}


async def release_collected(session: AsyncSession, claim_id: UUID, *, version: int, by: Actor, now: datetime) -> Claim:
    """An officer has read what was collected: it may be released."""
    await owner_of(session, claim_id, by)
    case, claim = await casebook.open(session, claim_id)
    casebook.checked_version(claim, version)
    casebook.refuse_frozen(case.request)
    if claim.right != Right.ACCESS or claim.status != Status.CARRIED_OUT:
        raise Conflict("state.conflict")
    claim.read_by, claim.read_at, claim.version = by.id, now, claim.version + 1
    settled = update(ReviewItem).where(
        col(ReviewItem.request_id) == case.request.id,
        col(ReviewItem.kind) == _TO_READ,
        col(ReviewItem.settled_at).is_(None),
    )
    await session.execute(settled.values(settled_at=now, settled_by=by.id))
    audit.note(session, "collection.read", by=by, now=now, request_id=case.request.id, claim_id=claim.id)
    await defer(session, Job("conclude", {"claim_id": str(claim.id)}))
    return claim


async def must_be_read(session: AsyncSession, claim: Claim) -> bool:
    """Whether a person has still to read what was collected before it is released."""
    if claim.right != Right.ACCESS or claim.read_at is not None:
        return False
    free = {one.id for one in desk_of(session).policy.categories.values() if one.has_free_text}
    free_text = select(col(Task.id)).where(
        col(Task.claim_id) == claim.id,
        col(Task.round) == claim.round,
        col(Task.action) == "collect",
        col(Task.category).in_(free),
        col(Task.status).in_(("done", "partly_done")),
    )
    return (await session.execute(free_text.limit(1))).first() is not None


async def ask_to_read(session: AsyncSession, request: Request, *, now: datetime) -> None:
    """Put it before an officer, once."""
    open_ = select(col(ReviewItem.id)).where(
        col(ReviewItem.request_id) == request.id,
        col(ReviewItem.kind) == _TO_READ,
        col(ReviewItem.settled_at).is_(None),
    )
    if (await session.execute(open_.limit(1))).first() is None:
        session.add(ReviewItem(id=new_id(), request_id=request.id, kind=_TO_READ, at=now))


async def returned(
    session: AsyncSession, request: Request, claim: Claim
) -> list[tuple[str, str, list[dict[str, str]]]]:
    """What came back in this round: holder, category, records."""
    answered = (
        select(Task, col(System.name))
        .join(System, col(System.id) == col(Task.system_id))
        .where(
            col(Task.claim_id) == claim.id,
            col(Task.round) == claim.round,
            col(Task.action) == "collect",
            col(Task.answer_ct).is_not(None),
        )
        .order_by(col(Task.id))
    )
    found = []
    for task, holder in (await session.execute(answered)).all():
        assert task.answer_ct is not None
        answer = keyring.unseal(session, request, "task.answer", task.id, task.answer_ct)
        found += [(holder, category, rows) for category, rows in (answer["data"] or {}).items()]
    return found
