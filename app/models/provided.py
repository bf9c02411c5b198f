"""What systems report that they provided to others: the register from which a person is told of it (Act 35(1))."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint

from app.law.provision import ProvisionBasis
from app.models.base import BYTES, TEXT, TEXTS, Field, SQLModel, moment, one_of


class Disclosure(SQLModel, table=True):
    """One provision of one person's data to a third party, as the system that made it reports it; never changed."""

    __tablename__ = "disclosure"
    __table_args__ = (one_of("basis", *ProvisionBasis), UniqueConstraint("system_id", "ref"))

    id: UUID = Field(primary_key=True)
    system_id: UUID = Field(foreign_key="system.id")
    ref: bytes = Field(sa_type=BYTES)
    """The keyed hash of the system's own name for it, by which a repeat is known."""
    digest: bytes = Field(sa_type=BYTES, index=True)
    """The keyed hash of the handle by which the system knows the person."""
    category: str = Field(sa_type=TEXT)
    fields: list[str] = Field(sa_type=TEXTS)
    """What of the category was provided; none named means all of it."""
    recipient: str = Field(sa_type=TEXT)
    """The id of a registered third party, or of one that the policy names."""
    provided_on: date = Field(index=True)
    basis: str = Field(sa_type=TEXT)
    article: str | None = Field(default=None, sa_type=TEXT)
    at: datetime = moment()
