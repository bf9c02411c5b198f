"""The months of the access log, and when one has to be read (안전성 확보조치 기준 8(2)): at least once a month."""

import datetime as dt

_TWO_SYLLABLES = ("남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방")
READ_BY_DAY = 20
"""The month is closed on its last day; whoever reads it has until this day of the next."""


def due_on(first: dt.date) -> dt.date:
    """The last day on which the review of the month that begins on a day is in time."""
    return month_after(first, 1).replace(day=READ_BY_DAY)


def month_after(first: dt.date, count: int) -> dt.date:
    """The first day of the month so many months later, or earlier."""
    years, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return dt.date(years, month + 1, 1)


def family_name(name: str) -> str:
    """The family name: what a Korean name begins with, the last word of another."""
    words = name.split()
    if not words:
        return ""
    if "가" <= words[0][0] <= "힣":
        whole = "".join(words)
        two = whole[:2] if len(whole) > 2 else ""
        return two if two in _TWO_SYLLABLES else whole[0]
    return words[-1].casefold()
