"""What is proposed item by item, and who decides (Act 35, 36, 37, 21(1); the table of lifecycle)."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import assessment, retention
from app.law.assessment import Item, Scope
from app.law.controller import DeciderRule, Policy
from app.law.terms import Capacity, ControllerKind, Decider, Edition, ItemOutcome, Right, Span
from tests.law.world import ARRIVED, EDITION, POLICY

GRANT, KEEP, REFUSE = ItemOutcome.GRANT, ItemOutcome.KEEP, ItemOutcome.REFUSE
SINCE = date(2024, 2, 29)
HOLDERS = {"mall": ("shop", "parcel"), "letter": ("mailbox",)}


def assess(
    scope: Scope,
    *,
    policy: Policy = POLICY,
    edition: Edition = EDITION,
    since: date = SINCE,
    nothing_held: bool = False,
) -> tuple[Item, ...]:
    return assessment.assess(
        scope, policy, edition, on=ARRIVED, since=since, holders=HOLDERS, nothing_held=nothing_held
    )


def outcomes(scope: Scope, *, since: date = SINCE) -> dict[str, ItemOutcome]:
    return {one.item: one.proposed for one in assess(scope, since=since)}


def test_access_is_every_field_of_every_category_asked() -> None:
    assert outcomes(Scope(Right.ACCESS, ("mall", "letter"))) == dict.fromkeys(
        ("mall.name", "mall.phone", "letter.email", "letter.content"), GRANT
    )
    assert outcomes(Scope(Right.ACCESS)) == dict.fromkeys(
        (
            "mall.name",
            "mall.phone",
            "letter.email",
            "letter.content",
            "register.name",
            "register.licence",
            "log.ip",
        ),
        GRANT,
    )


def test_an_item_granted_says_its_article_and_who_holds_it() -> None:
    first, *_, last = assess(Scope(Right.ACCESS, ("mall", "log")))
    assert (first.item, first.basis, first.ground, first.until) == ("mall.name", "법 35③", None, None)
    assert (first.holders, first.facts, first.record_class) == (("shop", "parcel"), {}, None)
    assert (last.item, last.holders) == ("log.ip", ())


def test_footage_is_one_item_where_it_is_named() -> None:
    assert outcomes(Scope(Right.ACCESS, ("footage",))) == {"footage": GRANT}
    assert outcomes(Scope(Right.DELETION, ("footage",))) == {"footage": GRANT}


def test_correction_is_every_change_once() -> None:
    scope = Scope(Right.CORRECTION, changes=(("mall", "phone"), ("letter", "email"), ("mall", "phone")))
    found = assess(scope)
    assert [one.item for one in found] == ["mall.phone", "letter.email"]
    assert {(one.proposed, one.basis) for one in found} == {(GRANT, "법 36②")}


def test_deletion_keeps_what_a_statute_keeps_and_grants_the_rest() -> None:
    assert outcomes(Scope(Right.DELETION, ("mall",))) == {
        "mall.name": GRANT,
        "mall.phone": GRANT,
        "mall:contract_5y": KEEP,
        "mall:payment_5y": KEEP,
    }


def test_a_kept_record_says_statute_class_and_day() -> None:
    kept = assess(Scope(Right.DELETION, ("mall",)))[2]
    assert (kept.item, kept.ground, kept.basis) == ("mall:contract_5y", "A21_1", "거래법 제6조")
    assert (kept.until, kept.record_class, kept.holders) == (date(2029, 2, 28), "contract_5y", ("shop", "parcel"))
    assert kept.facts == {"statute": "거래법 제6조", "record_class": "contract_5y", "until": "2029-02-28"}
    assert "거래법에 따라 5년 보존해야" in kept.text.ko
    assert "늦어도 2029-02-28에 끝납니다" in kept.text.ko
    assert "contract_5y (ko)" in kept.text.ko
    assert "Trade Act" in kept.text.en
    assert "for 5 years" in kept.text.en
    assert "on 2029-02-28 at the latest" in kept.text.en
    assert kept.text.ko.endswith(" 다른 개인정보와 나누어 보관하고 다른 용도로 쓰지 않으며, 기간이 끝나면 파기합니다.")
    assert kept.text.en.endswith(" It is stored apart, used for nothing else, and destroyed when the period ends.")


def test_a_record_kept_at_least_so_long_says_so() -> None:
    kept = assess(Scope(Right.DELETION, ("log",)), since=date(2026, 10, 31))[1]
    assert kept.until == date(2027, 1, 31)
    assert "3개월 이상 보존해야" in kept.text.ko
    assert "늦어도 2027-01-31에" in kept.text.ko
    assert "at least 3 months" in kept.text.en


@pytest.mark.parametrize(
    ("since", "items"),
    [
        # Three months from 23 August end on 23 November, the day of arrival; from the day before they are over.
        (date(2026, 8, 23), {"log.ip": GRANT, "log:log_3m": KEEP}),
        (date(2026, 8, 22), {"log.ip": GRANT}),
    ],
)
def test_a_period_that_is_over_keeps_nothing(since: date, items: dict[str, ItemOutcome]) -> None:
    assert outcomes(Scope(Right.DELETION, ("log",)), since=since) == items


def test_without_a_day_of_arrival_retention_begins_with_it() -> None:
    found = assessment.assess(
        Scope(Right.DELETION, ("log",)), POLICY, EDITION, since=ARRIVED, holders={}, nothing_held=False
    )
    assert found == assessment.assess(
        Scope(Right.DELETION, ("log",)), POLICY, EDITION, since=ARRIVED, on=ARRIVED, holders={}, nothing_held=False
    )
    assert [one.until for one in found] == [None, date(2027, 2, 23)]


def test_deletion_of_fields_alone_is_just_these() -> None:
    assert outcomes(Scope(Right.DELETION, fields=(("letter", "email"),))) == {"letter.email": GRANT}
    assert set(outcomes(Scope(Right.DELETION, fields=(("mall", "phone"),)))) == {
        "mall.phone",
        "mall:contract_5y",
        "mall:payment_5y",
    }


def test_deletion_of_a_category_and_of_a_field_elsewhere() -> None:
    scope = Scope(Right.DELETION, ("letter",), fields=(("letter", "email"), ("register", "name")))
    assert set(outcomes(scope)) == {"letter.email", "letter.content", "register.name"}


def test_deletion_of_all_names_every_category_that_has_fields() -> None:
    found = outcomes(Scope(Right.DELETION), since=ARRIVED)
    assert [one for one in found if ":" in one] == ["mall:contract_5y", "mall:payment_5y", "log:log_3m"]
    assert {one.split(".")[0] for one in found if "." in one} == {"mall", "letter", "register", "log"}


def test_what_a_statute_names_is_proposed_for_refusal() -> None:
    found = assess(Scope(Right.DELETION, ("register",)))
    assert [(one.item, one.proposed, one.ground) for one in found] == [
        ("register.name", REFUSE, "A36_1"),
        ("register.licence", REFUSE, "A36_1"),
    ]
    assert {(one.basis, one.facts["statute"]) for one in found} == {("법 36① 단서", "면허법 제7조")}
    assert "면허법 제7조" in found[0].text.ko


def test_without_a_ground_in_the_edition_nothing_is_refused() -> None:
    bare = replace(EDITION, grounds={})
    assert {one.proposed for one in assess(Scope(Right.DELETION, ("register",)), edition=bare)} == {GRANT}
    withdrawal = Scope(Right.CONSENT_WITHDRAWAL, purposes=("sending", "duty"))
    assert {one.proposed for one in assess(withdrawal, edition=bare)} == {GRANT}


def test_suspension_is_each_purpose_where_it_is_pursued() -> None:
    assert outcomes(Scope(Right.SUSPENSION, purposes=("offers",))) == {"letter.offers": GRANT, "log.offers": GRANT}
    assert outcomes(Scope(Right.SUSPENSION, ("letter",), purposes=("offers", "advice"))) == {
        "letter.offers": GRANT,
        "letter.advice": GRANT,
    }
    assert outcomes(Scope(Right.SUSPENSION, ("mall",))) == {"mall.advice": GRANT, "mall.sending": GRANT}


def test_a_purpose_listed_nowhere_is_stopped_everywhere() -> None:
    assert outcomes(Scope(Right.SUSPENSION, ("mall", "log"), purposes=("survey",))) == {
        "mall.survey": GRANT,
        "log.survey": GRANT,
    }
    assert set(outcomes(Scope(Right.SUSPENSION, purposes=("survey",)))) == {
        f"{one}.survey" for one in POLICY.categories
    }


@pytest.mark.parametrize("ends_contract", [False, True])
def test_suspension_is_never_cut_short_by_the_machine(ends_contract: bool) -> None:
    found = assess(Scope(Right.SUSPENSION, ends_contract=ends_contract))
    assert {(one.proposed, one.ground, one.basis) for one in found} == {(GRANT, None, "법 37②")}


def test_withdrawal_reaches_what_rests_on_consent() -> None:
    found = {one.item: one for one in assess(Scope(Right.CONSENT_WITHDRAWAL))}
    assert {name: (one.proposed, one.ground) for name, one in found.items()} == {
        "mall.advice": (GRANT, None),
        "mall.sending": (KEEP, "A37_2_4"),
        "letter.advice": (GRANT, None),
        "letter.offers": (GRANT, None),
        "register.duty": (KEEP, "A37_2_1"),
        "register.safety": (GRANT, None),
        "log.offers": (GRANT, None),
    }
    kept = found["mall.sending"]
    assert (kept.basis, kept.facts, kept.until) == ("article of A37_2_4 (ko)", {}, None)
    assert "계약" in kept.text.ko
    assert "contract" in kept.text.en
    assert "법령" in found["register.duty"].text.ko
    assert "statutory" in found["register.duty"].text.en


def test_who_ends_the_contract_withdraws_from_it_too() -> None:
    found = outcomes(Scope(Right.CONSENT_WITHDRAWAL, purposes=("sending", "duty"), ends_contract=True))
    assert found == {"mall.sending": GRANT, "register.duty": KEEP}


def test_of_a_stranger_there_is_no_item() -> None:
    for right in Right:
        assert assess(Scope(right, purposes=("offers",), changes=(("mall", "name"),)), nothing_held=True) == ()


def test_a_category_tells_what_was_asked_at_collection() -> None:
    assert [one.id for one in POLICY.categories.values() if one.has_free_text] == ["letter"]
    assert [one.id for one in POLICY.categories.values() if one.by_email_only] == ["letter"]


def test_retention_counts_by_the_civil_act() -> None:
    found = retention.kept(POLICY, "mall", date(2021, 11, 22))
    assert [(one.record.id, one.until) for one in found] == [
        ("contract_5y", date(2026, 11, 22)),
        ("payment_5y", date(2026, 11, 22)),
    ]
    assert retention.kept(POLICY, "letter", date(2021, 11, 22)) == ()


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 10), st.integers(0, 24))
def test_what_is_kept_is_kept_no_shorter(since: date, years: int, months: int) -> None:
    long = replace(POLICY.records["log_3m"], span=Span(years=years, months=months))
    policy = replace(POLICY, records={**POLICY.records, "log_3m": long})
    (found,) = retention.kept(policy, "log", since)
    # A calendar month never has fewer than 28 days, a year of the calendar never fewer than 365.
    assert (found.until - since).days >= years * 365 + months * 28


CATEGORIES = st.none() | st.lists(st.sampled_from(sorted(POLICY.categories)), max_size=4).map(tuple)
PAIRS = st.lists(
    st.sampled_from([(one.id, field.id) for one in POLICY.categories.values() for field in one.fields]), max_size=4
).map(tuple)
SCOPES = st.builds(
    Scope,
    st.sampled_from(Right),
    CATEGORIES,
    PAIRS,
    st.lists(st.sampled_from(sorted(POLICY.purposes)), max_size=4).map(tuple),
    st.just(()),
    PAIRS,
    st.booleans(),
)
SINCES = st.dates(date(2015, 1, 1), ARRIVED)
KINDS = st.sampled_from(ControllerKind)


@given(SCOPES, SINCES, KINDS)
def test_the_same_facts_have_the_same_answer(scope: Scope, since: date, kind: ControllerKind) -> None:
    policy = replace(POLICY, kind=kind)
    assert assess(scope, policy=policy, since=since) == assess(scope, policy=policy, since=since)


@given(SCOPES, SINCES)
def test_every_item_once_and_never_both_kept_and_granted(scope: Scope, since: date) -> None:
    found = assess(scope, since=since)
    names = [one.item for one in found]
    assert len(names) == len(set(names))
    kept = {one.item for one in found if one.proposed is KEEP}
    assert not kept & {one.item for one in found if one.proposed is GRANT}


@given(SCOPES, SINCES)
def test_the_rest_is_granted_and_nothing_is_cut_without_a_ground(scope: Scope, since: date) -> None:
    for one in assess(scope, since=since):
        if one.ground is None:
            assert (one.proposed, one.until, one.record_class) == (GRANT, None, None)
        else:
            assert one.proposed is not GRANT
            ground = EDITION.grounds[one.ground]
            assert scope.right in ground.rights
            assert POLICY.kind in ground.controllers
            assert not (scope.ends_contract and one.ground == "A37_2_4")
        assert all((one.text.ko, one.text.en, one.basis))


@given(SCOPES, SINCES)
def test_access_correction_and_suspension_are_proposed_whole(scope: Scope, since: date) -> None:
    found = assess(scope, since=since)
    if scope.right in (Right.ACCESS, Right.CORRECTION, Right.SUSPENSION):
        assert all(one.proposed is GRANT for one in found)


@given(SCOPES, SINCES, st.sampled_from(Capacity), st.booleans(), st.booleans())
def test_whatever_is_kept_or_refused_takes_two(
    scope: Scope, since: date, capacity: Capacity, uncontested: bool, short_lived: bool
) -> None:
    found = assess(scope, since=since)
    decider = assessment.decides(
        POLICY, scope.right, capacity, uncontested=uncontested, short_lived=short_lived, items=found
    )
    if any(one.proposed is not GRANT for one in found):
        assert decider is Decider.TWO
    if decider is Decider.MACHINE:
        assert uncontested
        assert not found or scope.right in (Right.ACCESS, Right.SUSPENSION)


@pytest.mark.parametrize("flags", list(product((False, True), repeat=4)))
def test_uncontested_wants_everything_plain(flags: tuple[bool, bool, bool, bool]) -> None:
    match, assured, free_text, other_open = flags
    plain, cut = assess(Scope(Right.ACCESS, ("mall",))), assess(Scope(Right.DELETION, ("mall",)))

    def uncontested(items: tuple[Item, ...]) -> bool:
        return assessment.uncontested(
            items, one_match_or_nothing=match, assured=assured, free_text=free_text, other_open=other_open
        )

    assert uncontested(plain) is uncontested(()) is (flags == (True, True, False, False))
    assert uncontested(cut) is False


PLAIN = assess(Scope(Right.ACCESS, ("mall",)))
MACHINE, OFFICER, TWO = Decider.MACHINE, Decider.OFFICER, Decider.TWO


@pytest.mark.parametrize(
    ("right", "uncontested", "short_lived", "decider"),
    [
        (Right.ACCESS, True, False, MACHINE),
        (Right.ACCESS, False, False, OFFICER),
        (Right.SUSPENSION, True, True, MACHINE),
        (Right.SUSPENSION, False, True, OFFICER),
        (Right.CORRECTION, True, True, OFFICER),
        (Right.CORRECTION, False, False, OFFICER),
        (Right.DELETION, True, True, OFFICER),
        (Right.DELETION, False, True, OFFICER),
        (Right.DELETION, True, False, TWO),
        (Right.DELETION, False, False, TWO),
        # This policy has no rule for withdrawal: where nobody is named, two people decide.
        (Right.CONSENT_WITHDRAWAL, True, True, TWO),
    ],
)
def test_who_decides_a_grant_to_the_person(
    right: Right, uncontested: bool, short_lived: bool, decider: Decider
) -> None:
    found = assessment.decides(
        POLICY, right, Capacity.SELF, uncontested=uncontested, short_lived=short_lived, items=PLAIN
    )
    assert found is decider


@pytest.mark.parametrize(("right", "capacity"), list(product(Right, (Capacity.GUARDIAN, Capacity.DELEGATE))))
def test_what_goes_to_another_takes_two(right: Right, capacity: Capacity) -> None:
    found = assessment.decides(POLICY, right, capacity, uncontested=True, short_lived=True, items=PLAIN)
    assert found is Decider.TWO


@pytest.mark.parametrize("category", ["mall", "register"])
def test_not_even_a_short_lived_deletion_is_cut_short_by_one(category: str) -> None:
    cut = assess(Scope(Right.DELETION, (category,)))
    found = assessment.decides(POLICY, Right.DELETION, Capacity.SELF, uncontested=True, short_lived=True, items=cut)
    assert found is Decider.TWO


def test_that_nothing_is_held_the_machine_may_say() -> None:
    for right in Right:
        assert (
            assessment.decides(POLICY, right, Capacity.SELF, uncontested=True, short_lived=False, items=()) is MACHINE
        )
    contested = assessment.decides(POLICY, Right.ACCESS, Capacity.SELF, uncontested=False, short_lived=False, items=())
    assert contested is OFFICER


@pytest.mark.parametrize("items", [PLAIN, ()])
def test_what_was_objected_to_and_upheld_a_person_answers(items: tuple[Item, ...]) -> None:
    """The machine would say again what was found wanting; who decides otherwise is who decided before."""
    for right, capacity, plain in product(Right, Capacity, (True, False)):
        facts: dict[str, Any] = {"uncontested": plain, "short_lived": False, "items": items}
        first = assessment.decides(POLICY, right, capacity, **facts)
        anew = assessment.decides(POLICY, right, capacity, **facts, upheld=True)
        assert anew is (OFFICER if first is MACHINE else first)


def test_the_first_rule_that_fits_holds() -> None:
    rights, capacities = frozenset(Right), frozenset(Capacity)
    only_short = DeciderRule("grant", OFFICER, rights, capacities, uncontested=False, short_lived=True)
    policy = replace(POLICY, deciders=(only_short, DeciderRule("grant", MACHINE, rights, capacities)))
    for uncontested, short_lived in product((True, False), repeat=2):
        found = assessment.decides(
            policy, Right.ACCESS, Capacity.SELF, uncontested=uncontested, short_lived=short_lived, items=PLAIN
        )
        assert found is (OFFICER if short_lived and not uncontested else MACHINE)
