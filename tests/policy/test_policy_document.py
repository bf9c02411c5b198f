"""What a front-end draws from: the document of the first controller's policy."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app import policy
from app.law.controller import Policy
from app.law.terms import Capacity, Reached, Relationship, Right

FILE = Path(__file__).parents[2] / "policies" / "ktmns-2024-12-06.yaml"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def ktmns() -> Policy:
    return policy.load(FILE)


@pytest.fixture(scope="module")
def served(ktmns: Policy) -> dict[str, Any]:
    return policy.document(ktmns, on=TODAY)


def test_the_document_is_json_and_says_its_day(served: dict[str, Any]) -> None:
    assert json.loads(json.dumps(served)) == served
    assert served["as_of"] == "2026-11-22"
    assert served["sites"] == []


def test_the_document_offers_the_rights_and_what_each_asks(served: dict[str, Any]) -> None:
    asks = {one["id"]: {ask["id"]: ask["required"] for ask in one["asks"]} for one in served["rights"]}
    assert list(asks) == [right.value for right in Right]
    assert asks["access"] == {"aspects": True, "categories": False, "delivery": False, "media": False}
    assert asks["suspension"]["ends_contract"] is True
    assert [one["id"] for one in served["aspects"]] == ["items", "purposes", "retention", "third_parties", "consents"]


def test_everybody_may_ask_in_their_capacity(served: dict[str, Any]) -> None:
    assert {one["id"]: one["available"] for one in served["capacities"]} == dict.fromkeys(Capacity, True)
    assert (served["media"]["available"], served["media"]["window_hours"]) == (True, 24)
    assert [one["id"] for one in served["media"]["kinds"]] == ["existence", "view", "copy"]
    assert [one["id"] for one in served["media"]["grounds"]] == ["own_image", "life", "body", "property"]
    assert "멈추어 드릴 수 없습니다" in served["media"]["suspension"]["ko"]
    # Footage is asked for by place and time, never as a category.
    assert [one["id"] for one in served["categories"] if not one["available"]] == ["cctv"]


def test_each_capacity_says_what_else_is_asked_and_no_more_than_the_policy(served: dict[str, Any]) -> None:
    asked = {one["id"]: one for one in served["capacities"]}
    fields = {
        capacity: {field["id"]: field["required"] for field in one["requester"]} for capacity, one in asked.items()
    }
    names = ["name", "birth_date", "phone", "email", "relationship"]
    assert [list(one) for one in fields.values()] == [[], names, names]
    assert [one for one, must in fields["guardian"].items() if must] == ["name", "birth_date", "relationship"]
    assert [one for one, must in fields["delegate"].items() if must] == ["name"]
    assert [one["requester_one_of"] for one in asked.values()] == [[], ["phone", "email"], ["phone", "email"]]
    assert [one["subject_also_required"] for one in asked.values()] == [[], ["birth_date"], []]
    mandate = {field["id"]: field["required"] for field in asked["delegate"]["mandate"]}
    assert mandate == {"rights": True, "signed_on": True, "expires_on": False, "deliver_to": False}
    assert asked["self"]["mandate"] == asked["guardian"]["mandate"] == []


def test_what_is_chosen_is_offered_in_both_languages(served: dict[str, Any]) -> None:
    capacities = {one["id"]: one for one in served["capacities"]}
    options = {
        field["id"]: [one["id"] for one in field["options"]]
        for field in (*capacities["guardian"]["requester"], *capacities["delegate"]["mandate"])
        if field["options"]
    }
    assert options == {
        "relationship": [one.value for one in Relationship],
        "rights": [one.value for one in Right],
        "deliver_to": ["subject", "delegate"],
    }
    drawn = [field for one in capacities.values() for field in (*one["requester"], *one["mandate"])]
    assert all(bool(field["options"]) is (field["input"] in ("choice", "choices")) for field in drawn)


def test_the_document_says_which_papers_show_what_and_how_to_get_them(served: dict[str, Any]) -> None:
    kinds = [one["kind"] for one in served["documents"]]
    assert "basic_certificate" in kinds
    assert all(one["hint"]["ko"] and one["checklist"] for one in served["documents"])
    assert {kind for one in served["proofs"] for kind in one["documents"]} <= set(kinds)
    assert [one["days"] for one in served["release_waits"]] == [3, 3, 0, 1]
    assert [one["id"] for one in served["reached"]] == [one.value for one in Reached]


def test_the_document_names_inputs_labels_and_limits(served: dict[str, Any]) -> None:
    mall = next(one for one in served["categories"] if one["id"] == "online_mall")
    assert mall["fields"][1] == {
        "id": "phone",
        "label": {"ko": "전화번호", "en": "Telephone number"},
        "input": "tel",
        "free_text": False,
        "optional": False,
        "max_length": 20,
        "proof": None,
    }
    assert mall["fields"][0]["proof"] == "correction_proof"
    assert mall["span"] == {"years": 0, "months": 3, "days": 0}
    asked = {one["id"]: (one["input"], one["required"]) for one in served["subject"]}
    assert asked["name"] == ("text", True)
    assert [name for name, (_, required) in asked.items() if required] == ["name"]
    assert served["subject_one_of"] == ["phone", "email", "customer_no"]
    assert served["limits"]["claims_per_request"] == 10
    assert served["limits"]["code_digits"] == 8
    optional = [field["id"] for field in _category(served, "report")["fields"] if field["optional"]]
    assert optional == ["name", "phone", "email"]


def _category(served: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in served["categories"] if one["id"] == name)


def test_the_document_says_which_categories_have_a_purpose(served: dict[str, Any]) -> None:
    purposes = {one["id"]: (one["consent"], one["categories"]) for one in served["purposes"]}
    assert purposes["marketing"] == (True, ["site_log"])
    assert purposes["service_consultation"] == (False, ["online_mall", "separate_service"])


def test_the_document_says_what_proves_identity(served: dict[str, Any]) -> None:
    mail = next(one for one in served["methods"] if one["id"] == "email_code")
    assert mail["rights"] == ["access", "suspension"]
    assert mail["rights_of_email_only_categories"] == sorted(Right)
    assert mail["rights_of_guardians"] == sorted(Right)
    papers = next(one for one in served["methods"] if one["id"] == "documents")
    assert (papers["rights"], papers["rights_of_guardians"]) == ([], sorted(Right))


def test_every_text_of_the_document_is_in_both_languages_and_no_note_is_served(served: dict[str, Any]) -> None:
    def walk(value: Any) -> None:
        if isinstance(value, dict):
            assert "note" not in value
            if "ko" in value or "en" in value:
                assert value["ko"].strip()
                assert value["en"].strip()
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)

    walk(served)


def test_serving_leaves_the_policy_as_it_was(ktmns: Policy) -> None:
    first = policy.document(ktmns, on=date(2026, 10, 1), sites=[{"id": "a"}])
    again = policy.document(ktmns, on=TODAY)
    assert first["sites"] == [{"id": "a"}]
    assert again["sites"] == []
    assert "prosecution_cyber" in {one["id"] for one in ktmns.document["bodies"]}  # type: ignore[attr-defined]
