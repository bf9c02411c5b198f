"""The report to the authority (Act 34(3), Decree 40): drafted from what is known, handed in by people, recorded."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import Actor, desk_of
from app.documents import leak_report
from app.documents.korean import hour
from app.documents.leak_report import LeakReport
from app.errors import Conflict, Invalid, NotFound
from app.law import deadline
from app.law.terms import LeakReport as Form
from app.models import Incident, Request
from app.services import access_log, audit, composing, incident_notices, keyring
from app.services.incident_case import edition_of, note, opened, refuse_closed


async def draft(session: AsyncSession, incident_id: UUID) -> tuple[int, dict[str, Any]]:
    """The fields of the report, as far as they are known."""
    row, request = await _found(session, incident_id)
    form, said = await _said(session, row, request)
    fields = [
        {"id": one, "label": {"ko": label.ko, "en": label.en}, "value": said[one]} for one, label in form.fields.items()
    ]
    return row.version, {
        "incident_id": str(row.id),
        "to": {"ko": form.to.ko, "en": form.to.en},
        "must_report": row.must_report,
        "due_at": deadline.seoul_time(row.due_at).isoformat(),
        "checked": form.checked,
        "fields": fields,
        "reported_at": deadline.seoul_time(row.reported_at).isoformat() if row.reported_at else None,
        "number": row.report_no,
    }


async def drawn(session: AsyncSession, incident_id: UUID, *, html: bool, by: Actor, now: datetime) -> bytes:
    """The same as document."""
    row, request = await _found(session, incident_id)
    form, said = await _said(session, row, request)
    facts = {"incident": str(row.id)}
    audit.note(session, "incident.report_open", by=by, now=now, request_id=request.id, facts=facts)
    report = LeakReport(
        receipt_no=request.receipt_no,
        sender=composing.sender(desk_of(session)),
        to=form.to.ko,
        fields=tuple((label.ko, said[one]) for one, label in form.fields.items()),
        checked=form.checked,
        dated=deadline.seoul_date(now),
    )
    if html:
        return leak_report.render_html(report).encode()
    return await asyncio.to_thread(leak_report.render_pdf, report)


async def record(
    session: AsyncSession,
    incident_id: UUID,
    reported_at: datetime,
    number: str,
    *,
    version: int,
    by: Actor,
    now: datetime,
) -> Incident:
    """That it was handed in, when, and under what number the authority took it. Once."""
    case, row = await opened(session, incident_id, version)
    refuse_closed(row)
    if row.reported_at is not None:
        raise Conflict("state.conflict")
    if not row.known_at <= reported_at <= now:
        raise Invalid("field.value", pointer="/reported_at")
    row.reported_at, row.report_no, row.reported_by = reported_at, number, by.id
    facts = {"reported_at": reported_at.isoformat()}
    note(session, case, row, "incident.report", by=by, now=now, facts=facts)
    return row


async def _found(session: AsyncSession, incident_id: UUID) -> tuple[Incident, Request]:
    row = await session.get(Incident, incident_id)
    if row is None:
        raise NotFound("incident.not_found")
    request = await session.get_one(Request, row.request_id)
    access_log.touch(session, request_id=request.id, subject_digest=request.subject_digest)
    return row, request


async def _said(session: AsyncSession, row: Incident, request: Request) -> tuple[Form, dict[str, str]]:
    desk = desk_of(session)
    notice = await incident_notices.of(session, row)
    assert notice is not None, "every incident begins with a draft"
    said = incident_notices.content_of(session, request, notice)
    account = keyring.unseal(session, request, "incident.account", row.id, row.account_ct) if row.account_ct else ""
    told = f"통지함 ({hour(row.told_at)})" if row.told_at else "아직 통지하지 않음"
    return edition_of(session, row).leak.report, {
        "controller": desk.policy.controller.ko,
        "told": told,
        "items": "\n".join((*said.what, f"정보주체 {row.subjects:,}명")),
        "how": "\n".join(one for one in (f"알게 된 때: {hour(row.known_at)}", said.how, account) if one),
        "did": said.did,
        "can_do": said.can_do,
        "contact": incident_notices.contact_of(session, said),
        "number": row.report_no or "",
    }
