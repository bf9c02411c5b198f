"""How long papers and the data of who asks for somebody else are kept (Act 21(1), policy 9.2; Standard Guideline 13).

They were handed in to show a standing. Once nothing can turn on that any more they are destroyed, on days that a
request's own claims give; what stays is the proof that it was done.

The person asked about and the key of the request are none of these: they outlive the fences of its claims. As long as a
statute keeps a record, the deletion that was asked for is still owed, and on its day the holders must be told whom it
is about and the person that it is done (Act 21(1)(3), policy 8.8). Years after the last of that the request itself is
destroyed, once an approver has confirmed it.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.law.controller import Settled
from app.law.period import last_day
from app.law.terms import Span, Status


@dataclass(frozen=True, slots=True)
class End:
    """Where one claim stands, the day on which it ended, and until when its person may object (Act 38(5))."""

    status: Status
    on: date | None
    objection_until: date | None = None


def evidence_until(ends: Iterable[End], settled: Settled) -> date | None:
    """The last day on which the papers of a request are kept (Act 21(1)); None as long as a claim is open.

    A notice can be objected to, and so can a lapse: the papers wait for that. Who withdrew has nothing to object to.
    """
    return _latest(_paper_day(end, settled) for end in ends)


def requester_until(ends: Iterable[End], settled: Settled, *, confirmed: bool) -> date | None:
    """The last day on which the data of a guardian or delegate is kept (Act 21(1)); None as long as a claim is open.

    Of one who was never confirmed it goes within days, objection or not (Standard Guideline 13): we cannot know
    whose data it is.
    """
    return _latest(_requester_day(end, settled, confirmed) for end in ends)


def request_until(ended: date, settled: Settled) -> date:
    """The last day on which a request is kept whose last step was taken on a day (Act 21(1), Civil Act 160)."""
    return last_day(ended, Span(years=settled.requests_kept_years))


def kept_from(on: date, years: int) -> date:
    """The first day of which what happened is still kept, so many years long (Civil Act 160)."""
    year = on.year - years
    leaps = (on.month, on.day) == (2, 29) and not calendar.isleap(year)
    return on.replace(year=year, day=28) if leaps else on.replace(year=year)


def destroyed_from(until: date | None, on: date) -> bool:
    """Whether the day has come: the last day itself still belongs to the keeping (Civil Act 159)."""
    return until is not None and on > until


def _paper_day(end: End, settled: Settled) -> date | None:
    match end.status:
        case Status.CLOSED:
            return end.objection_until
        case Status.LAPSED:
            return _after(end.on, settled.objection_window_days)
        case Status.WITHDRAWN:
            return _after(end.on, settled.unconfirmed_days)
        case _:
            return None


def _requester_day(end: End, settled: Settled, confirmed: bool) -> date | None:
    if end.status is Status.LAPSED and not confirmed:
        return _after(end.on, settled.unconfirmed_days)
    return _paper_day(end, settled)


def _after(on: date | None, days: int) -> date | None:
    return on + timedelta(days=days) if on is not None else None


def _latest(days: Iterable[date | None]) -> date | None:
    """The last of the days; None where one is open, or where there is none at all."""
    found: list[date] = []
    for day in days:
        if day is None:
            return None
        found.append(day)
    return max(found, default=None)
