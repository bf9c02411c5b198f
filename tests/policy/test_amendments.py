"""An edition told by what changes: what it adds, says anew and takes away, checked as strictly as a whole one."""

from datetime import date
from pathlib import Path

import pytest

from app import rulebook
from app.law.terms import ControllerKind, Right
from app.rulebook.__main__ import FILE
from app.rulebook.page import page

HEAD = 'id: "2028-01-01"\namends: "2027-03-09"\nvalid_from: 2028-01-01\nsources:\n  - 개인정보 보호법 (가상의 개정)\n'
GROUND = """
    - id: {id}
      rights: [access]
      article: {{ko: 「개인정보 보호법」 제35조제4항제9호, en: Act Article 35(4)9}}
      effect: refuse
      controllers: [company, public_body]
      facts: [{fact}]
      applied_by: two
      text: {{ko: 새 사유, en: A new ground}}
"""
CHANGES = (
    HEAD
    + "added:\n  facts:\n    shelter: {ko: 보호시설, en: The shelter}\n  grounds:"
    + GROUND.format(id="A35_4_9", fact="shelter")
    + "replaced:\n  rights:\n    access: {days: 7, basis: 영 41④, article: {ko: 제35조, en: Article 35}}\n"
    + "  objection: {days: 20, basis: 법 38⑤}\n"
    + "  facts:\n    statute: {ko: 법률의 이름, en: The Act}\n  grounds:"
    + GROUND.format(id="A35_4_2", fact="harm")
    + "ended:\n  grounds: [A35_4_3]\n"
)


def loaded(folder: Path, **files: str) -> rulebook.Rulebook:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return rulebook.load(folder)


def flaws_of(folder: Path, **files: str) -> list[str]:
    with pytest.raises(rulebook.RulebookError) as wrong:
        loaded(folder, **files)
    return [str(one) for one in wrong.value.flaws]


def test_the_shipped_amendment_changes_no_right() -> None:
    first, second = rulebook.load().editions
    assert (second.id, second.amends, second.valid_from) == ("2027-03-09", "2026-09-11", date(2027, 3, 9))
    assert (second.days, second.basis, second.facts) == (first.days, first.basis, first.facts)
    assert list(second.grounds) == list(first.grounds)
    assert all(one.valid_to is None and one.valid_from == first.valid_from for one in second.grounds.values())
    assert "제21910호" in second.sources[0]


def test_what_changes_changes_and_every_other_word_stands(tmp_path: Path) -> None:
    book = loaded(tmp_path, a=CHANGES)
    before, after = book.at(date(2027, 12, 31)), book.at(date(2028, 1, 1))
    assert (before.id, after.id, after.amends) == ("2027-03-09", "2028-01-01", "2027-03-09")
    assert set(after.grounds) == set(before.grounds) - {"A35_4_3"} | {"A35_4_9"}
    assert (after.days[Right.ACCESS], before.days[Right.ACCESS], after.days[Right.DELETION]) == (7, 10, 10)
    assert (after.objection.days, before.objection.days, after.follow_up) == (20, 10, before.follow_up)
    assert (after.grounds["A35_4_2"].facts, before.grounds["A35_4_2"].facts) == (("harm",), ("whose", "harm"))
    assert after.grounds["A35_4_2"].valid_from == date(2028, 1, 1)
    assert after.grounds["A35_4_1"].valid_from == date(2026, 9, 11)
    assert (after.facts["statute"].en, before.facts["statute"].en) == ("The Act", "The statute and its article")
    assert list(after.grounds)[1] == "A35_4_2"


def test_amendments_stack(tmp_path: Path) -> None:
    """One written against an earlier edition of the line is laid over the one in force the day before."""
    later = HEAD.replace("2028-01-01", "2028-06-01") + "ended:\n  grounds: [A36_5]\n"
    last = loaded(tmp_path, a=CHANGES, b=later).at(date(2028, 6, 1))
    assert "A36_5" not in last.grounds
    assert "A35_4_9" in last.grounds
    assert last.days[Right.ACCESS] == 7


def test_a_ground_that_ends_by_itself_is_not_taken_over(tmp_path: Path) -> None:
    ends = CHANGES.replace("      applied_by: two\n", "      applied_by: two\n      valid_to: 2028-03-31\n", 1)
    later = HEAD.replace("2028-01-01", "2028-06-01")
    book = loaded(tmp_path, a=ends, b=later)
    assert "A35_4_9" in book.at(date(2028, 5, 31)).grounds
    assert "A35_4_9" not in book.at(date(2028, 6, 1)).grounds


def test_an_edition_with_a_last_day_hands_its_grounds_on(tmp_path: Path) -> None:
    ends = CHANGES.replace("valid_from: 2028-01-01\n", "valid_from: 2028-01-01\nvalid_to: 2028-05-31\n")
    later = HEAD.replace("2028-01-01", "2028-06-01")
    last = loaded(tmp_path, a=ends, b=later).at(date(2028, 6, 1))
    assert last.grounds["A35_4_9"].valid_to is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: A35_4_9", "id: A36_1", "6: added.grounds[0].id: 'A36_1' is already in the edition '2027-03-09'"),
        ("id: A35_4_2", "id: A35_4_8", "replaced.grounds[0].id: 'A35_4_8' is not in the amended edition"),
        ("ended:\n  grounds: [A35_4_3]", "ended:\n  grounds: [A99_1]", "ended.grounds[0]: 'A99_1' is not in the am"),
        ("[A35_4_3]", "[A35_4_3, A35_4_3]", "ended.grounds[1]: 'A35_4_3' stands twice"),
        ("[A35_4_3]", "[A35_4_2]", "replaced.grounds[0].id: 'A35_4_2' is not in the amended edition"),
        ("[A35_4_3]\n", "[A35_4_3]\n  facts: [cause]\n", "ended.facts[0]: 'cause' is still needed by A35_3_masking"),
        ("[A35_4_3]\n", "[A35_4_3]\n  facts: [moon]\n", "ended.facts[0]: 'moon' is not in the amended edition"),
        ("    statute: {ko: 법률의", "    moon: {ko: 법률의", "replaced.facts.moon: 'moon' is not in the edition"),
        ("    shelter: {ko", "    statute: {ko", "added.facts.statute: 'statute' is already in the edition"),
        ("facts: [shelter]", "facts: [moon]", "added.grounds[0].facts[0]: 'moon' is not among the facts"),
        ("applied_by: two", "applied_by: officer", "added.grounds[0].applied_by: a ground that refuses"),
        ("A new ground", "새 사유", "added.grounds[0].text.en: should be English"),
        ("days: 7", "days: 700", "replaced.rights.access.days: Input should be less"),
        ("    access: {days", "    portability: {days", "replaced.rights.portability: is not a known field"),
        ("added:", "brought:", "brought: is not a known field"),
        ('amends: "2027-03-09"', 'amends: "2019-01-01"', "amends: '2019-01-01' cannot be amended from that day"),
        ('amends: "2027-03-09"', 'amends: "2028-01-01"', "amends: '2028-01-01' cannot be amended from that day"),
        ("  - 개인정보 보호법 (가상의 개정)", "  []", "sources: List should have at least 1 item"),
    ],
)
def test_a_wrong_amendment_is_told_with_file_line_and_field(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in CHANGES
    text = CHANGES.replace(old, new, 1)
    flaws = flaws_of(tmp_path, mine=text)
    told = next((one for one in flaws if said.split(": ", 1)[-1] in one), None)
    assert told is not None, flaws
    line = text.splitlines()[int(told.split(":")[1]) - 1]
    name = told.split(": ")[1].split(".")[-1].split("[")[0]
    assert name in line or name in ("grounds", "facts"), (line, told)


def test_nothing_can_be_amended_before_the_first_edition(tmp_path: Path) -> None:
    early = HEAD.replace("valid_from: 2028-01-01", "valid_from: 2020-01-01\nvalid_to: 2026-09-10")
    assert any("none is in force the day before" in one for one in flaws_of(tmp_path, a=early))


def test_the_page_for_lawyers_is_fresh() -> None:
    told = page(rulebook.load().editions)
    assert FILE.read_text(encoding="utf-8") == told, "run: python -m app.rulebook"
    for edition in rulebook.load().editions:
        for one in edition.grounds.values():
            assert one.id in told and one.text.ko in told and one.text.en in told and one.article.ko in told


def test_the_page_of_an_amendment_tells_the_changes_alone(tmp_path: Path) -> None:
    told = page(loaded(tmp_path, a=CHANGES).editions).split("## Edition 2028-01-01")[1]
    assert "**A35_4_9**" in told and "**A35_4_2**" in told and "**A35_4_3** has ended" in told
    assert "| 열람 (Access) | 7 days" in told
    # A35_4_1 rests on a fact that is worded anew, so it is told too; what rests on others is not.
    assert "**A35_4_1**" in told and "**A37_2_4**" not in told


def test_the_served_rulebook_says_its_days_and_its_periods(tmp_path: Path) -> None:
    book = loaded(tmp_path, a=CHANGES)
    on = date(2028, 2, 1)
    served = rulebook.document(book.at(on), ControllerKind.COMPANY, on)
    access = next(one for one in served["rights"] if one["id"] == "access")
    assert (access["days"], access["may_be_postponed"]) == (7, True)
    assert "A35_4_9" in access["grounds"] and "A35_4_3" not in access["grounds"]
    assert (served["amends"], served["as_of"], served["objection"]["days"]) == ("2027-03-09", "2028-02-01", 20)
    assert {one["id"] for one in served["records"]} >= {"contract_5y", "telecom_log_3m"}
