"""Holders without a machine (F6): told by mail, the number another way, one answer by a page; nobody else gets in."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app import db
from app.desk import MACHINE
from app.services import answer_links, proofs, watch
from tests.api.acts import actions, claims, one, refused, rows, statuses, waits
from tests.api.footage_acts import CANARY, RECORDER, acts, media
from tests.api.papers import scan
from tests.api.test_kept import settled
from tests.api.visitors import CHROME, Visitor, mailed, opened
from tests.house import ADDRESS, House, key

POST, STORE = "desk@post.example.com", "gangnam@example.com"
SECRETS = ("홍길동", "1234-5678", "1012345678", "C-1001", "새길", "gildong", "바로잡", "별도서비스")
PHONE = "010-0000-1234"


async def corrected(house: House, **more: Any) -> dict[str, Any]:
    """A correction that a post office without a machine has to make."""
    office = {
        "kind": "processor",
        "categories": ["separate_service"],
        "actions": ["correct"],
        "matches_by": ["name", "phone"],
        "contact_email": POST,
        "contact_phone": PHONE,
        "answers_by": "page",
        **more,
    }
    await house.system("우체국", **office)
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    reply = await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert reply.status_code == 200, reply.text
    return filed


async def task_of(house: House) -> dict[str, Any]:
    """The one task, as an officer sees it."""
    officer = house.auth("officer")
    [task] = (await house.api.get("/v1/tasks", headers=officer)).json()["items"]
    found: dict[str, Any] = (await house.api.get(f"/v1/tasks/{task['id']}", headers=officer)).json()
    return found


async def renewed(house: House) -> dict[str, Any]:
    """An officer has the page made anew."""
    path = f"/v1/tasks/{(await task_of(house))['id']}/answer-links"
    reply = await house.api.post(path, headers={**house.auth("officer"), **key()})
    assert reply.status_code == 201, reply.text
    await house.workshop.run()
    found: dict[str, Any] = reply.json()
    return found


async def looks(house: House) -> list[tuple[str, str, str]]:
    """What the access log says of the page."""
    found = await rows(
        house.desk,
        "SELECT operation, result, actor FROM access_log WHERE operation LIKE '%answer_page' AND role = 'system'"
        " AND request_id IS NOT NULL ORDER BY id",
    )
    return [(row.operation, row.result, row.actor.partition("|")[0]) for row in found]


async def test_a_post_office_is_told_opens_the_page_and_answers_once(house: House) -> None:
    filed = await corrected(house)
    mail, token = mailed(house, POST)
    [sms] = [sent for sent in house.sent("sms") if sent["to"] == "+821000001234"]
    pin = re.findall(r"\d{8}", sms["text"])[0]
    # The mail says that something waits, until when, and where; nothing of anybody, and not the number.
    assert filed["receipt_no"] in mail["text"] and pin not in str(mail) and token not in str(sms)
    assert not any(secret in str(mail) + str(sms) for secret in SECRETS)
    assert token not in mail["subject"] and "http" not in sms["text"]
    kept = await rows(house.desk, "SELECT content_ct FROM message WHERE kind IN ('holder_link', 'holder_pin')")
    assert [row.content_ct for row in kept] == [None, None], "handed over, it is kept nowhere"

    # A scanner of mails fetches the address, many times and every way: nothing is used up, nothing is shown.
    visitor = Visitor(house, token)
    for method in ("GET", "HEAD", "GET"):
        assert (await visitor.client.request(method, visitor.path)).status_code == 200
    first = await visitor.open()
    assert not any(secret in first.text for secret in SECRETS) and filed["receipt_no"] not in first.text
    assert "set-cookie" not in first.headers and await looks(house) == []
    policy = first.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
    assert "form-action 'self'" in policy and "frame-ancestors 'none'" in policy
    assert first.headers["cache-control"] == "no-store" and first.headers["referrer-policy"] == "no-referrer"

    wrong = await visitor.enter(f"{(int(pin) + 1) % 10**8:08d}")
    assert wrong.status_code == 422 and "번호가 맞지 않습니다" in visitor.page.shown and pin[:4] not in wrong.text
    assert (await visitor.enter("12 34")).status_code == 422 and "여덟 자리" in visitor.page.shown
    shown = await visitor.enter(f"{pin[:4]} {pin[4:]}")
    assert shown.status_code == 200 and visitor.page.language == "ko"
    [cookie] = visitor.client.cookies.jar
    assert (cookie.path, cookie.has_nonstandard_attr("HttpOnly")) == (visitor.path, True)
    # Exactly what the office finds people by, and what is to be done; not what others would be given.
    for told in ("홍길동", "010-1234-5678", "새길 2", "바로잡아 주세요", filed["receipt_no"], "02-560-3146"):
        assert told in visitor.page.shown, told
    assert "gildong" not in shown.text and "C-1001" not in shown.text
    assert [look[:2] for look in await looks(house)] == [
        ("enter_answer_page", "pin.wrong"),
        ("enter_answer_page", "ok"),
        ("open_answer_page", "ok"),
    ]

    # Nothing chosen, and then in part without a reason: said on the page, with what was written.
    await visitor.send(note='<script>alert("1")</script>\n둘째 줄')
    assert "하나를 골라 주세요" in visitor.page.shown and "script" not in visitor.page.tags
    assert visitor.page.filled()["note"] == '<script>alert("1")</script>\n둘째 줄'
    reply = await visitor.send(result="partly_done", **{"until-0": "2031-12-02"})
    assert reply.status_code == 422 and visitor.page.filled()["until-0"] == "2031-12-02"
    assert visitor.page.filled()["result"] == "partly_done" and "어느 법" in visitor.page.shown
    await visitor.send(result="failed", note=" ", **{"until-0": ""})
    assert "까닭을 적어 주세요" in visitor.page.shown
    await visitor.send(result="done", note="4111 1111 1111 1111")
    assert reply.status_code == 422 and (await task_of(house))["status"] == "pending"

    done = await visitor.send(result="done", note="고쳤습니다. 900101-1234567")
    assert done.status_code == 200 and "잘 받았습니다" in visitor.page.shown and filed["receipt_no"] in done.text
    await house.workshop.run()
    assert await statuses(house, filed) == ["closed"]
    # Sent again, or looked at again: the word that it was taken, and nothing else; for anybody else it is gone.
    again = await visitor.open()
    assert "잘 받았습니다" in visitor.page.shown and "홍길동" not in again.text
    other = Visitor(house, token)
    assert (await other.open()).status_code == (await other.enter(pin)).status_code == 404
    acted = await actions(house.desk, filed["id"])
    assert (acted["answer_link.make"], acted["answer_link.enter"], acted["answer_link.use"]) == (1, 1, 1)
    said = await one(
        house.desk,
        "SELECT convert_from(body, 'UTF8')::json -> 'actor' ->> 'iss' FROM audit_entry"
        " WHERE convert_from(body, 'UTF8')::json ->> 'action' = 'task.answer'",
    )
    assert said == answer_links.PAGE
    bodies = await rows(house.desk, "SELECT convert_from(body, 'UTF8') AS body FROM audit_entry")
    assert not any(secret in row.body for row in bodies for secret in (token, pin, "고쳤습니다"))


async def test_a_store_says_preserved_with_one_button_and_a_photo(house: House) -> None:
    site = await house.system(**{**RECORDER, "contact_email": STORE, "contact_phone": PHONE, "answers_by": "page"})
    filed = await house.file(media(site))
    await house.workshop.run()
    visitor = await opened(house, STORE)
    assert visitor.page.buttons[0] == ("result", "done") and len(visitor.page.buttons) == 3
    assert "보존했습니다" in visitor.page.shown and "강남점" in visitor.page.shown
    for secret in ("홍길동", CANARY, "5678"):
        assert secret not in visitor.page.html, "footage that is kept is about nobody"
    # A picture that is too large, or none: said in plain words, with what was written; the answer is not lost.
    big = await visitor.send(result="done", note="녹화기 3번", photo=b"\xff\xd8" + bytes(11 * 1024 * 1024))
    assert big.status_code == 422 and "10MB" in visitor.page.shown and visitor.page.filled()["note"] == "녹화기 3번"
    await visitor.send(result="done", photo=b"GIF89a is no photo of ours", name="x.jpg")
    assert "JPEG" in visitor.page.shown and visitor.page.filled()["note"] == "녹화기 3번"
    assert await one(house.desk, "SELECT count(*) FROM task_proof") == 0
    # What the door itself turns away is a page as well.
    too_long = {**CHROME, "Content-Length": str(10**9)}
    refused_ = await visitor.client.post(f"{visitor.path}/answer", content=b"", headers=too_long)
    assert refused_.status_code == 413 and refused_.headers["content-type"].startswith("text/html")
    for malformed in ({"Content-Type": "text/plain"}, {"Content-Type": "multipart/form-data"}):
        broken = await visitor.client.post(f"{visitor.path}/answer", content=b"x", headers=malformed)
        assert broken.status_code in (400, 415) and broken.headers["content-type"].startswith("text/html")
    reply = await visitor.send(result="done", photo=scan(), name="KakaoTalk.png")
    assert reply.status_code == 200 and "잘 받았습니다" in visitor.page.shown
    assert await one(house.desk, "SELECT state FROM footage") == "preserved" and await acts(house, filed) == [
        "preserve"
    ]

    task = await task_of(house)
    assert task["status"] == "done" and task["proof"]["media_type"] == "image/png"
    path, officer = f"/v1/tasks/{task['id']}/proof", house.auth("officer")
    silent = {"Authorization": officer["Authorization"]}
    assert refused(await house.api.get(path, headers=silent))[2] == "document.purpose_required"
    seen = await house.api.get(path, headers={**officer, "Purpose": "review of the proof"})
    assert seen.status_code == 200 and seen.content.startswith(b"\x89PNG")
    logged = "SELECT purpose FROM access_log WHERE operation = 'read_task_proof' AND result = 'ok'"
    assert await one(house.desk, logged) == "review of the proof"
    # It goes with the papers of its request: bytes and all, but that there was one.
    async with house.desk.database.transaction() as session:
        assert await proofs.destroy(session, UUID(filed["id"]), by=MACHINE, now=db.now()) == 1
    assert await one(house.desk, "SELECT count(*) FROM task_proof_chunk") == 0
    gone = await house.api.get(path, headers={**officer, "Purpose": "review of the proof"})
    assert refused(gone)[2] == "evidence.destroyed" and (await task_of(house))["proof"] is None


async def test_footage_that_is_to_be_seen_wants_place_and_hour(house: House) -> None:
    site = await house.system(**{**RECORDER, "contact_email": STORE, "contact_phone": PHONE, "answers_by": "page"})
    filed = await house.file(media(site))
    await house.workshop.run()
    await (await opened(house, STORE)).send(result="done")
    await house.prove(filed)
    pin = house.last_code("sms")
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    visitor = await opened(house, STORE)
    assert pin != house.last_code("sms") and CANARY in visitor.page.shown and "홍길동" in visitor.page.shown
    await visitor.send(result="done")
    assert "어디에서 볼 수 있는지" in visitor.page.shown and "언제부터 언제까지" in visitor.page.shown
    day = (db.now() + timedelta(days=1)).date().isoformat()
    await visitor.send(result="done", place="강남점 2층", day=day, opens="14:00", closes="13:00")
    assert visitor.page.filled()["place"] == "강남점 2층" and "다시 봐 주세요" in visitor.page.shown
    await visitor.send(result="done", closes="16:00", masked="yes")
    assert "잘 받았습니다" in visitor.page.shown
    await house.workshop.run()
    assert [claim["status"] for claim in await claims(house, filed)] == ["closed"]


async def test_a_withdrawal_that_leaves_a_purpose_has_nobody_delete(house: House) -> None:
    """Act 37(3): only the purposes of the consent end; and what opened the page is forgotten with its days."""
    shop = {
        "kind": "internal",
        "categories": ["consultation"],
        "actions": ["withdraw_consent"],
        "matches_by": ["phone"],
    }
    await house.system("매장", **shop, contact_email=POST, contact_phone=PHONE, answers_by="page")
    filed = await house.file({"right": "consent_withdrawal", "purposes": ["complaint_handling"]})
    await house.prove(filed)
    await settled(house, filed["claims"][0]["id"], outcome="approve")
    await house.workshop.run()
    visitor = await opened(house, POST)
    assert "이 일에는 더 쓰지 말아 주세요" in visitor.page.shown and "이 일에 쓰기를 멈췄습니다" in visitor.page.shown
    assert "지워" not in visitor.page.shown and "지웠" not in visitor.page.shown
    await visitor.send(result="done")
    assert "잘 받았습니다" in visitor.page.shown
    kept = "SELECT count(*) FROM answer_link WHERE coalesce(pin_hash, session_digest) IS NOT NULL"
    for days, left in ((0, 1), (365, 0)):
        async with house.desk.database.transaction() as session:
            await answer_links.forget(session, now=db.now() + timedelta(days=days))
        assert await one(house.desk, kept) == left


async def test_five_wrong_numbers_close_the_page_and_an_officer_makes_another(house: House) -> None:
    filed = await corrected(house, contact_phone=None)
    token = mailed(house, POST)[1]
    assert [sent for sent in house.sent("sms") if sent["to"] == "+821000001234"] == []
    first = await renewed(house)
    # Nobody of ours holds both: the number is read out, the address goes to the holder alone.
    assert first["url"] is None and re.fullmatch(r"\d{8}", first["pin"])
    assert (await Visitor(house, token).open()).status_code == 404, "the first one ends with the second"
    token = mailed(house, POST)[1]
    wrong = f"{(int(first['pin']) + 1) % 10**8:08d}"
    tried = [await Visitor(house, token).enter(wrong) for _ in range(5)]
    assert [reply.status_code for reply in tried] == [422] * 5
    assert (await Visitor(house, token).enter(first["pin"])).status_code == 404
    assert answer_links.LOCKED in await waits(house, filed)
    await house.workshop.run()
    assert house.sent("mail")[-1]["to"] == house.desk.policy.desk_email
    second = await renewed(house)
    assert answer_links.LOCKED not in await waits(house, filed)
    # A job that comes twice tells nobody again; the numbers of pages that are closed are forgotten.
    task_id = UUID((await task_of(house))["id"])
    async with house.desk.database.transaction() as session:
        await answer_links.begin(session, task_id, now=db.now())
        await answer_links.forget(session, now=db.now())
    kept = await rows(house.desk, "SELECT pin_hash IS NOT NULL AS kept FROM answer_link ORDER BY id")
    assert [row.kept for row in kept] == [False, False, True]
    assert (await opened(house, POST, second["pin"])).page.action


async def test_of_twenty_guesses_at_once_five_are_compared(house: House) -> None:
    await corrected(house)
    token, pin = mailed(house, POST)[1], house.last_code("sms")
    wrong = f"{(int(pin) + 1) % 10**8:08d}"
    replies = await asyncio.gather(*(Visitor(house, token).enter(wrong) for _ in range(20)))
    assert {reply.status_code for reply in replies} <= {404, 422, 503}
    assert await one(house.desk, "SELECT tries FROM answer_link") == 5
    assert (await Visitor(house, token).enter(pin)).status_code == 404


async def test_two_taps_are_one_answer(house: House) -> None:
    filed = await corrected(house)
    visitor = await opened(house, POST)
    page, taps = visitor.page, []
    for result in ("done", "not_held", "done"):
        twin = Visitor(house, visitor.path.removeprefix("/h/"))
        twin.client.cookies, twin.page = visitor.client.cookies, page
        taps.append(twin.send(result=result, photo=scan(), name="a.png"))
    replies = await asyncio.gather(*taps)
    assert [reply.status_code for reply in replies] == [200] * 3
    assert (await actions(house.desk, filed["id"]))["task.answer"] == 1
    assert await one(house.desk, "SELECT count(*) FROM task_proof") == 1


async def test_what_does_not_open_is_one_page_whatever_the_reason(house: House) -> None:
    await corrected(house)
    token = mailed(house, POST)[1]
    visitor = await opened(house, POST)
    unknown = await Visitor(house, "x" * 44).open()
    assert unknown.status_code == 404 and "열 수 없는 주소입니다" in unknown.text
    assert unknown.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    plain = {name: value for name, value in unknown.headers.items() if name != "request-id"}
    for broken in (
        "expires_at = created_at",
        "closed_at = created_at",
        "used_at = created_at, session_until = created_at",
    ):
        before = await rows(house.desk, "SELECT expires_at, session_until FROM answer_link")
        await rows(house.desk, f"UPDATE answer_link SET {broken} RETURNING id")
        for who in (Visitor(house, token), visitor):
            reply = await who.open()
            assert reply.content == unknown.content, broken
            assert {name: value for name, value in reply.headers.items() if name != "request-id"} == plain
            sent = await who.client.post(f"{who.path}/answer", content=b"", headers=CHROME)
            assert sent.content == unknown.content
        restored = "expires_at = :e, session_until = :s, closed_at = NULL, used_at = NULL"
        values = {"e": before[0].expires_at, "s": before[0].session_until}
        await rows(house.desk, f"UPDATE answer_link SET {restored} RETURNING id", **values)
    assert (await visitor.open()).status_code == 200
    await rows(house.desk, "UPDATE system SET state = 'retired' RETURNING id")
    assert (await visitor.open()).content == unknown.content
    for path in ("/h/", "/h/a/b/c", "/h"):
        assert (await visitor.client.get(path)).status_code == 404
    assert (await visitor.client.get(f"{visitor.path}/answer")).status_code == 405


async def test_a_visit_opens_one_page_for_half_an_hour(house: House) -> None:
    await corrected(house)
    first = await opened(house, POST)
    secret = next(iter(first.client.cookies.jar)).value or ""
    to, phone = "other@post.example.com", "010-0000-4321"
    await corrected(house, contact_email=to, contact_phone=phone)
    [sms] = [sent["text"] for sent in house.sent("sms") if sent["to"] == "+821000004321"]
    await opened(house, to, re.findall(r"\d{8}", sms)[0])
    other = Visitor(house, mailed(house, to)[1])
    for jar in ({"answer": secret}, {"answer": "x" * 43}, {"answer": ""}):
        other.client.cookies = httpx.Cookies(jar)  # for every path, as somebody who forges them sends
        assert "홍길동" not in (await other.open()).text
        reply = await other.client.post(f"{other.path}/answer", content=b"", headers=CHROME)
        assert reply.status_code == 422 and "시간이 지났습니다" in reply.text
    await rows(house.desk, "UPDATE answer_link SET session_until = now() - interval '1 second' RETURNING id")
    assert "홍길동" not in (await first.open()).text and first.page.action.endswith("/pin")


async def test_a_stopped_request_is_told_to_nobody_before_the_ruling(house: House) -> None:
    await corrected(house)
    visitor = await opened(house, POST)
    await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
    reply = await visitor.open()
    assert reply.status_code == 409 and "홍길동" not in reply.text and "멈춘" in visitor.page.shown
    path = f"/v1/tasks/{(await task_of(house))['id']}/answer-links"
    again = await house.api.post(path, headers={**house.auth("officer"), **key()})
    assert refused(again) == (409, "", "request.frozen")
    # A task made meanwhile waits, and is told once it goes on.
    await rows(house.desk, "DELETE FROM answer_link RETURNING id")
    now = db.now() + timedelta(minutes=1)
    for frozen, found in (("now()", 0), ("NULL", 1)):
        await rows(house.desk, f"UPDATE request SET frozen_at = {frozen} RETURNING id")
        async with house.desk.database.transaction() as session:
            jobs = [name for name, _ in await watch.overlooked(session, now=now)]
        assert jobs.count("open_answer_link") == found


async def test_what_was_called_back_asks_for_nothing(house: House) -> None:
    filed = await corrected(house)
    visitor = await opened(house, POST)
    await rows(house.desk, "UPDATE task SET status = 'cancelled' RETURNING id")
    reply = await visitor.send(result="done")
    assert reply.status_code == 200 and "하지 않으셔도 됩니다" in visitor.page.shown and "홍길동" not in reply.text
    path = f"/v1/tasks/{(await task_of(house))['id']}/answer-links"
    again = await house.api.post(path, headers={**house.auth("officer"), **key()})
    assert refused(again) == (409, "", "state.conflict")
    assert (await actions(house.desk, filed["id"]))["task.answer"] == 0


@pytest.mark.parametrize("changes", [{"endpoint_url": "http://127.0.0.1:9/events", "scheme": "v1"}])
async def test_a_holder_is_told_by_one_way(house: House, changes: dict[str, str]) -> None:
    admin = house.auth("admin")
    holder = await house.system(answers_by="page", contact_phone=PHONE)
    assert (holder.registered["answers_by"], holder.registered["contact_phone"]) == ("page", "+821000001234")
    body = {**{name: holder.registered[name] for name in ("name", "kind", "categories", "actions", "matches_by")}}
    both = {**body, "contact_email": POST, "answers_by": "page", **changes}
    assert refused(await house.api.post("/v1/systems", json=both, headers={**admin, **key()})) == (
        422,
        "/answers_by",
        "field.inconsistent",
    )
    seen = await house.api.get(f"/v1/systems/{holder.id}", headers=admin)
    moved = {"endpoint_url": changes["endpoint_url"]}
    headers = {**admin, "If-Match": seen.headers["etag"]}
    assert refused(await house.api.patch(f"/v1/systems/{holder.id}", json=moved, headers=headers))[1] == "/answers_by"
    moved["answers_by"] = "api"
    assert (await house.api.patch(f"/v1/systems/{holder.id}", json=moved, headers=headers)).status_code == 200
