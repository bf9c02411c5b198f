"""A chain that is read from entry to entry: the first that is wrong is kept, and nothing after it says anything."""

from collections.abc import Callable

import pytest

from app.chain.links import GENESIS, link
from app.chain.merkle import root
from app.chain.trail import Trail
from tests.chain.test_exports import CHAIN

ROOT = root(one[2] for one in CHAIN[:3])


def trail() -> Trail:
    """Three entries that follow from each other."""
    made = Trail()
    for one in CHAIN[:3]:
        assert made.add(*one) is True
    return made


@pytest.mark.parametrize(
    ("turn", "first_bad"),
    [
        (lambda one: one.add(*CHAIN[4]), 4),
        (lambda one: one.add(4, CHAIN[2][2], CHAIN[3][2], b"x"), 4),
        (lambda one: one.meet(2, ROOT), 4),
        (lambda one: one.meet(3, bytes(32)), 1),
        (lambda one: one.break_("is missing"), 4),
        (lambda one: one.doubt("is doubted"), 1),
    ],
)
def test_once_one_is_wrong_nothing_more_is_read(turn: Callable[[Trail], bool], first_bad: int) -> None:
    read = trail()
    assert turn(read) is False
    before = read.told()
    assert read.add(*CHAIN[3]) is False and read.meet(3, ROOT) is False
    assert read.told() == read.end() == before
    assert (before.first_bad, before.entries, before.vouched) == (first_bad, 3, 0)


def test_a_doubt_begins_behind_what_was_vouched_for() -> None:
    read = trail()
    assert read.meet(3, ROOT) is True and read.add(*CHAIN[3]) is True
    assert read.meet(4, bytes(32)) is False
    found = read.told()
    assert (found.first_bad, found.vouched, found.unsigned) == (4, 3, 1)


def test_a_chain_is_taken_up_behind_an_entry() -> None:
    read = Trail(after=2, previous=CHAIN[1][2])
    assert read.add(*CHAIN[2]) is True
    found = read.end()
    assert (found.after, found.last, found.entries, found.unsigned, found.first_bad) == (2, 3, 1, 1, None)
    assert read.doubt("is doubted") is False and read.told().first_bad == 3


def test_an_entry_is_linked_as_the_format_says() -> None:
    """SHA-256(0x00, number as 8 bytes, hash of the one before, body): known answers, worked out by another program."""
    first = link(1, GENESIS, b"x")
    assert GENESIS.hex() == "6cd4ef7d83a6debd23f208af7e5b64d9f9bfc23f157e3701ee1c45fb98717e69"
    assert first.hex() == "e3cd53eda1b0641497dc3ec86fbea99f6544fe77ff971cc9507a37253e2ee711"
