"""Incidents (Act 34, G6): opened by staff, told by a safe way, reported, closed with a reason; auditors see nobody."""

import json
from datetime import timedelta
from typing import Any

import pytest

from app import db
from app.models import Message
from app.services import reaching
from tests.api.acts import actions, one, refused, review, rows
from tests.api.leaks import DRAFT, act, answered, approved, body, day, drafted, opened, post, read
from tests.api.sealed import opens_at_home_only
from tests.api.stops import MAILBOX, OTHER_PHONE
from tests.documents.reading import pdf_text
from tests.house import House, key

JIHO = {"name": "송지호", "phone": "010-0000-6201"}
TEAM = {"name": "나그네", "email": "wanderer@example.com"}


async def test_it_is_opened_with_its_72_hours_and_a_draft(house: House) -> None:
    filed = await answered(house)
    known = db.now() - timedelta(hours=3)
    incident = await opened(house, filed, known_at=known.isoformat())
    assert incident["receipt_no"] == filed["receipt_no"]
    due = await one(house.desk, "SELECT due_at - known_at FROM incident")
    assert due == timedelta(hours=72)
    assert (incident["owed"], incident["overdue"], incident["must_report"]) == (["told"], False, False)
    assert incident["basis"] == "법 34, 영 39·40"
    draft = incident["notice"]
    assert (draft["state"], draft["kind"], draft["drafted_by"]) == ("draft", "leak", "machine")
    assert draft["content"]["what"][0].startswith("온라인")
    assert all(draft["content"][part] for part in ("how", "can_do", "did", "contact"))
    assert "incident.open" in await review(house, filed)
    mail = [one_["text"] for one_ in house.sent("mail") if "접수되었습니다" in one_["subject"]]
    assert len(mail) == 1 and filed["receipt_no"] in mail[0]
    counted = await actions(house.desk, filed["id"])
    assert (counted["incident.open"], counted["request.recall"]) == (1, 1)


async def test_what_is_sent_must_be_right(house: House) -> None:
    filed = await answered(house, fetched=False)
    future = (db.now() + timedelta(minutes=5)).isoformat()
    assert refused(await post(house, body(filed, known_at=future))) == (422, "/known_at", "field.value")
    assert refused(await post(house, body(filed, known_at="2020-01-01T00:00:00+09:00")))[1:] == (
        "/known_at",
        "field.value",
    )
    assert refused(await post(house, body(filed, categories=["online_mall", "x"]))) == (
        422,
        "/categories/1",
        "field.value",
    )
    assert refused(await post(house, body(filed, subjects=0)))[:2] == (422, "/subjects")
    assert refused(await post(house, body({"id": str(db.new_id())})))[2] == "request.not_found"
    for role in ("auditor", "admin", "clerk", "call_center", "website"):
        assert (await post(house, body(filed), role)).status_code == 403
    assert await one(house.desk, "SELECT count(*) FROM incident") == 0


async def test_opened_twice_with_one_key_it_is_one(house: House) -> None:
    filed = await answered(house, fetched=False)
    sent, headers = body(filed), {**house.auth("officer"), **key()}
    first, second = [await house.api.post("/v1/incidents", json=sent, headers=headers) for _ in range(2)]
    assert first.json() == second.json() and first.headers["location"] == second.headers["location"]
    assert await one(house.desk, "SELECT count(*) FROM incident") == 1


@pytest.mark.parametrize(
    ("more", "must"),
    [
        ({}, False),
        ({"subjects": 999}, False),
        ({"subjects": 1000}, True),
        ({"sensitive": True}, True),
        ({"outside": True, "kind": "outside_access"}, True),
    ],
)
async def test_when_it_must_be_reported(house: House, more: dict[str, Any], must: bool) -> None:
    filed = await house.file()
    incident = await opened(house, filed, **more)
    assert incident["must_report"] is must
    assert incident["owed"] == (["told", "reported"] if must else ["told"])


async def test_what_is_known_later_is_judged_anew_and_the_clock_stays(house: House) -> None:
    incident = await opened(house, await house.file())
    grown = {"subjects": 2000, "categories": ["online_mall", "report"], "sensitive": False, "outside": False}
    reply = await act(house, incident, "PATCH", "", grown, "officer")
    assert reply.status_code == 200, reply.text
    now = reply.json()
    assert (now["must_report"], now["subjects"], now["due_at"]) == (True, 2000, incident["due_at"])
    assert now["account"] is None
    stale = await house.api.patch(
        f"/v1/incidents/{incident['id']}", json=grown, headers={**house.auth("officer"), "If-Match": '"v1"'}
    )
    assert stale.status_code == 412
    missing = await house.api.patch(f"/v1/incidents/{incident['id']}", json=grown, headers=house.auth("officer"))
    assert missing.status_code == 428


async def test_it_goes_to_a_contact_on_record_and_never_to_one_that_was_typed(house: House) -> None:
    """JIHO typed one telephone; the register also knows another and a mailbox."""
    filed = await answered(house, subject=JIHO, notify_by="sms")
    incident = await opened(house, filed)
    assert (await drafted(house, incident)).status_code == 200
    before = len(house.sent("sms"))
    assert (await approved(house, incident)).status_code == 200
    mail = house.sent("mail")[-1]
    assert mail["to"] == MAILBOX and "꼭 알려 드릴 일" in mail["subject"]
    for said in (DRAFT["what"][0], DRAFT["how"], DRAFT["can_do"], DRAFT["did"], "02-560-3146"):
        assert said in mail["text"], said
    assert not {"송지호", "6201", filed["receipt_no"]} & set(mail["text"].split())
    assert "송지호" not in mail["text"] + mail["subject"]
    assert len(house.sent("sms")) == before
    told = await read(house, incident)
    assert told["told_at"] is not None and told["owed"] == []
    assert (told["notice"]["state"], told["notice"]["told_how"]) == ("approved", "mail")
    assert (await actions(house.desk, filed["id"]))["incident.tell"] == 1


async def test_without_a_safe_contact_a_person_tells_them_by_hand(house: House) -> None:
    """GILDONG typed the only contacts that the register knows."""
    filed = await answered(house)
    incident = await opened(house, filed)
    told = {"told_at": db.now().isoformat(), "how": "phone"}
    assert refused(await act(house, incident, "PUT", "/notice/telling", told, "officer"))[2] == "state.conflict"
    await drafted(house, incident)
    sent = len(house.sent("mail")) + len(house.sent("sms"))
    await approved(house, incident)
    assert len(house.sent("mail")) + len(house.sent("sms")) == sent
    # No letter in the mail room either: what was typed at filing may be where the answer wrongly went.
    assert await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'incident_notice'") == 0
    assert "incident.tell_by_hand" in await review(house, filed)
    assert (await read(house, incident))["owed"] == ["told"]
    early = {"told_at": (db.now() - timedelta(days=9)).isoformat(), "how": "phone"}
    assert refused(await act(house, incident, "PUT", "/notice/telling", early, "officer"))[1] == "/told_at"
    told = {"told_at": db.now().isoformat(), "how": "phone"}
    reply = await act(house, incident, "PUT", "/notice/telling", told, "officer")
    assert reply.status_code == 200 and reply.json()["owed"] == []
    assert refused(await act(house, incident, "PUT", "/notice/telling", told, "officer"))[2] == "state.conflict"


async def test_what_comes_back_was_not_told_and_goes_no_other_way(house: House) -> None:
    filed = await answered(house, subject=JIHO, notify_by="sms")
    incident = await opened(house, filed)
    await drafted(house, incident)
    await approved(house, incident)
    message_id = await one(house.desk, "SELECT message_id FROM incident_notice")
    messages = await one(house.desk, "SELECT count(*) FROM message")
    async with house.desk.database.transaction() as session:
        message = await session.get_one(Message, message_id)
        message.state = "returned"
        await reaching.not_arrived(session, message, "unknown", lost=True, now=db.now())
    await day(house)
    back = await read(house, incident)
    assert (back["told_at"], back["owed"], back["notice"]["told_how"]) == (None, ["told"], None)
    assert await one(house.desk, "SELECT count(*) FROM message") == messages
    assert "message.incident_notice_failed" in await review(house, filed)
    told = {"told_at": db.now().isoformat(), "how": "visit"}
    assert (await act(house, incident, "PUT", "/notice/telling", told, "officer")).json()["owed"] == []
    await day(house)
    assert (await read(house, incident))["owed"] == []


async def test_two_people_say_what_the_person_is_told(house: House) -> None:
    filed = await answered(house, subject=JIHO, notify_by="sms")
    incident = await opened(house, filed)
    # The machine's draft is not agreed to by whoever opened the incident; another one may.
    assert refused(await approved(house, incident, "officer-1"))[2] == "approval.same_person"
    await drafted(house, incident)
    assert refused(await approved(house, incident, "officer-1"))[2] == "approval.same_person"
    back = await act(house, incident, "POST", "/notice/approval", {"agree": False})
    assert refused(back)[1:] == ("/note", "approval.note_required")
    back = await act(house, incident, "POST", "/notice/approval", {"agree": False, "note": "경위를 더 적을 것"})
    assert back.json()["notice"]["note"] == "경위를 더 적을 것"
    await drafted(house, incident, how="새 번호의 주인이 답변을 열었습니다.")
    assert (await approved(house, incident)).status_code == 200
    assert refused(await drafted(house, incident))[2] == "state.conflict"
    assert refused(await approved(house, incident, "approver-2"))[2] == "state.conflict"


async def test_of_wrong_contents_the_person_whose_data_it_was_is_told(house: House) -> None:
    filed = await answered(house, subject=JIHO, notify_by="sms")
    incident = await opened(house, filed, kind="wrong_contents")
    await drafted(house, incident)
    assert refused(await approved(house, incident))[2] == "incident.person_required"
    unsafe = await drafted(house, incident, to={"name": "나그네", "phone": "010-0000-6201"})
    assert refused(unsafe)[1:] == ("/to/phone", "incident.unsafe_contact")
    assert refused(await drafted(house, incident, to={"name": "나그네"}))[1:] == ("/to", "field.required")
    assert (await drafted(house, incident, to=TEAM)).status_code == 200
    assert (await approved(house, incident)).status_code == 200
    assert house.sent("mail")[-1]["to"] == TEAM["email"]
    assert OTHER_PHONE not in {sms["to"] for sms in house.sent("sms") if "incident" in sms["template"]}


async def test_a_text_message_holds_all_of_it_or_none_is_sent(house: House) -> None:
    filed = await answered(house)
    incident = await opened(house, filed, kind="wrong_contents")
    to = {"name": "나그네", "phone": "010-0000-7001"}
    await drafted(house, incident, to=to)
    await approved(house, incident)
    sms = house.sent("sms")[-1]
    assert sms["to"] == "+821000007001" and all(DRAFT[part] in sms["text"] for part in ("how", "can_do", "did"))
    second = await opened(house, filed, kind="wrong_contents")
    await drafted(house, second, to=to, how="길게 적은 경위입니다. " * 90)
    await approved(house, second)
    assert house.sent("sms")[-1] == sms
    assert await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'incident_notice'") == 1


async def test_the_mere_possibility_is_told_in_its_own_words(house: House) -> None:
    filed = await answered(house, subject=JIHO, notify_by="sms")
    incident = await opened(house, filed)
    await drafted(house, incident, kind="possible")
    await approved(house, incident)
    assert "전해졌을 수 있어" in house.sent("mail")[-1]["text"]
    page = await document(house, incident, "notice", "text/html")
    assert "가능성 통지서" in page.text and "제34조제2항" in page.text


async def document(house: House, incident: dict[str, Any], part: str, accept: str) -> Any:
    path = f"/v1/incidents/{incident['id']}/{part}/document"
    reply = await house.api.get(path, headers={**house.auth("approver"), "Accept": accept})
    assert reply.status_code == 200, reply.text
    return reply


async def test_the_notice_and_the_report_are_drawn_with_all_that_the_law_wants(house: House) -> None:
    filed = await answered(house)
    incident = await opened(house, filed, sensitive=True, account="경위서: 통신사에서 번호를 다시 내주었다.")
    await drafted(house, incident)
    notice = pdf_text((await document(house, incident, "notice", "application/pdf")).content)
    for said in ("홍길동", "온라인몰:성명,전화번호", "알게된때", "인증번호를알려주지", "제34조제1항", "02-560-3146"):
        assert said in notice, said
    report = await house.api.get(f"/v1/incidents/{incident['id']}/report", headers=house.auth("officer"))
    fields = {field["id"]: field["value"] for field in report.json()["fields"]}
    assert list(fields) == ["controller", "told", "items", "how", "did", "can_do", "contact", "number"]
    assert "경위서" in fields["how"] and "정보주체 1명" in fields["items"] and fields["told"] == "아직 통지하지 않음"
    assert (report.json()["must_report"], report.json()["checked"]) == (True, False)
    drawn = pdf_text((await document(house, incident, "report", "application/pdf")).content)
    for said in ("신고서(초안)", "유출등이된시점과그경위", "경위서", "한국인터넷진흥원", "공식서식과"):
        assert said in drawn, said
    assert "신고서" in (await document(house, incident, "report", "text/html")).text


async def test_the_report_is_recorded_once_with_its_number(house: House) -> None:
    incident = await opened(house, await house.file(), sensitive=True)
    sent = {"reported_at": db.now().isoformat(), "number": "2026-0001"}
    late = {**sent, "reported_at": (db.now() + timedelta(hours=1)).isoformat()}
    assert refused(await act(house, incident, "PUT", "/report", late, "officer"))[1] == "/reported_at"
    reply = await act(house, incident, "PUT", "/report", sent, "officer")
    assert reply.json()["report"]["number"] == "2026-0001" and reply.json()["owed"] == ["told"]
    assert refused(await act(house, incident, "PUT", "/report", sent, "officer"))[2] == "state.conflict"


async def test_it_is_closed_by_an_approver_once_everybody_was_told(house: House) -> None:
    filed = await answered(house, subject=JIHO, notify_by="sms")
    incident = await opened(house, filed, sensitive=True)
    sent = {"found": "leak", "reason": "알리고 신고함"}
    assert (await act(house, incident, "POST", "/closing", sent, "officer")).status_code == 403
    assert refused(await act(house, incident, "POST", "/closing", sent))[2] == "incident.not_told"
    await drafted(house, incident)
    await approved(house, incident)
    assert refused(await act(house, incident, "POST", "/closing", sent))[2] == "incident.not_reported"
    await act(house, incident, "PUT", "/report", {"reported_at": db.now().isoformat(), "number": "1"}, "officer")
    closed = await act(house, incident, "POST", "/closing", sent)
    assert (closed.json()["state"], closed.json()["closed_because"]) == ("closed", "알리고 신고함")
    for method, path, again in (
        ("POST", "/closing", sent),
        ("PUT", "/notice", DRAFT),
        ("PUT", "/report", {"reported_at": db.now().isoformat(), "number": "2"}),
    ):
        role = "approver" if path == "/closing" else "officer"
        assert refused(await act(house, incident, method, path, again, role))[2] == "state.conflict"
    # What may be handed out again is another question than whether it is over.
    assert (await act(house, incident, "POST", "/resumption", {"reason": "번호를 바로잡음"})).status_code == 200


async def test_what_was_no_leak_is_closed_without_telling(house: House) -> None:
    incident = await opened(house, await house.file(), sensitive=True)
    closed = await act(house, incident, "POST", "/closing", {"found": "none", "reason": "같은 사람이었음"})
    assert (closed.json()["state"], closed.json()["found"], closed.json()["owed"]) == ("closed", "none", [])
    listed = await house.api.get("/v1/incidents?state=closed", headers=house.auth("officer"))
    assert [one_["id"] for one_ in listed.json()["items"]] == [incident["id"]]


async def test_incidents_are_listed_page_by_page(house: House) -> None:
    filed = await house.file()
    made = [(await opened(house, filed))["id"] for _ in range(3)]
    seen, cursor = [], ""
    while True:
        reply = await house.api.get(f"/v1/incidents?limit=2{cursor}", headers=house.auth("auditor"))
        seen += [one_["id"] for one_ in reply.json()["items"]]
        if reply.json()["next_cursor"] is None:
            break
        cursor = f"&cursor={reply.json()['next_cursor']}"
    assert seen == made


async def test_an_auditor_sees_that_and_when_but_nobody(house: House) -> None:
    filed = await answered(house, subject=JIHO, notify_by="sms")
    incident = await opened(house, filed, account="송지호 님의 번호가 바뀌어 있었다.")
    await drafted(house, incident, how="옆집의 송지호에게 갔습니다.")
    seen = await read(house, incident, "auditor")
    assert seen["account"] is None and seen["notice"]["content"] is None
    assert "송지호" not in json.dumps(seen, ensure_ascii=False)
    assert seen["recalled"]["packages"] == 1 and len(seen["handed_out"]) == 2
    for path in ("/notice/document", "/report", "/report/document"):
        reply = await house.api.get(f"/v1/incidents/{incident['id']}{path}", headers=house.auth("auditor"))
        assert reply.status_code == 403


async def test_words_are_sealed_and_stand_in_no_log(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    filed = await answered(house, subject=JIHO, notify_by="sms")
    incident = await opened(house, filed, account="왜가리경위")
    await drafted(house, incident, how="따오기경위", to={"name": "뜸부기", "email": "quagga@example.com"})
    await act(house, incident, "POST", "/notice/approval", {"agree": False, "note": "두견새쪽지"})
    await approved(house, incident)
    await act(house, incident, "POST", "/resumption", {"reason": "저어새이유"})
    await act(house, incident, "POST", "/closing", {"found": "leak", "reason": "황새이유"})
    await day(house)
    await opens_at_home_only(house.desk, "incident_notice.note_ct", "incident_notice.content_ct")
    canaries = ("왜가리", "따오기", "뜸부기", "quagga", "두견새", "저어새", "황새")
    for table in ("incident", "incident_notice", "message", "audit_entry", "access_log", "procrastinate_jobs"):
        for row in await rows(house.desk, f'SELECT * FROM "{table}"'):
            stored = " ".join(bytes(v).decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row)
            assert not [one_ for one_ in canaries if one_ in stored], table
    logged = "".join(capfd.readouterr())
    assert not [one_ for one_ in canaries if one_ in logged]
    assert not [m for m in house.sent("mail") if any(one_ in m["subject"] for one_ in canaries)]


async def test_every_contact_with_an_incident_is_in_the_access_log(house: House) -> None:
    filed = await house.file()
    incident = await opened(house, filed)
    await read(house, incident)
    logged = await rows(
        house.desk, "SELECT operation, request_id::text FROM access_log WHERE operation LIKE '%incident'"
    )
    assert {tuple(row) for row in logged} == {("open_incident", filed["id"]), ("get_incident", filed["id"])}
