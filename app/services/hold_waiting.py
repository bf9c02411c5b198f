"""Those who wait for the next change of the holds, in one process: they keep no connection busy meanwhile (F7).

One question every half second stands for all of them; the listener (`hold_listener`) only makes it quicker.
"""

import asyncio
from collections import Counter

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.db import Database, run
from app.errors import Unavailable

WAITING_MOST = 200
WAITING_MOST_OF_ONE = 8
"""So many calls of one system wait at once: those it has given up count until their time is over."""
LATER_S = 5
_ASKED_EVERY_S = 0.5
_HEAD = "SELECT seq FROM hold_clock WHERE id = 1"
_log = structlog.get_logger("rights_desk.holds")


class Waiting:
    """Who waits in this process, and up to which change it has heard."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._head = 0
        self._moved = asyncio.Event()
        self._waiting: Counter[str] = Counter()
        self._asking: asyncio.Task[None] | None = None
        self.is_over = False

    @property
    def count(self) -> int:
        """How many wait now."""
        return self._waiting.total()

    async def past(self, seq: int, *, within_s: float, whose: str) -> None:
        """Come back when there is another change than this, when time is over, or when the process ends."""
        if self.count >= WAITING_MOST or self._waiting[whose] >= WAITING_MOST_OF_ONE:
            raise Unavailable("service.unavailable", retry_after=LATER_S)
        self._waiting[whose] += 1
        try:
            async with asyncio.timeout(within_s):
                while self._head <= seq and not self.is_over:
                    self._ask()
                    await self._moved.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting[whose] -= 1
            self._waiting += Counter()  # forget whose none is left

    def hear(self, seq: int) -> None:
        """There is a change of this number."""
        if seq > self._head:
            self._move(seq)

    def end(self) -> None:
        """Nobody waits any more: the process ends."""
        self.is_over = True
        self._move(self._head)
        if self._asking is not None:
            self._asking.cancel()

    def _move(self, head: int) -> None:
        self._head = head
        self._moved.set()
        self._moved = asyncio.Event()

    def _ask(self) -> None:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_the_clock())

    async def _ask_the_clock(self) -> None:
        """Ask for as long as anybody waits."""
        while self._waiting:
            try:
                async with self._database.transaction() as session:
                    [clock] = await run(session, _HEAD, {})
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                _log.warning("holds.unheard", error=type(error).__name__)
            else:
                # Less than was heard: another history, as after a restored backup.
                if clock.seq != self._head:
                    self._move(clock.seq)
            await asyncio.sleep(_ASKED_EVERY_S)
