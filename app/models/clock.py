"""What the days bring: postponements, warnings, what was late and why, outlooks before closed days (E1 to E3)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint

from app.law.terms import LateCause, WarningStep
from app.models.base import BYTES, JSON, TEXT, Field, SQLModel, moment, one_of


class Postponement(SQLModel, table=True):
    """Access put off for a ground until a day (Act 35(3), Decree 42(2)); never twice for one ground in a round."""

    __tablename__ = "postponement"
    __table_args__ = (UniqueConstraint("claim_id", "round", "ground"),)

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


class DueWarning(SQLModel, table=True):
    """One warning of one statutory day: once, across restarts and workers (E2)."""

    __tablename__ = "due_warning"
    __table_args__ = (
        one_of("step", *WarningStep),
        one_of("told", "officer", "approver", "deputy"),
        UniqueConstraint("about", "due_on", "step"),
    )

    id: UUID = Field(primary_key=True)
    about: UUID
    """A claim, or an objection with a clock of its own."""
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    due_on: date
    step: str = Field(sa_type=TEXT)
    told: str = Field(sa_type=TEXT)
    at: datetime = moment()


class Overdue(SQLModel, table=True):
    """That a statutory day passed unanswered, and with whom it lay: a fact with its cause, never a status (E3)."""

    __tablename__ = "overdue"
    __table_args__ = (one_of("cause", *LateCause), UniqueConstraint("claim_id", "round", "due_on"))

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id")
    round: int
    due_on: date
    cause: str = Field(sa_type=TEXT)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = moment()


class Outlook(SQLModel, table=True):
    """That people were told what falls due over a run of closed days; once for each run (E2)."""

    __tablename__ = "outlook"

    first_closed: date = Field(primary_key=True)
    last_closed: date
    at: datetime = moment()
