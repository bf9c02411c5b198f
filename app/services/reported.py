"""What a holder says it keeps by statute: judged, and where nobody had decided on it fenced (Act 21(1)(3)).

A deletion is not over where a holder keeps something. The desk holds it against the statutes it knows, has a person
look where these do not bear it out, keeps everybody from using it for anything else, and has it destroyed on the day
after.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import desk_of
from app.law import deadline, retention
from app.law.retention import Claimed, Judged
from app.models import Claim, Fence, Request, Task
from app.services import fences, flags, holds, itemised
from app.services.planning import FINAL

UNDECIDED, IN_PART = "kept.undecided", "task.partly_done"


def in_words(task: Task, kept: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """What is kept, each record in the words in which the task had named its statute."""
    bases = {one["record_class"]: one["basis"] for one in task.keep}
    return [{**one, "statute": bases.get(one["statute"], one["statute"])} for one in kept]


def deletes(task: Task) -> bool:
    """Whether data was to go: a withdrawal names fields only where no purpose is left for them (Act 37(3))."""
    return task.action == "delete" or (task.action == "withdraw_consent" and bool(task.fields))


async def take(session: AsyncSession, request: Request, claim: Claim, task: Task, *, now: datetime) -> None:
    """Judge what a holder has just said it keeps: what should be gone is fenced, what is doubtful is looked at."""
    decided = {one["basis"]: one["until"] for one in task.keep}
    said = (task.result or {}).get("kept", [])
    beyond = [one for one in said if one["statute"] not in decided]
    judged = [(one["statute"], _judge(session, request, claim, task, one)) for one in beyond]
    longer = any(one["until"] > decided.get(one["statute"], one["until"]) for one in said)
    if longer or any(one.doubtful for _, one in judged):
        await flags.raise_once(session, task.request_id, UNDECIDED, now=now)
    if task.status == "partly_done" and not said:
        # A part was left undone, and no statute stands against it.
        await flags.raise_once(session, task.request_id, IN_PART, now=now)
    if deletes(task) and task.status in FINAL and request.person_ct is not None:
        for statute, one in judged:
            await _fence(session, request, claim, task, statute, one, now=now)


async def of(session: AsyncSession, claim: Claim) -> list[Fence]:
    """What holders of this round have said that they keep, beyond the decision, as far as it is still there."""
    kept = await fences.of(session, claim, "kept", "destroying")
    return [one for one in kept if one.reported_by and one.round == claim.round]


def _judge(session: AsyncSession, request: Request, claim: Claim, task: Task, one: dict[str, str]) -> Judged:
    desk = desk_of(session)
    return retention.judge(
        desk.policy,
        task.category,
        Claimed(one["statute"], date.fromisoformat(one["until"])),
        deadline.seoul_date(request.arrived_at),
        statutes=desk.rulebook.named(claim.edition).records.values(),
    )


async def _fence(
    session: AsyncSession, request: Request, claim: Claim, task: Task, statute: str, one: Judged, *, now: datetime
) -> None:
    """One fence a record, whoever else has it: it ends with the last of their days."""
    record_class = one.record.id if one.record is not None else None
    item = f"{task.category}:{record_class or _slug(statute)}"
    system, facts = str(task.system_id), {"item": item, "task": str(task.id), "until": one.until.isoformat()}
    fence = await _known(session, claim, item)
    if fence is None:
        session.add(await _made(session, request, claim, task, item, statute, one, now=now))
    elif fence.state == "kept" and fence.reported_by:
        fence.until = fence.decided_until = max(fence.until, one.until)
        fence.reported_by = sorted({*fence.reported_by, system})
    else:
        # Its period is over, or people had decided on it: a holder's word changes nothing about that.
        await flags.raise_once(session, task.request_id, UNDECIDED, now=now)
        return
    fences.note(session, claim, "fence.report", now=now, facts={**facts, "doubtful": one.doubtful})


async def _made(
    session: AsyncSession,
    request: Request,
    claim: Claim,
    task: Task,
    item: str,
    statute: str,
    one: Judged,
    *,
    now: datetime,
) -> Fence:
    desk, record = desk_of(session), one.record
    whole = {field.id for field in desk.policy.categories[task.category].fields} <= set(task.fields or ())
    fields = None if whole or not task.fields else task.fields
    hold = holds.add(session, request, claim, "kept_by_law", task.category, now, fields=fields)
    await session.flush()
    category = itemised.label(desk, task.category)
    return Fence(
        id=new_id(),
        claim_id=claim.id,
        request_id=request.id,
        hold_id=hold.id,
        round=claim.round,
        item=item,
        category=task.category,
        record_class=record.id if record is not None else None,
        label=category if record is None else f"{category} - {record.label.ko}",
        basis=statute if record is None else retention.named(record),
        decided_until=one.until,
        until=one.until,
        reported_by=[str(task.system_id)],
    )


async def _known(session: AsyncSession, claim: Claim, item: str) -> Fence | None:
    await session.flush()
    same = select(Fence).where(
        col(Fence.claim_id) == claim.id, col(Fence.round) == claim.round, col(Fence.item) == item
    )
    return (await session.execute(same.with_for_update())).scalar_one_or_none()


def _slug(statute: str) -> str:
    """A name for a record of which only a holder's words for its statute are known."""
    return "said_" + hashlib.sha256(statute.encode()).hexdigest()[:12]
