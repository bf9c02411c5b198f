"""Age in full years (Civil Act 158, 160), and what hangs on it."""

from calendar import isleap
from datetime import date

from app.law.terms import Relationship

_CHILD = 14
_ADULT = 19


def age(born: date, on: date) -> int:
    """Full years on a day; an age begins with the birthday (Civil Act 158).

    Born on 29 February, a year is full with the end of 28 February where the year is common, so that the age begins
    on 1 March (Civil Act 160(3)).
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def under_14(born: date, on: date) -> bool:
    """Whether only the legal representative may ask (Act 22-2(1), 38(2))."""
    return age(born, on) < _CHILD


def minor(born: date, on: date) -> bool:
    """Whether a legal representative may still ask beside the person (Civil Act 4; Decree 45(1))."""
    return age(born, on) < _ADULT


def child_until(born: date) -> date:
    """The first day on which somebody is no longer a child under 14 (Civil Act 158, 160(3))."""
    year = born.year + _CHILD
    leap_born = (born.month, born.day) == (2, 29)
    return date(year, 3, 1) if leap_born and not isleap(year) else born.replace(year=year)


def fits(relationship: Relationship, years: int) -> bool:
    """Whether somebody of this age can have such a guardian: an adult's is not a child's (Civil Act 4, 938)."""
    return (years < _ADULT) is not (relationship is Relationship.ADULT_GUARDIAN)


def asks_alone(years: int) -> bool:
    """Whether somebody of this age may ask, or mandate somebody, without a legal representative (Act 38(2))."""
    return years >= _CHILD
