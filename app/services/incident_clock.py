"""The hours of an incident (Decree 39, Civil Act 156): who of ours is told when it begins, runs out and is over."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import new_id, run
from app.desk import MACHINE, desk_of
from app.documents.korean import hour
from app.law import deadline, incident
from app.models import Incident, Request, ReviewItem
from app.services import audit, outbox
from app.services.incident_case import opened
from app.services.warning import addresses

OVERDUE = "incident.overdue"
_PRESSING = """
SELECT id FROM incident
WHERE state = 'open' AND due_at <= %(horizon)s
  AND (told_at IS NULL OR (must_report AND reported_at IS NULL))
  AND NOT warned @> ARRAY[CASE
    WHEN due_at <= %(now)s THEN '0'
    WHEN due_at <= %(now)s + interval '6 hours' THEN '6'
    WHEN due_at <= %(now)s + interval '24 hours' THEN '24'
    ELSE '48' END]
ORDER BY due_at, id LIMIT 500
"""


async def announce(session: AsyncSession, request: Request, row: Incident, *, now: datetime) -> None:
    """Tell the desk and the approver that it was opened, and until when the person must be told."""
    await _tell(session, request, row, "incident_opened", ("officer", "approver"), now=now)


async def pressing(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Incidents with something owed, of whose remaining hours nobody was warned yet."""
    values = {"now": now, "horizon": now + timedelta(hours=max(incident.WARN_HOURS))}
    return [row.id for row in await run(session, _PRESSING, values)]


async def warn(session: AsyncSession, incident_id: UUID, *, now: datetime) -> None:
    """One warning for the hours that are left: those that passed unwarned meanwhile are not caught up with."""
    case, row = await opened(session, incident_id, None)
    owed = incident.owed(
        told=row.told_at is not None, reported=row.reported_at is not None, must_report=row.must_report
    )
    due = incident.warnings_due(now, row.due_at)
    if row.state != "open" or not owed or not due or str(due[-1]) in row.warned:
        return
    row.warned = [str(one) for one in due]
    facts = {"incident": str(row.id), "hours": due[-1], "owed": list(owed)}
    audit.note(session, "incident.warn", by=MACHINE, now=now, request_id=case.request.id, facts=facts)
    if due[-1] == 0:
        session.add(ReviewItem(id=new_id(), request_id=case.request.id, kind=OVERDUE, at=now))
    kind = "incident_clock" if due[-1] else "incident_over"
    await _tell(session, case.request, row, kind, incident.WARNED[due[-1]], now=now)


async def _tell(
    session: AsyncSession, request: Request, row: Incident, kind: str, told: tuple[str, ...], *, now: datetime
) -> None:
    """The receipt number and the hour, nothing of the person; one message to each mailbox."""
    params = {"receipt_no": request.receipt_no, "due_at": hour(row.due_at)}
    for to in addresses(desk_of(session), told, deadline.seoul_date(now)):
        await outbox.message(session, request, kind, "mail", {"to": to, "params": params}, now=now)
