"""What an officer enters for a holder counts when a second person has agreed to it (F6; reliability 1.4)."""

from typing import Any

import httpx

from tests.api.acts import actions, by_hand, one, refused, statuses, waits
from tests.api.sealed import opens_at_home_only
from tests.house import ADDRESS, ONLINE_MALL, Holder, House

SAID = {"result": "done", "proof": "팀장과 통화하고 화면을 보았습니다.", "method": "전화"}


async def waiting(house: House) -> tuple[Holder, dict[str, Any], str]:
    """A correction that its holder has not made."""
    mall = await house.system(actions=["correct"])
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    [task] = await mall.tasks()
    return mall, filed, task["id"]


async def enter(house: House, task_id: str, sub: str = "officer-1", **more: Any) -> httpx.Response:
    """An officer's entry."""
    path = f"/v1/tasks/{task_id}/result"
    return await house.api.put(path, json={**SAID, **more}, headers=house.auth("officer", sub))


async def seen(house: House, task_id: str, role: str = "approver") -> tuple[dict[str, Any], dict[str, str]]:
    """The task as it stands, and its version."""
    reply = await house.api.get(f"/v1/tasks/{task_id}", headers=house.auth(role))
    assert reply.status_code == 200, reply.text
    return reply.json(), {"If-Match": reply.headers["etag"]}


async def confirm(
    house: House, task_id: str, version: dict[str, str], *, role: str = "approver", sub: str = "approver-1", **body: Any
) -> httpx.Response:
    """The second person's word."""
    headers = {**house.auth(role, sub), **version}
    said = {"agree": True, **body}
    reply = await house.api.put(f"/v1/tasks/{task_id}/result-confirmation", json=said, headers=headers)
    await house.workshop.run()
    return reply


async def test_nothing_is_done_before_a_second_person_agrees_to_what_they_read(house: House) -> None:
    _, filed, task_id = await waiting(house)
    entered = await enter(house, task_id, note="우편함을 바꾸었습니다.")
    assert (entered.json()["status"], entered.json()["awaits_confirmation"]) == ("pending", True)
    assert await statuses(house, filed) == ["approved"] and await waits(house, filed) == ["task.entered"]
    await house.workshop.run()
    assert house.sent("mail")[-1]["to"] == house.desk.policy.approver_email
    queue = "/v1/tasks?awaits_confirmation=true"
    listed = (await house.api.get(queue, headers=house.auth("approver"))).json()["items"]
    assert [item["id"] for item in listed] == [task_id]
    task, version = await seen(house, task_id)
    entry = task["entry"]
    assert (entry["result"], entry["proof"], entry["entered_by"]) == ("done", SAID["proof"], "officer-1")
    assert entry["note"] == "우편함을 바꾸었습니다."
    # The same person in another role is the same person; another officer's word does not overwrite it.
    for role in ("officer", "approver"):
        same = await confirm(house, task_id, version, role=role, sub="officer-1")
        assert refused(same) == (403, "", "approval.same_person")
    assert refused(await enter(house, task_id, "officer-2")) == (409, "", "state.conflict")
    # The same again changes nothing; corrected, it is another version, and has to be read again.
    assert (await enter(house, task_id, note="우편함을 바꾸었습니다.")).status_code == 200
    assert (await seen(house, task_id))[1] == version
    assert (await enter(house, task_id, note="다시 확인했습니다.")).status_code == 200
    assert refused(await confirm(house, task_id, version))[2] == "precondition.failed"
    assert refused(await confirm(house, task_id, {}))[2] == "precondition.required"
    _, version = await seen(house, task_id)
    agreed = await confirm(house, task_id, version)
    assert (agreed.status_code, agreed.json()["status"]) == (200, "done"), agreed.text
    assert await statuses(house, filed) == ["closed"] and await waits(house, filed) == []
    assert (await seen(house, task_id))[0]["entry"] is None
    assert (await house.api.get(queue, headers=house.auth("officer"))).json()["items"] == []
    acted = await actions(house.desk, filed["id"])
    assert (acted["task.enter"], acted["task.confirm"], acted["task.answer"]) == (2, 1, 1)
    assert await one(house.desk, "SELECT answered_by FROM task") == f"{house.desk.issuer.name}|officer-1"
    assert (await enter(house, task_id)).json()["awaits_confirmation"] is False, "a repeat of what counts"


async def test_a_number_that_may_not_be_kept_is_masked_before_it_is_entered(house: House) -> None:
    mall = await house.system("a mall", categories=["online_mall"])
    filed = await house.file(ONLINE_MALL)
    await house.prove(filed)
    await house.workshop.run()
    [task] = await mall.tasks()
    data = {"online_mall": [{"name": "홍길동 900101-1234567"}]}
    entered = await enter(house, task["id"], data=data)
    assert entered.status_code == 200, entered.text
    shown = (await seen(house, task["id"]))[0]["entry"]["data"]["online_mall"][0]["name"]
    assert shown.startswith("홍길동 ") and "1234567" not in shown


async def test_a_no_has_a_reason_and_leaves_the_task_as_it_was(house: House) -> None:
    mall, filed, task_id = await waiting(house)
    await enter(house, task_id)
    _, version = await seen(house, task_id)
    assert refused(await confirm(house, task_id, version, agree=False)) == (422, "/note", "field.required")
    no = await confirm(house, task_id, version, agree=False, note="증거가 부족합니다.")
    assert (no.status_code, no.json()["status"]) == (200, "pending")
    assert await waits(house, filed) == ["task.entry_refused"]
    await opens_at_home_only(house.desk, "task_entry.report_ct", "task_entry.note_ct")
    assert refused(await confirm(house, task_id, version))[:1] == (409,)
    # Then the holder says so itself, and an entry that waits is overtaken by it.
    await enter(house, task_id)
    _, version = await seen(house, task_id)
    assert (await mall.report(task_id)).status_code == 200
    assert refused(await confirm(house, task_id, version))[:1] == (409,)
    assert await waits(house, filed) == [], "nobody is asked to look at it any more"
    await house.workshop.run()
    assert await statuses(house, filed) == ["closed"]
    assert refused(await enter(house, task_id, result="not_held")) == (409, "", "state.conflict")


async def test_what_cannot_be_the_result_is_refused_at_the_entry(house: House) -> None:
    _, _, task_id = await waiting(house)
    assert refused(await enter(house, task_id, proof=None)) == (422, "/proof", "field.required")
    assert refused(await enter(house, task_id, data={"separate_service": []}))[:2] == (422, "/data")
    assert await one(house.desk, "SELECT count(*) FROM task_entry") == 0
    await by_hand(house, task_id, "partly_done", kept=[{"statute": "상법 제33조", "until": "2031-12-02"}])
