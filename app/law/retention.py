"""What another statute keeps although the person asks to delete it (Act 21(1) proviso, 21(3))."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.law import period
from app.law.controller import Policy, RecordClass


@dataclass(frozen=True, slots=True)
class Kept:
    """A record class, the last day on which the statute keeps it, and the first on which it may be destroyed."""

    record: RecordClass
    until: date
    destroy_from: date


def kept(policy: Policy, category_id: str, since: date, *, on: date | None = None) -> tuple[Kept, ...]:
    """The record classes of a category that a statute keeps, each with its days (Act 21(1) proviso).

    Where the statute says "at least", the day is never earlier than the period counted by the Civil Act; where it says
    how long at most, never later. It does not roll over a holiday, for that would only lengthen the keeping. `on`: only
    the statutes in force on that day.
    """
    records = (policy.records[one] for one in policy.categories[category_id].records)
    return tuple(
        Kept(one, period.last_day(since, one.span), period.destroy_from(since, one.span))
        for one in records
        if on is None or _in_force(one, on)
    )


def shortened(decided: date, reported: Iterable[date | None]) -> date:
    """The last day of keeping once holders have said their own (Act 21(1) proviso).

    A record's own day is known to its holder alone, and the decided one is the latest that the statute can mean: a
    holder's day shortens it and never lengthens it. Whoever named none (None) keeps theirs as decided.
    """
    return min(decided, max((day or decided for day in reported), default=decided))


def _in_force(record: RecordClass, on: date) -> bool:
    return (record.valid_from is None or record.valid_from <= on) and (record.valid_to is None or on <= record.valid_to)
