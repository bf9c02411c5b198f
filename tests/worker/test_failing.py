"""Endpoints that fail: left alone after ten in a row, in nobody else's way, and put before people in time (F5)."""

import asyncio
from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace

from sqlmodel import col, select

from app import db
from app.gateways.webhooks import Webhooks
from app.models import Circuit, Delivery, Message, ReviewItem
from app.services import circuit, sending, undelivered
from tests.worker.holders import claim_round, failed, file_claim, queue, record, register, stored

MINUTE = timedelta(minutes=1)
SEOUL = timezone(timedelta(hours=9))


async def kinds(desk, claim):
    """What was put before an officer."""
    async with desk.database.transaction() as session:
        theirs = select(col(ReviewItem.kind)).where(col(ReviewItem.request_id) == claim.request_id)
        return sorted((await session.execute(theirs)).scalars())


async def mails(desk, kind):
    async with desk.database.transaction() as session:
        found = select(Message).where(col(Message.kind) == kind)
        return list((await session.execute(found)).scalars())


async def test_after_ten_failures_in_a_row_one_event_every_five_minutes_asks_whether_it_is_back(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    waiting = [await queue(desk, holder) for _ in range(12)]
    receiver.answers = [(500, {})] * 100
    clock = SimpleNamespace(now=db.now())
    await sending.drain(desk, holder.id, sender, lambda: clock.now)
    assert len(receiver.seen) == 12, "a round that was begun is brought to its end"
    broken = await stored(desk, Circuit, holder.id)
    assert (broken.failures, broken.probe_at) == (12, clock.now + circuit.PROBE_EVERY)
    clock.now += MINUTE
    waiting += [await queue(desk, holder) for _ in range(12)]
    seen = len(receiver.seen)
    async with desk.database.transaction() as session:
        assert holder.id not in await sending.due_systems(session, clock.now)
    assert await sending.drain(desk, holder.id, sender, lambda: clock.now) == 0
    clock.now += circuit.PROBE_EVERY
    async with desk.database.transaction() as session:
        assert holder.id in await sending.due_systems(session, clock.now)
    await sending.drain(desk, holder.id, sender, lambda: clock.now)
    assert len(receiver.seen) == seen + 1, "one, and no more"
    receiver.answers = []
    clock.now += circuit.PROBE_EVERY
    await sending.drain(desk, holder.id, sender, lambda: clock.now)
    clock.now += timedelta(hours=1)
    await sending.drain(desk, holder.id, sender, lambda: clock.now)
    states = {(await stored(desk, Delivery, one)).state for one in waiting}
    assert states == {"delivered"} and await stored(desk, Circuit, holder.id) is None


async def test_of_two_workers_one_gets_the_probe(desk, receiver):
    holder = await register(desk, receiver.url)
    for _ in range(12):
        await queue(desk, holder)
    now = db.now()
    claimed = await claim_round(desk, holder, now)
    for leased in claimed.deliveries:
        assert await record(desk, claimed, leased, failed(), now)
    later = now + timedelta(hours=1)
    rounds = await asyncio.gather(*(claim_round(desk, holder, later) for _ in range(2)))
    assert [len(one.deliveries) for one in rounds if one is not None] == [1]


async def test_a_dead_system_delays_no_other(desk, receiver):
    """The dead one hangs for as long as the live one needs for everything."""
    dead, live = await register(desk, receiver.url), await register(desk, receiver.url + "?live")
    for _ in range(8):
        await queue(desk, dead)
    for _ in range(40):
        await queue(desk, live)
    done = asyncio.Event()

    class Hanging:
        """Holds what goes to the dead one until the live one has everything."""

        def __init__(self, real):
            self.real = real

        async def send(self, url, body, headers, *, system_id, now):
            if url == receiver.url:
                await asyncio.wait_for(done.wait(), 60)
                return failed()
            return await self.real.send(url, body, headers, system_id=system_id, now=now)

    async def serve_the_live() -> int:
        taken = await sending.drain(desk, live.id, sender, db.now)
        done.set()
        return taken

    real = Webhooks(development=True, seconds=5.0)
    sender = Hanging(real)
    try:
        taken = await asyncio.gather(serve_the_live(), sending.drain(desk, dead.id, sender, db.now))
    finally:
        await real.close()
    assert taken == [40, 8]
    async with desk.database.transaction() as session:
        states = select(col(Delivery.state)).where(col(Delivery.system_id) == live.id)
        assert set((await session.execute(states)).scalars()) == {"delivered"}


async def test_at_the_fourth_failure_the_holders_contact_and_an_officer_are_told_once(desk, receiver, sender):
    holder, claim = await register(desk, receiver.url), await file_claim(desk)
    one = await queue(desk, holder, claim)
    receiver.answers = [(500, {})] * 9
    clock = SimpleNamespace(now=db.now())
    for attempt in range(1, 7):
        await sending.drain(desk, holder.id, sender, lambda: clock.now)
        delivery = await stored(desk, Delivery, one)
        assert delivery.attempts == attempt
        told = 0 if attempt < undelivered.FAILING_AT else 1
        assert len(await mails(desk, "holder_failing")) == told
        assert await kinds(desk, claim) == ["delivery.failing"] * told
        clock.now = max(clock.now, delivery.next_at)


async def test_four_office_hours_of_silence_are_put_before_a_person_once(desk, receiver):
    holder, claim = await register(desk, receiver.url), await file_claim(desk)
    one, arrived = await queue(desk, holder, claim), await queue(desk, holder, await file_claim(desk))
    friday = datetime(2026, 9, 18, 16, tzinfo=SEOUL)
    async with desk.database.transaction() as session:
        for each in (one, arrived):
            (await session.get_one(Delivery, each)).sent_from = friday
        (await session.get_one(Delivery, arrived)).state = "delivered"

    async def silent(now):
        async with desk.database.transaction() as session:
            return await undelivered.silent(session, now=now)

    for day, hour in ((18, 23), (20, 12), (21, 10)):
        assert await silent(datetime(2026, 9, day, hour, tzinfo=SEOUL)) == []
    monday = datetime(2026, 9, 21, 11, tzinfo=SEOUL)
    assert not desk.closed(date(2026, 9, 21)) and await silent(monday) == [one]
    for _ in range(2):
        async with desk.database.transaction() as session:
            await undelivered.ask(session, one, now=monday)
    assert await silent(monday) == [] and await kinds(desk, claim) == ["delivery.silent"]
    assert (await stored(desk, Delivery, one)).state == "pending", "and it is still on its way"
