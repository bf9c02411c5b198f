"""Every sealed value of a database, the one place where each opens, and all the places where it must not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from sqlalchemy import LargeBinary, Table, text
from sqlmodel import SQLModel

from app.crypto import CryptoError, Keyring
from app.desk import Desk
from app.settings import ROOT

DATA = (ROOT / "docs" / "data.md").read_text("utf-8")
LABEL = re.compile(r'"([a-z_]+\.[a-z_]+)"')
Key = bytes | None
"""A data key; None for the service's own."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a value opens: under which key, bound to what."""

    key: Key
    bound: str


@dataclass(frozen=True, slots=True)
class Value:
    """One sealed value as it lies in its row."""

    column: str
    ids: tuple[str, ...]
    sealed: bytes


UNFILLED = {"audit_entry.detail_ct", "task.reason_ct", "task_entry.note_ct", "incident_notice.note_ct"}
"""What the walk past every operation leaves empty: nothing is written to the first, the others have tests that fill
them and look here (late holders, entries, incidents)."""


async def opens_at_home_only(desk: Desk, *filled: str) -> None:
    """Fail unless every value opens in one place, its own, and these columns have one to try."""
    assert documented() == columns()
    every = await homes(desk, await values(desk))
    empty = set(filled) - {one.column for one in every}
    assert not empty, empty
    for value, [home, *others] in every.items():
        assert not others, value.column
        label, _, row = home.bound.partition("|")
        table, _, name = value.column.partition(".")
        assert label in (f"{table}.{name.removesuffix('_ct')}", f"{table.removesuffix('_chunk')}.chunk"), value.column
        assert all(part in row for part in value.ids), value.column
    places = [home for (home,) in every.values()]
    assert len(set(places)) == len(places)
    for value, (own,) in every.items():
        assert [one for one in places if opens(desk.keys, one, value)] == [own], value.column


def documented() -> set[str]:
    """The sealed columns of docs/data.md."""
    found = set()
    for line in DATA.splitlines():
        cells = line.split(" | ")
        if len(cells) > 3 and line.startswith("| `") and re.search(r"\bsealed\b", cells[2]):
            table, _, first = cells[0].strip("| `").partition("`")[0].partition(".")
            found |= {f"{table}.{one}" for one in [first, *re.findall(r"`([a-z_]+)`", cells[0].partition("`,")[2])]}
    return found


def columns() -> set[str]:
    """The sealed columns of the models."""
    return {f"{table.name}.{name}" for table, name in _columns()}


async def values(desk: Desk) -> list[Value]:
    """Every sealed value there is."""
    found = []
    for table, name in _columns():
        keys = [one.name for one in table.primary_key]
        chosen = ", ".join(f'"{one}"' for one in keys)
        async with desk.database.transaction() as session:
            rows = await session.execute(text(f'SELECT {chosen}, {name} FROM "{table.name}" WHERE {name} IS NOT NULL'))
            found += [Value(f"{table.name}.{name}", tuple(map(_said, one[:-1])), bytes(one[-1])) for one in rows]
    return found


async def homes(desk: Desk, found: list[Value]) -> dict[Value, list[Home]]:
    """Where each of them opens, among all keys and everything that the code binds values to."""
    keys, labels = await _keys(desk), _labels()
    every: dict[Value, list[Home]] = {}
    for one in found:
        table = one.column.partition(".")[0].removesuffix("_chunk")
        bounds = [f"{label}|{row}" for label in labels if label.startswith(f"{table}.") for row in _rows(one.ids)]
        every[one] = [Home(key, bound) for key in keys for bound in bounds if opens(desk.keys, Home(key, bound), one)]
    return every


def opens(keys: Keyring, home: Home, value: Value) -> bool:
    """Whether the value opens there."""
    try:
        if home.key is None:
            keys.service_unseal(value.sealed, aad=home.bound.encode("latin-1"))
        else:
            keys.unseal(home.key, value.sealed, home.bound)
    except CryptoError:
        return False
    return True


async def _keys(desk: Desk) -> list[Key]:
    found: list[Key] = [None]
    for table, name in (("request", "id"), ("requester", "request_id")):
        async with desk.database.transaction() as session:
            rows = await session.execute(text(f"SELECT {name}, key FROM {table} WHERE key IS NOT NULL"))
            found += [desk.keys.unwrap(bytes(row.key), aad=f"{table}.key|{row[0]}".encode()) for row in rows]
    return found


def _columns() -> Iterator[tuple[Table, str]]:
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary) and (column.name.endswith("_ct") or column.name == "sealed"):
                yield table, column.name


def _labels() -> set[str]:
    written = "".join(path.read_text("utf-8") for path in (ROOT / "app" / "services").glob("*.py"))
    return {*LABEL.findall(written), "system_key.secret", "idempotency.answer"}


def _rows(ids: tuple[str, ...]) -> set[str]:
    """What a row may be called: by its key, the parts of which stand in some order."""
    return {sign.join(order) for order in permutations(ids) for sign in ("/", "")}


def _said(part: Any) -> str:
    return part.decode("latin-1") if isinstance(part, bytes) else str(part)
