"""The monthly review of the access log: drawn up by the machine, read and signed by an auditor (기준 8(2))."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import rfc8785
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id, run
from app.desk import MACHINE, Actor
from app.errors import Conflict, Forbidden, NotFound
from app.law import deadline, log_review
from app.models import AccessReview
from app.services import audit, download_questions, keyring, log_figures, own_names

LOOKED_BACK = 3
"""A worker that stood still draws up so many months afterwards."""
_DRAWN = "SELECT month FROM access_review WHERE month >= %(since)s"
_ANY = "SELECT 1 FROM access_log WHERE at >= %(start)s AND at < %(end)s LIMIT 1"
_UNREAD = "SELECT month FROM access_review WHERE signed_at IS NULL ORDER BY month"


async def undrawn(session: AsyncSession, *, now: datetime) -> list[date]:
    """The months that are over and have no review yet; a month in which nobody looked has none."""
    present = deadline.seoul_date(now).replace(day=1)
    over = [log_review.month_after(present, -count) for count in range(LOOKED_BACK, 0, -1)]
    drawn = {row.month for row in await run(session, _DRAWN, {"since": over[0]})}
    return [month for month in over if month not in drawn and await _has_rows(session, month)]


async def _has_rows(session: AsyncSession, month: date) -> bool:
    after = log_review.month_after(month, 1)
    span = {"start": deadline.seoul_midnight(month), "end": deadline.seoul_midnight(after)}
    return bool(await run(session, _ANY, span))


async def draw(session: AsyncSession, month: date, *, now: datetime) -> None:
    """Draw up the review of a month that is over, once: what is read later is what was found then."""
    found = await log_figures.of(session, month) | {"own_name": await own_names.found(session, month)}
    drawn = insert(AccessReview).values(id=new_id(), month=month, drawn_at=now, figures=found).on_conflict_do_nothing()
    if (await session.execute(drawn.returning(col(AccessReview.month)))).first() is not None:
        facts = {"month": f"{month:%Y-%m}", "hash": _hash(found)}
        audit.note(session, "access_review.draw", by=MACHINE, now=now, facts=facts)


async def look(session: AsyncSession, month: date, *, now: datetime) -> dict[str, Any]:
    """The review as it was drawn up; of the present month what there is so far."""
    review = await _found(session, month)
    if review is None:
        if month != deadline.seoul_date(now).replace(day=1):
            raise NotFound("access_review.not_found")
        review = AccessReview(id=new_id(), month=month, figures=await log_figures.of(session, month) | {"own_name": []})
    return _view(session, review)


async def sign(
    session: AsyncSession, month: date, finding: str, remark: str, *, by: Actor, now: datetime
) -> dict[str, Any]:
    """Say that the month was read and what was found, by somebody who took nothing in it, once all was answered."""
    review = await _found(session, month, lock=True)
    if review is None:
        raise NotFound("access_review.not_found")
    if any(one["actor"] == by.id and _is_judged(one) for one in review.figures["actors"]):
        raise Forbidden("access_review.not_independent")
    if review.signed_at is not None or "hash" in review.figures:
        raise Conflict("state.conflict")
    if await download_questions.are_open(session, month, log_review.month_after(month, 1)):
        raise Conflict("access_review.unanswered")
    review.signed_at, review.signed_by, review.finding = now, by.id, finding
    review.remark_ct = keyring.seal_for_desk(session, "access_review.remark", review.id, remark)
    facts = {"month": f"{month:%Y-%m}", "finding": finding, "hash": _hash(review.figures)}
    audit.note(session, "access_review.sign", by=by, now=now, facts=facts)
    return _view(session, review)


def _is_judged(one: dict[str, Any]) -> bool:
    """Whether the review is about this person: who worked in another role, or took away what wants a purpose."""
    return bool(one["role"] != "auditor" or one["downloads"] > 0)


async def reduce(session: AsyncSession, month: date) -> None:
    """Leave of a review whose month is destroyed the numbers and the hash that was signed: nobody but its reader."""
    review = await _found(session, month, lock=True)
    if review is None or "hash" in review.figures:
        return
    told = review.figures
    numbers = {name: [] if isinstance(value, list) else value for name, value in told.items()}
    review.figures = {
        **numbers,
        "totals": {
            "people": len({one["actor"] for one in told["actors"]}),
            "calls": sum(one["calls"] for one in (*told["actors"], *told["machines"])),
            "refused": sum(one["refused"] for one in (*told["actors"], *told["machines"])),
            "off_hours": sum(one["off_hours"] for one in told["actors"]),
            "bulk_days": len(told["bulk"]),
            "failed_logins": sum(one["times"] for one in told["failed_logins"]),
            "own_name": len(told.get("own_name", ())),
        },
        "hash": _hash(told),
    }
    review.remark_ct = None  # it speaks of those who stood there


async def unread(session: AsyncSession, *, on: date) -> Sequence[date]:
    """The months whose day has passed and that nobody has signed."""
    return [row.month for row in await run(session, _UNREAD, {}) if log_review.due_on(row.month) < on]


async def _found(session: AsyncSession, month: date, *, lock: bool = False) -> AccessReview | None:
    one = select(AccessReview).where(col(AccessReview.month) == month)
    if lock:
        one = one.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(one)).scalar_one_or_none()


def _view(session: AsyncSession, one: AccessReview) -> dict[str, Any]:
    remark = keyring.unseal_for_desk(session, "access_review.remark", one.id, one.remark_ct) if one.remark_ct else None
    return {
        "month": f"{one.month:%Y-%m}",
        "complete": one.drawn_at is not None,
        "drawn_at": one.drawn_at.isoformat() if one.drawn_at else None,
        "due_on": log_review.due_on(one.month).isoformat(),
        "totals": None,
        "hash": None,
        **one.figures,
        "signed_at": one.signed_at.isoformat() if one.signed_at else None,
        "signed_by": one.signed_by,
        "finding": one.finding,
        "remark": remark,
    }


def _hash(figures: dict[str, Any]) -> str:
    """By this in the audit chain it is seen that what was signed is what was drawn up."""
    return hashlib.sha256(rfc8785.dumps(figures)).hexdigest()
