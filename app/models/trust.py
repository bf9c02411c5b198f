"""Proof of what was done: the audit chain and the access log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger

from app.models.base import BYTES, MOMENT, TEXT, Field, SQLModel, moment


class AuditHead(SQLModel, table=True):
    """The last link; its row lock is what puts entries in one order."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True, sa_type=SmallInteger)
    seq: int = Field(sa_type=BigInteger)
    hash: bytes = Field(sa_type=BYTES)


class AuditEntry(SQLModel, table=True):
    """One entry of the chain. `body` is RFC 8785 JSON; hash = SHA-256(0x00, seq, previous hash, body)."""

    __tablename__ = "audit_entry"

    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    request_id: UUID | None = Field(default=None, index=True)
    body: bytes = Field(sa_type=BYTES)
    detail_ct: bytes | None = Field(default=None, sa_type=BYTES)
    prev_hash: bytes = Field(sa_type=BYTES)
    hash: bytes = Field(sa_type=BYTES)


class AuditTile(SQLModel, table=True):
    """The root over 256 entries that follow each other: it never changes again, so a checkpoint needs no more."""

    __tablename__ = "audit_tile"

    place: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    hash: bytes = Field(sa_type=BYTES)


class AuditCheckpoint(SQLModel, table=True):
    """How long the chain was and what its root was, signed; when it was written elsewhere and mailed."""

    __tablename__ = "audit_checkpoint"

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    root: bytes = Field(sa_type=BYTES)
    note: str = Field(sa_type=TEXT)
    key: str = Field(sa_type=TEXT)
    """Who signed it, as its public key is written."""
    at: datetime = moment()
    written_at: datetime | None = moment(null=True)
    mailed_at: datetime | None = moment(null=True, index=True)


class AccessLog(SQLModel, table=True):
    """접속기록: who, when, from where, whose data, what was done (안전성 확보조치 기준 8), by month."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_at", "at"), {"postgresql_partition_by": "RANGE (at)"})

    id: UUID = Field(primary_key=True)
    at: datetime = Field(primary_key=True, sa_type=MOMENT)
    role: str = Field(sa_type=TEXT)
    actor: str = Field(sa_type=TEXT)
    agent: str | None = Field(default=None, sa_type=TEXT)
    address: str | None = Field(default=None, sa_type=TEXT)
    operation: str = Field(sa_type=TEXT)
    request_id: UUID | None = Field(default=None, index=True)
    subject_digest: bytes | None = Field(default=None, sa_type=BYTES)
    scope: str | None = Field(default=None, sa_type=TEXT)
    purpose: str | None = Field(default=None, sa_type=TEXT)
    result: str = Field(sa_type=TEXT)
    trace: str = Field(sa_type=TEXT)
