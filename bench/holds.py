"""A million active holds in the memory of one process: megabytes, time to load, of a batch, to hear of a change.

`python -m bench.holds` runs it; `--holds 100000` with fewer.
"""

import argparse
import asyncio
import gc
import hashlib
import os
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import uvloop

from app import embedded, migrations
from app.db import Database, run
from app.services import hold_listener
from app.services.checks import _ACTIVE
from app.services.hold_index import HoldIndex

HOLDS = 1_000_000
TARGET_MB = 300.0
BATCH, ROUNDS = 1_000, 30
# Triggers and references sleep while it is filled: a million claims are not what is measured.
_FILL = """
SET session_replication_role = replica;
INSERT INTO hold (id, claim_id, kind, category, fields, purposes, basis, since)
    SELECT md5('h' || n)::uuid, md5('c' || n)::uuid, 'suspended', 'online_mall', NULL,
        ARRAY[(ARRAY['delivery', 'marketing'])[n %% 2 + 1]], '법 37②', now() FROM generate_series(1, %(holds)s) n;
INSERT INTO hold_key (hold_id, digest, feed_digest)
    SELECT md5('h' || n)::uuid, sha256((kind || n)::bytea), sha256((kind || n)::bytea)
    FROM generate_series(1, %(holds)s) n, unnest(ARRAY['phone', 'customer_no']) kind;
"""
_PLACE = """
INSERT INTO hold (id, claim_id, kind, category, basis, since)
    SELECT gen_random_uuid(), claim_id, 'suspended', 'online_mall', '법 37②', now() FROM hold LIMIT 1
"""


def main() -> int:
    """Fill, load, ask."""
    parser = argparse.ArgumentParser(prog="python -m bench.holds")
    parser.add_argument("--holds", type=int, default=HOLDS)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder, embedded.start(Path(folder)) as cluster:
        migrations.upgrade(cluster.url)
        plain = cluster.url.replace("postgresql+psycopg://", "postgresql://", 1)
        with psycopg.connect(plain, autocommit=True) as connection:
            for statement in _FILL.strip().split(";\n"):
                connection.execute(statement.strip(";").encode(), {"holds": wanted.holds})
            connection.execute("ANALYZE hold, hold_key")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_measured(cluster.url, plain, wanted.holds))
    return 0


async def _measured(url: str, plain: str, holds: int) -> None:
    database = Database(url, pool_size=4)
    index = HoldIndex(database, url)
    gc.collect()
    before, began = _memory_mb(), time.monotonic()
    pauses: list[float] = []
    ticking = asyncio.create_task(_tick(pauses))
    index.start(hold_listener.listen)
    while index.seq is None:  # noqa: ASYNC110 - it is measured from outside
        await asyncio.sleep(0.01)
    seconds = time.monotonic() - began
    ticking.cancel()
    with suppress(asyncio.CancelledError):
        await ticking
    grown = _memory_mb() - before
    print(f"{holds:,} holds, two keys each: {grown:.0f} MB (target {TARGET_MB:.0f}), loaded in {seconds:.1f} s")
    print(f"longest pause of the loop while loading: {max(pauses) * 1000:.0f} ms")
    asked = [_digest(f"phone{number * 7 if number % 2 else -number}") for number in range(BATCH)]
    memory, stored = await _batches(index, database, asked)
    print(f"look-up of {BATCH:,} people: memory {memory:.2f} ms of CPU, database {stored:.2f} ms waited")
    print(f"known to another process after its commit: {await _honoured(index, plain):.1f} ms (median of {ROUNDS})")
    await index.stop()
    await database.dispose()


async def _batches(index: HoldIndex, database: Database, asked: list[bytes]) -> tuple[float, float]:
    memory, stored = [], []
    for _ in range(ROUNDS):
        await index.find([])  # confirmed now, so that the look-up alone is measured
        began = time.thread_time()
        found = await index.find(asked)
        memory.append(time.thread_time() - began)
        async with database.transaction() as session:
            began = time.perf_counter()
            rows = await run(session, _ACTIVE, {"digests": asked})
            stored.append(time.perf_counter() - began)
        if found is None or {row.digest for row in rows} != set(found):
            sys.exit("WRONG: memory says another thing than the database")
    return statistics.median(memory) * 1000, statistics.median(stored) * 1000


async def _honoured(index: HoldIndex, plain: str) -> float:
    took = []
    async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as other:
        await other.execute("ALTER TABLE hold DROP CONSTRAINT fk_hold_claim_id")
        for _ in range(ROUNDS):
            before = index.seq
            await other.execute(_PLACE)
            began = time.perf_counter()
            while index.seq == before:  # noqa: ASYNC110 - it is measured from outside
                await asyncio.sleep(0.0005)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(0.02)
    return statistics.median(took) * 1000


async def _tick(pauses: list[float]) -> None:
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.001)
        pauses.append(time.monotonic() - began - 0.001)


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()


def _memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
