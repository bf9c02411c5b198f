"""Downloads that are asked about, and what the one who took them says (안전성 확보조치 기준 8(2)).

A purpose is stated before each download. What was taken in bulk, out of office hours, or as an extract with many
people's names in it is asked about afterwards, by the machine or by an auditor; until that is answered its taker gets
nothing else.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id, run
from app.desk import Actor, desk_of
from app.errors import Conflict, Forbidden, NotFound
from app.law import deadline, office_hours
from app.models import DownloadQuestion
from app.services import audit, keyring

BULK = 50
"""So many documents in one Seoul day are asked about."""
LOOKED_BACK = timedelta(days=3)
_OPEN = "SELECT 1 FROM download_question WHERE actor = %(actor)s AND answered_at IS NULL LIMIT 1"
_OPEN_OF = """
SELECT 1 FROM download_question AS asked WHERE answered_at IS NULL AND day >= %(first)s AND day < %(after)s
AND NOT EXISTS (
    SELECT FROM grant_history AS gone
    WHERE gone.whom = asked.actor AND gone.act = 'revoke' AND gone.kind = 'session' AND gone.at >= asked.at
)
LIMIT 1
"""
_TAKEN = """
WITH taken AS (
    SELECT id, at, actor, role, operation, (at AT TIME ZONE 'Asia/Seoul')::date AS day,
        (at AT TIME ZONE 'Asia/Seoul')::time::interval AS hour
    FROM access_log WHERE at >= %(since)s AND at < %(now)s AND purpose IS NOT NULL AND result = 'ok'
), found AS (
    SELECT actor, day, 'bulk' AS cause, (array_agg(id ORDER BY at, id))[1] AS entry_id
    FROM taken GROUP BY 1, 2 HAVING count(*) >= %(bulk)s
    UNION ALL
    SELECT actor, day, 'off_hours', (array_agg(id ORDER BY at, id))[1] FROM taken
    WHERE day = ANY(%(closed)s::date[]) OR hour < %(opens)s OR hour >= %(closes)s GROUP BY 1, 2
    UNION ALL
    SELECT actor, day, 'extract', (array_agg(id ORDER BY at, id))[1] FROM taken
    WHERE operation = 'download_ledger' AND role <> 'auditor' GROUP BY 1, 2
)
SELECT * FROM found WHERE NOT EXISTS (
    SELECT FROM download_question AS asked
    WHERE (asked.actor, asked.cause, asked.day) = (found.actor, found.cause, found.day)
) ORDER BY day, actor, cause LIMIT 200
"""
_ENTRY = (
    "SELECT id, at, actor FROM access_log WHERE id = %(id)s AND at >= %(since)s AND purpose IS NOT NULL"
    " AND result = 'ok'"
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What one person took in one day that wants an answer, and why."""

    actor: str
    day: date
    cause: str
    entry_id: UUID


async def is_open(session: AsyncSession, actor: str) -> bool:
    """Whether this person still owes an answer."""
    return bool(await run(session, _OPEN, {"actor": actor}))


async def are_open(session: AsyncSession, first: date, after: date) -> bool:
    """Whether an answer is owed about these days by somebody who can still give it: who was put out since cannot."""
    return bool(await run(session, _OPEN_OF, {"first": first, "after": after}))


async def doubtful(session: AsyncSession, *, now: datetime) -> list[Doubt]:
    """What of the last days has to be asked about and was not."""
    closed, since = desk_of(session).closed, deadline.seoul_midnight(deadline.seoul_date(now - LOOKED_BACK))
    days = [deadline.seoul_date(since) + timedelta(days=count) for count in range(LOOKED_BACK.days + 1)]
    span = {
        "since": since,
        "now": now,
        "bulk": BULK,
        "closed": [day for day in days if not deadline.is_open(day, closed)],
        "opens": office_hours.OPENS,
        "closes": office_hours.CLOSES,
    }
    return [Doubt(row.actor, row.day, row.cause, row.entry_id) for row in await run(session, _TAKEN, span)]


async def raise_doubt(session: AsyncSession, doubt: Doubt, *, now: datetime) -> None:
    """Ask; two workers that find the same thing ask once."""
    asked = insert(DownloadQuestion).values(
        id=new_id(), at=now, actor=doubt.actor, cause=doubt.cause, day=doubt.day, entry_id=doubt.entry_id
    )
    await session.execute(asked.on_conflict_do_nothing())


async def ask(session: AsyncSession, entry_id: UUID, *, by: Actor, now: datetime) -> dict[str, Any]:
    """An auditor asks about a download of somebody else's."""
    kept = now - timedelta(days=31 * (desk_of(session).settings.access_log_months + 1))
    rows = await run(session, _ENTRY, {"id": entry_id, "since": kept})
    if not rows:
        raise NotFound("access_entry.not_found")
    [entry] = rows
    if entry.actor == by.id:
        raise Forbidden("approval.same_person")
    question = DownloadQuestion(
        id=new_id(),
        at=now,
        actor=entry.actor,
        cause="asked",
        day=deadline.seoul_date(entry.at),
        entry_id=entry.id,
        asked_by=by.id,
    )
    session.add(question)
    audit.note(session, "download.ask", by=by, now=now, facts={"question": str(question.id), "entry": str(entry.id)})
    return _view(session, question)


async def listed(
    session: AsyncSession, *, unanswered: bool, after: UUID | None, limit: int, by: Actor
) -> list[dict[str, Any]]:
    """The questions to this person; to everybody for an auditor."""
    page = select(DownloadQuestion).order_by(col(DownloadQuestion.id)).limit(limit)
    if by.role != "auditor":
        page = page.where(col(DownloadQuestion.actor) == by.id)
    if unanswered:
        page = page.where(col(DownloadQuestion.answered_at).is_(None))
    if after is not None:
        page = page.where(col(DownloadQuestion.id) > after)
    return [_view(session, one) for one in (await session.execute(page)).scalars()]


async def answer(session: AsyncSession, question_id: UUID, said: str, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Answer for what one took oneself, once; a question to somebody else looks like none."""
    question = await session.get(DownloadQuestion, question_id, with_for_update=True, populate_existing=True)
    if question is None or question.actor != by.id:
        raise NotFound("download_question.not_found")
    if question.answered_at is not None:
        raise Conflict("state.conflict")
    question.answered_at = now
    question.answer_ct = keyring.seal_for_desk(session, "download_question.answer", question.id, said)
    audit.note(session, "download.answer", by=by, now=now, facts={"question": str(question.id)})
    return _view(session, question)


async def forget(session: AsyncSession, before: date) -> None:
    """Delete the questions about days whose log is gone."""
    await session.execute(delete(DownloadQuestion).where(col(DownloadQuestion.day) < before))


def _view(session: AsyncSession, one: DownloadQuestion) -> dict[str, Any]:
    said = (
        keyring.unseal_for_desk(session, "download_question.answer", one.id, one.answer_ct) if one.answer_ct else None
    )
    return {
        "id": str(one.id),
        "at": one.at.isoformat(),
        "actor": one.actor,
        "cause": one.cause,
        "day": one.day.isoformat(),
        "entry_id": str(one.entry_id),
        "answered_at": one.answered_at.isoformat() if one.answered_at else None,
        "answer": said,
    }
