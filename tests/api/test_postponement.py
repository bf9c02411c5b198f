"""Access put off (Act 35(3), Decree 42(2)): in time, for a ground, told, taken up again; and objected to."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app import db
from app.law.deadline import seoul_date
from app.services import postponing
from tests.api.acts import claims, one, refused, rows, statuses
from tests.house import House, bearer, key

SPOKEN = {"right": "access", "aspects": ["items"], "categories": ["consultation"]}
REASON = "창고에 보관한 상담 기록을 찾고 있습니다."


def in_days(days: int) -> str:
    return (seoul_date(db.now()) + timedelta(days=days)).isoformat()


async def verified(house: House, claim: dict[str, Any] | None = None) -> dict[str, Any]:
    """A claim that an officer has to read."""
    filed = await house.file(claim or SPOKEN)
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified"]
    return filed


async def act(house: House, claim_id: str, what: str, body: dict[str, Any] | None = None) -> httpx.Response:
    """An officer postpones or resumes the version as it stands."""
    headers = house.auth("officer")
    seen = await house.api.get(f"/v1/claims/{claim_id}", headers=headers)
    version = {"If-Match": seen.headers["etag"]}
    reply = await house.api.post(f"/v1/claims/{claim_id}/{what}", json=body, headers={**headers, **version})
    await house.workshop.run()
    return reply


async def postpone(house: House, filed: dict[str, Any], **changes: Any) -> httpx.Response:
    body = {"ground": "A35_3_gathering", "reason": REASON, "expected_on": in_days(15), **changes}
    return await act(house, filed["claims"][0]["id"], "postponement", body)


async def object_to(house: House, filed: dict[str, Any], **body: Any) -> httpx.Response:
    path = f"/v1/claims/{filed['claims'][0]['id']}/objections"
    reply = await house.api.post(path, json=body, headers={**bearer(filed["requester_token"]), **key()})
    await house.workshop.run()
    return reply


async def rule(house: House, objection: str, result: str, sub: str = "approver-2", **body: Any) -> httpx.Response:
    headers = house.auth("approver", sub)
    seen = await house.api.get(f"/v1/objections/{objection}", headers=headers)
    version = {"If-Match": seen.headers["etag"]}
    body = {"result": result, "reason": "다시 살펴보았습니다.", **body}
    reply = await house.api.put(f"/v1/objections/{objection}/ruling", json=body, headers={**headers, **version})
    await house.workshop.run()
    return reply


async def opened(house: House, filed: dict[str, Any], kind: str) -> str:
    """The notice of a kind, as the person reads it."""
    grant = await house.grant(filed)
    path = f"/v1/requests/{filed['id']}/notices"
    items = (await house.api.get(path, headers=bearer(filed["requester_token"]))).json()["items"]
    notice = next(item for item in items if item["kind"].startswith(kind))
    headers = {**bearer(filed["requester_token"]), "Accept": "text/html"}
    page = await house.api.post(f"/v1/notices/{notice['id']}/document", json={"grant": grant}, headers=headers)
    assert page.status_code == 200, page.text
    return page.text


async def test_access_is_put_off_and_the_person_told_why_until_when_and_how_to_object(house: House) -> None:
    filed = await verified(house)
    put_off = await postpone(house, filed)
    assert (put_off.status_code, put_off.json()["status"]) == (200, "postponed")
    [claim] = await claims(house, filed)
    assert claim["postponed_until"] == in_days(15)
    assert (await house.look(filed))["actions"] == ["withdraw", "object", "fetch"]
    assert "미루게 되었습니다" in house.sent("mail")[-1]["text"] or "미룹니다" in str(house.sent("sms")[-1:])
    page = await opened(house, filed, "postponement")
    for told in ("■ 열람연기", REASON, "제35조제3항", "이의", "열람 예정일"):
        assert told in page, told


async def test_it_is_taken_up_on_its_day_with_a_day_of_its_own(house: House) -> None:
    filed = await verified(house)
    await postpone(house, filed)
    [before] = await claims(house, filed)
    later = db.now() + timedelta(days=15)
    async with house.desk.database.transaction() as session:
        assert await postponing.ripe(session, now=later - timedelta(days=1)) == []
        [ripe] = await postponing.ripe(session, now=later)
        await postponing.take_up(session, ripe, now=later)
    [claim] = await claims(house, filed)
    assert (claim["status"], claim["postponed_until"]) == ("verified", None)
    # Ten days from the day the cause ended; the old steps stay.
    steps = claim["due_steps"]
    assert steps[: len(before["due_steps"])] == before["due_steps"]
    assert [one["step"] for one in steps[len(before["due_steps"]) :]][:2] == ["resumed, not counted", "day 10"]
    assert date.fromisoformat(claim["due_on"]) >= seoul_date(later) + timedelta(days=10)
    async with house.desk.database.transaction() as session:
        assert await postponing.ripe(session, now=later) == []


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"ground": "A35_4_2"}, (422, "/ground", "ground.not_available")),
        ({"ground": "A35_3_masking"}, (422, "/ground", "ground.not_available")),
        ({"ground": "A35_3_police"}, (422, "/ground", "ground.not_available")),
        ({"expected_on": in_days(0)}, (422, "/expected_on", "field.value")),
        ({"expected_on": in_days(90)}, (422, "/expected_on", "field.value")),
        ({"reason": " "}, (422, "/facts/cause", "decision.facts_required")),
    ],
)
async def test_what_is_no_postponement_changes_nothing(
    house: House, changes: dict[str, Any], answer: tuple[int, str, str]
) -> None:
    filed = await verified(house)
    reply = await postpone(house, filed, **changes)
    assert refused(reply) == answer
    assert await statuses(house, filed) == ["verified"]


async def test_a_resident_number_in_the_reason_is_masked(house: House) -> None:
    filed = await verified(house)
    assert (await postpone(house, filed, reason="900101-1234567 님의 기록을 찾고 있습니다.")).status_code == 200
    page = await opened(house, filed, "postponement")
    assert "님의 기록을 찾고 있습니다." in page and "1234567" not in page


async def test_a_correction_is_never_put_off(house: House) -> None:
    change = {"category": "separate_service", "field": "address", "corrected": "서울특별시 강남구 새길 2"}
    filed = await verified(house, {"right": "correction", "changes": [change]})
    assert refused(await postpone(house, filed))[2] == "postponement.not_allowed"


async def test_not_on_the_day_itself_and_not_twice_for_one_ground(house: House) -> None:
    filed = await verified(house)
    await postpone(house, filed)
    assert (await act(house, filed["claims"][0]["id"], "resumption")).status_code == 200
    assert refused(await postpone(house, filed))[2] == "postponement.not_allowed"
    assert (await postpone(house, filed, ground="A35_3_failure")).status_code == 200
    kinds = [row.kind for row in await rows(house.desk, "SELECT kind FROM notice ORDER BY id")]
    assert kinds == ["postponement_1", "postponement_2"]
    late = await verified(house)
    async with house.desk.database.transaction() as session:
        await session.execute(
            text("UPDATE claim SET due_on = :day WHERE status = 'verified'"), {"day": seoul_date(db.now())}
        )
    assert refused(await postpone(house, late))[2] == "postponement.not_allowed"


async def test_an_objection_to_the_delay_moves_nothing_until_it_is_upheld(house: House) -> None:
    filed = await verified(house)
    await postpone(house, filed)
    objection = await object_to(house, filed, reason="급히 필요합니다.", of="postponement")
    assert objection.status_code == 201, objection.text
    assert await statuses(house, filed) == ["postponed"]
    again = await object_to(house, filed, reason="또 씁니다.", of="postponement")
    assert refused(again)[2] == "state.conflict"
    assert (await rule(house, objection.json()["id"], "overturned")).status_code == 200
    assert await statuses(house, filed) == ["verified"]
    assert "다시 진행합니다" in await opened(house, filed, "ruling")


async def test_an_objection_to_the_delay_may_fail_too(house: House) -> None:
    filed = await verified(house)
    await postpone(house, filed)
    objection = (await object_to(house, filed, reason="급히 필요합니다.", of="postponement")).json()
    assert (await rule(house, objection["id"], "confirmed")).json()["state"] == "confirmed"
    assert await statuses(house, filed) == ["postponed"]
    assert await one(house.desk, "SELECT count(*) FROM notice WHERE form = 'ruling'") == 1
