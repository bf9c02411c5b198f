"""Endpoints prove themselves before they are told anything, and after they were gone."""

import json
from datetime import timedelta

from app import db, signature
from app.desk import MACHINE
from app.gateways.outcome import Sent
from app.gateways.webhooks import Attempt
from app.models import Delivery, System
from app.services import challenging, registry, sending
from tests.worker.holders import SECOND, file_claim, job_times, queue, register, stored


async def test_gone_stops_the_system_and_its_duties_wait(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    delivery_id = await queue(desk, holder, await file_claim(desk))
    others = [await queue(desk, holder, await file_claim(desk)) for _ in range(6)]
    receiver.answers = [(410, {})] * 20
    await sending.drain(desk, holder.id, sender, db.now)
    assert (await stored(desk, System, holder.id)).state == "stopped"
    assert len(receiver.seen) <= sending.AT_ONCE
    assert {(await stored(desk, Delivery, one)).state for one in (delivery_id, *others)} == {"pending"}
    receiver.answers, seen = [], len(receiver.seen)
    far = db.now() + timedelta(days=9)
    assert await sending.drain(desk, holder.id, sender, lambda: far) == 0
    async with desk.database.transaction() as session:
        assert holder.id not in await sending.due_systems(session, far)
    test_id = await queue(desk, holder)
    assert await sending.drain(desk, holder.id, sender, db.now) == 1
    assert receiver.ids[seen:] == [str(test_id)]
    # It comes back by proving itself again, and everything that waited goes out.
    async with desk.database.transaction() as session:
        await registry.challenge(session, holder.id, by=MACHINE, now=db.now())
    receiver.answers = [(200, {})]
    assert await challenging.challenge(desk, holder.id, sender, db.now())
    assert await sending.drain(desk, holder.id, sender, db.now) == 7


async def test_a_test_event_answered_gone_is_not_sent_again(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    test_id = await queue(desk, holder)
    receiver.answers = [(410, {})]
    assert await sending.drain(desk, holder.id, sender, db.now) == 1
    assert (await stored(desk, Delivery, test_id)).state == "exhausted"
    assert (await stored(desk, System, holder.id)).state == "stopped"


async def test_an_unverified_system_is_told_nothing_about_tasks(desk, receiver, sender):
    holder = await register(desk, receiver.url, state="unverified")
    task_event, test_event = await queue(desk, holder, await file_claim(desk)), await queue(desk, holder)
    assert await sending.drain(desk, holder.id, sender, db.now) == 1
    assert receiver.ids == [str(test_event)]
    assert (await stored(desk, Delivery, task_event)).state == "pending"
    receiver.answers = [(200, {})]
    now = db.now()
    assert await challenging.challenge(desk, holder.id, sender, now)
    headers, body = receiver.seen[-1]
    assert json.loads(body)["type"] == "endpoint.challenge"
    assert signature.verify([holder.key], headers, body, now=int(now.timestamp()))
    assert (await stored(desk, System, holder.id)).state == "active"
    assert len(await job_times(desk, "deliver", holder)) == 1
    assert await sending.drain(desk, holder.id, sender, db.now) == 1
    assert receiver.ids[-1] == str(task_event)


class Saying:
    """An endpoint that answers its challenge in a wrong way."""

    def __init__(self, wrong):
        self.wrong = wrong

    async def send(self, url, body, headers, *, system_id, now):
        said = json.loads(body)["data"]
        status, answer = {
            "status": (202, json.dumps(said)),
            "word": (200, json.dumps({"challenge": said["challenge"] + "x"})),
            "list": (200, json.dumps([said["challenge"]])),
            "nothing": (200, ""),
            "text": (200, said["challenge"]),
        }[self.wrong]
        return Attempt(Sent(str(status)), status, 1, answer.encode())


async def test_only_the_same_word_with_200_makes_an_endpoint_active(desk):
    for wrong in ("status", "word", "list", "nothing", "text"):
        holder = await register(desk, "http://127.0.0.1:9/events", state="unverified")
        assert not await challenging.challenge(desk, holder.id, Saying(wrong), db.now())
        assert (await stored(desk, System, holder.id)).state == "unverified", wrong


async def test_a_challenge_is_tried_four_times_then_waits_for_an_admin(desk, receiver, sender):
    holder = await register(desk, receiver.url, state="unverified")
    receiver.answers = [(503, {})] * 4
    now = db.now()
    for _ in range(4):
        assert not await challenging.challenge(desk, holder.id, sender, now)
    times = (await job_times(desk, "challenge", holder))[1:]
    assert [time - now for time in times] == [5 * SECOND, 30 * SECOND, 300 * SECOND]
    assert len(set(receiver.ids)) == 1
    async with desk.database.transaction() as session:
        assert holder.id not in await challenging.due_challenges(session, now + timedelta(days=1))
        await registry.challenge(session, holder.id, by=MACHINE, now=now)
    receiver.answers = [(200, {})]
    assert await challenging.challenge(desk, holder.id, sender, now)
    assert len(set(receiver.ids)) == 2


async def test_a_challenge_that_was_overtaken_changes_nothing(desk):
    holder = await register(desk, "http://127.0.0.1:9/events", state="unverified")

    class Overtaken:
        async def send(self, url, body, headers, *, system_id, now):
            async with desk.database.transaction() as session:
                await registry.challenge(session, holder.id, by=MACHINE, now=now)
            return Attempt(Sent("200"), 200, 1, json.dumps(json.loads(body)["data"]).encode())

    assert not await challenging.challenge(desk, holder.id, Overtaken(), db.now())
    assert (await stored(desk, System, holder.id)).state == "unverified"


async def test_a_forgotten_challenge_is_found_again(desk):
    holder = await register(desk, "http://127.0.0.1:9/events", state="unverified")
    async with desk.database.transaction() as session:
        assert holder.id not in await challenging.due_challenges(session, holder.registered_at + 60 * SECOND)
        assert holder.id in await challenging.due_challenges(session, holder.registered_at + 601 * SECOND)
