"""The main journey over the API: filed, proved, held, decided, done, told."""

import io
import json
import zipfile

from pypdf import PdfReader

from tests.house import ADDRESS, ONLINE_MALL, STRANGER, House, bearer


async def test_access_is_granted_by_the_machine_and_handed_over(house: House) -> None:
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, notify_by="sms")
    assert (await house.look(filed))["waiting_for"] == "you"
    assert (await house.prove(filed)).json() == {"status": "verified"}

    seen = await house.look(filed)
    assert seen["verified"] and seen["waiting_for"] == "holders"
    assert seen["claims"][0]["decision"]["decided_by"] == "machine"
    [task] = await mall.tasks()
    whole = await mall.fetch(task["id"])
    assert whole["subject"] == {"subject_ref": "C-1029", "name": "홍길동", "phone": "+821012345678"}
    assert await mall.work() == ["collect"]

    seen = await house.look(filed)
    [claim] = seen["claims"]
    assert claim["status"] == "closed" and claim["package"]["available"]
    assert "답변" in house.sent("sms")[-1]["text"]

    grant = await house.grant(filed)
    as_person = bearer(filed["requester_token"])
    listed = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=as_person)).json()["items"]
    document = f"/v1/notices/{listed[0]['id']}/document"
    reply = await house.api.post(document, json={"grant": grant}, headers=as_person)
    assert reply.status_code == 200 and reply.content.startswith(b"%PDF-")
    assert filed["receipt_no"] in PdfReader(io.BytesIO(reply.content)).pages[0].extract_text()
    again = await house.api.post(document, json={"grant": grant}, headers=as_person)
    assert again.json()["code"] == "grant.invalid"

    package = await house.api.post(f"/v1/claims/{claim['id']}/package", json={"grant": grant}, headers=as_person)
    assert package.status_code == 200
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        assert sorted(archive.namelist()) == ["access.json", "access.pdf"]
        told = json.loads(archive.read("access.json"))
    assert told["complete"] and "value of phone" in json.dumps(told, ensure_ascii=False)


async def test_a_correction_holds_the_field_until_it_is_done(house: House) -> None:
    service = await house.system("a service")
    filed = await house.file(ADDRESS)
    await house.prove(filed)
    [claim] = filed["claims"]
    check = {"subject": {"phone": "010-1234-5678"}, "category": "separate_service", "purpose": "subscription_agency"}

    async def ask() -> dict[str, object]:
        reply = await house.api.post("/v1/processing-checks", json={"checks": [check]}, headers=service.headers)
        return reply.json()["results"][0]

    held = await ask()
    assert held["allowed"] is True and held["except"] == ["address"]
    assert [task["action"] for task in await service.tasks()] == ["hold"]
    assert (await house.assessment(claim["id"]))["decides"] == "officer"
    assert (await house.decide(claim["id"], outcome="approve")).json()["status"] == "approved"
    assert await service.work() == ["hold", "correct"]
    assert (await ask())["except"] == []
    assert await service.work() == ["release"]
    assert (await house.look(filed))["claims"][0]["status"] == "closed"


async def test_a_deletion_is_partial_and_takes_two_people(house: House) -> None:
    mall = await house.system()
    filed = await house.file({"right": "deletion", "categories": ["online_mall"]})
    await house.prove(filed)
    [claim] = filed["claims"]
    assessed = await house.assessment(claim["id"])
    assert assessed["decides"] == "two"
    assert {item["item"]: item["proposed"] for item in assessed["items"]} == {
        "online_mall.name": "grant",
        "online_mall.phone": "grant",
        "online_mall:contract_5y": "keep",
        "online_mall:payment_5y": "keep",
    }
    proposed = await house.decide(claim["id"], outcome="partial", reason="거래 기록은 법에 따라 보존합니다.")
    assert proposed.status_code == 200 and proposed.json()["decision"]["state"] == "proposed"
    same = await house.approve(claim["id"], sub="officer-1", agree=True)
    assert same.status_code == 403 and same.json()["code"] == "approval.same_person"
    agreed = await house.approve(claim["id"], agree=True)
    assert agreed.status_code == 200 and agreed.json()["status"] == "approved"
    [task] = await mall.tasks()
    whole = await mall.fetch(task["id"])
    assert [one["record_class"] for one in whole["keep"]] == ["contract_5y", "payment_5y"]
    assert await mall.work() == ["delete"]
    assert (await house.look(filed))["claims"][0]["status"] == "closed"


async def test_somebody_of_whom_nothing_is_held_gets_that_answer(house: House) -> None:
    await house.system()
    filed = await house.file(ONLINE_MALL, ADDRESS, subject=STRANGER)
    await house.prove(filed)
    seen = await house.look(filed)
    assert [claim["status"] for claim in seen["claims"]] == ["closed", "closed"]
    assert {claim["decision"]["outcome"] for claim in seen["claims"]} == {"nothing_held"}
    grant = await house.grant(filed)
    as_person = bearer(filed["requester_token"])
    listed = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=as_person)).json()["items"]
    assert sorted(one["form"] for one in listed) == ["10", "9"]
    reply = await house.api.post(f"/v1/notices/{listed[0]['id']}/document", json={"grant": grant}, headers=as_person)
    assert reply.status_code == 200
