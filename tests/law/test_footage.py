"""How long footage lives, what may be asked of it, how long a claim needs it (policy ch. 14)."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import footage
from app.law.deadline import seoul_date, seoul_midnight
from app.law.footage import Window
from app.law.terms import Status

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KST = timezone(9 * HOUR)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(seconds=1), timedelta(days=3))
windows = st.builds(lambda start, span: Window(start, start + span), moments, spans)


@pytest.mark.parametrize(
    ("starts", "ends", "found"),
    [
        (-2 * HOUR, -HOUR, None),
        (-DAY, timedelta(), None),
        (-25 * HOUR, -HOUR, None),
        (-HOUR, -HOUR, ("to", "field.inconsistent")),
        (-HOUR, -2 * HOUR, ("to", "field.inconsistent")),
        (-HOUR, timedelta(seconds=1), ("to", "field.value")),
        (HOUR, 2 * HOUR, ("to", "field.value")),
        (-25 * HOUR - timedelta(seconds=1), -HOUR, ("to", "media.window_too_long")),
    ],
)
def test_a_window_lies_in_the_past_and_is_a_day_at_most(
    starts: timedelta, ends: timedelta, found: tuple[str, str] | None
) -> None:
    assert footage.fault(Window(NOW + starts, NOW + ends), now=NOW, longest_hours=24) == found


def test_the_day_of_recording_is_the_korean_one() -> None:
    night = Window(datetime(2026, 11, 1, 0, 30, tzinfo=KST), datetime(2026, 11, 1, 1, 0, tzinfo=KST))
    assert night.starts_at.astimezone(UTC).day == 31
    assert footage.overwritten_from(night, 30) == date(2026, 12, 1)


@pytest.mark.parametrize(("age", "expired"), [(0, False), (29, False), (30, False), (31, True), (400, True)])
def test_only_what_is_older_than_it_is_kept_is_presumed_gone(age: int, expired: bool) -> None:
    start = seoul_midnight(seoul_date(NOW) - age * DAY)
    window = Window(start, start + HOUR)
    assert footage.likely_expired(window, 30, on=seoul_date(NOW)) is expired


@given(windows, st.integers(1, 60), moments, st.integers(1, 24))
def test_an_order_is_due_in_hours_and_before_the_day_of_overwriting_unless_that_has_come(
    window: Window, kept: int, now: datetime, hours: int
) -> None:
    due = footage.order_due(window, kept, now=now, hours=hours)
    assert now < due <= now + timedelta(hours=hours)
    dies = seoul_midnight(footage.overwritten_from(window, kept))
    assert due <= dies or due == now + footage.LAST_MINUTE


@given(windows, windows)
def test_what_overlaps_does_so_both_ways_and_shares_a_moment(one: Window, other: Window) -> None:
    shared = max(one.starts_at, other.starts_at) < min(one.ends_at, other.ends_at)
    assert one.overlaps(other) is other.overlaps(one) is shared


@pytest.mark.parametrize("status", Status)
def test_how_long_a_claim_needs_it(status: Status) -> None:
    on = date(2026, 12, 24)
    ended = {Status.WITHDRAWN, Status.LAPSED}
    if status is Status.CLOSED:
        assert footage.needed(status, on, on=on)
        assert not footage.needed(status, on - DAY, on=on)
        assert not footage.needed(status, None, on=on)
    else:
        assert footage.needed(status, on - DAY, on=on) is (status not in ended)
