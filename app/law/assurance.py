"""How surely a person must be known for what they ask (Decree 46(1), Standard Guideline 34)."""

from collections.abc import Iterable

from app.law.controller import AssuranceRule, Policy
from app.law.terms import Capacity, Method, Right


def suffices(
    policy: Policy, methods: Iterable[Method], right: Right, categories: Iterable[str], *, capacity: Capacity
) -> bool:
    """Whether what was proved identifies the person for this right (Decree 46(1)).

    No more is asked than was asked at collection (Standard Guideline 34): a rule for categories collected by e-mail
    only fits when every category asked is such a one, and never when none is named, for that means all. Papers show
    who a guardian is; the subject is never identified by a copy that anybody may hold.
    """
    proved, asked = frozenset(methods), tuple(categories)
    if capacity is not Capacity.GUARDIAN:
        proved -= {Method.DOCUMENTS}
    return any(_fits(policy, rule, right, asked, capacity) and proved & rule.methods for rule in policy.assurance)


def methods_for(
    policy: Policy,
    rights_and_categories: Iterable[tuple[Right, tuple[str, ...]]],
    *,
    capacity: Capacity,
    phone: bool,
    email: bool,
    login: bool,
    provider: bool,
) -> tuple[Method, ...]:
    """The methods to offer for these claims, from policy and typing alone (Decree 46(1), Standard Guideline 34).

    First those that identify for every claim, then those that do for some. The register has no say: what is offered
    must not tell who is known. Papers and a visit are no method of this list: nobody proves them by a code.
    """
    claims = tuple(rights_and_categories)
    reach = {
        method: sum(suffices(policy, (method,), right, named, capacity=capacity) for right, named in claims)
        for method in reach_methods(phone=phone, email=email, login=login, provider=provider)
    }
    useful = [method for method in reach if reach[method]]
    return tuple(sorted(useful, key=lambda method: reach[method] < len(claims)))


def reach_methods(*, phone: bool, email: bool, login: bool, provider: bool) -> tuple[Method, ...]:
    """The methods to offer where being reached is enough, as for a delegate: the subject's own word follows."""
    possible = {
        Method.PHONE_CODE: phone,
        Method.EMAIL_CODE: email,
        Method.SITE_LOGIN: login,
        Method.IDENTITY_PROVIDER: provider,
    }
    return tuple(method for method, typed in possible.items() if typed)


def _fits(policy: Policy, rule: AssuranceRule, right: Right, categories: tuple[str, ...], capacity: Capacity) -> bool:
    if right not in rule.rights or capacity not in rule.capacities:
        return False
    if not rule.email_only_categories:
        return True
    return bool(categories) and all(policy.categories[one].by_email_only for one in categories)
