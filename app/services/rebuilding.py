"""Look-up hashes made anew under the newest look-up key, from what lies sealed beside them (H4).

The desk stands still for it: two people are told apart, and a hold is found, by comparing hashes, so those of two keys
must never stand side by side while anybody looks. The database says under which key its hashes are; nothing starts
under another (ADR 0054). It may be killed and run again: a hash that is new already is met by no old one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crypto import CryptoError
from app.db import now, run
from app.desk import MACHINE, Desk, desk_of
from app.errors import Conflict
from app.models import AgeSeen, Request, Tally
from app.services import audit, keyring, parties

PAGE = 200
_CLAIM = "INSERT INTO lookup_mark (id, digest, rebuilding) VALUES (1, %(digest)s, false) ON CONFLICT DO NOTHING"
_MARK = "SELECT digest, rebuilding FROM lookup_mark"
_BEGIN = "UPDATE lookup_mark SET rebuilding = true WHERE digest = ANY(%(known)s::bytea[]) RETURNING digest"
_END = "UPDATE lookup_mark SET rebuilding = false, digest = %(digest)s"
OF_REQUESTS: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("request", "subject_digest"),
    ("contact", "digest"),
    ("verification", "contact_digest"),
    ("alert", "contact_digest"),
    ("message", "to_digest"),
    ("lost_contact", "digest"),
)
"""What is found by a handle, of the request that it belongs to."""
_MADE_ANEW = " FROM unnest(%(old)s::bytea[], %(new)s::bytea[]) AS made (old, new) WHERE "
_HELD = (
    "UPDATE hold_key SET digest = made.new FROM hold JOIN claim ON claim.id = hold.claim_id,"
    " unnest(%(old)s::bytea[], %(new)s::bytea[]) AS made (old, new)"
    " WHERE hold.id = hold_key.hold_id AND claim.request_id = ANY(%(requests)s) AND hold_key.digest = made.old"
)
_PROVIDED = (
    "UPDATE disclosure SET digest = made.new FROM unnest(%(old)s::bytea[], %(new)s::bytea[]) AS made (old, new)"
    " WHERE disclosure.digest = made.old"
)


async def claim(session: AsyncSession) -> bool:
    """Whether the hashes of this database are those of our newest look-up key; a new one takes it for its own."""
    await run(session, _CLAIM, {"digest": desk_of(session).keys.lookup_marks[0]})
    return await fits(session)


async def fits(session: AsyncSession) -> bool:
    """The same of a database that nothing is written to."""
    rows = await run(session, _MARK, {})
    return all(bytes(row.digest) == desk_of(session).keys.lookup_marks[0] and not row.rebuilding for row in rows)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a run came to."""

    done: int = 0
    lost: int = 0
    """Requests that no key of ours opens: their hashes stay, and find nobody."""


async def rebuild(desk: Desk) -> Rebuilt:
    """Make every hash anew that can be."""
    async with desk.database.transaction() as session:
        if await claim(session):
            return Rebuilt()
        if not await run(session, _BEGIN, {"known": list(desk.keys.lookup_marks)}):
            raise Conflict("state.conflict")
    done = lost = 0
    after = UUID(int=0)
    while True:
        async with desk.database.transaction() as session:
            page, unread = await _page(session, after)
        done, lost = done + len(page) - unread, lost + unread
        if len(page) < PAGE:
            break
        after = page[-1]
    async with desk.database.transaction() as session:
        # What is kept for a day or two begins anew: counts, and who was seen to be a child.
        await session.execute(delete(Tally))
        await session.execute(delete(AgeSeen))
        await run(session, _END, {"digest": desk.keys.lookup_marks[0]})
        audit.note(session, "keys.rebuild", by=MACHINE, now=now(), facts={"requests": done, "lost": lost})
    return Rebuilt(done, lost)


async def _page(session: AsyncSession, after: UUID) -> tuple[list[UUID], int]:
    """The next requests: whatever is found by a handle of theirs is found by the new hash of it."""
    wanted = select(Request).where(col(Request.id) > after).order_by(col(Request.id)).limit(PAGE)
    requests = (await session.execute(wanted)).scalars().all()
    desk, made, read = desk_of(session), dict[bytes, bytes](), list[Request]()
    for request in requests:
        try:
            handles = await _handles(session, request)
        except CryptoError:
            continue
        read.append(request)
        for kind, value in handles:
            newest, *older = desk.handles(kind, value)
            made |= dict.fromkeys(older, newest)
    await _put(session, made, [one.id for one in read])
    for request in read:
        await session.refresh(request)
        known = await parties.read(session, request)
        if request.asker_digest is not None and (known.requester is None or known.requester.key is not None):
            request.asker_digest = parties.asker(session, known)
    return [one.id for one in requests], len(requests) - len(read)


async def _put(session: AsyncSession, made: dict[bytes, bytes], requests: list[UUID]) -> None:
    values = {"old": list(made), "new": list(made.values()), "requests": requests}
    for table, column in OF_REQUESTS:
        of = "id" if table == "request" else "request_id"
        anew = f"UPDATE {table} SET {column} = made.new{_MADE_ANEW}"  # noqa: S608 - the words of this module
        await run(session, f"{anew}{table}.{of} = ANY(%(requests)s) AND {table}.{column} = made.old", values)
    await run(session, _HELD, values)
    await run(session, _PROVIDED, values)


async def _handles(session: AsyncSession, request: Request) -> set[tuple[str, str]]:
    """Every handle of anybody who stands in this request, as far as it is not destroyed."""
    found = {("request", str(request.id)), *_typed(keyring.subject(session, request))}
    person = keyring.person(session, request)
    if person is not None:
        found |= {("customer_no", person["subject_ref"])} if person["subject_ref"] else set()
        found |= {(one["kind"], one["value"]) for one in person["contacts"]}
    requester = await parties.requester_of(session, request)
    if requester is not None and requester.key is not None and requester.details_ct is not None:
        found |= set(_typed(keyring.details(session, requester)))
    return found


def _typed(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in ("phone", "email", "customer_no"):
        if said.get(kind):
            yield kind, said[kind]
