"""How surely a person must be known for what they ask (Decree 46(1), Standard Guideline 34)."""

from collections.abc import Iterable

from app.law.terms import AssuranceRule, Method, Policy, Right


def suffices(policy: Policy, methods: Iterable[Method], right: Right, categories: Iterable[str]) -> bool:
    """Whether what was proved identifies the person for this right (Decree 46(1)).

    No more is asked than was asked at collection (Standard Guideline 34): a rule for categories collected by e-mail
    only fits when every category asked is such a one, and never when none is named, for that means all.
    """
    proved, asked = frozenset(methods), tuple(categories)
    return any(_fits(policy, rule, right, asked) and proved & rule.methods for rule in policy.assurance)


def methods_for(
    policy: Policy,
    rights_and_categories: Iterable[tuple[Right, tuple[str, ...]]],
    *,
    phone: bool,
    email: bool,
    login: bool,
    provider: bool,
) -> tuple[Method, ...]:
    """The methods to offer for these claims, from policy and typing alone (Decree 46(1), Standard Guideline 34).

    First those that identify for every claim, then those that do for some. The register has no say: what is offered
    must not tell who is known.
    """
    claims = tuple(rights_and_categories)
    possible = {
        Method.PHONE_CODE: phone,
        Method.EMAIL_CODE: email,
        Method.SITE_LOGIN: login,
        Method.IDENTITY_PROVIDER: provider,
    }
    reach = {
        method: sum(suffices(policy, (method,), right, categories) for right, categories in claims)
        for method, typed in possible.items()
        if typed
    }
    useful = [method for method in reach if reach[method]]
    return tuple(sorted(useful, key=lambda method: reach[method] < len(claims)))


def _fits(policy: Policy, rule: AssuranceRule, right: Right, categories: tuple[str, ...]) -> bool:
    if right not in rule.rights:
        return False
    if not rule.email_only_categories:
        return True
    return bool(categories) and all(policy.categories[one].by_email_only for one in categories)
