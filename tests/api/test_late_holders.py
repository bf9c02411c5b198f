"""A holder's day passes: its contact hears of it, then an officer, then the notice names it; each once (F4)."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from app import db
from app.law.deadline import seoul_date, seoul_time
from tests.api.acts import one, refused, rows
from tests.api.days import Clock, at
from tests.api.sealed import opens_at_home_only
from tests.api.test_kept_by_holders import waiting
from tests.api.years import dawn
from tests.house import ADDRESS, House

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
IN_ORDER = "SELECT body FROM audit_entry WHERE request_id = :id ORDER BY seq"


async def granted(house: House) -> tuple[dict[str, Any], datetime, datetime]:
    """A correction that its holder has to carry out: when that is due, and when the person is told of silence."""
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    due = await one(house.desk, "SELECT due_at FROM task WHERE action = 'correct'")
    internal = await one(house.desk, "SELECT internal_on FROM claim")
    return filed, due, at(internal)


async def said(house: House, filed: dict[str, Any]) -> list[str]:
    """What became of a late holder, in order."""
    wanted = ("task.remind", "task.overdue", "claim.report_open")
    found = [json.loads(row.body)["action"] for row in await rows(house.desk, IN_ORDER, id=filed["id"])]
    return list(dict.fromkeys(action for action in found if action in wanted))


def mails(house: House, to: str) -> list[str]:
    return [mail["text"] for mail in house.sent("mail") if mail["to"] == to]


async def test_its_contact_hears_first_then_an_officer_then_the_person_is_told_who_is_silent(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall = await house.system("a silent mall")
    filed, due, internal = await granted(house)
    assert seoul_date(due) < seoul_date(internal)
    clock, desk = Clock(monkeypatch, due - MINUTE), house.desk.policy.desk_email
    await dawn(house)
    assert await said(house, filed) == []
    clock.now = due + MINUTE
    for _ in range(2):
        await dawn(house)
        assert await said(house, filed) == ["task.remind"]
    # One mail for the two tasks that it owes, which says neither whose nor what.
    [mail] = mails(house, "holder@example.com")
    assert filed["receipt_no"] in mail and "기한이" in mail and "홍길동" not in mail
    assert await waiting(house, filed) == []
    # After four office hours of the next working day a person of ours is asked.
    clock.now = due + MINUTE * 10
    while "task.overdue" not in await said(house, filed):
        clock.now += timedelta(hours=1)
        await dawn(house)
    asked = seoul_time(clock.now)
    is_told = asked.date() == seoul_date(internal)  # days off may leave no office hours before it
    assert (13 <= asked.hour <= 14 or is_told) and await waiting(house, filed) == ["task.overdue"]
    assert any(filed["receipt_no"] in mail for mail in mails(house, desk))
    clock.now = internal
    await dawn(house)
    assert await said(house, filed) == ["task.remind", "task.overdue", "claim.report_open"]
    officer = house.auth("officer")
    listed = await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=officer)
    notice = f"/v1/notices/{listed.json()['items'][-1]['id']}/document"
    page = await house.api.get(notice, headers={**officer, "Accept": "text/html"})
    assert "a silent mall" in page.text
    assert len(mails(house, "holder@example.com")) == 1
    await mall.work()
    assert "task.overdue" not in await waiting(house, filed)


async def test_whoever_comes_late_to_look_still_tells_them_in_that_order(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.system("a silent mall")
    filed, _, internal = await granted(house)
    Clock(monkeypatch, internal)
    await dawn(house)
    assert await said(house, filed) == ["task.remind", "task.overdue", "claim.report_open"]


async def test_a_later_day_wants_a_reason_and_is_put_before_an_officer(house: House) -> None:
    mall = await house.system()
    filed, due, _ = await granted(house)
    task = next(one_ for one_ in await mall.tasks() if one_["action"] == "correct")
    path, early, late = f"/v1/tasks/{task['id']}/acknowledgement", seoul_date(due), seoul_date(due) + DAY
    reason = "창고의 장부를 찾고 있습니다."

    async def say(**body: Any) -> Any:
        return await house.api.put(path, json=body, headers=mall.headers)

    assert refused(await say(expected_on=late.isoformat())) == (422, "/reason", "field.required")
    assert (await say(expected_on=early.isoformat())).json()["status"] == "acknowledged"
    assert await waiting(house, filed) == []
    for _ in range(2):
        assert (await say(expected_on=late.isoformat(), reason=reason)).status_code == 200
    assert await waiting(house, filed) == ["task.later"]
    noted = "SELECT count(*) FROM audit_entry WHERE convert_from(body, 'UTF8') LIKE '%task.acknowledge%'"
    assert await one(house.desk, noted) == 2, "a repeat says nothing new"
    seen = (await house.api.get(f"/v1/tasks/{task['id']}", headers=house.auth("officer"))).json()
    assert (seen["expected_on"], seen["reason"]) == (late.isoformat(), reason)
    assert "reason" not in await mall.fetch(task["id"])
    stored = await one(house.desk, "SELECT encode(reason_ct, 'escape') FROM task WHERE reason_ct IS NOT NULL")
    await opens_at_home_only(house.desk, "task.reason_ct")
    assert "장부" not in stored and await one(house.desk, "SELECT due_at FROM task WHERE action = 'correct'") == due
    await mall.work()
    await mall.report(task["id"])
    assert "task.later" not in await waiting(house, filed)
    assert db.now() < due
