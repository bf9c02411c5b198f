"""Objections (이의제기, Act 38(5)): until when, and by whom they are decided."""

from collections.abc import Collection
from datetime import date, timedelta

from app.errors import Conflict, Forbidden

BASIS = "법 38⑤"
Person = tuple[str | None, str | None]
"""Somebody of the desk, by issuer and name there."""


def until(told_on: date, days: int) -> date:
    """The last day of the window; the day of the notice is not counted (Civil Act 157)."""
    return told_on + timedelta(days=days)


def is_late(arrived_on: date, window: date | None, *, allowed: bool) -> bool:
    """Whether it comes after the window; refused there only where the policy takes no late ones (Act 38(5))."""
    late = window is not None and arrived_on > window
    if late and not allowed:
        raise Conflict("objection.too_late", basis=BASIS)
    return late


def took_no_part(person: Person, participants: Collection[Person]) -> None:
    """Whoever proposed, approved or postponed does not judge what they did themselves."""
    if person in participants:
        raise Forbidden("approval.same_person", basis=BASIS)
