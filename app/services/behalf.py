"""Who asks for somebody else (Act 38(1)(2), Decree 45): judged at filing, sealed under a key of their own, counted.

What names the guardian or delegate stands in `requester.details_ct` and nowhere else: not among the contacts that
staff search, not in the claims, not in what holders are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import Desk, desk_of
from app.errors import Fault, Invalid
from app.law import age, standing
from app.law.match import folded
from app.law.standing import Known
from app.law.terms import Capacity, Relationship, Right
from app.models import Mandate, Requester
from app.services import keyring

DELEGATE = "delegate"


@dataclass(frozen=True, slots=True)
class Mandated:
    """What a power of attorney says (form 11): the rights ticked, its days, where the answer goes."""

    rights: tuple[Right, ...]
    signed_on: date
    expires_on: date | None
    deliver_to: str


@dataclass(frozen=True, slots=True)
class Behalf:
    """A guardian or delegate as typed, in normal form."""

    capacity: Capacity
    requester: Mapping[str, Any]
    """Name, birth_date, phone, email, and a delegate's relationship in their own words."""
    relationship: Relationship | None
    mandate: Mandated | None


def told(behalf: Behalf | None, subject: Mapping[str, Any]) -> Mapping[str, Any]:
    """The contacts of who gets the result: the subject's, the guardian's, or those that the mandate says."""
    if behalf is None:
        return subject
    to_delegate = behalf.mandate is not None and behalf.mandate.deliver_to == DELEGATE
    return behalf.requester if behalf.capacity is Capacity.GUARDIAN or to_delegate else subject


def faults(
    desk: Desk, behalf: Behalf | None, subject: Mapping[str, Any], asked: Sequence[Right], on: date
) -> tuple[Fault, ...]:
    """Everything that speaks against this standing on the day of arrival."""
    found: tuple[Fault, ...] = ()
    capacity = behalf.capacity if behalf else Capacity.SELF
    relationship, requester = (behalf.relationship, _known(behalf.requester)) if behalf else (None, None)
    try:
        standing.check_filing(capacity, relationship, subject=_known(subject), requester=requester, on=on)
    except Invalid as problem:
        found = problem.faults
    if behalf is None or (mandate := behalf.mandate) is None:
        return found
    return found + standing.mandate_faults(
        mandate.rights,
        mandate.signed_on,
        mandate.expires_on,
        asked=asked,
        on=on,
        longest_days=desk.policy.settled.mandate_days,
    )


def record(session: AsyncSession, request_id: UUID, behalf: Behalf, caller_number: str | None) -> None:
    """Write the guardian or delegate and the mandate beside the request, which must stand already."""
    requester = Requester(
        request_id=request_id,
        key=keyring.make_requester_key(session, request_id),
        relationship=behalf.relationship,
        contacts=contacts(behalf.requester),
    )
    details = {**behalf.requester, "caller_number": caller_number}
    requester.details_ct = keyring.seal_for(session, requester, "requester.details", request_id, details)
    session.add(requester)
    if (mandate := behalf.mandate) is not None:
        longest = desk_of(session).policy.settled.mandate_days
        row = Mandate(
            request_id=request_id,
            rights=[right.value for right in mandate.rights],
            signed_on=mandate.signed_on,
            expires_on=standing.mandate_until(mandate.signed_on, mandate.expires_on, longest),
            deliver_to=mandate.deliver_to,
        )
        session.add(row)


def flags(behalf: Behalf, filer_name: str | None, on: date) -> list[str]:
    """What a person should look at; nobody is refused for it."""
    born = _day(behalf.requester)
    # A parent below 19 may be married and so of age (Civil Act 826-2).
    minor = behalf.capacity is Capacity.GUARDIAN and born is not None and age.minor(born, on)
    # Who types it in may be a namesake, or may be asking themselves for what they attest.
    themselves = filer_name is not None and folded(filer_name) == folded(behalf.requester["name"])
    return [kind for kind, holds in (("guardian.minor", minor), ("requester.filed_it", themselves)) if holds]


def contacts(typed: Mapping[str, Any]) -> list[str]:
    """Which of phone and e-mail somebody typed."""
    return [kind for kind in ("phone", "email") if typed.get(kind)]


def _known(typed: Mapping[str, Any]) -> Known:
    return Known(
        name=typed["name"], born=_day(typed), contacts=frozenset((kind, typed[kind]) for kind in contacts(typed))
    )


def _day(typed: Mapping[str, Any]) -> date | None:
    born = typed.get("birth_date")
    return date.fromisoformat(born) if born else None
