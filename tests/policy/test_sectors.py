"""Statutes of a sector beside the shipped editions: records, grounds and facts with their own days."""

from datetime import date
from pathlib import Path

import pytest

from app import policy, rulebook
from app.law import grounds, retention
from app.law.terms import ControllerKind, Right, Span
from app.policy import PolicyError
from tests.policy.broken import TEXT

EXAMPLES = Path(__file__).parents[2] / "examples" / "rulebooks"
MEDICAL = (EXAMPLES / "medical.yaml").read_text(encoding="utf-8")
FINANCE = (EXAMPLES / "finance.yaml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 22)
LATER = date(2027, 4, 1)


def flaws_of(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(rulebook.RulebookError) as wrong:
        rulebook.load(folder)
    return [str(one) for one in wrong.value.flaws]


def test_sectors_stand_beside_every_edition_of_their_time() -> None:
    book = rulebook.load(EXAMPLES)
    for on in (TODAY, LATER):
        edition = book.at(on)
        assert {one.id for one in edition.sectors} == {"commerce", "communications", "medical", "finance"}
        assert edition.records["treatment_10y"].span == Span(years=10)
        assert edition.records["examination_5y"].span == Span(years=5)
        assert edition.records["certificate_3y"].span == Span(years=3)
        assert "A35_4_1_medical" in edition.grounds and "A35_4_1_finance" in edition.grounds
    assert {one.id for one in rulebook.load().at(TODAY).sectors} == {"commerce", "communications"}


def test_a_ground_of_a_sector_is_open_with_its_own_facts() -> None:
    edition = rulebook.load(EXAMPLES).at(TODAY)
    facts = {"statute": "의료법 제21조제2항", "other_patient": "같은 병실의 다른 환자"}
    found = grounds.check(
        edition,
        "A35_4_1_medical",
        Right.ACCESS,
        ControllerKind.PUBLIC_BODY,
        "refuse",
        facts,
        on=TODAY,
        ends_contract=False,
    )
    assert found.article.en.endswith("Medical Service Act Article 21(2)")
    served = rulebook.document(edition, ControllerKind.COMPANY, TODAY)
    one = next(ground for ground in served["grounds"] if ground["id"] == "A35_4_1_medical")
    assert [fact["id"] for fact in one["facts"]] == ["statute", "other_patient"]
    assert one["note"] is not None


def test_what_is_not_sure_says_so_as_data() -> None:
    edition = rulebook.load(EXAMPLES).at(TODAY)
    unsure = {one.id for one in edition.records.values() if not one.sure}
    assert {"treatment_10y", "credit_3y", "customer_check_5y"} <= unsure
    assert unsure <= set(edition.notes)
    served = rulebook.document(edition, ControllerKind.COMPANY, TODAY)["records"]
    assert {one["id"] for one in served if not one["sure"] and one["note"]} == unsure


def test_entries_hold_between_their_days(tmp_path: Path) -> None:
    dated = MEDICAL.replace("  - id: patient_list_5y\n", "  - id: patient_list_5y\n    valid_to: 2027-01-31\n")
    dated = dated.replace("    applied_by: two\n", "    applied_by: two\n    valid_from: 2027-04-01\n")
    (tmp_path / "medical.yaml").write_text(dated, encoding="utf-8")
    book = rulebook.load(tmp_path)
    assert "patient_list_5y" in book.at(TODAY).records
    assert "patient_list_5y" not in book.at(LATER).records
    assert "A35_4_1_medical" not in book.at(TODAY).grounds

    def shown(on: date) -> tuple[set[str], set[str]]:
        served = rulebook.document(book.at(on), ControllerKind.COMPANY, on)
        return {one["id"] for one in served["records"]}, {one["id"] for one in served["grounds"]}

    assert "patient_list_5y" in shown(date(2027, 1, 31))[0]
    assert "patient_list_5y" not in shown(date(2027, 2, 1))[0]
    assert "A35_4_1_medical" not in shown(date(2027, 3, 31))[1]
    assert "A35_4_1_medical" in shown(LATER)[1]


def test_a_sector_holds_between_its_own_days(tmp_path: Path) -> None:
    ended = MEDICAL.replace("valid_from: 2026-09-11\n", "valid_from: 2026-09-11\nvalid_to: 2027-01-31\n")
    (tmp_path / "medical.yaml").write_text(ended, encoding="utf-8")
    book = rulebook.load(tmp_path)
    assert "medical" in {one.id for one in book.at(TODAY).sectors}
    assert "medical" not in {one.id for one in book.at(LATER).sectors}
    assert "other_patient" not in book.at(LATER).facts


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sector: medical", "sector: Medical", "sector: should be a short name"),
        ("label: {ko: 의료, en: Medical care}", "label: {ko: 의료}", "label.en: is missing"),
        ("sector: medical", "sector: commerce", "sector: 'commerce' already stands in commerce.yaml"),
        ("id: treatment_10y", "id: contract_5y", "records[0].id: 'contract_5y' already stands in commerce.yaml"),
        ("id: surgery_10y", "id: treatment_10y", "records[1].id: 'treatment_10y' stands twice"),
        ("span: {years: 10}", "span: {years: 0}", "records[0].span: a period needs years, months or days"),
        ("    at_least: true\n", "", "records[0].at_least: is missing"),
        ("id: A35_4_1_medical", "id: A35_4_1", "grounds[0].id: 'A35_4_1' is already in the edition '2026-09-11'"),
        ("facts: [statute, other_patient]", "facts: [statute, x]", "grounds[0].facts[1]: 'x' is not among the facts"),
        ("  other_patient:\n", "  statute:\n", "facts.statute: 'statute' is already in the edition '2026-09-11'"),
        ("applied_by: two", "applied_by: officer", "grounds[0].applied_by: a ground that refuses"),
        ("    note: 공식 글로 확인할 것\n", "", "records[2]: what is not sure says in a note what it rests on"),
        (
            "valid_from: 2026-09-11\n",
            "valid_from: 2026-09-11\nvalid_to: 2026-09-10\n",
            "valid_to: is before the first day",
        ),
        ("sources:\n", "colour: red\nsources:\n", "colour: is not a known field"),
    ],
)
def test_a_wrong_sector_is_told_with_file_line_and_field(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in MEDICAL
    text = MEDICAL.replace(old, new, 1)
    flaws = flaws_of(tmp_path, mine=text)
    told = next((one for one in flaws if f" {said}" in one), None)
    assert told is not None, flaws
    assert told.startswith("mine.yaml:")
    line = text.splitlines()[int(told.split(":")[1]) - 1]
    name = said.split(": ")[0].split(".")[-1].split("[")[0]
    assert name in line or "is missing" in said or name in ("records", "facts"), (line, told)


def test_two_files_of_one_sector(tmp_path: Path) -> None:
    flaws = flaws_of(tmp_path, a=MEDICAL, b=MEDICAL)
    assert "b.yaml:4: sector: 'medical' already stands in a.yaml" in flaws
    assert any("'treatment_10y' already stands in a.yaml" in one for one in flaws)


# A policy and the statutes it names -------------------------------------------------------------------------------


def own(text: str) -> str:
    """The first controller's file with one class of records by name alone."""
    entry = TEXT[TEXT.index("  - id: dispute_3y\n") : TEXT.index("  - id: credit_3y\n")]
    return TEXT.replace(entry, text)


def test_a_policy_names_a_class_and_the_statute_says_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(own('  - {id: dispute_3y, chapter: "2.3"}\n'), encoding="utf-8")
    found = policy.load(path, rulebook.load().records)
    one = found.records["dispute_3y"]
    assert (one.span, one.chapter, one.statute.en) == (Span(years=3), "2.3", "Electronic Commerce Act")
    assert policy.document(found, on=TODAY)["records"][6]["article"] == one.article
    with pytest.raises(PolicyError, match="'dispute_3y' is not a class of records of the rulebook"):
        policy.load(path)


def test_a_class_is_said_in_full_or_by_its_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(own('  - {id: dispute_3y, article: 제6조, chapter: "2.3"}\n'), encoding="utf-8")
    with pytest.raises(PolicyError) as wrong:
        policy.load(path, rulebook.load().records)
    assert {one.field for one in wrong.value.flaws} == {
        f"records[6].{name}" for name in ("label", "statute", "span", "at_least")
    }


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (
            "span: {years: 3}\n    at_least: false\n    chapter",
            "span: {years: 2}\n    at_least: false\n    chapter",
            "span",
        ),
        ("제6조제1항제4호", "제6조제1항제5호", "article"),
        ("at_least: false\n", "at_least: true\n", "at_least"),
    ],
)
def test_a_policy_may_not_say_otherwise_than_the_statute(tmp_path: Path, old: str, new: str, field: str) -> None:
    entry = TEXT[TEXT.index("  - id: dispute_3y\n") : TEXT.index("  - id: credit_3y\n")]
    assert old in entry
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT.replace(entry, entry.replace(old, new)), encoding="utf-8")
    with pytest.raises(PolicyError) as wrong:
        policy.load(path, rulebook.load().records)
    assert [one.field for one in wrong.value.flaws] == [f"records[6].{field}"]
    assert "전자상거래" in wrong.value.flaws[0].text


def test_the_first_controllers_policy_agrees_with_every_statute_here() -> None:
    path = Path(__file__).parents[2] / "policies" / "ktmns-2024-12-06.yaml"
    assert policy.load(path, rulebook.load(EXAMPLES).records).records["credit_3y"].sure is False


def test_a_statute_that_has_ended_keeps_nothing_more(tmp_path: Path) -> None:
    ended = MEDICAL.replace("  - id: treatment_10y\n", "  - id: treatment_10y\n    valid_to: 2026-12-31\n")
    (tmp_path / "medical.yaml").write_text(ended, encoding="utf-8")
    path = tmp_path / "mine.txt"
    named = own('  - {id: dispute_3y, chapter: "2.3"}\n  - {id: treatment_10y, chapter: "2.3"}\n')
    path.write_text(
        named.replace("record: dispute_3y", "record: treatment_10y").replace(
            "{id: dispute_3y, ", "{id: dispute_3y, note: x, "
        ),
        encoding="utf-8",
    )
    found = policy.load(path, rulebook.load(tmp_path).records)

    def kept(on: date) -> list[str]:
        return [one.record.id for one in retention.kept(found, "consultation", on, on=on)]

    assert kept(date(2026, 12, 31)) == ["treatment_10y"]
    assert kept(date(2027, 1, 1)) == []
