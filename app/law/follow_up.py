"""What becomes of data whose processing was stopped (Act 37(5)): destroyed, or kept apart where somebody needs it."""

from collections.abc import Collection
from enum import StrEnum


class Measure(StrEnum):
    """A measure after suspension (Act 37(5), Standard Guideline)."""

    DESTROY = "destroy"
    KEEP_APART = "keep_apart"
    KEEP_BY_STATUTE = "keep_by_statute"


def proposed(stopped: Collection[str], purposes: Collection[str], records: Collection[str]) -> Measure:
    """What the engine proposes for one category (Act 37(5), 21(1)(3)).

    `stopped` of its `purposes`; `records` that a statute keeps. Where every purpose is stopped nothing needs the data
    any more: what no statute keeps is destroyed. Else it is kept apart from what goes on.
    """
    if set(purposes) - set(stopped):
        return Measure.KEEP_APART
    return Measure.KEEP_BY_STATUTE if records else Measure.DESTROY


def destroys(measure: Measure) -> bool:
    """Whether two people decide on it (product principle 2): a destruction never is one person's word."""
    return measure is Measure.DESTROY
