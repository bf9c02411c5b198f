"""What became of a claim where its data is: who is silent, who did a part, what is kept there, who has nothing."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import desk_of
from app.documents.tongue import either, tongue_of
from app.law.terms import Aspect, ItemOutcome, Right
from app.models import Claim, Request, System, Task
from app.services import onward, reported
from app.services.planning import ACTION, OPEN, SIDE
from app.services.scope import is_media

_FOUND_OR_NOT = (Right.CORRECTION, Right.DELETION)


@dataclass(frozen=True, slots=True)
class Said:
    """The answers of every holder in this round, as far as they are to be told."""

    silent: tuple[str, ...]
    kept_until: dict[str, str]
    """By statute: the last of the days that holders named."""
    onward: tuple[tuple[str, str], ...]
    """Who has not done it of those to whom a holder had passed the data: their name and the holder's."""
    partly: tuple[str, ...]
    absent: frozenset[str]


async def of(session: AsyncSession, request: Request, claim: Claim, items: list[dict[str, Any]]) -> Said:
    """What holders said of a claim, beside what was decided of each item."""
    tasks = (
        select(Task, col(System.name))
        .join(System, col(System.id) == col(Task.system_id))
        .where(col(Task.claim_id) == claim.id, col(Task.round) == claim.round)
        .order_by(col(Task.id))
    )
    rows = [(task, name) for task, name in (await session.execute(tasks)).all()]
    silent = {name for task, name in rows if task.status in OPEN and task.action not in SIDE}
    # "Done" without a word of what is held is no answer to a question for the data.
    if claim.right == Right.ACCESS and not is_media(claim):
        silent |= {name for task, name in rows if _is_empty(task)}
    silent |= {_waiting_for(session, request, category) for category in claim.waiting}
    decided = {item["basis"] for item in items if item["outcome"] == ItemOutcome.KEEP}
    kept = [one for task, _ in rows for one in _kept_there(task, decided)]
    partly = {name for task, name in rows if task.status == "partly_done" and not (task.result or {}).get("kept")}
    return Said(
        silent=tuple(sorted(silent)),
        kept_until={one["statute"]: max(k["until"] for k in kept if k["statute"] == one["statute"]) for one in kept},
        onward=tuple((one, name) for task, name in rows for one in onward.waiting(task.result)),
        partly=tuple(sorted(partly)),
        absent=_absent(claim, items, [task for task, _ in rows]),
    )


def _waiting_for(session: AsyncSession, request: Request, category: str) -> str:
    """A category that nobody was told of yet, because what the same person asked before is done first (planning)."""
    label = desk_of(session).policy.categories[category].label
    ko, en = f"{label.ko}: 앞서 하신 요구를 마친 뒤 조치합니다", f"{label.en}: after what you asked before is done"
    return either(tongue_of(request.language), ko, en)


def _kept_there(task: Task, decided: set[str]) -> list[dict[str, str]]:
    """What a holder says it keeps; where that was to be deleted and nobody decided that it stays, a fence tells it."""
    said: list[dict[str, str]] = (task.result or {}).get("kept", [])
    return [one for one in said if not reported.deletes(task) or one["statute"] in decided]


def _is_empty(task: Task) -> bool:
    found = task.action == "collect" and task.status in ("done", "partly_done")
    return found and not (task.result or {}).get("with_data")


def _absent(claim: Claim, items: list[dict[str, Any]], tasks: list[Task]) -> frozenset[str]:
    """Categories of which nothing was found: nobody is registered as holding them, or each said that it has nothing."""
    action = ACTION[Right(claim.right)]
    looked_for = Aspect.ITEMS in claim.scope["aspects"] if claim.right == Right.ACCESS else claim.right in _FOUND_OR_NOT
    if not looked_for or is_media(claim):
        return frozenset()
    asked = {item["item"].partition(".")[0] for item in items if item["outcome"] == ItemOutcome.GRANT}
    found = {one.category for one in tasks if one.action == action and one.status not in ("not_held", "cancelled")}
    return frozenset(asked - found)
