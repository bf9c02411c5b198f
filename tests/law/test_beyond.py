"""What the rights do not reach, what a contract or statute holds against a stop, and why: read from shipped data."""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import policy as policies
from app import rulebook
from app.errors import Invalid
from app.law import assessment, decision, grounds
from app.law.assessment import Item, Scope
from app.law.controller import Category, OtherController, Policy
from app.law.decision import Verdict, VerdictItem
from app.law.reasons import Reason
from app.law.terms import Aspect, Basis, ControllerKind, Edition, Ground, ItemOutcome, Label, Outcome, Right, Span

ARRIVED = date(2026, 11, 23)
GRANT, KEEP, REFUSE, HAND_OVER = ItemOutcome.GRANT, ItemOutcome.KEEP, ItemOutcome.REFUSE, ItemOutcome.HAND_OVER
STOPS = (Right.SUSPENSION, Right.CONSENT_WITHDRAWAL)


@cache
def shipped() -> tuple[Policy, Edition]:
    folder = Path(__file__).parents[2] / "policies"
    return policies.load(next(folder.glob("ktmns-*.yaml"))), rulebook.load().at(ARRIVED)


def changed(category: str, **fields: object) -> Policy:
    """The shipped policy with one category changed."""
    policy, _ = shipped()
    found: Category = replace(policy.categories[category], **fields)  # type: ignore[arg-type]
    owner = OtherController("kt", Label("다른 회사", "Another company"), "100", "7")
    return replace(policy, categories={**policy.categories, category: found}, controllers={"kt": owner})


def assess(scope: Scope, policy: Policy | None = None, *, since: date = ARRIVED, gone: str | None = None) -> list[Item]:
    own, edition = shipped()
    items = assessment.assess(
        scope, policy or own, edition, since=since, on=ARRIVED, holders={}, nothing_held=False, gone=gone
    )
    return list(items)


def asked(right: Right, category: str, field: str) -> Scope:
    match right:
        case Right.ACCESS:
            return Scope(right, (category,), aspects=(Aspect.ITEMS,))
        case Right.CORRECTION:
            return Scope(right, changes=((category, field),))
        case Right.DELETION:
            return Scope(right, (category,))
        case _:
            return Scope(right, (category,), purposes=("delivery",))


@pytest.mark.parametrize("right", Right)
def test_pseudonymised_data_is_excepted_with_its_article(right: Right) -> None:
    items = assess(asked(right, "online_mall", "name"), changed("online_mall", pseudonymised=True))
    assert items and {(one.proposed, one.ground) for one in items} == {(REFUSE, "A28_7")}
    assert all("제28조의7" in one.basis for one in items)


def test_footage_is_never_taken_for_pseudonymised() -> None:
    """The ground is about records; a policy that says it of footage is not accepted either."""
    scope = Scope(Right.ACCESS, ("cctv",), media=True)
    assert [one.proposed for one in assess(scope, changed("cctv", pseudonymised=True))] == [GRANT]


@pytest.mark.parametrize("right", Right)
def test_another_controllers_data_is_handed_over(right: Right) -> None:
    items = assess(asked(right, "online_mall", "name"), changed("online_mall", owner="kt"))
    assert items and {(one.proposed, one.ground, one.basis) for one in items} == {(HAND_OVER, None, "법 26⑧")}
    assert all("다른 회사" in one.text.ko for one in items)


@pytest.mark.parametrize("right", STOPS)
def test_cameras_in_public_places_are_not_stopped(right: Right) -> None:
    [item] = assess(Scope(Right.SUSPENSION, ("cctv",)))
    assert (item.item, item.proposed, item.ground) == ("cctv", REFUSE, "A58_2")
    assert "보거나 사본" in item.text.ko
    assert right in shipped()[1].grounds["A58_2"].rights


def test_cameras_in_an_office_are_stopped_like_anything_else() -> None:
    policy, _ = shipped()
    assert policy.cameras is not None
    inside = replace(policy, cameras=replace(policy.cameras, public_place=False))
    assert [one.proposed for one in assess(Scope(Right.SUSPENSION, ("cctv",)), inside)] == [GRANT]


def test_footage_is_shown_unless_it_is_gone() -> None:
    scope = Scope(Right.ACCESS, ("cctv",), media=True)
    assert [(one.item, one.proposed) for one in assess(scope)] == [("cctv", GRANT)]
    [gone] = assess(scope, gone="2026-10-01 10:00부터 촬영, 보관 30일")
    assert (gone.proposed, gone.ground, gone.facts) == (
        REFUSE,
        "A35_4_gone",
        {"recorded": "2026-10-01 10:00부터 촬영, 보관 30일"},
    )


def with_purpose(**fields: object) -> Policy:
    policy, _ = shipped()
    found = replace(policy.purposes["delivery"], **fields)  # type: ignore[arg-type]
    return replace(policy, purposes={**policy.purposes, "delivery": found})


@pytest.mark.parametrize(
    ("policy", "ends", "ground"),
    [
        (with_purpose(), False, None),
        (with_purpose(indispensable=True), False, "A37_2_4"),
        (with_purpose(indispensable=True), True, None),
        (with_purpose(basis=Basis.STATUTE, statute="의료법 제22조"), False, "A37_2_1"),
        (with_purpose(basis=Basis.STATUTE, statute="의료법 제22조"), True, "A37_2_1"),
    ],
)
def test_a_stop_meets_a_contract_that_goes_on_or_a_statute(policy: Policy, ends: bool, ground: str | None) -> None:
    scope = Scope(Right.SUSPENSION, ("online_mall",), purposes=("delivery",), ends_contract=ends)
    [item] = assess(scope, policy)
    assert (item.proposed, item.ground) == ((REFUSE, ground) if ground else (GRANT, None))


def rules(reasons: tuple[Reason, ...]) -> dict[str, bool]:
    return {one.rule: one.holds for one in reasons}


def test_the_reasons_of_a_deletion_as_a_tree() -> None:
    first, *_ = assess(Scope(Right.DELETION, ("online_mall",)))
    assert rules(first.reasons) == {
        "held": False,
        "purpose.service_consultation": True,
        "purpose.delivery": True,
        "record.contract_5y": True,
        "record.payment_5y": True,
        "ground.A36_1": False,
        "ground.A21_1": False,
        "ground.A36_2": False,
        "ground.A28_7": False,
    }
    record = next(one for one in first.reasons if one.rule == "record.contract_5y")
    assert [(one.rule, one.article, one.said.ko) for one in record.because] == [
        (
            "counted",
            "민법 157·159·160",
            "2026-11-23의 다음 날부터 세어 늦어도 2031-11-23까지 보존하고 2031-11-24에는 파기함",
        )
    ]


def test_a_ground_of_public_bodies_is_told_as_closed() -> None:
    first, *_ = assess(Scope(Right.ACCESS, ("online_mall",), aspects=(Aspect.ITEMS,)))
    closed = next(one for one in first.reasons if one.rule == "ground.A35_4_3")
    assert [(one.rule, one.holds) for one in closed.because] == [("controller", False), ("facts", False)]


@pytest.mark.parametrize("ends", [False, True])
def test_whether_the_contract_goes_on_is_told(ends: bool) -> None:
    [item] = assess(Scope(Right.SUSPENSION, ("online_mall",), purposes=("delivery",), ends_contract=ends))
    ground = next(one for one in item.reasons if one.rule == "ground.A37_2_4")
    assert {one.rule: one.holds for one in ground.because}["contract_goes_on"] is not ends


def facts_of(ground: Ground) -> dict[str, str]:
    said = {"statute": "거래법 제1조", "until": "2031-01-01"}
    return {name: said.get(name, "그러하다") for name in ground.facts}


TABLE = list(product(Right, sorted(shipped()[1].grounds), ControllerKind, (False, True), (False, True)))


@pytest.mark.parametrize(("right", "name", "kind", "media", "ends"), TABLE)
def test_every_right_ground_controller_and_matter(
    right: Right, name: str, kind: ControllerKind, media: bool, ends: bool
) -> None:
    """The table written out a second time: a ground is open for its rights, its controllers, its kind of matter."""
    _, edition = shipped()
    ground = edition.grounds[name]
    contract = name == "A37_2_4" and ends
    fits = right in ground.rights and kind in ground.controllers and ground.media in (None, media) and not contract
    effect = "refuse" if ground.effect == "except" else ground.effect

    def use(facts: dict[str, str]) -> Ground:
        return grounds.check(edition, name, right, kind, effect, facts, on=ARRIVED, ends_contract=ends, media=media)

    if not fits:
        with pytest.raises(Invalid) as caught:
            use(facts_of(ground))
        assert caught.value.code == "ground.not_available"
        return
    assert use(facts_of(ground)).id == name
    for missing in ground.facts:
        with pytest.raises(Invalid) as caught:
            use({**facts_of(ground), missing: " "})
        assert caught.value.code == "decision.facts_required"


@pytest.mark.parametrize("word", ["others_in_picture", "police_only", "internal_policy", "trade_secret"])
def test_what_is_no_ground_stands_nowhere(word: str) -> None:
    _, edition = shipped()
    assert word not in edition.grounds
    with pytest.raises(Invalid):
        grounds.check(
            edition,
            word,
            Right.ACCESS,
            ControllerKind.COMPANY,
            "refuse",
            {},
            on=ARRIVED,
            ends_contract=False,
            media=True,
        )


def test_nobody_hands_over_what_is_ours_nor_decides_on_anothers() -> None:
    _, edition = shipped()
    ours = tuple(assess(Scope(Right.ACCESS, ("inquiry",), aspects=(Aspect.ITEMS,))))
    theirs = tuple(assess(Scope(Right.ACCESS, ("inquiry",), aspects=(Aspect.ITEMS,)), changed("inquiry", owner="kt")))

    def check(items: tuple[Item, ...], outcome: Outcome, *spoken: VerdictItem) -> tuple[VerdictItem, ...]:
        return decision.check(
            Verdict(outcome, spoken, "까닭"),
            items,
            Right.ACCESS,
            edition,
            ControllerKind.COMPANY,
            on=ARRIVED,
            ends_contract=False,
        )

    for items, said in ((ours, HAND_OVER), (theirs, GRANT)):
        with pytest.raises(Invalid) as caught:
            check(items, Outcome.APPROVE, VerdictItem(items[0].item, said))
        assert told(caught.value) == ("decision.inconsistent", "/items/0/outcome", "법 26⑧")
    decided = check(theirs, Outcome.APPROVE)
    assert decision.outcome(Outcome.APPROVE, decided) is Outcome.HANDED_OVER
    assert decision.outcome(Outcome.APPROVE, check(ours, Outcome.APPROVE)) is Outcome.APPROVE


def told(problem: Invalid) -> tuple[str, str, str | None]:
    """The whole of a refusal that points to one place."""
    [only] = problem.faults
    return problem.code, only.pointer, problem.basis


def test_what_is_pseudonymised_is_excepted_and_nobody_opens_it() -> None:
    _, edition = shipped()
    items = tuple(assess(asked(Right.ACCESS, "online_mall", "name"), changed("online_mall", pseudonymised=True)))

    def check(outcome: Outcome, *spoken: VerdictItem) -> tuple[VerdictItem, ...]:
        verdict, company = Verdict(outcome, spoken, "까닭"), ControllerKind.COMPANY
        return decision.check(verdict, items, Right.ACCESS, edition, company, on=ARRIVED, ends_contract=False)

    decided = check(Outcome.REFUSE)
    assert [(one.outcome, one.ground, one.facts) for one in decided] == [(REFUSE, "A28_7", one.facts) for one in items]
    with pytest.raises(Invalid) as caught:
        check(Outcome.APPROVE, VerdictItem(items[0].item, GRANT))
    assert told(caught.value) == ("decision.inconsistent", "/items/0/outcome", "법 28의5①, 28의7")


SPANS = st.builds(Span, years=st.integers(0, 10), months=st.integers(0, 30), days=st.integers(0, 60)).filter(
    lambda one: bool(one.years or one.months or one.days)
)


@given(SPANS, st.integers(0, 40), st.dates(date(2010, 1, 1), date(2026, 11, 23)))
def test_a_longer_period_never_frees_earlier(span: Span, more: int, since: date) -> None:
    policy, _ = shipped()

    def until(one: Span) -> date:
        records = {**policy.records, "contract_5y": replace(policy.records["contract_5y"], span=one)}
        found = assess(Scope(Right.DELETION, ("online_mall",)), replace(policy, records=records), since=since)
        kept = next((item.until for item in found if item.record_class == "contract_5y"), None)
        return kept or date.min

    assert until(replace(span, months=span.months + more)) >= until(span)


@given(
    st.sampled_from(Right),
    st.sampled_from(["online_mall", "consultation", "site_log", "inquiry"]),
    st.dates(date(2015, 1, 1), ARRIVED),
    st.booleans(),
    st.booleans(),
)
def test_the_rest_is_granted_and_nothing_is_both(
    right: Right, category: str, since: date, pseudonymised: bool, owned: bool
) -> None:
    policy = changed(category, pseudonymised=pseudonymised, owner="kt" if owned else None)
    field = policy.categories[category].fields[0].id
    items = assess(asked(right, category, field), policy, since=since)
    names = [one.item for one in items]
    assert len(names) == len(set(names))
    for one in items:
        assert (one.ground is None) is (one.proposed in (GRANT, HAND_OVER))
        assert one.reasons and one.text.ko and one.text.en
    if not pseudonymised and not owned and right in (Right.ACCESS, Right.CORRECTION):
        assert {one.proposed for one in items} == {GRANT}
    assert items == assess(asked(right, category, field), policy, since=since)
