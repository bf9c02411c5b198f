"""It was not me: whoever was told of a request can stop it, an approver rules, and nothing moves between."""

import pytest

from app.law import deadline
from tests.api.acts import DELETION, DELIVERY, actions, ask, one, review, rows, statuses
from tests.api.stops import (
    CHILD_OF_TWO,
    MAILBOX,
    OTHER_PHONE,
    RECEIVED,
    SEOJIN,
    SHARES,
    codes,
    filed_by,
    frozen,
    rule,
    stop,
    stopped,
    swept,
)
from tests.house import ONLINE_MALL, STRANGER, Holder, House, bearer, key


async def test_a_stop_code_freezes_and_people_of_ours_and_the_requester_are_told(house: House) -> None:
    filed = await filed_by(house, DELETION)
    code = codes(house, OTHER_PHONE)[0]
    assert not await frozen(house, filed)
    reply = await stop(house, f" {code.replace('-', '').upper()} ")
    assert (reply.status_code, reply.json()) == (202, RECEIVED)
    assert await frozen(house, filed)
    assert await review(house, filed) == ["request.frozen"]
    assert (await house.look(filed))["waiting_for"] == "us"
    desk = [one_["subject"] for one_ in house.sent("mail") if one_["to"] == house.desk.policy.desk_email]
    assert len(desk) == 2 and len(set(desk)) == 2
    [row] = await rows(house.desk, 'SELECT at, rule_by, result FROM "freeze"')
    days = house.desk.policy.settled.freeze_ruling_working_days
    assert row.rule_by == deadline.working_days_after(deadline.seoul_date(row.at), days, house.desk.closed)
    assert any(row.rule_by.isoformat() in one_["text"] for one_ in house.sent("mail"))
    # Who asked hears that it stopped; not why, not through whom.
    told = house.sent("sms")[-1]
    assert told["to"] == "+821000006201" and told["template"].startswith("frozen")
    assert filed["receipt_no"] in told["text"] and "정지번호" not in told["text"]
    assert (await actions(house.desk, filed["id"]))["request.freeze"] == 1


async def test_the_answer_is_one_whatever_the_code(house: House) -> None:
    filed = await filed_by(house, DELETION)
    used = codes(house, OTHER_PHONE)[0]
    await stop(house, used)
    before = await one(house.desk, "SELECT version FROM request")
    said = set()
    for code in (
        used,
        "abcd-efgh-jkmn",
        "",
        " ",
        "x" * 200,
        "주민번호",
        "'; DROP TABLE freeze; --",
        filed["receipt_no"],
    ):
        reply = await house.api.post("/v1/freezes", json={"stop_code": code})
        headers = {name: value for name, value in reply.headers.items() if name != "request-id"}
        said.add((reply.status_code, reply.text, str(sorted(headers.items()))))
    assert len(said) == 1 and said.pop()[:2] == (202, '{"status":"received"}')
    assert await one(house.desk, 'SELECT count(*) FROM "freeze"') == 1
    assert await one(house.desk, "SELECT version FROM request") == before
    for body in ({}, {"stop_code": None}, {"stop_code": 1}, {"stop_code": "x" * 201}, {"stop_code": "x", "why": "y"}):
        assert (await house.api.post("/v1/freezes", json=body)).status_code == 422


async def test_whoever_calls_the_answer_is_the_same(house: House) -> None:
    tokens = [
        {},
        house.auth("website"),
        house.auth("system", "x"),
        {"Authorization": "Bearer x"},
        {"Authorization": ""},
    ]
    for headers in tokens:
        reply = await house.api.post("/v1/freezes", json={"stop_code": "abcd-efgh-jkmn"}, headers=headers)
        assert (reply.status_code, reply.json()) == (202, RECEIVED)


async def test_a_true_code_counts_however_many_wrong_ones_came_before(house: House) -> None:
    filed = await filed_by(house, DELETION)
    for _ in range(40):
        assert (await stop(house, "x")).json() == RECEIVED
    assert not await frozen(house, filed)
    assert (await stop(house, codes(house, OTHER_PHONE)[0])).json() == RECEIVED
    assert await frozen(house, filed)


async def test_each_code_works_once_so_that_nobody_vetoes_for_ever(house: House) -> None:
    filed = await stopped(house, DELETION)
    first, second = codes(house, OTHER_PHONE)[0], codes(house, MAILBOX)[0]
    assert (await rule(house, filed)).status_code == 200
    await stop(house, first)
    assert not await frozen(house, filed)
    await stop(house, second)
    assert await frozen(house, filed)
    assert (await rule(house, filed)).status_code == 200
    for code in (first, second):
        await stop(house, code)
    assert not await frozen(house, filed)
    assert (await actions(house.desk, filed["id"]))["request.freeze"] == 2


async def test_two_who_stop_it_are_ruled_on_together_and_told_of_once(house: House) -> None:
    filed = await stopped(house, DELETION)
    sent = len(house.sent("sms")), len(house.sent("mail"))
    await stop(house, codes(house, MAILBOX)[0])
    assert (len(house.sent("sms")), len(house.sent("mail"))) == sent
    assert await review(house, filed) == ["request.frozen"]
    assert (await rule(house, filed)).status_code == 200
    results = await rows(house.desk, 'SELECT result FROM "freeze"')
    assert [row.result for row in results] == ["released", "released"]
    assert not await frozen(house, filed)


async def test_a_stop_reaches_one_request_and_no_other(house: House) -> None:
    first = await filed_by(house, DELETION)
    second = await filed_by(house, DELIVERY)
    await stop(house, codes(house, OTHER_PHONE)[1])
    assert (await frozen(house, first), await frozen(house, second)) == (False, True)


async def test_a_request_that_was_not_verified_yet_can_be_stopped(house: House) -> None:
    filed = await house.file(ONLINE_MALL, subject=SHARES, notify_by="sms", role="clerk")
    asked = await ask(house, filed, headers=house.auth("officer"))
    assert asked.status_code == 202
    body = {"code": house.last_code("sms")}
    path = f"/v1/verifications/{asked.json()['id']}/answer"
    agent = house.auth("requester", filed["id"], rid=filed["id"])
    assert (await house.api.post(path, json=body, headers=agent)).status_code == 200
    await house.workshop.run()
    await stop(house, codes(house, "sion@example.com")[0])
    # What is shown meanwhile waits, and is judged when somebody has ruled.
    seen = {"party": "subject", "documents_seen": ["passport"]}
    attested = await house.api.post(
        f"/v1/requests/{filed['id']}/attestation", json=seen, headers={**house.auth("clerk"), **key()}
    )
    assert attested.status_code == 201
    await house.workshop.run()
    assert "identify" not in await swept(house)
    assert await one(house.desk, "SELECT identity FROM request") == "none"
    assert (await rule(house, filed)).status_code == 200
    assert await one(house.desk, "SELECT identity FROM request") == "identified"


@pytest.mark.parametrize("who", ["the child", "the other parent"])
async def test_a_guardian_never_learns_who_stopped_it(house: House, who: str) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, subject=CHILD_OF_TWO, requester=SEOJIN, notify_by="sms")
    await house.prove(filed, party="requester")
    to = {"the child": "+821000004401", "the other parent": "yura@example.com"}[who]
    before = len([one_ for one_ in house.sent("sms") if one_["to"] == "+821000004402"])
    await stop(house, codes(house, to)[0])
    view = await house.look(filed)
    assert view["frozen"]
    told = [one_ for one_ in house.sent("sms") if one_["to"] == "+821000004402"][before:]
    assert [one_["template"].split(".")[0] for one_ in told] == ["frozen"]
    line = await house.api.get(f"/v1/requests/{filed['id']}/timeline", headers=bearer(filed["requester_token"]))
    actions = [one_["action"] for one_ in line.json()["items"]]
    assert [action for action in actions if not action.startswith("message.")][-1] == "request.freeze"
    told_all = line.text + str(view) + str(told)
    for secret in ("alerted", 'guardian"', "한유라", "4403", "4401", "yura"):
        assert secret not in told_all.replace('"capacity": "guardian"', ""), secret
    kinds = {"the child": "subject", "the other parent": "guardian"}[who]
    [holder] = await rows(house.desk, 'SELECT holder FROM alert JOIN "freeze" f ON f.alert_id = alert.id')
    assert holder.holder == kinds


async def test_another_persons_request_is_untouched(house: House) -> None:
    mall = await house.system()
    await stopped(house, DELIVERY)
    other = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="sms")
    await house.prove(other)
    assert await statuses(house, other) == ["closed"]
    assert (await house.grant(other)) and isinstance(mall, Holder)
