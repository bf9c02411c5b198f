"""Papers in the database: sealed pieces, each bound to its place; never more than one of them in memory."""

from typing import BinaryIO
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.models import Request
from app.services import keyring

PIECE = 1 << 18
_PUT = (
    "INSERT INTO evidence_chunk (evidence_id, part, position, sealed)"
    " VALUES (%(id)s, %(part)s, %(position)s, %(sealed)s)"
)
_GET = "SELECT sealed FROM evidence_chunk WHERE evidence_id = %(id)s AND part = %(part)s AND position = %(position)s"
_DROP = "DELETE FROM evidence_chunk WHERE evidence_id = %(id)s AND part = %(part)s"
_DROP_ALL = "DELETE FROM evidence_chunk WHERE evidence_id = %(id)s"


async def write(session: AsyncSession, request: Request, paper: UUID, part: str, source: BinaryIO) -> int:
    """Seal a file piece by piece; returns how many there are."""
    source.seek(0)
    position = 0
    while piece := source.read(PIECE):
        sealed = keyring.seal_bytes(session, request, "evidence.chunk", f"{paper}/{part}/{position}", piece)
        await run(session, _PUT, {"id": paper, "part": part, "position": position, "sealed": sealed})
        position += 1
    return position


async def read(session: AsyncSession, request: Request, paper: UUID, part: str, into: BinaryIO) -> int:
    """Open a file piece by piece, to its end; returns how many there were, and leaves `into` at its beginning."""
    position = 0
    while rows := await run(session, _GET, {"id": paper, "part": part, "position": position}):
        place = f"{paper}/{part}/{position}"
        into.write(keyring.unseal_bytes(session, request, "evidence.chunk", place, rows[0].sealed))
        position += 1
    into.seek(0)
    return position


async def drop(session: AsyncSession, paper: UUID, part: str | None = None) -> None:
    """Delete the pieces of one part of a paper, or of all."""
    if part is None:
        await run(session, _DROP_ALL, {"id": paper})
    else:
        await run(session, _DROP, {"id": paper, "part": part})
