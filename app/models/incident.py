"""An answer to the wrong person (유출, Act 34): a clock of hours, recall, drafts of what must be told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from app.models.base import BYTES, JSON, TEXT, TEXTS, Field, SQLModel, moment, one_of


class Incident(SQLModel, table=True):
    """One incident. Its 72 hours run from the moment it was known, over nights and holidays (Civil Act 156)."""

    __tablename__ = "incident"
    __table_args__ = (
        one_of("kind", "wrong_recipient", "wrong_contents", "outside_access"),
        one_of("state", "open", "closed"),
        one_of("found", "leak", "none"),
        Index("ix_incident_queue", "due_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id", index=True)
    kind: str = Field(sa_type=TEXT)
    edition: str = Field(sa_type=TEXT)
    """The state of the law on the day it was known."""
    known_at: datetime = moment()
    due_at: datetime = moment()
    subjects: int
    categories: list[str] = Field(sa_type=TEXTS)
    sensitive: bool
    """Sensitive data or unique identifiers were among it (Act 23, 24; Decree 40(1))."""
    outside: bool
    """Somebody broke in from outside."""
    must_report: bool
    account_ct: bytes | None = Field(default=None, sa_type=BYTES)
    """Sealed: what happened, what was done."""
    recalled: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What was called back, by count: packages, grants, verifications, access codes."""
    told_at: datetime | None = moment(null=True)
    """When the person had been told, by whatever way."""
    reported_at: datetime | None = moment(null=True)
    report_no: str | None = Field(default=None, sa_type=TEXT)
    """The number under which the authority took the report."""
    reported_by: str | None = Field(default=None, sa_type=TEXT)
    warned: list[str] = Field(default_factory=list, sa_type=TEXTS)
    """Of which hours people were warned."""
    state: str = Field(default="open", sa_type=TEXT)
    at: datetime = moment()
    by_role: str = Field(sa_type=TEXT)
    by_iss: str = Field(sa_type=TEXT)
    by_sub: str = Field(sa_type=TEXT)
    resumed_at: datetime | None = moment(null=True)
    """When an approver let the request's results be handed out again."""
    resumed_by: str | None = Field(default=None, sa_type=TEXT)
    resumed_ct: bytes | None = Field(default=None, sa_type=BYTES)
    """Sealed: why that is safe."""
    found: str | None = Field(default=None, sa_type=TEXT)
    closing_ct: bytes | None = Field(default=None, sa_type=BYTES)
    """Sealed: why it was closed."""
    closed_at: datetime | None = moment(null=True)
    closed_by: str | None = Field(default=None, sa_type=TEXT)
    version: int = Field(default=1)


class IncidentNotice(SQLModel, table=True):
    """What the person whose data it was is told (Act 34(1), 34(2)): drafted, approved by another person, sent."""

    __tablename__ = "incident_notice"
    __table_args__ = (
        one_of("kind", "leak", "possible"),
        one_of("state", "draft", "approved"),
        one_of("told_how", "mail", "sms", "post", "phone", "visit", "website"),
        UniqueConstraint("incident_id"),
    )

    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="incident.id")
    request_id: UUID = Field(foreign_key="request.id", index=True)
    kind: str = Field(sa_type=TEXT)
    state: str = Field(default="draft", sa_type=TEXT)
    content_ct: bytes = Field(sa_type=BYTES)
    """Sealed: what, how, what can be done, what was done, whom to ask; another person's name and contact."""
    at: datetime = moment()
    drafted_by_iss: str = Field(sa_type=TEXT)
    drafted_by_sub: str = Field(sa_type=TEXT)
    note_ct: bytes | None = Field(default=None, sa_type=BYTES)
    """Sealed: why an approver sent the draft back."""
    approved_by_iss: str | None = Field(default=None, sa_type=TEXT)
    approved_by_sub: str | None = Field(default=None, sa_type=TEXT)
    approved_at: datetime | None = moment(null=True)
    message_id: UUID | None = Field(default=None, foreign_key="message.id")
    told_at: datetime | None = moment(null=True)
    told_how: str | None = Field(default=None, sa_type=TEXT)
    told_by: str | None = Field(default=None, sa_type=TEXT)
