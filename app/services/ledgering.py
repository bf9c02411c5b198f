"""Lines for the ledger of destruction: one writer at a time, and none where it lacks what the database knows."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import run
from app.desk import desk_of
from app.jobs import Job, defer
from app.law import deadline
from app.ledger import Ledger, Line
from app.models import DestroyedRequest

Part = Literal["evidence", "task_proof", "requester", "recall"]
"""What of a request ends for good although the request stays: a copy of before would bring it back."""


def ledger_of(session: AsyncSession) -> Ledger:
    """The ledger of this desk."""
    settings = desk_of(session).settings
    return Ledger(settings.ledger_dir, settings.audit_key)


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
