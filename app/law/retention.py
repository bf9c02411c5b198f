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


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a holder says it keeps, beyond what was decided: the statute it names, and until when."""

    statute: str
    until: date


@dataclass(frozen=True, slots=True)
class Judged:
    """A holder's word held against the statutes: the record it means, and the last day that can stand.

    `doubtful`: a person has to look, because the statute is not known, does not keep anything of this category, or not
    for so long.
    """

    record: RecordClass | None
    until: date
    doubtful: bool


def judge(policy: Policy, category_id: str, said: Claimed, since: date, *, statutes: Iterable[RecordClass]) -> Judged:
    """Whether a statute keeps what a holder says it keeps (Act 21(1) proviso, 36(1) proviso).

    Nothing is kept longer than the statute can mean: a later day is cut to its last one. Of a statute that nobody here
    knows the holder's day stands until a person has looked. `statutes`: those of the rulebook beside the policy's.
    """
    own = policy.categories[category_id].records
    known = [*(policy.records[one] for one in own), *policy.records.values(), *statutes]
    meant = [one for one in known if said.statute in _names(one) and _in_force(one, since)]
    if not meant:
        return Judged(None, said.until, doubtful=True)
    # Its own records come first: a statute named without its article may keep several, and then the longest counts.
    mine = [one for one in meant if one.id in own] or meant
    record = max(mine, key=lambda one: period.last_day(since, one.span))
    last = period.last_day(since, record.span)
    return Judged(record, min(said.until, last), doubtful=record.id not in own or said.until > last)


def named(record: RecordClass) -> str:
    """A statute and its article, as a task names it to holders."""
    return f"{record.statute.ko} {record.article}"


def shortened(decided: date, reported: Iterable[date | None]) -> date:
    """The last day of keeping once holders have said their own (Act 21(1) proviso).

    A record's own day is known to its holder alone, and the decided one is the latest that the statute can mean: a
    holder's day shortens it and never lengthens it. Whoever named none (None) keeps theirs as decided.
    """
    return min(decided, max((day or decided for day in reported), default=decided))


def _names(record: RecordClass) -> tuple[str, ...]:
    """By what a holder may name a record: its id, its statute with the article, or the statute alone."""
    return (record.id, named(record), f"{record.statute.en} {record.article}", record.statute.ko, record.statute.en)


def _in_force(record: RecordClass, on: date) -> bool:
    return (record.valid_from is None or record.valid_from <= on) and (record.valid_to is None or on <= record.valid_to)
