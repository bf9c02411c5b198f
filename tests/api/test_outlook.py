"""The outlook on closed days: once for each run, on the last working day before it; and live (E2)."""

import asyncio
from datetime import date, datetime
from typing import Any

import pytest

from app import db
from app.models import Footage
from app.services import closed_days
from tests.api.acts import claims, rows
from tests.api.days import APPROVER, Clock, at, staffed, told
from tests.api.test_objections import closed
from tests.api.test_postponement import object_to, verified
from tests.house import ADDRESS, ONLINE_MALL, House

# Chuseok of 2026 is a Thursday and a Friday; the weekend follows.
FILED, LAST_OPEN, FIRST, LAST, OPENS = (date(2026, 9, day) for day in (15, 23, 24, 27, 28))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch, at(FILED))


async def tell(house: House, now: Any) -> bool:
    async with house.desk.database.transaction() as session:
        return await closed_days.tell(session, now=now)


async def look(house: House) -> dict[str, Any]:
    reply = await house.api.get("/v1/outlook", headers=house.auth("officer"))
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def footage(
    house: House, filed: dict[str, Any], overwritten_from: date, state: str = "asked", given_up: datetime | None = None
) -> None:
    """Footage that a camera may write over."""
    site = await house.system("가상점 카메라")
    async with house.desk.database.transaction() as session:
        session.add(
            Footage(
                claim_id=filed["claims"][0]["id"],
                request_id=filed["id"],
                site_id=site.id,
                starts_at=at(FILED, 1),
                ends_at=at(FILED, 2),
                kind="view",
                ground="own_image",
                overwritten_from=overwritten_from,
                state=state,
                given_up_at=given_up,
            )
        )


async def test_it_names_what_falls_due_who_is_silent_and_what_is_lost(house: House, clock: Clock) -> None:
    staffed(house.desk, FILED)
    await house.system("a mall")
    silent = await verified(house, ADDRESS)
    await house.decide(silent["claims"][0]["id"], outcome="approve")
    lost, saved = await house.file(ONLINE_MALL), await house.file(ONLINE_MALL)
    await footage(house, silent, date(2026, 9, 25), given_up=at(FILED))
    await footage(house, lost, date(2026, 9, 25))
    await footage(house, saved, date(2026, 9, 25), "preserved")
    assert (await claims(house, silent))[0]["due_on"] == OPENS.isoformat()
    found = await look(house)
    assert (found["first_closed"], found["last_closed"], found["first_open"]) == tuple(map(str, (FIRST, LAST, OPENS)))
    assert [row["receipt_no"] for row in found["due"]] == [one["receipt_no"] for one in (silent, lost, saved)]
    assert {(row["of"], row["due_on"]) for row in found["due"]} == {("claim", OPENS.isoformat())}
    assert [(row["receipt_no"], row["holders"]) for row in found["silent"]] == [(silent["receipt_no"], ["a mall"])]
    assert [(row["receipt_no"], row["overwritten_from"]) for row in found["footage"]] == [
        (lost["receipt_no"], "2026-09-25")
    ]
    assert await tell(house, at(LAST_OPEN))
    first, second = await told(house, "outlook")
    assert (first[1]["to"], second[1]["to"]) == ("privacy@ktmns.com", APPROVER)
    params = first[1]["params"]
    assert (params["due"], params["silent"], params["footage"]) == ("3", "1", "1")
    assert all(one["receipt_no"] in params["receipts"] for one in (silent, lost, saved))
    clock.now = at(LAST_OPEN)
    await house.workshop.run()
    mail = house.sent("mail")[-1]
    assert "2026-09-24부터 2026-09-27까지 쉽니다" in mail["text"] and "홍길동" not in str(mail)


async def test_it_is_told_once_on_the_last_working_day_before(house: House, clock: Clock) -> None:
    assert not await tell(house, at(date(2026, 9, 22), 23))
    # An ordinary weekend is none.
    assert not await tell(house, at(date(2026, 9, 18)))
    said = await asyncio.gather(*(tell(house, at(LAST_OPEN, 0)) for _ in range(4)))
    assert sorted(said) == [False, False, False, True]
    for day in (LAST_OPEN, FIRST, date(2026, 9, 26), LAST, OPENS):
        assert not await tell(house, at(day, 12))
    assert [kind for kind, _ in await told(house, "outlook")] == ["outlook"]
    # The next run is another: 3 October is a Saturday, so 5 October is closed too.
    assert await tell(house, at(date(2026, 10, 2)))
    assert [
        tuple(row) for row in await rows(house.desk, "SELECT first_closed, last_closed FROM outlook ORDER BY 1")
    ] == [
        (FIRST, LAST),
        (date(2026, 10, 3), date(2026, 10, 5)),
    ]


async def test_who_missed_the_day_before_hears_of_it_within(house: House, clock: Clock) -> None:
    assert await tell(house, at(date(2026, 9, 26)))
    assert (await told(house, "outlook"))[0][1]["params"]["first"] == FIRST.isoformat()


async def test_an_objection_is_in_it_and_what_falls_due_before_or_after_is_not(house: House, clock: Clock) -> None:
    clock.now = at(date(2026, 9, 13))
    early = await house.file(ADDRESS)
    clock.now = at(date(2026, 9, 19))
    late = await house.file(ADDRESS)
    assert [one["due_on"] for one in (early["claims"][0], late["claims"][0])] == ["2026-09-23", "2026-09-29"]
    clock.now = at(date(2026, 9, 14))
    filed = await closed(house)
    objection = (await object_to(house, filed, reason="다시 보아 주십시오.")).json()
    assert objection["due_on"] == OPENS.isoformat()
    assert [(row["receipt_no"], row["of"], row["status"]) for row in (await look(house))["due"]] == [
        (filed["receipt_no"], "objection", "objected")
    ]


async def test_with_nothing_to_tell_it_says_so(house: House, clock: Clock) -> None:
    assert await tell(house, at(LAST_OPEN))
    [(_, content)] = await told(house, "outlook")
    assert content["params"]["due"] == "0" and content["params"]["receipts"] == "없음"


async def test_a_long_list_is_cut_and_counted(house: House, clock: Clock) -> None:
    filed = [await house.file(ONLINE_MALL) for _ in range(23)]
    assert await tell(house, at(LAST_OPEN))
    [(_, content)] = await told(house, "outlook")
    assert content["params"]["due"] == str(len(filed))
    assert content["params"]["receipts"].endswith(", +3")


async def test_a_failed_outlook_is_noted(house: House, clock: Clock) -> None:
    """It is about no request before which it could be put: the audit says it."""
    from app.services import posting

    assert await tell(house, at(LAST_OPEN))
    [row] = await rows(house.desk, "SELECT id FROM message")
    async with house.desk.database.transaction() as session:
        ready = await posting.take(session, row.id, now=at(LAST_OPEN))
        assert ready is not None
        await posting.record(session, ready, "refused", final=True, now=at(LAST_OPEN))
    assert [one.state for one in await rows(house.desk, "SELECT state FROM message")] == ["failed"]
    bodies = [bytes(one.body).decode() for one in await rows(house.desk, "SELECT body FROM audit_entry")]
    assert any('"message.fail"' in body for body in bodies)
    assert db.now() == clock.now
