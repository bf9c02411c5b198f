"""A claim's scope, from its row to the law's own value."""

from app.law.assessment import Scope
from app.law.terms import Aspect, Policy, Right
from app.models import Claim


def scope_of(claim: Claim) -> Scope:
    """What a claim asks for, as the assessment reads it."""
    asked = claim.scope
    named = asked.get("categories")
    return Scope(
        right=Right(claim.right),
        categories=tuple(named) if named is not None else None,
        fields=tuple((one["category"], one["field"]) for one in asked.get("fields") or ()),
        purposes=tuple(asked.get("purposes") or ()),
        aspects=tuple(Aspect(one) for one in asked.get("aspects") or ()),
        changes=tuple((one["category"], one["field"]) for one in asked.get("changes") or ()),
        ends_contract=bool(asked.get("ends_contract")),
    )


def categories_of(policy: Policy, claim: Claim) -> tuple[str, ...]:
    """The categories a claim touches; none named means all that its purposes, or everything, reach."""
    return touched(policy, scope_of(claim))


def touched(policy: Policy, scope: Scope) -> tuple[str, ...]:
    """The categories a scope touches."""
    if scope.right is Right.CORRECTION:
        return tuple(dict.fromkeys(category for category, _ in scope.changes))
    named = [*(scope.categories or ()), *(category for category, _ in scope.fields)]
    if not named and scope.purposes:
        named = [one.id for one in policy.categories.values() if set(scope.purposes) & set(one.purposes)]
    return tuple(dict.fromkeys(named)) or tuple(policy.categories)
