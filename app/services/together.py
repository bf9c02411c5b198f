"""What many tasks of one process want written, several in one transaction: each goes on once its own is committed.

Whoever comes while a transaction is under way goes with the next; nobody waits for company.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

AT_ONCE_MOST = 500
Thing = TypeVar("Thing")
Answer = TypeVar("Answer")


class Together(Generic[Thing, Answer]):
    """Takes things one by one and writes them by the handful; `write` commits, and answers for each in order."""

    def __init__(self, write: Callable[[list[Thing]], Awaitable[Sequence[Answer]]]) -> None:
        self._write_these = write
        self._waiting: list[tuple[Thing, asyncio.Future[Answer]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, thing: Thing) -> Answer:
        """Come back when it is committed; raises what kept it from that."""
        written: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await written

    async def _write(self) -> None:
        try:
            while self._waiting:
                now, self._waiting = self._waiting[:AT_ONCE_MOST], self._waiting[AT_ONCE_MOST:]
                waiting = [written for _, written in now]
                try:
                    answers = await self._write_these([thing for thing, _ in now])
                except Exception as error:  # noqa: BLE001 - theirs to answer
                    for one in waiting:
                        if not one.done():  # whoever asked has left
                            one.set_exception(error)
                else:
                    for one, answer in zip(waiting, answers, strict=True):
                        if not one.done():
                            one.set_result(answer)
        finally:
            self._writing = None
