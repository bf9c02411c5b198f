"""What another statute keeps although the person asks to delete it (Act 21(1) proviso, 21(3))."""

from dataclasses import dataclass
from datetime import date

from app.law import period
from app.law.controller import Policy, RecordClass


@dataclass(frozen=True, slots=True)
class Kept:
    """A record class and the last day on which the statute keeps it."""

    record: RecordClass
    until: date


def kept(policy: Policy, category_id: str, since: date) -> tuple[Kept, ...]:
    """The record classes of a category that a statute keeps, each with its last day (Act 21(1) proviso).

    The statutes say "at least": the day is never earlier than the period counted by the Civil Act, and it does not
    roll over a holiday, for that would only lengthen the keeping.
    """
    records = (policy.records[one] for one in policy.categories[category_id].records)
    return tuple(Kept(one, period.last_day(since, one.span)) for one in records)
