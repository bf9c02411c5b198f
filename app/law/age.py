"""Age in full years (Civil Act 158, 160)."""

from datetime import date

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
