"""Wrong policy files, as real files: each problem is told with file, line and field, and all of them at once."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app import policy
from app.marked import Sheet
from app.policy.checks import check
from app.policy.shape import PolicyFile
from tests.policy.broken import FILE, TEXT, changed, flaws_of

MALL = "    span: {months: 3}\n    records:\n      - record: contract_5y\n        note: 온라인"


SELF_RULE = (
    "  - {outcome: grant, decider: machine, rights: [access, suspension], capacities: [self], uncontested: true}"
)
OFFICER_RULE = "  - {outcome: grant, decider: officer, rights: [access, suspension, correction], capacities: [self]}"
SHORT_RULE = "  - {outcome: grant, decider: officer, rights: [deletion], capacities: [self], short_lived: true}"
PURPOSE = "    label: {ko: 배송 처리, en: Delivery}\n    basis: contract"

ONE_PROBLEM = [
    # shape
    ("kind: company", "kind: firm", 0, "kind: Input should be 'company' or 'public_body'"),
    ("kind: company\n", "kind: company\ncolour: red\n", 1, "colour: is not a known field"),
    ("website: https://www.ktmns.com\n", "website: http://www.ktmns.com\n", 0, "website: String should match"),
    ("effective: 2024-12-06", "effective: someday", 0, "effective: Input should be a valid date"),
    ("effective: 2024-12-06", "effective: 2024-13-40", 0, "effective: is not a value that can be read"),
    ('{id: access, chapter: "8.1"}', "{id: access, chapter: 8.1}", 0, "rights[0].chapter: should be text"),
    ('{id: access, chapter: "8.1"}', '{id: viewing, chapter: "8.1"}', 0, "rights[0].id: Input should be 'access'"),
    (
        'basis: contract\n    chapter: "2.3"\n    note: 주문한',
        'basis: habit\n    chapter: "2.3"\n    note: 주문한',
        0,
        "purposes[6].basis: Input should be 'consent'",
    ),
    (PURPOSE, "    label: {ko: 배송 처리}\n    basis: contract", 0, "purposes[6].label.en: is missing"),
    (
        PURPOSE,
        "    label: {ko: 배송 처리, en: 배송}\n    basis: contract",
        0,
        "purposes[6].label.en: should be English without blanks around it",
    ),
    (
        PURPOSE,
        '    label: {ko: "", en: Delivery}\n    basis: contract',
        0,
        "purposes[6].label.ko: String should have at least 1 character",
    ),
    (
        PURPOSE,
        '    label: {ko: " 배송", en: Delivery}\n    basis: contract',
        0,
        "purposes[6].label.ko: should be text without blanks around it",
    ),
    (PURPOSE, "    label: 배송\n    basis: contract", 0, "purposes[6].label: should be a group of fields"),
    (MALL, MALL.replace("months: 3", "months: 0"), 0, "categories[4].span: a period needs years, months or days"),
    (MALL, MALL.replace("months: 3", 'months: "3"'), 0, "categories[4].span.months: Input should be a valid integer"),
    (MALL, MALL.replace("months: 3", "weeks: 3"), 0, "categories[4].span.weeks: is not a known field"),
    (
        "    short_lived: true\n    note: 거래처의",
        "    short_lived: yes please\n    note: 거래처의",
        0,
        "categories[2].short_lived: Input should be a valid boolean",
    ),
    ("input: datetime,", "input: clock,", 0, "categories[6].fields[1].input: Input should be 'text'"),
    ("  phone: 02-560-3146", "  phone: 025603146", 0, "contacts.phone: should be text"),
    ("  email: privacy@ktmns.com", "  email: privacy", 0, "contacts.email: String should match"),
    ("  marketing: false", "  marketing: true", 0, "children.marketing: Input should be False"),
    ("  code_tries: 5", "  code_tries: 50", 0, "settled.code_tries: Input should be less than or equal to 5"),
    (
        "  requests_kept_years: 3",
        "  requests_kept_years: 2",
        0,
        "settled.requests_kept_years: must be at least 3: complaints and disputes of consumers are kept so long"
        " (Electronic Commerce Act Article 6, its Decree Article 6(1)4; 전자상거래법 시행령 제6조제1항제4호)",
    ),
    ("  package_days: 7\n", "", "settled:", "settled.package_days: is missing"),
    ("  arrival_days: 60", "  arrival_days: 60\n  moon_days: 28", 1, "settled.moon_days: is not a known field"),
    ("    until: 2026-10-02", "    until: 2026-10-02 10:00:00", 0, "bodies[2].until: "),
    ("- {id: fax, label", "- {id: telegram, label", 0, "channels[3].id: Input should be 'web'"),
    # twice
    ("kind: company\n", "kind: company\nkind: public_body\n", 1, "kind: stands twice"),
    (PURPOSE, PURPOSE.replace("en: Delivery", "en: Delivery, en: Sending"), 0, "purposes[6].label.en: stands twice"),
    ("  - id: delivery\n", "  - id: marketing\n", "  - id: marketing", "purposes[9].id: 'marketing' stands twice"),
    (
        "      - record: payment_5y\n",
        "      - record: contract_5y\n",
        0,
        "categories[4].records[1].record: 'contract_5y' stands twice",
    ),
    (
        "purposes: [personalisation, marketing]",
        "purposes: [marketing, marketing]",
        0,
        "categories[6].purposes[1]: 'marketing' stands twice",
    ),
    ("{id: accessed_at, label", "{id: ip, label", 0, "categories[6].fields[1].id: 'ip' stands twice"),
    ("  - id: hanjin\n", "  - id: jnp\n", 0, "processors[4].id: 'jnp' stands twice"),
    ("  - id: police\n", "  - id: jnp\n", 0, "third_parties[0].id: 'jnp' is already a processor"),
    # what a name points to
    (
        "purposes: [inquiry_reply]",
        "purposes: [inquiry_answer]",
        0,
        "categories[3].purposes[0]: 'inquiry_answer' is not among the purposes",
    ),
    (
        "      - record: dispute_3y",
        "      - record: dispute_9y",
        0,
        "categories[0].records[0].record: 'dispute_9y' is not among the records",
    ),
    ("routes: [store]", "routes: [kiosk]", 0, "categories[7].routes[0]: 'kiosk' is not a channel by which"),
    # the law
    ("    media: true\n", "", "    fields: []", "categories[7].fields: is empty, but the category is not media"),
    (
        "    media: true\n",
        "    media: true\n    pseudonymised: true\n",
        1,
        "categories[7].pseudonymised: footage is asked for by place and time",
    ),
    (
        "    purposes: [inquiry_reply]\n",
        "    purposes: [inquiry_reply]\n    span: {days: 10}\n",
        6,
        "categories[3].short_lived: is kept for a period or by statute",
    ),
    (
        "{id: ip, label: {ko: 접속 IP, en: IP address}, input: text",
        "{id: ip, label: {ko: 접속 IP, en: IP address}, input: textarea",
        0,
        "categories[6].fields[0].free_text: a textarea holds free text",
    ),
    (
        "    note: 2장의 수집항목에 개인신용정보가 없어 어느 분류에도 붙이지 않는다\n",
        "",
        "  - id: credit_3y",
        "records[7].note: is missing: no category holds these records",
    ),
    ("    rights: [access, suspension]\n", "    rights: [access, paint]\n", 0, "assurance[1].rights[1]: Input should"),
    (
        SELF_RULE,
        SELF_RULE.replace(", uncontested: true", ""),
        0,
        "deciders[2].decider: the machine grants only what is uncontested",
    ),
    (
        SELF_RULE,
        SELF_RULE.replace("[access, suspension]", "[access, suspension, deletion]"),
        0,
        "deciders[2].decider: the machine grants only what is uncontested and destroys nothing",
    ),
    (
        SELF_RULE,
        SELF_RULE.replace("[self]", "[self, guardian]"),
        0,
        "deciders[2].decider: what goes to a guardian or delegate takes two people",
    ),
    (
        SHORT_RULE,
        SHORT_RULE.replace(", short_lived: true", ""),
        0,
        "deciders[4].decider: an officer alone destroys only short-lived data",
    ),
    (
        SHORT_RULE,
        SHORT_RULE.replace("[deletion]", "[deletion, consent_withdrawal]"),
        0,
        "deciders[4].decider: an officer alone destroys only short-lived data",
    ),
    (
        "  - {outcome: refuse, decider: two",
        "  - {outcome: refuse, decider: officer",
        0,
        "deciders[0].decider: a refusal or partial grant takes two people",
    ),
    (
        OFFICER_RULE,
        OFFICER_RULE.replace(", correction]", "]"),
        "deciders:",
        "deciders: nobody decides the grant of correction for self",
    ),
]


@pytest.mark.parametrize(("old", "new", "at", "said"), ONE_PROBLEM)
def test_one_problem_is_told_with_file_line_and_field(
    tmp_path: Path, old: str, new: str, at: int | str, said: str
) -> None:
    text, line = changed(old, new, at=at)
    flaws = flaws_of(tmp_path, text)
    assert [one for one in flaws if one.startswith(f"mine.yaml:{line}: {said}")], flaws


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.yaml:1: is empty"),
        ("# nothing\n", "mine.yaml:1: is empty"),
        ("- a\n- b\n", "mine.yaml:1: should be a group of fields"),
        ("id: x\nkind: [company\n", "mine.yaml:3: is not YAML"),
        ("id: x\n\tkind: company\n", "mine.yaml:2: is not YAML"),
        ("id: x\n---\nid: y\n", "mine.yaml:2: is not YAML"),
        (b"id: \xb0\xa1\n", "mine.yaml:1: is not UTF-8 text"),
        ("id: a\x07b\n", "mine.yaml:1: is not YAML"),
        ("[" * 200_000 + "]" * 200_000, "mine.yaml:1: is nested too deeply"),
        ("id: x\nother: &a [1]\nmore: *a\n", "mine.yaml:3: more: repeats another entry by an anchor"),
        ("id: x\nself: &a {b: *a}\n", "mine.yaml:2: self.b: repeats another entry by an anchor"),
        ("id: !!python/name:os.system x\n", "mine.yaml:1: id: is not a value that can be read"),
        ("<<: {id: x}\n", "mine.yaml:1: <<: is not a known field"),
        ("? [a, b]\n: c\n", "mine.yaml:1: ?: is not a known field"),
    ],
)
def test_what_is_not_a_policy_at_all(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert any(one.startswith(said) for one in flaws_of(tmp_path, text)), flaws_of(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(policy.PolicyError, match=r"^none\.yaml:1: cannot be read \(No such file or directory\)$"):
        policy.load(tmp_path / "none.yaml")
    with pytest.raises(policy.PolicyError, match="cannot be read"):
        policy.load(tmp_path)


def test_one_wrong_word_gives_one_problem(tmp_path: Path) -> None:
    text, line = changed("purposes: [inquiry_reply]", "purposes: [inquiry_answer]")
    place = f"mine.yaml:{line}: categories[3].purposes[0]"
    assert flaws_of(tmp_path, text) == [f"{place}: 'inquiry_answer' is not among the purposes"]


def test_all_problems_are_told_at_once_from_top_to_bottom(tmp_path: Path) -> None:
    text = TEXT.replace("kind: company\n", "kind: firm\nkind: company\n")
    text = text.replace("purposes: [inquiry_reply]", "purposes: [inquiry_answer]")
    text = text.replace("  code_tries: 5", "  code_tries: many")
    flaws = flaws_of(tmp_path, text)
    assert [one.split(": ")[1] for one in flaws] == ["kind", "kind", "categories[3].purposes[0]", "settled.code_tries"]
    lines = [int(one.split(":")[1]) for one in flaws]
    assert lines == sorted(lines)


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert policy.load(path) == policy.load(FILE)


JUNK: tuple[Any, ...] = (None, 7, "x", [], {}, [[]], {"id": []}, [{"id": {}}], True, 1.5)


def places(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place of a tree."""
    steps: list[str | int] = list(value) if isinstance(value, dict) else []
    if isinstance(value, list):
        steps = list(range(len(value)))
    return [here, *(place for step in steps for place in places(value[step], (*here, step)))]


def test_junk_anywhere_is_a_told_problem_never_a_crash() -> None:
    tree = yaml.safe_load(TEXT)
    for number, place in enumerate(places(tree)[1:]):
        inner = tree
        for step in place[:-1]:
            inner = inner[step]
        before = inner[place[-1]]
        junk = inner[place[-1]] = JUNK[number % len(JUNK)]
        sheet = Sheet(FILE, tree)
        made = sheet.as_(PolicyFile)
        check(sheet)
        assert made is not None or sheet.flaws, (place, junk)
        inner[place[-1]] = before


@pytest.mark.parametrize("junk", JUNK)
def test_junk_instead_of_a_policy(junk: Any) -> None:
    sheet = Sheet(FILE, junk)
    assert sheet.as_(PolicyFile) is None
    check(sheet)
    assert sheet.flaws
