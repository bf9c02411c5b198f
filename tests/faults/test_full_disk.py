"""A disk that is really full (F11): a table space of a few megabytes in memory, filled by filings until none fits."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app import embedded, migrations
from tests.e2e.nursery import Nursery
from tests.e2e.processes import ready
from tests.e2e.test_process_faults import Running, environment, says_when_to_come_again

FILINGS_MOST = 4_000
PAGES_LEFT = 60
PAGE = "repeat('x', 7000)"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[embedded.Cluster, Path]]:
    """A cluster, and a folder of 24 MB that its server may write to."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        with embedded.start(tmp_path / "cluster") as cluster:
            owner = Path(f"/proc/{cluster.pid}").stat().st_uid
            space = folder / "space"
            space.mkdir()
            os.chown(space, owner, -1)
            for above in (tmp_path, *list(tmp_path.parents)[:-2]):
                above.chmod(above.stat().st_mode | 0o011)
            yield cluster, space
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_up(server: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Write until the server says that there is no room, then leave a little of it."""
    try:
        while True:
            server.execute(f"INSERT INTO filler SELECT {PAGE} FROM generate_series(1, 100)")
    except psycopg.errors.DiskFull:
        server.execute("DROP TABLE spare")


async def test_filings_are_refused_and_come_through_once_there_is_room(
    small: tuple[embedded.Cluster, Path], nursery: Nursery, tmp_path: Path
) -> None:
    cluster, space = small
    migrations.upgrade(cluster.url)
    plain = cluster.url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as server:
        server.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
        for table in ("request", "claim", "audit_entry", "idempotency"):
            server.execute(f"ALTER TABLE {table} SET TABLESPACE small")
        for table in ("spare", "filler"):
            server.execute(f"CREATE TABLE {table} (said text STORAGE PLAIN) TABLESPACE small")
        server.execute(f"INSERT INTO spare SELECT {PAGE} FROM generate_series(1, {PAGES_LEFT})")
        running = Running(nursery, environment(cluster.url, tmp_path), tmp_path)
        api = running.start("serve")
        try:
            await ready(running.url)
            fill_up(server)
            for caller in range(FILINGS_MOST):
                if await running.file(f"{caller}") is None:
                    break
            assert running.answered and running.refused and all(says_when_to_come_again(one) for one in running.refused)
            assert api.returncode is None
            full = len(running.answered)
            print(f"\n{full} filings fitted, then {len(running.refused)} was told to come again")
            assert await running.count("request") == full
            server.execute("DROP TABLE filler")
            await running.file_at_last(f"{full}")
            assert await running.count("request") == full + 1
            assert running.promises(at_rest=False) == []
        finally:
            await running.close()
