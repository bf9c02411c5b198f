"""What one instance has left behind: its rows, what it sent, what it wrote to disk and to its logs."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from app.crypto import Keyring

Row = dict[str, Any]
SHELF = {
    "requests": "request",
    "evidence": "evidence",
    "systems": "system",
    "clients": "client",
    "objections": "objection",
    "incidents": "incident",
    "tasks": "task",
}
"""In which table a thing stands that an answer names by its address."""


@dataclass(frozen=True)
class Answered:
    """One answer that somebody got: under which key, where the thing is, and what was said."""

    key: str
    location: str | None
    body: Mapping[str, Any]

    @property
    def made(self) -> tuple[str, UUID] | None:
        """The table and the id of what this answer says was made."""
        parts = (self.location or "").strip("/").split("/")
        if len(parts) != 3 or parts[1] not in SHELF:
            return None
        return SHELF[parts[1]], UUID(parts[2])


@dataclass
class World:
    """One instance, looked at from outside. What is None is not known and not judged."""

    rows: psycopg.Connection[Row]
    now: datetime
    keys: Keyring | None = None
    answered: Sequence[Answered] = ()
    """What callers hold in their hands: status 201 or 202."""
    mails: Sequence[Mapping[str, Any]] | None = None
    """Each with message_id, to, subject and text; every one that a mail server took."""
    texts: Sequence[Mapping[str, Any]] | None = None
    """Each with ref, to and text; every one that an SMS gateway took."""
    events: Sequence[tuple[str, bytes]] | None = None
    """Every event that an endpoint read: its webhook-id and its body."""
    folders: Sequence[Path] = ()
    """The instance's own files, and where it puts what is unfinished."""
    logs: Sequence[Path] = ()
    urls: Sequence[str] = ()
    canaries: Sequence[str] = ()
    """Words that name an invented person: nowhere in clear."""
    at_rest: bool = True
    """Nothing is under way: workers had time to do all that is due."""
    seen: dict[str, Any] = field(default_factory=dict, init=False)

    def ask(self, statement: LiteralString, **values: Any) -> list[Row]:
        """The rows of one query."""
        return self.rows.execute(statement, values).fetchall()

    @cached_property
    def chain(self) -> list[Row]:
        """The audit chain from its first entry, each with its body read."""
        found = self.ask("SELECT seq, request_id, body, detail_ct, prev_hash, hash FROM audit_entry ORDER BY seq")
        return [row | {"said": json.loads(row["body"])} for row in found]

    def noted(self, *actions: str) -> Iterator[Row]:
        """What the chain says of these actions, oldest first."""
        return (entry["said"] for entry in self.chain if entry["said"]["action"] in actions)

    @cached_property
    def destroyed(self) -> frozenset[str]:
        """The requests of which nothing is left but ids, because their time was over (ADR 0051)."""
        rows = self.ask("SELECT request_id FROM destroyed_request WHERE destroyed_at IS NOT NULL")
        return frozenset(str(row["request_id"]) for row in rows)

    @cached_property
    def tables(self) -> dict[str, str]:
        """Every table as one text, bytes as far as they can be read."""
        names = self.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return {name: "\n".join(_words(self._all(name))) for name in (row["tablename"] for row in names)}

    def _all(self, table: str) -> Iterable[Row]:
        return self.rows.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))).fetchall()

    def written(self, *, but: Sequence[str] = ()) -> Iterator[tuple[Path, str]]:
        """Every file of its folders as text, but for a database's own and those under a folder of such a name."""
        for folder in self.folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not {"postgres", *but} & set(path.relative_to(folder).parts):
                    yield path, path.read_bytes().decode("utf-8", "ignore")

    def logged(self) -> Iterator[tuple[Path, str]]:
        """Every log as text; of a folder all that lie in it."""
        for place in self.logs:
            for path in sorted(place.glob("*.log")) if place.is_dir() else (place,):
                yield path, path.read_bytes().decode("utf-8", "ignore")


def connect(url: str) -> psycopg.Connection[Row]:
    """The rows as they stand at one moment: nothing that is read changes meanwhile."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    connection: psycopg.Connection[Row] = psycopg.connect(plain, row_factory=dict_row)  # type: ignore[arg-type]
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.execute("SET bytea_output = 'hex'")
    return connection


def present() -> datetime:
    """The moment at which one looks."""
    return datetime.now(UTC)


def letters(folder: Path) -> list[dict[str, Any]] | None:
    """What lies in an outbox of files, oldest first; None where there is no such outbox and it went elsewhere."""
    if not folder.exists():
        return None
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def _words(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        for value in row.values():
            yield value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
