"""Who hears that what they were given was wrong, or is gone (Act 36, policy 8.7)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import provision
from app.law.controller import Party, Silence
from app.law.provision import Provision, ProvisionBasis
from app.law.relay import Passed, Why
from app.law.terms import Right
from tests.law.world import label

CONSENT, STATUTE = ProvisionBasis.CONSENT, ProvisionBasis.STATUTE
BASES = st.sampled_from(ProvisionBasis)
WORDS = st.sampled_from(("name", "phone", "address"))
PROVISIONS = st.lists(
    st.builds(
        Provision,
        st.sampled_from(("bank", "police")),
        st.sampled_from(("mall", "letter")),
        st.lists(WORDS, unique=True).map(tuple),
        BASES,
    ),
    max_size=12,
)
DONE = st.dictionaries(st.sampled_from(("mall", "letter", "log")), st.lists(WORDS, unique=True), max_size=3)


def to(*names: str, party: str = "bank", category: str = "mall") -> Passed:
    return Passed(Why.GIVEN, party, category, names)


@pytest.mark.parametrize(
    ("right", "done", "provisions", "told"),
    [
        (Right.CORRECTION, {"mall": ["name"]}, [Provision("bank", "mall", (), CONSENT)], [to("name")]),
        (Right.CORRECTION, {"mall": ["name"]}, [Provision("bank", "mall", ("name", "phone"), CONSENT)], [to("name")]),
        (Right.CORRECTION, {"mall": ["name"]}, [Provision("bank", "mall", ("phone",), CONSENT)], []),
        (Right.CORRECTION, {"mall": ["name"]}, [Provision("bank", "letter", (), CONSENT)], []),
        (
            Right.CORRECTION,
            {"mall": ["name"]},
            [Provision("bank", "letter", (), CONSENT), Provision("bank", "mall", (), CONSENT)],
            [to("name")],
        ),
        (Right.CORRECTION, {}, [Provision("bank", "mall", (), CONSENT)], []),
        (Right.CORRECTION, {"mall": ["name"]}, [Provision("bank", "mall", (), STATUTE)], [to("name")]),
        (Right.DELETION, {"mall": ["name"]}, [Provision("bank", "mall", (), STATUTE)], []),
        (Right.DELETION, {"mall": ["name"]}, [Provision("bank", "mall", (), CONSENT)], [to("name")]),
        (Right.DELETION, {"mall": []}, [Provision("bank", "mall", (), CONSENT)], [to()]),
        (
            Right.CORRECTION,
            {"mall": ["name", "phone"]},
            [Provision("bank", "mall", ("phone",), CONSENT), Provision("bank", "mall", ("name",), STATUTE)],
            [to("phone", "name")],
        ),
        (
            Right.CORRECTION,
            {"mall": ["name"]},
            [Provision("bank", "mall", (), CONSENT), Provision("police", "mall", (), STATUTE)],
            [to("name"), to("name", party="police")],
        ),
    ],
)
def test_whoever_was_given_just_that_hears_of_it(
    right: Right, done: dict[str, list[str]], provisions: list[Provision], told: list[Passed]
) -> None:
    assert list(provision.told(right, done, provisions)) == told


@given(st.sampled_from((Right.CORRECTION, Right.DELETION)), DONE, PROVISIONS)
def test_each_hears_once_and_of_nothing_it_was_not_given(
    right: Right, done: dict[str, list[str]], provisions: list[Provision]
) -> None:
    found = provision.told(right, done, provisions)
    assert len({(one.party, one.category) for one in found}) == len(found)
    for one in found:
        mine = [it for it in provisions if (it.party, it.category) == (one.party, one.category)]
        given_ = [it for it in mine if right is Right.CORRECTION or it.basis is not STATUTE]
        assert given_ and set(one.names) <= set(done[one.category])
        assert all(any(not it.fields or name in it.fields for it in given_) for name in one.names)
    for it in provisions:
        hit = [name for name in done.get(it.category, []) if not it.fields or name in it.fields]
        if hit and it.basis is not STATUTE:
            assert any(one.party == it.party and set(hit) <= set(one.names) for one in found)


FORBIDDEN = Silence(label("a law"), date(2026, 11, 1), date(2026, 12, 1))
FOR_GOOD = Silence(label("a law"), date(2027, 3, 1), None)


@pytest.mark.parametrize(
    ("on", "silenced"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 11, 30), True),
        (date(2026, 12, 1), False),
        (date(2027, 2, 28), False),
        (date(2027, 3, 1), True),
        (date(2099, 1, 1), True),
    ],
)
def test_a_law_forbids_to_tell_between_its_days(on: date, silenced: bool) -> None:
    party = Party("police", label("police"), "third_party", label("task"), "6", (FORBIDDEN, FOR_GOOD))
    assert party.is_silenced(on) is silenced


def test_performing_a_contract_is_no_ground_to_provide() -> None:
    """Act 17(1)(2) names Article 15(1) items 2, 3 and 5 to 7; item 4 is not among them."""
    assert {one.value for one in ProvisionBasis} == {"consent", "statute", "urgent", "interest", "related"}
