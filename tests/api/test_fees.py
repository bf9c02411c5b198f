"""What a copy costs (D10; Act 38(3), Decree 47): on paper alone, if announced, never where the controller caused it."""

from typing import Any

import httpx
import pytest

from tests.api.acts import refused, statuses
from tests.api.others import notices, open_notice
from tests.api.readings import package
from tests.house import STRANGER, House

HOME = {"postal_code": "06236", "road_address": "서울특별시 강남구 가상로 12", "detail": "301호"}
MALL = {"right": "access", "aspects": ["items"], "categories": ["online_mall"]}
COST = {"cause": "person", "fee": 1000, "postage": 430, "breakdown": "사본 10장, 보통우편"}


async def asked(house: House, delivery: str = "post", **more: Any) -> dict[str, Any]:
    """An access that an officer decides, because a deletion of the same stands beside it."""
    filed = await house.file(
        {**MALL, "delivery": delivery},
        {"right": "deletion", "categories": ["online_mall"]},
        subject={"name": "홍길동", "phone": "010-1234-5678", "email": "gildong@example.com", "address": HOME},
        notify_by="sms",
        **more,
    )
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified", "verified"]
    return filed


async def decide(house: House, filed: dict[str, Any], **fee: Any) -> httpx.Response:
    return await house.decide(filed["claims"][0]["id"], outcome="approve", fee={**COST, **fee})


@pytest.mark.usefixtures("elsewhere")
async def test_a_copy_on_paper_costs_what_it_costs_and_the_file_nothing(house: House) -> None:
    mall = await house.system()
    filed = await asked(house)
    decided = await decide(house, filed)
    assert decided.status_code == 200, decided.text
    assert decided.json()["decision"]["fee"] == {
        "fee": 1000,
        "postage": 430,
        "total": 1430,
        "breakdown": COST["breakdown"],
    }
    await mall.work()
    [claim, _] = (await house.look(filed))["claims"]
    assert claim["status"] == "closed" and claim["decision"]["fee"]["total"] == 1430
    # What costs nothing does not wait for what does.
    assert claim["package"]["available"]
    data, _ = await package(house, filed)
    assert data["categories"][0]["items"]
    [notice] = await notices(house, filed)
    page = (await open_notice(house, filed, notice["id"], await house.grant(filed))).text
    for told in ("1,000", "430", "1,430", "사본 10장, 보통우편"):
        assert told in page, told


@pytest.mark.usefixtures("elsewhere")
async def test_the_message_is_the_same_whatever_it_costs_and_whoever_is_known(house: House) -> None:
    mall = await house.system()
    filed = await asked(house)
    await decide(house, filed)
    await mall.work()
    told = house.sent("sms")[-1]["text"]
    assert "종이로 받으실 때의 비용은 통지서에 있습니다" in told and "전자파일은 무료" in told and "1,430" not in told
    unknown = await house.file({**MALL, "delivery": "post"}, subject={**STRANGER, "address": HOME}, notify_by="sms")
    await house.prove(unknown)
    same = house.sent("sms")[-1]["text"]
    assert same.replace(unknown["receipt_no"], "") == told.replace(filed["receipt_no"], "")


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("delivery", "fee", "pointers"),
    [
        ("post", {"cause": "controller"}, {"/fee"}),
        ("post", {"breakdown": " "}, {"/fee/breakdown"}),
        ("electronic", {"postage": 0}, {"/fee/fee"}),
        ("electronic", {"fee": 0}, {"/fee/postage"}),
    ],
)
async def test_what_may_not_be_charged(house: House, delivery: str, fee: dict[str, Any], pointers: set[str]) -> None:
    filed = await asked(house, delivery)
    reply = await decide(house, filed, **fee)
    assert reply.status_code == 422, reply.text
    assert {one["pointer"] for one in reply.json()["errors"]} == pointers
    assert (await statuses(house, filed))[0] == "verified"


@pytest.mark.usefixtures("elsewhere")
async def test_only_access_that_opens_something_costs_anything(house: House) -> None:
    filed = await asked(house)
    [access, deletion] = (claim["id"] for claim in filed["claims"])
    reply = await house.decide(deletion, outcome="partial", reason="계약 기록은 보존합니다.", fee=COST)
    assert refused(reply)[1:] == ("/fee", "fee.not_allowed")
    nothing = [
        {"item": f"online_mall.{name}", "outcome": "refuse", "ground": "A35_4_1", "facts": {"statute": "거래법 제1조"}}
        for name in ("name", "phone")
    ]
    reply = await house.decide(access, outcome="refuse", items=nothing, reason="법률이 금지합니다.", fee=COST)
    assert refused(reply)[1:] == ("/fee", "fee.not_allowed")


async def test_nothing_is_charged_that_the_policy_does_not_announce(house: House) -> None:
    filed = await asked(house)
    assert refused(await decide(house, filed))[1:] == ("/fee", "fee.not_allowed")
    free = await decide(house, filed, cause="controller", fee=0, postage=0, breakdown=None)
    assert free.status_code == 200, free.text
