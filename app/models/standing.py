"""Who asks for somebody else, on what mandate, with which papers; and who may stop it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text

from app.law.terms import Relationship, Whose
from app.models.base import BYTES, TEXT, TEXTS, Field, SQLModel, moment, one_of


class Requester(SQLModel, table=True):
    """The guardian or delegate who asks (Act 38), sealed under a key of their own.

    That key is not the request's and is destroyed on a clock of its own (policy 9.2.가): the row stays and says when.
    """

    __tablename__ = "requester"
    __table_args__ = (
        one_of("relationship", *Relationship),
        one_of("proved", "none", "reached", "identified"),
        Index("ix_requester_kept", "request_id", postgresql_where=text("destroyed_at IS NULL")),
    )

    request_id: UUID = Field(primary_key=True, foreign_key="request.id")
    key: bytes | None = Field(default=None, sa_type=BYTES)
    details_ct: bytes | None = Field(default=None, sa_type=BYTES)
    """Sealed: name, birth_date, phone, email, and a delegate's relationship in their own words."""
    relationship: str | None = Field(default=None, sa_type=TEXT)
    contacts: list[str] = Field(sa_type=TEXTS)
    """Which of phone and email were typed."""
    proved: str = Field(default="none", sa_type=TEXT)
    on_record: bool = Field(default=False)
    """The register names this person, by a contact they proved, as guardian of the child."""
    subject_code_digest: bytes | None = Field(default=None, sa_type=BYTES)
    """The subject's own access code to a request that a delegate filed."""
    checked_on: date | None = Field(default=None)
    """The last Seoul day on which the standing was judged again."""
    destroyed_at: datetime | None = moment(null=True)


class Mandate(SQLModel, table=True):
    """A power of attorney (위임장, form 11; Decree 45(2)): its scope, its days, where the answer goes."""

    __tablename__ = "mandate"
    __table_args__ = (
        one_of("deliver_to", "subject", "delegate"),
        one_of("revoked_cause", "revoked", "renounced", "death", "expired"),
    )

    request_id: UUID = Field(primary_key=True, foreign_key="request.id")
    rights: list[str] = Field(sa_type=TEXTS)
    signed_on: date
    expires_on: date
    """The last day on which it holds: what it says, or the longest life the policy gives one."""
    deliver_to: str = Field(sa_type=TEXT)
    confirmed_at: datetime | None = moment(null=True)
    """When the subject said so themselves, through a contact already held."""
    revoked_at: datetime | None = moment(null=True)
    revoked_cause: str | None = Field(default=None, sa_type=TEXT)


class Evidence(SQLModel, table=True):
    """One paper handed in: its kind, its cleaned copy in sealed chunks, what a reviewer saw, when it was destroyed."""

    __tablename__ = "evidence"
    __table_args__ = (
        one_of("party", *Whose),
        one_of("state", "scan_pending", "pending", "accepted", "refused", "number_visible", "infected", "destroyed"),
        one_of("scan", "clean", "pending", "off", "infected"),
        Index("ix_evidence_request", "request_id", "id"),
        Index("ix_evidence_queue", "state", "id"),
        Index("ix_evidence_kept", "request_id", postgresql_where=text("destroyed_at IS NULL OR review_ct IS NOT NULL")),
        Index("ix_evidence_scan", "scan_at", postgresql_where=text("scan = 'pending'")),
    )

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id")
    party: str = Field(sa_type=TEXT)
    kind: str = Field(sa_type=TEXT)
    state: str = Field(sa_type=TEXT)
    scan: str = Field(sa_type=TEXT)
    name_ct: bytes | None = Field(default=None, sa_type=BYTES)
    media_type: str = Field(sa_type=TEXT)
    received: int
    """Bytes as it came, by which a request's quota is counted; `size` is that of the cleaned copy."""
    size: int
    pages: int
    chunks: int
    scan_at: datetime | None = moment(null=True)
    """When the scanner is asked again, while it has not answered."""
    digest: bytes = Field(sa_type=BYTES, index=True)
    """Keyed hash of the file as it came: the same paper under another person raises a flag."""
    uploaded_by_role: str = Field(sa_type=TEXT)
    uploaded_by_iss: str = Field(sa_type=TEXT)
    uploaded_by_sub: str = Field(sa_type=TEXT)
    at: datetime = moment()
    reviewed_at: datetime | None = moment(null=True)
    reviewed_by_iss: str | None = Field(default=None, sa_type=TEXT)
    reviewed_by_sub: str | None = Field(default=None, sa_type=TEXT)
    checklist: list[str] = Field(default_factory=list, sa_type=TEXTS)
    """The questions answered with yes."""
    issued_on: date | None = Field(default=None)
    review_ct: bytes | None = Field(default=None, sa_type=BYTES)
    """Sealed: the issuer's check number and the reviewer's note."""
    destroyed_at: datetime | None = moment(null=True)
    destroyed_cause: str | None = Field(default=None, sa_type=TEXT)
    version: int = Field(default=1)


class EvidenceChunk(SQLModel, table=True):
    """A piece of a paper, sealed under the request's key for its own place. `original` waits only for its scan."""

    __tablename__ = "evidence_chunk"
    __table_args__ = (one_of("part", "copy", "original"),)

    evidence_id: UUID = Field(primary_key=True, foreign_key="evidence.id")
    part: str = Field(primary_key=True, sa_type=TEXT)
    position: int = Field(primary_key=True)
    sealed: bytes = Field(sa_type=BYTES)


class Supplement(SQLModel, table=True):
    """A call for what is missing (보완 요구): all of it named once; the clock goes on."""

    __tablename__ = "supplement"

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id", index=True)
    missing: list[str] = Field(sa_type=TEXTS)
    message_ct: bytes | None = Field(default=None, sa_type=BYTES)
    by_id: str = Field(sa_type=TEXT)
    at: datetime = moment()
    due_on: date
    told_at: datetime | None = moment(null=True)
    reminded_at: datetime | None = moment(null=True)
    closed_at: datetime | None = moment(null=True)


class Alert(SQLModel, table=True):
    """One contact on record that heard of a request, and the stop code it was given (C3)."""

    __tablename__ = "alert"
    __table_args__ = (one_of("holder", "subject", "guardian"),)

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id", index=True)
    holder: str = Field(sa_type=TEXT)
    contact_digest: bytes = Field(sa_type=BYTES)
    stop_digest: bytes = Field(sa_type=BYTES, unique=True)
    at: datetime = moment()


class Freeze(SQLModel, table=True):
    """Somebody said "it was not me": nothing moves until an approver rules (C3)."""

    __tablename__ = "freeze"
    __table_args__ = (one_of("result", "released", "void"),)

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id", index=True)
    alert_id: UUID = Field(foreign_key="alert.id", unique=True)
    at: datetime = moment()
    rule_by: date
    result: str | None = Field(default=None, sa_type=TEXT)
    reason_ct: bytes | None = Field(default=None, sa_type=BYTES)
    ruled_by_iss: str | None = Field(default=None, sa_type=TEXT)
    ruled_by_sub: str | None = Field(default=None, sa_type=TEXT)
    ruled_at: datetime | None = moment(null=True)


class AgeSeen(SQLModel, table=True):
    """What the register said of one handle's age, so that it is not asked before every use (policy 9.3.라)."""

    __tablename__ = "age_seen"

    digest: bytes = Field(primary_key=True, sa_type=BYTES)
    child_until: date | None = Field(default=None)
    """The first day on which the person is no longer a child under 14; None where no child stands behind the handle."""
    seen_at: datetime = moment(index=True)
