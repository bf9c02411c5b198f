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
from app.law import proof, release
from app.law.controller import Policy, Settled
from app.law.terms import Basis, Capacity, ControllerKind, Decider, Method, Reached, Relationship, Right, Span

FOLDER = Path(__file__).parents[2] / "policies"
FILE = FOLDER / "ktmns-2024-12-06.yaml"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def ktmns() -> Policy:
    return policy.load(FILE)


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


OURS = ("assurance", "deciders", "documents", "proofs", "release_waits")
"""How this controller checks and decides: its own rules, not the words of the published text."""


def test_every_entry_names_its_chapter() -> None:
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    missing = [
        f"{name}[{index}]"
        for name, entries in raw.items()
        if isinstance(entries, list) and name not in OURS
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
        objection_window_days=30,
        package_days=7,
        task_working_days=3,
        acknowledge_hours=24,
        answer_link_days=7,
        code_minutes=10,
        code_tries=5,
        code_sends_per_hour=3,
        code_failures_per_day=10,
        filings_per_minute=60,
        claims_per_request=10,
        arrival_days=60,
        mandate_days=180,
        freeze_ruling_working_days=2,
        reminder_working_days=2,
        unconfirmed_days=5,
        files_per_request=5,
        bytes_per_request=25_000_000,
        files_per_caller_hour=60,
        subjects_per_delegate_day=3,
        provisions_kept_days=730,
        requests_kept_years=3,
        requests_kept_basis="전자상거래 등에서의 소비자보호에 관한 법률 제6조, 같은 법 시행령 제6조제1항제4호"
        "(소비자의 불만 또는 분쟁처리에 관한 기록), 모든 절차가 끝난 날부터",
        answers_kept_days=30,
        postponement_days=30,
        outlook_closed_days=3,
        late_objections=True,
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
    every, own = frozenset(Right), frozenset({Capacity.SELF, Capacity.DELEGATE})
    rules = {(one.methods, one.rights, one.email_only_categories, one.capacities) for one in ktmns.assurance}
    mail = frozenset({Method.EMAIL_CODE})
    assert rules == {
        (frozenset(strong), every, False, own),
        (mail, frozenset({Right.ACCESS, Right.SUSPENSION}), False, own),
        (mail, every, True, own),
        (frozenset(Method), every, False, frozenset({Capacity.GUARDIAN})),
    }


@pytest.mark.parametrize(
    ("capacity", "relationship", "papers"),
    [
        (Capacity.SELF, None, ""),
        (Capacity.GUARDIAN, Relationship.PARENT, "basic_certificate family_relation_certificate"),
        (Capacity.GUARDIAN, Relationship.ADOPTIVE_PARENT, "basic_certificate adoption_certificate"),
        (Capacity.GUARDIAN, Relationship.APPOINTED_GUARDIAN, "basic_certificate"),
        (Capacity.GUARDIAN, Relationship.ADULT_GUARDIAN, "guardianship_certificate"),
        (Capacity.DELEGATE, None, "power_of_attorney"),
    ],
)
def test_the_papers_of_each_standing(
    ktmns: Policy, capacity: Capacity, relationship: Relationship | None, papers: str
) -> None:
    assert " ".join(proof.papers(ktmns, capacity, relationship)) == papers


def test_a_divorced_father_is_told_by_the_childs_own_certificate(ktmns: Policy) -> None:
    """The family certificate lists him whatever the court said, so custody is read from the basic certificate."""
    custody = [one.id for one in ktmns.documents.values() if "custody" in [line.id for line in one.checklist]]
    assert custody == ["basic_certificate"]
    for kind in (Relationship.PARENT, Relationship.ADOPTIVE_PARENT, Relationship.APPOINTED_GUARDIAN):
        assert "basic_certificate" in proof.papers(ktmns, Capacity.GUARDIAN, kind)


def test_what_an_issuer_gives_out_is_checked_with_the_issuer_and_not_old(ktmns: Policy) -> None:
    for one in ktmns.documents.values():
        checks = {line.id for line in one.checklist}
        assert one.issuer_number is ("issuer_checked" in checks)
        assert (one.max_age_days == 90) is one.issuer_number
        assert "number_masked" in checks or one.id == "power_of_attorney"
    assert "called_back" in {line.id for line in ktmns.documents["identity_document"].checklist}


@pytest.mark.parametrize(("right", "capacity", "reached"), list(product(Right, Capacity, Reached)))
def test_how_long_a_release_waits(ktmns: Policy, right: Right, capacity: Capacity, reached: Reached) -> None:
    own = {Reached.NONE: 0, Reached.OLD: 0, Reached.OTHER: 1, Reached.CHANGED: 3}
    assert release.wait_days(ktmns, right, capacity, reached) == (own[reached] if capacity is Capacity.SELF else 3)


def test_what_holds_for_children(ktmns: Policy) -> None:
    assert ktmns.child_purposes == {"marketing", "personalisation"}
    assert ktmns.guardians_withheld == {"address"}


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


def test_dates_of_the_file_are_dates_not_moments() -> None:
    assert not isinstance(policy.load(FILE).effective, datetime)
