"""Incidents: an answer to the wrong person, its 72-hour clock, what was called back, how it ended (Act 34, G6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.errors import Conflict, Fault, Invalid
from app.law import deadline, incident
from app.law.terms import Edition, Right
from app.models import Claim, Incident, Package, ReviewItem
from app.services import (
    casebook,
    disclosure,
    incident_clock,
    incident_notices,
    keyring,
    recalling,
    thawing,
    visibility,
)
from app.services.casebook import Case
from app.services.incident_case import edition_of, note, opened, refuse_closed
from app.services.scope import categories_of

OPENED = "incident.open"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much it is: how many people, what categories, whether sensitive, whether somebody broke in."""

    subjects: int
    categories: tuple[str, ...]
    sensitive: bool
    outside: bool


async def open_(
    session: AsyncSession,
    request_id: UUID,
    kind: str,
    known_at: datetime,
    scale: Scale,
    account: str | None,
    *,
    by: Actor,
    now: datetime,
) -> Incident:
    """Open an incident, and call back whatever of this request can still be fetched, in the same transaction."""
    await visibility.visible(session, request_id, by)
    if known_at > now:
        raise Invalid("field.value", pointer="/known_at")
    _known(session, scale.categories)
    case = await casebook.open_request(session, request_id)
    return await _open(session, case, kind, known_at, scale, account, by=by, now=now)


async def open_by_itself(session: AsyncSession, case: Case, *, now: datetime) -> None:
    """A request ruled void whose answer was fetched: the ruling is the moment from which it is known."""
    open_already = select(col(Incident.id)).where(
        col(Incident.request_id) == case.request.id, col(Incident.state) == "open"
    )
    if (await session.execute(open_already)).first() is not None:
        return
    out = await recalling.handed_out(session, case.request.id)
    if not out:
        return
    policy = desk_of(session).policy
    told = {one["claim_id"] for one in out}
    touched = [name for claim in case.claims if str(claim.id) in told for name in categories_of(policy, claim)]
    scale = Scale(1, tuple(dict.fromkeys(touched)), sensitive=False, outside=False)
    await _open(session, case, "wrong_recipient", now, scale, None, by=MACHINE, now=now)


async def amend(
    session: AsyncSession,
    incident_id: UUID,
    scale: Scale,
    account: str | None,
    *,
    version: int,
    by: Actor,
    now: datetime,
) -> Incident:
    """What is known of it now. The clock stays where it began; whether it is reported is judged anew."""
    case, row = await opened(session, incident_id, version)
    refuse_closed(row)
    _known(session, scale.categories)
    row.subjects, row.categories = scale.subjects, list(scale.categories)
    row.sensitive, row.outside = scale.sensitive, scale.outside
    row.must_report = _must_report(edition_of(session, row), scale)
    row.account_ct = keyring.seal(session, case.request, "incident.account", row.id, account) if account else None
    note(session, case, row, "incident.amend", by=by, now=now, facts=_facts(row))
    return row


async def resume(
    session: AsyncSession,
    incident_id: UUID,
    reason: str,
    *,
    give_again: bool,
    version: int,
    by: Actor,
    now: datetime,
) -> Incident:
    """An approver's word that results may be handed out again: to the contacts that were proved, by new codes."""
    case, row = await opened(session, incident_id, version)
    if row.resumed_at is not None or await thawing.is_stopped(session, case.request):
        raise Conflict("state.conflict")
    if give_again and row.kind == "wrong_contents":
        # What the holders returned is what was wrong: the same would be handed out again.
        raise Invalid("field.inconsistent", pointer="/give_again")
    row.resumed_at, row.resumed_by = now, by.id
    row.resumed_ct = keyring.seal(session, case.request, "incident.resumed", row.id, reason)
    note(session, case, row, "incident.resume", by=by, now=now, facts={"give_again": give_again})
    recalled_at = case.request.recalled_at
    if await thawing.thaw(session, case.request):
        await thawing.go_on(session, case, by=by, now=now)
        if give_again and recalled_at is not None:
            await _give_again(session, case, recalled_at, now)
    return row


async def close(
    session: AsyncSession, incident_id: UUID, found: str, reason: str, *, version: int, by: Actor, now: datetime
) -> Incident:
    """End it: the person told and the authority where it must be, or it was no leak after all."""
    case, row = await opened(session, incident_id, version)
    refuse_closed(row)
    if found == "leak" and row.told_at is None:
        raise Conflict("incident.not_told")
    if found == "leak" and row.must_report and row.reported_at is None:
        raise Conflict("incident.not_reported")
    row.state, row.found, row.closed_at, row.closed_by = "closed", found, now, by.id
    row.closing_ct = keyring.seal(session, case.request, "incident.closing", row.id, reason)
    note(session, case, row, "incident.close", by=by, now=now, facts={"found": found})
    return row


async def _open(
    session: AsyncSession,
    case: Case,
    kind: str,
    known_at: datetime,
    scale: Scale,
    account: str | None,
    *,
    by: Actor,
    now: datetime,
) -> Incident:
    edition = _in_force(session, known_at)
    row = Incident(
        id=new_id(),
        request_id=case.request.id,
        kind=kind,
        edition=edition.id,
        known_at=known_at,
        due_at=incident.due_at(known_at, edition.leak),
        subjects=scale.subjects,
        categories=list(scale.categories),
        sensitive=scale.sensitive,
        outside=scale.outside,
        must_report=_must_report(edition, scale),
        at=now,
        by_role=by.role,
        by_iss=by.iss,
        by_sub=by.sub,
    )
    if account is not None:
        row.account_ct = keyring.seal(session, case.request, "incident.account", row.id, account)
    session.add(row)
    session.add(ReviewItem(id=new_id(), request_id=case.request.id, kind=OPENED, at=now))
    await session.flush()
    note(session, case, row, OPENED, by=by, now=now, facts=_facts(row))
    row.recalled = await recalling.recall(session, case, by=by, now=now)
    incident_notices.begin(session, case, row, now=now)
    await incident_clock.announce(session, case.request, row, now=now)
    return row


def _in_force(session: AsyncSession, known_at: datetime) -> Edition:
    try:
        return desk_of(session).rulebook.at(deadline.seoul_date(known_at))
    except LookupError:
        # Nobody files today what was known before the first edition: the date is wrong.
        raise Invalid("field.value", pointer="/known_at") from None


def _must_report(edition: Edition, scale: Scale) -> bool:
    return incident.must_report(edition.leak, subjects=scale.subjects, sensitive=scale.sensitive, outside=scale.outside)


def _facts(row: Incident) -> dict[str, object]:
    return {
        "kind": row.kind,
        "known_at": row.known_at.isoformat(),
        "due_at": row.due_at.isoformat(),
        "subjects": row.subjects,
        "categories": list(row.categories),
        "sensitive": row.sensitive,
        "outside": row.outside,
        "must_report": row.must_report,
    }


def _known(session: AsyncSession, categories: Iterable[str]) -> None:
    """Only categories that the policy names."""
    policy = desk_of(session).policy
    faults = [
        Fault(f"/categories/{place}", "field.value")
        for place, one in enumerate(categories)
        if one not in policy.categories
    ]
    if faults:
        raise Invalid("field.value", faults=tuple(faults))


async def _give_again(session: AsyncSession, case: Case, recalled_at: datetime, now: datetime) -> None:
    """Build anew what was called back, from what the holders had returned."""
    for claim in case.claims:
        if claim.right == Right.ACCESS and await _was_called_back(session, claim, recalled_at):
            await disclosure.give_again(session, case, claim, now=now)


async def _was_called_back(session: AsyncSession, claim: Claim, recalled_at: datetime) -> bool:
    mine = select(col(Package.id)).where(
        col(Package.claim_id) == claim.id,
        col(Package.round) == claim.round,
        col(Package.destroyed_at) == recalled_at,
    )
    return (await session.execute(mine.limit(1))).first() is not None
