"""Contacts to which the news of a leak may go (Act 34(1)): never one that was typed in the request.

Any of those may be the one that the answer wrongly went to. What is on record of the person is safe, and what an
officer names.
"""

import re
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import desk_of
from app.documents import messages
from app.documents.messages import Kind
from app.errors import Invalid
from app.models import Request, Requester
from app.services import keyring

LMS_BYTES_MAX = 2_000
_LINK = re.compile(r"://|www\.|@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class To:
    """Somebody else than the subject of the request, where it was their data: named by an officer, and how to reach."""

    name: str
    email: str | None = None
    phone: str | None = None
    postal_code: str | None = None
    address: str | None = None


async def way(
    session: AsyncSession, request: Request, kind: str, to: To | None, params: dict[str, str]
) -> tuple[str, str] | None:
    """A mail, else a text message that holds all of it, to a contact nobody typed in the request; else none."""
    if to is None:
        person = keyring.person(session, request) or {"contacts": []}
        own = [one for one in person["contacts"] if one["holder"] == "subject"]
        ways = [(one["kind"], one["value"]) for one in sorted(own, key=lambda one: str(one["kind"]))]
    else:
        ways = [(kind_, value) for kind_, value in (("email", to.email), ("phone", to.phone)) if value]
    typed = await _typed(session, request)
    for kind_, value in ways:
        if value.casefold() not in typed and (kind_ == "email" or _fits(session, kind, params)):
            return ("mail" if kind_ == "email" else "sms"), value
    return None


async def refuse(session: AsyncSession, request: Request, to: To) -> None:
    """Refuse a contact that was typed in the request."""
    typed = await _typed(session, request)
    for kind in ("email", "phone"):
        if (value := getattr(to, kind)) is not None and value.casefold() in typed:
            raise Invalid("incident.unsafe_contact", pointer=f"/to/{kind}")


def _fits(session: AsyncSession, kind: str, params: dict[str, str]) -> bool:
    """Whether it is one text message, and nothing in it to tap."""
    policy = desk_of(session).policy
    ours = {"controller": policy.controller.ko, "desk_phone": policy.desk_phone}
    body = messages.sms(Kind(kind), "ko", {**ours, **params}).body
    return len(body.encode("euc-kr", "replace")) <= LMS_BYTES_MAX and not _LINK.search(body)


async def _typed(session: AsyncSession, request: Request) -> set[str]:
    """Every contact that anybody typed in this request."""
    said = [keyring.subject(session, request)]
    requester = await session.get(Requester, request.id)
    if requester is not None and requester.key is not None:
        said.append(keyring.details(session, requester))
    return {one[kind].casefold() for one in said for kind in ("email", "phone") if one.get(kind)}
