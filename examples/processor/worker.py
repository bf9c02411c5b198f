"""The holder's own work: fetch a task, say it is ours, act, report. One task at a time."""

import asyncio
import contextlib
import sys
import time
from datetime import datetime, timedelta, timezone

from examples.client import Credentials, Desk, ProblemError, UnreachableError
from examples.processor.config import Config, Registration
from examples.processor.store import Store

KOREA = timezone(timedelta(hours=9))
STILL_OURS = ("pending", "acknowledged")
LONGEST_REST_SECONDS = 300.0
FIRST_REST_SECONDS = 2.0


class Worker:
    """Answers the open tasks of a store at the desk."""

    def __init__(self, name: str, registration: Registration, store: Store, *, poll_seconds: float | None) -> None:
        self._name, self._registration, self._store, self._poll = name, registration, store, poll_seconds
        self._told = asyncio.Event()
        self._config: Config | None = None
        self._desk: Desk | None = None

    def wake(self) -> None:
        """Say that a task has come."""
        self._told.set()

    async def run(self) -> None:
        """Work until cancelled: what was left open first, then what is told or asked for."""
        catch_up, rest = True, FIRST_REST_SECONDS
        try:
            while True:
                self._told.clear()
                fine = await self._round(catch_up=catch_up or self._poll is not None)
                catch_up = catch_up and not fine
                rest = FIRST_REST_SECONDS if fine else min(rest * 2, LONGEST_REST_SECONDS)
                await self._sleep(None if fine else rest)
        finally:
            if self._desk is not None:
                await self._desk.aclose()

    async def _sleep(self, rest: float | None) -> None:
        """Sleep until told, the next look or the next attempt, whichever is first.

        Not yet configured is looked at often: it ends as soon as a file appears.
        """
        waits = [self._poll, rest, 0.2 if self._registration.now() is None else None]
        shortest = min((one for one in waits if one is not None), default=None)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._told.wait(), shortest)

    async def _round(self, *, catch_up: bool) -> bool:
        """Answer what is open; False if something is to be tried again later."""
        desk = await self._entry()
        if desk is None:
            return False
        try:
            if catch_up:
                await self._catch_up(desk)
            return all([await self._answer(desk, task_id) for task_id in self._store.open_tasks])
        except (ProblemError, UnreachableError) as failure:
            self._say(f"later: {failure}")
            return False

    async def _entry(self) -> Desk | None:
        """Return the desk as this system; a new configuration means a new door."""
        config = self._registration.now()
        if config is not None and config != self._config:
            if self._desk is not None:
                await self._desk.aclose()
            self._desk = Desk(config.api, Credentials(config.client_id, config.client_secret), language="en")
            self._config = config
        return self._desk

    async def _catch_up(self, desk: Desk) -> None:
        """Learn of tasks whose event never came, or came before a crash."""
        for status in STILL_OURS:
            async for task in desk.pages("/v1/tasks", status=status):
                self._store.add(task["id"])

    async def _answer(self, desk: Desk, task_id: str) -> bool:
        """Answer one task; False if it is to be tried again. What the desk refuses for good is set aside, aloud."""
        try:
            task = await desk.task(task_id)
            if task["status"] in STILL_OURS:
                await self._act(desk, task)
            else:
                self._store.drop(task_id)
        except ProblemError as problem:
            self._say(f"task {task_id}: {problem}")
            if problem.status in (401, 403, 429) or problem.status >= 500:
                return False
            self._store.drop(task_id)
        return True

    async def _act(self, desk: Desk, task: dict[str, object]) -> None:
        task_id = str(task["id"])
        if task["status"] == "pending":
            today = datetime.fromtimestamp(time.time(), KOREA).date()
            await desk.acknowledge_task(task_id, str(today))
        result = self._store.result(task)
        await desk.report_result(task_id, result)
        self._store.report_went_out(task_id)
        self._say(f"task {task_id}: {task['action']} {task.get('category') or ''} -> {result['result']}")

    def _say(self, line: str) -> None:
        """Tell the terminal, ids and codes only."""
        print(f"{self._name}: {line}", file=sys.stderr, flush=True)
