"""What a party can do next, as it is answered: from policy and typing alone, never from the register."""

from collections.abc import Collection, Iterable
from typing import Any

from app.desk import Desk
from app.law import proof
from app.law.assessment import Scope
from app.law.controller import Policy
from app.law.proof import Shown
from app.law.terms import Capacity, Method, Relationship, Whose
from app.policy import form
from app.services.scope import methods, reach_methods


def prove(party: Whose, by: Iterable[Method]) -> dict[str, Any]:
    """Prove who one is, or that one can be reached, by one of these methods."""
    return {"step": "verify", "party": party.value, "methods": [one.value for one in by]}


def upload(policy: Policy, kinds: Iterable[str], *, optional: Collection[str] = ()) -> dict[str, Any]:
    """Hand in these papers; an optional one serves only who proves themselves in no other way."""
    papers = [form.paper(policy.documents[kind]) | {"optional": kind in optional} for kind in kinds]
    return {"step": "upload", "party": Whose.REQUESTER.value, "documents": papers}


def for_another(
    desk: Desk,
    capacity: Capacity,
    relationship: Relationship | None,
    *,
    subject: Collection[str],
    requester: Collection[str],
    scopes: Collection[Scope],
) -> list[dict[str, Any]]:
    """All that a guardian or delegate has before them when they file; `subject` and `requester` are contacts typed."""
    papers = proof.papers_missing(desk.policy, capacity, relationship, Shown())
    if capacity is Capacity.GUARDIAN:
        optional = (proof.IDENTITY_DOCUMENT,)
        return [
            prove(Whose.REQUESTER, methods(desk, requester, scopes, capacity)),
            upload(desk.policy, (*papers, *optional), optional=optional),
        ]
    return [
        prove(Whose.REQUESTER, reach_methods(desk, requester)),
        prove(Whose.SUBJECT, methods(desk, subject, scopes, capacity)),
        upload(desk.policy, papers),
    ]
