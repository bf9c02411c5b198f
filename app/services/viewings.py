"""The ledger of footage (개인영상정보 관리대장; policy 14.8): who saw, copied or destroyed what, when and for what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor
from app.errors import Conflict, Invalid, NotFound
from app.law import deadline
from app.law.footage import Window
from app.law.terms import FootageKind, Outcome
from app.models import Claim, Footage, Request, Viewing
from app.services import access_log, casebook, footage, keyring
from app.services.arranging import BASIS
from app.services.scope import is_media

ByHand = Literal["view", "copy", "provide", "destroy"]
"""What people do at the recorder; the rest is written when its holder reports it."""
_SHOWN = ("view", "copy", "provide")
_GIVEN = ("copy", "provide")
_STAFF = ("officer", "approver")


@dataclass(frozen=True, slots=True)
class Seen:
    """One line as somebody writes it down: of which film, what was done, for what, before whom, when."""

    act: ByHand
    file: str
    purpose: str
    viewer: str
    seen_at: datetime
    masked: bool
    identity_checked: bool
    form: str | None = None
    window: Window | None = None
    """Which stretch of it; all that was asked for where it is not said."""


async def add(session: AsyncSession, claim_id: UUID, seen: Seen, *, by: Actor, now: datetime) -> Viewing:
    """Write down what was done with the footage, after it was granted and by whoever did it."""
    await _visible(session, claim_id, by)
    case, claim = await casebook.open(session, claim_id)
    row = await session.get_one(Footage, claim_id)
    access_log.touch(session, request_id=case.request.id, subject_digest=case.request.subject_digest)
    _check(seen, row, claim, now)
    if seen.act in _SHOWN:
        casebook.refuse_frozen(case.request)
    details = {
        "file": seen.file,
        "purpose": seen.purpose,
        "viewer": seen.viewer,
        "form": seen.form,
        "identity_checked": seen.identity_checked,
    }
    return footage.record(
        session,
        case.request,
        row,
        seen.act,
        details,
        by=by,
        now=now,
        window=seen.window,
        masked=seen.masked,
        seen_at=seen.seen_at,
    )


async def one(session: AsyncSession, line: Viewing) -> dict[str, Any]:
    """A line just written, as it is read."""
    return shown(session, await session.get_one(Request, line.request_id), line)


async def listed(session: AsyncSession, claim_id: UUID, *, by: Actor) -> list[dict[str, Any]]:
    """Every line of one claim, in the order in which they were written."""
    request = await _visible(session, claim_id, by)
    access_log.touch(session, request_id=request.id, subject_digest=request.subject_digest)
    mine = select(Viewing).where(col(Viewing.claim_id) == claim_id).order_by(col(Viewing.id))
    return [shown(session, request, line) for line in (await session.execute(mine)).scalars()]


def shown(session: AsyncSession, request: Request, line: Viewing) -> dict[str, Any]:
    """A line as it is read, opened."""
    said = {}
    if line.details_ct is not None:
        said = keyring.unseal(session, request, "viewing.details", line.id, line.details_ct)
    return {
        "id": str(line.id),
        "claim_id": str(line.claim_id),
        "site": str(line.site_id),
        "act": line.act,
        "recorded_from": deadline.seoul_time(line.recorded_from).isoformat(),
        "recorded_to": deadline.seoul_time(line.recorded_to).isoformat(),
        **{name: said.get(name) for name in ("file", "purpose", "viewer", "form", "reason", "identity_checked")},
        "masked": line.masked,
        "seen_at": deadline.seoul_time(line.seen_at).isoformat(),
        "written_at": deadline.seoul_time(line.at).isoformat(),
        "written_by": line.by_role,
    }


async def _visible(session: AsyncSession, claim_id: UUID, by: Actor) -> Request:
    """The request of a claim for footage: for staff, and for whoever works at its place."""
    claim = await session.get(Claim, claim_id)
    if claim is None or not is_media(claim):
        raise NotFound("claim.not_found")
    request = await session.get_one(Request, claim.request_id)
    if not (by.role in _STAFF or _is_at(claim, by) or _filed(request, by)):
        raise NotFound("claim.not_found")
    return request


def _is_at(claim: Claim, by: Actor) -> bool:
    """The recorder's own system, or a clerk whose token says that they work there."""
    site = claim.scope["media"]["site"]
    return (by.role == "system" and by.sub == site) or (by.role == "clerk" and by.site == site)


def _filed(request: Request, by: Actor) -> bool:
    """A clerk of no particular place, for what came over their own counter."""
    mine = (request.filer_role, request.filer_iss, request.filer_sub) == (by.role, by.iss, by.sub)
    return by.role == "clerk" and by.site is None and mine


def _check(seen: Seen, row: Footage, claim: Claim, now: datetime) -> None:
    if seen.seen_at > now:
        raise Invalid("field.value", pointer="/seen_at")
    whole, part = Window(row.starts_at, row.ends_at), seen.window
    if part is not None and not whole.starts_at <= part.starts_at < part.ends_at <= whole.ends_at:
        raise Invalid("field.value", pointer="/recorded_from")
    if seen.act not in _SHOWN:
        return
    granted = claim.outcome == Outcome.APPROVE and claim.granted_at is not None
    if not granted or row.kind == FootageKind.EXISTENCE or (seen.act in _GIVEN and row.kind != FootageKind.COPY):
        raise Conflict("viewing.not_granted")
    opens = claim.available_from or claim.granted_at
    if opens is not None and seen.seen_at < opens:
        raise Invalid("field.value", pointer="/seen_at")
    if not seen.identity_checked:
        raise Invalid("field.value", pointer="/identity_checked", basis="법 38, 영 46①")
    if seen.act in _GIVEN and not seen.masked:
        raise Invalid("field.value", pointer="/masked", basis=BASIS)
