"""The calendar in the hands of a test: every door reads another day, and the worker looks what it brings."""

from datetime import date, timedelta

import pytest

from app import db
from app.law.deadline import seoul_date, seoul_midnight
from tests.house import House

_present = db.now


def go_to(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """From now on it is ten in the morning of this day, and time goes on from there."""
    shift = seoul_midnight(day) + timedelta(hours=10) - _present()
    monkeypatch.setattr(db, "now", lambda: _present() + shift)


def today() -> date:
    """The day it is."""
    return seoul_date(db.now())


async def dawn(house: House) -> None:
    """Let the worker look which days have come, and do what follows."""
    await house.workshop.queue.tasks["watch"](timestamp=0)
    await house.workshop.run()
