"""What the engine proposed and what people decided: both are kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint

from app.law.terms import Decider, Outcome
from app.models.base import BYTES, JSON, TEXT, Field, SQLModel, moment, one_of


class Assessment(SQLModel, table=True):
    """Item by item, from policy, registry and statute, under one edition of the rulebook."""

    __tablename__ = "assessment"
    __table_args__ = (one_of("decides", *Decider), UniqueConstraint("claim_id", "round"))

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id")
    round: int
    edition: str = Field(sa_type=TEXT)
    policy: str = Field(sa_type=TEXT)
    items: list[dict[str, Any]] = Field(sa_type=JSON)
    nothing_held: bool
    uncontested: bool
    decides: str = Field(sa_type=TEXT)
    at: datetime = moment()


class Decision(SQLModel, table=True):
    """A proposal and, where two people decide, the second person's word on it."""

    __tablename__ = "decision"
    __table_args__ = (
        one_of("state", "proposed", "returned", "superseded", "effective"),
        one_of("outcome", *Outcome),
        one_of("decided_by", "machine", "person"),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    round: int
    state: str = Field(sa_type=TEXT)
    outcome: str = Field(sa_type=TEXT)
    decided_by: str = Field(sa_type=TEXT)
    edition: str = Field(sa_type=TEXT)
    items: list[dict[str, Any]] = Field(sa_type=JSON)
    facts_ct: bytes | None = Field(default=None, sa_type=BYTES)
    reason_ct: bytes | None = Field(default=None, sa_type=BYTES)
    note_ct: bytes | None = Field(default=None, sa_type=BYTES)
    fee: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """The actual cost, where one is charged (Act 38(3), Decree 47)."""
    proposer_iss: str | None = Field(default=None, sa_type=TEXT)
    proposer_sub: str | None = Field(default=None, sa_type=TEXT)
    proposed_at: datetime = moment()
    approver_iss: str | None = Field(default=None, sa_type=TEXT)
    approver_sub: str | None = Field(default=None, sa_type=TEXT)
    approver_note_ct: bytes | None = Field(default=None, sa_type=BYTES)
    settled_at: datetime | None = moment(null=True)
