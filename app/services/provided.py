"""What systems provided to third parties: written down by them, told to the person, destroyed on its day (Act 35(1)).

Nothing of a person is stored but the keyed hash of the handle under which the system knows them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Actor, Desk, desk_of
from app.errors import Fault, Forbidden, Invalid
from app.law import deadline
from app.law.provision import ProvisionBasis
from app.law.terms import Label
from app.models import Disclosure, Request, System
from app.services import audit, holds, registry, visibility


@dataclass(frozen=True, slots=True)
class Entry:
    """One provision as a system reports it, its person already as a keyed hash: by each look-up key, newest first."""

    ref: str
    digests: tuple[bytes, ...]
    category: str
    fields: tuple[str, ...]
    recipient: str
    provided_on: date
    basis: ProvisionBasis
    article: str | None


@dataclass(frozen=True, slots=True)
class Which:
    """Which provisions to list: of a system, of a request's person, and from which id on."""

    system_id: UUID | None
    request_id: UUID | None
    before: UUID | None
    limit: int


async def log(session: AsyncSession, entries: list[Entry], *, by: Actor, now: datetime) -> list[UUID]:
    """Write each provision down once, and answer its id; a repeat is the same row, and never another's content."""
    system = await registry.calling(session, by)
    _check(desk_of(session), system, await third_parties(session), entries, on=deadline.seoul_date(now))
    refs = await _refs(session, system, entries)
    fresh = {ref: _row(system, ref, one, now) for ref, one in zip(reversed(refs), reversed(entries), strict=True)}
    # In one order, so that two batches that name the same rows wait for each other and not across.
    rows = [fresh[ref].model_dump() for ref in sorted(fresh)]
    written = insert(Disclosure).values(rows).on_conflict_do_nothing(index_elements=["system_id", "ref"])
    new = (await session.execute(written.returning(col(Disclosure.id)))).scalars().all()
    mine = select(Disclosure).where(col(Disclosure.system_id) == system.id, col(Disclosure.ref).in_(fresh))
    stored = {one.ref: one for one in (await session.execute(mine)).scalars()}
    faults = [
        Fault(f"/disclosures/{place}/ref", "field.duplicate")
        for place, (ref, one) in enumerate(zip(refs, entries, strict=True))
        if not _repeats(one, stored[ref])
    ]
    if faults:
        raise Invalid(faults[0].code, faults=tuple(faults))
    facts = {"system": str(system.id), "provisions": len(stored), "new": len(new)}
    audit.note(session, "disclosure.log", by=by, now=now, facts=facts)
    return [stored[ref].id for ref in refs]


async def of(session: AsyncSession, request: Request) -> list[Disclosure]:
    """What was provided of this person, by the handles that the register gives them and no other."""
    if request.person_ct is None:
        return []
    digests = holds.digests(session, request)
    mine = select(Disclosure).where(col(Disclosure.digest).in_(digests))
    return list((await session.execute(mine.order_by(col(Disclosure.provided_on), col(Disclosure.id)))).scalars())


async def listed(session: AsyncSession, which: Which, *, by: Actor) -> list[dict[str, Any]]:
    """Provisions on record, the last reported first. Those of a person are for an officer alone, and logged as such."""
    page = select(Disclosure).order_by(col(Disclosure.id).desc()).limit(which.limit)
    if which.request_id is not None:
        if by.role != "officer":
            raise Forbidden("auth.forbidden")
        request = await visibility.visible(session, which.request_id, by)
        mine = holds.digests(session, request) if request.person_ct is not None else set()
        page = page.where(col(Disclosure.digest).in_(mine))
    if which.system_id is not None:
        page = page.where(col(Disclosure.system_id) == which.system_id)
    if which.before is not None:
        page = page.where(col(Disclosure.id) < which.before)
    found = list((await session.execute(page)).scalars())
    names = {to: await recipient(session, to) for to in sorted({one.recipient for one in found})}
    return [_shown(one, names[one.recipient]) for one in found]


async def recipient(session: AsyncSession, one: str) -> Label:
    """A receiver by name, as the policy calls it or as it is registered."""
    system = await registered(session, one)
    called = system.party if system is not None else one
    known = next((it for it in desk_of(session).policy.parties if it.id == (called or one)), None)
    if known is not None:
        return known.label
    # A policy may cease to name a party before the record of what it was given is destroyed.
    name = system.name if system is not None else one
    return Label(name, name)


async def registered(session: AsyncSession, one: str) -> System | None:
    """The system behind a receiver: itself, or the third party that is registered under the policy's name for it."""
    others = await third_parties(session)
    by_policy = next((it for it in desk_of(session).policy.parties if it.id == one), None)
    if by_policy is None:
        return next((it for it in others if str(it.id) == one), None)
    names = (by_policy.id, by_policy.label.ko, by_policy.label.en)
    found = (it for it in others if it.party == by_policy.id or it.name in names)
    return next((it for it in found if it.state != "retired"), None)


async def third_parties(session: AsyncSession) -> list[System]:
    """Registered third parties, retired ones too: what they were given they were given."""
    found = select(System).where(col(System.kind) == "third_party").order_by(col(System.id))
    return list((await session.execute(found)).scalars())


def may_be_told(desk: Desk, name: Label, on: date) -> bool:
    """Whether no law forbids on this day to tell that something was provided to somebody of this name (policy 6)."""
    known = [it for it in desk.policy.parties if {name.ko, name.en} & {it.id, it.label.ko, it.label.en}]
    return not any(it.is_silenced(on) for it in known)


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Destroy what is older than the policy keeps it; that and how much is on record."""
    kept_from = _oldest(desk_of(session), deadline.seoul_date(now))
    gone = delete(Disclosure).where(col(Disclosure.provided_on) < kept_from).returning(col(Disclosure.id))
    count = len((await session.execute(gone)).all())
    if count:
        facts = {"provisions": count, "before": kept_from.isoformat()}
        audit.note(session, "disclosure.destroy", by=MACHINE, now=now, facts=facts)


def _check(desk: Desk, system: System, others: Iterable[System], entries: list[Entry], *, on: date) -> None:
    """Every fault of a batch at its place: what this system cannot have provided, to whom, when."""
    receivers = {str(one.id) for one in others} | {it.id for it in desk.policy.parties if it.kind == "third_party"}
    held = set(system.categories) if system.kind in registry.OURS else set()
    oldest = _oldest(desk, on)
    faults: list[Fault] = []
    for place, one in enumerate(entries):
        at = f"/disclosures/{place}"
        category = desk.policy.categories.get(one.category) if one.category in held else None
        if category is None:
            faults.append(Fault(f"{at}/category", "field.value"))
        else:
            known = {field.id for field in category.fields}
            faults += [Fault(f"{at}/fields/{n}", "field.value") for n, it in enumerate(one.fields) if it not in known]
        if one.recipient not in receivers:
            faults.append(Fault(f"{at}/recipient", "field.value"))
        if not oldest <= one.provided_on <= on:
            faults.append(Fault(f"{at}/provided_on", "field.value"))
    if faults:
        raise Invalid(faults[0].code, faults=tuple(faults))


def _oldest(desk: Desk, on: date) -> date:
    return on - timedelta(days=desk.policy.settled.provisions_kept_days)


async def _refs(session: AsyncSession, system: System, entries: list[Entry]) -> list[bytes]:
    """Under which hash each is on record: by the newest key, or by one of before where it stands there already.

    Hashed, for a system may name its rows after the person.
    """
    keys = desk_of(session).keys
    named = [keys.lookups("disclosure", f"{system.id}|{one.ref}") for one in entries]
    older = {ref for refs in named for ref in refs[1:]}
    there: set[bytes] = set()
    if older:
        before = select(col(Disclosure.ref)).where(
            col(Disclosure.system_id) == system.id, col(Disclosure.ref).in_(older)
        )
        there = set((await session.execute(before)).scalars())
    return [next((ref for ref in refs if ref in there), refs[0]) for refs in named]


def _row(system: System, ref: bytes, one: Entry, now: datetime) -> Disclosure:
    return Disclosure(
        id=new_id(),
        system_id=system.id,
        ref=ref,
        digest=one.digests[0],
        category=one.category,
        fields=sorted(set(one.fields)),
        recipient=one.recipient,
        provided_on=one.provided_on,
        basis=one.basis.value,
        article=one.article,
        at=now,
    )


def _shown(one: Disclosure, name: Label) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "system_id": str(one.system_id),
        "category": one.category,
        "fields": one.fields,
        "recipient": one.recipient,
        "recipient_name": name.ko,
        "provided_on": one.provided_on.isoformat(),
        "basis": one.basis,
        "article": one.article,
        "at": one.at.isoformat(),
    }


def _repeats(said: Entry, stored: Disclosure) -> bool:
    """Whether this says again what is on record."""
    again = (said.category, sorted(set(said.fields)), said.recipient, said.provided_on, said.basis.value, said.article)
    kept = (stored.category, stored.fields, stored.recipient, stored.provided_on, stored.basis, stored.article)
    return stored.digest in said.digests and again == kept
