"""The statutory day: the cases of the notes under the real holidays, and what holds under any calendar."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import deadline
from app.law.deadline import Began, Closed, Deadline

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases.json").read_text())["deadlines"]
KOREA = holidays.country_holidays("KR", years=range(2024, 2030), language="ko")
SPAN = (date(2026, 1, 1), date(2026, 12, 31))
ARRIVALS = st.dates(*SPAN)
DAY = timedelta(days=1)
CALENDARS: st.SearchStrategy[Closed] = st.sets(st.dates(*SPAN), max_size=60).map(
    lambda days: lambda day: "쉬는 날" if day in days else None
)


def closed(day: date) -> str | None:
    name: str | None = KOREA.get(day)
    return name


def none_closed(day: date) -> str | None:
    return None


def is_open(day: date, calendar: Closed) -> bool:
    return day.isoweekday() < 6 and calendar(day) is None


@pytest.mark.parametrize("case", CASES, ids=[one["received"] for one in CASES])
def test_case(case: dict[str, Any]) -> None:
    arrived_on = deadline.seoul_date(datetime.fromisoformat(case["received"]))
    found = deadline.due(arrived_on, case["days"], closed, basis="영 41④", margin=1)
    assert found.raw_on.isoformat() == case["raw_last_day"]
    assert found.due_on.isoformat() == case["due"]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 9, 14, 16, 30, tzinfo=UTC), date(2026, 9, 15)),
        (datetime(2026, 9, 14, 14, 59, 59, tzinfo=UTC), date(2026, 9, 14)),
        (datetime(2026, 9, 14, 15, 0, tzinfo=UTC), date(2026, 9, 15)),
        (datetime.fromisoformat("2026-09-14T23:59:59+09:00"), date(2026, 9, 14)),
        (datetime.fromisoformat("2026-09-14T20:00:00-11:00"), date(2026, 9, 15)),
    ],
)
def test_the_date_is_that_of_seoul(moment: datetime, day: date) -> None:
    assert deadline.seoul_date(moment) == day


def test_a_moment_without_offset_has_no_date() -> None:
    with pytest.raises(ValueError, match="offset"):
        deadline.seoul_date(datetime(2026, 9, 14, 16, 30))


def test_people_are_told_the_time_of_seoul() -> None:
    told = deadline.seoul_time(datetime(2026, 9, 14, 16, 30, tzinfo=UTC))
    assert told.isoformat() == "2026-09-15T01:30:00+09:00"


def test_midnight_is_that_of_seoul() -> None:
    assert deadline.seoul_midnight(date(2026, 9, 15)) == datetime(2026, 9, 14, 15, 0, tzinfo=UTC)


def counted(found: Deadline) -> list[tuple[date, str, str]]:
    return [(one.date, one.step, one.basis) for one in found.steps]


def test_steps_of_a_day_that_stands() -> None:
    found = deadline.due(date(2026, 11, 22), 10, closed, basis="영 41④", margin=0)
    assert counted(found) == [
        (date(2026, 11, 22), "arrived, not counted", "민법 157"),
        (date(2026, 12, 2), "day 10", "영 41④"),
    ]
    assert found.internal_on == date(2026, 12, 2)


def test_steps_of_a_day_that_moves() -> None:
    found = deadline.due(date(2026, 7, 7), 10, closed, basis="영 43③", margin=2)
    assert counted(found) == [
        (date(2026, 7, 7), "arrived, not counted", "민법 157"),
        (date(2026, 7, 17), "day 10", "영 43③"),
        (date(2026, 7, 17), "public holiday (제헌절), moved on", "민법 161"),
        (date(2026, 7, 18), "Saturday, moved on", "민법 161"),
        (date(2026, 7, 19), "Sunday, moved on", "민법 161"),
        (date(2026, 7, 20), "last day", "민법 161"),
    ]
    # 17 July is closed, so 16 July is the last working day by then; two further working days make 14 July.
    assert found.internal_on == date(2026, 7, 14)


def test_the_steps_as_people_read_them() -> None:
    found = deadline.due(date(2026, 7, 7), 10, closed, basis="영 43③", margin=2)
    assert [one.text.ko for one in found.steps] == [
        "요구가 도착한 날입니다. 첫날은 세지 않습니다.",
        "그다음 날부터 세어 10일째 되는 날입니다.",
        "공휴일(제헌절)이어서 다음 날로 넘어갑니다.",
        "토요일이어서 다음 날로 넘어갑니다.",
        "일요일이어서 다음 날로 넘어갑니다.",
        "답변하는 마지막 날입니다.",
    ]
    assert found.steps[2].text.en == "public holiday (제헌절), so it moves to the next day."


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Began.ARRIVED, "요구가 도착한 날"),
        (Began.RESUMED, "다시 시작한 날"),
        (Began.UPHELD, "이의제기를 받아들인 날"),
        (Began.OBJECTED, "이의제기가 도착한 날"),
    ],
)
def test_what_it_is_counted_from_is_said(event: Began, said: str) -> None:
    first, tenth = deadline.due(date(2026, 11, 22), 10, closed, basis="영 41④", margin=0, event=event).steps
    assert first.step == f"{event.value}, not counted"
    assert said in first.text.ko and first.text.en.endswith("; the first day is not counted.")
    assert tenth.text.en == "Day 10, counted from the day after."


def test_our_own_day_is_never_before_arrival() -> None:
    found = deadline.due(date(2026, 2, 13), 10, closed, basis="영 41④", margin=30)
    assert found.internal_on == date(2026, 2, 13)


def test_working_days() -> None:
    # 24 and 25 September 2026 are Chuseok, 26 and 27 the weekend.
    assert deadline.working_days_before(date(2026, 9, 28), 3, closed) == date(2026, 9, 21)
    assert deadline.working_days_before(date(2026, 9, 28), 1, closed) == date(2026, 9, 23)
    assert deadline.working_days_after(date(2026, 9, 23), 1, closed) == date(2026, 9, 28)
    assert deadline.working_days_after(date(2026, 9, 23), 3, closed) == date(2026, 9, 30)
    assert deadline.working_days_after(date(2026, 9, 26), 0, closed) == date(2026, 9, 26)
    assert deadline.working_days_before(date(2026, 9, 26), 0, closed) == date(2026, 9, 26)


@given(ARRIVALS, st.integers(10, 30), CALENDARS)
def test_due_is_the_first_open_day_from_the_raw_day(arrived: date, days: int, calendar: Closed) -> None:
    found = deadline.due(arrived, days, calendar, basis="영 41④", margin=1)
    assert found.raw_on - arrived == DAY * days
    assert found.due_on >= found.raw_on
    assert found.due_on - arrived >= DAY * 10
    assert is_open(found.due_on, calendar)
    between = [found.raw_on + DAY * one for one in range((found.due_on - found.raw_on).days)]
    assert not any(is_open(day, calendar) for day in between)


@given(ARRIVALS, ARRIVALS, CALENDARS)
def test_a_later_arrival_is_never_due_earlier(one: date, other: date, calendar: Closed) -> None:
    first, second = sorted((one, other))
    early, late = (deadline.due(day, 10, calendar, basis="영 41④", margin=1) for day in (first, second))
    assert early.due_on <= late.due_on
    assert early.internal_on <= late.internal_on


@given(ARRIVALS, CALENDARS, st.integers(0, 5))
def test_our_own_day_is_open_and_never_relies_on_the_roll(arrived: date, calendar: Closed, margin: int) -> None:
    found = deadline.due(arrived, 10, calendar, basis="영 41④", margin=margin)
    assert arrived <= found.internal_on <= found.raw_on
    if found.internal_on > arrived:
        assert is_open(found.internal_on, calendar)
        rest = (found.raw_on - found.internal_on).days
        assert sum(is_open(found.internal_on + DAY * one, calendar) for one in range(1, rest + 1)) == margin


@given(ARRIVALS, CALENDARS)
def test_the_steps_tell_the_whole_way(arrived: date, calendar: Closed) -> None:
    found = deadline.due(arrived, 10, calendar, basis="영 41④", margin=1)
    assert [found.steps[0].date, found.steps[1].date, found.steps[-1].date] == [arrived, found.raw_on, found.due_on]
    moved = [one.date for one in found.steps if one.step.endswith("moved on")]
    assert moved == [found.raw_on + DAY * one for one in range((found.due_on - found.raw_on).days)]
    assert len(found.steps) == (2 if found.due_on == found.raw_on else len(moved) + 3)


@given(ARRIVALS, st.integers(1, 15), CALENDARS)
def test_working_days_before_and_after_count_the_open_days(day: date, n: int, calendar: Closed) -> None:
    after = deadline.working_days_after(day, n, calendar)
    before = deadline.working_days_before(day, n, calendar)
    assert is_open(after, calendar)
    assert is_open(before, calendar)
    assert sum(is_open(day + DAY * one, calendar) for one in range(1, (after - day).days + 1)) == n
    assert sum(is_open(day - DAY * one, calendar) for one in range(1, (day - before).days + 1)) == n


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)))
def test_a_seoul_day_begins_at_fifteen_utc(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)
    expected = moment.date() + DAY * (moment.hour >= 15)
    assert deadline.seoul_date(moment) == expected


@given(ARRIVALS)
def test_without_holidays_only_the_weekend_moves_a_day(arrived: date) -> None:
    found = deadline.due(arrived, 10, none_closed, basis="영 41④", margin=0)
    assert (found.due_on - found.raw_on).days == {6: 2, 7: 1}.get(found.raw_on.isoweekday(), 0)
