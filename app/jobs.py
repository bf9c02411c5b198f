"""What must follow from a fact: a job row INSERTed in the transaction of the fact itself."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import driver_of


@dataclass(frozen=True, slots=True)
class Job:
    """A job by name; its arguments are ids, never contents."""

    name: str
    args: dict[str, str] = field(default_factory=dict)
    at: datetime | None = None


# Deferring runs on the caller's own connection, so this app never opens a pool of its own.
_queue = App(connector=PsycopgConnector())


async def defer(session: AsyncSession, job: Job) -> None:
    """Make `job` part of this transaction: it exists if and only if the transaction commits."""
    options: dict[str, Any] = {"connection": await driver_of(session)}
    if job.at is not None:
        options["schedule_at"] = job.at
    await _queue.configure_task(job.name, **options).defer_async(**job.args)
