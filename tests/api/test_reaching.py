"""A message that does not arrive: the contact is lost, the next way is taken, at last a person; never in silence."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app import db
from app.law.deadline import seoul_date
from app.models import Request
from app.services import falling_due, outbox, telling, unheard
from tests.api.acts import actions, one, refused, rows
from tests.api.carriers import Gateway, Post, post_office, sms_service
from tests.api.others import answered, guarded
from tests.house import GILDONG, ONLINE_MALL, STRANGER, House, bearer

HOME = {"postal_code": "06236", "road_address": "서울특별시 강남구 가상로 12", "detail": "301호"}
ONLY_MAIL = {"name": "나그네", "email": "nobody@example.com"}
RESULTS = "SELECT channel, state FROM message WHERE kind IN ('result', 'nothing_held') ORDER BY id"


@pytest.fixture
def mail_server(environment: dict[str, str]) -> Iterator[Post]:
    yield from post_office(environment)


@pytest.fixture
def sms_gateway(environment: dict[str, str]) -> Iterator[Gateway]:
    yield from sms_service(environment)


async def told(house: House) -> list[tuple[str, str]]:
    """How the answer went, step by step."""
    return [(row.channel, row.state) for row in await rows(house.desk, RESULTS)]


async def review(house: House, filed: dict[str, Any]) -> list[str]:
    """What lies before an officer of this request."""
    return [item["kind"] for item in (await house.look(filed, "officer"))["review"]]


async def newest(house: House) -> str:
    """The name of the last answer to its carrier."""
    found = await one(
        house.desk, "SELECT id FROM message WHERE kind IN ('result', 'nothing_held') ORDER BY id DESC LIMIT 1"
    )
    return outbox.ref_of(found)


async def receipt(house: House, ref: str, result: str = "returned", **more: Any) -> Any:
    """A carrier's word."""
    caller = house.auth("system", str(db.new_id()))
    return await house.api.post("/v1/receipts", json={"ref": ref, "result": result, **more}, headers=caller)


async def by_hand(house: House, state: str = "by_hand", role: str = "officer") -> list[dict[str, Any]]:
    """What waits for people."""
    reply = await house.api.get(f"/v1/letters?state={state}", headers=house.auth(role))
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["items"]
    return found


async def test_a_mailbox_that_does_not_exist_is_lost_and_the_telephone_takes_over(
    mail_server: Post, house: House
) -> None:
    """A 5xx to the recipient: no second try there, the same word by SMS, nothing for an officer to do."""
    mail_server.refusal = "550 5.1.1 no such user"
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    await house.prove(filed)
    assert await told(house) == [("mail", "failed"), ("sms", "sent")]
    assert filed["receipt_no"] in house.sent("sms")[-1]["text"]
    assert await one(house.desk, "SELECT cause FROM lost_contact") == "smtp_550"
    assert await review(house, filed) == [] and (await house.look(filed))["claims"][0]["status"] == "closed"
    mail_server.refusal = ""
    async with house.desk.database.transaction() as session:
        request = await session.get_one(Request, filed["id"])
        message = await telling.tell(session, request, "frozen", purpose="procedure", now=db.now())
        assert message.channel == "sms"


async def test_a_busy_server_loses_nobody(mail_server: Post, house: House) -> None:
    """A 4xx comes again; the contact stays good."""
    mail_server.refusal = "451 come later"
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    await house.prove(filed)
    assert await told(house) == [("mail", "queued")]
    assert await one(house.desk, "SELECT count(*) FROM lost_contact") == 0


async def test_without_another_way_a_person_says_it_and_the_clock_knows(house: House) -> None:
    """A dead mailbox and nothing else: on the list, before an officer, and not answered until somebody has said it."""
    filed = await house.file(ONLINE_MALL, subject=ONLY_MAIL, notify_by="email")
    await house.prove(filed, "email_code")
    [letter] = await _bounced_to_paper(house, filed)
    assert (letter["way"], letter["instead"], letter["due_on"]) == (None, True, filed["claims"][0]["due_on"])
    assert await one(house.desk, "SELECT answered_at FROM claim") is None
    today = str(seoul_date(db.now()))
    path = f"/v1/letters/{letter['id']}/telling"
    for _ in range(2):
        done = await house.api.put(path, json={"told_on": today, "way": "visit"}, headers=house.auth("officer"))
        assert done.json() == {"id": letter["id"], "state": "sent", "followed_by": None}
    assert await one(house.desk, "SELECT answered_at FROM claim") is not None
    assert (await actions(house.desk, filed["id"]))["message.send"] == 2
    assert await by_hand(house) == [] and len(await by_hand(house, "sent")) == 1


async def _bounced_to_paper(house: House, filed: dict[str, Any]) -> list[dict[str, Any]]:
    """The answer went by mail and came back."""
    assert await told(house) == [("mail", "sent")]
    assert await one(house.desk, "SELECT answered_at FROM claim") is not None
    assert (await receipt(house, await newest(house), code="5.1.1")).json() == {"state": "returned"}
    assert await told(house) == [("mail", "returned"), ("paper", "by_hand")]
    assert await review(house, filed) == ["message.nothing_held_failed"]
    return await by_hand(house)


async def test_a_bounce_is_told_as_often_as_it_likes(house: House) -> None:
    """Once it counts; the other channel hears once."""
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    await house.prove(filed)
    ref = await newest(house)
    for spelt in (ref, f"<{ref}@rights.example.com>", ref):
        assert (await receipt(house, spelt, code="5.1.1")).json() == {"state": "returned"}
    await house.workshop.run()
    assert await told(house) == [("mail", "returned"), ("sms", "sent")]
    assert await one(house.desk, "SELECT count(*) FROM message_attempt WHERE outcome = 'returned 5.1.1'") == 1
    # Even one that comes after the other channel got through.
    assert (await receipt(house, ref)).json() == {"state": "returned"}
    assert (await receipt(house, ref, "delivered")).json() == {"state": "returned"}
    assert len(await told(house)) == 2


async def test_a_text_message_that_arrived_is_known_to_have(house: House) -> None:
    """A receipt of arrival, twice; a word of its loss afterwards is the stronger one."""
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="sms")
    await house.prove(filed)
    ref = house.sent("sms")[-1]["ref"]
    assert ref == await newest(house)
    for _ in range(2):
        assert (await receipt(house, ref, "delivered")).json() == {"state": "delivered"}
    assert await one(house.desk, "SELECT count(*) FROM message_attempt WHERE outcome = 'delivered'") == 1
    assert (await receipt(house, ref, code="unknown_number")).json() == {"state": "returned"}
    await house.workshop.run()
    assert await told(house) == [("sms", "returned"), ("mail", "sent")]


async def test_a_late_bounce_of_what_was_read_changes_nothing(house: House) -> None:
    """Whoever has opened the notice has been told."""
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    await house.prove(filed)
    await rows(house.desk, "UPDATE notice SET opened_at = now() RETURNING id")
    await receipt(house, await newest(house), code="5.2.2")
    assert await told(house) == [("mail", "returned")] and await review(house, filed) == []
    assert await one(house.desk, "SELECT answered_at FROM claim") is not None


async def test_what_took_too_long_goes_another_way_but_the_mailbox_stays_good(house: House) -> None:
    """4.4.7: given up by a server on the way; the address itself was not refused."""
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    await house.prove(filed)
    await receipt(house, await newest(house), code="4.4.7")
    await house.workshop.run()
    assert await told(house) == [("mail", "returned"), ("sms", "sent")]
    assert await one(house.desk, "SELECT count(*) FROM lost_contact") == 0


async def test_each_way_once_then_a_person(house: House) -> None:
    """Mail, then SMS, then paper; no ring."""
    filed = await house.file(ONLINE_MALL, subject={**STRANGER, "address": HOME}, notify_by="email")
    await house.prove(filed)
    for _ in range(2):
        await receipt(house, await newest(house), code="5.1.1")
        await house.workshop.run()
    assert await told(house) == [("mail", "returned"), ("sms", "returned"), ("paper", "by_hand")]
    [letter] = await by_hand(house)
    printed = await house.api.get(f"/v1/letters/{letter['id']}/document", headers=house.auth("officer"))
    assert printed.status_code == 200 and printed.content.startswith(b"%PDF-")
    # The letter comes back too: nothing is left but another try by hand.
    today = str(seoul_date(db.now()))
    officer = house.auth("officer")
    await house.api.put(f"/v1/letters/{letter['id']}/telling", json={"told_on": today, "way": "post"}, headers=officer)
    path, body = f"/v1/letters/{letter['id']}/return", {"returned_on": today, "cause": "moved"}
    for _ in range(2):
        back = await house.api.put(path, json=body, headers=officer)
        assert back.json() == {"id": letter["id"], "state": "returned", "followed_by": "paper"}
    assert len(await by_hand(house)) == 1 and len(await by_hand(house, "returned")) == 1
    assert await one(house.desk, "SELECT answered_at FROM claim") is None


async def test_a_letter_that_comes_back_is_followed_by_a_text_message(house: House) -> None:
    """Who chose the post and gave a number hears by it."""
    filed = await house.file(ONLINE_MALL, subject={**STRANGER, "address": HOME}, notify_by="post")
    await house.prove(filed)
    [letter] = await by_hand(house)
    assert (letter["way"], letter["instead"]) == ("post", False)
    assert await one(house.desk, "SELECT answered_at FROM claim") is None
    today, officer = str(seoul_date(db.now())), house.auth("officer")
    posting = f"/v1/notices/{letter['notice_id']}/posting"
    assert (await house.api.put(posting, json={"posted_on": today}, headers=officer)).status_code == 200
    assert await one(house.desk, "SELECT answered_at FROM claim") is not None
    path, body = f"/v1/letters/{letter['id']}/return", {"returned_on": today, "cause": "unclaimed"}
    assert (await house.api.put(path, json=body, headers=officer)).json()["followed_by"] == "mail"
    await house.workshop.run()
    assert await told(house) == [("paper", "returned"), ("mail", "sent")]
    # A posting said of a letter that came back is another letter's.
    assert refused(await house.api.put(posting, json={"posted_on": today}, headers=officer))[0] == 409


async def test_a_code_follows_nobody_to_another_contact(house: House) -> None:
    """It proves the contact that it was sent to, and no other (C2)."""
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    await house.prove(filed)
    ref = house.sent("sms")[0]["ref"]
    before = await one(house.desk, "SELECT count(*) FROM message")
    assert (await receipt(house, ref, code="5.1.1")).json() == {"state": "returned"}
    assert await one(house.desk, "SELECT count(*) FROM message") == before
    assert await review(house, filed) == ["message.code_failed"]


async def test_the_desks_own_mail_never_goes_to_the_person(house: House) -> None:
    """What was for an officer stays with officers when it comes back."""
    filed = await house.file({"right": "deletion", "categories": ["online_mall"]}, notify_by="sms")
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="partial", reason="보존")
    ref = outbox.ref_of(await one(house.desk, "SELECT id FROM message WHERE kind = 'approver_todo'"))
    texts = len(house.sent("sms"))
    await receipt(house, ref, code="5.1.1")
    await house.workshop.run()
    assert len(house.sent("sms")) == texts
    assert "message.approver_todo_failed" in await review(house, filed)


async def test_nobody_is_flooded_by_bounces_of_requests_in_their_name(house: House) -> None:
    """Filed with a mailbox that bounces and somebody else's number: one text a day, however often (A20)."""
    for n in range(3):
        subject = {"name": "나그네", "email": f"dead{n}@example.com", "phone": STRANGER["phone"]}
        filed = await house.file(ONLINE_MALL, subject=subject, notify_by="email")
        async with house.desk.database.transaction() as session:
            request = await session.get_one(Request, filed["id"])
            await telling.tell(session, request, "lapsed", purpose="procedure", now=db.now())
        await house.workshop.run()
        found = await one(house.desk, "SELECT id FROM message WHERE kind = 'lapsed' ORDER BY id DESC LIMIT 1")
        await receipt(house, outbox.ref_of(found), code="5.1.1")
        await house.workshop.run()
    assert len(house.sent("sms")) == 1


async def test_both_refuse_at_once(mail_server: Post, sms_gateway: Gateway, house: House) -> None:
    """Two carriers that refuse: a person, within the same minute."""
    mail_server.refusal = "550 5.1.1 no such user"
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    async with house.desk.database.transaction() as session:
        request = await session.get_one(Request, filed["id"])
        sms_gateway.status = 400
        await telling.tell(session, request, "result", purpose="result", now=db.now())
    await house.workshop.run()
    assert await told(house) == [("mail", "failed"), ("sms", "failed"), ("paper", "by_hand")]
    assert await review(house, filed) == ["message.result_failed"]


async def test_no_day_passes_unheard(house: House) -> None:
    """A letter that nobody posted: before the day an officer is told, once, and again only if it waits again."""
    filed = await house.file(ONLINE_MALL, subject={**STRANGER, "address": HOME}, notify_by="post")
    await house.prove(filed)
    internal = await one(house.desk, "SELECT internal_on FROM claim")
    days = (internal - seoul_date(db.now())).days
    eve, day = db.now() + timedelta(days=days - 1), db.now() + timedelta(days=days)
    async with house.desk.database.transaction() as session:
        assert await unheard.due(session, now=eve) == []
        [claim_id] = await unheard.due(session, now=day)
    for _ in range(2):
        async with house.desk.database.transaction() as session:
            await unheard.remind(session, claim_id, now=day)
    async with house.desk.database.transaction() as session:
        assert await unheard.due(session, now=day) == []
    await house.workshop.run()
    assert (await review(house, filed)).count("person.not_reached") == 1
    # And its statutory day goes on being one that nobody has answered, though the claim is closed.
    last = await one(house.desk, "SELECT due_on FROM claim")
    async with house.desk.database.transaction() as session:
        [clock] = await falling_due.passed(session, last)
    assert (str(clock.claim_id), clock.due_on) == (filed["claims"][0]["id"], last)
    [letter] = await by_hand(house)
    body = {"told_on": str(seoul_date(db.now())), "way": "post"}
    await house.api.put(f"/v1/letters/{letter['id']}/telling", json=body, headers=house.auth("officer"))
    async with house.desk.database.transaction() as session:
        assert await falling_due.passed(session, last) == []


async def test_a_guardians_word_follows_the_guardian(house: House) -> None:
    """By the mother's own number, under the mother's own key; the child's telephone hears nothing of it."""
    mall = await house.system()
    filed = await guarded(house, ONLINE_MALL, notify_by="email")
    await answered(house, mall, filed)
    texts = len(house.sent("sms"))
    await receipt(house, await newest(house), code="5.1.1")
    await house.workshop.run()
    assert [text["to"] for text in house.sent("sms")[texts:]] == ["+821000004002"]
    assert await one(house.desk, "SELECT party FROM message WHERE instead_of IS NOT NULL") == "requester"


async def test_two_carriers_at_once_are_one_bounce(house: House) -> None:
    """The same word from the pipe and from the call, in the same moment: the other channel hears once."""
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    await house.prove(filed)
    ref = await newest(house)
    replies = await asyncio.gather(*(receipt(house, ref, code="5.1.1") for _ in range(4)))
    assert [reply.json() for reply in replies] == [{"state": "returned"}] * 4
    await house.workshop.run()
    assert await told(house) == [("mail", "returned"), ("sms", "sent")]


async def test_the_timeline_tells_each_telling(house: House) -> None:
    """By what way, and that it came back; of codes and of the desk's own mail not a word."""
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    await house.prove(filed)
    await receipt(house, await newest(house), code="5.1.1")
    await house.workshop.run()
    line = await house.api.get(f"/v1/requests/{filed['id']}/timeline", headers=bearer(filed["requester_token"]))
    said = [item for item in line.json()["items"] if item["action"].startswith("message.")]
    assert [item["action"] for item in said] == ["message.send", "message.return", "message.send"]
    assert said[0]["text"]["ko"] == "전자우편으로 알려 드렸습니다."
    assert said[2]["text"] == {"ko": "문자메시지로 알려 드렸습니다.", "en": "You were told by text message."}
    assert "facts" not in said[0] and STRANGER["email"] not in line.text


@pytest.mark.parametrize("ref", ["x", "a" * 32, "A" * 32, "<@>", "0" * 32, "q" * 32])
async def test_what_is_none_of_ours_is_unknown(house: House, ref: str) -> None:
    """By our own name alone: an address is no name."""
    assert refused(await receipt(house, ref)) == (404, "", "message.not_found")
    assert refused(await receipt(house, GILDONG["email"])) == (404, "", "message.not_found")


@pytest.mark.parametrize("code", ["550", "010-1234-5678", "gildong@example.com", "5.1.1 gildong", ""])
async def test_a_code_cannot_carry_a_person(house: House, code: str) -> None:
    """An enhanced status, or a word of small letters."""
    assert (await receipt(house, "a" * 32, code=code)).status_code == 422


async def test_form_8_by_post_is_on_the_same_list(house: House) -> None:
    """Printed and posted from there like any other letter; there is nothing of it to read out."""
    filed = await house.file(ONLINE_MALL, subject={**STRANGER, "address": HOME}, role="call_center", notify_by="post")
    officer = house.auth("officer")
    assert (await house.api.put(f"/v1/requests/{filed['id']}/form/letter", headers=officer)).is_success
    [letter] = await by_hand(house)
    assert (letter["kind"], letter["notice_id"], letter["due_on"]) == ("request_form", None, None)
    printed = await house.api.get(f"/v1/letters/{letter['id']}/document", headers=officer)
    assert printed.content.startswith(b"%PDF-")
    read = await house.api.get(f"/v1/letters/{letter['id']}/script", headers=officer)
    assert refused(read) == (409, "", "state.conflict")
    body = {"told_on": str(seoul_date(db.now())), "way": "post"}
    told_ = await house.api.put(f"/v1/letters/{letter['id']}/telling", json=body, headers=officer)
    assert told_.json() == {"id": letter["id"], "state": "sent", "followed_by": None}
    assert await by_hand(house) == []
