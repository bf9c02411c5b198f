"""Keeps the copy, and answers from it: "may I use this?". Where the copy cannot be sure, the desk is asked."""

import asyncio
import sys
import time
from typing import Any

from examples.client import Desk
from examples.common.transport import ProblemError, UnreachableError
from examples.holds.handles import Hashing
from examples.holds.store import Store

JSON = dict[str, Any]
WAITS_S = 10
"""How long the desk may hold back an answer while nothing changes."""
OLD_AFTER_S = 30.0
"""A copy that was not confirmed for so long answers nothing more. A copy is never as new as the desk: choose it."""
PAUSE_S = 1.0


class Keeper:
    """One copy and the desk it is a copy of."""

    def __init__(self, desk: Desk, store: Store, *, waits_s: int = WAITS_S, old_after_s: float = OLD_AFTER_S) -> None:
        self._desk, self._store = desk, store
        self._waits_s, self._old_after_s = waits_s, old_after_s
        self._hashing: Hashing | None = None
        self._current_at: float | None = None
        """When we last asked a question that found the copy current: before the answer, for that may be slow."""

    async def keep(self) -> None:
        """Follow the desk until cancelled, over every failure of it."""
        while True:
            try:
                await self.step()
            except (ProblemError, UnreachableError) as failure:
                print(f"the copy is not confirmed: {failure}", file=sys.stderr, flush=True)
                await asyncio.sleep(PAUSE_S)

    async def step(self) -> None:
        """One question: the next changes; the snapshot where there is no copy, or the feed does not go on from it."""
        if self._hashing is None:
            self._hashing = Hashing((await self._desk.feed_key())["feed_key"])
        if self._store.after is None:
            await self._take_snapshot()
        assert self._store.after is not None
        asked_at = time.monotonic()
        try:
            page = await self._desk.follow_holds(self._store.after, wait=self._waits_s if self.is_current else 0)
        except ProblemError as problem:
            if problem.code != "feed.gone":
                raise
            self._current_at = None
            self._store.begin()
            return
        self._store.move(page["items"], page)
        if not page["more"]:
            self._current_at = asked_at

    @property
    def is_current(self) -> bool:
        """Tell whether the copy may answer."""
        return self._current_at is not None and time.monotonic() - self._current_at <= self._old_after_s

    async def may_use(self, question: JSON) -> JSON:
        """Answer one question of the processing check as the desk would: `allowed`, `except`, `holds`."""
        answer = self._by_copy(question)
        if answer is not None:
            return answer | {"by": "copy"}
        [answer] = (await self._desk.check_processing([question]))["results"]
        return answer | {"by": "desk"}

    async def _take_snapshot(self) -> None:
        self._store.begin()
        page = await self._desk.holds()
        while page["next_cursor"] is not None:
            self._store.put(page["items"])
            page = await self._desk.holds(page["next_cursor"])
        self._store.move(page["items"], page)

    def _by_copy(self, question: JSON) -> JSON | None:
        """Answer from the copy; None where it is old, or where only the desk can or may answer."""
        every = self._store.covers.get("categories", {}).get(question["category"])
        covered = every is not None and question["purpose"] in self._store.covers["purposes"]
        # What another law demands goes into the desk's own record.
        if not self.is_current or not covered or question.get("required_by_law"):
            return None
        wanted = question.get("fields") or []
        names = self._names(question["subject"])
        if names is None or not set(wanted) <= set(every):
            return None
        found = {hold["hold_id"]: hold for name in names for hold in self._store.holds(name)}
        return judged(list(found.values()), question, every)

    def _names(self, subject: JSON) -> list[str] | None:
        assert self._hashing is not None
        names = [self._hashing.subject(kind, value) for kind, value in subject.items() if value]
        return [name for name in names if name] if names and all(names) else None


def judged(holds: list[JSON], question: JSON, every: list[str]) -> JSON:
    """Return what these holds leave of a use: not allowed, or allowed but for some fields."""
    against = [
        hold
        for hold in sorted(holds, key=lambda one: (one["since"], one["hold_id"]))
        if hold["category"] == question["category"]
        and (hold["purposes"] is None or question["purpose"] in hold["purposes"])
    ]
    excepted = list(dict.fromkeys(field for hold in against for field in hold["fields"] or ()))
    wanted = question.get("fields") or []
    stopped = any(hold["fields"] is None for hold in against)
    stopped |= bool(set(wanted) & set(excepted)) or bool(every and set(every) <= set(excepted))
    said = [{name: hold[name] for name in ("kind", "fields", "basis", "since")} for hold in against]
    return {"allowed": not stopped, "except": excepted, "holds": said}
