"""A holder's word by its page: the same result through the same door as the word of a machine (F4, F6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy.ext.asyncio import AsyncSession

from app.inspection import Cleaned
from app.models import AnswerLink, Request
from app.services import answer_links, casebook, fulfilment, proofs
from app.services.answer_links import Opened
from app.services.fulfilment import Report


@dataclass(frozen=True, slots=True)
class Proof:
    """A picture or paper that was sent with the answer, cleaned."""

    cleaned: Cleaned
    copy: BinaryIO
    scan: str


async def read(session: AsyncSession, opened: Opened, *, now: datetime) -> dict[str, Any]:
    """The task with what its holder needs for it, as a machine would fetch it; the look is logged."""
    _, whole = await fulfilment.fetch(session, opened.task.id, by=answer_links.holder(opened.system.id), now=now)
    return whole


async def receipt_no(session: AsyncSession, opened: Opened) -> str:
    """The number under which an answered task's request is known: nothing of the person."""
    return (await session.get_one(Request, opened.task.request_id)).receipt_no


async def give(session: AsyncSession, opened: Opened, report: Report, proof: Proof | None, *, now: datetime) -> None:
    """Take the answer, once: sent twice, as by two taps on a button, the second changes nothing."""
    by = answer_links.holder(opened.system.id)
    case, _ = await casebook.open(session, opened.task.claim_id)
    link = await session.get_one(AnswerLink, opened.link.id, with_for_update=True, populate_existing=True)
    if link.used_at is not None:
        return
    if link.closed_at is not None:
        raise answer_links.not_found()
    await fulfilment.answer(session, opened.task.id, report, by=by, now=now)
    if proof is not None:
        await proofs.keep(session, case.request, opened.task, proof.cleaned, proof.copy, scan=proof.scan, now=now)
    await answer_links.use(session, link.id, report.result, proof=proof is not None, by=by, now=now)
