"""Filing (요구, Act 38; Decree 41, 43, 44): the same rows, work and answer whoever the person is.

Nothing here asks whether the person is known. A request that was filed twice is linked, never closed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import numbers
from app.db import new_id, run
from app.desk import Actor, Desk, desk_of
from app.errors import Fault, Invalid
from app.law import deadline
from app.law.standing import BASIS
from app.law.terms import Capacity, Event, Right, Whose
from app.models import ReviewItem
from app.services import access_log, audit, behalf, casebook, clocks, frequency, keyring, steps
from app.services.behalf import Behalf
from app.services.scope import methods, scope_from

CHANNELS: Mapping[str, tuple[str, ...]] = {
    "website": ("web",),
    "call_center": ("phone",),
    "clerk": ("store", "visit", "post", "fax", "email"),
    "officer": ("web", "phone", "store", "visit", "post", "fax", "email", "processor"),
    "system": ("processor",),
}
_LIKE_DAYS = 30
_FILE = """
WITH earlier AS (
    SELECT id FROM request WHERE likeness = %(likeness)s AND filed_at > %(like_since)s ORDER BY filed_at LIMIT 1
), filed AS (
    INSERT INTO request (
        id, receipt_no, access_code_digest, capacity, channel, language, notify_by, filed_at, arrived_at, filer_role,
        filer_iss, filer_sub, agent, key, subject_ct, references_ct, likeness, duplicate_of, contacts, policy, identity,
        reached, version
    ) VALUES (
        %(id)s, %(receipt_no)s, %(access_code_digest)s, %(capacity)s, %(channel)s, %(language)s, %(notify_by)s,
        %(filed_at)s, %(arrived_at)s, %(filer_role)s, %(filer_iss)s, %(filer_sub)s, %(agent)s, %(key)s,
        %(subject_ct)s, %(references_ct)s, %(likeness)s, (SELECT id FROM earlier), %(contacts)s::text[], %(policy)s,
        %(identity)s, %(reached)s, %(version)s
    )
), reachable AS (
    INSERT INTO contact (request_id, digest) SELECT %(id)s, unnest(%(digests)s::bytea[])
)
INSERT INTO claim (
    id, request_id, position, "right", status, edition, due_on, internal_on, due_steps, scope, detail_ct, round,
    waiting, version
) SELECT
    id, request_id, position, "right", status, edition, due_on, internal_on, due_steps, scope, detail_ct, round,
    waiting, version
FROM jsonb_populate_recordset(NULL::claim, %(claims)s)
"""
"""A filing in one statement: the request, linked to an earlier one like it; its contacts; its claims."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One right asked for: what it covers (no personal data) and what was said of it (sealed)."""

    right: Right
    scope: dict[str, Any]
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing, normalised."""

    channel: str
    subject: dict[str, Any]
    asks: tuple[Ask, ...]
    notify_by: str
    language: str
    arrived_at: datetime | None = None
    references: dict[str, str] = field(default_factory=dict)
    behalf: Behalf | None = None
    """The guardian or delegate who asks; None for oneself."""
    filer_name: str | None = None
    """The name of the member of staff who types it in, where their token says one."""

    @property
    def capacity(self) -> Capacity:
        """In what capacity this is asked (Act 38(1)(2))."""
        return self.behalf.capacity if self.behalf else Capacity.SELF


@dataclass(frozen=True, slots=True)
class Filed:
    """What the filer is told."""

    request_id: UUID
    receipt_no: str
    access_code: str | None
    filed_at: datetime
    arrived_at: datetime
    claims: list[dict[str, Any]]
    next_steps: list[dict[str, Any]]
    anchor: audit.Anchor
    version: int = 1


async def file(session: AsyncSession, filing: Filing, *, by: Actor, now: datetime) -> Filed:
    """Take a request in: number it, start a clock for each right, seal it, write it down."""
    desk = desk_of(session)
    arrived_at = check(desk, filing, by=by, now=now)
    request_id = new_id()
    key = keyring.make(session, request_id)
    # Whoever asks for somebody else has something to show first, whether or not the register knows them.
    begun = Event.FILE if filing.behalf is None else Event.FILE_INCOMPLETE
    claims = [
        _claim(desk, request_id, key, position, ask, arrived_at, begun)
        for position, ask in enumerate(filing.asks, start=1)
    ]
    access_code = numbers.access_code() if by.role == "website" else None
    row = _request_row(desk, request_id, key, filing, arrived_at, access_code, by=by, now=now)
    await run(
        session,
        _FILE,
        row
        | {
            "like_since": now - timedelta(days=_LIKE_DAYS),
            "digests": list(_digests(desk, filing)),
            "claims": json.dumps(claims, default=_in_json, ensure_ascii=False),
        },
    )
    if any(ask.scope.get("media") for ask in filing.asks):
        await casebook.begin(session, request_id, begun, now=now)
    caller_number = filing.references.get("caller_number")
    if filing.behalf is not None:
        arrived_on = deadline.seoul_date(arrived_at)
        behalf.record(session, request_id, filing.behalf, caller_number)
        flags = behalf.flags(filing.behalf, filing.filer_name, arrived_on)
        session.add_all(ReviewItem(id=new_id(), request_id=request_id, kind=kind, at=now) for kind in flags)
    await frequency.watch(
        session,
        request_id,
        claims[0]["id"],
        behalf=filing.behalf,
        caller_number=caller_number,
        subject=filing.subject,
        now=now,
    )
    rights = [ask.right.value for ask in filing.asks]
    facts = {"channel": filing.channel, "capacity": filing.capacity.value, "rights": rights}
    audit.note(session, "request.file", by=by, now=now, request_id=request_id, facts=facts)
    access_log.touch(session, request_id=request_id)
    anchor = await audit.append(session)
    assert anchor is not None
    return Filed(
        request_id=request_id,
        receipt_no=row["receipt_no"],
        access_code=access_code,
        filed_at=now,
        arrived_at=arrived_at,
        claims=claims,
        next_steps=_next_steps(desk, filing),
        anchor=anchor,
    )


def check(desk: Desk, filing: Filing, *, by: Actor, now: datetime) -> datetime:
    """What can be judged without knowing the person; returns the moment of arrival."""
    faults: list[Fault] = []
    if filing.channel not in CHANNELS[by.role]:
        faults.append(Fault("/channel", "field.value"))
    arrived_at = filing.arrived_at or now
    if filing.arrived_at is not None:
        if by.role == "website":
            faults.append(Fault("/arrived_at", "field.inconsistent"))
        elif not now - timedelta(days=desk.policy.settled.arrival_days) <= arrived_at <= now:
            faults.append(Fault("/arrived_at", "field.value"))
    faults += [
        Fault(f"/{name}", "field.inconsistent")
        for name in ("caller_number", "recording_ref")
        if name in filing.references and by.role != "call_center"
    ]
    # A letter goes to the one address that is asked for: of a guardian or delegate there is none.
    told = {**behalf.told(filing.behalf, filing.subject), "address": filing.subject.get("address")}
    needed = {"email": "email", "sms": "phone", "phone": "phone", "post": "address"}.get(filing.notify_by)
    if needed is not None and not told.get(needed):
        faults.append(Fault("/notify_by", "field.inconsistent"))
    # Paper needs somewhere to go.
    faults += [
        Fault(f"/claims/{place}/delivery", "field.inconsistent")
        for place, ask in enumerate(filing.asks)
        if ask.scope.get("delivery") == "post" and not filing.subject.get("address")
    ]
    asked = [ask.right for ask in filing.asks]
    faults += behalf.faults(desk, filing.behalf, filing.subject, asked, deadline.seoul_date(arrived_at))
    if faults:
        raise Invalid(faults[0].code, basis=BASIS.get(faults[0].code), faults=tuple(faults))
    return arrived_at


def _claim(
    desk: Desk, request_id: UUID, key: bytes, position: int, ask: Ask, arrived_at: datetime, begun: Event
) -> dict[str, Any]:
    arrived_on = deadline.seoul_date(arrived_at)
    edition = desk.rulebook.at(arrived_on)
    clock = deadline.due(
        arrived_on,
        edition.days[ask.right],
        desk.closed,
        basis=edition.basis[ask.right],
        margin=desk.policy.settled.internal_margin_working_days,
    )
    claim_id = new_id()
    return {
        "id": claim_id,
        "request_id": request_id,
        "position": position,
        "right": ask.right.value,
        "status": casebook.admitted(begun).value,
        "edition": edition.id,
        "due_on": clock.due_on,
        "internal_on": clock.internal_on,
        "due_steps": clocks.stored(clock),
        "scope": ask.scope,
        "detail_ct": _seal(desk, request_id, key, "claim.detail", claim_id, ask.detail) if ask.detail else None,
        "round": 1,
        "waiting": [],
        "version": 1,
    }


def _request_row(
    desk: Desk,
    request_id: UUID,
    key: bytes,
    filing: Filing,
    arrived_at: datetime,
    access_code: str | None,
    *,
    by: Actor,
    now: datetime,
) -> dict[str, Any]:
    return {
        "id": request_id,
        "receipt_no": numbers.receipt_no(),
        "access_code_digest": desk.keys.digest(f"access_code|{access_code}") if access_code else None,
        "capacity": filing.capacity.value,
        "channel": filing.channel,
        "language": filing.language,
        "notify_by": filing.notify_by,
        "filed_at": now,
        "arrived_at": arrived_at,
        "filer_role": by.role,
        "filer_iss": by.iss,
        "filer_sub": by.sub,
        "agent": by.agent,
        "key": key,
        "subject_ct": _seal(desk, request_id, key, "request.subject", request_id, filing.subject),
        "references_ct": _seal(desk, request_id, key, "request.references", request_id, _references(filing)),
        "likeness": _likeness(desk, filing),
        "contacts": behalf.contacts(filing.subject),
        "policy": desk.policy.id,
        "identity": "none",
        "reached": "none",
        "version": 1,
    }


def _seal(desk: Desk, request_id: UUID, key: bytes, column: str, row: UUID, value: Any) -> bytes:
    dek = desk.keys.unwrap(key, aad=f"request.key|{request_id}".encode())
    return desk.keys.seal_json(dek, value, f"{column}|{row}")


def _references(filing: Filing) -> dict[str, str]:
    """What the filer noted; the number that a guardian or delegate called from is theirs and lies with their data."""
    apart = ("caller_number",) if filing.behalf else ()
    return {name: value for name, value in filing.references.items() if name not in apart}


def _digests(desk: Desk, filing: Filing) -> set[bytes]:
    return {
        desk.handle(kind, filing.subject[kind])
        for kind in ("phone", "email", "customer_no")
        if filing.subject.get(kind)
    }


def _likeness(desk: Desk, filing: Filing) -> bytes:
    """The same person asking for the same things gives the same keyed hash; two parents of one child do not."""
    who = [filing.subject.get(one) for one in ("name", "phone", "email", "customer_no")]
    if filing.behalf is not None:
        asking = filing.behalf.requester
        who += [filing.capacity, *(asking[one] for one in ("name", "birth_date", "phone", "email"))]
    what = [[ask.right.value, ask.scope, ask.detail] for ask in filing.asks]
    return desk.keys.lookup("likeness", json.dumps([who, what], sort_keys=True, ensure_ascii=False))


def _next_steps(desk: Desk, filing: Filing) -> list[dict[str, Any]]:
    scopes = [scope_from(ask.right, ask.scope) for ask in filing.asks]
    subject, asking = behalf.contacts(filing.subject), filing.behalf
    if asking is None:
        return [steps.prove(Whose.SUBJECT, methods(desk, subject, scopes))]
    requester = behalf.contacts(asking.requester)
    return steps.for_another(
        desk, asking.capacity, asking.relationship, subject=subject, requester=requester, scopes=scopes
    )


def _in_json(value: UUID | date | bytes) -> str:
    """What JSON has no word for, as PostgreSQL reads it."""
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)
