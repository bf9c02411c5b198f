"""A claim's scope, from its row to the law's own value, and how its person may be identified."""

from collections.abc import Collection, Mapping
from typing import Any

from app.desk import Desk
from app.law import assurance
from app.law.assessment import Scope
from app.law.controller import Policy
from app.law.terms import Aspect, Capacity, Method, Right
from app.models import Claim


def scope_of(claim: Claim) -> Scope:
    """What a claim asks for, as the assessment reads it."""
    return scope_from(Right(claim.right), claim.scope)


def scope_from(right: Right, asked: Mapping[str, Any]) -> Scope:
    """The stored words of a scope as the law's value."""
    named = asked.get("categories")
    return Scope(
        right=right,
        categories=tuple(named) if named is not None else None,
        fields=tuple((one["category"], one["field"]) for one in asked.get("fields") or ()),
        purposes=tuple(asked.get("purposes") or ()),
        aspects=tuple(Aspect(one) for one in asked.get("aspects") or ()),
        changes=tuple((one["category"], one["field"]) for one in asked.get("changes") or ()),
        ends_contract=bool(asked.get("ends_contract")),
        media=bool(asked.get("media")),
    )


def categories_of(policy: Policy, claim: Claim) -> tuple[str, ...]:
    """The categories a claim touches."""
    return touched(policy, scope_of(claim))


def is_media(claim: Claim) -> bool:
    """Whether footage is asked for, by place and time."""
    return bool(claim.scope.get("media"))


def touched(policy: Policy, scope: Scope) -> tuple[str, ...]:
    """The categories a scope touches; none named means all that its purposes, or everything, reach.

    Footage is never among everything: it is asked for by place and time.
    """
    if scope.right is Right.CORRECTION:
        return tuple(dict.fromkeys(category for category, _ in scope.changes))
    named = [*(scope.categories or ()), *(category for category, _ in scope.fields)]
    if not named and scope.purposes:
        named = [one.id for one in policy.categories.values() if set(scope.purposes) & set(one.purposes)]
    return tuple(dict.fromkeys(named)) or tuple(one.id for one in policy.categories.values() if not one.media)


def methods(
    desk: Desk, contacts: Collection[str], scopes: Collection[Scope], capacity: Capacity = Capacity.SELF
) -> tuple[Method, ...]:
    """How this person may prove themselves: from policy and what was typed, never from the register."""
    logins = desk.verifier.has_identity_issuer
    return assurance.methods_for(
        desk.policy,
        [(scope.right, touched(desk.policy, scope)) for scope in scopes],
        capacity=capacity,
        phone="phone" in contacts,
        email="email" in contacts,
        login=logins,
        provider=logins,
    )


def reach_methods(desk: Desk, contacts: Collection[str]) -> tuple[Method, ...]:
    """How somebody may show that they can be reached, where that is enough (a delegate)."""
    logins = desk.verifier.has_identity_issuer
    return assurance.reach_methods(phone="phone" in contacts, email="email" in contacts, login=logins, provider=logins)
