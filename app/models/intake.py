"""What was filed: the request, the contacts it can be found by, and one claim for each right asked."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from app.law.terms import Capacity, Reached, Right, Status
from app.models.base import BYTES, JSON, MOMENT, TEXT, TEXTS, Field, SQLModel, moment, one_of


class Request(SQLModel, table=True):
    """One filing (요구서, form 8). Whatever names a person is sealed under the request's own key."""

    __tablename__ = "request"
    __table_args__ = (
        one_of("capacity", *Capacity),
        one_of("reached", *Reached),
        Index("ix_request_filer", "filer_iss", "filer_sub", "id"),
    )

    id: UUID = Field(primary_key=True)
    receipt_no: str = Field(sa_type=TEXT, unique=True)
    access_code_digest: bytes | None = Field(default=None, sa_type=BYTES)
    capacity: str = Field(sa_type=TEXT)
    channel: str = Field(sa_type=TEXT)
    language: str = Field(sa_type=TEXT)
    notify_by: str = Field(sa_type=TEXT)
    filed_at: datetime = moment()
    arrived_at: datetime = moment(index=True)
    filer_role: str = Field(sa_type=TEXT)
    filer_iss: str = Field(sa_type=TEXT)
    filer_sub: str = Field(sa_type=TEXT)
    agent: str | None = Field(default=None, sa_type=TEXT)
    key: bytes = Field(sa_type=BYTES)
    subject_ct: bytes = Field(sa_type=BYTES)
    person_ct: bytes | None = Field(default=None, sa_type=BYTES)
    references_ct: bytes | None = Field(default=None, sa_type=BYTES)
    subject_digest: bytes | None = Field(default=None, sa_type=BYTES, index=True)
    likeness: bytes = Field(sa_type=BYTES, index=True)
    duplicate_of: UUID | None = Field(default=None)
    contacts: list[str] = Field(sa_type=TEXTS)
    policy: str = Field(sa_type=TEXT)
    identity: str = Field(default="none", sa_type=TEXT)
    reached: str = Field(default="none", sa_type=TEXT)
    asker_digest: bytes | None = Field(default=None, sa_type=BYTES, index=True)
    """Whose request about whom: claims of one asker stand in one order, those of another never delay or show (C3)."""
    frozen_at: datetime | None = moment(null=True)
    recalled_at: datetime | None = moment(null=True)
    """Tokens and grants of before this moment open nothing any more: an answer had reached the wrong person."""
    restored_at: datetime | None = moment(null=True)
    """Since when it stands as a backup has it, until a person has let it speak again (F51)."""
    apart_since: datetime | None = moment(null=True)
    """Since when it is kept for its statute alone, apart from what is worked on (Act 21(3))."""
    version: int = Field(default=1)


class Contact(SQLModel, table=True):
    """A keyed hash by which staff find a request again (H4): the value itself is only in the sealed column."""

    __tablename__ = "contact"

    request_id: UUID = Field(primary_key=True, foreign_key="request.id")
    digest: bytes = Field(primary_key=True, sa_type=BYTES, index=True)


class Claim(SQLModel, table=True):
    """One right in one request (요구), with its own clock."""

    __tablename__ = "claim"
    __table_args__ = (
        one_of("right", *Right),
        one_of("status", *Status),
        UniqueConstraint("request_id", "position"),
        Index("ix_claim_queue", "due_on", "id"),
        Index("ix_claim_here", "due_on", "id", postgresql_where=text("apart_since IS NULL")),
        Index("ix_claim_status_queue", "status", "due_on", "id"),
        # What the days bring is looked for every minute, so it is found among what is open, however much has ended.
        Index(
            "ix_claim_due",
            "due_on",
            "id",
            postgresql_where=text("answered_at IS NULL AND status NOT IN ('withdrawn', 'lapsed')"),
        ),
        Index("ix_claim_ended", "closed_at", postgresql_where=text("status IN ('withdrawn', 'lapsed')")),
        Index("ix_claim_internal", "internal_on", "id", postgresql_where=text("closed_at IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id")
    position: int
    right: str = Field(sa_type=TEXT)
    status: str = Field(sa_type=TEXT)
    edition: str = Field(sa_type=TEXT)
    due_on: date
    internal_on: date
    due_steps: list[dict[str, Any]] = Field(sa_type=JSON)
    scope: dict[str, Any] = Field(sa_type=JSON)
    detail_ct: bytes | None = Field(default=None, sa_type=BYTES)
    outcome: str | None = Field(default=None, sa_type=TEXT)
    round: int = Field(default=1)
    waiting: list[str] = Field(default_factory=list, sa_type=TEXTS)
    assignee: str | None = Field(default=None, sa_type=TEXT, index=True)
    verified_at: datetime | None = moment(null=True)
    answered_at: datetime | None = moment(null=True)
    """When the person was first told the result of this round."""
    granted_at: datetime | None = moment(null=True)
    available_from: datetime | None = moment(null=True)
    reported_open_at: datetime | None = moment(null=True)
    read_by: str | None = Field(default=None, sa_type=TEXT)
    read_at: datetime | None = moment(null=True)
    closed_at: datetime | None = moment(null=True)
    objection_until: date | None = Field(default=None)
    apart_since: datetime | None = moment(null=True)
    """That of its request: the queue of those who work goes past it."""
    version: int = Field(default=1)


class Idempotency(SQLModel, table=True):
    """The first answer to a key, sealed, kept thirty days in the same transaction as what it answered."""

    __tablename__ = "idempotency"

    principal: bytes = Field(primary_key=True, sa_type=BYTES)
    key: bytes = Field(primary_key=True, sa_type=BYTES)
    fingerprint: bytes = Field(sa_type=BYTES)
    answer_ct: bytes = Field(sa_type=BYTES)
    at: datetime = moment(index=True)


class Tally(SQLModel, table=True):
    """How often something happened in a window of time, counted in one statement, by all processes together."""

    __tablename__ = "tally"

    digest: bytes = Field(primary_key=True, sa_type=BYTES)
    window_start: datetime = Field(primary_key=True, sa_type=MOMENT)
    count: int


class LookupMark(SQLModel, table=True):
    """Under which look-up key the hashes of this database are: nothing looks for anybody under another."""

    __tablename__ = "lookup_mark"

    id: int = Field(primary_key=True)
    digest: bytes = Field(sa_type=BYTES)
    rebuilding: bool


class Pace(SQLModel, table=True):
    """Up to when a contact was promised words that nobody is owed, so that none is flooded by them (A20)."""

    __tablename__ = "pace"

    digest: bytes = Field(primary_key=True, sa_type=BYTES)
    until: datetime = moment(index=True)
