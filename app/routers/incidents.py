"""Incidents (Act 34): opened, called back, told, reported, let go again, closed."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app import db, text
from app.errors import Invalid
from app.http.auth import Approver, Officer, Roles, Staff, actor
from app.http.body import Id, IdOr, Line, Moment, Text, Wire
from app.http.conditional import IfMatch, versioned
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.answers_incidents import IncidentKind, IncidentOut, Incidents, LeakReportOut, NoticeKind
from app.routers.documented import headers, problems
from app.routers.drawn import DOCUMENT, Accept, wants_html
from app.routers.drawn import document as drawn
from app.routers.purposes import STATED, Purpose
from app.services import incident_notices, incident_views, incidents, leak_reports
from app.services.incident_notices import Draft
from app.services.incidents import Scale
from app.services.safe_ways import To
from app.tokens import Principal

router = APIRouter(prefix="/v1", tags=["incidents"], route_class=DeskRoute)
IncidentId = Annotated[UUID, IdOr("incident.not_found")]
Reader = Annotated[Principal, Depends(Roles("officer", "approver", "auditor"))]
_NUMBERS = ("identifier.rrn_not_allowed", "identifier.card_not_allowed")
_CHANGED = headers(200, "ETag")


class ScaleIn(Wire):
    """How much it is, as far as it is known."""

    subjects: Annotated[int, Field(ge=1, le=100_000_000)]
    categories: Annotated[list[Line], Field(min_length=1, max_length=50)]
    sensitive: bool
    outside: bool
    account: Text | None = None


class IncidentIn(ScaleIn):
    """Of which request an answer went wrong, how, and since when that is known: the 72 hours begin there."""

    request_id: Id
    kind: IncidentKind
    known_at: Moment


class ToIn(Wire):
    """Whose data it was, where not the subject's of the request; the contact must not be one typed in the request."""

    name: Line
    email: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    phone: Line | None = None
    postal_code: Annotated[str, Field(pattern=r"^[0-9]{5}$")] | None = None
    address: Line | None = None


class LeakNoticeIn(Wire):
    """The five things of Act 34(1), in words for the person; `what` names items, never values."""

    kind: NoticeKind = "leak"
    what: Annotated[list[Line], Field(min_length=1, max_length=30)]
    how: Text
    can_do: Text
    did: Text
    contact: Line | None = None
    to: ToIn | None = None


class ApprovalIn(Wire):
    """The second person's word; a remark where it goes back."""

    agree: bool
    note: Text | None = None


class TellingIn(Wire):
    """That a person of ours has told them, when and how."""

    told_at: Moment
    how: Literal["post", "phone", "visit", "website"]


class ReportIn(Wire):
    """That the report was handed in, and the number under which it was taken."""

    reported_at: Moment
    number: Line


class ResumptionIn(Wire):
    """Why it is safe to hand out results again; whether what was called back is built anew."""

    reason: Text
    give_again: bool = False


class ClosingIn(Wire):
    """What it came to, and why it ends."""

    found: Literal["leak", "none"]
    reason: Text


@router.post(
    "/incidents",
    status_code=201,
    operation_id="open_incident",
    summary="Open an incident",
    response_model=IncidentOut,
    responses=headers(201, "ETag", "Location") | problems("request.not_found", "field.value", *_NUMBERS),
)
async def open_incident(caller: Staff, idem: Idempotent, session: Unit, body: IncidentIn) -> Response:
    """Open an incident: whatever of the request can still be fetched is called back in the same transaction."""
    if idem.stored:
        return idem.replay()
    by, now = actor(caller), db.now()
    account = _words(body.account, "/account")
    row = await incidents.open_(
        session, body.request_id, body.kind, body.known_at, _scale(body), account, by=by, now=now
    )
    await session.flush()
    version, view = await incident_views.whole(session, row.id, by=by, now=now)
    return await idem.keep(session, view, headers=versioned(version, location=f"/v1/incidents/{row.id}"))


@router.get("/incidents", operation_id="list_incidents", summary="The incidents", response_model=Incidents)
async def list_incidents(
    caller: Reader,
    session: Unit,
    state: Literal["open", "closed"] = "open",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Id | None = None,
) -> Response:
    """Incidents in the order in which they were opened, with their clocks; nothing of any person."""
    found = await incident_views.listed(session, state=state, after=cursor, limit=limit + 1, now=db.now())
    items = found[:limit]
    return JSONResponse({"items": items, "next_cursor": items[-1]["id"] if len(found) > limit else None})


@router.get(
    "/incidents/{incident_id}",
    operation_id="get_incident",
    summary="Read one incident",
    response_model=IncidentOut,
    responses=_CHANGED,
)
async def get_incident(caller: Reader, session: Unit, incident_id: IncidentId) -> Response:
    """One incident: its clock, what was called back, what was fetched before, its notice and its report."""
    return await _whole(session, incident_id, caller)


@router.patch(
    "/incidents/{incident_id}",
    operation_id="amend_incident",
    summary="Correct what is known of an incident",
    response_model=IncidentOut,
    responses=_CHANGED | problems("field.value", "state.conflict", *_NUMBERS),
)
async def amend_incident(
    caller: Staff, version: IfMatch, session: Unit, incident_id: IncidentId, body: ScaleIn
) -> Response:
    """What is known of it now, in place of what was before. The clock stays where it began."""
    account = _words(body.account, "/account")
    by, now = actor(caller), db.now()
    await incidents.amend(session, incident_id, _scale(body), account, version=version, by=by, now=now)
    return await _whole(session, incident_id, caller)


@router.put(
    "/incidents/{incident_id}/notice",
    operation_id="draft_leak_notice",
    summary="Draft what the person is told",
    response_model=IncidentOut,
    responses=_CHANGED | problems("field.value", "incident.unsafe_contact", "state.conflict", *_NUMBERS),
)
async def draft_leak_notice(
    caller: Officer, version: IfMatch, session: Unit, incident_id: IncidentId, body: LeakNoticeIn
) -> Response:
    """Write what the person is told in place of the draft that stands there; sealed until another person agrees."""
    by, now = actor(caller), db.now()
    await incident_notices.draft(session, incident_id, _draft(body), version=version, by=by, now=now)
    return await _whole(session, incident_id, caller)


@router.post(
    "/incidents/{incident_id}/notice/approval",
    operation_id="approve_leak_notice",
    summary="Approve what the person is told",
    response_model=IncidentOut,
    responses=_CHANGED
    | problems(
        "approval.same_person", "approval.note_required", "incident.person_required", "state.conflict", *_NUMBERS
    ),
)
async def approve_leak_notice(
    caller: Approver, version: IfMatch, session: Unit, incident_id: IncidentId, body: ApprovalIn
) -> Response:
    """Agree, and it goes to a contact on record, never to one typed in the request; or send it back with a remark."""
    note, by, now = _words(body.note, "/note"), actor(caller), db.now()
    await incident_notices.approve(session, incident_id, note, agree=body.agree, version=version, by=by, now=now)
    return await _whole(session, incident_id, caller)


@router.put(
    "/incidents/{incident_id}/notice/telling",
    operation_id="record_telling",
    summary="Record that the person was told by hand",
    response_model=IncidentOut,
    responses=_CHANGED | problems("field.value", "state.conflict"),
)
async def record_telling(
    caller: Staff, version: IfMatch, session: Unit, incident_id: IncidentId, body: TellingIn
) -> Response:
    """Where no safe contact is known: told by post, telephone, in person, or on the website. Once."""
    by, now = actor(caller), db.now()
    await incident_notices.tell(session, incident_id, body.told_at, body.how, version=version, by=by, now=now)
    return await _whole(session, incident_id, caller)


@router.get(
    "/incidents/{incident_id}/notice/document",
    operation_id="read_leak_notice",
    summary="Read what the person is told",
    responses=DOCUMENT | problems(*STATED),
    response_class=Response,
)
async def read_leak_notice(
    caller: Staff, purpose: Purpose, session: Unit, incident_id: IncidentId, accept: Accept = None
) -> Response:
    """The notice as PDF or page, to be read, printed and posted; logged."""
    html = wants_html(accept)
    content = await incident_notices.drawn(session, incident_id, html=html, by=actor(caller), now=db.now())
    return drawn(content, html=html, name="leak-notice")


@router.get(
    "/incidents/{incident_id}/report",
    operation_id="get_leak_report",
    summary="Draft the report to the authority",
    response_model=LeakReportOut,
    responses=_CHANGED,
)
async def get_leak_report(caller: Staff, session: Unit, incident_id: IncidentId) -> Response:
    """The fields of the report as far as they are known; whether it must be made follows from the edition."""
    version, found = await leak_reports.draft(session, incident_id)
    return JSONResponse(found, headers=versioned(version))


@router.get(
    "/incidents/{incident_id}/report/document",
    operation_id="read_leak_report",
    summary="Draw the report to the authority",
    responses=DOCUMENT | problems(*STATED),
    response_class=Response,
)
async def read_leak_report(
    caller: Staff, purpose: Purpose, session: Unit, incident_id: IncidentId, accept: Accept = None
) -> Response:
    """The same as PDF or page; logged."""
    html = wants_html(accept)
    content = await leak_reports.drawn(session, incident_id, html=html, by=actor(caller), now=db.now())
    return drawn(content, html=html, name="leak-report")


@router.put(
    "/incidents/{incident_id}/report",
    operation_id="record_leak_report",
    summary="Record that the report was made",
    response_model=IncidentOut,
    responses=_CHANGED | problems("field.value", "state.conflict", *_NUMBERS),
)
async def record_leak_report(
    caller: Staff, version: IfMatch, session: Unit, incident_id: IncidentId, body: ReportIn
) -> Response:
    """When it was handed in, and the number under which the authority took it. Once."""
    number = text.line(body.number, pointer="/number")
    text.refuse_identifiers(number, pointer="/number")
    by, now = actor(caller), db.now()
    await leak_reports.record(session, incident_id, body.reported_at, number, version=version, by=by, now=now)
    return await _whole(session, incident_id, caller)


@router.post(
    "/incidents/{incident_id}/resumption",
    operation_id="resume_request",
    summary="Let results be handed out again",
    response_model=IncidentOut,
    responses=_CHANGED | problems("field.inconsistent", "state.conflict", *_NUMBERS),
)
async def resume_request(
    caller: Approver, version: IfMatch, session: Unit, incident_id: IncidentId, body: ResumptionIn
) -> Response:
    """The approver's word: the request goes on, new access codes go to the contacts that were proved."""
    reason, by, now = text.free_text(body.reason, pointer="/reason").text, actor(caller), db.now()
    await incidents.resume(session, incident_id, reason, give_again=body.give_again, version=version, by=by, now=now)
    return await _whole(session, incident_id, caller)


@router.post(
    "/incidents/{incident_id}/closing",
    operation_id="close_incident",
    summary="Close an incident",
    response_model=IncidentOut,
    responses=_CHANGED | problems("incident.not_told", "incident.not_reported", "state.conflict", *_NUMBERS),
)
async def close_incident(
    caller: Approver, version: IfMatch, session: Unit, incident_id: IncidentId, body: ClosingIn
) -> Response:
    """End it with a reason: a leak once the person, and the authority where it must be, was told; or no leak."""
    reason, by, now = text.free_text(body.reason, pointer="/reason").text, actor(caller), db.now()
    await incidents.close(session, incident_id, body.found, reason, version=version, by=by, now=now)
    return await _whole(session, incident_id, caller)


async def _whole(session: Unit, incident_id: UUID, caller: Principal) -> Response:
    await session.flush()
    version, view = await incident_views.whole(session, incident_id, by=actor(caller), now=db.now())
    return JSONResponse(view, headers=versioned(version))


def _scale(body: ScaleIn) -> Scale:
    return Scale(body.subjects, tuple(dict.fromkeys(body.categories)), body.sensitive, body.outside)


def _draft(body: LeakNoticeIn) -> Draft:
    if body.to is not None and not (body.to.email or body.to.phone or body.to.address):
        raise Invalid("field.required", pointer="/to")
    return Draft(
        kind=body.kind,
        what=tuple(_word(one, f"/what/{place}") for place, one in enumerate(body.what)),
        how=text.free_text(body.how, pointer="/how").text,
        can_do=text.free_text(body.can_do, pointer="/can_do").text,
        did=text.free_text(body.did, pointer="/did").text,
        contact=_word(body.contact, "/contact") if body.contact else None,
        to=_to(body.to) if body.to else None,
    )


def _to(to: ToIn) -> To:
    return To(
        name=text.name(to.name, pointer="/to/name"),
        email=text.email(to.email, pointer="/to/email") if to.email else None,
        phone=text.phone(to.phone, pointer="/to/phone") if to.phone else None,
        postal_code=to.postal_code,
        address=_word(to.address, "/to/address") if to.address else None,
    )


def _word(value: str, pointer: str) -> str:
    text.refuse_identifiers(value, pointer=pointer)
    return text.line(value, pointer=pointer)


def _words(value: str | None, pointer: str) -> str | None:
    return text.free_text(value, pointer=pointer).text if value is not None else None
