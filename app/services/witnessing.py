"""Having the chain witnessed: signed in the database, written beside it, mailed once a day (H1, F49)."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from app.desk import Desk
from app.services import checkpoints

LEAVES_AT_ONCE = 100_000
_log = logging.getLogger("rights_desk.audit")


class Ledger(Protocol):
    """What is written outside the database, and only added to."""

    def entries(self) -> int:
        """How many hashes stand there."""

    def add(self, after: int, hashes: bytes) -> None:
        """Add the hashes of the entries behind `after`."""

    def sign(self, notes: list[tuple[int, str]]) -> None:
        """Add signed notes by the size they speak of."""


async def witness(desk: Desk, ledger: Ledger, clock: Callable[[], datetime], *, at_once: bool = False) -> bool:
    """Sign the chain where that is due, or at once; write out what was signed, mail it once a day.

    False where the chain does not hold, or LEDGER_DIR tells of another or a longer one: then nothing is signed or
    written, and the metric of its age goes on rising.
    """
    now = clock()
    try:
        async with desk.database.transaction() as session:
            await checkpoints.demand_same(session)
            if at_once or await checkpoints.is_due(session, now=now):
                await checkpoints.take(session, now=now)
            unsigned = await checkpoints.unsigned_since(session)
    except checkpoints.ChainError as error:
        _log.critical("the audit chain does not hold: %s", error)
        async with desk.database.transaction() as session:
            await checkpoints.disown(session)
        return False
    if unsigned is not None and unsigned <= now - checkpoints.WITHIN:
        _log.error("entries of the audit chain have been unsigned for over an hour: is AUDIT_KEY there?")
    await _write_out(desk, ledger, clock)
    async with desk.database.transaction() as session:
        await checkpoints.tell(session, now=now)
    return True


async def _write_out(desk: Desk, ledger: Ledger, clock: Callable[[], datetime]) -> None:
    """The hashes of all entries up to the last checkpoint, then the checkpoints: read, write, record."""
    while True:
        have = await asyncio.to_thread(ledger.entries)
        async with desk.database.transaction() as session:
            waiting = await checkpoints.unwritten(session)
            if not waiting:
                return
            until = min(waiting[-1].size, have + LEAVES_AT_ONCE)
            hashes = await checkpoints.hashes(session, after=have, until=until)
        await asyncio.to_thread(ledger.add, have, b"".join(hashes))
        signed = [one for one in waiting if one.size <= until]
        await asyncio.to_thread(ledger.sign, [(one.size, one.note) for one in signed])
        async with desk.database.transaction() as session:
            await checkpoints.written(session, [one.size for one in signed], now=clock())
