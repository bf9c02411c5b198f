"""An officer's review of a paper (Decree 45(2), 46(1); policy 8.3, 9.3): seen line by line, then accepted or not.

Whoever handed a paper in does not review it. What is refused, or shows a number that we must not have (Act 24-2), is
destroyed in the same transaction.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import Actor, desk_of
from app.errors import Conflict, Fault, Forbidden, Invalid, Stale
from app.law import deadline
from app.law import review as law
from app.law.controller import Document, Policy
from app.law.terms import Capacity, Event, Right, Status
from app.models import Evidence, Mandate, Request
from app.services import audit, casebook, disposal, evidence, keyring, supplements
from app.services.casebook import Case

_UNDECIDED = (Status.RECEIVED, Status.AWAITING_EVIDENCE, Status.VERIFIED, Status.POSTPONED)
_ENDED = (Status.CLOSED, Status.WITHDRAWN, Status.LAPSED)


@dataclass(frozen=True, slots=True)
class Seen:
    """What an officer saw on a paper."""

    result: Literal["accepted", "refused", "number_visible"]
    checklist: tuple[str, ...]
    issued_on: date | None = None
    issuer_number: str | None = None
    rights: tuple[Right, ...] | None = None
    """Of a mandate: the rights ticked on it, where these are not those that were stated."""
    note: str | None = None


async def review(
    session: AsyncSession, evidence_id: UUID, seen: Seen, *, version: int, by: Actor, now: datetime
) -> tuple[Request, Evidence]:
    """Take a paper or refuse it, once, on the version that was looked at."""
    request, _ = await evidence.one(session, evidence_id, by=by)
    case = await casebook.open_request(session, request.id)
    paper = await session.get_one(Evidence, evidence_id, with_for_update=True, populate_existing=True)
    _refuse_unreviewable(paper, by)
    if paper.version != version:
        raise Stale("precondition.failed")
    document = desk_of(session).policy.documents[paper.kind]
    rights = await _checked(session, case, paper, document, seen, now)
    paper.reviewed_at, paper.reviewed_by_iss, paper.reviewed_by_sub = now, by.iss, by.sub
    paper.checklist, paper.issued_on = list(dict.fromkeys(seen.checklist)), seen.issued_on
    paper.review_ct = _sealed(session, case.request, paper, seen)
    facts = {"evidence": str(paper.id), "kind": paper.kind, "result": seen.result}
    audit.note(session, "evidence.review", by=by, now=now, request_id=case.request.id, facts=facts)
    if seen.result == "accepted":
        paper.state, paper.version = "accepted", paper.version + 1
        await _go_on(session, case, rights, by=by, now=now)
    else:
        await disposal.destroy_paper(session, paper, state=seen.result, cause=seen.result, by=by, now=now)
        await supplements.ask_again(session, case, paper, now=now)
    return case.request, paper


def _refuse_unreviewable(paper: Evidence, by: Actor) -> None:
    if paper.reviewed_at is not None:
        raise Conflict("evidence.already_reviewed")
    if paper.destroyed_at is not None:
        raise Conflict("evidence.destroyed")
    if paper.state == "scan_pending":
        raise Conflict("evidence.scan_pending")
    if (paper.uploaded_by_iss, paper.uploaded_by_sub) == (by.iss, by.sub):
        raise Forbidden("approval.same_person")


async def _checked(
    session: AsyncSession, case: Case, paper: Evidence, document: Document, seen: Seen, now: datetime
) -> list[str] | None:
    """Whether this may be the result; returns what the mandate comes to, where the paper says less than was stated."""
    faults = law.unknown_questions(document, seen.checklist)
    rights = None
    if seen.rights is not None and not _is_mandate(desk_of(session).policy, case.request, paper):
        faults = (*faults, Fault("/rights", "field.inconsistent"))
    if seen.result == "accepted":
        if all(claim.status in _ENDED for claim in case.claims):
            raise Conflict("claim.closed")
        faults += law.faults(
            document,
            seen.checklist,
            issued_on=seen.issued_on,
            issuer_number=seen.issuer_number,
            handed_in_on=deadline.seoul_date(paper.at),
            on=deadline.seoul_date(now),
        )
        if seen.rights is not None and not faults:
            mandate = await session.get_one(Mandate, case.request.id)
            rights = law.narrowed(mandate.rights, seen.rights)
            faults += () if rights else (Fault("/rights", "mandate.scope"),)
    if faults:
        raise Invalid(faults[0].code, faults=faults)
    return rights


def _is_mandate(policy: Policy, request: Request, paper: Evidence) -> bool:
    """Whether this kind of paper is what a delegate stands on."""
    asked = (rule.documents for rule in policy.proofs if rule.capacity is Capacity.DELEGATE)
    return request.capacity == Capacity.DELEGATE and any(paper.kind in kinds for kinds in asked)


async def _go_on(session: AsyncSession, case: Case, rights: list[str] | None, *, by: Actor, now: datetime) -> None:
    if rights is not None:
        await _narrow(session, case, rights, by=by, now=now)
    await session.flush()
    await supplements.close_met(session, case.request, now=now)
    await casebook.advance(session, case, by=by, now=now)


async def _narrow(session: AsyncSession, case: Case, rights: list[str], *, by: Actor, now: datetime) -> None:
    """A mandate gives what is ticked on it and no more: what was asked beyond that ends (Decree 45(2))."""
    mandate = await session.get_one(Mandate, case.request.id, with_for_update=True)
    if mandate.rights == rights:
        return
    mandate.rights = rights
    facts = {"rights": rights}
    audit.note(session, "mandate.narrow", by=by, now=now, request_id=case.request.id, facts=facts)
    for claim in case.claims:
        if claim.right not in rights and claim.status in _UNDECIDED:
            cause = {"cause": "mandate.scope"}
            await casebook.record(session, case, claim, Event.LAPSE, by=by, now=now, facts=cause)


def _sealed(session: AsyncSession, request: Request, paper: Evidence, seen: Seen) -> bytes | None:
    words = {"issuer_number": seen.issuer_number, "note": seen.note}
    if not any(words.values()):
        return None
    return keyring.seal(session, request, "evidence.review", paper.id, words)
