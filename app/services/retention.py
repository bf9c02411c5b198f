"""Requests whose time is over (H5, Act 21(1), policy ch. 5): listed once a day, destroyed once an approver says so.

Nothing is due while anything of it may still move: a claim, an objection, a record that a statute keeps, a measure
after a suspension, an incident, or a stop that is still in force, for then the row is what the person's right rests on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id, run
from app.desk import MACHINE, Actor, Desk, desk_of
from app.errors import Conflict, Invalid, NotFound, Stale
from app.jobs import Job, defer
from app.law import deadline, keeping
from app.law.period import last_day
from app.law.terms import Span, Status
from app.models import DestroyedRequest, Destruction
from app.services import audit, outbox, remains, warning

BATCH = 2_000
_DAY = timedelta(days=1)
_ENDED = [one.value for one in (Status.CLOSED, Status.WITHDRAWN, Status.LAPSED)]
_SETTLED = """
SELECT request.id, greatest(
    (SELECT max(closed_at) FROM claim WHERE request_id = request.id),
    (SELECT max(ruled_at) FROM objection WHERE request_id = request.id),
    (SELECT max(coalesce(destroyed_at, ended_at)) FROM fence WHERE request_id = request.id),
    (SELECT max(done_at) FROM follow_up WHERE request_id = request.id),
    (SELECT max(closed_at) FROM incident WHERE request_id = request.id),
    (SELECT max(hold.lifted_at) FROM hold JOIN claim ON claim.id = hold.claim_id WHERE claim.request_id = request.id)
) AS ended_at
FROM request
WHERE request.frozen_at IS NULL AND request.arrived_at < %(before)s
AND EXISTS (SELECT FROM claim WHERE request_id = request.id)
AND NOT EXISTS (
    SELECT FROM claim WHERE request_id = request.id AND NOT coalesce(
        status = ANY(%(ended)s) AND closed_at < %(before)s
        AND (objection_until IS NULL OR objection_until < %(today)s), false)
)
AND NOT EXISTS (SELECT FROM destroyed_request WHERE request_id = request.id AND review_on > %(today)s)
AND NOT EXISTS (SELECT FROM objection WHERE request_id = request.id AND result IS NULL)
AND NOT EXISTS (SELECT FROM fence WHERE request_id = request.id AND state IN ('kept', 'destroying'))
AND NOT EXISTS (SELECT FROM follow_up WHERE request_id = request.id AND state IN ('open', 'proposed', 'ordered'))
AND NOT EXISTS (SELECT FROM incident WHERE request_id = request.id AND state = 'open')
AND NOT EXISTS (SELECT FROM hold JOIN claim ON claim.id = hold.claim_id
    WHERE claim.request_id = request.id AND hold.lifted_at IS NULL)
AND NOT EXISTS (SELECT FROM evidence
    WHERE request_id = request.id AND (destroyed_at IS NULL OR review_ct IS NOT NULL))
AND NOT EXISTS (SELECT FROM requester WHERE request_id = request.id AND destroyed_at IS NULL)
AND NOT EXISTS (SELECT FROM task_proof WHERE request_id = request.id AND destroyed_at IS NULL)
"""
_UNLISTED = """
AND NOT EXISTS (SELECT FROM destroyed_request WHERE request_id = request.id AND dropped_at IS NULL)
ORDER BY request.arrived_at, request.id LIMIT %(limit)s
"""
_SHOWN = """
SELECT request.id, request.receipt_no, array_agg(DISTINCT claim."right" ORDER BY claim."right") AS rights,
    (max(claim.closed_at) AT TIME ZONE 'Asia/Seoul')::date AS closed_on
FROM request JOIN claim ON claim.request_id = request.id WHERE request.id = ANY(%(ids)s::uuid[]) GROUP BY request.id
"""
_REMINDED = (
    "UPDATE destruction SET told_on = %(today)s WHERE checked_at IS NULL AND told_on < %(today)s"
    " AND state IN ('planned', 'done') RETURNING state, due_since, (SELECT count(*) FROM destroyed_request one"
    " WHERE one.destruction_id = destruction.id AND (destruction.state = 'planned' OR destroyed_at IS NOT NULL)"
    " AND dropped_at IS NULL) AS requests"
)
_THIS = "AND request.id = %(request)s"
_HERE = "AND request.apart_since IS NULL ORDER BY request.arrived_at, request.id LIMIT %(limit)s"
_LOCK = "SELECT id FROM request WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED"
_STILL = "AND request.id = ANY(%(ids)s::uuid[])"
_PUT_APART = (
    "WITH put AS (UPDATE request SET apart_since = %(now)s WHERE id = ANY(%(ids)s::uuid[]) RETURNING id)"
    " UPDATE claim SET apart_since = %(now)s FROM put WHERE claim.request_id = put.id"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """Why one request of a list is kept back, and the day on which it comes up again."""

    ground: str
    review_on: date


async def put_apart(session: AsyncSession, *, now: datetime) -> int:
    """Put apart what only its statute keeps (Act 21(3)): all has ended, and the days to object to it are over.

    From then on an approver sees it and the person whose it is, nobody else; what moves again comes back by itself.
    """
    today, settled = deadline.seoul_date(now), desk_of(session).policy.settled
    before = deadline.seoul_midnight(today - settled.objection_window_days * _DAY)
    values = {"ended": _ENDED, "today": today, "before": before, "limit": BATCH}
    found = [row.id for row in await run(session, _SETTLED + _HERE, values)]
    # What somebody works on just now waits for another day; of the rest, locked, it is asked again.
    locked = [row.id for row in await run(session, _LOCK, {"ids": found})] if found else []
    ids = [row.id for row in await run(session, _SETTLED + _STILL, values | {"ids": locked})] if locked else []
    if ids:
        await run(session, _PUT_APART, {"ids": ids, "now": now})
        audit.note(session, "request.put_apart", by=MACHINE, now=now, facts={"requests": len(ids)})
    return len(ids)


async def plan(session: AsyncSession, *, now: datetime) -> UUID | None:
    """List what has become due, once a day, and tell an approver; None where there is nothing new, or it was done."""
    desk, today = desk_of(session), deadline.seoul_date(now)
    await run(session, "SELECT pg_advisory_xact_lock(hashtext('list of destruction'))", {})
    made = select(col(Destruction.id)).where(col(Destruction.planned_on) == today)
    if (await session.execute(made)).first() is not None:
        return None
    found = await _due(session, _SETTLED + _UNLISTED, now, limit=BATCH)
    if not found:
        return None
    row = Destruction(
        id=new_id(),
        policy=desk.policy.id,
        planned_on=today,
        told_on=today,
        due_since=min(day for _, day in found),
        requests=len(found),
        at=now,
    )
    session.add(row)
    await session.flush()
    session.add_all(DestroyedRequest(destruction_id=row.id, request_id=one, due_since=day) for one, day in found)
    facts = {"destruction": str(row.id), "requests": row.requests, "due_since": row.due_since.isoformat()}
    audit.note(session, "destruction.plan", by=MACHINE, now=now, facts=facts)
    await _tell(session, "destruction_todo", row.requests, row.due_since, now=now)
    return row.id


async def remind(session: AsyncSession, *, now: datetime) -> int:
    """Tell the approver, once each day, of every list that waits for their word or its result for their look; how many.

    What is due is to be destroyed without delay (Act 21(1)), within five days (Standard Guideline 10(1)).
    """
    found = await run(session, _REMINDED, {"today": deadline.seoul_date(now)})
    for state, kind in (("planned", "destruction_todo"), ("done", "destruction_done")):
        if waiting := [row for row in found if row.state == state and row.requests]:
            count, since = sum(row.requests for row in waiting), min(row.due_since for row in waiting)
            await _tell(session, kind, count, since, now=now)
    return len(found)


async def waiting_since(session: AsyncSession) -> datetime | None:
    """Since when the oldest list waits for an approver's word."""
    oldest = select(func.min(col(Destruction.at))).where(col(Destruction.state) == "planned")
    return (await session.execute(oldest)).scalar_one()


async def _tell(session: AsyncSession, kind: str, count: int, since: date, *, now: datetime) -> None:
    params = {"count": str(count), "due_on": since.isoformat()}
    for address in warning.addresses(desk_of(session), ("approver",), deadline.seoul_date(now)):
        await outbox.desk_message(session, kind, address, params, now=now)


async def due_since(session: AsyncSession, request_id: UUID, *, now: datetime) -> date | None:
    """Since when this request is due, or None where it is to be kept on."""
    found = await _due(session, _SETTLED + _THIS, now, request=request_id)
    return found[0][1] if found else None


async def confirm(session: AsyncSession, destruction_id: UUID, *, version: int, by: Actor, now: datetime) -> None:
    """An approver's word: from here on it is carried out, whatever dies in between."""
    row = await _planned(session, destruction_id, version)
    row.state, row.confirmed_at, row.version = "confirmed", now, row.version + 1
    row.confirmed_by_iss, row.confirmed_by_sub = by.iss, by.sub
    facts = {"destruction": str(row.id), "requests": row.requests}
    audit.note(session, "destruction.confirm", by=by, now=now, facts=facts)
    await defer(session, Job("destroy", {"destruction_id": str(row.id)}))


async def check(session: AsyncSession, destruction_id: UUID, *, version: int, by: Actor, now: datetime) -> None:
    """An approver has looked at the result (Standard Guideline 10): refused while anything of it is still there."""
    row = await _at(session, destruction_id, version)
    if row.state != "done" or row.checked_at is not None:
        raise Conflict("state.conflict")
    _, items = await look(session, row.id)
    gone = [one.request_id for one in items if one.destroyed_at is not None]
    if await remains.are_left(session, gone):
        raise Conflict("destruction.not_whole")
    row.checked_at, row.checked_by_iss, row.checked_by_sub = now, by.iss, by.sub
    row.version += 1
    facts = {"destruction": str(row.id), "requests": len(gone)}
    audit.note(session, "destruction.check", by=by, now=now, facts=facts)


async def keep_back(
    session: AsyncSession, destruction_id: UUID, request_id: UUID, kept: Kept, *, version: int, by: Actor, now: datetime
) -> None:
    """Leave one request out of a list until a day, for what another statute or a dispute asks (Act 21(1) proviso)."""
    row, today = await _planned(session, destruction_id, version), deadline.seoul_date(now)
    mine = select(DestroyedRequest).where(
        col(DestroyedRequest.destruction_id) == row.id,
        col(DestroyedRequest.request_id) == request_id,
        col(DestroyedRequest.dropped_at).is_(None),
    )
    one = (await session.execute(mine.with_for_update())).scalar_one_or_none()
    if one is None:
        raise NotFound("request.not_found")
    if not today < kept.review_on <= last_day(today, Span(years=1)):
        raise Invalid("field.value", pointer="/review_on")
    one.dropped_at, one.kept_ground, one.review_on = now, kept.ground, kept.review_on
    row.version += 1
    facts = {"destruction": str(row.id), "ground": kept.ground, "review_on": kept.review_on.isoformat()}
    audit.note(session, "destruction.keep_back", by=by, now=now, request_id=request_id, facts=facts)


async def _planned(session: AsyncSession, destruction_id: UUID, version: int) -> Destruction:
    """A list about which nothing was said yet, as it was seen."""
    row = await _at(session, destruction_id, version)
    if row.state != "planned":
        raise Conflict("state.conflict")
    return row


async def _at(session: AsyncSession, destruction_id: UUID, version: int) -> Destruction:
    """A list as it was seen."""
    row = await session.get(Destruction, destruction_id, with_for_update=True)
    if row is None:
        raise NotFound("destruction.not_found")
    if row.version != version:
        raise Stale("precondition.failed")
    return row


async def listed(session: AsyncSession, *, states: Sequence[str] | None, limit: int) -> list[Destruction]:
    """The plans, the newest first."""
    found = select(Destruction).order_by(col(Destruction.id).desc()).limit(limit)
    if states is not None:
        found = found.where(col(Destruction.state).in_(list(states)))
    return list((await session.execute(found)).scalars())


async def look(session: AsyncSession, destruction_id: UUID) -> tuple[Destruction, list[DestroyedRequest]]:
    """One plan with the ids that are on it."""
    row = await session.get(Destruction, destruction_id)
    if row is None:
        raise NotFound("destruction.not_found")
    of = select(DestroyedRequest).where(col(DestroyedRequest.destruction_id) == row.id)
    ordered = of.order_by(col(DestroyedRequest.request_id))
    return row, list((await session.execute(ordered)).scalars())


async def shown(session: AsyncSession, items: Sequence[DestroyedRequest]) -> dict[UUID, Any]:
    """What an approver looks at before a word is said: receipt number, rights and the day of the last close."""
    return {row.id: row for row in await run(session, _SHOWN, {"ids": [one.request_id for one in items]})}


async def _due(session: AsyncSession, statement: Any, now: datetime, **more: Any) -> list[tuple[UUID, date]]:
    """Those that the law says are due, each with the first day on which it was."""
    desk, today = desk_of(session), deadline.seoul_date(now)
    values = {"ended": _ENDED, "today": today, "before": _before(desk, today), **more}
    rows = await run(session, statement, values)
    untils = ((row.id, keeping.request_until(deadline.seoul_date(row.ended_at), desk.policy.settled)) for row in rows)
    return [(one, until + _DAY) for one, until in untils if keeping.destroyed_from(until, today)]


def _before(desk: Desk, today: date) -> datetime:
    """What ended from here on is kept; the law then judges the day on which all of it had ended."""
    return deadline.seoul_midnight(keeping.kept_from(today, desk.policy.settled.requests_kept_years))
