"""What a guardian or delegate still has to show, over everything they can have shown (Decree 45(2), 46(1))."""

from itertools import chain, combinations, product
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import proof
from app.law.proof import IDENTITY_DOCUMENT, Shown
from app.law.terms import Capacity, Need, Relationship
from tests.law.world import POLICY

SELF, GUARDIAN, DELEGATE = Capacity.SELF, Capacity.GUARDIAN, Capacity.DELEGATE
PARENT = Relationship.PARENT
Known = Literal["none", "reached", "identified"]
KNOWN: tuple[Known, ...] = get_args(Known)
PAPERS = (*(one for one in POLICY.documents if one != IDENTITY_DOCUMENT), IDENTITY_DOCUMENT)
STANDINGS = [(SELF, None), (DELEGATE, None), *((GUARDIAN, one) for one in Relationship)]
NEEDED = {
    (SELF, None): (),
    (DELEGATE, None): ("mandate_paper",),
    (GUARDIAN, Relationship.PARENT): ("birth_paper", "family_paper"),
    (GUARDIAN, Relationship.ADOPTIVE_PARENT): ("birth_paper",),
    (GUARDIAN, Relationship.APPOINTED_GUARDIAN): ("birth_paper",),
    (GUARDIAN, Relationship.ADULT_GUARDIAN): ("court_paper",),
}
EVERY = [
    Shown(known, on_record, frozenset(accepted), confirmed)
    for known, on_record, confirmed in product(KNOWN, (False, True), (False, True))
    for accepted in chain.from_iterable(combinations(PAPERS, size) for size in range(len(PAPERS) + 1))
]


@pytest.mark.parametrize(("capacity", "relationship"), STANDINGS)
def test_the_papers_of_each_standing(capacity: Capacity, relationship: Relationship | None) -> None:
    assert proof.papers(POLICY, capacity, relationship) == NEEDED[capacity, relationship]


@pytest.mark.parametrize("relationship", [None, *Relationship])
def test_a_delegates_paper_is_the_mandate_whatever_they_are_to_the_subject(relationship: Relationship | None) -> None:
    assert proof.papers(POLICY, DELEGATE, relationship) == ("mandate_paper",)
    assert proof.papers(POLICY, SELF, relationship) == ()


def needs(capacity: Capacity, relationship: Relationship | None, shown: Shown) -> set[Need]:
    """The rule written out a second time, from the design."""
    papers = set(NEEDED[capacity, relationship]) <= shown.accepted
    carded = shown.requester == "reached" and IDENTITY_DOCUMENT in shown.accepted
    if capacity is GUARDIAN and shown.on_record:
        return set()
    if capacity is GUARDIAN:
        found = set() if papers else {Need.RELATIONSHIP}
        return found if shown.requester == "identified" or carded else found | {Need.IDENTITY}
    if capacity is DELEGATE:
        open_needs = {Need.REACH: shown.requester == "none", Need.MANDATE: not papers}
        open_needs[Need.CONFIRMATION] = not shown.confirmed
        return {need for need, is_open in open_needs.items() if is_open}
    return set()


@pytest.mark.parametrize(("capacity", "relationship"), STANDINGS)
def test_what_is_missing_over_everything_shown(capacity: Capacity, relationship: Relationship | None) -> None:
    assert len(EVERY) == 3 * 2 * 2 * 2 ** len(PAPERS)
    for shown in EVERY:
        found = proof.missing(POLICY, capacity, relationship, shown)
        assert set(found) == needs(capacity, relationship, shown), shown
        assert len(found) == len(set(found))


@pytest.mark.parametrize(("capacity", "relationship"), STANDINGS)
def test_the_papers_called_for_over_everything_shown(capacity: Capacity, relationship: Relationship | None) -> None:
    for shown in EVERY:
        found = proof.papers_missing(POLICY, capacity, relationship, shown)
        wanted = [one for one in NEEDED[capacity, relationship] if one not in shown.accepted]
        if capacity is GUARDIAN and shown.requester == "reached" and IDENTITY_DOCUMENT not in shown.accepted:
            wanted.append(IDENTITY_DOCUMENT)
        if capacity is GUARDIAN and shown.on_record:
            wanted = []
        assert found == tuple(wanted), shown


@pytest.mark.parametrize(("capacity", "relationship"), STANDINGS)
def test_whoever_is_called_for_no_paper_misses_none(capacity: Capacity, relationship: Relationship | None) -> None:
    """Nothing is missing that nobody asks for: the papers, the party's own proof, and the subject's word are all."""
    for shown in EVERY:
        if proof.papers_missing(POLICY, capacity, relationship, shown):
            continue
        left = set(proof.missing(POLICY, capacity, relationship, shown))
        assert not left & {Need.RELATIONSHIP, Need.MANDATE}
        assert Need.IDENTITY not in left or shown.requester == "none"


SHOWN = st.sampled_from(EVERY)


@given(SHOWN, SHOWN, st.sampled_from(STANDINGS))
def test_more_papers_and_more_words_are_never_less(
    some: Shown, more: Shown, standing: tuple[Capacity, Relationship | None]
) -> None:
    both = Shown(
        some.requester,
        some.on_record or more.on_record,
        some.accepted | more.accepted,
        some.confirmed or more.confirmed,
    )
    before = set(proof.missing(POLICY, *standing, some))
    assert set(proof.missing(POLICY, *standing, both)) <= before


@given(SHOWN)
def test_a_guardian_is_not_confirmed_by_the_child_and_no_register_names_a_delegate(shown: Shown) -> None:
    unconfirmed = Shown(shown.requester, shown.on_record, shown.accepted, not shown.confirmed)
    assert proof.missing(POLICY, GUARDIAN, PARENT, shown) == proof.missing(POLICY, GUARDIAN, PARENT, unconfirmed)
    named = Shown(shown.requester, not shown.on_record, shown.accepted, shown.confirmed)
    assert proof.missing(POLICY, DELEGATE, None, shown) == proof.missing(POLICY, DELEGATE, None, named)
    assert proof.papers_missing(POLICY, DELEGATE, None, shown) == proof.papers_missing(POLICY, DELEGATE, None, named)


def test_a_copy_of_a_card_alone_shows_nobody() -> None:
    carded = Shown("none", accepted=frozenset({IDENTITY_DOCUMENT}))
    assert Need.IDENTITY in proof.missing(POLICY, GUARDIAN, PARENT, carded)


def test_a_card_is_asked_only_of_who_was_merely_reached() -> None:
    asked = {one: IDENTITY_DOCUMENT in proof.papers_missing(POLICY, GUARDIAN, PARENT, Shown(one)) for one in KNOWN}
    assert asked == {"none": False, "reached": True, "identified": False}
