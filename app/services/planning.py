"""Tasks: which system must do what about which category, and in which order (F3, F4).

Per asker, subject and category tasks run collect, correct, delete: a claim whose category an earlier claim still works
on waits, and is planned again when that one ends. Claims of somebody else about the same subject stand in no order with
these: a guardian, a delegate and the person themselves never wait for, or learn of, one another.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import desk_of
from app.jobs import Job, defer
from app.law import deadline
from app.law.terms import Aspect, ItemOutcome, Outcome, Right, Status
from app.models import Claim, Request, System, Task
from app.services import fenced, holds, keyring, outbox
from app.services.scope import categories_of

ACTION = {
    Right.ACCESS: "collect",
    Right.CORRECTION: "correct",
    Right.DELETION: "delete",
    Right.SUSPENSION: "suspend",
    Right.CONSENT_WITHDRAWAL: "withdraw_consent",
}
# A suspension stands in no order: it changes nothing that others work on, and a stop waits for nobody (Act 37(2)).
RANK = {Right.ACCESS: 0, Right.CORRECTION: 1, Right.DELETION: 2, Right.CONSENT_WITHDRAWAL: 2}
OPEN = ("pending", "acknowledged", "failed")
FINAL = ("done", "partly_done", "not_held")
# A hold that was never confirmed is overtaken by the correction itself; informing others follows the act.
SIDE = ("hold", "release", "inform", "resume", "preserve", "relay")
AT_WORK = (Status.VERIFIED, Status.POSTPONED, Status.APPROVED, Status.OBJECTED)
# What comes after the answer, when a statute's period ends or a measure is ordered: the claim itself waits for neither.
_LATER = col(Task.fence_id).is_not(None) | col(Task.follow_up_id).is_not(None)
_ENDING = time(18, 0)
_SEOUL = ZoneInfo("Asia/Seoul")


async def plan(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> None:
    """Make the tasks of an approved claim, but for the categories an earlier claim still works on."""
    decision = await holds.effective(session, claim)
    if decision is None or decision.outcome == Outcome.NOTHING_HELD or request.person_ct is None:
        claim.waiting = []
        return
    if claim.right == Right.ACCESS and Aspect.ITEMS not in claim.scope["aspects"]:
        # Purposes, periods, recipients and consents come from policy and registry: nobody's data is collected for them.
        claim.waiting = []
        return
    granted = _granted(decision.items)
    blocked = await _blocked(session, request, claim, set(granted))
    made = await _made(session, claim, ACTION[Right(claim.right)])
    for category in sorted(set(granted) - blocked - made):
        await _make(session, request, claim, category, granted[category], decision.items, now=now)
    claim.waiting = sorted(blocked - made)


async def is_done(session: AsyncSession, claim: Claim) -> bool:
    """Whether nothing is waiting and every task but the side ones is done or not held (none counts)."""
    if claim.waiting:
        return False
    await session.flush()
    still = select(col(Task.id)).where(
        col(Task.claim_id) == claim.id,
        col(Task.round) == claim.round,
        col(Task.status).in_(OPEN),
        col(Task.action).not_in(SIDE),
        ~_LATER,
    )
    return (await session.execute(still.limit(1))).first() is None


async def tell_hold(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> None:
    """Tell every system that holds a field under correction not to use or provide it (policy 8.7)."""
    if request.person_ct is None:
        return
    fields: dict[str, list[str]] = {}
    for change in claim.scope["changes"]:
        fields.setdefault(change["category"], []).append(change["field"])
    for category, names in sorted(fields.items()):
        for system in await _systems(session, category, "hold"):
            await add_task(session, request, claim, system, "hold", category, now=now, fields=names)


async def release(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> None:
    """Tell the systems that were told to hold that they may use the field again."""
    held = [task for task in await _tasks(session, claim) if task.action == "hold" and task.status != "cancelled"]
    for task in held:
        if task.status in ("pending", "acknowledged"):
            await cancel_task(session, task, now=now)
        system = await session.get_one(System, task.system_id)
        if system.state != "retired" and "release" in system.actions:
            await add_task(session, request, claim, system, "release", task.category, now=now, fields=task.fields)


async def destroy(
    session: AsyncSession,
    request: Request,
    claim: Claim,
    category: str,
    *,
    also: Collection[UUID] = (),
    only: bool = False,
    fields: list[str] | None = None,
    keep: list[dict[str, str]] | None = None,
    now: datetime,
    **later: Any,
) -> int:
    """Have every holder of a category destroy what nothing keeps any more (Act 21(1)); says how many were told.

    `also`: systems that had a part in it before. One that is retired since, or cannot delete, still has its duty: what
    it does not report is for a person to find out. `only`: just these, because nobody else has it any more.
    """
    told = {} if only else {system.id: system for system in await _systems(session, category, "delete")}
    for system_id in also:
        told.setdefault(system_id, await session.get_one(System, system_id))
    for system in told.values():
        await add_task(
            session, request, claim, system, "delete", category, now=now, fields=fields, keep=keep, later=later
        )  # fmt: skip
    return len(told)


async def cancel(session: AsyncSession, claim: Claim, *, now: datetime) -> None:
    """Call back every task that is not finished, but for holds: those are undone by their release."""
    for task in await _tasks(session, claim):
        if task.status in OPEN and task.action not in ("hold", "release"):
            await cancel_task(session, task, now=now)


async def resume(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> None:
    """Tell systems that have suspended, or may have, to go on."""
    for task in await _tasks(session, claim):
        if task.action == "suspend" and (task.fetched_at is not None or task.status in FINAL):
            system = await session.get_one(System, task.system_id)
            if "resume" in system.actions:
                await add_task(
                    session, request, claim, system, "resume", task.category, now=now, purposes=task.purposes
                )


async def cancel_task(session: AsyncSession, task: Task, *, now: datetime) -> None:
    """Cancel one task and tell its system by event."""
    task.status, task.finished_at, task.version = "cancelled", now, task.version + 1
    await outbox.event(session, "task.cancelled", task, now=now)


async def free_waiting(session: AsyncSession, request: Request, *, ended: Claim) -> None:
    """Have every claim that waited for this one planned again, each in a transaction of its own."""
    if request.asker_digest is None:
        return
    waiting = (
        select(col(Claim.id))
        .join(Request, col(Request.id) == col(Claim.request_id))
        .where(
            col(Request.asker_digest) == request.asker_digest,
            col(Claim.status) == Status.APPROVED,
            col(Claim.waiting) != [],
            col(Claim.id) != ended.id,
        )
    )
    for claim_id in (await session.execute(waiting)).scalars():
        await defer(session, Job("plan_again", {"claim_id": str(claim_id)}))


async def other_open(session: AsyncSession, request: Request, claim: Claim, categories: Iterable[str]) -> bool:
    """Whether another verified claim of the same asker about this person is open on one of the categories."""
    mine, policy = set(categories), desk_of(session).policy
    return any(mine & set(categories_of(policy, other)) for other in await _siblings(session, request, claim))


async def _blocked(session: AsyncSession, request: Request, claim: Claim, categories: set[str]) -> set[str]:
    rank, policy = RANK.get(Right(claim.right), 0), desk_of(session).policy
    blocked: set[str] = set()
    for other in await _siblings(session, request, claim):
        if RANK.get(Right(other.right), rank) < rank:
            blocked |= categories & set(categories_of(policy, other))
    return blocked


async def _siblings(session: AsyncSession, request: Request, claim: Claim) -> list[Claim]:
    """The other claims at work of the same asker: what somebody else asks about the person neither delays nor shows."""
    if request.asker_digest is None:
        return []
    await session.flush()
    same = (
        select(Claim)
        .join(Request, col(Request.id) == col(Claim.request_id))
        .where(
            col(Request.asker_digest) == request.asker_digest,
            col(Claim.status).in_(AT_WORK),
            col(Claim.id) != claim.id,
        )
    )
    return list((await session.execute(same)).scalars())


def _granted(items: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Category to the fields or purposes granted in it; none where it has none of its own, and is meant whole."""
    granted: dict[str, list[str]] = {}
    for item in items:
        if item["outcome"] == ItemOutcome.GRANT:
            category, _, name = item["item"].partition(".")
            granted.setdefault(category, []).extend([name] if name else [])
    return granted


async def _made(session: AsyncSession, claim: Claim, action: str) -> set[str]:
    tasks = [task for task in await _tasks(session, claim) if not (task.fence_id or task.follow_up_id)]
    return {task.category for task in tasks if task.action == action}


async def _tasks(session: AsyncSession, claim: Claim) -> list[Task]:
    await session.flush()
    mine = select(Task).where(col(Task.claim_id) == claim.id, col(Task.round) == claim.round).order_by(col(Task.id))
    return list((await session.execute(mine)).scalars())


async def _systems(session: AsyncSession, category: str, action: str) -> list[System]:
    """Who holds a category for us. Whoever it came from holds it for themselves: they are passed on to (43(2))."""
    holding = (
        select(System)
        .where(
            col(System.state) != "retired",
            col(System.kind) != "source",
            col(System.categories).contains([category]),
            col(System.actions).contains([action]),
        )
        .order_by(col(System.id))
    )
    return list((await session.execute(holding)).scalars())


async def _make(
    session: AsyncSession,
    request: Request,
    claim: Claim,
    category: str,
    names: list[str],
    items: list[dict[str, Any]],
    *,
    now: datetime,
) -> None:
    right = Right(claim.right)
    keep = [
        {"record_class": item["record_class"], "until": item["until"], "basis": item["basis"]}
        for item in items
        if item["outcome"] == ItemOutcome.KEEP and item["item"].startswith(f"{category}:")
    ]
    if right is Right.CONSENT_WITHDRAWAL:
        await _withdrawing(session, request, claim, category, names, keep, now=now)
        return
    for system in await _systems(session, category, ACTION[right]):
        match right:
            case Right.CORRECTION:
                await _correcting(session, request, claim, system, category, names, now=now)
            case Right.DELETION:
                await add_task(session, request, claim, system, "delete", category, now=now, fields=names, keep=keep)
            case Right.ACCESS:
                apart = await _kept_apart(session, request, category)
                await add_task(session, request, claim, system, "collect", category, now=now, fields=names, keep=apart)
            case _:
                await add_task(
                    session, request, claim, system, ACTION[right], category, now=now, purposes=names or None
                )


async def _withdrawing(
    session: AsyncSession,
    request: Request,
    claim: Claim,
    category: str,
    names: list[str],
    keep: list[dict[str, str]],
    *,
    now: datetime,
) -> None:
    """Where no purpose is left the data goes, but for what a statute keeps; else these purposes stop (Act 37(3)).

    A task then names the fields that go. Who keeps no consents but can delete is told to delete.
    """
    known = desk_of(session).policy.categories[category]
    withdrawn = await holds.stopped(session, request, category, ("consent_withdrawn",))
    goes = [field.id for field in known.fields] if set(known.purposes) <= withdrawn else None
    told = await _systems(session, category, "withdraw_consent")
    for system in told:
        await add_task(
            session, request, claim, system, "withdraw_consent", category, now=now,
            purposes=names, fields=goes, keep=keep,
        )  # fmt: skip
    for system in await _systems(session, category, "delete") if goes is not None else ():
        if system not in told:
            await add_task(session, request, claim, system, "delete", category, now=now, fields=goes, keep=keep)


async def _kept_apart(session: AsyncSession, request: Request, category: str) -> list[dict[str, str]]:
    """What a statute still keeps of an earlier deletion: the holder is to look there too (Act 35(1), 21(3))."""
    return [
        {"record_class": one.record_class, "until": one.until.isoformat(), "basis": one.basis}
        for one in await fenced.of(session, request)
        if one.category == category and one.record_class is not None
    ]


async def _correcting(
    session: AsyncSession,
    request: Request,
    claim: Claim,
    system: System,
    category: str,
    names: list[str],
    *,
    now: datetime,
) -> None:
    assert claim.detail_ct is not None
    detail = keyring.unseal(session, request, "claim.detail", claim.id, claim.detail_ct)
    changes = [
        {"field": change["field"], "current": change["current"], "corrected": change["corrected"]}
        for change in detail["changes"]
        if change["category"] == category and change["field"] in names
    ]
    fields = [change["field"] for change in changes]
    await add_task(session, request, claim, system, "correct", category, now=now, fields=fields, changes=changes)


async def add_task(
    session: AsyncSession,
    request: Request,
    claim: Claim,
    system: System,
    action: str,
    category: str,
    *,
    now: datetime,
    fields: list[str] | None = None,
    purposes: list[str] | None = None,
    keep: list[dict[str, str]] | None = None,
    changes: list[dict[str, Any]] | None = None,
    later: dict[str, Any] | None = None,
) -> Task:
    """One thing for one system to do, and the event that tells it."""
    own_day = due_at(session, claim, now, days=system.due_working_days)
    when: dict[str, Any] = {"round": claim.round, "due_at": own_day} | (later or {})
    task_id = new_id()
    sealed = keyring.seal(session, request, "task.changes", task_id, changes) if changes is not None else None
    task = Task(
        id=task_id,
        claim_id=claim.id,
        request_id=request.id,
        system_id=system.id,
        action=action,
        category=category,
        status="pending",
        fields=fields,
        purposes=purposes,
        keep=keep or [],
        changes_ct=sealed,
        created_at=now,
        **when,
    )
    session.add(task)
    await outbox.event(session, "task.created", task, now=now)
    return task


def due_at(session: AsyncSession, claim: Claim, now: datetime, *, days: int | None = None) -> datetime:
    """A holder's own due day: some working days on, and always before the claim's internal day comes (F4).

    On that day the person is told who is silent: until then its contact and an officer have had their time. `days` is
    what the registry allows this holder, where that is otherwise than the policy has it.
    """
    last = deadline.working_days_before(claim.internal_on, 1, desk_of(session).closed)
    return due_within(session, last, now, days=days)


def due_within(session: AsyncSession, last: date, now: datetime, *, days: int | None = None) -> datetime:
    """A holder's own due day, inside another one."""
    desk = desk_of(session)
    today = deadline.seoul_date(now)
    own = deadline.working_days_after(today, days or desk.policy.settled.task_working_days, desk.closed)
    day = max(min(own, last), today)
    at = datetime.combine(day, _ENDING, tzinfo=_SEOUL).astimezone(UTC)
    return at if at > now else now + timedelta(hours=1)
