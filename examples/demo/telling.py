"""How the demo speaks, waits and fails."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.1


class StepFailedError(Exception):
    """A step did not hold."""

    def __init__(self, expected: str, got: object) -> None:
        super().__init__(f"expected: {expected}\ngot: {got}")


class Screen:
    """Tells the story in numbered steps; remembers how many checks held."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._step = 0
        self.held = 0

    @property
    def seconds(self) -> float:
        """Return how long the demo has been running."""
        return time.monotonic() - self._started

    def chapter(self, title: str) -> None:
        """Begin a part of the story."""
        print(f"\n=== {title}", flush=True)

    def step(self, title: str) -> None:
        """Begin a step."""
        self._step += 1
        print(f"\n[{self._step:02}] {self.seconds:5.1f}s  {title}", flush=True)

    def sees(self, who: str, what: str) -> None:
        """Tell what somebody sees."""
        first, *rest = what.strip().splitlines() or [""]
        print(f"     {who:<16} {first}", *(f"     {'':<16} {line}" for line in rest), sep="\n", flush=True)

    def check(self, holds: bool, expected: str, got: object = None) -> None:
        """Go on only if it holds."""
        if not holds:
            raise StepFailedError(expected, got)
        self.held += 1
        print(f"     {'✓':>3} {expected}", flush=True)


async def until(look: Callable[[], Awaitable[T]], done: Callable[[T], Any], expected: str) -> T:
    """Look again and again until it is so; fail when the patience ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        seen = await look()
        if done(seen):
            return seen
        if time.monotonic() > deadline:
            raise StepFailedError(f"{expected}, within {PATIENCE_SECONDS:.0f} s", seen)
        await asyncio.sleep(LOOK_EVERY_SECONDS)
