"""Signed checkpoints of the audit chain (H1): how long it was and what its root was, so that no later cut goes unseen.

The roots over full tiles of 256 entries are kept: root and proofs of a million entries are reckoned from some four
thousand hashes. A checkpoint is signed only over entries that follow from each other and extend what was signed before.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.chain import apart, merkle, notes
from app.chain.links import GENESIS
from app.chain.merkle import WIDE, Tiled
from app.chain.notes import Checkpoint, Key
from app.chain.trail import Trail
from app.db import run
from app.desk import Desk, desk_of
from app.law import deadline
from app.models import AuditCheckpoint
from app.services import audit, outbox, warning

WITHIN = timedelta(hours=1)
"""No entry waits longer for its signature; who signs comes a little before."""
_EARLY = timedelta(minutes=5)
_PAGE = 200
ENTRIES_MOST = 10_000
"""After so many a checkpoint is made whatever they are: looking for weighty ones among them stays cheap."""
WEIGHTY = (
    "claim.approve",
    "claim.refuse",
    "claim.confirm",
    "claim.overturn",
    "notice.write",
    "freeze.rule",
    "objection.rule",
    "evidence.destroy",
    "requester.destroy",
    "request.destroy",
    "package.destroy",
    "fence.destroy",
    "disclosure.destroy",
    "access_log.destroy",
    "destruction.confirm",
    "destruction.keep_back",
    "destruction.finish",
    "destruction.check",
    "database.restore",
    "holds.reopen",
    "access_review.sign",
    "case.export",
)
"""What is signed within the minute: decisions, what was told, and what can never be seen again."""
# RFC 8785 puts `action` first.
_BEGINNINGS = [f'{{"action":"{action}%'.encode() for action in WEIGHTY]
_STATE = """
SELECT head.seq, last.size, last.root FROM audit_head AS head
LEFT JOIN (SELECT size, root FROM audit_checkpoint ORDER BY size DESC LIMIT 1) AS last ON true
"""
_IS_WEIGHTY = "SELECT 1 FROM audit_entry WHERE seq > %(after)s AND body LIKE ANY(%(beginnings)s::bytea[]) LIMIT 1"
_IS_UNTOLD = """
SELECT 1 FROM audit_checkpoint WHERE at < %(since)s
AND NOT EXISTS (SELECT FROM audit_checkpoint WHERE mailed_at >= %(since)s) LIMIT 1
"""
_AGAINST = "SELECT head.seq, entry.hash FROM audit_head AS head LEFT JOIN audit_entry AS entry ON entry.seq = %(count)s"
_UNWRITTEN_SINCE = "SELECT min(at) AS at FROM audit_checkpoint WHERE written_at IS NULL"
_DISOWN = "UPDATE audit_checkpoint SET written_at = NULL WHERE size = (SELECT max(size) FROM audit_checkpoint)"
_HASHES = "SELECT hash FROM audit_entry WHERE seq > %(after)s AND seq <= %(until)s ORDER BY seq"
_TILES = "SELECT hash FROM audit_tile WHERE place < %(until)s ORDER BY place"
_TILED = "SELECT count(*) AS tiles FROM audit_tile"
_KEEP_TILES = (
    "INSERT INTO audit_tile (place, hash) SELECT %(first)s + number - 1, hash"
    " FROM unnest(%(hashes)s::bytea[]) WITH ORDINALITY AS full_ones (hash, number)"
)


class ChainError(Exception):
    """The chain is not what it was: nothing is signed over it until somebody has looked (`audit verify`)."""


@dataclass(frozen=True, slots=True)
class Proved:
    """One entry in the tree of a checkpoint."""

    path: list[bytes]
    size: int
    note: str
    key: str


def origin(desk: Desk) -> str:
    """The name of this chain and of its key: where the service is, without a scheme (C2SP tlog-checkpoint)."""
    return f"{desk.settings.issuer.partition('://')[2] or desk.settings.issuer}/audit"


def key_of(desk: Desk) -> Key | None:
    """The public key of this instance, where it has one."""
    private = desk.settings.audit_key
    return Key.of(origin(desk), private) if private else None


async def is_due(session: AsyncSession, *, now: datetime) -> bool:
    """Whether something was written that no checkpoint covers, and it is time: at once for what weighs, else hourly."""
    state = await _state(session)
    size = state.size or 0
    if state.seq == size:
        return False
    if not 0 < state.seq - size < ENTRIES_MOST:
        return True
    if await run(session, _IS_WEIGHTY, {"after": size, "beginnings": _BEGINNINGS}):
        return True
    since = await unsigned_since(session)
    return since is not None and since <= now - WITHIN + _EARLY


async def take(session: AsyncSession, *, now: datetime) -> AuditCheckpoint | None:
    """Sign the chain as it stands. None without a key, or where nothing is new."""
    desk = desk_of(session)
    private = desk.settings.audit_key
    if private is None:
        return None
    await demand_same(session)
    # One after the other, whatever worker or command takes it.
    await run(session, "SELECT pg_advisory_xact_lock(hashtext('audit_checkpoint'))", {})
    state = await _state(session)
    size = state.size or 0
    if state.seq == size:
        return None
    if state.seq < size:
        raise ChainError(f"entry {state.seq + 1} is missing: {size} were signed")
    await _grow(session, state.seq)
    tree = await _tree(session, state.seq, size)
    if size and tree(0, size) != state.root:
        raise ChainError(f"one of the {size} entries that were signed is another now")
    found = Checkpoint(origin(desk), state.seq, tree(0, state.seq))
    note = notes.sign(found.text(), found.origin, private)
    taken = AuditCheckpoint(size=found.size, root=found.root, note=note, key=str(Key.of(found.origin, private)), at=now)
    session.add(taken)
    await session.flush()
    return taken


async def demand_same(session: AsyncSession) -> None:
    """Refuse where LEDGER_DIR has more of the chain than the database, or another: an old copy, or one that was cut.

    What lies there is read first: both only grow, and nothing is written there before it stands in the database.
    """
    kept = await asyncio.to_thread(apart.reach, desk_of(session).settings.ledger_dir / "audit" / "leaves")
    if kept is None:
        return
    count, last = kept
    (row,) = await run(session, _AGAINST, {"count": count})
    if row.seq < count:
        raise ChainError(f"entry {row.seq + 1} is missing: {count} stand in LEDGER_DIR")
    if row.hash != last:
        raise ChainError(f"entry {count} is another in LEDGER_DIR")


async def disown(session: AsyncSession) -> None:
    """Let the last checkpoint count as not written, since LEDGER_DIR tells otherwise: its age is what alarms."""
    await run(session, _DISOWN, {})


async def unproved_since(session: AsyncSession) -> datetime | None:
    """Since when something waits to be signed, or to be written outside the database."""
    waiting = (await unsigned_since(session), (await run(session, _UNWRITTEN_SINCE, {}))[0].at)
    return min((at for at in waiting if at), default=None)


async def newest(session: AsyncSession, *, covering: int = 0) -> AuditCheckpoint | None:
    """The last checkpoint, where it reaches this entry."""
    last = select(AuditCheckpoint).order_by(col(AuditCheckpoint.size).desc()).limit(1)
    found = (await session.execute(last)).scalar_one_or_none()
    return found if found is not None and found.size >= covering else None


async def prove(session: AsyncSession, seqs: Sequence[int]) -> list[Proved] | None:
    """The paths of these entries to the root of the last checkpoint; None until it reaches them all."""
    last = await newest(session, covering=max(seqs))
    if last is None:
        return None
    tree = await _tree(session, last.size, *(seq - 1 for seq in seqs))
    return [Proved(merkle.inclusion(seq - 1, last.size, tree), last.size, last.note, last.key) for seq in seqs]


async def consistency(session: AsyncSession, old: int, size: int) -> list[bytes]:
    """The proof that the chain of this size begins with that of the old one; of two that were signed."""
    return merkle.consistency(old, size, await _tree(session, size, old))


async def unsigned_since(session: AsyncSession) -> datetime | None:
    """When the oldest entry was written that no checkpoint covers."""
    state = await _state(session)
    at = (
        "SELECT (convert_from(body, 'UTF8')::json ->> 'at')::timestamptz AS at FROM audit_entry"
        " WHERE seq > %(after)s ORDER BY seq LIMIT 1"
    )
    rows = await run(session, at, {"after": state.size or 0})
    return rows[0].at if rows else None


async def notes_kept(session: AsyncSession) -> list[str]:
    """Every signed note that the database has, in order."""
    return list(
        (await session.execute(select(col(AuditCheckpoint.note)).order_by(col(AuditCheckpoint.size)))).scalars()
    )


async def unwritten(session: AsyncSession) -> list[AuditCheckpoint]:
    """Checkpoints that are not yet written outside the database, in their order."""
    mine = select(AuditCheckpoint).where(col(AuditCheckpoint.written_at).is_(None))
    return list((await session.execute(mine.order_by(col(AuditCheckpoint.size)).limit(_PAGE))).scalars())


async def written(session: AsyncSession, sizes: Sequence[int], *, now: datetime) -> None:
    """These are written outside the database."""
    done = update(AuditCheckpoint).where(col(AuditCheckpoint.size).in_(sizes))
    await session.execute(done.values(written_at=now))


async def tell(session: AsyncSession, *, now: datetime) -> None:
    """Once a day, from the second on, mail the last checkpoint to the approver: a witness who is no machine of ours."""
    desk, today = desk_of(session), deadline.seoul_date(now)
    # Two that look at once tell it once: the second waits for the first, and then finds the day told.
    await run(session, "SELECT pg_advisory_xact_lock(hashtext('audit_checkpoint'))", {})
    if not (await run(session, _IS_UNTOLD, {"since": deadline.seoul_midnight(today)})):
        return
    last = await newest(session)
    if last is None or last.mailed_at is not None:
        return
    last.mailed_at = now
    for address in warning.addresses(desk, ("approver",), today):
        await outbox.desk_message(session, "audit_checkpoint", address, _params(last), now=now)


def _params(told: AuditCheckpoint) -> dict[str, str]:
    """The lines of the note, each by itself: a message takes no line breaks in what is put into it."""
    lines = told.note.removesuffix("\n").split("\n")
    day = deadline.seoul_date(told.at).isoformat()
    return {
        "first": day,
        "origin": lines[0],
        "size": lines[1],
        "root": lines[2],
        "signature": lines[-1],
        "key": told.key,
    }


async def hashes(session: AsyncSession, *, after: int, until: int) -> list[bytes]:
    """The hashes of these entries, in order."""
    return [bytes(row.hash) for row in await run(session, _HASHES, {"after": after, "until": until})]


async def _state(session: AsyncSession) -> Any:
    (row,) = await run(session, _STATE, {})
    return row


async def _grow(session: AsyncSession, until: int) -> None:
    """Read the entries that no full tile covers, see that each follows from the one before, keep new full tiles."""
    tiles = (await run(session, _TILED, {}))[0].tiles
    first = tiles * WIDE
    before = await hashes(session, after=first - 1, until=first) if first else [GENESIS]
    if not before:
        raise ChainError(f"entry {first} is missing")
    trail, leaves, full = Trail(after=first, previous=before[0]), list[bytes](), list[bytes]()
    async for row in audit.entries(session, after=first, until=until):
        if not trail.add(row.seq, row.prev_hash, row.hash, row.body):
            break
        leaves.append(row.hash)
        if len(leaves) == WIDE:
            full.append(merkle.root(leaves))
            leaves.clear()
    if trail.first_bad is None and trail.seq != until:
        trail.break_("is missing")
    if trail.first_bad is not None:
        raise ChainError(f"entry {trail.first_bad} {trail.because}")
    if full:
        await run(session, _KEEP_TILES, {"first": tiles, "hashes": full})


async def _tree(session: AsyncSession, size: int, *places: int) -> Tiled:
    """The tree of this size, with the leaves of the tiles that these places and its own end lie in."""
    tiles = [bytes(row.hash) for row in await run(session, _TILES, {"until": size // WIDE})]
    leaves = {
        tile: await hashes(session, after=tile * WIDE, until=min(size, (tile + 1) * WIDE))
        for tile in {place // WIDE for place in (*places, size)}
    }
    return Tiled(tiles, leaves)
