"""A paper as staff look at it: a download that says across every page who looked, when and what for."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import BinaryIO, Final
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse

from app import inspection
from app.desk import Actor
from app.http import multipart
from app.law.deadline import seoul_time
from app.routers.answers_evidence import EXTENSION

PIECE: Final = 64 * 1024
SANDBOX: Final = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


async def shown(copy: BinaryIO, name: str, media_type: str, *, by: Actor, purpose: str, now: datetime) -> Response:
    """The cleaned copy, stamped."""
    with ExitStack() as open_:
        out = open_.enter_context(multipart.unnamed())
        lines = (f"{by.sub}  {seoul_time(now):%Y-%m-%d %H:%M:%S} KST", purpose)
        try:
            await inspection.stamped(copy, out, media_type=media_type, lines=lines)
        except OSError:
            raise multipart.no_room() from None
        open_.pop_all()  # from here on the answer closes it
    size = out.seek(0, 2)
    return StreamingResponse(
        _pieces(out),
        media_type=media_type,
        headers={
            "Content-Disposition": _attachment(name, media_type),
            "Content-Length": str(size),
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _attachment(name: str, media_type: str) -> str:
    """A download under the name it came with, ended as what it now is (RFC 6266)."""
    extension = EXTENSION[media_type]
    stem = name.rpartition(".")[0] or name
    return f"attachment; filename=\"evidence.{extension}\"; filename*=UTF-8''{quote(f'{stem}.{extension}', safe='')}"


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        file.seek(0)
        for piece in _read(file):
            yield piece


def _read(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
