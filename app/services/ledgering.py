"""Lines for the ledger of destruction: one writer at a time, and none where it lacks what the database knows."""

import asyncio
import base64
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import run
from app.desk import Desk, desk_of
from app.jobs import Job, defer
from app.law import deadline
from app.ledger import Ledger, LedgerError, Line
from app.models import DestroyedRequest

Part = Literal["evidence", "task_proof", "requester", "recall"]
"""What of a request ends for good although the request stays: a copy of before would bring it back."""


_STANDS = """
SELECT id FROM request WHERE id = %(id)s AND NOT EXISTS (
    SELECT FROM destroyed_request listed JOIN destruction ON destruction.id = listed.destruction_id
    WHERE listed.request_id = request.id AND listed.dropped_at IS NULL AND destruction.state = 'confirmed'
)
"""
"""The request, where it is there although nobody has confirmed that it goes."""
_log = logging.getLogger("rights_desk.ledger")


def ledger_of(session: AsyncSession) -> Ledger:
    """The ledger of this desk."""
    settings = desk_of(session).settings
    return Ledger(settings.ledger_dir, settings.audit_key)


async def demand_current(desk: Desk) -> None:
    """Refuse to work on a database that is older than the ledger: a backup was put back and not yet restored (F51)."""
    async with desk.database.transaction() as session:
        last = await asyncio.to_thread(ledger_of(session).last_request)
        if last is not None and await run(session, _STANDS, {"id": UUID(last.body["id"])}):
            _log.error("the database is older than the ledger of destruction: run rights-desk restore")
            raise LedgerError("the database is older than the ledger of destruction: run rights-desk restore")


async def append(session: AsyncSession, body: Mapping[str, Any]) -> Line:
    """Write one line, after whoever is writing now, on whatever machine they run."""
    await run(session, "SELECT pg_advisory_xact_lock(hashtext('ledger of destruction'))", {})
    newest = (await session.execute(select(func.max(col(DestroyedRequest.ledger_seq))))).scalar_one()
    least = newest or 0
    return await asyncio.to_thread(ledger_of(session).append, body, least=least)


async def follow(session: AsyncSession, what: Part, request_id: UUID, one: UUID) -> None:
    """Have a part that was destroyed entered in the ledger, once this transaction has committed."""
    await defer(session, Job("enter_in_ledger", {"what": what, "request_id": str(request_id), "one": str(one)}))


async def enter(session: AsyncSession, what: str, request_id: UUID, one: UUID, *, now: datetime) -> None:
    """Enter it."""
    body = {"kind": "part", "what": what, "request": str(request_id), "id": str(one), "at": told(now)}
    await append(session, body)


def told(moment: datetime) -> str:
    """A moment as a line says it."""
    return deadline.seoul_time(moment).isoformat(timespec="seconds")


def written(body: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The record in a line of the ledger as it was signed, and its signature."""
    return rfc8785.dumps(body["record"]), base64.b64decode(body["signature"])
