"""What each party sees of a request asked for somebody else: the answer goes to one of them, names to none."""

import json
from typing import Any

import pytest

from tests.api.acts import actions, ask, one, rows
from tests.api.others import (
    HELPER_MAIL,
    MINE,
    answered,
    as_party,
    fetch,
    guarded,
    held_by,
    mandated,
    notices,
    open_notice,
    timeline,
    told,
)
from tests.api.papers import CERTIFICATES, hand_in, review
from tests.api.stops import codes, stop
from tests.house import (
    CHILD,
    DELEGATE,
    FATHER,
    GILDONG,
    MOTHER,
    NOBODYS_MOTHER,
    ONLINE_MALL,
    House,
    bearer,
    key,
)

CODE_AND_NUMBER = ("receipt_no", "access_code")


def steps(view: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """What is to be done, by whom, with what."""
    return [
        (one["step"], one["party"], one.get("methods") or [paper["kind"] for paper in one["documents"]])
        for one in view["next_steps"]
    ]


def names_nobody(*pages: object) -> bool:
    """Whether no name, contact or birth date of anybody stands in what was answered."""
    typed = (GILDONG, DELEGATE, CHILD, MOTHER, FATHER)
    written = json.dumps(pages, ensure_ascii=False)
    values = {str(one[name]) for one in typed for name in ("name", "phone", "email", "birth_date") if one.get(name)}
    return not any(value in written for value in values | {value.replace("010-", "+8210") for value in values})


@pytest.mark.parametrize(("deliver_to", "hears", "other"), [
    ("subject", "subject", "requester"), ("delegate", "requester", "subject"),
])  # fmt: skip
async def test_one_party_gets_the_answer_and_the_other_only_hears_that_there_is_one(
    house: House, deliver_to: str, hears: str, other: str
) -> None:
    mall = await house.system()
    filed = await mandated(house, ONLINE_MALL, deliver_to=deliver_to)
    theirs, others = held_by(house, filed, hears), held_by(house, filed, other)
    [claim] = (await house.look(others))["claims"]
    assert claim["decision"] is None
    await answered(house, mall, filed)
    view, outside = await house.look(theirs), await house.look(others)
    assert names_nobody(view, outside, await timeline(house, theirs), await timeline(house, others))
    assert (view["party"], outside["party"]) == (hears, other)
    [claim], [seen] = view["claims"], outside["claims"]
    assert claim["decision"]["items"] and claim["package"]["available"] and claim["holders"]["told"] == 1
    assert seen["decision"] == {"state": "effective", "outcome": "approve"}
    assert seen["package"] == {"available": False, "expires_at": None} and seen["available_from"] is None
    assert seen["holders"] == {"told": 0, "done": 0, "open": 0}
    assert ("fetch" in view["actions"], "fetch" in outside["actions"]) == (True, False)
    assert steps(view) == [("fetch", hears, ["phone_code"])] and steps(outside) == []
    assert len(await notices(house, theirs)) == 1 and await notices(house, others) == []
    assert "claim.approve" in await timeline(house, theirs)
    assert "claim.approve" not in await timeline(house, others)
    # Papers are the business of who hands them in.
    assert "evidence.upload" in await timeline(house, held_by(house, filed, "requester"))
    assert "evidence.upload" not in await timeline(house, held_by(house, filed, "subject"))
    # The message goes where the answer goes, the procedure to the delegate.
    ready = "답변(통지서)이 준비되었습니다"
    heard = {
        "subject": any(ready in text for text in told(house, "mail", MINE["email"])),
        "requester": any(ready in text for text in told(house, "mail", HELPER_MAIL)),
    }
    assert heard == {hears: True, other: False}


async def test_a_grant_opens_for_its_own_party_alone(house: House) -> None:
    mall = await house.system()
    filed = await mandated(house, ONLINE_MALL)
    await answered(house, mall, filed)
    delegate, subject = held_by(house, filed, "requester"), held_by(house, filed, "subject")
    for caller, party in ((delegate, "requester"), (delegate, "subject"), (subject, "requester")):
        refused = await ask(house, caller, purpose="release", party=party)
        assert refused.status_code in (409, 422), (party, refused.text)
    [notice] = await notices(house, subject)
    grant = await house.grant(subject)
    for reply in (await open_notice(house, delegate, notice["id"], grant), await fetch(house, delegate, grant)):
        assert (reply.status_code, reply.json()["code"]) == (403, "grant.invalid")
    assert (await open_notice(house, subject, notice["id"], grant)).status_code == 200
    assert (await fetch(house, subject, grant)).status_code == 200
    counted = await actions(house.desk, filed["id"])
    assert (counted["notice.open"], counted["package.fetch"]) == (1, 1)
    assert "package.fetch" not in await timeline(house, delegate)


async def test_each_party_has_an_access_code_of_its_own(house: House) -> None:
    filed = await mandated(house, ONLINE_MALL)
    [sms] = [text for text in told(house, "sms", MINE["phone"]) if "조회번호" in text]
    codes = {"requester": filed["access_code"], "subject": sms.split("조회번호 ")[1].split(" ")[0]}
    for party, code in codes.items():
        tracked = await house.api.post("/v1/tracking", json={"receipt_no": filed["receipt_no"], "access_code": code})
        assert tracked.status_code == 200, tracked.text
        view = await house.look(filed | {"requester_token": tracked.json()["access_token"]})
        assert view["party"] == party and view["id"] == filed["id"]
    wrong = await house.api.post("/v1/tracking", json={"receipt_no": filed["receipt_no"], "access_code": "aaaa-aaaa"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "request.not_found")
    alone = await house.file(ONLINE_MALL)
    tracked = await house.api.post("/v1/tracking", json={one: alone[one] for one in CODE_AND_NUMBER})
    assert (await house.look(alone | {"requester_token": tracked.json()["access_token"]}))["party"] == "subject"


async def test_the_next_steps_of_a_guardian_whom_nobody_knows(house: House) -> None:
    filed = await house.file_as_guardian(requester=FATHER)
    papers = ["basic_certificate", "family_relation_certificate"]
    typed = [
        ("verify", "requester", ["phone_code", "email_code"]),
        ("upload", "requester", [*papers, "identity_document"]),
    ]
    view = await house.look(filed)
    assert steps(view) == steps(filed) == typed and view["waiting_for"] == "you"
    assert view["actions"] == ["verify", "upload", "withdraw"]
    assert view["next_steps"][1]["documents"][-1]["optional"]
    await house.prove(filed, party="requester")
    view = await house.look(filed)
    assert steps(view) == [
        ("verify", "requester", ["email_code"]),
        ("upload", "requester", [*papers, "identity_document"]),
    ]
    assert not view["next_steps"][1]["documents"][-1]["optional"], "now there is no other way but a login"
    handed = [await hand_in(house, filed, kind) for kind in (*papers, "identity_document")]
    view = await house.look(filed)
    assert [step for step, *_ in steps(view)] == ["verify"], "what was handed in waits for us"
    for paper in handed[:2]:
        assert (await review(house, paper)).is_success
    await review(house, handed[2], "refused")
    assert ("upload", "requester", ["identity_document"]) in steps(await house.look(filed))
    again = await hand_in(house, filed, "identity_document")
    assert (await review(house, again)).is_success
    view = await house.look(filed)
    assert steps(view) == [("fetch", "requester", ["phone_code"])] and view["verified"]


async def test_the_next_steps_of_a_delegate(house: House) -> None:
    filed = await house.file_as_delegate()
    whole = [
        ("verify", "requester", ["phone_code", "email_code"]),
        ("verify", "subject", ["phone_code", "email_code"]),
        ("upload", "requester", ["power_of_attorney"]),
    ]
    assert steps(filed) == steps(await house.look(filed)) == whole
    assert steps(await house.look(held_by(house, filed, "subject"))) == whole[1:2]
    await house.prove(filed, party="requester")
    assert steps(await house.look(filed)) == whole[1:]
    await hand_in(house, filed, "power_of_attorney")
    await house.prove(filed)
    view = await house.look(filed)
    assert (steps(view), view["waiting_for"]) == ([], "us"), "ours to review"


async def test_a_guardian_is_told_as_one_and_under_their_own_key(house: House) -> None:
    mall = await house.system()
    filed = await guarded(house, ONLINE_MALL)
    await answered(house, mall, filed)
    assert any("답변(통지서)이 준비" in text for text in told(house, "mail", MOTHER["email"]))
    assert {row.party for row in await rows(house.desk, "SELECT party FROM message WHERE kind = 'result'")} == {
        "requester"
    }
    [notice] = await notices(house, filed)
    page = (await open_notice(house, filed, notice["id"], await house.grant(filed, party="requester"))).text
    assert "최보람 귀하 (법정대리인)" in page and "정보주체: 최하늘" in page
    assert (await fetch(house, filed, await house.grant(filed, party="requester"))).status_code == 200
    view = await house.look(filed)
    assert names_nobody(view, await timeline(house, filed)) and "mandate" not in view


async def test_staff_see_who_asks_and_who_filed_sees_them_masked(house: House) -> None:
    phoned = await house.file_as_delegate(role="call_center", requester={**DELEGATE, "relationship": "아들"})
    seen = await house.look(phoned, "officer")
    assert seen["requester"]["name"] == "도우미" and seen["requester"]["relationship"] == "아들"
    assert seen["requester"]["proved"] == "none" and seen["mandate"]["deliver_to"] == "subject"
    reply = await house.api.get(f"/v1/requests/{phoned['id']}", headers=house.auth("call_center", agent="a17"))
    masked = reply.json()
    assert masked["requester"] == {"name": "도*미", "phone": masked["requester"]["phone"], "relationship": None,
                                   "email": masked["requester"]["email"]}  # fmt: skip
    assert names_nobody(masked)
    await rows(house.desk, "UPDATE requester SET key = NULL, details_ct = NULL, destroyed_at = now() RETURNING 1")
    gone = (await house.look(phoned, "officer"))["requester"]
    assert gone["name"] is None and gone["destroyed_at"]


async def test_a_call_center_knows_no_more_of_the_answer_than_whom_it_filed_for(house: House) -> None:
    mall = await house.system()
    phoned = await house.file_as_delegate(ONLINE_MALL, role="call_center")
    by_phone = house.auth("call_center", agent="a17")
    phoned["requester_token"] = as_party(house, phoned, "requester")["Authorization"].removeprefix("Bearer ")
    await house.prove(phoned, party="requester")
    await house.prove(phoned)
    paper = await hand_in(house, phoned, "power_of_attorney")
    assert (await review(house, paper)).is_success
    await answered(house, mall, phoned)
    [claim] = (await house.api.get(f"/v1/requests/{phoned['id']}", headers=by_phone)).json()["claims"]
    assert claim["decision"] == {"state": "effective", "outcome": "approve"}


async def test_frozen_says_neither_who_nor_why(house: House) -> None:
    filed = await mandated(house, ONLINE_MALL)
    [code] = codes(house, MINE["email"])
    before = await house.look(filed)
    assert (await stop(house, code)).status_code == 202
    view = await house.look(filed)
    assert view["frozen"] and {**view, "frozen": False} == before
    assert (await timeline(house, filed))["request.freeze"] == "확인할 것이 있어 진행을 멈추었습니다."


async def test_a_proof_that_finds_nothing_is_told_to_whom_the_answer_goes(house: House) -> None:
    filed = await house.file_as_guardian(
        subject={"name": "나별이", "birth_date": "2017-06-01", "phone": "010-0000-9981"}, requester=NOBODYS_MOTHER
    )
    await house.prove(filed, party="requester")
    for kind in (*CERTIFICATES, "identity_document"):
        await review(house, await hand_in(house, filed, kind))
    seen = await house.look(filed)
    if seen["claims"][0]["status"] == "verified":
        await house.decide(filed["claims"][0]["id"], outcome="approve")
    [notice] = await notices(house, filed)
    page = (await open_notice(house, filed, notice["id"], await house.grant(filed, party="requester"))).text
    assert "나은하 귀하 (법정대리인)" in page and "정보주체가 예전에 쓰던" in page
    assert await one(house.desk, "SELECT count(*) FROM package") == 0


async def test_the_other_partys_token_is_no_key_to_anything(house: House) -> None:
    """A forged party claim is no token of ours; a party that the request does not have sees no answer."""
    filed = await guarded(house, ONLINE_MALL)
    stranger = house.auth("requester", filed["id"], rid=filed["id"], party="officer")
    assert (await house.api.get(f"/v1/requests/{filed['id']}", headers=stranger)).status_code == 401
    child = held_by(house, filed, "subject")
    seen = await house.look(child)
    assert seen["claims"][0]["decision"] is None and seen["next_steps"] == []
    asked = await house.api.post(
        f"/v1/requests/{filed['id']}/verifications",
        json={"party": "subject", "method": "phone_code", "purpose": "release"},
        headers={**bearer(child["requester_token"]), **key()},
    )
    assert asked.status_code in (409, 422)
