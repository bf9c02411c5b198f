"""A malware scanner on a real socket that speaks clamd's INSTREAM: it finds one word, and can be silenced."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

BAD = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """What it was shown, and what it does: answer, stay silent, hang up, or talk nonsense."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.mood = "answers"

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readexactly(len(b"zINSTREAM\0"))
            if self.mood == "hangs up":
                return
            shown = b""
            while length := int.from_bytes(await reader.readexactly(4), "big"):
                shown += await reader.readexactly(length)
            self.seen.append(shown)
            if self.mood == "nonsense":
                writer.write(b"stream: size limit exceeded. ERROR\0")
            elif self.mood == "answers":
                writer.write(b"stream: Eicar-Signature FOUND\0" if BAD in shown else b"stream: OK\0")
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def scanning(environment: dict[str, str]) -> AsyncIterator[Scanner]:
    """A scanner that this test's desk asks."""
    scanner = Scanner()
    server: Any = await asyncio.start_server(scanner, "127.0.0.1", 0)
    environment["CLAMD"] = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield scanner
