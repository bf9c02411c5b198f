"""What a statute keeps although it is to be deleted: fenced from every other use until its day (Act 21(1)(3)).

A fence and its hold are made in the transaction of the decision. It is one record of one category, and waits for its
own day; what comes on that day is in `fencing`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, desk_of
from app.law import retention
from app.law.controller import Policy
from app.law.terms import ItemOutcome, Right
from app.models import Claim, Fence, Request, Task
from app.services import audit, holds, itemised

_DELETING = (Right.DELETION, Right.CONSENT_WITHDRAWAL)
_ASKED = (ItemOutcome.GRANT, ItemOutcome.KEEP)


@dataclass(frozen=True, slots=True)
class Record:
    """What stays behind: the item as it was decided, the statute that keeps it, its last day, and which fields."""

    item: str
    basis: str
    until: date
    fields: list[str] | None


async def after_decision(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> None:
    """Fence each record that the decision keeps (Act 21(3), policy 8.8)."""
    decision = await holds.effective(session, claim)
    if request.person_ct is None or decision is None or claim.right not in _DELETING:
        return
    policy, items = desk_of(session).policy, decision.items
    records = [
        Record(one["item"], one["basis"], date.fromisoformat(one["until"]), _fields(policy, claim, one["item"], items))
        for one in items
        if one["outcome"] == ItemOutcome.KEEP and one["until"]
    ]
    await raise_(session, request, claim, records, now=now)


async def raise_(
    session: AsyncSession, request: Request, claim: Claim, records: Iterable[Record], *, now: datetime
) -> None:
    """One fence for each record, with a hold of its own that every other purpose meets."""
    made: dict[str, str] = {}
    for one in records:
        category, record_class = parts(one.item)
        hold = holds.add(session, request, claim, "kept_by_law", category, now, fields=one.fields)
        await session.flush()
        session.add(
            Fence(
                id=new_id(),
                claim_id=claim.id,
                request_id=request.id,
                hold_id=hold.id,
                round=claim.round,
                item=one.item,
                category=category,
                record_class=record_class,
                label=itemised.label(desk_of(session), one.item),
                basis=one.basis,
                decided_until=one.until,
                until=one.until,
            )
        )
        made[one.item] = one.until.isoformat()
    if made:
        note(session, claim, "fence.raise", now=now, facts={"until": made})


async def shorten(session: AsyncSession, claim: Claim, *, now: datetime) -> None:
    """Take over the holders' own earlier days: the record's day is theirs to know (Act 21(1) proviso).

    What a holder was not told to keep and says that it keeps has the day that it named already.
    """
    for fence in [one for one in await of(session, claim, "kept") if one.round == claim.round and not one.reported_by]:
        until = retention.shortened(fence.decided_until, await _reported(session, fence))
        if until != fence.until:
            facts = {"item": fence.item, "from": fence.until.isoformat(), "until": until.isoformat()}
            fence.until = until
            note(session, claim, "fence.shorten", now=now, facts=facts)


async def end(session: AsyncSession, claim: Claim, *states: str, now: datetime) -> None:
    """Nothing follows any more from what was kept: its claim was given up, or is decided anew."""
    for fence in await of(session, claim, *states):
        fence.state, fence.ended_at = "ended", now
        note(session, claim, "fence.end", now=now, facts={"item": fence.item})


async def of(session: AsyncSession, claim: Claim, *states: str) -> list[Fence]:
    """The fences of a claim in these states, of whatever round, under lock."""
    await session.flush()
    mine = select(Fence).where(col(Fence.claim_id) == claim.id, col(Fence.state).in_(states)).order_by(col(Fence.id))
    locked = mine.with_for_update().execution_options(populate_existing=True)
    return list((await session.execute(locked)).scalars())


async def keepers(session: AsyncSession, fence: Fence) -> list[Task]:
    """The tasks by which holders were told to keep this record, but for those who do not hold it."""
    told = select(Task).where(
        col(Task.claim_id) == fence.claim_id,
        col(Task.round) == fence.round,
        col(Task.category) == fence.category,
        col(Task.status) != "not_held",
    )
    tasks = (await session.execute(told.order_by(col(Task.id)))).scalars()
    return [task for task in tasks if any(one["record_class"] == fence.record_class for one in task.keep)]


def parts(item: str) -> tuple[str, str | None]:
    """The category of a decided item, and the record class where it is one."""
    category, _, record_class = item.partition(":")
    return category.partition(".")[0], record_class or None


def note(session: AsyncSession, claim: Claim, action: str, *, now: datetime, facts: dict[str, Any]) -> None:
    """What becomes of a fence leaves its entry; it moves no status."""
    audit.note(session, action, by=MACHINE, now=now, request_id=claim.request_id, claim_id=claim.id, facts=facts)


async def _reported(session: AsyncSession, fence: Fence) -> list[date | None]:
    """The day each holder has named for this record; None for whoever has not, or not yet."""
    return [_named(task, fence) for task in await keepers(session, fence) if task.status != "cancelled"]


def _named(task: Task, fence: Fence) -> date | None:
    said = (task.result or {}).get("kept", [])
    days = [date.fromisoformat(one["until"]) for one in said if one["statute"] in (fence.basis, fence.record_class)]
    return max(days, default=None)


def _fields(policy: Policy, claim: Claim, item: str, items: list[dict[str, Any]]) -> list[str] | None:
    """What the fence covers: a whole category (None), or the fields whose deletion was asked; a single field, itself.

    What was refused is not deleted, so it is in use and no fence stands around it.
    """
    category, record_class = parts(item)
    if record_class is None:
        return [item.partition(".")[2]]
    if claim.right == Right.CONSENT_WITHDRAWAL:
        return None
    asked = [one["item"].partition(".")[2] for one in items if _is_asked(one, category)]
    known = [field.id for field in policy.categories[category].fields]
    return None if set(known) <= set(asked) else asked


def _is_asked(one: dict[str, Any], category: str) -> bool:
    return one["item"].startswith(f"{category}.") and one["outcome"] in _ASKED
