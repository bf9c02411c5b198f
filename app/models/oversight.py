"""Who looks after those who look: what they are asked, and that a month was read (안전성 확보조치 기준 8(2))."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text

from app.models.base import BYTES, JSON, TEXT, Field, SQLModel, moment, one_of


class DownloadQuestion(SQLModel, table=True):
    """What somebody took away and has to answer for before they take anything else."""

    __tablename__ = "download_question"
    __table_args__ = (
        one_of("cause", "bulk", "off_hours", "extract", "asked"),
        Index(
            "uq_download_question_found",
            "actor",
            "cause",
            "day",
            unique=True,
            postgresql_where=text("cause <> 'asked'"),
        ),
        Index("ix_download_question_open", "actor", postgresql_where=text("answered_at IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    at: datetime = moment()
    actor: str = Field(sa_type=TEXT)
    cause: str = Field(sa_type=TEXT)
    day: date
    """The Seoul day of the download."""
    entry_id: UUID
    """The row of the access log, or the first of several."""
    asked_by: str | None = Field(default=None, sa_type=TEXT)
    """The auditor who asked; nobody where the machine found it."""
    answered_at: datetime | None = moment(null=True)
    answer_ct: bytes | None = Field(default=None, sa_type=BYTES)


class AccessReview(SQLModel, table=True):
    """The access log of a Seoul month: what was found when it was over, who read it, and what they say of it."""

    __tablename__ = "access_review"
    __table_args__ = (one_of("finding", "nothing", "followed_up"),)

    id: UUID = Field(primary_key=True)
    month: date = Field(unique=True)
    drawn_at: datetime | None = moment(null=True)
    figures: dict[str, Any] = Field(sa_type=JSON)
    signed_at: datetime | None = moment(null=True)
    signed_by: str | None = Field(default=None, sa_type=TEXT)
    finding: str | None = Field(default=None, sa_type=TEXT)
    remark_ct: bytes | None = Field(default=None, sa_type=BYTES)


class GrantRecord(SQLModel, table=True):
    """권한 부여·변경·말소: who was let in, as what, by whom, and who no longer is (기준 5(3)); append-only."""

    __tablename__ = "grant_history"
    __table_args__ = (
        one_of("act", "grant", "change", "revoke"),
        one_of("kind", "client", "system", "role", "session"),
        Index("ix_grant_history_whom", "whom", "at"),
    )

    id: UUID = Field(primary_key=True)
    at: datetime = moment()
    act: str = Field(sa_type=TEXT)
    kind: str = Field(sa_type=TEXT)
    whom: str = Field(sa_type=TEXT)
    """A client's or system's id; of staff the issuer and their name there."""
    role: str = Field(sa_type=TEXT)
    by: str = Field(sa_type=TEXT)
    facts: dict[str, Any] = Field(sa_type=JSON)


class StaffSession(SQLModel, table=True):
    """One log-in of somebody of the staff: when it began, was last used, and ended (ASVS V7.3)."""

    __tablename__ = "staff_session"
    __table_args__ = (
        one_of("cause", "logout", "revoked"),
        Index("ix_staff_session_open", "person", postgresql_where=text("ended_at IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    ref: bytes = Field(sa_type=BYTES, unique=True)
    person: str = Field(sa_type=TEXT)
    role: str = Field(sa_type=TEXT)
    """The role in which it was opened."""
    name_ct: bytes | None = Field(default=None, sa_type=BYTES)
    opened_at: datetime = moment()
    seen_at: datetime = moment(index=True)
    ended_at: datetime | None = moment(null=True)
    cause: str | None = Field(default=None, sa_type=TEXT)


class StaffRevocation(SQLModel, table=True):
    """From when on the tokens of a person open something: none that was given before does."""

    __tablename__ = "staff_revocation"

    person: str = Field(primary_key=True, sa_type=TEXT)
    revoked_at: datetime = moment()
