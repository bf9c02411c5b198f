"""Who stands in a request, as a caller may see them: no names for the parties, masked for filers, whole for staff."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app import text
from app.desk import Actor
from app.models import Mandate, Request, Requester
from app.services import keyring
from app.services.parties import Parties

STAFF = ("officer", "approver")
_NOBODY: dict[str, Any] = {"name": None, "phone": None, "email": None, "birth_date": None, "relationship": None}


def shown(session: AsyncSession, request: Request, known: Parties | None, by: Actor) -> dict[str, Any]:
    """The parts of a request's view that are about persons; `known` only where somebody asks for another."""
    requester = known.requester if known else None
    mandate = {"mandate": _mandate(known.mandate)} if known and known.mandate else {}
    if by.role == "requester":
        return {"party": by.party, **mandate}
    typed = keyring.subject(session, request)
    staff = by.role in STAFF
    found: dict[str, Any] = {"subject": typed if staff else _masked(typed), "agent": request.agent, **mandate}
    if requester is not None:
        found["requester"] = _requester(session, requester, staff=staff)
    if staff:
        found["references"] = _references(session, request)
    return found


def _requester(session: AsyncSession, requester: Requester, *, staff: bool) -> dict[str, Any]:
    details = _NOBODY if requester.key is None else keyring.details(session, requester)
    relationship = requester.relationship or (details["relationship"] if staff else None)
    if not staff:
        return {**(_masked(details) if requester.key else _masked(_NOBODY)), "relationship": relationship}
    return {
        **details,
        "relationship": relationship,
        "proved": requester.proved,
        "on_record": requester.on_record,
        "destroyed_at": requester.destroyed_at.isoformat() if requester.destroyed_at else None,
    }


def _mandate(mandate: Mandate) -> dict[str, Any]:
    return {
        "rights": mandate.rights,
        "signed_on": mandate.signed_on.isoformat(),
        "expires_on": mandate.expires_on.isoformat(),
        "deliver_to": mandate.deliver_to,
        "confirmed_at": mandate.confirmed_at.isoformat() if mandate.confirmed_at else None,
        "revoked_at": mandate.revoked_at.isoformat() if mandate.revoked_at else None,
        "revoked_cause": mandate.revoked_cause,
    }


def _masked(typed: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": text.mask_name(typed["name"]) if typed["name"] else None,
        "phone": text.mask_phone(typed["phone"]) if typed["phone"] else None,
        "email": text.mask_email(typed["email"]) if typed["email"] else None,
    }


def _references(session: AsyncSession, request: Request) -> dict[str, Any]:
    if not request.references_ct:
        return {}
    noted: dict[str, Any] = keyring.unseal(session, request, "request.references", request.id, request.references_ct)
    return noted
