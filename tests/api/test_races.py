"""Two at once: one winner, no deadlock, nothing broken."""

import asyncio
from typing import Any

import httpx

from tests.api.acts import DELETION, DELIVERY, actions, one, rows, statuses
from tests.house import ONLINE_MALL, House, bearer, key

ROUNDS = 4


async def decidable(house: House) -> tuple[dict[str, Any], str, dict[str, str]]:
    """A deletion that waits for its officer, and the version to name."""
    filed = await house.file(DELETION)
    await rows(house.desk, "UPDATE verification SET created_at = created_at - interval '2 hours' RETURNING id")
    await house.prove(filed)
    claim_id = filed["claims"][0]["id"]
    seen = await house.api.get(f"/v1/claims/{claim_id}", headers=house.auth("officer"))
    return filed, claim_id, {"If-Match": seen.headers["etag"]}


def proposal(house: House, claim_id: str, version: dict[str, str], sub: str = "officer-1"):
    return house.api.put(
        f"/v1/claims/{claim_id}/decision",
        json={"outcome": "partial", "reason": "보존합니다."},
        headers={**house.auth("officer", sub), **version},
    )


def approval(house: House, claim_id: str, version: dict[str, str], sub: str = "approver-1", agree: bool = True):
    return house.api.post(
        f"/v1/claims/{claim_id}/approval",
        json={"agree": agree, "note": "아니오"},
        headers={**house.auth("approver", sub), **version},
    )


def withdrawal(house: House, filed: dict[str, Any]):
    path = f"/v1/requests/{filed['id']}/withdrawal"
    return house.api.post(path, json={}, headers=bearer(filed["requester_token"]))


async def at_once(*calls: Any) -> list[int]:
    replies: list[httpx.Response] = await asyncio.wait_for(asyncio.gather(*calls), timeout=20)
    assert all(reply.status_code < 500 for reply in replies), [reply.text for reply in replies]
    return [reply.status_code for reply in replies]


async def proposed(house: House) -> tuple[dict[str, Any], str, dict[str, str]]:
    filed, claim_id, version = await decidable(house)
    reply = await proposal(house, claim_id, version)
    return filed, claim_id, {"If-Match": reply.headers["etag"]}


async def test_two_officers_on_one_version(house: House) -> None:
    for _ in range(ROUNDS):
        filed, claim_id, version = await decidable(house)
        both = await at_once(proposal(house, claim_id, version), proposal(house, claim_id, version, "officer-2"))
        assert sorted(both) == [200, 412]
        assert (await actions(house.desk, filed["id"]))["claim.propose"] == 1
        await withdrawal(house, filed)


async def test_approval_and_withdrawal(house: House) -> None:
    await house.system()
    for _ in range(ROUNDS):
        filed, claim_id, version = await proposed(house)
        approved, _ = await at_once(approval(house, claim_id, version), withdrawal(house, filed))
        await house.workshop.run()
        # Whoever came second found the other's state: what nobody fetched yet may still be withdrawn after approval.
        told = await actions(house.desk, filed["id"])
        assert told["claim.withdraw"] == 1 and told["claim.approve_partly"] == (approved == 200)
        assert await statuses(house, filed) == ["withdrawn"]


async def test_agreeing_and_disagreeing(house: House) -> None:
    for _ in range(ROUNDS):
        filed, claim_id, version = await proposed(house)
        both = await at_once(
            approval(house, claim_id, version), approval(house, claim_id, version, "approver-2", agree=False)
        )
        assert sorted(both) == [200, 412]
        told = await actions(house.desk, filed["id"])
        assert told["claim.approve_partly"] + told["claim.return"] == 1
        await withdrawal(house, filed)


async def test_deciding_and_withdrawing(house: House) -> None:
    for _ in range(ROUNDS):
        filed, claim_id, version = await decidable(house)
        decided, withdrawn = await at_once(proposal(house, claim_id, version), withdrawal(house, filed))
        assert withdrawn == 200 and decided in (200, 409, 412)
        assert await statuses(house, filed) == ["withdrawn"]


async def test_fetching_a_destroying_task_and_withdrawing(house: House) -> None:
    """Either it was called back and nobody is told whom to delete, or it was fetched and cannot be called back."""
    mall = await house.system()
    for _ in range(ROUNDS):
        filed, claim_id, version = await proposed(house)
        assert (await approval(house, claim_id, version)).status_code == 200
        [task] = await mall.tasks()
        fetched, withdrawn = await asyncio.gather(
            house.api.get(f"/v1/tasks/{task['id']}", headers=mall.headers), withdrawal(house, filed)
        )
        told = fetched.json()["subject"] is not None
        assert fetched.status_code == 200 and withdrawn.status_code == (409 if told else 200)
        if told:
            await mall.report(task["id"])
        await house.workshop.run()


async def test_the_same_result_many_times_at_once(house: House) -> None:
    mall = await house.system()
    filed = await house.file(DELIVERY)
    await house.prove(filed)
    [task] = await mall.tasks()
    assert await at_once(*[mall.report(task["id"]) for _ in range(6)]) == [200] * 6
    await house.workshop.run()
    told = await actions(house.desk, filed["id"])
    assert (told["task.answer"], told["claim.carry_out"], told["claim.notify"]) == (1, 1, 1)
    assert await one(house.desk, "SELECT count(*) FROM notice") == 1


async def test_two_holders_finish_at_once(house: House) -> None:
    holders = [await house.system(f"system {n}") for n in range(4)]
    filed = await house.file(DELIVERY)
    await house.prove(filed)
    tasks = [(holder, (await holder.tasks())[0]["id"]) for holder in holders]
    assert await at_once(*[holder.report(task) for holder, task in tasks]) == [200] * 4
    await house.workshop.run()
    assert (await actions(house.desk, filed["id"]))["claim.carry_out"] == 1
    assert await statuses(house, filed) == ["closed"]


async def test_the_same_grant_twice_opens_once(house: House) -> None:
    mall = await house.system()
    filed = await house.file(ONLINE_MALL)
    await house.prove(filed)
    await mall.work()
    as_person = bearer(filed["requester_token"])
    [notice] = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=as_person)).json()["items"]
    grant = {"grant": await house.grant(filed)}
    for path in (f"/v1/notices/{notice['id']}/document", f"/v1/claims/{filed['claims'][0]['id']}/package"):
        both = await at_once(*[house.api.post(path, json=grant, headers=as_person) for _ in range(4)])
        assert sorted(both) == [200, 403, 403, 403], path
    assert await one(house.desk, "SELECT fetched FROM package") == 1


async def test_withdrawing_many_times_at_once_is_withdrawing_once(house: House) -> None:
    filed = await house.file(DELETION, DELIVERY)
    assert await at_once(*[withdrawal(house, filed) for _ in range(5)]) == [200] * 5
    assert (await actions(house.desk, filed["id"]))["claim.withdraw"] == 2


async def test_asking_and_withdrawing(house: House) -> None:
    for _ in range(ROUNDS):
        filed = await house.file(DELETION)
        asked = house.api.post(
            f"/v1/requests/{filed['id']}/verifications",
            json={"party": "subject", "method": "phone_code", "purpose": "identity"},
            headers={**bearer(filed["requester_token"]), **key()},
        )
        found, withdrawn = await at_once(asked, withdrawal(house, filed))
        assert withdrawn == 200 and found in (202, 409)
