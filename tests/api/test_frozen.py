"""While a request is stopped: nothing is decided or handed out, holders only protect, the machine waits."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from app import db
from app.desk import MACHINE
from app.errors import Conflict
from app.jobs import Job, defer
from app.law.terms import Event
from app.services import casebook, sending, watch
from tests.api.acts import DELETION, DELIVERY, actions, ask, rows, statuses
from tests.api.stops import JIHO, OTHER_PHONE, SHARES, code_of, codes, decision, filed_by, rule, stop, stopped, swept
from tests.house import ADDRESS, ONLINE_MALL, House, bearer


async def test_nothing_is_decided_while_frozen(house: House) -> None:
    filed = await filed_by(house, DELETION, ADDRESS)
    deleting, correcting = (claim["id"] for claim in filed["claims"])
    assert (await decision(house, deleting, "partial", reason="보존합니다.")).json()["decision"]["state"] == "proposed"
    await stop(house, codes(house, OTHER_PHONE)[0])
    told = await actions(house.desk, filed["id"])
    for refused in (
        await decision(house, correcting),
        await decision(house, deleting, "refuse", reason="x"),
        await house.approve(deleting, agree=True),
        await house.approve(deleting, agree=False, note="아니오"),
    ):
        assert code_of(refused) == (409, "request.frozen")
    assert await statuses(house, filed) == ["verified", "verified"]
    assert await actions(house.desk, filed["id"]) == told
    assert (await rule(house, filed)).status_code == 200
    assert (await house.approve(deleting, agree=True)).status_code == 200
    assert (await decision(house, correcting)).status_code == 200


async def test_the_casebook_itself_lets_nothing_happen_but_an_end(house: House) -> None:
    filed = await stopped(house, DELETION)
    for event in Event:
        async with house.desk.database.transaction() as session:
            case, claim = await casebook.open(session, UUID(filed["claims"][0]["id"]))
            try:
                await casebook.record(session, case, claim, event, by=MACHINE, now=db.now())
                done = claim.status
            except Conflict as refused:
                done = refused.code
            await session.rollback()
        ends = {Event.WITHDRAW: "withdrawn", Event.DISOWN: "withdrawn", Event.LAPSE: "lapsed"}
        # A claim that is only verified has no holders to report on: the table of its life says so, not the freeze.
        expected = ends | {Event.REPORT_OPEN: "state.conflict"}
        assert done == expected.get(event, "request.frozen"), event


async def test_nothing_is_handed_out_while_frozen_even_by_a_grant_given_before(house: House) -> None:
    mall = await house.system()
    filed = await filed_by(house, ONLINE_MALL)
    await mall.work()
    person = bearer(filed["requester_token"])
    grant = {"grant": await house.grant(filed)}
    asked = await ask(house, filed, purpose="release")
    code = house.last_code("sms")
    [notice] = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=person)).json()["items"]
    await stop(house, codes(house, OTHER_PHONE)[0])
    answering = f"/v1/verifications/{asked.json()['id']}/answer"
    doors = (
        (f"/v1/notices/{notice['id']}/document", grant),
        (f"/v1/claims/{filed['claims'][0]['id']}/package", grant),
        (answering, {"code": code}),
    )
    for path, body in doors:
        assert code_of(await house.api.post(path, json=body, headers=person)) == (409, "request.frozen"), path
    assert code_of(await ask(house, filed, purpose="release")) == (409, "request.frozen")
    view = await house.look(filed)
    assert view["actions"] == [] and view["next_steps"] == [] and view["waiting_for"] == "nobody"
    # Staff go on reading: somebody has to rule.
    read = await house.api.get(f"/v1/notices/{notice['id']}/document", headers=house.auth("approver"))
    assert read.status_code == 200
    assert (await rule(house, filed)).status_code == 200
    for path, body in doors:
        assert (await house.api.post(path, json=body, headers=person)).status_code == 200, path


async def test_holders_are_told_to_protect_and_nothing_else(house: House) -> None:
    mall = await house.system()
    filed = await filed_by(house, ADDRESS, DELIVERY)
    await decision(house, filed["claims"][0]["id"])
    by_action = {task["action"]: task["id"] for task in await mall.tasks()}
    assert set(by_action) == {"hold", "correct", "suspend"}
    await stop(house, codes(house, OTHER_PHONE)[0])
    assert [task["action"] for task in await mall.tasks()] == ["hold"]
    assert (await mall.fetch(by_action["hold"]))["subject"]["name"] == JIHO["name"]
    for action in ("correct", "suspend"):
        reply = await house.api.get(f"/v1/tasks/{by_action[action]}", headers=mall.headers)
        assert code_of(reply) == (409, "request.frozen")
    # An officer sees them all.
    officer = house.auth("officer")
    assert len((await house.api.get("/v1/tasks", headers=officer)).json()["items"]) == 3
    assert (await house.api.get(f"/v1/tasks/{by_action['correct']}", headers=officer)).status_code == 200
    # Withdrawing is always possible, and what it gives back is told.
    path = f"/v1/requests/{filed['id']}/withdrawal"
    assert (await house.api.post(path, json={}, headers=bearer(filed["requester_token"]))).status_code == 200
    assert [task["action"] for task in await mall.tasks()] == ["release"]
    over = await mall.fetch(by_action["correct"])
    assert (over["status"], over["subject"]) == ("cancelled", None)


async def test_a_result_is_taken_as_a_fact_and_followed_after_the_ruling(house: House) -> None:
    mall = await house.system()
    filed = await filed_by(house, DELIVERY)
    [task] = await mall.tasks()
    await mall.fetch(task["id"])
    await stop(house, codes(house, OTHER_PHONE)[0])
    assert (await mall.report(task["id"])).status_code == 200
    await house.workshop.run()
    assert await statuses(house, filed) == ["approved"]
    assert (await rule(house, filed)).status_code == 200
    assert await statuses(house, filed) == ["closed"]


async def test_the_machine_leaves_a_frozen_request_alone_and_never_spins_on_it(house: House) -> None:
    mall = await house.system()
    filed = await filed_by(house, ONLINE_MALL, DELETION, DELIVERY)
    seeing, deleting, stopping = (UUID(claim["id"]) for claim in filed["claims"])
    await decision(house, str(seeing))
    await decision(house, str(stopping))
    assert (await decision(house, str(deleting), "partial", reason="보존합니다.")).status_code == 200
    await house.approve(str(deleting), agree=True)
    by_action = {task["action"]: task["id"] for task in await mall.tasks()}
    await stop(house, codes(house, OTHER_PHONE)[0])
    await mall.report(by_action["collect"], data={"online_mall": [{"name": "송지호"}]})
    await mall.report(by_action["suspend"])
    # Every job that may have been under way comes while it is frozen, and the claims stand as a death left them.
    await rows(house.desk, "UPDATE claim SET status = 'verified' WHERE id = :id RETURNING id", id=stopping)
    await rows(house.desk, "DELETE FROM assessment WHERE claim_id = :id RETURNING id", id=stopping)
    await rows(house.desk, "UPDATE claim SET status = 'carried_out' WHERE id = :id RETURNING id", id=seeing)
    async with house.desk.database.transaction() as session:
        for name in ("assess", "conclude", "report_open", "plan_again"):
            for claim_id in (seeing, deleting, stopping):
                await defer(session, Job(name, {"claim_id": str(claim_id)}))
    before = await actions(house.desk, filed["id"])
    await house.workshop.run()
    later = db.now() + timedelta(days=15)
    async with house.desk.database.transaction() as session:
        assert deleting not in await watch.unreported(session, now=later)
        await watch.report(session, deleting, now=later)
    assert await actions(house.desk, filed["id"]) == before
    assert await statuses(house, filed) == ["carried_out", "approved", "verified"]
    assert {"assess", "conclude", "plan_again"}.isdisjoint(await swept(house))
    assert (await rule(house, filed)).status_code == 200
    assert (await statuses(house, filed))[0] == "closed"
    assert "delete" in [task["action"] for task in await mall.tasks()]
    after = await actions(house.desk, filed["id"])
    assert after["claim.assess"] == before["claim.assess"] + 1


async def test_what_a_sweep_finds_after_the_ruling_is_what_it_would_have_found_before(house: House) -> None:
    """The jobs of a release are only quicker: without them the rows are found."""
    await house.system()
    filed = await filed_by(house, ONLINE_MALL, DELIVERY)
    first, second = (claim["id"] for claim in filed["claims"])
    await stop(house, codes(house, OTHER_PHONE)[0])
    await rows(house.desk, "UPDATE claim SET status = 'verified' WHERE id = :id RETURNING id", id=first)
    await rows(house.desk, "DELETE FROM assessment WHERE claim_id = :id RETURNING id", id=first)
    await rows(house.desk, "UPDATE claim SET status = 'refused' WHERE id = :id RETURNING id", id=second)
    assert {"assess", "conclude"}.isdisjoint(await swept(house))
    await rows(house.desk, "UPDATE request SET frozen_at = NULL RETURNING id")
    assert {"assess", "conclude"} <= set(await swept(house))


async def test_events_of_what_is_frozen_wait_and_nobody_is_sent_for_them(house: House) -> None:
    mall = await house.system()
    pushed = await house.system("pushed", endpoint_url="http://127.0.0.1:9/hook", scheme="v1a")
    filed = await filed_by(house, ADDRESS, DELIVERY)
    await rows(house.desk, "UPDATE system SET state = 'active' RETURNING id")
    later = db.now() + timedelta(hours=1)

    async def due() -> tuple[list[UUID], Counter[str]]:
        async with house.desk.database.transaction() as session:
            systems = await sending.due_systems(session, later)
            taken = await sending.claim(session, UUID(pushed.id), now=later)
            bodies = [one_.body.decode() for one_ in taken.deliveries] if taken else []
            await session.rollback()
        return systems, Counter(body.split('"action":"')[1].split('"')[0] for body in bodies if '"action"' in body)

    assert (await due())[1] == {"hold": 1, "suspend": 1}
    await stop(house, codes(house, OTHER_PHONE)[0])
    assert (await due())[1] == {"hold": 1}
    await rows(house.desk, "DELETE FROM delivery_attempt RETURNING id")
    await rows(house.desk, "DELETE FROM delivery WHERE convert_from(body, 'UTF8') NOT LIKE '%suspend%' RETURNING id")
    assert await due() == ([], Counter())
    # What was called back is told, in its turn: first that there was such a task, then that there is none.
    path = f"/v1/requests/{filed['id']}/withdrawal"
    assert (await house.api.post(path, json={}, headers=bearer(filed["requester_token"]))).status_code == 200
    assert (await due())[0] == [UUID(pushed.id)] and (await due())[1]["suspend"] == 1
    assert mall.id != pushed.id


async def test_reading_what_was_collected_waits_too(house: House) -> None:
    mall = await house.system(categories=["consultation"])
    asked = {"right": "access", "aspects": ["items"], "categories": ["consultation"]}
    filed = await filed_by(house, asked)
    await decision(house, filed["claims"][0]["id"])
    await mall.work()
    path, officer = f"/v1/claims/{filed['claims'][0]['id']}/collection", house.auth("officer")
    version = {"If-Match": (await house.api.get(path, headers=officer)).headers["etag"]}
    await stop(house, codes(house, OTHER_PHONE)[0])
    refused = await house.api.put(f"{path}/review", headers={**officer, **version})
    assert code_of(refused) == (409, "request.frozen")
    assert (await rule(house, filed)).status_code == 200
    assert (await house.api.put(f"{path}/review", headers={**officer, **version})).status_code == 200


async def test_a_frozen_claim_that_nobody_verified_still_lapses(house: House) -> None:
    filed = await house.file(ONLINE_MALL, subject=SHARES, notify_by="sms")
    await house.prove(filed)
    await stop(house, codes(house, "sion@example.com")[0])
    later = db.now() + timedelta(days=12)
    async with house.desk.database.transaction() as session:
        [claim_id] = await watch.lapsing(session, now=later)
        await watch.lapse(session, claim_id, now=later)
    await house.workshop.run()
    assert await statuses(house, filed) == ["lapsed"]
