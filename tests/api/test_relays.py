"""Passed on to whom the data belongs or from whom it came (D9; Act 26(8), Decree 43(2)): told, sent, followed."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import db
from app.services import relaying
from tests.api.acts import actions, one, refused, review, rows, statuses
from tests.api.others import notices, open_notice, timeline
from tests.api.readings import package
from tests.api.years import today
from tests.house import House, bearer

INQUIRY = {"right": "access", "aspects": ["items", "purposes"], "categories": ["inquiry"]}
HOME = {"category": "separate_service", "field": "address", "current": None, "corrected": "서울특별시 강남구 새길 2"}
CORRECTION = {"right": "correction", "changes": [HOME]}
PARTNERS, KT = "위탁사 또는 제휴사", "(주)케이티"

pytestmark = pytest.mark.usefixtures("elsewhere")


async def listed(house: House, **query: str) -> list[dict[str, Any]]:
    """What is passed on, as an officer sees it."""
    reply = await house.api.get("/v1/relays", params=query, headers=house.auth("officer"))
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["items"]
    return found


async def look(house: House, relay: str) -> httpx.Response:
    return await house.api.get(f"/v1/relays/{relay}", headers=house.auth("officer"))


async def act(house: House, relay: str, what: str, **body: Any) -> httpx.Response:
    """An officer writes down what was done by hand."""
    version = {"If-Match": (await look(house, relay)).headers["etag"]}
    return await house.api.put(f"/v1/relays/{relay}/{what}", json=body, headers={**house.auth("officer"), **version})


async def page_of(house: House, filed: dict[str, Any]) -> str:
    [notice] = await notices(house, filed)
    return (await open_notice(house, filed, notice["id"], await house.grant(filed))).text


async def handed_over(house: House) -> tuple[dict[str, Any], dict[str, Any]]:
    """An access to what belongs to another, and its relay."""
    filed = await house.file(INQUIRY)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert await statuses(house, filed) == ["closed"]
    [relay] = await listed(house)
    return filed, relay


async def test_data_of_another_is_handed_over_and_the_person_told_to_whom(house: House) -> None:
    mall = await house.system(categories=["inquiry"])
    filed, relay = await handed_over(house)
    assert await mall.tasks() == [], "nobody's data is collected that is not ours to show"
    assert (relay["why"], relay["party"]["ko"], relay["state"], relay["way"]) == ("owner", KT, "to_send", None)
    assert await review(house, filed) == ["relay.by_hand"], "never silently dropped"
    [claim] = (await house.look(filed))["claims"]
    assert claim["decision"]["outcome"] == "handed_over" and not claim["package"]["available"]
    page = await page_of(house, filed)
    for told in (KT, "https://www.kt.com", "이관", "이의"):
        assert told in page, told
    assert "다른 곳에 요구를 전달합니다" in str(await timeline(house, filed))


async def test_the_desk_writes_and_the_answer_is_followed(house: House) -> None:
    filed, relay = await handed_over(house)
    whole = (await look(house, relay["id"])).json()
    for said in (f"{KT} 귀중", "제26조제8항", filed["receipt_no"], "홍길동", "+821012345678", "홈페이지 문의 - 이메일"):
        assert said in whole["letter"], said
    assert whole["contact"] == "국번없이 100 / https://www.kt.com"
    assert "1990" not in whole["letter"], "no more than is needed to find them"
    early = await act(house, relay["id"], "answer", result="done", answered_on=today().isoformat())
    assert refused(early)[2] == "state.conflict"
    for wrong in ((today() + timedelta(days=1)).isoformat(), "2020-01-01"):
        assert refused(await act(house, relay["id"], "sending", way="post", sent_on=wrong))[1:] == (
            "/sent_on",
            "field.value",
        )
    sent = (await act(house, relay["id"], "sending", way="post", sent_on=today().isoformat())).json()
    assert (sent["state"], sent["way"], sent["sent_on"]) == ("sent", "post", today().isoformat())
    assert (await house.look(filed, "officer"))["review"][0]["settled"]
    again = await act(house, relay["id"], "sending", way="post", sent_on=today().isoformat())
    assert refused(again)[2] == "state.conflict"
    told = await act(
        house, relay["id"], "answer", result="done", answered_on=today().isoformat(), note="홍길동 님께 직접 답함"
    )
    assert (told.json()["state"], told.json()["result"], told.json()["letter"]) == ("answered", "done", None)
    assert "직접 답함" not in str(await rows(house.desk, "SELECT relay::text FROM relay"))
    done = await actions(house.desk, filed["id"])
    assert (done["relay.plan"], done["relay.send"], done["relay.answer"]) == (1, 1, 1)
    assert {"relay.plan", "relay.send", "relay.answer"} <= set(await timeline(house, filed))


async def test_what_is_silent_comes_before_an_officer_once(house: House) -> None:
    filed, relay = await handed_over(house)
    later = db.now() + timedelta(days=20)
    async with house.desk.database.transaction() as session:
        assert await relaying.silent(session, now=db.now()) == []
        [due] = await relaying.silent(session, now=later)
        await relaying.remind(session, due, now=later)
        await relaying.remind(session, due, now=later)
    async with house.desk.database.transaction() as session:
        assert await relaying.silent(session, now=later) == []
    assert await review(house, filed) == ["relay.by_hand", "relay.silent"]
    await act(house, relay["id"], "sending", way="mail", sent_on=today().isoformat())
    assert all(item["settled"] for item in (await house.look(filed, "officer"))["review"])
    async with house.desk.database.transaction() as session:
        assert len(await relaying.silent(session, now=later)) == 1, "an answer is waited for as well"


async def test_a_correction_is_made_here_and_relayed_to_whom_it_came_from(house: House) -> None:
    """Decree 43(2): the claim itself does not wait for the source."""
    mall = await house.system()
    partner = await house.system(PARTNERS, kind="source", categories=["separate_service"], actions=["relay", "correct"])
    filed = await house.file(CORRECTION)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    [task] = await partner.tasks()
    whole = await partner.fetch(task["id"])
    assert (task["action"], whole["right"], whole["fields"]) == ("relay", "correction", ["address"])
    assert whole["changes"] == [{"field": "address", "current": None, "corrected": HOME["corrected"]}]
    [relay] = await listed(house)
    assert (relay["why"], relay["state"], relay["way"], relay["task_id"]) == ("source", "sent", "system", task["id"])
    while await mall.work():
        pass
    assert await statuses(house, filed) == ["closed"]
    page = await page_of(house, filed)
    assert "정정하였고" in page and PARTNERS in page
    assert "아직 조치 결과가 확인되지 않은" not in page
    by_hand = await act(house, relay["id"], "answer", result="done", answered_on=today().isoformat())
    assert refused(by_hand)[2] == "state.conflict", "a registered party answers its task itself"
    assert (await partner.report(task["id"], "failed")).status_code == 200
    assert (await listed(house))[0]["result"] == "failed" and (await listed(house))[0]["state"] == "sent"
    assert "task.failed" in await review(house, filed)
    assert (await partner.report(task["id"], "done")).status_code == 200
    [relay] = await listed(house, state="answered")
    assert (relay["result"], relay["answered_on"]) == ("done", today().isoformat())


async def test_a_source_without_a_system_gets_a_letter(house: House) -> None:
    mall = await house.system()
    filed = await house.file({"right": "deletion", "categories": ["separate_service"]})
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="partial", reason="계약 기록은 보존합니다.")
    await house.approve(filed["claims"][0]["id"], agree=True)
    [relay] = await listed(house)
    assert (relay["why"], relay["party"]["ko"], relay["state"]) == ("source", PARTNERS, "to_send")
    letter = (await look(house, relay["id"])).json()["letter"]
    assert "제43조제2항" in letter and "삭제" in letter and "주소" in letter
    while await mall.work():
        pass
    assert PARTNERS in await page_of(house, filed)


async def test_a_source_that_only_the_registry_knows_is_told_too(house: House) -> None:
    await house.system()
    other = await house.system("다른 제휴처", kind="source", categories=["online_mall"], actions=["relay"])
    filed = await house.file(
        {
            "right": "correction",
            "changes": [{**HOME, "category": "online_mall", "field": "name", "corrected": "홍길순"}],
        }
    )
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert [one_["action"] for one_ in await other.tasks()] == ["relay"]
    [relay] = await listed(house)
    assert relay["party"]["ko"] == "다른 제휴처"


async def test_a_registered_source_that_takes_no_tasks_gets_a_letter(house: House) -> None:
    await house.system()
    other = await house.system("손으로 쓰는 제휴처", kind="source", categories=["online_mall"], actions=["inform"])
    filed = await house.file({"right": "deletion", "categories": ["online_mall"]})
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="partial", reason="계약 기록은 보존합니다.")
    await house.approve(filed["claims"][0]["id"], agree=True)
    assert await other.tasks() == []
    [relay] = await listed(house)
    whole = (await look(house, relay["id"])).json()
    assert (whole["state"], whole["contact"]) == ("to_send", "holder@example.com")
    assert "손으로 쓰는 제휴처 귀중" in whole["letter"]


async def test_what_is_given_up_is_told_to_nobody_any_more(house: House) -> None:
    await house.system(categories=["separate_service"])
    partner = await house.system(PARTNERS, kind="source", categories=["separate_service"], actions=["relay"])
    filed = await house.file(CORRECTION)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    path = f"/v1/requests/{filed['id']}/withdrawal"
    gone = await house.api.post(path, json={}, headers=bearer(filed["requester_token"]))
    assert gone.status_code == 200, gone.text
    await house.workshop.run()
    assert await partner.tasks() == [] and [one_["state"] for one_ in await listed(house)] == ["cancelled"]


async def test_nobody_is_left_to_write_a_letter_once_it_is_given_up(house: House) -> None:
    await house.system(categories=["separate_service"])
    filed = await house.file(CORRECTION)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert await review(house, filed) == ["relay.by_hand"]
    later = db.now() + timedelta(days=20)
    async with house.desk.database.transaction() as session:
        for due in await relaying.silent(session, now=later):
            await relaying.remind(session, due, now=later)
    assert [item["settled"] for item in (await house.look(filed, "officer"))["review"]] == [False, False]
    path = f"/v1/requests/{filed['id']}/withdrawal"
    assert (await house.api.post(path, json={}, headers=bearer(filed["requester_token"]))).status_code == 200
    assert [item["settled"] for item in (await house.look(filed, "officer"))["review"]] == [True, True]


async def test_a_silent_party_that_answers_after_all_leaves_nothing_to_look_at(house: House) -> None:
    mall = await house.system()
    partner = await house.system(PARTNERS, kind="source", categories=["separate_service"], actions=["relay"])
    filed = await house.file(CORRECTION)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    later = db.now() + timedelta(days=20)
    async with house.desk.database.transaction() as session:
        for due in await relaying.silent(session, now=later):
            await relaying.remind(session, due, now=later)
    assert await review(house, filed) == ["relay.silent"]
    [task] = await partner.tasks()
    await partner.fetch(task["id"])
    assert (await partner.report(task["id"], "done")).status_code == 200
    assert (await house.look(filed, "officer"))["review"][0]["settled"]
    while await mall.work():
        pass
    assert await statuses(house, filed) == ["closed"]


async def test_ours_and_anothers_in_one_answer(house: House) -> None:
    """A mixed answer opens what is ours and names whose the rest is."""
    mall = await house.system()
    filed = await house.file({**INQUIRY, "categories": ["inquiry", "online_mall"]})
    await house.prove(filed)
    claim_id = filed["claims"][0]["id"]
    if await statuses(house, filed) == ["verified"]:
        await house.decide(claim_id, outcome="approve")
    await mall.work()
    await house.workshop.run()
    if await statuses(house, filed) == ["carried_out"]:
        pytest.fail("nothing of it is free text that is ours")
    assert await one(house.desk, "SELECT outcome FROM claim") == "approve"
    data, text = await package(house, filed)
    theirs, ours = ({one_["id"]: one_ for one_ in data["categories"]}[name] for name in ("inquiry", "online_mall"))
    assert theirs["owner"] == {"name": KT, "contact": "국번없이 100 / https://www.kt.com"} and theirs["items"] == []
    assert ours["owner"] is None and ours["items"][0]["records"][0]["name"] == "value of name"
    assert "다른개인정보처리자의개인정보" in text
    page = await page_of(house, filed)
    assert "■ 열람 " in page and f"넘긴 곳: {KT}" in page
    assert [relay["why"] for relay in await listed(house)] == ["owner"]


async def test_pseudonymised_data_is_excepted_with_its_article_and_never_collected(house: House) -> None:
    """Act 28-7, 28-5: nobody may turn it back to answer, not even two people."""
    log = await house.system(categories=["site_log", "online_mall"])
    filed = await house.file({"right": "access", "aspects": ["items"], "categories": ["site_log", "online_mall"]})
    await house.prove(filed)
    claim_id = filed["claims"][0]["id"]
    turned = [{"item": "site_log.ip", "outcome": "grant"}]
    reply = await house.decide(claim_id, outcome="partial", items=turned, reason="까닭")
    assert refused(reply)[1:] == ("/items/0/outcome", "decision.inconsistent")
    proposed = await house.decide(
        claim_id, outcome="partial", reason="통계를 위해 가명처리한 정보는 보여 드릴 수 없습니다."
    )
    assert proposed.json()["decision"]["state"] == "proposed"
    await house.approve(claim_id, agree=True)
    assert [task["category"] for task in await log.tasks()] == ["online_mall"]
    await log.work()
    data, text = await package(house, filed)
    hidden = next(one_ for one_ in data["categories"] if one_["id"] == "site_log")
    assert hidden["items"] == [] and {one_["article"] for one_ in hidden["withheld"]} == {
        "「개인정보 보호법」 제28조의7"
    }
    assert "제28조의7" in text and "제28조의7" in await page_of(house, filed)


async def test_no_letter_is_shown_to_who_may_not_see_the_person(house: House) -> None:
    _, relay = await handed_over(house)
    for role in ("auditor", "admin", "clerk", "call_center", "website"):
        reply = await house.api.get(f"/v1/relays/{relay['id']}", headers=house.auth(role))
        assert reply.status_code == 403, role
    said = json.dumps(await listed(house), ensure_ascii=False)
    assert "홍길동" not in said and "+82" not in said
