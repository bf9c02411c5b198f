"""Where data came from (Act 20(1)): told at once and without a decision, to whoever has proved who they are."""

import httpx
import pytest

from tests.api.acts import actions, refused, rows
from tests.api.others import as_party, guarded, mandated, timeline
from tests.api.readings import package
from tests.house import STRANGER, House, bearer

ASKED = {"right": "access", "aspects": ["items"], "categories": ["separate_service"]}


async def sources(house: House, filed: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
    path = f"/v1/requests/{filed['id']}/sources"
    return await house.api.get(path, headers=headers or bearer(filed["requester_token"]))


@pytest.mark.usefixtures("elsewhere")
async def test_source_purpose_and_the_right_to_stop_it_are_told_at_once(house: House) -> None:
    await house.system("다른 제휴처", kind="source", categories=["online_mall", "site_log"], actions=["relay"])
    filed = await house.file(ASKED)
    assert refused(await sources(house, filed))[2] == "claim.not_verified"
    await house.prove(filed)
    told = await sources(house, filed)
    assert told.status_code == 200, told.text
    found = {one["category"]: one for one in told.json()["items"]}
    assert set(found) == {"separate_service", "online_mall"}, "what is pseudonymised is excepted (Act 28-7)"
    separate = found["separate_service"]
    assert separate["source"] == {"ko": "위탁사 또는 제휴사", "en": "Partners who entrust or cooperate with us"}
    assert {one["ko"] for one in separate["purposes"]} == {"서비스 상담", "가입·접수 대행"}
    assert found["online_mall"]["source"]["ko"] == "다른 제휴처" and "02-560-3146" in found["online_mall"]["contact"]
    assert "제37조" in told.json()["may"]["ko"] and "withdraw your consent" in told.json()["may"]["en"]
    assert told.json()["basis"] == "법 20①"
    assert (await sources(house, filed, house.auth("officer"))).json() == told.json()
    assert (await actions(house.desk, filed["id"]))["sources.tell"] == 2
    assert "sources.tell" in await timeline(house, filed)
    assert len(await rows(house.desk, "SELECT 1 FROM access_log WHERE operation = 'get_sources'")) == 1, "staff alone"


@pytest.mark.usefixtures("elsewhere")
async def test_it_stands_in_the_access_package_too(house: House) -> None:
    mall = await house.system()
    filed = await house.file(ASKED)
    await house.prove(filed)
    await mall.work()
    data, text = await package(house, filed)
    [category] = data["categories"]
    assert [one["name"] for one in category["sources"]] == ["위탁사 또는 제휴사"]
    assert "다른곳에서받은개인정보(출처)" in text and "동의를철회해달라고" in text


async def test_a_source_that_the_policy_names_without_saying_of_which_data(house: House) -> None:
    filed = await house.file(ASKED)
    await house.prove(filed)
    [one] = (await sources(house, filed)).json()["items"]
    assert one["category"] is None and one["source"]["ko"] == "위탁사 또는 제휴사"


async def test_a_stranger_learns_nothing(house: House) -> None:
    """No name tells whether it is known; who is reached hears that nothing came from anywhere."""
    known, unknown = await house.file(ASKED), await house.file(ASKED, subject=STRANGER)
    before = [refused(await sources(house, one)) for one in (known, unknown)]
    assert before[0] == before[1] == (409, "", "claim.not_verified")
    await house.prove(unknown)
    told = (await sources(house, unknown)).json()
    assert told["items"] == [] and "없습니다" in told["said"]["ko"]
    foreign = await sources(house, known, bearer(unknown["requester_token"]))
    assert refused(foreign)[::2] == (404, "request.not_found")


async def test_a_stopped_request_is_told_nothing(house: House) -> None:
    filed = await house.file(ASKED)
    await house.prove(filed)
    await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
    assert refused(await sources(house, filed))[2] == "request.frozen"


async def test_only_the_party_that_is_answered_is_told(house: House) -> None:
    theirs = await mandated(house, ASKED)
    assert (await sources(house, theirs, as_party(house, theirs, "subject"))).status_code == 200
    assert refused(await sources(house, theirs, as_party(house, theirs, "requester")))[::2] == (403, "auth.forbidden")
    mothers = await guarded(house, {**ASKED, "categories": ["online_mall"]})
    assert (await sources(house, mothers)).status_code == 200
