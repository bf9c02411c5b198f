"""Objections (이의제기, Act 38(5)): somebody else looks at it again, on a clock of its own."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index

from app.models.base import BYTES, JSON, TEXT, Field, SQLModel, moment, one_of


class Objection(SQLModel, table=True):
    """One objection to a decision, or to a postponement (which moves no status)."""

    __tablename__ = "objection"
    __table_args__ = (
        one_of("of", "decision", "postponement"),
        one_of("result", "confirmed", "overturned", "dropped"),
        Index("ix_objection_open", "due_on", "id"),
        Index("ix_objection_arrived", "arrived_at"),
        Index("ix_objection_ruled", "ruled_at"),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    request_id: UUID = Field(foreign_key="request.id")
    of: str = Field(sa_type=TEXT)
    round: int
    """The round of the claim whose answer is objected to."""
    reason_ct: bytes = Field(sa_type=BYTES)
    at: datetime = moment()
    arrived_at: datetime = moment()
    late: bool = Field(default=False)
    """After the window, taken all the same where the policy allows."""
    due_on: date
    internal_on: date
    due_steps: list[dict[str, Any]] = Field(sa_type=JSON)
    filed_by_role: str = Field(sa_type=TEXT)
    filed_by: str = Field(sa_type=TEXT)
    result: str | None = Field(default=None, sa_type=TEXT)
    ruling_ct: bytes | None = Field(default=None, sa_type=BYTES)
    ruled_by_iss: str | None = Field(default=None, sa_type=TEXT)
    ruled_by_sub: str | None = Field(default=None, sa_type=TEXT)
    ruled_at: datetime | None = moment(null=True)
    version: int = Field(default=1)
