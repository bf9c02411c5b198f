"""The traps of the law, by number: who may ask, what may be asked of them, and what nobody may learn meanwhile."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from app import contract, db, main, text
from app.law import age
from app.law.deadline import seoul_date
from tests.api.acts import FOR_CHILD, claims, post, refused, review, rows, statuses
from tests.api.families import Ledger, contact, person, registered
from tests.api.papers import hand_in
from tests.house import (
    ADDRESS,
    CHILD,
    DELEGATE,
    FATHER,
    GILDONG,
    GUARDED,
    KEPT_AWAY,
    ONLINE_MALL,
    STRANGER,
    House,
    signed_mandate,
)

DEAD = {"name": "고인용", "phone": "010-0000-6601", "email": "gone@example.com"}
RESIDENT_NUMBERS = json.loads((Path(__file__).parents[1] / "gates" / "rrn.json").read_text("utf-8"))


def born(years: int, days: int = 0) -> str:
    """The birthday of somebody who became so old so many days ago."""
    today = seoul_date(db.now()) - timedelta(days=days)
    day = today.replace(day=28) if (today.month, today.day) == (2, 29) else today
    return day.replace(year=day.year - years).isoformat()


async def test_trap_24_age_is_counted_from_birthday_to_birthday(house: House) -> None:
    thirteen = {**GILDONG, "birth_date": born(14, days=-1)}
    body = {"capacity": "self", "channel": "web", "subject": thirteen, "claims": [ONLINE_MALL]}
    assert refused(await post(house, body))[2] == "guardian.required"
    body["subject"] = {**GILDONG, "birth_date": born(14)}
    assert (await post(house, body)).status_code == 201
    leapling = date(2012, 2, 29)
    assert age.under_14(leapling, date(2026, 2, 28)) and not age.under_14(leapling, date(2026, 3, 1))


async def test_trap_25_from_fourteen_on_one_asks_alone_or_through_the_guardian(house: House) -> None:
    young = {**CHILD, "birth_date": born(15)}
    alone = {"capacity": "self", "channel": "web", "subject": young, "claims": [ONLINE_MALL]}
    assert (await post(house, alone)).status_code == 201
    assert (await post(house, {**FOR_CHILD, "subject": young})).status_code == 201
    grown = {**CHILD, "birth_date": born(19)}
    assert (await post(house, {**FOR_CHILD, "subject": grown})).status_code == 422


async def test_trap_26_not_every_parent_may_be_told(house: House) -> None:
    # A father who is not on record shows papers of custody; one whom the register marks is told nothing at all.
    father = await house.file_as_guardian(requester=FATHER)
    await house.prove(father, party="requester")
    assert await statuses(house, father) == ["awaiting_evidence"]
    needed = [one for one in (await house.look(father))["next_steps"] if one["step"] == "upload"]
    assert {paper["kind"] for one in needed for paper in one["documents"]} >= {
        "basic_certificate",
        "family_relation_certificate",
    }
    kept_away = await house.file_as_guardian(subject=GUARDED, requester=KEPT_AWAY)
    await house.prove(kept_away, party="requester")
    assert await statuses(house, kept_away) == ["awaiting_evidence"]


async def test_trap_27_a_paper_that_was_sent_is_not_yet_an_authority(house: House) -> None:
    filed = await house.file_as_delegate(ADDRESS)
    await house.prove(filed, party="requester")
    await hand_in(house, filed, "power_of_attorney")
    # Neither looked at by anybody, nor confirmed by the principal through a contact of their own.
    assert await statuses(house, filed) == ["awaiting_evidence"]
    body = {
        "capacity": "delegate",
        "channel": "web",
        "subject": GILDONG,
        "requester": DELEGATE,
        "mandate": signed_mandate("access"),
        "claims": [ADDRESS],
    }
    assert refused(await post(house, body))[2] == "mandate.scope"


async def test_trap_28_nobody_is_asked_for_more_than_was_asked_at_collection(house: House) -> None:
    filed = await house.file(ONLINE_MALL)
    steps = filed["next_steps"]
    assert [step["step"] for step in steps] == ["verify"]
    assert "phone_code" in steps[0]["methods"]
    parity = (await house.api.get("/v1/policy/parity")).json()
    assert parity
    await house.prove(filed)
    assert await statuses(house, filed) != ["received"]


@pytest.mark.parametrize("role", ["call_center", "clerk", "website"])
async def test_trap_29_the_paper_form_is_never_demanded(house: House, role: str) -> None:
    filed = await house.file(ONLINE_MALL, role=role)
    assert [claim["status"] for claim in filed["claims"]] == ["received"]
    assert not [step for step in filed["next_steps"] if step["step"] == "upload"]


async def test_trap_30_no_resident_number_is_asked_for_or_taken(house: House) -> None:
    schemas = json.dumps(contract.document(main.bare(docs=True))["components"]["schemas"])
    assert not re.search(r'"(rrn|resident_(registration_)?number|ssn)"', schemas)
    body = {"capacity": "self", "channel": "web", "subject": {**GILDONG, "customer_no": "900101-1234567"}}
    reply = await post(house, {**body, "claims": [ONLINE_MALL]})
    assert refused(reply)[2] == "identifier.rrn_not_allowed" and "900101" not in reply.text


def test_trap_31_a_resident_number_needs_no_right_check_digit() -> None:
    wrong_digit = [one for one in RESIDENT_NUMBERS if one["detect"] and "체크섬이 틀려도" in one["why"]]
    assert wrong_digit
    for one in wrong_digit:
        assert text.mask_rrn(one["text"]).removed == 1


async def test_trap_32_a_mail_says_that_there_is_an_answer_never_what_it_is(house: House) -> None:
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, notify_by="email")
    await house.prove(filed)
    await mall.work()
    told = house.sent("mail")[-1]
    for secret in ("value of", "1234-5678", "온라인", "eyJ", filed["requester_token"][:20]):
        assert secret not in told["text"] and secret not in told["subject"], secret
    # An SMS holds no link at all.
    assert not [one for one in house.sent("sms") if "http" in one["text"]]


def test_trap_33_no_address_of_ours_carries_what_names_a_person() -> None:
    document = contract.document(main.bare(docs=True))
    for path, methods in document["paths"].items():
        names = set(re.findall(r"\{(\w+)\}", path))
        for operation in methods.values():
            names |= {one["name"] for one in operation["parameters"] if one.get("in") in ("query", "path")}
        assert not names & {"name", "phone", "email", "birth_date", "customer_no", "address"}, path


async def test_trap_34_the_access_log_says_whose_data_and_leaves_out_the_subjects_themselves(house: House) -> None:
    filed = await house.file(ONLINE_MALL)
    await house.prove(filed)
    await house.look(filed, "officer")
    seen = await rows(house.desk, "SELECT * FROM access_log WHERE role = 'officer' AND operation = 'get_request'")
    assert seen
    for row in seen:
        # 식별자, 접속일시, 접속지, 처리한 정보주체, 수행업무
        assert row.actor and row.at and row.operation and row.subject_digest and str(row.request_id) == filed["id"]
        assert row.address is not None


async def test_trap_35_delivered_is_not_done(house: House) -> None:
    mall = await house.system()
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    for task in await mall.tasks():
        await mall.fetch(task["id"])
    assert await statuses(house, filed) == ["approved"]
    [correct] = [task for task in await mall.tasks() if task["action"] == "correct"]
    soon = (seoul_date(db.now()) + timedelta(days=1)).isoformat()
    path = f"/v1/tasks/{correct['id']}/acknowledgement"
    assert (await house.api.put(path, json={"expected_on": soon}, headers=mall.headers)).status_code == 200
    assert await statuses(house, filed) == ["approved"]
    whole = await mall.fetch(correct["id"])
    # The holder learns what it needs to find the person and do it, and no more.
    assert set(whole["subject"]) == {"subject_ref", "name", "phone"} and whole["purposes"] is None
    await mall.report(correct["id"])
    await house.workshop.run()
    assert await statuses(house, filed) != ["approved"]


async def test_trap_43_the_forms_name_the_notice_that_is_in_force(house: House) -> None:
    for form in ("power-of-attorney", "request"):
        reply = await house.api.get(f"/v1/forms/{form}", headers={"Accept": "text/html"})
        assert "제2023-12호" in reply.text and "2020-7" not in reply.text
    filed = await house.file(ONLINE_MALL, subject=STRANGER)
    await house.prove(filed)
    [notice] = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=house.auth("officer"))).json()[
        "items"
    ]
    page = await house.api.get(
        f"/v1/notices/{notice['id']}/document", headers={**house.auth("officer"), "Accept": "text/html"}
    )
    assert "제2023-12호" in page.text


@registered(
    person("C-9901", "고인용", "1950-01-01", contact("+821000006601"), flags=["deceased"]),
    person("C-1001", GILDONG["name"], "1980-01-01", contact("+821012345678")),
)
async def test_trap_46_the_family_of_the_dead_meets_people_not_the_machine(ledger: Ledger, house: House) -> None:
    filed = await house.file(ONLINE_MALL, subject=DEAD)
    await house.prove(filed)
    # Whoever answers the telephone of the dead learns nothing, and an officer looks at it.
    [claim] = await claims(house, filed)
    assert (claim["status"], claim["decision"]) == ("received", None)
    assert "identity.deceased" in await review(house, filed)
