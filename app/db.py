"""The engine, the unit of work and the clock: the only module that asks what time it is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import uuid_utils.compat
from psycopg.rows import namedtuple_row
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

WAITING_MOST = 20
"""So many wait for each connection of the pool; who comes then waits for nothing, and is told to come again."""
Closing = Callable[[AsyncSession], Awaitable[object]]
OTHERS = (
    "SELECT count(*) AS found FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'"
)
"""What the sessions of another role are, only a superuser is told; they are taken for what they may be."""
_HEARD: Mapping[str, Any] = {
    "connect_timeout": 2,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server that is gone without a word is noticed within half a minute, not within the kernel's two hours."""


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """A UUIDv7: sorts by time of making, so that keyset pages and indexes stay narrow."""
    return uuid_utils.compat.uuid7()


class _Pool(AsyncAdaptedQueuePool):
    """A pool at which no endless queue forms: under a burst the first are served soon, not all of them too late."""

    waiting = 0

    def _do_get(self) -> ConnectionPoolEntry:
        if self.waiting >= WAITING_MOST * self.size():
            raise PoolTimeout("too many wait for a connection")
        self.waiting += 1
        try:
            return super()._do_get()
        finally:
            self.waiting -= 1


class Database:
    """One pool of connections and the unit of work over it."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            poolclass=_Pool,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=False,
            connect_args=dict(_HEARD),
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._alone = async_sessionmaker(alone, expire_on_commit=False)
        self.info: dict[str, object] = {}
        self._lines: dict[str, Line] = {}

    def line(self, use: str) -> "Line":
        """The connection that is kept for this use alone, for one who asks without end; closed with the rest."""
        return self._lines.setdefault(use, Line(self.engine))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back when it raises.

        What was put under `closing` runs last before the commit: the audit chain is locked there, once and last.
        """
        session = self._sessions(info=dict(self.info))
        try:
            yield session
            await close(session)
            if session.in_transaction():
                await session.commit()
        finally:
            if session.in_transaction():
                async with session:  # gives the connection back even where the caller has left meanwhile
                    pass

    @asynccontextmanager
    async def singly(self) -> AsyncIterator[AsyncSession]:
        """Statements that are each a transaction of their own: one way to the database and back, and it is done."""
        async with self._alone(info=dict(self.info)) as session:
            yield session

    async def dispose(self) -> None:
        """Close every connection."""
        for line in self._lines.values():
            await line.close()
        await self.engine.dispose()


class Line:
    """One connection of the driver, without a pool and a session: each statement is a transaction of its own.

    One statement at a time. It opens when it is first wanted, and again after it was lost or left in the middle.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._one = asyncio.Lock()

    async def run(self, statement: LiteralString, values: Mapping[str, Any]) -> list[Any]:
        """Run one statement, as `run` does, with its rows and its errors."""
        async with self._one:
            try:
                connection = self._connection or await self._open()
                cursor = await connection.cursor(row_factory=namedtuple_row).execute(statement, values)
                return await cursor.fetchall() if cursor.description else []
            except psycopg.Error as error:
                lost = self._connection is None or self._connection.closed
                if lost:
                    self._connection = None
                raise _as_told(statement, error, lost=lost, dialect=self._engine.dialect) from error
            except BaseException:
                await self.close()
                raise

    async def close(self) -> None:
        """Let go of the connection; the next statement opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _open(self) -> "psycopg.AsyncConnection[Any]":
        address = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = await psycopg.AsyncConnection.connect(address, autocommit=True, **_HEARD)
        return self._connection


async def close(session: AsyncSession) -> None:
    """Run what must stand last in this transaction."""
    closing: list[Closing] = session.info.pop("closing", [])
    await _flush(session)
    for act in closing:
        await act(session)


def is_untouched(session: AsyncSession) -> bool:
    """Whether nothing was asked of the database in this transaction, and nothing waits to be."""
    return not session.in_transaction() and not session.info.get("closing")


def at_close(session: AsyncSession, act: Closing) -> None:
    """Have `act` run last in this transaction, once."""
    closing: list[Closing] = session.info.setdefault("closing", [])
    if act not in closing:
        closing.append(act)


async def bound(session: AsyncSession) -> AsyncConnection:
    """The connection that this transaction runs on."""
    return await session.connection()


async def run(session: AsyncSession, statement: LiteralString, values: Mapping[str, Any]) -> list[Any]:
    """Run one statement in this transaction, but by the driver itself: a third of the cost (ADR 0014).

    Placeholders are the driver's, `%(name)s`. The rows have the names and the types of the columns. An error is the
    one that SQLAlchemy would have raised, and a lost connection is thrown away as it would have thrown it away.
    """
    await _flush(session)
    driver: psycopg.AsyncConnection[Any] | None = session.info.get("driver")
    if driver is None:
        driver = session.info["driver"] = await driver_of(session)
    try:
        cursor = await driver.cursor(row_factory=namedtuple_row).execute(statement, values)
        return await cursor.fetchall() if cursor.description else []
    except psycopg.Error as error:
        raise await _told(session, statement, error) from error


async def others(session: AsyncSession) -> int:
    """How many other connections are open to this database."""
    (row,) = await run(session, OTHERS, {})
    count: int = row.found
    return count


async def driver_of(session: AsyncSession) -> Any:
    """The driver's own connection that this transaction runs on."""
    return (await (await bound(session)).get_raw_connection()).driver_connection


async def _flush(session: AsyncSession) -> None:
    """Send what waits to be written, if anything does."""
    if session.new or session.dirty or session.deleted:
        await session.flush()


async def _told(session: AsyncSession, statement: str, error: psycopg.Error) -> Exception:
    """The driver's error as SQLAlchemy tells it. After a loss every connection of the pool is suspect."""
    connection = await bound(session)
    dialect, driver = connection.dialect, session.info["driver"]
    lost: bool = driver.closed
    if lost:
        await connection.invalidate(error)
        await connection.engine.dispose()
    return _as_told(statement, error, lost=lost, dialect=dialect)


def _as_told(statement: str, error: psycopg.Error, *, lost: bool, dialect: Dialect) -> Exception:
    return DBAPIError.instance(
        statement, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
