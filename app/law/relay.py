"""What is passed on: data of another controller, or that came from one (Act 26(8), Decree 43(2)), or went to others.

What is ours and came from elsewhere is corrected or deleted here, and whoever it came from hears of it without delay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.law.controller import Policy
from app.law.terms import ItemOutcome, Right


class Why(StrEnum):
    """Why somebody else is told of a claim."""

    OWNER = "owner"
    """The data is theirs; they answer instead of us."""
    SOURCE = "source"
    """The data came from them; they may have to correct or delete it as well."""
    GIVEN = "given"
    """The data was provided to them; they hear what was corrected or deleted."""


PASSED_TO_SOURCE = (Right.CORRECTION, Right.DELETION)


@dataclass(frozen=True, slots=True)
class Passed:
    """One party of the policy that is told of one category of a claim: of which fields or purposes of it."""

    why: Why
    party: str
    category: str
    names: tuple[str, ...]


def passed(policy: Policy, right: Right, items: Iterable[tuple[str, ItemOutcome]]) -> tuple[Passed, ...]:
    """Who is told of what, from the items as they were decided; nobody hears of what was refused."""
    found: dict[tuple[Why, str, str], list[str]] = {}
    for item, outcome in items:
        category, _, name = item.replace(":", ".").partition(".")
        for why, party in _parties(policy, right, category, outcome):
            found.setdefault((why, party, category), []).extend([name] if name else [])
    return tuple(Passed(why, party, category, tuple(names)) for (why, party, category), names in found.items())


def _parties(policy: Policy, right: Right, category: str, outcome: ItemOutcome) -> tuple[tuple[Why, str], ...]:
    known = policy.categories[category]
    if outcome is ItemOutcome.HAND_OVER and known.owner is not None:
        return ((Why.OWNER, known.owner),)
    if outcome is ItemOutcome.GRANT and right in PASSED_TO_SOURCE:
        return tuple((Why.SOURCE, one) for one in known.sources)
    return ()
