"""Counting periods by the calendar (Civil Act 157 to 160)."""

import calendar
from datetime import date, timedelta

from app.law.terms import Span

_DAY = timedelta(days=1)


def last_day(event: date, span: Span) -> date:
    """The last day of a period that follows an event (Civil Act 157, 159, 160).

    The day of the event is not counted. Months and years run by the calendar from the day after it and end the day
    before the corresponding day, or with the month where there is no such day. Nothing rolls over a holiday here:
    what must be held at most so long is not held longer, and what must be kept is kept to the day.
    """
    return _before_corresponding(event + _DAY, span.years * 12 + span.months) + _DAY * span.days


def destroy_from(event: date, span: Span) -> date:
    """The first day on which what was kept for the period is to be destroyed (Act 21(1), Civil Act 159)."""
    return last_day(event, span) + _DAY


def _before_corresponding(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    length = calendar.monthrange(year, month)[1]
    if start.day > length:
        return date(year, month, length)
    return date(year, month, start.day) - _DAY
