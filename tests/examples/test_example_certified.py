"""`processor certify` over real sockets: the example holds in every line, sloppy receivers fail in theirs."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from typer.testing import CliRunner, Result

from app import cli
from examples.common.signature import SignatureRefusedError, verify
from tests.conftest import serving
from tests.examples.sender import ROOT, Start

ALL = ("GET", "HEAD", "POST")
ROW = re.compile(r" *[0-9]+ (pass|FAIL|-) +(.+?) {2,}")
REFUSALS = {
    "a challenge of a stranger is not said back",
    "an old timestamp is refused",
    "a timestamp of the future is refused",
    "a timestamp or id that was exchanged is refused",
    "a timestamp that is no number is refused",
    "a bad signature is refused",
    "a missing header is refused",
    "the signature of another key is refused",
    "a signature of another scheme is refused",
    "a body with one byte altered is refused",
    "rotation: a key that ended is refused",
}


def new_keys(folder: Path, scheme: str) -> tuple[Path, list[str]]:
    """The certifier's file, and the keys that the endpoint is to trust."""
    made = CliRunner().invoke(cli.app, ["processor", "keys", "--scheme", scheme])
    assert made.exit_code == 0
    file = folder / f"{scheme}.env"
    file.write_text(made.stdout, encoding="utf-8")
    return file, re.findall(r"# the endpoint trusts (?:as well )?(wh(?:sec|pk)_\S+)", made.stdout)


def certify(url: str, file: Path) -> Result:
    return CliRunner().invoke(cli.app, ["processor", "certify", url, "--secret-file", str(file)])


def lines(result: Result, word: str) -> set[str]:
    """The rows that passed, failed or were not played."""
    return {found[2] for line in result.stdout.splitlines() if (found := ROW.match(line)) and found[1] == word}


@pytest.mark.parametrize("scheme", ["v1", "v1a"])
def test_the_example_processor_is_certified_whole(start: Start, closed_port: str, tmp_path: Path, scheme: str) -> None:
    file, trusted = new_keys(tmp_path, scheme)
    config = tmp_path / "registration.json"
    given = {"api": closed_port, "client_id": "c", "client_secret": "s", "scheme": scheme, "keys": trusted}
    config.write_text(json.dumps(given), encoding="utf-8")
    done = certify(start("processor", "--config", str(config)), file)
    assert (lines(done, "FAIL"), lines(done, "-"), done.exit_code) == (set(), set(), 0), done.stdout
    assert re.search(r"\n([0-9]+) of \1 passed, 0 not played\n$", done.stdout)
    assert len(lines(done, "pass")) > 30


async def _says_yes(_: Request) -> Response:
    return PlainTextResponse("ok" * 11_000)


def test_one_that_says_yes_to_everything_fails_every_refusal(tmp_path: Path) -> None:
    file, _ = new_keys(tmp_path, "v1")
    with serving(Starlette(routes=[Route("/", _says_yes, methods=list(ALL))])) as url:
        done = certify(url, file)
    echo, long = "a challenge is said back, again and again", "every answer was under 20 kB"
    assert done.exit_code == 1
    assert lines(done, "FAIL") == REFUSALS | {echo, long}, done.stdout


class Sloppy:
    """Compares the first signature alone, over JSON it wrote anew; looks at no clock; breaks on what it never met."""

    def __init__(self, keys: list[str]) -> None:
        self.keys, self.seen = keys, set[str]()

    async def take(self, request: Request) -> Response:
        if request.method != "POST":
            return RedirectResponse("/elsewhere")
        event: Any = json.loads(await request.body())
        first = request.headers["webhook-signature"].split(" ")[0]
        stamp = int(request.headers["webhook-timestamp"])
        written = json.dumps(event, separators=(",", ":")).encode()
        try:
            name = verify({**request.headers, "webhook-signature": first}, written, self.keys, now=stamp)
        except SignatureRefusedError:
            return Response(status_code=401)
        if event["type"] == "endpoint.challenge":
            return Response(json.dumps(event["data"]))
        known = event["type"] in ("task.created", "task.cancelled", "endpoint.test")
        again, _ = name in self.seen, self.seen.add(name)
        return Response(status_code=409 if again else 200 if known else 400)


def test_a_sloppy_one_fails_in_its_own_lines(tmp_path: Path) -> None:
    file, trusted = new_keys(tmp_path, "v1a")
    app = Starlette(routes=[Route("/", Sloppy(trusted[:1]).take, methods=list(ALL))])
    with serving(app) as url:
        done = certify(url, file)
    assert done.exit_code == 1
    assert lines(done, "FAIL") == {
        "a repeat is answered like the first",
        "repeats that come at once are taken",
        "a type not known yet is taken and passed over",
        "fields not known yet are passed over",
        "the raw bytes are verified, not what was parsed",
        "an old timestamp is refused",
        "a timestamp of the future is refused",
        "a timestamp that is no number is refused",
        "a missing header is refused",
        "a body with one byte altered is refused",
        "of several signatures one is enough",
        "signatures that make no sense are passed over",
        "rotation: both keys, then the new one alone",
        "large headers are taken",
        "what is signed and no event breaks nothing",
        "no answer was a redirect",
    }, done.stdout


def test_where_nobody_answers_it_stops_after_the_first(closed_port: str, tmp_path: Path) -> None:
    file, _ = new_keys(tmp_path, "v1")
    done = certify(closed_port, file)
    assert done.exit_code == 1
    assert len(lines(done, "FAIL")) == 1
    assert lines(done, "pass") == set()


def test_keys_come_from_the_environment_or_a_file_and_are_never_told(
    closed_port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, trusted = new_keys(tmp_path, "v1")
    assert "not played" in (named := certify(closed_port, file)).stdout
    monkeypatch.setenv("WEBHOOK_KEY", trusted[0])
    given = CliRunner().invoke(cli.app, ["processor", "certify", closed_port])
    assert lines(given, "FAIL") == lines(named, "FAIL")
    empty, wrong = tmp_path / "empty.env", tmp_path / "wrong.env"
    empty.write_text("", encoding="utf-8")
    wrong.write_text("WEBHOOK_KEY=whsec_dG9vIHNob3J0", encoding="utf-8")
    for one in (empty, wrong, tmp_path / "none.env"):
        for command in (["processor", "certify", closed_port], ["webhook", "listen", "--port", "0"]):
            refused = CliRunner().invoke(cli.app, [*command, "--secret-file", str(one)])
            assert refused.exit_code == 1
            assert "dG9v" not in refused.output and refused.output.count("\n") == 1
    assert CliRunner().invoke(cli.app, ["processor", "certify", "ftp://example.com"]).exit_code == 1


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[tuple[str, Path, subprocess.Popen[str]]]:
    """`webhook listen` as a process, and the file of its keys."""
    file = tmp_path / "trusted.txt"
    file.write_text(new_keys(tmp_path, "v1")[1][0], encoding="utf-8")
    command = [sys.executable, "-m", "app.cli", "webhook", "listen", "--port", "0", "--secret-file", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        yield one.stdout.readline().strip(), file, one
        one.kill()


def test_the_listener_is_certified_and_prints_what_it_believes(
    listener: tuple[str, Path, subprocess.Popen[str]], tmp_path: Path
) -> None:
    url, file, process = listener
    signs, trusted = new_keys(tmp_path, "v1a")
    file.write_text("\n".join(trusted), encoding="utf-8")
    done = certify(url, signs)
    assert (lines(done, "FAIL"), done.exit_code) == (set(), 0), done.stdout
    assert httpx.post(url, content=b"x" * 70_000, trust_env=False).status_code == 413
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    printed = out.splitlines()
    assert {"refused: signature.invalid", "refused: signature.missing", "refused: signed, but no event"} <= set(printed)
    believed = [json.loads(line) for line in printed if line.startswith("{")]
    assert {one["type"] for one in believed} >= {"endpoint.challenge", "endpoint.test", "task.created"}
    assert all(one["webhook-id"] for one in believed)
    assert not any(key in out for key in trusted)
