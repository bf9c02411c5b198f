"""Time as people at work count it: the hours of a working day, nothing of nights, weekends and holidays."""

import datetime as dt

from app.law.deadline import Closed, is_open, seoul_date, seoul_midnight

OPENS = dt.timedelta(hours=9)
CLOSES = dt.timedelta(hours=18)
_DAY = dt.timedelta(days=1)


def worked(start: dt.datetime, end: dt.datetime, closed: Closed) -> dt.timedelta:
    """The office hours between two moments, 09:00 to 18:00 of every open day in Seoul; nothing if `end` comes first."""
    total, day, last = dt.timedelta(), seoul_date(start), seoul_date(end)
    while day <= last:
        if is_open(day, closed):
            midnight = seoul_midnight(day)
            inside = min(end, midnight + CLOSES) - max(start, midnight + OPENS)
            total += max(inside, dt.timedelta())
        day += _DAY
    return total
