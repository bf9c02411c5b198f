"""`rights-desk policy check|diff|explain`, as the program itself."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import policy, rulebook
from app.policy.compared import Change, compare
from tests.policy.broken import FILE, TEXT

ROOT = Path(__file__).parents[2]
HOSPITAL, GAME = (ROOT / "examples" / "companies" / name / "policy.yaml" for name in ("hospital", "game"))
STATUTES = ROOT / "examples" / "rulebooks"


def run(*arguments: str | Path, statutes: Path | None = None) -> tuple[int, str, str]:
    """The command line with nothing but what it is given."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    if statutes is not None:
        environment["RULEBOOK_DIR"] = str(statutes)
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", "policy", *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def changed(folder: Path, *pairs: tuple[str, str]) -> tuple[Change, ...]:
    """What changes against the first controller's file with these places changed."""
    text = TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "new.yaml"
    path.write_text(text, encoding="utf-8")
    statutes = rulebook.load().records
    return compare(policy.load(FILE, statutes), policy.load(path, statutes))


def test_check_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    assert run("check", FILE)[0] == 0
    assert run("check", HOSPITAL, statutes=STATUTES)[0] == 0
    assert run("check", GAME)[0] == 0
    code, out, err = run("check", HOSPITAL)
    assert (code, out) == (1, "")
    assert "records[0].id: 'treatment_10y' is not a class of records of the rulebook" in err
    (tmp_path / "mine.yaml").write_text(TEXT.replace("kind: company", "kind: firm"), encoding="utf-8")
    code, _, err = run("check", tmp_path / "mine.yaml")
    assert code == 1 and re.search(r"mine\.yaml:\d+: kind: Input should be", err)
    assert run("check", tmp_path / "none.yaml")[0] == 1


def test_nothing_changes_against_itself(tmp_path: Path) -> None:
    assert changed(tmp_path) == ()
    code, out, _ = run("diff", FILE, FILE, "--language", "en")
    assert (code, out) == (0, "0 changes, 0 of them (!) to people's disadvantage\n")


IP = "      - {id: ip, label: {ko: 접속 IP, en: IP address}, input: text, max_length: 45}\n"
DEVICE = "      - {id: device, label: {ko: 기기, en: Device}, input: text}\n"
BANK = (
    "  - {id: bank, label: {ko: 은행, en: Bank}, task: {ko: 결제, en: Payment}, items: {ko: 성명, en: Name},"
    ' retention: {ko: 1년, en: A year}, chapter: "6.1"}\n'
)
JNP = TEXT[TEXT.index("  - id: jnp\n") : TEXT.index("  - id: hanjin\n")]
MALL = "retention: {ko: 서비스 신청 후 3개월, en: Three months after the application}\n    span: {months: %d}"
MAIL = '  - {id: email, label: {ko: 전자우편, en: E-mail}, chapter: "8.2"}\n'
ADVERTISED = '    basis: %s\n    chapter: "10.1.나"\n    note: 홍보'
SENT = '    basis: contract\n%s    chapter: "2.3"\n    note: 주문한'
DELIVERY, CHILDREN = "[service_consultation, delivery%s]", "refused_purposes: [marketing%s]"
CHANGES = [
    # Keeping longer or shorter.
    (MALL % 3, MALL % 4, "categories.online_mall.span", True),
    (MALL % 3, MALL % 2, "categories.online_mall.span", False),
    ("  kept_days: 30", "  kept_days: 31", "cameras.kept_days", True),
    ("  kept_days: 30", "  kept_days: 14", "cameras.kept_days", False),
    # Collecting more, for more, giving to more.
    (DELIVERY % "", DELIVERY % ", marketing", "categories.online_mall.purposes.marketing", True),
    ("[personalisation, marketing]", "[personalisation]", "categories.site_log.purposes.marketing", False),
    (IP, "", "categories.site_log.ip", False),
    (IP, DEVICE + IP, "categories.site_log.device", True),
    ("third_parties:\n", "third_parties:\n" + BANK, "third_parties.bank", True),
    (JNP, "", "processors.jnp", False),
    # What it rests on.
    (ADVERTISED % "consent", ADVERTISED % "interest", "purposes.marketing.basis", True),
    (SENT % "", SENT % "    indispensable: true\n", "purposes.delivery.indispensable", True),
    # Ways, proof, fees, promises, children.
    (MAIL, "", "channels.email", True),
    ("[power_of_attorney]", "[power_of_attorney, identity_document]", "proofs.delegate", True),
    ("  charged: false", "  charged: true", "fees.charged", True),
    ("지체 없이 조치합니다.", "조치합니다.", "promises.8.2", True),
    (CHILDREN % ", personalisation", CHILDREN % "", "children.refused_purposes.personalisation", True),
    # Numbers.
    ("objection_window_days: 30", "objection_window_days: 60", "settled.objection_window_days", False),
    ("  package_days: 7", "  package_days: 3", "settled.package_days", True),
    ("  postponement_days: 30", "  postponement_days: 60", "settled.postponement_days", True),
    ("late_objections: true", "late_objections: false", "settled.late_objections", True),
    ("  code_minutes: 10", "  code_minutes: 5", "settled.code_minutes", False),
]


@pytest.mark.parametrize(("old", "new", "place", "lowered"), CHANGES)
def test_a_change_is_told_and_judged(tmp_path: Path, old: str, new: str, place: str, lowered: bool) -> None:
    found = {one.place: one for one in changed(tmp_path, (old, new)) if one.lowered or not lowered}
    assert place in found, found
    assert found[place].lowered is lowered
    assert found[place].said.ko and found[place].said.en


def test_a_lowered_promise_ends_with_one(tmp_path: Path) -> None:
    worse, better = tmp_path / "worse.yaml", tmp_path / "better.yaml"
    worse.write_text(TEXT.replace("  package_days: 7", "  package_days: 3"), encoding="utf-8")
    better.write_text(TEXT.replace("  package_days: 7", "  package_days: 14"), encoding="utf-8")
    code, out, _ = run("diff", FILE, worse)
    assert code == 1 and "! settled.package_days: 7에서 3(으)로 바뀜" in out and "불리해진 것(!) 1" in out
    code, out, _ = run("diff", FILE, better, "--language", "en")
    assert code == 0 and "  settled.package_days: 14, was 7" in out
    assert run("diff", worse, FILE)[0] == 0


def test_explain_tells_a_partial_deletion() -> None:
    arguments = ("--right", "deletion", "--category", "online_mall", "--arrived", "2026-11-23")
    code, out, _ = run("explain", FILE, *arguments)
    assert code == 0
    for told in (
        "온라인 몰",
        "2026-12-03 (영 43③)",
        "두 사람",
        "전화번호로 받은 인증번호",
        "성명: 허용",
        "나누어 보존 ~ 2031-11-23",
    ):
        assert told in out, told
    code, out, _ = run("explain", FILE, *arguments, "--language", "en")
    assert code == 0 and not re.search("[가-힣]", re.sub(r"\([^()]*\)", "", out.replace("·", "")))
    for told in ("Online mall", "two people", "Name: granted", "kept apart ~ 2031-11-23"):
        assert told in out, told


def test_explain_tells_the_papers_of_a_guardian() -> None:
    out = run("explain", GAME, "--right", "access", "--category", "account", "--capacity", "guardian")[1]
    assert "부모(친권자)): 자녀의 기본증명서(상세), 가족관계증명서" in out
    assert "두 사람" in out


def test_explain_tells_every_right_and_category_and_refuses_what_is_not_there() -> None:
    out = run("explain", HOSPITAL, "--arrived", "2027-04-01", statutes=STATUTES)[1]
    assert out.count("기한:") == 7 * 5
    assert "거절을 제안 (법 36① 단서)" in out
    assert run("explain", FILE, "--category", "moon")[0] == 1
    assert run("explain", FILE, "--arrived", "2020-01-01")[0] == 1
    assert run("explain", FILE, "--right", "portability")[0] == 2
