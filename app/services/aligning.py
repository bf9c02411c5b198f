"""The registry beside the policy: what a new version changes is shown, and done once an admin confirms it (F1).

Nothing is done by itself. A proposal is named after what it says, so that nobody confirms another than they read.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import run
from app.desk import MACHINE, Actor, desk_of
from app.errors import NotFound
from app.law import deadline, roster
from app.law.controller import Category, Policy
from app.law.roster import Difference, Registered
from app.models import Confirmed, PolicyTaken, System
from app.services import audit, outbox, registry, warning
from app.services.registry import MATCHES, Entry, Listed

_PRESERVED = ("preserve", "collect", "release")
_WHOLE = ("hold", "release", "collect", "correct", "delete", "suspend", "resume", "withdraw_consent")
_INFORMED = ("hold", "release", "inform")
_log = logging.getLogger("rights_desk.registry")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that the policy says otherwise than the registry, and how the registry would stand then."""

    id: UUID
    change: str
    party: str
    kind: str
    name: str
    system_id: UUID | None
    before: list[str]
    after: list[str]
    actions: list[str]
    matches_by: list[str]
    contact_email: str


async def proposals(session: AsyncSession) -> list[Proposal]:
    """Everything in which the registry differs from the policy in force."""
    policy = desk_of(session).policy
    systems = {str(one.id): one for one in await _systems(session)}
    registered = [Registered(name, one.kind, one.party, tuple(one.categories)) for name, one in systems.items()]
    found = roster.differences(policy.holders, registered)
    return [_proposal(policy, one, systems.get(one.system_id or "")) for one in found]


async def confirm(session: AsyncSession, proposal_id: UUID, *, by: Actor, now: datetime) -> Listed:
    """Do what one proposal says. One that was done answers the same again; one that no longer stands is not found."""
    # One after the other: two at once would each register the same holder.
    await run(session, "SELECT pg_advisory_xact_lock(hashtext('registry'))", {})
    found = next((one for one in await proposals(session) if one.id == proposal_id), None)
    if found is None:
        earlier = await session.get(Confirmed, proposal_id)
        if earlier is None:
            raise NotFound("proposal.not_found")
        return await registry.look(session, earlier.system_id)
    done = await _carry_out(session, found, by=by, now=now)
    await session.merge(Confirmed(proposal_id=found.id, system_id=done.system.id, at=now))
    facts = {"policy": desk_of(session).policy.id, "change": found.change, "system": str(done.system.id)}
    audit.note(session, "registry.confirm", by=by, now=now, facts=facts)
    return done


async def ask(session: AsyncSession, *, now: datetime) -> bool:
    """The first time that a policy is in force: put it on record, and ask for what it changes in the registry."""
    desk = desk_of(session)
    before = (await session.execute(select(col(PolicyTaken.policy)).limit(1))).first()
    row = upsert(PolicyTaken).values(policy=desk.policy.id, at=now)
    once = row.on_conflict_do_nothing(index_elements=["policy"]).returning(col(PolicyTaken.policy))
    if (await session.execute(once)).first() is None:
        return False
    pending = len(await proposals(session))
    facts = {"policy": desk.policy.id, "proposals": pending}
    audit.note(session, "policy.take", by=MACHINE, now=now, facts=facts)
    if before is None or not pending:
        return False
    _log.warning("policy %s changes the registry, %d proposals wait for an admin", desk.policy.id, pending)
    params = {"first": desk.policy.effective.isoformat(), "count": str(pending)}
    for address in warning.addresses(desk, ("officer", "approver"), deadline.seoul_date(now)):
        await outbox.desk_message(session, "registry_todo", address, params, now=now)
    return True


async def _systems(session: AsyncSession) -> list[System]:
    live = select(System).where(col(System.state) != "retired").order_by(col(System.id))
    return list((await session.execute(live)).scalars())


async def _carry_out(session: AsyncSession, found: Proposal, *, by: Actor, now: datetime) -> Listed:
    if found.system_id is None:
        entry = Entry(
            name=found.name,
            kind=found.kind,
            categories=found.after,
            actions=found.actions,
            matches_by=found.matches_by,
            contact_email=found.contact_email,
            party=found.party,
        )
        made = await registry.register(session, entry, by=by, now=now)
        return await registry.look(session, made.system.id)
    if found.change == "gone":
        return await registry.retire(session, found.system_id, by=by, now=now)
    version = (await session.get_one(System, found.system_id)).version
    changes = {"categories": found.after}
    return await registry.change(session, found.system_id, changes, version=version, by=by, now=now)


def _proposal(policy: Policy, one: Difference, system: System | None) -> Proposal:
    if system is not None:
        name, actions, matches_by, contact = system.name, system.actions, system.matches_by, system.contact_email
    else:
        held = [policy.categories[category] for category in one.after]
        holder = roster.named(policy.holders, one.kind, one.party)
        assert holder is not None
        name, contact = holder.label.ko, policy.desk_email
        actions, matches_by = _actions(one.kind, held), _matches(held)
    said = json.dumps([policy.id, asdict(one), name, actions, matches_by, contact], ensure_ascii=False)
    return Proposal(
        id=uuid5(NAMESPACE_URL, f"urn:rights-desk:proposal:{said}"),
        change=one.change,
        party=one.party,
        kind=one.kind,
        name=name,
        system_id=system.id if system is not None else None,
        before=list(one.before),
        after=list(one.after),
        actions=list(actions),
        matches_by=list(matches_by),
        contact_email=contact,
    )


def _actions(kind: str, held: Iterable[Category]) -> list[str]:
    """What is asked of a holder of whom nothing else is known: all that may be asked of its kind."""
    if kind in ("third_party", "source"):
        return list(_INFORMED if kind == "third_party" else ("relay",))
    # Only our own recorders are places whose footage can be asked for.
    media = _PRESERVED if kind == "internal" and any(one.media for one in held) else ()
    whole = _WHOLE if any(not one.media for one in held) else ()
    return list(dict.fromkeys((*whole, *media)))


def _matches(held: Iterable[Category]) -> list[str]:
    """It finds people by what it holds of them, and is told no more; by our own reference where that is nothing."""
    fields = [field for one in held for field in one.fields]
    kinds = {field.id for field in fields} | {_HANDLE[field.input] for field in fields if field.input in _HANDLE}
    return [one for one in MATCHES if one in kinds] or ["subject_ref"]


_HANDLE = {"tel": "phone", "email": "email"}
