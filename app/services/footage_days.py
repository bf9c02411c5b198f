"""The days of footage: a holder that is silent while it may be written over, and a claim that needs it no longer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import MACHINE
from app.jobs import Job, defer
from app.law import deadline
from app.law import footage as law
from app.law.terms import Status
from app.models import Claim, Footage, Task
from app.services import audit, casebook, flags, footage, planning

UNPRESERVED = "footage.unpreserved"
_BATCH = 500


async def unpreserved(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Claims whose footage no holder confirmed to keep in time, while people can still call there; each once."""
    open_order = exists().where(
        col(Task.claim_id) == col(Footage.claim_id),
        col(Task.action) == "preserve",
        col(Task.status).in_(planning.OPEN),
        col(Task.due_at) <= now,
    )
    silent = select(col(Footage.claim_id)).where(
        col(Footage.state) == "asked", col(Footage.warned_at).is_(None), col(Footage.given_up_at).is_(None), open_order
    )
    return list((await session.execute(silent.limit(_BATCH))).scalars())


async def warn(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Put it before an officer: a telephone call to the store saves what a machine there has not."""
    case, claim = await casebook.open(session, claim_id)
    row = await session.get_one(Footage, claim_id, with_for_update=True, populate_existing=True)
    if row.state != "asked" or row.warned_at is not None or row.given_up_at is not None:
        return
    row.warned_at = now
    await flags.raise_once(session, case.request.id, UNPRESERVED, now=now)
    facts = {"site": str(row.site_id), "overwritten_from": row.overwritten_from.isoformat()}
    audit.note(session, UNPRESERVED, by=MACHINE, now=now, request_id=case.request.id, claim_id=claim.id, facts=facts)
    await defer(session, Job("tell_officer", {"claim_id": str(claim.id)}))


async def unneeded(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Claims that were answered and can no longer be objected to, whose footage is still kept."""
    over = col(Claim.objection_until).is_(None) | (col(Claim.objection_until) < deadline.seoul_date(now))
    done = (
        select(col(Footage.claim_id))
        .join(Claim, col(Claim.id) == col(Footage.claim_id))
        .where(_is_kept(), col(Footage.given_up_at).is_(None), col(Claim.status) == Status.CLOSED, over)
    )
    return list((await session.execute(done.limit(_BATCH))).scalars())


async def release(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Let it be written over: nobody else's picture is kept longer than this claim needs it (Act 21(1))."""
    _, claim = await casebook.open(session, claim_id)
    if not law.needed(Status(claim.status), claim.objection_until, on=deadline.seoul_date(now)):
        await footage.give_up(session, claim, now=now)


def _is_kept() -> ColumnElement[bool]:
    return col(Footage.state).in_(("asked", "preserved"))
