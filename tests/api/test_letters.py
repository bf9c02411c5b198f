"""Answers by post: the letter for the printer, what may not leave the house, and the day on which it was posted."""

import io
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlmodel import col

from app import db
from app.law.deadline import seoul_date
from app.models import Request
from app.services import keyring
from tests.api.acts import actions, one, refused, rows
from tests.api.others import answered, days_go_by, guarded, mandated
from tests.documents.reading import pdf_text
from tests.house import CHILD, GILDONG, MOTHER, ONLINE_MALL, STRANGER, House, key

HOME = {"postal_code": "06236", "road_address": "서울특별시 강남구 가상로 12", "detail": "301호"}
DELETION = {"right": "deletion", "categories": ["online_mall"]}


async def notice_of(house: House, filed: dict[str, Any]) -> dict[str, Any]:
    """The last notice of a request, as staff see it."""
    path = f"/v1/requests/{filed['id']}/notices"
    found: list[dict[str, Any]] = (await house.api.get(path, headers=house.auth("officer"))).json()["items"]
    return found[-1]


async def letter(house: House, notice: dict[str, Any], role: str = "officer") -> httpx.Response:
    """The letter that carries it."""
    return await house.api.get(f"/v1/notices/{notice['id']}/letter", headers=house.auth(role))


async def posted(house: House, notice: dict[str, Any], day: object, role: str = "officer") -> httpx.Response:
    """Somebody says that it was posted."""
    path = f"/v1/notices/{notice['id']}/posting"
    return await house.api.put(path, json={"posted_on": str(day)}, headers=house.auth(role))


async def by_post(house: House, subject: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An access claim to its end, answered by post."""
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, subject={**subject, "address": HOME}, notify_by="post", **more)
    await house.prove(filed)
    await mall.work()
    return filed


def pages(reply: httpx.Response) -> list[str]:
    """The text of each page."""
    assert reply.status_code == 200, reply.text
    return [page.extract_text() for page in PdfReader(io.BytesIO(reply.content)).pages]


async def test_one_pdf_with_address_notice_and_data(house: House) -> None:
    """Cover, form 9 and the access package's report, for officer and approver; logged without a word of the person."""
    filed = await by_post(house, GILDONG)
    notice = await notice_of(house, filed)
    for role in ("officer", "approver"):
        reply = await letter(house, notice, role)
        assert reply.headers["content-type"] == "application/pdf" and reply.headers["cache-control"] == "no-store"
        assert reply.headers["content-disposition"] == 'attachment; filename="letter.pdf"'
    text = pdf_text(reply.content)
    for told in ("■우편", "서울특별시강남구가상로12301호", "홍길동귀하", "06236", "별지제9호서식", "valueofname"):
        assert told in text, told
    assert (await actions(house.desk, filed["id"]))["letter.draw"] == 2
    bodies = await rows(house.desk, "SELECT convert_from(body, 'UTF8') FROM audit_entry")
    assert not any("가상로" in body or "홍길동" in body for (body,) in bodies)


async def test_nothing_held_goes_by_post_too(house: House) -> None:
    """The same letter, without data."""
    filed = await by_post(house, STRANGER)
    text = pdf_text((await letter(house, await notice_of(house, filed))).content)
    assert "보유하고있는개인정보가없습니다" in text and "개인정보열람자료" not in text


async def test_form_10_goes_alone(house: House) -> None:
    """A deletion has no package."""
    filed = await house.file(DELETION, subject={**STRANGER, "address": HOME}, notify_by="post")
    await house.prove(filed)
    text = pdf_text((await letter(house, await notice_of(house, filed))).content)
    assert "별지제10호서식" in text and "개인정보열람자료" not in text


async def test_without_an_address_there_is_no_letter(house: House) -> None:
    """An answer by mail has nobody's street."""
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    await house.prove(filed)
    assert refused(await letter(house, await notice_of(house, filed))) == (409, "", "state.conflict")


async def test_data_goes_into_the_envelope_only_where_it_was_asked_for(house: House) -> None:
    """An address alone is no wish for paper; a claim's own wish for delivery by post is one."""
    mall = await house.system()
    subject = {**GILDONG, "address": HOME}
    plain = await house.file(ONLINE_MALL, subject=subject, notify_by="email")
    await house.prove(plain)
    await mall.work()
    assert "개인정보열람자료" not in pdf_text((await letter(house, await notice_of(house, plain))).content)
    wanted = await house.file({**ONLINE_MALL, "delivery": "post"}, subject=subject, notify_by="email")
    await house.prove(wanted)
    await mall.work()
    assert "개인정보열람자료" in pdf_text((await letter(house, await notice_of(house, wanted))).content)


async def test_paper_needs_somewhere_to_go(house: House) -> None:
    """Delivery by post without an address is said at filing, not found out at the printer."""
    filing = {"capacity": "self", "channel": "web", "subject": GILDONG, "claims": [{**ONLINE_MALL, "delivery": "post"}]}
    reply = await house.api.post("/v1/requests", json=filing, headers={**house.auth("website"), **key()})
    assert refused(reply) == (422, "/claims/0/delivery", "field.inconsistent")


async def test_the_letter_waits_as_a_download_does(house: House) -> None:
    """What was granted waits its days for the envelope too; after its week the notice goes alone (C4)."""
    filed = await by_post(house, GILDONG)
    notice = await notice_of(house, filed)
    await rows(house.desk, "UPDATE claim SET available_from = now() + interval '1 hour' RETURNING id")
    assert refused(await letter(house, notice)) == (409, "", "claim.not_available_yet")
    await days_go_by(house)
    assert "개인정보열람자료" in pdf_text((await letter(house, notice)).content)
    await rows(house.desk, "UPDATE package SET expires_at = now() RETURNING id")
    assert "개인정보열람자료" not in pdf_text((await letter(house, notice)).content)


async def test_a_frozen_request_sends_no_letter(house: House) -> None:
    """Somebody said "it was not me": nothing leaves until an approver has ruled (C3)."""
    filed = await by_post(house, GILDONG)
    notice = await notice_of(house, filed)
    await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
    assert refused(await letter(house, notice)) == (409, "", "request.frozen")
    await rows(house.desk, "UPDATE request SET frozen_at = NULL RETURNING id")
    assert (await letter(house, notice)).status_code == 200


async def test_to_a_guardian(house: House) -> None:
    """The letter goes to the mother, in her standing and for her child; her standing is judged again at the printer."""
    mall = await house.system()
    filed = await guarded(house, ONLINE_MALL, subject={**CHILD, "address": HOME}, notify_by="post")
    await answered(house, mall, filed)
    notice = await notice_of(house, filed)
    first, *others = pages(await letter(house, notice))
    assert f"{MOTHER['name']} 귀하" in first and CHILD["name"] not in first and "법정대리인" not in first
    assert "(법정대리인)" in "".join(others) and f"정보주체: {CHILD['name']}" in "".join(others)
    assert "쉽게 말하면" not in "".join(others)
    await _comes_of_age(house, filed)
    assert refused(await letter(house, notice)) == (409, "", "guardian.ended")


async def _comes_of_age(house: House, filed: dict[str, Any]) -> None:
    """The register's birth date turns out to be an adult's: the mother is no guardian any more."""
    async with house.desk.database.transaction() as session:
        request = (await session.execute(select(Request).where(col(Request.id) == filed["id"]))).scalar_one()
        person = keyring.person(session, request)
        assert person is not None
        grown = {**person, "birth_date": "1990-01-01"}
        request.person_ct = keyring.seal(session, request, "request.person", request.id, grown)


async def test_no_data_to_an_address_that_only_a_delegate_gave(house: House) -> None:
    """The answer is the subject's, but where they live is the delegate's word: the notice goes, not the data."""
    mall = await house.system()
    subject = {**GILDONG, "address": HOME}
    filed = await mandated(house, ONLINE_MALL, subject=subject, notify_by="post")
    await answered(house, mall, filed)
    text = pdf_text((await letter(house, await notice_of(house, filed))).content)
    assert "홍길동귀하" in text and "별지제9호서식" in text and "개인정보열람자료" not in text


async def test_to_a_delegate_while_the_mandate_holds(house: House) -> None:
    """Where the mandate says so the data goes to the delegate; not a day after it was revoked."""
    mall = await house.system()
    subject = {**GILDONG, "address": HOME}
    filed = await mandated(house, ONLINE_MALL, subject=subject, notify_by="post", deliver_to="delegate")
    await answered(house, mall, filed)
    notice = await notice_of(house, filed)
    text = pdf_text((await letter(house, notice)).content)
    assert "도우미귀하(대리인)" in text and "정보주체:홍길동" in text and "개인정보열람자료" in text
    await rows(house.desk, "UPDATE mandate SET revoked_at = now(), revoked_cause = 'revoked' RETURNING request_id")
    assert refused(await letter(house, notice)) == (409, "", "mandate.revoked")


async def test_a_minor_gets_a_childs_words(house: House) -> None:
    """Sixteen, asking alone: an easy cover, an easy note above the form, easy messages."""
    mall = await house.system()
    woojin = {"name": "정우진", "birth_date": "2010-02-28", "phone": "010-0000-5001", "address": HOME}
    filed = await house.file(ONLINE_MALL, subject=woojin, notify_by="post")
    await house.prove(filed)
    for claim in filed["claims"]:
        await house.decide(claim["id"], outcome="approve")
    await mall.work()
    await days_go_by(house)
    text = pdf_text((await letter(house, await notice_of(house, filed))).content)
    assert "부탁한일의답을보내요" in text and "쉽게말하면" in text and "개인정보(■열람" in text


async def test_posted_once_and_said_twice(house: House) -> None:
    """The message by hand is sent that day; again is nothing new, another day is another letter."""
    filed = await by_post(house, STRANGER)
    notice = await notice_of(house, filed)
    assert notice["messages"] == [{"channel": "paper", "state": "by_hand"}]
    today = seoul_date(db.now())
    for day, pointer in ((today + timedelta(days=1), "/posted_on"), (today - timedelta(days=1), "/posted_on")):
        assert refused(await posted(house, notice, day)) == (422, pointer, "field.value")
    for _ in range(2):
        reply = await posted(house, notice, today)
        assert reply.json() == {"notice_id": notice["id"], "posted_on": today.isoformat()}
    assert (await notice_of(house, filed))["messages"] == [{"channel": "paper", "state": "sent"}]
    assert (await actions(house.desk, filed["id"]))["message.send"] == 1
    sent_at = await one(house.desk, "SELECT sent_at FROM message WHERE channel = 'paper'")
    assert seoul_date(sent_at) == today and sent_at <= db.now()
    earlier = "UPDATE notice SET at = at - interval '3 days' RETURNING id"
    await rows(house.desk, earlier)
    assert refused(await posted(house, notice, today - timedelta(days=1))) == (409, "", "state.conflict")


async def test_what_went_by_wire_was_not_posted(house: House) -> None:
    """There is no letter to speak of."""
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="sms")
    await house.prove(filed)
    reply = await posted(house, await notice_of(house, filed), seoul_date(db.now()))
    assert refused(reply) == (409, "", "state.conflict")


@pytest.mark.parametrize("body", [{}, {"posted_on": "20261122"}, {"posted_on": None}, {"posted_on": "2026-02-30"}])
async def test_a_day_is_written_as_one(house: House, body: dict[str, Any]) -> None:
    """Nothing but YYYY-MM-DD, and a day that there is."""
    filed = await by_post(house, STRANGER)
    path = f"/v1/notices/{(await notice_of(house, filed))['id']}/posting"
    reply = await house.api.put(path, json=body, headers=house.auth("officer"))
    assert reply.status_code in (400, 422) and reply.json()["code"].startswith("field.")


async def test_only_the_desk_prints_and_posts(house: House) -> None:
    """Neither the person nor whoever took the request in; an approver prints but does not post."""
    filed = await by_post(house, STRANGER)
    notice = await notice_of(house, filed)
    for role in ("website", "call_center", "clerk", "auditor", "admin"):
        claims = {"agent": "a17"} if role == "call_center" else {}
        caller = house.auth(role, **claims)
        assert (await house.api.get(f"/v1/notices/{notice['id']}/letter", headers=caller)).status_code == 403
    assert (await posted(house, notice, date(2026, 11, 22), "approver")).status_code == 403
    unknown = {"id": str(db.new_id())}
    assert refused(await letter(house, unknown)) == (404, "", "notice.not_found")
    assert refused(await posted(house, unknown, seoul_date(db.now()))) == (404, "", "notice.not_found")
