"""An endpoint that fails over and over is left alone, and tried with one event every five minutes.

What waits keeps its place and its attempts: it is sent once the endpoint answers again. The duty goes on meanwhile,
and people are asked (`app.services.undelivered`).
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import MACHINE
from app.models import Circuit, System
from app.services import audit

OPENS_AT = 10
"""Failures in a row, whichever events they were of."""
PROBE_EVERY = timedelta(minutes=5)


async def look(session: AsyncSession, system_id: UUID) -> Circuit | None:
    """The failures in a row of this endpoint; None where its last answer was a good one."""
    return await session.get(Circuit, system_id, populate_existing=True)


async def take_probe(session: AsyncSession, system_id: UUID, *, now: datetime) -> bool:
    """Whether an event may be sent to find out if an open circuit can close; of several workers one gets it."""
    mine = update(Circuit).where(col(Circuit.system_id) == system_id, col(Circuit.probe_at) <= now)
    return (
        await session.execute(mine.values(probe_at=now + PROBE_EVERY).returning(col(Circuit.system_id)))
    ).first() is not None


async def failed(session: AsyncSession, system_id: UUID, *, now: datetime) -> None:
    """One more failure in a row. The last statement of its transaction, so that nothing waits for it."""
    first = insert(Circuit).values(system_id=system_id, failures=1)
    counted = first.on_conflict_do_update(
        index_elements=[col(Circuit.system_id)], set_={"failures": Circuit.failures + 1}
    ).returning(col(Circuit.failures))
    failures = (await session.execute(counted)).scalar_one()
    if failures >= OPENS_AT:
        later = update(Circuit).where(col(Circuit.system_id) == system_id)
        await session.execute(later.values(probe_at=now + PROBE_EVERY))
    if failures == OPENS_AT:
        audit.note(session, "system.circuit_open", by=MACHINE, now=now, facts={"system": str(system_id)})


async def answered(session: AsyncSession, system_id: UUID, *, now: datetime) -> None:
    """The endpoint took an event: what it failed before is forgotten."""
    gone = delete(Circuit).where(col(Circuit.system_id) == system_id).returning(col(Circuit.failures))
    failures = (await session.execute(gone)).scalar_one_or_none()
    if failures is not None and failures >= OPENS_AT:
        audit.note(session, "system.circuit_close", by=MACHINE, now=now, facts={"system": str(system_id)})


def is_open(now: datetime) -> ColumnElement[bool]:
    """Nothing is sent to this system yet, in a statement over systems."""
    waits = select(col(Circuit.system_id)).where(col(Circuit.system_id) == col(System.id), col(Circuit.probe_at) > now)
    return exists(waits.correlate(System))
