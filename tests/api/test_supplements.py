"""Calling for what is missing (B6): all of it in one message, one reminder, and the clock goes on."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from app import db
from app.law.deadline import seoul_date
from app.services import supplements, watch
from tests.api.acts import actions, one, refused, rows, statuses
from tests.api.others import as_party
from tests.api.papers import CERTIFICATES, accept, hand_in, review
from tests.api.sendings import send
from tests.house import ADDRESS, DELEGATE, FATHER, ONLINE_MALL, STRANGER, House, bearer, key


async def call(
    house: House, filed: dict[str, Any], *missing: str, message: str | None = None, **more: Any
) -> httpx.Response:
    """An officer calls for these, and the worker does what follows."""
    body = {"missing": list(missing), "message": message, **more}
    reply = await house.api.post(
        f"/v1/requests/{filed['id']}/supplements", json=body, headers={**house.auth("officer"), **key()}
    )
    await house.workshop.run()
    return reply


async def listed(house: House, filed: dict[str, Any], headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
    reply = await house.api.get(
        f"/v1/requests/{filed['id']}/supplements", headers=headers or bearer(filed["requester_token"])
    )
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["items"]
    return found


async def told(house: House, kind: str) -> list[str]:
    """The messages of a kind, by their words."""
    sent = await one(house.desk, "SELECT count(*) FROM message WHERE kind = :kind", kind=kind)
    word = {"supplement": "서류가", "reminder": "아직"}[kind]
    found = [each["text"] for each in house.sent("mail") + house.sent("sms") if word in each["text"]]
    return found[-sent:] if sent else []


async def due(house: House, days: int) -> None:
    """Let our own day be so many days from today, and what was told have been told days ago."""
    day = seoul_date(db.now()) + timedelta(days=days)
    await rows(house.desk, "UPDATE claim SET internal_on = :day, due_on = :day RETURNING id", day=day)
    past = "UPDATE supplement SET due_on = :day, told_at = told_at - interval '2 days' RETURNING id"
    await rows(house.desk, past, day=day)
    await rows(house.desk, "UPDATE request SET filed_at = filed_at - interval '9 days' RETURNING id")


async def day_comes(house: House) -> list[str]:
    """What the watch finds to remind of."""
    async with house.desk.database.transaction() as session:
        found = await supplements.to_remind(session, now=db.now())
    for request_id in found:
        async with house.desk.database.transaction() as session:
            await supplements.remind(session, request_id, now=db.now())
    await house.workshop.run()
    return [str(each) for each in found]


async def test_an_officer_calls_for_papers_and_the_clock_goes_on(house: House) -> None:
    filed = await house.file(ONLINE_MALL, ADDRESS)
    before = (await house.look(filed))["claims"]
    reply = await call(
        house, filed, "identity_document", "correction_proof", message="주소를 확인할 수 있는 서류를 부탁드립니다."
    )
    assert reply.status_code == 201, reply.text
    made = reply.json()
    assert made["missing"] == ["identity_document", "correction_proof"] and made["closed"] is False
    assert await statuses(house, filed) == ["awaiting_evidence"] * 2
    after = (await house.look(filed))["claims"]
    assert [one_["due_on"] for one_ in after] == [one_["due_on"] for one_ in before]
    assert made["due_on"] == str(await one(house.desk, "SELECT min(internal_on) FROM claim"))
    [message] = await told(house, "supplement")
    assert "신분증" in message and "정정" in message and filed["receipt_no"] in message
    assert "부탁드립니다" not in message
    assert await listed(house, filed) == [made]
    noted = await actions(house.desk, filed["id"])
    assert (noted["supplement.ask"], noted["claim.ask_for_evidence"]) == (1, 2)
    held = str(await rows(house.desk, "SELECT * FROM supplement"))
    assert "부탁드립니다" not in held


async def test_a_claim_waits_until_what_was_called_for_is_accepted(house: House) -> None:
    filed = await house.file()
    await call(house, filed, "identity_document")
    await house.prove(filed)
    assert await statuses(house, filed) == ["awaiting_evidence"]
    paper = await hand_in(house, filed, "identity_document", party="subject")
    assert await statuses(house, filed) == ["awaiting_evidence"]
    assert (await review(house, paper)).status_code == 200
    assert "awaiting_evidence" not in await statuses(house, filed) and "received" not in await statuses(house, filed)
    assert [one_["closed"] for one_ in await listed(house, filed)] == [True]


async def test_a_correction_is_looked_at_while_it_waits_for_its_paper(house: House) -> None:
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified"]
    assert (await call(house, filed, "correction_proof")).status_code == 201
    assert await statuses(house, filed) == ["verified"] and len(await told(house, "supplement")) == 1


async def test_what_cannot_be_called_for(house: House) -> None:
    await house.system()
    filed = await house.file()
    assert refused(await call(house, filed, "diary")) == (422, "/missing/0", "field.value")
    assert refused(await call(house, filed, "correction_proof", "diary")) == (422, "/missing/1", "field.value")
    assert refused(await call(house, filed)) == (422, "/missing", "field.length")
    assert refused(await call(house, filed, "correction_proof", extra=1)) == (422, "/extra", "field.unknown")
    unknown = {"id": str(db.new_id())}
    assert refused(await call(house, unknown, "correction_proof")) == (404, "", "request.not_found")
    for role in ("approver", "requester", "clerk", "call_center", "website"):
        auth = bearer(filed["requester_token"]) if role == "requester" else house.auth(role)
        reply = await house.api.post(
            f"/v1/requests/{filed['id']}/supplements", json={"missing": ["correction_proof"]}, headers={**auth, **key()}
        )
        assert refused(reply) == (403, "", "auth.forbidden"), role
    await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
    assert refused(await call(house, filed, "correction_proof")) == (409, "", "request.frozen")
    await rows(house.desk, "UPDATE request SET frozen_at = NULL RETURNING id")
    await house.prove(filed)
    assert refused(await call(house, filed, "correction_proof"))[::2] == (409, "state.conflict")
    gone = await house.file(subject=STRANGER)
    await house.prove(gone)
    assert refused(await call(house, gone, "correction_proof")) == (409, "", "claim.closed")


async def test_the_same_key_calls_once(house: House) -> None:
    filed = await house.file()
    body, headers = {"missing": ["identity_document"]}, {**house.auth("officer"), "Idempotency-Key": "a-key"}
    path = f"/v1/requests/{filed['id']}/supplements"
    replies = [await house.api.post(path, json=body, headers=headers) for _ in range(2)]
    assert replies[0].content == replies[1].content and await one(house.desk, "SELECT count(*) FROM supplement") == 1


async def test_the_machine_calls_once_somebody_is_there_to_be_told(house: House) -> None:
    filed = await house.file_as_guardian(requester=FATHER)
    await house.workshop.run()
    assert await told(house, "supplement") == [] and await listed(house, filed) == []
    await house.prove(filed, party="requester")
    [message] = await told(house, "supplement")
    for kind in (*CERTIFICATES, "identity_document"):
        assert house.desk.policy.documents[kind].label.ko in message
    [made] = await listed(house, filed)
    assert made["missing"] == [*CERTIFICATES, "identity_document"] and made["message"] is None
    # However often something happens: it was said.
    await house.prove(filed, "email_code", party="requester")
    await hand_in(house, filed, "basic_certificate")
    await sweep(house)
    assert len(await told(house, "supplement")) == 1


async def sweep(house: House) -> None:
    async with house.desk.database.transaction() as session:
        found = await watch.overlooked(session, now=db.now())
        assert [args for name, args in found if name == "ask_supplement"] == []


async def test_a_call_whose_job_is_gone_is_found_again(house: House) -> None:
    filed = await house.file_as_guardian(requester=FATHER)
    await rows(house.desk, "UPDATE requester SET proved = 'reached' RETURNING request_id")
    await rows(house.desk, "DELETE FROM procrastinate_jobs RETURNING id")
    async with house.desk.database.transaction() as session:
        jobs = [args for name, args in await watch.overlooked(session, now=db.now()) if name == "ask_supplement"]
    assert jobs == [{"claim_id": filed["claims"][0]["id"]}]
    async with house.desk.database.transaction() as session:
        await supplements.send(session, UUID(jobs[0]["claim_id"]), now=db.now())
    await house.workshop.run()
    assert len(await told(house, "supplement")) == 1
    await sweep(house)


async def test_what_lies_there_already_is_not_called_for(house: House) -> None:
    filed = await house.file_as_delegate()
    await send(house, filed, kind="power_of_attorney", party="requester")
    await house.prove(filed, party="requester")
    assert await told(house, "supplement") == []


async def test_a_refused_paper_that_is_needed_is_called_for_again(house: House) -> None:
    filed = await house.file_as_delegate()
    await house.prove(filed, party="requester")
    assert len(await told(house, "supplement")) == 1
    paper = await hand_in(house, filed, "power_of_attorney")
    assert (await review(house, paper, "refused")).status_code == 200
    last = (await told(house, "supplement"))[-1]
    assert "위임장" in last and await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'supplement'") == 2
    # What nobody asked for is refused without a word.
    extra = await hand_in(house, filed, "correction_proof")
    await review(house, extra, "refused")
    assert await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'supplement'") == 2


async def test_the_call_goes_to_who_asks_and_lies_under_their_key(house: House) -> None:
    filed = await house.file_as_delegate()
    await house.prove(filed, party="requester")
    [row] = await rows(house.desk, "SELECT party, content_ct FROM message WHERE kind = 'supplement'")
    assert row.party == "requester"
    assert house.sent("mail")[-1]["to"] == DELEGATE["email"] or house.sent("sms")[-1]["to"] == "+821000005501"
    await call(house, filed, "power_of_attorney", message="서명이 보이게 다시 부탁드립니다.")
    words = [one_["message"] for one_ in await listed(house, filed, as_party(house, filed, "requester"))]
    assert words == [None, "서명이 보이게 다시 부탁드립니다."]
    assert await listed(house, filed, as_party(house, filed, "subject")) == []
    assert [one_["message"] for one_ in await listed(house, filed, house.auth("approver"))] == words


async def test_one_reminder_before_our_own_day(house: House) -> None:
    filed = await house.file_as_delegate()
    await house.prove(filed, party="requester")
    await due(house, 9)
    assert await day_comes(house) == []
    await due(house, 1)
    assert await day_comes(house) == [filed["id"]]
    [message] = await told(house, "reminder")
    assert "위임장" in message
    assert await day_comes(house) == [] and len(await told(house, "reminder")) == 1


async def test_no_reminder_on_the_day_of_the_call_nor_for_what_came(house: House) -> None:
    fresh = await house.file_as_delegate()
    await house.prove(fresh, party="requester")
    day = seoul_date(db.now()) + timedelta(days=1)
    await rows(house.desk, "UPDATE supplement SET due_on = :day RETURNING id", day=day)
    assert await day_comes(house) == []
    await hand_in(house, fresh, "power_of_attorney")
    await due(house, 1)
    assert await day_comes(house) == [fresh["id"]]
    assert await told(house, "reminder") == []


async def test_no_reminder_once_it_is_over_or_frozen(house: House) -> None:
    filed = await house.file_as_delegate()
    await house.prove(filed, party="requester")
    await due(house, 1)
    await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
    assert await day_comes(house) == []
    await rows(house.desk, "UPDATE request SET frozen_at = NULL RETURNING id")
    await house.api.post(f"/v1/requests/{filed['id']}/withdrawal", json={}, headers=bearer(filed["requester_token"]))
    await day_comes(house)
    assert await told(house, "reminder") == []


async def test_on_our_own_day_without_papers_the_claim_lapses(house: House) -> None:
    filed = await house.file_as_guardian(requester=FATHER)
    await house.prove(filed, party="requester")
    await due(house, 0)
    async with house.desk.database.transaction() as session:
        [claim_id] = await watch.lapsing(session, now=db.now())
        await watch.lapse(session, claim_id, now=db.now())
    await house.workshop.run()
    assert await statuses(house, filed) == ["lapsed"]
    assert await one(house.desk, "SELECT closed_at IS NOT NULL FROM claim")


async def test_calling_and_accepting_at_once(house: House) -> None:
    """Whichever comes first: a claim never waits for a paper that was accepted after it was called for."""
    for n in range(3):
        filed = await house.file_as_delegate(subject={**STRANGER, "phone": f"010-0000-98{n:02d}"})
        await house.prove(filed, party="requester")
        paper = await hand_in(house, filed, "power_of_attorney")
        both = await asyncio.gather(call(house, filed, "power_of_attorney"), review(house, paper))
        assert [reply.status_code for reply in both] in ([201, 200], [201, 409]), [reply.text for reply in both]
        open_ = await one(
            house.desk,
            "SELECT count(*) FROM supplement"
            " WHERE request_id = :id AND closed_at IS NULL AND by_id NOT LIKE '%machine'",
            id=filed["id"],
        )
        waits = "awaiting_evidence" in await statuses(house, filed)
        assert waits == bool(open_)


async def test_an_english_request_is_called_in_english(house: House) -> None:
    filed = await house.file_as_delegate(language="en")
    await house.prove(filed, party="requester")
    assert any("Power of attorney" in each["text"] for each in house.sent("mail") + house.sent("sms"))


async def test_accepting_everything_at_once_ends_every_call(house: House) -> None:
    filed = await house.file_as_guardian(requester=FATHER)
    await house.prove(filed, party="requester")
    await accept(house, filed, *CERTIFICATES, "identity_document")
    assert [one_["closed"] for one_ in await listed(house, filed)] == [True]
    assert await statuses(house, filed) == ["verified"]


async def test_nobody_loses_a_claim_because_we_were_slow_to_read(house: House) -> None:
    filed = await house.file_as_delegate()
    await house.prove(filed, party="requester")
    paper = await hand_in(house, filed, "power_of_attorney")
    await due(house, 0)
    async with house.desk.database.transaction() as session:
        assert await watch.lapsing(session, now=db.now()) == []
        [claim_id] = await watch.unsettled(session, now=db.now())
    async with house.desk.database.transaction() as session:
        await watch.lapse(session, claim_id, now=db.now())
        await watch.remind(session, claim_id, now=db.now())
    await house.workshop.run()
    assert await statuses(house, filed) == ["awaiting_evidence"]
    assert "claim.falls_due" in [one_["kind"] for one_ in (await house.look(filed, "officer"))["review"]]
    # Once it was read and could not be taken, the day has come after all.
    await review(house, paper, "refused")
    async with house.desk.database.transaction() as session:
        assert await watch.lapsing(session, now=db.now()) == [claim_id]
        await watch.lapse(session, claim_id, now=db.now())
    assert await statuses(house, filed) == ["lapsed"]
