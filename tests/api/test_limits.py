"""Limits that two processes count together, what a flood of requests comes to, and a queue that has an end."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app import db, main
from app.db import Database
from app.desk import Desk
from app.errors import Limited
from app.http.limits import IN_FLIGHT_MAX, Door
from app.law.deadline import seoul_time
from app.services import pacing, throttle, upkeep
from app.services.alerts import CROWDED
from app.services.frequency import OF_ONE_SUBJECT_DAY
from app.services.verification import CODES_A_DAY
from tests.api.acts import DELETION, ask, one, refused, review, rows
from tests.api.stops import alerts
from tests.api.test_alerts import JIHO
from tests.api.test_objections import closed
from tests.api.test_postponement import object_to
from tests.house import ADDRESS, GILDONG, ONLINE_MALL, STRANGER, House, bearer, key

DAY = 24 * 60
OTHERS = "+821000006202", "jiho@example.com"
"""The contacts on record that hear when the third one proves."""


async def counted(house: House, what: str, whose: str, count: int, *, minutes: int) -> None:
    """As if so many had come in this window of time, and in the next one if it begins meanwhile."""
    start = int(db.now().timestamp()) // (minutes * 60) * minutes * 60
    for window in (start, start + minutes * 60):
        await rows(
            house.desk,
            "INSERT INTO tally (digest, window_start, count) VALUES (:digest, :start, :count) RETURNING count",
            digest=house.desk.keys.lookup(what, whose),
            start=datetime.fromtimestamp(window, UTC),
            count=count,
        )


def as_if_elsewhere(desk: Desk) -> Database:
    """The pool of another process over the same database."""
    other = Database(desk.database.engine.url.render_as_string(hide_password=False), pool_size=4)
    other.info["desk"] = desk
    return other


async def test_two_processes_count_together(desk: Desk) -> None:
    other, at = as_if_elsewhere(desk), db.now()

    async def one_more(database: Database) -> bool:
        try:
            async with database.transaction() as session:
                await throttle.count(session, "filing", "192.0.2.9", most=10, now=at)
        except Limited:
            return False
        return True

    let_in = await asyncio.gather(*(one_more(database) for database in [desk.database, other] * 15))
    await other.dispose()
    assert sum(let_in) == 10


async def test_an_agent_who_files_faster_than_anybody_types_is_told_to_wait(house: House) -> None:
    iss = house.desk.issuer.name
    await counted(house, "filing.agent", f"{iss}|call_center-1|a17", 60, minutes=1)
    body = {"capacity": "self", "channel": "phone", "subject": GILDONG, "claims": [ONLINE_MALL]}

    async def file(agent: str) -> httpx.Response:
        headers = {**house.auth("call_center", agent=agent), **key()}
        return await house.api.post("/v1/requests", json=body, headers=headers)

    reply = await file("a17")
    assert refused(reply) == (429, "", "rate.limited") and 1 <= int(reply.headers["retry-after"]) <= 60
    assert (await file("a18")).status_code == 201, "a colleague of theirs is not held up"


async def test_no_contact_is_sent_more_codes_in_a_day_whoever_it_is(house: House) -> None:
    for subject in (GILDONG, STRANGER):
        filed = await house.file(subject=subject)
        assert (await ask(house, filed)).status_code == 202
        again = "INSERT INTO verification SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid())"
        earlier = f"{again})).* FROM verification v, generate_series(2, :most) WHERE request_id = :id RETURNING id"
        await rows(house.desk, earlier, most=CODES_A_DAY, id=filed["id"])
        ended = "UPDATE verification SET created_at = created_at - :by, expires_at = expires_at - :by RETURNING id"
        await rows(house.desk, ended, by=timedelta(hours=2))
        before = len(house.sent("sms"))
        full = await ask(house, filed)
        assert (full.status_code, len(house.sent("sms"))) == (202, before)
        await rows(house.desk, ended, by=timedelta(hours=23))
        await ask(house, filed)
        assert len(house.sent("sms")) == before + 1


async def test_five_at_once_then_one_from_time_to_time_and_after_a_day_of_them_none(desk: Desk) -> None:
    other, at = as_if_elsewhere(desk), db.now()
    digest = desk.handle("phone", "+821000006202")

    async def turn(database: Database) -> datetime | None:
        async with database.transaction() as session:
            return await pacing.turn(session, digest, now=at)

    turns = await asyncio.gather(*(turn(database) for database in [desk.database, other] * 20))
    await other.dispose()
    given = sorted(one - at for one in turns if one is not None)
    assert given[:5] == [timedelta()] * 5
    assert given[5:] == [pacing.EACH * n for n in range(1, 21)]
    assert given[-1] == pacing.WAIT_MOST and turns.count(None) == 15
    async with desk.database.transaction() as session:
        later = at + pacing.WAIT_MOST + pacing.EACH * 5
        assert await pacing.turn(session, digest, now=later) == later, "it ends by itself"
        assert await pacing.turn(session, desk.handle("phone", "+821000006203"), now=at) == at
        await upkeep.forget(session, now=later + timedelta(days=3))
    assert await one(desk, "SELECT count(*) FROM pace") == 0


async def test_a_flood_of_requests_in_somebodys_name_floods_no_mailbox_and_comes_before_an_officer(
    house: House,
) -> None:
    async def proved(ahead: timedelta) -> dict[str, Any]:
        now = db.now()
        for digest in (house.desk.handle("phone", OTHERS[0]), house.desk.handle("email", OTHERS[1])):
            crowded = "INSERT INTO pace (digest, until) VALUES (:digest, :until) ON CONFLICT (digest) DO UPDATE"
            crowded += " SET until = :until RETURNING until"
            await rows(house.desk, crowded, digest=digest, until=now + ahead)
        filed = await house.file(ONLINE_MALL, subject={"name": JIHO["name"], "phone": JIHO["phone"]})
        assert (await house.prove(filed)).status_code == 200
        return filed

    waiting = "SELECT count(*) FROM message WHERE kind = 'alert' AND state = 'queued' AND next_at > now()"
    told = "SELECT count(*) FROM message WHERE kind = 'officer_todo'"
    some = await proved(pacing.EACH * 6)
    assert alerts(house) == {} and await one(house.desk, waiting) == 2
    assert await review(house, some) == [CROWDED]
    assert await one(house.desk, told) == 1
    full = await proved(pacing.EACH * 5 + pacing.WAIT_MOST)
    assert await one(house.desk, waiting) == 2, "more than a day of them is not kept waiting"
    assert await one(house.desk, "SELECT count(*) FROM alert") == 2, "no code lies about that nobody was sent"
    assert await review(house, full) == [CROWDED]
    assert await one(house.desk, told) == 1, "nor is the officer flooded"
    # What the law wants told goes out all the same.
    await rows(house.desk, "UPDATE message SET next_at = now() WHERE kind = 'alert' RETURNING id")
    await rows(house.desk, "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' RETURNING id")
    await house.workshop.run()
    assert set(alerts(house)) == set(OTHERS)


async def test_many_requests_about_one_person_in_a_day_are_looked_at_and_none_is_refused(house: House) -> None:
    first = await house.file(DELETION)
    await house.prove(first)
    whose = (await one(house.desk, "SELECT subject_digest FROM request")).hex()
    await rows(house.desk, "DELETE FROM tally RETURNING count")
    await counted(house, "subject.day", whose, OF_ONE_SUBJECT_DAY - 1, minutes=DAY)
    found = []
    for _ in range(3):
        await rows(house.desk, "UPDATE verification SET created_at = created_at - interval '2 hours' RETURNING id")
        filed = await house.file(DELETION)
        await house.prove(filed)
        await house.prove(filed, "email_code")  # proved twice, it is one request all the same
        found.append([kind for kind in await review(house, filed) if kind == "subject.frequent"])
    assert found == [[], ["subject.frequent"], ["subject.frequent"]]
    due = "SELECT due_on FROM claim GROUP BY due_on"
    assert len(await rows(house.desk, due)) == 1, "each has its own clock, and it is the same"


async def test_who_comes_when_too_many_wait_for_the_database_waits_for_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "WAITING_MOST", 3)
    narrow = Database(desk.database.engine.url.render_as_string(hide_password=False), pool_size=1)

    async def come() -> None:
        async with narrow.engine.connect():
            pass

    async with narrow.engine.connect():
        waiting = [asyncio.create_task(come()) for _ in range(3)]
        while narrow.engine.pool.waiting < 3:  # type: ignore[attr-defined]  # noqa: ASYNC110
            await asyncio.sleep(0)
        with pytest.raises(PoolTimeout, match="too many wait"):
            await come()
    await asyncio.gather(*waiting)
    await come()
    await narrow.dispose()


def test_the_door_of_the_service_bounds_what_is_under_way() -> None:
    [door] = [one for one in main.bare(docs=False).user_middleware if one.cls is Door]  # type: ignore[comparison-overlap]
    assert door.kwargs == {"in_flight_max": IN_FLIGHT_MAX}


async def test_a_flood_of_young_requests_hides_no_old_one(house: House) -> None:
    for _ in range(3):
        await house.file()
    arrived = seoul_time(db.now() - timedelta(days=6)).isoformat()
    old = await house.file(role="clerk", subject=STRANGER, arrived_at=arrived)
    for _ in range(3):
        await house.file()
    path, seen = "/v1/claims?limit=2", []
    while path:
        page = (await house.api.get(path, headers=house.auth("officer"))).json()
        seen += page["items"]
        path = f"/v1/claims?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert seen[0]["request_id"] == old["id"] and len(seen) == 7
    assert [one["due_on"] for one in seen] == sorted(one["due_on"] for one in seen)


async def test_what_somebody_does_over_and_over_is_not_said_over_and_over(house: House) -> None:
    """The telephone to which it is said may be that of somebody else whom they want to be rung all night."""
    said = "SELECT count(*) FROM message WHERE kind = :kind"
    many = await house.file(DELETION, {**DELETION, "categories": ["consultation"]}, ADDRESS)
    await house.prove(many)
    withdrawn = await house.api.post(f"/v1/requests/{many['id']}/withdrawal", headers=bearer(many["requester_token"]))
    assert withdrawn.status_code == 200
    await house.workshop.run()
    assert await one(house.desk, said, kind="withdrawn") == 1, "one word for three claims"
    filed = await closed(house)
    for _ in range(5):
        objection = await object_to(house, filed, reason="다시 보아 주십시오.")
        assert objection.status_code == 201, "nobody is kept from objecting"
        path = f"/v1/objections/{objection.json()['id']}/withdrawal"
        assert (await house.api.post(path, headers=bearer(filed["requester_token"]))).status_code == 200
    assert await one(house.desk, said, kind="objection_received") == 3
