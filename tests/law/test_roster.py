"""Who the policy names beside who is registered: every way in which the two can differ."""

from app.law.roster import Difference, Holder, Registered, called, differences, named
from app.law.terms import Label

MALL, LOG, SHOP = "mall", "log", "shop"


def holder(one: str, *categories: str, kind: str = "processor") -> Holder:
    return Holder(one, Label(f"{one} 회사", f"{one} company"), kind, categories)


def system(one: str, party: str | None, *categories: str, kind: str = "processor") -> Registered:
    return Registered(one, kind, party, categories)


def found(holders: list[Holder], registered: list[Registered]) -> list[tuple[str, str, str | None, tuple[str, ...]]]:
    return [(one.change, one.party, one.system_id, one.after) for one in differences(holders, registered)]


def test_a_holder_that_nobody_registered_is_new() -> None:
    [one] = differences([holder("a", MALL)], [system("1", None, MALL)])
    assert one == Difference("new", "processor", "a", None, (), (MALL,))
    assert found([holder("a", MALL)], [system("1", "a", MALL, kind="source")])[0][0] == "new", "of its own kind"
    assert found([holder("a")], []) == [], "of whom the policy does not say what they hold"


def test_a_holder_keeps_what_the_policy_says() -> None:
    assert found([holder("a", MALL, LOG)], [system("1", "a", LOG, MALL)]) == [], "in whatever order"
    [one] = differences([holder("a", MALL, LOG)], [system("1", "a", SHOP, MALL)])
    assert one == Difference("changed", "processor", "a", "1", (SHOP, MALL), (MALL, LOG))
    assert found([holder("a")], [system("1", "a", MALL)]) == [], "nothing is taken from one of whom it says nothing"


def test_several_systems_of_one_holder_hold_it_between_them() -> None:
    two = [system("1", "a", MALL), system("2", "a", LOG)]
    assert found([holder("a", MALL, LOG)], two) == []
    assert found([holder("a", MALL, LOG, SHOP)], two) == [("changed", "a", "1", (MALL, SHOP))]
    assert found([holder("a", MALL)], two) == [("changed", "a", "2", ())]


def test_one_whom_the_policy_no_longer_names_is_gone() -> None:
    registered = [system("1", "a", MALL), system("2", None, MALL), system("3", "b", MALL)]
    [one] = differences([holder("b", MALL)], registered)
    assert one == Difference("gone", "processor", "a", "1", (MALL,), ())


def test_names_are_those_of_the_policy() -> None:
    holders = [holder("a", MALL)]
    assert [called(holders, "processor", name) for name in ("a 회사", "a company", "a", "b")] == ["a", "a", None, None]
    assert called(holders, "source", "a 회사") is None
    assert named(holders, "processor", "a") is holders[0]
    assert named(holders, "internal", "a") is None
