"""What the person whose data it was is told (Act 34(1), 34(2)): drafted, approved by another person, sent safely.

Where no safe way is known (`safe_ways`), a person of ours tells them and writes down how.
"""

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.documents import forms
from app.documents.free import LeakNotice
from app.documents.notices import Recipient
from app.documents.tongue import hour, say, tongue_of
from app.documents.wording import leaks
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.law import deadline
from app.models import Incident, IncidentNotice, Message, Request, ReviewItem
from app.services import access_log, audit, composing, keyring, outbox, safe_ways
from app.services.casebook import Case
from app.services.incident_case import edition_of, note, opened, refuse_closed
from app.services.safe_ways import To

BY_HAND = "incident.tell_by_hand"
_ARRIVED, _CAME_BACK = ("sent", "delivered"), ("returned", "failed")


@dataclass(frozen=True, slots=True)
class Draft:
    """The five things of Act 34(1), in words for the person; `what` without any value."""

    kind: str
    what: tuple[str, ...]
    how: str
    can_do: str
    did: str
    contact: str | None = None
    to: To | None = None


def begin(session: AsyncSession, case: Case, row: Incident, *, now: datetime) -> None:
    """A draft to begin with, from what the desk knows itself: an officer writes it better."""
    tongue = tongue_of(case.request.language)
    policy = desk_of(session).policy
    what = tuple(
        f"{say(one.label, tongue)}: {', '.join(say(field.label, tongue) for field in one.fields)}"
        if one.fields
        else say(one.label, tongue)
        for one in (policy.categories[name] for name in row.categories)
    )
    how, can_do, did = (say(one, tongue) for one in (leaks.HOW[row.kind], leaks.CAN_DO, leaks.DID))
    _keep(session, case, row, Draft("leak", what, how, can_do, did), None, by=MACHINE, now=now)


async def draft(
    session: AsyncSession, incident_id: UUID, said: Draft, *, version: int, by: Actor, now: datetime
) -> Incident:
    """Write the draft anew; once it is approved it stays as it is."""
    case, row = await opened(session, incident_id, version)
    refuse_closed(row)
    if said.kind == "possible" and edition_of(session, row).leak.possible is None:
        raise Invalid("field.value", pointer="/kind")
    notice = await of(session, row)
    if notice is not None and notice.state == "approved":
        raise Conflict("state.conflict")
    if said.to is not None:
        await safe_ways.refuse(session, case.request, said.to)
    _keep(session, case, row, said, notice, by=by, now=now)
    note(session, case, row, "incident.draft", by=by, now=now, facts={"kind": said.kind})
    return row


async def approve(
    session: AsyncSession,
    incident_id: UUID,
    remark: str | None,
    *,
    agree: bool,
    version: int,
    by: Actor,
    now: datetime,
) -> Incident:
    """The second person's word: agreed it goes out by a safe way, else it goes back with a remark."""
    case, row = await opened(session, incident_id, version)
    refuse_closed(row)
    notice = await of(session, row)
    if notice is None or notice.state != "draft":
        raise Conflict("state.conflict")
    if (by.iss, by.sub) in _drafters(row, notice):
        raise Forbidden("approval.same_person")
    if remark:
        notice.note_ct = keyring.seal(session, case.request, "incident_notice.note", notice.id, remark)
    elif not agree:
        raise Invalid("approval.note_required", pointer="/note")
    if agree:
        if row.kind == "wrong_contents" and content_of(session, case.request, notice).to is None:
            # The data was not the subject's: telling them would tell the wrong person once more.
            raise Conflict("incident.person_required")
        notice.state, notice.approved_at = "approved", now
        notice.approved_by_iss, notice.approved_by_sub = by.iss, by.sub
        await _send(session, case, row, notice, now=now)
    note(session, case, row, "incident.approve" if agree else "incident.return", by=by, now=now, facts={})
    return row


async def tell(
    session: AsyncSession, incident_id: UUID, told_at: datetime, how: str, *, version: int, by: Actor, now: datetime
) -> Incident:
    """A person of ours has told them, by post, telephone, in person, or on the website where no contact is known."""
    case, row = await opened(session, incident_id, version)
    refuse_closed(row)
    notice = await of(session, row)
    if notice is None or notice.state != "approved" or notice.told_at is not None:
        raise Conflict("state.conflict")
    if not row.known_at <= told_at <= now:
        raise Invalid("field.value", pointer="/told_at")
    _told(session, case, row, notice, told_at, how, by=by, now=now)
    return row


async def unnoted(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Incidents whose notice was handed over to its carrier, or came back, since anybody looked."""
    arrived = col(IncidentNotice.told_at).is_(None) & col(Message.state).in_(_ARRIVED)
    came_back = (col(IncidentNotice.told_by) == MACHINE.id) & col(Message.state).in_(_CAME_BACK)
    found = (
        select(col(IncidentNotice.incident_id))
        .join(Message, col(Message.id) == col(IncidentNotice.message_id))
        .where(arrived | came_back)
    )
    return list((await session.execute(found.limit(500))).scalars())


async def note_told(session: AsyncSession, incident_id: UUID, *, now: datetime) -> None:
    """The carrier has it: from that moment the person counts as told, until it comes back."""
    case, row = await opened(session, incident_id, None)
    notice = await of(session, row)
    if notice is None or notice.message_id is None:
        return
    message = await session.get_one(Message, notice.message_id)
    if notice.told_at is None and message.state in _ARRIVED and message.sent_at is not None:
        _told(session, case, row, notice, message.sent_at, message.channel, by=MACHINE, now=now)
    elif notice.told_by == MACHINE.id and message.state in _CAME_BACK:
        notice.told_at = notice.told_how = notice.told_by = row.told_at = None
        note(session, case, row, "incident.untold", by=MACHINE, now=now, facts={"message": message.state})


async def of(session: AsyncSession, row: Incident) -> IncidentNotice | None:
    """The notice of an incident."""
    mine = select(IncidentNotice).where(col(IncidentNotice.incident_id) == row.id)
    return (await session.execute(mine)).scalar_one_or_none()


def content_of(session: AsyncSession, request: Request, notice: IncidentNotice) -> Draft:
    """What the draft says."""
    kept = keyring.unseal(session, request, "incident_notice.content", notice.id, notice.content_ct)
    return Draft(**{**kept, "what": tuple(kept["what"]), "to": To(**kept["to"]) if kept["to"] else None})


async def drawn(session: AsyncSession, incident_id: UUID, *, html: bool, by: Actor, now: datetime) -> bytes:
    """The notice as document, to be read, printed and posted."""
    row = await session.get(Incident, incident_id)
    notice = await of(session, row) if row is not None else None
    if row is None or notice is None:
        raise NotFound("incident.not_found")
    request = await session.get_one(Request, row.request_id)
    access_log.touch(session, request_id=request.id, subject_digest=request.subject_digest)
    facts = {"incident": str(row.id)}
    audit.note(session, "incident.notice_open", by=by, now=now, request_id=request.id, facts=facts)
    said = content_of(session, request, notice)
    told = _composed(session, request, row, said, now)
    if html:
        return forms.render_html(told).encode()
    return await asyncio.to_thread(forms.render_pdf, told)


def contact_of(session: AsyncSession, said: Draft) -> str:
    """Whom to ask: what an officer wrote, else the desk's own department."""
    policy = desk_of(session).policy
    return said.contact or f"{policy.desk.ko}, {policy.desk_phone}, {policy.desk_email}"


def _keep(
    session: AsyncSession,
    case: Case,
    row: Incident,
    said: Draft,
    notice: IncidentNotice | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    if notice is None:
        notice = IncidentNotice(
            id=new_id(),
            incident_id=row.id,
            request_id=row.request_id,
            kind=said.kind,
            content_ct=b"",
            at=now,
            drafted_by_iss=by.iss,
            drafted_by_sub=by.sub,
        )
        session.add(notice)
    notice.kind, notice.at, notice.note_ct = said.kind, now, None
    notice.drafted_by_iss, notice.drafted_by_sub = by.iss, by.sub
    notice.content_ct = keyring.seal(session, case.request, "incident_notice.content", notice.id, asdict(said))


def _drafters(row: Incident, notice: IncidentNotice) -> set[tuple[str, str]]:
    """Whose own words these are: of the machine's draft, whoever opened the incident."""
    drafter = notice.drafted_by_iss, notice.drafted_by_sub
    return {drafter, (row.by_iss, row.by_sub)} if drafter == (MACHINE.iss, MACHINE.sub) else {drafter}


def _told(
    session: AsyncSession,
    case: Case,
    row: Incident,
    notice: IncidentNotice,
    at: datetime,
    how: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    notice.told_at, notice.told_how, notice.told_by = at, how, by.id
    row.told_at = at
    facts = {"told_at": at.isoformat(), "how": how, "kind": notice.kind}
    note(session, case, row, "incident.tell", by=by, now=now, facts=facts)


async def _send(session: AsyncSession, case: Case, row: Incident, notice: IncidentNotice, *, now: datetime) -> None:
    said = content_of(session, case.request, notice)
    params = {
        "leaked": _one_line(", ".join(said.what)),
        "known_at": hour(row.known_at, tongue_of(case.request.language)),
        "how": _one_line(said.how),
        "can_do": _one_line(said.can_do),
        "did": _one_line(said.did),
        "contact": _one_line(contact_of(session, said)),
    }
    kind = "incident_possible" if notice.kind == "possible" else "incident_notice"
    safe = await safe_ways.way(session, case.request, kind, said.to, params)
    if safe is None:
        # No paper of the request's own: its address and telephone may be where the answer wrongly went.
        session.add(ReviewItem(id=new_id(), request_id=case.request.id, kind=BY_HAND, at=now))
        return
    channel, to = safe
    message = await outbox.message(session, case.request, kind, channel, {"to": to, "params": params}, now=now)
    await session.flush()
    notice.message_id = message.id


def _composed(session: AsyncSession, request: Request, row: Incident, said: Draft, now: datetime) -> LeakNotice:
    name = said.to.name if said.to else (keyring.person(session, request) or keyring.subject(session, request))["name"]
    to = said.to or To(name)
    return LeakNotice(
        receipt_no=request.receipt_no,
        sender=composing.sender(desk_of(session), tongue_of(request.language)),
        recipient=Recipient(name=name, postal_code=to.postal_code or "", address=to.address or ""),
        what=said.what,
        known_at=row.known_at,
        how=said.how,
        can_do=said.can_do,
        did=said.did,
        contact=contact_of(session, said),
        possible=said.kind == "possible",
        language=tongue_of(request.language),
        dated=deadline.seoul_date(now),
    )


def _one_line(said: str) -> str:
    return " ".join(said.split())
