"""A leak's clock of hours (Civil Act 156, Decree 39), who is told (Act 34), when the authority is (Decree 40)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import incident
from tests.law.test_beyond import shipped

LEAK = shipped()[1].leak
SEOUL = timezone(timedelta(hours=9))
MOMENTS = st.datetimes(datetime(2026, 9, 11), datetime(2030, 1, 1), timezones=st.sampled_from([UTC, SEOUL]))


def test_the_shipped_edition_has_72_hours_and_a_thousand_people() -> None:
    assert (LEAK.hours, LEAK.subjects, LEAK.always) == (72, 1000, {"sensitive", "outside"})
    assert LEAK.possible is not None and "34②" in LEAK.possible
    assert not LEAK.report.checked, "compare the fields with the authority's own form, then say so"


@pytest.mark.parametrize(
    ("known", "due"),
    [
        # Thursday morning before the Harvest Festival: Friday to Sunday are closed, and the hours run on.
        (datetime(2026, 9, 24, 9, 0, tzinfo=SEOUL), datetime(2026, 9, 27, 9, 0, tzinfo=SEOUL)),
        # Friday evening; the last day is a Monday, a moment before midnight stays that moment.
        (datetime(2026, 11, 27, 23, 59, tzinfo=SEOUL), datetime(2026, 11, 30, 23, 59, tzinfo=SEOUL)),
        # A run of five closed days over New Year's.
        (datetime(2027, 2, 5, 18, 30, tzinfo=SEOUL), datetime(2027, 2, 8, 18, 30, tzinfo=SEOUL)),
        # Where others put their clocks forward, Korea does not.
        (datetime(2027, 3, 27, 12, 0, tzinfo=SEOUL), datetime(2027, 3, 30, 12, 0, tzinfo=SEOUL)),
    ],
)
def test_trap_hours_run_through_nights_weekends_and_holidays(known: datetime, due: datetime) -> None:
    assert incident.due_at(known, LEAK) == due


@given(MOMENTS)
def test_the_hours_are_hours_whatever_the_day(known: datetime) -> None:
    assert incident.due_at(known, LEAK) - known == timedelta(hours=72)


@pytest.mark.parametrize(
    ("subjects", "sensitive", "outside", "told"),
    [
        (1, False, False, False),
        (999, False, False, False),
        (1000, False, False, True),
        (1, True, False, True),
        (1, False, True, True),
        (999, True, True, True),
    ],
)
def test_when_the_authority_is_told(subjects: int, sensitive: bool, outside: bool, told: bool) -> None:
    assert incident.must_report(LEAK, subjects=subjects, sensitive=sensitive, outside=outside) is told


def test_what_is_always_reported_is_the_editions_word() -> None:
    milder = replace(LEAK, always=frozenset({"sensitive"}), subjects=10)
    assert not incident.must_report(milder, subjects=1, sensitive=False, outside=True)
    assert incident.must_report(milder, subjects=10, sensitive=False, outside=False)


@pytest.mark.parametrize(
    ("left", "warned"),
    [(48.1, ()), (48, (48,)), (24, (48, 24)), (6, (48, 24, 6)), (0.1, (48, 24, 6)), (0, (48, 24, 6, 0))],
)
def test_hours_left_warn(left: float, warned: tuple[int, ...]) -> None:
    due = datetime(2026, 12, 4, tzinfo=UTC)
    assert incident.warnings_due(due - timedelta(hours=left), due) == warned


def test_the_nearer_the_end_the_more_people_hear() -> None:
    assert incident.WARNED[48] == ("officer",)
    assert incident.WARNED[24] == ("officer", "approver")
    assert incident.WARNED[6] == ("officer", "approver", "deputy")


@pytest.mark.parametrize(
    ("told", "reported", "must", "owed"),
    [
        (False, False, False, ("told",)),
        (True, False, False, ()),
        (False, False, True, ("told", "reported")),
        (True, False, True, ("reported",)),
        (True, True, True, ()),
        (False, True, True, ("told",)),
    ],
)
def test_what_is_owed_within_the_hours(told: bool, reported: bool, must: bool, owed: tuple[str, ...]) -> None:
    assert incident.owed(told=told, reported=reported, must_report=must) == owed
