"""What the service is built from is written down, and what is known against it is answered."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import yaml

from app.settings import ROOT
from app.settings.vault import Vault
from app.tokens.signing import private_key
from tests import supply

HOLE = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-85394", "GHSA-xxxx-yyyy-zzzz"], "summary": "a hole"}
OTHER = {"id": "PYSEC-2026-2", "aliases": [], "summary": "one that nobody looked at"}


class _Osv(BaseHTTPRequestHandler):
    """A service of the OSV format that knows of two holes."""

    against: dict[str, list[dict[str, Any]]] = {}

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        names = [one["package"]["purl"].partition("@")[0] for one in asked]
        self._say({"results": [{"vulns": [{"id": one["id"]} for one in self.against.get(name, [])]} for name in names]})

    def do_GET(self) -> None:
        self._say(next(one for one in (HOLE, OTHER) if self.path == f"/v1/vulns/{one['id']}"))

    def log_message(self, *_: object) -> None:
        pass

    def _say(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def osv() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Osv) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_bill_names_every_pinned_package_with_its_hashes_and_is_the_same_each_time() -> None:
    made = supply.bill(supply.parts())
    assert made == supply.bill(supply.parts())
    assert "index" not in json.dumps(made) and "https://" not in json.dumps(made)
    components = {one["purl"]: one for one in made["components"]}
    for lock, scope in (("requirements.txt", "required"), ("requirements-tools.txt", "excluded")):
        pins = [line.split(";")[0].split() for line in (ROOT / lock).read_text("utf-8").splitlines() if "==" in line]
        assert pins
        for pin, *_ in pins:
            component = components["pkg:pypi/" + pin.replace("==", "@")]
            assert component["scope"] == scope
            assert component["properties"]


def test_a_hole_that_is_answered_passes_and_any_other_is_told(osv: str) -> None:
    _Osv.against = {"pkg:pypi/python-jose": [HOLE]}
    assert supply.audit(supply.parts(), osv) == []
    _Osv.against = {"pkg:pypi/python-jose": [HOLE, OTHER], "pkg:pypi/httpx": [HOLE]}
    first, second = supply.audit(supply.parts(), osv)
    assert first.startswith("httpx ") and "CVE-2026-85394" in first, "what is answered for one is not for another"
    assert second.startswith("python-jose ") and second.endswith("PYSEC-2026-2 one that nobody looked at")


def test_a_service_that_is_silent_is_no_clean_bill(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDIT_URL", "http://127.0.0.1:9")
    assert supply.main(["audit"]) == 3
    assert "nothing was checked" in capsys.readouterr().err


def test_every_answer_is_of_a_version_that_is_pinned_and_names_tests_that_exist() -> None:
    pinned = {(part.name, part.version) for part in supply.parts()}
    for entry in yaml.safe_load(supply.KNOWN.read_text("utf-8"))["advisories"]:
        assert {(entry["package"], version) for version in entry["versions"]} <= pinned, entry["ids"]
        assert entry["hole"] and entry["answer"] and (ROOT / entry["code"]).is_file()
        assert entry["tests"]
        for named in entry["tests"]:
            file, _, name = named.partition("::")
            assert f"def {name}(" in (ROOT / file).read_text("utf-8"), named


def test_tokens_are_signed_by_cryptography_and_never_by_ecdsa() -> None:
    key, _ = private_key(Vault.token_key())
    assert type(key).__module__ == "jose.backends.cryptography_backend"
