"""Asking the scanner again about files it was silent on; until it answers nobody sees them (reliability 2.6)."""

from datetime import datetime, timedelta
from typing import BinaryIO, Literal
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import MACHINE
from app.jobs import Job, defer
from app.models import Evidence, Request
from app.services import audit, casebook, chunks, disposal, flags
from app.services.uploads import MALWARE

SILENT = "evidence.scan_silent"
LEASE = timedelta(seconds=60)
_SOONEST, _LATEST = timedelta(seconds=5), timedelta(hours=1)
_ALARM = timedelta(hours=1)

Verdict = Literal["clean", "infected"]


def overlooked(before: datetime) -> Select[UUID]:
    """Papers whose scan is due and has no job."""
    return select(col(Evidence.id)).where(col(Evidence.scan) == "pending", col(Evidence.scan_at) < before)


async def take(session: AsyncSession, evidence_id: UUID, into: BinaryIO, *, now: datetime) -> bool:
    """Open the file as it came, and take its scan for a minute; False where there is nothing to scan now."""
    paper = await session.get(Evidence, evidence_id, with_for_update={"skip_locked": True})
    if paper is None or paper.scan_at is None or paper.scan_at > now:
        return False
    paper.scan_at = now + LEASE
    request = await session.get_one(Request, paper.request_id)
    await chunks.read(session, request, paper.id, "original", into)
    return True


async def record(session: AsyncSession, evidence_id: UUID, verdict: Verdict | None, *, now: datetime) -> None:
    """Write what the scanner said; None: nothing, so it is asked again, slower and slower, and somebody told."""
    owner = (await session.get_one(Evidence, evidence_id)).request_id
    await casebook.open_request(session, owner)
    paper = await session.get_one(Evidence, evidence_id, with_for_update=True, populate_existing=True)
    if paper.scan_at is None:
        return
    if verdict is None:
        await _ask_again(session, paper, now)
        return
    paper.scan, paper.scan_at = verdict, None
    facts = {"evidence": str(paper.id), "result": verdict}
    audit.note(session, "evidence.scan", by=MACHINE, now=now, request_id=owner, facts=facts)
    if verdict == "clean":
        paper.state, paper.version = "pending", paper.version + 1
        await chunks.drop(session, paper.id, "original")
    else:
        await disposal.destroy_paper(session, paper, state="infected", cause="infected", by=MACHINE, now=now)
        await flags.raise_once(session, owner, MALWARE, now=now)


async def _ask_again(session: AsyncSession, paper: Evidence, now: datetime) -> None:
    waited = now - paper.at
    paper.scan_at = now + min(max(waited, _SOONEST), _LATEST)
    await defer(session, Job("scan_evidence", {"evidence_id": str(paper.id)}, at=paper.scan_at))
    if waited > _ALARM:
        await flags.raise_once(session, paper.request_id, SILENT, now=now)
