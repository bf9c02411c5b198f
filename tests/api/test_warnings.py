"""Warnings of days that come: each once, to whom it concerns, whatever becomes of workers and clocks (E2)."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app import db
from app.law import deadline
from app.models import FollowUp
from app.services import warning
from tests.api.acts import claims, one, rows
from tests.api.days import APPROVER, DEPUTY, at, staffed, sweep, together, told, warned
from tests.api.stops import JIHO, codes
from tests.api.test_objections import closed
from tests.api.test_postponement import act, in_days, object_to, postpone, rule, verified
from tests.house import ADDRESS, STRANGER, House

DESK = "privacy@ktmns.com"
THREE = {("due_three", DESK): 1}
ONE = {("due_one", DESK): 1, ("due_one", APPROVER): 1}
TODAY = {("due_today", who): 1 for who in (DESK, APPROVER, DEPUTY)}
OVER = {("due_over", who): 1 for who in (DESK, APPROVER, DEPUTY)}
DAY = timedelta(days=1)


async def due_of(house: House, filed: dict[str, Any]) -> date:
    """The day by which its first claim is answered."""
    return date.fromisoformat((await claims(house, filed))[0]["due_on"])


def before(house: House, due: date, days: int) -> date:
    return deadline.working_days_before(due, days, house.desk.closed)


async def test_three_and_one_working_days_before_on_the_day_and_after_each_once(house: House) -> None:
    filed = await verified(house, ADDRESS)
    due = await due_of(house, filed)
    staffed(house.desk, due)
    found = []
    day = due - 8 * DAY
    while day <= due + 3 * DAY:
        for hour in (0, 9, 23):
            await sweep(house.desk, at(day, hour))
        found.append((day, +await warned(house)))
        day += DAY
    said: Counter[tuple[str, str]] = Counter()
    for day, expected in (
        (before(house, due, 4), {}),
        (before(house, due, 3), THREE),
        (before(house, due, 2), {}),
        (before(house, due, 1), ONE),
        (due, TODAY),
        (due + DAY, OVER),
        (due + 3 * DAY, {}),
    ):
        said += Counter(expected)
        assert dict(found)[day] == said, day


async def test_a_warning_names_the_receipt_the_day_and_what_it_is_and_nobody(house: House) -> None:
    filed = await verified(house, ADDRESS)
    due = await due_of(house, filed)
    await sweep(house.desk, at(due))
    [(kind, content)] = await told(house)
    params = {"receipt_no": filed["receipt_no"], "due_on": due.isoformat(), "what": "요구"}
    assert (kind, content["params"]) == ("due_today", params)
    said = await one(house.desk, "SELECT convert_from(body, 'UTF8') FROM audit_entry ORDER BY seq DESC LIMIT 1")
    assert '"claim.warn"' in said and "홍길동" not in said


async def test_the_mail_is_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    filed = await verified(house, ADDRESS)
    due = at(await due_of(house, filed))
    await sweep(house.desk, due)
    monkeypatch.setattr(db, "now", lambda: due)
    await house.workshop.run()
    mail = house.sent("mail")[-1]
    assert mail["to"] == DESK and "오늘이 기한입니다" in mail["subject"]
    assert filed["receipt_no"] in mail["text"] and "홍길동" not in str(mail)


async def test_what_is_answered_brings_no_warning(house: House) -> None:
    filed = await house.file(subject=STRANGER)
    await house.prove(filed)
    due = await due_of(house, filed)
    withdrawn = await verified(house, ADDRESS)
    path = f"/v1/requests/{withdrawn['id']}/withdrawal"
    await house.api.post(path, json={}, headers={"Authorization": f"Bearer {withdrawn['requester_token']}"})
    for day in (before(house, due, 3), due, due + DAY):
        await sweep(house.desk, at(day))
    assert await told(house) == []
    assert await rows(house.desk, "SELECT id FROM overdue") == []


async def test_workers_at_once_warn_once(house: House) -> None:
    due = await due_of(house, await verified(house, ADDRESS))
    for _ in range(4):
        await house.file(ADDRESS)
    for day in (before(house, due, 3), before(house, due, 1), due, due + DAY):
        await together(house.desk, at(day))
    assert await warned(house) == {(f"due_{step}", DESK): 5 for step in ("three", "one", "today", "over")}
    assert await one(house.desk, "SELECT count(*) FROM overdue") == 5


async def dying(house: House, now: datetime) -> None:
    """A worker that loses its power between the rows and the commit."""
    async with house.desk.database.transaction() as session:
        assert await warning.warn(session, now=now) == 1
        await session.flush()
        raise RuntimeError("no power")


async def test_a_worker_that_dies_before_it_commits_has_warned_of_nothing(house: House) -> None:
    due = await due_of(house, await verified(house, ADDRESS))
    with pytest.raises(RuntimeError, match="power"):
        await dying(house, at(due))
    assert await told(house) == []
    await sweep(house.desk, at(due))
    assert await warned(house) == {("due_today", DESK): 1}


async def test_days_that_nobody_looked_bring_the_most_urgent_warning_alone(house: House) -> None:
    due = await due_of(house, await verified(house, ADDRESS))
    staffed(house.desk, due)
    await sweep(house.desk, at(due + DAY))
    assert await warned(house) == OVER
    # A clock that goes back warns of nothing that was overtaken.
    for day in (due, before(house, due, 1), before(house, due, 3)):
        await sweep(house.desk, at(day))
    assert await warned(house) == OVER


async def test_a_frozen_claim_is_warned_of_all_the_same(house: House) -> None:
    filed = await house.file({**ADDRESS}, subject=JIHO, notify_by="sms")
    await house.prove(filed)
    stopped = await house.api.post("/v1/freezes", json={"stop_code": codes(house, "jiho@example.com")[-1]})
    assert stopped.is_success
    due = await due_of(house, filed)
    await sweep(house.desk, at(due))
    assert await warned(house) == {("due_today", DESK): 1}
    await sweep(house.desk, at(due + DAY))
    assert await one(house.desk, "SELECT cause FROM overdue") == "frozen"


async def test_access_put_off_is_warned_of_by_the_day_that_was_told(house: House) -> None:
    filed = await verified(house)
    due = await due_of(house, filed)
    await postpone(house, filed, expected_on=in_days(25))
    expected = date.fromisoformat((await claims(house, filed))[0]["postponed_until"])
    for day in (due - DAY, due, due + DAY):
        await sweep(house.desk, at(day))
    await sweep(house.desk, at(before(house, expected, 4)))
    assert await told(house) == []
    await sweep(house.desk, at(before(house, expected, 1)))
    [(kind, content)] = await told(house)
    assert (kind, content["params"]["what"]) == ("due_one", "미룬 열람")
    # Taken up again it has a day of its own, of which people are warned anew.
    await act(house, filed["claims"][0]["id"], "resumption")
    await sweep(house.desk, at(await due_of(house, filed)))
    assert (await told(house))[-1][1]["params"]["what"] == "요구"
    assert await rows(house.desk, "SELECT id FROM overdue") == []


async def test_an_objection_has_warnings_of_its_own(house: House) -> None:
    filed = await closed(house)
    objection = (await object_to(house, filed, reason="다시 보아 주십시오.")).json()
    due = date.fromisoformat(objection["due_on"])
    await sweep(house.desk, at(before(house, due, 1)))
    [(kind, content)] = await told(house)
    assert (kind, content["params"]["what"], content["params"]["due_on"]) == ("due_one", "이의제기", due.isoformat())
    await sweep(house.desk, at(due + DAY))
    assert await rows(house.desk, 'SELECT "of", cause FROM overdue') == [("objection", "approver")]
    await rule(house, objection["id"], "confirmed")
    await sweep(house.desk, at(due + 2 * DAY))
    assert len(await told(house)) == 2


async def test_a_measure_after_a_stop_is_warned_of(house: House) -> None:
    filed = await closed(house)
    due = date(2027, 1, 13)
    async with house.desk.database.transaction() as session:
        session.add(
            FollowUp(
                id=db.new_id(),
                claim_id=filed["claims"][0]["id"],
                request_id=filed["id"],
                round=1,
                category="online_mall",
                due_on=due,
                at=db.now(),
            )
        )
    await sweep(house.desk, at(due))
    assert [(kind, content["params"]["what"]) for kind, content in await told(house)] == [
        ("due_today", "처리정지 뒤의 조치")
    ]
    await rows(house.desk, "UPDATE follow_up SET state = 'done' RETURNING id")
    await sweep(house.desk, at(due + DAY))
    assert len(await told(house)) == 1


async def test_an_english_request_is_warned_of_in_english(house: House) -> None:
    filed = await house.file(ADDRESS, language="en")
    await sweep(house.desk, at(await due_of(house, filed)))
    [(_, content)] = await told(house)
    assert content["params"]["what"] == "the claim"
