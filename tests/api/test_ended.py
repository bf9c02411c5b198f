"""What was ended stays ended, and what was not answered is not told as answered."""

import io
import json
import zipfile
from datetime import timedelta

import pytest

from app import db
from app.http import retired
from tests.api.days import Clock
from tests.house import House, bearer, key

SERVICE = {"right": "access", "aspects": ["items", "third_parties"], "categories": ["separate_service"]}


async def test_a_token_given_before_retirement_stops_within_a_minute(
    monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    clock = Clock(monkeypatch, db.now())
    mall = await house.system()
    assert await mall.tasks() == []
    headers = {**house.auth("admin"), **key()}
    ended = await house.api.post(f"/v1/systems/{mall.id}/retirement", json={}, headers=headers)
    assert ended.status_code == 200, ended.text
    assert timedelta(minutes=1) > retired.FRESH
    clock.now += retired.FRESH
    assert await mall.tasks() == [], "the list is not read again for every call"
    clock.now += timedelta(seconds=1)
    refused = await house.api.get("/v1/tasks", headers=mall.headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "auth.invalid")


async def test_done_without_data_is_no_answer_and_registered_recipients_are_named(house: House) -> None:
    service = await house.system("a service")
    await house.system("a bookshop", kind="third_party", actions=["inform"])
    filed = await house.file(SERVICE)
    await house.prove(filed)
    [task] = await service.tasks()
    assert (await service.report(task["id"])).status_code == 200
    await house.workshop.run()
    [claim] = (await house.look(filed))["claims"]
    assert claim["status"] == "closed"
    grant = await house.grant(filed)
    package = await house.api.post(
        f"/v1/claims/{claim['id']}/package", json={"grant": grant}, headers=bearer(filed["requester_token"])
    )
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        told = json.loads(archive.read("access.json"))
    assert told["complete"] is False and told["silent"] == ["a service"]
    assert "a bookshop" in json.dumps(told, ensure_ascii=False)


async def test_a_result_from_the_future_is_refused(house: House) -> None:
    service = await house.system("a service")
    filed = await house.file(SERVICE)
    await house.prove(filed)
    [task] = await service.tasks()
    refused = await service.report(task["id"], at=(db.now() + timedelta(days=1)).isoformat())
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/at")


async def test_an_access_code_may_be_typed_in_any_way(house: House) -> None:
    filed = await house.file()
    typed = filed["access_code"].replace("-", " ").upper()
    body = {"receipt_no": filed["receipt_no"], "access_code": typed}
    assert (await house.api.post("/v1/tracking", json=body)).status_code == 200
    assert filed["filed_at"].endswith("+09:00")
