"""The threat model names tests that are there, and answers every attack; no secret lies in a committed file."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from app.settings import ROOT

DOCS = ROOT / "docs"
CELL = re.compile(r"\[\w+\]\((?P<file>[^)]+)\) (?P<tests>`\w+`(?:, `\w+`)*)")
ATTACKS = 24


def _rows(mark: str) -> list[str]:
    return [line for line in (DOCS / "security.md").read_text("utf-8").splitlines() if re.match(rf"\| {mark}\d", line)]


def test_every_attack_is_answered_by_tests_that_exist() -> None:
    rows = _rows("A")
    assert [int(re.findall(r"\d+", row)[0]) for row in rows] == list(range(1, ATTACKS + 1))
    requirements = _rows("V")
    assert len(requirements) > 30
    for row in [*rows, *requirements]:
        cells = list(CELL.finditer(row.rpartition(" | ")[2]))
        assert cells or "`make check`" in row, row
        for cell in cells:
            written = (DOCS / cell["file"]).read_text("utf-8")
            for name in re.findall(r"`(\w+)`", cell["tests"]):
                assert f"def {name}(" in written, name


SECRETS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\\?n?\s*[A-Za-z0-9+/=]{40}",
    "a shared secret of webhooks": r"whsec_[A-Za-z0-9+/=]{32,}",
    "a signing key of webhooks": r"whsk_[A-Za-z0-9+/=]{40,}",
    "a token": r"eyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}",
    "a cloud key": r"(?:AKIA|ASIA)[A-Z0-9]{16}",
    "a forge's token": r"gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}",
    "a password in an address": r"[a-z+]{4,12}://[^\s:/@{}$<>\"']{1,64}:(?!password@)[^\s:/@{}$<>\"']{6,}@[a-z0-9.-]+",
    "a key of 32 bytes": r"(?i)(?:key|keys|secret)[\"']?\s*[:=]\s*[\"']?(?:[a-z0-9_.-]{1,16}:)?[A-Za-z0-9+/]{43}=",
}
"""What keys and passwords look like, wherever they stand."""
PUBLISHED = (DOCS / "processors" / "vectors.json").read_text("utf-8")
"""The test vectors: their keys sign nothing else."""


def _committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def _secrets(text: str) -> list[str]:
    return [
        what
        for what, pattern in SECRETS.items()
        if any(found[0] not in PUBLISHED for found in re.finditer(pattern, text))
    ]


def test_no_secret_is_committed() -> None:
    found = {}
    for path in _committed():
        written = path.read_bytes()
        name = path.relative_to(ROOT).as_posix()
        if b"\0" not in written[:8192] and (kinds := _secrets(written.decode("utf-8"))):
            found[name] = kinds
    assert found == {}


@pytest.mark.parametrize(
    "leak",
    [
        "-----BEGIN PRIVATE " + "KEY-----\n" + "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0w",
        "whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "eyJhbGciOiJFUzI1NiJ9" + ".eyJzdWIiOiJvZmZpY2VyLTEifQ." + "c2lnbmF0dXJlLW9mLXNvbWV0aGluZw",
        "postgresql://desk:" + "correct-horse@db.example.com/desk",
        "AKIA" + "IOSFODNN7EXAMPLE",
        'MASTER_KEYS="k1:' + "h3x0uJ5zqjY8cQ1m3n2v4b6k8l0p9o7i5u3y1t2r4e6=" + '"',
    ],
)
def test_the_search_for_secrets_finds_one(leak: str) -> None:
    assert _secrets(f"a line before\n{leak}\n")


def test_every_container_of_ours_is_nobody_on_a_root_that_cannot_be_written() -> None:
    stages = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)[1:]
    for stage in stages:
        if "ENTRYPOINT" in stage:
            user = re.search(r"^USER (\d+):(\d+)$", stage, re.MULTILINE)
            assert user and "0" not in user.groups(), "named by number, so that a cluster can see that it is not root"
            assert stage.index("USER") > stage.index("COPY"), "what it runs is not its own to change"
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    ours = {name: one for name, one in services.items() if "build" in one}
    assert set(services) - set(ours) == {"postgres"}
    for name, one in ours.items():
        assert one["read_only"] is True and one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert not one.get("privileged") and "network_mode" not in one and "pid" not in one, name
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", [])), name
