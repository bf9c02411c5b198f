"""Who else is told of a claim: whose data it is, and from whom it came (Act 26(8), Decree 43(2))."""

from dataclasses import replace

import pytest

from app.law import relay
from app.law.controller import OtherController, Policy, Source
from app.law.relay import Passed, Why
from app.law.terms import ItemOutcome, Right
from tests.law.world import POLICY, label

GRANT, REFUSE, KEEP, HAND_OVER = ItemOutcome.GRANT, ItemOutcome.REFUSE, ItemOutcome.KEEP, ItemOutcome.HAND_OVER


def policy() -> Policy:
    """The mall's data came from two others; the letters belong to a third."""
    known = POLICY.categories
    return replace(
        POLICY,
        controllers={"owner": OtherController("owner", label("owner"), "100", "7")},
        sources={one: Source(one, label(one), "call", "3.2") for one in ("first", "second")},
        categories={
            **known,
            "mall": replace(known["mall"], sources=("first", "second")),
            "letter": replace(known["letter"], owner="owner"),
        },
    )


@pytest.mark.parametrize("right", list(Right))
def test_what_came_from_others_goes_back_to_them_when_it_is_corrected_or_deleted(right: Right) -> None:
    found = relay.passed(policy(), right, [("mall.name", GRANT), ("mall.phone", GRANT)])
    told = tuple(Passed(Why.SOURCE, one, "mall", ("name", "phone")) for one in ("first", "second"))
    assert found == (told if right in (Right.CORRECTION, Right.DELETION) else ())


@pytest.mark.parametrize("right", list(Right))
def test_what_belongs_to_another_is_passed_on_whatever_is_asked(right: Right) -> None:
    found = relay.passed(policy(), right, [("letter.email", HAND_OVER), ("letter.content", HAND_OVER)])
    assert found == (Passed(Why.OWNER, "owner", "letter", ("email", "content")),)


@pytest.mark.parametrize("outcome", [REFUSE, KEEP])
def test_nobody_hears_of_what_was_refused_or_kept(outcome: ItemOutcome) -> None:
    assert relay.passed(policy(), Right.DELETION, [("mall.name", outcome), ("mall:contract_5y", KEEP)]) == ()


def test_a_category_that_is_asked_for_whole_is_passed_on_whole() -> None:
    first = relay.passed(policy(), Right.DELETION, [("mall", GRANT)])[0]
    assert first == Passed(Why.SOURCE, "first", "mall", ())


def test_nobody_is_handed_what_is_not_theirs() -> None:
    assert relay.passed(policy(), Right.DELETION, [("letter.email", GRANT), ("register.name", HAND_OVER)]) == ()


def test_each_hears_of_its_own() -> None:
    items = [("mall.name", REFUSE), ("mall.phone", GRANT), ("register.name", GRANT), ("letter.email", HAND_OVER)]
    assert relay.passed(policy(), Right.CORRECTION, items) == (
        Passed(Why.SOURCE, "first", "mall", ("phone",)),
        Passed(Why.SOURCE, "second", "mall", ("phone",)),
        Passed(Why.OWNER, "owner", "letter", ("email",)),
    )
