"""The day on which a statute stops keeping a record: the deletion that was asked for is carried out (policy 8.8).

The status of the claim does not move: it was answered long ago. A fence goes from kept to destroying when its holders
are told, and to destroyed when the last of them has done it or does not hold it. Then its hold is lifted, and the
person is told.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crashpoints import crashpoint
from app.db import new_id
from app.desk import desk_of
from app.law import deadline, keeping
from app.law.terms import Status
from app.models import Claim, Fence, Hold, Request, ReviewItem, Task
from app.services import afterwards, casebook, disclosure, fences, holds, planning, telling

OVERDUE = "fence.overdue"
_BATCH = 500
_OPEN = ("kept", "destroying")


async def due(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Fences whose last day of keeping is over; one that is objected to or frozen waits for the word on it."""
    over = (
        select(col(Fence.id))
        .join(Claim, col(Claim.id) == col(Fence.claim_id))
        .where(
            col(Fence.state) == "kept",
            col(Fence.until) < deadline.seoul_date(now),
            col(Claim.status) != Status.OBJECTED,
            ~_is_frozen(),
        )
        .order_by(col(Fence.until), col(Fence.id))
    )
    return list((await session.execute(over.limit(_BATCH))).scalars())


async def destroy(session: AsyncSession, fence_id: UUID, *, now: datetime) -> None:
    """Have its holders destroy the record, from the day after the last of keeping on (Act 21(1), Civil Act 159)."""
    found = await session.get_one(Fence, fence_id)
    case, claim = await casebook.open(session, found.claim_id)
    fence = await _locked(session, fence_id)
    waits = claim.status == Status.OBJECTED or case.request.frozen_at is not None
    if fence.state != "kept" or waits or not keeping.destroyed_from(fence.until, deadline.seoul_date(now)):
        return
    fence.state, fence.begun_at = "destroying", now
    days = desk_of(session).rulebook.named(claim.edition).destruction.days
    told = await planning.destroy(
        session,
        case.request,
        claim,
        fence.category,
        also=await _keepers(session, fence),
        only=bool(fence.reported_by),
        fields=await _fields(session, fence),
        now=now,
        record_class=fence.record_class,
        fence_id=fence.id,
        round=fence.round,
        due_at=planning.due_within(session, deadline.seoul_date(now) + timedelta(days=days), now),
    )
    crashpoint("fence.before_commit")
    facts = {"item": fence.item, "until": fence.until.isoformat(), "holders": told}
    fences.note(session, claim, "fence.begin", now=now, facts=facts)
    await settle(session, claim, fence.id, now=now)


async def settle(session: AsyncSession, claim: Claim, fence_id: UUID | None, *, now: datetime) -> None:
    """A holder has answered, or there is none: destroyed once the last has done it or does not hold it."""
    if fence_id is None:
        return
    fence = await _locked(session, fence_id)
    if fence.state != "destroying" or await _is_open(session, fence):
        return
    fence.state, fence.destroyed_at = "destroyed", now
    if fence.hold_id is not None:
        await holds.lift_one(session, fence.hold_id, now=now)
    facts = {"item": fence.item, "basis": fence.basis, "until": fence.until.isoformat()}
    fences.note(session, claim, "fence.destroy", now=now, facts=facts)
    await tell(session, claim.id, now=now)


async def untold(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Claims of which something was destroyed and nobody told: a stop, or another record, was in the way."""
    waiting = select(col(Fence.claim_id)).where(
        col(Fence.state) == "destroyed", col(Fence.notice_id).is_(None), ~_is_frozen()
    )
    return list((await session.execute(waiting.distinct().limit(_BATCH))).scalars())


async def tell(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """The notice of destruction, once for all that ended together, and a word that it is there."""
    case, claim = await casebook.open(session, claim_id)
    destroyed = [one for one in await fences.of(session, claim, "destroyed") if one.notice_id is None]
    if not destroyed or case.request.frozen_at is not None or await fences.of(session, claim, "destroying"):
        return
    facts = await disclosure.facts_of(session, case, claim, now=now)
    content = afterwards.destroyed(desk_of(session), facts, destroyed)
    notice = await disclosure.keep(session, facts, content, f"destroyed_{destroyed[0].id.hex}", now=now)
    for fence in destroyed:
        fence.notice_id = notice.id
    await telling.tell_party(session, case.request, "fenced_destroyed", facts.who, notice=notice, now=now)


async def overdue(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Fences whose holders should have destroyed the record by now, and which no person has been told of."""
    late = exists().where(
        col(Task.fence_id) == col(Fence.id), col(Task.status).in_(planning.OPEN), col(Task.due_at) < now
    )
    known = exists().where(
        col(ReviewItem.request_id) == col(Fence.request_id),
        col(ReviewItem.kind) == OVERDUE,
        col(ReviewItem.at) >= col(Fence.begun_at),
    )
    found = select(col(Fence.id)).where(col(Fence.state) == "destroying", late, ~known)
    return list((await session.execute(found.limit(_BATCH))).scalars())


async def remind(session: AsyncSession, fence_id: UUID, *, now: datetime) -> None:
    """Put a record that is still there after its period before an officer (Act 21(1))."""
    found = await session.get_one(Fence, fence_id)
    case, claim = await casebook.open(session, found.claim_id)
    if fence_id not in await overdue(session, now=now):
        return
    session.add(ReviewItem(id=new_id(), request_id=case.request.id, kind=OVERDUE, at=now))
    fences.note(session, claim, "fence.overdue", now=now, facts={"item": found.item})
    await telling.tell_desk(session, claim.id, "officer_todo", now=now, due_on=found.until + timedelta(days=1))


async def listed(
    session: AsyncSession,
    *,
    until_before: date | None,
    states: Sequence[str] | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Fences by their last day, in keyset pages: what is kept or being destroyed, unless other states are named."""
    page = select(Fence).where(col(Fence.state).in_(states or _OPEN)).order_by(col(Fence.until), col(Fence.id))
    if until_before is not None:
        page = page.where(col(Fence.until) < until_before)
    if after is not None:
        day, last = after
        page = page.where((col(Fence.until) > day) | ((col(Fence.until) == day) & (col(Fence.id) > last)))
    return [_brief(one) for one in (await session.execute(page.limit(limit))).scalars()]


def _brief(fence: Fence) -> dict[str, Any]:
    return {
        "id": str(fence.id),
        "claim_id": str(fence.claim_id),
        "request_id": str(fence.request_id),
        "item": fence.item,
        "category": fence.category,
        "record_class": fence.record_class,
        "basis": fence.basis,
        "until": fence.until.isoformat(),
        "reported": bool(fence.reported_by),
        "state": fence.state,
        "begun_at": _moment(fence.begun_at),
        "destroyed_at": _moment(fence.destroyed_at),
    }


def _moment(at: datetime | None) -> str | None:
    return deadline.seoul_time(at).isoformat() if at else None


async def _keepers(session: AsyncSession, fence: Fence) -> list[UUID]:
    """Who was told to keep it, or said that they do."""
    if fence.reported_by:
        return [UUID(one) for one in fence.reported_by]
    return [task.system_id for task in await fences.keepers(session, fence)]


async def _fields(session: AsyncSession, fence: Fence) -> list[str] | None:
    """The fields that go: none are named where the record is."""
    if fence.record_class is not None:
        return None
    if not fence.reported_by:
        return [fence.item.partition(".")[2]]
    hold = await session.get(Hold, fence.hold_id)
    known = desk_of(session).policy.categories[fence.category].fields
    return (hold.fields if hold is not None else None) or [field.id for field in known]


async def _is_open(session: AsyncSession, fence: Fence) -> bool:
    await session.flush()
    still = select(col(Task.id)).where(col(Task.fence_id) == fence.id, col(Task.status).in_(planning.OPEN))
    return (await session.execute(still.limit(1))).first() is not None


async def _locked(session: AsyncSession, fence_id: UUID) -> Fence:
    return await session.get_one(Fence, fence_id, with_for_update=True, populate_existing=True)


def _is_frozen() -> ColumnElement[bool]:
    return exists().where(col(Request.id) == col(Fence.request_id), col(Request.frozen_at).is_not(None))
