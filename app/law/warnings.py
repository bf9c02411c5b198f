"""When people of ours are warned of a day that comes: three and one working days before, on the day, after it (E2)."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.law import deadline
from app.law.deadline import Closed
from app.law.terms import WarningStep

TOLD = {
    WarningStep.THREE: ("officer",),
    WarningStep.ONE: ("officer", "approver"),
    WarningStep.TODAY: ("officer", "approver", "deputy"),
    WarningStep.OVERDUE: ("officer", "approver", "deputy"),
}
"""Who hears of each step: the officer first, then the approver, then whoever stands in for the approver."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Of which days people are warned today, and by what step."""

    step: WarningStep
    first: date
    last: date


def windows(today: date, closed: Closed) -> tuple[Window, ...]:
    """The steps of today, the least urgent first; each day falls into one, those further off into none (E2).

    A day that nobody looked, because the machine stood still, brings the most urgent step alone, never a burst.
    """
    one = deadline.working_days_after(today, 1, closed)
    three = deadline.working_days_after(today, 3, closed)
    return (
        Window(WarningStep.THREE, one + _DAY, three),
        Window(WarningStep.ONE, today + _DAY, one),
        Window(WarningStep.TODAY, today, today),
        Window(WarningStep.OVERDUE, date.min, today - _DAY),
    )


def closed_run(today: date, closed: Closed, *, least: int, within: int = 1) -> tuple[date, date] | None:
    """The next run of so many closed days, first and last, if it has begun or begins within so many days (E2)."""
    for ahead in range(within + 1):
        day = today + _DAY * ahead
        if not deadline.is_open(day, closed):
            first, last = _end(day, closed, -_DAY), _end(day, closed, _DAY)
            if (last - first).days + 1 >= least:
                return first, last
    return None


def _end(day: date, closed: Closed, step: timedelta) -> date:
    while not deadline.is_open(day + step, closed):
        day += step
    return day
