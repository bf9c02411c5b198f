"""The traps of the law, by number: what is answered, on what ground, and what is done for it."""

from datetime import date, timedelta
from typing import Any

import pytest

from app import db
from app.desk import Desk
from app.law import assessment
from app.law.deadline import seoul_date
from app.law.proposal import Item
from app.law.terms import Capacity, Decider, FootageGround, ItemOutcome, Label, Right
from app.policy import bodies
from app.services import disclosure
from tests.api.acts import DELETION, DELIVERY, YOUNGHEE, claims, one, outcomes, refused, rows, statuses
from tests.api.footage_acts import acts, media, store
from tests.house import ADDRESS, GILDONG, ONLINE_MALL, STRANGER, Holder, House
from tests.law.world import POLICY

TALK = {"right": "access", "aspects": ["items"], "categories": ["consultation"]}
FAMILY = {"whose": "상담에 함께 적힌 사람", "harm": "그 사람의 사생활"}
REASON = "함께 적힌 사람의 사생활이 드러납니다."
CONSENTS = {"right": "consent_withdrawal", "purposes": ["service_consultation", "delivery", "marketing"]}


async def proved(house: House, *asked: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A request of somebody who is known, and the ids of its claims."""
    filed = await house.file(*asked)
    await house.prove(filed)
    return filed, [claim["id"] for claim in filed["claims"]]


async def may_use(house: House, system: Holder, category: str, purpose: str, **more: Any) -> dict[str, Any]:
    """What a system hears that asks before it uses the data."""
    asked = {"subject": {"phone": GILDONG["phone"]}, "category": category, "purpose": purpose, **more}
    reply = await house.api.post("/v1/processing-checks", json={"checks": [asked]}, headers=system.headers)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()["results"][0]
    return found


def refusing(item: str, ground: str, **facts: str) -> dict[str, Any]:
    return {"item": item, "outcome": "refuse", "ground": ground, "facts": facts}


async def test_trap_13_one_item_withheld_does_not_refuse_the_whole(house: House) -> None:
    desk = await house.system("desk", categories=["consultation"])
    filed, [claim] = await proved(house, TALK)
    withheld = refusing("consultation.content", "A35_4_2", **FAMILY)
    whole = await house.decide(claim, outcome="refuse", items=[withheld], reason=REASON)
    assert whole.status_code == 422
    part = await house.decide(claim, outcome="partial", items=[withheld], reason=REASON)
    assert part.status_code == 200, part.text
    assert (await house.approve(claim, agree=True)).status_code == 200
    [task] = await desk.tasks()
    assert (await desk.fetch(task["id"]))["fields"] == ["name", "phone"]
    assert await outcomes(house, filed) == {"partial"}


@pytest.mark.parametrize(("asked", "ground"), [(TALK, "A35_4_3"), (DELIVERY, "A37_2_3")])
async def test_trap_14_a_company_has_no_ground_of_public_bodies(
    house: House, asked: dict[str, Any], ground: str
) -> None:
    offered = (await house.api.get("/v1/rulebook")).json()["grounds"]
    assert ground not in [one["id"] for one in offered]
    other = {"right": "deletion", "categories": ["online_mall"]}
    _, [claim, _] = await proved(house, asked, other)
    items = (await house.assessment(claim))["items"]
    body = [refusing(items[0]["item"], ground, duty="조세 부과", harm="지장", statute="가상법 제1조")]
    assert refused(await house.decide(claim, outcome="refuse", items=body, reason=REASON))[2] == "ground.not_available"


@pytest.mark.parametrize(
    ("ground", "facts", "code"),
    [
        ("A35_4_1", {"statute": "개인정보 내부관리계획 제3조"}, "ground.not_available"),
        ("A35_4_trade_secret", {"statute": "영업비밀"}, "ground.not_available"),
        ("A35_3_police", {"cause": "경찰관 동행 필요"}, "ground.not_available"),
        ("A35_4_third_party_in_view", {"whose": "제3자"}, "ground.not_available"),
        ("A35_4_2", {"whose": "제3자가 함께 찍힘"}, "decision.facts_required"),
    ],
)
async def test_trap_15_a_house_rule_or_a_secret_is_no_ground(
    house: House, ground: str, facts: dict[str, str], code: str
) -> None:
    _, [claim] = await proved(house, TALK)
    body = [refusing("consultation.content", ground, **facts)]
    got = refused(await house.decide(claim, outcome="partial", items=body, reason=REASON))[2]
    assert got in (code, "decision.facts_required" if ground == "A35_4_1" else code)


async def test_trap_16_a_period_keeps_its_record_and_nothing_else(house: House) -> None:
    mall = await house.system()
    filed, [claim] = await proved(house, DELETION)
    items = {item["item"]: item["proposed"] for item in (await house.assessment(claim))["items"]}
    assert items == {
        "online_mall.name": "grant",
        "online_mall.phone": "grant",
        "online_mall:contract_5y": "keep",
        "online_mall:payment_5y": "keep",
    }
    await house.decide(claim, outcome="partial", reason="거래 기록은 법에 따라 보존합니다.")
    await house.approve(claim, agree=True)
    [task] = await mall.tasks()
    whole = await mall.fetch(task["id"])
    assert whole["fields"] == ["name", "phone"]
    assert [record["record_class"] for record in whole["keep"]] == ["contract_5y", "payment_5y"]
    await mall.work()
    [told] = await claims(house, filed)
    kept = [item for item in told["decision"]["items"] if item["outcome"] == "keep"]
    assert all("전자상거래" in item["basis"] and item["until"] for item in kept)


async def test_trap_17_the_bar_to_deletion_bars_no_correction(house: House) -> None:
    _, [claim] = await proved(house, ADDRESS)
    body = [refusing("separate_service.address", "A36_1", statute="가상법 제1조")]
    assert refused(await house.decide(claim, outcome="refuse", items=body, reason=REASON))[2] == "ground.not_available"


@pytest.mark.parametrize("ends", [True, False])
async def test_trap_18_who_ends_the_contract_is_not_held_by_it(house: House, ends: bool) -> None:
    await house.system()
    # Another open claim on the category, so that an officer decides and not the machine.
    _, [claim, _] = await proved(house, {**DELIVERY, "ends_contract": ends}, DELETION)
    body = [refusing("online_mall.delivery", "A37_2_4", service="배송", contract="주문")]
    reply = await house.decide(claim, outcome="refuse", items=body, reason=REASON)
    if ends:
        assert refused(reply)[2] == "ground.not_available"
    else:
        assert reply.status_code == 200, reply.text


async def test_trap_19_a_stop_reaches_processors_and_a_measure_follows(house: House) -> None:
    mall = await house.system()
    carrier = await house.system("carrier", kind="processor", categories=["online_mall"])
    filed, _ = await proved(house, DELIVERY)
    # Stopped the moment it is granted, before any holder has confirmed it.
    assert (await may_use(house, mall, "online_mall", "delivery"))["allowed"] is False
    assert await mall.work() == ["suspend"] and await carrier.work() == ["suspend"]
    assert await statuses(house, filed) == ["closed"]
    followed = await rows(house.desk, "SELECT category, due_on FROM follow_up")
    assert [row.category for row in followed] == ["online_mall"]
    assert all(row.due_on <= seoul_date(db.now()) + timedelta(days=20) for row in followed)


async def test_trap_20_a_withdrawal_leaves_what_rests_on_contract(house: House) -> None:
    _, [claim] = await proved(house, CONSENTS)
    proposed = {item["item"]: (item["proposed"], item["ground"]) for item in (await house.assessment(claim))["items"]}
    assert proposed["online_mall.delivery"] == ("keep", "A37_2_4")
    assert proposed["site_log.marketing"] == ("grant", None)
    assert "online_mall:contract_5y" not in proposed


async def test_trap_21_recording_in_a_public_place_is_not_stopped_but_can_be_seen(house: House) -> None:
    site = await store(house)
    filed, [stop] = await proved(house, {"right": "suspension", "categories": ["cctv"], "ends_contract": False})
    [item] = (await house.assessment(stop))["items"]
    assert (item["proposed"], item["ground"]) == ("refuse", "A58_2")
    assert "촬영을 멈추어 드릴 수 없습니다" in item["text"]["ko"]
    seen = await house.file(media(site))
    assert [claim["status"] for claim in seen["claims"]] == ["received"]
    assert await statuses(house, filed) == ["verified"]


async def test_trap_22_footage_is_kept_before_anybody_is_known_and_let_go_on_record(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site, days=29))
    assert await site.work() == ["preserve"]
    assert await statuses(house, filed) == ["received"]
    withdrawal = f"/v1/requests/{filed['id']}/withdrawal"
    await house.api.post(withdrawal, json={}, headers={"Authorization": f"Bearer {filed['requester_token']}"})
    await house.workshop.run()
    assert await site.work() == ["release"]
    assert await acts(house, filed) == ["preserve", "release"]


def test_trap_23_nobody_is_told_who_another_person_in_the_picture_was() -> None:
    # Footage is shown for one's own image or a plain need; giving it out for an investigation is no ground here.
    assert {one.value for one in FootageGround} == {"own_image", "life", "body", "property"}


async def test_trap_36_while_a_correction_is_open_the_old_value_is_not_used(house: House) -> None:
    mall = await house.system()
    await proved(house, ADDRESS)
    found = await may_use(house, mall, "separate_service", "subscription_agency")
    assert (found["allowed"], found["except"]) == (True, ["address"])
    named = await may_use(house, mall, "separate_service", "subscription_agency", fields=["address"])
    assert named["allowed"] is False
    demanded = await may_use(
        house, mall, "separate_service", "subscription_agency", fields=["address"], required_by_law="형사소송법 199"
    )
    assert demanded["allowed"] is True


@pytest.mark.parametrize("cause", ["controller", "person"])
async def test_trap_37_no_fee_where_the_error_was_ours(house: House, cause: str) -> None:
    _, [claim] = await proved(house, TALK)
    fee = {"cause": cause, "fee": 1000, "breakdown": "사본 10장"}
    # This policy announces no fees at all, so nobody pays, least of all for our own error.
    assert refused(await house.decide(claim, outcome="approve", fee=fee))[2] == "fee.not_allowed"


async def test_trap_38_nothing_held_is_an_answer_too(house: House) -> None:
    filed = await house.file(ONLINE_MALL, subject=STRANGER)
    await house.prove(filed)
    assert (await statuses(house, filed), await outcomes(house, filed)) == (["closed"], {"nothing_held"})
    notices = await rows(house.desk, "SELECT form, kind FROM notice")
    assert [(row.form, row.kind) for row in notices] == [("9", "result")]


async def test_trap_39_what_is_destroyed_leaves_no_bytes_behind(house: House) -> None:
    mall = await house.system()
    await proved(house, ONLINE_MALL)
    await mall.work()
    assert await one(house.desk, "SELECT count(*) FROM package_chunk") > 0
    async with house.desk.database.transaction() as session:
        assert await disclosure.destroy_packages(session, now=db.now() + timedelta(days=60)) == 1
    assert await one(house.desk, "SELECT count(*) FROM package_chunk") == 0
    assert await one(house.desk, "SELECT count(*) FROM package WHERE destroyed_at IS NOT NULL") == 1


async def test_trap_40_the_case_outlives_the_data_it_deleted(house: House) -> None:
    await house.system()
    mall_only = {"right": "deletion", "fields": [{"category": "report", "field": "email"}]}
    report = await house.system("reports", categories=["report"])
    filed, [claim] = await proved(house, mall_only)
    await house.decide(claim, outcome="approve")
    await report.work()
    assert await statuses(house, filed) == ["closed"]
    for table in ("request", "claim", "decision", "task", "notice"):
        assert await one(house.desk, f'SELECT count(*) FROM "{table}"') == 1, table
    audited = "SELECT count(*) FROM audit_entry WHERE request_id = :id"
    assert await one(house.desk, audited, id=filed["id"]) > 5


@pytest.mark.parametrize("proposed", [ItemOutcome.REFUSE, ItemOutcome.KEEP])
@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("capacity", list(Capacity))
def test_trap_41_no_machine_refuses_or_keeps(right: Right, capacity: Capacity, proposed: ItemOutcome) -> None:
    item = Item("mall.name", proposed, "A35_4_2", "법", None, (), {}, Label("가", "a"))
    for plain in (True, False):
        decider = assessment.decides(POLICY, right, capacity, uncontested=plain, short_lived=True, items=(item,))
        assert decider is Decider.TWO


def test_trap_42_the_prosecution_is_not_named_after_its_end(desk: Desk) -> None:
    before, after = (
        [one.label.ko for one in bodies(desk.policy, day)] for day in (date(2026, 10, 1), date(2026, 10, 2))
    )
    assert any("대검찰청" in one for one in before)
    assert not any("검찰" in one for one in after) and len(after) == len(before) - 1


async def test_trap_44_pseudonymised_data_is_excepted_and_never_turned_back(house: House) -> None:
    found = {one["id"]: one for one in (await house.api.get("/v1/rulebook")).json()["grounds"]}
    assert found["A28_7"]["effect"] == "except"
    assert set(found["A28_7"]["rights"]) == {right.value for right in Right}


@pytest.mark.usefixtures("elsewhere")
async def test_trap_45_what_came_from_others_is_said_and_what_is_theirs_handed_over(house: House) -> None:
    mall = await house.system(categories=["inquiry"])
    filed, [claim, _] = await proved(
        house, {"right": "access", "aspects": ["items"], "categories": ["inquiry"]}, ONLINE_MALL
    )
    sources = f"/v1/requests/{filed['id']}/sources"
    told = await house.api.get(sources, headers={"Authorization": f"Bearer {filed['requester_token']}"})
    assert told.status_code == 200 and told.json()["basis"] == "법 20①"
    assert (await house.decide(claim, outcome="approve")).status_code == 200
    assert "handed_over" in await outcomes(house, filed)
    assert await mall.tasks() == [], "what belongs to another is not collected here"
    assert await one(house.desk, "SELECT count(*) FROM relay") == 1


async def test_trap_49_one_request_many_rights_each_with_its_own_answer(house: House) -> None:
    mall = await house.system()
    filed, ids = await proved(house, ONLINE_MALL, ADDRESS, DELIVERY)
    assert len({claim["due_on"] for claim in filed["claims"]}) == 1
    for claim in ids:
        assert (await house.decide(claim, outcome="approve")).status_code == 200
    while await mall.work():
        pass
    assert await statuses(house, filed) == ["closed"] * 3
    told = await rows(house.desk, "SELECT claim_id, form FROM notice ORDER BY form")
    assert sorted(row.form for row in told) == ["10", "10", "9"] and len({row.claim_id for row in told}) == 3


async def test_trap_50_asking_again_is_no_ground_to_refuse(house: House) -> None:
    await house.system()
    first = await house.file(ONLINE_MALL, subject=YOUNGHEE)
    second = await house.file(ONLINE_MALL, subject=YOUNGHEE)
    assert await one(house.desk, "SELECT count(*) FROM request WHERE duplicate_of IS NOT NULL") == 1
    for filed in (first, second):
        await house.prove(filed)
        assert await statuses(house, filed) != ["withdrawn"]
    grounds = (await house.api.get("/v1/rulebook")).json()["grounds"]
    assert not [ground for ground in grounds if "반복" in ground["text"]["ko"]]
