"""A hand on the wire: a TCP proxy that delays, cuts, or cuts exactly where certain bytes go by."""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Literal
from urllib.parse import parse_qs, urlsplit

Where = Literal["before", "after"]
_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Stands in front of a server, given by its host and port or by the path of its socket."""

    def __init__(self, target: str | tuple[str, int]) -> None:
        self.port = 0
        self.delay_s = 0.0
        """Before each thing that the server says."""
        self.away = False
        """Every connection is reset, new ones as well."""
        self.cuts = 0
        """How many connections were cut at the bytes that were waited for."""
        self._at: tuple[bytes, Where] | None = None
        self._target = target
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.reset()

    def cut_once_at(self, said: bytes, where: Where) -> None:
        """Cut the next connection on which the client says this, before the server hears it or after it answered."""
        self._at = said, where

    def reset(self) -> None:
        """Cut every connection now."""
        for writer in list(self._open):
            _cut(writer)
        self._open.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.away:
            _cut(writer)
            return
        if isinstance(self._target, str):
            server, to_server = await asyncio.open_unix_connection(self._target)
        else:
            server, to_server = await asyncio.open_connection(*self._target)
        ends = {writer, to_server}
        self._open |= ends
        last_word = asyncio.Event()
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(
                self._speak(reader, to_server, writer, last_word), self._answer(server, writer, last_word)
            )
        for end in ends:
            _cut(end)
        self._open -= ends

    async def _speak(
        self,
        reader: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
        back: asyncio.StreamWriter,
        last: asyncio.Event,
    ) -> None:
        while said := await reader.read(65_536):
            if self._at is not None and self._at[0] in said:
                where, self._at, self.cuts = self._at[1], None, self.cuts + 1
                if where == "before":
                    _cut(back)
                    _cut(to_server)
                    return
                last.set()
            to_server.write(said)
            await to_server.drain()
        to_server.close()

    async def _answer(self, server: asyncio.StreamReader, writer: asyncio.StreamWriter, last: asyncio.Event) -> None:
        while said := await server.read(65_536):
            if last.is_set():
                _cut(writer)
                return
            await asyncio.sleep(self.delay_s)
            writer.write(said)
            await writer.drain()
        writer.close()


def before(url: str) -> str | tuple[str, int]:
    """Where the server of a database's URL listens."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [""])[0]
    if host.startswith("/"):
        return f"{host}/.s.PGSQL.{parse_qs(parts.query).get('port', ['5432'])[0]}"
    return parts.hostname or "127.0.0.1", parts.port or 5432


def through(url: str, port: int) -> str:
    """The same database by way of a proxy on this port."""
    parts = urlsplit(url)
    who = parts.netloc.rpartition("@")[0]
    return f"{parts.scheme}://{who}@127.0.0.1:{port}{parts.path}"


def _cut(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, AttributeError):
        held = writer.get_extra_info("socket")
        if held is not None and held.family != socket.AF_UNIX:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
