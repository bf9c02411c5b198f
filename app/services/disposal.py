"""Destruction on the day (Act 21(1), 21(2); policy 9.2): papers, and the data of who asked for somebody else.

The bytes and the keys go; the row stays and says when and why, and the audit chain has an entry for each. One request,
one transaction: a sweep that dies midway has destroyed the ones before and finds the others again.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import run
from app.desk import MACHINE, Actor, Desk, desk_of
from app.law import deadline, keeping
from app.law.controller import Settled
from app.law.keeping import End
from app.law.terms import Status, Whose
from app.models import Claim, Evidence, Message, Proof, Requester
from app.services import audit, casebook, chunks, ledgering, proofs
from app.services.casebook import Case

BATCH = 200
OVER = "purpose_met"
_CANDIDATES = """
SELECT request.id FROM request
WHERE request.id > %(after)s
  AND (
    request.id IN (SELECT request_id FROM evidence WHERE destroyed_at IS NULL OR review_ct IS NOT NULL)
    OR request.id IN (SELECT request_id FROM requester WHERE destroyed_at IS NULL)
    OR request.id IN (SELECT request_id FROM task_proof WHERE destroyed_at IS NULL)
  )
  AND NOT EXISTS (
    SELECT FROM claim WHERE claim.request_id = request.id AND NOT coalesce(
      claim.status = ANY(%(ended)s) AND claim.closed_at < %(soonest)s
      AND (claim.objection_until IS NULL OR claim.objection_until < %(today)s), false)
  )
ORDER BY request.id LIMIT %(limit)s
"""
"""Requests of which something is kept although nothing moves any more; the law then says which of them are due."""
_ENDED = (Status.CLOSED, Status.WITHDRAWN, Status.LAPSED)
_FIRST = UUID(int=0)


async def sweep(desk: Desk, now: Callable[[], datetime]) -> None:
    """Destroy what is due, page by page; each request in a transaction of its own."""
    after: UUID | None = None
    while True:
        async with desk.database.transaction() as session:
            page = await candidates(session, after=after, now=now())
        for after in page:
            async with desk.database.transaction() as session:
                await settle(session, after, now=now())
        if len(page) < BATCH:
            return


async def candidates(session: AsyncSession, *, after: UUID | None, now: datetime) -> list[UUID]:
    """A page of requests that have ended and still have something to destroy."""
    settled = desk_of(session).policy.settled
    values = {
        "after": after or _FIRST,
        "ended": [one.value for one in _ENDED],
        "soonest": now - timedelta(days=settled.unconfirmed_days),
        "today": deadline.seoul_date(now),
        "limit": BATCH,
    }
    return [row.id for row in await run(session, _CANDIDATES, values)]


async def settle(session: AsyncSession, request_id: UUID, *, now: datetime) -> int:
    """Destroy what of this request is due; returns how many things that were."""
    case = await casebook.open_request(session, request_id)
    settled, on, ends = desk_of(session).policy.settled, deadline.seoul_date(now), _ends(case.claims)
    destroyed = 0
    if keeping.destroyed_from(keeping.evidence_until(ends, settled), on):
        destroyed += await _papers(session, case, now=now)
        destroyed += await proofs.destroy(session, case.request.id, by=MACHINE, now=now)
    if keeping.destroyed_from(_requester_until(case, ends, settled), on):
        destroyed += await destroy_requester(session, case, now=now)
    return destroyed


async def destroy_paper(
    session: AsyncSession, paper: Evidence, *, state: str, cause: str, by: Actor, now: datetime
) -> None:
    """Destroy the copy of a paper and its name; what is known of it afterwards is that it was there."""
    await chunks.drop(session, paper.id)
    paper.name_ct, paper.scan_at = None, None
    paper.state, paper.destroyed_at, paper.destroyed_cause = state, now, cause
    paper.version += 1
    facts = {"evidence": str(paper.id), "kind": paper.kind, "cause": cause}
    audit.note(session, "evidence.destroy", by=by, now=now, request_id=paper.request_id, facts=facts)
    await ledgering.follow(session, "evidence", paper.id, request_id=paper.request_id)


def _ends(claims: Iterable[Claim]) -> list[End]:
    return [
        End(
            Status(claim.status),
            deadline.seoul_date(claim.closed_at) if claim.closed_at else None,
            claim.objection_until,
        )
        for claim in claims
    ]


def _requester_until(case: Case, ends: list[End], settled: Settled) -> date | None:
    # Whoever was found to be the child's guardian, or was confirmed by the subject, has brought an identity about.
    return keeping.requester_until(ends, settled, confirmed=case.request.identity != "none")


async def _papers(session: AsyncSession, case: Case, *, now: datetime) -> int:
    mine = select(Evidence).where(col(Evidence.request_id) == case.request.id).order_by(col(Evidence.id))
    papers = [
        one
        for one in (await session.execute(mine.with_for_update())).scalars()
        if one.destroyed_at is None or one.review_ct is not None
    ]
    for paper in papers:
        paper.review_ct = None
        if paper.destroyed_at is None:
            await destroy_paper(session, paper, state="destroyed", cause=OVER, by=MACHINE, now=now)
    return len(papers)


async def destroy_requester(session: AsyncSession, case: Case, *, now: datetime) -> int:
    """Their key goes, and with it whatever was sealed under it; the sealed values go as well."""
    requester = await session.get(Requester, case.request.id, with_for_update=True)
    if requester is None or requester.destroyed_at is not None:
        return 0
    requester.key, requester.details_ct, requester.destroyed_at = None, None, now
    theirs = col(Message.request_id) == case.request.id, col(Message.party) == Whose.REQUESTER
    await session.execute(update(Message).where(*theirs, col(Message.state) == "queued").values(state="failed"))
    await session.execute(update(Message).where(*theirs).values(content_ct=None))
    vouched = update(Proof).where(col(Proof.request_id) == case.request.id, col(Proof.party) == Whose.REQUESTER)
    await session.execute(vouched.values(asserted_ct=None))
    audit.note(session, "requester.destroy", by=MACHINE, now=now, request_id=case.request.id, facts={"cause": OVER})
    await ledgering.follow(session, "requester", case.request.id, request_id=case.request.id)
    return 1
