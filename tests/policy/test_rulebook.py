"""The rulebook: which grounds are open to whom, and that each day has one edition."""

from datetime import date
from pathlib import Path

import pytest

from app import rulebook
from app.law.terms import ControllerKind, Decider, Right

TODAY = date(2026, 11, 22)
BUNDLED = rulebook.BUNDLED / "2026-09-11.yaml"
TEXT = BUNDLED.read_text(encoding="utf-8")


def later(first: str = "2028-03-09", *, name: str = "2028-03-09", last: str = "") -> str:
    """The bundled edition under another name and from another day."""
    dates = f"valid_from: {first}\n" + (f"valid_to: {last}\n" if last else "")
    return TEXT.replace('id: "2026-09-11"\nvalid_from: 2026-09-11\n', f'id: "{name}"\n{dates}')


def flaws_of(folder: Path, **files: str) -> list[str]:
    """What is wrong with a folder of editions beside the bundled one."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(rulebook.RulebookError) as wrong:
        rulebook.load(folder)
    return [str(one) for one in wrong.value.flaws]


def test_the_bundled_edition() -> None:
    edition = rulebook.load().at(TODAY)
    assert (edition.id, edition.valid_from, edition.valid_to) == ("2026-09-11", date(2026, 9, 11), date(2027, 3, 8))
    assert edition.days == dict.fromkeys(Right, 10)
    assert edition.basis[Right.ACCESS] == "영 41④"


@pytest.mark.parametrize(
    ("ground", "rights", "facts", "effect", "public_only"),
    [
        ("A35_4_1", "access", "statute", "refuse", False),
        ("A35_4_2", "access", "whose harm", "refuse", False),
        ("A35_4_3", "access", "duty harm", "refuse", True),
        ("A36_1", "deletion", "statute", "refuse", False),
        ("A21_1", "consent_withdrawal deletion", "statute record_class until", "keep", False),
        ("A37_2_1", "consent_withdrawal suspension", "statute", "refuse", False),
        ("A37_2_2", "consent_withdrawal suspension", "whose harm", "refuse", False),
        ("A37_2_3", "consent_withdrawal suspension", "statute duty", "refuse", True),
        ("A37_2_4", "consent_withdrawal suspension", "service contract", "refuse", False),
        ("A36_2", "correction deletion", "statute", "refuse", False),
        ("A36_5", "correction", "checked missing", "refuse", False),
    ],
)
def test_a_ground_of_the_edition(ground: str, rights: str, facts: str, effect: str, public_only: bool) -> None:
    edition = rulebook.load().at(TODAY)
    found = edition.grounds[ground]
    assert " ".join(sorted(found.rights)) == rights
    assert " ".join(found.facts) == facts
    assert (found.effect, found.applied_by, found.valid_from) == (effect, Decider.TWO, edition.valid_from)
    assert (ControllerKind.COMPANY not in found.controllers) is public_only
    assert ControllerKind.PUBLIC_BODY in found.controllers


def test_a_correction_is_barred_by_procedure_or_missing_proof_only() -> None:
    grounds = rulebook.load().at(TODAY).grounds
    assert len(grounds) == 17
    # Beside them stands what the right does not reach at all.
    assert {one.id for one in grounds.values() if Right.CORRECTION in one.rights} == {"A36_2", "A36_5", "A28_7"}


def test_a_company_is_not_shown_the_grounds_of_public_bodies() -> None:
    edition = rulebook.load().at(TODAY)
    company = rulebook.document(edition, ControllerKind.COMPANY, TODAY)
    public = rulebook.document(edition, ControllerKind.PUBLIC_BODY, TODAY)
    shown = [{one["id"] for one in served["grounds"]} for served in (company, public)]
    assert shown[1] - shown[0] == {"A35_4_3", "A37_2_3"}
    kept = next(one for one in company["grounds"] if one["id"] == "A21_1")
    assert [fact["id"] for fact in kept["facts"]] == ["statute", "record_class", "until"]
    assert kept["facts"][2]["label"] == {"ko": "보존하는 마지막 날", "en": "The last day of keeping"}
    assert company["edition"] == "2026-09-11"
    assert {one["id"]: one["days"] for one in company["rights"]} == dict.fromkeys(Right, 10)


def test_the_edition_of_the_day_of_arrival(tmp_path: Path) -> None:
    (tmp_path / "next.yaml").write_text(later(), encoding="utf-8")
    book = rulebook.load(tmp_path)
    assert [book.at(day).id for day in (date(2026, 9, 11), date(2027, 3, 8))] == ["2026-09-11"] * 2
    assert [book.at(day).id for day in (date(2027, 3, 9), date(2028, 3, 8))] == ["2027-03-09"] * 2
    assert [book.at(day).id for day in (date(2028, 3, 9), date(2040, 1, 1))] == ["2028-03-09"] * 2
    assert book.named("2026-09-11").valid_to == date(2027, 3, 8)
    with pytest.raises(LookupError, match="2026-09-10"):
        book.at(date(2026, 9, 10))
    with pytest.raises(LookupError, match="1999"):
        book.named("1999-01-01")


def test_a_last_edition_that_ends_is_not_stretched(tmp_path: Path) -> None:
    (tmp_path / "next.yml").write_text(later(last="2028-12-31"), encoding="utf-8")
    book = rulebook.load(tmp_path)
    assert book.at(date(2028, 12, 31)).id == "2028-03-09"
    with pytest.raises(LookupError):
        book.at(date(2029, 1, 1))


def test_editions_follow_each_other_without_gap_or_overlap(tmp_path: Path) -> None:
    first = later(last="2028-06-30")
    assert flaws_of(tmp_path, a=first, b=later("2028-07-02", name="b")) == [
        "b.yaml:5: valid_from: leaves a gap after the edition '2028-03-09'"
    ]
    assert flaws_of(tmp_path, a=first, b=later("2028-06-30", name="b")) == [
        "b.yaml:5: valid_from: overlaps the edition '2028-03-09'"
    ]
    (tmp_path / "b.yaml").write_text(later("2028-07-01", name="b"), encoding="utf-8")
    assert len(rulebook.load(tmp_path).editions) == 4


def test_two_editions_of_one_day_or_one_name(tmp_path: Path) -> None:
    assert flaws_of(tmp_path, a=later("2026-09-11")) == ["a.yaml:5: valid_from: overlaps the edition '2026-09-11'"]
    same = "a.yaml:4: id: '2026-09-11' stands twice among the editions"
    assert flaws_of(tmp_path, a=later(name="2026-09-11")) == [same]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "facts: [statute, duty]",
            "facts: [statute, weather]",
            "grounds[7].facts[1]: 'weather' is not among the facts",
        ),
        ("facts: [statute, duty]", "facts: [duty, duty]", "grounds[7].facts[1]: 'duty' stands twice"),
        ("facts: [statute, duty]", "facts: []", "grounds[7].facts: List should have at least 1 item"),
        ("  - id: A37_2_3\n", "  - id: A37_2_2\n", "grounds[7].id: 'A37_2_2' stands twice"),
        ("  - id: A37_2_3\n", "  - id: because\n", "grounds[7].id: String should match pattern"),
        (
            "facts: [service, contract]\n    applied_by: two",
            "facts: [service, contract]\n    applied_by: machine",
            None,
        ),
        (
            "      en: Without this processing a public",
            "      fr: Sans\n      en: Without this processing a public",
            "grounds[7].text.fr: is not a known field",
        ),
        (
            "      en: Without this processing a public body could not perform the duties another Act gives it.\n",
            "",
            "grounds[7].text.en: is missing",
        ),
        (
            "  duty: {ko: 지장을 받는 업무, en:",
            "  Duty!: {ko: 지장을 받는 업무, en:",
            "facts.Duty!.[key]: should be a short",
        ),
        ("valid_from: 2026-09-11\n", "valid_from: 2028-03-09\nvalid_to: 2028-03-08\n", "valid_to: is before the first"),
        ("    basis: 영 44②\n", "    basis: 영 44②\n    basis: 영 45\n", "rights.suspension.basis: stands twice"),
        (
            "  suspension:\n    days: 10\n",
            "  suspension:\n    days: 0\n",
            "rights.suspension.days: Input should be gre",
        ),
        ("    effect: keep\n", "    effect: delay\n", "grounds[4].effect: Input should be 'refuse'"),
    ],
)
def test_a_wrong_edition_is_told_with_file_line_and_field(tmp_path: Path, old: str, new: str, said: str | None) -> None:
    said = said or "grounds[8].applied_by: a ground that refuses, restricts or keeps is applied by two people"
    assert TEXT.count(old) == 1
    text = TEXT.replace(old, new)
    if "valid_from" not in old:
        text = text.replace('id: "2026-09-11"\nvalid_from: 2026-09-11\n', 'id: "b"\nvalid_from: 2028-03-09\n')
    flaws = flaws_of(tmp_path, mine=text)
    place, _, message = next((one for one in flaws if f" {said}" in one), "none").partition(": ")
    assert message.startswith(said), flaws
    # The line told is the line on which the wrong field stands (or what it is missing from).
    name = said.split(": ")[0].replace(".[key]", "").split(".")[-1].split("[")[0]
    line = text.splitlines()[int(place.split(":")[1]) - 1]
    assert f"{name}:" in line or "is missing" in said, (line, name)


def test_a_folder_that_holds_nothing(tmp_path: Path) -> None:
    assert flaws_of(tmp_path) == [f"{tmp_path.name}:1: holds no edition and no sector (*.yaml)"]
    with pytest.raises(rulebook.RulebookError, match="is not a folder"):
        rulebook.load(tmp_path / "none")


def test_problems_of_several_files_are_told_together(tmp_path: Path) -> None:
    flaws = flaws_of(tmp_path, a="- 1\n", b="", c=later().replace("effect: keep", "effect: delay"))
    assert [one.split(":")[0] for one in flaws] == ["a.yaml", "b.yaml", "c.yaml"]
