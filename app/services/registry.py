"""Everyone who holds the data: internal systems, processors, third parties and sources (Act 17, 26; policy 7).

A system is registered by an admin, proves its endpoint by answering a challenge, and is retired, never deleted.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import signature, text
from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.endpoint import check_endpoint
from app.errors import Conflict, Fault, Invalid, NotFound, Stale
from app.jobs import Job, defer
from app.law import roster
from app.models import ACTIONS, Client, Delivery, System, SystemKey, Task
from app.services import audit, clients, endpoints, grants, outbox, signing_keys
from app.services.clients import Credentials
from app.services.signing_keys import MadeKey

MATCHES = ("subject_ref", "name", "phone", "email", "birth_date", "customer_no")
"""What a task may name its subject by; each system is told only what it matches by."""
OURS = ("internal", "processor")
"""Who holds and provides data for us: a source or a third party does so for itself."""
_OPEN = ("pending", "acknowledged", "failed")
_ACTS = {
    "system.register": "grant",
    "system.change": "change",
    "system.confirm_endpoint": "change",
    "system.key": "change",
    "system.retire": "revoke",
}
"""What of a system's life changes what it may see or where it is told."""
_log = logging.getLogger("rights_desk.registry")


@dataclass(frozen=True, slots=True)
class Entry:
    """What an admin says about a system that is to be registered."""

    name: str
    kind: str
    categories: list[str]
    actions: list[str]
    matches_by: list[str]
    contact_email: str
    endpoint_url: str | None = None
    scheme: str | None = None
    contact_phone: str | None = None
    due_working_days: int | None = None
    party: str | None = None
    answers_by: str = "api"
    callback_keys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Registered:
    """A system just registered, with what is told this once."""

    system: System
    keys: list[MadeKey]
    credentials: Credentials


@dataclass(frozen=True, slots=True)
class Listed:
    """A system as an admin sees it."""

    system: System
    keys: list[SystemKey]
    client_id: UUID | None


async def register(session: AsyncSession, entry: Entry, *, by: Actor, now: datetime) -> Registered:
    """Take a system into the registry, with its signing key, its client and the challenge of its endpoint."""
    stated = {name: getattr(entry, name) for name in Entry.__slots__}
    checked = _checked(session, stated, entry.kind)
    url = checked.pop("endpoint_url")
    if entry.endpoint_url is None and entry.scheme is not None:
        raise Invalid("field.required", pointer="/endpoint_url")
    if entry.endpoint_url is not None and entry.scheme is None:
        raise Invalid("field.required", pointer="/scheme")
    _refuse_two_ways(entry.answers_by, entry.endpoint_url)
    checked["party"] = entry.party or roster.called(desk_of(session).policy.holders, entry.kind, checked["name"])
    system = System(**checked, id=new_id(), state="active", created_at=now)
    session.add(system)
    await session.flush()
    keys = [signing_keys.make(session, system, entry.scheme, now=now)] if entry.scheme else []
    credentials = await clients.add(session, system.name, "system", system_id=system.id, now=now)
    if url is not None:
        await endpoints.propose(session, system, url, by=by, now=now)
    facts = {"client": str(credentials.client.id), "categories": system.categories, "actions": system.actions}
    _note(session, "system.register", system, by=by, now=now, facts={**facts, "matches_by": system.matches_by})
    return Registered(system, keys, credentials)


async def change(
    session: AsyncSession, system_id: UUID, changes: dict[str, Any], *, version: int, by: Actor, now: datetime
) -> Listed:
    """Change what is said about a system. An endpoint that is new or moved is confirmed, and has to prove itself.

    To name the present one again withdraws what was proposed.
    """
    system = await opened(session, system_id)
    if version != system.version:
        raise Stale("precondition.failed")
    _refuse_retired(system)
    checked = _checked(session, changes, system.kind)
    present = {name: getattr(system, name) for name in checked}
    if "endpoint_url" in present:
        present["endpoint_url"] = system.proposed_url or system.endpoint_url
    url = checked.get("endpoint_url", system.proposed_url or system.endpoint_url)
    _refuse_two_ways(checked.get("answers_by", system.answers_by), url)
    changed = sorted(name for name, value in checked.items() if present[name] != value)
    if changed:
        if "endpoint_url" in changed:
            await endpoints.propose(session, system, checked["endpoint_url"], by=by, now=now)
        for name in set(changed) - {"endpoint_url"}:
            setattr(system, name, checked[name])
        system.version += 1
        _note(session, "system.change", system, by=by, now=now, facts={"fields": changed})
    return await _listed_one(session, system)


async def confirm_endpoint(session: AsyncSession, system_id: UUID, *, version: int, by: Actor, now: datetime) -> Listed:
    """The second person's word on where a system's events are to go."""
    system = await opened(session, system_id)
    if version != system.version:
        raise Stale("precondition.failed")
    _refuse_retired(system)
    await endpoints.confirm(session, system, by=by, now=now)
    system.version += 1
    _note(session, "system.confirm_endpoint", system, by=by, now=now)
    return await _listed_one(session, system)


async def retire(session: AsyncSession, system_id: UUID, *, by: Actor, now: datetime) -> Listed:
    """End a system. What it still had to do stays open and is put before an officer: the duty is not retired."""
    system = await opened(session, system_id)
    if system.state != "retired":
        endpoints.withdraw(system)
        system.state, system.challenge, system.version = "retired", None, system.version + 1
        await clients.retire_of_system(session, system.id, now=now)
        mine = col(Delivery.system_id) == system.id, col(Delivery.state).in_(["pending", "held"])
        await session.execute(update(Delivery).where(*mine).values(state="cancelled"))
        left = await _put_before_officer(session, system, now)
        _note(session, "system.retire", system, by=by, now=now, facts={"requests_left_open": left})
        _log.warning("system %s retired with open tasks of %d requests", system.id, left)
    return await _listed_one(session, system)


async def retire_again(session: AsyncSession, client_id: UUID, *, now: datetime) -> bool:
    """After a restore: end a client that had ended since the copy was made, with the system it belongs to."""
    client = await session.get(Client, client_id)
    if client is None or client.retired_at is not None:
        return False
    if client.system_id is not None:
        await retire(session, client.system_id, by=MACHINE, now=now)
    else:
        await clients.retire(session, client_id, by=MACHINE, now=now)
    return True


async def challenge(session: AsyncSession, system_id: UUID, *, by: Actor, now: datetime) -> Listed:
    """Have the endpoint prove itself again: also the way back after it was stopped."""
    system = await opened(session, system_id)
    _refuse_unreachable(system)
    system.version += 1
    await endpoints.prove(session, system)
    _note(session, "system.challenge", system, by=by, now=now)
    return await _listed_one(session, system)


async def add_key(
    session: AsyncSession, system_id: UUID, scheme: str, *, overlap: timedelta, by: Actor, now: datetime
) -> MadeKey:
    """Give a system a new signing key, of the same or the other scheme; the old ones sign beside it for a while."""
    system = await opened(session, system_id)
    _refuse_retired(system)
    made = await signing_keys.rotate(session, system, scheme, overlap=overlap, now=now)
    if system.scheme is None and system.endpoint_url is not None:
        # Its challenge waited for this: nothing is ever sent unsigned.
        await defer(session, Job("challenge", {"system_id": str(system.id)}))
    system.scheme, system.version = scheme, system.version + 1
    facts = {"key": str(made.row.id), "scheme": scheme, "overlap_s": round(overlap.total_seconds())}
    _note(session, "system.key", system, by=by, now=now, facts=facts)
    return made


async def keys_of(session: AsyncSession, system_id: UUID, *, by: Actor) -> list[SystemKey]:
    """The keys of a system, oldest first, for an admin or the system itself."""
    system = await own(session, system_id, by)
    return (await signing_keys.listed(session, [system.id]))[system.id]


async def own(session: AsyncSession, system_id: UUID, by: Actor) -> System:
    """A system as far as this caller may see it: any for an admin, itself for a system."""
    system = await session.get(System, system_id)
    if system is None or (by.role == "system" and by.sub != str(system.id)):
        raise NotFound("system.not_found")
    return system


async def send_test(session: AsyncSession, system_id: UUID, *, by: Actor, now: datetime) -> Delivery:
    """Send a test event, whether or not the endpoint is verified: it carries nothing."""
    system = await opened(session, system_id)
    _refuse_unreachable(system)
    delivery = await outbox.deliver(session, system, "endpoint.test", {}, now=now)
    _note(session, "system.test", system, by=by, now=now, facts={"delivery": str(delivery.id)})
    return delivery


async def look(session: AsyncSession, system_id: UUID) -> Listed:
    """One system."""
    system = await session.get(System, system_id)
    if system is None:
        raise NotFound("system.not_found")
    return await _listed_one(session, system)


async def calling(session: AsyncSession, by: Actor) -> System:
    """The system that calls; its name at the desk is its id."""
    try:
        system = await session.get(System, UUID(by.sub))
    except ValueError:
        system = None
    if system is None:
        raise NotFound("system.not_found")
    return system


async def page(session: AsyncSession, *, after: UUID | None, limit: int) -> list[Listed]:
    """Systems in the order of their registration, from the one after `after`."""
    rows = select(System).order_by(col(System.id)).limit(limit)
    if after is not None:
        rows = rows.where(col(System.id) > after)
    return await _listed(session, list((await session.execute(rows)).scalars()))


def _checked(session: AsyncSession, stated: dict[str, Any], kind: str) -> dict[str, Any]:
    """What was stated, in normal form, or every fault in it."""
    desk = desk_of(session)
    faults = [
        *_words(stated, "categories", desk.policy.categories),
        *_words(stated, "actions", ACTIONS),
        *_words(stated, "matches_by", MATCHES),
        *_keys(stated.get("callback_keys", [])),
    ]
    if stated.get("party") is not None and roster.named(desk.policy.holders, kind, stated["party"]) is None:
        faults.append(Fault("/party", "field.value"))
    if faults:
        raise Invalid(faults[0].code, faults=tuple(faults))
    checked = dict(stated)
    if "name" in stated:
        checked["name"] = text.line(stated["name"], pointer="/name")
    if "contact_email" in stated:
        checked["contact_email"] = text.email(stated["contact_email"], pointer="/contact_email")
    if stated.get("contact_phone") is not None:
        checked["contact_phone"] = text.phone(stated["contact_phone"], pointer="/contact_phone")
    if stated.get("endpoint_url") is not None:
        check_endpoint(stated["endpoint_url"], desk.settings.development)
        checked["endpoint_url"] = stated["endpoint_url"]
    return checked


def _refuse_two_ways(answers_by: str, endpoint_url: str | None) -> None:
    """A holder is told by events or by mail; by both it would do the same thing twice."""
    if answers_by == "page" and endpoint_url is not None:
        raise Invalid("field.inconsistent", pointer="/answers_by")


def _words(stated: dict[str, Any], name: str, known: Collection[str]) -> Iterable[Fault]:
    words: list[str] = stated.get(name, [])
    for place, word in enumerate(words):
        if word not in known:
            yield Fault(f"/{name}/{place}", "field.value")
        elif word in words[:place]:
            yield Fault(f"/{name}/{place}", "field.duplicate")


def _keys(stated: list[str]) -> Iterable[Fault]:
    """Public keys of v1a, each once."""
    for place, key in enumerate(stated):
        if not signature.is_public_key(key):
            yield Fault(f"/callback_keys/{place}", "field.format")
        elif key in stated[:place]:
            yield Fault(f"/callback_keys/{place}", "field.duplicate")


async def _put_before_officer(session: AsyncSession, system: System, now: datetime) -> int:
    """A holder that is gone is named to the officer of every request it has not finished (P11)."""
    unfinished = select(col(Task.request_id), col(Task.claim_id)).where(
        col(Task.system_id) == system.id, col(Task.status).in_(_OPEN)
    )
    left = dict((await session.execute(unfinished)).all())
    for request_id, claim_id in left.items():
        await outbox.put_before_officer(session, request_id, claim_id, now=now)
    return len(left)


async def opened(session: AsyncSession, system_id: UUID) -> System:
    """A system under lock."""
    system = await session.get(System, system_id, with_for_update=True, populate_existing=True)
    if system is None:
        raise NotFound("system.not_found")
    return system


def _refuse_retired(system: System) -> None:
    if system.state == "retired":
        raise Conflict("state.conflict")


def _refuse_unreachable(system: System) -> None:
    """Without an endpoint there is nowhere to send to, without a scheme there is no key to sign with."""
    if system.state == "retired" or system.endpoint_url is None or system.scheme is None:
        raise Conflict("state.conflict")


async def _listed_one(session: AsyncSession, system: System) -> Listed:
    return (await _listed(session, [system]))[0]


async def _listed(session: AsyncSession, systems: list[System]) -> list[Listed]:
    ids = [system.id for system in systems]
    keys, client_ids = await signing_keys.listed(session, ids), await clients.of_systems(session, ids)
    return [Listed(system, keys[system.id], client_ids.get(system.id)) for system in systems]


def _note(
    session: AsyncSession, action: str, system: System, *, by: Actor, now: datetime, facts: dict[str, Any] | None = None
) -> None:
    stated = {"system": str(system.id), "kind": system.kind, "state": system.state}
    audit.note(session, action, by=by, now=now, facts={**stated, **(facts or {})})
    if act := _ACTS.get(action):
        grants.record(session, act, "system", str(system.id), role="system", by=by.id, now=now, facts=facts or {})
