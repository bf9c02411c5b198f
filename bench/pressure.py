"""How the desk bears what may come: filings at a steady rate, a thousand at once, reads among 200,000 requests.

`python -m bench.pressure` runs it for ten minutes; `--seconds 60` for less. Calls come when they come (open loop): what
is answered late is late from the moment it should have begun, not from when a connection became free.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import psycopg
import uvloop

from app.opening import open_desk
from bench import load, scenes
from bench.clock import fill
from bench.scenes import Scene
from bench.stage import Stage, opened

FILINGS_PER_SECOND, FILINGS_P99_MS = 50, 300.0
READS_PER_SECOND, READS_P99_MS, READS_SECONDS = 200, 150.0, 30.0
BURST = 1_000
SECONDS = 600.0
LINES = 128


@dataclass(slots=True)
class Borne:
    """What one run came to: the time of each good answer, how many were refused for now, and what was wrong."""

    times: list[float] = field(default_factory=list)
    refused: int = 0
    wrong: Counter[str] = field(default_factory=Counter)

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the good answers came."""
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else float("nan")


def main() -> int:
    """Press in three ways; exit 1 if anything was lost or answered wrongly."""
    parser = argparse.ArgumentParser(prog="python -m bench.pressure")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long filings come")
    wanted = parser.parse_args()
    with opened() as stage, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_press(stage, wanted.seconds))


async def _press(stage: Stage, seconds: float) -> int:
    desk = open_desk(stage.settings, pool_size=1)
    every = {one.name: one for one in await scenes.scenes(stage, desk)}
    filing, reading = every["file a request"], every["get one request"]
    before = _requests(stage)
    steady = await _steadily(stage, filing, FILINGS_PER_SECOND, seconds)
    burst = await _at_once(stage, filing)
    kept = _requests(stage) - before
    fill(desk, stage.settings.database_url or "")
    reads = await _steadily(stage, reading, READS_PER_SECOND, min(seconds, READS_SECONDS))
    await desk.database.dispose()
    acknowledged = len(steady.times) + len(burst.times)
    print(_line(f"{FILINGS_PER_SECOND} filings a second for {seconds:.0f} s", steady, FILINGS_P99_MS))
    print(_line(f"{BURST} filings at once", burst, None))
    print(f"  {acknowledged} filings acknowledged, {kept} kept: {'nothing lost' if kept >= acknowledged else 'LOST'}")
    print(_line(f"{READS_PER_SECOND} reads a second among 200,000 requests", reads, READS_P99_MS))
    wrong = steady.wrong + burst.wrong + reads.wrong
    for fault, times in wrong.most_common(5):
        print(f"WRONG {times} times: {fault}", file=sys.stderr)
    return 1 if wrong or kept < acknowledged else 0


async def _steadily(stage: Stage, scene: Scene, per_second: int, seconds: float) -> Borne:
    free: asyncio.Queue[load.Line] = asyncio.Queue()
    lines = [await load.connect(stage.desk.port) for _ in range(LINES)]
    for one in lines:
        free.put_nowait(one)
    borne, calls = Borne(), int(per_second * seconds)
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(calls):
            due = began + number / per_second
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            group.create_task(_one(free, scene, number, due, borne))
    for one in lines:
        one.close()
    return borne


async def _at_once(stage: Stage, scene: Scene) -> Borne:
    borne, lines = Borne(), [await load.connect(stage.desk.port) for _ in range(BURST)]
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, line in enumerate(lines):
            free: asyncio.Queue[load.Line] = asyncio.Queue()
            free.put_nowait(line)
            group.create_task(_one(free, scene, number, began, borne))
    for one in lines:
        one.close()
    return borne


async def _one(free: "asyncio.Queue[load.Line]", scene: Scene, number: int, due: float, borne: Borne) -> None:
    line = await free.get()
    try:
        async with asyncio.timeout(60):
            status, body = await line.ask(scene.make(number))
    except (TimeoutError, OSError) as error:
        borne.wrong[f"no answer: {type(error).__name__}"] += 1
        return
    finally:
        free.put_nowait(line)
    if status in (429, 503):
        borne.refused += 1
    elif (fault := scene.judge(status, body)) is not None:
        borne.wrong[fault[:120]] += 1
    else:
        borne.times.append(time.perf_counter() - due)


def _requests(stage: Stage) -> int:
    plain = (stage.settings.database_url or "").replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain) as connection:
        row = connection.execute("SELECT count(*) FROM request").fetchone()
    assert row is not None
    return int(row[0])


def _line(what: str, borne: Borne, target: float | None) -> str:
    p99 = borne.percentile(0.99)
    told = f"{what:<46}{len(borne.times):>7} good, {borne.refused} refused for now, p50 {borne.percentile(0.5):.0f} ms,"
    held = "" if target is None else f"   target {target:.0f}: {'ok' if p99 < target else 'MISSED'}"
    return f"{told} p99 {p99:.0f} ms{held}"


if __name__ == "__main__":
    sys.exit(main())
