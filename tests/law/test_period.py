"""Periods by the calendar: the cases of the notes, and what holds for every period (Civil Act 157 to 160)."""

import calendar
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import period
from app.law.terms import Span

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases.json").read_text())["retention"]
DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
MONTHS = st.integers(0, 240)


@pytest.mark.parametrize("case", CASES, ids=[one["event"] for one in CASES])
def test_case(case: dict[str, Any]) -> None:
    event, span = date.fromisoformat(case["event"]), Span(case.get("years", 0), case.get("months", 0))
    assert period.last_day(event, span).isoformat() == case["last_day"]
    assert period.destroy_from(event, span).isoformat() == case["destroy_from"]


@pytest.mark.parametrize(
    ("event", "span", "last"),
    [
        (date(2026, 2, 28), Span(months=3), date(2026, 5, 31)),
        (date(2025, 12, 31), Span(years=1), date(2026, 12, 31)),
        (date(2026, 12, 30), Span(months=2), date(2027, 2, 28)),
        (date(2024, 2, 28), Span(years=1), date(2025, 2, 28)),
        (date(2026, 8, 2), Span(days=30), date(2026, 9, 1)),
        (date(2026, 1, 31), Span(months=1, days=1), date(2026, 3, 1)),
        (date(2026, 8, 2), Span(), date(2026, 8, 2)),
    ],
)
def test_by_hand(event: date, span: Span, last: date) -> None:
    assert period.last_day(event, span) == last


@given(DAYS, DAYS, MONTHS)
def test_a_later_event_never_ends_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert period.last_day(first, Span(months=months)) <= period.last_day(second, Span(months=months))


@given(DAYS, MONTHS, MONTHS)
def test_a_longer_period_never_ends_earlier(event: date, one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert period.last_day(event, Span(months=short)) <= period.last_day(event, Span(months=long))


@given(DAYS, st.integers(1, 240))
def test_ends_before_the_corresponding_day_or_with_the_month(event: date, months: int) -> None:
    start = event + timedelta(days=1)
    last = period.last_day(event, Span(months=months))
    after = last + timedelta(days=1)
    if after.day == start.day:
        assert (after.year - start.year) * 12 + after.month - start.month == months
    else:
        assert last.day == calendar.monthrange(last.year, last.month)[1] < start.day
        assert (last.year - start.year) * 12 + last.month - start.month == months


@given(DAYS, st.integers(0, 20), st.integers(0, 40))
def test_a_year_is_twelve_months_and_days_are_days(event: date, years: int, days: int) -> None:
    assert period.last_day(event, Span(years=years)) == period.last_day(event, Span(months=12 * years))
    assert period.last_day(event, Span(days=days)) == event + timedelta(days=days)


@given(DAYS, MONTHS)
def test_destruction_begins_the_day_after(event: date, months: int) -> None:
    span = Span(months=months)
    assert period.destroy_from(event, span) - period.last_day(event, span) == timedelta(days=1)
