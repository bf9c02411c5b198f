"""How footage ends (policy 14.4): nobody else's picture is kept longer than a claim needs it, nor a day less."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import db
from app.law.deadline import seoul_date
from app.services import footage_days, watch
from tests.api.acts import by_hand, one, review, rows, statuses
from tests.api.footage_acts import acts, granted, kept, media, order, reported, seat, store
from tests.api.test_postponement import act, in_days, object_to
from tests.house import Holder, House, bearer, key

WINDOW = 31


async def states(house: House) -> list[str]:
    return [row.state for row in await rows(house.desk, "SELECT state FROM footage ORDER BY claim_id")]


async def pass_days(house: House, days: int) -> list[str]:
    """What the sweep lets go when so many days have passed."""
    later = db.now() + timedelta(days=days)
    async with house.desk.database.transaction() as session:
        ended = await footage_days.unneeded(session, now=later)
    for claim in ended:
        async with house.desk.database.transaction() as session:
            await footage_days.release(session, claim, now=later)
    return [str(claim) for claim in ended]


async def withdraw(house: House, filed: dict[str, Any]) -> None:
    headers = bearer(filed["requester_token"])
    reply = await house.api.post(f"/v1/requests/{filed['id']}/withdrawal", json={}, headers=headers)
    assert reply.status_code == 200, reply.text
    await house.workshop.run()


async def closed(house: House, site: Holder, **asked: Any) -> dict[str, Any]:
    """Granted, looked for, answered."""
    filed = await kept(house, site, media(site, **asked))
    await reported(house, site, await granted(house, site, filed), media=seat())
    assert await statuses(house, filed) == ["closed"]
    return filed


async def test_what_was_answered_is_kept_while_it_can_be_objected_to_and_then_let_go(house: House) -> None:
    site = await store(house)
    filed = await closed(house, site)
    assert await site.tasks() == [] and await states(house) == ["preserved"]
    assert await pass_days(house, WINDOW - 2) == []
    assert await pass_days(house, WINDOW) == [filed["claims"][0]["id"]]
    assert await pass_days(house, WINDOW) == [] and await states(house) == ["releasing"]
    whole = await order(site, "release")
    assert (whole["subject"], whole["media"]["destroys_copy"]) == (None, False)
    await reported(house, site, whole)
    assert await states(house) == ["released"]
    assert await one(house.desk, "SELECT count(*) FROM hold WHERE lifted_at IS NULL") == 0
    assert await acts(house, filed) == ["preserve", "release"]


async def test_a_copy_that_was_made_is_destroyed_with_it(house: House) -> None:
    site = await store(house)
    filed = await closed(house, site, kind="copy")
    await pass_days(house, WINDOW)
    whole = await order(site, "release")
    assert whole["media"]["destroys_copy"] is True
    await reported(house, site, whole)
    assert await states(house) == ["destroyed"]
    assert await acts(house, filed) == ["preserve", "release", "destroy"]


async def test_an_open_objection_keeps_it_for_who_judges_anew(house: House) -> None:
    site = await store(house)
    filed = await kept(house, site)
    claim = filed["claims"][0]["id"]
    await house.prove(filed)
    facts = {"whose": "함께 있던 사람", "harm": "사생활이 드러남"}
    item = {"item": "cctv", "outcome": "refuse", "ground": "A35_4_2", "facts": facts}
    await house.decide(claim, outcome="refuse", reason="다른 사람의 이익", items=[item])
    await house.approve(claim, agree=True)
    assert await statuses(house, filed) == ["closed"] and await states(house) == ["preserved"]
    assert (await object_to(house, filed, reason="내 모습입니다.")).status_code == 201
    assert await pass_days(house, 90) == [] and await states(house) == ["preserved"]
    assert await acts(house, filed) == ["preserve", "refuse"]


async def test_what_is_withdrawn_before_the_recorder_looked_is_called_back(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site))
    await withdraw(house, filed)
    assert [one["status"] for one in await site.tasks("cancelled")] == ["cancelled"]
    assert await site.tasks() == [] and await states(house) == ["released"]
    assert await one(house.desk, "SELECT count(*) FROM hold WHERE lifted_at IS NULL") == 0


@pytest.mark.parametrize("answered", [True, False])
async def test_what_is_withdrawn_later_is_let_go(house: House, answered: bool) -> None:
    site = await store(house)
    filed = await house.file(media(site))
    whole = await order(site, "preserve")
    if answered:
        await reported(house, site, whole)
    await withdraw(house, filed)
    assert [task["action"] for task in await site.tasks()] == ["release"]
    await reported(house, site, await order(site, "release"))
    assert await states(house) == ["released"]


async def test_what_nobody_could_verify_is_let_go(house: House) -> None:
    site = await store(house)
    filed = await kept(house, site)
    later = db.now() + timedelta(days=20)
    async with house.desk.database.transaction() as session:
        for claim in await watch.lapsing(session, now=later):
            await watch.lapse(session, claim, now=later)
    assert await statuses(house, filed) == ["lapsed"]
    assert [task["action"] for task in await site.tasks()] == ["release"]


async def test_what_another_claim_needs_a_part_of_is_kept_until_neither_does(house: House) -> None:
    site = await store(house)
    first = await kept(house, site, media(site, hours=2))
    second = await kept(house, site, media(site, later=1, hours=2))
    apart = await kept(house, site, media(site, later=5))
    await withdraw(house, first)
    assert await site.tasks() == [] and await states(house) == ["preserved"] * 3
    await withdraw(house, apart)
    assert [task["claim_id"] for task in await site.tasks()] == [apart["claims"][0]["id"]]
    await site.work()
    await withdraw(house, second)
    freed = {task["claim_id"] for task in await site.tasks()}
    assert freed == {first["claims"][0]["id"], second["claims"][0]["id"]}
    await site.work()
    assert await states(house) == ["released"] * 3


async def test_a_silent_holder_goes_to_a_person_before_it_dies_and_once(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site, days=28))
    soon, later = db.now() + timedelta(hours=3), db.now() + timedelta(hours=5)
    async with house.desk.database.transaction() as session:
        assert await footage_days.unpreserved(session, now=soon) == []
        [silent] = await footage_days.unpreserved(session, now=later)
        await footage_days.warn(session, silent, now=later)
        await footage_days.warn(session, silent, now=later)
        assert await footage_days.unpreserved(session, now=later) == []
    assert await review(house, filed) == ["footage.unpreserved"]
    [row] = await rows(house.desk, "SELECT overwritten_from FROM footage")
    assert seoul_date(later) < row.overwritten_from
    # The officer telephones the store and writes down what it said.
    [task] = await site.tasks()
    await by_hand(house, task["id"], proof="점장과 통화, 녹화 보존 확인")
    assert await states(house) == ["preserved"]


async def test_a_failed_order_is_put_before_a_person_at_once(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site))
    await reported(house, site, await order(site, "preserve"), "failed")
    assert await review(house, filed) == ["task.failed"]
    assert await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'officer_todo'") == 1


async def test_masking_puts_it_off_and_it_is_kept_meanwhile(house: House) -> None:
    site = await store(house)
    filed = await kept(house, site)
    await house.prove(filed)
    body = {"ground": "A35_3_masking", "reason": "함께 찍힌 손님 세 분을 가리고 있습니다.", "expected_on": in_days(14)}
    claim = filed["claims"][0]["id"]
    put_off = await act(house, claim, "postponement", body)
    assert (put_off.status_code, put_off.json()["status"]) == (200, "postponed")
    assert await states(house) == ["preserved"] and await site.tasks() == []
    assert (await act(house, claim, "resumption")).status_code == 200
    await house.workshop.run()
    assert (await house.decide(claim, outcome="approve")).status_code == 200
    await reported(house, site, await order(site, "collect"), media=seat())
    assert await statuses(house, filed) == ["closed"]


async def test_a_guardian_asks_for_a_child_and_sees_it_when_the_wait_is_over(house: House) -> None:
    site = await store(house)
    filed = await house.file_as_guardian(media(site))
    assert filed["claims"][0]["status"] == "awaiting_evidence"
    assert [task["action"] for task in await site.tasks()] == ["preserve"]
    await site.work()
    await house.prove(filed, party="requester")
    assert await statuses(house, filed) == ["verified"]
    claim = filed["claims"][0]["id"]
    await house.decide(claim, outcome="approve")
    assert (await house.approve(claim, agree=True)).status_code == 200
    whole = await order(site, "collect")
    assert (whole["media"]["visitor"], whole["subject"]) == ("최보람", {"name": "최하늘"})
    opens = datetime.fromisoformat(whole["media"]["not_before"])
    assert opens > db.now() + timedelta(days=1)
    early = await site.report(whole["id"], media=seat())
    assert early.json()["errors"][0]["pointer"] == "/media/from"
    hours = int((opens - db.now()).total_seconds() // 3600) + 2
    await reported(house, site, whole, media=seat(hours))
    assert await statuses(house, filed) == ["closed"]


async def test_a_frozen_request_is_still_kept_but_not_shown(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site))
    async with house.desk.database.transaction() as session:
        await session.execute(text("UPDATE request SET frozen_at = now()"))
    assert [task["action"] for task in await site.tasks()] == ["preserve"]
    await site.work()
    assert await states(house) == ["preserved"] and filed["claims"][0]["status"] == "received"


async def test_two_that_end_at_once_leave_nothing_behind(house: House) -> None:
    import asyncio

    site = await store(house)
    pair = [await kept(house, site, media(site)) for _ in range(2)]
    replies = await asyncio.gather(
        *(
            house.api.post(
                f"/v1/requests/{filed['id']}/withdrawal",
                json={},
                headers={**bearer(filed["requester_token"]), **key()},
            )
            for filed in pair
        )
    )
    assert [reply.status_code for reply in replies] == [200, 200]
    assert len(await site.tasks()) == 2 and await states(house) == ["releasing"] * 2
