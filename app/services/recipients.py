"""Who is told: the subject, their guardian or their delegate (Act 35(3), 36(2), 37(2), 38(1)(2); Decree 45).

A guardian hears everything of the request they filed. A delegate hears what concerns the procedure; the result goes
where the mandate says, by default to the subject, and to the subject alone once the mandate has ended.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import Actor
from app.law import age
from app.law.terms import Capacity, Whose
from app.models import Claim, Mandate, Request, Requester
from app.services import keyring

Purpose = Literal["result", "procedure"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One party, with the contacts they typed at filing; none where nobody can be told by wire."""

    party: Whose
    name: str
    phone: str | None
    email: str | None
    language: str


async def of(session: AsyncSession, request: Request, purpose: Purpose) -> Recipient:
    """Who is told, and where."""
    return await whose(session, request, await party(session, request, purpose))


async def party(session: AsyncSession, request: Request, purpose: Purpose) -> Whose:
    """Which party is told."""
    if request.capacity == Capacity.SELF:
        return Whose.SUBJECT
    if request.capacity == Capacity.GUARDIAN or purpose == "procedure":
        return Whose.REQUESTER
    mandate = await session.get_one(Mandate, request.id)
    if mandate.deliver_to == "delegate" and mandate.revoked_at is None:
        return Whose.REQUESTER
    return Whose.SUBJECT


async def is_for(session: AsyncSession, request: Request, by: Actor) -> bool:
    """Whether this caller may know the result: staff, and of the parties the one it goes to.

    A call center or a clerk's desk knows no more than the party for whom it filed.
    """
    if by.role not in ("requester", "call_center", "clerk"):
        return True
    asking = by.party if by.role == "requester" else await party(session, request, "procedure")
    return asking == await party(session, request, "result")


async def whose(session: AsyncSession, request: Request, party: Whose) -> Recipient:
    """A party as a recipient; somebody whose data was destroyed has no name and no contact any more."""
    typed: dict[str, Any] = {"name": ""}
    if party is Whose.SUBJECT:
        typed = keyring.subject(session, request)
        if await _is_dead(session, request):
            typed = {"name": typed["name"]}
    elif (requester := await session.get(Requester, request.id)) is not None and requester.key is not None:
        typed = keyring.details(session, requester)
    return Recipient(party, typed["name"], typed.get("phone"), typed.get("email"), request.language)


async def _is_dead(session: AsyncSession, request: Request) -> bool:
    """Whoever reads the messages of the dead is somebody else."""
    mandate = await session.get(Mandate, request.id) if request.capacity == Capacity.DELEGATE else None
    return mandate is not None and mandate.revoked_cause == "death"


def gets_paper(request: Request, claim: Claim, party: Whose) -> bool:
    """Whether the data itself is printed and put into the envelope.

    Not for the subject of somebody else's request: where they live is the word of who asked, and nobody confirmed it.
    They open the package by a code of their own.
    """
    if request.capacity != Capacity.SELF and party is Whose.SUBJECT:
        return False
    return claim.scope.get("delivery") == "post" or request.notify_by == "post"


async def is_forgotten(session: AsyncSession, request: Request) -> bool:
    """Whether the data of who asked for somebody else is destroyed, so that nobody can be told by it."""
    requester = await session.get(Requester, request.id)
    return requester is not None and requester.key is None


def asks_alone(session: AsyncSession, request: Request, *, on: date) -> bool:
    """Whether the subject is old enough to ask, and so to be told, without a guardian (Act 38(2))."""
    born = _born(session, request)
    return born is None or age.asks_alone(age.age(born, on))


def is_young(session: AsyncSession, request: Request, *, on: date) -> bool:
    """Whether the subject is known to be under age: they are told in easier words (Act 22-2(3), policy 9.2)."""
    born = _born(session, request)
    return born is not None and age.minor(born, on)


def _born(session: AsyncSession, request: Request) -> date | None:
    person = keyring.person(session, request) or {}
    born = person.get("birth_date") or keyring.subject(session, request).get("birth_date")
    return date.fromisoformat(born) if born else None
