"""What holds of every assessment, whatever policy a company writes and whatever is asked of it (D2-D6)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.law import assessment, decision, period, retention
from app.law.assessment import Item, Scope
from app.law.controller import Policy
from app.law.decision import Verdict
from app.law.reasons import Reason
from app.law.terms import Capacity, Decider, Edition, ItemOutcome, Outcome, Right
from tests.law.generated import EDITIONS, SINCES, policies, scopes

GRANT, KEEP, REFUSE, HAND_OVER = ItemOutcome.GRANT, ItemOutcome.KEEP, ItemOutcome.REFUSE, ItemOutcome.HAND_OVER
ARRIVALS = st.dates(date(2026, 9, 11), date(2028, 1, 1))


@dataclass(frozen=True, slots=True)
class Made:
    """A policy, a claim on it, the law of the day it arrived, and who holds what."""

    policy: Policy
    scope: Scope
    since: date
    on: date
    capacity: Capacity
    holders: Mapping[str, tuple[str, ...]]

    def __repr__(self) -> str:
        """What was asked of what: a whole policy is too much to read."""
        return f"Made({self.scope}, {self.policy.categories}, {self.policy.purposes}, since={self.since}, on={self.on})"

    @property
    def edition(self) -> Edition:
        """The law of the day of arrival."""
        return next(one for one in reversed(EDITIONS) if one.valid_from <= self.on)

    def assessed(self) -> tuple[Item, ...]:
        """What the engine proposes."""
        return assessment.assess(
            self.scope,
            self.policy,
            self.edition,
            since=self.since,
            on=self.on,
            holders=self.holders,
            nothing_held=False,
            capacity=self.capacity,
        )


@st.composite
def matters(draw: st.DrawFn) -> Made:
    """Any of it."""
    policy, arrived = draw(policies()), draw(ARRIVALS)
    holders = {name: tuple(draw(st.lists(st.sampled_from(("a", "b")), unique=True))) for name in policy.categories}
    scope, capacity = draw(scopes(policy)), draw(st.sampled_from(Capacity))
    return Made(policy, scope, min(draw(SINCES), arrived), arrived, capacity, holders)


@given(matters())
def test_the_rest_is_always_granted(matter: Made) -> None:
    """Whatever no ground of the edition is put against is granted or passed on (Decree 42(1)); no other outcome."""
    policy, scope, edition = matter.policy, matter.scope, matter.edition
    for one in matter.assessed():
        if one.ground is None:
            assert one.proposed in (GRANT, HAND_OVER) and one.facts == {} and one.until is None
            continue
        ground = edition.grounds[one.ground]
        assert one.proposed in (KEEP, REFUSE)
        assert scope.right in ground.rights and policy.kind in ground.controllers
        assert not (one.ground == "A37_2_4" and scope.ends_contract)
        assert one.ground not in ("A35_4_3", "A37_2_3"), "a public duty is for people to state"


@given(matters())
def test_nothing_is_both_kept_and_deleted(matter: Made) -> None:
    found = matter.assessed()
    assert len({one.item for one in found}) == len(found)
    for one in found:
        if one.record_class is not None:
            assert one.proposed is KEEP and ":" in one.item and one.until is not None
            assert one.until >= matter.on, "a period that is over keeps nothing"
        else:
            assert ":" not in one.item


@given(matters(), st.integers(1, 40))
def test_a_longer_period_never_frees_earlier(matter: Made, months: int) -> None:
    policy = matter.policy
    longer = {
        name: replace(one, span=replace(one.span, months=one.span.months + months))
        for name, one in policy.records.items()
    }
    before = {one.item: one.until for one in matter.assessed() if one.record_class}
    after = {
        one.item: one.until
        for one in replace(matter, policy=replace(policy, records=longer)).assessed()
        if one.record_class
    }
    assert before.keys() <= after.keys()
    assert all(after[name] > until for name, until in before.items())


@given(matters())
def test_the_same_facts_have_the_same_answer(matter: Made) -> None:
    policy = matter.policy
    turned = replace(
        policy,
        records=dict(reversed(policy.records.items())),
        purposes=dict(reversed(policy.purposes.items())),
    )
    assert matter.assessed() == matter.assessed() == replace(matter, policy=turned).assessed()


@given(matters(), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_the_machine_decides_only_what_gives_everything(
    matter: Made, one_match: bool, assured: bool, free_text: bool, other_open: bool
) -> None:
    policy, scope, capacity = matter.policy, matter.scope, matter.capacity
    found = matter.assessed()
    plain = assessment.uncontested(
        found, one_match_or_nothing=one_match, assured=assured, free_text=free_text, other_open=other_open
    )
    decider = assessment.decides(policy, scope.right, capacity, uncontested=plain, short_lived=True, items=found)
    if decider is Decider.MACHINE:
        assert one_match and assured and not free_text and not other_open
        assert all(one.proposed in (GRANT, HAND_OVER) for one in found)
        assert not found or (capacity is Capacity.SELF and scope.right in (Right.ACCESS, Right.SUSPENSION))
    if any(one.proposed in (KEEP, REFUSE) for one in found):
        assert decider is Decider.TWO


@given(matters())
def test_the_engines_own_proposal_is_one_that_people_can_make(matter: Made) -> None:
    """Every ground that is proposed comes with its facts, open to this controller: it can be decided as it stands."""
    policy, scope = matter.policy, matter.scope
    found = matter.assessed()
    if not found:
        return
    giving = sum(one.proposed in (GRANT, HAND_OVER) for one in found)
    outcome = Outcome.APPROVE if giving == len(found) else Outcome.PARTIAL if giving else Outcome.REFUSE
    if any(one.ground in ("A37_2_1", "A37_2_4") and not one.facts for one in found):
        return  # Withdrawal of what rests on no consent: the facts are for people to state.
    decided = decision.check(
        Verdict(outcome, (), "법에 따라 결정합니다."),
        found,
        scope.right,
        matter.edition,
        policy.kind,
        on=matter.on,
        ends_contract=scope.ends_contract,
        media=[one.id for one in policy.categories.values() if one.media],
    )
    assert [one.item for one in decided] == [one.item for one in found]


@given(matters())
def test_every_item_has_its_reasons(matter: Made) -> None:
    """Who holds it, what it rests on, and each ground with whether it holds: exactly the chosen one does."""
    for one in matter.assessed():
        rules = {reason.rule: reason for reason in one.reasons}
        assert len(rules) == len(one.reasons)
        assert rules["held"].holds is bool(one.holders)
        chosen = {name for name, reason in rules.items() if name.startswith("ground.") and reason.holds}
        assert chosen == ({f"ground.{one.ground}"} if one.ground else set())
        for reason in one.reasons:
            _whole(reason)
        if one.record_class is not None:
            assert rules[f"record.{one.record_class}"].holds


def _whole(reason: Reason) -> None:
    assert reason.rule and reason.article and reason.said.ko and reason.said.en
    for inner in reason.because:
        _whole(inner)


@given(matters(), st.booleans())
def test_at_least_is_freed_from_and_at_most_ends_on_a_day_that_no_holiday_moves(matter: Made, dated: bool) -> None:
    policy, since, on = matter.policy, matter.since, matter.on if dated else None
    for category in policy.categories:
        for one in retention.kept(policy, category, since, on=on):
            assert one.until == period.last_day(since, one.record.span)
            assert one.destroy_from == one.until + timedelta(days=1)
            assert on is None or (one.record.valid_from or on) <= on <= (one.record.valid_to or on)
