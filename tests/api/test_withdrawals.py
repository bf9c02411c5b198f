"""Withdrawal of consent (Act 37(1)(3)): what rests on it alone goes, what rests on contract or statute stays."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.law import period
from app.law.terms import Span
from tests.api.acts import MARKETING, claims, one, refused, rows, statuses
from tests.api.others import granted, guarded
from tests.api.test_holds_and_tasks import check, told
from tests.api.test_kept import ALL_CONSENTS, settled
from tests.api.test_postponement import opened
from tests.api.years import dawn, go_to, today
from tests.house import CHILD, Holder, House

POLICY = next((Path(__file__).parents[2] / "policies").glob("ktmns-*.yaml"))
PERSONAL = {"right": "consent_withdrawal", "purposes": ["personalisation"]}
KEPT = "법에 따라 보존합니다."


@pytest.fixture
def mixed(environment: dict[str, str], tmp_path: Path) -> None:
    """A policy whose mall is used for marketing as well; ask for it before the desk."""
    text = POLICY.read_text(encoding="utf-8")
    contracts = "purposes: [service_consultation, delivery]"
    assert text.count(contracts) == 1
    path = tmp_path / "policy.yaml"
    path.write_text(text.replace(contracts, "purposes: [service_consultation, delivery, marketing]"), encoding="utf-8")
    environment["POLICY_FILE"] = str(path)


async def withdrawn(house: House, claim: dict[str, Any], **decision: Any) -> dict[str, Any]:
    """A withdrawal that two people granted."""
    await rows(house.desk, "UPDATE verification SET created_at = created_at - interval '2 hours' RETURNING id")
    filed = await house.file(claim)
    await house.prove(filed)
    await settled(house, filed["claims"][0]["id"], **({"outcome": "approve"} | decision))
    return filed


async def orders(system: Holder) -> list[tuple[str, str, Any, Any, list[str]]]:
    """Each task whole: action, category, purposes, fields, records."""
    wholes = [await system.fetch(task["id"]) for task in await system.tasks()]
    return sorted(
        (one_["action"], one_["category"], one_["purposes"], one_["fields"], [k["record_class"] for k in one_["keep"]])
        for one_ in wholes
    )


@pytest.mark.usefixtures("mixed")
async def test_where_a_contract_goes_on_the_data_stays_and_only_the_consent_ends(house: House) -> None:
    mall = await house.system(categories=["online_mall", "site_log"])
    filed = await withdrawn(house, MARKETING)
    assert await orders(mall) == [
        ("withdraw_consent", "online_mall", ["marketing"], None, []),
        ("withdraw_consent", "site_log", ["marketing"], None, []),
    ]
    assert await one(house.desk, "SELECT count(*) FROM fence") == 0
    for purpose, allowed in (("marketing", False), ("delivery", True), ("service_consultation", True)):
        assert (await check(mall, category="online_mall", purpose=purpose))["allowed"] is allowed, purpose
    assert (await check(mall, category="site_log", purpose="personalisation"))["allowed"] is True
    await mall.work()
    assert await statuses(house, filed) == ["closed"]


async def test_where_every_purpose_is_withdrawn_the_fields_go_and_the_record_is_fenced(house: House) -> None:
    desk = await house.system("desk", categories=["consultation", "partner_report"])
    shelf = await house.system("shelf", categories=["consultation"], actions=["delete", "collect"])
    other = await house.system("other", categories=["partner_report"], actions=["delete"])
    await withdrawn(house, ALL_CONSENTS, outcome="partial", reason=KEPT)
    gone = ["name", "phone", "content"]
    assert await orders(desk) == [
        ("withdraw_consent", "consultation", ["complaint_handling", "result_notice"], gone, ["dispute_3y"]),
        ("withdraw_consent", "partner_report", ["result_notice"], None, []),
    ]
    # Who keeps no consents deletes; who would have to delete nothing hears nothing.
    assert await orders(shelf) == [("delete", "consultation", None, gone, ["dispute_3y"])]
    assert await told(other) == []
    for purpose in ("complaint_handling", "result_notice"):
        assert (await check(desk, category="consultation", purpose=purpose))["allowed"] is False
    assert (await check(desk, category="partner_report", purpose="report_review"))["allowed"] is True


async def test_the_last_consent_counts_with_those_withdrawn_before_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await house.system("desk", categories=["site_log"])
    await withdrawn(house, MARKETING)
    assert await orders(desk) == [("withdraw_consent", "site_log", ["marketing"], None, [])]
    await desk.work()
    until = period.last_day(today(), Span(months=3))
    filed = await withdrawn(house, PERSONAL, outcome="partial", reason=KEPT)
    assert await orders(desk) == [
        ("withdraw_consent", "site_log", ["personalisation"], ["ip", "accessed_at", "content"], ["telecom_log_3m"])
    ]
    await desk.work()
    kept = [i for i in (await claims(house, filed))[0]["decision"]["items"] if i["outcome"] == "keep"]
    assert [(i["item"], i["until"]) for i in kept] == [("site_log:telecom_log_3m", until.isoformat())]
    go_to(monkeypatch, until + timedelta(days=1))
    await dawn(house)
    assert await desk.work() == ["delete"]
    assert await one(house.desk, "SELECT state FROM fence") == "destroyed"


async def test_somebody_elses_withdrawal_counts_for_nobody_else(house: House) -> None:
    desk = await house.system("desk", categories=["site_log"])
    await withdrawn(house, MARKETING)
    await desk.work()
    young = await house.file(PERSONAL, subject={"name": "김영희", "phone": "010-0000-1234"}, notify_by="sms")
    await house.prove(young)
    found = await house.assessment(young["claims"][0]["id"])
    assert [(item["item"], item["proposed"]) for item in found["items"]] == [("site_log.personalisation", "grant")]


@pytest.mark.parametrize(("ends", "proposed"), [(False, "keep"), (True, "grant")])
async def test_a_purpose_of_a_contract_ends_where_the_contract_shall_end(
    house: House, ends: bool, proposed: str
) -> None:
    await house.system("desk")
    filed = await house.file({"right": "consent_withdrawal", "purposes": ["delivery"], "ends_contract": ends})
    await house.prove(filed)
    claim_id = filed["claims"][0]["id"]
    items = {item["item"]: item for item in (await house.assessment(claim_id))["items"]}
    assert items["online_mall.delivery"]["proposed"] == proposed
    facts = {"service": "주문한 상품의 배송", "contract": "온라인 몰 주문"}
    refusal = {"item": "online_mall.delivery", "outcome": "refuse", "ground": "A37_2_4", "facts": facts}
    reply = await house.decide(claim_id, outcome="refuse", items=[refusal], reason="계약을 이행하기 곤란합니다.")
    if ends:
        assert refused(reply) == (422, "/items/0/ground", "ground.not_available")
    else:
        assert reply.status_code == 200, reply.text


async def test_a_statute_keeps_records_and_no_purposes(house: House) -> None:
    filed = await house.file(ALL_CONSENTS)
    await house.prove(filed)
    facts = {"statute": "전자상거래법 제6조", "record_class": "분쟁", "until": "2099-12-31"}
    item = {"item": "consultation.result_notice", "outcome": "keep", "ground": "A21_1", "facts": facts}
    reply = await house.decide(filed["claims"][0]["id"], outcome="partial", items=[item], reason=KEPT)
    assert refused(reply) == (422, "/items/0/ground", "ground.not_available")


async def test_who_is_refused_is_told_why_and_how_to_object(house: House) -> None:
    await house.system("desk", categories=["site_log"])
    filed = await house.file(MARKETING)
    await house.prove(filed)
    facts = {"whose": "함께 이용하는 가족", "harm": "다른 사람의 재산이 위험해집니다"}
    refusal = {"item": "site_log.marketing", "outcome": "refuse", "ground": "A37_2_2", "facts": facts}
    why = "동의를 철회하셔도 처리를 멈출 수 없는 까닭이 있습니다."
    await settled(house, filed["claims"][0]["id"], outcome="refuse", items=[refusal], reason=why)
    assert await statuses(house, filed) == ["closed"]
    page = await opened(house, filed, "result")
    for words in (why, "제37조제2항제2호", "함께 이용하는 가족", "이의"):
        assert words in page, words
    assert await one(house.desk, "SELECT count(*) FROM hold WHERE kind = 'consent_withdrawn'") == 0
    assert await one(house.desk, "SELECT count(*) FROM task") == 0


async def test_a_guardian_withdraws_for_a_child(house: House) -> None:
    desk = await house.system("desk", categories=["consultation", "partner_report"])
    filed = await guarded(house, ALL_CONSENTS, notify_by="sms")
    await granted(house, filed, outcome="partial", reason=KEPT)
    tasks = await orders(desk)
    assert [task[:2] for task in tasks] == [
        ("withdraw_consent", "consultation"),
        ("withdraw_consent", "partner_report"),
    ]
    whole = await desk.fetch((await desk.tasks())[0]["id"])
    assert whole["subject"]["name"] == CHILD["name"]
    use = {"subject": {"phone": CHILD["phone"]}, "category": "consultation", "purpose": "result_notice"}
    assert (await check(desk, **use))["allowed"] is False
    await desk.work()
    assert await statuses(house, filed) == ["closed"]
