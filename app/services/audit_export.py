"""The chain, or a part of it, as lines that anybody with the public key can check (H1); no personal data is in it."""

from collections.abc import AsyncIterator

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.chain import exports
from app.desk import Desk
from app.models import AuditCheckpoint
from app.services import audit, checkpoints
from app.services.checkpoints import Proved


async def lines(desk: Desk, *, first: int = 1, last: int | None = None) -> AsyncIterator[str]:
    """An export in one snapshot's worth of statements: up to the head as it stands now, or to an earlier entry."""
    async with desk.database.transaction() as session:
        until = min(last or await _length(session), await _length(session))
        newest = await checkpoints.newest(session)
        yield exports.head(newest.key if newest else "", first, until)
        if first > until:
            return
        between = await _between(session, until) if first == 1 else {}
        of, path = await _path(session, newest, first, until)
        async for row in audit.entries(session, after=first - 1, until=until):
            yield exports.entry(row.seq, row.prev_hash, row.hash, row.body)
            if row.seq in between:
                yield exports.signed(between[row.seq])
            if row.seq == of and path is not None:
                yield exports.signed(path.note, path.path)


async def _length(session: AsyncSession) -> int:
    found: int = (await session.execute(text("SELECT seq FROM audit_head"))).scalar_one()
    return found


async def _between(session: AsyncSession, until: int) -> dict[int, str]:
    """The checkpoints of a whole chain, each behind the entry up to which it reaches."""
    mine = select(col(AuditCheckpoint.size), col(AuditCheckpoint.note)).where(col(AuditCheckpoint.size) <= until)
    return {row.size: row.note for row in await session.execute(mine)}


async def _path(
    session: AsyncSession, newest: AuditCheckpoint | None, first: int, until: int
) -> tuple[int, Proved | None]:
    """The last entry here that is signed for, with its path; none where a checkpoint stands right behind it anyway."""
    of = min(until, newest.size) if newest else 0
    if of < first or (first == 1 and newest is not None and newest.size <= until):
        return of, None
    proved = await checkpoints.prove(session, [of])
    return of, proved[0] if proved else None
