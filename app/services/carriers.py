"""A carrier that takes nothing for an hour, mail or SMS: people hear of it by what needs no carrier (F15, P7).

An audit entry and a line of the log, once; a figure for the operator; and every person who still waits for a word is
put before an officer, who may say it by another way. Meanwhile one message every five minutes asks whether it is back.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id, run
from app.desk import MACHINE
from app.documents.messages import PERSONAL
from app.jobs import Job, defer
from app.models import CarrierSilence, ReviewItem
from app.services import audit

SILENT_AFTER = timedelta(hours=1)
PROBE_EVERY = timedelta(minutes=5)
WAITING = "message.carrier_silent"
_MOST = 500
_WAITING = (
    "SELECT channel, min(created_at) AS since, count(*) AS waiting FROM message"
    " WHERE state = 'queued' AND attempts > 0 GROUP BY channel"
)
_SILENT = "SELECT channel FROM carrier_silence"
# What was taken to be sent has its next moment a minute later: by that an index finds what went out lately.
_TOOK_SOME = (
    "SELECT DISTINCT channel FROM message"
    " WHERE state IN ('sent', 'delivered', 'returned') AND next_at > %(since)s AND sent_at > %(since)s"
)
_UNTOLD = """
SELECT DISTINCT message.request_id AS id FROM message
WHERE message.state = 'queued' AND message.attempts > 0 AND message.channel = %(channel)s
AND message.request_id IS NOT NULL AND message.kind = ANY(%(kinds)s) AND message.created_at <= %(before)s
AND NOT EXISTS (
    SELECT FROM review_item AS told
    WHERE told.request_id = message.request_id AND told.kind = %(item)s AND told.settled_at IS NULL)
ORDER BY message.request_id LIMIT %(most)s
"""
# The attempt that asks whether a carrier is back is none of the message's own.
_PROBE = """
UPDATE message SET next_at = %(now)s, attempts = attempts - 1 WHERE id = (
    SELECT id FROM message WHERE state = 'queued' AND attempts > 0 AND channel = %(channel)s AND next_at > %(now)s
    ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_HURRY = (
    "UPDATE message SET next_at = %(now)s"
    " WHERE state = 'queued' AND attempts > 0 AND channel = %(channel)s AND next_at > %(now)s"
)
_log = logging.getLogger("rights_desk.carriers")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Since when the oldest message on a channel waits that was tried in vain, and whether the channel is silent."""

    channel: str
    since: datetime
    silent: bool


async def read(session: AsyncSession) -> list[Waiting]:
    """Every channel on which something waits that was tried; for the operator's figures."""
    silent = {row.channel for row in await run(session, _SILENT, {})}
    return [Waiting(row.channel, row.since, row.channel in silent) for row in await run(session, _WAITING, {})]


async def look(session: AsyncSession, *, now: datetime) -> None:
    """Note a carrier that fell silent, put who waits before officers, and note one that is back."""
    waiting = {row.channel: row for row in await run(session, _WAITING, {})}
    known = {row.channel for row in await run(session, _SILENT, {})}
    late = {channel for channel, row in waiting.items() if row.since <= now - SILENT_AFTER}
    if not known | late:
        return
    took = {row.channel for row in await run(session, _TOOK_SOME, {"since": now - SILENT_AFTER})}
    for channel in sorted(known | late):
        if channel in took:
            await _back(session, channel, now=now)
        elif channel in late:
            await _put_before_officers(session, channel, now=now)
            await _fell_silent(session, channel, waiting[channel].since, waiting[channel].waiting, now=now)


async def probe(session: AsyncSession, *, now: datetime) -> None:
    """Have one message of each silent carrier tried, now and then; of several workers one does so."""
    due = update(CarrierSilence).where(col(CarrierSilence.probe_at) <= now)
    taken = due.values(probe_at=now + PROBE_EVERY).returning(col(CarrierSilence.channel))
    for channel in sorted((await session.execute(taken)).scalars()):
        for row in await run(session, _PROBE, {"channel": channel, "now": now}):
            await defer(session, Job("send_message", {"message_id": str(row.id)}))


async def _put_before_officers(session: AsyncSession, channel: str, *, now: datetime) -> None:
    values = {
        "channel": channel,
        "kinds": [str(kind) for kind in PERSONAL],
        "before": now - SILENT_AFTER,
        "item": WAITING,
        "most": _MOST,
    }
    for row in await run(session, _UNTOLD, values):
        session.add(ReviewItem(id=new_id(), request_id=row.id, kind=WAITING, at=now))


async def _fell_silent(session: AsyncSession, channel: str, since: datetime, waiting: int, *, now: datetime) -> None:
    row = insert(CarrierSilence).values(channel=channel, since=since, probe_at=now + PROBE_EVERY)
    first = await session.execute(row.on_conflict_do_nothing().returning(col(CarrierSilence.channel)))
    if first.first() is None:
        return
    _log.error("%s has taken nothing since %s, %d messages wait", channel, since.isoformat(), waiting)
    facts = {"channel": channel, "since": since.isoformat(), "waiting": waiting}
    audit.note(session, "carrier.silent", by=MACHINE, now=now, facts=facts)


async def _back(session: AsyncSession, channel: str, *, now: datetime) -> None:
    """It takes again: whatever waits goes now, and nobody has to look any more once no carrier is silent."""
    gone = delete(CarrierSilence).where(col(CarrierSilence.channel) == channel).returning(col(CarrierSilence.since))
    since = (await session.execute(gone)).scalar_one_or_none()
    if since is None:
        return
    await run(session, _HURRY, {"channel": channel, "now": now})
    if not await run(session, _SILENT, {}):
        asked = update(ReviewItem).where(col(ReviewItem.kind) == WAITING, col(ReviewItem.settled_at).is_(None))
        await session.execute(asked.values(settled_at=now, settled_by=MACHINE.id))
    _log.warning("%s takes messages again", channel)
    audit.note(session, "carrier.back", by=MACHINE, now=now, facts={"channel": channel, "since": since.isoformat()})
