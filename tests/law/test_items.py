"""Each item that is not simply granted, whole: its name, ground, article, facts, holders and words (Act 26, 35-37)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.law import assessment
from app.law.assessment import Item, Scope
from app.law.controller import Cameras, Field, OtherController
from app.law.proposal import GRANTED
from app.law.terms import Aspect, Capacity, Edition, ItemOutcome, Label, Right
from tests.law.world import ALL, ARRIVED, EDITION, category, ground, label
from tests.law.world import POLICY as WORLD

GRANT, KEEP, REFUSE, HAND_OVER = ItemOutcome.GRANT, ItemOutcome.KEEP, ItemOutcome.REFUSE, ItemOutcome.HAND_OVER
ACCESS, DELETION, SUSPENSION, WITHDRAWAL = Right.ACCESS, Right.DELETION, Right.SUSPENSION, Right.CONSENT_WITHDRAWAL
SINCE = date(2024, 2, 29)
BOTH_RECORDS = ("contract_5y", "log_3m")
OWNER = OtherController("kt", label("kt"), "010-0000-5678", "7")
HOME = replace(
    category("home", (), ("advice",)), fields=tuple(Field(one, label(one), one) for one in ("name", "address"))
)
_CATEGORIES = (
    HOME,
    replace(category("theirs", ("name",), ("advice",), BOTH_RECORDS), owner=OWNER.id),
    replace(category("coded", ("name",), ("advice",), BOTH_RECORDS), pseudonymised=True),
    replace(category("film", ()), media=True),
    replace(category("coded_film", ()), media=True, pseudonymised=True),
)
_PURPOSES = {
    "sending": replace(WORLD.purposes["sending"], indispensable=True),
    "duty": replace(WORLD.purposes["duty"], statute="의료법 제22조"),
}
POLICY = replace(
    WORLD,
    categories={**WORLD.categories, **{one.id: one for one in _CATEGORIES}},
    purposes={**WORLD.purposes, **_PURPOSES},
    controllers={OWNER.id: OWNER},
    cameras=Cameras(30, True, label("viewing"), "14", 24, 24),
)
HOLDERS = {name: (f"holder of {name}",) for name in POLICY.categories}
_STOPS = {SUSPENSION, WITHDRAWAL}
_MORE = (
    replace(ground("A28_7", set(ALL), "except", ("statute",)), media=False),
    replace(ground("A58_2", _STOPS, "except", ("place",)), media=True),
    replace(ground("A35_4_gone", {ACCESS}, "refuse", ("recorded",)), media=True),
    ground("A21_1", {DELETION, WITHDRAWAL}, "keep", ("statute", "record_class", "until")),
)
LAW = replace(EDITION, grounds={**EDITION.grounds, **{one.id: one for one in _MORE}})


def assess(
    scope: Scope,
    *,
    edition: Edition = LAW,
    capacity: Capacity = Capacity.SELF,
    gone: str | None = None,
    since: date = SINCE,
    holders: Mapping[str, tuple[str, ...]] = HOLDERS,
    withdrawn: Mapping[str, Collection[str]] | None = None,
) -> list[Item]:
    """The items without their reasons, which tests/law/test_reasons.py reads."""
    items = assessment.assess(
        scope,
        POLICY,
        edition,
        since=since,
        on=ARRIVED,
        holders=holders,
        nothing_held=False,
        capacity=capacity,
        gone=gone,
        withdrawn=withdrawn or {},
    )
    return [replace(one, reasons=()) for one in items]


def asked(right: Right, name: str) -> tuple[Scope, str]:
    """A claim on a category, and the one item that it makes."""
    match right:
        case Right.CORRECTION:
            return Scope(right, changes=((name, "name"),)), f"{name}.name"
        case Right.ACCESS | Right.DELETION:
            return Scope(right, (name,)), f"{name}.name"
        case _:
            return Scope(right, (name,)), f"{name}.advice"


@pytest.mark.parametrize("holders", [("kt's machine", "shop"), ()])
@pytest.mark.parametrize("right", Right)
def test_what_is_anothers_is_passed_on_by_name(right: Right, holders: tuple[str, ...]) -> None:
    scope, item = asked(right, "theirs")
    held = {"theirs": holders} if holders else {}
    text = Label(
        "kt (ko)의 개인정보여서 요구를 그곳에 넘깁니다(010-0000-5678).",
        "This belongs to kt (en), to whom the claim is passed on (010-0000-5678).",
    )
    assert assess(scope, holders=held) == [Item(item, HAND_OVER, None, "법 26⑧", None, holders, {}, text)]


def refused(item: str, name: str, facts: dict[str, str]) -> Item:
    """An item as a ground refuses it, in the words and with the article of the edition."""
    return Item(item, REFUSE, name, f"article of {name} (ko)", None, HOLDERS[item.split(".")[0]], facts, label(name))


PSEUDONYMISED = {"statute": "「개인정보 보호법」 제28조의2, 제28조의7"}


@pytest.mark.parametrize("right", Right)
def test_what_is_pseudonymised_is_excepted_by_name(right: Right) -> None:
    scope, item = asked(right, "coded")
    assert assess(scope) == [refused(item, "A28_7", PSEUDONYMISED)]


@pytest.mark.parametrize(
    ("scope", "item", "name", "facts"),
    [
        (Scope(SUSPENSION, ("film",)), "film", "A58_2", {"place": "film (ko)"}),
        (Scope(WITHDRAWAL, ("film",), purposes=("survey",)), "film.survey", "A58_2", {"place": "film (ko)"}),
        (Scope(ACCESS, ("film",), media=True), "film", "A35_4_gone", {"recorded": "a while ago"}),
        (Scope(SUSPENSION, purposes=("duty",)), "register.duty", "A37_2_1", {"statute": "의료법 제22조"}),
        (
            Scope(SUSPENSION, purposes=("sending",)),
            "mall.sending",
            "A37_2_4",
            {"service": "sending (ko)", "contract": "mall (ko)"},
        ),
    ],
)
def test_what_a_ground_refuses_says_which_item_and_why(
    scope: Scope, item: str, name: str, facts: dict[str, str]
) -> None:
    assert assess(scope, gone="a while ago") == [refused(item, name, facts)]


def granted(right: Right, item: str) -> Item:
    basis, text = GRANTED[right]
    return Item(item, GRANT, None, basis, None, HOLDERS[item.split(".")[0]], {}, text)


def test_where_somebody_lives_is_withheld_from_a_guardian_in_words_of_its_own() -> None:
    name, address = assess(Scope(ACCESS, ("home",), aspects=(Aspect.ITEMS,)), capacity=Capacity.GUARDIAN)
    assert name == granted(ACCESS, "home.name")
    facts = {
        "whose": "정보주체 또는 함께 사는 사람",
        "harm": "사는 곳이 알려지면 생명이나 신체가 위험해질 수 있어 "
        "어느 법정대리인에게나 똑같이 알려 드리지 않습니다.",
    }
    text = Label(
        "사는 곳은 법정대리인이 요구하신 열람 자료에 넣지 않습니다. 모든 법정대리인에게 똑같이 적용합니다.",
        "Where somebody lives is left out of what a guardian is shown. This is the same for every guardian.",
    )
    assert address == replace(refused("home.address", "A35_4_2", facts), text=text)


def test_what_another_statute_names_says_so_and_only_the_chosen_field_is_meant() -> None:
    text = Label(
        "면허법 제7조에서 수집하도록 정한 개인정보이므로 삭제를 요구하실 수 없습니다.",
        "면허법 제7조 names this item as one to be collected, so its deletion cannot be asked.",
    )
    plain = refused("register.licence", "A36_1", {"statute": "면허법 제7조"})
    found = assess(Scope(DELETION, fields=(("register", "licence"),)))
    assert found == [replace(plain, basis="법 36① 단서", text=text)]


def test_what_rests_on_no_consent_goes_on_for_people_to_say_why() -> None:
    found = assess(Scope(WITHDRAWAL, purposes=("sending", "duty", "advice")))
    contract = Label(
        "동의가 아니라 계약을 이행하는 데 필요한 처리입니다. 계약 해지 의사를 밝히시면 함께 중단합니다.",
        "This processing rests on a contract, not on consent. It stops too if you say that the contract shall end.",
    )
    statute = Label(
        "동의가 아니라 법령상 의무에 따른 처리이므로 계속됩니다.",
        "This processing rests on a statutory duty, not on consent, and goes on.",
    )
    assert found[:2] == [
        Item("mall.sending", KEEP, "A37_2_4", "article of A37_2_4 (ko)", None, HOLDERS["mall"], {}, contract),
        Item("register.duty", KEEP, "A37_2_1", "article of A37_2_1 (ko)", None, HOLDERS["register"], {}, statute),
    ]
    assert granted(WITHDRAWAL, "letter.advice") in found


@pytest.mark.parametrize(("right", "first"), [(DELETION, "log.ip"), (WITHDRAWAL, "log.offers")])
def test_a_record_that_a_statute_keeps_says_until_when(right: Right, first: str) -> None:
    text = Label(
        "거래법에 따라 3개월 이상 보존해야 하는 기록입니다(log_3m (ko)). "
        "기록이 생긴 날부터 세므로 이 기간은 늦어도 2027-01-31에 끝납니다. "
        "다른 개인정보와 나누어 보관하고 다른 용도로 쓰지 않으며, 기간이 끝나면 파기합니다.",
        "Trade Act requires this record to be kept for at least 3 months (log_3m (en)). Counted from the record's own "
        "day, this period ends on 2027-01-31 at the latest. It is stored apart, used for nothing else, and destroyed "
        "when the period ends.",
    )
    facts = {"statute": "거래법 제6조", "record_class": "log_3m", "until": "2027-01-31"}
    kept = Item("log:log_3m", KEEP, "A21_1", "거래법 제6조", date(2027, 1, 31), HOLDERS["log"], facts, text, "log_3m")
    assert assess(Scope(right, ("log",)), since=date(2026, 10, 31)) == [granted(right, first), kept]


@pytest.mark.parametrize(
    ("withdrawn", "kept"),
    [
        ({}, False),
        ({"letter": ["advice"]}, False),
        ({"mall": ["advice"]}, True),
        ({"mall": ["advice"], "letter": ["advice"]}, True),
    ],
)
def test_the_records_stay_when_the_last_consent_goes_however_many_claims_that_took(
    withdrawn: dict[str, list[str]], kept: bool
) -> None:
    scope = Scope(WITHDRAWAL, ("mall",), purposes=("sending",), ends_contract=True)
    records = ["mall:contract_5y", "mall:payment_5y"] if kept else []
    assert [one.item for one in assess(scope, withdrawn=withdrawn)] == ["mall.sending", *records]


YESTERDAY, TOMORROW = ARRIVED - timedelta(days=1), ARRIVED + timedelta(days=1)


@pytest.mark.parametrize(
    ("begins", "ends", "kept"),
    [(None, YESTERDAY, False), (None, ARRIVED, True), (ARRIVED, None, True), (TOMORROW, None, False)],
)
def test_a_statute_keeps_a_record_while_it_is_in_force(begins: date | None, ends: date | None, kept: bool) -> None:
    dated = replace(POLICY.records["log_3m"], valid_from=begins, valid_to=ends)
    policy = replace(POLICY, records={**POLICY.records, "log_3m": dated})
    found = assessment.assess(
        Scope(DELETION, ("log",)), policy, LAW, since=date(2026, 10, 31), on=ARRIVED, holders={}, nothing_held=False
    )
    assert [one.record_class for one in found] == ([None, "log_3m"] if kept else [None])


REFUSING, KEEPING = {"refuse", "restrict", "except"}, {"refuse", "restrict", "keep"}
HIDDEN = Scope(ACCESS, ("home",), aspects=(Aspect.ITEMS,))
SCENES = [
    ("A35_4_2", HIDDEN, REFUSING, False),
    ("A35_4_gone", Scope(ACCESS, ("film",), media=True), REFUSING, True),
    ("A36_1", Scope(DELETION, ("register",)), REFUSING, False),
    ("A28_7", Scope(DELETION, ("coded",)), REFUSING, False),
    ("A28_7", Scope(DELETION, ("coded_film",)), REFUSING, True),
    ("A58_2", Scope(SUSPENSION, ("film",)), REFUSING, True),
    ("A37_2_1", Scope(SUSPENSION, ("register",)), REFUSING, False),
    ("A37_2_4", Scope(SUSPENSION, ("mall",)), REFUSING, False),
    ("A37_2_1", Scope(WITHDRAWAL, ("register",)), KEEPING, False),
    ("A37_2_4", Scope(WITHDRAWAL, ("mall",), purposes=("sending",)), KEEPING, False),
    ("A21_1", Scope(WITHDRAWAL, ("log",)), KEEPING, False),
]


@pytest.mark.parametrize(("name", "scope", "serving", "film"), SCENES)
@pytest.mark.parametrize("effect", ["refuse", "restrict", "except", "keep", "postpone"])
@pytest.mark.parametrize("media", [None, False, True])
def test_a_ground_is_proposed_only_for_its_effect_and_its_matter(
    name: str, scope: Scope, serving: set[str], film: bool, effect: str, media: bool | None
) -> None:
    """What an edition lets a ground do is what it is proposed for; else the person gets what is asked."""
    given = replace(LAW.grounds[name], effect=effect, media=media)
    edition = replace(LAW, grounds={**LAW.grounds, name: given})
    found = assess(scope, edition=edition, capacity=Capacity.GUARDIAN, gone="a while ago", since=ARRIVED)
    is_open = effect in serving and media in (None, film)
    assert {one.ground for one in found if one.ground} == ({name} if is_open else set())
    assert {one.proposed for one in found if one.ground is None} <= {GRANT}
