"""The malware scan against a scanner that behaves and misbehaves; what it does not say clearly is no verdict."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from app import inspection
from app.inspection import scanner

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST_BYTES = 25 * 1024 * 1024
SHORT_S = 0.3
NO_VERDICT = (OSError,)


class Clamd:
    """INSTREAM as clamd speaks it: chunks with their length, an empty one, one answer."""

    def __init__(self) -> None:
        self.received = b""
        self.said: bytes | None = None
        self.answer: Callable[[asyncio.StreamWriter], Awaitable[None]] | None = None
        self.most = MOST_BYTES
        self.over = asyncio.Event()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        self.received = b""
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            if len(self.received) + length > self.most:
                writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
            self.received += await reader.readexactly(length)
        if self.answer is not None:
            await self.answer(writer)
            return
        found = b"Eicar-Test-Signature FOUND" if EICAR in self.received else b"OK"
        writer.write(b"stream: " + found + b"\0" if self.said is None else self.said)
        await writer.drain()


@pytest.fixture
def clamd() -> Clamd:
    return Clamd()


@pytest.fixture
async def address(clamd: Clamd) -> AsyncIterator[str]:
    server = await asyncio.start_server(clamd.talk, "127.0.0.1", 0)
    yield _address(server)
    clamd.over.set()
    server.close()


def _address(server: asyncio.Server) -> str:
    return f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def scan(address: str, content: bytes) -> str:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(3)
        verdict = await inspection.scan(address, file)
        assert file.tell() == 3
        return verdict


@pytest.mark.parametrize("size", (0, 1, 64 * 1024, 64 * 1024 + 1, 10_000_000))
async def test_the_whole_file_is_sent_and_found_clean(clamd: Clamd, address: str, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    assert await scan(address, content) == "clean"
    assert clamd.received == content


async def test_what_is_found_is_told(address: str) -> None:
    assert await scan(address, b"before " + EICAR + b" after") == "infected"


async def test_a_local_socket_will_do(clamd: Clamd, tmp_path: Path) -> None:
    path = str(tmp_path / "clamd.sock")
    server = await asyncio.start_unix_server(clamd.talk, path)
    assert await scan(path, EICAR) == "infected"
    assert await scan(path, b"hello") == "clean"
    server.close()


@pytest.mark.parametrize(
    "said",
    (
        b"",
        b"\0",
        b"stream: lstat() failed: No such file ERROR\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: OK but not quite\0",
        b"NOT OK\0",
        b"OK\0",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"x" * 100_000,
    ),
)
async def test_what_is_no_verdict_is_an_error(clamd: Clamd, address: str, said: bytes) -> None:
    clamd.said = said
    with pytest.raises(NO_VERDICT):
        await scan(address, EICAR)


async def test_a_file_that_it_does_not_take_is_not_clean(clamd: Clamd, address: str) -> None:
    """It answers and hangs up in the middle of the file."""
    clamd.most = 100_000
    with pytest.raises(NO_VERDICT):
        await scan(address, bytes(5_000_000))


async def test_a_dripping_or_silent_scanner_is_left(
    clamd: Clamd, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        for byte in b"stream: OK\0":
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(SHORT_S / 4)

    async def silent(_: asyncio.StreamWriter) -> None:
        await clamd.over.wait()

    monkeypatch.setattr(scanner, "ANSWER_S", SHORT_S)
    for way in (drip, silent):
        clamd.answer = way
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await scan(address, b"hello")
        assert SHORT_S <= time.monotonic() - began < SHORT_S * 3


async def test_a_scanner_that_does_not_even_read_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    over = asyncio.Event()

    async def deaf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1024)
    monkeypatch.setattr(scanner, "ANSWER_S", SHORT_S)
    with pytest.raises(TimeoutError):
        await scan(_address(server), bytes(10_000_000))
    over.set()
    server.close()


async def test_a_scanner_that_hangs_up_gave_no_verdict(clamd: Clamd, address: str) -> None:
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    clamd.answer = hang_up
    with pytest.raises(NO_VERDICT):
        await scan(address, b"hello")


async def test_nobody_there(tmp_path: Path) -> None:
    closed = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = closed.sockets[0].getsockname()[1]
    closed.close()
    await closed.wait_closed()
    for address in (f"127.0.0.1:{port}", str(tmp_path / "no.sock"), "no-such-host.invalid:3310"):
        with pytest.raises(NO_VERDICT):
            await scan(address, b"hello")
