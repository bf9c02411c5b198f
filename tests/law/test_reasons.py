"""The reasons of an item, whole: each rule, its article, whether it holds, its words and what it rests on.

A line is `+` where the rule holds and `-` where it does not, then rule, article, Korean and English words; what a
reason rests on stands under it, further in.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from app.law import assessment, reasons
from app.law.assessment import Scope
from app.law.controller import Category, Field, Policy
from app.law.reasons import Reading, Reason
from app.law.terms import ControllerKind, Right
from tests.law.world import ARRIVED, EDITION, POLICY, PUBLIC_POLICY, ground, label

SINCE = date(2026, 8, 23)
_PAPERS = {"phone": None, "name": "birth_paper"}
MALL = replace(
    POLICY.categories["mall"],
    fields=tuple(Field(name, label(name), "text", proof=one) for name, one in _PAPERS.items()),
)
FILM = ground("film", {Right.ACCESS}, "refuse", ("recorded",))
WITH_FILM = replace(
    EDITION,
    grounds={
        "film": replace(FILM, media=True),
        "paper": replace(FILM, id="paper", media=False),
        "both": replace(FILM, id="both"),
    },
)


def reading(right: Right, policy: Policy = POLICY, *, on: date = ARRIVED, ends_contract: bool = False) -> Reading:
    return Reading(right, policy, EDITION, SINCE, on, ends_contract, media=False)


def told(
    read: Reading,
    category: Category,
    *,
    purpose: str | None = None,
    ground: str | None = None,
    holders: int = 1,
    field: str | None = None,
) -> list[str]:
    found = reasons.of(read, category, purpose=purpose, ground=ground, holders=holders, field=field)
    return [line for one in found for line in lines(one)]


def lines(one: Reason, depth: int = 0) -> Iterator[str]:
    """A reason and what it rests on, one a line."""
    sign = {True: "+", False: "-"}[one.holds]
    yield f"{'  ' * depth}{sign} {one.rule} | {one.article} | {one.said.ko} | {one.said.en}"
    for inner in one.because:
        yield from lines(inner, depth + 1)


def grounds_told(name: str, facts: str, *, holds: bool = False, is_open: bool = True, contract: str = "") -> list[str]:
    """A ground of the invented edition as it is told, with what stands under it."""
    sign, article = "+" if holds else "-", f"article of {name} (ko)"
    kind = (
        "이 처리자에게 열린 사유 | open to this controller"
        if is_open
        else "공공기관에만 열린 사유여서 쓸 수 없음 | open to public bodies alone, so never here"
    )
    return [
        f"{sign} ground.{name} | {article} | {name} (ko) | {name} (en)",
        f"  {'+' if is_open else '-'} controller | {article} | {kind}",
        *([contract] if contract else []),
        f"  {sign} facts | {article} | 필요한 사실: {facts} | facts needed: {facts}",
    ]


HELD = "+ held | 처리방침 2 | 이 분류를 가진 곳 1곳 | held at 1 place(s)"
ADVICE = "+ purpose.advice | 법 15①1 | advice (ko): 동의에 근거 | advice (en): rests on consent"
SENDING = "+ purpose.sending | 법 15①4 | sending (ko): 계약에 근거 | sending (en): rests on a contract"
DUTY = "+ purpose.duty | 법 15①2 | duty (ko): 법령상 의무에 근거 | duty (en): rests on a statutory duty"
SAFETY = "+ purpose.safety | 법 15①6 | safety (ko): 정당한 이익에 근거 | safety (en): rests on a legitimate interest"
GOES_ON = (
    "  + contract_goes_on | 법 37②4 | 계약을 해지하겠다는 뜻을 밝히지 않음 "
    "| the person has not said that the contract shall end"
)
ENDS = (
    "  - contract_goes_on | 법 37②4 | 계약을 해지하겠다는 뜻을 밝혀 쓸 수 없음 "
    "| the person has said that the contract shall end"
)


@pytest.mark.parametrize("kind", ControllerKind)
@pytest.mark.parametrize("chosen", [None, "A35_4_2"])
def test_of_access_every_ground_but_those_that_put_it_off(kind: ControllerKind, chosen: str | None) -> None:
    policy = PUBLIC_POLICY if kind is ControllerKind.PUBLIC_BODY else POLICY
    assert told(reading(Right.ACCESS, policy), MALL, ground=chosen) == [
        HELD,
        ADVICE,
        SENDING,
        *grounds_told("A35_4_1", "statute"),
        *grounds_told("A35_4_2", "whose, harm", holds=chosen is not None),
        *grounds_told("A35_4_3", "duty", is_open=kind is ControllerKind.PUBLIC_BODY),
        *grounds_told("ended", ""),
    ]


def test_who_holds_nothing_and_what_rests_on_a_duty_or_an_interest() -> None:
    register = replace(POLICY.categories["register"], chapter="7.1")
    found = told(reading(Right.CORRECTION), register, holders=0)
    assert found == ["- held | 처리방침 7.1 | 이 분류를 가진 곳 0곳 | held at 0 place(s)", DUTY, SAFETY]
    assert told(reading(Right.CORRECTION), register, holders=2)[0] == (
        "+ held | 처리방침 7.1 | 이 분류를 가진 곳 2곳 | held at 2 place(s)"
    )


@pytest.mark.parametrize(
    ("field", "evidence"),
    [
        ("phone", ["- evidence | 법 36⑤ | 증거자료 없이 확인할 수 있는 항목 | can be checked without a paper"]),
        (
            "name",
            [
                "+ evidence | 법 36⑤ | 확인에 증거자료가 필요한 항목: birth_paper (ko) "
                "| a paper is needed to check it: birth_paper (en)"
            ],
        ),
        (None, []),
    ],
)
def test_a_correction_says_whether_a_paper_is_needed(field: str | None, evidence: list[str]) -> None:
    assert told(reading(Right.CORRECTION), MALL, field=field) == [HELD, ADVICE, SENDING, *evidence]
    assert not any("evidence" in line for line in told(reading(Right.DELETION), MALL, field=field))


@pytest.mark.parametrize("ends_contract", [False, True])
@pytest.mark.parametrize("right", [Right.SUSPENSION, Right.CONSENT_WITHDRAWAL])
def test_of_a_stop_its_purpose_alone_and_whether_the_contract_goes_on(right: Right, ends_contract: bool) -> None:
    contract = ENDS if ends_contract else GOES_ON
    records = DELETED if right is Right.CONSENT_WITHDRAWAL else []
    found = told(reading(right, ends_contract=ends_contract), MALL, purpose="sending", ground="A37_2_4")
    assert found == [
        HELD,
        SENDING,
        *records,
        *grounds_told("A37_2_1", "statute"),
        *grounds_told("A37_2_2", "whose, harm"),
        *grounds_told("A37_2_3", "statute", is_open=False),
        *grounds_told("A37_2_4", "service, contract", holds=True, contract=contract),
    ]


_COUNTED = (
    "  + counted | 민법 157·159·160 "
    "| 2026-08-23의 다음 날부터 세어 늦어도 2031-08-23까지 보존하고 2031-08-24에는 파기함 "
    "| counted from the day after 2026-08-23, kept until 2031-08-23 at the latest, and destroyed on 2031-08-24"
)
DELETED = [
    "+ record.contract_5y | 거래법 제6조 | contract_5y (ko) | contract_5y (en)",
    _COUNTED,
    "+ record.payment_5y | 거래법 제6조 | payment_5y (ko) | payment_5y (en)",
    _COUNTED,
]


def test_of_a_deletion_what_a_statute_keeps_at_most_so_long() -> None:
    assert told(reading(Right.DELETION), MALL, ground="A21_1") == [
        HELD,
        ADVICE,
        SENDING,
        *DELETED,
        *grounds_told("A36_1", "statute"),
        *grounds_told("A21_1", "statute, record_class, until", holds=True),
    ]


@pytest.mark.parametrize(("on", "sign"), [(date(2026, 11, 23), "+"), (date(2026, 11, 24), "-")])
def test_at_least_so_long_and_over_on_the_day_after_its_last(on: date, sign: str) -> None:
    found = told(reading(Right.DELETION, on=on), POLICY.categories["log"])
    assert found[2:4] == [
        f"{sign} record.log_3m | 거래법 제6조 | log_3m (ko) | log_3m (en)",
        "  + counted | 민법 157·159·160 | 2026-08-23의 다음 날부터 세어 적어도 기간이 끝나는 2026-11-23까지 보존하고 "
        "2026-11-24부터 파기할 수 있음 | counted from the day after 2026-08-23, kept at least until the period ends on "
        "2026-11-23, and may be destroyed from 2026-11-24",
    ]


@pytest.mark.parametrize(("ended", "listed"), [(date(2026, 11, 22), False), (ARRIVED, True)])
def test_a_statute_that_has_ended_keeps_no_record_and_is_not_told(ended: date, listed: bool) -> None:
    repealed = replace(POLICY.records["log_3m"], valid_to=ended)
    policy = replace(POLICY, records={**POLICY.records, "log_3m": repealed})
    found = told(reading(Right.DELETION, policy), POLICY.categories["log"])
    assert any("record.log_3m" in line for line in found) is listed


@pytest.mark.parametrize(("media", "names"), [(False, ["paper", "both"]), (True, ["film", "both"])])
def test_of_footage_the_grounds_of_footage(media: bool, names: list[str]) -> None:
    read = replace(reading(Right.ACCESS), edition=WITH_FILM, media=media)
    found = reasons.of(read, POLICY.categories["footage"], purpose=None, ground=None, holders=1)
    assert [one.rule for one in found] == ["held", *(f"ground.{name}" for name in names)]


_FOOTAGE = {one.id: one for one in WITH_FILM.grounds.values()}
EVERY = replace(EDITION, grounds={**EDITION.grounds, **_FOOTAGE})
CATEGORIES = {**POLICY.categories, "mall": MALL, "footage": replace(POLICY.categories["footage"], media=True)}
WHOLE = replace(POLICY, categories=CATEGORIES)


@pytest.mark.parametrize(
    ("scope", "item", "read"),
    [
        (Scope(Right.ACCESS, ("mall",)), "mall.phone", {"field": "phone"}),
        (Scope(Right.ACCESS, ("footage",), media=True), "footage", {}),
        (Scope(Right.CORRECTION, changes=(("mall", "name"),)), "mall.name", {"field": "name"}),
        (Scope(Right.DELETION, ("register",)), "register.licence", {"field": "licence", "ground": "A36_1"}),
        (Scope(Right.DELETION, ("mall",)), "mall:contract_5y", {"field": "contract_5y", "ground": "A21_1"}),
        (Scope(Right.SUSPENSION, ("mall",), ends_contract=True), "mall.sending", {"purpose": "sending"}),
        (
            Scope(Right.CONSENT_WITHDRAWAL, ("mall",)),
            "mall.sending",
            {"purpose": "sending", "ground": "A37_2_4"},
        ),
    ],
)
def test_an_item_carries_the_reasons_of_its_own_right_name_ground_and_holders(
    scope: Scope, item: str, read: dict[str, str]
) -> None:
    category = CATEGORIES[item.replace(":", ".").partition(".")[0]]
    holders = {"mall": ("shop", "parcel")}
    found = assessment.assess(scope, WHOLE, EVERY, since=SINCE, on=ARRIVED, holders=holders, nothing_held=False)
    own = Reading(scope.right, WHOLE, EVERY, SINCE, ARRIVED, scope.ends_contract, category.media)
    given = {"purpose": None, "ground": None, **read}
    assert {one.item: one.reasons for one in found}[item] == reasons.of(
        own, category, holders=len(holders.get(category.id, ())), **given
    )
