"""Age in full years and what hangs on it (Civil Act 4, 158, 160; Act 38(2))."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import age, deadline
from app.law.terms import Relationship

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases.json").read_text())["ages"]
BIRTHS = st.dates(date(1920, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("case", CASES, ids=[f"{one['born']} on {one['on']}" for one in CASES])
def test_case(case: dict[str, Any]) -> None:
    born, on = date.fromisoformat(case["born"]), date.fromisoformat(case["on"])
    if "on_utc" in case:
        assert deadline.seoul_date(datetime.fromisoformat(case["on_utc"])) == on
    assert age.under_14(born, on) is case["under14"]
    assert age.minor(born, on) is case["minor"]


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(1990, 5, 5), date(2026, 5, 4), 35),
        (date(1990, 5, 5), date(2026, 5, 5), 36),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2012, 2, 29), date(2028, 2, 28), 15),
        (date(2012, 2, 29), date(2028, 2, 29), 16),
        (date(2026, 11, 22), date(2026, 11, 22), 0),
    ],
)
def test_by_hand(born: date, on: date, years: int) -> None:
    assert age.age(born, on) == years


@given(BIRTHS, st.dates(date(2026, 12, 31), date(2120, 1, 1)), st.integers(0, 400))
def test_nobody_grows_younger(born: date, on: date, days: int) -> None:
    later = date.fromordinal(on.toordinal() + days)
    assert age.age(born, on) <= age.age(born, later) <= age.age(born, on) + days // 365 + 1


@given(BIRTHS, st.integers(1, 100))
def test_an_age_begins_with_the_birthday(born: date, years: int) -> None:
    leap_born = (born.month, born.day) == (2, 29)
    common = born.year + years
    is_leap = common % 4 == 0 and (common % 100 != 0 or common % 400 == 0)
    birthday = date(common, 3, 1) if leap_born and not is_leap else born.replace(year=common)
    assert age.age(born, birthday) == years
    assert age.age(born, date.fromordinal(birthday.toordinal() - 1)) == years - 1


@given(BIRTHS)
def test_a_child_is_one_until_the_fourteenth_birthday(born: date) -> None:
    until = age.child_until(born)
    assert not age.under_14(born, until)
    assert age.under_14(born, date.fromordinal(until.toordinal() - 1))


@pytest.mark.parametrize(
    ("born", "until"),
    [
        (date(2012, 2, 29), date(2026, 3, 1)),
        (date(2014, 2, 28), date(2028, 2, 28)),
        (date(2014, 3, 1), date(2028, 3, 1)),
        (date(2012, 11, 22), date(2026, 11, 22)),
    ],
)
def test_the_fourteenth_birthday_by_hand(born: date, until: date) -> None:
    assert age.child_until(born) == until


@given(BIRTHS, st.dates(date(2026, 12, 31), date(2120, 1, 1)), st.sampled_from(Relationship))
def test_a_minor_has_a_childs_guardian_and_an_adult_an_adults(born: date, on: date, relationship: Relationship) -> None:
    years, of_an_adult = age.age(born, on), relationship is Relationship.ADULT_GUARDIAN
    assert age.fits(relationship, years) is (of_an_adult is not age.minor(born, on))
    assert age.asks_alone(years) is not age.under_14(born, on)
