"""Who may ask for whom: capacity, relationship and age in whole tables, and the life of a mandate (Act 38)."""

import json
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.errors import Fault, Invalid
from app.law import age, deadline, standing
from app.law.standing import Known
from app.law.terms import Capacity, Relationship, Right

ON = date(2026, 11, 22)
PARENT, ADOPTIVE = Relationship.PARENT, Relationship.ADOPTIVE_PARENT
APPOINTED, ADULTS = Relationship.APPOINTED_GUARDIAN, Relationship.ADULT_GUARDIAN
OF_CHILDREN = (PARENT, ADOPTIVE, APPOINTED)
CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases.json").read_text())["ages"]

MOTHER = Known("김보람", date(1980, 5, 5), frozenset({("phone", "+821000000002")}))
FRIEND = Known("박도움", None, frozenset({("phone", "+821000000003")}))


def child(born: date | None, *contacts: tuple[str, str], name: str = "김하늘") -> Known:
    return Known(name, born, frozenset(contacts))


def faults(
    capacity: Capacity,
    relationship: Relationship | None = None,
    *,
    subject: Known,
    requester: Known | None = None,
    on: date = ON,
) -> list[tuple[str, str]]:
    """What is wrong with a filing, as (pointer, code)."""
    try:
        standing.check_filing(capacity, relationship, subject=subject, requester=requester, on=on)
    except Invalid as problem:
        return [(one.pointer, one.code) for one in problem.faults]
    return []


ALONE = [("/subject/birth_date", "guardian.required")]
WRONG = [("/requester/relationship", "guardian.inconsistent")]
BORN = {
    "newborn": ON,
    "13y364d": date(2012, 11, 23),
    "14y0d": date(2012, 11, 22),
    "18y364d": date(2007, 11, 23),
    "19y0d": date(2007, 11, 22),
    "60y": date(1966, 1, 1),
}
# Every standing at every boundary; "." may ask.
TABLE = """
                             newborn 13y364d 14y0d 18y364d 19y0d 60y
self                         alone   alone   .     .       .     .
guardian/parent              .       .       .     .       wrong wrong
guardian/adoptive_parent     .       .       .     .       wrong wrong
guardian/appointed_guardian  .       .       .     .       wrong wrong
guardian/adult_guardian      wrong   wrong   wrong wrong   .     .
delegate                     alone   alone   .     .       .     .
"""
ANSWERS = {".": [], "alone": ALONE, "wrong": WRONG}


def rows() -> list[tuple[Capacity, Relationship | None, str, str]]:
    head, *lines = (line.split() for line in TABLE.strip().splitlines())
    found = []
    for who, *cells in lines:
        capacity, _, relationship = who.partition("/")
        kind = Relationship(relationship) if relationship else None
        found += [(Capacity(capacity), kind, at, cell) for at, cell in zip(head, cells, strict=True)]
    return found


def test_the_table_is_whole() -> None:
    standings = {(capacity, kind) for capacity, kind, _, _ in rows()}
    guardians = {(Capacity.GUARDIAN, one) for one in Relationship}
    assert standings == guardians | {(Capacity.SELF, None), (Capacity.DELEGATE, None)}
    assert len(rows()) == 6 * len(BORN)


@pytest.mark.parametrize(("capacity", "relationship", "at", "cell"), rows())
def test_standing_by_age(capacity: Capacity, relationship: Relationship | None, at: str, cell: str) -> None:
    # An adult's guardian may be younger than the ward, a child's never is: this one is older than everybody.
    requester = None if capacity is Capacity.SELF else Known("김보람", date(1930, 1, 1))
    assert faults(capacity, relationship, subject=child(BORN[at]), requester=requester) == ANSWERS[cell]


@pytest.mark.parametrize("case", CASES, ids=[f"{one['born']} on {one['on']}" for one in CASES])
def test_every_case_of_the_law_notes(case: dict[str, Any]) -> None:
    born, on = date.fromisoformat(case["born"]), date.fromisoformat(case["on"])
    if "on_utc" in case:
        on = deadline.seoul_date(datetime.fromisoformat(case["on_utc"]))
    who, elder = child(born), Known("김보람", date(1940, 1, 1))
    assert (faults(Capacity.SELF, subject=who, on=on) == ALONE) is case["under14"]
    assert (faults(Capacity.DELEGATE, subject=who, requester=FRIEND, on=on) == ALONE) is case["under14"]
    for one in OF_CHILDREN:
        assert (faults(Capacity.GUARDIAN, one, subject=who, requester=elder, on=on) == []) is case["minor"]
        ended = None if case["minor"] else "guardian.ended"
        assert standing.lost(Capacity.GUARDIAN, one, born=born, on=on) == ended
    assert (faults(Capacity.GUARDIAN, ADULTS, subject=who, requester=elder, on=on) == WRONG) is case["minor"]


def test_the_article_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        standing.check_filing(Capacity.SELF, None, subject=child(BORN["13y364d"]), requester=None, on=ON)
    assert (caught.value.code, caught.value.basis) == ("guardian.required", "법 38②")


def test_nobody_is_asked_for_a_birth_date_but_a_guardian() -> None:
    assert faults(Capacity.SELF, subject=child(None)) == []
    assert faults(Capacity.DELEGATE, subject=child(None), requester=FRIEND) == []
    nameless = [("/subject/birth_date", "field.required"), ("/requester/birth_date", "field.required")]
    assert faults(Capacity.GUARDIAN, PARENT, subject=child(None), requester=FRIEND) == nameless


def test_who_asks_for_somebody_is_named_and_who_asks_for_oneself_is_not() -> None:
    assert faults(Capacity.SELF, subject=child(None), requester=FRIEND) == [("/requester", "field.inconsistent")]
    for capacity in (Capacity.GUARDIAN, Capacity.DELEGATE):
        assert faults(capacity, PARENT, subject=child(ON)) == [("/requester", "field.required")]
    unsaid = [("/requester/relationship", "field.required")]
    assert faults(Capacity.GUARDIAN, None, subject=child(ON), requester=MOTHER) == unsaid


def test_nobody_is_born_tomorrow() -> None:
    tomorrow = ON + timedelta(days=1)
    unborn = child(tomorrow)
    told = [("/subject/birth_date", "field.value")]
    assert faults(Capacity.SELF, subject=unborn) == told
    assert faults(Capacity.GUARDIAN, PARENT, subject=unborn, requester=MOTHER) == told
    assert faults(Capacity.DELEGATE, subject=unborn, requester=FRIEND) == told
    late = Known("김보람", tomorrow)
    for capacity in (Capacity.GUARDIAN, Capacity.DELEGATE):
        told = [("/requester/birth_date", "field.value")]
        assert faults(capacity, PARENT, subject=child(date(2010, 1, 1)), requester=late) == told


PHONE = ("phone", "+821000000009")
MAIL = ("email", "haneul@example.com")


@pytest.mark.parametrize(
    ("requester", "may"),
    [
        (Known("김보람", date(1980, 5, 5), frozenset({PHONE})), True),
        (Known("김하늘", date(1980, 5, 5), frozenset({("phone", "+821000000002")})), True),
        (Known("김하늘", date(1980, 5, 5), frozenset({PHONE})), False),
        (Known("김 하늘", date(1980, 5, 5), frozenset({("email", "Haneul@Example.com")})), False),
        (Known("김보람", date(2015, 3, 3)), False),
        (Known("김보람", date(2015, 3, 4)), False),
        (Known("김보람", date(2015, 3, 2)), True),
    ],
)
@pytest.mark.parametrize("relationship", OF_CHILDREN)
def test_a_childs_guardian_is_somebody_else_and_older(relationship: Relationship, requester: Known, may: bool) -> None:
    subject = child(date(2015, 3, 3), PHONE, MAIL)
    found = faults(Capacity.GUARDIAN, relationship, subject=subject, requester=requester)
    assert found == ([] if may else [("/requester", "guardian.inconsistent")])


def test_a_son_is_the_guardian_of_his_old_mother_but_nobody_of_themselves() -> None:
    old = child(date(1940, 1, 1), PHONE, name="이순자")
    for other in (Known("김철수", date(1970, 1, 1)), Known("이순자", date(1970, 1, 1)), Known("김철수", old.born)):
        assert faults(Capacity.GUARDIAN, ADULTS, subject=old, requester=other) == []
    for same in (Known("이순자", old.born), Known("이 순자", date(1970, 1, 1), frozenset({PHONE}))):
        told = [("/requester", "guardian.inconsistent")]
        assert faults(Capacity.GUARDIAN, ADULTS, subject=old, requester=same) == told


def test_a_married_minor_is_of_age_and_not_refused() -> None:
    young = Known("김보람", date(2008, 11, 23))
    assert faults(Capacity.GUARDIAN, PARENT, subject=child(date(2026, 1, 1)), requester=young) == []


@pytest.mark.parametrize(
    ("requester", "may"),
    [
        (FRIEND, True),
        (Known("김하늘", None, frozenset({("phone", "+821000000003")})), True),
        (Known("박도움", None, frozenset({PHONE})), False),
        (Known("박도움", None, frozenset({("phone", "+821000000003"), ("email", "HANEUL@example.com")})), False),
        (Known("김 하늘", date(1990, 3, 3), frozenset({("phone", "+821000000003")})), False),
        (Known("김하늘", date(1991, 3, 3), frozenset({("phone", "+821000000003")})), True),
        (Known("박도움", date(1990, 3, 3)), True),
    ],
)
def test_a_delegate_is_another_person_with_contacts_of_their_own(requester: Known, may: bool) -> None:
    found = faults(Capacity.DELEGATE, subject=child(date(1990, 3, 3), PHONE, MAIL), requester=requester)
    assert found == ([] if may else [("/requester", "mandate.inconsistent")])


def test_two_namesakes_without_a_birth_date_are_two_people() -> None:
    namesake = Known("김하늘", None, frozenset({("phone", "+821000000003")}))
    assert faults(Capacity.DELEGATE, subject=child(None, PHONE), requester=namesake) == []


# Standing in mid-case ------------------------------------------------------------------------------------------------

BIRTHS = st.dates(date(1990, 1, 1), date(2026, 11, 22))
DAYS = st.dates(date(2026, 11, 22), date(2060, 1, 1))


@given(BIRTHS, DAYS, st.integers(0, 4_000), st.sampled_from(Relationship))
def test_standing_ends_once_with_the_childs_nineteenth_birthday(
    born: date, on: date, days: int, relationship: Relationship
) -> None:
    elder = Known("김보람", date(1940, 1, 1))
    assume(faults(Capacity.GUARDIAN, relationship, subject=child(born), requester=elder, on=on) == [])
    later = on + timedelta(days=days)
    found = standing.lost(Capacity.GUARDIAN, relationship, born=born, on=later)
    grown_up_child = relationship in OF_CHILDREN and age.age(born, later) >= 19
    assert found == ("guardian.ended" if grown_up_child else None)
    # Turning 14 changes nothing: from then on either may ask.
    if relationship in OF_CHILDREN and age.age(born, later) < 19:
        assert faults(Capacity.GUARDIAN, relationship, subject=child(born), requester=elder, on=later) == []


@given(st.none() | BIRTHS, DAYS, st.none() | st.sampled_from(Relationship))
def test_who_asks_alone_or_on_a_mandate_loses_nothing_by_age(
    born: date | None, on: date, relationship: Relationship | None
) -> None:
    assert standing.lost(Capacity.SELF, relationship, born=born, on=on) is None
    assert standing.lost(Capacity.DELEGATE, relationship, born=born, on=on) is None
    assert standing.lost(Capacity.GUARDIAN, relationship, born=None, on=on) is None


@pytest.mark.parametrize(
    ("born", "last"),
    [(date(2008, 2, 29), date(2027, 2, 28)), (date(2008, 2, 28), date(2027, 2, 27)), (ON, date(2045, 11, 21))],
)
def test_the_last_day_of_a_parents_standing(born: date, last: date) -> None:
    assert standing.lost(Capacity.GUARDIAN, PARENT, born=born, on=last) is None
    assert standing.lost(Capacity.GUARDIAN, PARENT, born=born, on=last + timedelta(days=1)) == "guardian.ended"


def test_an_adults_guardian_is_not_ended_by_age() -> None:
    for born in BORN.values():
        assert standing.lost(Capacity.GUARDIAN, ADULTS, born=born, on=ON) is None


# The mandate ---------------------------------------------------------------------------------------------------------


def mandate(
    rights: set[Right],
    signed_on: date,
    expires_on: date | None = None,
    asked: tuple[Right, ...] = (Right.ACCESS,),
) -> list[tuple[str, str]]:
    found = standing.mandate_faults(rights, signed_on, expires_on, asked=asked, on=ON, longest_days=180)
    return [(one.pointer, one.code) for one in found]


@pytest.mark.parametrize(("ticked", "asked"), list(product(Right, Right)))
def test_only_a_ticked_right_is_carried(ticked: Right, asked: Right) -> None:
    found = mandate({ticked}, ON, asked=(asked,))
    assert found == ([] if ticked is asked else [("/claims/0/right", "mandate.scope")])


def test_every_claim_outside_the_mandate_is_a_fault() -> None:
    asked = (Right.DELETION, Right.ACCESS, Right.CORRECTION)
    found = mandate({Right.ACCESS}, ON, asked=asked)
    assert found == [("/claims/0/right", "mandate.scope"), ("/claims/2/right", "mandate.scope")]


@pytest.mark.parametrize(
    ("signed_in", "expires_in", "told"),
    [
        (0, None, []),
        (0, 0, []),
        (-180, None, []),
        (-180, 30, []),
        (-181, None, [("/mandate/signed_on", "mandate.scope")]),
        (-181, 30, [("/mandate/signed_on", "mandate.scope")]),
        (1, None, [("/mandate/signed_on", "field.value")]),
        (-30, -1, [("/mandate/expires_on", "mandate.scope")]),
        (3, 2, [("/mandate/signed_on", "field.value"), ("/mandate/expires_on", "field.inconsistent")]),
        (-300, -200, [("/mandate/signed_on", "mandate.scope"), ("/mandate/expires_on", "mandate.scope")]),
    ],
)
def test_the_days_of_a_mandate(signed_in: int, expires_in: int | None, told: list[tuple[str, str]]) -> None:
    expires_on = None if expires_in is None else ON + timedelta(days=expires_in)
    assert mandate({Right.ACCESS}, ON + timedelta(days=signed_in), expires_on) == told


@given(
    st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(30, 366),
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
)
def test_a_mandate_taken_in_holds_until_its_day_and_not_longer(
    signed: date, expires: date | None, longest: int, on: date
) -> None:
    until = standing.mandate_until(signed, expires, longest)
    assert until <= signed + timedelta(days=longest)
    assert expires is None or until <= expires
    taken = not standing.mandate_faults([], signed, expires, asked=[], on=on, longest_days=longest)
    assert taken == (signed <= on <= until)
    assert standing.mandate_lost(revoked=False, until=until, on=on) == ("mandate.expired" if on > until else None)
    assert standing.mandate_lost(revoked=True, until=until, on=on) == "mandate.revoked"


def test_a_fault_points_where_the_form_has_the_word() -> None:
    found = standing.mandate_faults([], ON, None, asked=[Right.ACCESS], on=ON, longest_days=180)
    assert found == (Fault("/claims/0/right", "mandate.scope"),)
