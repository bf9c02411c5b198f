"""Recall (Act 34): the moment an incident is opened, every way to the answers of its request is dead, one by one."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import NoResultFound

from app import db
from app.desk import Actor
from app.law.deadline import seoul_date
from app.services import handover
from app.tokens import LIFETIME, Role
from tests.api import test_authorization as roles
from tests.api.acts import ask, one, rows
from tests.api.footage_acts import granted, kept, reported, seat, store, write
from tests.api.leaks import act, answered, body, old, opened, post, read
from tests.api.others import as_party, days_go_by, mandated
from tests.api.stops import OTHER_PHONE, codes, filed_by, frozen, rule, stop
from tests.api.test_letters import by_post, notice_of, posted
from tests.api.test_results import fetch, listed, open_notice
from tests.house import ONLINE_MALL, STRANGER, House, bearer, key

REACHABLE = [
    route for route, cells in roles.table().items() if cells["requester"] in ("404", "422") and "_id}" in route[1]
]


async def tracked(house: House, filed: dict[str, Any]) -> int:
    """What following the request by its receipt number and access code comes to."""
    sent = {"receipt_no": filed["receipt_no"], "access_code": filed["access_code"]}
    return (await house.api.post("/v1/tracking", json=sent)).status_code


async def test_packages_are_destroyed_with_their_bytes(house: House) -> None:
    filed = await answered(house)
    assert await one(house.desk, "SELECT count(*) FROM package_chunk") > 0
    incident = await opened(house, filed)
    assert await one(house.desk, "SELECT count(*) FROM package_chunk") == 0
    assert await one(house.desk, "SELECT count(*) FROM package WHERE destroyed_at IS NULL") == 0
    assert incident["recalled"]["packages"] == 1


@pytest.mark.parametrize("route", REACHABLE, ids=" ".join)
async def test_the_requesters_token_opens_no_operation_any_more(house: House, route: tuple[str, str]) -> None:
    filed = await answered(house, fetched=False)
    [notice] = await listed(house, filed)
    asked = await ask(house, filed, purpose="release")
    ids = roles.unknown_ids() | {
        "request_id": filed["id"],
        "claim_id": filed["claims"][0]["id"],
        "notice_id": notice["id"],
        "verification_id": asked.json()["id"],
    }
    await opened(house, filed)
    reply = await roles.call(house, route, "requester", old(filed), ids)
    assert (reply.status_code, reply.json()["code"]) == (401, "auth.invalid"), reply.text


async def test_a_grant_opens_nothing_any_more_whoever_brings_it(house: House) -> None:
    filed = await answered(house, fetched=False)
    grant = await house.grant(filed)
    [notice] = await listed(house, filed)
    incident = await opened(house, filed)
    assert incident["recalled"]["grants"] == 1
    fresh = filed | {"requester_token": as_party(house, filed, "subject")["Authorization"].removeprefix("Bearer ")}
    await later(house, filed)
    # Frozen is one reason; once that is over, the grant itself has ended.
    assert (await open_notice(house, fresh, notice["id"], grant)).json()["code"] == "request.frozen"
    assert (await act(house, incident, "POST", "/resumption", {"reason": "확인함"})).status_code == 200
    assert (await open_notice(house, fresh, notice["id"], grant)).json()["code"] == "grant.invalid"
    assert (await fetch(house, fresh, grant)).json()["code"] == "package.not_available"


async def test_a_code_under_way_gives_nothing(house: House) -> None:
    filed = await answered(house, fetched=False)
    asked = await ask(house, filed, purpose="release")
    code = house.last_code("sms")
    incident = await opened(house, filed)
    assert incident["recalled"]["verifications"] >= 1
    await later(house, filed)
    fresh = as_party(house, filed, "subject")
    reply = await house.api.post(f"/v1/verifications/{asked.json()['id']}/answer", json={"code": code}, headers=fresh)
    assert (reply.status_code, reply.json()["code"]) == (422, "verification.failed")


async def test_tracking_stops_with_the_access_code(house: House) -> None:
    filed = await answered(house)
    assert await tracked(house, filed) == 200
    incident = await opened(house, filed)
    assert await tracked(house, filed) == 404
    assert incident["recalled"]["access_codes"] == 1


async def test_the_subjects_own_code_of_a_delegates_request_ends_too(house: House) -> None:
    filed = await mandated(house, ONLINE_MALL)
    assert await one(house.desk, "SELECT subject_code_digest IS NOT NULL FROM requester")
    incident = await opened(house, filed)
    assert incident["recalled"]["access_codes"] == 2
    assert await one(house.desk, "SELECT subject_code_digest IS NULL FROM requester")
    at, lives = await one(house.desk, "SELECT recalled_at FROM request"), LIFETIME[Role.REQUESTER]
    for party in ("subject", "requester"):
        dead = house.desk.issuer.issue("requester", filed["id"], lives, now=at, rid=filed["id"], party=party)
        reply = await house.api.get(f"/v1/requests/{filed['id']}", headers=bearer(dead))
        assert reply.status_code == 401, "issued within the second of the recall"


async def test_a_repeated_filing_gives_back_only_what_is_dead(house: House) -> None:
    await house.system()
    sent = {
        "capacity": "self",
        "channel": "web",
        "subject": {"name": "홍길동", "phone": "010-1234-5678"},
        "claims": [ONLINE_MALL],
    }
    headers = {**house.auth("website"), "Idempotency-Key": str(uuid4())}
    filed = (await house.api.post("/v1/requests", json=sent, headers=headers)).json()
    await house.prove(filed)
    await opened(house, filed)
    again = (await house.api.post("/v1/requests", json=sent, headers=headers)).json()
    assert again["requester_token"] == filed["requester_token"]
    reply = await house.api.get(f"/v1/requests/{filed['id']}", headers=bearer(again["requester_token"]))
    assert reply.status_code == 401
    assert await tracked(house, again) == 404


async def test_a_repeated_act_of_the_requester_is_not_answered_from_the_store(house: House) -> None:
    filed = await answered(house, fetched=False)
    headers = {**old(filed), **key()}
    sent = {"party": "subject", "method": "phone_code", "purpose": "release"}
    path = f"/v1/requests/{filed['id']}/verifications"
    assert (await house.api.post(path, json=sent, headers=headers)).status_code == 202
    await opened(house, filed)
    assert (await house.api.post(path, json=sent, headers=headers)).status_code == 401


async def test_nothing_more_is_handed_out_until_an_approver_says_go_on(house: House) -> None:
    filed = await answered(house, notify_by="sms")
    incident = await opened(house, filed)
    assert (await house.look(filed, "officer"))["frozen"] is True
    # An officer may not, an approver may; the same person's new code then opens a package built anew.
    assert (await act(house, incident, "POST", "/resumption", {"reason": "확인함"}, "officer")).status_code == 403
    reply = await act(house, incident, "POST", "/resumption", {"reason": "본인과 통화함", "give_again": True})
    assert reply.status_code == 200, reply.text
    await later(house, filed)
    assert reply.json()["resumed_because"] == "본인과 통화함"
    assert (await house.look(filed, "officer"))["frozen"] is False
    text_ = next(sms["text"] for sms in reversed(house.sent("sms")) if sms["template"].startswith("access_code"))
    code = next(word for word in text_.replace(".", " ").split() if word.count("-") == 1 and len(word) == 9)
    followed = await house.api.post("/v1/tracking", json={"receipt_no": filed["receipt_no"], "access_code": code})
    assert followed.status_code == 200, followed.text
    fresh = filed | {"requester_token": followed.json()["access_token"]}
    await days_go_by(house)
    assert (await fetch(house, fresh, await house.grant(fresh))).status_code == 200
    again = await act(house, incident, "POST", "/resumption", {"reason": "또"})
    assert (again.status_code, again.json()["code"]) == (409, "state.conflict")


async def test_wrong_contents_are_not_built_anew(house: House) -> None:
    filed = await answered(house)
    incident = await opened(house, filed, kind="wrong_contents")
    reply = await act(house, incident, "POST", "/resumption", {"reason": "확인함", "give_again": True})
    assert (reply.status_code, reply.json()["code"]) == (422, "field.inconsistent")


async def test_no_new_access_code_while_it_is_frozen(house: House) -> None:
    filed = await house.file(role="call_center")
    await opened(house, filed)
    caller = house.auth("call_center", agent="a17")
    asked = await ask(house, filed, headers=caller)
    code = {"code": house.last_code("sms")}
    path = f"/v1/verifications/{asked.json()['id']}/answer"
    assert (await house.api.post(path, json=code, headers=caller)).status_code == 200
    await house.workshop.run()
    assert await one(house.desk, "SELECT access_code_digest IS NULL FROM request")


async def test_what_was_fetched_before_is_told_from_the_log(house: House) -> None:
    filed = await answered(house)
    await house.api.get(f"/v1/notices/{(await listed(house, filed))[0]['id']}/document", headers=house.auth("officer"))
    incident = await opened(house, filed)
    found = [(out["what"], out["by_role"], out["claim_id"]) for out in incident["handed_out"]]
    claim = filed["claims"][0]["id"]
    assert found == [("notice", "requester", claim), ("package", "requester", claim)]


async def test_what_was_posted_or_shown_is_told_as_well(house: House) -> None:
    letter = await by_post(house, STRANGER)
    assert (await posted(house, await notice_of(house, letter), seoul_date(db.now()))).is_success
    assert [out["what"] for out in (await opened(house, letter))["handed_out"]] == ["post"]
    site = await store(house)
    film = await kept(house, site)
    await reported(house, site, await granted(house, site, film), media=seat())
    assert (await write(house, film, house.auth("officer"))).status_code == 201
    assert [out["what"] for out in (await opened(house, film))["handed_out"]] == ["footage"]


async def test_a_download_under_way_breaks_off(house: House) -> None:
    filed = await answered(house, fetched=False)
    claim = await one(house.desk, "SELECT id FROM claim")
    by = Actor("requester", "issuer", filed["id"])
    async with house.desk.database.transaction() as session:
        package, grant_id = await handover.open_package(session, claim, await house.grant(filed), by=by, now=db.now())
    pieces = handover.stream(house.desk, package, grant_id, by, db.now())
    await opened(house, filed)
    with pytest.raises(NoResultFound):
        await anext(pieces)
    assert await one(house.desk, "SELECT fetched FROM package") == 0


async def test_a_stop_code_still_stops_and_its_release_does_not_end_the_incident(house: House) -> None:
    await house.system()
    filed = await filed_by(house)
    incident = await opened(house, filed)
    await stop(house, codes(house, OTHER_PHONE)[-1])
    assert await one(house.desk, 'SELECT count(*) FROM "freeze" WHERE result IS NULL') == 1
    held = await act(house, incident, "POST", "/resumption", {"reason": "확인함"})
    assert (held.status_code, held.json()["code"]) == (409, "state.conflict")
    assert (await rule(house, filed)).status_code == 200
    assert (await house.look(filed, "officer"))["frozen"] is True
    assert (await act(house, incident, "POST", "/resumption", {"reason": "확인함"})).status_code == 200
    assert (await house.look(filed, "officer"))["frozen"] is False


async def test_a_request_ruled_void_after_it_was_fetched_is_an_incident_by_itself(house: House) -> None:
    filed = await answered(house, subject={"name": "송지호", "phone": "010-0000-6201"}, notify_by="sms")
    await stop(house, codes(house, OTHER_PHONE)[-1])
    assert (await rule(house, filed, "void")).status_code == 200
    reply = await house.api.get("/v1/incidents", headers=house.auth("approver"))
    [incident] = reply.json()["items"]
    assert (incident["kind"], incident["request_id"]) == ("wrong_recipient", filed["id"])
    assert incident["categories"] == ["online_mall"]
    whole = await read(house, incident)
    assert (whole["opened_by"], whole["account"]) == ("machine", None)
    assert whole["recalled"]["packages"] == 1
    reply = await house.api.get(f"/v1/requests/{filed['id']}", headers=old(filed))
    assert reply.status_code == 401
    # What was ruled void never goes on.
    held = await act(house, incident, "POST", "/resumption", {"reason": "그래도"})
    assert held.json()["code"] == "state.conflict"


async def test_a_request_ruled_void_before_anything_was_fetched_is_none(house: House) -> None:
    filed = await filed_by(house)
    await stop(house, codes(house, OTHER_PHONE)[-1])
    assert (await rule(house, filed, "void")).status_code == 200
    assert await frozen(house, filed)
    reply = await house.api.get("/v1/incidents", headers=house.auth("approver"))
    assert reply.json()["items"] == []


async def test_it_is_all_or_nothing(house: House) -> None:
    filed = await answered(house)
    before = await rows(house.desk, "SELECT recalled_at, frozen_at, access_code_digest FROM request")
    assert (await post(house, body(filed, categories=["no_such"]))).status_code == 422
    assert await rows(house.desk, "SELECT recalled_at, frozen_at, access_code_digest FROM request") == before


async def later(house: House, filed: dict[str, Any]) -> None:
    """Tokens say the second in which they were issued: the recall is moved back as if a minute had passed."""
    async with house.desk.database.transaction() as session:
        moved = "UPDATE request SET recalled_at = recalled_at - interval '1 minute' WHERE id = :id"
        await session.execute(text(moved), {"id": filed["id"]})


def test_the_walk_is_over_every_operation_of_a_requester() -> None:
    assert len(REACHABLE) >= 12
