"""The engine, the unit of work and the clock: the only module that asks what time it is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Closing = Callable[[AsyncSession], Awaitable[object]]


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """A UUIDv7: sorts by time of making, so that keyset pages and indexes stay narrow."""
    return uuid_utils.compat.uuid7()


class Database:
    """One pool of connections and the unit of work over it."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=2,
            pool_pre_ping=False,
            connect_args={"connect_timeout": 2},
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self.info: dict[str, object] = {}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back when it raises.

        What was put under `closing` runs last before the commit: the audit chain is locked there, once and last.
        """
        async with self._sessions(info=dict(self.info)) as session:
            yield session
            await close(session)
            await session.commit()

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def close(session: AsyncSession) -> None:
    """Run what must stand last in this transaction."""
    closing: list[Closing] = session.info.pop("closing", [])
    await session.flush()
    for act in closing:
        await act(session)


def at_close(session: AsyncSession, act: Closing) -> None:
    """Have `act` run last in this transaction, once."""
    closing: list[Closing] = session.info.setdefault("closing", [])
    if act not in closing:
        closing.append(act)


async def bound(session: AsyncSession) -> AsyncConnection:
    """The connection that this transaction runs on."""
    return await session.connection()
