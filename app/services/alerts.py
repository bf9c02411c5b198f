"""Every request is told to the person's own contacts on record, each with a code that stops it (C3).

What is told reveals nothing: not who asks, not for what, not whether anything is held. Who proved the request is not
told, nor a contact that the request itself corrects, nor one that others share; and where a minor asks alone, no
guardian hears of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import numbers
from app.db import new_id
from app.desk import MACHINE, desk_of
from app.jobs import Job, defer
from app.law.match import NO_DISCLOSURE, folded
from app.law.terms import Capacity
from app.models import Alert, Claim, Requester, Verification
from app.services import audit, flags, keyring, outbox, pacing, throttle
from app.services.casebook import Case
from app.services.matched import under_correction

Contact = tuple[str, str]
"""A kind and a value, as the register holds them."""
CROWDED = "alert.crowded"
DAY_MINUTES = 24 * 60
_CHANNEL = {"phone": "sms", "email": "mail"}
_KIND = {"subject": "alert", "guardian": "alert_guardian"}


async def tell(
    session: AsyncSession,
    case: Case,
    person: Mapping[str, Any],
    *,
    proved: Contact | None,
    guardians: Iterable[Mapping[str, Any]],
    now: datetime,
) -> None:
    """Tell each contact that may hear of this request, once a request; to be called under the request's lock.

    `person` is what the register holds (as `request.person` is sealed), `proved` the contact that proved it just now,
    `guardians` those on record for a child, each with `name`, `contacts` and `flags`.
    """
    silent = await _silent(session, case, proved)
    hearing = [("subject", contact) for contact in _own(person, case.claims)]
    if case.request.capacity == Capacity.GUARDIAN:
        hearing += [("guardian", contact) for contact in await _others(session, case, guardians)]
    told: list[str] = []
    crowded: list[bytes] = []
    for holder, contact in sorted(hearing, key=itemgetter(1)):  # each takes the locks of paces in one order
        digest = desk_of(session).handle(*contact)
        if digest not in silent:
            silent.add(digest)
            at = await pacing.turn(session, digest, now=now)
            if at is not None:
                told.append(holder)
                await _tell(session, case, holder, contact, digest, now, at)
            if at != now:
                crowded.append(digest)
    if crowded:
        await _crowded(session, case, crowded, now=now)
    if told:
        facts = {holder: told.count(holder) for holder in _KIND}
        audit.note(session, "alert.tell", by=MACHINE, now=now, request_id=case.request.id, facts=facts)


async def _crowded(session: AsyncSession, case: Case, digests: list[bytes], *, now: datetime) -> None:
    """Somebody is flooded with requests in their name: a person of ours has to call, and hears of it once a day."""
    await flags.raise_once(session, case.request.id, CROWDED, now=now)
    news = [await throttle.allow(session, CROWDED, one.hex(), most=1, minutes=DAY_MINUTES, now=now) for one in digests]
    if any(news):
        await defer(session, Job("tell_officer", {"claim_id": str(case.claims[0].id)}))


async def _tell(
    session: AsyncSession, case: Case, holder: str, contact: Contact, digest: bytes, now: datetime, at: datetime
) -> None:
    kind, value = contact
    code = numbers.stop_code()
    stop = desk_of(session).keys.digest(f"stop|{code}")
    session.add(
        Alert(id=new_id(), request_id=case.request.id, holder=holder, contact_digest=digest, stop_digest=stop, at=now)
    )
    content = {"to": value, "params": {"stop_code": code}}
    await outbox.message(session, case.request, _KIND[holder], _CHANNEL[kind], content, now=now, at=at)


async def _silent(session: AsyncSession, case: Case, proved: Contact | None) -> set[bytes]:
    """Contacts that have proved something in this request, and those that have heard of it already."""
    answered = select(col(Verification.contact_digest)).where(
        col(Verification.request_id) == case.request.id,
        col(Verification.used_at).is_not(None),
        col(Verification.contact_digest).is_not(None),
    )
    told = select(col(Alert.contact_digest)).where(col(Alert.request_id) == case.request.id)
    found = {bytes(one) for one in (await session.execute(answered.union(told))).scalars() if one is not None}
    return found | {desk_of(session).handle(*proved)} if proved else found


def _own(person: Mapping[str, Any], claims: list[Claim]) -> Iterator[Contact]:
    # What this request says is wrong may reach a stranger.
    corrected = under_correction(claims)
    for one in person["contacts"]:
        if one["holder"] == "subject" and one["kind"] in _CHANNEL and one["kind"] not in corrected:
            yield one["kind"], one["value"]


async def _others(session: AsyncSession, case: Case, guardians: Iterable[Mapping[str, Any]]) -> list[Contact]:
    """Contacts of the other guardians on record; only what the one who asks has proved is known to be theirs.

    Whoever asks may have typed the other parent's address as their own, or come under the other parent's name.
    """
    requester = await session.get_one(Requester, case.request.id)
    name = folded(keyring.details(session, requester)["name"]) if requester.on_record else None
    theirs: list[Contact] = []
    askers: set[bytes] = set()
    for guardian in guardians:
        reachable = [(one["kind"], one["value"]) for one in guardian["contacts"] if one["kind"] in _CHANNEL]
        if folded(guardian["name"]) == name:
            askers |= {desk_of(session).handle(*one) for one in reachable}
        elif NO_DISCLOSURE not in guardian.get("flags", ()):
            theirs += reachable
    return [one for one in theirs if desk_of(session).handle(*one) not in askers]
