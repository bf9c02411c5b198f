"""Ten thousand signed events over twenty systems, without and with two that are dead: how fast one worker sends them.

`python -m bench.deliveries` runs it; `--events 2000` with fewer. Beside the worker a receiver runs as a process of its
own. One dead system refuses connections, the other takes them and never answers.
"""

import argparse
import asyncio
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import uvloop
from sqlmodel import col, select

from app import db, embedded, logs, migrations, worker
from app.desk import Desk
from app.jobs import Job, defer
from app.models import System
from app.opening import open_desk
from app.services import signing_keys
from app.settings import Settings
from bench.clock import beside

EVENTS, SYSTEMS = 10_000, 20
TARGET_PER_SECOND, TARGET_SECONDS = 300.0, 60.0
SECONDS_MOST = 240.0
_FILL = """
INSERT INTO request (
    id, receipt_no, capacity, channel, language, notify_by, filed_at, arrived_at, filer_role, filer_iss, filer_sub, key,
    subject_ct, likeness, contacts, policy, identity, reached, version
) SELECT md5(%(run)s || 'r' || n)::uuid, %(run)s || n, 'self', 'web', 'ko', 'email', now(), now(), 'website',
    'urn:bench', 'site', '', '', decode(md5(%(run)s || n), 'hex'), '{}', 'p', 'identified', 'old', 1
FROM generate_series(1, %(claims)s) n;
INSERT INTO claim (
    id, request_id, position, "right", status, edition, due_on, internal_on, due_steps, scope, round, waiting, version
) SELECT md5(%(run)s || 'c' || n)::uuid, md5(%(run)s || 'r' || n)::uuid, 1, 'deletion', 'approved', 'e',
    current_date + 9, current_date + 8, '[]', '{}', 1, '{}', 1
FROM generate_series(1, %(claims)s) n;
INSERT INTO task (
    id, claim_id, request_id, system_id, action, category, status, round, keep, due_at, created_at, version
) SELECT md5(%(run)s || 't' || n || s.id)::uuid, md5(%(run)s || 'c' || n)::uuid, md5(%(run)s || 'r' || n)::uuid, s.id,
    'delete', 'online_mall', 'pending', 1, '[]', now() + interval '5 days', now(), 1
FROM generate_series(1, %(claims)s) n, system s;
INSERT INTO delivery (id, system_id, task_id, claim_id, type, body, state, attempts, next_at, created_at, sent_from)
SELECT gen_random_uuid(), system_id, id, claim_id, 'task.created',
    convert_to(json_build_object('type', 'task.created', 'timestamp', now(), 'data', json_build_object(
        'task_id', id, 'action', action, 'claim_id', claim_id, 'due_at', due_at))::text, 'UTF8'),
    'pending', 0, now(), now(), now()
FROM task WHERE task.request_id IN (SELECT id FROM request WHERE receipt_no LIKE %(run)s || '%%')
"""
_LIVE = (
    "SELECT count(*), extract(epoch FROM percentile_cont(0.99) WITHIN GROUP (ORDER BY delivered_at - %(began)s))"
    " FROM delivery JOIN system ON system.id = delivery.system_id"
    " WHERE delivery.state = 'delivered' AND delivered_at >= %(began)s AND NOT (system.name LIKE 'dead%%')"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one run came to: seconds until the live systems had all of theirs, and by when 99 of 100 of them came."""

    events: int
    seconds: float
    p99_seconds: float
    cpu_ms: float


def main() -> int:
    """Send with all alive, then with two dead."""
    parser = argparse.ArgumentParser(prog="python -m bench.deliveries")
    parser.add_argument("--events", type=int, default=EVENTS)
    wanted = parser.parse_args()
    logs.set_up("ERROR", pretty=True)
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder, embedded.start(Path(folder)) as cluster:
        migrations.upgrade(cluster.url)
        settings = _development(Path(folder), cluster.url)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            print(show(*runner.run(measured(settings, wanted.events))))
    return 0


async def measured(settings: Settings, events: int = EVENTS) -> tuple[Sent, Sent]:
    """Both runs over one database."""
    desk = open_desk(settings, pool_size=worker.AT_ONCE * 2)
    with socket.create_server(("127.0.0.1", 0), backlog=1_000) as deaf:
        port = _free_port()
        receiver = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.receiver", str(port))
        try:
            await _reachable(port)
            await _register(desk, [f"http://127.0.0.1:{port}/{n}" for n in range(SYSTEMS)])
            alive = await _run(desk, "a", events)
            await _kill_two(desk, _free_port(), int(deaf.getsockname()[1]))
            return alive, await _run(desk, "b", events)
        finally:
            receiver.kill()
            await receiver.wait()
            await desk.database.dispose()


def settings_of(served: Settings) -> Settings:
    """The same server of databases, but a database of its own, and endpoints on this machine allowed."""
    url = beside(served.database_url or "", "deliveries")
    migrations.upgrade(url)
    return _development(served.data_dir / "deliveries", url)


def _development(folder: Path, url: str) -> Settings:
    return Settings.load({"DATA_DIR": str(folder), "DATABASE_URL": url, "EXAMPLES": "0"})


def show(alive: Sent, dead: Sent) -> str:
    """The two lines and what they are held against."""
    rate = alive.events / alive.seconds
    lines = [
        f"deliveries, one worker process, {SYSTEMS} systems:",
        f"  all alive       {alive.events:>7,} in {alive.seconds:>6.1f} s = {rate:>5.0f} a second"
        f" ({alive.cpu_ms:.2f} ms CPU each), 99 % within {alive.p99_seconds:.1f} s"
        f"   target {TARGET_PER_SECOND:.0f} a second: {'ok' if rate >= TARGET_PER_SECOND else 'MISSED'}",
        f"  two of them dead{dead.events:>7,} in {dead.seconds:>6.1f} s for the live ones,"
        f" 99 % within {dead.p99_seconds:.1f} s   target {TARGET_SECONDS:.0f} s:"
        f" {'ok' if dead.seconds < TARGET_SECONDS else 'MISSED'}",
    ]
    return "\n".join(lines)


async def _register(desk: Desk, urls: list[str]) -> None:
    now = db.now()
    async with desk.database.transaction() as session:
        for place, url in enumerate(urls):
            system = System(
                id=db.new_id(),
                name=f"live {place}",
                kind="internal",
                state="active",
                categories=["online_mall"],
                actions=["delete"],
                matches_by=["phone"],
                endpoint_url=url,
                scheme="v1a" if place % 2 else "v1",
                contact_email="bench@example.com",
                created_at=now,
            )
            session.add(system)
            await session.flush()
            signing_keys.make(session, system, system.scheme or "v1", now=now - timedelta(seconds=1))


async def _kill_two(desk: Desk, refusing: int, deaf: int) -> None:
    async with desk.database.transaction() as session:
        two = (await session.execute(select(System).order_by(col(System.id)).limit(2))).scalars().all()
        for system, port in zip(two, (refusing, deaf), strict=True):
            system.name, system.endpoint_url = f"dead {port}", f"http://127.0.0.1:{port}/"


async def _defer(desk: Desk) -> None:
    """The job that comes with an event."""
    async with desk.database.transaction() as session:
        for system_id in (await session.execute(select(System.id))).scalars():
            await defer(session, Job("deliver", {"system_id": str(system_id)}))


async def _run(desk: Desk, name: str, events: int) -> Sent:
    """Fill, then let a worker of our own send; it is over when the live systems have all of theirs."""
    url = (desk.settings.database_url or "").replace("postgresql+psycopg://", "postgresql://", 1)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for statement in _FILL.split(";\n"):
            await connection.execute(statement.encode(), {"run": name, "claims": events // SYSTEMS})
        await connection.execute("ANALYZE")
        await _defer(desk)
        waiting = await _one(
            connection,
            "SELECT count(*) FROM delivery JOIN system ON system.id = system_id"
            " WHERE delivery.state = 'pending' AND system.name LIKE 'live%%'",
        )
        stop, began, at = asyncio.Event(), time.monotonic(), await _one(connection, "SELECT clock_timestamp()")
        cpu = time.process_time()
        working = asyncio.create_task(worker.run(desk, stop, alone=True))
        done, p99 = 0, 0.0
        while done < waiting and time.monotonic() < began + SECONDS_MOST:
            await asyncio.sleep(0.2)
            row = await (await connection.execute(_LIVE.encode(), {"began": at})).fetchone()
            assert row is not None
            done, p99 = int(row[0]), float(row[1] or 0)
        took = time.monotonic() - began
        used = time.process_time() - cpu
        stop.set()
        await working
        return Sent(done, took, p99, used / max(done, 1) * 1000)


async def _one(connection: "psycopg.AsyncConnection[tuple[Any, ...]]", statement: LiteralString) -> Any:
    row = await (await connection.execute(statement)).fetchone()
    assert row is not None
    return row[0]


async def _reachable(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise SystemExit("the receiver did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
