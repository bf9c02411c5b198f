"""The hours of an incident: 48, 24 and 6 left, and over; each once, to more people the nearer the end."""

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from app import db
from app.desk import Actor
from app.law.deadline import seoul_date
from app.services import incident_clock
from app.services.incidents import Scale, open_
from tests.api.acts import actions, one, review, rows
from tests.api.leaks import act, answered, approved, day, drafted, opened
from tests.house import House

SEOUL = timezone(timedelta(hours=9))
JIHO = {"name": "송지호", "phone": "010-0000-6201"}


async def due_at(house: House) -> datetime:
    """The end of the only incident's hours."""
    found: datetime = await one(house.desk, "SELECT due_at FROM incident")
    return found


async def test_each_warning_comes_once_and_the_end_is_a_fact(house: House) -> None:
    filed = await house.file()
    await opened(house, filed)
    due = await due_at(house)
    steps: dict[float, int] = {49: 0, 48: 1, 47: 1, 25: 1, 24: 2, 7: 2, 6: 3, 1: 3, 0: 4, -10: 4}
    for left, count in steps.items():
        await day(house, due - timedelta(hours=left))
        assert len({(at, hours) for at, hours in await said(house)}) == count, left
    assert await one(house.desk, "SELECT warned FROM incident") == ["48", "24", "6", "0"]
    assert "incident.overdue" in await review(house, filed)
    kinds = await rows(house.desk, "SELECT DISTINCT kind FROM message WHERE kind LIKE 'incident_%' ORDER BY kind")
    assert [row.kind for row in kinds] == ["incident_clock", "incident_opened", "incident_over"]
    assert (await actions(house.desk, filed["id"]))["incident.warn"] == 4


async def said(house: House) -> list[tuple[Any, Any]]:
    return [
        tuple(row)
        for row in await rows(
            house.desk,
            "SELECT seq, convert_from(body, 'UTF8')::json -> 'facts' ->> 'hours' FROM audit_entry"
            " WHERE convert_from(body, 'UTF8')::json ->> 'action' = 'incident.warn'",
        )
    ]


@pytest.mark.parametrize(("left", "roles"), [(48, 1), (24, 2), (6, 3)])
async def test_the_nearer_the_end_the_more_mailboxes(house: House, left: int, roles: int) -> None:
    policy = house.desk.policy
    today = seoul_date(db.now())
    deputies = {one_.email for one_ in policy.deputies if one_.since <= today and one_.until is None}
    filed = await house.file()
    known = datetime.now(SEOUL) - timedelta(hours=72 - left)
    await opened(house, filed, known_at=known.isoformat())
    await day(house)
    mails = [mail for mail in house.sent("mail") if "기한이 다가옵니다" in mail["subject"]]
    who = ({policy.desk_email}, {policy.approver_email}, deputies)[:roles]
    assert [mail["to"] for mail in mails] == list(dict.fromkeys(to for one_ in who for to in one_))
    for mail in mails:
        assert filed["receipt_no"] in mail["text"] and "밤과 휴일에도" in mail["text"]
        assert not any(char.isdigit() for char in mail["subject"])


async def test_hours_that_passed_before_it_was_opened_are_warned_of_in_one_word(house: House) -> None:
    filed = await house.file()
    known = datetime.now(SEOUL) - timedelta(hours=70)
    await opened(house, filed, known_at=known.isoformat())
    await day(house)
    assert [hours for _, hours in await said(house)] == ["6"]
    assert await one(house.desk, "SELECT warned FROM incident") == ["48", "24", "6"]


async def test_who_was_told_in_time_is_not_warned_of(house: House) -> None:
    filed = await answered(house, subject=JIHO, notify_by="sms")
    incident = await opened(house, filed)
    await drafted(house, incident)
    await approved(house, incident)
    await day(house, await due_at(house))
    assert await said(house) == []


async def test_a_report_that_is_owed_goes_on_warning(house: House) -> None:
    filed = await answered(house, subject=JIHO, notify_by="sms")
    incident = await opened(house, filed, sensitive=True)
    await drafted(house, incident)
    await approved(house, incident)
    due = await due_at(house)
    await day(house, due - timedelta(hours=6))
    assert [hours for _, hours in await said(house)] == ["6"]
    made = {"reported_at": datetime.now(SEOUL).isoformat(), "number": "7"}
    assert (await act(house, incident, "PUT", "/report", made, "officer")).status_code == 200
    await day(house, due)
    assert len(await said(house)) == 1


async def test_72_hours_over_a_holiday_weekend_are_72_hours(house: House) -> None:
    """Known on Thursday morning before the Harvest Festival of 2026: due on Sunday morning, warned on Friday."""
    filed = await house.file()
    known = datetime(2026, 9, 24, 9, 0, tzinfo=SEOUL)
    scale = Scale(1, ("online_mall",), sensitive=False, outside=False)
    officer = (await one(house.desk, "SELECT filer_iss FROM request"), "officer-1")
    async with house.desk.database.transaction() as session:
        by = Actor("officer", *officer)
        row = await open_(session, UUID(filed["id"]), "wrong_recipient", known, scale, None, by=by, now=known)
        assert row.due_at == datetime(2026, 9, 27, 9, 0, tzinfo=SEOUL)
    async with house.desk.database.transaction() as session:
        assert await incident_clock.pressing(session, now=known + timedelta(hours=23)) == []
        assert await incident_clock.pressing(session, now=known + timedelta(hours=24)) == [row.id]
