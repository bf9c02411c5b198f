"""A guardian: known by the register or by papers, for the child the register holds; nobody else learns a thing (B2)."""

import json
import re
from typing import Any

import pytest

from app.models import Request
from app.services import keyring
from tests.api.acts import DELETION, ask, one, outcomes, refused, review, rows, statuses
from tests.api.families import (
    EDEN,
    GAON,
    IDEUN,
    MARKED,
    SEOJIN,
    TAEO,
    Ledger,
    contact,
    person,
    plain,
    registered,
    relay,
    seen,
)
from tests.api.logins import log_in
from tests.api.papers import CERTIFICATES, OF_GUARDIAN, accept
from tests.house import (
    ADDRESS,
    CHILD,
    FATHER,
    FOUNDLING,
    GUARDED,
    KEPT_AWAY,
    MOTHER,
    NOBODYS_MOTHER,
    ONLINE_MALL,
    House,
    bearer,
    key,
)

STOP_CODE = re.compile("[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}")
WAITING, DONE = ["awaiting_evidence"], ["verified"]
GUARDIANS_PHONE = contact(MOTHER["phone"], holder="guardian")
KNOWN = person("C-1", CHILD["name"], CHILD["birth_date"], contact("+821000004001"))


def guarded(*contacts: dict[str, Any], name: str = MOTHER["name"], **more: Any) -> dict[str, Any]:
    """The child with one guardian on record."""
    return KNOWN | {"guardians": [{"name": name, "contacts": list(contacts)}]} | more


async def identity(house: House, filed: dict[str, Any]) -> Any:
    return await one(house.desk, "SELECT identity FROM request WHERE id = :id", id=filed["id"])


async def told(house: House) -> Any:
    """How often the desk's people were told to look."""
    return await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'officer_todo'")


# Known by the register ------------------------------------------------------------------------------------------------


async def test_a_guardian_on_record_by_a_contact_they_proved_needs_no_paper(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, DELETION)
    assert [claim["status"] for claim in filed["claims"]] == WAITING * 2
    assert (await house.prove(filed, party="requester")).json() == {"status": "verified"}
    assert await statuses(house, filed) == DONE * 2
    assert await review(house, filed) == []
    [row] = await rows(house.desk, "SELECT proved, on_record FROM requester")
    assert tuple(row) == ("reached", True)
    assert await one(house.desk, "SELECT reached FROM request") == "other"
    kinds = {sms["template"].partition(".")[0] for sms in (*house.sent("sms"), *house.sent("mail"))}
    assert not any(kind.startswith("supplement") for kind in kinds), "nothing was missing"


@registered(guarded(GUARDIANS_PHONE))
async def test_the_register_is_asked_for_the_child_and_hears_nothing_of_the_guardian(
    ledger: Ledger, trusted: None, house: House
) -> None:
    subject = {**CHILD, "email": "child@example.com", "customer_no": "C-1"}
    filed = await house.file_as_guardian(ONLINE_MALL, subject=subject)
    await house.prove(filed, "email_code", party="requester")
    await accept(house, filed, *OF_GUARDIAN)
    says = {"sub": "C-4711", "name": "최보람", "phone": "010-0000-4002", "birth_date": "1988-09-09"}
    await log_in(house, filed, method="identity_provider", party="requester", **says)
    asked = {"name": "최하늘", "birth_date": "2016-04-05", "phone": "+821000004001"}
    asked |= {"email": "child@example.com", "customer_no": "C-1"}
    assert len(ledger.asked) >= 3 and all(one_ == asked for one_ in ledger.asked)


@pytest.mark.parametrize(
    ("ledger", "requester", "known"),
    [
        ((guarded(GUARDIANS_PHONE),), MOTHER, True),
        ((guarded(contact("+821000004002", holder="guardian", since_days_ago=29)),), MOTHER, False),
        ((guarded(contact("+821000004002", holder="guardian", since_days_ago=31)),), MOTHER, True),
        ((guarded(contact("+821000004002", holder="shared")),), MOTHER, False),
        ((guarded(contact("+821000004009", holder="guardian")),), MOTHER, False),
        ((guarded(contact("boram@example.com", kind="email", holder="guardian")),), MOTHER, False),
        ((guarded(GUARDIANS_PHONE, name="최진호"),), MOTHER, False),
        ((guarded(GUARDIANS_PHONE),), {**MOTHER, "name": "최보라"}, False),
        ((guarded(GUARDIANS_PHONE),), {**MOTHER, "phone": "010-0000-4009"}, False),
        ((guarded(GUARDIANS_PHONE, birth_date=None),), MOTHER, False),
        ((guarded(GUARDIANS_PHONE, birth_date="2016-04-06"),), MOTHER, False),
        ((guarded(GUARDIANS_PHONE, name="최 보 람"),), MOTHER, True),
    ],
    indirect=["ledger"],
)
async def test_only_name_and_an_old_contact_of_the_guardians_own_stand_on_record(
    ledger: Ledger, house: House, requester: dict[str, Any], known: bool
) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, requester=requester)
    await house.prove(filed, party="requester")
    assert await statuses(house, filed) == (DONE if known else WAITING)
    assert await identity(house, filed) == ("identified" if known else "none")
    assert await review(house, filed) == [], "nobody is bothered before there are papers"


async def test_a_guardian_on_record_opens_results_by_that_contact_and_not_by_another_they_typed(house: House) -> None:
    """Whoever files under a mother's name and has her read out her code still opens nothing on his own mailbox."""
    filed = await house.file_as_guardian(ONLINE_MALL)
    await house.prove(filed, "email_code", party="requester")
    assert await statuses(house, filed) == WAITING
    await house.prove(filed, party="requester")
    assert await statuses(house, filed) == DONE
    other = await ask(house, filed, "email_code", "release", party="requester")
    assert (other.status_code, other.json()["code"]) == (409, "claim.not_verified")
    child = await ask(house, filed, "phone_code", "release")
    assert refused(child) == (422, "/party", "field.inconsistent")
    assert await house.grant(filed, party="requester")
    assert await one(house.desk, "SELECT party FROM release_grant") == "requester"


async def test_the_guardian_of_another_child_is_nobody_here(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, requester=SEOJIN)
    await house.prove(filed, party="requester")
    assert await statuses(house, filed) == WAITING and await identity(house, filed) == "none"


async def test_a_minor_has_two_who_may_ask_and_each_is_another_asker(house: House) -> None:
    alone = await house.file(ONLINE_MALL, subject=EDEN)
    guardian = await house.file_as_guardian(ONLINE_MALL, subject=EDEN, requester=TAEO)
    again = await house.file_as_guardian(DELETION, subject=EDEN, requester=TAEO)
    await house.prove(alone)
    for filed in (guardian, again):
        await house.prove(filed, party="requester")
    digests = dict(await rows(house.desk, "SELECT id, asker_digest FROM request"))
    known = [digests[key_] for key_ in sorted(digests)]
    assert None not in known and known[0] != known[1] == known[2]
    assert await one(house.desk, "SELECT count(DISTINCT subject_digest) FROM request") == 1


async def test_what_is_kept_of_the_child_names_no_guardian(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, subject=GAON, requester=SEOJIN)
    await house.prove(filed, party="requester")
    assert await statuses(house, filed) == DONE
    async with house.desk.database.transaction() as session:
        kept = json.dumps(keyring.person(session, await session.get_one(Request, filed["id"])), ensure_ascii=False)
    assert "윤가온" in kept and "+821000004401" in kept
    assert all(word not in kept for word in ("윤서진", "한유라", "4402", "4403", "seojin", "yura"))
    # The other guardian and the child hear of it, who asked does not.
    sent = [*house.sent("sms"), *house.sent("mail")]
    alerted = {message["to"] for message in sent if STOP_CODE.search(message["text"])}
    assert alerted == {"+821000004401", "+821000004403", "yura@example.com"}


# Known by papers ------------------------------------------------------------------------------------------------------


async def test_the_other_parent_shows_custody_and_who_he_is(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, requester=FATHER)
    await house.prove(filed, party="requester")
    for kind in OF_GUARDIAN:
        assert await statuses(house, filed) == WAITING
        await accept(house, filed, kind)
    assert await statuses(house, filed) == DONE and await identity(house, filed) == "identified"
    assert await house.grant(filed, party="requester")


async def test_papers_before_proof_wait_for_the_guardian(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, requester=FATHER)
    await accept(house, filed, *CERTIFICATES)
    assert await identity(house, filed) == "identified" and await statuses(house, filed) == ["received"]
    early = await ask(house, filed, purpose="release", party="requester")
    assert early.json()["code"] == "claim.not_verified"
    await house.prove(filed, party="requester")
    assert await statuses(house, filed) == ["received"], "a contact that answers is anybody's"
    await accept(house, filed, "identity_document")
    assert await statuses(house, filed) == DONE


async def test_a_login_that_names_the_guardian_stands_for_the_identity_card(trusted: None, house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, requester=FATHER)
    await accept(house, filed, *CERTIFICATES)
    for says, finding in (
        ({"sub": "C-9999"}, []),  # signs somebody in, and does not say whom
        ({"name": "최보람", "phone": "010-0000-4003", "birth_date": "1986-02-14"}, ["identity.contradicted"]),
        ({"name": "최진호", "phone": "010-0000-4003", "birth_date": "1986-02-15"}, ["identity.contradicted"]),
    ):
        reply = await log_in(house, filed, party="requester", **says)
        assert reply.json() == {"status": "verified"}
        assert await statuses(house, filed) == ["received"] and await review(house, filed) == finding
    says = {"name": "최 진호", "phone": "010-0000-4003", "birth_date": "1986-02-14"}
    await log_in(house, filed, method="identity_provider", party="requester", **says)
    assert await statuses(house, filed) == DONE
    # What that login says of the guardian lies under the guardian's own key.
    granted = await log_in(house, filed, method="identity_provider", purpose="release", party="requester", **says)
    assert granted.json()["grant"]
    foreign = {**says, "phone": "010-0000-4002"}
    reply = await log_in(house, filed, method="identity_provider", purpose="release", party="requester", **foreign)
    assert reply.json()["code"] == "verification.failed"


async def test_a_login_by_a_telephone_on_record_is_a_guardian_on_record(trusted: None, house: House) -> None:
    requester = {**MOTHER, "phone": None}
    filed = await house.file_as_guardian(ONLINE_MALL, requester=requester)
    says = {"name": "최보람", "phone": "010-0000-4002", "birth_date": "1988-09-09"}
    await log_in(house, filed, method="identity_provider", party="requester", **says)
    assert await statuses(house, filed) == DONE


async def test_a_clerk_who_saw_the_guardian_attests_the_guardian_and_no_number(house: House) -> None:
    filed = await house.file_as_guardian(
        ONLINE_MALL, requester=FATHER, role="clerk", channel="visit", notify_by="visit"
    )
    path, clerk = f"/v1/requests/{filed['id']}/attestation", house.auth("clerk")
    body = {"party": "requester", "documents_seen": ["resident_card"]}
    for changed, pointer in (({"subject_ref": "C-1033"}, "/subject_ref"), ({"party": "subject"}, "/party")):
        reply = await house.api.post(path, json=body | changed, headers={**clerk, **key()})
        assert refused(reply) == (422, pointer, "field.inconsistent")
    for role in ("call_center", "website", "approver"):
        claims = {"agent": "a17"} if role == "call_center" else {}
        reply = await house.api.post(path, json=body, headers={**house.auth(role, **claims), **key()})
        assert reply.status_code == 403
    assert (await house.api.post(path, json=body, headers={**clerk, **key()})).status_code == 201
    await house.workshop.run()
    assert (await house.look(filed, "officer"))["claims"][0]["status"] == "awaiting_evidence"
    await accept(house, filed, *CERTIFICATES, headers=clerk)
    assert (await house.look(filed, "officer"))["claims"][0]["status"] == "verified"


async def test_a_child_that_nobody_knows_is_answered_once_the_papers_were_accepted(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, subject=FOUNDLING, requester=NOBODYS_MOTHER)
    await house.prove(filed, party="requester")
    await accept(house, filed, *CERTIFICATES)
    assert await outcomes(house, filed) == {None}
    await accept(house, filed, "identity_document")
    assert await outcomes(house, filed) == {"nothing_held"}


# Nobody learns anything ----------------------------------------------------------------------------------------------


async def test_up_to_accepted_papers_a_stranger_sees_the_same_whoever_the_child_is(
    trusted: None,
    house: House,
) -> None:
    """Known, unknown, marked, of a guardian on record or of none: one answer, byte for byte."""
    told_: list[list[str]] = []
    for n, child in enumerate((FOUNDLING, CHILD, GAON, IDEUN, GUARDED, {**FOUNDLING, "phone": GAON["phone"]})):
        # A telephone of its own for each, for no more than three codes an hour go to one.
        stranger = {**NOBODYS_MOTHER, "name": "나그네", "phone": f"010-0000-97{n:02}", "email": f"a{n}@example.com"}
        before = {carrier: len(house.sent(carrier)) for carrier in ("sms", "mail")}
        filed = await house.file_as_guardian(ONLINE_MALL, ADDRESS, DELETION, subject=child, requester=stranger)
        pages = await seen(house, filed)
        for method in ("phone_code", "email_code"):
            pages.append(plain((await house.prove(filed, method, party="requester")).json()))
            pages += await seen(house, filed)
        says = {"name": "나그네", "phone": stranger["phone"], "birth_date": "1987-01-05"}
        pages.append(plain((await log_in(house, filed, party="requester", **says)).json()))
        pages += await seen(house, filed)
        messages = [one_ for carrier, n in before.items() for one_ in house.sent(carrier)[n:]]
        pages += sorted(plain(one_["text"]) for one_ in messages if one_["to"] != house.desk.policy.desk_email)
        told_.append(pages)
    for pages in told_[1:]:
        assert pages == told_[0]


@pytest.mark.parametrize(
    ("subject", "requester"),
    [
        (IDEUN, MARKED),  # the register marks this guardian
        (IDEUN, {**MARKED, "name": "문가람"}),  # the same one under the other guardian's name
        (GUARDED, KEPT_AWAY),  # no guardian of this child is told anything
    ],
)
async def test_a_mark_at_the_register_stops_a_guardian_who_only_sees_that_it_waits(
    house: House, subject: dict[str, Any], requester: dict[str, Any]
) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, subject=subject, requester=requester)
    other = await house.file_as_guardian(
        ONLINE_MALL, subject=FOUNDLING, requester={**requester, "phone": "010-0000-4999"}
    )
    for one_ in (filed, other):
        await house.prove(one_, party="requester")
    assert await review(house, filed) == ["guardian.no_disclosure"] and await told(house) == 1
    assert await seen(house, filed) == await seen(house, other)
    await accept(house, filed, *OF_GUARDIAN)
    assert await identity(house, filed) == "none" and await statuses(house, filed) == ["received"]
    assert await review(house, filed) == ["guardian.no_disclosure"] and await told(house) == 2
    assert await one(house.desk, "SELECT count(*) FROM alert") == 0


@registered(
    person("C-1", CHILD["name"], CHILD["birth_date"], contact("+821000004001")),
    person("C-2", CHILD["name"], CHILD["birth_date"], contact("+821000004001")),
)
async def test_two_children_alike_are_for_a_person_to_part(ledger: Ledger, house: House) -> None:
    await _for_a_person(house, "identity.several")


@registered(person("C-1", CHILD["name"], "2016-04-06", contact("+821000004001")))
async def test_another_birth_date_is_for_a_person_to_look_at(ledger: Ledger, house: House) -> None:
    await _for_a_person(house, "identity.birth_conflict")


@registered(person("C-1", CHILD["name"], "1990-04-05", contact("+821000004001")))
async def test_a_grown_child_has_no_parent_who_asks(ledger: Ledger, house: House) -> None:
    await _for_a_person(house, "identity.standing")


async def _for_a_person(house: House, kind: str) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, requester=FATHER)
    await house.prove(filed, party="requester")
    assert await review(house, filed) == [] and await told(house) == 0
    await accept(house, filed, *OF_GUARDIAN)
    assert await review(house, filed) == [kind] and await told(house) == 1
    assert await identity(house, filed) == "none" and await statuses(house, filed) == ["received"]


@registered(person("C-1", CHILD["name"], CHILD["birth_date"], contact("+821000004001")))
async def test_a_number_under_correction_finds_no_child(ledger: Ledger, house: House) -> None:
    """Two at once: say that the number is wrong, and be found by it."""
    change = {"category": "separate_service", "field": "phone", "corrected": "010-0000-4777"}
    twin = {**CHILD, "birth_date": "2016-04-06"}
    filed = await house.file_as_guardian(
        {"right": "correction", "changes": [change]}, ONLINE_MALL, subject=twin, requester=FATHER
    )
    await house.prove(filed, party="requester")
    await accept(house, filed, *OF_GUARDIAN)
    assert await review(house, filed) == [] and await outcomes(house, filed) == {"nothing_held"}


async def test_without_a_register_papers_are_all_there_is(no_register: None, house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, requester=FATHER)
    await house.prove(filed, party="requester")
    assert await statuses(house, filed) == WAITING
    await accept(house, filed, *OF_GUARDIAN)
    assert await statuses(house, filed) == DONE


# Codes and calls -----------------------------------------------------------------------------------------------------


async def test_a_code_of_the_guardians_goes_to_the_guardian_and_counts_with_that_contact(house: House) -> None:
    sent = []
    for _ in range(2):
        filed = await house.file_as_guardian(ONLINE_MALL)
        for _ in range(2):
            assert (await ask(house, filed, party="requester")).status_code == 202
            sent = [sms["to"] for sms in house.sent("sms") if sms["template"].startswith("code")]
    assert sent == ["+821000004002"] * 3, "the fourth within an hour is not sent, whatever the request"
    assert await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'code' AND party <> 'requester'") == 0
    nothing = await house.file_as_guardian(ONLINE_MALL, requester={**MOTHER, "email": None}, notify_by="sms")
    assert refused(await ask(house, nothing, "email_code", party="requester"))[1] == "/method"


async def test_a_call_center_relays_the_guardians_code_and_nothing_more(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL, role="call_center", notify_by="sms")
    agent = house.auth("call_center", agent="a17")
    relayed = await relay(house, filed, "requester", agent)
    assert relayed.json() == {"status": "verified"} and "access_code" not in relayed.text
    assert (await house.look(filed, "officer"))["claims"][0]["status"] == "verified"
    [code] = [sms for sms in house.sent("sms") if sms["template"].startswith("access_code")]
    assert code["to"] == "+821000004002"
    assert (await ask(house, filed, "phone_code", "release", agent, "requester")).json()["code"] == "auth.forbidden"
    tracked = {"receipt_no": filed["receipt_no"], "access_code": code["params"]["access_code"]}
    token = (await house.api.post("/v1/tracking", json=tracked)).json()["access_token"]
    mine = bearer(token)
    asked = await ask(house, filed, purpose="release", headers=mine, party="requester")
    relayed = await house.api.post(
        f"/v1/verifications/{asked.json()['id']}/answer", json={"code": house.last_code("sms")}, headers=agent
    )
    assert relayed.json()["code"] == "verification.failed"


async def test_an_attestation_of_the_child_and_a_code_of_the_child_prove_nothing(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL)
    assert refused(await ask(house, filed)) == (422, "/party", "field.inconsistent")
    assert refused(await ask(house, filed, "site_login")) == (422, "/party", "field.inconsistent")


async def test_a_guardian_whose_data_is_gone_proves_nothing_more(house: House) -> None:
    filed = await house.file_as_guardian(ONLINE_MALL)
    await rows(house.desk, "UPDATE requester SET key = NULL, details_ct = NULL, destroyed_at = now() RETURNING proved")
    assert (await ask(house, filed, party="requester")).status_code in (409, 422)
