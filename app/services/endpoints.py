"""Where a system's events go: said by one admin, confirmed by another, proven by a challenge (reliability 1.8).

A new address is sent nothing before two people want it and it has answered. Until then the one before goes on serving;
of a system that has none yet the events wait.
"""

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor, desk_of
from app.errors import Conflict, Forbidden
from app.jobs import Job, defer
from app.models import System


async def propose(session: AsyncSession, system: System, url: str, *, by: Actor, now: datetime) -> None:
    """Say where events are to go; where one person is enough it takes its place at once, and proves itself there."""
    withdraw(system)
    if desk_of(session).settings.endpoint_confirmation == "one":
        system.endpoint_url = url
        await prove(session, system)
    elif url != system.endpoint_url:
        system.proposed_url, system.proposed_by, system.proposed_at = url, by.id, now
        if system.endpoint_url is None:
            system.state = "proposed"


async def confirm(session: AsyncSession, system: System, *, by: Actor, now: datetime) -> None:
    """A second person wants it too: it is challenged. One that serves goes on until the new one has answered."""
    if system.proposed_url is None or system.agreed_at is not None:
        raise Conflict("state.conflict")
    if system.proposed_by == by.id:
        raise Forbidden("approval.same_person")
    if system.state == "active":
        system.agreed_at = now
    else:
        system.endpoint_url = system.proposed_url
        withdraw(system)
    await prove(session, system)


async def prove(session: AsyncSession, system: System) -> None:
    """Have it challenged. Until its only endpoint answers, a system is told nothing; what it must learn waits."""
    if system.agreed_at is None:
        system.state = "unverified"
    system.challenge = secrets.token_urlsafe(32)
    system.challenge_tries, system.challenged_at = 0, None
    await defer(session, Job("challenge", {"system_id": str(system.id)}))


def withdraw(system: System) -> None:
    """Nothing is proposed any more."""
    if system.agreed_at is not None:
        system.challenge = None
    system.proposed_url = system.proposed_by = system.proposed_at = system.agreed_at = None


def challenged(system: System) -> str | None:
    """The address that has to prove itself now."""
    if system.agreed_at is not None:
        return system.proposed_url
    return system.endpoint_url if system.state == "unverified" else None


def proven(system: System) -> None:
    """It answered: events go there from now on."""
    if system.agreed_at is not None:
        system.endpoint_url = system.proposed_url
        withdraw(system)
    system.state, system.challenge = "active", None


def is_challenged() -> ColumnElement[bool]:
    """Whether a system has an address that has to prove itself, in a statement over systems."""
    moving = and_(col(System.agreed_at).is_not(None), col(System.state) != "retired")
    return or_(col(System.state) == "unverified", moving)
