"""What a statute keeps is named in the task, fenced, and told as it was decided (Act 21(1)(3), 35(4), 37(3))."""

from typing import Any

from tests.api.acts import DELETION, claims, one, rows
from tests.house import ONLINE_MALL, Holder, House

ALL_CONSENTS = {"right": "consent_withdrawal", "purposes": ["complaint_handling", "result_notice"]}
FAMILY = {"whose": "함께 이용하는 가족", "harm": "다른 사람의 사생활"}


async def settled(house: House, claim_id: str, **decision: Any) -> None:
    """Two people decide."""
    proposed = await house.decide(claim_id, **decision)
    assert proposed.status_code == 200, proposed.text
    agreed = await house.approve(claim_id, agree=True)
    assert agreed.status_code == 200, agreed.text


async def kept(system: Holder, action: str) -> dict[str, list[str]]:
    """What each task of this action has its holder keep."""
    wholes = [await system.fetch(task["id"]) for task in await system.tasks() if task["action"] == action]
    return {whole["category"]: [one["record_class"] for one in whole["keep"]] for whole in wholes}


async def test_a_withdrawal_of_every_consent_keeps_and_fences_the_statutory_record(house: House) -> None:
    system = await house.system("desk", categories=["consultation", "partner_report"])
    filed = await house.file(ALL_CONSENTS)
    await house.prove(filed)
    claim_id = filed["claims"][0]["id"]
    found = await house.assessment(claim_id)
    assert found["decides"] == "two"
    assert [item["item"] for item in found["items"] if item["proposed"] == "keep"] == ["consultation:dispute_3y"]
    await settled(house, claim_id, outcome="partial", reason="분쟁 기록은 법에 따라 보존합니다.")
    assert await kept(system, "withdraw_consent") == {"consultation": ["dispute_3y"], "partner_report": []}
    fenced = "SELECT count(*) FROM hold WHERE kind = 'kept_by_law' AND category = 'consultation' AND fields IS NULL"
    assert await one(house.desk, fenced) == 1
    await system.work()
    [closed] = await claims(house, filed)
    assert (closed["status"], closed["decision"]["outcome"]) == ("closed", "partial")


async def test_a_field_that_people_keep_from_deletion_is_fenced_and_told_with_its_day(house: House) -> None:
    system = await house.system("shop")
    filed = await house.file(DELETION)
    await house.prove(filed)
    facts = {"statute": "국세기본법 제85조의3", "record_class": "거래 증빙", "until": "2031-12-31"}
    item = {"item": "online_mall.name", "outcome": "keep", "ground": "A21_1", "facts": facts}
    claim_id = filed["claims"][0]["id"]
    await settled(house, claim_id, outcome="partial", items=[item], reason="법에 따라 보존합니다.")
    # Each record has a hold of its own: the two that the statute names cover all, the field itself alone.
    fenced = "SELECT fields FROM hold WHERE kind = 'kept_by_law' AND category = 'online_mall' ORDER BY fields"
    assert [row.fields for row in await rows(house.desk, fenced)] == [["name"], None, None]
    await system.work()
    [closed] = await claims(house, filed)
    name = next(one for one in closed["decision"]["items"] if one["item"] == "online_mall.name")
    assert (closed["status"], name["until"], name["ground"]) == ("closed", "2031-12-31", "A21_1")
    assert "보존" in name["text"] and "삭제합니다" not in name["text"]


async def test_a_refused_item_is_never_told_in_the_words_of_a_grant(house: House) -> None:
    await house.system("shop")
    filed = await house.file(ONLINE_MALL, DELETION)
    await house.prove(filed)
    refusal = {"item": "online_mall.phone", "outcome": "refuse", "ground": "A35_4_2", "facts": FAMILY}
    claim_id = filed["claims"][0]["id"]
    await settled(
        house, claim_id, outcome="partial", items=[refusal], reason="다른 사람의 이익을 지키기 위한 것입니다."
    )
    told = (await claims(house, filed))[0]["decision"]["items"]
    phone = next(one for one in told if one["item"] == "online_mall.phone")
    assert "보여 드릴 수 없습니다" in phone["text"] and "제35조제4항제2호" in phone["basis"]
    name = next(one for one in told if one["item"] == "online_mall.name")
    assert name["text"] == "열람하실 수 있습니다."


async def test_a_rule_of_the_controllers_own_refuses_nothing(house: House) -> None:
    filed = await house.file(ONLINE_MALL, DELETION)
    await house.prove(filed)
    own = {"item": "online_mall.phone", "outcome": "refuse", "ground": "A35_4_1", "facts": {"statute": "내부 방침"}}
    reply = await house.decide(filed["claims"][0]["id"], outcome="partial", items=[own], reason="내부 방침입니다.")
    problem = reply.json()
    assert (reply.status_code, problem["code"]) == (422, "decision.facts_required")
    assert problem["errors"][0]["pointer"] == "/items/0/facts/statute"
    assert await one(house.desk, "SELECT count(*) FROM decision") == 0
