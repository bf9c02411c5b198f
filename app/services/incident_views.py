"""Incidents as staff read them, and auditors without what was said of anybody."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor
from app.errors import NotFound
from app.law import incident
from app.law.deadline import seoul_time
from app.models import Incident, IncidentNotice, Request
from app.services import access_log, incident_notices, keyring, recalling
from app.services.incident_case import edition_of

STAFF = ("officer", "approver")


async def listed(
    session: AsyncSession, *, state: str, after: UUID | None, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """Incidents in the order in which they were opened, in keyset pages; nothing of any person."""
    page = (
        select(Incident, col(Request.receipt_no))
        .join(Request, col(Request.id) == col(Incident.request_id))
        .where(col(Incident.state) == state)
        .order_by(col(Incident.id))
        .limit(limit)
    )
    if after is not None:
        page = page.where(col(Incident.id) > after)
    return [brief(row, receipt_no, now) for row, receipt_no in (await session.execute(page)).all()]


async def whole(session: AsyncSession, incident_id: UUID, *, by: Actor, now: datetime) -> tuple[int, dict[str, Any]]:
    """One incident: its clock, what was called back and what was fetched before, its notice, its report."""
    row = await session.get(Incident, incident_id)
    if row is None:
        raise NotFound("incident.not_found")
    request = await session.get_one(Request, row.request_id)
    access_log.touch(session, request_id=request.id, subject_digest=request.subject_digest)
    staff = by.role in STAFF
    notice = await incident_notices.of(session, row)
    return row.version, brief(row, request.receipt_no, now) | {
        "edition": row.edition,
        "basis": edition_of(session, row).leak.basis,
        "account": _opened(session, request, "incident.account", row, row.account_ct) if staff else None,
        "recalled": row.recalled,
        "handed_out": [
            {**one, "at": seoul_time(datetime.fromisoformat(one["at"])).isoformat()}
            for one in await recalling.handed_out(session, request.id)
        ],
        "warned": [int(one) for one in row.warned],
        "opened_by": row.by_sub,
        "notice": _notice(session, request, notice, staff=staff) if notice is not None else None,
        "report": {
            "reported_at": _moment(row.reported_at),
            "number": row.report_no,
        },
        "resumed_at": _moment(row.resumed_at),
        "resumed_because": _opened(session, request, "incident.resumed", row, row.resumed_ct) if staff else None,
        "found": row.found,
        "closed_at": _moment(row.closed_at),
        "closed_because": _opened(session, request, "incident.closing", row, row.closing_ct) if staff else None,
    }


def brief(row: Incident, receipt_no: str, now: datetime) -> dict[str, Any]:
    """An incident in a list: its clock and what is still owed."""
    owed = incident.owed(
        told=row.told_at is not None, reported=row.reported_at is not None, must_report=row.must_report
    )
    return {
        "id": str(row.id),
        "request_id": str(row.request_id),
        "receipt_no": receipt_no,
        "kind": row.kind,
        "state": row.state,
        "known_at": _moment(row.known_at),
        "due_at": _moment(row.due_at),
        "subjects": row.subjects,
        "categories": row.categories,
        "sensitive": row.sensitive,
        "outside": row.outside,
        "must_report": row.must_report,
        "told_at": _moment(row.told_at),
        "owed": list(owed) if row.state == "open" else [],
        "overdue": row.state == "open" and bool(owed) and now > row.due_at,
    }


def _notice(session: AsyncSession, request: Request, notice: IncidentNotice, *, staff: bool) -> dict[str, Any]:
    known: dict[str, Any] = {
        "kind": notice.kind,
        "state": notice.state,
        "drafted_by": notice.drafted_by_sub,
        "approved_by": notice.approved_by_sub,
        "approved_at": _moment(notice.approved_at),
        "told_at": _moment(notice.told_at),
        "told_how": notice.told_how,
        "content": None,
        "note": None,
    }
    if staff:
        said = incident_notices.content_of(session, request, notice)
        to = said.to
        known["content"] = {
            "what": list(said.what),
            "how": said.how,
            "can_do": said.can_do,
            "did": said.did,
            "contact": incident_notices.contact_of(session, said),
            "to": {name: getattr(to, name) for name in ("name", "email", "phone", "postal_code", "address")}
            if to
            else None,
        }
        if notice.note_ct is not None:
            known["note"] = keyring.unseal(session, request, "incident_notice.note", notice.id, notice.note_ct)
    return known


def _opened(session: AsyncSession, request: Request, column: str, row: Incident, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    said: str = keyring.unseal(session, request, column, row.id, sealed)
    return said


def _moment(at: datetime | None) -> str | None:
    return seoul_time(at).isoformat() if at is not None else None
