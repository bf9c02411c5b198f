"""A database that is away, cut at the commit, slow, read-only, full, in a knot or of another version: F8 to F12, F14.

The API runs here, its database stands behind a hand on the wire. What is refused says so with a Retry-After; the
same key then does it once; nothing has to be started again.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest

from app import opening
from app.db import Database
from tests.api.acts import FILING
from tests.e2e.processes import until
from tests.e2e.proxy import Proxy, before, through
from tests.house import House, bearer
from tests.invariants import Answered, look


@pytest.fixture
async def proxy(desk_url: str, environment: dict[str, str]) -> AsyncIterator[Proxy]:
    """Between the API and its database; the queue's own connections go past it."""
    async with Proxy(before(desk_url)) as opened:
        environment["DATABASE_URL"] = through(desk_url, opened.port)
        environment["DATABASE_DIRECT_URL"] = desk_url
        yield opened


@pytest.fixture
def by_hand(desk_url: str) -> psycopg.Connection[Any]:
    """A connection of the test's own."""
    plain = desk_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield connection


async def file(house: House, key: str = "a") -> httpx.Response:
    headers = {**house.auth("website"), "Idempotency-Key": key}
    return await house.api.post("/v1/requests", json=FILING, headers=headers)


def refused_for_now(reply: httpx.Response) -> bool:
    """A problem that says to come again, and when; a server fault is none."""
    assert reply.status_code == 503, reply.text
    return reply.json()["code"] == "service.unavailable" and int(reply.headers["retry-after"]) > 0


def kept(house: House, url: str, *replies: httpx.Response, key: str = "a") -> list[str]:
    """What does not hold, of what was answered too."""
    answered = [Answered(key, reply.headers["location"], reply.json()) for reply in replies]
    return look(house.desk.settings, url, answered=answered)


@pytest.mark.parametrize("where", ("before", "after"))
async def test_a_commit_that_is_cut_off_is_told_as_unknown_and_repeated_once(
    proxy: Proxy, house: House, desk_url: str, by_hand: psycopg.Connection[Any], where: Any
) -> None:
    """F9: the connection ends at the very commit; whether it was done nobody here can know, but the key does."""
    await house.look(await house.file())
    proxy.cut_once_at(b"COMMIT", where)
    assert refused_for_now(await file(house)) and proxy.cuts == 1
    there = by_hand.execute("SELECT count(*) FROM request").fetchone()
    assert there == (1 if where == "before" else 2,)
    first, again = await file(house), await file(house)
    assert first.status_code == 201 and first.content == again.content
    assert by_hand.execute("SELECT count(*) FROM request").fetchone() == (2,)
    assert kept(house, desk_url, first, again) == []


async def test_a_database_that_is_away_is_told_and_found_again_without_a_restart(
    proxy: Proxy, house: House, desk_url: str
) -> None:
    """F8: the pool was full of connections that died; none of them costs a second call."""
    assert (await file(house)).status_code == 201
    await asyncio.gather(*[house.api.get("/readyz") for _ in range(10)])
    proxy.away = True
    proxy.reset()
    for _ in range(3):
        assert refused_for_now(await file(house, "b"))
    assert refused_for_now(await house.api.get("/readyz"))
    assert (await house.api.get("/healthz")).status_code == 200
    proxy.away = False
    filed = await file(house, "b")
    assert filed.status_code == 201 and (await house.api.get("/readyz")).status_code == 200
    assert kept(house, desk_url, filed, key="b") == []


async def test_connections_that_died_unnoticed_cost_one_call_at_most(proxy: Proxy, house: House, desk_url: str) -> None:
    """F8: the server was started again while nobody called: the first call finds it out, and no second one does."""
    await asyncio.gather(*[house.api.get("/readyz") for _ in range(10)])
    proxy.reset()
    replies = [await file(house, "c") for _ in range(2)]
    assert replies[0].status_code in (201, 503) and replies[1].status_code == 201
    assert kept(house, desk_url, replies[1], key="c") == []


async def test_a_slow_database_refuses_whom_it_cannot_serve_and_serves_the_others(
    proxy: Proxy, house: House, desk_url: str, by_hand: psycopg.Connection[Any], application: Any
) -> None:
    """F10: two connections and twenty callers, each answer of the server late: who finds no place is told so."""
    slow = Database(house.desk.settings.database_url or "", pool_size=2)
    settings, law, promises = house.desk.settings, house.desk.rulebook, house.desk.policy
    application(opening.over(slow, settings, law, promises))
    assert (await file(house, "warm")).status_code == 201
    proxy.delay_s = 0.4
    replies = await asyncio.wait_for(asyncio.gather(*[file(house, f"slow-{n}") for n in range(20)]), 120)
    proxy.delay_s = 0.0
    done = [reply for reply in replies if reply.status_code == 201]
    assert done and len(done) < len(replies)
    assert all(refused_for_now(reply) for reply in replies if reply not in done)
    assert by_hand.execute("SELECT count(*) FROM request").fetchone() == (1 + len(done),)
    again = [await file(house, f"slow-{n}") for n in range(20)]
    assert {reply.status_code for reply in again} == {201}
    assert by_hand.execute("SELECT count(*) FROM request").fetchone() == (21,)
    assert look(settings, desk_url) == []
    await slow.dispose()


async def test_a_database_that_only_reads_is_not_ready_and_takes_nothing(
    proxy: Proxy, house: House, desk_url: str, by_hand: psycopg.Connection[Any]
) -> None:
    """F11: a standby, or one that ran out of room and was locked: what is there can be looked at."""
    filed = (await file(house)).json()
    (name,) = by_hand.execute("SELECT current_database()").fetchone() or ("",)
    by_hand.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    try:
        proxy.reset()
        await house.api.get("/readyz")
        assert refused_for_now(await file(house, "b"))
        assert refused_for_now(await house.api.get("/readyz"))
        seen = await house.api.get(f"/v1/requests/{filed['id']}", headers=bearer(filed["requester_token"]))
        assert seen.status_code == 200
    finally:
        by_hand.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    proxy.reset()
    await house.api.get("/readyz")
    assert (await file(house, "b")).status_code == 201 and (await house.api.get("/readyz")).status_code == 200
    assert look(house.desk.settings, desk_url) == []


async def test_another_schema_is_not_ready_and_the_log_says_which(
    proxy: Proxy, house: House, by_hand: psycopg.Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    """F14: code and database of different versions; it is found out before anybody is sent here."""
    assert (await house.api.get("/readyz")).status_code == 200
    head = by_hand.execute("SELECT version_num FROM alembic_version").fetchone()
    by_hand.execute("UPDATE alembic_version SET version_num = '0001'")
    try:
        assert refused_for_now(await house.api.get("/readyz"))
        assert any("the database is at 0001" in record.message for record in caplog.records)
    finally:
        by_hand.execute("UPDATE alembic_version SET version_num = %s", head)
    assert (await house.api.get("/readyz")).status_code == 200


FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION no_room();
"""


async def test_a_full_disk_takes_nothing_and_says_so(
    proxy: Proxy, house: House, desk_url: str, by_hand: psycopg.Connection[Any]
) -> None:
    """F11: the server's own error, at the last statement before the commit: not a row of the filing is left."""
    by_hand.execute(FULL)
    try:
        assert refused_for_now(await file(house))
        for table in ("request", "claim", "contact", "idempotency", "audit_entry"):
            assert by_hand.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    finally:
        by_hand.execute("DROP TRIGGER no_room ON audit_entry; DROP FUNCTION no_room()")
    first = await file(house)
    assert first.status_code == 201 and kept(house, desk_url, first) == []


async def test_a_knot_of_locks_is_undone_and_the_same_call_succeeds(
    proxy: Proxy, house: House, desk_url: str, by_hand: psycopg.Connection[Any]
) -> None:
    """F12: somebody holds the chain and wants the request; the server ends our side, and nothing of it stands."""
    filed = (await file(house)).json()
    path, as_person = f"/v1/requests/{filed['id']}/withdrawal", bearer(filed["requester_token"])
    plain = desk_url.replace("postgresql+psycopg://", "postgresql://", 1)
    (name,) = by_hand.execute("SELECT current_database()").fetchone() or ("",)
    by_hand.execute(f"ALTER DATABASE {name} SET deadlock_timeout = '4s'")  # time to tie the knot on any machine
    proxy.reset()
    await house.api.get("/readyz")
    async with await psycopg.AsyncConnection.connect(plain) as other:
        await other.execute("SET deadlock_timeout = '1min'")  # ours is the one that looks for a knot, and is undone
        await other.execute("SELECT FROM audit_head FOR UPDATE")
        calling = asyncio.create_task(house.api.post(path, json={}, headers=as_person))

        async def waiting() -> bool:
            return by_hand.execute(waits).fetchone() != (0,)

        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        await until(waiting, "our side to wait")
        await other.execute("SELECT FROM request FOR UPDATE")
        reply = await calling
        await other.rollback()
    by_hand.execute(f"ALTER DATABASE {name} RESET deadlock_timeout")
    assert refused_for_now(reply)
    assert (await house.look(filed))["claims"][0]["status"] == "received"
    assert (await house.api.post(path, json={}, headers=as_person)).status_code == 200
    assert look(house.desk.settings, desk_url) == []
