"""What stays behind after an answer: records that a statute keeps, and suspended data that wants a measure."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from app.models.base import BYTES, TEXT, Field, SQLModel, moment, one_of


class Fence(SQLModel, table=True):
    """A record class that a statute keeps after a deletion: destroyed by itself when the period ends (policy 8.8)."""

    __tablename__ = "fence"
    __table_args__ = (
        one_of("state", "kept", "destroying", "destroyed"),
        UniqueConstraint("claim_id", "round", "category", "record_class"),
        Index("ix_fence_due", "until", postgresql_where=text("state = 'kept'")),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id")
    request_id: UUID = Field(foreign_key="request.id", index=True)
    hold_id: UUID | None = Field(default=None, foreign_key="hold.id")
    round: int
    category: str = Field(sa_type=TEXT)
    record_class: str = Field(sa_type=TEXT)
    basis: str = Field(sa_type=TEXT)
    until: date
    """The last day of keeping: as decided, or a holder's own earlier day."""
    state: str = Field(default="kept", sa_type=TEXT)
    begun_at: datetime | None = moment(null=True)
    destroyed_at: datetime | None = moment(null=True)


class FollowUp(SQLModel, table=True):
    """What becomes of suspended data (Act 37(5)): proposed by an officer; what destroys, by an approver as well."""

    __tablename__ = "follow_up"
    __table_args__ = (
        one_of("measure", "destroy", "keep_apart", "keep_by_statute"),
        one_of("state", "open", "proposed", "ordered", "done"),
        UniqueConstraint("claim_id", "round", "category"),
        Index("ix_follow_up_due", "due_on", postgresql_where=text("state <> 'done'")),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id")
    request_id: UUID = Field(foreign_key="request.id", index=True)
    round: int
    category: str = Field(sa_type=TEXT)
    due_on: date
    state: str = Field(default="open", sa_type=TEXT)
    measure: str | None = Field(default=None, sa_type=TEXT)
    reason_ct: bytes | None = Field(default=None, sa_type=BYTES)
    proposed_by_iss: str | None = Field(default=None, sa_type=TEXT)
    proposed_by_sub: str | None = Field(default=None, sa_type=TEXT)
    ordered_by_iss: str | None = Field(default=None, sa_type=TEXT)
    ordered_by_sub: str | None = Field(default=None, sa_type=TEXT)
    at: datetime = moment()
    done_at: datetime | None = moment(null=True)
    version: int = Field(default=1)
