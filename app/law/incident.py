"""An answer to the wrong person (유출, Act 34): a clock of hours, and when the authority is told (Decree 39, 40)."""

from datetime import datetime, timedelta

from app.law.terms import Leak

WARNED = {
    48: ("officer",),
    24: ("officer", "approver"),
    6: ("officer", "approver", "deputy"),
    0: ("approver", "deputy"),
}
"""Who is warned when so many hours are left: the officer first, then the approver, then whoever stands in for them."""
WARN_HOURS = tuple(WARNED)


def due_at(known_at: datetime, leak: Leak) -> datetime:
    """The last moment to tell: hours begin at once and run through nights and holidays (Civil Act 156; Decree 39)."""
    return known_at + timedelta(hours=leak.hours)


def must_report(leak: Leak, *, subjects: int, sensitive: bool, outside: bool) -> bool:
    """Whether the authority is told as well (Decree 40(1)).

    A thousand people or more, sensitive data or unique identifiers of anybody, or a break-in from outside.
    """
    met = {"sensitive": sensitive, "outside": outside}
    return subjects >= leak.subjects or any(met[one] for one in leak.always)


def warnings_due(now: datetime, due: datetime) -> tuple[int, ...]:
    """Of which hours people should have been warned by now, the most urgent last; 0 is the end itself."""
    left = due - now
    return tuple(hours for hours in WARN_HOURS if left <= timedelta(hours=hours))


def owed(*, told: bool, reported: bool, must_report: bool) -> tuple[str, ...]:
    """What is still to be done within the hours: the person told (Act 34(1)), the authority (34(3))."""
    return (("told",) if not told else ()) + (("reported",) if must_report and not reported else ())
