"""What one running instance is made of, built once at start; and who acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.crypto import Keyring
from app.db import Database
from app.law.controller import Policy
from app.rulebook import Rulebook
from app.settings import Settings
from app.tokens import Issuer, Verifier


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a role, and the person or machine behind it by issuer and name there."""

    role: str
    iss: str
    sub: str
    agent: str | None = None
    party: str = "subject"
    """Of a requester: whether this is the subject or who asks for them."""
    site: str | None = None
    """Of a clerk: the place with cameras at which they work."""

    @property
    def id(self) -> str:
        """Two roles of one person are one person."""
        return f"{self.iss}|{self.sub}"

    @property
    def is_subject(self) -> bool:
        """Whether it is the person whose data it is about, who looks at what is theirs."""
        return self.role == "requester" and self.party == "subject"


MACHINE = Actor("machine", "urn:rights-desk", "machine")
NOBODY = Actor("unknown", "urn:rights-desk", "unknown")
"""Who tried to be somebody and was not believed."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that services lean on. Calendars, policies and keys are read once, never per request."""

    settings: Settings
    policy: Policy
    rulebook: Rulebook
    closed: Callable[[date], str | None]
    keys: Keyring
    issuer: Issuer
    verifier: Verifier
    database: Database

    def handle(self, kind: str, value: str) -> bytes:
        """The keyed hash under which a contact or customer number is found, normalised the same way everywhere."""
        return self.keys.lookup(kind, _normal(kind, value))

    def handles(self, kind: str, value: str) -> tuple[bytes, ...]:
        """The same under each look-up key, newest first."""
        return self.keys.lookups(kind, _normal(kind, value))

    def feed_digest(self, kind: str, value: str) -> bytes:
        """The keyed hash of the same for the feed of holds."""
        return self.keys.feed_digest(kind, _normal(kind, value))


def _normal(kind: str, value: str) -> str:
    return value.casefold() if kind == "email" else value


def desk_of(session: AsyncSession) -> Desk:
    """The desk that this transaction belongs to."""
    desk: Desk = session.info["desk"]
    return desk
