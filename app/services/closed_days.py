"""What closed days bring: what falls due over them, whose holders are silent, which footage is lost (E2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import run
from app.desk import MACHINE, Desk, desk_of
from app.law import deadline, warnings
from app.models import Outlook
from app.services import audit, outbox, warning
from app.services.falling_due import CLOCKS

SHOWN = 200
NAMED = 20
AHEAD_DAYS = 366
_NONE = "없음"
_DUE = """
SELECT clock.claim_id, clock.request_id, request.receipt_no, clock.of, claim."right", claim.status, clock.due_on,
    count(*) OVER () AS whole
FROM clock JOIN claim ON claim.id = clock.claim_id JOIN request ON request.id = clock.request_id
WHERE clock.due_on >= %(first)s
ORDER BY clock.due_on, clock.about
LIMIT %(limit)s
"""
_SILENT = """
SELECT task.claim_id, task.request_id, request.receipt_no,
    array_agg(DISTINCT system.name ORDER BY system.name) AS holders,
    min(task.due_at) AS due_at, count(*) OVER () AS whole
FROM task JOIN system ON system.id = task.system_id JOIN request ON request.id = task.request_id
WHERE task.status IN ('pending', 'acknowledged', 'failed') AND task.due_at < %(until)s
AND task.action NOT IN ('hold', 'release', 'inform', 'resume')
GROUP BY task.claim_id, task.request_id, request.receipt_no
ORDER BY min(task.due_at), task.claim_id
LIMIT %(limit)s
"""
_FOOTAGE = """
SELECT footage.claim_id, footage.request_id, request.receipt_no, system.name AS site, footage.overwritten_from,
    count(*) OVER () AS whole
FROM footage
JOIN claim ON claim.id = footage.claim_id
JOIN request ON request.id = footage.request_id
JOIN system ON system.id = footage.site_id
WHERE footage.state = 'asked' AND footage.overwritten_from BETWEEN %(first)s AND %(last)s
AND footage.given_up_at IS NULL AND claim.closed_at IS NULL
ORDER BY footage.overwritten_from, footage.claim_id
LIMIT %(limit)s
"""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """What stands over one run of closed days; of each kind the first ones, and how many there are."""

    first_closed: date
    last_closed: date
    due: list[Any]
    silent: list[Any]
    footage: list[Any]

    @property
    def first_open(self) -> date:
        """The first working day after it."""
        return self.last_closed + _DAY

    @property
    def receipts(self) -> list[str]:
        """The requests it is about, each once, what falls due first."""
        return list(dict.fromkeys(row.receipt_no for row in (*self.due, *self.footage, *self.silent)))


async def warn(desk: Desk, now: Callable[[], datetime]) -> None:
    """Warn of closed days ahead and of the days that come, batch by batch; each in a transaction of its own."""
    async with desk.database.transaction() as session:
        await tell(session, now=now())
    while True:
        async with desk.database.transaction() as session:
            looked_at = await warning.warn(session, now=now())
        if looked_at < warning.BATCH:
            return


async def tell(session: AsyncSession, *, now: datetime) -> bool:
    """On the last working day before a long run of closed days: tell officer and approver, once for each run."""
    desk, today = desk_of(session), deadline.seoul_date(now)
    run_ = warnings.closed_run(today, desk.closed, least=desk.policy.settled.outlook_closed_days)
    if run_ is None:
        return False
    first, last = run_
    row = upsert(Outlook).values(first_closed=first, last_closed=last, at=now)
    once = row.on_conflict_do_nothing(index_elements=["first_closed"]).returning(col(Outlook.first_closed))
    if (await session.execute(once)).first() is None:
        return False
    params = _params(await _look(session, first, last))
    for address in warning.addresses(desk, ("officer", "approver"), today):
        await outbox.desk_message(session, "outlook", address, params, now=now)
    facts = {"first_closed": first.isoformat(), "last_closed": last.isoformat()}
    audit.note(session, "outlook.tell", by=MACHINE, now=now, facts=facts)
    return True


async def ahead(session: AsyncSession, *, now: datetime) -> dict[str, Any]:
    """The same as it stands now, of the next long run of closed days, however far off."""
    desk, today = desk_of(session), deadline.seoul_date(now)
    least = desk.policy.settled.outlook_closed_days
    run_ = warnings.closed_run(today, desk.closed, least=least, within=AHEAD_DAYS)
    if run_ is None:
        return {"first_closed": None, "last_closed": None, "first_open": None, "due": [], "silent": [], "footage": []}
    found = await _look(session, *run_)
    return {
        "first_closed": found.first_closed.isoformat(),
        "last_closed": found.last_closed.isoformat(),
        "first_open": found.first_open.isoformat(),
        "due": [
            _of(row) | {"of": row.of, "right": row.right, "status": row.status, "due_on": row.due_on.isoformat()}
            for row in found.due
        ],
        "silent": [
            _of(row) | {"holders": row.holders, "due_at": deadline.seoul_time(row.due_at).isoformat()}
            for row in found.silent
        ],
        "footage": [
            _of(row) | {"site": row.site, "overwritten_from": row.overwritten_from.isoformat()} for row in found.footage
        ],
    }


async def _look(session: AsyncSession, first: date, last: date) -> Found:
    """What falls due from the first closed day to the first open one, and what is lost or still out by then."""
    opens = last + _DAY
    values = {"first": first, "last": opens, "until": deadline.seoul_midnight(opens + _DAY), "limit": SHOWN}
    due = await run(session, CLOCKS + _DUE, values)
    return Found(first, last, due, await run(session, _SILENT, values), await run(session, _FOOTAGE, values))


def _params(found: Found) -> dict[str, str]:
    """Numbers of cases and receipt numbers; nothing of a person."""
    named = found.receipts
    more = [f"+{len(named) - NAMED}"] if len(named) > NAMED else []
    return {
        "first": found.first_closed.isoformat(),
        "last": found.last_closed.isoformat(),
        "due": _whole(found.due),
        "silent": _whole(found.silent),
        "footage": _whole(found.footage),
        "receipts": ", ".join([*named[:NAMED], *more]) or _NONE,
    }


def _whole(rows: list[Any]) -> str:
    return str(rows[0].whole if rows else 0)


def _of(row: Any) -> dict[str, Any]:
    return {"claim_id": str(row.claim_id), "request_id": str(row.request_id), "receipt_no": row.receipt_no}
