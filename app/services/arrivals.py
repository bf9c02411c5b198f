"""Events that arrived, written down several in one transaction: what an endpoint took needs no judgement of ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import new_id, run
from app.desk import MACHINE, Desk
from app.services import audit
from app.services.attempts import Attempted, reason
from app.services.excerpts import excerpt
from app.services.together import Together

# In one order, so that two transactions over the same events never wait for each other in a ring.
_ARRIVED = """
WITH ours AS (
    SELECT delivery.id, sent.at FROM unnest(%(ids)s::uuid[], %(leases)s::uuid[], %(ats)s::timestamptz[])
        AS sent (id, lease, at) JOIN delivery ON delivery.id = sent.id AND delivery.lease = sent.lease
    WHERE delivery.state = 'pending' ORDER BY delivery.id FOR UPDATE OF delivery
), arrived AS (
    UPDATE delivery SET state = 'delivered', delivered_at = ours.at, attempts = attempts + 1, lease = NULL,
        lease_until = NULL
    FROM ours WHERE delivery.id = ours.id
    RETURNING delivery.id, delivery.system_id, delivery.task_id, delivery.attempts
)
SELECT arrived.id, arrived.system_id, arrived.attempts, task.request_id, task.claim_id
FROM arrived LEFT JOIN task ON task.id = arrived.task_id
"""
_ATTEMPTS = (
    "INSERT INTO delivery_attempt (id, delivery_id, at, status, outcome, milliseconds, answer)"
    " SELECT * FROM unnest(%(id)s::uuid[], %(delivery_id)s::uuid[], %(at)s::timestamptz[], %(status)s::int[],"
    " %(outcome)s::text[], %(milliseconds)s::int[], %(answer)s::text[])"
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event that its endpoint answered with 2xx while it was ours under this lease."""

    delivery_id: UUID
    lease: UUID
    attempt: Attempted
    began: datetime
    ended: datetime


class Arrivals:
    """Those of one process that wait for the next transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._arrivals: Together[Arrival, bool] = Together(self._write)

    async def record(self, arrival: Arrival) -> bool:
        """Write down that it arrived, if it is still ours to say; False if the lease was lost."""
        return await self._arrivals.write(arrival)

    async def _write(self, arrivals: list[Arrival]) -> Sequence[bool]:
        async with self._desk.database.transaction() as session:
            ours = await _deliver(session, arrivals)
        return [one.delivery_id in ours for one in arrivals]


async def _deliver(session: AsyncSession, arrivals: list[Arrival]) -> dict[UUID, Any]:
    said = {
        "ids": [one.delivery_id for one in arrivals],
        "leases": [one.lease for one in arrivals],
        "ats": [one.ended for one in arrivals],
    }
    ours = {row.id: row for row in await run(session, _ARRIVED, said)}
    stood = [one for one in arrivals if one.delivery_id in ours]
    if stood:
        await run(session, _ATTEMPTS, _told(stood))
    for one in stood:
        row = ours[one.delivery_id]
        audit.note(
            session,
            "delivery.delivered",
            by=MACHINE,
            now=one.ended,
            request_id=row.request_id,
            claim_id=row.claim_id,
            facts={"delivery": str(row.id), "system": str(row.system_id), "attempts": row.attempts},
        )
    return ours


def _told(stood: list[Arrival]) -> dict[str, list[Any]]:
    """What each attempt came to, with the first words of the answer as far as they may be kept."""
    return {
        "id": [new_id() for _ in stood],
        "delivery_id": [one.delivery_id for one in stood],
        "at": [one.began for one in stood],
        "status": [one.attempt.status for one in stood],
        "outcome": [reason(one.attempt) for one in stood],
        "milliseconds": [one.attempt.ms for one in stood],
        "answer": [excerpt(one.attempt.body) for one in stood],
    }
