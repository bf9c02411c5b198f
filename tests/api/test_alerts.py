"""Everybody on record hears that something was asked, and nothing of what it was; nobody else hears anything."""

import re
from typing import Any

import pytest

from app import numbers
from tests.api.acts import DELETION, DELIVERY, MARKETING, actions, one, review, rows
from tests.api.stops import CHILD_OF_TWO, SEOJIN, SHARES, STOP, alerts, codes
from tests.house import (
    ADDRESS,
    DELEGATE,
    GILDONG,
    MOTHER,
    ONLINE_MALL,
    STRANGER,
    House,
    key,
)

JIHO = {"name": "송지호", "phone": "010-0000-6201", "email": "jiho@example.com"}
MINOR = {"name": "강이든", "birth_date": "2011-06-15", "phone": "010-0000-5101"}
YURA = {
    "name": "한유라",
    "birth_date": "1986-03-03",
    "phone": "010-0000-4403",
    "email": "yura@example.com",
    "relationship": "parent",
}
WRONG_EMAIL = {
    "right": "correction",
    "changes": [{"category": "report", "field": "email", "current": None, "corrected": "new@example.com"}],
}


async def heard_as_guardian(house: House, requester: dict[str, Any], **more: Any) -> set[str]:
    """Who hears of a request that this guardian proves."""
    filed = await house.file_as_guardian(requester=requester, **more)
    assert (await house.prove(filed, party="requester")).status_code == 200
    return set(alerts(house))


async def test_each_of_the_persons_own_contacts_hears_but_for_the_one_that_proved(house: House) -> None:
    filed = await house.file(ONLINE_MALL, subject={"name": JIHO["name"], "phone": JIHO["phone"]})
    assert alerts(house) == {}
    await house.prove(filed)
    assert set(alerts(house)) == {"+821000006202", "jiho@example.com"}
    stops = [code for to in alerts(house) for code in codes(house, to)]
    assert len(set(stops)) == 2
    # Once a request, however often it is proved, and never to what has proved something in it.
    again = await house.file(DELETION, subject=JIHO)
    await house.prove(again)
    await house.prove(again, "email_code")
    told = {to: len(texts) for to, texts in alerts(house).items()}
    assert told == {"+821000006202": 2, "jiho@example.com": 2}
    assert (await actions(house.desk, again["id"]))["alert.tell"] == 1


async def test_what_is_told_says_nothing_of_whom_what_or_whether(house: House) -> None:
    texts = set()
    for claims in ((ONLINE_MALL,), (DELETION, MARKETING), (DELIVERY,), (ADDRESS,)):
        filed = await house.file(*claims, subject=JIHO, notify_by="email")
        await rows(house.desk, "UPDATE verification SET created_at = created_at - interval '2 hours' RETURNING id")
        await house.prove(filed)
        sent = alerts(house)
        texts |= {(to, STOP.sub("", text)) for to, all_ in sent.items() for text in all_}
        for text in (text for all_ in sent.values() for text in all_):
            for secret in (JIHO["name"], JIHO["phone"], JIHO["email"], filed["receipt_no"], filed["id"]):
                assert secret not in text
            for word in ("열람", "삭제", "정정", "정지 요구", "동의", "보유", "가지고"):
                assert word not in text, word
    # Word for word the same, whatever was asked.
    assert len(texts) == 2
    for message in house.sent("sms"):
        assert not re.search(r"https?:|www\.|\.com", message["text"])
    for message in house.sent("mail"):
        assert not STOP.search(message["subject"]) and JIHO["name"] not in message["subject"]


async def test_a_stop_code_is_kept_nowhere_but_as_a_keyed_hash(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    filed = await house.file(ONLINE_MALL, subject=JIHO)
    await house.prove(filed)
    stops = [code for to in alerts(house) for code in codes(house, to)]
    await house.api.post("/v1/freezes", json={"stop_code": stops[0]})
    names = [name for (name,) in await rows(house.desk, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    kept = " ".join([str(await rows(house.desk, f'SELECT t::text FROM "{name}" t')) for name in names])
    printed = "".join(capfd.readouterr())
    for code in stops:
        assert len(code.replace("-", "")) == 12 and set(code) <= set(numbers.CODE_ALPHABET + "-")
        assert code not in kept and code.replace("-", "") not in kept
        assert code.encode().hex() not in kept
        assert code not in printed
    sealed = "SELECT count(*) FROM message WHERE kind = 'alert' AND content_ct IS NOT NULL"
    assert await one(house.desk, sealed) == 0


async def test_a_contact_that_the_request_corrects_may_be_a_strangers_by_now(house: House) -> None:
    filed = await house.file(WRONG_EMAIL, subject=JIHO)
    await house.prove(filed)
    assert set(alerts(house)) == {"+821000006202"}
    filed = await house.file(WRONG_EMAIL, subject=GILDONG)
    await house.prove(filed)
    assert set(alerts(house)) == {"+821000006202"}


async def test_who_holds_a_contact_that_is_not_surely_their_own_wakes_the_person(house: House) -> None:
    filed = await house.file(ONLINE_MALL, subject=SHARES, notify_by="sms")
    before = await house.look(filed)
    await house.prove(filed)
    assert await review(house, filed) == ["identity.unusable_contact"]
    # Not the guardian's: a minor of fifteen asks alone.
    assert set(alerts(house)) == {"sion@example.com"}
    assert await house.look(filed) == before


async def test_a_contact_that_others_share_hears_nothing(house: House) -> None:
    for subject, method in (
        ({"name": "이철수", "phone": "010-0000-2001"}, "phone_code"),
        ({"name": "오하람", "email": "haram@example.com"}, "email_code"),
    ):
        filed = await house.file(ONLINE_MALL, subject=subject, notify_by="visit")
        await house.prove(filed, method)
        assert (await house.look(filed))["verified"]
    assert alerts(house) == {}


async def test_of_a_minor_who_asks_alone_no_guardian_hears(house: House) -> None:
    filed = await house.file(ONLINE_MALL, subject=MINOR)
    await house.prove(filed)
    assert set(alerts(house)) == {"eden@example.com"}
    assert "어른" in alerts(house)["eden@example.com"][0]


async def test_of_a_guardians_request_the_child_and_the_other_guardian_hear(house: House) -> None:
    assert await heard_as_guardian(house, SEOJIN, subject=CHILD_OF_TWO) == {
        "+821000004401",
        "+821000004403",
        "yura@example.com",
    }
    [child] = alerts(house)["+821000004401"]
    [other] = alerts(house)["+821000004403"]
    assert STOP.sub("", child) != STOP.sub("", other)


async def test_of_two_parents_who_both_ask_each_hears_of_the_other(house: House) -> None:
    assert await heard_as_guardian(house, YURA, subject=CHILD_OF_TWO) == {
        "+821000004401",
        "+821000004402",
        "seojin@example.com",
    }
    first = {to: len(texts) for to, texts in alerts(house).items()}
    await heard_as_guardian(house, {**SEOJIN, "name": " 윤 서진"}, subject=CHILD_OF_TWO)
    both = {to: len(texts) for to, texts in alerts(house).items()}
    assert both == {**first, "+821000004401": 2, "+821000004403": 1, "yura@example.com": 1}


async def test_a_guardian_on_record_alone_has_nobody_to_hear_but_the_child(house: House) -> None:
    assert await heard_as_guardian(house, MOTHER) == {"+821000004001"}


async def test_whom_the_register_says_to_tell_nothing_hears_nothing(house: House) -> None:
    garam = {**MOTHER, "name": "문가람", "phone": "010-0000-4203", "email": None}
    child = {"name": "서이든", "birth_date": "2018-03-03", "phone": "010-0000-4201"}
    assert await heard_as_guardian(house, garam, subject=child) == {"+821000004201"}


async def test_of_a_delegates_request_the_subjects_other_contacts_hear(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL, subject=JIHO)
    await house.prove(filed, party="requester")
    assert alerts(house) == {}
    await house.prove(filed, party="subject")
    assert set(alerts(house)) == {"+821000006202", "jiho@example.com"}
    assert "+821000005501" not in alerts(house) and DELEGATE["email"] not in alerts(house)


async def test_a_clerk_who_saw_documents_wakes_every_contact(house: House) -> None:
    filed = await house.file(ONLINE_MALL, subject=JIHO, role="clerk")
    body = {"party": "subject", "documents_seen": ["passport"]}
    path = f"/v1/requests/{filed['id']}/attestation"
    assert (await house.api.post(path, json=body, headers={**house.auth("clerk"), **key()})).status_code == 201
    await house.workshop.run()
    assert set(alerts(house)) == {"+821000006201", "+821000006202", "jiho@example.com"}


async def test_nobody_hears_where_nothing_is_held_or_nothing_was_proved(house: House) -> None:
    await house.file(ONLINE_MALL, subject=JIHO)
    for subject in (STRANGER, {**STRANGER, "name": JIHO["name"]}):
        filed = await house.file(ONLINE_MALL, subject=subject)
        await house.prove(filed)
    assert alerts(house) == {} and await one(house.desk, "SELECT count(*) FROM alert") == 0


def test_a_stop_code_is_read_however_it_was_typed() -> None:
    code = numbers.stop_code()
    plain = code.replace("-", "")
    for typed in (code, plain, code.upper(), f" {plain[:6]} {plain[6:]} ", ".".join(plain), "–".join(code.split("-"))):
        assert numbers.stop_written(typed) == code
    assert len({numbers.stop_code() for _ in range(1_000)}) == 1_000
    assert numbers.stop_written("") != code and numbers.stop_written(code[:-1]) != code
