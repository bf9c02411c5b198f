"""Two API processes over one database: a hold that anybody places is honoured by both, heard of or not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from app import db
from app.opening import open_desk
from app.settings import Settings
from tests.api.remembering import GILDONGS, listeners, plain
from tests.e2e.nursery import Nursery
from tests.e2e.processes import free_port, ready, until
from tests.house import GILDONG, ONLINE_MALL
from tests.invariants import look

pytestmark = pytest.mark.slow
HONOURED_WITHIN_S = 0.1
QUESTION = {"subject": {"phone": "010-1234-5678"}, "category": "online_mall", "purpose": "delivery"}
FILED = {"capacity": "self", "channel": "web", "subject": GILDONG, "claims": [ONLINE_MALL]}
SYSTEM = {
    "name": "a mall",
    "kind": "internal",
    "categories": ["online_mall"],
    "actions": ["collect"],
    "matches_by": ["phone"],
    "contact_email": "holder@example.com",
}
PLACE = (
    "WITH placed AS (INSERT INTO hold (id, claim_id, kind, category, basis, since)"
    " VALUES (%(id)s, %(claim)s, 'suspended', 'online_mall', '법 37②', now()) RETURNING id)"
    " INSERT INTO hold_key (hold_id, digest, feed_digest) SELECT id, %(digest)s, '' FROM placed"
)
LIFT = "UPDATE hold SET lifted_at = now() WHERE lifted_at IS NULL"


@pytest.fixture
def desk_url(database_url: str) -> str:
    """Their own: processes are killed over it."""
    return database_url


@pytest.fixture
async def two(environment: dict[str, str], tmp_path: Path, nursery: Nursery) -> AsyncIterator[list[str]]:
    """The addresses of two API processes."""
    urls, processes = [], []
    Settings.load(environment)  # makes the secrets that both read
    for number in range(2):
        port = str(free_port())
        env = {**environment, "PORT": port, "WORKER": "none", "EXAMPLES": "0"}
        processes.append(nursery.start("serve", env=env, log=tmp_path / f"api-{number}.log"))
        urls.append(f"http://127.0.0.1:{port}")
    try:
        for url in urls:
            await ready(url)
        yield urls
    finally:
        for process in processes:
            process.kill()


@pytest.mark.parametrize("heard", [True, False])
async def test_both_honour_it_within_a_tenth_of_a_second(
    environment: dict[str, str], two: list[str], heard: bool
) -> None:
    desk = open_desk(Settings.load(environment), pool_size=1)

    def bearer(role: str, sub: str) -> dict[str, str]:
        made = desk.issuer.issue(role, sub, timedelta(minutes=5), now=db.now())
        return {"Authorization": f"Bearer {made}", "Idempotency-Key": uuid4().hex}

    async with httpx.AsyncClient(base_url=two[0]) as first, httpx.AsyncClient(base_url=two[1]) as second:
        filed = (await first.post("/v1/requests", json=FILED, headers=bearer("website", "site"))).json()
        system = (await first.post("/v1/systems", json=SYSTEM, headers=bearer("admin", "admin-1"))).json()
        asking = bearer("system", system["id"])

        async def loaded() -> bool:
            told = [(await one.get("/metrics")).text for one in (first, second)]
            return all("desk_holds_listening 1.0" in text for text in told)

        await until(loaded, "both to listen")
        await asyncio.sleep(1)

        async def allowed(one: httpx.AsyncClient) -> bool:
            reply = await one.post("/v1/processing-checks", json={"checks": [QUESTION]}, headers=asking)
            return bool(reply.json()["results"][0]["allowed"])

        values: dict[str, Any] = {"claim": filed["claims"][0]["id"], "digest": desk.handle(*GILDONGS)}
        with psycopg.connect(plain(desk), autocommit=True) as anybody:
            for _ in range(5):
                assert [await allowed(first), await allowed(second)] == [True, True]
                if not heard:
                    listeners(desk, cut=True)
                anybody.execute(PLACE.encode(), {"id": db.new_id(), **values})
                await asyncio.sleep(HONOURED_WITHIN_S)
                assert [await allowed(first), await allowed(second)] == [False, False]
                anybody.execute(LIFT.encode())
                await asyncio.sleep(HONOURED_WITHIN_S)
        for one in (first, second):
            told = (await one.get("/metrics")).text
            [answered] = [line for line in told.splitlines() if 'check_calls_total{source="memory"}' in line]
            assert float(answered.split()[-1]) >= 5
    await desk.database.dispose()


async def test_whoever_waits_for_a_change_is_answered_before_the_process_ends(
    environment: dict[str, str], tmp_path: Path, nursery: Nursery
) -> None:
    desk = open_desk(Settings.load(environment), pool_size=1)
    env = {**environment, "PORT": str(free_port()), "WORKER": "none", "EXAMPLES": "0"}
    process = nursery.start("serve", env=env, log=tmp_path / "api.log")
    try:
        url = f"http://127.0.0.1:{env['PORT']}"
        await ready(url)

        def bearer(role: str, sub: str) -> dict[str, str]:
            made = desk.issuer.issue(role, sub, timedelta(minutes=5), now=db.now())
            return {"Authorization": f"Bearer {made}", "Idempotency-Key": uuid4().hex}

        async with httpx.AsyncClient(base_url=f"{url}/v1", timeout=40) as api:
            system = (await api.post("/systems", json=SYSTEM, headers=bearer("admin", "admin-1"))).json()
            mine = bearer("system", system["id"])
            after = (await api.get("/holds/snapshot", headers=mine)).json()["after"]
            waits = [
                asyncio.create_task(api.get("/holds/feed", params={"after": after, "wait": 30}, headers=mine))
                for _ in range(3)
            ]
            await asyncio.sleep(1)
            assert not any(one.done() for one in waits)
            ended = asyncio.create_task(asyncio.to_thread(process.stop, seconds=10))
            replies = await asyncio.gather(*waits)
            assert [(one.status_code, one.json()["after"]) for one in replies] == [(200, after)] * 3
            assert await ended == 0
    finally:
        process.kill()
        await desk.database.dispose()
    assert look(desk.settings, environment["DATABASE_URL"], logs=[tmp_path], at_rest=False) == []
