"""What a request will need, told before anything is filed: from law, policy and the steps of a filing, nothing else."""

from itertools import product
from typing import Any

from app.desk import Desk
from app.errors import Invalid
from app.law import assurance, proof, release, standing
from app.law.assessment import Scope
from app.law.controller import Policy
from app.law.terms import Capacity, Method, Reached, Relationship, Right, Whose
from app.policy import form, words
from app.services import steps
from app.services.intake import CHANNELS
from app.services.scope import methods

_TYPED = ("phone", "email")
"""Both, for which of them will be typed is not known yet."""


def needed(
    desk: Desk, right: Right, capacity: Capacity, *, relationship: Relationship | None, years: int | None
) -> dict[str, Any]:
    """What whoever asks for this right in this capacity will have to show, and how long the answer waits."""
    if capacity is Capacity.GUARDIAN and relationship is None:
        raise Invalid("field.required", pointer="/query/relationship")
    if capacity is not Capacity.GUARDIAN and relationship is not None:
        raise Invalid("field.inconsistent", pointer="/query/relationship")
    code = None if years is None else standing.barred(capacity, relationship, years)
    answer: dict[str, Any] = {
        "right": right.value,
        "capacity": capacity.value,
        "relationship": relationship.value if relationship else None,
        "age": years,
        "may": code is None,
        "code": code,
    }
    if code is not None:
        nothing: dict[str, Any] = {"verify": [], "documents": [], "alternatives": [], "decides": []}
        return answer | nothing | {"wait_days": None, "wait_days_at_most": None}
    waits = {one: release.wait_days(desk.policy, right, capacity, one) for one in Reached}
    return answer | {
        "verify": _verify(desk, right, capacity, relationship),
        "documents": [_paper(desk.policy, one) for one in proof.papers(desk.policy, capacity, relationship)],
        "alternatives": _alternatives(desk.policy, right, capacity),
        "wait_days": waits[Reached.OLD],
        "wait_days_at_most": max(waits.values()),
        "decides": _deciders(desk.policy, right, capacity),
    }


def parity(desk: Desk) -> list[dict[str, Any]]:
    """Every right in every capacity through every channel (Act 38(4), Decree 41(2)): what is asked, and what proof."""
    taken = {channel for role in CHANNELS.values() for channel in role}
    return [
        {
            "right": right.value,
            "capacity": capacity.value,
            "channel": channel,
            "available": channel in taken,
            "asked": list(words.asked(right, capacity, named=desk.policy.named)),
            "documents": _documents(desk.policy, capacity),
            "methods": _verify(desk, right, capacity, None),
        }
        for right, capacity, channel in product(Right, Capacity, desk.policy.channels)
    ]


def _verify(desk: Desk, right: Right, capacity: Capacity, relationship: Relationship | None) -> list[dict[str, Any]]:
    """Who proves themselves, and how: the very steps that a filing is answered with."""
    scope = Scope(right)
    if capacity is Capacity.SELF:
        found = [steps.prove(Whose.SUBJECT, methods(desk, _TYPED, [scope]))]
    else:
        found = steps.for_another(desk, capacity, relationship, subject=_TYPED, requester=_TYPED, scopes=[scope])
    return [{"party": one["party"], "methods": one["methods"]} for one in found if one["step"] == "verify"]


def _alternatives(policy: Policy, right: Right, capacity: Capacity) -> list[dict[str, Any]]:
    """What else identifies: a visit, and of a guardian a card with a call back to a number found independently."""
    whose = Whose.REQUESTER if capacity is Capacity.GUARDIAN else Whose.SUBJECT
    papers = {Method.ATTESTATION: (), Method.DOCUMENTS: (proof.IDENTITY_DOCUMENT,)}
    return [
        {
            "party": whose.value,
            "method": method.value,
            "label": form.both(words.METHODS[method]),
            "documents": [_paper(policy, one) for one in kinds],
        }
        for method, kinds in papers.items()
        if assurance.suffices(policy, [method], right, (), capacity=capacity)
    ]


def _documents(policy: Policy, capacity: Capacity) -> list[str]:
    """Every paper that anybody in this capacity may have to show."""
    kinds = Relationship if capacity is Capacity.GUARDIAN else (None,)
    found = [one for kind in kinds for one in proof.papers(policy, capacity, kind)]
    return list(dict.fromkeys(found))


def _deciders(policy: Policy, right: Right, capacity: Capacity) -> list[str]:
    """Who grants it, in the order of the table; whatever is refused takes two people in any case."""
    rules = [one for one in policy.deciders if one.outcome == "grant" and right in one.rights]
    return list(dict.fromkeys(one.decider.value for one in rules if capacity in one.capacities))


def _paper(policy: Policy, kind: str) -> dict[str, Any]:
    return form.paper(policy.documents[kind])
