"""Codes: eight digits, five tries counted before comparing, three sendings an hour, one answer for every failure."""

import asyncio
from datetime import timedelta

from app import db
from tests.api.acts import YOUNGHEE, answer, ask, one, refused, rows, wrong
from tests.house import GILDONG, STRANGER, House, bearer


async def age(house: House, minutes: int) -> None:
    """Let every code be older."""
    shift = "UPDATE verification SET created_at = created_at - :by, expires_at = expires_at - :by RETURNING id"
    await rows(house.desk, shift, by=timedelta(minutes=minutes))


async def test_five_wrong_codes_end_it_and_the_right_one_comes_too_late(house: House) -> None:
    filed = await house.file()
    asked = (await ask(house, filed)).json()
    code = house.last_code("sms")
    told = [(await answer(house, filed, asked["id"], code=wrong(code))) for _ in range(5)]
    told.append(await answer(house, filed, asked["id"], code=code))
    assert {reply.status_code for reply in told} == {422}
    assert len({reply.content.replace(reply.json()["instance"].encode(), b"") for reply in told}) == 1
    assert await one(house.desk, "SELECT tries FROM verification") == 5
    assert await one(house.desk, "SELECT count(*) FROM proof") == 0
    # Four wrong ones are forgiven.
    again = (await ask(house, filed)).json()
    fresh = house.last_code("sms")
    for _ in range(4):
        await answer(house, filed, again["id"], code=wrong(fresh))
    assert (await answer(house, filed, again["id"], code=fresh)).status_code == 200


async def test_every_failure_has_one_body(house: House) -> None:
    filed, other = await house.file(), await house.file(subject=YOUNGHEE)
    asked = (await ask(house, filed)).json()
    code = house.last_code("sms")
    malformed = [
        await answer(house, filed, asked["id"], code=one_)
        for one_ in ("", "1234567", f"{code}\n", " " + code, "１２３４５６７８", "x" * 64)
    ]
    unknown = await answer(house, filed, "0193b9a0-0000-7000-8000-000000000000", code=code)
    no_id = await answer(house, filed, "nonsense", code=code)
    foreign = await answer(house, other, asked["id"], code=code)
    await age(house, 11)
    expired = await answer(house, filed, asked["id"], code=code)
    asked = (await ask(house, filed)).json()
    code = house.last_code("sms")
    assert (await answer(house, filed, asked["id"], code=code)).status_code == 200
    used = await answer(house, filed, asked["id"], code=code)
    bodies = {reply.json()["code"] for reply in (*malformed, unknown, no_id, foreign, expired, used)}
    assert bodies == {"verification.failed"}
    assert {reply.json()["detail"] for reply in (*malformed, unknown, foreign, expired, used)} == {
        used.json()["detail"]
    }


async def test_fifty_guesses_at_once_are_five(house: House) -> None:
    filed = await house.file()
    asked = (await ask(house, filed)).json()
    code = int(house.last_code("sms"))
    guesses = [f"{(code + n) % 10**8:08d}" for n in range(1, 51)]
    as_person = bearer(filed["requester_token"])
    path = f"/v1/verifications/{asked['id']}/answer"
    replies = await asyncio.gather(*[house.api.post(path, json={"code": one_}, headers=as_person) for one_ in guesses])
    assert {reply.status_code for reply in replies} <= {422, 503}
    assert await one(house.desk, "SELECT tries FROM verification") <= 5
    assert (await answer(house, filed, asked["id"], code=f"{code:08d}")).status_code == (
        422 if await one(house.desk, "SELECT tries FROM verification") >= 5 else 200
    )


async def test_the_right_code_many_times_at_once_proves_once(house: House) -> None:
    filed = await house.file()
    asked = (await ask(house, filed)).json()
    as_person = bearer(filed["requester_token"])
    path, body = f"/v1/verifications/{asked['id']}/answer", {"code": house.last_code("sms")}
    replies = await asyncio.gather(*[house.api.post(path, json=body, headers=as_person) for _ in range(5)])
    assert sorted(reply.status_code for reply in replies) == [200, 422, 422, 422, 422]
    assert await one(house.desk, "SELECT count(*) FROM proof") == 1


async def test_a_new_code_ends_the_old(house: House) -> None:
    filed = await house.file()
    first = (await ask(house, filed)).json()
    old = house.last_code("sms")
    second = (await ask(house, filed)).json()
    assert (await answer(house, filed, first["id"], code=old)).status_code == 422
    assert (await answer(house, filed, second["id"], code=house.last_code("sms"))).status_code == 200


async def test_the_fourth_within_an_hour_sends_nothing_and_answers_the_same(house: House) -> None:
    for subject in (GILDONG, STRANGER):
        before = len(house.sent("sms"))
        replies = [await ask(house, await house.file(subject=subject)) for _ in range(5)]
        assert {reply.status_code for reply in replies} == {202}
        assert len({tuple(sorted(reply.json())) for reply in replies}) == 1
        assert len(house.sent("sms")) == before + 3
    await age(house, 61)
    await ask(house, await house.file())
    assert len(house.sent("sms")) == 7


async def test_many_requests_at_once_cannot_flood_one_phone(house: House) -> None:
    filings = [await house.file() for _ in range(10)]
    await asyncio.gather(
        *[
            house.api.post(
                f"/v1/requests/{filed['id']}/verifications",
                json={"party": "subject", "method": "phone_code", "purpose": "identity"},
                headers={**bearer(filed["requester_token"]), "Idempotency-Key": f"k-{n}"},
            )
            for n, filed in enumerate(filings)
        ]
    )
    await house.workshop.run()
    assert len(house.sent("sms")) == 3


async def test_ten_wrong_codes_in_a_day_lock_the_contact_for_that_day_alike_for_all(house: House) -> None:
    for subject in (GILDONG, STRANGER):
        for _ in range(2):
            filed = await house.file(subject=subject)
            asked = (await ask(house, filed)).json()
            code = house.last_code("sms")
            for n in range(5):
                assert (await answer(house, filed, asked["id"], code=wrong(code))).status_code == 422, n
        sent = len(house.sent("sms"))
        locked = await ask(house, filed)
        assert locked.status_code == 202 and len(house.sent("sms")) == sent
    await age(house, 24 * 60 + 1)
    asked = (await ask(house, filed)).json()
    assert (await answer(house, filed, asked["id"], code=house.last_code("sms"))).status_code == 200


async def test_the_tenth_try_of_a_day_may_still_be_the_right_one(house: House) -> None:
    filed = await house.file()
    asked = (await ask(house, filed)).json()
    for _ in range(5):
        await answer(house, filed, asked["id"], code=wrong(house.last_code("sms")))
    asked = (await ask(house, filed)).json()
    for _ in range(4):
        await answer(house, filed, asked["id"], code=wrong(house.last_code("sms")))
    assert (await answer(house, filed, asked["id"], code=house.last_code("sms"))).status_code == 200


async def test_a_code_is_nowhere_kept_but_as_a_slow_hash(house: House) -> None:
    filed = await house.file()
    await ask(house, filed)
    code = house.last_code("sms").encode()
    [(salt, kept)] = await rows(house.desk, "SELECT salt, code_hash FROM verification")
    assert len(salt) == 16 and code not in bytes(kept)
    assert await one(house.desk, "SELECT content_ct FROM message WHERE kind = 'code'") is None
    assert await one(house.desk, "SELECT sent_at FROM verification") <= db.now()


async def test_a_code_goes_where_it_was_typed_and_only_what_was_typed_can_be_asked_for(house: House) -> None:
    filed = await house.file(subject={"name": "홍길동", "phone": "010-0000-9999"}, notify_by="sms")
    await ask(house, filed)
    assert house.sent("sms")[-1]["to"] == "+821000009999"
    nothing = await ask(house, filed, "email_code")
    assert (nothing.status_code, nothing.json()["code"]) == (422, "field.inconsistent")
    party = await house.api.post(
        f"/v1/requests/{filed['id']}/verifications",
        json={"party": "requester", "method": "phone_code", "purpose": "identity"},
        headers={**bearer(filed["requester_token"]), "Idempotency-Key": "k"},
    )
    # Who asks for themselves is the subject and nobody else.
    assert refused(party) == (422, "/party", "field.inconsistent")
