"""Hiding what speaks of somebody else: only inside what was collected, once, by a ground that is open (Act 35(4))."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.law import redaction
from app.law.redaction import HIDDEN, Stretch
from app.law.terms import ControllerKind, ItemOutcome, Right
from tests.law.test_beyond import ARRIVED, shipped

HERE = ("task", 0, "content")
SPOKEN = "이웃 김아무개가 시끄럽습니다"
VALUES = {HERE: SPOKEN, ("task", 1, "content"): "다른 기록", ("task", 0, "name"): ""}
OTHERS = {"whose": "이웃", "harm": "누구인지 알려진다"}


def at(starts: int, ends: int, place: tuple[str, int, str] = HERE, ground: str = "A35_4_2") -> Stretch:
    return Stretch(place, starts, ends, ground)


def faults(*stretches: Stretch) -> list[str]:
    try:
        redaction.check(stretches, VALUES)
    except Invalid as caught:
        return [f"{one.pointer} {one.code}" for one in caught.faults]
    return []


@pytest.mark.parametrize(
    ("stretches", "wrong"),
    [
        ([at(3, 7)], []),
        ([at(0, len(SPOKEN))], []),
        ([at(0, 3), at(3, 7)], []),
        ([at(3, 7), at(0, 3), at(0, 2, ("task", 1, "content"))], []),
        ([at(3, 3)], ["/redactions/0/to field.inconsistent"]),
        ([at(7, 3)], ["/redactions/0/to field.inconsistent"]),
        ([at(-1, 3)], ["/redactions/0/to field.inconsistent"]),
        ([at(3, len(SPOKEN) + 1)], ["/redactions/0/to field.value"]),
        ([at(0, 1, ("task", 0, "name"))], ["/redactions/0/to field.value"]),
        ([at(0, 1, ("task", 2, "content"))], ["/redactions/0 field.value"]),
        ([at(0, 1, ("another", 0, "content"))], ["/redactions/0 field.value"]),
        ([at(0, 1, ("task", 0, "email"))], ["/redactions/0 field.value"]),
        ([at(3, 7), at(0, 4)], ["/redactions/0 field.inconsistent"]),
        ([at(3, 7), at(3, 7)], ["/redactions/1 field.inconsistent"]),
        ([at(0, 9), at(3, 7)], ["/redactions/1 field.inconsistent"]),
    ],
)
def test_a_stretch_lies_inside_a_value_and_is_hidden_once(stretches: list[Stretch], wrong: list[str]) -> None:
    assert faults(*stretches) == wrong


def test_what_is_hidden_says_nothing_of_its_length() -> None:
    assert redaction.hidden(SPOKEN, [at(3, 7)]) == f"이웃 {HIDDEN}가 시끄럽습니다"
    assert redaction.hidden(SPOKEN, [at(9, 15), at(3, 7)]) == f"이웃 {HIDDEN}가 {HIDDEN}"
    assert redaction.hidden(SPOKEN, [at(0, len(SPOKEN))]) == HIDDEN == redaction.hidden("김", [at(0, 1)])


@given(st.text(min_size=1), st.sets(st.integers(0, 60), min_size=2, max_size=8))
def test_nothing_hidden_is_left_and_the_rest_is_all_there(value: str, cuts: set[int]) -> None:
    """Every other piece between the cuts is hidden."""
    edges = sorted(one for one in cuts if one <= len(value))
    pieces = [(starts, ends) for starts, ends in pairwise(edges)]
    stretches = [at(starts, ends) for starts, ends in pieces[::2]]
    redaction.check(stretches, {HERE: value})
    edges = [0, *(edge for one in stretches for edge in (one.starts, one.ends)), len(value)]
    rest = [value[edges[place] : edges[place + 1]] for place in range(0, len(edges), 2)]
    assert redaction.hidden(value, reversed(stretches)) == HIDDEN.join(rest)


def stated(
    *said: tuple[str, dict[str, str]], controller: ControllerKind = ControllerKind.COMPANY, used: str = "A35_4_2"
) -> list[str]:
    try:
        redaction.check_grounds([at(0, 1, ground=used)], said, shipped()[1], controller, on=ARRIVED)
    except Invalid as caught:
        return [f"{one.pointer} {one.code}" for one in caught.faults]
    return []


@pytest.mark.parametrize(
    ("said", "used", "wrong"),
    [
        ([("A35_4_2", OTHERS)], "A35_4_2", []),
        ([("A35_4_1", {"statute": "의료법 제21조"})], "A35_4_1", []),
        ([], "A35_4_2", ["/redactions/0/ground ground.required"]),
        ([("A35_4_2", {"whose": "이웃"})], "A35_4_2", ["/grounds/0/facts/harm decision.facts_required"]),
        ([("A35_4_2", OTHERS), ("A35_4_2", OTHERS)], "A35_4_2", ["/grounds/1/ground field.inconsistent"]),
        ([("A35_4_2", OTHERS), ("A35_4_1", {})], "A35_4_2", ["/grounds/1/ground field.inconsistent"]),
        ([("A35_4_3", {"duty": "조사", "harm": "지장"})], "A35_4_3", ["/grounds/0/ground ground.not_available"]),
        ([("A36_5", {"checked": "a", "missing": "b"})], "A36_5", ["/grounds/0/ground ground.not_available"]),
        ([("A35_3_gathering", {"cause": "a"})], "A35_3_gathering", ["/grounds/0/ground ground.not_available"]),
        ([("A28_7", {"statute": "개인정보 보호법"})], "A28_7", ["/grounds/0/ground ground.not_available"]),
        ([("A35_4_gone", {"recorded": "a"})], "A35_4_gone", ["/grounds/0/ground ground.not_available"]),
    ],
)
def test_only_a_ground_of_access_that_is_open_hides(
    said: list[tuple[str, dict[str, str]]], used: str, wrong: list[str]
) -> None:
    assert stated(*said, used=used) == wrong


@pytest.mark.parametrize(
    ("said", "used", "code"),
    [
        ([], "A35_4_2", "ground.required"),
        ([("A28_7", {"statute": "개인정보 보호법"})], "A28_7", "ground.not_available"),
    ],
)
def test_a_refusal_names_the_law_of_access(said: list[tuple[str, dict[str, str]]], used: str, code: str) -> None:
    edition = shipped()[1]
    with pytest.raises(Invalid) as caught:
        redaction.check_grounds([at(0, 1, ground=used)], said, edition, ControllerKind.COMPANY, on=ARRIVED)
    assert (caught.value.code, caught.value.basis) == (code, edition.basis[Right.ACCESS])


def test_a_public_body_has_its_own_ground() -> None:
    duty = {"duty": "조사", "harm": "지장"}
    assert stated(("A35_4_3", duty), controller=ControllerKind.PUBLIC_BODY, used="A35_4_3") == []


def test_the_part_stands_beside_its_item_with_article_and_facts() -> None:
    ground = shipped()[1].grounds["A35_4_2"]
    part = redaction.withheld("consultation.content", ground, OTHERS)
    assert (part.item, part.proposed, part.ground) == ("consultation.content#A35_4_2", ItemOutcome.REFUSE, "A35_4_2")
    assert part.basis == ground.article.ko and part.facts == OTHERS and part.holders == ()
    assert HIDDEN in part.text.ko and ground.text.ko in part.text.ko and ground.text.en in part.text.en
