"""What a person is told of an item is what was decided, on a ground that is a law (Act 35(4), 36(4), 37(3)(4))."""

from dataclasses import replace
from datetime import date

import pytest

from app.errors import Fault, Invalid
from app.law import assessment, decision, grounds, proposal
from app.law.assessment import Item, Scope
from app.law.decision import Verdict, VerdictItem
from app.law.terms import ControllerKind, ItemOutcome, Outcome, Right, Span
from tests.law.world import ARRIVED, EDITION, POLICY, ground

GRANT, KEEP, REFUSE = ItemOutcome.GRANT, ItemOutcome.KEEP, ItemOutcome.REFUSE
COMPANY = ControllerKind.COMPANY
_BOTH_KEPT = ground("A21_1", {Right.DELETION, Right.CONSENT_WITHDRAWAL}, "keep", ("statute", "record_class", "until"))
WHOLE = replace(EDITION, grounds={**EDITION.grounds, "A21_1": _BOTH_KEPT})


def assess(right: Right, *categories: str, purposes: tuple[str, ...] = ()) -> tuple[Item, ...]:
    scope = Scope(right, categories or None, purposes=purposes)
    return assessment.assess(scope, POLICY, WHOLE, on=ARRIVED, since=ARRIVED, holders={}, nothing_held=False)


def told(item: Item, decided: VerdictItem, right: Right) -> Item:
    return decision.as_decided(item, decided, right, WHOLE)


def fault(right: Right, verdict: Verdict, assessed: tuple[Item, ...]) -> Invalid:
    with pytest.raises(Invalid) as caught:
        decision.check(verdict, assessed, right, WHOLE, COMPANY, on=ARRIVED, ends_contract=False)
    return caught.value


def test_a_refused_item_never_says_that_it_is_granted() -> None:
    item = assess(Right.ACCESS, "mall")[0]
    facts = {"whose": "a caller", "harm": "threat"}
    found = told(item, VerdictItem(item.item, REFUSE, "A35_4_2", facts), Right.ACCESS)
    assert (found.basis, found.text) == ("article of A35_4_2 (ko)", WHOLE.grounds["A35_4_2"].text)
    assert (found.ground, found.facts, found.until) == ("A35_4_2", facts, None)


def test_a_record_that_people_delete_has_no_day_any_more() -> None:
    item = assess(Right.DELETION, "mall")[2]
    found = told(item, VerdictItem(item.item, GRANT), Right.DELETION)
    assert (found.ground, found.until, found.facts) == (None, None, {})
    assert (found.basis, found.text) == proposal.GRANTED[Right.DELETION]


def test_a_proposal_that_stands_keeps_its_words_and_takes_the_later_day() -> None:
    item = assess(Right.DELETION, "mall")[2]
    assert told(item, VerdictItem(item.item, KEEP, "A21_1", item.facts), Right.DELETION) == item
    later = told(item, VerdictItem(item.item, KEEP, "A21_1", {**item.facts, "until": "2033-01-01"}), Right.DELETION)
    assert (later.until, later.text, later.basis) == (date(2033, 1, 1), item.text, item.basis)
    assert later.facts == {**item.facts, "until": "2033-01-01"}


def test_what_is_kept_from_deletion_is_kept_until_a_day() -> None:
    """Without a day it would stay for ever; it is refused on its ground, or deleted (Act 21(1))."""
    items = assess(Right.DELETION, "mall")
    statute = {"statute": "거래법 제6조"}
    endless = Verdict(Outcome.PARTIAL, (VerdictItem("mall.name", KEEP, "A36_1", statute),), "kept")
    found = fault(Right.DELETION, endless, items)
    assert (found.code, found.faults[0].pointer) == ("decision.inconsistent", "/items/0/outcome")
    facts = {**statute, "record_class": "contract", "until": "2030-01-01"}
    kept = VerdictItem("mall.name", KEEP, "A21_1", facts)
    decided = decision.check(
        Verdict(Outcome.PARTIAL, (kept,), "kept"),
        items,
        Right.DELETION,
        WHOLE,
        COMPANY,
        on=ARRIVED,
        ends_contract=False,
    )
    assert told(items[0], decided[0], Right.DELETION).until == date(2030, 1, 1)
    broken = VerdictItem("mall.name", KEEP, "A21_1", {**facts, "until": "some day"})
    assert fault(Right.DELETION, Verdict(Outcome.PARTIAL, (broken,), "kept"), items).code == "field.format"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("통신비밀보호법 제15조의2제2항", True),
        ("「소득세법」 제160조", True),
        ("형법제5조", True),
        ("약관의 규제에 관한 법률 제3조", True),
        ("전자상거래법에 따른 보존", True),
        ("같은 법 시행령 제6조제1항제2호", True),
        ("Income Tax Act 160", True),
        ("내부 방침", False),
        ("회사 사규 제3조", False),
        ("법무팀 의견", False),
        ("영업비밀이라 보여 드릴 수 없음", False),
        ("다른 방법이 없음", False),
        ("고시 제3조", False),
        ("company policy", False),
    ],
)
def test_an_inner_rule_is_no_statute(text: str, named: bool) -> None:
    """Only a law may cut a right short; what the controller wrote for itself is none (Act 35(4)1, 36(1), 37(2)1)."""
    assert grounds.names_statute(text) is named
    verdict = Verdict(Outcome.PARTIAL, (VerdictItem("mall.name", REFUSE, "A35_4_1", {"statute": text}),), "reason")
    items = assess(Right.ACCESS, "mall")
    if named:
        decision.check(verdict, items, Right.ACCESS, WHOLE, COMPANY, on=ARRIVED, ends_contract=False)
    else:
        found = fault(Right.ACCESS, verdict, items)
        assert (found.code, found.basis) == ("decision.facts_required", "article of A35_4_1 (ko)")
        assert found.faults == (Fault("/items/0/facts/statute", "decision.facts_required"),)


def test_correction_is_never_barred_by_the_proviso() -> None:
    """The proviso of 36(1) bars deletion alone, though a statute names the data."""
    scope = Scope(Right.CORRECTION, changes=(("register", "licence"),))
    items = assessment.assess(scope, POLICY, WHOLE, on=ARRIVED, since=ARRIVED, holders={}, nothing_held=False)
    assert {one.proposed for one in items} == {GRANT}
    refusal = VerdictItem("register.licence", REFUSE, "A36_1", {"statute": "면허법 제7조"})
    found = fault(Right.CORRECTION, Verdict(Outcome.REFUSE, (refusal,), "named"), items)
    assert found.code == "ground.not_available"


def test_a_withdrawal_of_every_consent_keeps_what_a_statute_keeps() -> None:
    """Nothing is left to process, so the data goes; the records of a statute are set apart (Act 21(1), 37(3))."""
    found = {one.item: (one.proposed, one.ground) for one in assess(Right.CONSENT_WITHDRAWAL, "log")}
    assert found == {"log.offers": (GRANT, None), "log:log_3m": (KEEP, "A21_1")}


def test_a_withdrawal_that_leaves_a_purpose_destroys_no_record() -> None:
    found = assess(Right.CONSENT_WITHDRAWAL, "mall", purposes=("advice",))
    assert [(one.item, one.proposed) for one in found] == [("mall.advice", GRANT)]
    both = assess(Right.CONSENT_WITHDRAWAL, "mall")
    assert [one.item for one in both] == ["mall.advice", "mall.sending"]


@pytest.mark.parametrize(
    ("right", "basis"),
    [
        (Right.ACCESS, "법 35④, 영 42②"),
        (Right.CORRECTION, "영 43③"),
        (Right.DELETION, "법 36④, 영 43③"),
        (Right.SUSPENSION, "법 37④, 영 44②"),
        (Right.CONSENT_WITHDRAWAL, "법 37④"),
    ],
)
def test_the_duty_to_say_why_stands_in_the_article_of_the_right(right: Right, basis: str) -> None:
    use = {
        Right.ACCESS: ("A35_4_1", assess(right, "mall")),
        Right.DELETION: ("A36_1", assess(right, "letter")),
        Right.SUSPENSION: ("A37_2_1", assess(right, "mall")),
        Right.CONSENT_WITHDRAWAL: ("A37_2_1", assess(right, "letter")),
    }
    if right is Right.CORRECTION:
        special = ground("A36_2", {Right.CORRECTION}, "refuse", ("statute",))
        edition = replace(WHOLE, grounds={**WHOLE.grounds, "A36_2": special})
        scope = Scope(right, changes=(("mall", "name"),))
        items = assessment.assess(scope, POLICY, edition, on=ARRIVED, since=ARRIVED, holders={}, nothing_held=False)
        name = "A36_2"
    else:
        edition, (name, items) = WHOLE, use[right]
    cut = tuple(VerdictItem(one.item, REFUSE, name, {"statute": "거래법 제6조"}) for one in items)
    verdict = Verdict(Outcome.REFUSE, cut, " ")
    with pytest.raises(Invalid) as caught:
        decision.check(verdict, items, right, edition, COMPANY, on=ARRIVED, ends_contract=False)
    assert (caught.value.code, caught.value.basis) == ("decision.reason_required", basis)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(years=5), ("5년", "5 years")),
        (Span(months=3), ("3개월", "3 months")),
        (Span(years=1, days=10), ("1년 10일", "1 year 10 days")),
        (Span(years=2, months=1, days=1), ("2년 1개월 1일", "2 years 1 month 1 day")),
    ],
)
def test_a_period_in_words(span: Span, words: tuple[str, str]) -> None:
    assert (proposal.span_ko(span), proposal.span_en(span)) == words
