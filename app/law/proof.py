"""What a guardian or delegate still has to show (Decree 45(2), 46(1); policy 8.3, 8.6, 9.3).

Nothing here looks at what others have shown or what the register holds of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.law.controller import Policy
from app.law.terms import Capacity, Need, Relationship

IDENTITY_DOCUMENT = "identity_document"
"""With reach and a call back, the way for a guardian who has no login (policy 8.6)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the party who asks for somebody else has shown so far."""

    requester: Literal["none", "reached", "identified"] = "none"
    on_record: bool = False
    """The register names them, by a contact they proved, as guardian of the child."""
    accepted: frozenset[str] = frozenset()
    """The kinds of paper that an officer accepted."""
    confirmed: bool = False
    """The subject's own word, through a contact already held."""


def papers(policy: Policy, capacity: Capacity, relationship: Relationship | None) -> tuple[str, ...]:
    """The papers that show this standing by the policy, all of them needed (Decree 45(2)); none for oneself."""
    fitting = (
        one.documents
        for one in policy.proofs
        if one.capacity is capacity and (not one.relationships or relationship in one.relationships)
    )
    return next(fitting, ())


def papers_missing(
    policy: Policy, capacity: Capacity, relationship: Relationship | None, shown: Shown
) -> tuple[str, ...]:
    """The papers still to be handed in and accepted (Decree 45(2), 46(1)).

    A copy of an identity card is asked only of a guardian who was merely reached: before that they may still log in.
    """
    if shown.on_record and capacity is Capacity.GUARDIAN:
        return ()
    needed = papers(policy, capacity, relationship)
    if capacity is Capacity.GUARDIAN and shown.requester == "reached":
        needed = (*needed, IDENTITY_DOCUMENT)
    return tuple(one for one in needed if one not in shown.accepted)


def missing(policy: Policy, capacity: Capacity, relationship: Relationship | None, shown: Shown) -> tuple[Need, ...]:
    """What is still to be shown before a claim counts as verified (Decree 45(2), 46(1)).

    Of who asks in their own name nothing but identity is asked, and that is judged where the register answers.
    """
    complete = set(papers(policy, capacity, relationship)) <= shown.accepted
    return tuple(need for need, met in _NEEDS[capacity] if not met(shown, complete))


def _identified(shown: Shown, _: bool) -> bool:
    carded = shown.requester == "reached" and IDENTITY_DOCUMENT in shown.accepted
    return shown.on_record or shown.requester == "identified" or carded


_Met = Callable[[Shown, bool], bool]
_NEEDS: dict[Capacity, tuple[tuple[Need, _Met], ...]] = {
    Capacity.SELF: (),
    Capacity.GUARDIAN: (
        (Need.IDENTITY, _identified),
        (Need.RELATIONSHIP, lambda shown, complete: shown.on_record or complete),
    ),
    Capacity.DELEGATE: (
        (Need.REACH, lambda shown, _: shown.requester != "none"),
        (Need.MANDATE, lambda _, complete: complete),
        (Need.CONFIRMATION, lambda shown, _: shown.confirmed),
    ),
}
