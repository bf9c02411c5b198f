"""A bounded load generator: keep-alive connections on raw sockets, light enough not to be what is measured."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

Make = Callable[[int], bytes]
Judge = Callable[[int, bytes], str | None]
ANSWER_SECONDS = 15.0


@dataclass(slots=True)
class Took:
    """What one run came to: the time of each good answer, what was shed, and what was wrong."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    shed: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def answers(self) -> int:
        """Everything that was answered."""
        return len(self.times) + self.shed + len(self.wrong)

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The time, in milliseconds, within which this share of the good answers came."""
        if not self.times:
            return float("nan")
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


class Line(asyncio.Protocol):
    """One keep-alive connection; one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._buffer = bytearray()
        self._end = -1
        self._head_end = -1
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is one without saying so

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionError("closed before the answer"))

    def ask(self, request: bytes) -> "asyncio.Future[tuple[int, bytes]]":
        """Send one request; the future gives status and body."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        if self._transport.is_closing():
            self._waiting.set_exception(ConnectionError("closed by the server"))
        else:
            self._transport.write(request)
        return self._waiting

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._end < 0:
            self._head_end = self._buffer.find(b"\r\n\r\n")
            if self._head_end < 0:
                return
            self._end = self._head_end + 4 + _length(bytes(self._buffer[: self._head_end]))
        if len(self._buffer) >= self._end:
            status, body = int(self._buffer[9:12]), bytes(self._buffer[self._head_end + 4 : self._end])
            del self._buffer[: self._end]
            self._end = self._head_end = -1
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_result((status, body))

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """The bytes of one request; header names are written with underscores."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def once(port: int, sent: bytes) -> tuple[int, bytes]:
    """One request on a connection of its own."""
    line = await connect(port)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await line.ask(sent)
    finally:
        line.close()


async def drive(port: int, make: Make, judge: Judge, *, connections: int, seconds: float) -> Took:
    """Ask on so many connections for so long, each with one request under way at a time."""
    lines = [await connect(port) for _ in range(connections)]
    took = Took()
    counter = iter(range(1 << 40))
    began = time.perf_counter()
    until = began + seconds
    try:
        await asyncio.gather(*(_keep_asking(one, make, judge, counter.__next__, until, took) for one in lines))
    finally:
        for one in lines:
            one.close()
    took.seconds = time.perf_counter() - began
    return took


async def _keep_asking(
    line: Line, make: Make, judge: Judge, number: Callable[[], int], until: float, took: Took
) -> None:
    while (began := time.perf_counter()) < until:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                status, body = await line.ask(make(number()))
        except (TimeoutError, OSError) as error:
            took.wrong.append(f"no answer: {type(error).__name__}")
            return
        fault = judge(status, body)
        if status in (429, 503):
            took.shed += 1  # refused for now, with nothing done: an honest answer, and counted
        elif fault is not None:
            took.wrong.append(fault)
        else:
            took.times.append(time.perf_counter() - began)


async def connect(port: int) -> Line:
    """Open one line."""
    _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", port)
    return line


def _length(head: bytes) -> int:
    for one in head.split(b"\r\n")[1:]:
        name, _, value = one.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without its length")
