"""How many SQL statements an operation sends, counted in the database's own log."""

import re
import time
from pathlib import Path

import psycopg

from bench import load
from bench.scenes import Scene
from bench.stage import Stage

_STATEMENT = re.compile(r" LOG:  (?:statement|execute [^:]*):\s+(\w+)")
_FRAME = frozenset({"BEGIN", "COMMIT", "ROLLBACK", "ALTER"})
SETTLE_SECONDS = 0.2


async def counted(stage: Stage, scenes: list[Scene]) -> dict[str, int]:
    """Statements a call, without those that only open and end the transaction."""
    found: dict[str, int] = {}
    with _logging(stage):
        for scene in scenes:
            await load.once(stage.desk.port, scene.make(0))
            before = stage.database_log.stat().st_size
            await load.once(stage.desk.port, scene.make(1))
            found[scene.name] = _count(stage.database_log, before)
    return found


def _count(log: Path, before: int) -> int:
    time.sleep(SETTLE_SECONDS)
    with log.open("rb") as file:
        file.seek(before)
        written = file.read().decode("utf-8", "replace")
    return sum(found[1].upper() not in _FRAME for found in _STATEMENT.finditer(written))


class _logging:  # noqa: N801 - reads as a phrase
    """Have the server log every statement for a while; what is in them is made up."""

    def __init__(self, stage: Stage) -> None:
        self._url = (stage.settings.database_url or "").replace("postgresql+psycopg://", "postgresql://", 1)

    def __enter__(self) -> None:
        self._set("ALTER SYSTEM SET log_statement = 'all'")

    def __exit__(self, *_: object) -> None:
        self._set("ALTER SYSTEM RESET log_statement")

    def _set(self, command: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(command.encode())
            connection.execute("SELECT pg_reload_conf()")
        time.sleep(SETTLE_SECONDS)
