"""What the desk writes on form 9 and form 10 from a decided claim, under the real policy and edition."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app import policy, rulebook, workdays
from app.documents.frame import Sheet
from app.documents.package import package_pdf, package_values
from app.documents.sheet import sheet
from app.law import assessment, deadline, decision
from app.law.decision import Verdict, VerdictItem
from app.law.terms import ItemOutcome, Outcome, Right, Whose
from app.services import assessed, clocks, composing, packaging
from app.services.facts import Facts
from app.services.recipients import Recipient
from app.services.scope import scope_from
from tests.documents.reading import pdf_text, squeezed

ARRIVED, TOLD = date(2026, 11, 23), date(2026, 11, 25)
AT = datetime(2026, 11, 25, 10, tzinfo=timezone(timedelta(hours=9)))
KEEP, REFUSE = ItemOutcome.KEEP, ItemOutcome.REFUSE
CONTRACT_5Y = "전자상거래 등에서의 소비자보호에 관한 법률 제6조, 같은 법 시행령 제6조제1항제2호"
MALL = {"categories": ["online_mall"]}
ALL = {"aspects": ["items", "purposes", "retention", "third_parties", "consents"]}


@cache
def desk() -> Any:
    """The parts of a desk that composing leans on: the policy and the rulebook."""
    folder = Path(policy.__file__).parents[2] / "policies"
    return SimpleNamespace(policy=policy.load(folder / "ktmns-2024-12-06.yaml"), rulebook=rulebook.load())


def facts(right: Right, scope: Mapping[str, Any], verdict: Verdict, **more: Any) -> Facts:
    """A claim assessed and decided by the law's own functions."""
    edition, rules = desk().rulebook.at(ARRIVED), desk().policy
    items = assessment.assess(
        scope_from(right, scope),
        rules,
        edition,
        since=ARRIVED,
        holders={},
        nothing_held=verdict.outcome is Outcome.NOTHING_HELD,
    )
    decided = decision.check(verdict, items, right, edition, rules.kind, on=ARRIVED, ends_contract=False)
    whole = assessed.whole(items, decided, right, edition)
    clock = deadline.due(ARRIVED, 10, workdays.calendar(), basis="영 41④", margin=1)
    claim = SimpleNamespace(
        right=right.value,
        scope=scope,
        edition=edition.id,
        available_from=AT,
        granted_at=AT,
        due_steps=clocks.stored(clock),
    )
    known: dict[str, Any] = {
        "request": SimpleNamespace(receipt_no="482-0193-7756", capacity="self", notify_by="email"),
        "claim": claim,
        "decision": SimpleNamespace(outcome=verdict.outcome.value, fee=None),
        "items": whole,
        "who": Recipient(Whose.SUBJECT, "홍길동", None, None, "ko"),
        "typed": {"name": "홍길동", "address": None},
        "reason": verdict.reason,
        "silent": (),
        "informed": (),
        "closes": AT + timedelta(days=7),
        "on": TOLD,
        "kept_until": {},
    }
    return Facts(**cast(Any, known | more))


def form(right: Right, scope: Mapping[str, Any], verdict: Verdict, **more: Any) -> Sheet:
    return sheet(composing.notice(desk(), facts(right, scope, verdict, **more)))


def cell(content: Sheet, label: str) -> str:
    """What stands in the cells of a label."""
    return "\n".join(
        line for row in content.rows for one in row if squeezed(label) in squeezed(one.label) for line in one.lines
    )


GRANT, PARTIAL = Verdict(Outcome.APPROVE), Verdict(Outcome.PARTIAL, reason="법령에 따라 거래 기록을 보존합니다.")
FAMILY = {"whose": "함께 상담한 가족", "harm": "다른 사람의 사생활이 적혀 있음"}
NOT_SHOWN = Verdict(
    Outcome.PARTIAL,
    (VerdictItem("consultation.content", REFUSE, "A35_4_2", FAMILY),),
    "그 항목은 보여 드리지 않습니다.",
)
CONSULTATION = {**ALL, "categories": ["consultation"]}


def test_how_the_day_was_counted_stands_on_the_annex() -> None:
    [remark] = [one for one in form(Right.ACCESS, ALL, GRANT).remarks if one.label == "답변 기한을 센 방법"]
    assert remark.lines[1:] == (
        "· 2026년 11월 23일: 요구가 도착한 날입니다. 첫날은 세지 않습니다. (민법 157)",
        "· 2026년 12월 3일: 그다음 날부터 세어 10일째 되는 날입니다. (영 41④)",
    )


def test_a_partial_deletion_does_not_say_that_all_is_deleted() -> None:
    content = form(Right.DELETION, MALL, PARTIAL)
    assert "일부를 복구할 수 없도록 삭제" in cell(content, "조치 내용")
    why = cell(content, "결정 사유")
    assert why.count("「개인정보 보호법」 제21조제1항 단서") == 1
    assert f"계약 또는 청약철회 등에 관한 기록: {CONTRACT_5Y}" in why
    kept = [one for one in content.items if one.outcome == "보존"]
    assert [one.until for one in kept] == ["2031년 11월 23일까지"] * 2
    assert all("가장 늦게 끝나는 날" in " ".join(one.ground) for one in kept)


def test_the_holders_own_day_needs_no_caveat() -> None:
    content = form(Right.DELETION, MALL, PARTIAL, kept_until={CONTRACT_5Y: "2029-03-02"})
    first = next(one for one in content.items if one.outcome == "보존")
    assert first.until == "2029년 3월 2일까지" and "가장 늦게" not in " ".join(first.ground)


def test_a_record_that_a_holder_keeps_unforeseen_is_told() -> None:
    report = {"categories": ["report"]}
    done = cell(form(Right.DELETION, report, GRANT, kept_until={"국세기본법 제85조의3": "2031-05-31"}), "조치 내용")
    assert "국세기본법 제85조의3, 2031년 5월 31일까지" in done
    assert "일부만 조치하였다고 알려 온 곳: 한진택배" in cell(
        form(Right.DELETION, report, GRANT, partly=("한진택배",)), "조치 내용"
    )


def test_a_record_that_people_delete_shows_no_day() -> None:
    freed = tuple(VerdictItem(f"online_mall:{one}", ItemOutcome.GRANT) for one in ("contract_5y", "payment_5y"))
    content = form(Right.DELETION, MALL, Verdict(Outcome.APPROVE, freed))
    assert {(one.outcome, one.until) for one in content.items} == {("삭제", "-")}


def test_a_withheld_item_says_its_ground_and_not_that_it_can_be_seen() -> None:
    known = facts(Right.ACCESS, CONSULTATION, NOT_SHOWN)
    content = sheet(composing.notice(desk(), known))
    assert content.name == "개인정보 일부열람 통지서"
    told = cell(content, "사유")
    assert "제35조제4항제2호" in told and "침해될 수 있는 사람: 함께 상담한 가족" in told
    package = packaging.package(desk(), known, [])
    [withheld] = package_values(package)["categories"][0]["withheld"]
    assert withheld["article"] == "「개인정보 보호법」 제35조제4항제2호"
    assert "보여 드릴 수 없습니다" in withheld["text"]
    assert "열람하실수있습니다." not in pdf_text(package_pdf(package))


def test_the_package_speaks_korean_and_claims_no_more_than_is_known() -> None:
    """Routes by their labels, statutory periods beside the promised one; no provision or consent is made up."""
    package = packaging.package(desk(), facts(Right.ACCESS, {**ALL, **MALL}, GRANT), [])
    text = pdf_text(package_pdf(package))
    for told in (
        "수집한경로홈페이지",
        squeezed("계약 또는 청약철회 등에 관한 기록 5년 (전자상거래"),
        squeezed("경찰관서 수사·조사 자료 확보 CCTV 등 녹화자료, 성명, 연락처 등 관련 법령에 따름"),
        squeezed("실제로 제공한 것은 아래"),
        squeezed("보관 중인 기록 가운데 알려 드릴 것이 없습니다"),
    ):
        assert told in text, told
    consented = packaging.package(desk(), facts(Right.ACCESS, CONSULTATION, GRANT), [])
    assert squeezed("동의하신 날이 이 자료에 없으면") in pdf_text(package_pdf(consented))


def test_what_was_asked_is_told_with_its_aspects_and_the_will_to_end_the_contract() -> None:
    asked = cell(form(Right.ACCESS, {**MALL, "aspects": ["retention"]}, GRANT), "요구 내용")
    assert asked == "개인정보 열람: 온라인 몰\n열람을 요구하신 사항: 개인정보 보유 및 이용 기간"
    for ends, told in ((True, "밝히셨음"), (False, "밝히지 않으셨음")):
        scope = {"purposes": ["delivery"], "categories": None, "ends_contract": ends}
        assert f"계약 해지 의사: {told}" in cell(form(Right.SUSPENSION, scope, GRANT), "요구 내용")


def test_a_withdrawal_leaves_the_contract_and_says_why() -> None:
    contract = {"service": "주문하신 상품의 배송", "contract": "온라인 몰 주문"}
    verdict = Verdict(
        Outcome.PARTIAL,
        (VerdictItem("online_mall.delivery", KEEP, "A37_2_4", contract),),
        "배송은 계약에 따른 것입니다.",
    )
    content = form(Right.CONSENT_WITHDRAWAL, {"purposes": ["marketing", "delivery"]}, verdict)
    assert [(one.label, one.outcome) for one in content.items] == [
        ("홈페이지 이용 기록(쿠키) - 타겟 마케팅 활용", "처리 중단"),
        ("온라인 몰 - 배송 처리", "처리 계속"),
    ]
    assert "제37조제2항제4호" in cell(content, "결정 사유")
    assert "제36조" not in "".join(content.statement)


def test_a_withdrawal_of_every_consent_sets_the_statutory_record_apart() -> None:
    content = form(Right.CONSENT_WITHDRAWAL, {"purposes": ["complaint_handling", "result_notice"]}, PARTIAL)
    [kept] = [one for one in content.items if one.until != "-"]
    assert (kept.label, kept.outcome) == ("민원·서비스 상담 - 소비자의 불만 또는 분쟁처리에 관한 기록", "보존")


@pytest.mark.parametrize("right", list(Right))
def test_every_notice_says_how_to_object_and_names_no_body_that_is_gone(right: Right) -> None:
    """Act 38(5), Decree 41(5), 42(2), 43(3), 44(2); the Prosecutors' Office ended on 2026-10-02."""
    told = cell(form(right, ALL if right is Right.ACCESS else {}, Verdict(Outcome.NOTHING_HELD)), "이의제기방법")
    for one in ("02-560-3146", "privacy@ktmns.com", "2026년 12월 25일까지", "10일 이내", "118", "1833-6972", "182"):
        assert one in told
    assert "검찰" not in told and "1301" not in told


def test_a_barred_deletion_names_the_statute() -> None:
    """Act 36(1)(4): which statute, besides the ground and the reason; beside another ground it is a refusal."""
    bar = {"statute": "상법 제33조"}
    barred = Verdict(
        Outcome.REFUSE,
        tuple(VerdictItem(f"report.{one}", REFUSE, "A36_1", bar) for one in ("name", "phone", "content", "email")),
        "상업장부에 적혀 있습니다.",
    )
    content = form(Right.DELETION, {"categories": ["report"]}, barred)
    assert "· 상법 제33조" in cell(content, "조치 내용") and "제36조제1항 단서" in cell(content, "결정 사유")
    mixed = replace(barred, items=(replace(barred.items[0], ground="A36_2"), *barred.items[1:]))
    told = form(Right.DELETION, {"categories": ["report"]}, mixed)
    assert "요구하신 조치를 하지 않습니다" in cell(told, "조치 내용") and "상법 제33조" in cell(told, "결정 사유")


@pytest.mark.parametrize(("on", "named"), [(date(2026, 10, 1), True), (date(2026, 10, 2), False)])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_office_that_is_gone_is_not_named_from_its_last_day_on(on: date, named: bool, language: str) -> None:
    """The Prosecutors' Office ended on 2026-10-02: dated data, in either language, of a notice and of a ruling."""
    who = Recipient(Whose.SUBJECT, "홍길동", None, None, language)
    known = facts(Right.ACCESS, CONSULTATION, NOT_SHOWN, on=on, who=who)
    told = composing.objection(desk(), known).bodies
    assert told == composing.outside(desk(), on, known.tongue)
    assert any("1301" in one for one in told) is named and any("118" in one for one in told)


def test_an_interim_notice_claims_nothing_that_is_not_done() -> None:
    silent = ("한진택배",)
    known = facts(Right.DELETION, {"categories": ["report"]}, GRANT, silent=silent)
    done = cell(sheet(composing.notice(desk(), known)), "조치 내용")
    assert "삭제하였습니다" not in done and "조치하고 있으며" in done
    assert {one.outcome for one in sheet(composing.notice(desk(), known)).items} == {"삭제 진행 중"}
    content = form(Right.ACCESS, {**ALL, **MALL}, GRANT, silent=silent)
    assert "모두 열람" not in cell(content, "통지 내용")
    assert any("한진택배" in line for one in content.remarks for line in one.lines)
    assert "모두 열람" in cell(
        sheet(composing.notice(desk(), replace(facts(Right.ACCESS, {**ALL, **MALL}, GRANT)))), "통지 내용"
    )


def asked_as(capacity: str, notify_by: str = "email") -> Any:
    """The request of somebody in this standing."""
    return SimpleNamespace(receipt_no="482-0193-7756", capacity=capacity, notify_by=notify_by)


@pytest.mark.parametrize(("capacity", "standing"), [("guardian", "법정대리인"), ("delegate", "대리인")])
def test_who_acts_for_somebody_is_told_in_their_standing(capacity: str, standing: str) -> None:
    who = Recipient(Whose.REQUESTER, "홍판서", None, None, "ko")
    content = form(Right.ACCESS, {**MALL, **ALL}, GRANT, request=asked_as(capacity), who=who)
    assert cell(content, "수신자").startswith(f"홍판서 귀하 ({standing})\n정보주체: 홍길동")
    own = Recipient(Whose.SUBJECT, "홍길동", None, None, "ko")
    content = form(Right.ACCESS, {**MALL, **ALL}, GRANT, request=asked_as(capacity), who=own)
    assert cell(content, "수신자").startswith("홍길동 귀하\n(우편번호")


def test_a_childs_words_stand_above_the_form_of_who_is_under_age() -> None:
    assert form(Right.DELETION, MALL, PARTIAL).easy is None
    easy = form(Right.DELETION, MALL, PARTIAL, young=True).easy
    assert easy is not None and easy.lines[0] == "부탁한 것 가운데 일부만 지웠어요. 왜 그런지는 아래 표에 적었어요."


@pytest.mark.parametrize(
    ("capacity", "party", "notify_by", "delivery", "paper"),
    [
        ("self", Whose.SUBJECT, "email", "electronic", False),
        ("self", Whose.SUBJECT, "post", "electronic", True),
        ("self", Whose.SUBJECT, "email", "post", True),
        ("guardian", Whose.REQUESTER, "post", "electronic", True),
        ("delegate", Whose.REQUESTER, "post", "electronic", True),
        ("delegate", Whose.SUBJECT, "post", "post", False),
    ],
)
def test_form_9_ticks_paper_by_post_where_the_envelope_holds_it(
    capacity: str, party: Whose, notify_by: str, delivery: str, paper: bool
) -> None:
    who, request = Recipient(party, "홍길동", None, None, "ko"), asked_as(capacity, notify_by)
    content = form(Right.ACCESS, {**MALL, **ALL, "delivery": delivery}, GRANT, request=request, who=who)
    told = cell(content, "열람 형태")
    assert ("■ 사본·출력물" in told and "■ 우편" in told) is paper
    assert "■ 전자파일" in told and "내려받기" in told


AS_GUARDIAN: dict[str, Any] = {
    "request": SimpleNamespace(receipt_no="482-0193-7756", capacity="guardian", notify_by="email"),
    "who": Recipient(Whose.REQUESTER, "홍부모", None, None, "ko"),
}


def test_a_guardian_is_written_to_as_one_and_for_whom() -> None:
    content = form(Right.ACCESS, {**ALL, **MALL}, GRANT, **AS_GUARDIAN)
    assert cell(content, "수신자").splitlines()[:2] == ["홍부모 귀하 (법정대리인)", "정보주체: 홍길동"]
    known = facts(Right.ACCESS, {**ALL, **MALL}, GRANT, **AS_GUARDIAN)
    printed = squeezed(pdf_text(package_pdf(packaging.package(desk(), known, []))))
    assert squeezed("홍부모 귀하 (법정대리인)") in printed and squeezed("홍길동 님의 개인정보가 들어") in printed


def test_who_asked_is_written_to_by_standing_once_their_name_is_destroyed() -> None:
    gone = {"who": Recipient(Whose.REQUESTER, "", None, None, "ko")}
    assert "법정대리인 귀하" in cell(form(Right.ACCESS, {**ALL, **MALL}, GRANT, **(AS_GUARDIAN | gone)), "수신자")


def test_nothing_held_tells_a_guardian_the_ways_of_a_guardian() -> None:
    nothing = Verdict(Outcome.NOTHING_HELD)
    theirs = cell(form(Right.ACCESS, ALL, nothing, **AS_GUARDIAN), "통지 내용")
    mine = cell(form(Right.ACCESS, ALL, nothing), "통지 내용")
    assert "정보주체가 예전에 쓰던" in theirs and "홈페이지에 로그인" in mine and theirs != mine
