"""Events on their way to the systems that hold data: read, act, record (Standard Webhooks 1.0.0).

The row is the truth: a delivery is claimed for a minute under a token, sent outside any transaction, and its outcome
is recorded only while the token still holds. Whatever was sent and not recorded is sent again under the same id.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app import signature
from app.crashpoints import crashpoint
from app.db import new_id
from app.desk import MACHINE, Desk
from app.jobs import Job, defer
from app.models import Delivery, DeliveryAttempt, ReviewItem, System, Task
from app.services import audit, circuit, fulfilment, outbox, pulse, signing_keys, undelivered
from app.services.arrivals import Arrival, Arrivals
from app.services.attempts import ATTEMPTS_MOST, GONE, WAITS_S, Attempted, Sender, arrived, reason, wait
from app.services.excerpts import excerpt

ROUND_MOST = 20
AT_ONCE = 4
LEASE = timedelta(seconds=60)
SENDING_MOST = timedelta(seconds=20)
"""More than one attempt may take: with less of the lease left, an attempt is not begun."""
FAULTS_MOST = 5
"""How often a delivery may fail by a fault of ours before a person is asked and it is left alone."""
_FAULT = "fault"
_log = logging.getLogger("rights_desk.sending")


Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Leased:
    """One delivery that is ours to send until the lease ends."""

    id: UUID
    body: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class Round:
    """What one claim of due deliveries took, and how to send it."""

    system_id: UUID
    url: str
    keys: tuple[str, ...]
    lease: UUID
    until: datetime
    deliveries: tuple[Leased, ...]
    failing: bool
    """It failed at its last attempt: the first good answer has something to mend."""


class _Pace:
    """How fast a round goes: a few at once, and no further once the endpoint said that it is gone."""

    def __init__(self) -> None:
        self.gate = asyncio.Semaphore(AT_ONCE)
        self.gone = False
        self.tried = self.failed = 0


class Drains:
    """One drain at a time for each system in this process: the jobs of a backlog take no place from other systems.

    A job that comes meanwhile is not lost: the drain that runs looks once more before it ends (F57).
    """

    def __init__(self, desk: Desk, sender: Sender, now: Now) -> None:
        self._desk, self._sender, self._now = desk, sender, now
        self._arrivals = Arrivals(desk)
        self._again: dict[UUID, bool] = {}

    async def drain(self, system_id: UUID) -> None:
        """Send everything that is due to one system, or have the drain that runs do it."""
        if system_id in self._again:
            self._again[system_id] = True
            return
        self._again[system_id] = True
        try:
            while self._again[system_id]:
                self._again[system_id] = False
                await drain(self._desk, system_id, self._sender, self._now, self._arrivals)
        finally:
            del self._again[system_id]


async def drain(desk: Desk, system_id: UUID, sender: Sender, now: Now, arrivals: Arrivals | None = None) -> int:
    """Send everything that is due to one system; returns how many events it took."""
    taken, arrivals = 0, arrivals or Arrivals(desk)
    while True:
        async with desk.database.transaction() as session:
            claimed = await claim(session, system_id, now=now())
        if claimed is None:
            return taken
        pace = _Pace()
        ends = await asyncio.gather(
            *(_carry(desk, claimed, one, sender, now, pace, arrivals) for one in claimed.deliveries),
            return_exceptions=True,
        )
        async with desk.database.transaction() as session:
            await pulse.count(session, system_id, attempts=pace.tried, failures=pace.failed)
        # Every attempt is brought to its end before a failure of ours ends the job.
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        taken += sum(end is True for end in ends)
        if not any(end is True for end in ends):
            return taken


async def claim(session: AsyncSession, system_id: UUID, *, now: datetime) -> Round | None:
    """Lease what is due to one system, in order within each claim; None if there is nothing to send now."""
    system = await session.get(System, system_id)
    if system is None or system.endpoint_url is None or system.state == "retired":
        return None
    broken = await circuit.look(session, system_id)
    probing = broken is not None and broken.probe_at is not None
    if probing and not await circuit.take_probe(session, system_id, now=now):
        return None
    due = select(Delivery).where(col(Delivery.system_id) == system_id, _is_due(now), _in_turn())
    if system.state != "active":
        due = due.where(col(Delivery.task_id).is_(None))
    due = due.order_by(col(Delivery.next_at), col(Delivery.id)).limit(1 if probing else ROUND_MOST)
    rows = (await session.execute(due.with_for_update(skip_locked=True))).scalars().all()
    keys = await signing_keys.signing(session, system_id, now=now) if rows else ()
    if not keys:
        if rows:
            # Never unsigned: it waits until there is a key (F32).
            _log.error("system %s has no signing key, deliveries wait", system_id)
        return None
    lease, until = new_id(), now + LEASE
    for row in rows:
        if row.lease is not None:
            # Whoever held it before was lost on the way: it may or may not have arrived.
            session.add(DeliveryAttempt(id=new_id(), delivery_id=row.id, at=now, outcome="unknown", milliseconds=0))
        row.lease, row.lease_until = lease, until
    leased = tuple(Leased(row.id, row.body, row.attempts) for row in rows)
    return Round(system_id, system.endpoint_url, keys, lease, until, leased, failing=broken is not None)


async def record(
    session: AsyncSession, claimed: Round, leased: Leased, attempt: Attempted, *, began: datetime, now: datetime
) -> bool:
    """Write down what became of an attempt, if it is still ours to say; False if the lease was lost."""
    system = await _open(session, claimed.system_id) if attempt.status == GONE else None
    delivery = await _still_ours(session, claimed, leased)
    if delivery is None:
        return False
    session.add(_told(delivery.id, attempt, began))
    delivery.lease = delivery.lease_until = None
    delivery.attempts += 1
    if system is not None:
        _stop(session, system, now=now)
    if arrived(attempt):
        delivery.state, delivery.delivered_at = "delivered", now
        await _note(session, "delivery.delivered", delivery, now=now)
    elif system is not None and delivery.task_id is not None:
        delivery.next_at = now
    elif system is not None or delivery.attempts >= ATTEMPTS_MOST:
        delivery.state = "exhausted"
        await _put_before_officer(session, delivery, now=now)
    else:
        delivery.next_at = now + wait(delivery.attempts, attempt)
        # The job belongs to the fact: committed together, or neither.
        await defer(session, Job("deliver", {"system_id": str(delivery.system_id)}, at=delivery.next_at))
        await undelivered.failing(session, delivery, now=now)
    if not arrived(attempt):
        await circuit.failed(session, delivery.system_id, now=now)
    elif claimed.failing:
        await circuit.answered(session, delivery.system_id, now=now)
    return True


async def _stumbled(session: AsyncSession, claimed: Round, leased: Leased, *, began: datetime, now: datetime) -> None:
    """A fault of ours, which no endpoint can mend: a few more tries, then a person; the others move on (F58)."""
    delivery = await _still_ours(session, claimed, leased)
    if delivery is None:
        return
    before = select(func.count()).where(
        col(DeliveryAttempt.delivery_id) == delivery.id,
        col(DeliveryAttempt.outcome) == _FAULT,
        col(DeliveryAttempt.at) >= delivery.sent_from,
    )
    faults = int((await session.execute(before)).scalar_one()) + 1
    session.add(DeliveryAttempt(id=new_id(), delivery_id=delivery.id, at=began, outcome=_FAULT, milliseconds=0))
    delivery.lease = delivery.lease_until = None
    delivery.attempts += 1
    if faults >= FAULTS_MOST or delivery.attempts >= ATTEMPTS_MOST:
        delivery.state = "exhausted"
        await _put_before_officer(session, delivery, now=now)
        return
    delivery.next_at = now + timedelta(seconds=WAITS_S[delivery.attempts - 1])
    await defer(session, Job("deliver", {"system_id": str(delivery.system_id)}, at=delivery.next_at))


async def _still_ours(session: AsyncSession, claimed: Round, leased: Leased) -> Delivery | None:
    ours = select(Delivery).where(
        col(Delivery.id) == leased.id, col(Delivery.lease) == claimed.lease, col(Delivery.state) == "pending"
    )
    return (await session.execute(ours.with_for_update())).scalar_one_or_none()


async def due_systems(session: AsyncSession, now: datetime) -> list[UUID]:
    """Systems to which something is due that no job took: what a crash left behind."""
    due = select(col(Delivery.id)).where(
        col(Delivery.system_id) == col(System.id),
        _is_due(now),
        _in_turn(),
        or_(col(System.state) == "active", col(Delivery.task_id).is_(None)),
    )
    waiting = select(col(System.id)).where(
        col(System.endpoint_url).is_not(None),
        col(System.state) != "retired",
        exists(due.correlate(System)),
        ~circuit.is_open(now),
    )
    return list((await session.execute(waiting)).scalars())


async def _carry(
    desk: Desk, claimed: Round, leased: Leased, sender: Sender, now: Now, pace: _Pace, arrivals: Arrivals
) -> bool:
    async with pace.gate:
        began = now()
        crashpoint("deliver.after_claim")
        if pace.gone or began + SENDING_MOST > claimed.until:
            return await _let_go(desk, claimed, leased)
        try:
            headers = signature.headers(claimed.keys, str(leased.id), int(began.timestamp()), leased.body)
            attempt = await sender.send(claimed.url, leased.body, headers, system_id=claimed.system_id, now=began)
        except Exception:
            async with desk.database.transaction() as session:
                await _stumbled(session, claimed, leased, began=began, now=now())
            raise
        pace.tried += 1
        pace.failed += not arrived(attempt)
        if attempt.status == GONE:
            pace.gone = True
        if arrived(attempt):
            crashpoint("deliver.after_2xx")
            if not claimed.failing:
                return await arrivals.record(Arrival(leased.id, claimed.lease, attempt, began, now()))
        async with desk.database.transaction() as session:
            return await record(session, claimed, leased, attempt, began=began, now=now())


async def _let_go(desk: Desk, claimed: Round, leased: Leased) -> bool:
    """Give back what there is no time left for; it is due, and the next round takes it."""
    async with desk.database.transaction() as session:
        row = await session.get(Delivery, leased.id, with_for_update=True, populate_existing=True)
        if row is not None and row.lease == claimed.lease:
            row.lease = row.lease_until = None
    return False


def _is_due(now: datetime) -> ColumnElement[bool]:
    unclaimed = or_(col(Delivery.lease_until).is_(None), col(Delivery.lease_until) <= now)
    return and_(col(Delivery.state) == "pending", col(Delivery.next_at) <= now, unclaimed, ~is_frozen())


def is_frozen() -> ColumnElement[bool]:
    """Nobody is sent to work on a request that was stopped; that a task was called back is still told (C3)."""
    task = select(col(Task.id)).where(
        col(Task.id) == col(Delivery.task_id), col(Delivery.type) == "task.created", fulfilment.is_frozen()
    )
    return exists(task.correlate(Delivery))


def _in_turn() -> ColumnElement[bool]:
    """Not while an earlier event of the same claim still waits: what is cancelled was announced first."""
    earlier = aliased(Delivery)
    before = select(col(earlier.id)).where(
        col(earlier.system_id) == col(Delivery.system_id),
        col(earlier.claim_id) == col(Delivery.claim_id),
        col(earlier.state) == "pending",
        col(earlier.id) < col(Delivery.id),
    )
    return ~exists(before.correlate(Delivery))


async def _open(session: AsyncSession, system_id: UUID) -> System:
    """The system under lock: before its deliveries, as everywhere."""
    locked = select(System).where(col(System.id) == system_id).with_for_update()
    return (await session.execute(locked.execution_options(populate_existing=True))).scalar_one()


def _stop(session: AsyncSession, system: System, *, now: datetime) -> None:
    """410: the endpoint wants nothing more. Its duties remain, and wait for an endpoint that proves itself again."""
    if system.state == "active":
        system.state, system.version = "stopped", system.version + 1
        audit.note(session, "system.stop", by=MACHINE, now=now, facts={"system": str(system.id), "cause": "gone"})
        _log.warning("system %s answered gone and was stopped", system.id)


async def _put_before_officer(session: AsyncSession, delivery: Delivery, *, now: datetime) -> None:
    """Tried to the end: a person has to reach the holder another way (P11)."""
    task = await _note(session, "delivery.exhausted", delivery, now=now)
    _log.warning("delivery %s to system %s exhausted", delivery.id, delivery.system_id)
    if task is not None:
        session.add(ReviewItem(id=new_id(), request_id=task.request_id, kind="delivery.exhausted", at=now))
        system = await session.get_one(System, delivery.system_id)
        if system.kind == "third_party":
            await outbox.tell_holder(session, system, task, now=now)


async def _note(session: AsyncSession, action: str, delivery: Delivery, *, now: datetime) -> Task | None:
    task = await session.get(Task, delivery.task_id) if delivery.task_id else None
    audit.note(
        session,
        action,
        by=MACHINE,
        now=now,
        request_id=task.request_id if task else None,
        claim_id=task.claim_id if task else None,
        facts={"delivery": str(delivery.id), "system": str(delivery.system_id), "attempts": delivery.attempts},
    )
    return task


def _told(delivery_id: UUID, attempt: Attempted, began: datetime) -> DeliveryAttempt:
    """What an attempt came to, with the first words of the answer as far as they may be kept."""
    return DeliveryAttempt(
        id=new_id(),
        delivery_id=delivery_id,
        at=began,
        status=attempt.status,
        outcome=reason(attempt),
        milliseconds=attempt.ms,
        answer=excerpt(attempt.body),
    )
