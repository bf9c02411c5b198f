"""What holders have now in the fields that are said to be wrong, for an officer's eyes within the case (Act 36(2), D8).

Nobody has to ask for access first: whether a correction is right is found out here. What was looked at is destroyed
with the decision.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import desk_of
from app.law.terms import Right
from app.models import Claim, Request, System, Task
from app.services import planning, registry


async def collect(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> int:
    """Ask each holder of ours for these fields and no others, once a round; says how many are asked."""
    asked = {(task.system_id, task.category) for task in await _looks(session, claim)}
    made = 0
    for category, fields in _fields(session, claim).items():
        for system in await _holders(session, category):
            if (system.id, category) not in asked:
                await planning.add_task(session, request, claim, system, "collect", category, now=now, fields=fields)
                made += 1
    return made


async def forget(session: AsyncSession, claim: Claim, *, now: datetime) -> None:
    """The correction is decided, or over: nothing is looked at any more, and what was is destroyed (Act 21(1))."""
    if claim.right != Right.CORRECTION:
        return
    for task in await _looks(session, claim):
        task.answer_ct = None
        if task.status in planning.OPEN:
            await planning.cancel_task(session, task, now=now)


async def _looks(session: AsyncSession, claim: Claim) -> list[Task]:
    await session.flush()
    mine = select(Task).where(
        col(Task.claim_id) == claim.id, col(Task.round) == claim.round, col(Task.action) == "collect"
    )
    return list((await session.execute(mine.order_by(col(Task.id)).with_for_update())).scalars())


def _fields(session: AsyncSession, claim: Claim) -> dict[str, list[str]]:
    """The fields under correction that are ours to correct, by category."""
    known, fields = desk_of(session).policy.categories, dict[str, list[str]]()
    for change in claim.scope["changes"]:
        category = known[change["category"]]
        if category.owner is None and not category.pseudonymised:
            fields.setdefault(category.id, []).append(change["field"])
    return {category: list(dict.fromkeys(names)) for category, names in sorted(fields.items())}


async def _holders(session: AsyncSession, category: str) -> list[System]:
    holding = select(System).where(
        col(System.state) != "retired",
        col(System.kind).in_(registry.OURS),
        col(System.categories).contains([category]),
        col(System.actions).contains(["collect"]),
    )
    return list((await session.execute(holding.order_by(col(System.id)))).scalars())
