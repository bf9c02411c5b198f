"""A delegate: the mandate on paper, and the subject's own word through a contact already held (B3, A13)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app import db
from app.law.deadline import seoul_date
from app.models import Requester
from app.services import keyring
from tests.api.acts import DELETION, answer, ask, claims, one, outcomes, post, refused, review, rows, statuses, wrong
from tests.api.families import plain, relay, seen
from tests.api.logins import log_in
from tests.api.others import as_party
from tests.api.papers import accept
from tests.house import DELEGATE, GILDONG, ONLINE_MALL, STRANGER, House, bearer, key, signed_mandate

WAITING, DONE = ["awaiting_evidence"], ["verified"]
MANDATE = "power_of_attorney"
MINJI = {"name": "박민지", "phone": "010-0000-3001", "email": "minji@example.com"}
UNUSABLE = (
    ({"name": "오하람", "phone": "010-0000-9001"}, "phone_code"),  # shared with others
    ({"name": "이철수", "email": "store-desk@example.com"}, "email_code"),  # a shared mailbox
    ({"name": "정우진", "phone": "010-0000-5002"}, "phone_code"),  # his mother's
    (MINJI, "phone_code"),  # on record for two days
)


async def confirmed(house: House) -> bool:
    """Whether any subject has confirmed a mandate."""
    found: bool = await one(house.desk, "SELECT count(*) > 0 FROM mandate WHERE confirmed_at IS NOT NULL")
    return found


async def subject_token(house: House, filed: dict[str, Any]) -> dict[str, str]:
    """The subject's own way in: the code that came to the contact by which they confirmed."""
    [sent] = [sms for sms in house.sent("sms") if sms["template"].startswith("access_code")]
    tracked = {"receipt_no": filed["receipt_no"], "access_code": sent["params"]["access_code"]}
    reply = await house.api.post("/v1/tracking", json=tracked)
    assert reply.status_code == 200, reply.text
    return bearer(reply.json()["access_token"])


# Three things, in whatever order -------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["rms", "rsm", "mrs", "msr", "srm", "smr"])
async def test_reach_mandate_and_the_subjects_word_are_all_needed_in_whatever_order(house: House, order: str) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL)
    assert [claim["status"] for claim in filed["claims"]] == WAITING
    steps = {
        "r": lambda: house.prove(filed, party="requester"),
        "m": lambda: accept(house, filed, MANDATE),
        "s": lambda: house.prove(filed),
    }
    for place, step in enumerate(order):
        await steps[step]()
        # What waits for a paper waits for evidence; what waits for a word is received.
        left = "received" if "m" in order[: place + 1] else "awaiting_evidence"
        assert await statuses(house, filed) == (DONE if place == 2 else [left])
    assert await confirmed(house) and await review(house, filed) == []
    assert await one(house.desk, "SELECT asker_digest IS NOT NULL FROM request")


async def test_a_delegates_claims_in_two_requests_are_one_askers_and_not_the_subjects_own(house: House) -> None:
    own = await house.file(ONLINE_MALL)
    await house.prove(own)
    for claim in (ONLINE_MALL, DELETION):
        filed = await house.file_as_delegate(claim)
        await house.prove(filed, "email_code")
        await house.prove(filed, party="requester")
    mine, first, second = (row[0] for row in await rows(house.desk, "SELECT asker_digest FROM request ORDER BY id"))
    assert first == second and mine != first and None not in (mine, first)


async def test_a_mailbox_confirms_what_the_policy_says_and_a_telephone_the_rest(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL, DELETION)
    await house.prove(filed, party="requester")
    await accept(house, filed, MANDATE)
    await house.prove(filed, "email_code")
    assert await statuses(house, filed) == ["verified", "received"]
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified", "verified"]


async def test_a_subject_who_signs_in_or_comes_in_person_confirms_as_well(trusted: None, house: House) -> None:
    for n, way in enumerate(("login", "visit")):
        filed = await house.file_as_delegate(DELETION, requester={**DELEGATE, "phone": f"010-0000-551{n}"})
        await house.prove(filed, party="requester")
        await accept(house, filed, MANDATE)
        if way == "login":
            await log_in(house, filed, sub="C-1029")
        else:
            body = {"party": "subject", "documents_seen": ["resident_card"]}
            path = f"/v1/requests/{filed['id']}/attestation"
            assert (
                await house.api.post(path, json=body, headers={**house.auth("officer"), **key()})
            ).status_code == 201
            await house.workshop.run()
        assert await statuses(house, filed) == DONE, way


# Never by a contact the delegate has ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "theirs",
    [
        {"phone": GILDONG["phone"]},
        {"phone": "+82 10 1234 5678"},
        {"email": GILDONG["email"]},
        {"email": "Gildong@EXAMPLE.com"},
    ],
)
async def test_no_contact_of_the_delegates_can_be_the_subjects(house: House, theirs: dict[str, str]) -> None:
    body = {
        "capacity": "delegate",
        "channel": "web",
        "subject": GILDONG,
        "requester": {**DELEGATE, **theirs},
        "mandate": signed_mandate(),
        "claims": [ONLINE_MALL],
    }
    assert refused(await post(house, body)) == (422, "/requester", "mandate.inconsistent")


async def test_a_contact_that_became_the_delegates_is_sent_no_code_for_the_subject(house: House) -> None:
    """The second lock, should the first at filing ever be passed."""
    filed = await house.file_as_delegate(ONLINE_MALL)
    async with house.desk.database.transaction() as session:
        requester = await session.get_one(Requester, filed["id"])
        theirs = keyring.details(session, requester) | {"email": "Gildong@example.com"}
        sealed = keyring.seal_for(session, requester, "requester.details", requester.request_id, theirs)
        requester.details_ct = sealed
    assert refused(await ask(house, filed, "email_code")) == (422, "/method", "field.inconsistent")
    assert (await ask(house, filed)).status_code == 202


async def test_a_contact_the_register_does_not_hold_confirms_nobody(house: House) -> None:
    """The delegate's second telephone, given out as the subject's (A1); a mailbox that looks like theirs (A2)."""
    for subject, method in (
        ({"name": "홍길동", "phone": "010-0000-9998"}, "phone_code"),
        ({"name": "홍길동", "email": "giIdong@example.com"}, "email_code"),
        ({"name": "김영희", "phone": GILDONG["phone"]}, "phone_code"),
    ):
        filed = await house.file_as_delegate(ONLINE_MALL, subject=subject)
        await house.prove(filed, method)
        assert await statuses(house, filed) == WAITING and await outcomes(house, filed) == {None}
        assert not await confirmed(house)
        await house.prove(filed, "email_code", party="requester")
        await accept(house, filed, MANDATE)
        assert await outcomes(house, filed) == {"nothing_held"}, (
            "heard once the mandate was accepted, as anybody hears it"
        )
    assert await one(house.desk, "SELECT count(*) FROM task") == 0


async def test_a_contact_that_is_not_surely_the_subjects_own_confirms_nothing(house: House) -> None:
    for n, (subject, method) in enumerate(UNUSABLE):
        delegate = {**DELEGATE, "phone": f"010-0000-552{n}", "email": None}
        filed = await house.file_as_delegate(ONLINE_MALL, subject=subject, requester=delegate, notify_by="visit")
        await house.prove(filed, method)
        await house.prove(filed, party="requester")
        await accept(house, filed, MANDATE)
        assert await statuses(house, filed) == ["received"], subject
        assert await review(house, filed) == ["identity.unusable_contact"]
    assert not await confirmed(house)
    assert await one(house.desk, "SELECT count(*) FROM task") == 0


async def test_a_contact_that_the_request_corrects_confirms_nothing_in_it(house: House) -> None:
    change = {"category": "separate_service", "field": "phone", "corrected": "010-0000-9998"}
    filed = await house.file_as_delegate({"right": "correction", "changes": [change]}, ONLINE_MALL)
    await house.prove(filed)
    await house.prove(filed, party="requester")
    await accept(house, filed, MANDATE)
    assert await statuses(house, filed) == ["received", "received"] and not await confirmed(house)
    assert await review(house, filed) == ["identity.unusable_contact"]


async def test_a_child_mandates_nobody_whatever_was_typed(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL, subject={"name": "최하늘", "phone": "010-0000-4001"})
    await house.prove(filed)
    await house.prove(filed, party="requester")
    await accept(house, filed, MANDATE)
    assert await statuses(house, filed) == ["received"] and await review(house, filed) == ["identity.under_14"]


# Codes ---------------------------------------------------------------------------------------------------------------


async def test_each_partys_code_goes_to_that_party_and_ends_only_its_own_earlier_ones(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL)
    mine = (await ask(house, filed, party="requester")).json()
    code_of_delegate = house.last_code("sms")
    theirs = (await ask(house, filed)).json()
    sent = [(sms["to"], sms["template"].partition(".")[0]) for sms in house.sent("sms")]
    assert sent == [("+821000005501", "code"), ("+821012345678", "confirm_code")]
    parties = await rows(house.desk, "SELECT party FROM message WHERE kind LIKE '%code' ORDER BY id")
    assert [row[0] for row in parties] == ["requester", "subject"]
    code_of_subject = house.last_code("sms")
    for verification_, code in ((theirs, code_of_delegate), (mine, code_of_subject)):
        assert (await answer(house, filed, verification_["id"], code=code)).status_code == 422
    for verification_, code in ((mine, code_of_delegate), (theirs, code_of_subject)):
        assert (await answer(house, filed, verification_["id"], code=code)).status_code == 200


async def test_the_subjects_word_is_taken_once(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL)
    asked = (await ask(house, filed)).json()
    code = house.last_code("sms")
    path, body, by = f"/v1/verifications/{asked['id']}/answer", {"code": code}, bearer(filed["requester_token"])
    replies = await asyncio.gather(*[house.api.post(path, json=body, headers=by) for _ in range(5)])
    assert sorted(reply.status_code for reply in replies) == [200, 422, 422, 422, 422]
    assert await one(house.desk, "SELECT count(*) FROM proof") == 1


async def test_five_wrong_codes_end_the_subjects_whoever_types_them(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL)
    asked = (await ask(house, filed)).json()
    code = house.last_code("sms")
    for _ in range(5):
        assert (await answer(house, filed, asked["id"], code=wrong(code))).status_code == 422
    assert (await answer(house, filed, asked["id"], code=code)).status_code == 422
    # The delegate's own code is another contact's.
    mine = (await ask(house, filed, party="requester")).json()
    assert (await answer(house, filed, mine["id"], code=house.last_code("sms"))).status_code == 200


async def test_two_parties_who_answer_at_once_are_both_heard(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL, DELETION)
    await accept(house, filed, MANDATE)
    by = bearer(filed["requester_token"])
    for _ in range(3):
        answers = []
        for party in ("requester", "subject"):
            asked = (await ask(house, filed, party=party)).json()
            answers.append((asked["id"], house.last_code("sms")))
        replies = await asyncio.gather(
            *[
                house.api.post(f"/v1/verifications/{one_}/answer", json={"code": code}, headers=by)
                for one_, code in answers
            ]
        )
        assert [reply.status_code for reply in replies] == [200, 200]
        await house.workshop.run()
        assert await statuses(house, filed) == ["verified"] * 2
    noted = "SELECT count(*) FROM audit_entry WHERE convert_from(body, 'UTF8') LIKE '%\"claim.verify\"%'"
    assert await one(house.desk, noted) == 2


async def test_a_call_center_relays_both_codes_and_never_one_for_release(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL, role="call_center")
    agent = house.auth("call_center", agent="a17")
    for party in ("subject", "requester"):
        assert (await relay(house, filed, party, agent)).json() == {"status": "verified"}
    for party in ("requester", "subject"):
        release = await ask(house, filed, purpose="release", headers=agent, party=party)
        assert release.json()["code"] == "auth.forbidden"
    codes = [sms for sms in house.sent("sms") if sms["template"].startswith("access_code")]
    assert [sms["to"] for sms in codes] == ["+821012345678", "+821000005501"], "each has a code of their own"
    digests = await rows(
        house.desk, "SELECT access_code_digest, subject_code_digest FROM request JOIN requester ON request_id = id"
    )
    assert len({*digests[0]}) == 2 and None not in digests[0]


# The answer's party, and no other ------------------------------------------------------------------------------------


async def test_what_goes_to_the_subject_opens_to_the_subject_alone(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL)
    await house.prove(filed, party="requester")
    await accept(house, filed, MANDATE)
    await house.prove(filed)
    delegate, subject = bearer(filed["requester_token"]), await subject_token(house, filed)
    for party, headers in (("requester", delegate), ("subject", delegate), ("requester", subject)):
        reply = await ask(house, filed, purpose="release", headers=headers, party=party)
        assert reply.json()["code"] in ("claim.not_verified", "field.inconsistent"), (party, reply.text)
    asked = await ask(house, filed, purpose="release", headers=subject)
    assert asked.status_code == 202
    code = house.last_code("sms")
    # A delegate who talks the subject into reading out this code still opens nothing with it.
    talked = await answer(house, filed, asked.json()["id"], headers=delegate, code=code)
    assert talked.json()["code"] == "verification.failed"
    granted = await answer(house, filed, asked.json()["id"], headers=subject, code=code)
    assert granted.json()["grant"] and await one(house.desk, "SELECT party FROM release_grant") == "subject"


async def test_what_goes_to_the_delegate_opens_to_the_delegate_alone(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL, mandate=signed_mandate(deliver_to="delegate"))
    await house.prove(filed, party="requester")
    await accept(house, filed, MANDATE)
    await house.prove(filed)
    assert await one(house.desk, "SELECT subject_code_digest FROM requester") is None
    reply = await ask(house, filed, purpose="release")
    assert reply.json()["code"] == "claim.not_verified"
    other = await ask(house, filed, "email_code", "release", party="requester")
    assert other.json()["code"] == "claim.not_verified", "not by a mailbox that was never answered"
    assert await house.grant(filed, party="requester")
    assert await one(house.desk, "SELECT party FROM release_grant") == "requester"


async def test_who_asks_for_somebody_else_is_in_the_access_log_and_the_subject_never(house: House) -> None:
    """안전성 확보조치 기준 8(1) excepts the subject alone."""
    filed = await house.file_as_delegate(ONLINE_MALL, subject=STRANGER)
    theirs, subject = bearer(filed["requester_token"]), as_party(house, filed, "subject")
    path = f"/v1/requests/{filed['id']}"
    for headers in (theirs, subject):
        for place in ("", "/timeline", "/notices", "/form"):
            assert (await house.api.get(path + place, headers=headers)).status_code == 200
        refusal = await house.api.get("/v1/claims", headers=headers)
        assert refusal.status_code == 403
    tracked = {"receipt_no": filed["receipt_no"], "access_code": filed["access_code"]}
    assert (await house.api.post("/v1/tracking", json=tracked)).status_code == 200
    seen = await rows(
        house.desk,
        "SELECT operation, request_id::text, result, actor FROM access_log WHERE role = 'requester' ORDER BY at, id",
    )
    assert [(row.operation, row.result) for row in seen] == [
        ("get_request", "ok"),
        ("get_timeline", "ok"),
        ("list_notices", "ok"),
        ("read_request_form", "ok"),
        ("list_claims", "auth.forbidden"),
        ("track_request", "ok"),
    ]
    assert {row.request_id for row in seen if row.result == "ok"} == {filed["id"]}
    assert {row.actor for row in seen} == {f"{house.desk.issuer.name}|{filed['id']}"}
    party = "SELECT DISTINCT convert_from(body, 'UTF8')::json #>> '{actor,party}' AS party FROM audit_entry"
    assert [row.party for row in await rows(house.desk, party)] == [None]
    assert (await house.api.post(f"{path}/withdrawal", json={}, headers=theirs)).status_code == 200
    assert {row.party for row in await rows(house.desk, party)} == {None, "requester"}


async def test_the_subject_has_no_business_with_the_delegates_proof(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL)
    await house.prove(filed)
    subject = await subject_token(house, filed)
    reply = await ask(house, filed, headers=subject, party="requester")
    assert refused(reply) == (422, "/party", "field.inconsistent")


async def test_a_mandate_that_ended_proves_and_opens_nothing_more(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL, mandate=signed_mandate(deliver_to="delegate"))
    await house.prove(filed, party="requester")
    await accept(house, filed, MANDATE)
    yesterday = seoul_date(db.now()) - timedelta(days=1)
    await rows(house.desk, "UPDATE mandate SET expires_on = :day RETURNING request_id", day=yesterday)
    await house.prove(filed)
    assert await statuses(house, filed) == ["received"], "confirmed too late"
    refused_ = await ask(house, filed, purpose="release", party="requester")
    assert refused_.json()["code"] == "mandate.expired"
    await rows(house.desk, "UPDATE mandate SET revoked_at = now(), revoked_cause = 'revoked' RETURNING request_id")
    refused_ = await ask(house, filed, purpose="release", party="requester")
    assert refused_.json()["code"] in ("claim.not_verified", "mandate.revoked")


# Nobody learns anything ----------------------------------------------------------------------------------------------


async def test_up_to_the_accepted_mandate_a_delegate_sees_the_same_whoever_the_subject_is(house: House) -> None:
    """Known, known under another contact, or unknown: one answer, byte for byte."""
    told = []
    for n, subject in enumerate((STRANGER, GILDONG, {**STRANGER, "name": "홍길동"}, MINJI)):
        delegate = {**DELEGATE, "phone": f"010-0000-56{n:02}", "email": f"d{n}@example.com"}
        before = len(house.sent("sms")), len(house.sent("mail"))
        filed = await house.file_as_delegate(ONLINE_MALL, DELETION, subject=subject, requester=delegate)
        pages = await seen(house, filed)
        for party in ("subject", "requester"):
            for method in ("phone_code", "email_code"):
                pages.append(plain((await house.prove(filed, method, party=party)).json()))
                pages += await seen(house, filed)
        theirs = {"+8210" + delegate["phone"].replace("-", "")[3:], delegate["email"]}
        messages = [*house.sent("sms")[before[0] :], *house.sent("mail")[before[1] :]]
        pages += sorted(plain(one_["text"]) for one_ in messages if one_["to"] in theirs)
        told.append(pages)
    assert len(told[0]) > 20
    for pages in told[1:]:
        for n, (mine, first) in enumerate(zip(pages, told[0], strict=True)):
            assert mine == first, n


async def test_the_delegate_is_not_looked_for_in_the_register(house: House) -> None:
    """Reach is all that a delegate shows; the register has no part in it."""
    filed = await house.file_as_delegate(ONLINE_MALL)
    await house.prove(filed, party="requester")
    assert await one(house.desk, "SELECT judgement FROM proof") == "reached"
    noted = "SELECT count(*) FROM audit_entry WHERE convert_from(body, 'UTF8') LIKE '%\"identity.judge\"%'"
    assert await one(house.desk, noted) == 0
    assert [claim["status"] for claim in await claims(house, filed)] == WAITING
