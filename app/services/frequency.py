"""Who asks for many people in one day, or many times for one, is a flag for an officer, never a refusal (A13, A15)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import text
from app.db import new_id
from app.desk import desk_of
from app.errors import Invalid
from app.jobs import Job, defer
from app.law.terms import Capacity
from app.models import Request, ReviewItem
from app.services import flags, throttle
from app.services.behalf import Behalf, contacts

DAY_MINUTES = 24 * 60
OF_ONE_SUBJECT_DAY = 10
"""More requests about one identified person in a day are not usual: a flood, or somebody in their name (A21)."""


async def watch(
    session: AsyncSession,
    request_id: UUID,
    claim_id: UUID,
    *,
    behalf: Behalf | None,
    caller_number: str | None,
    subject: Mapping[str, Any],
    now: datetime,
) -> None:
    """Count this filing for its delegate and its caller; have an officer look where one asks for too many people."""
    whose = [("caller", _number(caller_number))] if caller_number else []
    if behalf is not None and behalf.capacity is Capacity.DELEGATE:
        whose = [("delegate", behalf.requester[kind]) for kind in contacts(behalf.requester)] + whose
    many = [what for what, contact in whose if await _many(session, what, contact.casefold(), subject, now=now)]
    for what in dict.fromkeys(many):
        session.add(ReviewItem(id=new_id(), request_id=request_id, kind=f"{what}.frequent", at=now))
    if many:
        await defer(session, Job("tell_officer", {"claim_id": str(claim_id)}))


async def watch_subject(session: AsyncSession, request: Request, claim_id: UUID, *, now: datetime) -> None:
    """Count this request for the person it turned out to be about; a flood is flagged, and told of once a day."""
    assert request.subject_digest is not None
    whose = request.subject_digest.hex()
    if await throttle.allow(session, "subject.day", whose, most=OF_ONE_SUBJECT_DAY, minutes=DAY_MINUTES, now=now):
        return
    await flags.raise_once(session, request.id, "subject.frequent", now=now)
    if await throttle.allow(session, "subject.told", whose, most=1, minutes=DAY_MINUTES, now=now):
        await defer(session, Job("tell_officer", {"claim_id": str(claim_id)}))


async def _many(session: AsyncSession, what: str, whose: str, subject: Mapping[str, Any], *, now: datetime) -> bool:
    """Whether this is one subject more than the policy thinks usual; one asked for again counts once."""
    about = json.dumps([whose, *(subject.get(one) for one in ("name", "phone", "email", "customer_no"))])
    if not await throttle.allow(session, f"{what}.subject", about, most=1, minutes=DAY_MINUTES, now=now):
        return False
    most = desk_of(session).policy.settled.subjects_per_delegate_day
    return not await throttle.allow(session, f"{what}.day", whose, most=most, minutes=DAY_MINUTES, now=now)


def _number(typed: str) -> str:
    """A caller's number in one form however the agent wrote it."""
    try:
        return text.phone(typed)
    except Invalid:
        return typed
