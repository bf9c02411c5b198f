"""Everything that lies under an old master key is put under the newest one, page by page, while the desk works (H4).

Only what wraps is made anew: the data keys of requests and requesters, and what is sealed by the service's own key.
Each page is a transaction. What somebody else holds locked is passed over and met again in the next round, so nothing
waits and nothing is waited for; whoever kills this loses a page and runs it again (ADR 0054).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, LiteralString

from sqlalchemy.ext.asyncio import AsyncSession

from app.crashpoints import crashpoint
from app.crypto import CryptoError, Keyring
from app.db import Database, now, run
from app.desk import MACHINE, Desk, desk_of
from app.services import audit

PAGE = 200
ROUNDS_MOST = 10
"""What is locked in each of so many rounds is left for the next run."""
Id = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A column under the master keys, the key of its rows, and what each value is bound to."""

    table: LiteralString
    column: LiteralString
    id: tuple[tuple[LiteralString, LiteralString], ...]
    """Names and types of the primary key."""
    bound: Callable[[Id], bytes]
    wraps: bool
    """A data key; else something sealed by the service's own key."""
    among: LiteralString = "TRUE"

    @property
    def name(self) -> str:
        """As docs/data.md has it."""
        return f"{self.table}.{self.column}"


def _by(label: str) -> Callable[[Id], bytes]:
    return lambda row: f"{label}|{row[0]}".encode()


_ID: tuple[tuple[LiteralString, LiteralString], ...] = (("id", "uuid"),)
PLACES = (
    Place("request", "key", _ID, _by("request.key"), wraps=True),
    Place("requester", "key", (("request_id", "uuid"),), _by("requester.key"), wraps=True),
    Place("system_key", "secret_ct", _ID, _by("system_key.secret"), wraps=False),
    Place("message", "content_ct", _ID, _by("message.content"), wraps=False, among="request_id IS NULL"),
    Place("download_question", "answer_ct", _ID, _by("download_question.answer"), wraps=False),
    Place("staff_session", "name_ct", _ID, _by("staff_session.name"), wraps=False),
    Place("access_review", "remark_ct", _ID, _by("access_review.remark"), wraps=False),
    Place(
        "idempotency",
        "answer_ct",
        (("principal", "bytea"), ("key", "bytea")),
        lambda row: b"idempotency.answer|" + row[0] + row[1],
        wraps=False,
    ),
)


@dataclass(slots=True)
class Rotated:
    """What a run came to, for one column."""

    done: int = 0
    lost: int = 0
    """What no key of ours opens: it is left as it is."""


@dataclass(frozen=True, slots=True)
class _Page:
    done: int
    lost: int
    last: Id | None


async def status(session: AsyncSession) -> dict[str, dict[str, int]]:
    """How many values of each column lie under which master key, by its id."""
    return {place.name: await _under(session, place) for place in PLACES}


async def rotate(desk: Desk) -> dict[str, Rotated]:
    """Put everything under the newest master key; safe to kill and to run again."""
    found = {place.name: await _rotate(desk.database, place) for place in PLACES}
    if any(one.done for one in found.values()):
        facts = {"newest": desk.keys.ids[0], **{name: one.done for name, one in found.items()}}
        async with desk.database.transaction() as session:
            audit.note(session, "keys.rotate", by=MACHINE, now=now(), facts=facts)
    return found


async def _rotate(database: Database, place: Place) -> Rotated:
    whole = Rotated()
    for _ in range(ROUNDS_MOST):
        done, lost = await _round(database, place)
        whole.done, whole.lost = whole.done + done, lost
        if not done:
            break
    return whole


async def _round(database: Database, place: Place) -> tuple[int, int]:
    """Once through the column."""
    done = lost = 0
    after: Id | None = None
    while True:
        async with database.transaction() as session:
            page = await _page(session, place, after)
            crashpoint("rotate.before_commit")
        done, lost, after = done + page.done, lost + page.lost, page.last
        if after is None:
            return done, lost


async def _page(session: AsyncSession, place: Place, after: Id | None) -> _Page:
    """The next rows that lie under another key than the newest, put under that."""
    keys = desk_of(session).keys
    names = ", ".join(name for name, _ in place.id)
    given = {f"after_{n}": value for n, value in enumerate(after or ())}
    beyond = f"({names}) > ({', '.join(f'%({name})s' for name in given)})" if after else "TRUE"
    header = keys.newest_header()
    statement = (
        f"SELECT {names}, {place.column} AS sealed FROM {place.table}"  # noqa: S608 - the words of this module
        f" WHERE {beyond} AND {place.among} AND octet_length({place.column}) > 0"
        f" AND substring({place.column} FROM 1 FOR %(length)s) <> %(header)s"
        f" ORDER BY {names} LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED"
    )
    rows = await run(session, statement, {**given, "length": len(header), "header": header, "most": PAGE})
    fresh = [(tuple(row[:-1]), again) for row in rows if (again := _again(keys, place, row)) is not None]
    if fresh:
        await _put(session, place, fresh)
    last = tuple(rows[-1][:-1]) if len(rows) == PAGE else None
    return _Page(len(fresh), len(rows) - len(fresh), last)


def _again(keys: Keyring, place: Place, row: Any) -> bytes | None:
    """The same value under the newest key; None where no key of ours opens it."""
    bound, sealed = place.bound(tuple(row[:-1])), bytes(row.sealed)
    try:
        if place.wraps:
            return keys.wrap(keys.unwrap(sealed, aad=bound), aad=bound)
        return keys.service_seal(keys.service_unseal(sealed, aad=bound), aad=bound)
    except CryptoError:
        return None


async def _put(session: AsyncSession, place: Place, fresh: list[tuple[Id, bytes]]) -> None:
    columns = [(name, kind, [row[n] for row, _ in fresh]) for n, (name, kind) in enumerate(place.id)]
    arrays = "".join(f"%({name})s::{kind}[], " for name, kind, _ in columns)
    same = " AND ".join(f"old.{name} = new.{name}" for name, _, _ in columns)
    statement = (
        f"UPDATE {place.table} AS old SET {place.column} = new.sealed"  # noqa: S608 - the words of this module
        f" FROM unnest({arrays}%(sealed)s::bytea[]) AS new ({', '.join(name for name, _, _ in columns)}, sealed)"
        f" WHERE {same}"
    )
    await run(session, statement, {name: values for name, _, values in columns} | {"sealed": [one for _, one in fresh]})


async def _under(session: AsyncSession, place: Place) -> dict[str, int]:
    statement = (
        f"SELECT encode(substring({place.column} FROM 3 FOR get_byte({place.column}, 1)), 'escape') AS id,"  # noqa: S608
        f" count(*) AS found FROM {place.table} WHERE {place.among} AND octet_length({place.column}) > 2"
        " GROUP BY 1 ORDER BY 1"
    )
    return {row.id: row.found for row in await run(session, statement, {})}
