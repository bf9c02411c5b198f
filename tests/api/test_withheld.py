"""Where a child or the other parent lives is in no guardian's answer, and each guardian gets the same (Act 35(4)2)."""

import io
import json
import zipfile
from typing import Any

import pytest

from tests.api.families import GAON, SEOJIN, YURA, Ledger, contact, person, plain
from tests.api.others import (
    SEPARATE,
    answered,
    days_go_by,
    fetch,
    granted,
    guarded,
    notices,
    open_notice,
    timeline,
)
from tests.conftest import serving
from tests.house import ADDRESS, House

REASON = "사는 곳은 법정대리인의 열람 자료에 넣지 않습니다."
HOME = "value of address"


@pytest.fixture
def register_url(tmp_path: Any) -> Any:
    """A register that names both parents of the child."""
    parents = [
        {"name": one["name"], "contacts": [contact("+82" + one["phone"].replace("-", "")[1:], holder="guardian")]}
        for one in (SEOJIN, YURA)
    ]
    child = person("C-4401", GAON["name"], GAON["birth_date"], contact("+821000004401"), guardians=parents)
    with serving(Ledger(tmp_path, child)) as url:
        yield url


async def asked_by(house: House, parent: dict[str, Any], *claims: dict[str, Any]) -> dict[str, Any]:
    """The request of one of them, proved."""
    return await guarded(house, *(claims or (SEPARATE,)), subject=GAON, requester=parent)


async def pages(house: House, filed: dict[str, Any], parent: dict[str, Any]) -> dict[str, str]:
    """All that a parent gets in answer, without what is theirs alone."""
    [notice] = await notices(house, filed)
    grant = await house.grant(filed, party="requester")
    archive = await fetch(house, filed, grant)
    assert archive.status_code == 200, archive.text
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        data = opened.read("access.json").decode()
    told = {
        "notice": (await open_notice(house, filed, notice["id"], grant)).text,
        "data": json.dumps(json.loads(data), ensure_ascii=False),
        "view": json.dumps(await house.look(filed), ensure_ascii=False),
        "timeline": json.dumps(await timeline(house, filed), ensure_ascii=False),
    }
    return {name: plain(page, parent["name"], filed["receipt_no"]) for name, page in told.items()}


async def test_a_guardian_is_not_told_where_somebody_lives(house: House) -> None:
    mall = await house.system()
    filed = await asked_by(house, SEOJIN)
    found = await house.assessment(filed["claims"][0]["id"])
    items = {one["item"].split(".")[1]: one for one in found["items"]}
    assert {name: one["proposed"] for name, one in items.items()} == {
        "name": "grant", "phone": "grant", "address": "refuse",
    }  # fmt: skip
    assert items["address"]["ground"] == "A35_4_2" and found["decides"] == "two"
    proposed = await house.decide(filed["claims"][0]["id"], outcome="partial", reason=REASON)
    assert (proposed.status_code, proposed.json()["decision"]["state"]) == (200, "proposed")
    assert (await house.approve(filed["claims"][0]["id"], agree=True)).is_success
    [task] = await mall.tasks()
    assert "address" not in (await mall.fetch(task["id"]))["fields"], "not even collected"
    await mall.work()
    await days_go_by(house)
    told = await pages(house, filed, SEOJIN)
    assert "value of phone" in told["data"] and HOME not in "".join(told.values())
    assert "제35조제4항제2호" in told["notice"] and "모든 법정대리인에게 똑같이" in told["view"]
    [category] = json.loads(told["data"])["categories"]
    assert len(category["withheld"]) == 1


async def test_two_people_may_show_it(house: House) -> None:
    mall = await house.system()
    filed = await asked_by(house, SEOJIN)
    shown = [{"item": "separate_service.address", "outcome": "grant"}]
    proposed = await house.decide(filed["claims"][0]["id"], outcome="approve", items=shown)
    assert proposed.json()["decision"]["state"] == "proposed", "never one alone"
    assert (await house.approve(filed["claims"][0]["id"], agree=True)).is_success
    await mall.work()
    await days_go_by(house)
    assert HOME in (await pages(house, filed, SEOJIN))["data"]


async def test_two_parents_get_the_same_answer_whoever_else_asks(house: House) -> None:
    mall = await house.system()
    answers = []
    for parent in (SEOJIN, YURA):
        filed = await asked_by(house, parent)
        await answered(house, mall, filed, outcome="partial", reason=REASON)
        answers.append(await pages(house, filed, parent))
    assert answers[0] == answers[1]
    for words in (SEOJIN["name"], YURA["name"], SEOJIN["phone"], YURA["phone"], HOME):
        assert words not in json.dumps(answers, ensure_ascii=False)


async def test_the_purposes_alone_show_nothing_and_withhold_nothing(house: House) -> None:
    filed = await asked_by(house, SEOJIN, {**SEPARATE, "aspects": ["purposes", "retention"]})
    found = await house.assessment(filed["claims"][0]["id"])
    assert {one["proposed"] for one in found["items"]} == {"grant"}


async def test_a_corrected_address_is_told_by_its_label_alone(house: House) -> None:
    mall = await house.system()
    filed = await asked_by(house, SEOJIN, ADDRESS)
    await granted(house, filed)
    while await mall.work():
        pass
    [notice] = await notices(house, filed)
    page = (await open_notice(house, filed, notice["id"], await house.grant(filed, party="requester"))).text
    assert "주소" in page and "정정" in page
    whole = page + json.dumps([await house.look(filed), await timeline(house, filed)], ensure_ascii=False)
    assert HOME not in whole and "새길" not in whole
