"""What every act on an incident begins and ends with: the case locked, the version named, the entry written."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import Actor, desk_of
from app.errors import Conflict, NotFound, Stale
from app.law.terms import Edition
from app.models import Incident
from app.services import access_log, audit, casebook
from app.services.casebook import Case


async def opened(session: AsyncSession, incident_id: UUID, version: int | None) -> tuple[Case, Incident]:
    """Lock the case, then the incident, at the version the caller names."""
    found = await session.get(Incident, incident_id)
    if found is None:
        raise NotFound("incident.not_found")
    case = await casebook.open_request(session, found.request_id)
    access_log.touch(session, request_id=case.request.id, subject_digest=case.request.subject_digest)
    row = await session.get_one(Incident, incident_id, with_for_update=True, populate_existing=True)
    if version is not None and row.version != version:
        raise Stale("precondition.failed")
    return case, row


def refuse_closed(row: Incident) -> None:
    """What has ended is not changed any more."""
    if row.state != "open":
        raise Conflict("state.conflict")


def edition_of(session: AsyncSession, row: Incident) -> Edition:
    """The state of the law under which it is told and reported."""
    return desk_of(session).rulebook.named(row.edition)


def note(
    session: AsyncSession, case: Case, row: Incident, action: str, *, by: Actor, now: datetime, facts: dict[str, Any]
) -> None:
    """A change of an incident: its version goes up, and the audit entry says what it was."""
    row.version += 1
    said = {"incident": str(row.id), **facts}
    audit.note(session, action, by=by, now=now, request_id=case.request.id, facts=said)
