"""`python -m bench [--write] [--seconds 2]`: exits 1 only where something was answered wrongly."""

import argparse
import asyncio
import os
import signal
import sys
import time

import uvloop

from app.opening import open_desk
from bench import clock, deliveries, figures, load, parsing, scenes, statements
from bench.figures import YARDSTICK, Figure, Figures, Run
from bench.load import Took
from bench.scenes import CONNECTIONS, Scene
from bench.stage import Server, Stage, opened

WARM_SECONDS = 0.3
SECONDS = 2.0
SECONDS_MOST = 5.0


def main() -> int:
    """Start, drive, print, stop."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--write", action="store_true", help="make this run the baseline")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each figure is driven (at most 5)")
    wanted = parser.parse_args()
    seconds = min(max(wanted.seconds, 0.2), SECONDS_MOST)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    print(f"load of this machine before the run: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with opened() as stage, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        run, wrong = runner.run(_drive(stage, seconds))
        swept = runner.run(clock.measured(stage.settings))
        sent = runner.run(deliveries.measured(deliveries.settings_of(stage.settings)))
    print(figures.show(run))
    print(f"\n{parsing.show(asyncio.run(parsing.measured()))}")
    print(f"\n{clock.show(swept)}")
    print(f"\n{deliveries.show(*sent)}")
    print(f"took {time.monotonic() - began:.0f} s")
    if wrong:
        print("\n".join(["", f"WRONG: {len(wrong)} answers", *sorted(set(wrong))[:10]]), file=sys.stderr)
        return 1
    if wanted.write:
        figures.write(run)
    return 0


async def _drive(stage: Stage, seconds: float) -> tuple[Run, list[str]]:
    desk = open_desk(stage.settings, pool_size=1)
    every = await scenes.scenes(stage, desk)
    found: Figures = {}
    wrong: list[str] = []
    # The yardstick is driven again for each number of connections, close in time to what is held against it.
    for connections in CONNECTIONS:
        echo = await _figure(stage.yardstick, scenes.echo(), connections, seconds, None, wrong)
        found.setdefault(YARDSTICK, {})[connections] = echo
        for scene in every:
            if connections in scene.connections:
                figure = await _figure(stage.desk, scene, connections, seconds, echo, wrong)
                found.setdefault(scene.name, {})[connections] = figure
    memory = stage.desk.memory_mb()
    sent = await statements.counted(stage, every)
    await desk.database.dispose()
    return Run(found, sent, stage.seconds_to_ready, memory), wrong


async def _figure(
    server: Server, scene: Scene, connections: int, seconds: float, echo: Figure | None, wrong: list[str]
) -> Figure:
    await load.drive(server.port, scene.make, scene.judge, connections=connections, seconds=WARM_SECONDS)
    before = server.cpu_seconds()
    took = await load.drive(server.port, scene.make, scene.judge, connections=connections, seconds=seconds)
    cpu = (server.cpu_seconds() - before) * 1000 / max(took.answers, 1)
    wrong += [f"{scene.name}: {one}" for one in took.wrong]
    if took.shed:
        print(f"{scene.name} at {connections} connections: {took.shed} of {took.answers} shed with 429 or 503")
    return _against(took, cpu, echo)


def _against(took: Took, cpu: float, echo: Figure | None) -> Figure:
    rate = took.per_second
    return Figure(
        per_second=rate,
        p50_ms=took.percentile(0.50),
        p99_ms=took.percentile(0.99),
        cpu_ms=cpu,
        ratio=rate / echo.per_second if echo else 1.0,
        cpu_ratio=cpu / echo.cpu_ms if echo and echo.cpu_ms else 1.0,
    )


if __name__ == "__main__":
    sys.exit(main())
