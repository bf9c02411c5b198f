"""How surely somebody must be known for what they ask, and in what standing (Decree 46(1), Standard Guideline 34)."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import assurance
from app.law.controller import AssuranceRule
from app.law.terms import Capacity, Method, Right
from tests.law.world import ALL, POLICY

CODE, MAIL, LOGIN, PROVIDER = Method.PHONE_CODE, Method.EMAIL_CODE, Method.SITE_LOGIN, Method.IDENTITY_PROVIDER
SELF, GUARDIAN, DELEGATE = Capacity.SELF, Capacity.GUARDIAN, Capacity.DELEGATE
OWN = (SELF, DELEGATE)
CAPACITIES = st.sampled_from(Capacity)


@pytest.mark.parametrize(("right", "capacity"), list(product(Right, OWN)))
def test_a_phone_code_or_a_login_is_enough_for_every_right(right: Right, capacity: Capacity) -> None:
    for method in (CODE, LOGIN, PROVIDER):
        assert assurance.suffices(POLICY, {method}, right, ("mall",), capacity=capacity)
        assert assurance.suffices(POLICY, [method], right, (), capacity=capacity)


@pytest.mark.parametrize("capacity", OWN)
@pytest.mark.parametrize(
    ("right", "categories", "enough"),
    [
        (Right.ACCESS, ("mall",), True),
        (Right.SUSPENSION, (), True),
        (Right.CORRECTION, ("letter",), True),
        (Right.DELETION, ("letter", "letter"), True),
        (Right.DELETION, ("letter", "mall"), False),
        (Right.CORRECTION, ("mall",), False),
        (Right.CONSENT_WITHDRAWAL, (), False),
    ],
)
def test_a_mail_code_is_enough_where_no_more_was_asked(
    capacity: Capacity, right: Right, categories: tuple[str, ...], enough: bool
) -> None:
    assert assurance.suffices(POLICY, (MAIL,), right, categories, capacity=capacity) is enough


@pytest.mark.parametrize("right", Right)
def test_a_guardian_is_known_by_mail_for_every_right_as_the_policy_promises(right: Right) -> None:
    assert assurance.suffices(POLICY, (MAIL,), right, (), capacity=GUARDIAN)


@pytest.mark.parametrize(("right", "capacity"), list(product(Right, OWN)))
def test_nothing_proved_and_a_method_without_rule_are_not_enough(right: Right, capacity: Capacity) -> None:
    assert not assurance.suffices(POLICY, (), right, ("letter",), capacity=capacity)
    assert not assurance.suffices(POLICY, (Method.ATTESTATION,), right, ("letter",), capacity=capacity)


@pytest.mark.parametrize(("right", "capacity"), list(product(Right, Capacity)))
def test_papers_are_never_enough_for_the_subject_whatever_a_policy_says(right: Right, capacity: Capacity) -> None:
    lax = replace(POLICY, assurance=(AssuranceRule(frozenset(Method), ALL, capacities=frozenset(Capacity)),))
    enough = assurance.suffices(lax, {Method.DOCUMENTS}, right, ("mall",), capacity=capacity)
    assert enough is (capacity is GUARDIAN)


@given(st.sets(st.sampled_from(Method)), st.sets(st.sampled_from(Method)), st.sampled_from(Right), CAPACITIES)
def test_more_proof_is_never_less(some: set[Method], more: set[Method], right: Right, capacity: Capacity) -> None:
    if assurance.suffices(POLICY, some, right, ("mall",), capacity=capacity):
        assert assurance.suffices(POLICY, some | more, right, ("mall",), capacity=capacity)


TYPED = list(product((False, True), repeat=4))


@pytest.mark.parametrize(("phone", "email", "login", "provider"), TYPED)
@pytest.mark.parametrize("capacity", Capacity)
def test_methods_are_those_typed(capacity: Capacity, phone: bool, email: bool, login: bool, provider: bool) -> None:
    typed = {CODE: phone, MAIL: email, LOGIN: login, PROVIDER: provider}
    expected = tuple(one for one, is_typed in typed.items() if is_typed)
    claims = [(Right.ACCESS, ())]
    assert expected == assurance.reach_methods(phone=phone, email=email, login=login, provider=provider)
    assert expected == assurance.methods_for(
        POLICY, claims, capacity=capacity, phone=phone, email=email, login=login, provider=provider
    )


@given(
    st.lists(st.tuples(st.sampled_from(Right), st.sampled_from([(), ("mall",), ("letter",)])), max_size=4), CAPACITIES
)
def test_neither_papers_nor_a_visit_are_proved_by_a_code(
    claims: list[tuple[Right, tuple[str, ...]]], capacity: Capacity
) -> None:
    found = assurance.methods_for(POLICY, claims, capacity=capacity, phone=True, email=True, login=True, provider=True)
    assert not {Method.DOCUMENTS, Method.ATTESTATION} & set(found)
    assert not {Method.DOCUMENTS, Method.ATTESTATION} & set(
        assurance.reach_methods(phone=True, email=True, login=True, provider=True)
    )


def test_what_identifies_for_every_claim_comes_first() -> None:
    claims = [(Right.ACCESS, ("mall",)), (Right.CORRECTION, ("mall",))]
    found = assurance.methods_for(
        POLICY, iter(claims), capacity=SELF, phone=False, email=True, login=True, provider=True
    )
    assert found == (LOGIN, PROVIDER, MAIL)


@pytest.mark.parametrize(("capacity", "offered"), [(SELF, (CODE,)), (DELEGATE, (CODE,)), (GUARDIAN, (CODE, MAIL))])
def test_what_identifies_for_no_claim_is_not_offered(capacity: Capacity, offered: tuple[Method, ...]) -> None:
    claims = [(Right.CORRECTION, ("mall",)), (Right.DELETION, ("mall", "letter"))]
    found = assurance.methods_for(
        POLICY, claims, capacity=capacity, phone=True, email=True, login=False, provider=False
    )
    assert found == offered
