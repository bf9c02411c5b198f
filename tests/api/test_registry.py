"""Holders of data: registered, challenged, changed, retired; by an admin only."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text as sql
from sqlmodel import col, select

from app import db
from app.db import new_id
from app.models import ACTIONS, AuditEntry, Delivery, ReviewItem, System, SystemKey, Task
from tests.worker.holders import file_claim

SYSTEM = {
    "name": "an online mall",
    "kind": "processor",
    "categories": ["online_mall"],
    "actions": ["collect", "correct", "delete", "hold", "release"],
    "matches_by": ["name", "phone"],
    "contact_email": "desk@example.com",
}
ENDPOINT = {"endpoint_url": "http://127.0.0.1:9/events", "scheme": "v1"}


@pytest.fixture
def admin(token):
    return {"Authorization": f"Bearer {token('admin', 'admin-1')}"}


def key():
    return {"Idempotency-Key": str(uuid4())}


async def register(api, admin, **more):
    reply = await api.post("/v1/systems", json={**SYSTEM, **more}, headers={**admin, **key()})
    assert reply.status_code == 201, reply.text
    return reply


async def jobs(desk, name, system_id):
    """How many jobs of this name wait for this system."""
    count = sql("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name AND args->>'system_id' = :id")
    async with desk.database.transaction() as session:
        return (await session.execute(count, {"name": name, "id": str(system_id)})).scalar_one()


async def row(desk, table, row_id):
    async with desk.database.transaction() as session:
        return await session.get(table, UUID(str(row_id)))


async def notes(desk, system_id):
    """The actions that the audit chain has of this system."""
    async with desk.database.transaction() as session:
        bodies = (await session.execute(select(col(AuditEntry.body)).order_by(col(AuditEntry.seq)))).scalars()
        said = [json.loads(body) for body in bodies]
    return [one["action"] for one in said if one["facts"].get("system") == str(system_id)]


async def unfinished_task(desk, system_id):
    """A task of a filed request that this system still has to do, and its undelivered event."""
    claim, now = await file_claim(desk), db.now()
    task = Task(
        id=new_id(),
        claim_id=claim.id,
        request_id=claim.request_id,
        system_id=UUID(str(system_id)),
        action="delete",
        category="online_mall",
        status="pending",
        due_at=now + timedelta(days=3),
        created_at=now,
    )
    delivery = Delivery(
        id=new_id(),
        system_id=task.system_id,
        task_id=task.id,
        type="task.created",
        body=b"{}",
        next_at=now,
        created_at=now,
        sent_from=now,
    )
    async with desk.database.transaction() as session:
        for one in (task, delivery):
            session.add(one)
            await session.flush()
    return task, delivery


async def test_a_v1_endpoint_is_told_its_secret_once_and_challenged_at_once(api, desk, admin):
    reply = await register(api, admin, **ENDPOINT)
    told = reply.json()
    assert (told["state"], told["scheme"]) == ("unverified", "v1")
    (made,) = told["keys"]
    assert made["secret"].startswith("whsec_")
    assert made["public_key"] is None
    assert (made["until"], made["scheme"]) == (None, "v1")
    assert "from" in made
    assert reply.headers["location"] == f"/v1/systems/{told['id']}"
    assert reply.headers["etag"] == '"v1"'
    assert await jobs(desk, "challenge", told["id"]) == 1
    seen = await api.get(f"/v1/systems/{told['id']}", headers=admin)
    assert seen.status_code == 200
    assert made["secret"] not in seen.text
    assert told["client"]["client_secret"] not in seen.text
    assert "secret" not in seen.json()["keys"][0]
    assert seen.json()["client_id"] == told["client"]["client_id"]
    assert await notes(desk, told["id"]) == ["system.register"]


async def test_a_v1a_endpoint_is_told_a_public_key_and_no_secret(api, admin):
    told = (await register(api, admin, **{**ENDPOINT, "scheme": "v1a"})).json()
    (made,) = told["keys"]
    assert made["public_key"].startswith("whpk_")
    assert made["secret"] is None


async def test_the_signing_secret_is_sealed_in_the_database(api, desk, admin):
    told = (await register(api, admin, **ENDPOINT)).json()
    stored = await row(desk, SystemKey, told["keys"][0]["id"])
    assert told["keys"][0]["secret"].encode() not in stored.secret_ct
    assert stored.public_key is None


async def test_a_system_without_endpoint_polls(api, desk, admin):
    told = (await register(api, admin)).json()
    assert (told["state"], told["keys"], told["endpoint_url"], told["scheme"]) == ("active", [], None, None)
    assert await jobs(desk, "challenge", told["id"]) == 0
    challenged = await api.post(f"/v1/systems/{told['id']}/challenges", headers=admin)
    tested = await api.post(f"/v1/systems/{told['id']}/test-events", headers={**admin, **key()})
    assert [challenged.status_code, tested.status_code] == [409, 409]


async def test_the_client_of_a_system_acts_as_the_system(api, desk, admin):
    told = (await register(api, admin)).json()
    fields = {"grant_type": "client_credentials", **told["client"]}
    bought = await api.post("/v1/oauth/token", data=fields)
    caller = await desk.verifier.verify(bought.json()["access_token"], db.now())
    assert (caller.role, caller.sub) == ("system", told["id"])
    ended = await api.post(f"/v1/clients/{told['client']['client_id']}/retirement", headers=admin)
    assert (ended.status_code, ended.json()["code"]) == (409, "state.conflict")


async def test_the_same_key_registers_once_and_tells_the_secrets_again(api, desk, admin):
    headers = {**admin, **key()}
    body = {**SYSTEM, **ENDPOINT, "name": "registered twice"}
    first = await api.post("/v1/systems", json=body, headers=headers)
    again = await api.post("/v1/systems", json=body, headers=headers)
    assert first.json() == again.json()
    other = await api.post("/v1/systems", json={**body, "name": "another"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.key_reused")
    without = await api.post("/v1/systems", json=body, headers=admin)
    assert (without.status_code, without.json()["code"]) == (400, "idempotency.key_required")
    async with desk.database.transaction() as session:
        named = await session.execute(select(System).where(col(System.name) == "registered twice"))
        assert len(named.all()) == 1


MISFITS = (
    ({"categories": ["online_mall", "unheard_of"]}, "/categories/1", "field.value"),
    ({"categories": ["online_mall", "online_mall"]}, "/categories/1", "field.duplicate"),
    ({"actions": ["destroy"]}, "/actions/0", "field.value"),
    ({"matches_by": ["rrn"]}, "/matches_by/0", "field.value"),
    ({"matches_by": []}, "/matches_by", "field.length"),
    ({"kind": "controller"}, "/kind", "field.value"),
    ({"contact_email": "nobody"}, "/contact_email", "field.format"),
    ({"name": ""}, "/name", "field.length"),
    ({"name": 7}, "/name", "field.type"),
    ({"state": "active"}, "/state", "field.unknown"),
    ({"scheme": "v1"}, "/endpoint_url", "field.required"),
    ({"endpoint_url": "http://127.0.0.1:9/"}, "/scheme", "field.required"),
    ({**ENDPOINT, "scheme": "v2"}, "/scheme", "field.value"),
    ({**ENDPOINT, "endpoint_url": "http://10.0.0.1:9/"}, "/endpoint_url", "endpoint.scheme_not_allowed"),
    ({**ENDPOINT, "endpoint_url": "https://10.0.0.1/"}, "/endpoint_url", "endpoint.address_not_allowed"),
    ({**ENDPOINT, "endpoint_url": "https://intra/"}, "/endpoint_url", "endpoint.host_not_allowed"),
    ({**ENDPOINT, "endpoint_url": "https://a.example.com:22/"}, "/endpoint_url", "endpoint.port_not_allowed"),
    ({**ENDPOINT, "endpoint_url": "http://0x7f.1:9/"}, "/endpoint_url", "endpoint.scheme_not_allowed"),
    ({**ENDPOINT, "endpoint_url": "https://u:p@a.example.com/"}, "/endpoint_url", "endpoint.url_malformed"),
)


async def test_what_does_not_fit_is_refused_and_nothing_is_made(api, desk, admin):
    count = sql(
        "SELECT (SELECT count(*) FROM system), (SELECT count(*) FROM client), (SELECT count(*) FROM system_key)"
    )
    for change, pointer, code in MISFITS:
        reply = await api.post("/v1/systems", json={**SYSTEM, **change}, headers={**admin, **key()})
        assert reply.status_code == 422, change
        assert (reply.json()["code"], reply.json()["errors"][0]["pointer"]) == (code, pointer), change
    async with desk.database.transaction() as session:
        assert tuple((await session.execute(count)).one()) == (0, 0, 0)


async def test_a_change_names_the_version_it_was_made_on(api, desk, admin):
    told = (await register(api, admin)).json()
    path = f"/v1/systems/{told['id']}"
    without = await api.patch(path, json={"name": "b"}, headers=admin)
    assert (without.status_code, without.json()["code"]) == (428, "precondition.required")
    changed = await api.patch(path, json={"name": "b", "categories": []}, headers={**admin, "If-Match": '"v1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"v2"')
    assert (changed.json()["name"], changed.json()["categories"]) == ("b", [])
    assert changed.json()["actions"] == SYSTEM["actions"]
    for stale in ('"v1"', 'W/"v2"', "*"):
        late = await api.patch(path, json={"name": "c"}, headers={**admin, "If-Match": stale})
        assert (late.status_code, late.json()["code"]) == (412, "precondition.failed")
    same = await api.patch(path, json={"name": "b"}, headers={**admin, "If-Match": '"v2"'})
    assert same.headers["etag"] == '"v2"'
    assert await notes(desk, told["id"]) == ["system.register", "system.change"]
    unchanged = await api.get(path, headers={**admin, "If-None-Match": '"v2"'})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


BAD_CHANGES = (
    ({}, "", "field.required"),
    ({"kind": "source"}, "/kind", "field.unknown"),
    ({"scheme": "v1a"}, "/scheme", "field.unknown"),
    ({"name": None}, "/name", "field.type"),
    ({"endpoint_url": None}, "/endpoint_url", "field.type"),
    ({"actions": ["destroy"]}, "/actions/0", "field.value"),
    ({"endpoint_url": "https://localhost/"}, "/endpoint_url", "endpoint.host_not_allowed"),
)


async def test_a_change_that_does_not_fit_is_refused(api, admin):
    told = (await register(api, admin)).json()
    path = f"/v1/systems/{told['id']}"
    for change, pointer, code in BAD_CHANGES:
        reply = await api.patch(path, json=change, headers={**admin, "If-Match": '"v1"'})
        assert reply.status_code == 422, change
        assert (reply.json()["code"], reply.json()["errors"][0]["pointer"]) == (code, pointer), change
    assert (await api.get(path, headers=admin)).headers["etag"] == '"v1"'


async def test_an_endpoint_that_moves_proves_itself_anew(api, desk, admin):
    told = (await register(api, admin, **ENDPOINT)).json()
    first_word = (await row(desk, System, told["id"])).challenge
    async with desk.database.transaction() as session:
        (await session.get(System, UUID(told["id"]))).state = "active"
    path = f"/v1/systems/{told['id']}"
    moved = await api.patch(path, json={"endpoint_url": "http://localhost:10/"}, headers={**admin, "If-Match": '"v1"'})
    assert (moved.status_code, moved.json()["state"]) == (200, "unverified")
    assert moved.json()["endpoint_url"] == "http://localhost:10/"
    assert (await row(desk, System, told["id"])).challenge not in (None, first_word)
    assert await jobs(desk, "challenge", told["id"]) == 2


async def test_a_stopped_endpoint_comes_back_by_a_challenge(api, desk, admin):
    told = (await register(api, admin, **ENDPOINT)).json()
    async with desk.database.transaction() as session:
        (await session.get(System, UUID(told["id"]))).state = "stopped"
    reply = await api.post(f"/v1/systems/{told['id']}/challenges", headers=admin)
    assert (reply.status_code, reply.json()["state"]) == (202, "unverified")
    assert await jobs(desk, "challenge", told["id"]) == 2


async def test_a_test_event_is_a_delivery_and_a_job(api, desk, admin):
    told = (await register(api, admin, **ENDPOINT)).json()
    headers = {**admin, **key()}
    first = await api.post(f"/v1/systems/{told['id']}/test-events", headers=headers)
    again = await api.post(f"/v1/systems/{told['id']}/test-events", headers=headers)
    assert (first.status_code, first.json()) == (202, again.json())
    delivery = await row(desk, Delivery, first.json()["id"])
    assert (delivery.type, delivery.state, delivery.task_id) == ("endpoint.test", "pending", None)
    assert json.loads(delivery.body)["data"] == {}
    assert await jobs(desk, "deliver", told["id"]) == 1


async def test_a_holder_has_the_days_and_the_contacts_that_it_is_given(house, admin):
    quick = await house.system("a quick mall", due_working_days=1, contact_phone="1588-0000")
    usual = await house.system("a usual mall")
    given = ("due_working_days", "contact_phone", "party")
    assert [[one.registered[name] for name in given] for one in (quick, usual)] == [
        [1, "+8215880000", None],
        [None] * 3,
    ]
    await house.prove(await house.file())
    [[soon], [later]] = [await one.tasks() for one in (quick, usual)]
    assert soon["due_at"] < later["due_at"]
    path = f"/v1/systems/{quick.id}"
    for wrong in ({"due_working_days": 0}, {"due_working_days": 11}, {"due_working_days": "3"}, {"contact_phone": "x"}):
        reply = await house.api.patch(path, json=wrong, headers={**admin, "If-Match": '"v1"'})
        assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, f"/{next(iter(wrong))}"), wrong
    changes = {"due_working_days": None, "contact_phone": None}
    plain = await house.api.patch(path, json=changes, headers={**admin, "If-Match": '"v1"'})
    assert (plain.status_code, plain.headers["etag"]) == (200, '"v2"')
    assert [plain.json()[name] for name in given] == [None] * 3


async def test_a_retired_system_keeps_its_duties_open_before_an_officer(api, desk, admin):
    told = (await register(api, admin, **ENDPOINT)).json()
    task, delivery = await unfinished_task(desk, told["id"])
    path = f"/v1/systems/{told['id']}"
    first = await api.post(f"{path}/retirement", headers=admin)
    again = await api.post(f"{path}/retirement", headers=admin)
    assert (first.status_code, first.json()["state"]) == (200, "retired")
    assert first.json() == again.json()
    assert (await row(desk, Task, task.id)).status == "pending"
    assert (await row(desk, Delivery, delivery.id)).state == "cancelled"
    async with desk.database.transaction() as session:
        mine = select(col(ReviewItem.kind)).where(col(ReviewItem.request_id) == task.request_id)
        assert (await session.execute(mine)).scalars().all() == ["holder.retired"]
    assert await notes(desk, told["id"]) == ["system.register", "system.retire"]
    bought = await api.post("/v1/oauth/token", data={"grant_type": "client_credentials", **told["client"]})
    assert bought.status_code == 401
    changed = await api.patch(path, json={"name": "b"}, headers={**admin, "If-Match": first.headers["etag"]})
    challenged = await api.post(f"{path}/challenges", headers=admin)
    tested = await api.post(f"{path}/test-events", headers={**admin, **key()})
    assert [one.status_code for one in (changed, challenged, tested)] == [409, 409, 409]
    assert (await api.get(path, headers=admin)).status_code == 200


async def test_systems_come_in_pages(api, admin):
    made = [(await register(api, admin)).json()["id"] for _ in range(3)]
    seen, cursor = [], None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await api.get("/v1/systems", params=query, headers=admin)).json()
        assert len(page["items"]) <= 2
        assert "client_secret" not in json.dumps(page)
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(set(seen))
    assert set(made) <= set(seen)
    for wrong in ({"cursor": "x"}, {"limit": 0}, {"limit": 201}):
        assert (await api.get("/v1/systems", params=wrong, headers=admin)).status_code == 422


async def test_only_an_admin_comes_in(api, admin, token):
    told = (await register(api, admin)).json()
    path = f"/v1/systems/{told['id']}"
    for role in ("website", "call_center", "clerk", "officer", "approver", "auditor", "system", None):
        bearer = {"Authorization": f"Bearer {token(role, told['id'])}"} if role else {}
        headers = {**bearer, "If-Match": '"v1"', **key()}
        replies = [
            await api.get("/v1/systems", headers=headers),
            await api.get(path, headers=headers),
            await api.post("/v1/systems", json=SYSTEM, headers=headers),
            await api.patch(path, json={"name": "b"}, headers=headers),
            *[
                await api.post(f"{path}/{what}", headers=headers)
                for what in ("retirement", "challenges", "test-events")
            ],
        ]
        assert {reply.status_code for reply in replies} == {403 if role else 401}, role


async def test_an_id_that_nobody_has_and_one_that_cannot_be_look_alike(api, admin):
    headers = {**admin, "If-Match": '"v1"', **key()}
    for system_id in (uuid4(), "x", "00000000-0000-0000-0000-00000000000G"):
        path = f"/v1/systems/{system_id}"
        replies = [
            await api.get(path, headers=headers),
            await api.patch(path, json={"name": "b"}, headers=headers),
            *[
                await api.post(f"{path}/{what}", headers=headers)
                for what in ("retirement", "challenges", "test-events")
            ],
        ]
        assert {(reply.status_code, reply.json()["code"]) for reply in replies} == {(404, "system.not_found")}


async def test_every_action_of_the_contract_can_be_registered(api, admin):
    told = (await register(api, admin, actions=list(ACTIONS))).json()
    assert told["actions"] == list(ACTIONS)
