"""Sessions of staff: opened by first use, idle, too long, logged out, revoked; in every process within a minute."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app import db, main
from app.http import sessions
from app.http.sessions import FRESH
from app.services import keyring, staff_sessions
from tests.api.acts import one, refused, rows
from tests.api.days import Clock
from tests.api.logins import STAFF
from tests.house import House, bearer, key

MINUTE = timedelta(minutes=1)
QUEUE = "/v1/claims"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of every process here, from this moment on."""
    return Clock(monkeypatch, db.now())


async def seen(house: House) -> list[tuple[str, str]]:
    """What the access log says of everybody, in order."""
    found = await rows(house.desk, "SELECT operation, result FROM access_log ORDER BY at, id")
    return [tuple(row) for row in found]  # type: ignore[misc]


async def comes_in(api: httpx.AsyncClient, token: str) -> bool:
    """Whether this token opens the queue; every refusal is the same."""
    reply = await api.get(QUEUE, headers=bearer(token))
    if reply.status_code == 401:
        assert reply.json()["code"] == "auth.invalid"
    else:
        assert reply.status_code == 200, reply.text
    return reply.status_code == 200


async def test_the_first_use_is_a_login_and_a_logout_ends_every_token_of_it(house: House) -> None:
    here, there = (house.token("officer", "kim", sid="log-in 1", name="김하나") for _ in range(2))
    other = house.token("officer", "kim", sid="log-in 2")
    assert await comes_in(house.api, here) and await comes_in(house.api, there)
    assert await seen(house) == [("log_in", "ok"), ("list_claims", "ok"), ("list_claims", "ok")]
    assert (await house.api.post("/v1/sessions/end", headers=bearer(there))).status_code == 200
    assert not await comes_in(house.api, here) and not await comes_in(house.api, there)
    assert await comes_in(house.api, other), "another log-in is another session"
    assert (await seen(house))[3:] == [
        ("end_session", "ok"),
        ("list_claims", "auth.invalid:ended"),
        ("list_claims", "auth.invalid:ended"),
        ("log_in", "ok"),
        ("list_claims", "ok"),
    ]
    assert {row.actor for row in await rows(house.desk, "SELECT actor FROM access_log")} == {
        f"{house.desk.issuer.name}|kim"
    }
    said_of_it = "SELECT DISTINCT address, trace IS NULL FROM access_log WHERE operation IN ('log_in', 'list_claims')"
    assert [tuple(row) for row in await rows(house.desk, said_of_it)] == [("127.0.0.1", False)]
    kept = str(await rows(house.desk, "SELECT * FROM staff_session"))
    assert "log-in" not in kept and "김하나" not in kept
    async with house.desk.database.transaction() as session:
        first, second = await db.run(session, "SELECT id, name_ct FROM staff_session ORDER BY opened_at", {})
        name = keyring.unseal_for_desk(session, "staff_session.name", first.id, first.name_ct)
    assert (name, second.name_ct) == ("김하나", None)
    granted = await rows(house.desk, "SELECT act, kind, role, by, facts FROM grant_history")
    by = house.desk.issuer.name
    assert [tuple(row) for row in granted] == [("grant", "role", "officer", by, {"by": "issuer"})], (
        "on record when first used"
    )


async def test_another_role_of_one_log_in_is_on_record_too(house: House) -> None:
    for _ in range(2):
        for role in ("officer", "approver"):
            assert await comes_in(house.api, house.token(role, "kim", sid="one log-in"))
    granted = await rows(house.desk, "SELECT act, role FROM grant_history ORDER BY at, id")
    assert [tuple(row) for row in granted] == [("grant", "officer"), ("grant", "approver")]
    assert await one(house.desk, "SELECT count(*) FROM staff_session") == 1


async def test_a_session_ends_by_idleness_and_by_age_however_busy(clock: Clock, house: House) -> None:
    start = clock.now
    token = house.token("officer", "kim")
    for minutes in (0, 15, 29, 44):
        clock.now = start + minutes * MINUTE
        assert await comes_in(house.api, token), minutes
    assert await seen(house) == [("log_in", "ok"), *[("list_claims", "ok")] * 4], "to be asked again is no log-in"
    clock.now += 15 * MINUTE + timedelta(seconds=1)
    assert not await comes_in(house.api, token)
    assert (await seen(house))[-1] == ("list_claims", "auth.invalid:idle")
    start = clock.now
    for hours in range(33):
        clock.now = start + hours * 15 * MINUTE
        # Ever new tokens of one log-in: as an issuer gives them that refreshes.
        fresh = house.token("approver", "lee", sid="one")
        assert await comes_in(house.api, fresh) is (hours < 32), hours
    assert (await seen(house))[-1] == ("list_claims", "auth.invalid:over")


async def revoke(house: House, sub: str, **more: Any) -> dict[str, Any]:
    """An admin ends somebody's sessions."""
    body = {"iss": house.desk.issuer.name, "sub": sub, "reason": "left", **more}
    reply = await house.api.post("/v1/session-revocations", json=body, headers=house.auth("admin"))
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def grants(house: House, sub: str) -> list[tuple[str, ...]]:
    """What is on record of somebody, in order."""
    found = await rows(
        house.desk,
        "SELECT act, kind, role, facts ->> 'reason' FROM grant_history WHERE whom = :whom ORDER BY at, id",
        whom=f"{house.desk.issuer.name}|{sub}",
    )
    return [tuple(row) for row in found]


async def test_a_revocation_holds_at_once_here_and_elsewhere_within_a_minute(clock: Clock, house: House) -> None:
    elsewhere = main.create(house.desk)
    transport = httpx.ASGITransport(elsewhere, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example.com") as api:
        used, spare = house.token("officer", "kim"), house.token("approver", "kim")
        colleague = house.token("officer", "lee")
        assert await comes_in(house.api, used) and await comes_in(api, used) and await comes_in(api, colleague)
        clock.now += timedelta(seconds=2)
        assert (await revoke(house, "kim"))["sessions"] == 1
        assert not await comes_in(house.api, used)
        assert not await comes_in(house.api, spare), "what was given before opens nothing new"
        clock.now += FRESH
        assert timedelta() < FRESH < MINUTE
        assert not await comes_in(api, used) and not await comes_in(api, spare)
        assert await comes_in(api, colleague) and await comes_in(house.api, colleague)
        clock.now += timedelta(seconds=2)
        assert await comes_in(api, house.token("officer", "kim")), "whoever logs in anew is the issuer's to judge"
    assert ("list_claims", "auth.invalid:revoked") in await seen(house)
    assert await grants(house, "kim") == [
        ("grant", "role", "officer", None),
        ("revoke", "session", "officer", "left"),
        ("revoke", "role", "officer", "left"),
        ("grant", "role", "officer", None),
    ], "whoever comes back after they left was given the role again"
    clock.now += timedelta(seconds=2)
    await revoke(house, "kim", reason="lost")
    clock.now += timedelta(seconds=2)
    assert await comes_in(house.api, house.token("officer", "kim"))
    assert (await grants(house, "kim"))[4:] == [("revoke", "session", "officer", "lost")], "a lost laptop ends no role"
    for days, left in ((7, 1), (1, 0)):
        # Once no token of before can be left, nobody is remembered for it.
        clock.now += timedelta(days=days)
        async with house.desk.database.transaction() as session:
            await staff_sessions.forget(session, now=db.now())
        assert await one(house.desk, "SELECT count(*) FROM staff_revocation WHERE person LIKE '%|kim'") == left
    assert (await revoke(house, "nobody"))["sessions"] == 0
    odd = {"iss": "x", "sub": "a\u0000b", "reason": "left"}
    assert (await house.api.post("/v1/session-revocations", json=odd, headers=house.auth("admin"))).status_code == 422


async def test_a_clerk_from_outside_has_sessions_and_a_machine_of_the_desk_is_not_said_to_be_stopped(
    trusted: None, clock: Clock, house: House
) -> None:
    place = f"/v1/requests/{db.new_id()}"

    async def code(token: str) -> str:
        found: str = (await house.api.get(place, headers=bearer(token))).json()["code"]
        return found

    def clerk(sid: str) -> str:
        return STAFF.says("", sub="clerk-7", role="clerk", sid=sid, exp=int(db.now().timestamp()) + 900)

    assert await code(clerk("one")) == "request.not_found"
    assert await one(house.desk, "SELECT role FROM staff_session") == "clerk"
    clock.now += 15 * MINUTE + timedelta(seconds=1)
    assert await code(clerk("one")) == "auth.invalid", "idle, whatever the issuer refreshed"
    token = clerk("two")
    assert await code(token) == "request.not_found"
    clock.now += timedelta(seconds=2)
    assert (await revoke(house, "clerk-7", iss=STAFF.name))["sessions"] == 2
    assert await code(token) == "auth.invalid"
    admin = house.auth("admin")
    made = await house.api.post("/v1/clients", json={"name": "창구", "role": "clerk"}, headers={**admin, **key()})
    client = made.json()["client_id"]
    assert await code(house.token("clerk", client)) == "request.not_found"
    assert await one(house.desk, "SELECT count(*) FROM staff_session WHERE role = 'clerk'") == 2
    bars = await one(house.desk, "SELECT count(*) FROM staff_revocation")
    body = {"iss": house.desk.issuer.name, "sub": client, "reason": "lost"}
    refusal = await house.api.post("/v1/session-revocations", json=body, headers=admin)
    assert refused(refusal) == (422, "/sub", "field.inconsistent")
    assert await one(house.desk, "SELECT count(*) FROM staff_revocation") == bars
    staff = str(db.new_id())
    assert await comes_in(house.api, house.token("officer", staff))
    assert (await revoke(house, staff))["sessions"] == 1, "an id may be somebody's name too"


async def test_a_revocation_is_on_record_with_its_reason_and_every_role_that_it_ended(
    clock: Clock, house: House
) -> None:
    assert await comes_in(house.api, house.token("officer", "kim"))
    assert await comes_in(house.api, house.token("approver", "kim"))
    clock.now += timedelta(seconds=2)
    await revoke(house, "kim", reason="duty_changed")
    assert (await grants(house, "kim"))[2:] == [
        ("revoke", "session", "approver,officer", "duty_changed"),
        ("revoke", "role", "approver", "duty_changed"),
        ("revoke", "role", "officer", "duty_changed"),
    ]
    facts = {"reason": "duty_changed", "sessions": 2, "roles": ["approver", "officer"]}
    assert await one(house.desk, "SELECT facts FROM grant_history WHERE kind = 'session'") == facts
    [(body,)] = await rows(house.desk, "SELECT convert_from(body, 'UTF8')::json FROM audit_entry")
    assert (body["action"], body["actor"]["role"]) == ("session.revoke", "admin")
    assert body["facts"] == {"iss": house.desk.issuer.name, "sub": "kim", **facts}


async def test_a_token_of_the_very_moment_of_a_revocation_is_of_before(clock: Clock, house: House) -> None:
    clock.now = clock.now.replace(microsecond=0)
    token = house.token("officer", "kim")
    await revoke(house, "kim")
    assert not await comes_in(house.api, token)
    clock.now += timedelta(seconds=1)
    assert await comes_in(house.api, house.token("officer", "kim"))


async def asked_at(house: House) -> dict[str, int]:
    """When each was last asked about, in seconds after the first came in."""
    lasts = "SELECT person, seen_at - (SELECT min(opened_at) FROM staff_session) FROM staff_session"
    found = await rows(house.desk, lasts)
    return {person.rpartition("|")[2]: int(since.total_seconds()) for person, since in found}


async def test_so_many_are_remembered_and_those_who_were_asked_about_last(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, house: House
) -> None:
    monkeypatch.setattr(sessions, "REMEMBERED", 2)
    tokens = {sub: house.token("officer", sub) for sub in ("kim", "lee", "park")}

    async def come(after: int, *subs: str) -> dict[str, int]:
        clock.now = start + timedelta(seconds=after)
        assert all([await comes_in(house.api, tokens[sub]) for sub in subs])
        return await asked_at(house)

    start = clock.now
    assert await come(0, "kim", "lee") == {"kim": 0, "lee": 0}
    assert await come(29, "kim", "lee") == {"kim": 0, "lee": 0}
    assert await come(30, "lee", "kim") == {"kim": 30, "lee": 30}
    assert await come(31, "park", "kim") == {"kim": 30, "lee": 30, "park": 31}, "lee made room"
    assert await come(32, "lee", "park") == {"kim": 30, "lee": 32, "park": 31}, "kim made room"


async def test_every_token_without_a_log_in_is_a_session_of_its_own_and_those_of_one_are_asked_about_once(
    clock: Clock, house: House
) -> None:
    for of_login, opened in (({}, 2), ({"sid": "one"}, 3)):
        for _ in range(2):
            assert await comes_in(house.api, house.token("officer", "kim", **of_login))
            clock.now += timedelta(seconds=1)
        assert await one(house.desk, "SELECT count(*) FROM staff_session") == opened
    assert await one(house.desk, "SELECT count(*) FROM staff_session WHERE seen_at > opened_at") == 0


async def test_an_id_is_somebodys_name_as_long_as_they_came_or_hold_a_role(clock: Clock, house: House) -> None:
    came, holds = str(db.new_id()), str(db.new_id())
    assert all([await comes_in(house.api, house.token("officer", sub)) for sub in (came, holds)])
    for ended in (1, 0):
        clock.now += timedelta(seconds=2)
        assert (await revoke(house, came))["sessions"] == ended, "who holds no role any more may be named again"
    async with house.desk.database.transaction() as session:
        await staff_sessions.forget(session, now=db.now() + timedelta(days=101))
    assert (await revoke(house, holds))["sessions"] == 0, "who came long ago and holds a role still"
    for nobody in (came, str(db.new_id())):
        body = {"iss": house.desk.issuer.name, "sub": nobody, "reason": "left"}
        refusal = await house.api.post("/v1/session-revocations", json=body, headers=house.auth("admin"))
        assert refused(refusal) == (422, "/sub", "field.inconsistent")


async def test_a_session_is_remembered_for_a_hundred_days(clock: Clock, house: House) -> None:
    assert await comes_in(house.api, house.token("officer", "kim"))
    for beyond, left in ((timedelta(), 1), (timedelta(microseconds=1), 0)):
        async with house.desk.database.transaction() as session:
            await staff_sessions.forget(session, now=clock.now + timedelta(days=100) + beyond)
        assert await one(house.desk, "SELECT count(*) FROM staff_session") == left


async def renamed(house: House, table: str, to: str) -> None:
    """Take a table away, or bring it back."""
    async with house.desk.database.engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


async def test_nobody_comes_in_on_a_session_that_cannot_be_asked_about(clock: Clock, house: House) -> None:
    token = house.token("officer", "kim")
    assert await comes_in(house.api, token)
    await renamed(house, "staff_session", "away")
    try:
        assert (await house.api.get(QUEUE, headers=bearer(token))).status_code == 200, "asked a moment ago"
        clock.now += FRESH
        assert (await house.api.get(QUEUE, headers=bearer(token))).status_code >= 500
    finally:
        await renamed(house, "away", "staff_session")
    assert await one(house.desk, "SELECT count(*) FROM staff_session") == 1
