"""Informing those who were given what was wrong, or is gone: of the result, each once, to the end (policy 8.7).

The registry says who is regularly given a category, the register of provisions who was given this person's data. They
are told when it is done, and the claim waits for none of them (ADR 0038).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import desk_of
from app.law import provision, relay
from app.law.provision import Provision, ProvisionBasis
from app.law.relay import Passed, Why
from app.law.terms import Label, Right
from app.models import Claim, Request, System, Task
from app.services import provided, relaying

_DONE = {Right.CORRECTION: "correct", Right.DELETION: "delete"}
_TELLING = ("correct", "delete", "inform", "relay")


async def plan(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> None:
    """See to it that everybody who was given what was now corrected or deleted hears of it; once a round."""
    right = Right(claim.right)
    if right not in relay.PASSED_TO_SOURCE or request.person_ct is None:
        return
    tasks = [one for one in await _tasks(session, claim) if one.status != "cancelled"]
    carried_out = _carried_out(tasks, _DONE[right])
    asked = {(one.system_id, one.category) for one in tasks if one.action in _TELLING}
    told = {(one.party, one.category) for one in await relaying.of(session, claim)}
    for one, system in await _receivers(session, request, right, carried_out):
        known = system is not None and (system.id, one.category) in asked
        if not known and (one.party, one.category) not in told:
            takes = system if system is not None and _takes(right, system) else None
            await relaying.pass_on(session, request, claim, one, takes, now=now)


async def told(session: AsyncSession, claim: Claim, *, on: date) -> tuple[Label, ...]:
    """Who is informed of the result, as far as no law forbids to tell the person of them."""
    names = [
        await relaying.party(session, one)
        for one in await relaying.of(session, claim)
        if one.why == Why.GIVEN and one.state != "cancelled"
    ]
    desk = desk_of(session)
    return tuple(dict.fromkeys(name for name in names if provided.may_be_told(desk, name, on)))


async def _receivers(
    session: AsyncSession, request: Request, right: Right, carried_out: Mapping[str, Sequence[str]]
) -> list[tuple[Passed, System | None]]:
    """Each receiver once a category, by its system where it has one; whoever is in the registry is told of all."""
    systems: dict[str, System | None] = {}
    provisions = []
    if right is Right.CORRECTION:
        for system in await provided.third_parties(session):
            if system.state != "retired" and "inform" in system.actions:
                systems[str(system.id)] = system
                # A third party that the registry names is given the whole category, on whatever basis.
                provisions += [Provision(str(system.id), one, (), ProvisionBasis.CONSENT) for one in system.categories]
    rows = await provided.of(session, request)
    behind = {one: await provided.registered(session, one) for one in sorted({row.recipient for row in rows})}
    for row in rows:
        found = behind[row.recipient]
        party = str(found.id) if found is not None else row.recipient
        systems.setdefault(party, found)
        provisions.append(Provision(party, row.category, tuple(row.fields), ProvisionBasis(row.basis)))
    return [(one, systems[one.party]) for one in provision.told(right, carried_out, provisions)]


def _takes(right: Right, system: System) -> bool:
    """Whether a task tells it: of a correction by its result, of a deletion as a claim that is passed on."""
    tellings = {"inform", "relay"} if right is Right.CORRECTION else {"relay"}
    return system.state != "retired" and bool(tellings & set(system.actions))


def _carried_out(tasks: list[Task], action: str) -> dict[str, list[str]]:
    """What at least one holder did, by category and field."""
    done: dict[str, list[str]] = {}
    for one in tasks:
        if one.action == action and one.status in ("done", "partly_done"):
            mine = done.setdefault(one.category, [])
            mine += [name for name in one.fields or () if name not in mine]
    return done


async def _tasks(session: AsyncSession, claim: Claim) -> list[Task]:
    await session.flush()
    mine = select(Task).where(
        col(Task.claim_id) == claim.id, col(Task.round) == claim.round, col(Task.fence_id).is_(None)
    )
    return list((await session.execute(mine.order_by(col(Task.id)))).scalars())
