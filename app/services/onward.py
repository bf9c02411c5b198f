"""Whom a holder had passed the data to, and what came of it there: followed until the last has done it (Act 26(6))."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor
from app.models import Task
from app.services import audit, flags

OPEN = "onward.open"
_RANK = {"failed": 0, "partly_done": 1, "done": 2, "not_held": 2}
_DONE = 2


def merged(before: list[dict[str, str]], said: list[dict[str, str]]) -> list[dict[str, str]]:
    """What is known of each by name; a later word counts where it is further on, and nobody once named is dropped."""
    known = {one["name"]: one["result"] for one in before}
    for one in said:
        if one["name"] not in known or _RANK[one["result"]] > _RANK[known[one["name"]]]:
            known[one["name"]] = one["result"]
    return [{"name": name, "result": result} for name, result in known.items()]


def waiting(result: dict[str, Any] | None) -> list[str]:
    """Those who have not done it, of what a holder reported."""
    return [one["name"] for one in (result or {}).get("onward", []) if _RANK[one["result"]] < _DONE]


async def repeat(session: AsyncSession, task: Task, said: list[dict[str, str]], *, by: Actor, now: datetime) -> None:
    """A result that was given before is given again: it may tell that others have done it since, and nothing else."""
    before = (task.result or {}).get("onward", [])
    after = merged(before, said)
    if task.result is None or after == before:
        return
    task.result, task.version = {**task.result, "onward": after}, task.version + 1
    facts = {"task": str(task.id), "onward": len(after), "open": len(waiting(task.result))}
    audit.note(session, "task.onward", by=by, now=now, request_id=task.request_id, claim_id=task.claim_id, facts=facts)
    await follow(session, task, by=by, now=now)


async def follow(session: AsyncSession, task: Task, *, by: Actor, now: datetime) -> None:
    """Put before an officer that somebody further on has not done it; settled once nobody of the request is left."""
    if waiting(task.result):
        await flags.raise_once(session, task.request_id, OPEN, now=now)
        return
    await session.flush()
    theirs = select(col(Task.result)).where(col(Task.request_id) == task.request_id, col(Task.result).is_not(None))
    if any(waiting(result) for result in (await session.execute(theirs)).scalars()):
        return
    await flags.settle(session, task.request_id, OPEN, by=by, now=now)
