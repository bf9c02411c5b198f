"""Stops to use and provision, by field and by purpose (Act 36(2), 37(2), 21(3); policy 8.7, 8.8)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crashpoints import crashpoint
from app.db import new_id
from app.desk import desk_of
from app.law.terms import ItemOutcome, Right
from app.models import Claim, Decision, Hold, HoldKey, Request
from app.services import keyring

DECIDED = ("suspended", "consent_withdrawn", "kept_by_law")
"""What a decision begins; one that is made anew replaces it."""
_BASIS = {
    "correction_pending": "처리방침 8장 7",
    "suspended": "법 37②",
    "consent_withdrawn": "법 37③",
    "kept_by_law": "법 21③",
}


async def place(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> None:
    """Hold what this claim asks to have held: the fields under correction, or the purposes it stops."""
    if request.person_ct is None:
        return
    match Right(claim.right):
        case Right.CORRECTION:
            for category, fields in _fields_by_category(claim.scope["changes"]).items():
                add(session, request, claim, "correction_pending", category, now, fields=fields)
        case Right.SUSPENSION:
            await _stop_purposes(session, request, claim, "suspended", now)
        case Right.CONSENT_WITHDRAWAL:
            await _stop_purposes(session, request, claim, "consent_withdrawn", now)
        case _:
            return
    await session.flush()
    crashpoint("hold.before_commit")


def add(
    session: AsyncSession,
    request: Request,
    claim: Claim,
    kind: str,
    category: str,
    now: datetime,
    *,
    fields: list[str] | None = None,
    purposes: list[str] | None = None,
) -> Hold:
    """Hold a category, or some of its fields or purposes, under every handle by which a system may ask."""
    hold = Hold(
        id=new_id(),
        claim_id=claim.id,
        kind=kind,
        category=category,
        fields=fields,
        purposes=purposes,
        basis=_BASIS[kind],
        since=now,
    )
    session.add(hold)
    desk = desk_of(session)
    keys = {desk.handle(*one): desk.feed_digest(*one) for one in _handles(session, request)}
    session.add_all(HoldKey(hold_id=hold.id, digest=digest, feed_digest=feed) for digest, feed in keys.items())
    return hold


async def lift(session: AsyncSession, claim: Claim, *, kinds: Iterable[str] | None, now: datetime) -> None:
    """Lift this claim's own holds, of these kinds or all; footage is released by itself, not with the answer."""
    lifting = update(Hold).where(col(Hold.claim_id) == claim.id, col(Hold.lifted_at).is_(None)).values(lifted_at=now)
    which = col(Hold.kind) != "preserved" if kinds is None else col(Hold.kind).in_(list(kinds))
    lifting = lifting.where(which)
    await session.flush()
    await session.execute(lifting)


async def narrow(session: AsyncSession, request: Request, claim: Claim, *, now: datetime) -> None:
    """Hold of a correction only what will be corrected: what was refused may be used again (policy 8.7)."""
    decision = await effective(session, claim)
    if claim.right != Right.CORRECTION or decision is None or request.person_ct is None:
        return
    granted = {item["item"] for item in decision.items if item["outcome"] == ItemOutcome.GRANT}
    asked = claim.scope["changes"]
    left = [one for one in asked if f"{one['category']}.{one['field']}" in granted]
    if len(left) < len(asked):
        await lift(session, claim, kinds=("correction_pending",), now=now)
        for category, fields in _fields_by_category(left).items():
            add(session, request, claim, "correction_pending", category, now, fields=fields)


async def lift_one(session: AsyncSession, hold_id: UUID, *, now: datetime) -> None:
    """Lift one hold whose own cause has ended."""
    await session.execute(update(Hold).where(col(Hold.id) == hold_id).values(lifted_at=now))


async def stopped(session: AsyncSession, request: Request, category: str, kinds: Iterable[str]) -> set[str]:
    """The purposes of a category that this person has had stopped, by this claim or any other (Act 37(2)(3))."""
    await session.flush()
    same = col(Request.id) == request.id
    if request.subject_digest is not None:
        same = same | (col(Request.subject_digest) == request.subject_digest)
    mine = (
        select(col(Hold.purposes))
        .join(Claim, col(Claim.id) == col(Hold.claim_id))
        .join(Request, col(Request.id) == col(Claim.request_id))
        .where(
            col(Hold.category) == category,
            col(Hold.kind).in_(list(kinds)),
            col(Hold.lifted_at).is_(None),
            same,
        )
    )
    return {purpose for purposes in (await session.execute(mine)).scalars() for purpose in purposes or ()}


async def effective(session: AsyncSession, claim: Claim) -> Decision | None:
    """The decision in force in this round."""
    await session.flush()
    found = select(Decision).where(
        col(Decision.claim_id) == claim.id, col(Decision.round) == claim.round, col(Decision.state) == "effective"
    )
    return (await session.execute(found)).scalar_one_or_none()


def digests(session: AsyncSession, request: Request) -> set[bytes]:
    """The keyed hashes of every handle by which a system may know the person, also under look-up keys of before.

    What a system said of somebody who had asked nothing yet lies under the key of that day.
    """
    return {digest for one in _handles(session, request) for digest in desk_of(session).handles(*one)}


def _handles(session: AsyncSession, request: Request) -> set[tuple[str, str]]:
    """Customer number and their own contacts on record."""
    person = keyring.person(session, request)
    assert person is not None
    handles = {("customer_no", person["subject_ref"])} if person["subject_ref"] else set()
    return handles | {(one["kind"], one["value"]) for one in person["contacts"] if one["holder"] == "subject"}


async def _stop_purposes(session: AsyncSession, request: Request, claim: Claim, kind: str, now: datetime) -> None:
    decision = await effective(session, claim)
    by_category: dict[str, list[str]] = {}
    for item in decision.items if decision else []:
        if item["outcome"] == ItemOutcome.GRANT:
            category, _, purpose = item["item"].partition(".")
            by_category.setdefault(category, []).extend([purpose] if purpose else [])
    for category, purposes in sorted(by_category.items()):
        # What has no purpose of its own is stopped whole.
        add(session, request, claim, kind, category, now, purposes=purposes or None)


def _fields_by_category(changes: list[dict[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for change in changes:
        grouped.setdefault(change["category"], []).append(change["field"])
    return grouped
