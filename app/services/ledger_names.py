"""Who stands in a ledger: opened a page at a time, masked where that is wanted; what was destroyed says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import text
from app.documents.wording.ledgers import GONE, NONE
from app.models import Request, Requester
from app.services import keyring


@dataclass(frozen=True, slots=True)
class Names:
    """The parties of one request, as they may be told."""

    subject: str
    requester: str
    """Who asked for the subject; `-` where they asked themselves."""
    contact: str
    """Of whoever asked."""


async def of(session: AsyncSession, request_ids: Iterable[UUID], *, masked: bool) -> dict[UUID, Names]:
    """The names of these requests."""
    ids = list(dict.fromkeys(request_ids))
    found: Sequence[Request] = (await session.execute(select(Request).where(col(Request.id).in_(ids)))).scalars().all()
    asked = select(Requester).where(col(Requester.request_id).in_(ids))
    requesters = {one.request_id: one for one in (await session.execute(asked)).scalars()}
    return {one.id: _names(session, one, requesters.get(one.id), masked=masked) for one in found}


def _names(session: AsyncSession, request: Request, requester: Requester | None, *, masked: bool) -> Names:
    typed = keyring.subject(session, request) if request.key else None
    if requester is None:
        return Names(_name(typed, masked=masked), NONE, _contact(typed, masked=masked))
    theirs = keyring.details(session, requester) if requester.key is not None else None
    return Names(_name(typed, masked=masked), _name(theirs, masked=masked), _contact(theirs, masked=masked))


def _name(typed: dict[str, Any] | None, *, masked: bool) -> str:
    if typed is None:
        return GONE
    name: str | None = typed["name"]
    if not name:
        return NONE
    return text.mask_name(name) if masked else name


def _contact(typed: dict[str, Any] | None, *, masked: bool) -> str:
    if typed is None:
        return GONE
    phone, email = typed.get("phone"), typed.get("email")
    if phone:
        return text.mask_phone(phone) if masked else _national(phone)
    if email:
        return text.mask_email(email) if masked else str(email)
    return NONE


def _national(phone: str) -> str:
    """A Korean number as people write it; a spreadsheet would take the written-out form for a sum."""
    if not phone.startswith("+82"):
        return phone
    digits = f"0{phone.removeprefix('+82')}"
    area = 2 if digits.startswith("02") else 3
    return f"{digits[:area]}-{digits[area:-4]}-{digits[-4:]}"
