"""Footage of fixed cameras: what was asked for, what was preserved, who saw it (policy ch. 14, Standard Guideline)."""

from datetime import date, datetime
from uuid import UUID

from app.law.terms import FootageGround, FootageKind
from app.models.base import BYTES, TEXT, Field, SQLModel, moment, one_of


class Footage(SQLModel, table=True):
    """The piece of footage that a claim asks for; preserved from the moment of filing."""

    __tablename__ = "footage"
    __table_args__ = (
        one_of("kind", *FootageKind),
        one_of("ground", *FootageGround),
        one_of("state", "asked", "preserved", "not_held", "releasing", "released", "destroyed"),
    )

    claim_id: UUID = Field(primary_key=True, foreign_key="claim.id")
    request_id: UUID = Field(foreign_key="request.id", index=True)
    site_id: UUID = Field(foreign_key="system.id", index=True)
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    kind: str = Field(sa_type=TEXT)
    ground: str = Field(sa_type=TEXT)
    overwritten_from: date = Field(index=True)
    """The first day on which the recorder may have written over it."""
    likely_expired: bool = Field(default=False)
    """Presumably written over before it was asked for: flagged, never refused for that."""
    state: str = Field(default="asked", sa_type=TEXT)
    preserved_at: datetime | None = moment(null=True)
    warned_at: datetime | None = moment(null=True)
    """When people of ours were told that the holder had not confirmed in time."""
    given_up_at: datetime | None = moment(null=True)
    """Since when its claim needs it no longer; another claim may still need the same stretch."""
    ended_at: datetime | None = moment(null=True)
    """When it was released to ordinary overwriting, or destroyed."""


class Viewing(SQLModel, table=True):
    """One line of the footage ledger (개인영상정보 관리대장): who saw, copied or destroyed what, when and why."""

    __tablename__ = "viewing"
    __table_args__ = (
        one_of("act", "preserve", "existence", "view", "copy", "provide", "refuse", "release", "destroy"),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    request_id: UUID = Field(foreign_key="request.id")
    site_id: UUID = Field(foreign_key="system.id")
    act: str = Field(sa_type=TEXT)
    recorded_from: datetime = moment()
    recorded_to: datetime = moment()
    details_ct: bytes | None = Field(default=None, sa_type=BYTES)
    """Sealed: `file`, `purpose`, `viewer`, `form` (how it was shown or given), `reason` (why not)."""
    masked: bool = Field(default=False)
    seen_at: datetime = moment()
    at: datetime = moment()
    by_role: str = Field(sa_type=TEXT)
    by_id: str = Field(sa_type=TEXT)
