"""Tokens for machines: right secrets, wrong ones, and the form they come in."""

import base64
from datetime import timedelta
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
from sqlalchemy import text as sql

from app import db
from app.desk import MACHINE
from app.errors import Invalid, Unauthenticated
from app.services import clients

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = "/v1/oauth/token"


async def made(api, token, role="website"):
    """A client with its secret."""
    headers = {"Authorization": f"Bearer {token('admin', 'admin-1')}", "Idempotency-Key": str(uuid4())}
    reply = await api.post("/v1/clients", json={"name": f"a {role}", "role": role}, headers=headers)
    assert reply.status_code == 201, reply.text
    return reply.json()


def form(client, **more):
    """The form of a right request, with changes; None leaves a field out."""
    fields = {
        "grant_type": "client_credentials",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
    }
    return {name: value for name, value in {**fields, **more}.items() if value is not None}


def basic(client_id, secret):
    joined = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()
    return {"Authorization": f"Basic {base64.b64encode(joined).decode()}"}


async def test_a_right_secret_in_the_form_gives_a_token_of_fifteen_minutes(api, desk, token):
    client = await made(api, token)
    reply = await api.post(TOKEN, data=form(client))
    answer = reply.json()
    assert reply.status_code == 200
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 900)
    assert reply.headers["cache-control"] == "no-store"
    caller = await desk.verifier.verify(answer["access_token"], db.now())
    assert (caller.role, caller.sub, caller.iss) == ("website", client["client_id"], desk.issuer.name)
    assert caller.expires_at - caller.issued_at == timedelta(minutes=15)


async def test_a_right_secret_by_basic_gives_one_as_well(api, token):
    client = await made(api, token, "clerk")
    named = basic(client["client_id"], client["client_secret"])
    reply = await api.post(TOKEN, data={"grant_type": "client_credentials"}, headers=named)
    assert reply.status_code == 200


async def test_a_call_center_says_which_agent_speaks(api, desk, token):
    client = await made(api, token, "call_center")
    without = await api.post(TOKEN, data=form(client))
    assert (without.status_code, without.json()["errors"][0]["pointer"]) == (422, "/agent")
    odd = await api.post(TOKEN, data=form(client, agent="a 17"))
    assert odd.json()["code"] == "field.format"
    right = await api.post(TOKEN, data=form(client, agent="a17"))
    caller = await desk.verifier.verify(right.json()["access_token"], db.now())
    assert (caller.role, caller.agent) == ("call_center", "a17")


async def test_nobody_else_has_an_agent(api, token):
    reply = await api.post(TOKEN, data=form(await made(api, token), agent="a17"))
    assert (reply.status_code, reply.json()["code"]) == (422, "field.unknown")


async def test_every_failure_is_one_answer(api, token):
    client = await made(api, token)
    replies = [
        await api.post(TOKEN, data=form(client, client_secret="rdcs_wrong")),
        await api.post(TOKEN, data=form(client, client_id=str(uuid4()))),
        await api.post(TOKEN, data=form(client, client_id="nobody")),
        await api.post(TOKEN, data=form(client, client_id=None)),
        await api.post(TOKEN, data=form(client, client_secret=None)),
        await api.post(TOKEN, data=form(client, client_secret="x" * 300)),
        await api.post(TOKEN, data=form(client, client_secret=None), headers={"Authorization": "Basic !!"}),
        await api.post(TOKEN, data=form(client, client_secret=None), headers={"Authorization": "Bearer abc"}),
        await api.post(TOKEN, data=form(client, client_secret=None), headers=basic(str(uuid4()), "other")),
    ]
    bodies = [{**reply.json(), "instance": None} for reply in replies]
    assert {reply.status_code for reply in replies} == {401}
    assert all(reply.headers["www-authenticate"].startswith("Basic ") for reply in replies)
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["code"] == "auth.client_failed"


async def test_failures_are_logged_without_what_was_sent(api, token, caplog):
    client = await made(api, token)
    with caplog.at_level("DEBUG"):
        await api.post(TOKEN, data=form(client, client_secret="rdcs_canary-secret"))
    assert any("refused" in record.getMessage() for record in caplog.records)
    assert "canary" not in caplog.text
    assert client["client_id"] not in caplog.text


async def test_after_five_failures_the_right_secret_is_refused_too(api, token):
    client = await made(api, token)
    for _ in range(4):
        assert (await api.post(TOKEN, data=form(client, client_secret="wrong"))).status_code == 401
    assert (await api.post(TOKEN, data=form(client))).status_code == 200
    wrong = await api.post(TOKEN, data=form(client, client_secret="wrong"))
    locked = await api.post(TOKEN, data=form(client))
    assert locked.status_code == 401
    assert {**locked.json(), "instance": None} == {**wrong.json(), "instance": None}
    other = await made(api, token)
    assert (await api.post(TOKEN, data=form(other))).status_code == 200


async def _try(desk, client_id, secret, now):
    async with desk.database.transaction() as session:
        return await clients.exchange(session, str(client_id), secret, None, now=now)


async def _create(desk, now, role="website"):
    async with desk.database.transaction() as session:
        credentials = await clients.create(session, "a website", role, by=MACHINE, now=now)
        return credentials.client.id, credentials.secret


async def test_the_lock_ends_fifteen_minutes_after_the_last_failure(desk):
    began = db.now().replace(second=0, microsecond=0)
    client_id, secret = await _create(desk, began)
    for minute in (0, 3, 6, 9, 12):
        assert await _try(desk, client_id, "wrong", began + timedelta(minutes=minute)) is None
    assert await _try(desk, client_id, secret, began + timedelta(minutes=26, seconds=59)) is None
    assert await _try(desk, client_id, secret, began + timedelta(minutes=28)) is not None


async def test_tries_while_locked_do_not_lengthen_the_lock(desk):
    began = db.now().replace(second=0, microsecond=0)
    client_id, secret = await _create(desk, began)
    for second in range(5):
        assert await _try(desk, client_id, "wrong", began + timedelta(seconds=second)) is None
    assert await _try(desk, client_id, "wrong", began + timedelta(minutes=14)) is None
    assert await _try(desk, client_id, secret, began + timedelta(minutes=14)) is None
    assert await _try(desk, client_id, secret, began + timedelta(minutes=16)) is not None


async def test_five_failures_over_a_longer_time_do_not_lock(desk):
    began = db.now()
    client_id, secret = await _create(desk, began)
    for minute in (0, 5, 10, 15, 20, 25):
        assert await _try(desk, client_id, "wrong", began + timedelta(minutes=minute)) is None
    assert await _try(desk, client_id, secret, began + timedelta(minutes=25)) is not None


async def test_a_new_secret_leaves_the_one_before_a_day_and_older_ones_nothing(desk):
    now = db.now()
    client_id, first = await _create(desk, now)
    later = now + timedelta(hours=1)
    async with desk.database.transaction() as session:
        second = await clients.renew(session, client_id, by=MACHINE, now=later)
    assert second.earlier_until == later + timedelta(hours=24)
    assert await _try(desk, client_id, first, later + timedelta(hours=23)) is not None
    assert await _try(desk, client_id, second.secret, later) is not None
    assert await _try(desk, client_id, first, later + timedelta(hours=24)) is None
    async with desk.database.transaction() as session:
        third = await clients.renew(session, client_id, by=MACHINE, now=later)
    assert await _try(desk, client_id, first, later) is None
    assert await _try(desk, client_id, second.secret, later) is not None
    assert await _try(desk, client_id, third.secret, later) is not None


async def test_a_retired_client_gets_no_token(api, token):
    client = await made(api, token)
    admin = {"Authorization": f"Bearer {token('admin', 'admin-1')}"}
    path = f"/v1/clients/{client['client_id']}"
    first = await api.post(f"{path}/retirement", headers=admin)
    again = await api.post(f"{path}/retirement", headers=admin)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert (await api.post(TOKEN, data=form(client))).status_code == 401
    renewed = await api.post(f"{path}/secrets", headers={**admin, "Idempotency-Key": str(uuid4())})
    assert (renewed.status_code, renewed.json()["code"]) == (409, "state.conflict")


async def test_secrets_are_answered_again_to_the_same_key_and_stand_nowhere_in_clear(api, desk, token):
    headers = {"Authorization": f"Bearer {token('admin', 'admin-1')}", "Idempotency-Key": str(uuid4())}
    body = {"name": "a website", "role": "website"}
    first = await api.post("/v1/clients", json=body, headers=headers)
    again = await api.post("/v1/clients", json=body, headers=headers)
    assert first.json() == again.json()
    secret = first.json()["client_secret"].encode()
    async with desk.database.transaction() as session:
        for table in ("client", "client_secret", "idempotency", "audit_entry"):
            rows = (await session.execute(sql(f"SELECT * FROM {table}"))).all()
            assert rows
            assert not any(
                secret in (part if isinstance(part, bytes) else str(part).encode()) for row in rows for part in row
            )


FORMS = (
    (b"", FORM, 400, "request.body_required"),
    (b"{}", {"Content-Type": "application/json"}, 415, "request.media_type"),
    (b"grant_type=client_credentials", {}, 415, "request.media_type"),
    (
        b"grant_type=client_credentials",
        {"Content-Type": FORM["Content-Type"] + "; charset=euc-kr"},
        415,
        "request.media_type",
    ),
    (b"grant_type=client_credentials&client_id=a&client_id=b", FORM, 400, "request.duplicate_param"),
    (b"grant_type=client_credentials&client_id=%FF", FORM, 400, "request.encoding"),
    ("grant_type=client_credentials&client_id=홍".encode(), FORM, 400, "request.encoding"),
    (b"grant_type=client_credentials&client_id=a%00", FORM, 400, "request.malformed"),
    (b"grant_type=client_credentials&pad=" + b"a" * 5_000, FORM, 413, "request.too_large"),
    (b"client_id=a&client_secret=b", FORM, 422, "field.required"),
    (b"grant_type=&client_id=a", FORM, 422, "field.required"),
    (b"grant_type=password&client_id=a&client_secret=b", FORM, 422, "field.value"),
    (b"grant_type=client_credentials&scope=all", FORM, 422, "field.unknown"),
)


async def test_the_form_is_read_strictly(api):
    for body, headers, status, code in FORMS:
        reply = await api.post(TOKEN, content=body, headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (status, code), body
        assert reply.headers["content-type"] == "application/problem+json"


async def test_a_secret_in_two_places_is_malformed(api, token):
    client = await made(api, token)
    reply = await api.post(TOKEN, data=form(client), headers=basic(client["client_id"], client["client_secret"]))
    assert (reply.status_code, reply.json()["code"]) == (400, "request.malformed")


async def test_an_unknown_field_is_named_only_if_it_looks_like_one(api):
    reply = await api.post(TOKEN, content=b"grant_type=client_credentials&010-1234-5678=x", headers=FORM)
    assert reply.json()["errors"] == [{"pointer": "", "code": "field.unknown", "detail": reply.json()["detail"]}]
    assert "1234" not in reply.text


async def test_the_key_set_checks_the_tokens_and_tells_no_secret(api, desk):
    reply = await api.get("/.well-known/jwks.json")
    (key,) = reply.json()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (key["kid"], key["alg"]) == (desk.issuer.kid, "ES256")


async def test_the_service_refuses_what_the_door_would(desk):
    now = db.now()
    client_id, secret = await _create(desk, now, "call_center")
    with pytest.raises(Invalid, match=r"field\.required"):
        await _try(desk, client_id, secret, now)
    with pytest.raises(Unauthenticated):
        await desk.verifier.verify(secret, now)


async def test_only_an_admin_makes_clients(api, token):
    for role in ("website", "call_center", "clerk", "officer", "approver", "auditor"):
        headers = {"Authorization": f"Bearer {token(role, 'somebody')}", "Idempotency-Key": str(uuid4())}
        for path in ("/v1/clients", f"/v1/clients/{uuid4()}/secrets", f"/v1/clients/{uuid4()}/retirement"):
            reply = await api.post(path, json={"name": "x", "role": "website"}, headers=headers)
            assert (reply.status_code, reply.json()["code"]) == (403, "auth.forbidden"), role


async def test_clients_of_no_known_role_are_refused(api, token):
    headers = {"Authorization": f"Bearer {token('admin', 'admin-1')}"}
    for role in ("system", "officer", "admin", "requester", ""):
        key = {"Idempotency-Key": str(uuid4())}
        reply = await api.post("/v1/clients", json={"name": "x", "role": role}, headers={**headers, **key})
        assert (reply.status_code, reply.json()["code"]) == (422, "field.value")
    missing = await api.post("/v1/clients", json={"name": "x", "role": "website"}, headers=headers)
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency.key_required")
    unknown = await api.post(f"/v1/clients/{uuid4()}/retirement", headers=headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "client.not_found")
