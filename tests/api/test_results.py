"""Results: notices by grant once, packages in their days, messages that say nothing, holders that are silent."""

import io
import json
import zipfile
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app import db
from app.services import disclosure, watch
from tests.api.acts import DELETION, claims, one, rows, statuses
from tests.house import ADDRESS, GILDONG, ONLINE_MALL, STRANGER, House, bearer

NOBODY_THERE = "smtp://127.0.0.1:9"


async def listed(house: House, filed: dict[str, Any]) -> list[dict[str, Any]]:
    """The notices as the person sees them."""
    path = f"/v1/requests/{filed['id']}/notices"
    found: list[dict[str, Any]] = (await house.api.get(path, headers=bearer(filed["requester_token"]))).json()["items"]
    return found


async def open_notice(house: House, filed: dict[str, Any], notice: str, grant: str, **headers: str) -> Any:
    return await house.api.post(
        f"/v1/notices/{notice}/document",
        json={"grant": grant},
        headers={**bearer(filed["requester_token"]), **headers},
    )


async def fetch(house: House, filed: dict[str, Any], grant: str) -> Any:
    path = f"/v1/claims/{filed['claims'][0]['id']}/package"
    return await house.api.post(path, json={"grant": grant}, headers=bearer(filed["requester_token"]))


async def seen_through(house: House, **more: Any) -> dict[str, Any]:
    """An access claim to its end."""
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, **more)
    await house.prove(filed)
    assert await mall.work() == ["collect"]
    return filed


async def test_nothing_held_says_what_was_looked_under_and_the_other_ways(house: House) -> None:
    filed = await house.file(ONLINE_MALL, ADDRESS, subject=STRANGER, notify_by="sms")
    await house.prove(filed)
    grant = await house.grant(filed)
    for notice in await listed(house, filed):
        page = (await open_notice(house, filed, notice["id"], grant, Accept="text/html")).text
        for told in ("나그네", "보유", "다른 연락처", "방문", "이의"):
            assert told in page, told
    assert [claim["package"]["available"] for claim in await claims(house, filed)] == [False, False]
    assert (await fetch(house, filed, await house.grant(filed))).json()["code"] == "package.not_available"
    # The words of the message are those of any other result.
    known = await seen_through(house, notify_by="sms")
    texts = [sms["text"].replace(filed["receipt_no"], "").replace(known["receipt_no"], "") for sms in house.sent("sms")]
    results = [text for text in texts if "답변" in text]
    assert len(set(results)) == 1 and len(results) == 3


async def test_a_grant_opens_each_document_once_for_ten_minutes_and_one_request(house: House) -> None:
    filed = await seen_through(house)
    other = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="sms")
    await house.prove(other)
    grant = await house.grant(filed)
    [notice] = await listed(house, filed)
    assert notice["opened_at"] is None
    for wrong in ("x", grant[:-1], await house.grant(other)):
        refused = await open_notice(house, filed, notice["id"], wrong)
        assert (refused.status_code, refused.json()["code"]) == (403, "grant.invalid")
    foreign = await open_notice(house, other, notice["id"], grant)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "notice.not_found")
    assert (await open_notice(house, filed, notice["id"], grant)).status_code == 200
    assert (await open_notice(house, filed, notice["id"], grant)).json()["code"] == "grant.invalid"
    assert (await listed(house, filed))[0]["opened_at"] is not None
    assert (await fetch(house, filed, grant)).status_code == 200
    assert (await fetch(house, filed, grant)).json()["code"] == "grant.invalid"
    late = await house.grant(filed)
    await rows(house.desk, "UPDATE release_grant SET expires_at = now() - interval '1 second' RETURNING id")
    assert (await open_notice(house, filed, notice["id"], late)).json()["code"] == "grant.invalid"
    for role in ("website", "call_center", "clerk", "auditor", "admin"):
        assert (
            await house.api.get(f"/v1/notices/{notice['id']}/document", headers=house.auth(role))
        ).status_code == 403


async def test_a_package_opens_in_its_days_and_is_destroyed_after(house: House) -> None:
    filed = await seen_through(house)
    await rows(house.desk, "UPDATE claim SET available_from = now() + interval '1 hour' RETURNING id")
    assert not (await claims(house, filed))[0]["package"]["available"]
    early = await fetch(house, filed, await house.grant(filed))
    assert (early.status_code, early.json()["code"]) == (409, "claim.not_available_yet")
    await rows(house.desk, "UPDATE claim SET available_from = now() RETURNING id")
    expires = datetime.fromisoformat((await claims(house, filed))[0]["package"]["expires_at"])
    assert timedelta(days=6, hours=23) < expires - db.now() <= timedelta(days=7)
    got = await fetch(house, filed, await house.grant(filed))
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        told = json.loads(archive.read("access.json"))
        assert archive.read("access.pdf").startswith(b"%PDF-")
    assert told["receipt_no"] == filed["receipt_no"]
    assert await one(house.desk, "SELECT fetched FROM package") == 1
    async with house.desk.database.transaction() as session:
        assert await disclosure.destroy_packages(session, now=expires - timedelta(seconds=1)) == 0
        assert await disclosure.destroy_packages(session, now=expires) == 1
    assert await one(house.desk, "SELECT count(*) FROM package_chunk") == 0
    await rows(house.desk, "UPDATE verification SET created_at = created_at - interval '2 hours' RETURNING id")
    assert (await fetch(house, filed, await house.grant(filed))).json()["code"] == "package.not_available"
    assert (await claims(house, filed))[0]["package"] == {"available": False, "expires_at": None}


async def test_who_was_proved_otherwise_waits_a_day_for_the_package(house: House) -> None:
    """Only an old contact gives at once: the real person shall hear of it first."""
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, role="clerk", notify_by="visit")
    headers = {**house.auth("clerk"), "Idempotency-Key": "k"}
    body = {"party": "subject", "documents_seen": ["passport"]}
    await house.api.post(f"/v1/requests/{filed['id']}/attestation", json=body, headers=headers)
    await house.workshop.run()
    await mall.work()
    seen = (await house.look(filed, "officer"))["claims"][0]
    available = datetime.fromisoformat(seen["available_from"])
    assert db.now() < available <= db.now() + timedelta(days=1)
    assert available.date() <= date.fromisoformat(seen["due_on"]) and not seen["package"]["available"]


async def test_messages_hold_no_personal_data_and_sms_no_link(house: House) -> None:
    filed = await seen_through(house, notify_by="email")
    await house.grant(filed)
    stopped = await house.file(ADDRESS)
    await house.prove(stopped)
    path = f"/v1/requests/{stopped['id']}/withdrawal"
    await house.api.post(path, json={}, headers=bearer(stopped["requester_token"]))
    await house.workshop.run()
    messages = house.sent("sms") + house.sent("mail")
    assert len(messages) >= 5
    for message in messages:
        said = json.dumps({name: value for name, value in message.items() if name != "to"}, ensure_ascii=False)
        said = said.replace('"To": "gildong@example.com"', "")
        for secret in ("홍길동", "1234-5678", "12345678901", "gildong", "새길", "C-1029", "1990-01", "1990년"):
            assert secret not in said, said
    assert not any("http" in sms["text"] or "www" in sms["text"] for sms in house.sent("sms"))


@pytest.fixture
def no_mail(environment: dict[str, str]) -> None:
    """A mail server that does not answer."""
    environment["SMTP_URL"] = NOBODY_THERE


async def test_a_failing_mail_server_never_fails_the_claim(no_mail: None, house: House) -> None:
    filed = await seen_through(house, notify_by="email")
    assert await statuses(house, filed) == ["closed"]
    [message] = await rows(
        house.desk,
        "SELECT m.state, m.attempts, a.outcome FROM message m JOIN message_attempt a ON a.message_id = m.id"
        " WHERE m.kind = 'result'",
    )
    assert tuple(message)[:2] == ("queued", 1) and message[2] != "sent"
    await rows(house.desk, "UPDATE message SET attempts = 9 WHERE kind = 'result' RETURNING id")
    await rows(house.desk, "UPDATE message SET next_at = now() WHERE kind = 'result' RETURNING id")
    await rows(house.desk, "UPDATE procrastinate_jobs SET scheduled_at = now() RETURNING id")
    await house.workshop.run()
    told = "SELECT channel, state FROM message WHERE kind = 'result' ORDER BY id"
    # The server is to blame, so the mailbox is not lost; the same word goes by the other way that the person gave.
    assert [tuple(row) for row in await rows(house.desk, told)] == [("mail", "failed"), ("sms", "sent")]
    assert await one(house.desk, "SELECT count(*) FROM lost_contact") == 0
    assert filed["receipt_no"] in house.sent("sms")[-1]["text"]
    assert not any(item["kind"].startswith("message.") for item in (await house.look(filed, "officer"))["review"])
    [notice] = await listed(house, filed)
    assert (await open_notice(house, filed, notice["id"], await house.grant(filed))).status_code == 200


async def days_pass(house: House, claim_id: str, *, reporting: bool) -> datetime:
    """The internal day comes; tells the moment."""
    internal = await one(house.desk, "SELECT internal_on FROM claim WHERE id = :id", id=claim_id)
    now = datetime.combine(internal, datetime.min.time(), db.now().tzinfo) + timedelta(hours=3)
    found = watch.unreported if reporting else watch.lapsing
    act = watch.report if reporting else watch.lapse
    async with house.desk.database.transaction() as session:
        assert await found(session, now=now - timedelta(days=1)) == []
        due = await found(session, now=now)
    assert [str(one_) for one_ in due] == [claim_id]
    async with house.desk.database.transaction() as session:
        await act(session, due[0], now=now)
    await house.workshop.run()
    return now


async def test_a_silent_holder_is_named_in_the_notice_of_the_internal_day(house: House) -> None:
    quick = await house.system("빠른 시스템", categories=["online_mall"])
    await house.system("말없는 수탁사", kind="processor", categories=["online_mall"])
    filed = await house.file(ONLINE_MALL, notify_by="sms")
    await house.prove(filed)
    await quick.work()
    [claim] = filed["claims"]
    now = await days_pass(house, claim["id"], reporting=True)
    assert await statuses(house, filed) == ["approved"]
    [notice] = await listed(house, filed)
    assert notice["kind"] == "interim"
    grant = await house.grant(filed)
    page = (await open_notice(house, filed, notice["id"], grant, Accept="text/html")).text
    assert "말없는 수탁사" in page and "빠른 시스템" not in page
    got = await fetch(house, filed, grant)
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        told = json.loads(archive.read("access.json"))
    assert told["complete"] is False and "말없는 수탁사" in json.dumps(told, ensure_ascii=False)
    assert any(filed["receipt_no"] in mail["text"] for mail in house.sent("mail"))
    # A job may come twice: the person is told once.
    async with house.desk.database.transaction() as session:
        assert await watch.unreported(session, now=now) == []
        await disclosure.report_open(session, UUID(claim["id"]), now=now)
    assert await one(house.desk, "SELECT count(*) FROM notice") == 1


async def test_who_is_never_verified_is_told_once_on_the_internal_day(house: House) -> None:
    first, second = await house.file(notify_by="sms"), await house.file(DELETION, notify_by="sms")
    await rows(house.desk, "UPDATE request SET filed_at = filed_at - interval '3 days' RETURNING id")
    internal = await one(house.desk, "SELECT max(internal_on) FROM claim")
    now = datetime.combine(internal, datetime.min.time(), db.now().tzinfo) + timedelta(hours=3)
    async with house.desk.database.transaction() as session:
        due = await watch.lapsing(session, now=now)
    assert len(due) == 2
    for claim_id in due:
        async with house.desk.database.transaction() as session:
            await watch.lapse(session, claim_id, now=now)
    await house.workshop.run()
    assert await statuses(house, first) == await statuses(house, second) == ["lapsed"]
    # One message a contact and day, however many filed in that name.
    assert len(house.sent("sms")) == 1 and house.sent("sms")[0]["to"] == "+821012345678"
    assert not (await house.look(first))["verified"]


async def test_the_view_and_the_timeline_of_the_requester_name_nobody(house: House) -> None:
    filed = await seen_through(house)
    as_person = bearer(filed["requester_token"])
    view = (await house.api.get(f"/v1/requests/{filed['id']}", headers=as_person)).text
    line = (await house.api.get(f"/v1/requests/{filed['id']}/timeline", headers=as_person)).text
    for text in (view, line):
        for secret in ("홍길동", GILDONG["email"], "5678", "C-1029", "officer-1"):
            assert secret not in text
    # What was answered may be objected to (Act 38(5)).
    assert json.loads(view)["actions"] == ["object", "fetch"]
