"""What was frozen goes on where it stood (C3): once nobody's stop code and no incident holds it any more."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor
from app.jobs import Job, defer
from app.law.terms import Status
from app.models import Claim, Freeze, Incident, Notice, Proof, Request
from app.services import access_codes, casebook, parties
from app.services.casebook import Case


async def is_stopped(session: AsyncSession, request: Request) -> bool:
    """Whether somebody's stop code holds it: not ruled on yet, or ruled void, and then for good."""
    stopped = select(col(Freeze.id)).where(
        col(Freeze.request_id) == request.id, col(Freeze.result).is_(None) | (col(Freeze.result) == "void")
    )
    return (await session.execute(stopped.limit(1))).first() is not None


async def thaw(session: AsyncSession, request: Request) -> bool:
    """Let it go, unless a stop code holds it, or an incident for which no approver has said go on."""
    leaked = select(col(Incident.id)).where(col(Incident.request_id) == request.id, col(Incident.resumed_at).is_(None))
    if await is_stopped(session, request) or (await session.execute(leaked.limit(1))).first() is not None:
        return False
    request.frozen_at = None
    return True


async def go_on(session: AsyncSession, case: Case, *, by: Actor, now: datetime) -> None:
    """Whatever found it frozen is done now; whose access code was called back gets a new one."""
    if case.request.recalled_at is not None:
        await access_codes.renew(session, await parties.read(session, case.request), now=now)
    await casebook.advance(session, case, by=by, now=now)
    unjudged = select(col(Proof.id)).where(col(Proof.request_id) == case.request.id, col(Proof.judged_at).is_(None))
    for proof_id in (await session.execute(unjudged)).scalars():
        await defer(session, Job("identify", {"proof_id": str(proof_id)}))
    for claim in case.claims:
        await casebook.settle(session, case, claim, now=now)
        for name in await _waiting(session, claim):
            await defer(session, Job(name, {"claim_id": str(claim.id)}))


async def _waiting(session: AsyncSession, claim: Claim) -> list[str]:
    """The jobs that found this claim frozen; each sees for itself whether there is anything to do."""
    match Status(claim.status):
        case Status.VERIFIED:
            return ["assess"]
        case Status.CARRIED_OUT | Status.REFUSED:
            return ["conclude"]
        case Status.APPROVED:
            told = select(col(Notice.id)).where(
                col(Notice.claim_id) == claim.id, col(Notice.round) == claim.round, col(Notice.kind) == "interim"
            )
            untold = claim.reported_open_at is not None and (await session.execute(told)).first() is None
            return ["plan_again"] * bool(claim.waiting) + ["report_open"] * untold
        case _:
            return []
