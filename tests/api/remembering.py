"""Processes that remember the holds, over one database, and a pooler on whose far side nobody hears a call."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app import db
from app.desk import Desk
from app.models import Claim, Hold, Request
from app.services import hold_listener, holds
from app.services.hold_index import HoldIndex

GILDONGS = ("phone", "+821012345678")
PATIENCE_S = 20.0


@asynccontextmanager
async def remembering(desk: Desk, *, address: str | None = None, listening: bool = True) -> AsyncIterator[HoldIndex]:
    """The index of one API process, loaded."""
    index = HoldIndex(desk.database, address or desk.settings.database_url or "")
    index.start(*([hold_listener.listen] if listening else []))
    try:
        await until(lambda: index.seq is not None)
        yield index
    finally:
        await index.stop()


async def until(holds_true: Callable[[], Any]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not holds_true():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.005)


async def place(desk: Desk, claim_id: str, kind: str = "suspended", category: str = "online_mall", **more: Any) -> UUID:
    """A hold of this claim, in a transaction of its own."""
    async with desk.database.transaction() as session:
        return (await placed(session, claim_id, kind, category, **more)).id


async def placed(session: Any, claim_id: str, kind: str, category: str, **more: Any) -> Hold:
    """A hold of this claim, in this transaction."""
    claim = await session.get(Claim, UUID(claim_id))
    request = await session.get(Request, claim.request_id)
    return holds.add(session, request, claim, kind, category, db.now(), **more)


async def lift(desk: Desk, hold_id: UUID) -> None:
    """Its cause has ended."""
    async with desk.database.transaction() as session:
        await holds.lift_one(session, hold_id, now=db.now())


async def kinds(desk: Desk, index: HoldIndex, handle: tuple[str, str] = GILDONGS) -> list[str] | None:
    """What memory says holds this person; None where it leaves that to the database."""
    digest = desk.handle(*handle)
    found = await index.find([digest])
    return None if found is None else sorted(held.kind for held in found.get(digest, []))


async def sure(desk: Desk, index: HoldIndex, handle: tuple[str, str] = GILDONGS) -> list[str]:
    """The same, as soon as memory is sure."""
    end = time.monotonic() + PATIENCE_S
    while (found := await kinds(desk, index, handle)) is None:
        assert time.monotonic() < end, "memory never was sure"
        await asyncio.sleep(0.01)
    return found


def listeners(desk: Desk, *, cut: bool = False) -> int:
    """How many connections listen for holds on this database; `cut` ends them."""
    statement = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN hold_change'"
    if cut:
        statement = statement.replace("SELECT pid", "SELECT pg_terminate_backend(pid)")
    with psycopg.connect(plain(desk), autocommit=True) as connection:
        return len(connection.execute(statement.encode()).fetchall())


def plain(desk: Desk) -> str:
    """The address as the driver takes it."""
    return (desk.settings.database_url or "").replace("postgresql+psycopg://", "postgresql://", 1)


@asynccontextmanager
async def deaf_pooler(desk: Desk) -> AsyncIterator[str]:
    """An address on which everything is answered and no call ever heard, as behind a transaction pooler."""
    where = {name: str(value) for name, value in conninfo_to_dict(plain(desk)).items()}
    under_way: set[asyncio.Task[None]] = set()

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = where.get("host", "127.0.0.1"), where.get("port", "5432")
        if host.startswith("/"):
            far, to_far = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            far, to_far = await asyncio.open_connection(host, int(port))
        pumps = [asyncio.create_task(_pump(reader, to_far)), asyncio.create_task(_pump_without_calls(far, writer))]
        under_way.update(pumps)
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        await _close((writer, to_far))

    server = await asyncio.start_server(joined, "127.0.0.1", 0)
    near = server.sockets[0].getsockname()[1]
    plainly = {"sslmode": "disable", "gssencmode": "disable"}
    try:
        yield make_conninfo(**{**where, "host": "127.0.0.1", "port": near, **plainly})
    finally:
        server.close()
        for one in under_way:
            one.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while sent := await reader.read(65_536):
            writer.write(sent)


async def _pump_without_calls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        while True:
            head = await reader.readexactly(5)
            body = await reader.readexactly(int.from_bytes(head[1:]) - 4)
            if head[:1] != b"A":  # NotificationResponse
                writer.write(head + body)


async def _close(writers: Iterable[asyncio.StreamWriter]) -> None:
    for writer in writers:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
