"""How a holder without a machine answers: by a page that a link and a number open, or by the word of two of ours."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text

from app.models.base import BYTES, TEXT, Field, SQLModel, moment


class AnswerLink(SQLModel, table=True):
    """One address at which one task can be answered once; neither it nor its number can be read back."""

    __tablename__ = "answer_link"
    __table_args__ = (
        Index("ix_answer_link_open", "task_id", postgresql_where=text("used_at IS NULL AND closed_at IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    task_id: UUID = Field(foreign_key="task.id", index=True)
    token_digest: bytes = Field(sa_type=BYTES, unique=True)
    salt: bytes | None = Field(default=None, sa_type=BYTES)
    pin_hash: bytes | None = Field(default=None, sa_type=BYTES)
    tries: int = Field(default=0)
    """Wrong numbers since the last right one, each counted before it is compared."""
    made_by: str = Field(sa_type=TEXT)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    session_digest: bytes | None = Field(default=None, sa_type=BYTES)
    session_until: datetime | None = moment(null=True)
    used_at: datetime | None = moment(null=True)
    """When the answer was taken by it."""
    closed_at: datetime | None = moment(null=True)
    """When another took its place, or the last wrong number was tried."""


class TaskEntry(SQLModel, table=True):
    """What one of ours says a holder did; it counts when a second person has agreed."""

    __tablename__ = "task_entry"
    __table_args__ = (Index("uq_task_entry_open", "task_id", unique=True, postgresql_where=text("settled_at IS NULL")),)

    id: UUID = Field(primary_key=True)
    task_id: UUID = Field(foreign_key="task.id", index=True)
    request_id: UUID = Field(foreign_key="request.id")
    result: str = Field(sa_type=TEXT)
    report_ct: bytes = Field(sa_type=BYTES)
    by_iss: str = Field(sa_type=TEXT)
    by_sub: str = Field(sa_type=TEXT)
    at: datetime = moment()
    settled_at: datetime | None = moment(null=True)
    agreed: bool | None = Field(default=None)
    """None while it waits, and where it was overtaken."""
    note_ct: bytes | None = Field(default=None, sa_type=BYTES)
    settled_by_iss: str | None = Field(default=None, sa_type=TEXT)
    settled_by_sub: str | None = Field(default=None, sa_type=TEXT)


class TaskProof(SQLModel, table=True):
    """A picture or paper that a holder sent as proof with its answer: its cleaned copy in sealed chunks."""

    __tablename__ = "task_proof"
    __table_args__ = (Index("ix_task_proof_kept", "request_id", postgresql_where=text("destroyed_at IS NULL")),)

    id: UUID = Field(primary_key=True)
    task_id: UUID = Field(foreign_key="task.id", index=True)
    request_id: UUID = Field(foreign_key="request.id")
    media_type: str = Field(sa_type=TEXT)
    size: int
    scan: str = Field(sa_type=TEXT)
    chunks: int
    at: datetime = moment()
    destroyed_at: datetime | None = moment(null=True)


class TaskProofChunk(SQLModel, table=True):
    """A piece of a proof, sealed under the request's key for its own place."""

    __tablename__ = "task_proof_chunk"

    proof_id: UUID = Field(primary_key=True, foreign_key="task_proof.id")
    position: int = Field(primary_key=True)
    sealed: bytes = Field(sa_type=BYTES)
