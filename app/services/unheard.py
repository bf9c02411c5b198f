"""Answers that people have still to post or say when their day comes near: no day passes in silence (E2, P7)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE
from app.law import deadline
from app.models import Claim, Message, Notice, ReviewItem
from app.services import audit, casebook
from app.services.reaching import ANSWERS

NOT_REACHED = "person.not_reached"
_BATCH = 500


async def due(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Claims whose internal day has come while their answer still waits to be posted or said."""
    return list((await session.execute(_unheard(now).limit(_BATCH))).scalars())


async def remind(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Put the answer that nobody has heard before an officer, once for each time that it waits.

    The warnings of its day go by mail as those of any other that is not answered (E2).
    """
    case, claim = await casebook.open(session, claim_id)
    if (await session.execute(_unheard(now).where(col(Claim.id) == claim_id))).first() is None:
        return
    session.add(ReviewItem(id=new_id(), request_id=case.request.id, kind=NOT_REACHED, at=now))
    facts = {"due_on": claim.due_on.isoformat()}
    audit.note(
        session, "claim.not_heard", by=MACHINE, now=now, request_id=case.request.id, claim_id=claim.id, facts=facts
    )


def _unheard(now: datetime) -> Select[UUID]:
    return (
        select(col(Claim.id))
        .join(Notice, col(Notice.claim_id) == col(Claim.id))
        .join(Message, col(Message.notice_id) == col(Notice.id))
        .where(_waits(), col(Claim.internal_on) <= deadline.seoul_date(now), ~_was_said())
        .distinct()
    )


def _waits() -> ColumnElement[bool]:
    return (
        (col(Message.channel) == "paper")
        & (col(Message.state) == "by_hand")
        & col(Notice.kind).in_(ANSWERS)
        & (col(Notice.round) == col(Claim.round))
    )


def _was_said() -> ColumnElement[bool]:
    """Whether an officer was told since this word began to wait."""
    return exists().where(
        col(ReviewItem.request_id) == col(Claim.request_id),
        col(ReviewItem.kind) == NOT_REACHED,
        col(ReviewItem.at) >= col(Message.created_at),
    )
