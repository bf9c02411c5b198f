"""A claim's own clock, where it begins anew: the old day stays among the steps, so that it can be explained (E1)."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import desk_of
from app.law import deadline
from app.law.deadline import Began, Deadline
from app.models import Claim


def of(session: AsyncSession, days: int, basis: str, *, event: Began, at: datetime) -> Deadline:
    """The day to answer what happened at a moment, by this desk's calendar and margin."""
    desk = desk_of(session)
    margin = desk.policy.settled.internal_margin_working_days
    return deadline.due(deadline.seoul_date(at), days, desk.closed, basis=basis, margin=margin, event=event)


def restart(session: AsyncSession, claim: Claim, days: int, basis: str, *, event: Began, now: datetime) -> None:
    """A new day for the claim; the steps that led to the old one stay before those of the new."""
    clock = of(session, days, basis, event=event, at=now)
    claim.due_on, claim.internal_on = clock.due_on, clock.internal_on
    claim.due_steps = [*claim.due_steps, *stored(clock)]


def stored(clock: Deadline) -> list[dict[str, Any]]:
    """The steps as they are stored and shown: what a person was told once is what they read later."""
    return [
        {
            "date": step.date.isoformat(),
            "step": step.step,
            "basis": step.basis,
            "text": {"ko": step.text.ko, "en": step.text.en},
        }
        for step in clock.steps
    ]
