"""The statutory day, explained step by step (Decree 41(4), 43(3), 44(2); Civil Act 157, 161)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.law.terms import Label

# Names the public holiday that a day is, or None. Saturday and Sunday are tested here, by the calendar.
Closed = Callable[[dt.date], str | None]

_DAY = dt.timedelta(days=1)
_WEEKEND = {5: Label("토요일", "Saturday"), 6: Label("일요일", "Sunday")}
# Korea has kept UTC+9 without summer time since 1988; a fixed offset needs no zone files on the machine.
_SEOUL = dt.timezone(dt.timedelta(hours=9))


class Began(StrEnum):
    """What a period is counted from (Civil Act 157)."""

    ARRIVED = "arrived"
    RESUMED = "resumed"
    UPHELD = "objection upheld"
    OBJECTED = "objection arrived"


_BEGAN = {
    Began.ARRIVED: Label("요구가 도착한 날", "the request arrived"),
    Began.RESUMED: Label("미루었던 요구를 다시 시작한 날", "the request that was put off went on"),
    Began.UPHELD: Label("이의제기를 받아들인 날", "the objection was upheld"),
    Began.OBJECTED: Label("이의제기가 도착한 날", "the objection arrived"),
}
_LAST = Label("답변하는 마지막 날입니다.", "The last day to answer.")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the computation: the day, what it is, the article it rests on, and the same as people read it."""

    date: dt.date
    step: str
    basis: str
    text: Label


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day due, the tenth day before any roll, our own earlier day, and how it was counted."""

    due_on: dt.date
    raw_on: dt.date
    internal_on: dt.date
    steps: tuple[Step, ...]


def due(
    arrived_on: dt.date, days: int, closed: Closed, *, basis: str, margin: int, event: Began = Began.ARRIVED
) -> Deadline:
    """The last day to answer what arrived on a day (Decree 41(4), 43(3), 44(2); Civil Act 157, 159, 161).

    The day of arrival is not counted, whatever day it is; days between are counted, open or closed; only the last
    day moves on, to the first that is neither Saturday, Sunday nor public holiday. `event` is what began it, where
    that was not the arrival.
    """
    raw_on = arrived_on + _DAY * days
    steps = [_first(arrived_on, event), _tenth(raw_on, days, basis)]
    due_on = raw_on
    while reason := _why_closed(due_on, closed):
        steps.append(_moved(due_on, reason))
        due_on += _DAY
    if due_on != raw_on:
        steps.append(
            Step(due_on, "last day", "민법 161", Label("답변하는 마지막 날입니다.", "The last day to answer."))
        )
    return Deadline(due_on, raw_on, _internal(arrived_on, raw_on, closed, margin), tuple(steps))


def working_days_before(day: dt.date, n: int, closed: Closed) -> dt.date:
    """The n-th working day before a day, itself not counted; for our own warnings, not a period of the Act 35 to 38."""
    return _walk(day, n, closed, -_DAY)


def working_days_after(day: dt.date, n: int, closed: Closed) -> dt.date:
    """The n-th working day after a day, itself not counted (first day excluded, as in Civil Act 157)."""
    return _walk(day, n, closed, _DAY)


def is_open(day: dt.date, closed: Closed) -> bool:
    """Whether a day is a working day: neither Saturday, Sunday nor public holiday (Civil Act 161)."""
    return _why_closed(day, closed) is None


def seoul_date(moment: dt.datetime) -> dt.date:
    """The Korean date of a moment: what arrives at 00:05 in Seoul arrives that day (Civil Act 157)."""
    return seoul_time(moment).date()


def seoul_time(moment: dt.datetime) -> dt.datetime:
    """The same moment on a Korean clock, as people are told it (Decree 41(5): date and time)."""
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset has no time in Seoul")
    return moment.astimezone(_SEOUL)


def seoul_midnight(day: dt.date) -> dt.datetime:
    """The first moment of a Korean date (Civil Act 157)."""
    return dt.datetime.combine(day, dt.time(), tzinfo=_SEOUL)


def _first(day: dt.date, event: Began) -> Step:
    began = _BEGAN[event]
    text = Label(
        f"{began.ko}입니다. 첫날은 세지 않습니다.", f"The day on which {began.en}; the first day is not counted."
    )
    return Step(day, f"{event}, not counted", "민법 157", text)


def _tenth(day: dt.date, days: int, basis: str) -> Step:
    text = Label(f"그다음 날부터 세어 {days}일째 되는 날입니다.", f"Day {days}, counted from the day after.")
    return Step(day, f"day {days}", basis, text)


def _moved(day: dt.date, reason: Label) -> Step:
    text = Label(f"{reason.ko}이어서 다음 날로 넘어갑니다.", f"{reason.en}, so it moves to the next day.")
    return Step(day, f"{reason.en}, moved on", "민법 161", text)


def _internal(arrived_on: dt.date, raw_on: dt.date, closed: Closed, margin: int) -> dt.date:
    """The roll is never relied on: the last working day by the raw day, less the margin (Act 36(2) "without delay")."""
    day = raw_on
    while _why_closed(day, closed):
        day -= _DAY
    return max(arrived_on, working_days_before(day, margin, closed))


def _walk(day: dt.date, n: int, closed: Closed, step: dt.timedelta) -> dt.date:
    while n > 0:
        day += step
        n -= not _why_closed(day, closed)
    return day


def _why_closed(day: dt.date, closed: Closed) -> Label | None:
    holiday = closed(day)
    named = Label(f"공휴일({holiday})", f"public holiday ({holiday})")
    return named if holiday else _WEEKEND.get(day.weekday())
