"""Every right x ground x kind of controller x facts x footage or not x contract ended or not, against a table by hand.

What the rulebook offers, what the assessment knows and what a decision accepts are the same closed list.
"""

from datetime import date
from itertools import product

import pytest

from app import rulebook
from app.errors import Problem
from app.law import decision, grounds
from app.law.assessment import Item
from app.law.decision import Verdict, VerdictItem
from app.law.terms import ControllerKind, Edition, ItemOutcome, Label, Outcome, Right

COMPANY, PUBLIC = ControllerKind.COMPANY, ControllerKind.PUBLIC_BODY
ACCESS, CORRECTION, DELETION = Right.ACCESS, Right.CORRECTION, Right.DELETION
STOPS = (Right.SUSPENSION, Right.CONSENT_WITHDRAWAL)
EVERY = tuple(Right)
# ground: rights, open to a company, effect, footage (None: both), facts
TABLE: dict[str, tuple[tuple[Right, ...], bool, str, bool | None, str]] = {
    "A35_4_1": ((ACCESS,), True, "refuse", None, "statute"),
    "A35_4_2": ((ACCESS,), True, "refuse", None, "whose harm"),
    "A35_4_3": ((ACCESS,), False, "refuse", None, "duty harm"),
    "A35_4_gone": ((ACCESS,), True, "refuse", True, "recorded"),
    "A36_1": ((DELETION,), True, "refuse", None, "statute"),
    "A21_1": ((DELETION, Right.CONSENT_WITHDRAWAL), True, "keep", None, "statute record_class until"),
    "A37_2_1": (STOPS, True, "refuse", None, "statute"),
    "A37_2_2": (STOPS, True, "refuse", None, "whose harm"),
    "A37_2_3": (STOPS, False, "refuse", None, "statute duty"),
    "A37_2_4": (STOPS, True, "refuse", None, "service contract"),
    "A36_2": ((CORRECTION, DELETION), True, "refuse", None, "statute"),
    "A36_5": ((CORRECTION,), True, "refuse", None, "checked missing"),
    "A28_7": (EVERY, True, "except", False, "statute"),
    "A58_2": (STOPS, True, "except", True, "place"),
    "A35_3_masking": ((ACCESS,), True, "postpone", True, "cause"),
    "A35_3_gathering": ((ACCESS,), True, "postpone", None, "cause"),
    "A35_3_failure": ((ACCESS,), True, "postpone", None, "cause"),
}
SERVING = {"refuse": {"refuse", "except"}, "keep": {"refuse", "keep"}, "postpone": {"postpone"}}
GOOD = {"statute": "형사소송법 제199조", "until": "2031-11-23"}
BOOK = rulebook.load()
DAYS = (date(2026, 9, 11), date(2027, 3, 8), date(2027, 3, 9))


def edition(on: date) -> Edition:
    return BOOK.at(on)


def is_open(name: str, right: Right, kind: ControllerKind, effect: str, *, media: bool, ends: bool) -> bool:
    """The table, read once more by hand."""
    rights, company, does, footage, _ = TABLE[name]
    return (
        right in rights
        and (company or kind is PUBLIC)
        and does in SERVING[effect]
        and footage in (None, media)
        and not (name == "A37_2_4" and ends)
    )


def facts_of(name: str, variant: str) -> dict[str, str]:
    names = TABLE[name][4].split()
    facts = {one: GOOD.get(one, "사실") for one in names}
    last = names[-1]
    return {
        "present": facts,
        "none": {},
        "missing": {one: value for one, value in facts.items() if one != last},
        "blank": {**facts, last: " \t"},
        "unknown": {**facts, "weather": "맑음"},
    }[variant]


def test_the_table_is_whole() -> None:
    for on in DAYS:
        assert set(edition(on).grounds) == set(TABLE)
        for name, (_, _, effect, _, facts) in TABLE.items():
            found = edition(on).grounds[name]
            assert (found.effect, " ".join(found.facts)) == (effect, facts)


@pytest.mark.parametrize("name", TABLE)
def test_a_ground_is_accepted_exactly_where_the_table_says(name: str) -> None:
    variants = ("present", "none", "missing", "blank", "unknown")
    cases = product(Right, ControllerKind, SERVING, (False, True), (False, True), variants, DAYS)
    accepted = 0
    for right, kind, effect, media, ends, variant, on in cases:
        expected = is_open(name, right, kind, effect, media=media, ends=ends)
        try:
            grounds.check(
                edition(on),
                name,
                right,
                kind,
                effect,
                facts_of(name, variant),
                on=on,
                ends_contract=ends,
                media=media,
                pointer="/items/0",
            )
        except Problem as problem:
            told = problem.code
        else:
            told = "accepted"
            accepted += 1
        if not expected:
            wanted = "ground.not_available"
        elif variant == "present":
            wanted = "accepted"
        else:
            wanted = "field.unknown" if variant == "unknown" else "decision.facts_required"
        assert told == wanted, (right, kind, effect, media, ends, variant, on)
    assert accepted > 0


@pytest.mark.parametrize(("kind", "on"), list(product(ControllerKind, DAYS)))
def test_what_is_offered_is_what_is_open(kind: ControllerKind, on: date) -> None:
    served = rulebook.document(BOOK.at(on), kind, on)
    offered = {(right["id"], name) for right in served["rights"] for name in right["grounds"]}
    assert offered == {
        (right.value, name)
        for name, (rights, company, *_) in TABLE.items()
        if company or kind is PUBLIC
        for right in rights
    }
    assert {one["id"] for one in served["grounds"]} == {name for _, name in offered}


@pytest.mark.parametrize(
    ("right", "kind", "media", "ends"), list(product(Right, ControllerKind, (False, True), (False, True)))
)
def test_a_decision_takes_no_ground_that_is_not_offered(
    right: Right, kind: ControllerKind, media: bool, ends: bool
) -> None:
    """The whole way of a refusal: an item, a verdict with this ground, its facts and a reason."""
    on = DAYS[0]
    item = Item("mall.name", ItemOutcome.GRANT, None, "법", None, (), {}, Label("글", "text"))
    for name in TABLE:
        film = ("mall",) if media else ()
        said = VerdictItem("mall.name", ItemOutcome.REFUSE, name, facts_of(name, "present"))
        verdict = Verdict(Outcome.REFUSE, (said,), "법률에 따라 보여 드릴 수 없습니다.")
        try:
            decision.check(verdict, (item,), right, edition(on), kind, on=on, ends_contract=ends, media=film)
        except Problem as problem:
            taken, code = False, problem.code
        else:
            taken, code = True, ""
        expected = is_open(name, right, kind, "refuse", media=media, ends=ends)
        assert taken is expected, (name, code)
        assert taken or code == "ground.not_available"


def test_a_company_never_has_a_ground_of_public_bodies() -> None:
    for on, right, effect, media, ends in product(DAYS, Right, (None, *SERVING), (False, True), (False, True)):
        found = grounds.available(edition(on), right, COMPANY, effect, on, ends_contract=ends, media=media)
        assert not {one.id for one in found} & {"A35_4_3", "A37_2_3"}
