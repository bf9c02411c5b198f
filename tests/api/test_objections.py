"""Objections (Act 38(5)): taken on a clock of their own, ruled on by others, confirmed or decided anew."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import text

from app import db
from app.law.deadline import seoul_date
from tests.api.acts import DELETION, claims, one, refused, rows, statuses
from tests.api.test_postponement import object_to, opened, rule
from tests.house import ONLINE_MALL, House, key

REASON = "보존할 기록이 있어 삭제할 수 없습니다."


async def refuse(house: House, claim_id: str, officer: str = "officer-1", approver: str = "approver-1") -> None:
    """Two people refuse it whole."""
    items = (await house.assessment(claim_id))["items"]
    refusals = [
        {"item": one["item"], "outcome": "refuse", "ground": "A36_1", "facts": {"statute": "가상법 제1조"}}
        for one in items
    ]
    decided = await house.decide(claim_id, sub=officer, outcome="refuse", items=refusals, reason=REASON)
    assert decided.status_code == 200, decided.text
    assert (await house.approve(claim_id, sub=approver, agree=True)).status_code == 200


async def closed(house: House) -> dict[str, Any]:
    """A deletion that two people refused, told and closed."""
    await house.system()
    filed = await house.file(DELETION)
    await house.prove(filed)
    await refuse(house, filed["claims"][0]["id"])
    assert await statuses(house, filed) == ["closed"]
    return filed


async def test_a_decision_is_objected_to_and_answered_within_ten_days(house: House) -> None:
    filed = await closed(house)
    assert "object" in (await house.look(filed))["actions"]
    reply = await object_to(house, filed, reason="저에게는 보존할 기록이 없습니다.")
    assert reply.status_code == 201, reply.text
    told = reply.json()
    assert (told["state"], told["late"], told["of"]) == ("open", False, "decision")
    assert told["due_steps"][0]["step"] == "objection arrived, not counted"
    [claim] = await claims(house, filed)
    assert (claim["status"], claim["objection"]["answered_by"]) == ("objected", told["due_on"])
    assert "이의제기를 받았습니다" in house.sent("mail")[-1]["text"] + house.sent("mail")[-2]["text"]
    stored = await one(house.desk, "SELECT encode(reason_ct, 'escape') FROM objection")
    assert "보존할" not in stored
    queue = await house.api.get("/v1/objections", headers=house.auth("approver"))
    assert [item["id"] for item in queue.json()["items"]] == [told["id"]]


async def test_nobody_who_took_part_rules(house: House) -> None:
    filed = await closed(house)
    objection = (await object_to(house, filed, reason="다시 보아 주십시오.")).json()
    # The officer who proposed it and the approver who agreed, in whatever role they come.
    for person in ("officer-1", "approver-1"):
        assert refused(await rule(house, objection["id"], "overturned", sub=person))[2] == "approval.same_person"
    assert (await rule(house, objection["id"], "confirmed", sub="approver-2")).status_code == 200
    assert refused(await rule(house, objection["id"], "overturned", sub="approver-3"))[2] == "state.conflict"


async def test_a_confirmed_decision_stays_with_its_reason_and_the_bodies_outside(house: House) -> None:
    filed = await closed(house)
    objection = (await object_to(house, filed, reason="다시 보아 주십시오.")).json()
    assert refused(await rule(house, objection["id"], "confirmed", reason=" "))[2] == "decision.reason_required"
    await rule(house, objection["id"], "confirmed")
    assert await statuses(house, filed) == ["closed"]
    page = await opened(house, filed, "ruling")
    for said in ("그대로 둡니다", "다시 살펴보았습니다.", "분쟁조정위원회", "118"):
        assert said in page, said
    # The prosecution's entry has ended (2026-10-02).
    assert "대검찰청" not in page


async def test_an_upheld_objection_is_decided_anew_by_others(house: House) -> None:
    filed = await closed(house)
    claim_id = filed["claims"][0]["id"]
    objection = (await object_to(house, filed, reason="다시 보아 주십시오.")).json()
    assert (await rule(house, objection["id"], "overturned")).json()["state"] == "overturned"
    [claim] = await claims(house, filed)
    assert (claim["status"], claim["decision"]) == ("verified", None)
    assert "objection upheld, not counted" in [step["step"] for step in claim["due_steps"]]
    assert [row.round for row in await rows(house.desk, "SELECT round FROM assessment ORDER BY round")] == [1, 2]
    # Whoever decided before, and whoever ruled, keeps away.
    assert refused(await house.decide(claim_id, sub="officer-1", outcome="partial", reason=REASON))[2] == (
        "approval.same_person"
    )
    decided = await house.decide(claim_id, sub="officer-2", outcome="partial", reason=REASON)
    assert decided.status_code == 200, decided.text
    for person in ("approver-1", "approver-2"):
        assert refused(await house.approve(claim_id, sub=person, agree=True))[2] == "approval.same_person"
    assert (await house.approve(claim_id, sub="approver-3", agree=True)).status_code == 200
    assert await one(house.desk, "SELECT count(*) FROM task WHERE round = 2 AND action = 'delete'") == 1


async def test_an_answer_of_the_machine_that_was_objected_to_is_a_persons_the_next_time(house: House) -> None:
    mall = await house.system()
    filed = await house.file(ONLINE_MALL)
    await house.prove(filed)
    await mall.work()
    assert await statuses(house, filed) == ["closed"]
    assert await one(house.desk, "SELECT decided_by FROM decision") == "machine"
    objection = (await object_to(house, filed, reason="빠진 것이 있습니다.")).json()
    await rule(house, objection["id"], "overturned")
    assert await statuses(house, filed) == ["verified"], "the machine would answer the same again"
    decided = await house.decide(filed["claims"][0]["id"], sub="officer-2", outcome="approve")
    assert decided.status_code == 200, decided.text
    await mall.work()
    assert await statuses(house, filed) == ["closed"]


async def test_the_second_round_is_carried_out_and_told(house: House) -> None:
    mall = await house.system()
    filed = await house.file(DELETION)
    await house.prove(filed)
    claim_id = filed["claims"][0]["id"]
    await refuse(house, claim_id)
    objection = (await object_to(house, filed, reason="다시 보아 주십시오.")).json()
    await rule(house, objection["id"], "overturned")
    await house.decide(claim_id, sub="officer-2", outcome="partial", reason=REASON)
    await house.approve(claim_id, sub="approver-3", agree=True)
    assert await mall.work() == ["delete"]
    assert await statuses(house, filed) == ["closed"]
    told = [
        (row.round, row.kind.partition("_")[0]) for row in await rows(house.desk, "SELECT * FROM notice ORDER BY id")
    ]
    assert told == [(1, "result"), (1, "ruling"), (2, "result")]
    again = await object_to(house, filed, reason="아직 아닙니다.")
    assert again.status_code == 201


async def test_it_is_taken_back_and_the_decision_stands(house: House) -> None:
    filed = await closed(house)
    objection = (await object_to(house, filed, reason="다시 보아 주십시오.")).json()
    path = f"/v1/objections/{objection['id']}/withdrawal"
    headers = {"Authorization": f"Bearer {filed['requester_token']}"}
    for _ in range(2):
        assert (await house.api.post(path, headers=headers)).json()["state"] == "dropped"
    assert await statuses(house, filed) == ["closed"]


async def test_after_the_window_it_is_taken_where_the_policy_says_so(house: House) -> None:
    filed = await closed(house)
    async with house.desk.database.transaction() as session:
        ended = seoul_date(db.now()) - timedelta(days=1)
        await session.execute(text("UPDATE claim SET objection_until = :day"), {"day": ended})
    reply = await object_to(house, filed, reason="늦었지만 씁니다.")
    assert (reply.status_code, reply.json()["late"]) == (201, True)


async def test_an_open_claim_is_not_objected_to_and_a_stranger_sees_nothing(house: House) -> None:
    filed = await house.file(DELETION)
    assert refused(await object_to(house, filed, reason="이르지만"))[2] == "state.conflict"
    other = await house.file(DELETION)
    headers = {"Authorization": f"Bearer {other['requester_token']}", **key()}
    path = f"/v1/claims/{filed['claims'][0]['id']}/objections"
    foreign: httpx.Response = await house.api.post(path, json={"reason": "남의 일"}, headers=headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "claim.not_found")
