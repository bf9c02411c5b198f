"""The process that forks a child for each file: it has read the libraries once, holds no secret and opens no file.

Orders come over the socket that is its standard input, each with three descriptors: where to answer, what to read,
what to write. Two children live at once, the others wait. A child is killed with its group when its time is up or
nobody waits for the answer any more; when the service is gone, all are.
"""

import gc
import os
import selectors
import signal
import socket
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from app.inspection import confined
from app.inspection.verdict import BUSY, DIED

AT_ONCE: Final = 2
DEADLINE_S: Final = 20.0
ORDER_BYTES: Final = 16 * 1024


@dataclass(slots=True, eq=False)
class Order:
    """One file to be looked at."""

    text: bytes
    answer: socket.socket
    source: int
    out: int
    child: int = 0
    watch: int = -1
    until: float = field(default=0.0)

    def release(self) -> None:
        """Let go of the files: the child has them, or nobody wants them."""
        os.close(self.source)
        os.close(self.out)


class Foreman:
    """The one loop of this process."""

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._waiting: deque[Order] = deque()
        self._at_work: list[Order] = []
        self._ready = selectors.DefaultSelector()
        self._ready.register(orders, selectors.EVENT_READ)

    def run(self) -> None:
        """Until the service closes its end."""
        while True:
            for key, _ in self._ready.select(self._patience()):
                if key.fileobj is self._orders:
                    if not self._take():
                        return self._end()
                elif isinstance(key.data, Order):
                    self._look_at(key.data, left=key.fileobj is key.data.answer)
            self._hurry()
            self._begin()

    def _patience(self) -> float | None:
        return max(0.0, min(one.until for one in self._at_work) - time.monotonic()) if self._at_work else None

    def _take(self) -> bool:
        text, descriptors, _, _ = socket.recv_fds(self._orders, ORDER_BYTES, 3)
        if len(descriptors) == 3:
            order = Order(text, socket.socket(fileno=descriptors[0]), *descriptors[1:])
            self._waiting.append(order)
            self._ready.register(order.answer, selectors.EVENT_READ, order)
        else:
            for one in descriptors:
                os.close(one)
        return bool(text)

    def _begin(self) -> None:
        while self._waiting and len(self._at_work) < AT_ONCE:
            order = self._waiting.popleft()
            try:
                order.child = os.fork()
            except OSError:
                order.release()
                self._done(order, BUSY)
                continue
            if order.child == 0:
                confined.live(order.text, order.answer, order.source, order.out)
            order.release()
            order.watch = os.pidfd_open(order.child)
            order.until = time.monotonic() + DEADLINE_S
            self._at_work.append(order)
            self._ready.register(order.watch, selectors.EVENT_READ, order)

    def _look_at(self, order: Order, *, left: bool) -> None:
        """Either nobody waits any more, or the child has ended."""
        if not left:
            self._bury(order)
        elif order in self._at_work:
            self._ready.unregister(order.answer)
            _kill(order)
        elif order in self._waiting:
            self._waiting.remove(order)
            order.release()
            self._done(order)

    def _hurry(self) -> None:
        now = time.monotonic()
        for order in self._at_work:
            if order.until <= now:
                _kill(order)

    def _bury(self, order: Order) -> None:
        _kill(order)
        _, status = os.waitpid(order.child, 0)
        self._ready.unregister(order.watch)
        os.close(order.watch)
        self._at_work.remove(order)
        self._done(order, DIED if status else b"")

    def _done(self, order: Order, last_word: bytes = b"") -> None:
        if order.answer in self._ready.get_map():
            self._ready.unregister(order.answer)
        if last_word:
            try:
                order.answer.send(last_word, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except OSError:
                pass
        order.answer.close()

    def _end(self) -> None:
        for order in self._at_work:
            _kill(order)
            os.waitpid(order.child, 0)


def _kill(order: Order) -> None:
    """The child and whatever it may have started; it is not buried yet, so the number is still its own."""
    for kill in (os.killpg, os.kill):
        try:
            kill(order.child, signal.SIGKILL)
        except ProcessLookupError:
            pass


def main() -> None:
    """Read the libraries, then wait for orders."""
    orders = socket.socket(fileno=0)
    confined.prepare()
    gc.freeze()
    Foreman(orders).run()


if __name__ == "__main__":
    main()
