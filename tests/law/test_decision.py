"""What people may decide on an assessment (Act 35(4), 36(4), 37(4); Decree 42)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.law import assessment, decision
from app.law.assessment import Item, Scope
from app.law.decision import Verdict, VerdictItem
from app.law.terms import ControllerKind, Event, ItemOutcome, Outcome, Right
from tests.law.world import ARRIVED, EDITION, POLICY, ground

GRANT, KEEP, REFUSE = ItemOutcome.GRANT, ItemOutcome.KEEP, ItemOutcome.REFUSE
APPROVE, PARTIAL, REFUSED, NOTHING = Outcome.APPROVE, Outcome.PARTIAL, Outcome.REFUSE, Outcome.NOTHING_HELD
HARM = {"whose": "a caller", "harm": "threat"}


def assess(scope: Scope) -> tuple[Item, ...]:
    return assessment.assess(
        scope, POLICY, EDITION, on=ARRIVED, since=date(2024, 2, 29), holders={}, nothing_held=False
    )


ACCESS = assess(Scope(Right.ACCESS, ("mall",)))
DELETION = assess(Scope(Right.DELETION, ("mall",)))
WITHDRAWAL = assess(Scope(Right.CONSENT_WITHDRAWAL, ("mall",)))


def check(
    verdict: Verdict, assessed: tuple[Item, ...] = ACCESS, right: Right = Right.ACCESS, *, ends_contract: bool = False
) -> tuple[VerdictItem, ...]:
    return decision.check(
        verdict, assessed, right, EDITION, ControllerKind.COMPANY, on=ARRIVED, ends_contract=ends_contract
    )


def fault(
    verdict: Verdict, assessed: tuple[Item, ...] = ACCESS, right: Right = Right.ACCESS, *, ends_contract: bool = False
) -> tuple[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        check(verdict, assessed, right, ends_contract=ends_contract)
    return caught.value.code, [one.pointer for one in caught.value.faults]


def refusing(item: str, facts: Mapping[str, str] = HARM, ground: str | None = "A35_4_2") -> VerdictItem:
    return VerdictItem(item, REFUSE, ground, facts)


def test_what_is_not_spoken_of_takes_the_proposal() -> None:
    assert check(Verdict(APPROVE)) == (VerdictItem("mall.name", GRANT), VerdictItem("mall.phone", GRANT))
    kept = check(Verdict(PARTIAL, reason="kept by statute"), DELETION, Right.DELETION)
    assert [(one.item, one.outcome, one.ground) for one in kept] == [
        ("mall.name", GRANT, None),
        ("mall.phone", GRANT, None),
        ("mall:contract_5y", KEEP, "A21_1"),
        ("mall:payment_5y", KEEP, "A21_1"),
    ]
    assert kept[2].facts == {"statute": "거래법 제6조", "record_class": "contract_5y", "until": "2029-02-28"}


@pytest.mark.parametrize("ground", [None, "A21_1"])
def test_a_kept_record_needs_no_facts_said_again(ground: str | None) -> None:
    spoken = (VerdictItem("mall:contract_5y", KEEP, ground),)
    decided = check(Verdict(PARTIAL, spoken, "kept by statute"), DELETION, Right.DELETION)
    assert decided[2] == VerdictItem("mall:contract_5y", KEEP, "A21_1", DELETION[2].facts)


def test_what_the_machine_would_keep_people_may_grant() -> None:
    spoken = (VerdictItem("mall:contract_5y", GRANT), VerdictItem("mall:payment_5y", GRANT))
    assert {one.outcome for one in check(Verdict(APPROVE, spoken), DELETION, Right.DELETION)} == {GRANT}


@pytest.mark.parametrize(
    ("until", "code"),
    [
        ("2029-02-27", "decision.inconsistent"),
        ("tomorrow", "field.format"),
        ("2029-02-28", None),
        ("2029-06-30", None),
    ],
)
def test_a_record_is_kept_no_shorter_than_the_statute_says(until: str, code: str | None) -> None:
    verdict = Verdict(PARTIAL, (VerdictItem("mall:contract_5y", KEEP, "A21_1", {"until": until}),), "kept")
    if code is None:
        assert check(verdict, DELETION, Right.DELETION)[2].facts["until"] == until
    else:
        assert fault(verdict, DELETION, Right.DELETION) == (code, ["/items/0/facts/until"])


def test_a_record_kept_on_another_ground_has_its_facts_alone() -> None:
    spoken = VerdictItem("mall:contract_5y", KEEP, "A36_1", {"statute": "면허법 제7조"})
    assert check(Verdict(PARTIAL, (spoken,), "named"), DELETION, Right.DELETION)[2] == spoken


def test_one_item_restricted_and_the_rest_opened() -> None:
    decided = check(Verdict(PARTIAL, (refusing("mall.phone"),), "names a caller"))
    assert decided == (VerdictItem("mall.name", GRANT), VerdictItem("mall.phone", REFUSE, "A35_4_2", HARM))


def test_an_item_nobody_asked_for() -> None:
    verdict = Verdict(PARTIAL, (refusing("mall.phone"), refusing("mall.email")), "reason")
    assert fault(verdict) == ("decision.unknown_item", ["/items/1/item"])


def test_an_item_decided_twice() -> None:
    verdict = Verdict(PARTIAL, (refusing("mall.phone"), VerdictItem("mall.phone", GRANT)), "reason")
    assert fault(verdict) == ("decision.inconsistent", ["/items/1/item"])


@pytest.mark.parametrize("outcome", [REFUSE, KEEP])
def test_nothing_is_cut_without_a_ground(outcome: ItemOutcome) -> None:
    verdict = Verdict(PARTIAL, (VerdictItem("mall.name", GRANT), VerdictItem("mall.phone", outcome)), "reason")
    assert fault(verdict) == ("ground.required", ["/items/1/ground"])


def test_nothing_is_granted_on_a_ground() -> None:
    verdict = Verdict(APPROVE, (VerdictItem("mall.phone", GRANT, "A35_4_2", HARM),))
    assert fault(verdict) == ("decision.inconsistent", ["/items/0/ground"])


def test_a_ground_of_public_bodies_is_refused_to_a_company() -> None:
    verdict = Verdict(PARTIAL, (refusing("mall.phone", {"duty": "audit"}, "A35_4_3"),), "reason")
    assert fault(verdict) == ("ground.not_available", ["/items/0/ground"])


def test_a_ground_without_its_facts() -> None:
    verdict = Verdict(PARTIAL, (refusing("mall.phone", {"whose": "a caller"}),), "reason")
    assert fault(verdict) == ("decision.facts_required", ["/items/0/facts/harm"])


def test_the_facts_of_a_proposal_that_people_must_say() -> None:
    """The contract is known to people, not to the machine: the proposal alone is not enough (Act 37(2)4)."""
    code, pointers = fault(Verdict(PARTIAL, reason="contract"), WITHDRAWAL, Right.CONSENT_WITHDRAWAL)
    assert (code, pointers) == ("decision.facts_required", ["/items/facts/service", "/items/facts/contract"])
    facts = {"service": "parcel", "contract": "order of May"}
    spoken = (VerdictItem("mall.sending", KEEP, facts=facts),)
    decided = check(Verdict(PARTIAL, spoken, "contract"), WITHDRAWAL, Right.CONSENT_WITHDRAWAL)
    assert decided[1] == VerdictItem("mall.sending", KEEP, "A37_2_4", facts)


def test_the_contract_is_no_ground_against_who_ends_it() -> None:
    facts = {"service": "parcel", "contract": "order of May"}
    verdict = Verdict(PARTIAL, (VerdictItem("mall.sending", REFUSE, "A37_2_4", facts),), "contract")
    found = fault(verdict, WITHDRAWAL, Right.CONSENT_WITHDRAWAL, ends_contract=True)
    assert found == ("ground.not_available", ["/items/0/ground"])


@pytest.mark.parametrize("reason", [None, "", "  \n"])
@pytest.mark.parametrize("count", [1, 2])
def test_what_is_cut_short_is_explained(reason: str | None, count: int) -> None:
    cut = tuple(refusing(one.item) for one in ACCESS[:count])
    assert fault(Verdict({1: PARTIAL, 2: REFUSED}[count], cut, reason)) == ("decision.reason_required", ["/reason"])


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize(("count", "fitting"), [(0, APPROVE), (1, PARTIAL), (2, REFUSED)])
def test_the_whole_fits_its_items(outcome: Outcome, count: int, fitting: Outcome) -> None:
    verdict = Verdict(outcome, tuple(refusing(one.item) for one in ACCESS[:count]), "reason")
    if outcome is fitting:
        assert len(check(verdict)) == len(ACCESS)
    else:
        assert fault(verdict) == ("decision.inconsistent", ["/outcome"])


@pytest.mark.parametrize("outcome", Outcome)
def test_of_nothing_held_nothing_is_refused(outcome: Outcome) -> None:
    if outcome in (NOTHING, APPROVE):
        assert check(Verdict(outcome), ()) == ()
    else:
        assert fault(Verdict(outcome, reason="reason"), ()) == ("decision.inconsistent", ["/outcome"])


FACTS = {"statute": "거래법 제6조", "record_class": "contract_5y", "until": "2030-01-01"}
KEPT_PURPOSE = VerdictItem("mall.advice", KEEP, "A21_1", FACTS)


@pytest.mark.parametrize(
    ("verdict", "right", "code", "basis"),
    [
        (
            Verdict(PARTIAL, (refusing("mall.name", {}, None),), "why"),
            Right.ACCESS,
            "ground.required",
            EDITION.basis[Right.ACCESS],
        ),
        (Verdict(PARTIAL, (KEPT_PURPOSE,), "why"), Right.CONSENT_WITHDRAWAL, "ground.not_available", "법 21① 단서"),
        (
            Verdict(PARTIAL, (VerdictItem("mall.name", KEEP, "A36_1", {"statute": "면허법 제7조"}),), "why"),
            Right.DELETION,
            "decision.inconsistent",
            "법 21① 단서",
        ),
        (
            Verdict(PARTIAL, (VerdictItem("mall:contract_5y", KEEP, "A21_1", {"until": "2029-01-01"}),), "why"),
            Right.DELETION,
            "decision.inconsistent",
            "법 21① 단서",
        ),
        (Verdict(REFUSED, reason="why"), Right.ACCESS, "decision.inconsistent", "영 42①"),
        (Verdict(REFUSED, reason="why"), Right.DELETION, "decision.inconsistent", None),
    ],
)
def test_a_refused_decision_names_its_article(verdict: Verdict, right: Right, code: str, basis: str | None) -> None:
    both = ground("A21_1", {Right.DELETION, Right.CONSENT_WITHDRAWAL}, "keep", ("statute", "record_class", "until"))
    edition = replace(EDITION, grounds={**EDITION.grounds, "A21_1": both})
    assessed = {Right.ACCESS: ACCESS, Right.DELETION: DELETION, Right.CONSENT_WITHDRAWAL: WITHDRAWAL}[right]
    with pytest.raises(Invalid) as caught:
        decision.check(verdict, assessed, right, edition, ControllerKind.COMPANY, on=ARRIVED, ends_contract=False)
    assert (caught.value.code, caught.value.basis) == (code, basis)


def test_a_decision_is_an_event() -> None:
    assert {one: decision.event(one) for one in Outcome} == {
        APPROVE: Event.APPROVE,
        NOTHING: Event.APPROVE,
        Outcome.HANDED_OVER: Event.APPROVE,
        PARTIAL: Event.APPROVE_PARTLY,
        REFUSED: Event.REFUSE,
    }


OURS = (GRANT, KEEP, REFUSE)
SPEECHES = st.dictionaries(st.sampled_from([one.item for one in DELETION]), st.sampled_from(OURS))


@given(SPEECHES, st.sampled_from(Outcome))
def test_every_item_is_decided_once_and_the_rest_is_granted(speech: dict[str, ItemOutcome], outcome: Outcome) -> None:
    grounds = {REFUSE: ("A36_1", {"statute": "면허법 제7조"}), KEEP: ("A21_1", DELETION[2].facts), GRANT: (None, {})}
    spoken = tuple(VerdictItem(item, one, *grounds[one]) for item, one in speech.items())
    try:
        decided = check(Verdict(outcome, spoken, "reason"), DELETION, Right.DELETION)
    except Invalid as caught:
        assert caught.code == "decision.inconsistent"  # noqa: PT017 - most verdicts do not fit their items
        return
    assert [one.item for one in decided] == [one.item for one in DELETION]
    granted = {one.item for one in decided if one.outcome is GRANT}
    kept = {one.item for one in decided if one.outcome is KEEP}
    refused = {one.item for one in decided if one.outcome is REFUSE}
    assert len(granted) + len(kept) + len(refused) == len(granted | kept | refused) == len(DELETION)
    unspoken = {one.item for one in DELETION if one.proposed is GRANT} - set(speech)
    assert unspoken <= granted
    assert all((one.ground is None) is (one.outcome is GRANT) for one in decided)
    assert decided == check(Verdict(outcome, spoken, "reason"), DELETION, Right.DELETION)
