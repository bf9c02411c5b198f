"""Whoever must be told is told, in words that give nothing away: each message, in each language, to old and young."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlmodel import col

from app import db
from app.documents.messages import ONE_CONTACT, PARAMS, TO_HOLDERS, Kind
from app.models import Message, Request
from app.services import outbox, posting, postponing, watch
from tests.api.acts import by_hand, one, refused, rows, statuses
from tests.api.test_postponement import postpone, verified
from tests.documents.reading import pdf_text
from tests.documents.test_messages import LINK, VALUES
from tests.house import ADDRESS, GILDONG, ONLINE_MALL, House, bearer, key

DELETION = {"right": "deletion", "categories": ["online_mall"]}
CANARY = {
    "name": "카나리아새",
    "birth_date": "1990-02-03",
    "phone": "010-0000-7171",
    "email": "canary.bird@example.com",
    "address": {"postal_code": "06199", "road_address": "서울특별시 강남구 노란새로 77", "detail": "777호"},
}
SECRETS = ("카나리아새", "1990", "7171", "canary.bird", "노란새로", "06199", "777호")


async def test_what_was_put_off_is_told_in_words_of_its_own(house: House) -> None:
    """The cause has ended: access now, and the word of it says that it had been put off (Act 35(3))."""
    mall = await house.system(categories=["consultation"])
    filed = await verified(house)
    await postpone(house, filed)
    later = db.now() + timedelta(days=15)
    async with house.desk.database.transaction() as session:
        await postponing.take_up(session, UUID(filed["claims"][0]["id"]), now=later)
    await house.workshop.run()
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    await mall.work()
    headers = house.auth("officer")
    path = f"/v1/claims/{filed['claims'][0]['id']}/collection"
    seen = await house.api.get(path, headers=headers)
    version = {"If-Match": seen.headers["etag"]}
    assert (await house.api.put(f"{path}/review", headers={**headers, **version})).is_success
    await house.workshop.run()
    assert await statuses(house, filed) == ["closed"]
    assert "미루었던 답변이 준비되었습니다" in house.sent("mail")[-1]["subject"]
    assert await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'deferral_ended'") == 1


async def test_a_third_party_without_a_machine_hears_by_mail_and_letter(house: House) -> None:
    """That something waits, by mail; whose and what only in the letter that an officer prints (policy 8.7)."""
    service = await house.system("service")
    await house.system("가상배송", kind="third_party", actions=["inform"], contact_email="given@example.com")
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert not [mail for mail in house.sent("mail") if mail["to"] == "given@example.com"]
    await service.work()
    [mail] = [mail for mail in house.sent("mail") if mail["to"] == "given@example.com"]
    assert "하실 일이 있습니다" in mail["subject"] and filed["receipt_no"] in mail["text"]
    assert not any(secret in mail["text"] for secret in ("홍길동", "새길", "5678", "주소"))
    officer = house.auth("officer")
    tasks = (await house.api.get("/v1/tasks?status=pending", headers=officer)).json()["items"]
    [inform] = [task["id"] for task in tasks if task["action"] == "inform"]
    printed = await house.api.get(f"/v1/tasks/{inform}/letter", headers=officer)
    text = pdf_text(printed.content)
    for told in ("가상배송귀하", "홍길동", "새길2", "별도서비스", "정정결과통지서"):
        assert told in text, told
    bodies = await rows(house.desk, "SELECT convert_from(body, 'UTF8') FROM audit_entry")
    assert any("task.letter" in body for (body,) in bodies) and not any("새길" in body for (body,) in bodies)
    # Once it has answered there is nothing to send any more; nor is there of a task that informs nobody.
    await by_hand(house, inform)
    for task in [inform, *(one_["id"] for one_ in tasks if one_["action"] == "release")]:
        again = await house.api.get(f"/v1/tasks/{task}/letter", headers=officer)
        assert refused(again) == (409, "", "state.conflict")


async def test_an_interim_word_says_what_waits_for_an_earlier_claim(house: House) -> None:
    """Nobody was asked to delete yet, for the access comes first: that is what the person is told, not "deleted"."""
    await house.system()
    filed = await house.file(ONLINE_MALL, DELETION, notify_by="sms")
    await house.prove(filed)
    access, deletion = (claim["id"] for claim in filed["claims"])
    await house.decide(access, outcome="approve")
    await house.decide(deletion, outcome="partial", reason="보존")
    await house.approve(deletion, agree=True)
    assert await one(house.desk, "SELECT waiting FROM claim WHERE id = :id", id=deletion) == ["online_mall"]
    internal = await one(house.desk, "SELECT internal_on FROM claim WHERE id = :id", id=deletion)
    now = db.now() + timedelta(days=(internal - db.now().date()).days + 1)
    async with house.desk.database.transaction() as session:
        await watch.report(session, UUID(deletion), now=now)
    await house.workshop.run()
    items = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=house.auth("officer"))).json()["items"]
    [interim] = [item["id"] for item in items if item["claim_id"] == deletion]
    read = {**house.auth("officer"), "Accept": "text/html"}
    page = (await house.api.get(f"/v1/notices/{interim}/document", headers=read)).text
    assert "앞서 하신 요구를 마친 뒤" in page and "삭제하였습니다" not in page


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("born", ["1990-02-03", "2010-02-03"])
async def test_no_message_holds_a_word_of_the_person(house: House, language: str, born: str) -> None:
    """Every kind by every wire, as its carrier gets it: no name, no contact, no day of birth; no link in a text."""
    subject = {**CANARY, "birth_date": born}
    filed = await house.file(ONLINE_MALL, subject=subject, notify_by="email", language=language)
    tones = set()
    async with house.desk.database.transaction() as session:
        request = await session.get_one(Request, UUID(filed["id"]))
        for kind in Kind:
            params = {name: VALUES[name] for name in PARAMS[kind]}
            for channel, to in (("mail", CANARY["email"]), ("sms", "+821000007171")):
                row = await outbox.message(
                    session, request, kind.value, channel, {"to": to, "params": params}, now=db.now()
                )
                await session.flush()
                ready = await posting.take(session, row.id, now=db.now())
                assert ready is not None and ready.to == to
                carried = f"{ready.subject}\n{ready.body}\n{ready.template}\n{ready.params}\n{ready.message_id}"
                for secret in (*SECRETS, born, "2010"):
                    assert secret not in carried, (kind, channel, secret)
                if channel == "sms":
                    assert LINK.search(ready.body) is None
                if kind not in TO_HOLDERS:
                    tones.add(ready.template.rpartition(".")[2])
        await session.rollback()
    assert tones == ({"en"} if language == "en" else {"ko", "easy"} if born.startswith("2010") else {"ko"})


async def script(house: House, filed: dict[str, Any]) -> dict[str, Any]:
    """What staff are to say."""
    officer = house.auth("officer")
    items = (await house.api.get("/v1/letters", headers=officer)).json()["items"]
    [letter] = [item for item in items if item["request_id"] == filed["id"]]
    read = await house.api.get(f"/v1/letters/{letter['id']}/script", headers=officer)
    assert read.status_code == 200 and read.headers["cache-control"] == "no-store"
    found: dict[str, Any] = read.json()
    return found


async def test_a_call_begins_with_who_listens_and_never_reads_the_data(house: House) -> None:
    """By telephone: nothing of the matter before the third step, then the answer and how to object; it is logged."""
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, notify_by="phone")
    await house.prove(filed)
    await mall.work()
    said = await script(house, filed)
    assert (said["name"], said["phone"], said["language"]) == ("홍길동", "+821012345678", "ko")
    first, second, third, fourth, last = said["steps"]
    for step in (first, second):
        assert not any(word in "".join(step["say"]) for word in ("열람", "삭제", filed["receipt_no"], "보실 수"))
    assert "요구하신 개인정보를 보실 수 있습니다" in " ".join(third["say"])
    assert "이의를 제기" in " ".join(fourth["say"]) and "02-560-3146" in " ".join(last["say"])
    assert not any("value of" in line for step in said["steps"] for line in step["say"])
    logged = "SELECT count(*) FROM access_log WHERE operation = 'read_script' AND request_id = :id"
    assert await one(house.desk, logged, id=filed["id"]) == 1
    assert await one(house.desk, "SELECT answered_at FROM claim") is None


async def test_a_word_without_a_notice_is_said_and_printed_too(house: House) -> None:
    """What a mail would have said: in the envelope's window the address, below it the words."""
    subject = {**GILDONG, "address": CANARY["address"]}
    filed = await house.file(DELETION, subject=subject, notify_by="post")
    await house.prove(filed)
    person = bearer(filed["requester_token"])
    await house.api.post(f"/v1/requests/{filed['id']}/withdrawal", json={}, headers={**person, **key()})
    await house.workshop.run()
    said = await script(house, filed)
    assert len(said["steps"]) == 4 and any("거두셔서" in line for line in said["steps"][2]["say"])
    officer = house.auth("officer")
    [letter] = (await house.api.get("/v1/letters", headers=officer)).json()["items"]
    assert (letter["kind"], letter["notice_id"]) == ("withdrawn", None)
    printed = await house.api.get(f"/v1/letters/{letter['id']}/document", headers=officer)
    [page] = PdfReader(io.BytesIO(printed.content)).pages
    assert "노란새로" in page.extract_text() and "취하" in page.extract_text()


@pytest.mark.parametrize("stop", ["frozen", "ended"])
async def test_what_stops_a_release_stops_the_telephone(house: House, stop: str) -> None:
    """Nothing is read out of what may not leave the house."""
    filed = await house.file(ONLINE_MALL, subject=CANARY, notify_by="phone")
    await house.prove(filed)
    officer = house.auth("officer")
    [letter] = (await house.api.get("/v1/letters", headers=officer)).json()["items"]
    if stop == "frozen":
        await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
        for what in ("script", "document"):
            reply = await house.api.get(f"/v1/letters/{letter['id']}/{what}", headers=officer)
            assert refused(reply)[2] == "request.frozen"
    unknown = db.new_id() if stop == "ended" else await _of_a_wire(house, filed)
    reply = await house.api.get(f"/v1/letters/{unknown}/script", headers=officer)
    assert refused(reply) == (404, "", "letter.not_found")


async def _of_a_wire(house: House, filed: dict[str, Any]) -> UUID:
    """A message that went by wire is no letter."""
    async with house.desk.database.transaction() as session:
        request = await session.get_one(Request, UUID(filed["id"]))
        content = {"to": "x@example.com", "params": {"receipt_no": filed["receipt_no"]}}
        row: Message = await outbox.message(session, request, "withdrawn", "mail", content, now=db.now())
        return row.id


async def test_a_clerk_sees_the_letters_of_their_own_filings(house: House) -> None:
    """The store's desk: what it filed, and nothing of others; an officer all, page by page."""
    mine = await house.file(ONLINE_MALL, subject=CANARY, role="clerk", notify_by="visit")
    await house.file(ONLINE_MALL, subject=CANARY, notify_by="visit")
    async with house.desk.database.transaction() as session:
        for request_id in await _all(session):
            request = await session.get_one(Request, request_id)
            content = {"to": None, "params": {"receipt_no": request.receipt_no}}
            await outbox.message(session, request, "withdrawn", "paper", content, now=db.now())
    theirs = (await house.api.get("/v1/letters", headers=house.auth("clerk"))).json()["items"]
    assert [item["request_id"] for item in theirs] == [mine["id"]]
    assert (await house.api.get("/v1/letters", headers=house.auth("clerk", "another"))).json()["items"] == []
    officer = house.auth("officer")
    page = (await house.api.get("/v1/letters?limit=1", headers=officer)).json()
    rest = (await house.api.get(f"/v1/letters?limit=1&cursor={page['next_cursor']}", headers=officer)).json()
    assert {page["items"][0]["id"], rest["items"][0]["id"]} and rest["next_cursor"] is None
    assert page["items"][0]["id"] != rest["items"][0]["id"]


async def _all(session: Any) -> list[UUID]:
    return list((await session.execute(select(col(Request.id)))).scalars())


def test_secrets_stay_where_they_were_meant() -> None:
    """The kinds that are emptied once they are handed over are those with something secret in them."""
    secret = {"code", "access_code", "stop_code", "url"}
    assert {kind for kind in Kind if PARAMS[kind] & secret} == ONE_CONTACT
