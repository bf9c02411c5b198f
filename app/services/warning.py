"""Warnings of days that come, to officer, approver and deputies: each once, across restarts and workers (E2)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Desk, desk_of
from app.law import deadline, warnings
from app.law.terms import Label, WarningStep
from app.models import DueWarning, Request
from app.services import audit, falling_due, outbox
from app.services.falling_due import Clock

BATCH = 500
_KIND = {
    WarningStep.THREE: "due_three",
    WarningStep.ONE: "due_one",
    WarningStep.TODAY: "due_today",
    WarningStep.OVERDUE: "due_over",
}
_WHAT = {
    "claim": Label("요구", "the claim"),
    "objection": Label("이의제기", "the objection"),
    "postponement": Label("미룬 열람", "access that was put off"),
    "follow_up": Label("처리정지 뒤의 조치", "the measure after a stop"),
}


async def warn(session: AsyncSession, *, now: datetime) -> int:
    """Warn of what today brings, a batch at a time; returns how many days were looked at.

    The row and the messages are one transaction. Of two workers that find the same day, the row is one's only.
    """
    desk, today = desk_of(session), deadline.seoul_date(now)
    found = await falling_due.unwarned(session, warnings.windows(today, desk.closed), limit=BATCH)
    requests = await _held(session, found)
    for clock in await _written(session, found, now):
        await _tell(session, desk, clock, requests[clock.request_id], now=now)
    return len(found)


def addresses(desk: Desk, parts: Sequence[str], on: date) -> tuple[str, ...]:
    """Where the people of these parts are written to on a day; an address that serves two of them hears it once."""
    policy = desk.policy
    deputies = [one.email for one in policy.deputies if one.since <= on and (one.until is None or on < one.until)]
    known = {"officer": [policy.desk_email], "approver": [policy.approver_email], "deputy": deputies}
    return tuple(dict.fromkeys(address for part in parts for address in known[part]))


async def _held(session: AsyncSession, found: Sequence[Clock]) -> dict[UUID, Request]:
    """The requests, before anything that points to them or their claims: the one order in which locks are taken."""
    theirs = select(Request).where(col(Request.id).in_({clock.request_id for clock in found}))
    steady = theirs.order_by(col(Request.id)).with_for_update(read=True, key_share=True)
    return {one.id: one for one in (await session.execute(steady)).scalars()} if found else {}


async def _written(session: AsyncSession, found: Sequence[Clock], now: datetime) -> list[Clock]:
    """Those of which this transaction is the first to warn."""
    if not found:
        return []
    rows = [
        {
            "id": new_id(),
            "about": clock.about,
            "of": clock.of,
            "claim_id": clock.claim_id,
            "due_on": clock.due_on,
            "step": clock.step,
            "told": list(warnings.TOLD[WarningStep(str(clock.step))]),
            "at": now,
        }
        for clock in sorted(found, key=lambda clock: clock.about)  # one order, so that two workers never wait in a ring
    ]
    once = upsert(DueWarning).values(rows).on_conflict_do_nothing(index_elements=["about", "due_on", "step"])
    made = set((await session.execute(once.returning(col(DueWarning.about)))).scalars())
    return [clock for clock in found if clock.about in made]


async def _tell(session: AsyncSession, desk: Desk, clock: Clock, request: Request, *, now: datetime) -> None:
    """The receipt number, what it is and the day; nothing of the person."""
    step, what = WarningStep(str(clock.step)), _WHAT[clock.of]
    parts = warnings.TOLD[step]
    params = {
        "receipt_no": request.receipt_no,
        "due_on": clock.due_on.isoformat(),
        "what": what.en if request.language == "en" else what.ko,
    }
    for address in addresses(desk, parts, deadline.seoul_date(now)):
        await outbox.message(session, request, _KIND[step], "mail", {"to": address, "params": params}, now=now)
    facts = {"of": clock.of, "step": step.value, "due_on": clock.due_on.isoformat(), "told": list(parts)}
    audit.note(
        session, "claim.warn", by=MACHINE, now=now, request_id=clock.request_id, claim_id=clock.claim_id, facts=facts
    )
