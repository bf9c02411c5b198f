"""Real servers on ports the system gives, closed after each test."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest

Answerer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
Serve = Callable[..., Awaitable["Receiver"]]


class Receiver:
    """A server that reads one request at a time and answers exactly the bytes a test wants."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[bytes] = []
        self.connections = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, answer: bytes | Answerer, tls: ssl.SSLContext | None = None) -> "Receiver":
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            self.connections += 1
            try:
                while head := await reader.readuntil(b"\r\n\r\n"):
                    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
                    length = int(lengths[0].split(b":")[1]) if lengths else 0
                    self.requests.append(head + await reader.readexactly(length))
                    if callable(answer):
                        await answer(self.requests[-1], writer)
                    else:
                        writer.write(answer)
                        await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                pass
            finally:
                self._tasks.discard(task)
                writer.close()

        self._server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.sleep(0)


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """`await serve(answer, tls=None)` starts a receiver; `answer` is raw bytes or a coroutine that writes them."""
    started: list[Receiver] = []

    async def start(answer: bytes | Answerer, tls: ssl.SSLContext | None = None) -> Receiver:
        started.append(await Receiver().start(answer, tls))
        return started[-1]

    yield start
    for receiver in started:
        await receiver.stop()


@pytest.fixture
def now() -> datetime:
    """A fixed moment: nothing here may read the clock by itself."""
    return datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    """A complete HTTP/1.1 answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def answer() -> Callable[..., bytes]:
    """`answer("200 OK", b"...", "Header: value")`."""
    return http
