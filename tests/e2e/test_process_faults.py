"""What befalls processes as such: their database dies, they are asked to end, nobody reads them, two are started.

F8, F53, F55, F56: recovered from without a restart, accepted work is never lost, and what is refused says so.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app import db, embedded, migrations
from app.desk import Desk
from app.jobs import Job, defer
from app.law.deadline import seoul_date
from app.opening import open_desk
from app.settings import Settings
from app.tokens import LIFETIME, Role
from tests.conftest import REGISTER_SECRET
from tests.e2e.nursery import Born, Nursery
from tests.e2e.processes import free_port, ready, until
from tests.house import GILDONG, ONLINE_MALL, bearer
from tests.invariants import Answered, look

pytestmark = pytest.mark.slow
PATIENCE_S = 180.0
FILING = {"capacity": "self", "channel": "web", "subject": GILDONG, "claims": [ONLINE_MALL], "notify_by": "sms"}


class Running:
    """A desk in processes of its own, whoever calls it, and what they were answered."""

    def __init__(self, nursery: Nursery, env: dict[str, str], folder: Path) -> None:
        self.nursery, self.env, self.folder = nursery, env, folder
        self.url = f"http://127.0.0.1:{env['PORT']}"
        self.desk: Desk = open_desk(Settings.load(env), pool_size=3)
        self.http = httpx.AsyncClient(base_url=self.url, timeout=PATIENCE_S)
        self.answered: list[Answered] = []
        self.refused: list[httpx.Response | httpx.TransportError] = []
        self.born: list[Born] = []

    def start(self, command: str, *, deaf: bool = False, **more: str) -> Born:
        log = self.folder / f"{command}-{len(self.born)}.log"
        self.born.append(self.nursery.start(command, env={**self.env, **more}, log=log, deaf=deaf))
        return self.born[-1]

    def role(self, role: str, sub: str | None = None) -> dict[str, str]:
        return bearer(self.desk.issuer.issue(role, sub or f"{role}-1", LIFETIME[Role(role)], now=db.now()))

    async def file(self, key: str) -> httpx.Response | None:
        """File once under this key; what came of it is remembered."""
        try:
            headers = {"Idempotency-Key": key, **self.role("website")}
            reply = await self.http.post("/v1/requests", json=FILING, headers=headers)
        except httpx.TransportError as error:
            self.refused.append(error)
            return None
        if reply.status_code == 201:
            self.answered.append(Answered(key, reply.headers["location"], reply.json()))
            return reply
        self.refused.append(reply)
        return None

    async def file_at_last(self, key: str) -> None:
        """File under this key until it is taken."""
        for _ in range(int(PATIENCE_S)):
            if await self.file(key) is not None:
                return
            await asyncio.sleep(1)
        raise AssertionError("a filing was never taken")

    async def count(self, of: str) -> int:
        async with self.desk.database.transaction() as session:
            found: int = (await session.execute(text(f"SELECT count(*) FROM {of}"))).scalar_one()
            return found

    def promises(self, **known: Any) -> list[str]:
        return look(
            self.desk.settings,
            self.env["DATABASE_URL"],
            answered=self.answered,
            logs=[self.folder],
            canaries=("홍길동", "gildong@", "1012345678"),
            **known,
        )

    async def close(self) -> None:
        for born in self.born:
            born.kill()
        await self.http.aclose()
        await self.desk.database.dispose()


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    return {
        "DATA_DIR": str(folder / "data"), "DATABASE_URL": url, "PORT": str(free_port()), "EXAMPLES": "0",
        "REGISTER_SECRET": REGISTER_SECRET, "WORKER": "none", **more,
    }  # fmt: skip


@pytest.fixture
async def running(database_url: str, nursery: Nursery, tmp_path: Path) -> Any:
    """Over the database of this run; nothing has been started yet."""
    built = Running(nursery, environment(database_url, tmp_path), tmp_path)
    yield built
    await built.close()


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of so short a name that the server listens on a socket in it, and comes back at the same address."""
    with tempfile.TemporaryDirectory(prefix="desk-") as folder:
        yield Path(folder)


@pytest.fixture
def own_cluster(home: Path) -> Iterator[embedded.Cluster]:
    """A PostgreSQL of this test's own, with full durability, because it is killed."""
    with embedded.start(home) as cluster:
        migrations.upgrade(cluster.url)
        yield cluster


def says_when_to_come_again(reply: httpx.Response | httpx.TransportError) -> bool:
    return isinstance(reply, httpx.TransportError) or (
        reply.status_code == 503 and int(reply.headers["retry-after"]) > 0
    )


async def test_a_database_that_dies_under_load_is_waited_for_by_api_and_worker(
    own_cluster: embedded.Cluster, home: Path, nursery: Nursery, tmp_path: Path
) -> None:
    """F8: no process of ours ends, no answer is untrue, and what waits in the queue is done."""
    running = Running(nursery, environment(own_cluster.url, tmp_path), tmp_path)
    api, worker = running.start("serve"), running.start("worker")
    again: embedded.Cluster | None = None
    try:
        await ready(running.url)
        filing = asyncio.gather(*[running.file_at_last(f"{caller}") for caller in range(12)])
        await until(lambda: _true(len(running.answered) >= 3), "the first answers", seconds=PATIENCE_S)
        filing_more = asyncio.gather(*[running.file_at_last(f"more-{caller}") for caller in range(12)])
        os.kill(own_cluster.pid, signal.SIGQUIT)  # at once, as a machine that loses its power
        refused = len(running.refused)
        await until(lambda: _true(len(running.refused) > refused), "a refusal", seconds=PATIENCE_S)
        away = await running.http.get("/readyz")
        assert away.status_code == 503 and (await running.http.get("/healthz")).status_code == 200
        # The worker's queue ends with its connections: it has to be begun anew, not once but until it is back.
        log = worker.log
        await until(lambda: _true(log.read_text("utf-8").count("is begun anew") >= 2), "the queue", seconds=PATIENCE_S)
        own_cluster.stop()
        again = embedded.start(home)
        await asyncio.wait_for(asyncio.gather(filing, filing_more), PATIENCE_S)
        await ready(running.url)
        assert all(says_when_to_come_again(one) for one in running.refused), running.refused
        assert await running.count("request") == len({one.key for one in running.answered}) == 24

        first = running.answered[0].body
        asked = await running.http.post(
            f"/v1/requests/{first['id']}/verifications",
            json={"party": "subject", "method": "phone_code", "purpose": "identity"},
            headers={"Idempotency-Key": "code", **bearer(first["requester_token"])},
        )
        assert asked.status_code == 202
        texts = tmp_path / "data" / "outbox" / "sms"
        await until(lambda: _true(any(texts.glob("*.json"))), "the worker to send a code", seconds=PATIENCE_S)
        assert (api.returncode, worker.returncode) == (None, None)
        assert running.promises(at_rest=False) == []
    finally:
        await running.close()
        if again is not None:
            again.stop()


async def _true(what: bool) -> bool:
    return what


async def test_whoever_was_let_in_is_answered_before_the_process_ends(running: Running) -> None:
    """F56: asked to end amid a crowd, the API answers whom it took, refuses nobody with a fault, and ends with 0."""
    api = running.start("serve")
    await ready(running.url)
    crowd = [asyncio.create_task(running.file(f"{caller}")) for caller in range(40)]
    await until(lambda: _true(bool(running.answered)), "the first answer", seconds=PATIENCE_S)
    assert await asyncio.to_thread(api.stop, seconds=PATIENCE_S) == 0
    await asyncio.gather(*crowd)
    assert all(says_when_to_come_again(one) for one in running.refused), running.refused
    assert await running.count("request") == len(running.answered) >= 1
    running.start("serve")
    await ready(running.url)
    await asyncio.gather(*[running.file_at_last(f"{caller}") for caller in range(40)])
    assert await running.count("request") == 40
    assert running.promises(at_rest=False) == []


async def test_a_service_that_nobody_reads_goes_on(running: Running) -> None:
    """F53: stdout and stderr are pipes that have closed; who looked at whose data is on record all the same."""
    deaf = running.start("serve", deaf=True, WORKER="inline")
    await ready(running.url)
    for caller in range(3):
        reply = await running.file(f"{caller}")
        assert reply is not None
    officer = running.role("officer")
    seen = await running.http.get(f"/v1/requests/{running.answered[0].body['id']}", headers=officer)
    assert seen.status_code == 200
    assert await running.count("access_log WHERE operation = 'file_request' AND result = 'ok'") == 3
    assert await running.count("access_log WHERE operation = 'get_request' AND result = 'ok'") == 1

    async def swept() -> bool:
        return await running.count("procrastinate_periodic_defers WHERE task_name = 'sweep'") > 0

    await until(swept, "the worker to work", seconds=PATIENCE_S)
    assert await asyncio.to_thread(deaf.stop, seconds=PATIENCE_S) == 0
    assert running.promises(at_rest=False) == []


async def test_two_workers_do_what_a_day_brings_once(running: Running) -> None:
    """F55: the same minute is looked at by both, again and again; each warning and each mail comes once."""
    running.start("serve")
    await ready(running.url)
    await running.file("late")
    async with running.desk.database.transaction() as session:
        await session.execute(text("UPDATE request SET filed_at = filed_at - interval '11 days'"))
        today = seoul_date(db.now())
        await session.execute(text("UPDATE claim SET due_on = :on, internal_on = :next"), _days(today))
        for _ in range(8):
            await defer(session, Job("watch", {"timestamp": "0"}))
    workers = running.start("worker"), running.start("worker")

    async def looked() -> bool:
        return await running.count("procrastinate_jobs WHERE task_name = 'watch' AND status = 'todo'") == 0

    async def told() -> bool:
        return await running.count("message WHERE state = 'queued'") == 0 < await running.count("due_warning")

    await until(looked, "eight looks", seconds=PATIENCE_S)
    await until(told, "the warnings", seconds=PATIENCE_S)
    assert [await asyncio.to_thread(worker.stop, seconds=PATIENCE_S) for worker in workers] == [0, 0]
    assert await running.count("due_warning") == 1
    async with running.desk.database.transaction() as session:
        kinds = "SELECT kind, count(*) AS times FROM message GROUP BY kind ORDER BY kind"
        sent = {row.kind: row.times for row in await session.execute(text(kinds))}
        made = await session.execute(text("SELECT count(*) FROM message WHERE kind = 'due_today'"))
        people = len({running.desk.policy.desk_email, running.desk.policy.approver_email, *_deputies(running)})
        assert made.scalar_one() == people, sent
    assert await running.count("procrastinate_jobs WHERE status = 'failed'") == 0
    assert running.promises() == []


def _days(today: date) -> dict[str, date]:
    return {"on": today, "next": today + timedelta(days=1)}


def _deputies(running: Running) -> list[str]:
    today = seoul_date(db.now())
    return [
        one.email
        for one in running.desk.policy.deputies
        if one.since <= today and (one.until is None or today < one.until)
    ]
