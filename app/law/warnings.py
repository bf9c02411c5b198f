"""When people of ours are warned of a statutory day: three and one working days before, on the day, after it (E2)."""

from datetime import date

from app.law import deadline
from app.law.deadline import Closed
from app.law.terms import WarningStep

BEFORE = {WarningStep.THREE: 3, WarningStep.ONE: 1}
TOLD = {
    WarningStep.THREE: ("officer",),
    WarningStep.ONE: ("officer", "approver"),
    WarningStep.TODAY: ("officer", "approver", "deputy"),
    WarningStep.OVERDUE: ("officer", "approver", "deputy"),
}
"""Who hears of each step: the officer first, then the approver, then whoever stands in for the approver."""


def step(due_on: date, today: date, closed: Closed) -> WarningStep | None:
    """The most urgent warning that this day brings for a statutory day, or None (E2)."""
    if today > due_on:
        return WarningStep.OVERDUE
    if today == due_on:
        return WarningStep.TODAY
    for one, days in sorted(BEFORE.items(), key=lambda pair: pair[1]):
        if today >= deadline.working_days_before(due_on, days, closed):
            return one
    return None


def horizon(today: date, closed: Closed) -> date:
    """The last statutory day of which a warning can be due today: nothing later is looked at."""
    return max(deadline.working_days_after(today, BEFORE[WarningStep.THREE], closed), today)


def closed_run(today: date, closed: Closed, *, least: int) -> tuple[date, date] | None:
    """The next run of closed days, if it begins by tomorrow and is long enough to be told of (E2)."""
    first = today
    while deadline.is_open(first, closed) and (first - today).days < 1:
        first = date.fromordinal(first.toordinal() + 1)
    last = first
    while not deadline.is_open(date.fromordinal(last.toordinal() + 1), closed):
        last = date.fromordinal(last.toordinal() + 1)
    if deadline.is_open(first, closed) or (last - first).days + 1 < least:
        return None
    return first, last
