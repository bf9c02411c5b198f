"""Hears at once that holds changed, where LISTEN works; nothing but speed is lost where it does not (ADR 0036).

Behind a transaction pooler LISTEN is taken and never answered. So each listener calls itself by way of the ordinary
pool, at its start and every minute, and says so where it does not hear itself.
"""

import asyncio
from collections.abc import Callable

import psycopg
import structlog
from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError

from app.db import new_id, run
from app.services.hold_index import HoldIndex

CHANNEL = "hold_change"
HEARD_WITHIN_S = 2.0
TESTED_EVERY_S = 60.0
_WAITS_S = (0.5, 60.0)
_CALL = "SELECT pg_notify(%(channel)s, %(word)s)"
_LISTENING = Gauge("desk_holds_listening", "1 while this process hears of changed holds at once")
_log = structlog.get_logger("rights_desk.holds")


class _DeafError(Exception):
    """What was called was not heard."""


async def listen(index: HoldIndex) -> None:
    """Listen until cancelled; a lost or deaf connection is opened anew, ever more seldom while that does not help."""
    waits_s = _WAITS_S[0]

    def heard() -> None:
        nonlocal waits_s
        waits_s = _WAITS_S[0]
        _LISTENING.set(1)

    while True:
        try:
            await _listen(index, heard)
        except _DeafError:
            hint = "LISTEN is not answered here: beside a transaction pooler set DATABASE_DIRECT_URL"
            _log.warning("holds.deaf", hint=hint)
        except (psycopg.Error, SQLAlchemyError, OSError, TimeoutError) as error:
            _log.warning("holds.not_listening", error=type(error).__name__)
        finally:
            _LISTENING.set(0)
        await asyncio.sleep(waits_s)
        waits_s = min(waits_s * 2, _WAITS_S[1])


async def _listen(index: HoldIndex, heard: Callable[[], None]) -> None:
    async with await psycopg.AsyncConnection.connect(index.address, autocommit=True, connect_timeout=2) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        while True:
            word = f"heard {new_id().hex}"
            async with index.database.transaction() as session:
                await run(session, _CALL, {"channel": CHANNEL, "word": word})
            if not await _follow(connection, index, HEARD_WITHIN_S, until=word):
                raise _DeafError
            heard()
            await _follow(connection, index, TESTED_EVERY_S)


async def _follow(
    connection: psycopg.AsyncConnection[object], index: HoldIndex, for_s: float, *, until: str | None = None
) -> bool:
    """Fetch each change that is called out; true as soon as the word waited for is."""
    async for call in connection.notifies(timeout=for_s):
        if call.payload == until:
            return True
        if call.payload.isdecimal():
            await index.catch_up(int(call.payload))
    return False
