"""The operator's figures of each system: what waits, what was tried, what failed, whether it may be sent anything."""

import asyncio
from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from app import db
from app.db import Database
from app.desk import MACHINE
from app.services import pulse, registry, sending
from tests.worker.holders import SECOND, queue, register


async def figures(api, holder):
    """What is scraped of one system."""
    reply = await api.get("/metrics")
    assert reply.status_code == 200
    return {
        (one.name, one.labels.get("state")): one.value
        for family in text_string_to_metric_families(reply.text)
        for one in family.samples
        if one.labels.get("system") == str(holder.id)
    }


async def test_attempts_and_failures_are_counted_for_each_system(api, desk, sender, receiver):
    holder, other = await register(desk, receiver.url), await register(desk, receiver.url)
    receiver.answers = [(500, {}), (204, {}), (204, {})]
    moment = db.now()  # stands still, so that what failed is not sent a second time
    for _ in range(3):
        await queue(desk, holder, at=moment)
    await sending.drain(desk, holder.id, sender, lambda: moment)
    found = await figures(api, holder)
    assert found["desk_system_attempts_total", None] == 3
    assert found["desk_system_failures_total", None] == 1
    await queue(desk, holder, at=moment)
    await sending.drain(desk, holder.id, sender, lambda: moment)
    assert (await figures(api, holder))["desk_system_attempts_total", None] == 4
    assert (await figures(api, other))["desk_system_attempts_total", None] == 0


async def test_the_oldest_that_is_on_its_way_says_how_long_a_system_waits(api, desk, sender, receiver):
    holder = await register(desk, receiver.url)
    assert (await figures(api, holder))["desk_system_oldest_undelivered_seconds", None] == 0
    now = db.now()
    for ago in (3600, 60):
        await queue(desk, holder, at=now - ago * SECOND)
    assert 3600 <= (await figures(api, holder))["desk_system_oldest_undelivered_seconds", None] < 3700
    await sending.drain(desk, holder.id, sender, db.now)
    assert (await figures(api, holder))["desk_system_oldest_undelivered_seconds", None] == 0


async def test_the_state_is_told_and_a_retired_system_is_no_longer(api, desk):
    holder = await register(desk, "http://127.0.0.1:9/events", state="stopped")
    found = await figures(api, holder)
    states = {state: value for (name, state), value in found.items() if name == "desk_system_state"}
    assert states == {"proposed": 0, "unverified": 0, "active": 0, "stopped": 1}
    async with desk.database.transaction() as session:
        await registry.retire(session, holder.id, by=MACHINE, now=db.now())
    assert await figures(api, holder) == {}


async def test_an_endpoint_that_failed_ten_times_in_a_row_is_seen_to_be_given_up_on_for_now(
    api, desk, sender, receiver
):
    holder = await register(desk, receiver.url)
    receiver.answers = [(500, {})] * 10
    moment = db.now()  # stands still, so that none of those before is sent a second time
    for failures in range(10):
        assert (await figures(api, holder))["desk_system_circuit_open", None] == 0, failures
        await queue(desk, holder, at=moment)
        await sending.drain(desk, holder.id, sender, lambda: moment)
    assert (await figures(api, holder))["desk_system_circuit_open", None] == 1


async def test_workers_at_the_same_moment_lose_no_count(desk):
    holder = await register(desk, "http://127.0.0.1:9/events")

    async def one_round():
        async with desk.database.transaction() as session:
            await pulse.count(session, holder.id, attempts=20, failures=3)

    await asyncio.gather(*(one_round() for _ in range(8)))
    async with desk.database.transaction() as session:
        [found] = await pulse.read(session)
    assert (found.attempts, found.failures) == (160, 24)


async def test_the_figures_of_the_process_are_there_while_the_database_is_away(api, desk, application):
    holder = await register(desk, "http://127.0.0.1:9/events")
    assert await figures(api, holder)
    application(replace(desk, database=Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")))
    reply = await api.get("/metrics")
    assert reply.status_code == 200
    assert "desk_http_answers_total" in reply.text
    assert "desk_system" not in reply.text
