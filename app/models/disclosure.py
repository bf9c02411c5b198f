"""What people are told and given: notices, messages, access packages."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from app.models.base import BYTES, TEXT, Field, SQLModel, moment, one_of


class Notice(SQLModel, table=True):
    """A statutory notice to a person; its contents are sealed and rendered when opened."""

    __tablename__ = "notice"
    __table_args__ = (
        one_of("form", "9", "10", "ruling", "destroyed", "measure"),
        UniqueConstraint("claim_id", "round", "kind"),
        Index("ix_notice_answer", "at", postgresql_where=text("kind IN ('result', 'interim')")),
    )

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id", index=True)
    claim_id: UUID = Field(foreign_key="claim.id")
    round: int
    kind: str = Field(sa_type=TEXT)
    form: str = Field(sa_type=TEXT)
    language: str = Field(sa_type=TEXT)
    content_ct: bytes = Field(sa_type=BYTES)
    at: datetime = moment()
    due_on: date
    """The statutory day as it stood when this was told: whether it was late can be seen from the row itself."""
    opened_at: datetime | None = moment(null=True)


class Message(SQLModel, table=True):
    """One mail, SMS or paper: states belong here, never to the claim; a failure never fails the claim."""

    __tablename__ = "message"
    __table_args__ = (
        one_of("channel", "mail", "sms", "paper"),
        one_of("state", "queued", "held", "by_hand", "sent", "delivered", "returned", "failed", "dropped"),
        Index("ix_message_due", "state", "next_at"),
    )

    id: UUID = Field(primary_key=True)
    request_id: UUID | None = Field(default=None, foreign_key="request.id", index=True)
    """Absent where it is to the desk's own people and about no one request."""
    notice_id: UUID | None = Field(default=None, foreign_key="notice.id")
    kind: str = Field(sa_type=TEXT)
    party: str = Field(default="subject", sa_type=TEXT)
    """Under whose key the contents lie: those for a guardian or delegate under the requester's own."""
    channel: str = Field(sa_type=TEXT)
    content_ct: bytes | None = Field(default=None, sa_type=BYTES)
    to_digest: bytes | None = Field(default=None, sa_type=BYTES)
    """The keyed hash of where it goes: by it the contact is known to be lost when the message comes back."""
    state: str = Field(default="queued", sa_type=TEXT)
    attempts: int = Field(default=0)
    next_at: datetime = moment()
    created_at: datetime = moment()
    sent_at: datetime | None = moment(null=True)
    instead_of: UUID | None = Field(default=None, foreign_key="message.id")
    """The message that could not be handed over on another channel, where this one follows it."""


class MessageAttempt(SQLModel, table=True):
    """What happened when a message was handed to its carrier."""

    __tablename__ = "message_attempt"

    id: UUID = Field(primary_key=True)
    message_id: UUID = Field(foreign_key="message.id", index=True)
    at: datetime = moment()
    outcome: str = Field(sa_type=TEXT)


class LostContact(SQLModel, table=True):
    """A contact by which a request's messages do not arrive: nothing more of this request is sent there."""

    __tablename__ = "lost_contact"

    request_id: UUID = Field(primary_key=True, foreign_key="request.id")
    digest: bytes = Field(primary_key=True, sa_type=BYTES)
    message_id: UUID = Field(foreign_key="message.id")
    cause: str = Field(sa_type=TEXT)
    at: datetime = moment()


class CarrierSilence(SQLModel, table=True):
    """A carrier that has taken nothing for an hour, though something was to be sent; gone when it takes again."""

    __tablename__ = "carrier_silence"
    __table_args__ = (one_of("channel", "mail", "sms"),)

    channel: str = Field(primary_key=True, sa_type=TEXT)
    since: datetime = moment()
    probe_at: datetime = moment()
    """From when one message may be tried to see whether it is back."""


class Package(SQLModel, table=True):
    """The access package of a claim: encrypted chunks, kept seven days."""

    __tablename__ = "package"
    __table_args__ = (
        Index(
            "uq_package_kept",
            "claim_id",
            "round",
            "complete",
            unique=True,
            # What was recalled may be built anew.
            postgresql_where=text("destroyed_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id")
    request_id: UUID = Field(foreign_key="request.id", index=True)
    round: int
    complete: bool
    chunks: int
    size: int
    at: datetime = moment()
    expires_at: datetime = moment(index=True)
    fetched: int = Field(default=0)
    destroyed_at: datetime | None = moment(null=True)


class PackageChunk(SQLModel, table=True):
    """A piece of a package, sealed under the request's key for its own place."""

    __tablename__ = "package_chunk"

    package_id: UUID = Field(primary_key=True, foreign_key="package.id")
    position: int = Field(primary_key=True)
    sealed: bytes = Field(sa_type=BYTES)


class Redaction(SQLModel, table=True):
    """A stretch of what a holder returned that speaks of somebody else, hidden before release (Decree 42(1))."""

    __tablename__ = "redaction"
    __table_args__ = (UniqueConstraint("task_id", "row", "field", "starts"),)

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    task_id: UUID = Field(foreign_key="task.id")
    row: int
    field: str = Field(sa_type=TEXT)
    starts: int
    ends: int
    """From which character up to which, the last not included."""
    ground: str = Field(sa_type=TEXT)
    at: datetime = moment()
    by_iss: str = Field(sa_type=TEXT)
    by_sub: str = Field(sa_type=TEXT)
