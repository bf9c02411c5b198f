"""Public holidays as the Act on Public Holidays has them, where a naive table goes wrong (2024 to 2029)."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from app import workdays

DAYS = {
    2024: "01-01 02-09 02-10 02-11 02-12 03-01 04-10 05-05 05-06 05-15 06-06 08-15 09-16 09-17 09-18 10-01 10-03 10-09 "
    "12-25",
    2025: "01-01 01-27 01-28 01-29 01-30 03-01 03-03 05-05 05-06 06-03 06-06 08-15 10-03 10-05 10-06 10-07 10-08 10-09 "
    "12-25",
    2026: "01-01 02-16 02-17 02-18 03-01 03-02 05-01 05-05 05-24 05-25 06-03 06-06 07-17 08-15 08-17 09-24 09-25 09-26 "
    "10-03 10-05 10-09 12-25",
    2027: "01-01 02-06 02-07 02-08 02-09 03-01 05-01 05-03 05-05 05-13 06-06 07-17 07-19 08-15 08-16 09-14 09-15 09-16 "
    "10-03 10-04 10-09 10-11 12-25 12-27",
    2028: "01-01 01-26 01-27 01-28 03-01 04-12 05-01 05-02 05-05 06-06 07-17 08-15 10-02 10-03 10-04 10-05 10-09 12-25",
    2029: "01-01 02-12 02-13 02-14 03-01 05-01 05-05 05-07 05-20 05-21 06-06 07-17 08-15 09-21 09-22 09-23 09-24 10-03 "
    "10-09 12-25",
}


@pytest.mark.parametrize("year", sorted(DAYS))
def test_every_public_holiday_of_a_year(year: int) -> None:
    closed = workdays.calendar()
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    found = [day.strftime("%m-%d") for day in days if day.year == year and closed(day)]
    assert found == DAYS[year].split()


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 7, 17), "제헌절"),
        (date(2025, 7, 17), None),
        (date(2026, 5, 1), "노동절"),
        (date(2025, 5, 1), None),
        (date(2027, 5, 3), "노동절 대체 휴일"),
        (date(2027, 7, 19), "제헌절 대체 휴일"),
        (date(2026, 6, 8), None),
        (date(2027, 6, 7), None),
        (date(2026, 9, 28), None),
        (date(2024, 2, 12), "설날 대체 휴일"),
        (date(2025, 5, 5), "부처님오신날·어린이날"),
        (date(2025, 1, 27), "임시공휴일"),
        (date(2025, 6, 3), "대통령 선거일"),
        (date(2026, 6, 3), "지방선거일"),
        (date(2027, 2, 7), "설날"),
        (date(2028, 1, 27), "설날"),
        (date(2026, 11, 22), None),
    ],
)
def test_a_day_and_its_name(day: date, name: str | None) -> None:
    assert workdays.calendar()(day) == name


def test_the_calendar_is_built_once() -> None:
    assert workdays.calendar() is workdays.calendar()


@pytest.mark.parametrize("day", [date(2009, 12, 31), date(2051, 1, 1)])
def test_beyond_the_calendar_nothing_is_guessed(day: date) -> None:
    with pytest.raises(LookupError, match=day.isoformat()):
        workdays.calendar()(day)


def test_a_day_is_added_renamed_or_removed_by_the_file(tmp_path: Path) -> None:
    path = tmp_path / "holidays.yaml"
    path.write_text(
        "add:\n"
        "  - {date: 2026-12-24, name: 임시공휴일, source: 대통령령 제00000호, entered: 2026-11-22}\n"
        "  - {date: 2026-12-25, name: 성탄절, source: 대통령령 제00000호, entered: 2026-11-22}\n"
        "remove:\n"
        "  - {date: 2026-10-09, source: 대통령령 제00000호, entered: 2026-11-22}\n",
        encoding="utf-8",
    )
    closed = workdays.calendar(path)
    days = (date(2026, 12, 24), date(2026, 12, 25), date(2026, 10, 9), date(2026, 10, 5))
    assert [closed(day) for day in days] == [
        "임시공휴일, 대통령령 제00000호",
        "성탄절, 대통령령 제00000호",
        None,
        "개천절 대체 휴일",
    ]
    assert workdays.calendar()(date(2026, 12, 24)) is None


ENTRY = "{date: 2026-12-24, name: 임시공휴일, source: 관보, entered: 2026-11-22}"
GONE = "{date: 2026-12-24, source: 관보, entered: 2026-11-22}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"add:\n  - {ENTRY}\n", "h.yaml:1: remove: is missing"),
        (f"add:\n  - {ENTRY}\n  - {ENTRY}\nremove: []\n", "h.yaml:3: add[1].date: 2026-12-24 stands twice"),
        (f"add:\n  - {ENTRY}\nremove:\n  - {GONE}\n", "h.yaml:4: remove[0].date: 2026-12-24 stands twice"),
        (f"add:\n  - {ENTRY}\nremove:\n  - {ENTRY}\n", "h.yaml:4: remove[0].name: is not a known field"),
        (f"add:\n  - {GONE}\nremove: []\n", "h.yaml:2: add[0].name: is missing"),
        (
            "add:\n  - {date: 2026-12-24, name: a, entered: 2026-11-22}\nremove: []\n",
            "h.yaml:2: add[0].source: is miss",
        ),
        (
            "add: []\nremove:\n  - {date: 2077-12-24, source: a, entered: 2026-11-22}\n",
            "h.yaml:3: remove[0].date: 2077-12-24 is outside the calendar",
        ),
        (
            "add: []\nremove:\n  - {date: soon, source: a, entered: 2026-11-22}\n",
            "h.yaml:3: remove[0].date: Input shou",
        ),
    ],
)
def test_a_wrong_file_is_told_with_file_line_and_field(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "h.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(workdays.HolidaysError) as wrong:
        workdays.calendar(path)
    (flaw,) = wrong.value.flaws
    assert str(flaw).startswith(said)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(workdays.HolidaysError, match="cannot be read"):
        workdays.calendar(tmp_path / "none.yaml")
