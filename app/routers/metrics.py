"""What the operator scrapes: this process, and how the events of each system fare."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app import db
from app.http.route import DeskRoute
from app.http.unit import TheDesk
from app.law import deadline
from app.services import access_reviews, aligning, carriers, checkpoints, pulse, restored_holds, retention
from app.services.carriers import Waiting
from app.services.pulse import Pulse

router = APIRouter(tags=["public"], route_class=DeskRoute)
CHANNELS = ("mail", "sms")
UNSIGNED = (
    "desk_audit_unsigned_seconds",
    "Age of the oldest audit entry not signed, or checkpoint not in LEDGER_DIR; 0: none",
)
"""Beyond an hour somebody has to look."""
UNCONFIRMED = (
    "desk_destructions_waiting_seconds",
    "Age of the oldest list of what is to be destroyed that no approver has confirmed; 0: none",
)
"""Beyond five days the law is broken."""
CLOSED = (
    "desk_holds_closed_seconds",
    "Time since processing checks were closed by a restore; 0: they are answered",
)
"""An officer has to say a word."""
STATES = ("proposed", "unverified", "active", "stopped")


@router.get("/metrics", operation_id="get_metrics", summary="Metrics", response_class=PlainTextResponse)
async def metrics(desk: TheDesk) -> Response:
    """Prometheus metrics; no label names a person.

    `desk_system_*` and `desk_message*` are the same from every process, and absent while the database is away.
    """
    registry = CollectorRegistry()
    try:
        async with desk.database.transaction() as session:
            now = db.now()
            registry.register(Systems(await pulse.read(session), len(await aligning.proposals(session)), now))
            registry.register(Since(*UNSIGNED, await checkpoints.unproved_since(session), now))
            registry.register(Post(await carriers.read(session), await pulse.skew(session, now=now), now))
            registry.register(Since(*UNCONFIRMED, await retention.waiting_since(session), now))
            registry.register(Since(*CLOSED, await restored_holds.closed_since(session), now))
            registry.register(Unread(len(await access_reviews.unread(session, on=deadline.seoul_date(now)))))
    except (SQLAlchemyError, OSError, TimeoutError):
        pass  # The figures of the process are wanted most when something is wrong.
    return Response(generate_latest() + generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class Since(Collector):
    """How long something has waited that somebody has to see to; 0 where nothing waits."""

    def __init__(self, name: str, told: str, moment: datetime | None, now: datetime) -> None:
        self._name, self._told = name, told
        self._seconds = max((now - moment).total_seconds(), 0.0) if moment else 0.0

    def collect(self) -> Iterator[Metric]:
        """The one figure."""
        yield GaugeMetricFamily(self._name, self._told, value=self._seconds)


class Systems(Collector):
    """The figures of all systems at one moment."""

    def __init__(self, systems: Sequence[Pulse], proposals: int, now: datetime) -> None:
        self._systems = systems
        self._proposals = proposals
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """The oldest that waits, attempts, failures, state, breaker; what an admin is asked to confirm."""
        oldest = GaugeMetricFamily(
            "desk_system_oldest_undelivered_seconds", "Age of the oldest event on its way; 0: none", labels=["system"]
        )
        attempts = CounterMetricFamily("desk_system_attempts", "Events sent, repeats included", labels=["system"])
        failures = CounterMetricFamily("desk_system_failures", "Of these, what did not arrive", labels=["system"])
        state = GaugeMetricFamily("desk_system_state", "1 for the present state", labels=["system", "state"])
        broken = GaugeMetricFamily(
            "desk_system_circuit_open", "1 while it is tried only now and then", labels=["system"]
        )
        for one in self._systems:
            name = str(one.system_id)
            waiting = (self._now - one.waiting_since).total_seconds() if one.waiting_since else 0.0
            oldest.add_metric([name], max(waiting, 0.0))
            attempts.add_metric([name], one.attempts)
            failures.add_metric([name], one.failures)
            broken.add_metric([name], one.broken)
            for word in STATES:
                state.add_metric([name, word], one.state == word)
        asked = GaugeMetricFamily(
            "desk_registry_proposals", "What the policy changes in the registry and no admin has confirmed"
        )
        asked.add_metric([], self._proposals)
        yield from (oldest, attempts, failures, state, broken, asked)


class Post(Collector):
    """How messages to people fare, and how far the clocks are apart."""

    def __init__(self, waiting: Sequence[Waiting], skew: float, now: datetime) -> None:
        self._waiting = {one.channel: one for one in waiting}
        self._skew = skew
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """The oldest message that was tried in vain, and whether its carrier is silent; the skew of the clocks."""
        oldest = GaugeMetricFamily(
            "desk_message_oldest_waiting_seconds",
            "Age of the oldest message tried in vain; 0: none",
            labels=["channel"],
        )
        silent = GaugeMetricFamily(
            "desk_message_carrier_silent", "1 while the carrier has taken nothing for an hour", labels=["channel"]
        )
        for channel in CHANNELS:
            one = self._waiting.get(channel)
            oldest.add_metric([channel], max((self._now - one.since).total_seconds(), 0.0) if one else 0.0)
            silent.add_metric([channel], bool(one and one.silent))
        skew = GaugeMetricFamily("desk_clock_skew_seconds", "How far this clock is ahead of the database's")
        skew.add_metric([], self._skew)
        yield from (oldest, silent, skew)


class Unread(Collector):
    """Whether somebody independent reads who looked at what."""

    def __init__(self, months: int) -> None:
        self._months = months

    def collect(self) -> Iterator[Metric]:
        """The months of the access log that are past their day and unsigned."""
        overdue = GaugeMetricFamily(
            "desk_access_reviews_overdue", "Months of the access log past their day that no auditor has signed"
        )
        overdue.add_metric([], self._months)
        yield overdue
