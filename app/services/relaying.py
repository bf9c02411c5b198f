"""Passing a claim on: to whom the data belongs, from whom it came, to whom it went (Act 26(8), Decree 43(2); D9).

By a task where the party is registered and takes such tasks; else a person at the desk writes to it. Either way a row
says that it has to be told, when it was, and what came of it there. The claim itself waits for neither.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.jobs import Job, defer
from app.law import deadline, relay
from app.law.relay import Passed, Why
from app.law.terms import ItemOutcome, Label, Right
from app.models import Claim, Relay, Request, ReviewItem, System, Task
from app.services import audit, flags, holds, keyring, planning, provided

BY_HAND, SILENT, RECALL = "relay.by_hand", "relay.silent", "relay.recall"
OPEN = ("to_send", "sent")
_BATCH = 500


async def plan(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> None:
    """See to it that everybody outside hears of a claim as it was decided; once a round."""
    decision = await holds.effective(session, claim)
    if decision is None or request.person_ct is None:
        return
    told = {(one.party, one.category) for one in await of(session, claim)}
    items = [(item["item"], ItemOutcome(item["outcome"])) for item in decision.items]
    for one, system in await _receivers(session, claim, items):
        if (one.party, one.category) not in told:
            await pass_on(session, request, claim, one, system, now=now)


async def pass_on(
    session: AsyncSession, request: Request, claim: Claim, one: Passed, system: System | None, *, now: datetime
) -> None:
    """One party is told: by a task where it has a system for that, else by a letter that waits for a person."""
    task = await _task(session, request, claim, one, system, now=now) if system is not None else None
    row = Relay(
        id=new_id(),
        claim_id=claim.id,
        request_id=request.id,
        round=claim.round,
        why=one.why.value,
        party=one.party,
        category=one.category,
        names=list(one.names),
        task_id=task.id if task else None,
        state="sent" if task else "to_send",
        way="system" if task else None,
        due_on=deadline.seoul_date(planning.due_at(session, claim, now)),
        at=now,
        sent_on=deadline.seoul_date(now) if task else None,
    )
    await session.flush()
    session.add(row)
    if task is None:
        session.add(ReviewItem(id=new_id(), request_id=request.id, kind=BY_HAND, at=now))
    facts = {"relay": str(row.id), "why": row.why, "party": one.party, "category": one.category}
    audit.note(session, act(row, "plan"), by=MACHINE, now=now, request_id=request.id, claim_id=claim.id, facts=facts)


async def cancel(session: AsyncSession, claim: Claim, *, now: datetime) -> None:
    """The claim is over before it was carried out: nobody is told any more, and who was hears it from a person."""
    for one in await of(session, claim):
        if one.state == "sent" and one.task_id is None:
            session.add(ReviewItem(id=new_id(), request_id=claim.request_id, kind=RECALL, at=now))
        if one.state in OPEN:
            one.state, one.version = "cancelled", one.version + 1
    await settle(session, claim.request_id, by=MACHINE, now=now)


async def follow(session: AsyncSession, task: Task, *, now: datetime) -> None:
    """A registered party has said what came of it there."""
    mine = select(Relay).where(col(Relay.task_id) == task.id).with_for_update()
    one = (await session.execute(mine)).scalar_one_or_none()
    if one is not None:
        one.result, one.version = task.status, one.version + 1
        if task.status in planning.FINAL:
            one.state, one.answered_on = "answered", deadline.seoul_date(now)
            await settle(session, one.request_id, by=MACHINE, now=now)


async def silent(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """What was to be sent or answered by now, and was not."""
    due = select(col(Relay.id)).where(
        col(Relay.state).in_(OPEN),
        col(Relay.due_on) < deadline.seoul_date(now),
        col(Relay.reminded_at).is_(None),
    )
    return list((await session.execute(due.order_by(col(Relay.due_on), col(Relay.id)).limit(_BATCH))).scalars())


async def remind(session: AsyncSession, relay_id: UUID, *, now: datetime) -> None:
    """Put it before an officer, once: what is passed on is followed to its end."""
    one = await session.get_one(Relay, relay_id, with_for_update=True, populate_existing=True)
    if one.state not in OPEN or one.reminded_at is not None:
        return
    one.reminded_at = now
    session.add(ReviewItem(id=new_id(), request_id=one.request_id, kind=SILENT, at=now))
    facts = {"relay": str(one.id), "state": one.state, "due_on": one.due_on.isoformat()}
    audit.note(
        session, act(one, "silent"), by=MACHINE, now=now, request_id=one.request_id, claim_id=one.claim_id, facts=facts
    )
    await defer(session, Job("tell_officer", {"claim_id": str(one.claim_id)}))


async def settle(session: AsyncSession, request_id: UUID, *, by: Actor, now: datetime) -> None:
    """What a person was asked to look at is settled once nothing of it is left in this request."""
    left = {
        BY_HAND: (col(Relay.state) == "to_send"),
        SILENT: col(Relay.state).in_(OPEN) & col(Relay.reminded_at).is_not(None),
    }
    await session.flush()
    for kind, still in left.items():
        if (await session.execute(select(col(Relay.id)).where(col(Relay.request_id) == request_id, still))).first():
            continue
        await flags.settle(session, request_id, kind, by=by, now=now)


async def of(session: AsyncSession, claim: Claim) -> list[Relay]:
    """Everybody who is told of a claim in this round."""
    await session.flush()
    mine = select(Relay).where(col(Relay.claim_id) == claim.id, col(Relay.round) == claim.round)
    return list((await session.execute(mine.order_by(col(Relay.id)).with_for_update())).scalars())


async def sources_told(session: AsyncSession, claim: Claim) -> tuple[Label, ...]:
    """Whom the data came from, as far as they are told of this claim."""
    names = [
        await party(session, one)
        for one in await of(session, claim)
        if one.why == Why.SOURCE and one.state != "cancelled"
    ]
    return tuple(dict.fromkeys(names))


def act(one: Relay, what: str) -> str:
    """How an act on it is called: that receivers are informed stands in no timeline, for a law may forbid to tell."""
    return f"{'inform' if one.why == Why.GIVEN else 'relay'}.{what}"


async def party(session: AsyncSession, one: Relay) -> Label:
    """The party by name, as the policy calls it, or as it is registered."""
    if one.why == Why.GIVEN:
        return await provided.recipient(session, one.party)
    policy = desk_of(session).policy
    if one.party in policy.controllers:
        return policy.controllers[one.party].label
    if one.party in policy.sources:
        return policy.sources[one.party].label
    name = (await session.get_one(System, UUID(one.party))).name
    return Label(name, name)


async def _task(
    session: AsyncSession, request: Request, claim: Claim, one: Passed, system: System, *, now: datetime
) -> Task:
    """The party is told what is asked, of which fields or purposes, and of a correction what it should say."""
    names, stops = list(one.names) or None, claim.right in (Right.SUSPENSION, Right.CONSENT_WITHDRAWAL)
    return await planning.add_task(
        session,
        request,
        claim,
        system,
        "inform" if _is_informed(one, claim, system) else "relay",
        one.category,
        now=now,
        fields=None if stops else names,
        purposes=names if stops else None,
        changes=changes(session, request, claim, one.category, one.names),
    )


def changes(
    session: AsyncSession, request: Request, claim: Claim, category: str, names: tuple[str, ...] | list[str]
) -> list[dict[str, str | None]] | None:
    """Of a correction: each field as it is said to be, and as it should be."""
    if claim.right != Right.CORRECTION:
        return None
    assert claim.detail_ct is not None
    detail = keyring.unseal(session, request, "claim.detail", claim.id, claim.detail_ct)
    return [
        {"field": one["field"], "current": one["current"], "corrected": one["corrected"]}
        for one in detail["changes"]
        if one["category"] == category and one["field"] in names
    ]


async def _receivers(
    session: AsyncSession, claim: Claim, items: list[tuple[str, ItemOutcome]]
) -> list[tuple[Passed, System | None]]:
    """Each party, with its system where it is registered under its name and takes such tasks."""
    policy, right = desk_of(session).policy, Right(claim.right)
    outside = await _outside(session)
    found: list[tuple[Passed, System | None]] = []
    known: set[UUID] = set()
    for one in relay.passed(policy, right, items):
        label = (policy.controllers if one.why is Why.OWNER else policy.sources)[one.party].label
        names = (label.ko, label.en, one.party)
        systems = [
            it for it in outside if one.category in it.categories and (it.party == one.party or it.name in names)
        ]
        found.append((one, next((it for it in systems if _takes(it)), None)))
        known |= {it.id for it in systems}
    granted = _granted(items) if right in relay.PASSED_TO_SOURCE else {}
    for system in outside:
        if system.kind == "source" and system.id not in known:
            # From whom data came is told whether the policy names them or not, by a letter where no task reaches them.
            found += [
                (Passed(Why.SOURCE, str(system.id), category, tuple(names)), system if _takes(system) else None)
                for category, names in granted.items()
                if category in system.categories
            ]
    return found


def _takes(system: System) -> bool:
    return "relay" in system.actions


def _is_informed(one: Passed, claim: Claim, system: System) -> bool:
    """Of a correction, whoever was given the data hears the result by a task of its own (policy 8.7)."""
    return one.why is Why.GIVEN and claim.right == Right.CORRECTION and "inform" in system.actions


def _granted(items: list[tuple[str, ItemOutcome]]) -> dict[str, list[str]]:
    granted: dict[str, list[str]] = {}
    for item, outcome in items:
        category, _, name = item.partition(".")
        if outcome is ItemOutcome.GRANT:
            granted.setdefault(category, []).extend([name] if name else [])
    return granted


async def _outside(session: AsyncSession) -> list[System]:
    registered = select(System).where(col(System.state) != "retired", col(System.kind).in_(("source", "third_party")))
    return list((await session.execute(registered.order_by(col(System.id)))).scalars())
