"""Where somebody lives is left out of what a guardian is shown, in the same words for every guardian (Act 35(4)2)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import assessment
from app.law.assessment import Item, Scope
from app.law.controller import Field
from app.law.terms import Aspect, Capacity, Decider, ItemOutcome, Right
from tests.law.world import EDITION, category, label
from tests.law.world import POLICY as WORLD

ON = date(2026, 11, 23)
HOME = replace(
    category("home", ()), fields=(Field("name", label("name"), "text"), Field("address", label("address"), "address"))
)
POLICY = replace(WORLD, categories={**WORLD.categories, "home": HOME})
ASPECTS = st.sets(st.sampled_from(list(Aspect)), min_size=1).map(lambda found: tuple(sorted(found)))
HOLDERS = st.dictionaries(st.sampled_from(sorted(POLICY.categories)), st.just(("한 곳",)))


def proposed(
    capacity: Capacity, aspects: tuple[Aspect, ...], holders: Mapping[str, tuple[str, ...]]
) -> dict[str, Item]:
    """What is proposed for each item of everything that is held."""
    items = assessment.assess(
        Scope(Right.ACCESS, aspects=aspects),
        POLICY,
        EDITION,
        since=ON,
        holders=holders,
        nothing_held=False,
        capacity=capacity,
    )
    return {one.item: one for one in items}


@given(aspects=ASPECTS, holders=HOLDERS)
def test_only_a_guardian_and_only_an_address(aspects: tuple[Aspect, ...], holders: dict[str, tuple[str, ...]]) -> None:
    for capacity in Capacity:
        found = proposed(capacity, aspects, holders)
        refused = {name for name, one in found.items() if one.proposed is ItemOutcome.REFUSE}
        shown_contents = capacity is Capacity.GUARDIAN and Aspect.ITEMS in aspects
        assert refused == ({"home.address"} if shown_contents else set())


def test_it_says_the_same_of_every_family_and_takes_two_people() -> None:
    whole = (Aspect.ITEMS,)
    here, there = (proposed(Capacity.GUARDIAN, whole, one) for one in ({}, {"home": ("창고", "본사")}))
    [item], [other] = ([one for one in found.values() if one.proposed is ItemOutcome.REFUSE] for found in (here, there))
    assert (item.facts, item.text, item.basis) == (other.facts, other.text, other.basis)
    assert item.ground == "A35_4_2" and item.facts.keys() == {"whose", "harm"}
    decides = assessment.decides(
        POLICY, Right.ACCESS, Capacity.GUARDIAN, uncontested=False, short_lived=False, items=(item,)
    )
    assert decides is Decider.TWO


@pytest.mark.parametrize("right", [Right.CORRECTION, Right.DELETION])
def test_what_shows_nothing_is_not_cut_short(right: Right) -> None:
    field = (("home", "address"),)
    scope = Scope(right, changes=field) if right is Right.CORRECTION else Scope(right, fields=field)
    items = assessment.assess(
        scope, POLICY, EDITION, since=ON, holders={}, nothing_held=False, capacity=Capacity.GUARDIAN
    )
    assert [one.proposed for one in items if one.item == "home.address"] == [ItemOutcome.GRANT]
