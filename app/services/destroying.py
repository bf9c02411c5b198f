"""Carrying out a destruction: one request, one transaction; the line in the ledger before the commit (F50, H5).

Who dies before the line has destroyed nothing. Who dies between line and commit finds the request again and takes the
same line. Who dies after the commit finds it gone. So a request is whole or destroyed, and never gone without a line.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crashpoints import crashpoint
from app.desk import MACHINE, Desk, desk_of
from app.documents.wording.ledgers import ITEMS as DESTROYED_ITEMS
from app.law import deadline, keeping
from app.models import DestroyedRequest, Destruction, Request
from app.services import audit, ledgering, posting, remains, reports, retention
from app.services.ledgering import told

Forget = Callable[[Collection[str]], Awaitable[None]]
Now = Callable[[], datetime]
WHY = "개인정보 보호법 제21조제1항(보유기간의 경과): {basis}, {years}년"
HOW = "복원이 불가능한 방법으로 영구 삭제(영 제16조제1항제1호): 기록과 그 암호키를 함께 삭제"


async def carry_out(desk: Desk, destruction_id: UUID, forget: Forget, now: Now) -> None:
    """Do what an approver has confirmed, each request in a transaction of its own; whoever dies begins again."""
    async with desk.database.transaction() as session:
        found = await waiting(session, destruction_id)
    for request_id in found:
        async with desk.database.transaction() as session:
            sent = await remains.messages(session, request_id)
        await forget([name for one in sent for name in posting.names_of(desk, one)])
        async with desk.database.transaction() as session:
            await destroy(session, destruction_id, request_id, now=now())
        crashpoint("destroy.after_commit")
    async with desk.database.transaction() as session:
        is_done = await finish(session, destruction_id, now=now())
    if is_done:
        async with desk.database.singly() as session:
            await session.execute(text("VACUUM request, requester"))


async def waiting(session: AsyncSession, destruction_id: UUID) -> list[UUID]:
    """The requests of a confirmed plan that are still to be destroyed."""
    plan = await session.get(Destruction, destruction_id)
    if plan is None or plan.state != "confirmed":
        return []
    undone = select(col(DestroyedRequest.request_id)).where(*_undone(destruction_id))
    return list((await session.execute(undone.order_by(col(DestroyedRequest.request_id)))).scalars())


async def destroy(session: AsyncSession, destruction_id: UUID, request_id: UUID, *, now: datetime) -> bool:
    """Destroy one request of a confirmed plan; False where it must be kept on, or somebody else does it."""
    plan = await session.get_one(Destruction, destruction_id)
    request = await session.get(Request, request_id, with_for_update=True)
    mine = select(DestroyedRequest).where(*_undone(destruction_id), col(DestroyedRequest.request_id) == request_id)
    row = (await session.execute(mine.with_for_update(skip_locked=True))).scalar_one_or_none()
    if row is None or plan.state != "confirmed":
        return False
    since = await retention.due_since(session, request_id, now=now) if request is not None else None
    if request is None or since is None:
        row.dropped_at = now
        if request is not None:
            # Whoever died between line and commit has left a line: this one takes it back.
            await ledgering.append(session, {"kind": "kept_on", "id": str(request_id), "destruction": str(plan.id)})
        facts = {"destruction": str(plan.id)}
        audit.note(session, "destruction.drop", by=MACHINE, now=now, request_id=request_id, facts=facts)
        return False
    ended = keeping.kept_from(since, desk_of(session).policy.settled.requests_kept_years)
    await reports.keep(session, deadline.seoul_date(request.arrived_at), ended, now=now)
    session.expunge(request)
    counts = await remains.destroy(session, request_id)
    crashpoint("destroy.before_ledger")
    line = await ledgering.append(session, _line(plan, row, counts, now))
    crashpoint("destroy.before_commit")
    row.destroyed_at, row.counts, row.ledger_seq = now, counts, line.seq
    done: dict[str, Any] = {"destruction": str(plan.id), "rows": sum(counts.values()), "ledger": line.seq}
    audit.note(session, "request.destroy", by=MACHINE, now=now, request_id=request_id, facts=done)
    return True


async def finish(session: AsyncSession, destruction_id: UUID, *, now: datetime) -> bool:
    """Sign the record of a plan once all of it is done; the ledger has it too."""
    plan = await session.get(Destruction, destruction_id, with_for_update=True)
    if plan is None or plan.state != "confirmed" or await waiting(session, destruction_id):
        return False
    record = await _record(session, plan, now)
    plan.record = rfc8785.dumps(record)
    plan.signature = ledgering.ledger_of(session).sign(plan.record)
    body = {
        "kind": "record",
        "id": str(plan.id),
        "record": record,
        "signature": base64.b64encode(plan.signature).decode(),
    }
    await ledgering.append(session, body)
    plan.state, plan.done_at, plan.version = "done", now, plan.version + 1
    facts = {"destruction": str(plan.id), "record": hashlib.sha256(plan.record).hexdigest()}
    audit.note(session, "destruction.finish", by=MACHINE, now=now, facts=facts)
    return True


def _undone(destruction_id: UUID) -> tuple[Any, ...]:
    return (
        col(DestroyedRequest.destruction_id) == destruction_id,
        col(DestroyedRequest.destroyed_at).is_(None),
        col(DestroyedRequest.dropped_at).is_(None),
    )


def _line(plan: Destruction, row: DestroyedRequest, counts: dict[str, int], now: datetime) -> dict[str, Any]:
    assert plan.confirmed_at is not None
    return {
        "kind": "request",
        "id": str(row.request_id),
        "destruction": str(plan.id),
        "of": plan.of,
        "policy": plan.policy,
        "planned_on": plan.planned_on.isoformat(),
        "due_since": row.due_since.isoformat(),
        "confirmed_by": {"iss": plan.confirmed_by_iss, "sub": plan.confirmed_by_sub},
        "confirmed_at": told(plan.confirmed_at),
        "at": told(now),
        "counts": counts,
    }


async def _record(session: AsyncSession, plan: Destruction, now: datetime) -> dict[str, Any]:
    """What was destroyed, why, on whose word, when and how much: nothing of a person."""
    assert plan.confirmed_at is not None
    settled, (_, rows) = desk_of(session).policy.settled, await retention.look(session, plan.id)
    gone = [one for one in rows if one.destroyed_at is not None]
    counted = Counter[str]()
    for one in gone:
        counted.update(one.counts or {})
    return {
        "kind": "destruction",
        "id": str(plan.id),
        "controller": desk_of(session).policy.controller.ko,
        "of": plan.of,
        "items": DESTROYED_ITEMS[plan.of],
        "why": WHY.format(basis=settled.requests_kept_basis, years=settled.requests_kept_years),
        "policy": plan.policy,
        "how": HOW,
        "due_since": plan.due_since.isoformat(),
        "planned_on": plan.planned_on.isoformat(),
        "confirmed_by": {"iss": plan.confirmed_by_iss, "sub": plan.confirmed_by_sub},
        "confirmed_at": told(plan.confirmed_at),
        "done_at": told(now),
        "requests": len(gone),
        "kept_on": len(rows) - len(gone),
        "categories": dict(sorted(counted.items())),
        "ledger": {"first": min((one.ledger_seq or 0 for one in gone), default=0),
                   "last": max((one.ledger_seq or 0 for one in gone), default=0)},
    }  # fmt: skip
