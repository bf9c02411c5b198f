"""What a token says: the caller and its role, or the identity that a provider asserts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.tokens.reading import LEEWAY, TokenError, birth_date, moment, text, times, uuid

AUDIENCE = "rights-desk"
IDENTITY = "identity"
ASSERTION_AGE = timedelta(minutes=10)


class Role(StrEnum):
    """What a caller may be. One person may hold several, and stays one person."""

    WEBSITE = "website"
    CALL_CENTER = "call_center"
    CLERK = "clerk"
    OFFICER = "officer"
    APPROVER = "approver"
    SYSTEM = "system"
    AUDITOR = "auditor"
    ADMIN = "admin"
    REQUESTER = "requester"


_MACHINE, _STAFF = timedelta(minutes=15), timedelta(hours=8)
LIFETIME: Mapping[Role, timedelta] = {
    Role.WEBSITE: _MACHINE,
    Role.CALL_CENTER: _MACHINE,
    Role.CLERK: _MACHINE,
    Role.SYSTEM: _MACHINE,
    Role.OFFICER: _STAFF,
    Role.APPROVER: _STAFF,
    Role.AUDITOR: _STAFF,
    Role.ADMIN: _STAFF,
    Role.REQUESTER: timedelta(minutes=60),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller as its token says."""

    role: Role
    iss: str
    sub: str
    jti: str
    issued_at: datetime
    expires_at: datetime
    agent: str | None = None
    request_id: UUID | None = None
    system_id: UUID | None = None
    name: str | None = None
    party: str = "subject"
    sid: str | None = None
    """The log-in at the issuer that this token came from, where it says so; tokens of one log-in are one session."""
    site_id: UUID | None = None
    """Of a clerk: the registered system of the place at which they work."""

    @property
    def person(self) -> tuple[str, str]:
        """Who it is, whatever the role: two roles of one person do not make two people."""
        return self.iss, self.sub


@dataclass(frozen=True, slots=True, repr=False)
class Assertion:
    """What an identity provider says about a party (Decree 46(1)); `jti` may be used once, which the caller keeps.

    Name and phone are as the provider wrote them and still have to pass `app.text`.
    """

    iss: str
    jti: str
    auth_time: datetime
    expires_at: datetime
    sub: str | None
    name: str | None
    phone: str | None
    birth_date: date | None


def principal(claims: Mapping[str, Any], now: datetime) -> Principal:
    """The caller of claims whose signature holds."""
    role = Role(claims["role"])
    issued, expires = times(claims, LIFETIME[role], now)
    sub = text(claims, "sub", 255)
    return Principal(
        role=role,
        iss=claims["iss"],
        sub=sub,
        jti=text(claims, "jti", 128),
        issued_at=issued,
        expires_at=expires,
        agent=text(claims, "agent", 64) if role is Role.CALL_CENTER and "agent" in claims else None,
        request_id=uuid(text(claims, "rid", 36)) if role is Role.REQUESTER else None,
        system_id=uuid(sub) if role is Role.SYSTEM else None,
        name=text(claims, "name", 100) if "name" in claims else None,
        sid=text(claims, "sid", 128) if "sid" in claims else None,
        party=_party(claims) if role is Role.REQUESTER else "subject",
        site_id=uuid(text(claims, "site", 36)) if role is Role.CLERK and "site" in claims else None,
    )


def _party(claims: Mapping[str, Any]) -> str:
    """Whether the holder of a request's token is the subject or who asks for them."""
    party = text(claims, "party", 16) if "party" in claims else "subject"
    if party not in ("subject", "requester"):
        raise TokenError
    return party


def assertion(claims: Mapping[str, Any], now: datetime) -> Assertion:
    """The identity of claims whose signature holds."""
    _, expires = times(claims, _MACHINE, now)
    auth_time = moment(claims, "auth_time")
    if not -LEEWAY <= now - auth_time <= ASSERTION_AGE + LEEWAY:
        raise TokenError
    sub, name, phone = (text(claims, key, 255) if key in claims else None for key in ("sub", "name", "phone"))
    born = birth_date(text(claims, "birth_date", 10)) if "birth_date" in claims else None
    if sub is None and (name is None or phone is None or born is None):
        raise TokenError
    return Assertion(
        iss=claims["iss"],
        jti=text(claims, "jti", 128),
        auth_time=auth_time,
        expires_at=expires,
        sub=sub,
        name=name,
        phone=phone,
        birth_date=born,
    )
