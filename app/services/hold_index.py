"""The processing check answered from memory, and never from a memory that may be old (F7, ADR 0036).

Every change to the holds takes a number from a clock, in the order of the commits and without gaps. Memory may answer
calls that came within a tenth of a second after the moment just before a question to that clock that it answered the
same number; then the clock is asked again, once for all who wait. Whoever cannot be answered so is answered from the
database. Being told of changes (`hold_listener`) makes this quicker, and nothing here relies on it.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC
from typing import Any

import psycopg
import structlog
from prometheus_client import Counter, Gauge

from app.db import Database
from app.services.hold_memory import Held, Loaded, Mark, Memory
from app.services.hold_waiting import Waiting

CONFIRMED_FOR_S = 0.1
"""Calls that come so soon after a question that found it current memory may answer."""
ASKED_AGAIN_AFTER_S = 0.04
"""While checks come in the clock is asked again beside them, before anybody has to wait for it."""
CONFIRMING_S_MOST = 2.0
LOADING_S_MOST = 300.0
CHANGES_AT_ONCE = 2_000
"""Further behind than this is loaded anew."""
_ROWS_AT_ONCE = 1_000
_WAITS_S = (1.0, 30.0)
# Where the machine sleeps this clock goes on: what was confirmed before is old when it wakes.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

_SINCE = (
    "SELECT clock.seq AS head, clock.at AS head_at, clock.restored_at IS NOT NULL AS lacks_holds,"
    " changed.seq, changed.at, changed.hold_id, hold.id AS active,"
    " hold.kind, hold.category, hold.fields, hold.purposes, hold.basis, hold.since,"
    " ARRAY(SELECT digest FROM hold_key WHERE hold_key.hold_id = hold.id) AS digests"
    " FROM hold_clock clock LEFT JOIN hold_change changed"
    " ON changed.seq BETWEEN %(known)s::bigint AND %(known)s::bigint + %(most)s"
    " LEFT JOIN hold ON hold.id = changed.hold_id AND hold.lifted_at IS NULL"
    " WHERE clock.id = 1 ORDER BY changed.seq"
)
_HEAD = "SELECT seq, at, restored_at IS NOT NULL FROM hold_clock WHERE id = 1"
_EVERY = """
SELECT hold_key.digest || uuid_send(hold.id) || int8send((extract(epoch FROM hold.since) * 1000000)::bigint),
    jsonb_build_array(hold.kind, hold.category, hold.fields, hold.purposes, hold.basis)::text
FROM hold_key JOIN hold ON hold.id = hold_key.hold_id
WHERE hold.lifted_at IS NULL AND octet_length(hold_key.digest) = 32 ORDER BY hold_key.digest
"""
_KEYS = Gauge("desk_holds_in_memory", "Keys of active holds that this process remembers; 0 until they are loaded")
_ANSWERS = Counter("desk_processing_check_calls_total", "Calls of the processing check by what answered", ("source",))
_BY_MEMORY, _BY_DATABASE = _ANSWERS.labels("memory"), _ANSWERS.labels("database")
_log = structlog.get_logger("rights_desk.holds")


class NotRestoredError(Exception):
    """Holds of a lost database may be missing in this copy of it: the database refuses, and memory stays empty."""


class HoldIndex:
    """The active holds of one database, in the memory of one process. Until it is started the database answers."""

    def __init__(self, database: Database, address: str) -> None:
        self.database = database
        self._line = database.line("holds")
        self.address = address.replace("postgresql+psycopg://", "postgresql://", 1)
        self.waiting = Waiting(database)
        """Who waits for the next change."""
        self._memory: Memory | None = None
        self._confirmed_at = 0.0
        self._confirming: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()
        self._beside: list[asyncio.Task[None]] = []

    @property
    def seq(self) -> int | None:
        """Up to which change it remembers; None while it remembers nothing."""
        return self._memory.mark.seq if self._memory else None

    def start(self, *beside: Callable[["HoldIndex"], Coroutine[Any, Any, None]]) -> None:
        """Load, and keep loaded; `beside` runs as long."""
        self._wanted.set()
        self._beside = [asyncio.create_task(one(self)) for one in (HoldIndex._keep_loaded, *beside)]

    async def stop(self) -> None:
        """Remember nothing and ask nothing any more."""
        under_way = [*self._beside, *([self._confirming] if self._confirming else [])]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        self._beside, self._memory = [], None
        _KEYS.set(0)

    async def is_sure(self) -> bool:
        """Whether memory may answer this call."""
        return await self._current() is not None

    async def find(self, digests: Iterable[bytes]) -> dict[bytes, list[Held]] | None:
        """The active holds under these hashes; None where memory cannot be sure, and the database has to say."""
        memory = await self._current()
        if memory is None:
            _BY_DATABASE.inc()
            return None
        _BY_MEMORY.inc()
        return {digest: found for digest in digests if (found := memory.find(digest))}

    async def catch_up(self, seq: int) -> None:
        """Whoever was told of a change: call those who wait for it, and fetch it, unless it is known."""
        self.waiting.hear(seq)
        if self._confirming is not None:
            await asyncio.wait([self._confirming])  # it may have been asked before the change
        if self._memory is not None and self._memory.mark.seq < seq:
            await asyncio.wait([self._ask_the_clock()])

    async def _current(self) -> Memory | None:
        """The memory, if it was found current just before this call or is found so by asking.

        What counts is the moment of the call and not that of its answer: where a process has much to do an answer takes
        longer, from the database as well, and is none the older for what it says.
        """
        called_at = time.clock_gettime(_CLOCK)
        if self._memory is not None and called_at - self._confirmed_at > ASKED_AGAIN_AFTER_S:
            under_way, asked = self._confirming, self._ask_the_clock()
            if not self._is_good(called_at):
                await asyncio.wait([asked])  # whoever leaves meanwhile does not end it for the others
            if not self._is_good(called_at) and asked is under_way:  # asked long before this call
                await asyncio.wait([self._ask_the_clock()])
        return self._memory if self._is_good(called_at) else None

    def _is_good(self, called_at: float) -> bool:
        return called_at - self._confirmed_at <= CONFIRMED_FOR_S

    def _ask_the_clock(self) -> asyncio.Task[None]:
        """One question for all who want to know."""
        if self._confirming is None:
            self._confirming = asyncio.create_task(self._confirm())
            self._confirming.add_done_callback(self._confirmed)
        return self._confirming

    def _confirmed(self, task: asyncio.Task[None]) -> None:
        self._confirming = None
        if not task.cancelled() and task.exception() is not None:
            _log.warning("holds.unconfirmed", error=type(task.exception()).__name__)

    async def _confirm(self) -> None:
        memory = self._memory
        if memory is None:
            return
        asked_at = time.clock_gettime(_CLOCK)
        known = {"known": memory.mark.seq, "most": CHANGES_AT_ONCE}
        async with asyncio.timeout(CONFIRMING_S_MOST):
            rows = await self._line.run(_SINCE, known)
        if not _follow(rows, memory.mark):
            _log.warning("holds.gap", known=memory.mark.seq)
            self._memory = None
            _KEYS.set(0)
            self._wanted.set()
            return
        for row in rows:
            if row.seq is not None and row.seq > memory.mark.seq:
                _put(memory, row)
        self._confirmed_at = asked_at
        _KEYS.set(memory.keys)
        if memory.is_full:
            self._wanted.set()

    async def _keep_loaded(self) -> None:
        waits_s = _WAITS_S[0]
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                began = time.monotonic()
                async with asyncio.timeout(LOADING_S_MOST):
                    memory = await load(self.address)
            except (psycopg.Error, OSError, TimeoutError, NotRestoredError) as error:
                _log.warning("holds.not_loaded", error=type(error).__name__)
                self._wanted.set()
                await asyncio.sleep(waits_s)
                waits_s = min(waits_s * 2, _WAITS_S[1])
                continue
            waits_s = _WAITS_S[0]
            await self._replace(memory)
            _log.info("holds.loaded", keys=memory.keys, seq=memory.mark.seq, s=round(time.monotonic() - began, 2))

    async def _replace(self, memory: Memory) -> None:
        """Put what was loaded in the place of what was remembered; nothing is confirmed by that."""
        while self._confirming is not None:
            await asyncio.wait([self._confirming])
        self._memory, self._confirmed_at = memory, 0.0
        self._wanted.clear()
        await asyncio.wait([self._ask_the_clock()])


async def load(address: str) -> Memory:
    """Read every active hold in one snapshot, on a connection of its own, a little at a time."""
    async with await psycopg.AsyncConnection.connect(address, connect_timeout=2) as connection:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        await connection.set_read_only(True)
        head = await (await connection.execute(_HEAD)).fetchone()
        assert head is not None, "the clock of the holds is set by the migration"
        *mark, lacks_holds = head
        if lacks_holds:
            raise NotRestoredError
        loaded = Loaded()
        async with connection.cursor("holds", binary=True) as cursor:
            await cursor.execute(_EVERY)
            while rows := await cursor.fetchmany(_ROWS_AT_ONCE):
                for packed, shape in rows:
                    loaded.add(packed, shape)
                await asyncio.sleep(0)
        loaded.close()
        return Memory(loaded, Mark(*mark))


def _follow(rows: list[Any], mark: Mark) -> bool:
    """Whether these are all changes from the last one known to the head, and that one is still the same.

    A database that was restored lacks changes that have no number in it.
    """
    head = rows[0].head
    if rows[0].lacks_holds:
        return False
    if head == mark.seq:
        return bool(rows[0].head_at == mark.at)
    numbers = [row.seq for row in rows if row.seq is not None]
    whole = numbers == list(range(max(mark.seq, 1), head + 1))
    return whole and (mark.seq == 0 or rows[0].at == mark.at)


def _put(memory: Memory, row: Any) -> None:
    held = None
    if row.active is not None:
        since = row.since.astimezone(UTC)
        held = Held(row.hold_id.bytes, row.kind, row.category, row.fields, row.purposes, row.basis, since)
    memory.change(row.hold_id.bytes, held, row.digests)
    memory.mark = Mark(row.seq, row.at)
