"""Signing keys: changed by an admin, told once, listed without secrets, their public halves open to everybody."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text as sql

from app import db, signature
from app.desk import MACHINE
from app.services import challenging, registry, signing_keys
from tests.api.test_registry import ENDPOINT, jobs, key, notes, register

OPEN = "/.well-known/webhook-keys.json"


@pytest.fixture
def admin(token):
    return {"Authorization": f"Bearer {token('admin', 'admin-1')}"}


async def change(api, admin, system_id, **body):
    return await api.post(f"/v1/systems/{system_id}/keys", json=body, headers={**admin, **key()})


async def signing(desk, system_id, at=None):
    """What signs at a moment."""
    async with desk.database.transaction() as session:
        return await signing_keys.signing(session, UUID(system_id), now=at or db.now())


def moments(one):
    return datetime.fromisoformat(one["from"]), datetime.fromisoformat(one["until"]) if one["until"] else None


async def test_a_new_secret_is_told_once_and_the_old_one_signs_beside_it_for_a_day(api, desk, admin):
    told = (await register(api, admin, **ENDPOINT)).json()
    headers = {**admin, **key()}
    path = f"/v1/systems/{told['id']}/keys"
    made = await api.post(path, json={"scheme": "v1"}, headers=headers)
    again = await api.post(path, json={"scheme": "v1"}, headers=headers)
    assert (made.status_code, made.json()) == (201, again.json())
    new, old = made.json()["secret"], told["keys"][0]["secret"]
    assert new.startswith("whsec_") and made.json()["public_key"] is None
    assert await signing(desk, told["id"]) == (new, old)
    began, _ = moments(made.json())
    assert await signing(desk, told["id"], began + timedelta(hours=24, seconds=-1)) == (new, old)
    assert await signing(desk, told["id"], began + timedelta(hours=24)) == (new,)
    listed = await api.get(path, headers=admin)
    first, second = listed.json()["items"]
    assert (first["id"], second["id"]) == (told["keys"][0]["id"], made.json()["id"])
    assert (moments(first)[1], moments(second)) == (began + timedelta(hours=24), (began, None))
    assert new not in listed.text and old not in listed.text and "secret" not in listed.text
    assert await notes(desk, told["id"]) == ["system.register", "system.key"]


async def test_the_scheme_changes_with_the_key_and_the_version_with_both(api, desk, admin):
    told = (await register(api, admin, **ENDPOINT)).json()
    made = (await change(api, admin, told["id"], scheme="v1a", overlap_hours=168)).json()
    assert made["secret"] is None and made["public_key"].startswith("whpk_")
    seen = await api.get(f"/v1/systems/{told['id']}", headers=admin)
    assert (seen.json()["scheme"], seen.headers["etag"]) == ("v1a", '"v2"')
    ends = moments(seen.json()["keys"][0])[1]
    assert ends == moments(made)[0] + timedelta(hours=168)
    private, secret = await signing(desk, told["id"])
    assert (signature.public_key(private), secret) == (made["public_key"], told["keys"][0]["secret"])


async def test_no_more_than_ten_sign_at_once_but_a_leak_can_always_be_stopped(api, desk, admin):
    told = (await register(api, admin, **ENDPOINT)).json()
    for _ in range(9):
        assert (await change(api, admin, told["id"], scheme="v1")).status_code == 201
    over = await change(api, admin, told["id"], scheme="v1", overlap_hours=1)
    assert (over.status_code, over.json()["code"]) == (409, "endpoint.too_many_keys")
    assert len(await signing(desk, told["id"])) == 10
    last = await change(api, admin, told["id"], scheme="v1", overlap_hours=0)
    assert await signing(desk, told["id"]) == (last.json()["secret"],)


MISFITS = (
    ({}, "/scheme", "field.required"),
    ({"scheme": "v2"}, "/scheme", "field.value"),
    ({"scheme": "v1", "overlap_hours": -1}, "/overlap_hours", "field.value"),
    ({"scheme": "v1", "overlap_hours": 169}, "/overlap_hours", "field.value"),
    ({"scheme": "v1", "overlap_hours": 1.5}, "/overlap_hours", "field.type"),
    ({"scheme": "v1", "overlap_hours": "24"}, "/overlap_hours", "field.type"),
    ({"scheme": "v1", "secret": "whsec_mine"}, "/secret", "field.unknown"),
)


async def test_what_does_not_fit_makes_no_key(api, desk, admin):
    told = (await register(api, admin, **ENDPOINT)).json()
    for body, pointer, code in MISFITS:
        reply = await change(api, admin, told["id"], **body)
        assert (reply.status_code, reply.json()["code"]) == (422, code), body
        assert reply.json()["errors"][0]["pointer"] == pointer, body
    assert len(await signing(desk, told["id"])) == 1


async def test_a_retired_system_gets_no_key_and_publishes_none(api, admin):
    told = (await register(api, admin, **{**ENDPOINT, "scheme": "v1a"})).json()
    assert told["id"] in (await api.get(OPEN)).text
    await api.post(f"/v1/systems/{told['id']}/retirement", headers=admin)
    refused = await change(api, admin, told["id"], scheme="v1")
    assert (refused.status_code, refused.json()["code"]) == (409, "state.conflict")
    assert told["id"] not in (await api.get(OPEN)).text


async def test_a_system_reads_its_own_keys_and_nobody_elses(api, admin, token):
    one, other = [(await register(api, admin, **ENDPOINT)).json()["id"] for _ in range(2)]
    own = {"Authorization": f"Bearer {token('system', one)}"}
    mine = await api.get(f"/v1/systems/{one}/keys", headers=own)
    assert mine.json() == (await api.get(f"/v1/systems/{one}/keys", headers=admin)).json()
    foreign = await api.get(f"/v1/systems/{other}/keys", headers=own)
    unknown = await api.get(f"/v1/systems/{uuid4()}/keys", headers=own)
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() | {"instance": ""} == unknown.json() | {"instance": ""}


async def test_public_keys_are_open_to_everybody_while_they_sign_and_no_secret_is(api, desk, admin):
    shared = (await register(api, admin, **ENDPOINT)).json()
    told = (await register(api, admin, **{**ENDPOINT, "scheme": "v1a"})).json()
    made = (await change(api, admin, told["id"], scheme="v1a")).json()
    reply = await api.get(OPEN)
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "public, max-age=300")
    [mine] = reply.json()["items"]
    assert mine["system_id"] == told["id"]
    assert [one["public_key"] for one in mine["keys"]] == [made["public_key"], told["keys"][0]["public_key"]]
    assert [bool(one["until"]) for one in mine["keys"]] == [False, True]
    assert shared["id"] not in reply.text and "secret" not in reply.text and "whsec_" not in reply.text
    unchanged = await api.get(OPEN, headers={"If-None-Match": reply.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    async with desk.database.transaction() as session:
        later = await signing_keys.published(session, after=None, now=db.now() + timedelta(hours=24))
    assert [[one.public_key for one in keys] for _, keys in later] == [[made["public_key"]]]
    await change(api, admin, told["id"], scheme="v1", overlap_hours=0)
    assert (await api.get(OPEN, headers={"If-None-Match": reply.headers["etag"]})).json()["items"] == []


async def test_public_keys_come_in_pages(api, desk, admin, monkeypatch):
    monkeypatch.setattr(signing_keys, "PAGE", 2)
    made = [(await register(api, admin, **{**ENDPOINT, "scheme": "v1a"})).json()["id"] for _ in range(5)]
    seen, query = [], {}
    while True:
        page = (await api.get(OPEN, params=query)).json()
        assert len(page["items"]) <= 2
        seen += [one["system_id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query = {"cursor": page["next_cursor"]}
    assert seen == made
    assert (await api.get(OPEN, params={"cursor": "x"})).status_code == 422


@pytest.mark.parametrize("key_first", (True, False))
async def test_a_system_that_polled_gets_an_endpoint_and_a_key_in_either_order(api, desk, admin, key_first):
    told = (await register(api, admin)).json()
    path = f"/v1/systems/{told['id']}"

    async def point():
        tag = (await api.get(path, headers=admin)).headers["etag"]
        moved = {"endpoint_url": ENDPOINT["endpoint_url"]}
        assert (await api.patch(path, json=moved, headers={**admin, "If-Match": tag})).json()["state"] == "unverified"

    async def sign():
        assert (await change(api, admin, told["id"], scheme="v1")).status_code == 201

    first, second = (sign, point) if key_first else (point, sign)
    await first()
    refused = [await api.post(f"{path}/{what}", headers={**admin, **key()}) for what in ("challenges", "test-events")]
    assert [one.status_code for one in refused] == [409, 409]
    before = await jobs(desk, "challenge", told["id"])
    await second()
    assert await jobs(desk, "challenge", told["id"]) == before + 1
    assert (await api.post(f"{path}/test-events", headers={**admin, **key()})).status_code == 202


async def test_a_challenge_waits_for_the_first_key_without_a_job_of_its_own(api, desk, admin):
    """Else the sweep would look at an endpoint without a key again and again for as long as it has none."""
    told = (await register(api, admin)).json()
    path = f"/v1/systems/{told['id']}"
    await api.patch(path, json={"endpoint_url": ENDPOINT["endpoint_url"]}, headers={**admin, "If-Match": '"v1"'})
    later = db.now() + timedelta(days=1)
    async with desk.database.transaction() as session:
        assert await challenging.due_challenges(session, later) == []
    await change(api, admin, told["id"], scheme="v1")
    async with desk.database.transaction() as session:
        assert await challenging.due_challenges(session, later) == [UUID(told["id"])]


async def test_two_changes_at_the_same_moment_leave_both_keys_signing(api, desk, admin):
    told = (await register(api, admin, **ENDPOINT)).json()
    now = db.now()
    async with desk.database.transaction() as session:
        first = await registry.add_key(session, UUID(told["id"]), "v1", overlap=timedelta(hours=1), by=MACHINE, now=now)
        second = await registry.add_key(
            session, UUID(told["id"]), "v1", overlap=timedelta(hours=1), by=MACHINE, now=now
        )
    assert await signing(desk, told["id"], now) == (second.secret, first.secret, told["keys"][0]["secret"])
    async with desk.database.transaction() as session:
        open_ended = sql("SELECT count(*) FROM system_key WHERE system_id = :id AND valid_until IS NULL")
        assert (await session.execute(open_ended, {"id": told["id"]})).scalar_one() == 1
