"""Idempotency-Key at filing: the first answer again, one case, and nobody else's."""

import asyncio

from tests.api.acts import FILING, FOR_CHILD, ON_MANDATE, changed, one, refused, tables
from tests.house import House


async def put_in(house: House, key: str | None, body: object = FILING, sub: str = "website-1"):
    headers = house.auth("website", sub) | ({"Idempotency-Key": key} if key is not None else {})
    return await house.api.post("/v1/requests", json=body, headers=headers)


async def test_the_same_key_answers_the_same_bytes_secrets_included(house: House) -> None:
    first = await put_in(house, "a-key")
    before = await tables(house.desk)
    again = await put_in(house, "a-key")
    assert again.status_code == 201 and again.content == first.content
    assert again.headers["location"] == first.headers["location"] and again.headers["etag"] == first.headers["etag"]
    # Quoted, as the draft has it, and with the members in another order, it is still the same call.
    assert (await put_in(house, '"a-key"')).content == first.content
    assert (await put_in(house, "a-key", dict(reversed(FILING.items())))).content == first.content
    after = await tables(house.desk)
    assert after.pop("access_log") == before.pop("access_log") + 3
    assert after == before


async def test_another_body_is_refused_and_another_principal_is_independent(house: House) -> None:
    first = (await put_in(house, "a-key")).json()
    assert refused(await put_in(house, "a-key", changed("/language", "en"))) == (422, "", "idempotency.key_reused")
    other = await put_in(house, "a-key", sub="website-2")
    assert other.status_code == 201 and other.json()["id"] != first["id"]
    assert await one(house.desk, "SELECT count(*) FROM request") == 2


async def test_a_key_answers_for_its_own_path_only(house: House) -> None:
    filed = await house.file()
    as_person = {"Authorization": f"Bearer {filed['requester_token']}", "Idempotency-Key": "twice"}
    path = f"/v1/requests/{filed['id']}/verifications"
    body = {"party": "subject", "method": "phone_code", "purpose": "identity"}
    asked = await house.api.post(path, json=body, headers=as_person)
    again = await house.api.post(path, json=body, headers=as_person)
    assert asked.status_code == again.status_code == 202 and asked.content == again.content
    assert await one(house.desk, "SELECT count(*) FROM verification") == 1
    mailed = await house.api.post(path, json={**body, "method": "email_code"}, headers=as_person)
    assert refused(mailed)[2] == "idempotency.key_reused"


async def test_a_refused_filing_is_not_kept(house: House) -> None:
    assert (await put_in(house, "a-key", changed("/subject/name", "7"))).status_code == 422
    assert (await put_in(house, "a-key")).status_code == 201


async def test_keys_are_read_strictly(house: House) -> None:
    assert refused(await put_in(house, None)) == (400, "", "idempotency.key_required")
    for malformed in ("", " ", '"', '"a', 'a"', '""', 'a"b', "k" * 256, '"' + "k" * 256 + '"', "a\tb"):
        assert refused(await put_in(house, malformed))[::2] == (400, "idempotency.key_malformed"), malformed
    for good in ("k" * 255, '"' + "k" * 255 + '"', "a b", "8e03978e-40d5-43dd-bc93-6894a57f9324"):
        assert (await put_in(house, good)).status_code == 201, good
    assert await one(house.desk, "SELECT count(*) FROM request") == 3


async def test_fifty_at_once_make_one_case(house: House) -> None:
    replies = await asyncio.gather(*[put_in(house, "one-key") for _ in range(50)])
    assert {reply.status_code for reply in replies} <= {201, 409}, [r.text for r in replies if r.status_code >= 500]
    made = {reply.content for reply in replies if reply.status_code == 201}
    assert len(made) == 1
    busy = {reply.json()["code"] for reply in replies if reply.status_code == 409}
    assert busy <= {"idempotency.in_progress"}
    assert await one(house.desk, "SELECT count(*) FROM request") == 1
    assert await one(house.desk, "SELECT count(*) FROM claim") == 1


async def test_the_stored_answer_is_sealed(house: House) -> None:
    filed = (await put_in(house, "a-key")).json()
    kept = await one(house.desk, "SELECT answer_ct FROM idempotency")
    for secret in (filed["access_code"], filed["requester_token"], filed["receipt_no"]):
        assert secret.encode() not in bytes(kept)


async def test_a_filing_for_another_is_answered_once(house: House) -> None:
    for body in (FOR_CHILD, ON_MANDATE):
        first = await put_in(house, body["capacity"], body)
        before = await tables(house.desk)
        again = await put_in(house, body["capacity"], body)
        assert again.content == first.content and first.status_code == 201
        other = changed("/requester/email", "other@example.com", body)
        assert refused(await put_in(house, body["capacity"], other))[2] == "idempotency.key_reused"
        after = await tables(house.desk)
        assert after.pop("access_log") == before.pop("access_log") + 2 and after == before
