"""In which language a document is written; of an English one each field of a form also keeps its Korean name."""

from datetime import date, datetime
from typing import Literal

from app.documents import korean
from app.law.terms import Label

Tongue = Literal["ko", "en"]

_NOTICE = "개인정보 처리 방법에 관한 고시"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def tongue_of(language: str) -> Tongue:
    """English where it was asked for, else Korean."""
    return "en" if language == "en" else "ko"


def say(label: Label, tongue: Tongue) -> str:
    """A text in one language."""
    return label.en if tongue == "en" else label.ko


def form_of(number: int, tongue: Tongue, notice: str) -> str:
    """Which form of the authority's notice it is; without a number of the notice, by its title alone."""
    ko = f"{notice or _NOTICE} [별지 제{number}호서식]"
    return either(tongue, ko, f"{ko}, form {number} in English")


def either(tongue: Tongue, ko: str, en: str) -> str:
    """One of two texts that were put together here."""
    return en if tongue == "en" else ko


def both(label: Label, tongue: Tongue) -> str:
    """The name of a field: the form's own Korean, below the English where the document is in English."""
    return f"{label.en}\n{label.ko}" if tongue == "en" else label.ko


def day(on: date, tongue: Tongue) -> str:
    """A date as a letter writes it."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}" if tongue == "en" else korean.day(on)


def hour(moment: datetime, tongue: Tongue) -> str:
    """A moment by the Seoul clock."""
    if tongue == "ko":
        return korean.hour(moment)
    seoul = korean.seoul(moment)
    return f"{day(seoul.date(), tongue)}, {seoul:%H:%M} (Korean time)"


def won(amount: int, tongue: Tongue) -> str:
    """An amount of money."""
    return f"{amount:,} won" if tongue == "en" else korean.won(amount)
