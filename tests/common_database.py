"""One database for all tests of a process that only use it: emptied after each, its connections kept.

Making a database, connecting to it and learning its statements anew cost more than most tests do.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg_pool import AsyncConnectionPool

from app.db import Database

EMPTY = """
DO $$
DECLARE
    name regclass;
    filled boolean;
BEGIN
    FOR name IN
        SELECT oid FROM pg_class
        WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
        AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO filled;
        IF filled THEN
            EXECUTE format('DELETE FROM %s', name);
        END IF;
    END LOOP;
END $$
"""
TABLES = (
    "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    " AND relname <> 'alembic_version'"
)
REWIND = (
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
    " FROM pg_sequences WHERE last_value IS NOT NULL"
)
STRAY = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'"
)


class CommonDatabase:
    """A migrated database, the desk's pool and the queue's pool over it."""

    def __init__(self, url: str) -> None:
        self.url = url
        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self.database = Database(url, pool_size=12)
        self.queue_pool = AsyncConnectionPool(plain, min_size=1, max_size=4, open=False)
        self._cleaner = psycopg.connect(plain, autocommit=True)
        self._cleaner.execute("SET session_replication_role = replica")  # no trigger, no foreign key is in the way
        self._seeds = self._seeded()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["CommonDatabase"]:
        """With the queue's pool; every connection is closed at the end."""
        async with self.queue_pool:
            yield self
        await self.database.dispose()
        self._cleaner.close()

    async def empty(self) -> None:
        """Leave the rows that migrations put in, and no others; throw away connections that a test left at work."""
        if self._cleaner.execute(STRAY).fetchall():
            await self.database.dispose()
            await self.queue_pool.check()
        with self._cleaner.transaction():
            self._cleaner.execute(EMPTY)
            for table, rows in self._seeds.items():
                with self._cleaner.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                    copy.write(rows)
            self._cleaner.execute(REWIND)

    def _seeded(self) -> dict[str, bytes]:
        found = {}
        for (table,) in self._cleaner.execute(TABLES).fetchall():
            with self._cleaner.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
                rows = b"".join(bytes(part) for part in copy)
            if rows:
                found[table] = rows
        return found
