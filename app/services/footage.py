"""Footage that a claim asks for (policy 14.7): preserved at filing, looked for when granted, released in the end.

The order to preserve names a place and a stretch of time and nobody, so it goes out before anybody has proved who they
are, and is the same whoever asks. What two claims need is released when neither does. Every change of a row is made
under the lock of its site, after those of its case.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.jobs import Job, defer
from app.law import footage as law
from app.law.controller import Cameras
from app.law.footage import Window
from app.law.terms import FootageKind, ItemOutcome, Status
from app.models import Assessment, Claim, Decision, Footage, Hold, Request, System, Task, Viewing
from app.services import audit, flags, holds, keyring, outbox, planning

GONE = "footage.gone"
HOLD = "preserved"
_BASIS = "처리방침 14장 4·7"
_STANDING = ("asked", "preserved", "releasing")
_LOOKS_ANEW = (Status.VERIFIED, Status.POSTPONED)


async def order(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> None:
    """Have the recorder keep what a claim asks for, the moment it is filed (policy 14.4)."""
    asked, seen = claim.scope["media"], cameras(session)
    window = window_of(asked)
    row = Footage(
        claim_id=claim.id,
        request_id=request.id,
        site_id=UUID(asked["site"]),
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        kind=asked["kind"],
        ground=asked["ground"],
        overwritten_from=law.overwritten_from(window, seen.kept_days),
        likely_expired=asked["likely_expired"],
    )
    await _lock(session, row.site_id)
    session.add(row)
    [category] = claim.scope["categories"]
    session.add(Hold(id=new_id(), claim_id=claim.id, kind=HOLD, category=category, basis=_BASIS, since=now))
    due_at = law.order_due(window, seen.kept_days, now=now, hours=seen.order_hours)
    await _task(session, row, claim, "preserve", due_at=due_at, now=now)
    _note(session, row, "footage.preserve", by=MACHINE, now=now, facts={"site": asked["site"]})


async def look_for(session: AsyncSession, claim: Claim, *, now: datetime) -> None:
    """Have the place look for what was granted: whether it is there, where and when it can be seen (Decree 41(5))."""
    claim.waiting = []
    decision, row = await holds.effective(session, claim), await session.get_one(Footage, claim.id)
    granted = decision is not None and any(one["outcome"] == ItemOutcome.GRANT for one in decision.items)
    if granted and row.state != "not_held":
        await _task(session, row, claim, "collect", due_at=planning.due_at(session, claim, now), now=now)


async def answered(
    session: AsyncSession, request: Request, claim: Claim, task: Task, *, by: Actor, now: datetime
) -> None:
    """What the place reported becomes the state of the footage, and a line of its ledger."""
    row = await _locked(session, claim.id)
    match task.action, task.status:
        case "preserve", "not_held":
            row.state, row.ended_at = "not_held", now
            await holds.lift(session, claim, kinds=(HOLD,), now=now)
            await _look_anew(session, claim, now=now)
        case "preserve", "failed":
            await defer(session, Job("tell_officer", {"claim_id": str(claim.id)}))
        case "preserve", _:
            row.state, row.preserved_at = "preserved", now
            record(session, request, row, "preserve", {}, by=by, now=now)
        case "collect", "done" | "partly_done" | "not_held" if row.kind == FootageKind.EXISTENCE:
            found = "없음" if task.status == "not_held" else "있음"
            record(session, request, row, "existence", {"form": found}, by=by, now=now)
        case "release", "done" | "partly_done" | "not_held":
            await _ended(session, request, row, by=by, now=now)


async def refused(
    session: AsyncSession, request: Request, claim: Claim, reason: str, *, by: Actor, now: datetime
) -> None:
    """That it was refused, and why, stands in the ledger (Standard Guideline, 개인영상정보의 열람등 요구)."""
    row = await session.get_one(Footage, claim.id)
    record(session, request, row, "refuse", {"reason": reason}, by=by, now=now)


async def give_up(session: AsyncSession, claim: Claim, *, now: datetime) -> None:
    """A claim needs its footage no longer: release it, unless another claim needs a part of it."""
    row = await _locked(session, claim.id)
    if row.given_up_at is None and row.state in _STANDING:
        row.given_up_at = now
        await _cancel_order(session, row, now=now)
        await _release_free(session, row.site_id, now=now)


def record(
    session: AsyncSession,
    request: Request,
    row: Footage,
    act: str,
    details: dict[str, Any],
    *,
    by: Actor,
    now: datetime,
    window: Window | None = None,
    masked: bool = False,
    seen_at: datetime | None = None,
) -> Viewing:
    """Write one line of the ledger (개인영상정보 관리대장); what names a person or a file is sealed."""
    line = Viewing(
        id=new_id(),
        claim_id=row.claim_id,
        request_id=row.request_id,
        site_id=row.site_id,
        act=act,
        recorded_from=window.starts_at if window else row.starts_at,
        recorded_to=window.ends_at if window else row.ends_at,
        masked=masked,
        seen_at=seen_at or now,
        at=now,
        by_role=by.role,
        by_id=by.id,
    )
    if details:
        line.details_ct = keyring.seal(session, request, "viewing.details", line.id, details)
    session.add(line)
    _note(session, row, f"footage.{act}" if act != "preserve" else "footage.preserved", by=by, now=now)
    return line


def window_of(asked: dict[str, Any]) -> Window:
    """The stretch of time as a claim's scope has it."""
    return Window(datetime.fromisoformat(asked["from"]), datetime.fromisoformat(asked["to"]))


def cameras(session: AsyncSession) -> Cameras:
    """What the policy says of its cameras; nobody files for footage where it says nothing."""
    found = desk_of(session).policy.cameras
    assert found is not None
    return found


async def _look_anew(session: AsyncSession, claim: Claim, *, now: datetime) -> None:
    """What was assessed before the recorder answered is assessed again; what somebody proposed is put before them."""
    if claim.status not in _LOOKS_ANEW:
        return
    mine = col(Decision.claim_id) == claim.id, col(Decision.round) == claim.round, col(Decision.state) == "proposed"
    if (await session.execute(select(col(Decision.id)).where(*mine).limit(1))).first() is not None:
        await flags.raise_once(session, claim.request_id, GONE, now=now)
        return
    stale = delete(Assessment).where(col(Assessment.claim_id) == claim.id, col(Assessment.round) == claim.round)
    await session.execute(stale)
    await defer(session, Job("assess", {"claim_id": str(claim.id)}))


async def _cancel_order(session: AsyncSession, row: Footage, *, now: datetime) -> None:
    for task in await _tasks(session, row, "preserve"):
        if task.status in planning.OPEN:
            await planning.cancel_task(session, task, now=now)


async def _release_free(session: AsyncSession, site_id: UUID, *, now: datetime) -> None:
    """Release whatever of a site was given up and no claim needs any more."""
    await session.flush()
    standing = select(Footage).where(
        col(Footage.site_id) == site_id, col(Footage.ended_at).is_(None), col(Footage.state).in_(_STANDING)
    )
    rows = list((await session.execute(standing.order_by(col(Footage.claim_id)))).scalars())
    needed = [_window(row) for row in rows if row.given_up_at is None]
    for row in rows:
        if row.given_up_at is not None and row.state != "releasing" and not _is_in(needed, _window(row)):
            await _release(session, row, now=now)


async def _release(session: AsyncSession, row: Footage, *, now: datetime) -> None:
    """Let the recorder write over it again; an order that nobody ever fetched is just called back."""
    claim = await session.get_one(Claim, row.claim_id)
    await holds.lift(session, claim, kinds=(HOLD,), now=now)
    if all(task.fetched_at is None and task.status == "cancelled" for task in await _tasks(session, row, "preserve")):
        row.state, row.ended_at = "released", now
        return
    row.state = "releasing"
    await _task(session, row, claim, "release", due_at=planning.due_at(session, claim, now), now=now)


async def _ended(session: AsyncSession, request: Request, row: Footage, *, by: Actor, now: datetime) -> None:
    """Released to ordinary overwriting; a copy that the place made for the claim is destroyed with it."""
    record(session, request, row, "release", {}, by=by, now=now)
    row.state, row.ended_at = "released", now
    if row.kind == FootageKind.COPY and await _was_looked_for(session, row):
        record(session, request, row, "destroy", {"form": "사본"}, by=by, now=now)
        row.state = "destroyed"


async def _was_looked_for(session: AsyncSession, row: Footage) -> bool:
    return any(task.status in ("done", "partly_done") for task in await _tasks(session, row, "collect"))


async def _task(
    session: AsyncSession, row: Footage, claim: Claim, action: str, *, due_at: datetime, now: datetime
) -> None:
    """A task for the site: which footage, and nothing of who asks."""
    task = Task(
        id=new_id(),
        claim_id=claim.id,
        request_id=claim.request_id,
        system_id=row.site_id,
        action=action,
        category=claim.scope["categories"][0],
        status="pending",
        round=claim.round,
        media={
            "site": str(row.site_id),
            "from": claim.scope["media"]["from"],
            "to": claim.scope["media"]["to"],
            **({"kind": row.kind} if action == "collect" else {}),
            **({"destroys_copy": row.kind == FootageKind.COPY} if action == "release" else {}),
        },
        due_at=due_at,
        created_at=now,
    )
    session.add(task)
    await outbox.event(session, "task.created", task, now=now)


async def _tasks(session: AsyncSession, row: Footage, action: str) -> list[Task]:
    await session.flush()
    mine = select(Task).where(col(Task.claim_id) == row.claim_id, col(Task.action) == action)
    found = await session.execute(mine.order_by(col(Task.id)).execution_options(populate_existing=True))
    return list(found.scalars())


async def _locked(session: AsyncSession, claim_id: UUID) -> Footage:
    row = await session.get_one(Footage, claim_id)
    await _lock(session, row.site_id)
    await session.refresh(row)
    return row


async def _lock(session: AsyncSession, site_id: UUID) -> None:
    """One at a time for a site: who releases sees every claim that still needs a part, and the other way round.

    Tasks and deliveries name the site by a foreign key, so the lock leaves its key free: nobody waits in a circle.
    """
    one = select(col(System.id)).where(col(System.id) == site_id)
    await session.execute(one.with_for_update(key_share=True))


def _window(row: Footage) -> Window:
    return Window(row.starts_at, row.ends_at)


def _is_in(needed: Iterable[Window], window: Window) -> bool:
    return any(one.overlaps(window) for one in needed)


def _note(
    session: AsyncSession,
    row: Footage,
    action: str,
    *,
    by: Actor,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    audit.note(session, action, by=by, now=now, request_id=row.request_id, claim_id=row.claim_id, facts=facts)
