"""Who decides: the machine only grants, two people refuse, and nothing is refused without ground, facts and reason."""

from datetime import datetime
from typing import Any

from tests.api.acts import DELETION, DELIVERY, MARKETING, YOUNGHEE, actions, claims, one, rows, statuses
from tests.house import ADDRESS, GILDONG, ONLINE_MALL, STRANGER, House, bearer

STATUTE = {"statute": "통신비밀보호법 제15조의2"}
REFUSED = {"item": "online_mall.phone", "outcome": "refuse", "ground": "A35_4_1", "facts": STATUTE}
ALL_REFUSED = [REFUSED, {**REFUSED, "item": "online_mall.name"}]
REPORT = {"right": "deletion", "categories": ["report"]}
CONSULTATION = {"right": "access", "aspects": ["items"], "categories": ["consultation"]}


async def contested(house: House) -> tuple[dict[str, Any], str]:
    """An access claim that an officer decides, for a deletion of the same category is open."""
    filed = await house.file(ONLINE_MALL, DELETION)
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified", "verified"]
    return filed, filed["claims"][0]["id"]


async def test_who_decides_is_the_table(house: House) -> None:
    people = (GILDONG, YOUNGHEE)
    table = (
        (ONLINE_MALL, "machine"),
        (DELIVERY, "machine"),
        (CONSULTATION, "officer"),
        ({"right": "access", "aspects": ["items"]}, "officer"),
        (ADDRESS, "officer"),
        (REPORT, "officer"),
        ({"right": "deletion", "categories": ["inquiry", "partner_report"]}, "officer"),
        (DELETION, "two"),
        ({"right": "deletion", "categories": ["report", "online_mall"]}, "two"),
        (MARKETING, "two"),
    )
    for n, (claim, decides) in enumerate(table):
        filed = await house.file(claim, subject=people[n % 2], notify_by="visit")
        await rows(house.desk, "UPDATE verification SET created_at = created_at - interval '2 hours' RETURNING id")
        await house.prove(filed)
        found = await house.assessment(filed["claims"][0]["id"])
        assert found["decides"] == decides, claim
        if decides == "machine":
            [seen] = await claims(house, filed)
            assert seen["decision"]["decided_by"] == "machine" and seen["decision"]["outcome"] == "approve"
        else:
            path = f"/v1/requests/{filed['id']}/withdrawal"
            assert (await house.api.post(path, json={}, headers=bearer(filed["requester_token"]))).status_code == 200


async def test_another_open_claim_on_the_category_makes_it_a_persons(house: House) -> None:
    filed, claim_id = await contested(house)
    assert (await house.assessment(claim_id))["decides"] == "officer"
    other = await house.file(ONLINE_MALL)
    await house.prove(other)
    assert await statuses(house, other) == ["verified"]
    elsewhere = await house.file({**ONLINE_MALL, "categories": ["separate_service"]})
    await house.prove(elsewhere)
    assert (await claims(house, elsewhere))[0]["decision"]["decided_by"] == "machine"
    nobody = await house.file(ONLINE_MALL, subject=YOUNGHEE)
    await house.prove(nobody)
    assert (await claims(house, nobody))[0]["decision"]["decided_by"] == "machine"
    assert await statuses(house, filed) == ["verified", "verified"]


UNSOUND = (
    ({"outcome": "refuse"}, "decision.inconsistent"),
    ({"outcome": "approve", "items": [REFUSED]}, "decision.inconsistent"),
    ({"outcome": "partial", "items": ALL_REFUSED, "reason": "법에 따라"}, "decision.inconsistent"),
    ({"outcome": "refuse", "items": ALL_REFUSED}, "decision.reason_required"),
    ({"outcome": "refuse", "items": ALL_REFUSED, "reason": "  "}, "decision.reason_required"),
    ({"outcome": "partial", "items": [{**REFUSED, "ground": None}], "reason": "그냥"}, "ground.required"),
    ({"outcome": "partial", "items": [{**REFUSED, "facts": {}}], "reason": "그냥"}, "decision.facts_required"),
    ({"outcome": "partial", "items": [{**REFUSED, "facts": {"statute": " "}}], "reason": "그냥"}, None),
    ({"outcome": "partial", "items": [{**REFUSED, "ground": "A35_4_3"}], "reason": "그냥"}, "ground.not_available"),
    ({"outcome": "partial", "items": [{**REFUSED, "ground": "A36_1"}], "reason": "그냥"}, "ground.not_available"),
    ({"outcome": "partial", "items": [{**REFUSED, "ground": "B1"}], "reason": "그냥"}, "ground.not_available"),
    ({"outcome": "partial", "items": [{**REFUSED, "item": "report.name"}], "reason": "x"}, "decision.unknown_item"),
    ({"outcome": "partial", "items": [REFUSED, REFUSED], "reason": "x"}, "decision.inconsistent"),
    ({"outcome": "approve", "items": [{"item": "online_mall.name", "outcome": "maybe"}]}, "field.value"),
    ({"outcome": "nothing_held"}, "field.value"),
    ({"outcome": "approve", "state": "effective"}, "field.unknown"),
    ({}, "field.required"),
    (
        {"outcome": "partial", "items": [REFUSED], "reason": "주민번호 4111 1111 1111 1111"},
        "identifier.card_not_allowed",
    ),
)


async def test_a_refusal_without_ground_facts_and_reason_cannot_be_made(house: House) -> None:
    _, claim_id = await contested(house)
    for body, code in UNSOUND:
        reply = await house.decide(claim_id, **body)
        assert reply.status_code == 422 and code in (None, reply.json()["code"]), (body, reply.text)
    assert await one(house.desk, "SELECT count(*) FROM decision") == 0


async def test_a_refusal_takes_two_and_is_told_with_its_reason_and_the_way_to_object(house: House) -> None:
    filed, claim_id = await contested(house)
    proposed = await house.decide(
        claim_id, outcome="refuse", items=ALL_REFUSED, reason="법률이 금지합니다.", internal_note="동료만 볼 말"
    )
    assert proposed.json()["decision"]["state"] == "proposed"
    assert (await claims(house, filed))[0]["decision"] is None
    assert "동료만" not in str(await house.look(filed))
    assert filed["receipt_no"] in house.sent("mail")[-1]["text"] and "홍길동" not in str(house.sent("mail")[-1])
    # The same person is the same person in whatever role.
    assert (await house.approve(claim_id, sub="officer-1", agree=True)).json()["code"] == "approval.same_person"
    assert (await house.approve(claim_id, agree=False)).json()["code"] == "approval.note_required"
    returned = await house.approve(claim_id, agree=False, note="근거가 약합니다.")
    assert returned.json()["decision"]["state"] == "returned"
    assert (await house.approve(claim_id, agree=True)).json()["code"] == "approval.not_proposed"
    await house.decide(claim_id, outcome="refuse", items=ALL_REFUSED, reason="법률이 금지합니다.")
    assert (await house.approve(claim_id, agree=True)).status_code == 200
    [refused, _] = await claims(house, filed)
    assert (refused["status"], refused["decision"]["outcome"]) == ("closed", "refuse")
    assert refused["decision"]["reason"] == "법률이 금지합니다." and refused["decision"]["decided_by"] == "person"
    assert refused["objection"]["until"] and refused["objection"]["how"]
    [notice] = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=house.auth("officer"))).json()[
        "items"
    ]
    path = f"/v1/notices/{notice['id']}/document"
    page = (await house.api.get(path, headers={**house.auth("officer"), "Accept": "text/html"})).text
    for told in ("법률이 금지합니다.", "제35조제4항제1호", STATUTE["statute"], "이의"):
        assert told in page, told
    assert "동료만" not in page
    states = [state for (state,) in await rows(house.desk, "SELECT state FROM decision ORDER BY id")]
    assert states == ["returned", "effective"]
    told = await actions(house.desk, filed["id"])
    assert (told["claim.propose"], told["claim.return"], told["claim.refuse"]) == (2, 1, 1)


async def test_proposal_and_decision_are_kept_with_the_edition(house: House) -> None:
    filed, claim_id = await contested(house)
    arrived_on = datetime.fromisoformat(filed["arrived_at"]).date()
    await house.decide(claim_id, outcome="partial", items=[REFUSED], reason="일부만")
    await house.decide(claim_id, sub="officer-2", outcome="approve")
    kept = await rows(
        house.desk,
        "SELECT d.state, d.edition, d.outcome, d.proposer_sub, a.edition, a.items FROM decision d"
        " JOIN assessment a USING (claim_id) ORDER BY d.id",
    )
    assert [(row[0], row[2], row[3]) for row in kept] == [
        ("superseded", "partial", "officer-1"),
        ("effective", "approve", "officer-2"),
    ]
    assert {row[1] for row in kept} == {row[4] for row in kept} == {house.desk.rulebook.at(arrived_on).id}
    assert {item["proposed"] for item in kept[0][5]} == {"grant"}


async def test_a_decision_names_the_version_it_was_made_on(house: House) -> None:
    _, claim_id = await contested(house)
    officer, path = house.auth("officer"), f"/v1/claims/{claim_id}/decision"
    seen = (await house.api.get(f"/v1/claims/{claim_id}", headers=officer)).headers["etag"]
    body = {"outcome": "approve"}
    assert (await house.api.put(path, json=body, headers=officer)).json()["code"] == "precondition.required"
    for stale in ('"v1"', f"W/{seen}", "*", f'{seen}, "v9"', "v3", ""):
        reply = await house.api.put(path, json=body, headers={**officer, "If-Match": stale})
        assert (reply.status_code, reply.json()["code"]) == (412, "precondition.failed"), stale
    assert (await house.api.put(path, json=body, headers={**officer, "If-Match": seen})).status_code == 200


async def test_what_is_unverified_unassessed_decided_or_closed_is_not_decided(house: House) -> None:
    filed = await house.file(ONLINE_MALL)
    [claim] = filed["claims"]
    assert (await house.decide(claim["id"], outcome="approve")).json()["code"] == "claim.not_verified"
    assert (await house.approve(claim["id"], agree=True)).json()["code"] == "claim.not_verified"
    await house.prove(filed)
    closed = await house.decide(claim["id"], outcome="approve")
    assert (closed.status_code, closed.json()["code"]) == (409, "claim.closed")
    assert (await house.approve(claim["id"], agree=True)).json()["code"] == "claim.closed"
    _, claim_id = await contested(house)
    await rows(house.desk, "DELETE FROM assessment RETURNING id")
    headers = house.auth("officer")
    seen = await house.api.get(f"/v1/claims/{claim_id}", headers=headers)
    early = await house.api.put(
        f"/v1/claims/{claim_id}/decision",
        json={"outcome": "approve"},
        headers={**headers, "If-Match": seen.headers["etag"]},
    )
    assert early.json()["code"] == "claim.not_assessed"
    assert (await house.assessment(claim_id))["state"] == "pending"


async def test_deciding_is_for_officers_and_approving_for_approvers(house: House) -> None:
    filed, claim_id = await contested(house)
    for role in ("website", "call_center", "clerk", "approver", "auditor", "admin"):
        reply = await house.api.put(
            f"/v1/claims/{claim_id}/decision",
            json={"outcome": "approve"},
            headers={**house.auth(role), "If-Match": '"v1"'},
        )
        assert reply.json()["code"] == "auth.forbidden", role
    for role in ("website", "call_center", "clerk", "officer", "auditor", "admin"):
        reply = await house.api.post(
            f"/v1/claims/{claim_id}/approval", json={"agree": True}, headers={**house.auth(role), "If-Match": '"v1"'}
        )
        assert reply.json()["code"] == "auth.forbidden", role
    assert await statuses(house, filed) == ["verified", "verified"]


async def test_free_words_are_read_by_an_officer_before_they_leave(house: House) -> None:
    desk = await house.system("a desk", categories=["consultation"])
    filed = await house.file(CONSULTATION)
    await house.prove(filed)
    [claim] = filed["claims"]
    assert (await house.decide(claim["id"], outcome="approve")).json()["status"] == "approved"
    assert await desk.work() == ["collect"]
    [seen] = await claims(house, filed)
    assert seen["status"] == "carried_out" and not seen["package"]["available"]
    assert [one_["kind"] for one_ in (await house.look(filed, "officer"))["review"]] == ["collection.read"]
    assert await one(house.desk, "SELECT count(*) FROM notice") == 0
    path, officer = f"/v1/claims/{claim['id']}/collection", house.auth("officer")
    # The second person has to see what they agree to hide.
    assert (await house.api.get(path, headers=house.auth("approver"))).status_code == 200
    read = await house.api.get(path, headers=officer)
    assert read.json()["state"] == "to_read" and "value of content" in read.text
    assert (await house.api.put(f"{path}/review", headers=officer)).status_code == 428
    stale = await house.api.put(f"{path}/review", headers={**officer, "If-Match": '"v1"'})
    assert stale.status_code == 412
    released = await house.api.put(f"{path}/review", headers={**officer, "If-Match": read.headers["etag"]})
    assert released.status_code == 200
    await house.workshop.run()
    [seen] = await claims(house, filed)
    assert seen["status"] == "closed" and seen["package"]["available"]


async def test_nothing_held_is_decided_by_the_machine_for_every_right(house: House) -> None:
    filed = await house.file(ONLINE_MALL, ADDRESS, DELETION, DELIVERY, MARKETING, subject=STRANGER)
    await house.prove(filed)
    decided = [claim["decision"] for claim in await claims(house, filed)]
    assert {(one_["outcome"], one_["decided_by"]) for one_ in decided} == {("nothing_held", "machine")}
    assert await statuses(house, filed) == ["closed"] * 5
