"""A worker that dies while it begins to destroy what a statute kept: begun once by the next, whoever is quicker."""

import signal
from pathlib import Path

import pytest

from tests.api.acts import rows
from tests.api.test_fences import fenced
from tests.e2e.nursery import Born, Nursery
from tests.e2e.processes import until
from tests.house import House
from tests.invariants import look

pytestmark = pytest.mark.slow


async def test_a_sweep_that_dies_midway_is_done_once_by_two_others(
    house: House, environment: dict[str, str], tmp_path: Path, nursery: Nursery
) -> None:
    mall, _ = await fenced(house)
    await rows(house.desk, "UPDATE fence SET until = current_date - 3 RETURNING id")
    running: list[Born] = []

    def worker(**more: str) -> Born:
        log = tmp_path / f"worker-{len(running)}.log"
        running.append(nursery.start("worker", env={**environment, "EXAMPLES": "0", **more}, log=log))
        return running[-1]

    async def begun() -> bool:
        states = await rows(house.desk, "SELECT state FROM fence")
        return {row.state for row in states} == {"destroying"}

    try:
        dying = worker(DESK_CRASHPOINT="fence.before_commit")
        assert await dying.ended(seconds=150) == -signal.SIGKILL
        assert not await begun() and await mall.tasks() == []
        worker()
        worker()
        await until(begun, "both fences begun", seconds=150)
    finally:
        for process in running:
            process.kill()
    assert len(await mall.tasks()) == 2
    begins = "SELECT count(*) AS n FROM audit_entry WHERE convert_from(body, 'UTF8')::json ->> 'action' = 'fence.begin'"
    assert (await rows(house.desk, begins))[0].n == 2
    assert look(house.desk.settings, environment["DATABASE_URL"], logs=[tmp_path]) == []
