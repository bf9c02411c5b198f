"""Lines for the ledger of destruction: one writer at a time, and none where it lacks what the database knows."""

import asyncio
import base64
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import rfc8785
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.desk import Desk, desk_of
from app.jobs import Job, defer
from app.law import deadline
from app.ledger import Ledger, LedgerError, Line

Part = Literal["evidence", "task_proof", "requester", "recall", "client"]
"""What ends for good although the rest stays, of a request or by itself: a copy of before would bring it back."""


_REQUEST = """
SELECT id FROM request WHERE id = %(id)s AND NOT EXISTS (
    SELECT FROM destroyed_request listed JOIN destruction ON destruction.id = listed.destruction_id
    WHERE listed.request_id = request.id AND listed.dropped_at IS NULL AND destruction.state = 'confirmed'
)
"""
_STANDS = {
    "request": _REQUEST,
    "record": "SELECT 1 WHERE NOT EXISTS (SELECT FROM destruction WHERE id = %(id)s AND state <> 'planned')",
    "evidence": "SELECT 1 FROM evidence WHERE id = %(id)s AND destroyed_at IS NULL",
    "task_proof": "SELECT 1 FROM task_proof WHERE id = %(id)s AND destroyed_at IS NULL",
    "requester": "SELECT 1 FROM requester WHERE request_id = %(id)s AND destroyed_at IS NULL",
    "recall": "SELECT 1 FROM request WHERE id = %(id)s AND recalled_at IS NULL",
    "client": "SELECT 1 FROM client WHERE id = %(id)s AND retired_at IS NULL",
    "restore": "SELECT 1",
}
"""What finds a row where a line says what this database does not know: by the kind of the line, or of the part."""
_HEAD = "SELECT coalesce(max(seq), 0) AS seq FROM ledger_head"
_KNOW = (
    "INSERT INTO ledger_head (id, seq) VALUES (1, %(seq)s)"
    " ON CONFLICT (id) DO UPDATE SET seq = greatest(ledger_head.seq, excluded.seq)"
)
OLDER = "the database is older than the ledger of destruction: run rights-desk restore"
_log = logging.getLogger("rights_desk.ledger")


def ledger_of(session: AsyncSession) -> Ledger:
    """The ledger of this desk."""
    settings = desk_of(session).settings
    return Ledger(settings.ledger_dir, settings.audit_key)


async def demand_current(desk: Desk) -> None:
    """Refuse to work on a database that is older than the ledger: a backup was put back and not yet restored (F51)."""
    async with desk.database.transaction() as session:
        if await is_older(session):
            _log.error(OLDER)
            raise LedgerError(OLDER)


async def demand_whole(session: AsyncSession) -> None:
    """Refuse a ledger that cannot be written, or lacks lines of which the database knows: nothing is done by halves."""
    ledger, known = ledger_of(session), await _known(session)
    if ledger.public_key() is None:
        raise LedgerError("AUDIT_KEY is missing: without it the ledger is neither written nor believed")
    last = await asyncio.to_thread(ledger.last)
    if known > (last.seq if last else 0):
        raise LedgerError(f"the ledger ends before line {known}: put back what LEDGER_DIR has lost")


async def is_older(session: AsyncSession) -> bool:
    """Whether the ledger has lines that this database never knew; a process without AUDIT_KEY cannot tell.

    A line is written before its commit, so one may be ahead: it is told apart by whether its deed is known here. The
    file is read first, for what is committed in between then only adds to what the database knows.
    """
    if desk_of(session).settings.audit_key is None:
        return False
    last = await asyncio.to_thread(ledger_of(session).last)
    ahead = last.seq - await _known(session) if last is not None else 0
    if last is None or ahead <= 0:
        return False
    return ahead > 1 or await _is_unknown(session, last)


async def append(session: AsyncSession, body: Mapping[str, Any]) -> Line:
    """Write one line, after whoever is writing now, on whatever machine they run; the database then knows of it."""
    await run(session, "SELECT pg_advisory_xact_lock(hashtext('ledger of destruction'))", {})
    line = await asyncio.to_thread(ledger_of(session).append, body, least=await _known(session))
    await run(session, _KNOW, {"seq": line.seq})
    return line


async def _known(session: AsyncSession) -> int:
    (found,) = await run(session, _HEAD, {})
    return int(found.seq)


async def _is_unknown(session: AsyncSession, line: Line) -> bool:
    statement = _STANDS.get(line.body.get("what") or line.body["kind"])
    if statement is None:  # that something is kept on destroys nothing
        return False
    return bool(await run(session, statement, {"id": line.body["id"]}))


async def follow(session: AsyncSession, what: Part, one: UUID, *, request_id: UUID | None = None) -> None:
    """Have a part that ended entered in the ledger, once this transaction has committed."""
    of = {"request_id": str(request_id)} if request_id else {}
    await defer(session, Job("enter_in_ledger", {"what": what, "one": str(one), **of}))


async def enter(session: AsyncSession, what: str, one: str, request_id: str | None, *, now: datetime) -> None:
    """Enter it."""
    await append(session, {"kind": "part", "what": what, "request": request_id, "id": one, "at": told(now)})


def told(moment: datetime) -> str:
    """A moment as a line says it."""
    return deadline.seoul_time(moment).isoformat(timespec="seconds")


def written(body: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The record in a line of the ledger as it was signed, and its signature."""
    return rfc8785.dumps(body["record"]), base64.b64decode(body["signature"])
