"""What holders must do, what is held back meanwhile, and how holders are told."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, text

from app.models.base import BYTES, JSON, TEXT, TEXTS, Field, SQLModel, moment, one_of

ACTIONS = (
    "hold",
    "release",
    "collect",
    "correct",
    "delete",
    "suspend",
    "resume",
    "withdraw_consent",
    "preserve",
    "inform",
    "relay",
)
TESTED_ACTIONS = tuple(action for action in ACTIONS if action not in ("preserve", "relay"))
"""What can be tried about nobody: footage needs a place, and a claim that is passed on its text."""
HOLD_KINDS = (
    "correction_pending",
    "suspended",
    "consent_withdrawn",
    "kept_by_law",
    "preserved",
    "child_marketing",
)


class Task(SQLModel, table=True):
    """One thing one system must do about one category; delivered is not done."""

    __tablename__ = "task"
    __table_args__ = (
        one_of("action", *ACTIONS),
        one_of("status", "pending", "acknowledged", "done", "partly_done", "not_held", "failed", "cancelled"),
        Index("ix_task_system", "system_id", "status", "id"),
        Index("ix_task_due", "due_at"),
        Index("ix_task_open", "due_at", postgresql_where=text("status IN ('pending', 'acknowledged', 'failed')")),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    request_id: UUID = Field(foreign_key="request.id")
    system_id: UUID = Field(foreign_key="system.id")
    action: str = Field(sa_type=TEXT)
    category: str = Field(sa_type=TEXT)
    status: str = Field(sa_type=TEXT)
    round: int = Field(default=1)
    fields: list[str] | None = Field(default=None, sa_type=TEXTS)
    purposes: list[str] | None = Field(default=None, sa_type=TEXTS)
    keep: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    record_class: str | None = Field(default=None, sa_type=TEXT)
    """A record that a statute kept until now, where just this is to be destroyed."""
    fence_id: UUID | None = Field(default=None, foreign_key="fence.id")
    """The fence whose period has ended, where this task destroys what it kept (policy 8.8)."""
    follow_up_id: UUID | None = Field(default=None, foreign_key="follow_up.id")
    """The measure after a suspension that this task carries out (Act 37(5))."""
    media: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """Which footage: site, from, to; nothing of who asks."""
    changes_ct: bytes | None = Field(default=None, sa_type=BYTES)
    due_at: datetime = moment()
    created_at: datetime = moment()
    fetched_at: datetime | None = moment(null=True)
    expected_on: date | None = Field(default=None)
    acknowledged_at: datetime | None = moment(null=True)
    """When the holder said so: an earlier word that comes later changes nothing."""
    reason_ct: bytes | None = Field(default=None, sa_type=BYTES)
    """Why it will be done later than it is due."""
    reminded_at: datetime | None = moment(null=True)
    """When the holder's contact was written to, because it was due."""
    escalated_at: datetime | None = moment(null=True)
    """When an officer was told, because that did not help."""
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    answer_ct: bytes | None = Field(default=None, sa_type=BYTES)
    answered_by: str | None = Field(default=None, sa_type=TEXT)
    finished_at: datetime | None = moment(null=True)
    version: int = Field(default=1)


class TestTask(SQLModel, table=True):
    """A task that an admin has a holder try, about nobody: apart from every other, so that nothing counts it (D9)."""

    __tablename__ = "test_task"
    __table_args__ = (
        one_of("action", *TESTED_ACTIONS),
        one_of("status", "pending", "acknowledged", "done", "partly_done", "not_held", "failed"),
        Index("ix_test_task_system", "system_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    system_id: UUID = Field(foreign_key="system.id")
    delivery_id: UUID | None = Field(default=None, foreign_key="delivery.id")
    action: str = Field(sa_type=TEXT)
    category: str = Field(sa_type=TEXT)
    status: str = Field(default="pending", sa_type=TEXT)
    fields: list[str] | None = Field(default=None, sa_type=TEXTS)
    purposes: list[str] | None = Field(default=None, sa_type=TEXTS)
    due_at: datetime = moment()
    created_at: datetime = moment()
    fetched_at: datetime | None = moment(null=True)
    expected_on: date | None = Field(default=None)
    acknowledged_at: datetime | None = moment(null=True)
    answered_at: datetime | None = moment(null=True)
    rows: int | None = Field(default=None)
    """How many rows of data came with the answer: nothing of what a holder says is kept."""
    version: int = Field(default=1)


class Hold(SQLModel, table=True):
    """A stop to use and provision (Act 36(2), 37(2); policy 8.7, 8.8). Lifted only by its own cause."""

    __tablename__ = "hold"
    __table_args__ = (one_of("kind", *HOLD_KINDS),)

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    kind: str = Field(sa_type=TEXT)
    category: str = Field(sa_type=TEXT)
    fields: list[str] | None = Field(default=None, sa_type=TEXTS)
    purposes: list[str] | None = Field(default=None, sa_type=TEXTS)
    basis: str = Field(sa_type=TEXT)
    since: datetime = moment()
    lifted_at: datetime | None = moment(null=True)


class HoldKey(SQLModel, table=True):
    """A keyed hash under which a held subject is found."""

    __tablename__ = "hold_key"

    hold_id: UUID = Field(primary_key=True, foreign_key="hold.id")
    digest: bytes = Field(primary_key=True, sa_type=BYTES, index=True)
    feed_digest: bytes = Field(sa_type=BYTES)
    """Another keyed hash of the same, from which the feed makes each system its own (ADR 0041)."""


class HoldClock(SQLModel, table=True):
    """The number of the last change to the holds; its row lock puts them in the order of their commits."""

    __tablename__ = "hold_clock"

    id: int = Field(primary_key=True, sa_type=SmallInteger)
    seq: int = Field(sa_type=BigInteger)
    at: datetime = moment()
    restored_at: datetime | None = moment(null=True)
    """That holds of a lost database may be missing here, until a person says that they were entered again."""


class HoldChange(SQLModel, table=True):
    """That a hold was placed, changed or lifted: written by the database itself, without gaps (ADR 0036)."""

    __tablename__ = "hold_change"

    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    hold_id: UUID
    at: datetime = moment()


class Delivery(SQLModel, table=True):
    """One event for one endpoint; its id is the webhook-id over every attempt."""

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("state", "pending", "held", "delivered", "exhausted", "cancelled"),
        Index("ix_delivery_due", "system_id", "state", "next_at", "id"),
        Index("ix_delivery_system", "system_id", "id"),
        Index("ix_delivery_turn", "system_id", "claim_id", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_delivery_undelivered", "system_id", "state", "id", postgresql_where=text("state <> 'delivered'")),
    )

    id: UUID = Field(primary_key=True)
    system_id: UUID = Field(foreign_key="system.id")
    task_id: UUID | None = Field(default=None, foreign_key="task.id", index=True)
    claim_id: UUID | None = Field(default=None)
    """The claim of its task: events of one claim go to a system in their order, told by one look at an index."""
    type: str = Field(sa_type=TEXT)
    body: bytes = Field(sa_type=BYTES)
    state: str = Field(default="pending", sa_type=TEXT)
    attempts: int = Field(default=0)
    next_at: datetime = moment()
    lease_until: datetime | None = moment(null=True)
    lease: UUID | None = Field(default=None)
    created_at: datetime = moment()
    sent_from: datetime = moment()
    """Since when it is on its way: from its making, or from when it was sent again."""
    delivered_at: datetime | None = moment(null=True)
    asked_at: datetime | None = moment(null=True)
    """When a person was asked to reach the holder another way."""


class DeliveryAttempt(SQLModel, table=True):
    """What happened at one attempt; written even when the attempt failed."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (Index("ix_delivery_attempt_told", "at", postgresql_where=text("answer IS NOT NULL")),)

    id: UUID = Field(primary_key=True)
    delivery_id: UUID = Field(foreign_key="delivery.id", index=True)
    at: datetime = moment()
    status: int | None = Field(default=None)
    outcome: str = Field(sa_type=TEXT)
    milliseconds: int
    answer: str | None = Field(default=None, sa_type=TEXT)
    """The first words of the answer, without what may be personal; gone after thirty days."""
