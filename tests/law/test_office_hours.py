"""Office hours: against a table worked by hand, and what holds of any three moments."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law.office_hours import worked

SEOUL = timezone(timedelta(hours=9))
CHUSEOK = {date(2026, 9, 24): "추석 연휴", date(2026, 9, 25): "추석", date(2026, 9, 26): "추석 연휴"}
MOMENTS = st.datetimes(datetime(2026, 9, 1), datetime(2026, 10, 31)).map(lambda one: one.replace(tzinfo=UTC))


def at(day: int, hour: int, minute: int = 0, month: int = 9) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(14, 9), at(14, 13), 4),
        (at(14, 10), at(14, 13, 30), 3.5),
        (at(14, 7), at(14, 8), 0),
        (at(14, 7), at(14, 10), 1),
        (at(14, 16), at(15, 11), 4),
        (at(14, 20), at(15, 10), 1),
        (at(18, 17), at(21, 12), 4),  # Friday evening to Monday noon
        (at(19, 10), at(20, 16), 0),  # a weekend
        (at(23, 17), at(28, 10), 2),  # over Chuseok, which ends in a weekend
        (at(14, 0), at(15, 0), 9),
        (at(15, 9), at(14, 9), 0),
        (at(14, 12), at(14, 12), 0),
    ],
)
def test_the_table(start: datetime, end: datetime, hours: float) -> None:
    assert worked(start, end, CHUSEOK.get) == timedelta(hours=hours)
    assert worked(start.astimezone(UTC), end.astimezone(UTC), CHUSEOK.get) == timedelta(hours=hours)


@given(st.lists(MOMENTS, min_size=3, max_size=3))
def test_it_adds_up_and_never_passes_the_time_itself(moments: list[datetime]) -> None:
    first, second, third = sorted(moments)
    whole = worked(first, third, CHUSEOK.get)
    assert whole == worked(first, second, CHUSEOK.get) + worked(second, third, CHUSEOK.get)
    assert timedelta() <= whole <= third - first
    assert worked(third, first, CHUSEOK.get) == timedelta()
