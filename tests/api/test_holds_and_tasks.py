"""Holds by field, and tasks to exactly those who hold the data, in the order collect, correct, delete."""

from typing import Any

from app import db
from app.services import watch
from tests.api.acts import DELETION, DELIVERY, MARKETING, YOUNGHEE, one, rows, statuses
from tests.house import ADDRESS, GILDONG, ONLINE_MALL, STRANGER, Holder, House, bearer

PHONE_OF_SERVICE = {
    "right": "correction",
    "changes": [{"category": "online_mall", "field": "name", "current": "홍길동", "corrected": "홍길순"}],
}
USE = {"subject": {"phone": "010-1234-5678"}, "category": "separate_service", "purpose": "subscription_agency"}


async def check(system: Holder, **more: Any) -> dict[str, Any]:
    """May it be used?"""
    reply = await system.house.api.post(
        "/v1/processing-checks", json={"checks": [{**USE, **more}]}, headers=system.headers
    )
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()["results"][0]
    return found


async def told(system: Holder) -> list[str]:
    """What waits for it."""
    return [f"{task['action']} {task['category']}" for task in await system.tasks()]


async def withdraw(house: House, filed: dict[str, Any], *claims: str) -> Any:
    path = f"/v1/requests/{filed['id']}/withdrawal"
    body = {"claim_ids": list(claims)} if claims else {}
    reply = await house.api.post(path, json=body, headers=bearer(filed["requester_token"]))
    await house.workshop.run()
    return reply


async def settle(house: House, claim_id: str, outcome: str = "approve") -> None:
    """Two people decide."""
    await house.decide(claim_id, outcome=outcome, reason="법에 따라 보존합니다." if outcome == "partial" else None)
    await house.approve(claim_id, agree=True)


async def test_a_field_is_held_from_verification_until_the_last_holder_has_corrected(house: House) -> None:
    first, second = await house.system("one"), await house.system("two")
    filed = await house.file(ADDRESS)
    assert (await check(first))["except"] == [] and await told(first) == []
    await house.prove(filed)
    held = await check(first)
    assert held["allowed"] and held["except"] == ["address"]
    assert held["holds"] == [{**held["holds"][0], "kind": "correction_pending", "fields": ["address"]}]
    for handle in ({"email": "Gildong@Example.com"}, {"customer_no": "C-1029"}, {"phone": "+82 10 1234 5678"}):
        assert (await check(first, subject=handle))["except"] == ["address"], handle
    assert (await check(first, subject={"phone": "010-0000-1234"}))["holds"] == []
    assert (await check(first, fields=["address"]))["allowed"] is False
    assert (await check(first, fields=["name", "phone"]))["allowed"] is True
    assert (await check(first, category="online_mall", purpose="delivery"))["holds"] == []
    assert await told(first) == await told(second) == ["hold separate_service"]
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    await first.work()
    [hold, correct] = await second.tasks()
    assert (await second.report(correct["id"], "failed")).status_code == 200
    assert (await check(first))["except"] == ["address"] and await told(first) == []
    assert "task.failed" in [one_["kind"] for one_ in (await house.look(filed, "officer"))["review"]]
    assert (await second.report(correct["id"], "done")).status_code == 200
    assert (await check(first))["except"] == []
    await house.workshop.run()
    assert await told(first) == ["release separate_service"]
    assert [task["action"] for task in await second.tasks()] == ["release"]
    assert await statuses(house, filed) == ["closed"] and hold["action"] == "hold"


async def test_every_field_held_holds_the_category(house: House) -> None:
    system = await house.system()
    changes = [
        {"category": "online_mall", "field": "name", "corrected": "홍길순"},
        {"category": "online_mall", "field": "phone", "corrected": "010-0000-9999"},
    ]
    filed = await house.file({"right": "correction", "changes": changes})
    await house.prove(filed)
    assert await statuses(house, filed) == ["received"]
    filed = await house.file({"right": "correction", "changes": changes[:1]})
    await house.prove(filed)
    named = await check(system, category="online_mall", purpose="delivery", fields=["name"])
    bare = await check(system, category="online_mall", purpose="delivery")
    assert named["allowed"] is False and bare["allowed"] is True and bare["except"] == ["name"]
    again = {"right": "correction", "changes": [{**changes[1], "corrected": "010-0000-9998"}]}
    # The phone's own correction is proved by the mailbox no more than by the phone: a clerk sees the documents.
    other = await house.file(again, role="clerk")
    path = f"/v1/requests/{other['id']}/attestation"
    body = {"party": "subject", "documents_seen": ["passport"]}
    headers = {**house.auth("clerk"), "Idempotency-Key": "k"}
    assert (await house.api.post(path, json=body, headers=headers)).status_code == 201
    await house.workshop.run()
    whole = await check(system, category="online_mall", purpose="delivery")
    assert whole["allowed"] is False and sorted(whole["except"]) == ["name", "phone"]


async def test_another_law_allows_the_use_and_who_said_so_is_on_record(house: House) -> None:
    system = await house.system()
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    allowed = await check(system, fields=["address"], required_by_law="형사소송법 199")
    assert allowed["allowed"] is True and allowed["except"] == [] and allowed["holds"]
    logged = await one(
        house.desk,
        "SELECT convert_from(body, 'UTF8')::json FROM audit_entry"
        " WHERE convert_from(body, 'UTF8') LIKE '%check.required_by_law%'",
    )
    assert logged["facts"]["article"] == "형사소송법 199" and logged["actor"]["sub"] == system.id
    assert logged["facts"]["claims"] == [filed["claims"][0]["id"]]


async def test_checks_are_answered_in_order_and_strictly(house: House) -> None:
    system = await house.system()
    filed = await house.file(DELIVERY)
    await house.prove(filed)
    use = {**USE, "category": "online_mall"}
    many = [{**use, "purpose": purpose} for purpose in ("delivery", "service_consultation")] * 500
    reply = await house.api.post("/v1/processing-checks", json={"checks": many}, headers=system.headers)
    assert [one_["allowed"] for one_ in reply.json()["results"]] == [False, True] * 500
    for wrong in (
        {"checks": []},
        {"checks": [use] * 1001},
        {"checks": [{**use, "category": "x"}]},
        {"checks": [{**use, "purpose": "x"}]},
        {"checks": [{**use, "fields": ["x"]}]},
        {"checks": [{**use, "subject": {}}]},
        {"checks": [{**use, "subject": {"phone": "1"}}]},
        {"checks": [{**use, "subject": {"rrn": "1"}}]},
    ):
        reply = await house.api.post("/v1/processing-checks", json=wrong, headers=system.headers)
        assert reply.status_code == 422, wrong
    for role in ("website", "officer", "admin"):
        reply = await house.api.post("/v1/processing-checks", json={"checks": [use]}, headers=house.auth(role))
        assert reply.status_code == 403


async def test_a_task_goes_to_holders_of_the_category_that_can_do_it_and_names_what_they_find_people_by(
    house: House,
) -> None:
    by_ref = await house.system("by ref", matches_by=["subject_ref"])
    by_all = await house.system("by all", matches_by=["name", "phone", "email", "birth_date"])
    other = await house.system("other category", categories=["consultation"])
    unable = await house.system("cannot", actions=["hold", "release"])
    filed = await house.file(ONLINE_MALL)
    await house.prove(filed)
    seen = [await system.fetch(task["id"]) for system in (by_ref, by_all) for task in await system.tasks()]
    assert [one_["subject"] for one_ in seen] == [
        {"subject_ref": "C-1029"},
        {"name": "홍길동", "phone": "+821012345678", "email": "gildong@example.com", "birth_date": "1990-01-02"},
    ]
    assert await told(other) == await told(unable) == []
    # A foreign task looks like an unknown one, to read and to answer.
    [mine] = await by_ref.tasks()
    for path, verb in (("", "get"), ("/result", "put"), ("/acknowledgement", "put")):
        body = {"result": "done"} if path == "/result" else {"expected_on": "2026-12-01"}
        more = {"json": body} if verb == "put" else {}
        for task in (mine["id"], "0193b9a0-0000-7000-8000-000000000000", "x"):
            reply = await getattr(house.api, verb)(f"/v1/tasks/{task}{path}", headers=other.headers, **more)
            assert (reply.status_code, reply.json()["code"]) == (404, "task.not_found")


async def test_what_statute_keeps_is_named_and_fenced(house: House) -> None:
    mall = await house.system()
    filed = await house.file(DELETION)
    await house.prove(filed)
    await settle(house, filed["claims"][0]["id"], "partial")
    [task] = await mall.tasks()
    whole = await mall.fetch(task["id"])
    assert sorted(whole["fields"]) == ["name", "phone"]
    assert {kept["record_class"] for kept in whole["keep"]} == {"contract_5y", "payment_5y"}
    assert all(kept["until"] and "전자상거래" in kept["basis"] for kept in whole["keep"])
    fenced = await check(mall, category="online_mall", purpose="delivery")
    assert fenced["allowed"] is False and fenced["holds"][0]["kind"] == "kept_by_law"
    await mall.work()
    # The fence stays when the rest is gone.
    assert (await check(mall, category="online_mall", purpose="delivery"))["allowed"] is False


async def test_tasks_of_one_person_run_collect_correct_delete_over_all_requests(house: House) -> None:
    mall = await house.system()
    deleting, correcting = await house.file(DELETION), await house.file(PHONE_OF_SERVICE)
    await house.prove(deleting)
    await house.prove(correcting)
    await settle(house, deleting["claims"][0]["id"], "partial")
    await house.decide(correcting["claims"][0]["id"], outcome="approve")
    seeing = await house.file(ONLINE_MALL)
    await rows(house.desk, "UPDATE verification SET created_at = created_at - interval '2 hours' RETURNING id")
    await house.prove(seeing)
    await house.decide(seeing["claims"][0]["id"], outcome="approve")
    assert await told(mall) == ["hold online_mall", "correct online_mall", "collect online_mall"]
    # Another person's deletion waits for nobody.
    other = await house.file(DELETION, subject=YOUNGHEE)
    await house.prove(other)
    await settle(house, other["claims"][0]["id"], "partial")
    assert "delete online_mall" in await told(mall)
    assert await statuses(house, deleting) == ["approved"]
    mine = [task for task in await mall.tasks() if task["action"] in ("hold", "correct")]
    for task in mine:
        await mall.report(task["id"])
    await house.workshop.run()
    assert (await told(mall)).count("delete online_mall") == 1
    [collect] = [task for task in await mall.tasks() if task["action"] == "collect"]
    await mall.report(collect["id"], data={"online_mall": [{"name": "홍길동"}]})
    await house.workshop.run()
    assert (await told(mall)).count("delete online_mall") == 2


async def test_a_stop_waits_for_nobody(house: House) -> None:
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, DELIVERY)
    await house.prove(filed)
    for claim in filed["claims"]:
        await house.decide(claim["id"], outcome="approve")
    assert sorted(await told(mall)) == ["collect online_mall", "suspend online_mall"]


async def test_a_claim_that_waits_for_nothing_any_more_is_found(house: House) -> None:
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, DELETION)
    await house.prove(filed)
    collecting, deleting = (claim["id"] for claim in filed["claims"])
    await settle(house, deleting, "partial")
    await house.decide(collecting, outcome="approve")

    async def found() -> list[str]:
        async with house.desk.database.transaction() as session:
            jobs = await watch.overlooked(session, now=db.now())
        return [args["claim_id"] for name, args in jobs if name == "plan_again"]

    assert await found() == []
    [task] = await mall.tasks()
    await mall.report(task["id"])
    await rows(house.desk, "DELETE FROM procrastinate_jobs WHERE task_name = 'plan_again' RETURNING id")
    await house.workshop.run()
    assert await told(mall) == [] and await found() == [deleting]


async def test_results_never_step_back_and_repeats_answer_the_same(house: House) -> None:
    mall = await house.system()
    filed = await house.file(DELIVERY)
    await house.prove(filed)
    [task] = await mall.tasks()
    path = f"/v1/tasks/{task['id']}/acknowledgement"

    async def acknowledge() -> Any:
        return await house.api.put(path, json={"expected_on": "2026-12-01"}, headers=mall.headers)

    assert (await acknowledge()).json()["status"] == "acknowledged"
    assert (await mall.report(task["id"], "failed")).json()["status"] == "failed"
    assert (await mall.report(task["id"], "failed")).json()["status"] == "failed"
    assert await one(house.desk, "SELECT count(*) FROM review_item WHERE kind = 'task.failed'") == 1
    assert (await acknowledge()).json()["status"] == "failed"
    first = await mall.report(task["id"], "done")
    assert (await mall.report(task["id"], "done")).json() == first.json()
    late = await acknowledge()
    assert late.status_code == 200 and late.json()["status"] == "done"
    for back in ("failed", "partly_done", "not_held"):
        reply = await mall.report(task["id"], back)
        assert (reply.status_code, reply.json()["code"]) == (409, "state.conflict")
    answers = "SELECT count(*) FROM audit_entry WHERE convert_from(body, 'UTF8') LIKE '%task.answer%'"
    assert await one(house.desk, answers) == 2
    over = await mall.fetch(task["id"])
    assert over["subject"] is None


async def test_a_holder_returns_only_what_was_asked_and_numbers_in_it_are_masked(house: House) -> None:
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, DELIVERY)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    await house.decide(filed["claims"][1]["id"], outcome="approve")
    by_action = {task["action"]: task["id"] for task in await mall.tasks()}
    collect = by_action["collect"]
    for data in (
        {"report": [{"name": "x"}]},
        {"online_mall": [{"address": "x"}]},
        {"online_mall": "x"},
        {"a": [{"b": 1}]},
    ):
        assert (await mall.report(collect, data=data)).status_code == 422, data
    assert (await mall.report(by_action["suspend"], data={"online_mall": [{"name": "x"}]})).status_code == 422
    assert (await mall.report(collect, data={"online_mall": [{"name": "900101-1234567"}]})).status_code == 200
    await house.workshop.run()
    path = f"/v1/claims/{filed['claims'][0]['id']}/collection"
    kept = (await house.api.get(path, headers=house.auth("officer"))).text
    assert "1234567" not in kept and "******-*******" in kept


async def test_third_parties_hear_what_was_corrected_and_nothing_waits_for_them(house: House) -> None:
    service = await house.system("service")
    party = await house.system("given to", kind="third_party", actions=["hold", "release", "inform"])
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert await told(party) == ["hold separate_service"]
    await service.work()
    assert await statuses(house, filed) == ["closed"]
    waiting = {task["action"]: task["id"] for task in await party.tasks()}
    assert set(waiting) == {"release", "inform"}
    informed = await party.fetch(waiting["inform"])
    assert informed["changes"][0]["corrected"] == "서울특별시 강남구 새길 2"


async def test_withdrawing_undoes_the_hold_and_calls_back_what_waits(house: House) -> None:
    service = await house.system()
    filed = await house.file(ADDRESS, DELIVERY)
    await house.prove(filed)
    correction, suspension = (claim["id"] for claim in filed["claims"])
    [hold, suspend] = sorted(await service.tasks(), key=lambda task: task["action"])
    await service.fetch(hold["id"])
    # Whoever fetched the suspension may have acted on it; the other's holder had only looked at the hold.
    await service.fetch(suspend["id"])
    assert (await withdraw(house, filed)).status_code == 200
    assert await statuses(house, filed) == ["withdrawn", "withdrawn"]
    assert (await check(service))["holds"] == [] and (await check(service, category="online_mall", purpose="delivery"))[
        "holds"
    ] == []
    assert await told(service) == ["release separate_service", "resume online_mall"]
    gone = await service.fetch(suspend["id"])
    assert gone["status"] == "cancelled" and gone["subject"] is None
    again = await withdraw(house, filed, correction)
    assert again.status_code == 200 and (await withdraw(house, filed, suspension)).status_code == 200
    unknown = await withdraw(house, filed, "0193b9a0-0000-7000-8000-000000000000")
    assert unknown.json()["code"] == "claim.not_found"


async def test_what_is_being_destroyed_cannot_be_withdrawn_and_the_rest_still_can(house: House) -> None:
    mall = await house.system()
    filed = await house.file(DELETION, ADDRESS)
    await house.prove(filed)
    deletion = filed["claims"][0]["id"]
    await settle(house, deletion, "partial")
    [task] = [task for task in await mall.tasks() if task["action"] == "delete"]
    await mall.fetch(task["id"])
    assert (await withdraw(house, filed, deletion)).json()["code"] == "claim.irreversible"
    assert (await withdraw(house, filed)).status_code == 200
    assert await statuses(house, filed) == ["approved", "withdrawn"]
    assert (await withdraw(house, filed)).json()["claims"][0]["status"] == "approved"
    before_fetch = await house.file(DELETION, subject=YOUNGHEE)
    await house.prove(before_fetch)
    await settle(house, before_fetch["claims"][0]["id"], "partial")
    assert (await withdraw(house, before_fetch)).status_code == 200
    assert await statuses(house, before_fetch) == ["withdrawn"]
    assert (await check(mall, subject={"phone": YOUNGHEE["phone"]}, category="online_mall", purpose="delivery"))[
        "holds"
    ] == []


async def test_consent_is_withdrawn_by_two_and_stops_the_purpose(house: House) -> None:
    log = await house.system("log", categories=["site_log"])
    filed = await house.file(MARKETING)
    await house.prove(filed)
    await settle(house, filed["claims"][0]["id"])
    stopped = await check(log, category="site_log", purpose="marketing")
    assert stopped["allowed"] is False and stopped["holds"][0]["kind"] == "consent_withdrawn"
    assert (await check(log, category="site_log", purpose="personalisation"))["allowed"] is True
    assert await log.work() == ["withdraw_consent"]
    assert (await check(log, category="site_log", purpose="marketing"))["allowed"] is False


async def test_nothing_is_held_or_told_before_identity_or_for_a_stranger(house: House) -> None:
    system = await house.system()
    await house.file(ADDRESS)
    stranger = await house.file(ADDRESS, subject={**STRANGER, "name": GILDONG["name"]})
    await house.prove(stranger)
    assert (await check(system))["holds"] == [] and await told(system) == []
