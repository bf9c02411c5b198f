"""Who rules on a stopped request, how, and what follows: it goes on where it stood, or it never was."""

from datetime import date, timedelta
from uuid import UUID

from app import db
from app.jobs import Job, defer
from app.law import deadline
from app.models import Freeze
from app.services import freezes
from tests.api.acts import DELETION, DELIVERY, actions, ask, one, review, rows, statuses
from tests.api.stops import (
    JIHO,
    MAILBOX,
    OTHER_PHONE,
    code_of,
    codes,
    decision,
    filed_by,
    frozen,
    rule,
    settled,
    stop,
    stopped,
    swept,
)
from tests.house import ADDRESS, ONLINE_MALL, House, bearer, key


async def test_a_release_takes_up_everything_where_it_stood(house: House) -> None:
    mall = await house.system()
    filed = await stopped(house, DELIVERY)
    assert await mall.tasks() == []
    reply = await rule(house, filed)
    assert reply.status_code == 200 and reply.json()["frozen"] is False and reply.headers["etag"]
    assert [task["action"] for task in await mall.tasks()] == ["suspend"]
    await mall.work()
    assert await statuses(house, filed) == ["closed"]
    templates = [one_["template"].split(".")[0] for one_ in house.sent("sms") if one_["to"] == "+821000006201"]
    assert templates == ["code", "frozen", "freeze_released", "result"]
    [item] = (await house.look(filed, "officer"))["review"]
    assert (item["kind"], item["settled"]) == ("request.frozen", True)


async def test_a_ruling_is_an_approvers_with_a_version_and_a_reason(house: House) -> None:
    filed = await stopped(house, DELETION)
    path = f"/v1/requests/{filed['id']}/freeze/ruling"
    approver = house.auth("approver", "approver-9")
    body = {"result": "released", "reason": "통화로 확인"}
    version = (await house.api.get(f"/v1/requests/{filed['id']}", headers=approver)).headers["etag"]
    for role in ("officer", "clerk", "auditor", "admin", "website"):
        reply = await house.api.put(path, json=body, headers={**house.auth(role), "If-Match": version})
        assert reply.status_code == 403, role
    person = bearer(filed["requester_token"])
    assert (await house.api.put(path, json=body, headers={**person, "If-Match": version})).status_code == 403
    assert (await house.api.put(path, json=body, headers=approver)).status_code == 428
    assert (await house.api.put(path, json=body, headers={**approver, "If-Match": '"v1"'})).status_code == 412
    for reason in ({}, {"reason": None}, {"reason": "  \n "}):
        sent = {"result": "released", **reason}
        reply = await house.api.put(path, json=sent, headers={**approver, "If-Match": version})
        assert code_of(reply) == (422, "decision.reason_required"), reason
    for wrong in ({**body, "result": "other"}, {"reason": "x"}, {**body, "more": 1}):
        reply = await house.api.put(path, json=wrong, headers={**approver, "If-Match": version})
        assert reply.status_code == 422
    assert await frozen(house, filed)
    unknown = await house.api.put(path.replace(filed["id"], str(db.new_id())), json=body, headers={
        **approver, "If-Match": version,
    })  # fmt: skip
    assert code_of(unknown) == (404, "request.not_found")
    assert (await rule(house, filed, reason="통화로 확인")).status_code == 200
    # The reason is for the file: sealed, and in nobody's mail.
    [row] = await rows(house.desk, 'SELECT id, reason_ct, ruled_by_sub FROM "freeze"')
    assert row.ruled_by_sub == "approver-9" and "통화".encode() not in row.reason_ct
    assert not any("통화로" in one_["text"] for one_ in [*house.sent("sms"), *house.sent("mail")])
    assert "통화" not in str(await rows(house.desk, "SELECT convert_from(body, 'UTF8') FROM audit_entry"))


async def test_where_nothing_is_frozen_there_is_nothing_to_rule_on(house: House) -> None:
    filed = await filed_by(house, DELETION)
    assert code_of(await rule(house, filed)) == (409, "state.conflict")
    await stop(house, codes(house, OTHER_PHONE)[0])
    assert (await rule(house, filed)).status_code == 200
    for result in ("released", "void"):
        assert code_of(await rule(house, filed, result)) == (409, "state.conflict")


async def test_nobody_rules_on_what_they_did_themselves(house: House) -> None:
    filed = await filed_by(house, DELETION, ADDRESS)
    deleting, correcting = (claim["id"] for claim in filed["claims"])
    await house.decide(deleting, outcome="partial", reason="보존합니다.", sub="kim")
    await house.approve(deleting, agree=True, sub="lee")
    await house.decide(correcting, outcome="approve", sub="park")
    await stop(house, codes(house, OTHER_PHONE)[0])
    for sub in ("kim", "lee", "park"):
        assert code_of(await rule(house, filed, sub=sub)) == (403, "approval.same_person"), sub
    assert (await rule(house, filed, sub="choi")).status_code == 200


async def test_nobody_rules_on_a_request_that_they_filed_or_vouched_for(house: House) -> None:
    body = {"capacity": "self", "channel": "visit", "subject": JIHO, "claims": [DELETION], "notify_by": "sms"}
    headers = {**house.auth("officer", "kim"), **key()}
    filed = (await house.api.post("/v1/requests", json=body, headers=headers)).json()
    filed["requester_token"] = house.token("requester", filed["id"], rid=filed["id"])
    seen = {"party": "subject", "documents_seen": ["passport"]}
    path = f"/v1/requests/{filed['id']}/attestation"
    assert (await house.api.post(path, json=seen, headers={**house.auth("officer", "lee"), **key()})).is_success
    await house.workshop.run()
    await stop(house, codes(house, OTHER_PHONE)[0])
    for sub in ("kim", "lee"):
        assert code_of(await rule(house, filed, sub=sub)) == (403, "approval.same_person"), sub
    assert (await rule(house, filed)).status_code == 200


async def test_void_undoes_what_can_be_undone_and_is_a_security_event(house: House) -> None:
    mall = await house.system()
    filed = await filed_by(house, ADDRESS, DELIVERY, DELETION)
    await decision(house, filed["claims"][0]["id"])
    await decision(house, filed["claims"][1]["id"])
    suspend = next(task for task in await mall.tasks() if task["action"] == "suspend")
    hold = next(task for task in await mall.tasks() if task["action"] == "hold")
    await mall.fetch(suspend["id"])
    await mall.fetch(hold["id"])
    await stop(house, codes(house, OTHER_PHONE)[0])
    reply = await rule(house, filed, "void", reason="본인이 요구하지 않았다고 하였다.")
    assert reply.status_code == 200 and reply.json()["frozen"] is True
    assert await statuses(house, filed) == ["withdrawn"] * 3
    assert await one(house.desk, "SELECT count(*) FROM hold WHERE lifted_at IS NULL") == 0
    assert sorted(task["action"] for task in await mall.tasks()) == ["release", "resume"]
    assert sorted(await mall.work()) == ["release", "resume"]
    assert "security.disowned" in await review(house, filed)
    told = await actions(house.desk, filed["id"])
    assert (told["claim.disown"], told["security.disowned"], told["freeze.rule"]) == (3, 3, 1)
    assert {one_["template"].split(".")[0] for one_ in house.sent("sms")[-1:]} == {"disowned"}
    assert "withdrawn" not in {one_["template"].split(".")[0] for one_ in house.sent("sms")}
    # For good: no code, no ruling and no decision moves it again.
    await stop(house, codes(house, MAILBOX)[0])
    assert await one(house.desk, 'SELECT count(*) FROM "freeze"') == 1
    assert code_of(await rule(house, filed)) == (409, "state.conflict")


async def test_what_was_answered_before_is_never_opened_after_void(house: House) -> None:
    mall = await house.system()
    filed = await filed_by(house, ONLINE_MALL)
    await mall.work()
    person, grant = bearer(filed["requester_token"]), {"grant": await house.grant(filed)}
    [notice] = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=person)).json()["items"]
    await stop(house, codes(house, OTHER_PHONE)[0])
    assert (await rule(house, filed, "void")).status_code == 200
    assert await statuses(house, filed) == ["closed"]
    for path in (f"/v1/notices/{notice['id']}/document", f"/v1/claims/{filed['claims'][0]['id']}/package"):
        assert code_of(await house.api.post(path, json=grant, headers=person)) == (409, "request.frozen")
    assert code_of(await ask(house, filed, purpose="release")) == (409, "request.frozen")
    # Something of it was told already, perhaps to a stranger: a person looks.
    assert "security.irreversible" in await review(house, filed)


async def test_what_a_holder_may_be_destroying_is_a_persons_to_look_at(house: House) -> None:
    mall = await house.system()
    filed = await filed_by(house, DELETION, DELIVERY)
    await settled(house, filed)
    await decision(house, filed["claims"][1]["id"])
    delete = next(task for task in await mall.tasks() if task["action"] == "delete")
    await mall.fetch(delete["id"])
    await stop(house, codes(house, OTHER_PHONE)[0])
    assert (await rule(house, filed, "void")).status_code == 200
    assert await statuses(house, filed) == ["approved", "withdrawn"]
    assert {"security.irreversible", "security.disowned"} <= set(await review(house, filed))
    # Its result is a fact like any other; nothing is told of it and nothing handed out.
    sent = len(house.sent("sms"))
    assert (await mall.report(delete["id"])).status_code == 200
    await house.workshop.run()
    assert await statuses(house, filed) == ["approved", "withdrawn"] and len(house.sent("sms")) == sent
    assert {"assess", "conclude", "plan_again"}.isdisjoint(await swept(house))


async def test_a_deletion_that_nobody_fetched_yet_is_called_back(house: House) -> None:
    mall = await house.system()
    filed = await filed_by(house, DELETION)
    await settled(house, filed)
    await stop(house, codes(house, OTHER_PHONE)[0])
    assert (await rule(house, filed, "void")).status_code == 200
    assert await statuses(house, filed) == ["withdrawn"]
    assert await mall.tasks() == [] and [task["action"] for task in await mall.tasks("cancelled")] == ["delete"]


async def test_a_freeze_that_nobody_ruled_on_is_put_before_the_approver_again_once(house: House) -> None:
    filed = await stopped(house, DELETION)
    async with house.desk.database.transaction() as session:
        assert await freezes.overdue(session, now=db.now()) == []
        freeze = await session.get_one(Freeze, await one(house.desk, 'SELECT id FROM "freeze"'))
        on_the_day = deadline.seoul_midnight(freeze.rule_by) + timedelta(hours=23)
        assert await freezes.overdue(session, now=on_the_day) == []
        assert await freezes.overdue(session, now=on_the_day + timedelta(hours=1)) == [UUID(filed["id"])]
        freeze.rule_by = date(2020, 1, 1)
    mails = len(house.sent("mail"))
    for _ in range(3):
        await _run(house, "watch")
    assert (await review(house, filed)).count("freeze.overdue") == 1
    # The outlook before closed days is another matter, and comes on some days only.
    [told] = [one_ for one_ in house.sent("mail")[mails:] if filed["receipt_no"] in one_["text"]]
    assert told["to"] == house.desk.policy.desk_email and "2020-01-01" in told["text"]
    assert (await rule(house, filed)).status_code == 200
    assert all(item["settled"] for item in (await house.look(filed, "officer"))["review"])
    # Another freeze has days of its own.
    await stop(house, codes(house, MAILBOX)[0])
    await rows(house.desk, "UPDATE \"freeze\" SET rule_by = '2020-01-01' WHERE result IS NULL RETURNING id")
    await _run(house, "watch")
    assert (await review(house, filed)).count("freeze.overdue") == 2


async def _run(house: House, job: str) -> None:
    """One of the periodic jobs, now."""
    async with house.desk.database.transaction() as session:
        await defer(session, Job(job, {"timestamp": "0"}))
    await house.workshop.run()
