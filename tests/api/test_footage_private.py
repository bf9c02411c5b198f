"""Cameras where nobody but staff comes: no public place, so Act 37 reaches them (Act 58(2) read the other way)."""

from pathlib import Path

import pytest

from app import policy
from app.settings import ROOT
from tests.api.acts import rows, statuses
from tests.api.footage_acts import store
from tests.house import GILDONG, House

STOP = {"right": "suspension", "categories": ["cctv"], "ends_contract": False}


@pytest.fixture
def private(environment: dict[str, str], tmp_path: Path) -> None:
    """The policy of a controller whose cameras watch its own rooms alone; ask for it before the desk is opened."""
    said = (ROOT / "policies" / "ktmns-2024-12-06.yaml").read_text(encoding="utf-8")
    assert said.count("public_place: true") == 1
    file = tmp_path / "private.yaml"
    file.write_text(said.replace("public_place: true", "public_place: false"), encoding="utf-8")
    assert policy.load(file).document["media"]["suspension"] is None  # type: ignore[index]
    environment["POLICY_FILE"] = str(file)


@pytest.mark.usefixtures("private")
async def test_what_no_public_place_films_is_stopped_whole_by_a_person(house: House) -> None:
    site = await store(house, actions=["preserve", "release", "collect", "suspend", "resume"])
    filed = await house.file(STOP)
    assert filed["adjusted"] == []
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified"]
    [item] = (await house.assessment(filed["claims"][0]["id"]))["items"]
    assert (item["item"], item["proposed"], item["ground"]) == ("cctv", "grant", None)
    reply = await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert reply.status_code == 200, reply.text
    [task] = await site.tasks()
    whole = await site.fetch(task["id"])
    assert (whole["action"], whole["category"], whole["purposes"], whole["media"]) == ("suspend", "cctv", None, None)
    [hold] = await rows(house.desk, "SELECT kind, fields, purposes FROM hold")
    assert tuple(hold) == ("suspended", None, None)
    asked = {"subject": {"phone": GILDONG["phone"]}, "category": "cctv", "purpose": "marketing"}
    reply = await house.api.post("/v1/processing-checks", json={"checks": [asked]}, headers=site.headers)
    assert reply.json()["results"][0]["allowed"] is False
    await site.work()
    assert await statuses(house, filed) == ["closed"]
