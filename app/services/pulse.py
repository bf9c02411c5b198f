"""How the events of each system fare: counted once a round, read at once for the operator's metrics (F8)."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run

SYSTEMS_MOST = 1_000
SKEW_SECONDS_MAX = 2.0
"""More than this between our clock and the database's, and signatures and days may be judged by a wrong one (F34)."""
_COUNT = (
    "INSERT INTO system_pulse (system_id, attempts, failures) VALUES (%(system_id)s, %(attempts)s, %(failures)s)"
    " ON CONFLICT (system_id) DO UPDATE SET attempts = system_pulse.attempts + excluded.attempts,"
    " failures = system_pulse.failures + excluded.failures"
)
_READ = (
    "SELECT system.id, system.state, coalesce(system_pulse.attempts, 0) AS attempts,"
    " coalesce(system_pulse.failures, 0) AS failures, circuit.probe_at IS NOT NULL AS broken,"
    " (SELECT sent_from FROM delivery WHERE delivery.system_id = system.id AND delivery.state = 'pending'"
    " ORDER BY delivery.id LIMIT 1) AS waiting_since"
    " FROM system LEFT JOIN system_pulse ON system_pulse.system_id = system.id"
    " LEFT JOIN circuit ON circuit.system_id = system.id"
    " WHERE system.state <> 'retired' ORDER BY system.id LIMIT %(limit)s"
)

_log = logging.getLogger("rights_desk.pulse")


@dataclass(frozen=True, slots=True)
class Pulse:
    """One system: its state, attempts and failures so far, and since when its oldest undelivered event waits."""

    system_id: UUID
    state: str
    attempts: int
    failures: int
    broken: bool
    """It failed so often in a row that it is only tried now and then."""
    waiting_since: datetime | None


async def count(session: AsyncSession, system_id: UUID, *, attempts: int, failures: int) -> None:
    """Add what one round of sending came to; what a crash loses of it is lost to the figures alone."""
    await run(session, _COUNT, {"system_id": system_id, "attempts": attempts, "failures": failures})


async def read(session: AsyncSession) -> list[Pulse]:
    """Every system that is not retired; one look at the head of an index for each, and no counting."""
    rows = await run(session, _READ, {"limit": SYSTEMS_MOST})
    return [Pulse(row.id, row.state, row.attempts, row.failures, row.broken, row.waiting_since) for row in rows]


async def skew(session: AsyncSession, *, now: datetime) -> float:
    """By how many seconds our clock is ahead of the database's."""
    (row,) = await run(session, "SELECT clock_timestamp() AS at", {})
    seconds: float = (now - row.at).total_seconds()
    return seconds


async def compare_clocks(session: AsyncSession, *, now: datetime) -> None:
    """Say so in the log when the two clocks differ: which of them is wrong only the operator can find out."""
    seconds = await skew(session, now=now)
    if abs(seconds) > SKEW_SECONDS_MAX:
        _log.error("this clock and the database's differ by %.0f seconds", seconds)
