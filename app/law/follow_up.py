"""What becomes of data whose processing was stopped (Act 37(5)): destroyed, or kept apart where somebody needs it."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from app.errors import Invalid
from app.law import deadline
from app.law.deadline import Closed

BASIS = "법 37⑤"


class Measure(StrEnum):
    """A measure after suspension (Act 37(5), Standard Guideline)."""

    DESTROY = "destroy"
    KEEP_APART = "keep_apart"
    KEEP_BY_STATUTE = "keep_by_statute"
    """All is destroyed but the records that a statute keeps, which are fenced (Act 21(3))."""


def proposed(stopped: Collection[str], purposes: Collection[str], records: Collection[str]) -> Measure:
    """What the engine proposes for one category (Act 37(5), 21(1)(3)).

    `stopped` of its `purposes`; `records` that a statute keeps. Where every purpose is stopped nothing needs the data
    any more: what no statute keeps is destroyed. Else it is kept apart from what goes on.
    """
    if set(purposes) - set(stopped):
        return Measure.KEEP_APART
    return Measure.KEEP_BY_STATUTE if records else Measure.DESTROY


def check(measure: Measure, stopped: Collection[str], purposes: Collection[str], records: Collection[str]) -> None:
    """Refuse what a purpose that goes on, or a statute, does not allow (Act 37(5), 21(1) proviso).

    Keeping the data apart may always be chosen, with a reason: who asked for a stop did not ask for a deletion.
    """
    if measure not in (Measure.KEEP_APART, proposed(stopped, purposes, records)):
        raise Invalid("measure.not_allowed", pointer="/measure", basis=BASIS)


def destroys(measure: Measure) -> bool:
    """Whether two people decide on it (product principle 2): a destruction never is one person's word."""
    return measure is not Measure.KEEP_APART


def due(answered_on: date, days: int, closed: Closed) -> date:
    """Until when a measure is taken (Act 37(5), Standard Guideline): a last day that is closed is never relied on."""
    return deadline.due(answered_on, days, closed, basis=BASIS, margin=0).internal_on
