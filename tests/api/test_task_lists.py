"""For those who poll: lists with bodies, each logged as if fetched alone, and many results in one call (F9)."""

from typing import Any

from tests.api.acts import YOUNGHEE, one, refused, rows, statuses
from tests.house import GILDONG, ONLINE_MALL, Holder, House

NOBODYS = "0193b9a0-0000-7000-8000-000000000000"
LOGGED = "SELECT request_id::text, result FROM access_log WHERE operation = :operation ORDER BY id"


async def asked_by(house: House, *people: dict[str, Any]) -> list[dict[str, Any]]:
    """Requests for access, each granted and waiting for its holders."""
    filed = [await house.file(ONLINE_MALL, subject=who) for who in people]
    for each in filed:
        await house.prove(each)
    return filed


async def listed(system: Holder, **query: Any) -> dict[str, Any]:
    reply = await system.house.api.get("/v1/tasks", params={"bodies": "true", **query}, headers=system.headers)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def report(system: Holder, *results: Any) -> Any:
    return await system.house.api.post("/v1/task-results", json={"results": list(results)}, headers=system.headers)


def collected(task: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"task_id": task["id"], "result": "done", "data": {"online_mall": [{"name": "홍길동"}]}, **more}


async def test_a_list_with_bodies_is_what_fetching_each_would_give_and_logged_alike(house: House) -> None:
    mall, other = await house.system(), await house.system("another", matches_by=["email"])
    first, second = await asked_by(house, GILDONG, YOUNGHEE)
    page = await listed(mall, status="pending", limit=1)
    whole = [*page["items"], *(await listed(mall, status="pending", cursor=page["next_cursor"]))["items"]]
    assert [row.request_id for row in await rows(house.desk, LOGGED, operation="list_tasks")] == [
        first["id"],
        second["id"],
    ]
    assert await one(house.desk, "SELECT count(*) FROM task WHERE fetched_at IS NOT NULL") == 2
    assert whole == [await mall.fetch(task["id"]) for task in await mall.tasks()]
    assert [task["subject"]["name"] for task in whole] == ["홍길동", "김영희"]
    assert [list(task["subject"]) for task in (await listed(other))["items"]] == [["email"]] * 2
    # Ids alone are nobody's data; and staff look at one at a time.
    assert (await house.api.get("/v1/tasks", headers=mall.headers)).json()["items"][0].keys() == {
        "id", "action", "status", "claim_id", "category", "due_at", "test",
    }  # fmt: skip
    assert [row.request_id for row in await rows(house.desk, LOGGED, operation="list_tasks")][-1] is None
    reply = await house.api.get("/v1/tasks?bodies=true", headers=house.auth("officer"))
    assert (reply.status_code, reply.json()["code"]) == (403, "auth.forbidden")


async def test_what_somebody_stopped_is_not_handed_out_in_a_list(house: House) -> None:
    mall = await house.system()
    first, second = await asked_by(house, GILDONG, YOUNGHEE)
    stopped = "UPDATE request SET frozen_at = now() WHERE id = :id RETURNING id"
    await rows(house.desk, stopped, id=first["id"])
    [task] = (await listed(mall, status="pending"))["items"]
    assert task["claim_id"] == second["claims"][0]["id"]
    assert await one(house.desk, "SELECT count(*) FROM task WHERE fetched_at IS NOT NULL") == 1


async def test_each_result_is_taken_or_refused_by_itself_and_a_repeat_answers_the_same(house: House) -> None:
    mall, other = await house.system(), await house.system("another")
    filed, later = await asked_by(house, GILDONG, YOUNGHEE)
    [mine, next_] = await mall.tasks()
    [foreign, _] = await other.tasks()
    sent = (
        {"task_id": "홍길동", "result": "done"},
        {"task_id": next_["id"], "result": "perhaps", "홍길동": 1},
        collected(foreign),
        collected(mine | {"id": NOBODYS}),
        collected(next_, data={"online_mall": [{"address": "새길 2"}]}),
        collected(mine),
        {"task_id": mine["id"], "result": "failed"},
        collected(next_, method="900101-1234567 파일에서 읽음"),
    )
    # What was done is done, whatever a repeat brings with it.
    for fifth, why in ((422, "field.unknown"), (200, None)):
        reply = await report(mall, *sent)
        assert reply.status_code == 200, reply.text
        found = reply.json()["results"]
        assert [one_["status"] for one_ in found] == [422, 422, 404, 404, fifth, 200, 409, 200]
        assert [one_["problem"] and one_["problem"]["code"] for one_ in found] == [
            "field.format",
            "field.value",
            "task.not_found",
            "task.not_found",
            why,
            None,
            "state.conflict",
            None,
        ]
        assert [one_["task_id"] for one_ in found][:3] == [None, None, foreign["id"]]
        assert found[2]["problem"] == found[3]["problem"], "a foreign task looks like none"
        assert [one_["task"] and one_["task"]["status"] for one_ in found][-3:] == ["done", None, "done"]
        assert "홍길동" not in reply.text and "perhaps" not in reply.text and "새길" not in reply.text
    await house.workshop.run()
    # The other holder of each has still to answer; of this one every result stands once.
    assert await one(house.desk, "SELECT count(*) FROM task WHERE status = 'done'") == 2
    answers = "SELECT count(*) FROM audit_entry WHERE convert_from(body, 'UTF8') LIKE '%task.answer%'"
    assert await one(house.desk, answers) == 2
    await other.work()
    assert await statuses(house, filed) == await statuses(house, later) == ["closed"]
    logged = [tuple(row) for row in await rows(house.desk, LOGGED, operation="report_tasks")]
    assert logged.count((filed["id"], "ok")) == 2 and logged.count((filed["id"], "state.conflict")) == 2
    assert logged.count((None, "ok")) == 2, "and one for each call"


async def test_a_call_that_holds_no_list_of_results_is_refused_whole(house: House) -> None:
    mall = await house.system()
    await asked_by(house, GILDONG)
    [task] = await mall.tasks()
    for results, said in (
        ([], (422, "/results", "field.length")),
        ([collected(task)] * 501, (422, "/results", "field.length")),
        ([collected(task), "done"], (422, "/results/1", "field.type")),
    ):
        assert refused(await report(mall, *results)) == said
    large = await house.api.post(
        "/v1/task-results",
        content=b" " * (11 * 1024 * 1024),
        headers={**mall.headers, "Content-Type": "application/json"},
    )
    assert refused(large)[2] == "request.too_large"
    assert [task_["status"] for task_ in await mall.tasks()] == ["pending"]
    reply = await house.api.post("/v1/task-results", json={"results": [{}]}, headers=house.auth("officer"))
    assert reply.status_code == 403
