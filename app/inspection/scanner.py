"""The malware scan: clamd's INSTREAM over TCP or a local socket."""

import asyncio
import os
from pathlib import Path
from typing import BinaryIO, Final, Literal

ANSWER_S: Final = 10.0
_CHUNK_BYTES: Final = 64 * 1024
_ANSWER_BYTES: Final = 4096
_COMMAND, _LENGTH_BYTES = b"zINSTREAM\0", 4
_CLEAN, _INFECTED = b": OK", b" FOUND"


async def scan(address: str, source: BinaryIO) -> Literal["clean", "infected"]:
    """What clamd says of a file; OSError or TimeoutError where it does not say either.

    The address is `host:port`, or the path of a local socket. The position of the file does not move.
    """
    source.flush()
    async with asyncio.timeout(ANSWER_S):
        reader, writer = await _connected(address)
        try:
            await _send(writer, source.fileno())
            said = await _answer(reader)
        finally:
            writer.transport.abort()
    return _verdict(said)


async def _connected(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if Path(address).is_absolute():
        return await asyncio.open_unix_connection(address)
    host, _, port = address.rpartition(":")
    return await asyncio.open_connection(host.strip("[]"), int(port))


async def _send(writer: asyncio.StreamWriter, source: int) -> None:
    """The whole file; a scanner that has found enough may stop listening before."""
    writer.write(_COMMAND)
    at = 0
    try:
        while chunk := os.pread(source, _CHUNK_BYTES, at):
            writer.write(len(chunk).to_bytes(_LENGTH_BYTES, "big") + chunk)
            await writer.drain()
            at += len(chunk)
        writer.write(bytes(_LENGTH_BYTES))
        await writer.drain()
    except ConnectionError:
        return


async def _answer(reader: asyncio.StreamReader) -> bytes:
    said = b""
    while len(said) < _ANSWER_BYTES and b"\0" not in said and (more := await reader.read(_ANSWER_BYTES)):
        said += more
    return said.partition(b"\0")[0].strip()


def _verdict(said: bytes) -> Literal["clean", "infected"]:
    if said.endswith(_INFECTED):
        return "infected"
    if said.endswith(_CLEAN):
        return "clean"
    raise OSError("the scanner gave no verdict")
