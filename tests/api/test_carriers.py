"""Mail that cannot go for an hour (F15): said by what needs no mail, asked for now and then, and all sent at last."""

from datetime import timedelta
from typing import Any

import pytest

from app import db
from tests.api.acts import one, review, rows, waits
from tests.e2e.processes import Mailbox
from tests.house import ONLINE_MALL, House
from tests.invariants import look

AN_HOUR_AGO = "UPDATE message SET created_at = created_at - interval '61 minutes' WHERE state = 'queued' RETURNING id"
FIVE_MINUTES_ON = "UPDATE carrier_silence SET probe_at = probe_at - interval '5 minutes' RETURNING channel"
LATER = "state = 'queued' AND next_at > now() + interval '1 second'"
SILENT = "message.carrier_silent"


@pytest.fixture
def mailbox(environment: dict[str, str]) -> Mailbox:
    """A mail server that is set and does not run yet."""
    found = Mailbox()
    environment["SMTP_URL"] = found.url
    return found


async def minute(house: House) -> None:
    """The worker's look of every minute, and what it has done."""
    await house.workshop.queue.tasks["watch"](0)
    await house.workshop.run()


async def noted(house: House, action: str) -> list[dict[str, Any]]:
    said = "SELECT convert_from(body, 'UTF8')::json AS body FROM audit_entry ORDER BY seq"
    return [row.body["facts"] for row in await rows(house.desk, said) if row.body["action"] == action]


async def figure(house: House, name: str) -> float:
    text = (await house.api.get("/metrics")).text
    return float(next(line.rpartition(" ")[2] for line in text.splitlines() if line.startswith(name)))


async def test_an_hour_without_mail_is_put_before_people_and_ends_by_itself(
    mailbox: Mailbox, house: House, desk_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    filings = [await house.file(ONLINE_MALL, notify_by="email") for _ in range(2)]
    for filed in filings:
        await house.prove(filed)
    waiting = await one(house.desk, "SELECT count(*) FROM message WHERE state = 'queued' AND channel = 'mail'")
    assert waiting >= 2 and await one(house.desk, "SELECT count(*) FROM claim WHERE status <> 'closed'") == 0
    await minute(house)
    assert await figure(house, 'desk_message_oldest_waiting_seconds{channel="mail"}') > 0
    assert await review(house, filings[0]) == [] and await rows(house.desk, "SELECT FROM carrier_silence") == []

    await rows(house.desk, AN_HOUR_AGO)
    for _ in range(2):
        await minute(house)
    for filed in filings:
        assert await waits(house, filed) == [SILENT]
    [silent] = await noted(house, "carrier.silent")
    assert silent["channel"] == "mail" and silent["waiting"] >= 2
    assert [record.levelname for record in caplog.records if "has taken nothing since" in record.message] == ["ERROR"]
    assert await figure(house, 'desk_message_carrier_silent{channel="mail"}') == 1
    assert await figure(house, 'desk_message_carrier_silent{channel="sms"}') == 0

    assert await one(house.desk, f"SELECT count(*) FROM message WHERE {LATER}") >= 1
    # Five minutes later one message asks, in vain: it has lost none of its own attempts by that.
    tried = "SELECT sum(attempts)::int FROM message WHERE state = 'queued'"
    before, asked = await one(house.desk, tried), await one(house.desk, "SELECT count(*) FROM message_attempt")
    await rows(house.desk, FIVE_MINUTES_ON)
    await minute(house)
    assert await one(house.desk, "SELECT count(*) FROM message_attempt") == asked + 1
    assert await one(house.desk, tried) == before

    with mailbox:
        await rows(house.desk, FIVE_MINUTES_ON)
        await minute(house)
        assert len(mailbox.mails) == 1
        await minute(house)
        assert await waits(house, filings[0]) == await waits(house, filings[1]) == []
        assert len(await noted(house, "carrier.back")) == 1
        assert await figure(house, 'desk_message_carrier_silent{channel="mail"}') == 0
        assert await one(house.desk, f"SELECT count(*) FROM message WHERE {LATER}") == 0
        await rows(house.desk, "UPDATE message SET next_at = next_at - interval '1 minute' RETURNING id")
        await house.workshop.queue.tasks["sweep"](0)
        await house.workshop.run()
        every = await one(house.desk, "SELECT count(*) FROM message WHERE channel = 'mail'")
        assert len(mailbox.mails) == every >= waiting, "with what the desk itself was told meanwhile"
    assert look(house.desk.settings, desk_url, mails=mailbox.mails) == []


async def test_one_message_that_waits_is_no_silent_carrier(mailbox: Mailbox, house: House) -> None:
    """Somebody's own mail server that is slow to take it says nothing of ours."""
    with mailbox:
        await house.prove(await house.file(ONLINE_MALL, notify_by="email"))
    assert mailbox.mails
    filed = await house.file(ONLINE_MALL, notify_by="email")
    await house.prove(filed)
    await rows(house.desk, AN_HOUR_AGO)
    await minute(house)
    assert await waits(house, filed) == [] and await noted(house, "carrier.silent") == []


async def test_clocks_that_differ_are_told(house: House, caplog: pytest.LogCaptureFixture, monkeypatch: Any) -> None:
    """F34: which of the two is wrong nobody here can know."""
    assert abs(await figure(house, "desk_clock_skew_seconds")) < 60
    ours = db.now
    monkeypatch.setattr(db, "now", lambda: ours() + timedelta(minutes=10))
    assert await figure(house, "desk_clock_skew_seconds") > 500
    await minute(house)
    assert any("clock and the database's differ by" in record.message for record in caplog.records)
