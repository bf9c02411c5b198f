"""Public holidays of Korea: the `holidays` package, corrected by a file for what it does not know yet.

Saturdays and Sundays are not in here: the law core tests them by itself (Civil Act 161). Only the category `public`
counts; 1 May before 2026 was a holiday of banks, not a public one.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import holidays

from app.marked import Entry, FileError, Sheet, Text, read

OVERRIDES = Path(__file__).parents[1] / "policies" / "holidays.yaml"
YEARS = range(2010, 2051)

_Day = date  # the entries below have a field called `date`


class HolidaysError(FileError):
    """A file of holiday corrections that cannot be used."""


class _Removed(Entry):
    date: _Day
    source: Text
    entered: _Day


class _Added(_Removed):
    name: Text


class _HolidaysFile(Entry):
    add: list[_Added]
    remove: list[_Removed]


@cache
def calendar(overrides: Path = OVERRIDES) -> Callable[[date], str | None]:
    """The name of the public holiday on a day, or None (Act on Public Holidays); built once."""
    named = _package()
    file = _corrections(overrides)
    for gone in file.remove:
        named.pop(gone.date, None)
    # Who reads how a day was counted reads where the holiday stands that no calendar of theirs may show yet.
    named.update({one.date: f"{one.name}, {one.source}" for one in file.add})

    def closed(day: date) -> str | None:
        if day.year not in YEARS:
            raise LookupError(f"the holiday calendar does not reach {day.isoformat()}")
        return named.get(day)

    return closed


def _package() -> dict[date, str]:
    known = holidays.country_holidays("KR", years=YEARS, categories=("public",), language="ko")
    return {day: "·".join(name.split("; ")) for day, name in known.items()}


def _corrections(path: Path) -> _HolidaysFile:
    sheet = read(path)
    file = sheet.as_(_HolidaysFile) if not sheet.flaws or sheet.value is not None else None
    if file is not None:
        _check(sheet, file)
    if sheet.flaws or file is None:
        raise HolidaysError(sheet.ordered())
    return file


def _check(sheet: Sheet, file: _HolidaysFile) -> None:
    """One word for each day, in a year the calendar reaches."""
    seen: set[date] = set()
    entries = [("add", at, one) for at, one in enumerate(file.add)]
    for name, at, one in (*entries, *(("remove", at, one) for at, one in enumerate(file.remove))):
        if one.date in seen:
            sheet.flaw((name, at, "date"), f"{one.date.isoformat()} stands twice")
        if one.date.year not in YEARS:
            sheet.flaw((name, at, "date"), f"{one.date.isoformat()} is outside the calendar")
        seen.add(one.date)
