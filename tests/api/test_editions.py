"""The law of the day of arrival: a claim gets its edition when it is filed, and keeps it (Act 35-38 as dated data)."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app import db, rulebook
from app.law.deadline import seoul_date
from tests.api.acts import DELETION, rows
from tests.house import ONLINE_MALL, House

REFUSED = [
    {
        "item": f"online_mall.{name}",
        "outcome": "refuse",
        "ground": "A35_4_2",
        "facts": {"whose": "같은 번호를 쓰는 가족", "harm": "사는 곳이 드러납니다."},
    }
    for name in ("name", "phone")
]


@pytest.fixture
def changed_on(environment: dict[str, str], tmp_path: Path) -> date:
    """Since yesterday the law answers in seven days and no longer knows the ground 35(4)2."""
    day = seoul_date(db.now()) - timedelta(days=1)
    before = rulebook.load().at(day - timedelta(days=1))
    article = "{ko: 「개인정보 보호법」 제35조, en: Personal Information Protection Act Article 35}"
    folder = tmp_path / "law"
    folder.mkdir()
    (folder / "new.yaml").write_text(
        f'id: "new"\namends: "{before.id}"\nvalid_from: {day}\nsources: [가상의 개정]\n'
        f"replaced:\n  rights:\n    access: {{days: 7, basis: 영 41④, article: {article}}}\n"
        "ended:\n  grounds: [A35_4_2]\n",
        encoding="utf-8",
    )
    environment["RULEBOOK_DIR"] = str(folder)
    return day


async def arrived(house: House, on: date) -> dict[str, Any]:
    """A clerk files what came over the counter on a day; a deletion beside it makes the access an officer's."""
    at = datetime.combine(on, time(0, 30), ZoneInfo("Asia/Seoul"))
    return await house.file(ONLINE_MALL, DELETION, role="clerk", arrived_at=at.isoformat(), channel="visit")


async def refuse(house: House, filed: dict[str, Any]) -> tuple[int, str | None]:
    """The subject is seen at the counter; an officer then refuses both items."""
    path = f"/v1/requests/{filed['id']}/attestation"
    seen = {"party": "subject", "documents_seen": ["id_card"], "subject_ref": "C-1029"}
    attested = await house.api.post(
        path, json=seen, headers={**house.auth("officer"), "Idempotency-Key": filed["receipt_no"]}
    )
    assert attested.status_code in (200, 201), attested.text
    await house.workshop.run()
    claim = filed["claims"][0]["id"]
    reply = await house.decide(claim, outcome="refuse", items=REFUSED, reason="가족의 이익을 해칩니다.")
    return reply.status_code, reply.json().get("code")


async def test_a_claim_keeps_the_edition_of_its_arrival(changed_on: date, house: House) -> None:
    old = await arrived(house, changed_on - timedelta(days=1))
    new = await arrived(house, changed_on)
    stored = {row[0]: row[1] for row in await rows(house.desk, "SELECT request_id::text, edition FROM claim")}
    assert stored == {old["id"]: rulebook.load().at(changed_on - timedelta(days=2)).id, new["id"]: "new"}
    days = [
        (date.fromisoformat(step["date"]) - (changed_on - timedelta(days=back))).days
        for filed, back in ((old, 1), (new, 0))
        for step in filed["claims"][0]["due_steps"]
        if step["step"].startswith("day ")
    ]
    assert days == [10, 7]


async def test_the_edition_stored_with_the_claim_is_the_one_applied(changed_on: date, house: House) -> None:
    """The ground has ended meanwhile, but not for what arrived before; what arrives now knows it no longer."""
    old = await arrived(house, changed_on - timedelta(days=1))
    assert await refuse(house, old) == (200, None)
    assessed = await house.assessment(old["claims"][0]["id"])
    assert assessed["edition"] != "new"
    new = await arrived(house, changed_on)
    assert await refuse(house, new) == (422, "ground.not_available")
    assert (await house.assessment(new["claims"][0]["id"]))["edition"] == "new"


async def test_the_rulebook_of_a_day(changed_on: date, house: House) -> None:
    async def read(on: date | str | None) -> tuple[int, dict[str, Any]]:
        reply = await house.api.get("/v1/rulebook", params={} if on is None else {"on": str(on)})
        return reply.status_code, reply.json()

    _, today = await read(None)
    assert (today["edition"], today["as_of"]) == ("new", seoul_date(db.now()).isoformat())
    _, before = await read(changed_on - timedelta(days=1))
    assert "A35_4_2" in before["rights"][0]["grounds"] and "A35_4_2" not in today["rights"][0]["grounds"]
    assert (before["rights"][0]["days"], today["rights"][0]["days"]) == (10, 7)
    assert (await read("2027-03-09"))[1]["edition"] == "2027-03-09"
    assert {one["id"] for one in today["records"]} >= {"contract_5y", "dispute_3y", "telecom_log_3m"}
    # No ground of public bodies is shown to a company, on whatever day.
    for served in (before, today):
        assert not {"A35_4_3", "A37_2_3"} & {one["id"] for one in served["grounds"]}
    for wrong in ("1999-01-01", "yesterday"):
        status, problem = await read(wrong)
        assert (status, problem["errors"][0]["pointer"]) == (422, "/query/on"), problem
