"""Correction within its own case: compared, evidenced, refused item by item, or found nowhere (Act 36; policy 8.7)."""

from typing import Any

import httpx
import pytest

from tests.api.acts import actions, one, refused, rows, statuses
from tests.api.others import notices, open_notice
from tests.api.papers import accept
from tests.house import Holder, House, bearer, key

NAME = {"category": "separate_service", "field": "name", "current": "홍길동", "corrected": "홍길순"}
HOME = {
    "category": "separate_service",
    "field": "address",
    "current": None,
    "corrected": "서울특별시 강남구 새길 2",
}
PROOFLESS = {"checked": "몰 시스템에 홍길동으로 적혀 있음", "missing": "이름을 바꾼 사실을 보이는 서류"}


def correction(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"right": "correction", "changes": list(changes or (NAME, HOME))}


async def verified(house: House, *changes: dict[str, Any]) -> dict[str, Any]:
    """A correction of somebody identified; every holder was told to hold."""
    filed = await house.file(correction(*changes))
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified"]
    return filed


async def compare(house: House, filed: dict[str, Any], method: str = "POST") -> httpx.Response:
    """An officer has the fields collected, or reads what came."""
    path, officer = f"/v1/claims/{filed['claims'][0]['id']}/collection", house.auth("officer")
    if method == "GET":
        return await house.api.get(path, headers=officer)
    seen = await house.api.get(f"/v1/claims/{filed['claims'][0]['id']}", headers=officer)
    reply = await house.api.post(path, headers={**officer, "If-Match": seen.headers["etag"]})
    await house.workshop.run()
    return reply


async def looks(holder: Holder, status: str = "pending") -> list[dict[str, Any]]:
    return [one for one in await holder.tasks(status) if one["action"] == "collect"]


async def form_10(house: House, filed: dict[str, Any]) -> str:
    """The result, as the person reads it."""
    [notice] = await notices(house, filed)
    page = await open_notice(house, filed, notice["id"], await house.grant(filed))
    assert page.status_code == 200, page.text
    return page.text


async def held(house: House) -> int:
    count: int = await one(house.desk, "SELECT count(*) FROM hold WHERE lifted_at IS NULL")
    return count


async def test_an_officer_compares_within_the_case_and_it_is_destroyed_with_the_decision(house: House) -> None:
    """No access request is asked for first (D8); only the fields under correction are looked at."""
    mall = await house.system()
    partner = await house.system("제휴사", kind="third_party", actions=["collect", "inform"])
    filed = await verified(house)
    assert (await compare(house, filed)).status_code == 200
    assert await looks(partner) == [], "whoever was given the data is not asked for it"
    [look] = await looks(mall)
    whole = await mall.fetch(look["id"])
    assert (whole["category"], whole["fields"]) == ("separate_service", ["name", "address"])
    too_much = await mall.report(look["id"], data={"separate_service": [{"phone": "x"}]})
    assert refused(too_much)[2] == "field.unknown"
    await mall.report(look["id"], data={"separate_service": [{"name": "홍길동", "address": "옛길 1"}]})
    assert await statuses(house, filed) == ["verified"]
    seen = (await compare(house, filed, "GET")).json()
    assert seen["state"] == "open"
    assert [item["records"] for item in seen["items"]] == [[{"name": "홍길동", "address": "옛길 1"}]]
    looked = await rows(house.desk, "SELECT actor FROM access_log WHERE operation = 'read_collection'")
    assert len(looked) == 1, "each look is in the access log"
    # Asked once: a second call makes no second task.
    assert (await compare(house, filed)).status_code == 200
    assert len([*await looks(mall), *await looks(mall, "done")]) == 1

    assert (await house.decide(filed["claims"][0]["id"], outcome="approve")).json()["status"] == "approved"
    assert (await compare(house, filed, "GET")).json()["items"] == []
    assert await one(house.desk, "SELECT count(*) FROM task WHERE action = 'collect' AND answer_ct IS NOT NULL") == 0
    assert refused(await compare(house, filed))[2] == "state.conflict"
    while await mall.work():
        pass
    assert await statuses(house, filed) == ["closed"]
    page = await form_10(house, filed)
    assert "아직 조치 결과가 확인되지 않은 곳" not in page and "정정하였고" in page


@pytest.mark.parametrize("end", ["decision", "withdrawal"])
async def test_a_look_that_was_not_answered_ends_with_the_case(house: House, end: str) -> None:
    mall = await house.system()
    filed = await verified(house)
    await compare(house, filed)
    [look] = await looks(mall)
    if end == "decision":
        await house.decide(filed["claims"][0]["id"], outcome="approve")
    else:
        path = f"/v1/requests/{filed['id']}/withdrawal"
        await house.api.post(path, json={}, headers=bearer(filed["requester_token"]))
        await house.workshop.run()
    assert await looks(mall) == []
    late = await mall.report(look["id"], data={"separate_service": [{"name": "홍길동"}]})
    assert refused(late)[2] == "state.conflict"
    assert await one(house.desk, "SELECT count(*) FROM task WHERE action = 'collect' AND answer_ct IS NOT NULL") == 0


async def test_what_no_holder_can_check_wants_a_paper_and_the_clock_runs_on(house: House) -> None:
    """Evidence is called for within the verified case, handed in and reviewed as any other (Act 36(5))."""
    mall = await house.system()
    filed = await verified(house)
    claim_id = filed["claims"][0]["id"]
    items = {one["item"]: one for one in (await house.assessment(claim_id))["items"]}
    wants = {
        name: next(reason for reason in item["reasons"] if reason["rule"] == "evidence") for name, item in items.items()
    }
    assert (
        wants["separate_service.name"]["holds"]
        and "정정할 내용을 뒷받침하는 서류" in wants["separate_service.name"]["said"]["ko"]
    )
    assert not wants["separate_service.address"]["holds"] and wants["separate_service.name"]["article"] == "법 36⑤"
    due = filed["claims"][0]["due_on"]
    body = {"missing": ["correction_proof"], "message": "이름을 바꾼 사실을 보이는 서류를 올려 주세요."}
    path = f"/v1/requests/{filed['id']}/supplements"
    called = await house.api.post(path, json=body, headers={**house.auth("officer"), **key()})
    assert called.status_code == 201, called.text
    await house.workshop.run()
    seen = await house.look(filed)
    assert [claim["status"] for claim in seen["claims"]] == ["verified"] and seen["claims"][0]["due_on"] == due
    assert "upload" in seen["actions"]
    await accept(house, filed, "correction_proof", party="subject")
    assert await statuses(house, filed) == ["verified"]
    await house.decide(claim_id, outcome="approve")
    while await mall.work():
        pass
    assert await statuses(house, filed) == ["closed"] and await held(house) == 0


async def test_a_correction_is_made_in_part_with_the_reason_of_each_item(house: House) -> None:
    mall = await house.system()
    filed = await verified(house)
    claim_id = filed["claims"][0]["id"]
    unproved = {"item": "separate_service.name", "outcome": "refuse", "ground": "A36_5", "facts": PROOFLESS}
    proposed = await house.decide(claim_id, outcome="partial", items=[unproved], reason="이름은 확인하지 못했습니다.")
    assert proposed.json()["decision"]["state"] == "proposed", "a partial correction takes two people"
    fields = "SELECT fields FROM hold WHERE lifted_at IS NULL"
    assert await one(house.desk, fields) == ["name", "address"]
    assert (await house.approve(claim_id, agree=True)).status_code == 200
    assert await one(house.desk, fields) == ["address"], "what is not corrected may be used again"
    [task] = [one for one in await mall.tasks() if one["action"] == "correct"]
    assert [change["field"] for change in (await mall.fetch(task["id"]))["changes"]] == ["address"]
    while await mall.work():
        pass
    assert await statuses(house, filed) == ["closed"] and await held(house) == 0
    page = await form_10(house, filed)
    for told in (
        "제36조제5항",
        "이름을 바꾼 사실을 보이는 서류",
        "이름은 확인하지 못했습니다.",
        "이의",
        "거절",
        "정정",
    ):
        assert told in page, told


async def test_not_corrected_is_told_with_its_reason_and_the_hold_is_lifted(house: House) -> None:
    """Policy 8.7: the person hears why, and the data may be used again."""
    mall = await house.system()
    filed = await verified(house, HOME)
    assert await held(house) == 1
    claim_id = filed["claims"][0]["id"]
    special = {
        "item": "separate_service.address",
        "outcome": "refuse",
        "ground": "A36_2",
        "facts": {"statute": "등기법 제10조"},
    }
    await house.decide(claim_id, outcome="refuse", items=[special], reason="법이 정한 다른 절차가 있습니다.")
    assert await held(house) == 1, "until the second person has agreed"
    await house.approve(claim_id, agree=True)
    assert await held(house) == 0
    assert [one["action"] for one in await mall.tasks()] == ["release"]
    page = await form_10(house, filed)
    for told in ("제36조제2항", "등기법 제10조", "법이 정한 다른 절차가 있습니다.", "이의"):
        assert told in page, told


async def test_a_correction_is_never_barred_by_what_bars_a_deletion(house: House) -> None:
    """Trap 17: that a statute names the data as to be collected stands against deletion alone (Act 36(1))."""
    filed = await verified(house, HOME)
    barred = {
        "item": "separate_service.address",
        "outcome": "refuse",
        "ground": "A36_1",
        "facts": {"statute": "의료법 제22조"},
    }
    reply = await house.decide(filed["claims"][0]["id"], outcome="refuse", items=[barred], reason="법에 있습니다.")
    assert refused(reply)[1:] == ("/items/0/ground", "ground.not_available")


async def test_where_nobody_has_it_nothing_is_said_to_be_corrected(house: House) -> None:
    mall = await house.system()
    partner = await house.system("제휴사", kind="third_party", actions=["inform"])
    filed = await verified(house, HOME)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    [task] = [one for one in await mall.tasks() if one["action"] == "correct"]
    assert (await mall.report(task["id"], "not_held")).status_code == 200
    await house.workshop.run()
    assert await statuses(house, filed) == ["closed"] and await held(house) == 0
    assert await partner.tasks() == [], "nothing was corrected that others could be told of"
    page = await form_10(house, filed)
    assert "정정할 것이 없었습니다" in page and "정정하였고" not in page and "보유하지 않음" in page


async def test_a_holder_that_fails_keeps_the_case_open_and_the_data_held(house: House) -> None:
    mall = await house.system()
    filed = await verified(house, HOME)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    [task] = [one for one in await mall.tasks() if one["action"] == "correct"]
    assert (await mall.report(task["id"], "failed")).status_code == 200
    await house.workshop.run()
    assert await statuses(house, filed) == ["approved"] and await held(house) == 1
    assert "task.failed" in [item["kind"] for item in (await house.look(filed, "officer"))["review"]]
    assert (await mall.report(task["id"], "done")).status_code == 200
    await house.workshop.run()
    assert await statuses(house, filed) == ["closed"] and await held(house) == 0
    done = await actions(house.desk, filed["id"])
    assert done["task.answer"] == 2


async def test_only_a_verified_correction_of_somebody_known_is_compared(house: House) -> None:
    await house.system()
    filed = await house.file(correction())
    assert refused(await compare(house, filed))[2] == "state.conflict"
    stranger = await house.file(correction(), subject={"name": "나그네", "phone": "010-0000-9999"})
    await house.prove(stranger)
    assert refused(await compare(house, stranger))[2] == "state.conflict"
    access = await house.file({"right": "access", "aspects": ["items"], "categories": ["consultation"]})
    await house.prove(access)
    assert refused(await compare(house, access))[2] == "state.conflict"
    assert await one(house.desk, "SELECT count(*) FROM task WHERE action = 'collect'") == 0
