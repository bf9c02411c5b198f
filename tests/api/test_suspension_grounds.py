"""The four grounds against a suspension, each with its facts (Act 37(2)); every purpose is decided by itself."""

from typing import Any

import httpx
import pytest

from tests.api.acts import claims, one, refused, statuses
from tests.api.test_holds_and_tasks import check, told
from tests.api.test_postponement import opened
from tests.house import ONLINE_MALL, House

BOTH = {"right": "suspension", "categories": ["online_mall"], "ends_contract": False}
WHY = "처리를 멈출 수 없는 까닭이 있습니다."
STATUTE = {"statute": "전자상거래법 제6조"}
OTHERS = {"whose": "함께 쓰는 가족", "harm": "재산이 위험해집니다"}
CONTRACT = {"service": "주문한 상품의 배송", "contract": "온라인 몰 주문"}
DUTY = {"statute": "주민등록법 제7조", "duty": "주민등록 사무"}


async def contested(house: House, *, ends: bool = False) -> dict[str, Any]:
    """A suspension that an officer decides, for an access to the category is open beside it."""
    filed = await house.file({**BOTH, "ends_contract": ends}, ONLINE_MALL)
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified", "verified"]
    return filed


async def refuse(
    house: House, filed: dict[str, Any], ground: str, facts: dict[str, str], **more: Any
) -> httpx.Response:
    """Delivery is refused, advice is not."""
    item = {"item": "online_mall.delivery", "outcome": "refuse", "ground": ground, "facts": facts}
    body = {"outcome": "partial", "items": [item], "reason": WHY, **more}
    return await house.decide(filed["claims"][0]["id"], **body)


@pytest.mark.parametrize(
    ("ground", "facts", "ends", "answer"),
    [
        ("A37_2_1", STATUTE, False, None),
        ("A37_2_1", STATUTE, True, None),
        ("A37_2_1", {}, False, "decision.facts_required"),
        ("A37_2_1", {"statute": "내부 방침"}, False, "decision.facts_required"),
        ("A37_2_2", OTHERS, False, None),
        ("A37_2_2", OTHERS, True, None),
        ("A37_2_2", {"whose": "함께 쓰는 가족"}, False, "decision.facts_required"),
        # Only public bodies have the third.
        ("A37_2_3", DUTY, False, "ground.not_available"),
        ("A37_2_4", CONTRACT, False, None),
        ("A37_2_4", {"service": "주문한 상품의 배송"}, False, "decision.facts_required"),
        # The contract stands against nobody who has clearly said that it shall end.
        ("A37_2_4", CONTRACT, True, "ground.not_available"),
        # What restricts access, or keeps a record, stops no suspension.
        ("A35_4_2", OTHERS, False, "ground.not_available"),
        ("A21_1", {**STATUTE, "record_class": "계약", "until": "2031-12-31"}, False, "ground.not_available"),
    ],
)
async def test_each_ground_with_its_facts(
    house: House, ground: str, facts: dict[str, str], ends: bool, answer: str | None
) -> None:
    filed = await contested(house, ends=ends)
    reply = await refuse(house, filed, ground, facts)
    if answer is not None:
        assert (reply.status_code, refused(reply)[2]) == (422, answer)
        assert await one(house.desk, "SELECT count(*) FROM decision") == 0
        return
    assert (reply.status_code, reply.json()["decision"]["state"]) == (200, "proposed")
    assert (await house.approve(filed["claims"][0]["id"], agree=True)).status_code == 200
    items = {item["item"]: item for item in (await claims(house, filed))[0]["decision"]["items"]}
    assert (items["online_mall.delivery"]["outcome"], items["online_mall.delivery"]["ground"]) == ("refuse", ground)
    assert items["online_mall.service_consultation"]["outcome"] == "grant"


async def test_a_refusal_needs_a_reason_and_the_rest_is_stopped_all_the_same(house: House) -> None:
    mall = await house.system(categories=["online_mall"])
    filed = await contested(house)
    assert refused(await refuse(house, filed, "A37_2_4", CONTRACT, reason=" "))[2] == "decision.reason_required"
    whole = await refuse(house, filed, "A37_2_4", CONTRACT, outcome="refuse")
    assert refused(whole)[2] == "decision.inconsistent"
    await refuse(house, filed, "A37_2_4", CONTRACT)
    use = {"category": "online_mall", "purpose": "service_consultation"}
    assert (await check(mall, **use))["allowed"] is True
    await house.approve(filed["claims"][0]["id"], agree=True)
    # Stopped from the decision on, before any holder has answered; what was refused goes on.
    assert (await check(mall, **use))["allowed"] is False
    assert (await check(mall, **{**use, "purpose": "delivery"}))["allowed"] is True
    assert "suspend online_mall" in await told(mall)
    while await mall.work():
        pass
    page = await opened(house, filed, "result")
    for words in (WHY, "제37조제2항제4호", "주문한 상품의 배송", "이의", "계약 해지 의사: 밝히지 않으셨음"):
        assert words in page, words


async def test_whether_the_contract_shall_end_is_always_asked(house: House) -> None:
    unsaid = {name: value for name, value in BOTH.items() if name != "ends_contract"}
    body = {"capacity": "self", "channel": "web", "subject": {"name": "홍길동", "phone": "010-1234-5678"}}
    headers = {**house.auth("website"), "Idempotency-Key": "unsaid"}
    reply = await house.api.post("/v1/requests", json={**body, "claims": [unsaid]}, headers=headers)
    assert refused(reply) == (422, "/claims/0/ends_contract", "field.required")
