"""Everyone who holds the data, and the machines that may call."""

from datetime import datetime
from uuid import UUID

from app.models.base import BYTES, COUNT, TEXT, TEXTS, Field, SQLModel, moment, one_of


class System(SQLModel, table=True):
    """An internal system, processor, third party or source. Retired, never deleted."""

    __tablename__ = "system"
    __table_args__ = (
        one_of("kind", "internal", "processor", "third_party", "source"),
        one_of("state", "proposed", "unverified", "active", "stopped", "retired"),
        one_of("answers_by", "api", "page"),
    )

    id: UUID = Field(primary_key=True)
    name: str = Field(sa_type=TEXT)
    kind: str = Field(sa_type=TEXT)
    state: str = Field(sa_type=TEXT)
    categories: list[str] = Field(sa_type=TEXTS)
    actions: list[str] = Field(sa_type=TEXTS)
    matches_by: list[str] = Field(sa_type=TEXTS)
    party: str | None = Field(default=None, sa_type=TEXT)
    """What the policy calls this holder; None where it names no such one."""
    endpoint_url: str | None = Field(default=None, sa_type=TEXT)
    """Where its events go; one that is not confirmed, or has not answered beside one that serves, is not here."""
    proposed_url: str | None = Field(default=None, sa_type=TEXT)
    proposed_by: str | None = Field(default=None, sa_type=TEXT)
    proposed_at: datetime | None = moment(null=True)
    agreed_at: datetime | None = moment(null=True)
    """When a second person confirmed the proposed address: from then on it is the one that is challenged."""
    scheme: str | None = Field(default=None, sa_type=TEXT)
    contact_email: str = Field(sa_type=TEXT)
    contact_phone: str | None = Field(default=None, sa_type=TEXT)
    answers_by: str = Field(default="api", sa_type=TEXT)
    """`page`: no machine of theirs asks for tasks; each is told by mail and answered on a page (F6)."""
    due_working_days: int | None = Field(default=None)
    """How long its tasks may take, always inside the claim's own day; None: as the policy says."""
    callback_keys: list[str] = Field(default_factory=list, sa_type=TEXTS)
    """The system's own public keys, `whpk_...`, by which it signs what it tells us."""
    challenge: str | None = Field(default=None, sa_type=TEXT)
    challenged_at: datetime | None = moment(null=True)
    challenge_tries: int = Field(default=0)
    created_at: datetime = moment()
    version: int = Field(default=1)


class PolicyTaken(SQLModel, table=True):
    """A policy that was in force here, so that a new one asks once for what it changes."""

    __tablename__ = "policy_taken"

    policy: str = Field(primary_key=True, sa_type=TEXT)
    at: datetime = moment()


class Confirmed(SQLModel, table=True):
    """A proposal of the policy that an admin had done, so that asking for it again answers the same."""

    __tablename__ = "confirmed"

    proposal_id: UUID = Field(primary_key=True)
    system_id: UUID = Field(foreign_key="system.id")
    at: datetime = moment()


class Circuit(SQLModel, table=True):
    """How often in a row an endpoint has failed; no row where its last answer was a good one."""

    __tablename__ = "circuit"

    system_id: UUID = Field(primary_key=True, foreign_key="system.id")
    failures: int
    probe_at: datetime | None = moment(null=True)
    """From when one event may be sent to see whether it answers again; None while it is not given up on."""


class SystemKey(SQLModel, table=True):
    """A signing key of one endpoint; the private part sealed under the service's key."""

    __tablename__ = "system_key"
    __table_args__ = (one_of("scheme", "v1", "v1a"),)

    id: UUID = Field(primary_key=True)
    system_id: UUID = Field(foreign_key="system.id", index=True)
    scheme: str = Field(sa_type=TEXT)
    secret_ct: bytes = Field(sa_type=BYTES)
    public_key: str | None = Field(default=None, sa_type=TEXT)
    valid_from: datetime = moment()
    valid_until: datetime | None = moment(null=True)


class Callback(SQLModel, table=True):
    """A signed message of a system that was acted on: by its id a repeat is known."""

    __tablename__ = "callback"

    system_id: UUID = Field(primary_key=True, foreign_key="system.id")
    message: bytes = Field(primary_key=True, sa_type=BYTES)
    """Of its id; hashed, for a system may name its messages after the person."""
    digest: bytes = Field(sa_type=BYTES)
    """Of its body."""
    at: datetime = moment(index=True)


class SystemPulse(SQLModel, table=True):
    """How often events were sent to a system and did not arrive, counted a round at a time; for the operator alone."""

    __tablename__ = "system_pulse"

    system_id: UUID = Field(primary_key=True, foreign_key="system.id")
    attempts: int = Field(sa_type=COUNT)
    failures: int = Field(sa_type=COUNT)


class Client(SQLModel, table=True):
    """A machine that may ask for tokens: a website, a call center, a clerk's desk, a system."""

    __tablename__ = "client"
    __table_args__ = (one_of("role", "website", "call_center", "clerk", "system"),)

    id: UUID = Field(primary_key=True)
    name: str = Field(sa_type=TEXT)
    role: str = Field(sa_type=TEXT)
    system_id: UUID | None = Field(default=None, foreign_key="system.id", index=True)
    created_at: datetime = moment()
    retired_at: datetime | None = moment(null=True)


class ClientSecret(SQLModel, table=True):
    """A keyed hash of a client's secret; several may hold while one is changed for another."""

    __tablename__ = "client_secret"

    id: UUID = Field(primary_key=True)
    client_id: UUID = Field(foreign_key="client.id", index=True)
    digest: bytes = Field(sa_type=BYTES)
    created_at: datetime = moment()
    retired_at: datetime | None = moment(null=True)
