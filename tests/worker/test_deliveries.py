"""What became of events, seen by who may see it; and sent again, one by one or all since a time."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text as sql
from sqlmodel import col, select

from app import db
from app.db import new_id
from app.desk import MACHINE
from app.models import AuditEntry, Delivery, DeliveryAttempt, Request, Task
from app.services import deliveries, registry, sending, upkeep
from tests.house import key
from tests.worker.holders import file_claim, outcomes, queue, register, stored

DAY = timedelta(days=1)


@pytest.fixture
def admin(token):
    return {"Authorization": f"Bearer {token('admin', 'admin-1')}"}


@pytest.fixture
def itself(token):
    return lambda holder: {"Authorization": f"Bearer {token('system', str(holder.id))}"}


async def given_up(desk, holder, *, kind="task.created", task="pending", at=None, state="exhausted"):
    """An event about a task that was tried to the end then."""
    at = at or db.now()
    delivery_id = await queue(desk, holder, await file_claim(desk), at=at)
    async with desk.database.transaction() as session:
        delivery = await session.get_one(Delivery, delivery_id)
        delivery.state, delivery.attempts, delivery.type = state, 10, kind
        (await session.get_one(Task, delivery.task_id)).status = task
        session.add(
            DeliveryAttempt(id=new_id(), delivery_id=delivery_id, at=at, status=500, outcome="http_500", milliseconds=3)
        )
    return delivery_id


async def again(api, headers, delivery_id):
    return await api.post(f"/v1/deliveries/{delivery_id}/redelivery", headers={**headers, **key()})


async def recover(api, headers, holder, since):
    body = {"since": since.isoformat()}
    return await api.post(f"/v1/systems/{holder.id}/recovery", json=body, headers={**headers, **key()})


async def noted(desk, action):
    """The facts of the entries of this action."""
    async with desk.database.transaction() as session:
        bodies = (await session.execute(select(col(AuditEntry.body)).order_by(col(AuditEntry.seq)))).scalars()
        return [one for one in map(json.loads, bodies) if one["action"] == action]


async def test_the_receiver_and_an_admin_see_what_became_of_each_event(api, desk, sender, receiver, admin, itself):
    holder = await register(desk, receiver.url)
    receiver.answers = [(500, {}), (204, {})]
    receiver.says = "no customer 홍길동, 010-0000-1234, hong@example.com"
    first = await queue(desk, holder, await file_claim(desk))
    await sending.drain(desk, holder.id, sender, db.now)
    second = await queue(desk, holder)
    await sending.drain(desk, holder.id, sender, db.now)
    path = f"/v1/systems/{holder.id}/deliveries"
    page = await api.get(path, headers=admin)
    assert page.json() == (await api.get(path, headers=itself(holder))).json()
    newer, older = page.json()["items"]
    assert (newer["id"], newer["type"], newer["task_id"], newer["state"]) == (
        str(second), "endpoint.test", None, "delivered"
    )  # fmt: skip
    assert newer["delivered_at"] and newer["next_at"] is None
    assert older["task_id"] == str((await stored(desk, Delivery, first)).task_id)
    assert (older["id"], older["state"], older["delivered_at"]) == (str(first), "pending", None)
    [attempt] = older["attempts"]
    assert (attempt["status"], attempt["outcome"]) == (500, "http_500")
    assert attempt["ms"] >= 0 and attempt["at"] and older["next_at"] > attempt["at"]
    assert attempt["answer"] == "no customer ■, ■, ■"
    async with desk.database.transaction() as session:
        kept = (await session.execute(select(col(DeliveryAttempt.answer)))).scalars().all()
    assert not any(word in str(kept) for word in ("길동", "1234", "hong"))


async def test_pages_and_states(api, desk, admin):
    holder = await register(desk, "http://127.0.0.1:9/events")
    made = [str(await queue(desk, holder)) for _ in range(5)]
    lost = str(await given_up(desk, holder))
    path = f"/v1/systems/{holder.id}/deliveries"
    seen, query = [], {"limit": 2, "state": "pending"}
    while True:
        page = (await api.get(path, params=query, headers=admin)).json()
        assert len(page["items"]) <= 2
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == made[::-1]
    page = (await api.get(path, params={"state": "exhausted"}, headers=admin)).json()
    assert [one["id"] for one in page["items"]] == [lost]
    for wrong in ({"cursor": "x"}, {"limit": 0}, {"limit": 201}, {"state": "lost"}):
        assert (await api.get(path, params=wrong, headers=admin)).status_code == 422, wrong


async def test_no_more_than_the_last_twenty_attempts_are_shown(api, desk, admin):
    holder = await register(desk, "http://127.0.0.1:9/events")
    delivery_id = await queue(desk, holder)
    async with desk.database.transaction() as session:
        session.add_all(
            DeliveryAttempt(
                id=new_id(), delivery_id=delivery_id, at=db.now(), status=500, outcome="http_500", milliseconds=n
            )
            for n in range(25)
        )
    [one] = (await api.get(f"/v1/systems/{holder.id}/deliveries", headers=admin)).json()["items"]
    assert [attempt["ms"] for attempt in one["attempts"]] == list(range(5, 25))


async def test_a_system_sees_and_sends_again_nothing_of_another(api, desk, itself):
    one, other = [await register(desk, "http://127.0.0.1:9/events") for _ in range(2)]
    theirs = await given_up(desk, other)
    headers = itself(one)
    pairs = [
        [await api.get(f"/v1/systems/{who}/deliveries", headers=headers) for who in (other.id, uuid4())],
        [await recover(api, headers, who, db.now()) for who in (other, Nobody())],
        [await again(api, headers, what) for what in (theirs, uuid4())],
    ]
    for foreign, unknown in pairs:
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.json() | {"instance": ""} == unknown.json() | {"instance": ""}
    assert (await stored(desk, Delivery, theirs)).state == "exhausted"


class Nobody:
    """A system that does not exist."""

    id = uuid4()


async def test_a_stopped_request_is_not_told_of_by_its_deliveries(api, desk, admin, itself):
    holder = await register(desk, "http://127.0.0.1:9/events")
    claim = await file_claim(desk)
    delivery_id = str(await queue(desk, holder, claim))
    path = f"/v1/systems/{holder.id}/deliveries"
    assert len((await api.get(path, headers=itself(holder))).json()["items"]) == 1
    async with desk.database.transaction() as session:
        (await session.get_one(Request, claim.request_id)).frozen_at = db.now()
    assert (await api.get(path, headers=itself(holder))).json()["items"] == []
    assert [one["id"] for one in (await api.get(path, headers=admin)).json()["items"]] == [delivery_id]


@pytest.mark.parametrize("who", ("admin", "itself"))
async def test_an_event_goes_again_under_the_same_id_with_ten_attempts_anew(
    api, desk, sender, receiver, admin, itself, who
):
    holder = await register(desk, receiver.url)
    headers = admin if who == "admin" else itself(holder)
    delivery_id = await given_up(desk, holder)
    reply = await again(api, headers, delivery_id)
    assert (reply.status_code, reply.json()) == (202, {"id": str(delivery_id), "state": "pending"})
    waiting = await stored(desk, Delivery, delivery_id)
    assert (waiting.state, waiting.attempts, waiting.delivered_at) == ("pending", 0, None)
    busy = await again(api, headers, delivery_id)
    assert (busy.status_code, busy.json()["code"]) == (409, "state.conflict")
    await sending.drain(desk, holder.id, sender, db.now)
    assert (await again(api, headers, delivery_id)).status_code == 202
    await sending.drain(desk, holder.id, sender, db.now)
    assert receiver.ids == [str(delivery_id)] * 2
    assert await outcomes(desk, delivery_id) == [(500, "http_500"), (204, "delivered"), (204, "delivered")]
    first, second = await noted(desk, "delivery.redeliver")
    assert (first["facts"]["was"], second["facts"]["was"]) == ("exhausted", "delivered")
    assert first["facts"]["delivery"] == str(delivery_id)
    assert first["actor"]["role"] == ("admin" if who == "admin" else "system")
    assert UUID(first["request"]) and UUID(first["claim"])


async def test_the_same_key_sends_again_once(api, desk, admin):
    holder = await register(desk, "http://127.0.0.1:9/events")
    delivery_id = await given_up(desk, holder)
    headers = {**admin, **key()}
    replies = [await api.post(f"/v1/deliveries/{delivery_id}/redelivery", headers=headers) for _ in range(2)]
    assert [one.status_code for one in replies] == [202, 202]
    assert len(await noted(desk, "delivery.redeliver")) == 1


async def test_nothing_goes_again_to_a_retired_system(api, desk, admin):
    holder = await register(desk, "http://127.0.0.1:9/events")
    lost, open_ = await given_up(desk, holder), await queue(desk, holder)
    async with desk.database.transaction() as session:
        await registry.retire(session, holder.id, by=MACHINE, now=db.now())
    assert (await stored(desk, Delivery, open_)).state == "cancelled"
    for reply in (
        await again(api, admin, lost),
        await again(api, admin, open_),
        await recover(api, admin, holder, db.now() - DAY),
    ):
        assert (reply.status_code, reply.json()["code"]) == (409, "state.conflict")
    assert (await stored(desk, Delivery, lost)).state == "exhausted"


async def test_what_failed_since_then_and_still_tells_something_is_recovered(api, desk, sender, receiver, itself):
    holder, other = await register(desk, receiver.url), await register(desk, receiver.url)
    now = db.now()
    wanted = [
        await given_up(desk, holder),
        await given_up(desk, holder, task="acknowledged"),
        await given_up(desk, holder, task="failed"),
        await given_up(desk, holder, kind="task.cancelled", task="cancelled"),
    ]
    left = [
        await given_up(desk, holder, at=now - 2 * DAY),
        await given_up(desk, holder, task="done"),
        await given_up(desk, holder, task="cancelled"),
        await given_up(desk, other),
    ]
    arrived = await given_up(desk, holder, state="delivered")
    async with desk.database.transaction() as session:
        test = await session.get_one(Delivery, await queue(desk, holder))
        test.state = "exhausted"
    reply = await recover(api, itself(holder), holder, now - DAY)
    assert (reply.status_code, reply.json()) == (202, {"count": 4})
    await sending.drain(desk, holder.id, sender, db.now)
    assert sorted(receiver.ids) == sorted(map(str, wanted))
    assert {(await stored(desk, Delivery, one)).state for one in (*left, test.id)} == {"exhausted"}
    assert (await stored(desk, Delivery, arrived)).state == "delivered"
    assert (await recover(api, itself(holder), holder, now - DAY)).json() == {"count": 0}
    first, second = await noted(desk, "system.recover")
    assert (first["facts"]["count"], second["facts"]["count"]) == (4, 0)


async def test_a_recovery_takes_the_oldest_of_too_many_and_the_next_one_the_rest(api, desk, admin, monkeypatch):
    monkeypatch.setattr(deliveries, "RECOVERED_MOST", 3)
    holder = await register(desk, "http://127.0.0.1:9/events")
    lost = [await given_up(desk, holder) for _ in range(5)]
    since = db.now() - DAY
    assert (await recover(api, admin, holder, since)).json() == {"count": 3}
    assert [(await stored(desk, Delivery, one)).state for one in lost] == ["pending"] * 3 + ["exhausted"] * 2
    assert (await recover(api, admin, holder, since)).json() == {"count": 2}


async def test_a_recovery_reaches_fourteen_days_back_and_not_ahead(api, desk, admin):
    holder = await register(desk, "http://127.0.0.1:9/events")
    now = db.now()
    for since in (now - 14 * DAY - timedelta(minutes=1), now + timedelta(minutes=1)):
        refused = await recover(api, admin, holder, since)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/since")
    assert (await recover(api, admin, holder, now - 14 * DAY + timedelta(minutes=1))).status_code == 202
    body = {"since": "2026-11-29T10:00:00"}
    without = await api.post(f"/v1/systems/{holder.id}/recovery", json=body, headers={**admin, **key()})
    assert (without.status_code, without.json()["code"]) == (422, "field.timezone_required")


async def test_what_an_endpoint_answered_is_forgotten_after_thirty_days(desk, sender, receiver):
    holder = await register(desk, receiver.url)
    receiver.says = "not now"
    delivery_id = await queue(desk, holder)
    await sending.drain(desk, holder.id, sender, db.now)
    for days, kept in ((29, "not now"), (31, None)):
        async with desk.database.transaction() as session:
            await upkeep.forget(session, now=db.now() + timedelta(days=days))
            found = sql("SELECT answer, outcome FROM delivery_attempt WHERE delivery_id = :id")
            assert (await session.execute(found, {"id": delivery_id})).one() == (kept, "delivered")
