"""Reach and identity: codes asked, proofs given, grants to open what was released."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from app.law.terms import Method, Whose
from app.models.base import BYTES, TEXT, Field, SQLModel, moment, one_of


class Verification(SQLModel, table=True):
    """One asking for proof. The code is made, hashed and sent by the worker; tries are counted before comparing."""

    __tablename__ = "verification"
    __table_args__ = (
        one_of("method", *Method),
        one_of("party", *Whose),
        one_of("purpose", "identity", "release"),
        Index("ix_verification_contact", "contact_digest", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id", index=True)
    party: str = Field(sa_type=TEXT)
    method: str = Field(sa_type=TEXT)
    purpose: str = Field(sa_type=TEXT)
    contact_digest: bytes | None = Field(default=None, sa_type=BYTES)
    salt: bytes | None = Field(default=None, sa_type=BYTES)
    code_hash: bytes | None = Field(default=None, sa_type=BYTES)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    sends: bool = Field(default=True)
    sent_at: datetime | None = moment(null=True)
    used_at: datetime | None = moment(null=True)
    tries: int = Field(default=0)


class Proof(SQLModel, table=True):
    """What a party has proved, by what method, before whom."""

    __tablename__ = "proof"
    __table_args__ = (one_of("method", *Method),)

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id", index=True)
    party: str = Field(sa_type=TEXT)
    method: str = Field(sa_type=TEXT)
    verification_id: UUID | None = Field(default=None)
    asserted_ct: bytes | None = Field(default=None, sa_type=BYTES)
    at: datetime = moment()
    by_role: str = Field(sa_type=TEXT)
    by_id: str = Field(sa_type=TEXT)
    judgement: str | None = Field(default=None, sa_type=TEXT)
    judged_at: datetime | None = moment(null=True)


class AssertionUse(SQLModel, table=True):
    """An identity assertion is taken once."""

    __tablename__ = "assertion_use"
    __table_args__ = (UniqueConstraint("iss", "jti"),)

    id: UUID = Field(primary_key=True)
    iss: str = Field(sa_type=TEXT)
    jti: str = Field(sa_type=TEXT)
    at: datetime = moment()


class ReleaseGrant(SQLModel, table=True):
    """The right to open a request's results for ten minutes, each once."""

    __tablename__ = "release_grant"

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id", index=True)
    party: str = Field(default="subject", sa_type=TEXT)
    digest: bytes = Field(sa_type=BYTES, unique=True)
    expires_at: datetime = moment()


class GrantUse(SQLModel, table=True):
    """A notice or package opened under a grant."""

    __tablename__ = "grant_use"

    grant_id: UUID = Field(primary_key=True, foreign_key="release_grant.id")
    opened: UUID = Field(primary_key=True)
    at: datetime = moment()


class ReviewItem(SQLModel, table=True):
    """Something a person must look at: never revealed to the requester."""

    __tablename__ = "review_item"

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="request.id", index=True)
    kind: str = Field(sa_type=TEXT)
    at: datetime = moment()
    settled_at: datetime | None = moment(null=True)
    settled_by: str | None = Field(default=None, sa_type=TEXT)
