"""What became of one attempt to reach the world. Reasons are short codes; they never carry content."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side took it; `ref` is its name for it."""

    ref: str


@dataclass(frozen=True, slots=True)
class Retryable:
    """Not this time; `retry_after` is what the other side asked for, in seconds, unclamped."""

    reason: str
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Permanent:
    """Trying again changes nothing."""

    reason: str


Outcome = Sent | Retryable | Permanent
