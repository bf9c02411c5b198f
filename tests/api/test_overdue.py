"""A day that passed unanswered: written once, with whom it lay, and why where the approver says so (E3)."""

from datetime import timedelta
from typing import Any

from app import db
from tests.api.acts import DELETION, MARKETING, actions, one, refused, rows
from tests.api.days import at, sweep
from tests.api.test_objections import refuse
from tests.api.test_postponement import verified
from tests.api.test_warnings import due_of
from tests.house import ADDRESS, House

DAY = timedelta(days=1)


async def passed(house: House, filed: dict[str, Any]) -> dict[str, Any]:
    """The claim as staff see it when its day has passed."""
    due = await due_of(house, filed)
    for day in (due, due + DAY, due + 2 * DAY):
        await sweep(house.desk, at(day))
    return await seen(house, filed)


async def seen(house: House, filed: dict[str, Any]) -> dict[str, Any]:
    reply = await house.api.get(f"/v1/claims/{filed['claims'][0]['id']}", headers=house.auth("officer"))
    found: dict[str, Any] = reply.json()
    return found


async def test_it_is_a_fact_with_its_cause_and_no_status(house: House) -> None:
    filed = await verified(house, ADDRESS)
    claim = await passed(house, filed)
    [late] = claim["overdue"]
    assert (late["of"], late["due_on"], late["cause"]) == ("claim", claim["due_on"], "officer")
    assert (late["reason"], late["explained_by"], late["holders"]) == (None, None, [])
    assert claim["status"] == "verified"
    assert (await actions(house.desk, filed["id"]))["claim.overdue"] == 1


async def test_on_its_day_it_has_not_passed(house: House) -> None:
    filed = await verified(house, ADDRESS)
    await sweep(house.desk, at(await due_of(house, filed), 23))
    assert (await seen(house, filed))["overdue"] == []


async def test_whoever_files_and_never_proves_is_not_our_delay(house: House) -> None:
    filed = await house.file(ADDRESS)
    assert [late["cause"] for late in (await passed(house, filed))["overdue"]] == ["verification"]


async def test_what_waits_for_the_second_person_lay_with_the_approver(house: House) -> None:
    filed = await verified(house, MARKETING)
    proposed = await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert proposed.json()["decision"]["state"] == "proposed"
    assert [late["cause"] for late in (await passed(house, filed))["overdue"]] == ["approver"]


async def test_silent_holders_are_named(house: House) -> None:
    await house.system("a mall")
    filed = await verified(house, ADDRESS)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    claim = await passed(house, filed)
    assert [(late["cause"], late["holders"]) for late in claim["overdue"]] == [("holders", ["a mall"])]
    assert claim["internal_on"] < claim["due_on"]
    assert claim["holders_due_at"] is not None and claim["holders_due_at"][:10] <= claim["internal_on"]


async def test_what_was_entered_too_late_says_so(house: House) -> None:
    arrived = (db.now() - timedelta(days=20)).isoformat()
    filed = await house.file(ADDRESS, role="clerk", arrived_at=arrived)
    await sweep(house.desk, db.now())
    assert [row.cause for row in await rows(house.desk, "SELECT cause FROM overdue")] == ["entry"]
    assert (await seen(house, filed))["overdue"][0]["cause"] == "entry"


async def test_the_approver_says_why_and_may_say_it_again(house: House) -> None:
    filed = await verified(house, ADDRESS)
    await passed(house, filed)
    path, approver = f"/v1/claims/{filed['claims'][0]['id']}/lateness", house.auth("approver")
    for reason in ("담당자가 바뀌는 동안 놓쳤습니다.", "담당자가 없었습니다."):
        version = (await house.api.get(path.removesuffix("/lateness"), headers=approver)).headers["etag"]
        reply = await house.api.put(path, json={"reason": reason}, headers={**approver, "If-Match": version})
        assert reply.status_code == 200, reply.text
    [late] = reply.json()["overdue"]
    assert (late["reason"], late["explained_by"]) == (reason, "approver-1")
    assert "담당자" not in await one(house.desk, "SELECT encode(reason_ct, 'escape') FROM overdue")
    stale = await house.api.put(path, json={"reason": "x"}, headers={**approver, "If-Match": version})
    assert refused(stale)[2] == "precondition.failed"


async def test_nothing_is_explained_where_no_day_has_passed(house: House) -> None:
    filed = await verified(house, ADDRESS)
    path, approver = f"/v1/claims/{filed['claims'][0]['id']}/lateness", house.auth("approver")
    version = (await house.api.get(path.removesuffix("/lateness"), headers=approver)).headers["etag"]
    reply = await house.api.put(path, json={"reason": "x"}, headers={**approver, "If-Match": version})
    assert refused(reply)[2] == "state.conflict"


async def test_a_refusal_in_time_is_not_overdue(house: House) -> None:
    await house.system()
    filed = await verified(house, DELETION)
    await refuse(house, filed["claims"][0]["id"])
    assert (await passed(house, filed))["overdue"] == []
