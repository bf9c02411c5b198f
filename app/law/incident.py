"""An answer to the wrong person (유출, Act 34): a clock of hours, and when the authority is told (Decree 39, 40)."""

from datetime import datetime, timedelta

from app.law.terms import Leak

WARN_HOURS = (48, 24, 6)
"""People are warned when so many hours are left."""


def due_at(known_at: datetime, leak: Leak) -> datetime:
    """The last moment to tell: hours begin at once and run through nights and holidays (Civil Act 156; Decree 39)."""
    return known_at + timedelta(hours=leak.hours)


def must_report(leak: Leak, *, subjects: int, sensitive: bool, outside: bool) -> bool:
    """Whether the authority is told as well (Decree 40(1)).

    A thousand people or more, sensitive data or unique identifiers of anybody, or a break-in from outside.
    """
    return subjects >= leak.subjects or sensitive or outside


def warnings_due(now: datetime, due: datetime) -> tuple[int, ...]:
    """Of which hours people should have been warned by now, the most urgent last."""
    left = due - now
    return tuple(hours for hours in WARN_HOURS if left <= timedelta(hours=hours))
