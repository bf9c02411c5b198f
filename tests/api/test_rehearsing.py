"""A task about nobody goes the whole way, and leaves nothing where tasks of people are counted (D9; ADR 0045)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from app import db
from app.law.deadline import seoul_date
from tests.api.acts import one, refused, rows
from tests.api.test_callbacks import sharing
from tests.house import ONLINE_MALL, Holder, House, key

FIELDS = ["subject_ref", "customer_no", "name", "birth_date", "phone", "email"]
TOUCHED = ("request", "claim", "task", "hold", "hold_change", "message", "notice", "review_item", "contact", "package")


async def order(holder: Holder, action: str, category: str = "online_mall", **more: Any) -> Any:
    body, headers = {"action": action, "category": category}, {**holder.house.auth("admin"), **key(), **more}
    return await holder.house.api.post(f"/v1/systems/{holder.id}/test-tasks", json=body, headers=headers)


async def ordered(holder: Holder, action: str) -> dict[str, Any]:
    reply = await order(holder, action)
    assert reply.status_code == 201, reply.text
    made: dict[str, Any] = reply.json()
    return made


async def seen(holder: Holder, **query: Any) -> dict[str, Any]:
    """The collection, as an admin reads it."""
    path = f"/v1/systems/{holder.id}/test-tasks"
    reply = await holder.house.api.get(path, params=query, headers=holder.house.auth("admin"))
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def counted(house: House) -> dict[str, int]:
    return {table: int(await one(house.desk, f"SELECT count(*) FROM {table}")) for table in TOUCHED}


async def acknowledge(holder: Holder, task_id: str, day: str) -> Any:
    path = f"/v1/tasks/{task_id}/acknowledgement"
    return await holder.house.api.put(path, json={"expected_on": day}, headers=holder.headers)


async def test_it_is_told_fetched_acknowledged_and_answered_and_touches_nobody(house: House) -> None:
    told = await house.system("told", endpoint_url="http://127.0.0.1:9/events", scheme="v1", matches_by=["phone"])
    before = await counted(house)
    made = await ordered(told, "delete")
    [event] = await rows(house.desk, "SELECT id::text, body FROM delivery WHERE type = 'task.created'")
    assert event.id == made["delivery_id"]
    # Ids alone, as always; where a claim would be named it names itself.
    sent = json.loads(bytes(event.body))["data"]
    due_at = sent.pop("due_at")
    assert sent == {"task_id": made["id"], "action": "delete", "claim_id": made["id"], "test": True} and due_at

    whole = await told.fetch(sent["task_id"])
    assert whole["test"] is True and list(whole["subject"]) == ["phone"] and whole["fields"]
    later = (seoul_date(db.now()) + timedelta(days=60)).isoformat()
    assert (await acknowledge(told, made["id"], later)).json()["code"] == "field.required"
    day = seoul_date(db.now()).isoformat()
    assert (await acknowledge(told, made["id"], day)).json()["status"] == "acknowledged"
    for _ in range(2):
        reply = await told.report(made["id"], "not_held", method="찾아보았음")
        assert (reply.status_code, reply.json()["status"], reply.json()["test"]) == (200, "not_held", True)
    assert refused(await told.report(made["id"], "failed")) == (409, "", "state.conflict")
    assert (await told.fetch(made["id"]))["subject"] is None

    [row] = (await seen(told))["items"]
    assert row["fetched_at"] and row["answered_at"] and row["delivery_id"] == event.id
    assert (row["status"], row["expected_on"], row["rows"]) == ("not_held", day, None)
    await house.workshop.run()
    assert await counted(house) == before


async def test_whoever_polls_answers_in_bulk_or_signs_meets_it_like_any_task(house: House) -> None:
    signing = await sharing(house, "a mall")
    mall, other = signing.holder, await house.system("another", matches_by=FIELDS, categories=["separate_service"])
    await house.prove(await house.file(ONLINE_MALL))
    tests = [await ordered(mall, action) for action in ("correct", "suspend", "collect")]
    [real, *listed] = await mall.tasks()
    assert [one["id"] for one in listed] == [one["id"] for one in tests]
    assert [one["test"] for one in (real, *listed)] == [False, True, True, True]
    page = (await house.api.get("/v1/tasks?bodies=true&limit=2", headers=mall.headers)).json()
    rest = await house.api.get(f"/v1/tasks?bodies=true&cursor={page['next_cursor']}", headers=mall.headers)
    bodies = [*page["items"], *rest.json()["items"]]
    assert bodies == [await mall.fetch(one["id"]) for one in (real, *listed)]
    correct, suspend, collect = bodies[1:]
    assert [change["field"] for change in correct["changes"]] == correct["fields"]
    assert suspend["purposes"] and suspend["fields"] is suspend["changes"] is None
    assert list(correct["subject"]) == ["subject_ref", "name", "phone"]

    data = {"online_mall": [dict.fromkeys(collect["fields"][:1], "홍길동")]}
    results = [
        {"task_id": correct["id"], "result": "done"},
        {"task_id": collect["id"], "result": "done", "data": data},
        {"task_id": suspend["id"], "result": "done", "data": data},
    ]
    taken = await house.api.post("/v1/task-results", json={"results": results}, headers=mall.headers)
    assert [one["status"] for one in taken.json()["results"]] == [200, 200, 422]
    signed = await signing.say("task.answered", task_id=suspend["id"], result="failed")
    assert signed.json()["task"]["status"] == "failed"

    # What it sent is not kept, and the real one waits as before.
    newest = (await seen(mall, limit=1))["items"][0]
    assert (newest["id"], newest["rows"]) == (collect["id"], 1)
    assert len((await seen(mall, cursor=newest["id"]))["items"]) == 2
    kept = " ".join(str(row) for row in await rows(house.desk, "SELECT * FROM test_task"))
    assert "홍길동" not in kept
    assert [one["id"] for one in await mall.tasks()] == [real["id"]]
    # Nobody else's, and no task of staff.
    theirs = await house.api.get(f"/v1/tasks/{collect['id']}", headers=other.headers)
    staff = await house.api.get(f"/v1/tasks/{collect['id']}", headers=house.auth("officer"))
    assert refused(theirs) == refused(staff) == (404, "", "task.not_found")
    everyone = (await house.api.get("/v1/tasks", headers=house.auth("officer"))).json()["items"]
    assert not {one["id"] for one in tests} & {one["id"] for one in everyone}


@pytest.mark.parametrize(
    ("action", "category", "pointer"),
    [
        ("preserve", "online_mall", "/action"),
        ("relay", "online_mall", "/action"),
        ("erase", "online_mall", "/action"),
        ("delete", "report", "/category"),
        ("delete", "nothing", "/category"),
    ],
)
async def test_only_its_own_actions_on_its_own_categories(
    house: House, action: str, category: str, pointer: str
) -> None:
    reply = await order(await house.system(), action, category)
    assert refused(reply) == (422, pointer, "field.value")


async def test_one_key_makes_one_and_a_holder_without_a_machine_none(house: House) -> None:
    mall, again = await house.system(), key()
    first, second = [(await order(mall, "delete", **again)).json() for _ in range(2)]
    assert first == second and len((await seen(mall))["items"]) == 1
    page = await house.system("a store", answers_by="page")
    assert refused(await order(page, "delete")) == (409, "", "state.conflict")
    ended = await house.api.post(f"/v1/systems/{mall.id}/retirement", headers={**house.auth("admin"), **key()})
    assert ended.status_code == 200
    assert refused(await order(mall, "delete")) == (409, "", "state.conflict")
