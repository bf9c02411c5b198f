"""Site logins, identity providers and attestation: who vouches, for whom, and never for anybody else."""

from datetime import timedelta
from uuid import uuid4

from app import db
from tests.api.acts import DELETION, answer, ask, one, outcomes, review, statuses
from tests.api.logins import LOGIN, STAFF, STRANGER_ISSUER, log_in
from tests.house import ADDRESS, GILDONG, ONLINE_MALL, House, key


async def test_a_login_and_a_provider_identify_for_every_right(trusted: None, house: House) -> None:
    filed = await house.file(
        ADDRESS, DELETION, subject={"name": "홍길동", "email": "other@example.com"}, notify_by="visit"
    )
    assert [one for step in filed["next_steps"] for one in step["methods"]][:2] == ["site_login", "identity_provider"]
    assert (await log_in(house, filed, sub="C-1029")).json() == {"status": "verified"}
    assert await statuses(house, filed) == ["verified", "verified"]
    filed = await house.file(ADDRESS, subject={"name": "박민지", "phone": "010-0000-3001"}, notify_by="visit")
    says = {"name": "박민지", "phone": "010-0000-3001", "birth_date": "1998-08-17"}
    assert (await log_in(house, filed, method="identity_provider", **says)).status_code == 200
    assert await statuses(house, filed) == ["verified"]


async def test_an_assertion_that_is_not_of_this_asking_fails_like_any_code(trusted: None, house: House) -> None:
    filed = await house.file(ONLINE_MALL, notify_by="visit")
    used = str(uuid4())
    other = await house.file(ONLINE_MALL, notify_by="visit")
    first = (await ask(house, other, "site_login")).json()["id"]
    assert (await answer(house, other, first, assertion=LOGIN.says(first, sub="C-1029", jti=used))).status_code == 200

    async def failing(make) -> None:
        asked = (await ask(house, filed, "site_login")).json()["id"]
        reply = await answer(house, filed, asked, assertion=make(asked))
        assert (reply.status_code, reply.json()["code"]) == (422, "verification.failed")

    for make in (
        lambda nonce: LOGIN.says(first, sub="C-1029"),
        lambda nonce: LOGIN.says("", sub="C-1029"),
        lambda nonce: LOGIN.says(nonce, sub="C-1029", jti=used),
        lambda nonce: LOGIN.says(nonce, sub="C-1029", minutes_ago=12),
        lambda nonce: LOGIN.says(nonce, sub="C-1029", minutes_ago=-5),
        lambda nonce: LOGIN.says(nonce, sub="C-1029", aud="somebody-else"),
        lambda nonce: LOGIN.says(nonce),
        lambda nonce: LOGIN.says(nonce, name="홍길동", phone="010-1234-5678"),
        lambda nonce: LOGIN.says(nonce, name="ㅎ", phone="1", birth_date="1990-01-02"),
        lambda nonce: STRANGER_ISSUER.says(nonce, sub="C-1029"),
        lambda nonce: STAFF.says(nonce, sub="C-1029"),
        lambda nonce: house.token("officer", "officer-1"),
        lambda nonce: LOGIN.says(nonce, sub="C-1029")[:-4] + "AAAA",
        lambda nonce: "nonsense",
        lambda nonce: "",
    ):
        await failing(make)
    assert await statuses(house, filed) == ["received"]
    # A code is no answer to a login, nor a login to a code.
    asked = (await ask(house, filed, "site_login")).json()["id"]
    assert (await answer(house, filed, asked, code="12345678")).json()["code"] == "verification.failed"
    asked = (await ask(house, filed)).json()["id"]
    swapped = await answer(house, filed, asked, assertion=LOGIN.says(asked, sub="C-1029"))
    assert swapped.json()["code"] == "verification.failed"
    both = await answer(house, filed, asked, code="12345678", assertion="x")
    assert both.json()["code"] == "field.inconsistent"


async def test_somebody_elses_login_finds_nothing_under_this_name(trusted: None, house: House) -> None:
    filed = await house.file(DELETION, notify_by="visit")
    await log_in(house, filed, sub="C-1030")
    assert await outcomes(house, filed) == {"nothing_held"}
    named = await house.file(DELETION, notify_by="visit")
    says = {"name": "김영희", "phone": "010-0000-1234", "birth_date": "1985-05-05"}
    await log_in(house, named, method="identity_provider", **says)
    assert await statuses(house, named) == ["received"] and len(await review(house, named)) == 1


async def test_results_open_to_the_login_that_verified_and_to_nobody_elses(trusted: None, house: House) -> None:
    """Whoever comes by a receipt number and code must not open it by logging in as himself."""
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, notify_by="visit")
    await log_in(house, filed, sub="C-1029")
    assert await mall.work() == ["collect"]
    foreign = await log_in(house, filed, purpose="release", sub="C-1030")
    assert (foreign.status_code, foreign.json()["code"]) == (422, "verification.failed")
    says = {"name": "김영희", "phone": "010-0000-1234", "birth_date": "1985-05-05"}
    assert (await log_in(house, filed, purpose="release", **says)).status_code == 422
    assert (
        await log_in(house, filed, purpose="release", name="홍길동", phone="010-0000-1234", birth_date="1990-01-02")
    ).status_code == 422
    granted = (await log_in(house, filed, purpose="release", sub="C-1029")).json()
    assert granted["grant"]


async def test_a_clerk_vouches_by_kinds_of_documents_and_never_numbers(house: House) -> None:
    clerk = house.auth("clerk")
    filed = await house.file(
        ADDRESS, subject={"name": "오하람", "phone": "010-0000-9001"}, role="clerk", notify_by="visit"
    )
    path = f"/v1/requests/{filed['id']}/attestation"
    for body, code in (
        ({"party": "subject", "documents_seen": []}, "field.length"),
        ({"party": "subject", "documents_seen": ["900101-1234567"]}, "field.format"),
        ({"party": "subject", "documents_seen": ["passport"], "passport_no": "M1234"}, "field.unknown"),
        ({"party": "requester", "documents_seen": ["passport"]}, "field.inconsistent"),
    ):
        assert (await house.api.post(path, json=body, headers={**clerk, **key()})).json()["code"] == code
    body = {"party": "subject", "documents_seen": ["resident_card"]}
    for role in ("website", "call_center", "approver"):
        denied = await house.api.post(path, json=body, headers={**house.auth(role), **key()})
        assert denied.status_code == 403
    foreign = await house.api.post(path, json=body, headers={**house.auth("clerk", "other-desk"), **key()})
    assert foreign.json()["code"] == "request.not_found"
    assert (await house.look(filed, "officer"))["claims"][0]["status"] == "received"
    attested = await house.api.post(path, json=body, headers={**clerk, **key()})
    assert attested.status_code == 201 and attested.json()["method"] == "attestation"
    await house.workshop.run()
    seen = (await house.api.get(f"/v1/requests/{filed['id']}", headers=clerk)).json()
    assert seen["verified"] and seen["claims"][0]["status"] == "verified"
    assert seen["subject"]["name"] == "오*람"


async def test_without_a_register_a_code_is_reach_and_a_login_identity(
    trusted: None, no_register: None, house: House
) -> None:
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, subject={**GILDONG, "customer_no": "C-7777"}, notify_by="visit")
    assert (await house.prove(filed)).json() == {"status": "verified"}
    assert await statuses(house, filed) == ["received"]
    # What a provider does not say is not taken from what was typed: the number may be a namesake's.
    says = {"name": "홍길동", "phone": "010-1234-5678", "birth_date": "1990-01-02"}
    await log_in(house, filed, method="identity_provider", **says)
    [task] = await mall.tasks()
    subject = (await mall.fetch(task["id"]))["subject"]
    assert subject == {"subject_ref": None, "name": "홍길동", "phone": "+821012345678"}


async def test_people_without_a_number_are_not_taken_for_one_another(
    trusted: None, no_register: None, house: House
) -> None:
    for name, phone in (("홍길동", "010-1234-5678"), ("김영희", "010-0000-1234")):
        filed = await house.file(ONLINE_MALL, DELETION, subject={"name": name, "phone": phone}, notify_by="visit")
        await log_in(house, filed, method="identity_provider", name=name, phone=phone, birth_date="1990-01-02")
    digests = await one(house.desk, "SELECT count(DISTINCT subject_digest) FROM request")
    assert digests == 2


async def test_a_child_that_a_provider_vouches_for_is_for_a_person_to_look_at(
    trusted: None, no_register: None, house: House
) -> None:
    born = (db.now() - timedelta(days=4_000)).date().isoformat()
    filed = await house.file(ONLINE_MALL, notify_by="visit")
    await log_in(house, filed, method="identity_provider", name="홍길동", phone="010-1234-5678", birth_date=born)
    assert await review(house, filed) == ["identity.under_14"] and await statuses(house, filed) == ["received"]
