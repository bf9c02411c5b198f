"""What was provided to others, and who of them hears that it was wrong or is gone (Act 17, 18, 36; Decree 41(1)4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.law.relay import Passed, Why
from app.law.terms import Right


class ProvisionBasis(StrEnum):
    """On what a provision to others rests; performing a contract is no ground for one (Act 17(1)(4), 18(2))."""

    CONSENT = "consent"
    STATUTE = "statute"
    URGENT = "urgent"
    """Life, body or property of somebody is in urgent danger."""
    INTEREST = "interest"
    RELATED = "related"
    """Within what the first purpose reasonably reaches (Act 17(4), Decree 14-2)."""


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision on record: to whom, of which category and fields (none named: all of it), on what basis."""

    party: str
    category: str
    fields: tuple[str, ...]
    basis: ProvisionBasis


def told(right: Right, carried_out: Mapping[str, Sequence[str]], provisions: Iterable[Provision]) -> tuple[Passed, ...]:
    """Who hears of what was carried out, by category and field: whoever was given just that (Act 36(2), policy 8.7).

    A deletion does not reach what a statute had provided: its receiver keeps that by a duty of its own (Act 36(1)).
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for one in provisions:
        if one.category not in carried_out or (right is Right.DELETION and one.basis is ProvisionBasis.STATUTE):
            continue
        done = carried_out[one.category]
        hit = [name for name in done if not one.fields or name in one.fields]
        if hit or not done:
            found.setdefault((one.party, one.category), {}).update(dict.fromkeys(hit))
    return tuple(Passed(Why.GIVEN, party, category, tuple(names)) for (party, category), names in found.items())
