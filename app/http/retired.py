"""Who was ended: tokens given before a retirement stop working within a minute, in every process."""

from datetime import datetime, timedelta

from app import db
from app.desk import Desk

FRESH = timedelta(seconds=45)
_ENDED = (
    "SELECT id::text AS id FROM client WHERE retired_at IS NOT NULL"
    " UNION ALL SELECT id::text FROM system WHERE state = 'retired'"
)


class Retired:
    """The clients and systems that were retired, read again when the list is older than its freshness."""

    def __init__(self) -> None:
        self._ids: frozenset[str] = frozenset()
        self._read_at: datetime | None = None

    async def has(self, desk: Desk, sub: str, *, now: datetime) -> bool:
        """Whether this machine was ended. A list that cannot be read again raises: nobody is let in on an old one."""
        if self._read_at is None or now - self._read_at > FRESH:
            async with desk.database.transaction() as session:
                self._ids = frozenset(row.id for row in await db.run(session, _ENDED, {}))
            self._read_at = now
        return sub in self._ids
