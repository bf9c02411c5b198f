"""An answer to the wrong person (유출, Act 34): a clock of hours, recall, drafts of what must be told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.models.base import BYTES, JSON, TEXT, TEXTS, Field, SQLModel, moment, one_of


class Incident(SQLModel, table=True):
    """One incident. Its 72 hours run from the moment it was known, over nights and holidays (Civil Act 156)."""

    __tablename__ = "incident"
    __table_args__ = (
        one_of("kind", "wrong_recipient", "wrong_contents", "outside_access"),
        one_of("state", "open", "closed"),
    )

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id", index=True)
    kind: str = Field(sa_type=TEXT)
    known_at: datetime = moment()
    due_at: datetime = moment(index=True)
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
    """What was called back, by count: packages, grants, tokens."""
    told_subject_at: datetime | None = moment(null=True)
    reported_at: datetime | None = moment(null=True)
    warned: list[str] = Field(default_factory=list, sa_type=TEXTS)
    """Of which hours people were warned."""
    state: str = Field(default="open", sa_type=TEXT)
    at: datetime = moment()
    by_iss: str = Field(sa_type=TEXT)
    by_sub: str = Field(sa_type=TEXT)
    closed_at: datetime | None = moment(null=True)
    version: int = Field(default=1)
