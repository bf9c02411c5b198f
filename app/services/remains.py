"""All that hangs on a request, found by the foreign keys of the tables: none is forgotten (Act 21(2))."""

from collections.abc import Collection
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models import AuditEntry, Message, metadata

_ROOT = "request"


async def destroy(session: AsyncSession, request_id: UUID) -> dict[str, int]:
    """Delete the request, its wrapped key and every row that leads to it; returns how many rows of each table went.

    The audit chain stays, for it holds ids; what was sealed beside it goes. The access log has a clock of its own.
    """
    counts: dict[str, int] = {}
    for table in reversed(hanging()):
        gone = await session.execute(delete(table).where(_of(table, request_id)))
        if count := int(getattr(gone, "rowcount", 0)):
            counts[table.name] = count
    details = col(AuditEntry.request_id) == request_id, col(AuditEntry.detail_ct).is_not(None)
    await session.execute(update(AuditEntry).where(*details).values(detail_ct=None))
    return counts


async def messages(session: AsyncSession, request_id: UUID) -> list[UUID]:
    """The mails and text messages of a request."""
    sent = select(col(Message.id)).where(col(Message.request_id) == request_id)
    return list((await session.execute(sent)).scalars())


async def are_left(session: AsyncSession, request_ids: Collection[UUID]) -> bool:
    """Whether any of these requests is still there: no row that hangs on one can be without it."""
    table = metadata.tables[_ROOT]
    found = select(table.c.id).where(table.c.id.in_(request_ids)).limit(1)
    return (await session.execute(found)).first() is not None


@cache
def hanging() -> tuple[Table, ...]:
    """The request and every table with a way to it, each behind those it points to."""
    found: dict[str, Table] = {}
    for table in metadata.sorted_tables:
        if table.name == _ROOT or any(key.column.table.name in found for key in table.foreign_keys):
            found[table.name] = table
    return tuple(found.values())


def _of(table: Table, request_id: UUID) -> ColumnElement[bool]:
    """Which rows of a table are of this request: by its own column where it has one, else by those it points to."""
    if table.name == _ROOT:
        return table.c.id == request_id
    if "request_id" in table.c:
        return table.c.request_id == request_id
    inside = {one.name for one in hanging()} - {table.name}
    ways = (key for key in table.foreign_keys if key.column.table.name in inside)
    return or_(*(key.parent.in_(select(key.column).where(_of(key.column.table, request_id))) for key in ways))
