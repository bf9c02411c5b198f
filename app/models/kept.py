"""What stays behind after an answer: records that a statute keeps, and suspended data that wants a measure."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from app.models.base import BYTES, TEXT, TEXTS, Field, SQLModel, moment, one_of


class Fence(SQLModel, table=True):
    """A record class that a statute keeps after a deletion: destroyed by itself when the period ends (policy 8.8)."""

    __tablename__ = "fence"
    __table_args__ = (
        one_of("state", "kept", "destroying", "destroyed", "ended"),
        UniqueConstraint("claim_id", "round", "item"),
        Index("ix_fence_due", "until", postgresql_where=text("state = 'kept'")),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id")
    request_id: UUID = Field(foreign_key="request.id", index=True)
    hold_id: UUID | None = Field(default=None, foreign_key="hold.id")
    round: int
    item: str = Field(sa_type=TEXT)
    """As it was decided: `category:record_class`, or `category.field` where people kept a single field."""
    category: str = Field(sa_type=TEXT)
    record_class: str | None = Field(default=None, sa_type=TEXT)
    label: str = Field(sa_type=TEXT)
    """In the policy's words of the day it was decided: years later the policy may know it no more."""
    basis: str = Field(sa_type=TEXT)
    decided_until: date
    until: date
    """The last day of keeping: as decided, or a holder's own earlier day."""
    state: str = Field(default="kept", sa_type=TEXT)
    begun_at: datetime | None = moment(null=True)
    destroyed_at: datetime | None = moment(null=True)
    ended_at: datetime | None = moment(null=True)
    """When its claim was given up or decided anew, so that nothing follows from it any more."""
    reported_by: list[str] = Field(default_factory=list, sa_type=TEXTS)
    """The systems on whose word alone it stands: nobody had decided that this is kept."""
    notice_id: UUID | None = Field(default=None, foreign_key="notice.id")
    """The notice that told its person of the destruction."""


class FollowUp(SQLModel, table=True):
    """What becomes of suspended data (Act 37(5)): proposed by an officer; what destroys, by an approver as well."""

    __tablename__ = "follow_up"
    __table_args__ = (
        one_of("measure", "destroy", "keep_apart", "keep_by_statute"),
        one_of("state", "open", "proposed", "ordered", "done", "ended"),
        UniqueConstraint("claim_id", "round", "category"),
        Index("ix_follow_up_due", "due_on", "id", postgresql_where=text("state IN ('open', 'proposed', 'ordered')")),
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
    note_ct: bytes | None = Field(default=None, sa_type=BYTES)
    """Why the approver returned what was proposed last."""
    proposed_by_iss: str | None = Field(default=None, sa_type=TEXT)
    proposed_by_sub: str | None = Field(default=None, sa_type=TEXT)
    ordered_by_iss: str | None = Field(default=None, sa_type=TEXT)
    ordered_by_sub: str | None = Field(default=None, sa_type=TEXT)
    at: datetime = moment()
    done_at: datetime | None = moment(null=True)
    notice_id: UUID | None = Field(default=None, foreign_key="notice.id")
    version: int = Field(default=1)
