"""Two other companies at this desk, each by its policy file alone: a public hospital group and an online game (I7)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from examples.common.files import WatchedFile
from examples.register.__main__ import build
from tests.api.acts import answer, ask, claims, one, rows, statuses
from tests.api.footage_acts import media, order, store
from tests.api.logins import log_in
from tests.conftest import REGISTER_SECRET, serving
from tests.house import House, key

EXAMPLES = Path(__file__).parents[2] / "examples"
PATIENT = {"name": "문하린", "phone": "010-0000-7101"}
PLAYER = {"customer_no": "comet-77", "email": "comet@example.com"}
CHILD = {"customer_no": "little-bear", "birth_date": "2016-05-09"}
GUARDIAN = {"name": "곰여울", "birth_date": "1985-11-20", "phone": "010-0000-7202", "relationship": "parent"}


def company(environment: dict[str, str], name: str) -> Iterator[None]:
    """The desk of an example company, with its own register of people."""
    folder = EXAMPLES / "companies" / name
    with serving(build(REGISTER_SECRET, WatchedFile(folder / "people.json"))) as url:
        environment.update(
            POLICY_FILE=str(folder / "policy.yaml"), RULEBOOK_DIR=str(EXAMPLES / "rulebooks"), REGISTER_URL=url
        )
        yield


@pytest.fixture
def hospital(environment: dict[str, str]) -> Iterator[None]:
    yield from company(environment, "hospital")


@pytest.fixture
def game(environment: dict[str, str], trusted: None) -> Iterator[None]:
    yield from company(environment, "game")


async def items(house: House, filed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["item"]: one for one in (await house.assessment(filed["claims"][0]["id"]))["items"]}


# The hospital ---------------------------------------------------------------------------------------------------


async def test_a_hospital_may_put_its_public_duty_against_access(hospital: None, house: House) -> None:
    served = (await house.api.get("/v1/rulebook")).json()
    assert served["controller"] == "public_body"
    assert {"A35_4_3", "A37_2_3", "A35_4_1_medical"} <= {ground["id"] for ground in served["grounds"]}
    assert "medical" in {sector["id"] for sector in served["sectors"]}
    filed = await house.file(
        {"right": "access", "aspects": ["items"], "categories": ["treatment_record"]}, subject=PATIENT
    )
    await house.prove(filed)
    claim = filed["claims"][0]["id"]
    assert (await house.assessment(claim))["decides"] == "officer"
    duty = {"duty": "진행 중인 감염병 역학조사", "harm": "조사가 끝나기 전에 알려지면 조사를 할 수 없습니다."}
    refused = {"item": "treatment_record.notes", "outcome": "refuse", "ground": "A35_4_3", "facts": duty}
    proposed = await house.decide(claim, outcome="partial", items=[refused], reason="역학조사에 지장을 줍니다.")
    assert proposed.json()["decision"]["state"] == "proposed", proposed.text
    assert (await house.approve(claim, agree=True)).status_code == 200
    [seen] = await claims(house, filed)
    assert (seen["decision"]["outcome"], seen["decision"]["decided_by"]) == ("partial", "person")


async def test_a_statute_of_medicine_may_be_put_against_access(hospital: None, house: House) -> None:
    filed = await house.file(
        {"right": "access", "aspects": ["items"], "categories": ["treatment_record"]}, subject=PATIENT
    )
    await house.prove(filed)
    claim = filed["claims"][0]["id"]
    refused = {"item": "treatment_record.notes", "outcome": "refuse", "ground": "A35_4_1_medical"}
    lacking = await house.decide(
        claim, outcome="partial", items=[{**refused, "facts": {"statute": "의료법 제21조제2항"}}], reason="다른 환자"
    )
    assert lacking.json()["code"] == "decision.facts_required"
    facts = {"statute": "의료법 제21조제2항", "other_patient": "같은 병실의 다른 환자에 관한 부분"}
    whole = await house.decide(claim, outcome="partial", items=[{**refused, "facts": facts}], reason="다른 환자")
    assert whole.json()["decision"]["state"] == "proposed", whole.text


async def test_deletion_at_a_hospital_item_by_item(hospital: None, house: House) -> None:
    """Registration goes and its list stays; what the Act on medicine names is not deleted; research is not reached."""
    wanted = ["patient", "treatment_record", "examination", "research_set"]
    filed = await house.file({"right": "deletion", "categories": wanted}, subject=PATIENT)
    await house.prove(filed)
    found = await items(house, filed)
    assert {name: (one["proposed"], one["ground"]) for name, one in found.items()} == {
        "patient.name": ("grant", None),
        "patient.birth_date": ("grant", None),
        "patient.phone": ("grant", None),
        "patient.address": ("grant", None),
        "patient:patient_list_5y": ("keep", "A21_1"),
        "treatment_record.diagnosis": ("refuse", "A36_1"),
        "treatment_record.prescription": ("refuse", "A36_1"),
        "treatment_record.notes": ("refuse", "A36_1"),
        "treatment_record:treatment_10y": ("keep", "A21_1"),
        "examination.result": ("grant", None),
        "examination:examination_5y": ("keep", "A21_1"),
        "research_set.measurements": ("refuse", "A28_7"),
    }
    arrived = int(filed["arrived_at"][:4])
    assert found["treatment_record:treatment_10y"]["until"].startswith(str(arrived + 10))
    assert "의료법" in found["treatment_record:treatment_10y"]["text"]["ko"]
    assert (await house.assessment(filed["claims"][0]["id"]))["decides"] == "two"


async def test_treatment_under_way_is_not_suspended_unless_the_patient_leaves(hospital: None, house: House) -> None:
    for ends, proposed in ((False, ("refuse", "A37_2_4")), (True, ("grant", None))):
        claim = {"right": "suspension", "categories": ["examination"], "ends_contract": ends}
        filed = await house.file(claim, subject=PATIENT if ends else {"name": "구름이", "phone": "010-0000-7102"})
        await house.prove(filed)
        found = await items(house, filed)
        assert [(one["proposed"], one["ground"]) for one in found.values()] == [proposed]


async def test_the_hospitals_own_cameras_are_kept_from_and_watched_in_public(hospital: None, house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site), subject=PATIENT)
    assert (await order(site, "preserve"))["subject"] is None
    await site.work()
    await house.prove(filed)
    assert {name: one["proposed"] for name, one in (await items(house, filed)).items()} == {"cctv": "grant"}
    assert (await house.assessment(filed["claims"][0]["id"]))["decides"] != "machine"


# The game company ------------------------------------------------------------------------------------------------


async def test_a_player_is_asked_for_an_account_and_for_no_name(game: None, house: House) -> None:
    served = (await house.api.get("/v1/policy")).json()
    assert served["named"] is False
    asked = {field["id"]: field["required"] for field in served["subject"]}
    assert (asked["customer_no"], "name" in asked, served["subject_one_of"]) == (True, False, ["customer_no"])
    parity = (await house.api.get("/v1/policy/parity")).json()["items"]
    assert all("subject.name" not in row["asked"] and "subject.customer_no" in row["asked"] for row in parity)
    access = {"right": "access", "aspects": ["items"], "categories": ["play_record"]}
    for subject, told in (
        ({"email": "comet@example.com"}, ("/subject/customer_no", "field.required")),
        ({**PLAYER, "name": "홍길동"}, ("/subject/name", "field.inconsistent")),
    ):
        body = {"capacity": "self", "channel": "web", "subject": subject, "claims": [access]}
        reply = await house.api.post("/v1/requests", json=body, headers={**house.auth("website"), **key()})
        assert [(fault["pointer"], fault["code"]) for fault in reply.json()["errors"]] == [told]


async def test_a_player_signs_in_and_sees_the_records_of_play(game: None, house: House) -> None:
    holder = await house.system("game server", categories=["account", "play_record"], matches_by=["subject_ref"])
    account = {"right": "access", "aspects": ["items"], "categories": ["account"]}
    filed = await house.file(account, subject={"customer_no": "comet-77"}, notify_by="visit")
    assert [name for step in filed["next_steps"] for name in step["methods"]] == ["site_login", "identity_provider"]
    assert (await log_in(house, filed, sub="comet-77")).json() == {"status": "verified"}
    assert (await claims(house, filed))[0]["decision"]["decided_by"] == "machine"
    [task] = await holder.tasks()
    assert (await holder.fetch(task["id"]))["subject"] == {"subject_ref": "comet-77"}
    assert await holder.work() == ["collect"]
    assert await statuses(house, filed) == ["closed"]


async def test_a_code_to_the_contact_of_that_account_identifies_too(game: None, house: House) -> None:
    access = {"right": "access", "aspects": ["purposes"], "categories": ["account"]}
    filed = await house.file(access, subject=PLAYER)
    await house.prove(filed, "email_code")
    assert await one(house.desk, "SELECT identity FROM request") == "identified"
    # Another's account with one's own mailbox: nothing is held under the two together.
    other = await house.file(access, subject={**PLAYER, "customer_no": "little-bear"})
    await rows(house.desk, "UPDATE verification SET created_at = created_at - interval '2 hours' RETURNING id")
    await house.prove(other, "email_code")
    found = await rows(house.desk, "SELECT identity FROM request WHERE id = :id", id=other["id"])
    assert found[0][0] == "nothing_held"


async def test_goods_bought_in_the_game_go_and_their_trade_records_stay(game: None, house: House) -> None:
    filed = await house.file(
        {"right": "deletion", "categories": ["purchase", "account"]},
        subject={"customer_no": "comet-77"},
        notify_by="visit",
    )
    await log_in(house, filed, sub="comet-77")
    found = await items(house, filed)
    assert {name: one["proposed"] for name, one in found.items()} == {
        "purchase.goods": "grant",
        "purchase.paid": "grant",
        "purchase.bought_at": "grant",
        "purchase:contract_5y": "keep",
        "purchase:payment_5y": "keep",
        "account.nickname": "grant",
        "account.email": "grant",
        "account.birth_date": "grant",
    }
    assert "전자상거래" in found["purchase:payment_5y"]["basis"]
    claim = filed["claims"][0]["id"]
    assert (await house.decide(claim, outcome="partial", reason="거래 기록은 5년 보존합니다.")).status_code == 200
    assert (await house.approve(claim, agree=True)).status_code == 200
    notices = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=house.auth("officer"))).json()
    page = await house.api.get(
        f"/v1/notices/{notices['items'][0]['id']}/document", headers={**house.auth("officer"), "Accept": "text/html"}
    )
    assert "comet-77" in page.text and "전자상거래" in page.text and "푸른별게임즈" in page.text


async def test_a_childs_guardian_on_record_asks_for_its_account(game: None, house: House) -> None:
    deletion = {"right": "deletion", "categories": ["account"]}
    filed = await house.file_as_guardian(deletion, subject=CHILD, requester=GUARDIAN)
    assert await statuses(house, filed) == ["awaiting_evidence"]
    await house.prove(filed, party="requester")
    assert await one(house.desk, "SELECT identity FROM request") == "identified"
    assert (await statuses(house, filed))[0] in ("awaiting_evidence", "received", "verified")
    stranger = {**GUARDIAN, "name": "나그네", "phone": "010-0000-9999"}
    other = await house.file_as_guardian(deletion, subject=CHILD, requester=stranger)
    asked = await ask(house, other, party="requester")
    await answer(house, other, asked.json()["id"], code=house.last_code("sms"))
    assert (await rows(house.desk, "SELECT identity FROM request WHERE id = :id", id=other["id"]))[0][0] != "identified"


async def test_a_child_of_ten_may_not_ask_alone(game: None, house: House) -> None:
    access = {"right": "access", "aspects": ["items"], "categories": ["account"]}
    body = {"capacity": "self", "channel": "web", "subject": CHILD, "claims": [access]}
    reply = await house.api.post("/v1/requests", json=body, headers={**house.auth("website"), **key()})
    assert (reply.status_code, reply.json()["code"]) == (422, "guardian.required")
