"""What is kept for its statute alone stands apart from what is worked on (Act 21(3))."""

from typing import Any
from uuid import UUID

import pytest

from app import db
from app.services import retention
from tests.api.acts import one, rows
from tests.api.shredding import grow_old
from tests.api.test_postponement import object_to
from tests.house import GILDONG, ONLINE_MALL, House, bearer

MONTHS_AGO = (
    "UPDATE claim SET closed_at = now() - interval '40 days', objection_until = current_date - 5 RETURNING id",
    "UPDATE request SET arrived_at = now() - interval '60 days' RETURNING id",
)
MOVES = {
    "a window that is open": "UPDATE claim SET objection_until = current_date + 5 RETURNING id",
    "a claim that is open": "UPDATE claim SET status = 'approved', closed_at = NULL RETURNING id",
    "a request that is frozen": "UPDATE request SET frozen_at = now() RETURNING id",
    "a stop in force": (
        "INSERT INTO hold (id, claim_id, kind, category, basis, since)"
        " SELECT gen_random_uuid(), id, 'suspended', 'online_mall', '법 37②', now() FROM claim RETURNING id"
    ),
    "an end of last week": "UPDATE claim SET closed_at = now() - interval '7 days' RETURNING id",
}


async def ended(house: House) -> dict[str, Any]:
    """A request that was answered, and that nobody can object to any more but late."""
    mall = await house.system()
    filed = await house.file(ONLINE_MALL)
    await house.prove(filed)
    await mall.work()
    for statement in MONTHS_AGO:
        await rows(house.desk, statement)
    return filed


async def put_apart(house: House) -> int:
    async with house.desk.database.transaction() as session:
        return await retention.put_apart(session, now=db.now())


async def seen(house: House, filed: dict[str, Any], role: str) -> tuple[int, int, bool, bool]:
    """How a caller comes by it: by its id, by its claim's, in a search by telephone, in the queue."""
    headers, claim = house.auth(role), filed["claims"][0]["id"]
    by_id = await house.api.get(f"/v1/requests/{filed['id']}", headers=headers)
    by_claim = await house.api.get(f"/v1/claims/{claim}", headers=headers)
    found = await house.api.post("/v1/request-searches", json={"phone": GILDONG["phone"]}, headers=headers)
    queue = await house.api.get("/v1/claims", headers=headers)
    return (
        by_id.status_code,
        by_claim.status_code,
        filed["id"] in found.text,
        claim in queue.text,
    )


async def test_who_works_finds_it_no_more_an_approver_and_the_person_do(house: House) -> None:
    filed = await ended(house)
    assert await seen(house, filed, "officer") == (200, 200, True, True)
    await house.workshop.queue.tasks["tidy"](timestamp=0)
    await house.workshop.run()
    assert await put_apart(house) == 0, "it was, by the day's round"
    assert await seen(house, filed, "officer") == (404, 404, False, False)
    assert await seen(house, filed, "approver") == (200, 200, True, True)
    mine = await house.api.get(f"/v1/requests/{filed['id']}", headers=bearer(filed["requester_token"]))
    assert mine.status_code == 200
    noted = await rows(house.desk, "SELECT convert_from(body, 'UTF8')::json ->> 'action' FROM audit_entry")
    assert ("request.put_apart",) in [tuple(row) for row in noted]


async def test_whoever_filed_it_at_a_counter_sees_it_no_more(house: House) -> None:
    filed, headers = await house.file(ONLINE_MALL, role="clerk"), house.auth("clerk")
    await rows(house.desk, "UPDATE claim SET status = 'lapsed' RETURNING id")
    for statement in MONTHS_AGO:
        await rows(house.desk, statement)
    assert (await house.api.get(f"/v1/requests/{filed['id']}", headers=headers)).status_code == 200
    assert await put_apart(house) == 1
    assert (await house.api.get(f"/v1/requests/{filed['id']}", headers=headers)).status_code == 404


@pytest.mark.parametrize("what", MOVES)
async def test_what_may_still_move_stays(house: House, what: str) -> None:
    filed = await ended(house)
    await rows(house.desk, MOVES[what])
    assert await put_apart(house) == 0
    assert (await seen(house, filed, "officer"))[0] == 200


async def test_what_moves_again_comes_back(house: House) -> None:
    """A late objection of the person: it is worked on again, and put apart when that has ended."""
    filed = await ended(house)
    assert await put_apart(house) == 1
    assert (await object_to(house, filed, reason="늦었지만 다시 보아 주십시오.")).status_code == 201
    assert await seen(house, filed, "officer") == (200, 200, True, True)
    assert await put_apart(house) == 0
    assert await one(house.desk, "SELECT count(*) FROM claim WHERE apart_since IS NOT NULL") == 0


async def test_its_years_go_on_and_it_is_listed_for_destruction(house: House) -> None:
    filed = await ended(house)
    assert await put_apart(house) == 1
    await grow_old(house.desk, [UUID(filed["id"])])
    async with house.desk.database.transaction() as session:
        assert await retention.plan(session, now=db.now()) is not None
