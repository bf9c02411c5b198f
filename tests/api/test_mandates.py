"""The end of a mandate at any moment (B4): what is open lapses, the delegate is told nothing more, both sides hear."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app import db
from app.desk import Actor
from app.errors import Conflict
from app.law.decision import Verdict
from app.law.terms import Outcome
from app.services import adjudication, disclosure, mandates
from tests.api.acts import DELETION, DELIVERY, actions, ask, one, rows, statuses
from tests.api.acts import review as items_to_look_at
from tests.api.others import (
    HELPER_MAIL,
    MINE,
    answered,
    as_party,
    fetch,
    granted,
    held_by,
    mandated,
    notices,
    open_notice,
    revoke,
    timeline,
    told,
)
from tests.house import ONLINE_MALL, House

OFFICER, APPROVER = Actor("officer", "urn:test", "officer-1"), Actor("approver", "urn:test", "approver-1")
VERSION = "SELECT version FROM claim"
ENDED = "맡긴 것(위임)이 끝났습니다"


def told_of_the_end(house: House, to: str) -> int:
    """How often this mailbox heard that the mandate has ended."""
    return sum(ENDED in text for text in told(house, "mail", to))


async def test_the_subject_ends_a_mandate_before_any_decision(house: House) -> None:
    filed = await mandated(house, ONLINE_MALL, DELETION)
    before = await house.api.get(f"/v1/requests/{filed['id']}", headers=house.auth("officer"))
    as_subject = as_party(house, filed, "subject")
    ended = await revoke(house, filed, as_subject)
    assert ended.status_code == 200, ended.text
    assert [claim["status"] for claim in ended.json()["claims"]] == ["lapsed", "lapsed"]
    again = await revoke(house, filed, as_subject)
    assert again.json() == ended.json()
    assert (told_of_the_end(house, HELPER_MAIL), told_of_the_end(house, MINE["email"])) == (1, 1)
    # Both were told that; nobody is told on top that it "could not be verified".
    assert await rows(house.desk, "SELECT 1 FROM message WHERE kind LIKE 'lapsed%'") == []
    counted = await actions(house.desk, filed["id"])
    assert (counted["mandate.end"], counted["claim.lapse"]) == (1, 2)
    after = await house.api.get(f"/v1/requests/{filed['id']}", headers=house.auth("officer"))
    assert before.headers["etag"] != after.headers["etag"]
    assert after.json()["mandate"]["revoked_cause"] == "revoked"
    decided = await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert (decided.status_code, decided.json()["code"]) == (409, "claim.closed")
    said = await timeline(house, filed)
    assert said["mandate.end"] == "위임이 끝났습니다." and "자격이 끝나" in said["claim.lapse"]


async def test_a_mandate_revoked_between_decision_and_download_reveals_nothing(house: House) -> None:
    mall = await house.system()
    filed = await mandated(house, ONLINE_MALL, deliver_to="delegate")
    await answered(house, mall, filed)
    [notice] = await notices(house, filed)
    grant = await house.grant(filed, party="requester")
    ended = await revoke(house, filed, house.auth("call_center", agent="a17"))
    assert ended.status_code == 404, "a call center that did not file it"
    ended = await revoke(house, filed, house.auth("officer"))
    assert [claim["status"] for claim in ended.json()["claims"]] == ["closed"]
    for reply in (
        await fetch(house, filed, grant),
        await open_notice(house, filed, notice["id"], grant),
        await ask(house, filed, purpose="release", party="requester"),
    ):
        assert reply.status_code == 409 and reply.json()["code"] in ("mandate.revoked", "claim.not_verified")
        assert "홍길동" not in reply.text and "online_mall" not in reply.text
    assert (await fetch(house, filed, grant)).json()["code"] == "mandate.revoked"
    assert await one(house.desk, "SELECT count(*) FROM grant_use") == 0
    assert await notices(house, filed) == []
    [claim] = (await house.look(filed))["claims"]
    assert claim["decision"] == {"state": "effective", "outcome": "approve"}
    assert not claim["package"]["available"] and claim["available_from"] is None
    assert (await actions(house.desk, filed["id"]))["package.fetch"] == 0
    assert told_of_the_end(house, MINE["email"]) == told_of_the_end(house, HELPER_MAIL) == 1
    # What the delegate lost is the subject's now, with an access code to it.
    [sms] = [text for text in told(house, "sms", MINE["phone"]) if "조회번호" in text]
    code = {"receipt_no": filed["receipt_no"], "access_code": sms.split("조회번호 ")[1].split(" ")[0]}
    mine = filed | {"requester_token": (await house.api.post("/v1/tracking", json=code)).json()["access_token"]}
    assert (await fetch(house, mine, grant)).json()["code"] == "grant.invalid", (
        "nor does the delegate's own grant serve"
    )
    own = await house.grant(mine)
    assert (await fetch(house, mine, own)).status_code == 200
    assert (await open_notice(house, mine, notice["id"], own)).status_code == 200


async def test_what_a_holder_may_be_destroying_goes_on_and_is_told_to_the_subject(house: House) -> None:
    mall = await house.system()
    filed = await mandated(house, DELETION, DELIVERY, deliver_to="delegate")
    await granted(house, filed, outcome="partial", reason="법령에 따라 거래 기록을 보존합니다.")
    [task] = [one for one in await mall.tasks() if one["action"] == "delete"]
    await mall.fetch(task["id"])
    ended = await revoke(house, filed, as_party(house, filed, "requester"))
    assert [claim["status"] for claim in ended.json()["claims"]] == ["approved", "lapsed"]
    before = len(told(house, "mail", HELPER_MAIL))
    assert (await mall.report(task["id"], kept=[])).status_code == 200
    await house.workshop.run()
    mine = held_by(house, filed, "subject")
    assert await statuses(house, mine) == ["closed", "lapsed"]
    assert "답변(통지서)이 준비되었습니다" in told(house, "mail", MINE["email"])[-1]
    assert len(told(house, "mail", HELPER_MAIL)) == before
    [notice] = await notices(house, mine)
    page = (await open_notice(house, mine, notice["id"], await house.grant(mine))).text
    assert "홍길동 귀하" in page and "도우미" not in page


async def test_who_may_say_what_of_the_end_of_a_mandate(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL)
    await house.prove(filed, party="requester")
    own = await house.file(ONLINE_MALL)
    delegate, subject, officer = (
        as_party(house, filed, "requester"),
        as_party(house, filed, "subject"),
        house.auth("officer"),
    )
    for headers, cause in (
        (delegate, "revoked"),
        (delegate, "death"),
        (subject, "renounced"),
        (subject, "death"),
    ):
        reply = await revoke(house, filed, headers, cause=cause)
        assert (reply.status_code, reply.json()["code"]) == (422, "field.inconsistent")
    assert (await revoke(house, filed, house.auth("website"))).status_code == 403
    assert (await revoke(house, filed, house.auth("clerk"))).status_code == 404
    assert (await revoke(house, filed, as_party(house, own, "subject"))).status_code == 404
    reply = await revoke(house, own, officer)
    assert (reply.status_code, reply.json()["code"]) == (409, "state.conflict")
    assert (await revoke(house, filed, officer, reason="x")).json()["code"] == "field.unknown"
    noted = await revoke(house, filed, officer, cause="death")
    assert noted.status_code == 200
    # A death is told to nobody at the contact of the dead; and of who was never reached nobody is woken either.
    assert told_of_the_end(house, MINE["email"]) == 0 and told_of_the_end(house, HELPER_MAIL) == 0
    assert sum("민법 제127조" in text for text in told(house, "mail", HELPER_MAIL)) == 1
    assert (await revoke(house, filed, delegate)).json()["revoked_at"] == noted.json()["revoked_at"]
    assert (await house.look(filed))["mandate"]["revoked_cause"] == "death"


async def test_a_mandate_nobody_confirmed_ends_without_waking_a_stranger(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL)
    before = len(house.sent("mail")) + len(house.sent("sms"))
    ended = await revoke(house, filed, as_party(house, filed, "requester"))
    assert [claim["status"] for claim in ended.json()["claims"]] == ["lapsed"]
    assert len(house.sent("mail")) + len(house.sent("sms")) == before


async def test_each_side_hears_by_the_wire_they_named(house: House) -> None:
    by_mail = {"name": "도우미", "email": HELPER_MAIL}
    filed = await house.file_as_delegate(ONLINE_MALL, requester=by_mail, notify_by="sms")
    await house.prove(filed, "email_code", party="requester")
    await revoke(house, filed, as_party(house, filed, "requester"))
    assert told_of_the_end(house, HELPER_MAIL) == 1, "the result was wished by text, to the subject; this is not it"


async def test_a_mandate_that_ran_out_ends_by_the_sweep_and_decides_nothing(house: House) -> None:
    filed = await mandated(house, ONLINE_MALL)
    claim, later = UUID(filed["claims"][0]["id"]), db.now() + timedelta(days=200)
    grant, version = adjudication.Opinion(Verdict(Outcome.APPROVE), None), await one(house.desk, VERSION)
    with pytest.raises(Conflict, match=r"mandate\.expired"):
        async with house.desk.database.transaction() as session:
            await adjudication.decide(session, claim, grant, version=version, by=OFFICER, now=later)
    # The worker's own minute may have come already.
    await rows(house.desk, "UPDATE requester SET checked_on = NULL RETURNING 1")
    assert await judged(house, db.now()) == [UUID(filed["id"])]
    assert await judged(house, db.now()) == [], "once a day"
    assert await statuses(house, filed) == ["verified"]
    assert await judged(house, later) == [UUID(filed["id"])]
    assert await judged(house, later) == []
    assert await statuses(house, filed) == ["lapsed"]
    assert (await house.look(filed))["mandate"]["revoked_cause"] == "expired"
    heard = await rows(house.desk, "SELECT party FROM message WHERE kind = 'mandate_ended' ORDER BY party")
    assert [party for (party,) in heard] == ["requester", "subject"]


async def test_an_answer_to_a_mandate_that_ran_out_is_the_subjects(house: House) -> None:
    mall = await house.system()
    filed = await mandated(house, ONLINE_MALL, deliver_to="delegate")
    await answered(house, mall, filed)
    grant = await house.grant(filed, party="requester")
    await rows(house.desk, "UPDATE mandate SET expires_on = signed_on - 1 RETURNING 1")
    assert (await fetch(house, filed, grant)).json()["code"] == "mandate.expired"
    await judged(house, db.now())
    # Its answer was given long ago: that it ran out is no news.
    assert told_of_the_end(house, HELPER_MAIL) == 0
    assert (await fetch(house, filed, grant)).json()["code"] == "mandate.expired"
    mine = held_by(house, filed, "subject")
    assert (await fetch(house, mine, await house.grant(mine))).status_code == 200


async def waits(doing: asyncio.Task[httpx.Response]) -> bool:
    """Whether this is still held up by what another transaction has not finished."""
    await asyncio.sleep(0.5)
    return not doing.done()


async def test_whatever_comes_after_a_revocation_finds_it_done(house: House) -> None:
    mall = await house.system()
    filed = await mandated(house, ONLINE_MALL, DELIVERY, deliver_to="delegate")
    await answered(house, mall, filed)
    grant, proposed = await house.grant(filed, party="requester"), filed["claims"][1]["id"]
    assert (await house.decide(proposed, outcome="approve")).is_success
    subject = Actor("requester", house.desk.issuer.name, filed["id"], party="subject")
    async with house.desk.database.transaction() as session:
        await mandates.revoke(session, UUID(filed["id"]), None, by=subject, now=db.now())
        opening = asyncio.create_task(fetch(house, filed, grant))
        approving = asyncio.create_task(house.approve(proposed, agree=True))
        assert await waits(opening) and await waits(approving)
    assert (await opening).json()["code"] == "mandate.revoked"
    assert (await approving).status_code in (409, 412)
    assert await one(house.desk, "SELECT count(*) FROM grant_use") == 0


async def test_a_revocation_undoes_what_came_before_it(house: House) -> None:
    await house.system()
    filed = await mandated(house, DELIVERY)
    claim = UUID(filed["claims"][0]["id"])
    assert (await house.decide(str(claim), outcome="approve")).is_success
    async with house.desk.database.transaction() as session:
        version = await one(house.desk, VERSION)
        await adjudication.approve(session, claim, agree=True, note=None, version=version, by=APPROVER, now=db.now())
        ending = asyncio.create_task(revoke(house, filed, as_party(house, filed, "subject")))
        assert await waits(ending)
    assert (await ending).json()["claims"][0]["status"] == "lapsed"
    assert await one(house.desk, "SELECT count(*) FROM task WHERE status = 'pending'") == 0
    assert await one(house.desk, "SELECT count(*) FROM hold WHERE lifted_at IS NULL") == 0
    assert await one(house.desk, "SELECT count(*) FROM notice") == 0


async def test_a_message_to_whose_data_is_destroyed_goes_nowhere_quietly(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL)
    await house.prove(filed, party="requester")
    claim, before = UUID(filed["claims"][0]["id"]), len(house.sent("mail"))
    async with house.desk.database.transaction() as session:
        await disclosure.confirm_withdrawal(session, claim, now=db.now())
    await rows(house.desk, "UPDATE requester SET key = NULL, details_ct = NULL, destroyed_at = now() RETURNING 1")
    async with house.desk.database.transaction() as session:
        await disclosure.confirm_withdrawal(session, claim, now=db.now())
    await house.workshop.run()
    assert len(house.sent("mail")) == before
    states = await rows(house.desk, "SELECT state, content_ct FROM message WHERE kind = 'withdrawn'")
    assert [tuple(state) for state in states] == [("failed", None)], "what was said is not said again"
    assert not any("failed" in kind for kind in await items_to_look_at(house, filed))


async def judged(house: House, now: Any) -> list[UUID]:
    """Let the sweep of this moment judge what it finds."""
    async with house.desk.database.transaction() as session:
        found = await mandates.doubtful(session, now=now)
    for request_id in found:
        async with house.desk.database.transaction() as session:
            await mandates.judge(session, request_id, now=now)
    await house.workshop.run()
    return found
