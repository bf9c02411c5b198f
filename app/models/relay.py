"""Claims passed on to whom the data belongs, or from whom it came (Act 26(8), Decree 43(2))."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from app.law.relay import Why
from app.models.base import BYTES, TEXT, TEXTS, Field, SQLModel, moment, one_of


class Relay(SQLModel, table=True):
    """That one party outside is told of one category of a claim, how, and what came of it there: never dropped."""

    __tablename__ = "relay"
    __table_args__ = (
        one_of("why", *Why),
        one_of("state", "to_send", "sent", "answered", "cancelled"),
        one_of("way", "system", "mail", "post", "fax", "phone"),
        one_of("result", "done", "partly_done", "not_held", "failed"),
        UniqueConstraint("claim_id", "round", "party", "category"),
        Index("ix_relay_open", "due_on", "id", postgresql_where=text("state IN ('to_send', 'sent')")),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id")
    request_id: UUID = Field(foreign_key="request.id", index=True)
    round: int
    why: str = Field(sa_type=TEXT)
    party: str = Field(sa_type=TEXT)
    """Its id in the policy; of a system that the policy does not name, the system's."""
    category: str = Field(sa_type=TEXT)
    names: list[str] = Field(sa_type=TEXTS)
    """Fields or purposes of the category."""
    task_id: UUID | None = Field(default=None, foreign_key="task.id", index=True)
    """The task of a registered system; without one a person writes to the party."""
    state: str = Field(sa_type=TEXT)
    way: str | None = Field(default=None, sa_type=TEXT)
    due_on: date
    """By when it is sent, and once it is sent, by when an answer is looked for."""
    at: datetime = moment()
    sent_on: date | None = Field(default=None)
    answered_on: date | None = Field(default=None)
    result: str | None = Field(default=None, sa_type=TEXT)
    note_ct: bytes | None = Field(default=None, sa_type=BYTES)
    by_iss: str | None = Field(default=None, sa_type=TEXT)
    by_sub: str | None = Field(default=None, sa_type=TEXT)
    reminded_at: datetime | None = moment(null=True)
    version: int = Field(default=1)
