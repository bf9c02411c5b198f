"""One after the other: who comes later waits at the door, and holds neither a connection nor a lock meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """So many at once for each name, in this process."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        # Kept only as long as somebody has a turn or waits for one.
        self._waiting: WeakValueDictionary[object, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, name: object) -> AsyncIterator[None]:
        """Wait for a turn, and have it for as long as the block."""
        turn = self._waiting.setdefault(name, asyncio.Semaphore(self._at_once))
        async with turn:
            yield
