"""What passed unanswered, written down once with its cause: a fact for the report, never a status (E3)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id, run
from app.desk import MACHINE, Actor
from app.errors import Conflict
from app.law import deadline, lateness
from app.law.terms import LateCause, Status
from app.models import Claim, Overdue, Request
from app.services import audit, casebook, falling_due, keyring
from app.services.falling_due import Clock
from app.services.visibility import owner_of

_STANDING = """
SELECT
    EXISTS (
        SELECT FROM evidence WHERE request_id = %(request)s AND state IN ('scan_pending', 'pending')
    ) AS paper_unread,
    EXISTS (
        SELECT FROM decision WHERE claim_id = %(claim)s AND round = %(round)s AND state = 'proposed'
    ) AS proposed,
    EXISTS (
        SELECT FROM review_item WHERE request_id = %(request)s AND kind = 'collection.read' AND settled_at IS NULL
    ) AS unread,
    ARRAY(
        SELECT DISTINCT system.name FROM task JOIN system ON system.id = task.system_id
        WHERE task.claim_id = %(claim)s AND task.round = %(round)s
        AND task.status IN ('pending', 'acknowledged', 'failed')
        AND task.action NOT IN ('hold', 'release', 'inform', 'resume')
        AND task.fence_id IS NULL AND task.follow_up_id IS NULL
        ORDER BY 1
    ) AS holders,
    (SELECT state FROM follow_up WHERE id = %(about)s) AS measure
"""
_DAY = timedelta(days=1)


async def passed(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Claims of which a day has passed that nobody wrote down as passed."""
    found = await falling_due.passed(session, deadline.seoul_date(now) - _DAY)
    return list(dict.fromkeys(clock.claim_id for clock in found))


async def record(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Write down what passed, with whom it lay; under lock, so that an answer given meanwhile counts."""
    case, claim = await casebook.open(session, claim_id)
    for clock in await falling_due.passed(session, deadline.seoul_date(now) - _DAY, claim_id=claim_id):
        cause, holders = await _cause(session, case.request, claim, clock)
        row = upsert(Overdue).values(
            id=new_id(),
            about=clock.about,
            of=clock.of,
            claim_id=claim_id,
            request_id=case.request.id,
            round=clock.round,
            due_on=clock.due_on,
            cause=cause,
            holders=holders,
            at=now,
        )
        await session.execute(row.on_conflict_do_nothing(index_elements=["about", "due_on"]))
        facts = {"of": clock.of, "due_on": clock.due_on.isoformat(), "cause": cause.value}
        audit.note(
            session, "claim.overdue", by=MACHINE, now=now, request_id=case.request.id, claim_id=claim_id, facts=facts
        )


async def explain(
    session: AsyncSession, claim_id: UUID, reason: str, *, version: int, by: Actor, now: datetime
) -> None:
    """The approver writes down why, of the day that passed last."""
    await owner_of(session, claim_id, by)
    case, claim = await casebook.open(session, claim_id)
    casebook.checked_version(claim, version)
    last = select(Overdue).where(col(Overdue.claim_id) == claim_id).order_by(col(Overdue.id).desc()).limit(1)
    row = (await session.execute(last)).scalar_one_or_none()
    if row is None:
        raise Conflict("state.conflict")
    row.reason_ct = keyring.seal(session, case.request, "overdue.reason", row.id, reason)
    row.reason_by_iss, row.reason_by_sub = by.iss, by.sub
    claim.version += 1
    facts = {"of": row.of, "due_on": row.due_on.isoformat()}
    audit.note(session, "claim.explain", by=by, now=now, request_id=case.request.id, claim_id=claim_id, facts=facts)


async def of_claim(session: AsyncSession, request: Request, claim_id: UUID) -> list[dict[str, Any]]:
    """The days of a claim that passed unanswered, as staff see them."""
    mine = select(Overdue).where(col(Overdue.claim_id) == claim_id).order_by(col(Overdue.id))
    return [
        {
            "of": row.of,
            "due_on": row.due_on.isoformat(),
            "cause": row.cause,
            "holders": row.holders,
            "reason": keyring.unseal(session, request, "overdue.reason", row.id, row.reason_ct)
            if row.reason_ct
            else None,
            "explained_by": row.reason_by_sub,
        }
        for row in (await session.execute(mine)).scalars()
    ]


async def _cause(session: AsyncSession, request: Request, claim: Claim, clock: Clock) -> tuple[LateCause, list[str]]:
    values = {"request": request.id, "claim": claim.id, "round": clock.round, "about": clock.about}
    (stood,) = await run(session, _STANDING, values)
    frozen = request.frozen_at is not None
    if clock.of != "claim":
        return lateness.cause_beside(clock.of, stood.measure or "", frozen=frozen), []
    standing = lateness.Standing(
        status=Status(claim.status),
        entered_on=deadline.seoul_date(request.filed_at),
        internal_on=claim.internal_on,
        frozen=frozen,
        paper_unread=stood.paper_unread,
        proposed=stood.proposed,
        holders_silent=bool(stood.holders),
        unread=stood.unread,
    )
    cause = lateness.cause(standing)
    return cause, stood.holders if cause is LateCause.HOLDERS else []
