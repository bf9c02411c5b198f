"""Filing: what is refused and why, who may file through what, and that it tells nobody who is known."""

import re
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest

from app import db, numbers
from app.desk import Actor
from app.errors import Invalid
from app.law.terms import Right
from app.services import intake
from app.services.intake import Ask, Filing
from tests.api.acts import FILING, MISSING, YOUNGHEE, changed, one, post, refused, rows, tables
from tests.house import ADDRESS, GILDONG, ONLINE_MALL, STRANGER, House, key

CHANGE = ADDRESS["changes"][0]
CORRECTION = {**FILING, "claims": [ADDRESS]}
SUSPENSION = {**FILING, "claims": [{"right": "suspension", "purposes": ["delivery"], "ends_contract": False}]}
DELETION = {**FILING, "claims": [{"right": "deletion", "categories": ["report"], "reason": "그만"}]}
RRN = "900101-1234567"
CARD = "4111 1111 1111 1111"

MISFITS = (
    ("/capacity", MISSING, "field.required"),
    ("/capacity", "king", "field.value"),
    ("/capacity", None, "field.type"),
    ("/requester", {"name": "홍판서"}, "field.inconsistent"),
    ("/mandate", {"rights": ["access"], "signed_on": "2026-11-01"}, "field.inconsistent"),
    ("/notify_by", "alimtalk", "field.not_available_yet"),
    ("/notify_by", "pigeon", "field.value"),
    ("/notify_by", "post", "field.inconsistent"),
    ("/channel", MISSING, "field.required"),
    ("/channel", "phone", "field.value"),
    ("/channel", "smoke", "field.value"),
    ("/language", "fr", "field.value"),
    ("/status", "closed", "field.unknown"),
    ("/verified", True, "field.unknown"),
    ("/arrived_at", "2026-11-20T10:00:00+09:00", "field.inconsistent"),
    ("/arrived_at", "2026-11-20T10:00:00", "field.timezone_required"),
    ("/arrived_at", "2026-02-30T10:00:00Z", "field.format"),
    ("/arrived_at", 0, "field.type"),
    ("/caller_number", "010-0000-1234", "field.inconsistent"),
    ("/recording_ref", "r-1", "field.inconsistent"),
    ("/external_ref", RRN, "identifier.rrn_not_allowed"),
    ("/external_ref", "", "field.length"),
    ("/subject", MISSING, "field.required"),
    ("/subject", [], "field.type"),
    ("/subject", {"name": "홍길동"}, "field.required"),
    ("/subject/name", MISSING, "field.required"),
    ("/subject/name", ["홍길동"], "field.type"),
    ("/subject/name", "홍", "field.length"),
    ("/subject/name", "홍" * 300, "field.length"),
    ("/subject/name", "ㅎㅗㅇ", "field.format"),
    ("/subject/name", "홍길동7", "field.format"),
    ("/subject/name", "홍\u200b길동", "field.forbidden_character"),
    ("/subject/name", "\u202e홍길동", "field.forbidden_character"),
    ("/subject/name", "홍길동\u0000", "field.forbidden_character"),
    ("/subject/name", "홍길동\nBcc: x", "field.forbidden_character"),
    ("/subject/name", f"홍길동 {RRN}", "identifier.rrn_not_allowed"),
    ("/subject/phone", "123", "field.format"),
    ("/subject/phone", 1012345678, "field.type"),
    ("/subject/phone", "+1 202 555 0100", "field.format"),
    ("/subject/phone", RRN, "identifier.rrn_not_allowed"),
    ("/subject/phone", CARD, "identifier.card_not_allowed"),
    ("/subject/email", "gildong", "field.format"),
    ("/subject/email", "a@b@example.com", "field.format"),
    ("/subject/email", "gil dong@example.com", "field.format"),
    ("/subject/email", "x" * 250 + "@example.com", "field.length"),
    ("/subject/email", f"{RRN}@example.com", "identifier.rrn_not_allowed"),
    ("/subject/customer_no", "'; DROP TABLE", "field.format"),
    ("/subject/customer_no", RRN, "identifier.rrn_not_allowed"),
    ("/subject/birth_date", "1990-02-30", "field.format"),
    ("/subject/birth_date", "19900102", "field.format"),
    ("/subject/birth_date", 0, "field.type"),
    ("/subject/birth_date", "1700-01-01", "field.value"),
    ("/subject/birth_date", "2150-01-01", "field.value"),
    ("/subject/birth_date", timedelta(days=-13 * 365), "guardian.required"),
    ("/subject/rrn", RRN, "field.unknown"),
    ("/subject/address", {"road_address": "새길 1"}, "field.required"),
    ("/subject/address", {"postal_code": "0623", "road_address": "새길 1"}, "field.format"),
    ("/subject/address", {"postal_code": "06236", "road_address": RRN}, "identifier.rrn_not_allowed"),
    ("/claims", MISSING, "field.required"),
    ("/claims", [], "field.length"),
    ("/claims", [ONLINE_MALL] * 11, "field.length"),
    ("/claims", {"right": "access"}, "field.type"),
    ("/claims/0", {}, "field.required"),
    ("/claims/0/right", "transmission", "field.value"),
    ("/claims/0/aspects", MISSING, "field.required"),
    ("/claims/0/aspects", [], "field.length"),
    ("/claims/0/aspects", ["everything"], "field.value"),
    ("/claims/0/categories", [], "field.length"),
    ("/claims/0/categories", ["nonsense"], "field.value"),
    ("/claims/0", {**ONLINE_MALL, "categories": ["cctv"]}, "field.required"),
    ("/claims/0/media", {"site": "x", "kind": "view"}, "field.format"),
    ("/claims/0/delivery", "pigeon", "field.value"),
    ("/claims/0/changes", [CHANGE], "field.unknown"),
)
OTHER_MISFITS = (
    (CORRECTION, "/claims/0/changes", [], "correction.incomplete"),
    (CORRECTION, "/claims/0/changes", MISSING, "correction.incomplete"),
    (CORRECTION, "/claims/0/changes/0/corrected", MISSING, "correction.incomplete"),
    (CORRECTION, "/claims/0/changes/0/field", MISSING, "correction.incomplete"),
    (CORRECTION, "/claims/0/changes/0/field", "shoe_size", "field.value"),
    (CORRECTION, "/claims/0/changes/0/category", "shoes", "field.value"),
    (CORRECTION, "/claims/0/changes/0/corrected", RRN, "identifier.rrn_not_allowed"),
    (CORRECTION, "/claims/0/changes/0/corrected", CARD, "identifier.card_not_allowed"),
    (CORRECTION, "/claims/0/changes/0/corrected", 7, "field.type"),
    (CORRECTION, "/claims/0/changes/0", {**CHANGE, "current": CHANGE["corrected"]}, "correction.incomplete"),
    (CORRECTION, "/claims/0/changes/0", {**CHANGE, "field": "phone", "corrected": "123"}, "field.format"),
    (SUSPENSION, "/claims/0/ends_contract", MISSING, "field.required"),
    (SUSPENSION, "/claims/0/ends_contract", "yes", "field.type"),
    (SUSPENSION, "/claims/0/purposes", MISSING, "field.required"),
    (SUSPENSION, "/claims/0/purposes", ["espionage"], "field.value"),
    (SUSPENSION, "/claims/0/purposes", "delivery", "field.type"),
    (DELETION, "/claims/0/fields", [{"category": "report", "field": "shoe"}], "field.value"),
    (DELETION, "/claims/0/fields", [], "field.length"),
    (DELETION, "/claims/0/reason", "x" * 3_000, "field.length"),
    (DELETION, "/claims/0/reason", f"카드 {CARD}", "identifier.card_not_allowed"),
    (DELETION, "/claims/0/reason", "", "field.length"),
)


async def test_what_does_not_fit_is_refused_where_it_stands_and_leaves_nothing(house: House) -> None:
    before = await tables(house.desk)
    spoiled = [(FILING, *misfit) for misfit in MISFITS] + list(OTHER_MISFITS)
    surprises = []
    for base, pointer, value, code in spoiled:
        reply = await post(house, changed(pointer, value, base))
        status, at, found = refused(reply)
        if (status, found) != (422, code) or not (at.startswith(pointer) or pointer.startswith(at)):
            surprises.append((pointer, value, status, at, found))
        assert RRN not in reply.text and "홍길동" not in reply.text
    assert surprises == []
    after = await tables(house.desk)
    # Each refused call is in the access log, and nothing else is anywhere.
    assert after.pop("access_log") == before.pop("access_log") + len(spoiled)
    assert after == before


async def test_every_fault_is_named_at_once(house: House) -> None:
    body = changed("/subject", {"name": "ㅎㅗㅇ", "phone": "123", "email": "x"})
    pointers = [fault["pointer"] for fault in (await post(house, body)).json()["errors"]]
    assert pointers == ["/subject/name", "/subject/phone", "/subject/email"]


async def test_a_child_is_told_who_may_ask_and_the_day_of_turning_14_counts(house: House) -> None:
    now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    officer = Actor("officer", "i", "s")
    for born, allowed in (("2012-11-23", False), ("2012-11-22", True), ("2012-11-21", True)):
        filing = Filing(
            "web", {**GILDONG, "birth_date": born}, (Ask(Right.ACCESS, {"aspects": ["items"]}),), "sms", "ko"
        )
        with nullcontext() if allowed else pytest.raises(Invalid, match=r"guardian\.required"):
            intake.check(house.desk, filing, by=officer, now=now)
    child = changed("/subject/birth_date", (db.now() - timedelta(days=4_000)).date().isoformat())
    problem = (await post(house, child)).json()
    assert problem["code"] == "guardian.required" and "38" in problem["basis"] and "법정대리인" in problem["detail"]


async def test_what_must_be_accepted_is_and_in_normal_form(house: House) -> None:
    for name in ("O'Brien-José", "Nguyễn Văn A", "李小龍", "홍길동", "  홍길동 ", "홍길동"):
        assert (await post(house, changed("/subject/name", name))).status_code == 201, name
    for phone in ("010-1234-5678", "+82 10 1234 5678", "０１０１２３４５６７８", "02-123-4567"):
        assert (await post(house, changed("/subject/phone", phone))).status_code == 201, phone
    for text in ("<script>alert(1)</script>", "{{7*7}}", "' OR 1=1--", "=cmd|' /C calc'!A0"):
        filed = (await post(house, changed("/claims/0/reason", text, DELETION))).json()
        assert filed["adjusted"] == [], text
    phones = await one(house.desk, "SELECT count(DISTINCT digest) FROM contact")
    # One customer under one phone and one mail however it was written, and the office number: three digests.
    assert phones == 3


async def test_a_resident_number_in_free_words_is_masked_and_told(house: House) -> None:
    for written in (RRN, "900101 1234567", "９００１０１－１２３４５６７", "900101-5234567", "9001011234567"):
        reply = await post(house, changed("/claims/0/reason", f"제 번호는 {written} 입니다", DELETION))
        assert reply.status_code == 201, written
        assert reply.json()["adjusted"] == [{"pointer": "/claims/0/reason", "code": "identifier.masked"}]
        assert written not in reply.text
    note = {**ADDRESS, "changes": [{"category": "report", "field": "content", "corrected": f"아니고 {RRN}"}]}
    reply = await post(house, {**FILING, "claims": [note]})
    assert reply.json()["adjusted"] == [{"pointer": "/claims/0/changes/0/corrected", "code": "identifier.masked"}]


async def test_each_role_files_through_its_own_channels(house: House) -> None:
    every = ("web", "phone", "store", "visit", "post", "fax", "email", "processor")
    may = {
        "website": {"web"},
        "call_center": {"phone"},
        "clerk": {"store", "visit", "post", "fax", "email"},
        "officer": set(every),
        "system": {"processor"},
    }
    system = await house.system()
    for role, channels in may.items():
        for channel in every:
            sub = {"sub": system.id} if role == "system" else {}
            reply = await post(house, {**FILING, "channel": channel}, role, **sub)
            assert reply.status_code == (201 if channel in channels else 422), (role, channel)
    for role in ("approver", "auditor", "admin"):
        assert (await post(house, FILING, role)).status_code == 403


async def test_only_what_a_role_may_hear_is_told(house: House) -> None:
    shared = {"id", "receipt_no", "filed_at", "arrived_at", "claims", "next_steps", "adjusted", "anchor"}
    own = {
        "website": {"access_code", "requester_token"},
        "call_center": {"read_back"},
        "clerk": {"read_back"},
        "officer": set(),
    }
    for role, more in own.items():
        told = await house.file(role=role)
        assert set(told) == shared | more, role
    spoken = " ".join((await house.file(role="call_center"))["read_back"])
    assert "홍길동" not in spoken and "홍*동" in spoken and "1234-5678" not in spoken
    nobody = {**house.auth("call_center"), **key()}
    unnamed = await house.api.post("/v1/requests", json={**FILING, "channel": "phone"}, headers=nobody)
    assert refused(unnamed)[::2] == (403, "auth.forbidden")


async def test_the_receipt_number_can_be_spoken_and_catches_a_slip(house: House) -> None:
    seen = {(await house.file())["receipt_no"] for _ in range(20)}
    assert len(seen) == 20
    for number in seen:
        assert re.fullmatch(r"[0-9]{3}-[0-9]{4}-[0-9]{4}", number) and numbers.is_receipt_no(number)
        for place, digit in enumerate(number):
            if digit != "-":
                slip = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
                assert not numbers.is_receipt_no(slip)


async def test_arrival_is_said_by_those_who_took_it_in_and_never_lies_ahead(house: House) -> None:
    now = db.now()
    for days, seconds, status in ((0, -60, 201), (-59, 0, 201), (-61, 0, 422), (0, 60, 422)):
        at = (now + timedelta(days=days, seconds=seconds)).isoformat()
        reply = await post(house, {**FILING, "channel": "post", "arrived_at": at}, "clerk")
        assert reply.status_code == status, (days, seconds)
        if status == 422:
            assert refused(reply)[1:] == ("/arrived_at", "field.value")
        else:
            assert datetime.fromisoformat(reply.json()["arrived_at"]) == datetime.fromisoformat(at)
    call = {**FILING, "channel": "phone", "caller_number": "010-0000-9999", "recording_ref": "rec-7"}
    assert (await post(house, call, "call_center")).status_code == 201


CLOCKS = (
    # arrived in Seoul, due, steps after "arrived, not counted"
    ("2026-11-22T10:00:00+09:00", "2026-12-02", ["day 10"]),
    ("2026-11-22T23:59:59+09:00", "2026-12-02", ["day 10"]),
    ("2026-11-22T15:00:00+00:00", "2026-12-03", ["day 10"]),
    ("2026-11-25T10:00:00+09:00", "2026-12-07", ["day 10", "Saturday, moved on", "Sunday, moved on"]),
    ("2026-12-15T10:00:00+09:00", "2026-12-28", None),
    ("2026-12-22T10:00:00+09:00", "2027-01-04", None),
)


async def test_the_clock_is_exact_and_explained(house: House) -> None:
    officer = Actor("officer", "i", "s")
    for arrived, due, steps in CLOCKS:
        now = datetime.fromisoformat(arrived).astimezone(UTC)
        asks = (
            Ask(Right.ACCESS, {"aspects": ["items"], "categories": None}),
            Ask(Right.DELETION, {"categories": None}),
        )
        subject = {"email": None, "customer_no": None, **GILDONG, "birth_date": None, "address": None}
        filing = Filing("web", subject, asks, "sms", "ko")
        async with house.desk.database.transaction() as session:
            filed = await intake.file(session, filing, by=officer, now=now)
        for claim, basis in zip(filed.claims, ("영 41④", "영 43③"), strict=True):
            assert claim["due_on"] == date.fromisoformat(due), arrived
            first, tenth = claim["due_steps"][:2]
            assert first["step"] == "arrived, not counted" and first["basis"] == "민법 157"
            assert (tenth["step"], tenth["basis"]) == ("day 10", basis)
            assert claim["due_steps"][-1]["date"] == due
            if steps:
                assert [step["step"] for step in claim["due_steps"][1:]][: len(steps)] == steps


async def test_a_second_filing_of_the_same_is_linked_and_changes_nothing(house: House) -> None:
    first = await house.file()
    before = await rows(house.desk, "SELECT * FROM request WHERE id = :id", id=first["id"])
    second = await house.file()
    third = await house.file(subject=YOUNGHEE)
    assert set(second) == set(first) and second["receipt_no"] != first["receipt_no"]
    assert "duplicate" not in str(await house.look(second))
    assert (await house.look(second, "officer"))["duplicate_of"] == first["id"]
    assert (await house.look(third, "officer"))["duplicate_of"] is None
    assert await rows(house.desk, "SELECT * FROM request WHERE id = :id", id=first["id"]) == before


async def test_nothing_tells_whether_the_person_is_known(house: House) -> None:
    """Same status, keys, methods, rows in every table and jobs; also after the code was asked for."""
    seen = []
    for subject in (GILDONG, STRANGER):
        before = await tables(house.desk)
        reply = await post(house, changed("/subject", {**subject}))
        filed = reply.json()
        asked = await house.api.post(
            f"/v1/requests/{filed['id']}/verifications",
            json={"party": "subject", "method": "phone_code", "purpose": "identity"},
            headers={"Authorization": f"Bearer {filed['requester_token']}", **key()},
        )
        after = await tables(house.desk)
        view = await house.look(filed)
        shape = (
            reply.status_code,
            sorted(filed),
            sorted(reply.headers),
            filed["next_steps"],
            asked.status_code,
            sorted(asked.json()),
            view["claims"][0] | {"id": "", "due_steps": ""},
            view["actions"],
        )
        seen.append((shape, {name: after[name] - before[name] for name in after}))
    assert seen[0] == seen[1]
    assert seen[0][1]["procrastinate_jobs"] == 1 and seen[0][1]["request"] == 1


async def test_filings_from_one_address_are_limited_and_believed_of_the_right_callers_only(house: House) -> None:
    address = {"Requester-Address": "192.0.2.7"}
    most = house.desk.policy.settled.filings_per_minute
    statuses = []
    for _ in range(most + 1):
        reply = await house.api.post("/v1/requests", json=FILING, headers={**house.auth("website"), **address, **key()})
        statuses.append(reply.status_code)
    # A new minute may begin in between; never more than twice the limit pass, and here one is refused or none is.
    if 429 in statuses:
        assert statuses == [201] * most + [429]
        assert refused(reply)[2] == "rate.limited" and 1 <= int(reply.headers["retry-after"]) <= 60
        other = {"Requester-Address": "192.0.2.8"}
        again = await house.api.post("/v1/requests", json=FILING, headers={**house.auth("website"), **other, **key()})
        assert again.status_code == 201
        clerk = {**house.auth("officer"), **address, **key()}
        assert (await house.api.post("/v1/requests", json=FILING, headers=clerk)).status_code == 201
    else:
        windows = await one(house.desk, "SELECT count(*) FROM tally")
        assert windows == 2
