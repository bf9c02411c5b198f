"""Events to endpoints: order, leases, outcomes; against real receivers on real sockets."""

import asyncio
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text as sql
from sqlmodel import col, select

from app import db, signature
from app.desk import MACHINE
from app.gateways.outcome import Sent
from app.gateways.webhooks import Attempt, Webhooks
from app.models import AuditEntry, Delivery, ReviewItem, System
from app.services import circuit, registry, sending, signing_keys
from tests.worker.holders import (
    SECOND,
    claim_round,
    failed,
    file_claim,
    job_times,
    outcomes,
    queue,
    record,
    register,
    stored,
)


@pytest.mark.parametrize("scheme", ("v1", "v1a"))
async def test_an_event_arrives_signed_and_is_delivered(desk, receiver, sender, scheme):
    holder = await register(desk, receiver.url, scheme=scheme)
    claim = await file_claim(desk)
    delivery_id = await queue(desk, holder, claim)
    assert await sending.drain(desk, holder.id, sender, db.now) == 1
    ((headers, body),) = receiver.seen
    now = int(db.now().timestamp())
    assert signature.verify([holder.key], headers, body, now=now) == str(delivery_id)
    delivery = await stored(desk, Delivery, delivery_id)
    assert (delivery.state, delivery.attempts, delivery.lease) == ("delivered", 1, None)
    assert delivery.delivered_at is not None
    assert body == delivery.body
    assert await outcomes(desk, delivery_id) == [(204, "delivered")]
    assert await sending.drain(desk, holder.id, sender, db.now) == 0
    async with desk.database.transaction() as session:
        of_claim = select(col(AuditEntry.body)).where(col(AuditEntry.request_id) == claim.request_id)
        said = [json.loads(one)["action"] for one in (await session.execute(of_claim)).scalars()]
    assert said == ["delivery.delivered"]


async def test_a_failed_attempt_is_recorded_and_comes_again_under_the_same_id(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    delivery_id = await queue(desk, holder, await file_claim(desk))
    receiver.answers = [(500, {}), (302, {"Location": "/events"})]
    clock = SimpleNamespace(now=db.now())
    assert await sending.drain(desk, holder.id, sender, lambda: clock.now) == 1
    first = await stored(desk, Delivery, delivery_id)
    assert (first.state, first.attempts, first.lease) == ("pending", 1, None)
    assert 4 * SECOND <= first.next_at - clock.now <= 6 * SECOND
    assert (await job_times(desk, "deliver", holder))[-1] == first.next_at
    assert await sending.drain(desk, holder.id, sender, lambda: clock.now) == 0
    clock.now = first.next_at
    assert await sending.drain(desk, holder.id, sender, lambda: clock.now) == 1
    second = await stored(desk, Delivery, delivery_id)
    assert 240 * SECOND <= second.next_at - clock.now <= 360 * SECOND
    clock.now = second.next_at
    assert await sending.drain(desk, holder.id, sender, lambda: clock.now) == 1
    assert (await stored(desk, Delivery, delivery_id)).state == "delivered"
    assert receiver.ids == [str(delivery_id)] * 3
    stamps = [int(headers["webhook-timestamp"]) for headers, _ in receiver.seen]
    assert stamps == sorted(set(stamps))
    assert await outcomes(desk, delivery_id) == [(500, "http_500"), (302, "redirect"), (204, "delivered")]


async def test_after_ten_attempts_an_officer_takes_over_and_nothing_is_lost(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    claim = await file_claim(desk)
    delivery_id, later_id = await queue(desk, holder, claim), await queue(desk, holder, claim)
    receiver.answers = [(500, {})] * 10
    clock = SimpleNamespace(now=db.now())
    began = clock.now
    for _ in range(10):
        await sending.drain(desk, holder.id, sender, lambda: clock.now)
        clock.now = max(clock.now, (await stored(desk, Delivery, delivery_id)).next_at)
    delivery = await stored(desk, Delivery, delivery_id)
    assert (delivery.state, delivery.attempts) == ("exhausted", 10)
    assert len(await outcomes(desk, delivery_id)) == 10
    # 75 hours 35 minutes 5 seconds, each wait within a fifth.
    assert 0.8 <= (clock.now - began) / timedelta(hours=75, minutes=35, seconds=5) <= 1.2
    async with desk.database.transaction() as session:
        kinds = select(col(ReviewItem.kind)).where(col(ReviewItem.request_id) == claim.request_id)
        assert (await session.execute(kinds)).scalars().all() == ["delivery.failing", "delivery.exhausted"]
    # What waited behind it goes on, once the endpoint that failed ten times in a row is tried again.
    clock.now += circuit.PROBE_EVERY
    await sending.drain(desk, holder.id, sender, lambda: clock.now)
    assert (await stored(desk, Delivery, later_id)).state == "delivered"


async def test_events_of_one_claim_keep_their_order_and_others_do_not_wait(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    one, other = await file_claim(desk), await file_claim(desk)
    first, second, third = [await queue(desk, holder, one) for _ in range(3)]
    elsewhere = await queue(desk, holder, other)
    receiver.answers = [(500, {})]
    clock = SimpleNamespace(now=db.now())
    claimed = await claim_round(desk, holder, clock.now)
    assert {leased.id for leased in claimed.deliveries} == {first, elsewhere}
    head = next(leased for leased in claimed.deliveries if leased.id == first)
    assert await record(desk, claimed, head, failed(), clock.now)
    # The failed one waits for its time; the two behind it wait for it, although they are due.
    assert await claim_round(desk, holder, clock.now) is None
    async with desk.database.transaction() as session:
        assert holder.id not in await sending.due_systems(session, clock.now)
    receiver.answers = []
    clock.now += timedelta(minutes=2)
    assert await sending.drain(desk, holder.id, sender, lambda: clock.now) == 4
    order = [one_id for one_id in receiver.ids if one_id != str(elsewhere)]
    assert order == [str(first), str(second), str(third)]


async def test_a_round_takes_twenty_and_sends_four_at_once(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    for _ in range(25):
        await queue(desk, holder)
    receiver.pause = 0.02
    now = db.now()
    claimed = await claim_round(desk, holder, now)
    assert len(claimed.deliveries) == 20
    assert await sending.drain(desk, holder.id, sender, lambda: now) == 5
    assert receiver.most_at_once == 4
    assert await sending.drain(desk, holder.id, sender, lambda: now + timedelta(seconds=61)) == 20
    assert receiver.most_at_once == 4
    assert len(set(receiver.ids)) == 25


async def test_two_workers_never_hold_the_same_delivery(desk):
    holder = await register(desk, "http://127.0.0.1:9/events")
    for _ in range(8):
        await queue(desk, holder)
    now = db.now()
    rounds = await asyncio.gather(*(claim_round(desk, holder, now) for _ in range(6)))
    taken = [leased.id for one in rounds if one for leased in one.deliveries]
    assert len(taken) == len(set(taken)) == 8


async def test_a_late_result_of_a_lost_lease_is_discarded(desk):
    holder = await register(desk, "http://127.0.0.1:9/events")
    delivery_id = await queue(desk, holder, await file_claim(desk))
    now = db.now()
    old = await claim_round(desk, holder, now)
    assert await claim_round(desk, holder, now + timedelta(seconds=59)) is None
    later = now + timedelta(seconds=60)
    new = await claim_round(desk, holder, later)
    assert new.lease != old.lease
    assert not await record(desk, old, old.deliveries[0], failed(), later)
    untouched = await stored(desk, Delivery, delivery_id)
    assert (untouched.state, untouched.attempts, untouched.lease) == ("pending", 0, new.lease)
    assert await record(desk, new, new.deliveries[0], Attempt(Sent("204"), 204, 1, b""), later)
    assert not await record(desk, new, new.deliveries[0], failed(), later)
    assert (await stored(desk, Delivery, delivery_id)).state == "delivered"
    assert await outcomes(desk, delivery_id) == [(None, "unknown"), (204, "delivered")]


async def test_an_attempt_is_not_begun_with_too_little_of_the_lease_left(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    delivery_id = await queue(desk, holder)
    began = db.now()
    times = iter([began, began + timedelta(seconds=45)])
    assert await sending.drain(desk, holder.id, sender, lambda: next(times)) == 0
    assert receiver.seen == []
    let_go = await stored(desk, Delivery, delivery_id)
    assert (let_go.state, let_go.lease, let_go.lease_until) == ("pending", None, None)
    async with desk.database.transaction() as session:
        assert holder.id in await sending.due_systems(session, began)


async def test_a_cancelled_delivery_in_flight_stays_cancelled(desk):
    holder = await register(desk, "http://127.0.0.1:9/events")
    delivery_id = await queue(desk, holder, await file_claim(desk))
    now = db.now()
    claimed = await claim_round(desk, holder, now)
    async with desk.database.transaction() as session:
        await registry.retire(session, holder.id, by=MACHINE, now=now)
    assert not await record(desk, claimed, claimed.deliveries[0], failed(), now)
    assert (await stored(desk, Delivery, delivery_id)).state == "cancelled"
    assert await claim_round(desk, holder, now + timedelta(days=9)) is None


async def test_the_sweep_finds_what_a_crash_left_behind(desk):
    holder = await register(desk, "http://127.0.0.1:9/events")
    await queue(desk, holder, await file_claim(desk))
    now = db.now()
    async with desk.database.transaction() as session:
        assert holder.id in await sending.due_systems(session, now)
    await claim_round(desk, holder, now)
    async with desk.database.transaction() as session:
        assert holder.id not in await sending.due_systems(session, now)
        assert holder.id in await sending.due_systems(session, now + timedelta(seconds=60))


async def test_nothing_is_ever_sent_unsigned(desk, receiver, sender, caplog):
    holder = await register(desk, receiver.url)
    delivery_id = await queue(desk, holder)
    async with desk.database.transaction() as session:
        await session.execute(
            sql("UPDATE system_key SET valid_until = valid_from WHERE system_id = :id"), {"id": holder.id}
        )
    assert await sending.drain(desk, holder.id, sender, db.now) == 0
    assert receiver.seen == []
    assert "no signing key" in caplog.text
    assert (await stored(desk, Delivery, delivery_id)).lease is None


async def test_every_valid_key_signs_in_one_header(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    async with desk.database.transaction() as session:
        system = await session.get_one(System, holder.id)
        newer = signing_keys.make(session, system, "v1", now=db.now())
    await queue(desk, holder)
    await sending.drain(desk, holder.id, sender, db.now)
    ((headers, body),) = receiver.seen
    assert len(headers["webhook-signature"].split(" ")) == 2
    for key in (holder.key, newer.secret):
        assert signature.verify([key], headers, body, now=int(db.now().timestamp()))


async def test_a_receiver_that_never_answers_is_given_a_minute(desk, receiver):
    holder = await register(desk, receiver.url)
    delivery_id = await queue(desk, holder)
    receiver.pause = 2.0
    impatient = Webhooks(development=True, seconds=0.2)
    now = db.now()
    await sending.drain(desk, holder.id, impatient, lambda: now)
    await impatient.close()
    assert await outcomes(desk, delivery_id) == [(None, "timeout")]
    assert (await stored(desk, Delivery, delivery_id)).next_at - now >= 60 * SECOND


async def test_a_closed_port_is_a_failed_attempt(desk, sender):
    holder = await register(desk, "http://127.0.0.1:1/events")
    delivery_id = await queue(desk, holder)
    assert await sending.drain(desk, holder.id, sender, db.now) == 1
    assert await outcomes(desk, delivery_id) == [(None, "connect")]


async def test_a_fault_of_ours_ends_the_job_after_every_attempt_was_recorded(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    ids = [await queue(desk, holder) for _ in range(3)]

    class Faulty:
        async def send(self, url, body, headers, *, system_id, now):
            if headers["webhook-id"] == str(ids[0]):
                raise RuntimeError("a fault of ours")
            return await sender.send(url, body, headers, system_id=system_id, now=now)

    with pytest.raises(RuntimeError, match="a fault of ours"):
        await sending.drain(desk, holder.id, Faulty(), db.now)
    states = [(await stored(desk, Delivery, one)).state for one in ids]
    assert states == ["pending", "delivered", "delivered"]


async def test_an_event_that_fails_by_a_fault_of_ours_is_parked_after_five_tries_and_holds_up_no_other(
    desk, receiver, sender
):
    holder = await register(desk, receiver.url)
    claim = await file_claim(desk)
    poison, behind = await queue(desk, holder, claim), await queue(desk, holder, claim)
    others = [await queue(desk, holder) for _ in range(3)]

    class Faulty:
        async def send(self, url, body, headers, *, system_id, now):
            if headers["webhook-id"] == str(poison):
                raise RuntimeError("a fault of ours")
            return await sender.send(url, body, headers, system_id=system_id, now=now)

    for tried in range(1, 6):
        now = max(db.now(), (await stored(desk, Delivery, poison)).next_at)
        with pytest.raises(RuntimeError, match="a fault of ours"):
            await sending.drain(desk, holder.id, Faulty(), lambda at=now: at)
        assert sorted(receiver.ids) == sorted(map(str, others))
        parked = await stored(desk, Delivery, poison)
        assert (parked.state, parked.attempts) == ("exhausted" if tried == 5 else "pending", tried)
        assert parked.lease is None
    assert await outcomes(desk, poison) == [(None, "fault")] * 5
    async with desk.database.transaction() as session:
        asked = select(ReviewItem.kind).where(col(ReviewItem.request_id) == claim.request_id)
        assert list((await session.execute(asked)).scalars()) == ["delivery.exhausted"]
    # What stood behind it in the same claim goes on.
    assert await sending.drain(desk, holder.id, Faulty(), lambda: now) == 1
    assert receiver.ids[-1] == str(behind)


async def test_jobs_for_one_system_share_one_drain_and_what_comes_meanwhile_is_sent_by_it(desk, receiver, sender):
    holder, other = await register(desk, receiver.url), await register(desk, receiver.url)
    await queue(desk, holder)
    late = []

    class Watching:
        """Another event and its jobs come while the first is on its way."""

        async def send(self, url, body, headers, *, system_id, now):
            if system_id == holder.id and not late:
                late.append(await queue(desk, holder))
                await asyncio.gather(*(drains.drain(holder.id) for _ in range(5)))
                late.append(await queue(desk, other))
                await drains.drain(other.id)
            return await sender.send(url, body, headers, system_id=system_id, now=now)

    drains = sending.Drains(desk, Watching(), db.now)
    await drains.drain(holder.id)
    assert len(receiver.ids) == 3
    assert [(await stored(desk, Delivery, one)).state for one in late] == ["delivered"] * 2
    await queue(desk, holder)
    await drains.drain(holder.id)
    assert len(set(receiver.ids)) == 4
