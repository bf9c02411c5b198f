"""The sweep of days over 200,000 open claims: what each finder takes, and how many warnings a second are written.

`python -m bench.clock` runs it alone.
"""

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import LiteralString

import psycopg
from sqlalchemy import text

from app import db, embedded, migrations, worker
from app.desk import Desk
from app.law import deadline, warnings
from app.opening import open_desk
from app.services import closed_days, warning, watch
from app.settings import Settings

OPEN, ENDED, FRESH = 200_000, 200_000, 1_000
TARGET_SECONDS = 5.0
NAME = "clock"
_FILL = """
INSERT INTO request (
    id, receipt_no, capacity, channel, language, notify_by, filed_at, arrived_at, filer_role, filer_iss, filer_sub, key,
    subject_ct, likeness, contacts, policy, identity, reached, version
) SELECT
    md5('r' || n)::uuid, n::text, 'self', 'web', 'ko', 'email', %(arrived)s, %(arrived)s, 'website', 'urn:bench',
    'site', '', '', decode(md5('l' || n), 'hex'), '{}', 'p', 'identified', 'old', 1
FROM generate_series(1, %(open)s + %(ended)s) n;
INSERT INTO claim (
    id, request_id, position, "right", status, edition, due_on, internal_on, due_steps, scope, round, waiting,
    verified_at, answered_at, closed_at, version
) SELECT
    md5('c' || n)::uuid, md5('r' || n)::uuid, 1, 'access',
    CASE WHEN n > %(open)s THEN 'closed'
        ELSE (ARRAY['received', 'verified', 'verified', 'approved', 'approved', 'carried_out'])[n %% 6 + 1] END,
    'e', day.due_on, day.due_on - 1, '[]', '{"aspects": ["items"]}', 1, '{}', %(arrived)s,
    CASE WHEN n > %(open)s THEN %(arrived)s END, CASE WHEN n > %(open)s THEN %(arrived)s END, 1
FROM generate_series(1, %(open)s + %(ended)s) n,
    LATERAL (SELECT %(today)s::date + CASE WHEN n %% 1000 = 0 THEN -1 ELSE n %% 12 + 2 END AS due_on) day;
INSERT INTO assessment (id, claim_id, round, edition, policy, items, nothing_held, uncontested, decides, at)
    SELECT id, id, 1, 'e', 'p', '[]', false, false, 'officer', now() FROM claim WHERE status = 'verified';
INSERT INTO review_item (id, request_id, kind, at)
    SELECT gen_random_uuid(), request_id, kind, now()
    FROM claim, unnest(ARRAY['claim.falls_due', 'collection.read']) kind
    WHERE closed_at IS NULL AND (kind = 'claim.falls_due' OR status = 'carried_out');
UPDATE claim SET status = 'verified' WHERE status = 'received' AND internal_on <= %(today)s;
INSERT INTO assessment (id, claim_id, round, edition, policy, items, nothing_held, uncontested, decides, at)
    SELECT id, id, 1, 'e', 'p', '[]', false, false, 'officer', now() FROM claim c
    WHERE status = 'verified' AND NOT EXISTS (SELECT FROM assessment a WHERE a.claim_id = c.id);
UPDATE claim SET reported_open_at = now() WHERE status = 'approved' AND internal_on <= %(today)s;
INSERT INTO overdue (id, about, "of", claim_id, request_id, round, due_on, cause, holders, at)
    SELECT id, id, 'claim', id, request_id, 1, due_on, 'officer', '{}', now() FROM claim
    WHERE due_on < %(today)s AND closed_at IS NULL;
INSERT INTO due_warning (id, about, "of", claim_id, due_on, step, told, at)
    SELECT gen_random_uuid(), c.id, 'claim', c.id, c.due_on, step.name, '{officer}', now()
    FROM claim c JOIN unnest(%(steps)s::text[], %(firsts)s::date[], %(lasts)s::date[]) AS step(name, first, last)
        ON c.due_on BETWEEN step.first AND step.last
    WHERE c.closed_at IS NULL;
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep took, by finder, and how fast warnings that are new are written."""

    seconds: dict[str, float]
    warnings_per_second: float

    @property
    def whole(self) -> float:
        """All of it."""
        return sum(self.seconds.values())


async def measured(settings: Settings) -> Swept:
    """Fill a database of its own beside that of these settings, and sweep it."""
    url = beside(settings.database_url or "", NAME)
    migrations.upgrade(url)
    desk = open_desk(replace(settings, database_url=url, database_direct_url=url), pool_size=2)
    now = db.now()
    try:
        fill(desk, url)
        seconds = {name: await _timed(desk, act, now) for name, act in _finders().items()}
        await _file(desk, now)
        began = time.perf_counter()
        await closed_days.warn(desk, db.now)
        took = time.perf_counter() - began
        async with desk.database.transaction() as session:
            made = (await session.execute(text("SELECT count(*) FROM message WHERE kind = 'due_three'"))).scalar_one()
        return Swept(seconds, made / took)
    finally:
        await desk.database.dispose()


def show(swept: Swept) -> str:
    """The table, and the sum against its target."""
    lines = [f"sweep of days over {OPEN:,} open claims (beside {ENDED:,} that ended), ms:"]
    lines += [f"  {name:<32}{took * 1000:>8.1f}" for name, took in swept.seconds.items()]
    verdict = "ok" if swept.whole < TARGET_SECONDS else "MISSED"
    lines.append(f"  {'all of it':<32}{swept.whole * 1000:>8.1f}   target {TARGET_SECONDS * 1000:,.0f}: {verdict}")
    lines.append(
        f"  new warnings written            {swept.warnings_per_second:>8,.0f} a second, each with mail and audit"
    )
    return "\n".join(lines)


def _finders() -> dict[str, worker.Find]:
    """Whatever looks for what the days bring, under its own name."""
    found = {f"{find.__module__.rpartition('.')[2]}.{find.__name__}": find for find, _ in worker.DAYS}
    return found | {
        "watch.overlooked": watch.overlooked,
        "warning.warn": warning.warn,
        "closed_days.tell": closed_days.tell,
    }


async def _timed(desk: Desk, act: worker.Find, now: datetime) -> float:
    """The second of two runs: a worker that has run for a minute."""
    for _ in range(2):
        async with desk.database.transaction() as session:
            began = time.perf_counter()
            await act(session, now=now)
            took = time.perf_counter() - began
    return took


def fill(desk: Desk, url: str) -> None:
    """So many requests and claims, open and ended, in every state that a sweep meets."""
    now = db.now()
    today = deadline.seoul_date(now)
    windows = warnings.windows(today, desk.closed)
    values = {
        "open": OPEN,
        "ended": ENDED,
        "today": today,
        "arrived": now,
        "steps": [one.step.value for one in windows],
        "firsts": [max(one.first, date(2000, 1, 1)) for one in windows],
        "lasts": [one.last for one in windows],
    }
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        for statement in _FILL.split(";\n"):
            if statement.strip():
                connection.execute(statement.encode(), values)
        connection.execute("VACUUM ANALYZE")


async def _file(desk: Desk, now: datetime) -> None:
    """Requests with keys of their own, of which people are to be warned for the first time."""
    window = warnings.windows(deadline.seoul_date(now), desk.closed)[0]
    async with desk.database.transaction() as session:
        for place in range(FRESH):
            one = db.new_id()
            key = desk.keys.wrap(desk.keys.new_key(), aad=f"request.key|{one}".encode())
            values = {"id": one, "key": key, "receipt_no": f"fresh {place}", "due_on": window.last, "like": one.bytes}
            for statement in _FRESH:
                await session.execute(text(statement), values)


_FRESH = (
    "INSERT INTO request SELECT (jsonb_populate_record(r, jsonb_build_object('id', CAST(:id AS text),"
    " 'receipt_no', CAST(:receipt_no AS text), 'key', CAST(CAST(:key AS bytea) AS text),"
    " 'likeness', CAST(CAST(:like AS bytea) AS text)))).* FROM request r WHERE r.receipt_no = '1'",
    "INSERT INTO claim SELECT (jsonb_populate_record(c, jsonb_build_object('id', CAST(:id AS text),"
    " 'request_id', CAST(:id AS text), 'due_on', CAST(:due_on AS text)))).* FROM claim c"
    " WHERE c.id = CAST(md5('c1') AS uuid)",
)
"""One more like the first."""


def beside(url: str, name: LiteralString) -> str:
    """A database of that name on the same server."""
    with psycopg.connect(_plain(url), dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    address, mark, query = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{mark}{query}"


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def main() -> int:
    """This section alone, over an embedded database of its own."""
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder, embedded.start(Path(folder)) as cluster:
        settings = Settings.load({"DATA_DIR": folder, "DATABASE_URL": cluster.url})
        print(show(asyncio.run(measured(settings))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
