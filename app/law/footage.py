"""Footage of fixed cameras (policy ch. 14; Standard Guideline, 개인영상정보): what may be asked for, how long it lives.

A recorder writes over what it holds some days after the recording, while the statutory days still run. Hence footage
is preserved from the moment it is asked for until its claim needs it no longer, and not a day more.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.law import deadline
from app.law.terms import Status

_DAY = timedelta(days=1)
LAST_MINUTE = timedelta(hours=1)
"""How long a holder has where the recording may be written over any moment."""


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time that is asked for."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Window") -> bool:
        """Whether the two share a moment: what one still needs, the other does not set free."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def fault(window: Window, *, now: datetime, longest_hours: int) -> tuple[str, str] | None:
    """What is wrong with a window, as the name and the code of its fault (policy 14.7).

    It begins before it ends, lies in the past, and is no longer than the policy's hours: what is preserved shows
    others too, who have a right that no more of them is kept than is needed (Act 3(1)).
    """
    if window.ends_at <= window.starts_at:
        return "to", "field.inconsistent"
    if window.ends_at > now:
        return "to", "field.value"
    if window.ends_at - window.starts_at > timedelta(hours=longest_hours):
        return "to", "media.window_too_long"
    return None


def overwritten_from(window: Window, kept_days: int) -> date:
    """The first day on which the recorder may have written over the beginning of it (policy 14.4: "at most")."""
    return deadline.seoul_date(window.starts_at) + _DAY * kept_days


def likely_expired(window: Window, kept_days: int, *, on: date) -> bool:
    """Whether it is older than such is kept: presumed gone, said to the person, never refused for that alone."""
    return on > overwritten_from(window, kept_days)


def order_due(window: Window, kept_days: int, *, now: datetime, hours: int) -> datetime:
    """By when the holder has stopped the overwriting: within hours, and before the day on which it may come."""
    dies = deadline.seoul_midnight(overwritten_from(window, kept_days))
    return max(min(now + timedelta(hours=hours), dies), now + LAST_MINUTE)


def needed(status: Status, objection_until: date | None, *, on: date) -> bool:
    """Whether a claim still needs its footage: until it has ended and can no longer be objected to (Act 38(5)).

    What was answered may be judged anew, so the footage outlives the answer by the days for an objection, and an
    objection that is open by its ruling. A claim that was given up, or could not be verified, needs it no more.
    """
    if status in (Status.WITHDRAWN, Status.LAPSED):
        return False
    if status is Status.CLOSED:
        return objection_until is not None and on <= objection_until
    return True
