"""The figures of a report, counted from rows: no database, no clock, nothing of a person (E3, D7, D11)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any, TypeVar

from app.law import deadline

T = TypeVar("T")
OUTCOMES = {
    "approve": "granted",
    "partial": "partial",
    "refuse": "refused",
    "nothing_held": "nothing_held",
    "handed_over": "handed_over",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The first answer to a claim in one round of it."""

    right: str
    channel: str
    capacity: str
    round: int
    at: datetime
    due_on: date
    verified_at: datetime | None
    outcome: str | None
    decided_by: str | None
    two: bool
    """Whether a second person agreed."""
    grounds: Sequence[str]
    cause: str | None
    """With whom it lay, where its day had passed."""

    @property
    def late(self) -> bool:
        """Whether it was told after its day (Decree 41(4), 43(3), 44(2))."""
        return deadline.seoul_date(self.at) > self.due_on

    @property
    def decider(self) -> str:
        """Who decided: the machine, an officer, or two people (D11)."""
        if self.decided_by == "machine":
            return "machine"
        return "two" if self.two else "officer"


@dataclass(frozen=True, slots=True)
class Ruled:
    """An objection that came to an end."""

    result: str
    arrived_at: datetime
    at: datetime
    due_on: date

    @property
    def days(self) -> int:
        """How many days it took."""
        return (deadline.seoul_date(self.at) - deadline.seoul_date(self.arrived_at)).days

    @property
    def late(self) -> bool:
        """Whether it was ruled on after its own day (Act 38(5))."""
        return self.result != "dropped" and deadline.seoul_date(self.at) > self.due_on


@dataclass(frozen=True, slots=True)
class Duty:
    """What a holder was to do by a moment."""

    system: str
    due_at: datetime
    finished_at: datetime | None


def answered(answers: Sequence[Answer]) -> dict[str, Any]:
    """Answers on time and late: by right, channel, capacity; what came of them; on what grounds something was kept."""
    late = [one for one in answers if one.late]
    return {
        **_timely(answers),
        "late_by_cause": tally(one.cause or "desk" for one in late),
        "by_right": _parted(answers, "right"),
        "by_channel": _parted(answers, "channel"),
        "by_capacity": _parted(answers, "capacity"),
        "by_outcome": tally(OUTCOMES[one.outcome] for one in answers if one.outcome),
        "by_ground": tally(ground for one in answers for ground in one.grounds),
        "by_decider": {
            decider: {"total": len(these), "median_seconds": _median(_waits(these))}
            for decider, these in _grouped((one for one in answers if one.outcome), "decider").items()
        },
    }


def ruled(rulings: Sequence[Ruled]) -> dict[str, Any]:
    """Objections confirmed, overturned, dropped; how long the rulings took; how many came late."""
    judged = [one for one in rulings if one.result != "dropped"]
    return {
        **{result: sum(one.result == result for one in rulings) for result in ("confirmed", "overturned", "dropped")},
        "median_days": _median([one.days for one in judged]),
        "late": sum(one.late for one in judged),
    }


def holders(duties: Iterable[Duty], now: datetime) -> list[dict[str, Any]]:
    """Of each system: what fell due, what came late, what has not come at all."""
    return [
        {
            "system": system,
            "due": len(these),
            "late": sum(one.finished_at is not None and one.finished_at > one.due_at for one in these),
            "silent": sum(one.finished_at is None and one.due_at < now for one in these),
        }
        for system, these in _grouped(duties, "system").items()
    ]


def tally(words: Iterable[str]) -> dict[str, int]:
    """How often each, by name."""
    return dict(sorted(Counter(words).items()))


def flat(report: dict[str, Any], at: str = "") -> list[tuple[str, Any]]:
    """Each figure with its name, as a table has it; of a list the rows are named by their system."""
    found: list[tuple[str, Any]] = []
    for name, value in report.items():
        here = f"{at}.{name}" if at else name
        if isinstance(value, dict):
            found += flat(value, here)
        elif isinstance(value, list):
            for row in value:
                found += flat({key: one for key, one in row.items() if key != "system"}, f"{here}.{row['system']}")
        else:
            found.append((here, value))
    return found


def _timely(answers: Sequence[Answer]) -> dict[str, int]:
    late = sum(one.late for one in answers)
    return {"total": len(answers), "on_time": len(answers) - late, "late": late}


def _parted(answers: Sequence[Answer], name: str) -> dict[str, dict[str, int]]:
    return {value: _timely(these) for value, these in _grouped(answers, name).items()}


def _waits(answers: Iterable[Answer]) -> list[float]:
    """From verified to answered; a later round begins with an objection, not with a verification."""
    return [
        (one.at - one.verified_at).total_seconds() for one in answers if one.round == 1 and one.verified_at is not None
    ]


def _median(values: Sequence[float]) -> int | None:
    return round(median(values)) if values else None


def _grouped(rows: Iterable[T], name: str) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return dict(sorted(found.items()))
