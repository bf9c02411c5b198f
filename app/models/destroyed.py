"""What the desk destroys of its own records: lists, an id for each request, and the figures that outlive it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, text

from app.models.base import BYTES, JSON, TEXT, Field, SQLModel, moment, one_of

KEPT_GROUNDS = ("dispute", "inquiry", "lawsuit")


class Destruction(SQLModel, table=True):
    """A day's list of requests whose time is over: confirmed by an approver, carried out by the worker."""

    __tablename__ = "destruction"
    __table_args__ = (
        one_of("of", "request"),
        one_of("state", "planned", "confirmed", "done"),
        Index("ix_destruction_open", "id", postgresql_where=text("state <> 'done'")),
    )

    id: UUID = Field(primary_key=True)
    of: str = Field(default="request", sa_type=TEXT)
    """The class of records, each with a period of its own in the policy."""
    state: str = Field(default="planned", sa_type=TEXT)
    policy: str = Field(sa_type=TEXT)
    """The policy of that day, from which the period comes."""
    planned_on: date
    told_on: date
    """When the approver was last told that it waits for their word, or its result for their look."""
    due_since: date
    """Since when the oldest of them is due."""
    requests: int
    at: datetime = moment()
    confirmed_at: datetime | None = moment(null=True)
    confirmed_by_iss: str | None = Field(default=None, sa_type=TEXT)
    confirmed_by_sub: str | None = Field(default=None, sa_type=TEXT)
    done_at: datetime | None = moment(null=True)
    record: bytes | None = Field(default=None, sa_type=BYTES)
    """What was done, in RFC 8785 JSON."""
    signature: bytes | None = Field(default=None, sa_type=BYTES)
    checked_at: datetime | None = moment(null=True)
    """When an approver confirmed the result (Standard Guideline 10)."""
    checked_by_iss: str | None = Field(default=None, sa_type=TEXT)
    checked_by_sub: str | None = Field(default=None, sa_type=TEXT)
    version: int = Field(default=1)


class DestroyedRequest(SQLModel, table=True):
    """That there was a request, by its id alone: on a list, and after that gone."""

    __tablename__ = "destroyed_request"
    __table_args__ = (
        one_of("kept_ground", *KEPT_GROUNDS),
        Index("uq_destroyed_request_listed", "request_id", unique=True, postgresql_where=text("dropped_at IS NULL")),
    )

    destruction_id: UUID = Field(primary_key=True, foreign_key="destruction.id")
    request_id: UUID = Field(primary_key=True)
    due_since: date
    destroyed_at: datetime | None = moment(null=True)
    dropped_at: datetime | None = moment(null=True)
    """When it was seen that it must be kept on, because something moved again, or an approver kept it back."""
    kept_ground: str | None = Field(default=None, sa_type=TEXT)
    review_on: date | None = None
    """The day on which what was kept back comes up again."""
    counts: dict[str, int] | None = Field(default=None, sa_type=JSON)
    """How many rows of each table went."""
    ledger_seq: int | None = Field(default=None, sa_type=BigInteger)


class LedgerHead(SQLModel, table=True):
    """Up to which line the ledger of destruction is known here: one row. A copy of before knows fewer."""

    __tablename__ = "ledger_head"

    id: int = Field(primary_key=True, sa_type=SmallInteger)
    seq: int = Field(sa_type=BigInteger)


class FiguresKept(SQLModel, table=True):
    """The figures of a month as they stood before the first of its requests was destroyed."""

    __tablename__ = "figures_kept"

    month: date = Field(primary_key=True)
    figures: dict[str, Any] = Field(sa_type=JSON)
    at: datetime = moment()
