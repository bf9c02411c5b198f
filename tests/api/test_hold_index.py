"""The check from memory says what the database says, in every process, and never says "allowed" for old news."""

import asyncio
import dataclasses
import json
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from app import db
from app.desk import MACHINE
from app.services import audit, checks, log_together, upkeep
from app.services.checks import Check
from app.services.hold_index import CONFIRMED_FOR_S, HoldIndex
from tests.api.acts import YOUNGHEE, one, rows
from tests.api.remembering import (
    GILDONGS,
    PATIENCE_S,
    deaf_pooler,
    kinds,
    lift,
    listeners,
    place,
    placed,
    plain,
    remembering,
    sure,
    until,
)
from tests.house import House

USE = {"subject": {"phone": "010-1234-5678"}, "category": "online_mall", "purpose": "delivery"}
KINDS = ("correction_pending", "suspended", "consent_withdrawn", "kept_by_law")
FIELDS = ("name", "phone", "address")
PURPOSES = ("delivery", "service_consultation", "marketing")
HONOURED_WITHIN_S = 0.1
HANDLES = (GILDONGS, ("email", "gildong@example.com"), ("customer_no", "C-1029"), ("phone", "+821000001234"))

RESTORED = (
    "WITH gone AS (DELETE FROM hold_change WHERE seq = (SELECT seq FROM hold_clock))"
    " UPDATE hold_clock SET seq = seq - 1"
)


@pytest.fixture
def desk_url(database_url: str) -> str:
    """Their own: connections are cut and refused."""
    return database_url


async def person(house: House, **more: Any) -> str:
    """The claim of somebody who is known."""
    filed = await house.file(**more)
    await house.prove(filed)
    claim: str = filed["claims"][0]["id"]
    return claim


def some(names: tuple[str, ...]) -> st.SearchStrategy[list[str] | None]:
    return st.none() | st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)


PLACED = st.tuples(
    st.integers(0, 1),
    st.sampled_from(KINDS),
    st.sampled_from(("online_mall", "separate_service")),
    some(FIELDS),
    some(PURPOSES),
)
ACTS = st.lists(PLACED | st.just("lift") | st.just("roll back") | st.just("load anew"), min_size=1, max_size=12)


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
async def test_memory_says_to_the_letter_what_the_database_says(house: House, acts: list[Any]) -> None:
    if not await claims_of(house):
        await person(house)
        await person(house, subject=YOUNGHEE)
    claims = await claims_of(house)
    async with remembering(house.desk, listening=False) as index:
        standing: list[UUID] = []
        for act in acts:
            if act == "lift":
                if standing:
                    await lift(house.desk, standing.pop(len(standing) // 2))
            elif act == "load anew":
                await index.stop()
                index.start()
                await until(lambda: index.seq is not None)
            else:
                await acted(house, claims, act, standing)
            await index.catch_up(await one(house.desk, "SELECT seq FROM hold_clock"))
            remembered = by_memory()
            said = await answers(house, index)
            assert by_memory() == remembered + 1
            assert said == await answers(house, HoldIndex(house.desk.database, ""))


def by_memory() -> float:
    """How many calls memory has answered."""
    return REGISTRY.get_sample_value("desk_processing_check_calls_total", {"source": "memory"}) or 0.0


async def claims_of(house: House) -> list[str]:
    """All claims."""
    return [row.id for row in await rows(house.desk, "SELECT id::text AS id FROM claim ORDER BY id")]


async def acted(house: House, claims: list[str], act: Any, standing: list[UUID]) -> None:
    """Place a hold, or do so and think better of it."""
    if act == "roll back":
        with suppress(RuntimeError):
            async with house.desk.database.transaction() as session:
                await placed(session, claims[0], "suspended", "online_mall")
                await session.flush()
                raise RuntimeError
        return
    whose, kind, category, fields, purposes = act
    standing.append(await place(house.desk, claims[whose], kind, category, fields=fields, purposes=purposes))


async def answers(house: House, index: HoldIndex) -> str:
    """What everybody is told about everything."""
    asked = [
        Check(frozenset({house.desk.handle(*handle)}), category, purpose, fields)
        for handle in HANDLES
        for category in ("online_mall", "separate_service")
        for purpose in PURPOSES
        for fields in ((), ("name",), ("name", "phone", "address"))
    ]
    async with house.desk.database.transaction() as session:
        found = await checks.check(session, asked, {}, index, by=MACHINE, now=db.now())
    return json.dumps([dataclasses.asdict(answer) for answer in found])


async def test_a_hold_is_honoured_by_every_process_and_let_go_by_every_process(house: House) -> None:
    claim = await person(house)
    async with remembering(house.desk) as first, remembering(house.desk) as second:
        assert await sure(house.desk, first) == await sure(house.desk, second) == []
        hold = await place(house.desk, claim)
        seq = await one(house.desk, "SELECT seq FROM hold_clock")
        # Nobody asks: they hear of it.
        await until(lambda: first.seq == second.seq == seq)
        assert await sure(house.desk, first) == await sure(house.desk, second) == ["suspended"]
        await lift(house.desk, hold)
        await until(lambda: first.seq == second.seq == seq + 1)
        assert await sure(house.desk, first) == await sure(house.desk, second) == []


@pytest.mark.parametrize("how", ["never listened", "cut", "deaf"])
async def test_no_answer_is_older_than_a_tenth_of_a_second_whatever_the_listener_hears(house: House, how: str) -> None:
    claim = await person(house)
    async with deaf_pooler(house.desk) as pooler:
        address = pooler if how == "deaf" else None
        async with remembering(house.desk, address=address, listening=how != "never listened") as index:
            for asked_meanwhile in (True, False) * 5:
                if how == "cut":
                    listeners(house.desk, cut=True)
                assert await sure(house.desk, index) == []
                asking = asyncio.create_task(first_seen(house, index)) if asked_meanwhile else None
                hold = await place(house.desk, claim)
                committed = time.monotonic()
                if asking is not None:
                    assert await asking < committed + HONOURED_WITHIN_S
                else:
                    await asyncio.sleep(HONOURED_WITHIN_S)
                    assert await kinds(house.desk, index) in (None, ["suspended"])
                await lift(house.desk, hold)
                await asyncio.sleep(HONOURED_WITHIN_S)


async def first_seen(house: House, index: HoldIndex) -> float:
    """Ask until the hold is seen; when the last question was asked that was answered without it."""
    asked = last = began = time.monotonic()
    while await kinds(house.desk, index) in (None, []):
        assert asked < began + PATIENCE_S, "never seen"
        last = asked
        await asyncio.sleep(0.001)
        asked = time.monotonic()
    return last


async def test_a_listener_that_does_not_hear_itself_says_so(house: House) -> None:
    with capture_logs() as logs:
        async with deaf_pooler(house.desk) as pooler, remembering(house.desk, address=pooler):
            await until(lambda: [log for log in logs if log["event"] == "holds.deaf"])
    [said, *_] = [log for log in logs if log["event"] == "holds.deaf"]
    assert "DATABASE_DIRECT_URL" in said["hint"]


async def test_a_listener_that_was_cut_listens_again(house: House) -> None:
    claim = await person(house)
    async with remembering(house.desk) as index:
        await until(lambda: listeners(house.desk) == 1)
        assert listeners(house.desk, cut=True) == 1
        await until(lambda: listeners(house.desk) == 0)
        await until(lambda: listeners(house.desk) == 1)
        await place(house.desk, claim)
        seq = await one(house.desk, "SELECT seq FROM hold_clock")
        await until(lambda: index.seq == seq)


async def test_what_is_missing_in_the_sequence_or_of_another_history_is_loaded_anew(house: House) -> None:
    claim = await person(house)
    async with remembering(house.desk, listening=False) as index:
        for spoiled, more in (
            ("DELETE FROM hold_change WHERE seq = (SELECT seq - 1 FROM hold_clock)", 2),
            ("UPDATE hold_clock SET at = at + interval '1 second'", 0),
            ("UPDATE hold_change SET at = at + interval '1 minute'", 1),
            (RESTORED, 0),
        ):
            before = await sure(house.desk, index)
            for _ in range(more):
                await place(house.desk, claim)
            async with house.desk.database.transaction() as session:
                await db.run(session, spoiled, {})
            await asyncio.sleep(CONFIRMED_FOR_S)
            with capture_logs() as logs:
                assert await kinds(house.desk, index) is None, spoiled
                assert await sure(house.desk, index) == ["suspended"] * (len(before) + more), spoiled
            assert [log["event"] for log in logs if log["event"] == "holds.gap"] == ["holds.gap"], spoiled


async def test_what_rolls_back_takes_no_number_and_many_at_once_leave_no_gap(house: House) -> None:
    claim = await person(house)
    before = await one(house.desk, "SELECT seq FROM hold_clock")
    gate = asyncio.Semaphore(8)

    async def act(number: int) -> None:
        async with gate, house.desk.database.transaction() as session:
            # Some are chained before their holds are written and some after.
            audit.note(session, "check.required_by_law", by=MACHINE, now=db.now())
            await placed(session, claim, "suspended", "online_mall")
            await placed(session, claim, "consent_withdrawn", "online_mall")
            if number % 3:
                await audit.append(session)
            if number % 5 == 0:
                await session.flush()
                raise RuntimeError

    async with remembering(house.desk) as index:
        ended = await asyncio.gather(*(act(number) for number in range(40)), return_exceptions=True)
        assert [type(one_) for one_ in ended if one_ is not None] == [RuntimeError] * 8
        numbers = [row.seq for row in await rows(house.desk, "SELECT seq FROM hold_change ORDER BY seq")]
        assert numbers == list(range(1, before + 64 + 1)) and numbers[-1] == before + 64
        await asyncio.sleep(CONFIRMED_FOR_S)
        assert len(await sure(house.desk, index)) == 64


async def test_a_database_that_is_away_is_no_permission(house: House) -> None:
    system, claim = await house.system(), await person(house)
    await place(house.desk, claim)

    async def ask() -> Any:
        return await house.api.post("/v1/processing-checks", json={"checks": [USE]}, headers=system.headers)

    index: HoldIndex = house.api._transport.app.state.holds  # type: ignore[attr-defined]
    by_database = (await ask()).content
    index.start()
    try:
        await until(lambda: index.seq is not None)
        await asyncio.sleep(CONFIRMED_FOR_S)
        assert (await ask()).content == by_database and await kinds(house.desk, index) == ["suspended"]
        name = psycopg.conninfo.conninfo_to_dict(plain(house.desk))["dbname"]
        with psycopg.connect(plain(house.desk), dbname="postgres", autocommit=True) as server:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
            gone = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            server.execute(gone, [name])
            await asyncio.sleep(CONFIRMED_FOR_S)
            for _ in range(3):
                reply = await ask()
                assert (reply.status_code, reply.json()["code"]) == (503, "service.unavailable")
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
        assert await sure(house.desk, index) == ["suspended"]
        assert (await ask()).content == by_database
    finally:
        await index.stop()


async def test_calls_that_come_together_are_logged_together_and_each_before_its_answer(house: House) -> None:
    system = await house.system()
    index: HoldIndex = house.api._transport.app.state.holds  # type: ignore[attr-defined]

    async def ask() -> tuple[int, int]:
        reply = await house.api.post("/v1/processing-checks", json={"checks": [USE]}, headers=system.headers)
        logged = f"SELECT count(*) FROM access_log WHERE result = 'ok' AND trace = '{reply.headers['request-id']}'"
        return reply.status_code, await one(house.desk, logged)

    index.start()
    try:
        await until(lambda: index.seq is not None)
        by_now = by_memory()
        assert set(await asyncio.gather(*(ask() for _ in range(24)))) == {(200, 1)}
        assert by_memory() == by_now + 24
        together = "SELECT count(DISTINCT xmin::text) FROM access_log WHERE operation = 'check_processing'"
        assert await one(house.desk, together) < 12
        await renamed(house, "access_log", "away")
        try:
            replies = [
                house.api.post("/v1/processing-checks", json={"checks": [USE]}, headers=system.headers)
                for _ in range(3)
            ]
            assert {reply.status_code for reply in await asyncio.gather(*replies)} <= {500, 503}
        finally:
            await renamed(house, "away", "access_log")
        assert await ask() == (200, 1)
    finally:
        await index.stop()


async def test_a_log_that_cannot_be_written_in_time_holds_nobody_up_for_good(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_together, "WRITING_S_MOST", 0.3)
    system, asked = await house.system(), {"checks": [USE]}
    index: HoldIndex = house.api._transport.app.state.holds  # type: ignore[attr-defined]
    index.start()
    try:
        await until(lambda: index.seq is not None)
        with psycopg.connect(plain(house.desk)) as elsewhere:
            elsewhere.execute("LOCK TABLE access_log IN ACCESS EXCLUSIVE MODE")
            replies = await asyncio.gather(
                *(house.api.post("/v1/processing-checks", json=asked, headers=system.headers) for _ in range(3))
            )
            assert {(one.status_code, one.json()["code"]) for one in replies} == {(503, "service.unavailable")}
            elsewhere.rollback()
        again = await house.api.post("/v1/processing-checks", json=asked, headers=system.headers)
        assert again.status_code == 200
    finally:
        await index.stop()


async def renamed(house: House, old: str, new: str) -> None:
    """A table under another name."""
    async with house.desk.database.transaction() as session:
        await db.run(session, f"ALTER TABLE {old} RENAME TO {new}", {})


async def test_before_it_is_loaded_and_after_it_has_ended_the_database_answers(house: House) -> None:
    claim = await person(house)
    await place(house.desk, claim)
    index = HoldIndex(house.desk.database, "postgresql://nobody@127.0.0.1:1/nowhere")
    assert await kinds(house.desk, index) is None
    index.start()
    await asyncio.sleep(0.05)
    assert await kinds(house.desk, index) is None
    assert json.loads(await answers(house, index))[0]["allowed"] is False
    await index.stop()
    async with remembering(house.desk) as loaded:
        assert await sure(house.desk, loaded) == ["suspended"]
    assert await kinds(house.desk, loaded) is None


async def told(house: House, index: HoldIndex) -> None:
    """Wait until its listener has told it of the last change."""
    last = await one(house.desk, "SELECT seq FROM hold_clock")
    await until(lambda: index.seq == last)


async def test_old_changes_are_forgotten_and_memory_goes_on(house: House) -> None:
    claim = await person(house)
    async with remembering(house.desk) as index:
        first, second = [await place(house.desk, claim, kind) for kind in ("suspended", "kept_by_law")]
        await told(house, index)
        assert await sure(house.desk, index) == ["kept_by_law", "suspended"]
        async with house.desk.database.transaction() as session:
            await upkeep.forget(session, now=db.now() + timedelta(days=31))
        [left] = await rows(house.desk, "SELECT hold_id FROM hold_change")
        assert left.hold_id == second
        await lift(house.desk, first)
        await told(house, index)
        assert await sure(house.desk, index) == ["kept_by_law"]
        async with remembering(house.desk) as another:
            assert await sure(house.desk, another) == ["kept_by_law"]
