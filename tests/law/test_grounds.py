"""Which reasons are open to whom, and what must be said with them (Act 21(1), 35(4), 36(1), 37(2))."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.law import grounds
from app.law.terms import ControllerKind, Right
from tests.law.world import ARRIVED, EDITION

COMPANY, PUBLIC = ControllerKind.COMPANY, ControllerKind.PUBLIC_BODY


def ids(
    right: Right,
    controller: ControllerKind = COMPANY,
    effect: str | None = None,
    on: date = ARRIVED,
    *,
    ends_contract: bool = False,
) -> list[str]:
    found = grounds.available(EDITION, right, controller, effect, on, ends_contract=ends_contract, media=False)
    return [one.id for one in found]


def refused(ground: str, right: Right, effect: str, facts: Mapping[str, str], **more: bool) -> Invalid:
    with pytest.raises(Invalid) as caught:
        grounds.check(
            EDITION,
            ground,
            right,
            COMPANY,
            effect,
            facts,
            on=ARRIVED,
            ends_contract=more.get("ends_contract", False),
            pointer="/items/3",
        )
    return caught.value


def test_a_company_has_what_the_act_gives_it() -> None:
    assert ids(Right.ACCESS) == ["A35_4_1", "A35_4_2", "A35_3"]
    assert ids(Right.CORRECTION) == []
    assert ids(Right.DELETION) == ["A36_1", "A21_1"]
    assert ids(Right.SUSPENSION) == ids(Right.CONSENT_WITHDRAWAL) == ["A37_2_1", "A37_2_2", "A37_2_4"]


def test_a_public_body_has_its_own_besides() -> None:
    assert set(ids(Right.ACCESS, PUBLIC)) - set(ids(Right.ACCESS)) == {"A35_4_3"}
    assert set(ids(Right.SUSPENSION, PUBLIC)) - set(ids(Right.SUSPENSION)) == {"A37_2_3"}


def test_a_ground_serves_its_effect() -> None:
    assert ids(Right.ACCESS, effect="refuse") == ids(Right.ACCESS, effect="keep") == ["A35_4_1", "A35_4_2"]
    assert ids(Right.ACCESS, effect="postpone") == ["A35_3"]
    assert ids(Right.DELETION, effect="refuse") == ["A36_1"]
    assert ids(Right.DELETION, effect="keep") == ["A36_1", "A21_1"]


def test_a_ground_holds_between_its_days() -> None:
    assert "ended" in ids(Right.ACCESS, on=date(2026, 10, 1))
    assert "ended" not in ids(Right.ACCESS, on=date(2026, 10, 2))
    assert ids(Right.ACCESS, on=date(2026, 9, 10)) == []
    assert "A35_4_1" in ids(Right.ACCESS, on=date(2026, 9, 11))


def test_who_ends_the_contract_is_not_told_of_the_contract() -> None:
    assert ids(Right.SUSPENSION, ends_contract=True) == ["A37_2_1", "A37_2_2"]
    fault = refused("A37_2_4", Right.SUSPENSION, "refuse", {"service": "a", "contract": "b"}, ends_contract=True)
    assert fault.code == "ground.not_available"


@pytest.mark.parametrize(
    ("ground", "right"),
    [
        ("A35_4_3", Right.ACCESS),
        ("A37_2_3", Right.SUSPENSION),
        ("A36_1", Right.ACCESS),
        ("A35_4_1", Right.DELETION),
        ("A21_1", Right.DELETION),
        ("ended", Right.ACCESS),
        ("A99", Right.ACCESS),
    ],
)
def test_what_is_not_open_cannot_be_used(ground: str, right: Right) -> None:
    fault = refused(ground, right, "refuse", {"statute": "a", "duty": "b"})
    assert fault.code == "ground.not_available"
    assert fault.basis == EDITION.basis[right]
    assert [one.pointer for one in fault.faults] == ["/items/3/ground"]


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({}, ["whose", "harm"]),
        ({"whose": "a caller"}, ["harm"]),
        ({"whose": " ", "harm": "threat"}, ["whose"]),
        ({"whose": "a caller", "harm": "\t\n"}, ["harm"]),
    ],
)
def test_every_fact_is_said(facts: dict[str, str], missing: list[str]) -> None:
    fault = refused("A35_4_2", Right.ACCESS, "refuse", facts)
    assert fault.code == "decision.facts_required"
    assert fault.basis == "article of A35_4_2 (ko)"
    assert [(one.pointer, one.code) for one in fault.faults] == [
        (f"/items/3/facts/{one}", "decision.facts_required") for one in missing
    ]


def test_no_other_fact_is_said() -> None:
    fault = refused("A35_4_1", Right.ACCESS, "refuse", {"statute": "a", "phone": "b"})
    assert fault.code == "field.unknown"
    assert [one.pointer for one in fault.faults] == ["/items/3/facts"]


def test_what_was_sent_for_itself_is_pointed_to_from_its_root() -> None:
    with pytest.raises(Invalid) as caught:
        grounds.check(EDITION, "A99", Right.ACCESS, COMPANY, "refuse", {}, on=ARRIVED, ends_contract=False)
    assert [one.pointer for one in caught.value.faults] == ["/ground"]


@pytest.mark.parametrize("film", [False, True])
def test_a_ground_of_footage_is_open_to_footage_alone(film: bool) -> None:
    edition = replace(EDITION, grounds={"film": replace(EDITION.grounds["A35_4_1"], id="film", media=film)})
    facts = {"statute": "거래법 제6조"}

    use = partial(
        grounds.check, edition, "film", Right.ACCESS, COMPANY, "refuse", facts, on=ARRIVED, ends_contract=False
    )
    assert use(media=film) is edition.grounds["film"]
    with pytest.raises(Invalid):
        use(media=not film)
    if film:
        with pytest.raises(Invalid):
            use()
    else:
        assert use() is edition.grounds["film"]


def test_a_ground_with_its_facts() -> None:
    facts = {"whose": "a caller", "harm": "threat"}
    found = grounds.check(EDITION, "A35_4_2", Right.ACCESS, COMPANY, "refuse", facts, on=ARRIVED, ends_contract=False)
    assert found is EDITION.grounds["A35_4_2"]


@given(st.sampled_from(Right), st.sampled_from(ControllerKind), st.booleans(), st.dates())
def test_available_is_the_closed_list_cut_down(right: Right, kind: ControllerKind, ends: bool, on: date) -> None:
    every = ids(right, kind, None, on, ends_contract=ends)
    for effect, name in product(("refuse", "keep", "postpone"), EDITION.grounds):
        if name in ids(right, kind, effect, on, ends_contract=ends):
            assert name in every
    for name in every:
        one = EDITION.grounds[name]
        assert right in one.rights
        assert kind in one.controllers
        assert one.valid_from <= on
        assert not (ends and name == "A37_2_4")
