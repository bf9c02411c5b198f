"""A stop against what it stops, at once, over real transactions: one comes first, and nothing comes after the stop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from app import crypto, db
from app.models import ReleaseGrant, Verification
from tests.api.acts import DELETION, DELIVERY, one, rows
from tests.api.stops import OTHER_PHONE, codes, filed_by
from tests.house import ONLINE_MALL, House, bearer

ROUNDS = 20
CODE, SALT = "13572468", bytes(range(16))
FROZEN = "SELECT frozen_at IS NOT NULL FROM request"
Act = Callable[[], Coroutine[Any, Any, httpx.Response]]
Ready = Callable[[int], Awaitable[None]]


async def race(house: House, act: Act, *, at: str, trace: str, ready: Ready) -> None:
    """Act and stop at once: in either order to the letter, then a little apart in turn, as it comes.

    `at` is a table that the act writes once it has passed the gate; `trace` counts what the act left behind.
    """
    await _act_first(house, act, at, ready)
    await _stop_first(house, act, ready)
    seen = []
    for place in range(ROUNDS):
        await _anew(house, ready, place)
        before = await one(house.desk, trace)
        head_start = (place - ROUNDS / 2) / 400
        acted, stopped = await asyncio.wait_for(
            asyncio.gather(_after(max(0.0, head_start), act()), _after(max(0.0, -head_start), _stop(house))), timeout=20
        )
        assert stopped.status_code == 202
        assert await one(house.desk, FROZEN)
        left = await one(house.desk, trace) - before
        if acted.status_code == 200:
            assert left == 1, place
        else:
            assert (acted.status_code, acted.json()["code"], left) == (409, "request.frozen", 0), place
        seen.append(acted.status_code)
    assert len(seen) == ROUNDS


async def _act_first(house: House, act: Act, at: str, ready: Ready) -> None:
    """The act has passed the gate and is held there: the stop waits for it, and comes after."""
    await _anew(house, ready, ROUNDS)
    async with _held(house, at):
        acting = asyncio.create_task(act())
        await _until(house, 1)
        stopping = asyncio.create_task(_stop(house))
        await _until(house, 2)
        assert any("FROM request" in query and "FOR UPDATE" in query for query in await _waiting(house))
    replies = await asyncio.wait_for(asyncio.gather(acting, stopping), timeout=20)
    assert [reply.status_code for reply in replies] == [200, 202]
    assert await one(house.desk, FROZEN)


async def _stop_first(house: House, act: Act, ready: Ready) -> None:
    """The stop is under way and is held there: the act waits for it, and is refused."""
    await _anew(house, ready, ROUNDS + 1)
    async with _held(house, '"freeze"'):
        stopping = asyncio.create_task(_stop(house))
        await _until(house, 1)
        acting = asyncio.create_task(act())
        await _until(house, 2)
    acted, stopped = await asyncio.wait_for(asyncio.gather(acting, stopping), timeout=20)
    assert (stopped.status_code, acted.status_code, acted.json()["code"]) == (202, 409, "request.frozen")


async def _anew(house: House, ready: Ready, place: int) -> None:
    """As before any stop: the same code may stop again, and nothing is left of the last round."""
    await rows(house.desk, 'DELETE FROM "freeze" RETURNING id')
    await rows(house.desk, "UPDATE request SET frozen_at = NULL RETURNING id")
    await rows(house.desk, "DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING id")
    await ready(place)


@asynccontextmanager
async def _held(house: House, table: str) -> AsyncIterator[None]:
    """Nobody gets past this table."""
    async with house.desk.database.transaction() as session:
        await session.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield


async def _until(house: House, many: int) -> None:
    """Until so many wait for a lock."""
    for _ in range(500):
        if len(await _waiting(house)) >= many:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(await _waiting(house))


async def _waiting(house: House) -> list[str]:
    found = await rows(
        house.desk,
        "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    return [query for (query,) in found]


async def _stop(house: House) -> httpx.Response:
    return await house.api.post("/v1/freezes", json={"stop_code": codes(house, OTHER_PHONE)[-1]})


async def _after(seconds: float, call: Awaitable[httpx.Response]) -> httpx.Response:
    await asyncio.sleep(seconds)
    return await call


def before_the_stop(action: str) -> str:
    """How often this was done, each time before the stop of its round: the chain knows the order."""
    told = "convert_from(body, 'UTF8')::json ->> 'action'"
    return (
        f"SELECT count(*) FROM audit_entry WHERE {told} = '{action}' AND seq < (SELECT coalesce(max(seq)"
        f" FILTER (WHERE {told} = 'request.freeze'), 0) FROM audit_entry)"
    )


async def test_a_stop_and_a_decision(house: House) -> None:
    filed = await filed_by(house, DELETION)
    claim_id = filed["claims"][0]["id"]
    officer = house.auth("officer")

    async def ready(_: int) -> None:
        await rows(house.desk, "DELETE FROM decision RETURNING id")
        seen = await house.api.get(f"/v1/claims/{claim_id}", headers=officer)
        officer["If-Match"] = seen.headers["etag"]

    async def decide() -> httpx.Response:
        body = {"outcome": "partial", "reason": "보존합니다."}
        return await house.api.put(f"/v1/claims/{claim_id}/decision", json=body, headers=officer)

    await race(house, decide, at="decision", trace=before_the_stop("claim.propose"), ready=ready)


async def test_a_stop_and_the_second_persons_word(house: House) -> None:
    filed = await filed_by(house, DELETION)
    claim_id = filed["claims"][0]["id"]
    assert (await house.decide(claim_id, outcome="partial", reason="보존합니다.")).status_code == 200
    approver = house.auth("approver")

    async def ready(_: int) -> None:
        for table in ("fence", "hold_key", "hold"):
            await rows(house.desk, f"DELETE FROM {table} RETURNING 1")
        await rows(house.desk, "UPDATE decision SET state = 'proposed', settled_at = NULL RETURNING id")
        await rows(house.desk, "UPDATE claim SET status = 'verified', version = version + 1 RETURNING id")
        version = await one(house.desk, "SELECT version FROM claim")
        approver["If-Match"] = f'"v{version}"'

    async def approve() -> httpx.Response:
        body = {"agree": True}
        return await house.api.post(f"/v1/claims/{claim_id}/approval", json=body, headers=approver)

    await race(house, approve, at="decision", trace=before_the_stop("claim.approve_partly"), ready=ready)


async def answered(house: House) -> dict[str, Any]:
    """An access claim to its end."""
    mall = await house.system()
    filed = await filed_by(house, ONLINE_MALL)
    assert await mall.work() == ["collect"]
    return filed


async def granted(house: House, filed: dict[str, Any], place: int) -> None:
    """A grant for this round."""
    async with house.desk.database.transaction() as session:
        digest = house.desk.keys.digest(f"grant|round {place}")
        until = db.now() + timedelta(minutes=10)
        session.add(ReleaseGrant(id=db.new_id(), request_id=UUID(filed["id"]), digest=digest, expires_at=until))


async def test_a_stop_and_the_opening_of_a_package(house: House) -> None:
    filed = await answered(house)
    person, path = bearer(filed["requester_token"]), f"/v1/claims/{filed['claims'][0]['id']}/package"
    grant = {"grant": ""}

    async def ready(place: int) -> None:
        await granted(house, filed, place)
        grant["grant"] = f"round {place}"

    async def fetch() -> httpx.Response:
        return await house.api.post(path, json=grant, headers=person)

    await race(house, fetch, at="grant_use", trace="SELECT count(*) FROM grant_use", ready=ready)


async def test_a_stop_and_the_opening_of_a_notice(house: House) -> None:
    filed = await answered(house)
    person = bearer(filed["requester_token"])
    [notice] = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=person)).json()["items"]
    path, grant = f"/v1/notices/{notice['id']}/document", {"grant": ""}

    async def ready(place: int) -> None:
        await granted(house, filed, place)
        grant["grant"] = f"round {place}"

    async def read() -> httpx.Response:
        return await house.api.post(path, json=grant, headers={**person, "Accept": "text/html"})

    await race(house, read, at="grant_use", trace=before_the_stop("notice.open"), ready=ready)


async def test_a_stop_and_the_answer_that_gives_a_grant(house: House) -> None:
    filed = await answered(house)
    person = bearer(filed["requester_token"])
    digest = house.desk.handle("phone", "+821000006201")
    code_hash = crypto.scrypt_hash(CODE, SALT)
    asked = {"id": ""}

    async def ready(_: int) -> None:
        # An answer that met a stop was a try all the same, and too many of them lock a contact for the day.
        await rows(house.desk, "UPDATE verification SET tries = 0 RETURNING id")
        now = db.now()
        row = Verification(
            id=db.new_id(),
            request_id=UUID(filed["id"]),
            party="subject",
            method="phone_code",
            purpose="release",
            contact_digest=digest,
            salt=SALT,
            code_hash=code_hash,
            created_at=now,
            expires_at=now + timedelta(minutes=5),
            sent_at=now,
        )
        asked["id"] = str(row.id)
        async with house.desk.database.transaction() as session:
            session.add(row)

    async def answer() -> httpx.Response:
        return await house.api.post(f"/v1/verifications/{asked['id']}/answer", json={"code": CODE}, headers=person)

    await race(house, answer, at="release_grant", trace="SELECT count(*) FROM release_grant", ready=ready)


async def test_a_stop_and_a_holder_who_fetches(house: House) -> None:
    mall = await house.system()
    await filed_by(house, DELIVERY)
    [task] = await mall.tasks()

    async def ready(_: int) -> None:
        await rows(house.desk, "UPDATE task SET fetched_at = NULL RETURNING id")

    async def fetch() -> httpx.Response:
        return await house.api.get(f"/v1/tasks/{task['id']}", headers=mall.headers)

    await race(
        house, fetch, at="access_log", trace="SELECT count(*) FROM task WHERE fetched_at IS NOT NULL", ready=ready
    )


async def test_the_same_code_many_times_at_once_is_one_stop(house: House) -> None:
    filed = await filed_by(house, DELETION)
    stop = {"stop_code": codes(house, OTHER_PHONE)[-1]}
    replies = await asyncio.gather(*[house.api.post("/v1/freezes", json=stop) for _ in range(8)])
    assert {(reply.status_code, reply.text) for reply in replies} == {(202, '{"status":"received"}')}
    assert await one(house.desk, 'SELECT count(*) FROM "freeze"') == 1
    assert await one(house.desk, "SELECT count(*) FROM review_item WHERE kind = 'request.frozen'") == 1
    assert await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'frozen'") == 1
    assert (await house.look(filed))["frozen"]


async def test_two_rulings_on_one_version_and_a_ruling_against_another_stop(house: House) -> None:
    filed = await filed_by(house, DELETION)
    first, second = codes(house, OTHER_PHONE)[-1], codes(house, "jiho@example.com")[-1]
    path = f"/v1/requests/{filed['id']}"
    for place in range(4):
        await rows(house.desk, 'DELETE FROM "freeze" RETURNING id')
        await rows(house.desk, "UPDATE request SET frozen_at = NULL RETURNING id")
        await house.api.post("/v1/freezes", json={"stop_code": first})
        caller = house.auth("approver", "approver-8")
        version = (await house.api.get(path, headers=caller)).headers["etag"]
        body = {"result": "released", "reason": "확인하였다."}

        def rule(sub: str, version: str = version, body: dict[str, str] = body) -> Awaitable[httpx.Response]:
            headers = {**house.auth("approver", sub), "If-Match": version}
            return house.api.put(f"{path}/freeze/ruling", json=body, headers=headers)

        if place % 2:
            both = await asyncio.gather(rule("approver-8"), rule("approver-9"))
            assert sorted(reply.status_code for reply in both) == [200, 412]
            assert not await one(house.desk, "SELECT frozen_at IS NOT NULL FROM request")
            continue
        ruled, _ = await asyncio.gather(rule("approver-8"), house.api.post("/v1/freezes", json={"stop_code": second}))
        # The second came before, and whoever rules has to look again; or after, and it stands alone. Nothing is
        # released with a stop that nobody has ruled on.
        assert ruled.status_code in (200, 412)
        open_ = await one(house.desk, 'SELECT count(*) FROM "freeze" WHERE result IS NULL')
        assert open_ == (1 if ruled.status_code == 200 else 2)
        assert await one(house.desk, "SELECT frozen_at IS NOT NULL FROM request")
