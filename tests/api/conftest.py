"""Other neighbours than the usual: an issuer that vouches for people, no register. Ask for them before the desk."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.elsewhere import elsewhere_text
from tests.api.families import Ledger
from tests.api.logins import LOGIN, STAFF
from tests.conftest import serving
from tests.policy.broken import TEXT


@pytest.fixture
def trusted(environment: dict[str, str], tmp_path: Path) -> None:
    """An identity issuer, and one that has officers and clerks only; ask for it before the desk is opened."""
    issuers = {}
    for issuer, roles in ((LOGIN, ["identity"]), (STAFF, ["officer", "clerk"])):
        path = tmp_path / f"{issuer.kid}.json"
        path.write_text(json.dumps(issuer.keys))
        issuers[issuer.name] = {"jwks": str(path), "alg": "ES256", "roles": roles}
    environment["TRUSTED_ISSUERS"] = json.dumps(issuers)


@pytest.fixture
def elsewhere(environment: dict[str, str], tmp_path: Path) -> None:
    """A policy under which data came from elsewhere, belongs to others, or cannot be told whose it is."""
    path = tmp_path / "elsewhere.yaml"
    path.write_text(elsewhere_text(), encoding="utf-8")
    environment["POLICY_FILE"] = str(path)


@pytest.fixture
def silenced(environment: dict[str, str], tmp_path: Path) -> None:
    """A law forbids for now to tell of provisions to the police."""
    entry = '    retention: {ko: 관련 법령에 따름, en: As the statutes provide}\n    chapter: "6.1"\n'
    assert TEXT.count(entry) == 1
    silence = "{statute: {ko: 통신비밀보호법 제13조의3, en: Communications Secrets Act 13-3}, since: 2024-12-06}"
    path = tmp_path / "silenced.yaml"
    path.write_text(TEXT.replace(entry, f"{entry}    silences: [{silence}]\n"), encoding="utf-8")
    environment["POLICY_FILE"] = str(path)


@pytest.fixture
def no_register(environment: dict[str, str]) -> None:
    del environment["REGISTER_URL"]


@pytest.fixture
def ledger(environment: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """A register of the people that the test names."""
    found = Ledger(tmp_path, *request.param)
    with serving(found) as url:
        environment["REGISTER_URL"] = url
        yield found
