"""The first controller's policy file: what the published text says, in the words of the contract."""

import json
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from app import policy
from app.law.terms import Basis, Capacity, ControllerKind, Decider, Method, Policy, Right, Settled, Span

FOLDER = Path(__file__).parents[2] / "policies"
FILE = FOLDER / "ktmns-2024-12-06.yaml"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def ktmns() -> Policy:
    return policy.load(FILE)


@pytest.fixture(scope="module")
def served(ktmns: Policy) -> dict[str, Any]:
    return policy.document(ktmns, on=TODAY)


def test_the_controller_is_a_company_with_its_own_chapters(ktmns: Policy) -> None:
    assert (ktmns.id, ktmns.kind, ktmns.effective) == ("ktmns-2024-12-06", ControllerKind.COMPANY, date(2024, 12, 6))
    assert ktmns.controller.ko == "(주)케이티엠앤에스"
    assert (ktmns.desk.ko, ktmns.desk_phone, ktmns.desk_email) == ("IT보안팀", "02-560-3146", "privacy@ktmns.com")
    assert "최규철" in ktmns.approver.ko


@pytest.mark.parametrize(
    ("category", "fields", "purposes", "records"),
    [
        ("consultation", "name phone content*", "complaint_handling result_notice", "dispute_3y"),
        ("report", "content* name phone email", "report_review report_reply", ""),
        ("partner_report", "company name phone email content*", "report_review result_notice", ""),
        ("inquiry", "email content*", "inquiry_reply", ""),
        ("online_mall", "name phone", "service_consultation delivery", "contract_5y payment_5y"),
        ("separate_service", "name phone address", "service_consultation subscription_agency", "contract_5y"),
        ("site_log", "ip accessed_at content", "personalisation marketing", "telecom_log_3m"),
        ("cctv", "", "", ""),
    ],
)
def test_a_category_holds_what_chapter_2_says(
    ktmns: Policy, category: str, fields: str, purposes: str, records: str
) -> None:
    found = ktmns.categories[category]
    assert " ".join(one.id + "*" * one.free_text for one in found.fields) == fields
    assert " ".join(found.purposes) == purposes
    assert " ".join(found.records) == records


def test_there_is_no_other_category(ktmns: Policy) -> None:
    assert len(ktmns.categories) == 8


def test_periods_of_chapter_2_and_14(ktmns: Policy) -> None:
    spans = {one.id: one.span for one in ktmns.categories.values() if one.span}
    three = Span(months=3)
    assert spans == {"online_mall": three, "separate_service": three, "cctv": Span(days=30)}


def test_only_what_is_kept_until_handled_is_short_lived(ktmns: Policy) -> None:
    assert {one.id for one in ktmns.categories.values() if one.short_lived} == {"report", "partner_report", "inquiry"}
    assert [one.id for one in ktmns.categories.values() if one.by_email_only] == ["inquiry"]


def test_purposes_and_what_they_rest_on(ktmns: Policy) -> None:
    consent = "complaint_handling result_notice report_review report_reply inquiry_reply personalisation marketing"
    contract = "service_consultation delivery subscription_agency"
    expected = dict.fromkeys(consent.split(), Basis.CONSENT) | dict.fromkeys(contract.split(), Basis.CONTRACT)
    assert {one.id: one.basis for one in ktmns.purposes.values()} == expected


@pytest.mark.parametrize(
    ("record", "span", "at_least", "statute"),
    [
        ("telecom_fact_12m", Span(months=12), True, "통신비밀보호법"),
        ("telecom_fact_6m", Span(months=6), True, "통신비밀보호법"),
        ("telecom_log_3m", Span(months=3), True, "통신비밀보호법"),
        ("advertising_6m", Span(months=6), False, "전자상거래 등에서의 소비자보호에 관한 법률"),
        ("contract_5y", Span(years=5), False, "전자상거래 등에서의 소비자보호에 관한 법률"),
        ("payment_5y", Span(years=5), False, "전자상거래 등에서의 소비자보호에 관한 법률"),
        ("dispute_3y", Span(years=3), False, "전자상거래 등에서의 소비자보호에 관한 법률"),
        ("credit_3y", Span(years=3), False, "신용정보의 이용 및 보호에 관한 법률"),
    ],
)
def test_records_kept_by_statute(ktmns: Policy, record: str, span: Span, at_least: bool, statute: str) -> None:
    found = ktmns.records[record]
    assert (found.span, found.at_least, found.statute.ko) == (span, at_least, statute)
    assert found.article.startswith("제")
    assert len(ktmns.records) == 8


def test_every_processor_of_chapters_7_and_14_and_the_police(ktmns: Policy) -> None:
    processors = [one.id for one in ktmns.parties if one.kind == "processor"]
    named = "kt_ds kt_cs kt_linkus jnp hanjin korea_post kt_alpha sales_agents kt_telecop"
    assert " ".join(processors) == named
    assert [one.id for one in ktmns.parties if one.kind == "third_party"] == ["police"]


def test_every_entry_names_its_chapter() -> None:
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    missing = [
        f"{name}[{index}]"
        for name, entries in raw.items()
        if isinstance(entries, list) and name not in ("assurance", "deciders")
        for index, one in enumerate(entries)
        if not one.get("chapter")
    ]
    assert missing == []
    named = {str(one["chapter"]).split(".")[0] for key in raw for one in _entries(raw[key])}
    assert named >= {"2", "4", "6", "7", "8", "9", "10", "12", "13", "14"}


def _entries(value: Any) -> list[dict[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict) and "chapter" in one]


def test_the_prosecution_entry_ended_with_the_office(ktmns: Policy) -> None:
    ended = {one.id: one.until for one in ktmns.bodies if one.until}
    assert ended == {"prosecution_cyber": date(2026, 10, 2)}


@pytest.mark.parametrize(("on", "shown"), [(date(2026, 10, 1), True), (date(2026, 10, 2), False), (TODAY, False)])
def test_only_contacts_valid_on_the_day_are_shown(ktmns: Policy, on: date, shown: bool) -> None:
    assert ("prosecution_cyber" in [one.id for one in policy.bodies(ktmns, on)]) is shown
    text = json.dumps(policy.document(ktmns, on=on), ensure_ascii=False)
    assert ("1301" in text) is shown
    assert "1833-6972" in text


def test_settled_numbers(ktmns: Policy) -> None:
    assert ktmns.settled == Settled(
        internal_margin_working_days=1,
        contact_age_days=30,
        release_wait_old_contact_days=0,
        release_wait_other_days=1,
        objection_window_days=30,
        package_days=7,
        task_working_days=3,
        acknowledge_hours=24,
        code_minutes=10,
        code_tries=5,
        code_sends_per_hour=3,
        code_failures_per_day=10,
        filings_per_minute=60,
        claims_per_request=10,
        arrival_days=60,
    )


def _granted_by(right: Right, capacity: Capacity, uncontested: bool, short_lived: bool) -> Decider:
    """The table of lifecycle.md, written out a second time."""
    if capacity is not Capacity.SELF:
        return Decider.TWO
    if right in (Right.ACCESS, Right.SUSPENSION):
        return Decider.MACHINE if uncontested else Decider.OFFICER
    if right is Right.CORRECTION:
        return Decider.OFFICER
    return Decider.OFFICER if right is Right.DELETION and short_lived else Decider.TWO


@pytest.mark.parametrize(
    ("right", "capacity", "uncontested", "short_lived"), list(product(Right, Capacity, (True, False), (True, False)))
)
def test_who_decides(ktmns: Policy, right: Right, capacity: Capacity, uncontested: bool, short_lived: bool) -> None:
    def first(outcome: str) -> Decider:
        return next(
            rule.decider
            for rule in ktmns.deciders
            if rule.outcome == outcome
            and right in rule.rights
            and capacity in rule.capacities
            and rule.uncontested in (None, uncontested)
            and rule.short_lived in (None, short_lived)
        )

    assert first("grant") is _granted_by(right, capacity, uncontested, short_lived)
    assert first("refuse") is Decider.TWO


def test_what_proves_identity_for_what(ktmns: Policy) -> None:
    strong = {Method.PHONE_CODE, Method.SITE_LOGIN, Method.IDENTITY_PROVIDER, Method.ATTESTATION}
    every = frozenset(Right)
    rules = {(one.methods, one.rights, one.email_only_categories) for one in ktmns.assurance}
    mail = frozenset({Method.EMAIL_CODE})
    assert rules == {
        (frozenset(strong), every, False),
        (mail, frozenset({Right.ACCESS, Right.SUSPENSION}), False),
        (mail, every, True),
    }


def test_every_route_of_collection_is_a_channel(ktmns: Policy) -> None:
    assert set(ktmns.channels) == {"web", "phone", "email", "fax", "post", "visit", "store", "processor"}
    assert {route for one in ktmns.categories.values() for route in one.routes} <= set(ktmns.channels)


def test_the_schema_for_editors_is_fresh_and_accepts_the_file() -> None:
    schema = json.loads((FOLDER / "policy.schema.json").read_text(encoding="utf-8"))
    assert schema == policy.json_schema(), "run: python -m app.policy > policies/policy.schema.json"
    Draft202012Validator.check_schema(schema)
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    plain = json.loads(json.dumps(raw, default=lambda day: day.isoformat()))
    checker = Draft202012Validator(schema)
    assert list(checker.iter_errors(plain)) == []
    assert list(checker.iter_errors(plain | {"surprise": 1}))


# What a front-end draws from ----------------------------------------------------------------------------------------


def test_the_document_is_json_and_says_its_day(served: dict[str, Any]) -> None:
    assert json.loads(json.dumps(served)) == served
    assert served["as_of"] == "2026-11-22"
    assert served["sites"] == []


def test_the_document_offers_the_rights_and_what_each_asks(served: dict[str, Any]) -> None:
    asks = {one["id"]: {ask["id"]: ask["required"] for ask in one["asks"]} for one in served["rights"]}
    assert list(asks) == [right.value for right in Right]
    assert asks["access"] == {"aspects": True, "categories": False, "delivery": False}
    assert asks["suspension"]["ends_contract"] is True
    assert [one["id"] for one in served["aspects"]] == ["items", "purposes", "retention", "third_parties", "consents"]


def test_only_the_person_themselves_may_ask_for_now(served: dict[str, Any]) -> None:
    available = {one["id"]: one["available"] for one in served["capacities"]}
    assert available == {"self": True, "guardian": False, "delegate": False}
    assert served["media"] == {"available": False}
    assert [one["id"] for one in served["categories"] if not one["available"]] == ["cctv"]


def test_the_document_names_inputs_labels_and_limits(served: dict[str, Any]) -> None:
    mall = next(one for one in served["categories"] if one["id"] == "online_mall")
    assert mall["fields"][1] == {
        "id": "phone",
        "label": {"ko": "전화번호", "en": "Telephone number"},
        "input": "tel",
        "free_text": False,
        "optional": False,
        "max_length": 20,
    }
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


def test_dates_of_the_file_are_dates_not_moments() -> None:
    assert not isinstance(policy.load(FILE).effective, datetime)
