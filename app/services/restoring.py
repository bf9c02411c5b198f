"""After a backup was put back (F51): what was destroyed since is destroyed again, and nothing is sent by itself.

The copy does not know what the lost database did after it. So what was on its way waits for a person, and so does the
first word about every case that was open: it may have been said already. Codes and grants of the copy open nothing,
staff come in by a new log-in only, and no processing check is answered: holds of the lost time may be missing.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import MACHINE, desk_of
from app.law import deadline, keeping
from app.ledger import Line
from app.models import DestroyedRequest, Destruction, Evidence, Request
from app.services import (
    audit,
    casebook,
    disposal,
    ledgering,
    proofs,
    recalling,
    registry,
    remains,
    reports,
    restored_holds,
    staff_sessions,
)

_HELD = {
    "messages": "UPDATE message SET state = 'held' WHERE state = 'queued'",
    "deliveries": "UPDATE delivery SET state = 'held', lease = NULL, lease_until = NULL WHERE state = 'pending'",
    "cases": (
        "UPDATE request SET restored_at = :now WHERE EXISTS ("
        "SELECT FROM claim WHERE claim.request_id = request.id AND claim.closed_at IS NULL)"
        " OR id IN (SELECT request_id FROM message WHERE state = 'held')"
        " OR id IN (SELECT task.request_id FROM delivery JOIN task ON task.id = delivery.task_id"
        " WHERE delivery.state = 'held')"
    ),
    "codes": "UPDATE verification SET expires_at = :now, code_hash = NULL, salt = NULL WHERE expires_at > :now",
    "grants": "UPDATE release_grant SET expires_at = :now WHERE expires_at > :now",
    "sessions": "UPDATE staff_session SET ended_at = :now, cause = 'revoked' WHERE ended_at IS NULL",
}


async def quarantine(session: AsyncSession, *, now: datetime) -> dict[str, int]:
    """Hold whatever the copy would send and every check, and end what opens something; returns how many of each."""
    counts = {}
    for what, statement in _HELD.items():
        done = await session.execute(text(statement), {"now": now})
        counts[what] = int(getattr(done, "rowcount", 0))
    await staff_sessions.bar_everybody(session, now=now)
    await restored_holds.close(session, now=now)
    return counts


def standing(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines that hold: not those of a request that had to be kept on after all."""
    kept = {_which(line) for line in lines if line.body["kind"] == "kept_on"}
    return (line for line in lines if line.body["kind"] != "request" or _which(line) not in kept)


def _which(line: Line) -> tuple[str, str]:
    return line.body["id"], line.body["destruction"]


async def replay(session: AsyncSession, line: Line, *, now: datetime) -> bool:
    """Do again what a line says was done; False where the copy has it already."""
    match line.body["kind"]:
        case "request":
            return await _request(session, line, now)
        case "part":
            return await _part(session, line.body, now)
        case "record":
            await _record(session, line.body)
            return False
        case _:
            return False


def set_aside(ledger_dir: Path, now: datetime) -> str | None:
    """Put what was kept beside the lost chain out of the way of the copy's: it shows how far the lost one had gone."""
    kept = ledger_dir / "audit"
    if not kept.exists():
        return None
    return kept.rename(ledger_dir / f"audit-until-{deadline.seoul_time(now):%Y%m%dT%H%M%S}").name


async def finish(session: AsyncSession, facts: dict[str, Any], *, now: datetime) -> None:
    """Put the restore on record, in the chain and in the ledger."""
    audit.note(session, "database.restore", by=MACHINE, now=now, facts=facts)
    await ledgering.append(session, {"kind": "restore", "id": ledgering.told(now), **facts})


async def _request(session: AsyncSession, line: Line, now: datetime) -> bool:
    body, request_id = line.body, UUID(line.body["id"])
    due_since = date.fromisoformat(body["due_since"])
    await _plan(session, body)
    request = await session.get(Request, request_id, with_for_update=True)
    counts = body["counts"]
    if request is not None:
        years = desk_of(session).policy.settled.requests_kept_years
        ended = keeping.kept_from(due_since, years)
        await reports.keep(session, deadline.seoul_date(request.arrived_at), ended, now=now)
        session.expunge(request)
        await remains.destroy(session, request_id)
        facts = {"destruction": body["destruction"], "ledger": line.seq, "again": True}
        audit.note(session, "request.destroy", by=MACHINE, now=now, request_id=request_id, facts=facts)
    elsewhere = update(DestroyedRequest).where(
        col(DestroyedRequest.request_id) == request_id,
        col(DestroyedRequest.destruction_id) != UUID(body["destruction"]),
        col(DestroyedRequest.dropped_at).is_(None),
    )
    await session.execute(elsewhere.values(dropped_at=now))
    known = {"destroyed_at": datetime.fromisoformat(body["at"]), "counts": counts, "ledger_seq": line.seq}
    row = upsert(DestroyedRequest).values(
        destruction_id=UUID(body["destruction"]), request_id=request_id, due_since=due_since, **known
    )
    await session.execute(row.on_conflict_do_update(index_elements=["destruction_id", "request_id"], set_=known))
    return request is not None


async def _plan(session: AsyncSession, body: dict[str, Any]) -> None:
    """The plan as it was confirmed, where the copy does not know it, or not as confirmed."""
    confirmed = {
        "confirmed_at": datetime.fromisoformat(body["confirmed_at"]),
        "confirmed_by_iss": body["confirmed_by"]["iss"],
        "confirmed_by_sub": body["confirmed_by"]["sub"],
    }
    plan = await session.get(Destruction, UUID(body["destruction"]), with_for_update=True)
    if plan is None:
        plan = Destruction(
            id=UUID(body["destruction"]),
            of=body["of"],
            policy=body["policy"],
            planned_on=date.fromisoformat(body["planned_on"]),
            told_on=date.fromisoformat(body["planned_on"]),
            due_since=date.fromisoformat(body["due_since"]),
            requests=0,
            at=confirmed["confirmed_at"],
        )
        session.add(plan)
    if plan.state == "planned":
        plan.state, plan.version = "confirmed", plan.version + 1
        for name, value in confirmed.items():
            setattr(plan, name, value)
    await session.flush()


async def _record(session: AsyncSession, body: dict[str, Any]) -> None:
    """The signed record of a plan, as the ledger has it."""
    plan = await session.get(Destruction, UUID(body["id"]), with_for_update=True)
    if plan is None or plan.state == "done":
        return
    plan.state, plan.done_at = "done", datetime.fromisoformat(body["record"]["done_at"])
    plan.requests = body["record"]["requests"] + body["record"]["kept_on"]
    plan.record, plan.signature = ledgering.written(body)


async def _part(session: AsyncSession, body: dict[str, Any], now: datetime) -> bool:
    """A paper, a proof, the data of who asked for somebody else, every way to an answer that went astray, a client."""
    if body["what"] == "client":
        return await registry.retire_again(session, UUID(body["id"]), now=now)
    request = await session.get(Request, UUID(body["request"]))
    if request is None:
        return False
    case = await casebook.open_request(session, request.id)
    match body["what"]:
        case "evidence":
            mine = select(Evidence).where(col(Evidence.id) == UUID(body["id"]), col(Evidence.destroyed_at).is_(None))
            paper = (await session.execute(mine.with_for_update())).scalar_one_or_none()
            if paper is None:
                return False
            paper.review_ct = None
            await disposal.destroy_paper(session, paper, state="destroyed", cause=disposal.OVER, by=MACHINE, now=now)
            return True
        case "task_proof":
            return bool(await proofs.destroy(session, request.id, by=MACHINE, now=now))
        case "requester":
            return bool(await disposal.destroy_requester(session, case, now=now))
        case "recall" if request.recalled_at is None or request.recalled_at < datetime.fromisoformat(body["at"]):
            await recalling.recall(session, case, by=MACHINE, now=now)
            return True
        case _:
            return False
