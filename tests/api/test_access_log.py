"""접속기록: who, when, from where, whose data, doing what; of failures too (안전성 확보조치 기준 8)."""

from datetime import timedelta

from app import db
from app.tokens import Issuer
from tests.api.acts import rows
from tests.gates.test_tokens import OWN, pem
from tests.house import House, key

FORM = {"grant_type": "client_credentials"}
SECRET = "rdcs_" + "c2VjcmV0LXRoYXQtbXVzdC1ub3QtYmUtbG9nZ2Vk"


async def test_who_is_not_believed_is_written_down_with_the_flaw_and_never_with_what_was_brought(house: House) -> None:
    foreign = Issuer(OWN, pem())
    stranger = Issuer(house.desk.issuer.name, pem())
    hour = timedelta(hours=1)
    late = house.desk.issuer.issue("officer", "o", hour, now=db.now() - 2 * hour)
    brought = {
        "form": "no-token-at-all",
        "issuer": foreign.issue("officer", "o", hour, now=db.now()),
        "key": stranger.issue("officer", "o", hour, now=db.now()),
        "signature": house.token("officer", "o")[:-4] + "AAAA",
        "time": late,
    }
    for sent in brought.values():
        reply = await house.api.get("/v1/claims", headers={"Authorization": f"Bearer {sent}"})
        assert (reply.status_code, reply.json()["code"]) == (401, "auth.invalid")
    await house.api.get("/v1/claims", headers={"Authorization": "Basic eDp5"})
    await house.api.get("/v1/claims")
    client = await house.api.post("/v1/clients", json={"name": "a", "role": "website"}, headers=admin(house))
    wrong = FORM | {"client_id": client.json()["client_id"], "client_secret": SECRET}
    assert (await house.api.post("/v1/oauth/token", data=wrong)).status_code == 401
    right = FORM | {name: client.json()[name] for name in ("client_id", "client_secret")}
    assert (await house.api.post("/v1/oauth/token", data=right)).status_code == 200
    ended = client.json()["client_id"]
    await house.api.post(f"/v1/clients/{ended}/retirement", headers=house.auth("admin"))
    await house.api.post("/v1/requests", json={}, headers={**house.auth("website", ended), **key()})
    seen = await rows(house.desk, "SELECT * FROM access_log ORDER BY at, id")
    tried = [row.result for row in seen if row.role == "unknown"]
    assert tried == [
        *(f"auth.invalid:{flaw}" for flaw in brought),
        "auth.invalid",
        "auth.client_failed",
        "auth.invalid",
    ]
    logins = [(row.role, row.result) for row in seen if row.operation == "issue_token"]
    assert logins == [("unknown", "auth.client_failed"), ("website", "ok")]
    assert all(row.address and row.at and row.trace for row in seen)
    for secret in (*brought.values(), SECRET, right["client_secret"]):
        assert secret not in str(seen)


async def test_a_list_is_logged_with_what_was_asked_for(house: House) -> None:
    officer = house.auth("officer")
    for query in ("status=received&limit=5", "status=nothing", "limit=5&name=%ED%99%8D%EA%B8%B8%EB%8F%99"):
        await house.api.get(f"/v1/claims?{query}", headers=officer)
    seen = await rows(house.desk, "SELECT scope FROM access_log WHERE operation = 'list_claims' ORDER BY at, id")
    assert [row.scope for row in seen] == ["status=received&limit=5", None, "limit=5"]


async def test_a_search_names_each_request_that_it_found(house: House) -> None:
    filed = {(await house.file())["id"] for _ in range(3)}
    found = await house.api.post("/v1/request-searches", json={"phone": "010-1234-5678"}, headers=house.auth("officer"))
    assert {one["id"] for one in found.json()["items"]} == filed
    asked = "SELECT request_id::text, subject_digest FROM access_log WHERE operation = 'search_requests'"
    seen = await rows(house.desk, asked)
    assert len(seen) == 3 and {row.request_id for row in seen} == filed


def admin(house: House) -> dict[str, str]:
    """An admin with a key for one act."""
    return {**house.auth("admin"), **key()}
