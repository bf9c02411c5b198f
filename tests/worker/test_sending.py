"""Events to endpoints: order, leases, schedule, outcomes; against real receivers on real sockets."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
import pytest_asyncio
from aiohttp import web
from sqlalchemy import text as sql
from sqlmodel import col, select

from app import db, signature
from app.db import new_id
from app.desk import MACHINE
from app.gateways.outcome import Permanent, Retryable, Sent
from app.gateways.webhooks import Attempt, Webhooks
from app.models import AuditEntry, Claim, Delivery, DeliveryAttempt, Request, ReviewItem, System, Task
from app.services import attempts, challenging, registry, sending, signing_keys

SECOND = timedelta(seconds=1)


@dataclass
class Receiver:
    """An endpoint that answers as told and remembers what came."""

    url: str = ""
    answers: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    pause: float = 0.0

    async def take(self, request):
        body = await request.read()
        self.seen.append((dict(request.headers), body))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.pause)
        self.at_once -= 1
        status, headers = self.answers.pop(0) if self.answers else (204, {})
        data = json.loads(body)["data"]
        if status == 200 and "challenge" in data:
            return web.json_response(data)
        return web.Response(status=status, headers=headers)

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _ in self.seen]


@pytest_asyncio.fixture
async def receiver():
    found = Receiver()
    app = web.Application()
    app.router.add_post("/events", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/events"
    yield found
    await runner.cleanup()


@pytest_asyncio.fixture
async def sender():
    webhooks = Webhooks(development=True, seconds=1.0)
    yield webhooks
    await webhooks.close()


@dataclass
class Holder:
    """A registered system and how its events are verified."""

    id: object
    key: str
    registered_at: object


async def register(desk, url, *, scheme="v1", state="active"):
    now = db.now()
    entry = registry.Entry(
        name="a holder",
        kind="processor",
        categories=["online_mall"],
        actions=["delete"],
        matches_by=["name"],
        contact_email="desk@example.com",
        endpoint_url=url,
        scheme=scheme,
    )
    async with desk.database.transaction() as session:
        made = await registry.register(session, entry, by=MACHINE, now=now)
        made.system.state = state
        key = made.keys[0].secret or made.keys[0].row.public_key
        return Holder(made.system.id, key, now)


async def file_claim(desk):
    """A filed request with one claim, as far as tasks need it."""
    now = db.now()
    request = Request(
        id=new_id(),
        receipt_no=f"t-{uuid4()}",
        capacity="self",
        channel="web",
        language="ko",
        notify_by="email",
        filed_at=now,
        arrived_at=now,
        filer_role="website",
        filer_iss="x",
        filer_sub="x",
        key=b"k",
        subject_ct=b"s",
        likeness=b"l",
        contacts=[],
        policy="p",
    )
    claim = Claim(
        id=new_id(),
        request_id=request.id,
        position=0,
        right="deletion",
        status="approved",
        edition="e",
        due_on=now.date(),
        internal_on=now.date(),
        due_steps=[],
        scope={},
    )
    async with desk.database.transaction() as session:
        session.add(request)
        await session.flush()
        session.add(claim)
    return claim


async def queue(desk, holder, claim=None, *, at=None):
    """One event for this holder; with a claim about a task of it."""
    now = at or db.now()
    task_id = None
    async with desk.database.transaction() as session:
        if claim is not None:
            task_id = new_id()
            session.add(
                Task(
                    id=task_id,
                    claim_id=claim.id,
                    request_id=claim.request_id,
                    system_id=holder.id,
                    action="delete",
                    category="online_mall",
                    status="pending",
                    due_at=now,
                    created_at=now,
                )
            )
            await session.flush()
        kind = "task.created" if claim is not None else "endpoint.test"
        body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": {}}).encode()
        delivery = Delivery(
            id=new_id(),
            system_id=holder.id,
            task_id=task_id,
            type=kind,
            body=body,
            next_at=now,
            created_at=now,
        )
        session.add(delivery)
    return delivery.id


async def stored(desk, table, row_id):
    async with desk.database.transaction() as session:
        return await session.get(table, row_id)


async def outcomes(desk, delivery_id):
    mine = (
        select(DeliveryAttempt).where(col(DeliveryAttempt.delivery_id) == delivery_id).order_by(col(DeliveryAttempt.id))
    )
    async with desk.database.transaction() as session:
        return [(one.status, one.outcome) for one in (await session.execute(mine)).scalars()]


async def job_times(desk, name, holder):
    waiting = sql(
        "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = :name AND args->>'system_id' = :id ORDER BY id"
    )
    async with desk.database.transaction() as session:
        return list((await session.execute(waiting, {"name": name, "id": str(holder.id)})).scalars())


async def claim_round(desk, holder, now):
    async with desk.database.transaction() as session:
        return await sending.claim(session, holder.id, now=now)


async def record(desk, claimed, leased, attempt, now):
    async with desk.database.transaction() as session:
        return await sending.record(session, claimed, leased, attempt, began=now, now=now)


def failed(status=500, retry_after=None):
    return Attempt(Retryable(f"http_{status}", retry_after), status, 3, b"")


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
        assert (await session.execute(kinds)).scalars().all() == ["delivery.exhausted"]
    # What waited behind it goes on.
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

    async def send(self, url, body, headers, *, now):
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
        async def send(self, url, body, headers, *, now):
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


@pytest.mark.parametrize(
    ("attempt", "number", "least", "most"),
    (
        (failed(), 1, 4, 6),
        (failed(), 2, 240, 360),
        (failed(), 9, 69_120, 103_680),
        (Attempt(Permanent("endpoint_host_not_allowed"), None, 0, b""), 3, 1_440, 2_160),
        (Attempt(Retryable("timeout"), None, 15_000, b""), 1, 60, 72),
        (failed(429), 1, 60, 72),
        (failed(503), 1, 60, 72),
        (failed(502), 1, 4, 6),
        (failed(429, 999_999), 1, 120, 120),
        (failed(429, 0), 1, 60, 60),
        (failed(429, 90), 1, 90, 90),
        (failed(503, 400), 2, 400, 400),
        (failed(503, 999_999), 2, 600, 600),
        (failed(500, 7), 1, 7, 7),
    ),
)
def test_the_wait_follows_the_schedule_and_what_was_asked(attempt, number, least, most):
    waits = [attempts.wait(number, attempt).total_seconds() for _ in range(200)]
    assert all(least <= one <= most for one in waits)
    if least != most:
        assert len(set(waits)) > 1


def test_the_schedule_is_that_of_the_specification():
    assert attempts.WAITS_S == (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
    assert sum(attempts.WAITS_S) == 75 * 3_600 + 35 * 60 + 5
    assert attempts.ATTEMPTS_MOST == 10


@pytest.mark.parametrize(
    ("armed", "env", "passes"),
    (
        ("deliver.after_2xx", "", 0),
        ("deliver.after_2xx:3", "", 2),
        ("other", "", 4),
        ("deliver.after_2xx", "production", 4),
    ),
)
def test_a_crash_point_kills_at_its_pass_and_nowhere_else(armed, env, passes):
    program = "from app.crashpoints import crashpoint\nfor _ in range(4):\n crashpoint('deliver.after_2xx')\n print(1)"
    environment = {**os.environ, "DESK_CRASHPOINT": armed, "ENV": env}
    ended = subprocess.run(
        [sys.executable, "-uc", program], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.stdout.count("1") == passes
    assert ended.returncode == (0 if passes == 4 else -signal.SIGKILL)


async def test_a_fault_of_ours_ends_the_job_after_every_attempt_was_recorded(desk, receiver, sender):
    holder = await register(desk, receiver.url)
    ids = [await queue(desk, holder) for _ in range(3)]

    class Faulty:
        async def send(self, url, body, headers, *, now):
            if headers["webhook-id"] == str(ids[0]):
                raise RuntimeError("a fault of ours")
            return await sender.send(url, body, headers, now=now)

    with pytest.raises(RuntimeError, match="a fault of ours"):
        await sending.drain(desk, holder.id, Faulty(), db.now)
    states = [(await stored(desk, Delivery, one)).state for one in ids]
    assert states == ["pending", "delivered", "delivered"]
