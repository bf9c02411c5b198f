"""What the days bring: postponements, warnings, what was late and why, outlooks before closed days (E1 to E3)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from app.law.terms import LateCause, WarningStep
from app.models.base import BYTES, TEXT, TEXTS, Field, SQLModel, moment, one_of


class Postponement(SQLModel, table=True):
    """Access put off for a ground until a day (Act 35(3), Decree 42(2)); never twice for one ground in a round."""

    __tablename__ = "postponement"
    __table_args__ = (
        UniqueConstraint("claim_id", "round", "ground"),
        Index("ix_postponement_open", "expected_on", postgresql_where=text("resumed_at IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id")
    request_id: UUID = Field(foreign_key="request.id", index=True)
    round: int
    ground: str = Field(sa_type=TEXT)
    reason_ct: bytes = Field(sa_type=BYTES)
    expected_on: date
    due_before: date
    """The statutory day as it stood, before which the person had to be told."""
    at: datetime = moment()
    by_iss: str = Field(sa_type=TEXT)
    by_sub: str = Field(sa_type=TEXT)
    resumed_at: datetime | None = moment(null=True)
    resumed_by: str | None = Field(default=None, sa_type=TEXT)
    """`machine` where the day came by itself, else who ended it."""


CLOCKS = ("claim", "objection", "postponement", "follow_up")
"""What has a day of its own that people are warned of."""


class DueWarning(SQLModel, table=True):
    """One warning of one day: once, across restarts and workers (E2)."""

    __tablename__ = "due_warning"
    __table_args__ = (
        one_of("of", *CLOCKS),
        one_of("step", *WarningStep),
        UniqueConstraint("about", "due_on", "step"),
    )

    id: UUID = Field(primary_key=True)
    about: UUID
    """The claim, or the objection, postponement or measure that has a day of its own."""
    of: str = Field(sa_type=TEXT)
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    due_on: date
    step: str = Field(sa_type=TEXT)
    told: list[str] = Field(sa_type=TEXTS)
    """In what part people were told: officer, approver, deputy."""
    at: datetime = moment()


class Overdue(SQLModel, table=True):
    """That a day passed unanswered, and with whom it lay: a fact with its cause, never a status (E3)."""

    __tablename__ = "overdue"
    __table_args__ = (
        one_of("of", *CLOCKS),
        one_of("cause", *LateCause),
        UniqueConstraint("about", "due_on"),
        Index("ix_overdue_month", "due_on"),
    )

    id: UUID = Field(primary_key=True)
    about: UUID
    of: str = Field(sa_type=TEXT)
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    request_id: UUID = Field(foreign_key="request.id")
    round: int
    due_on: date
    cause: str = Field(sa_type=TEXT)
    holders: list[str] = Field(default_factory=list, sa_type=TEXTS)
    """Who was silent on that day."""
    at: datetime = moment()
    reason_ct: bytes | None = Field(default=None, sa_type=BYTES)
    """Sealed: why, in the approver's words, where one wrote it down."""
    reason_by_iss: str | None = Field(default=None, sa_type=TEXT)
    reason_by_sub: str | None = Field(default=None, sa_type=TEXT)


class Outlook(SQLModel, table=True):
    """That people were told what falls due over a run of closed days; once for each run (E2)."""

    __tablename__ = "outlook"

    first_closed: date = Field(primary_key=True)
    last_closed: date
    at: datetime = moment()
