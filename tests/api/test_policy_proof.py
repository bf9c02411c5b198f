"""What a request will need, told beforehand; and that no channel asks more than the web (Act 38(4), Decree 41(2))."""

from itertools import product
from typing import Any

import pytest
from pydantic import BaseModel

from app import db
from app.law.terms import Capacity, Right
from app.policy import words
from app.routers import filing, filing_parties
from app.services.intake import CHANNELS
from tests.house import CHILD, DELEGATE, MOTHER, ONLINE_MALL, House, key, signed_mandate

WITHDRAWAL = {"right": "consent_withdrawal", "purposes": ["marketing"]}
CODES = ["phone_code", "email_code"]


async def needed(house: House, right: str = "access", capacity: str = "self", **more: Any) -> dict[str, Any]:
    reply = await house.api.get("/v1/policy/proof", params={"right": right, "capacity": capacity, **more})
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def kinds(papers: list[dict[str, Any]]) -> list[str]:
    return [one["kind"] for one in papers]


def codes(found: list[dict[str, Any]]) -> dict[str, list[str]]:
    """By party the codes that may be used; logins hang on what the instance has."""
    return {one["party"]: [method for method in one["methods"] if method in CODES] for one in found}


async def test_who_asks_for_themselves_shows_no_paper(house: House) -> None:
    found = await needed(house, age=14)
    assert (found["may"], found["code"], found["documents"]) == (True, None, [])
    assert codes(found["verify"]) == {"subject": CODES}
    assert [(one["party"], one["method"], one["documents"]) for one in found["alternatives"]] == [
        ("subject", "attestation", [])
    ]
    assert (found["wait_days"], found["wait_days_at_most"]) == (0, 3)
    assert found["decides"] == ["machine", "officer"]


async def test_a_mail_code_is_not_offered_for_what_cannot_be_undone(house: House) -> None:
    assert codes((await needed(house, "deletion"))["verify"]) == {"subject": ["phone_code"]}
    assert codes((await needed(house, "deletion", "guardian", relationship="parent"))["verify"]) == {"requester": CODES}


async def test_a_parent_is_told_of_both_certificates_and_of_the_other_way(house: House) -> None:
    found = await needed(house, capacity="guardian", age=9, relationship="parent")
    assert found["may"] is True
    assert codes(found["verify"]) == {"requester": CODES}
    assert kinds(found["documents"]) == ["basic_certificate", "family_relation_certificate"]
    assert all(one["hint"]["ko"] and one["max_age_days"] == 90 for one in found["documents"])
    ways = {one["method"]: kinds(one["documents"]) for one in found["alternatives"]}
    assert ways == {"attestation": [], "documents": ["identity_document"]}
    assert (found["wait_days"], found["wait_days_at_most"], found["decides"]) == (3, 3, ["two"])


async def test_a_delegate_is_told_that_the_person_has_to_confirm(house: House) -> None:
    found = await needed(house, "correction", "delegate", age=40)
    assert codes(found["verify"]) == {"requester": CODES, "subject": ["phone_code"]}
    assert kinds(found["documents"]) == ["power_of_attorney"]
    assert [(one["party"], one["method"]) for one in found["alternatives"]] == [("subject", "attestation")]


@pytest.mark.parametrize(
    ("capacity", "relationship", "allowed"),
    [
        ("self", None, {14, 18, 19, 90}),
        ("guardian", "parent", {0, 13, 14, 18}),
        ("guardian", "adoptive_parent", {0, 13, 14, 18}),
        ("guardian", "appointed_guardian", {0, 13, 14, 18}),
        ("guardian", "adult_guardian", {19, 90}),
        ("delegate", None, {14, 18, 19, 90}),
    ],
)
async def test_the_age_says_who_may_ask(
    house: House, capacity: str, relationship: str | None, allowed: set[int]
) -> None:
    more = {"relationship": relationship} if relationship else {}
    for years in (0, 13, 14, 18, 19, 90):
        found = await needed(house, capacity=capacity, age=years, **more)
        assert found["may"] is (years in allowed), years
        refusal = "guardian.inconsistent" if capacity == "guardian" else "guardian.required"
        assert found["code"] == (None if found["may"] else refusal)
        assert bool(found["verify"]) is found["may"]
        assert (found["wait_days"] is None) is not found["may"]
    assert (await needed(house, capacity=capacity, **more))["may"] is True


GUARDIAN = {"right": "access", "capacity": "guardian", "relationship": "parent"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"right": "erasure"}, "field.value"),
        ({"right": None}, "field.required"),
        ({"capacity": "uncle"}, "field.value"),
        ({"capacity": None}, "field.required"),
        ({"age": "-1"}, "field.value"),
        ({"age": "151"}, "field.value"),
        ({"age": "nine"}, "field.format"),
        ({"age": "9.5"}, "field.format"),
        ({"relationship": "uncle"}, "field.value"),
        ({"relationship": None}, "field.required"),
        ({"capacity": "self"}, "field.inconsistent"),
        ({"capacity": "delegate"}, "field.inconsistent"),
    ],
)
async def test_a_question_that_makes_no_sense(house: House, change: dict[str, str | None], code: str) -> None:
    asked = {name: value for name, value in (GUARDIAN | change).items() if value is not None}
    reply = await house.api.get("/v1/policy/proof", params=asked)
    assert (reply.status_code, reply.json()["code"]) == (422, code)


@pytest.mark.parametrize("path", ["/v1/policy/proof?right=access&capacity=self", "/v1/policy/parity", "/v1/policy"])
async def test_anybody_may_read_it_and_keep_it(house: House, path: str) -> None:
    first = await house.api.get(path)
    assert first.headers["cache-control"] == "public, max-age=300"
    for headers in ({}, house.auth("auditor"), house.auth("website")):
        assert (await house.api.get(path, headers=headers)).content == first.content
        again = await house.api.get(path, headers={**headers, "If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_what_is_foretold_is_what_a_filing_is_answered_with(house: House) -> None:
    """For every right in every capacity, with all contacts typed."""
    for right, claim in CLAIMS.items():
        own = await house.file(claim)
        child = await house.file_as_guardian(claim)
        other = await house.file_as_delegate(claim)
        for filed, question in (
            (own, {"capacity": "self"}),
            (child, {"capacity": "guardian", "relationship": "parent"}),
            (other, {"capacity": "delegate"}),
        ):
            foretold = await needed(house, right, **question)
            verify = [one for one in filed["next_steps"] if one["step"] == "verify"]
            typed = {"requester": {"phone", "email"}, "subject": {"phone"} if filed is child else {"phone", "email"}}
            assert [one["party"] for one in verify] == [one["party"] for one in foretold["verify"]]
            for said, told in zip(verify, foretold["verify"], strict=True):
                missing = {f"{kind}_code" for kind in ("phone", "email") if kind not in typed[said["party"]]}
                assert said["methods"] == [one for one in told["methods"] if one not in missing], (right, question)
            papers = [one for step in filed["next_steps"] for one in step.get("documents") or () if not one["optional"]]
            assert [{k: v for k, v in one.items() if k != "optional"} for one in papers] == foretold["documents"]


# The same through every channel --------------------------------------------------------------------------------------

CLAIMS: dict[str, dict[str, Any]] = {
    "access": ONLINE_MALL,
    "correction": {
        "right": "correction",
        "changes": [{"category": "online_mall", "field": "name", "current": None, "corrected": "홍길순"}],
    },
    "deletion": {"right": "deletion", "categories": ["online_mall"]},
    "suspension": {"right": "suspension", "purposes": ["marketing"], "ends_contract": False},
    "consent_withdrawal": WITHDRAWAL,
}


async def table(house: House) -> list[dict[str, Any]]:
    reply = await house.api.get("/v1/policy/parity")
    assert reply.json()["next_cursor"] is None
    rows: list[dict[str, Any]] = reply.json()["items"]
    return rows


async def test_no_channel_is_missing_and_none_asks_more_or_wants_harder_proof_than_the_web(house: House) -> None:
    rows = await table(house)
    found = {(one["right"], one["capacity"], one["channel"]): one for one in rows}
    everything = set(product(Right, Capacity, house.desk.policy.channels))
    assert set(found) == everything
    assert len(rows) == len(everything)
    for (right, capacity, channel), row in found.items():
        web = found[right, capacity, "web"]
        assert row["available"], channel
        assert set(row["asked"]) <= set(web["asked"])
        assert set(row["documents"]) <= set(web["documents"])
        easier = {one["party"]: set(one["methods"]) for one in row["methods"]}
        assert all(easier[one["party"]] >= set(one["methods"]) for one in web["methods"])
        assert len(easier) == len(web["methods"])


async def test_the_table_says_what_is_asked(house: House) -> None:
    rows = {(one["right"], one["capacity"]): one for one in await table(house) if one["channel"] == "fax"}
    own = rows["consent_withdrawal", "self"]
    assert own["documents"] == []
    assert not [one for one in own["asked"] if one.startswith(("requester.", "mandate."))]
    assert "claim.purposes" in own["asked"]
    guardian = rows["access", "guardian"]
    assert {one for one in guardian["asked"] if one.startswith("requester.")} == {
        f"requester.{one}" for one in ("name", "birth_date", "phone", "email", "relationship")
    }
    assert "guardianship_certificate" in guardian["documents"]
    assert rows["access", "delegate"]["documents"] == ["power_of_attorney"]


WIRE: dict[str, type[BaseModel]] = {
    "access": filing.AccessIn,
    "correction": filing.CorrectionIn,
    "deletion": filing.DeletionIn,
    "suspension": filing.SuspensionIn,
    "consent_withdrawal": filing.ConsentWithdrawalIn,
}


def test_the_declaration_is_the_wire() -> None:
    """What the policy says is asked is what a filing takes: not a field more, not a field less."""
    assert list(filing.SubjectIn.model_fields) == [one[0] for one in words.SUBJECT]
    for capacity in (Capacity.GUARDIAN, Capacity.DELEGATE):
        assert list(filing_parties.RequesterIn.model_fields) == [one[0] for one in words.REQUESTER[capacity]]
    assert list(filing_parties.MandateIn.model_fields) == [one[0] for one in words.MANDATE[Capacity.DELEGATE]]
    for right in Right:
        wire = set(WIRE[right].model_fields) - {"right"}
        assert wire == {name for name, _ in words.CLAIMS[right]}, right
    assert set(words.REQUEST) <= set(filing.FilingIn.model_fields)


def test_every_required_field_is_declared_so() -> None:
    def required(model: type[BaseModel]) -> set[str]:
        return {name for name, one in model.model_fields.items() if one.is_required()}

    # A name is asked by the controllers that collect names, so it is the reading of a filing that demands it.
    assert required(filing.SubjectIn) == {one[0] for one in words.SUBJECT if one[4]} - {"name"}
    delegate = words.REQUESTER[Capacity.DELEGATE]
    assert required(filing_parties.RequesterIn) == {one[0] for one in delegate if one[4]}
    assert required(filing_parties.MandateIn) == {one[0] for one in words.MANDATE[Capacity.DELEGATE] if one[4]}


def least(capacity: Capacity) -> dict[str, Any]:
    """A filing with what the policy says must be said, and nothing else."""
    person = {"name": "홍길동", "phone": "010-1234-5678"}
    if capacity is Capacity.SELF:
        return {"capacity": "self", "subject": person}
    if capacity is Capacity.GUARDIAN:
        mother = {one: MOTHER[one] for one in ("name", "birth_date", "phone", "relationship")}
        child = {one: CHILD[one] for one in ("name", "birth_date", "phone")}
        return {"capacity": "guardian", "subject": child, "requester": mother}
    helper = {one: DELEGATE[one] for one in ("name", "phone")}
    return {"capacity": "delegate", "subject": person, "requester": helper, "mandate": signed_mandate()}


@pytest.mark.parametrize("capacity", Capacity)
async def test_without_what_is_called_required_nothing_is_taken(house: House, capacity: Capacity) -> None:
    musts = [("subject", one[0]) for one in words.SUBJECT if one[4]]
    musts += [("subject", one) for one in words.SUBJECT_ALSO[capacity]]
    musts += [("requester", one[0]) for one in words.REQUESTER[capacity] if one[4]]
    musts += [("mandate", one[0]) for one in words.MANDATE[capacity] if one[4]]
    musts += [("subject", "phone"), *([("requester", "phone")] if words.REQUESTER[capacity] else [])]
    for group, name in musts:
        body = {**least(capacity), "channel": "web", "claims": [ONLINE_MALL]}
        body[group] = {one: value for one, value in body[group].items() if one != name}
        reply = await house.api.post("/v1/requests", json=body, headers={**house.auth("website"), **key()})
        told = [(one["pointer"], one["code"]) for one in reply.json()["errors"]]
        where = f"/{group}" if name == "phone" else f"/{group}/{name}"
        assert (reply.status_code, told) == (422, [(where, "field.required")]), (group, name)


@pytest.mark.parametrize("capacity", Capacity)
async def test_the_least_filing_is_taken_alike_by_every_channel(house: House, capacity: Capacity) -> None:
    """Every channel that the table calls available, by every role that files there: the same is enough."""
    answers = {}
    for role, channels in CHANNELS.items():
        headers = house.auth(role, str(db.new_id()), **({"agent": "a17"} if role == "call_center" else {}))
        for channel in channels:
            body = {**least(capacity), "channel": channel, "claims": list(CLAIMS.values())}
            reply = await house.api.post("/v1/requests", json=body, headers={**headers, **key()})
            assert reply.status_code == 201, (role, channel, reply.text)
            answers[role, channel] = reply.json()["next_steps"]
    assert {channel for _, channel in answers} == set(house.desk.policy.channels)
    web = answers["website", "web"]
    assert all(one == web for one in answers.values())
    [first, *_] = [one for one in web if one["step"] == "verify"]
    assert first["methods"][0] == "phone_code"
