"""What one attempt to reach an endpoint came to, and when the next one comes (Standard Webhooks 1.0.0)."""

import secrets
from collections.abc import Awaitable, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

_MINUTE_S, _HOUR_S = 60, 3600
WAITS_S = (
    5,
    5 * _MINUTE_S,
    30 * _MINUTE_S,
    *(hours * _HOUR_S for hours in (2, 5, 10, 14, 20, 24)),
)
"""How long after each failed attempt the next one comes: ten attempts over three days."""
ATTEMPTS_MOST = len(WAITS_S) + 1
JITTER = 0.2
THROTTLED_LEAST_S = 60
GONE = 410
_SLOW_DOWN = (429, 503)
_random = secrets.SystemRandom()


class Attempted(Protocol):
    """What the gateway says of one attempt."""

    @property
    def outcome(self) -> object:
        """Sent, or a failure that bears a `reason` and perhaps `retry_after` in seconds."""

    @property
    def status(self) -> int | None:
        """The HTTP status, if there was an answer."""

    @property
    def ms(self) -> int:
        """How long it took."""

    @property
    def body(self) -> bytes:
        """The first bytes of the answer."""


class Sender(Protocol):
    """Who carries a signed event to an endpoint."""

    def send(
        self, url: str, body: bytes, headers: Mapping[str, str], *, system_id: UUID, now: datetime
    ) -> Awaitable[Attempted]:
        """POST once, by the rules that the deployment has for this system; failures are values."""


def wait(attempts: int, attempt: Attempted) -> timedelta:
    """How long until the next attempt: the schedule ±20 %, or what the receiver asked for, up to twice the schedule."""
    base = float(WAITS_S[attempts - 1])
    throttled = attempt.status in _SLOW_DOWN or reason(attempt) == "timeout"
    if throttled:
        base = max(base, THROTTLED_LEAST_S)
    asked: int | None = getattr(attempt.outcome, "retry_after", None)
    if asked is not None:
        return timedelta(seconds=min(max(asked, base), 2 * base))
    spread = base * _random.uniform(1 - JITTER, 1 + JITTER)
    return timedelta(seconds=max(spread, THROTTLED_LEAST_S) if throttled else spread)


def arrived(attempt: Attempted) -> bool:
    """Only 2xx says that it was taken; and taken is not done."""
    return attempt.status is not None and 200 <= attempt.status < 300


def reason(attempt: Attempted) -> str:
    """A short code: `delivered`, `http_500`, `timeout`, `tls`; never what the receiver wrote."""
    return str(getattr(attempt.outcome, "reason", "delivered"))
