"""What becomes of data whose processing was stopped (Act 37(5)): one row a category, with a day of its own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, desk_of
from app.law import deadline, follow_up
from app.law.terms import ItemOutcome, Right
from app.models import Claim, FollowUp
from app.services import audit, holds

UNDONE = ("open", "proposed", "ordered")


async def open_(session: AsyncSession, claim: Claim, *, now: datetime) -> None:
    """Once a suspension is answered, each category it stopped wants a measure within days; the first answer counts."""
    if claim.right != Right.SUSPENSION:
        return
    desk = desk_of(session)
    answering = desk.rulebook.named(claim.edition).follow_up
    due_on = follow_up.due(deadline.seoul_date(now), answering.days, desk.closed)
    known = {one.category for one in await of_round(session, claim)}
    stopped = await _stopped(session, claim)
    opened = [one for one in stopped if one not in known and desk.policy.categories[one].purposes]
    session.add_all(
        FollowUp(
            id=new_id(),
            claim_id=claim.id,
            request_id=claim.request_id,
            round=claim.round,
            category=category,
            due_on=due_on,
            at=now,
        )
        for category in opened
    )
    if opened:
        facts = {"categories": opened, "due_on": due_on.isoformat()}
        _note(session, claim, "follow_up.open", now=now, facts=facts)


async def end(session: AsyncSession, claim: Claim, *, now: datetime) -> None:
    """The processing goes on again, or the stop is decided anew: no measure follows from it."""
    ended = [one for one in await of_round(session, claim) if one.state in UNDONE]
    for row in ended:
        row.state, row.done_at, row.version = "ended", now, row.version + 1
    if ended:
        facts = {"categories": [one.category for one in ended]}
        _note(session, claim, "follow_up.end", now=now, facts=facts)


async def of_round(session: AsyncSession, claim: Claim) -> list[FollowUp]:
    """The rows of this round, under lock."""
    await session.flush()
    mine = (
        select(FollowUp)
        .where(col(FollowUp.claim_id) == claim.id, col(FollowUp.round) == claim.round)
        .order_by(col(FollowUp.id))
    )
    locked = mine.with_for_update().execution_options(populate_existing=True)
    return list((await session.execute(locked)).scalars())


async def _stopped(session: AsyncSession, claim: Claim) -> Iterable[str]:
    decision = await holds.effective(session, claim)
    items = decision.items if decision else []
    granted = [one["item"] for one in items if one["outcome"] == ItemOutcome.GRANT]
    return dict.fromkeys(one.partition(".")[0] for one in granted)


def _note(session: AsyncSession, claim: Claim, action: str, *, now: datetime, facts: dict[str, Any]) -> None:
    audit.note(session, action, by=MACHINE, now=now, request_id=claim.request_id, claim_id=claim.id, facts=facts)
