"""How days, hours and money are written in Korean, and how foreign or hidden characters are kept visible."""

import unicodedata
from datetime import date, datetime, timedelta, timezone

# Korea has had one offset and no summer time since 1988; a fixed one needs no time-zone files on the machine.
_SEOUL = timezone(timedelta(hours=9))

# Control, format, surrogate, private and unassigned characters: they would hide, reorder or break what is printed.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def day(on: date) -> str:
    """A date as a Korean letter writes it."""
    return f"{on.year}년 {on.month}월 {on.day}일"


def hour(moment: datetime) -> str:
    """A moment by the Seoul clock."""
    local = seoul(moment)
    return f"{day(local.date())} {local:%H:%M}"


def seoul(moment: datetime) -> datetime:
    """The same moment with the hour of Seoul."""
    return moment.astimezone(_SEOUL)


def won(amount: int) -> str:
    """An amount of money."""
    return f"{amount:,}원"


def code_point(char: str) -> str:
    """A character named by its number, where it cannot be shown."""
    return f"[U+{ord(char):04X}]"


def visible(text: str) -> str:
    """The text on one line, NFC, with every unseen character named instead of obeyed."""
    folded = unicodedata.normalize("NFC", text.replace("\t", " "))
    return "".join(code_point(one) if unicodedata.category(one) in _UNSEEN else one for one in folded)


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text as a person typed them, the empty ones left out."""
    parted = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(visible(one.strip()) for one in parted if one.strip())
