"""A copy of the holds for a system to keep: a snapshot in pages, then what changed, in order (F7, ADR 0041).

A place in the feed is the number of the last change known, with a mark of what it was read under: of that change's
moment, because the same number of another history has another moment, and of the categories the system has. Whoever
comes with a place that no longer leads on has to take the snapshot again.
"""

import asyncio
import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.desk import Actor, Desk, desk_of
from app.errors import Forbidden, Gone, Invalid
from app.models import System
from app.services import registry, restored_holds
from app.services.hold_waiting import Waiting

KEY_PREFIX = "hfk_"
GATHERED_S = 0.1
"""Changes that come so close together are told together; of those for others a waiting call hears ten a second."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SNAPSHOT = """
SELECT clock.seq AS head, clock.at AS head_at, known.at AS known_at,
    hold.id AS hold_id, hold.category, hold.kind, hold.fields, hold.purposes, hold.basis, hold.since, hold.digests
FROM hold_clock clock LEFT JOIN hold_change known ON known.seq = %(known)s
LEFT JOIN LATERAL (
    SELECT id, category, kind, fields, purposes, basis, since,
        ARRAY(SELECT feed_digest FROM hold_key WHERE hold_key.hold_id = hold.id) AS digests
    FROM hold WHERE lifted_at IS NULL AND category = ANY(%(categories)s::text[]) AND id > %(last)s
        AND EXISTS (SELECT FROM hold_key WHERE hold_key.hold_id = hold.id)
    ORDER BY id LIMIT %(limit)s + 1
) hold ON true
WHERE clock.id = 1 ORDER BY hold.id
"""
_CHANGES = """
SELECT clock.seq AS head, clock.at AS head_at, known.at AS known_at, changed.seq, changed.at,
    changed.hold_id, hold.category, hold.kind, hold.fields, hold.purposes, hold.basis, hold.since, hold.lifted_at,
    ARRAY(SELECT feed_digest FROM hold_key WHERE hold_key.hold_id = hold.id) AS digests
FROM hold_clock clock LEFT JOIN hold_change known ON known.seq = %(known)s
LEFT JOIN LATERAL (
    SELECT seq, at, hold_id FROM hold_change WHERE seq > %(known)s ORDER BY seq LIMIT %(limit)s
) changed ON true
LEFT JOIN hold ON hold.id = changed.hold_id
WHERE clock.id = 1 ORDER BY changed.seq
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader stands: up to which change, as read under this mark."""

    seq: int
    mark: str

    def __str__(self) -> str:
        return f"{self.seq}.{self.mark}"

    @classmethod
    def read(cls, written: str) -> "Place":
        """A place as it was given out."""
        seq, _, mark = written.partition(".")
        return cls(int(seq), mark)


@dataclass(frozen=True, slots=True)
class Reader:
    """A system that keeps a copy, with what is needed to tell it of a hold."""

    desk: Desk
    system: System
    key: bytes

    def hold(self, row: Any) -> dict[str, Any]:
        """An active hold as this system is told of it: subjects as hashes under its own key, shuffled by that."""
        digests = sorted(hmac.digest(self.key, bytes(one), hashlib.sha256) for one in row.digests)
        return {
            "hold_id": str(row.hold_id),
            "active": True,
            "category": row.category,
            "kind": row.kind,
            "fields": row.fields,
            "purposes": row.purposes,
            "basis": row.basis,
            "since": row.since.astimezone(UTC).isoformat(),
            "subjects": [written(one) for one in digests],
        }

    def place(self, seq: int, at: datetime) -> Place:
        """The place after this change."""
        said = [at.astimezone(UTC).isoformat(), str(self.system.id), *sorted(self.system.categories)]
        return Place(seq, hashlib.sha256("|".join(said).encode()).hexdigest()[:16])


async def key(session: AsyncSession, *, by: Actor) -> str:
    """The two keys by which this system hashes as the feed does, in one word; the same whenever it asks."""
    reader = await _reader(session, by)
    common, own = reader.desk.keys.feed_key(reader.system.id.bytes)
    return KEY_PREFIX + base64.b64encode(common + own).decode()


async def snapshot(session: AsyncSession, cursor: str | None, *, by: Actor, limit: int) -> dict[str, Any]:
    """A page of the active holds, and the place in the feed from which to go on after the last page.

    That place is where the clock stood at the first page. Whatever changed since then the feed tells again, so that
    it does not matter which of it the later pages showed.
    """
    reader = await _reader(session, by)
    place, last = _after(cursor)
    values = {
        "known": place.seq if place else -1,
        "categories": reader.system.categories,
        "last": last,
        "limit": limit,
    }
    rows = await run(session, _SNAPSHOT, values)
    if place is None:
        place = reader.place(rows[0].head, rows[0].head_at)
    else:
        _check(reader, place, rows[0])
    found = [row for row in rows if row.hold_id is not None]
    page = found[:limit]
    more = f"{place}.{page[-1].hold_id}" if len(found) > limit else None
    return {"items": [reader.hold(row) for row in page], "next_cursor": more, "after": str(place)} | _covered(reader)


async def changes(session: AsyncSession, place: Place, *, by: Actor, limit: int) -> dict[str, Any]:
    """What changed after this place, each as it stands now, and the place after that.

    Of a hold that is over, or was never this system's to know, no more is told than its id.
    """
    reader = await _reader(session, by)
    rows = await run(session, _CHANGES, {"known": place.seq, "limit": limit})
    _check(reader, place, rows[0])
    found = [row for row in rows if row.seq is not None]
    if [row.seq for row in found] != list(range(place.seq + 1, place.seq + 1 + len(found))):
        raise Gone("feed.gone")
    if not found and place.seq < rows[0].head:
        raise Gone("feed.gone")
    after = reader.place(found[-1].seq, found[-1].at) if found else place
    items = [_change(reader, row) for row in found if row.category is None or row.category in reader.system.categories]
    return {"items": items, "after": str(after), "more": after.seq < rows[0].head} | _covered(reader)


async def follow(desk: Desk, waiting: Waiting, place: Place, *, by: Actor, limit: int, wait_s: float) -> dict[str, Any]:
    """What changed after this place, as soon as anything of it is for this system, or at the end of the time.

    To be called outside any transaction: nothing of the database is kept busy meanwhile.
    """
    end = time.monotonic() + wait_s
    while True:
        async with desk.database.transaction() as session:
            page = await changes(session, place, by=by, limit=limit)
        left_s = end - time.monotonic()
        if page["items"] or page["more"] or left_s <= 0 or waiting.is_over:
            return page
        place = Place.read(page["after"])
        await waiting.past(place.seq, within_s=left_s, whose=by.sub)
        await asyncio.sleep(GATHERED_S)


def written(digest: bytes) -> str:
    """A subject as it stands in the feed: base64url without padding."""
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _change(reader: Reader, row: Any) -> dict[str, Any]:
    held = row.category is not None and row.lifted_at is None and row.digests
    told = reader.hold(row) if held else {"hold_id": str(row.hold_id), "active": False}
    return {"seq": row.seq, "at": row.at.astimezone(UTC).isoformat(), **told}


def _check(reader: Reader, place: Place, row: Any) -> None:
    """Whether the feed leads on from this place: same history, same categories, nothing of it forgotten."""
    known_at = row.head_at if row.head == place.seq else _EPOCH if place.seq == 0 else row.known_at
    if known_at is None or reader.place(place.seq, known_at) != place:
        raise Gone("feed.gone")


def _after(cursor: str | None) -> tuple[Place | None, UUID]:
    if cursor is None:
        return None, UUID(int=0)
    place, _, last = cursor.rpartition(".")
    try:
        return Place.read(place), UUID(last)
    except ValueError:
        raise Invalid("field.value", pointer="/query/cursor") from None


def _covered(reader: Reader) -> dict[str, Any]:
    """For what a copy may answer. Whether somebody is a child only the register knows (Act 22-2): the desk is asked."""
    policy = reader.desk.policy
    register = reader.desk.settings.register_url is not None
    known = {name: policy.categories[name] for name in reader.system.categories if name in policy.categories}
    return {
        "covers": {
            "categories": {name: [field.id for field in one.fields] for name, one in sorted(known.items())},
            "purposes": sorted(policy.purposes.keys() - (policy.child_purposes if register else set())),
        }
    }


async def _reader(session: AsyncSession, by: Actor) -> Reader:
    """A system of our own or a processor; to another controller a list of the held would be a provision (Act 17)."""
    await restored_holds.demand_whole(session)
    system = await registry.calling(session, by)
    if system.kind not in registry.OURS:
        raise Forbidden("auth.forbidden")
    desk = desk_of(session)
    return Reader(desk, system, desk.keys.feed_key(system.id.bytes)[1])
