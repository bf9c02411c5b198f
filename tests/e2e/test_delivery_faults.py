"""Workers that die or stand still in the middle of a delivery, and a backlog with a dead system (F4-F7, F57)."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import text

from app.desk import Desk
from app.jobs import Job, defer
from app.models import Delivery
from app.opening import open_desk
from app.settings import Settings
from tests.e2e.nursery import Born, Nursery
from tests.e2e.processes import until
from tests.invariants import look
from tests.worker.holders import Holder, file_claim, outcomes, queue, register, stored
from tests.worker.test_deliveries import noted

pytestmark = pytest.mark.slow


@pytest.fixture
def desk_url(database_url: str) -> str:
    """Their own: processes are killed over it."""
    return database_url


class Gate:
    """An endpoint whose answers the test lets out, in the order in which the events came."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.claims: list[str] = []
        self.open = asyncio.Event()
        self.status = 204

    async def take(self, request: web.Request) -> web.Response:
        await request.read()
        self.ids.append(request.headers["webhook-id"])
        status, opened = self.status, self.open
        await opened.wait()
        return web.Response(status=status)


class Scene:
    """One database, endpoints in this process, workers in their own."""

    def __init__(self, environment: dict[str, str], folder: Path, nursery: Nursery) -> None:
        self.environment, self.folder, self.nursery = environment, folder, nursery
        self.desk: Desk = open_desk(Settings.load(environment), pool_size=3)
        self.gates: list[Gate] = []
        self.processes: list[Born] = []
        self._runners: list[web.AppRunner] = []

    async def gate(self, *, opened: bool) -> tuple[Gate, str]:
        """An endpoint and its address."""
        gate, app = Gate(), web.Application()
        if opened:
            gate.open.set()
        app.router.add_post("/events", gate.take)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._runners.append(runner)
        self.gates.append(gate)
        return gate, f"http://127.0.0.1:{runner.addresses[0][1]}/events"

    def worker(self, **more: str) -> Born:
        """A worker process."""
        log = self.folder / f"worker-{len(self.processes)}.log"
        self.processes.append(self.nursery.start("worker", env={**self.environment, **more}, log=log))
        return self.processes[-1]

    def hold_promises(self) -> None:
        """What is promised of events, the chain and the logs; the rest of these lives is rows that stand for one."""
        url, of = self.environment["DATABASE_URL"], ("P4", "P8", "P10", "P11", "P12")
        assert look(Settings.load(self.environment), url, of=of, logs=[self.folder]) == []

    async def queued(self, holder: Holder) -> Any:
        """An event about a task, with its job."""
        delivery_id = await queue(self.desk, holder, await file_claim(self.desk))
        await self.hurry(holder)
        return delivery_id

    async def hurry(self, holder: Holder) -> None:
        """A job, as whoever makes an event leaves one."""
        async with self.desk.database.transaction() as session:
            await defer(session, Job("deliver", {"system_id": str(holder.id)}))

    async def let_a_minute_pass(self, holder: Holder) -> None:
        """The lease of whoever is gone runs out; a job comes, as the sweep would leave one."""
        async with self.desk.database.transaction() as session:
            await session.execute(text("UPDATE delivery SET lease_until = now() WHERE lease IS NOT NULL"))
        await self.hurry(holder)

    async def delivered(self, delivery_id: Any) -> bool:
        found: Delivery = await stored(self.desk, Delivery, delivery_id)
        return found.state == "delivered"

    async def close(self) -> None:
        """End everything."""
        for process in self.processes:
            process.kill()
        for gate in self.gates:
            gate.open.set()
        for runner in self._runners:
            await runner.cleanup()
        await self.desk.database.dispose()


@pytest.fixture
async def scene(environment: dict[str, str], tmp_path: Path, nursery: Nursery) -> AsyncIterator[Scene]:
    """Nothing runs yet; whatever befell the workers, the promises hold at the end."""
    built = Scene({**environment, "EXAMPLES": "0"}, tmp_path, nursery)
    yield built
    await built.close()
    built.hold_promises()


async def test_three_workers_die_over_one_event_and_the_fourth_delivers_it(scene: Scene) -> None:
    gate, url = await scene.gate(opened=False)
    holder = await register(scene.desk, url)
    event = await scene.queued(holder)

    # Before it was sent (F4): nothing came, and it is still leased.
    assert await scene.worker(DESK_CRASHPOINT="deliver.after_claim").ended() == -signal.SIGKILL
    assert gate.ids == [] and (await stored(scene.desk, Delivery, event)).lease is not None

    # While the endpoint reads it (F5).
    await scene.let_a_minute_pass(holder)
    second = scene.worker()

    async def came() -> bool:
        return len(gate.ids) == 1

    await until(came, "the event")
    second.kill()

    # After it was taken, before that was written down (F6).
    gate.open.set()
    await scene.let_a_minute_pass(holder)
    assert await scene.worker(DESK_CRASHPOINT="deliver.after_2xx").ended() == -signal.SIGKILL
    assert not await scene.delivered(event)

    await scene.let_a_minute_pass(holder)
    last = scene.worker()
    await until(lambda: scene.delivered(event), "the delivery")
    assert last.stop() == 0
    # The receiver knows the repeat by its id; what may have arrived is on record, and it was delivered once.
    assert gate.ids == [str(event)] * 3
    assert await outcomes(scene.desk, event) == [(None, "unknown")] * 3 + [(204, "delivered")]
    assert len(await noted(scene.desk, "delivery.delivered")) == 1


async def test_a_worker_that_stood_still_says_nothing_about_what_another_has_sent(scene: Scene) -> None:
    gate, url = await scene.gate(opened=False)
    gate.status = 500
    holder = await register(scene.desk, url)
    event = await scene.queued(holder)
    first = scene.worker()

    async def came() -> bool:
        return len(gate.ids) == 1

    await until(came, "the event")
    first.send(signal.SIGSTOP)
    held, gate.open, gate.status = gate.open, asyncio.Event(), 204
    gate.open.set()
    await scene.let_a_minute_pass(holder)
    second = scene.worker()
    await until(lambda: scene.delivered(event), "the second delivery")

    held.set()
    first.send(signal.SIGCONT)
    assert (first.stop(), second.stop()) == (0, 0)
    assert gate.ids == [str(event)] * 2
    assert await outcomes(scene.desk, event) == [(None, "unknown"), (204, "delivered")]
    assert await scene.delivered(event)


async def test_a_worker_that_is_asked_to_end_amid_a_delivery_brings_it_to_its_end(scene: Scene) -> None:
    """F56: nobody has to wait for a lease that nobody holds any more."""
    gate, url = await scene.gate(opened=False)
    holder = await register(scene.desk, url)
    event = await scene.queued(holder)
    worker = scene.worker()

    async def came() -> bool:
        return len(gate.ids) == 1

    await until(came, "the event")
    worker.send(signal.SIGTERM)
    gate.open.set()
    assert await worker.ended() == 0
    assert await scene.delivered(event) and (await stored(scene.desk, Delivery, event)).lease is None
    assert gate.ids == [str(event)] and await outcomes(scene.desk, event) == [(204, "delivered")]


async def test_a_backlog_for_a_dead_system_keeps_none_from_its_events(scene: Scene) -> None:
    """The dead one takes connections and never answers; with its backlog come as many jobs as events."""
    silent, url = await scene.gate(opened=False)
    dead = await register(scene.desk, url)
    live = [await scene.gate(opened=True) for _ in range(4)]
    holders = [await register(scene.desk, one) for _, one in live]
    backlog = [await queue(scene.desk, dead) for _ in range(200)]
    for _ in backlog:
        await scene.hurry(dead)
    events: dict[Gate, list[Any]] = {}
    for (gate, _), holder in zip(live, holders, strict=True):
        events[gate] = [await queue(scene.desk, holder) for _ in range(25)]
        await scene.hurry(holder)
    scene.worker()

    async def all_came() -> bool:
        return all(len(set(gate.ids)) == 25 for gate in events)

    await until(all_came, "the events of the live ones")
    # With a place for each of its jobs forty attempts at the dead one would stand open, and the live ones wait.
    assert len(silent.ids) < 12
    assert all(sorted(gate.ids) == sorted(map(str, ids)) for gate, ids in events.items())
    # And nothing of the dead one is lost.
    silent.open.set()

    async def drained() -> bool:
        async with scene.desk.database.transaction() as session:
            left = "SELECT count(*) FROM delivery WHERE state <> 'delivered'"
            return bool((await session.execute(text(left))).scalar_one() == 0)

    await until(drained, "the backlog, once the dead one answers", seconds=150)
    assert sorted(set(silent.ids)) == sorted(map(str, backlog))
