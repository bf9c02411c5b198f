"""The client's way with papers and with everything else that is asked for somebody else, against a told server."""

import asyncio
import email
import email.policy
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from examples import answering, casework, client
from examples.client import Desk, Paper, ProblemError
from examples.common import transport
from tests.examples.sender import ROOT
from tests.examples.told import Script

PDF = (200, {"Content-Type": "application/pdf", "Content-Disposition": 'inline; filename="one.pdf"'}, {})
OK = (200, {"ETag": '"4"'}, {})


class Pieces(io.BytesIO):
    """A file that remembers the largest piece anybody took of it at once."""

    largest = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.largest = max(self.largest, len(piece))
        return piece


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    monkeypatch.setattr("examples.common.transport.FIRST_PAUSE_SECONDS", 0.01)
    with Script() as one:
        yield one


def _call(script: Script, call: Callable[[Desk], Any]) -> Any:
    async def run() -> Any:
        async with Desk(script.url, "t") as desk:
            return await call(desk)

    return asyncio.run(run())


def _parts(headers: dict[str, str], body: bytes) -> dict[str, tuple[str | None, bytes]]:
    """What a multipart body holds: by name the file name, if any, and the content."""
    raw = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode() + body
    message = email.message_from_bytes(raw, policy=email.policy.HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): (part.get_filename(), part.get_payload(decode=True))
        for part in message.iter_parts()  # type: ignore[attr-defined]
    }


def test_a_paper_is_sent_piece_by_piece_and_again_from_its_start_with_the_same_key(script: Script) -> None:
    script.answers = [None, (503, {"Retry-After": "0"}, {}), (201, {"ETag": '"1"'}, {"id": "e"})]
    file = Pieces(bytes(range(256)) * 4_000)
    paper = Paper("기본증명서.pdf", file, "application/pdf")
    kept = _call(script, lambda desk: desk.hand_in("r", "basic_certificate", paper, key="k-1"))
    assert (kept["id"], kept.etag) == ("e", '"1"')
    assert file.largest <= 1 << 17
    assert [(what, headers["Idempotency-Key"]) for what, headers, _ in script.got] == [
        ("POST /v1/requests/r/evidence", "k-1")
    ] * 3
    for _, headers, body in script.got:
        parts = _parts(headers, body)
        assert parts["file"] == ("기본증명서.pdf", file.getvalue())
        assert (parts["kind"][1], parts["party"][1]) == (b"basic_certificate", b"requester")


def test_whoever_looks_at_a_paper_says_what_for(script: Script) -> None:
    script.answers = [PDF]
    assert _call(script, lambda desk: desk.look_at_paper("e", "check a mandate")).filename == "one.pdf"
    assert script.got[0][0] == "GET /v1/evidence/e/content"
    assert script.got[0][1]["Purpose"] == "check a mandate"


@pytest.mark.parametrize(
    ("call", "what", "body", "answer"),
    [
        (lambda desk: desk.papers("r", limit=2), "GET /v1/requests/r/evidence?limit=2", None, OK),
        (lambda desk: desk.paper("e"), "GET /v1/evidence/e", None, OK),
        (
            lambda desk: desk.call_for_papers("r", ["power_of_attorney"]),
            "POST /v1/requests/r/supplements",
            {"missing": ["power_of_attorney"], "message": None},
            OK,
        ),
        (lambda desk: desk.end_mandate("r"), "POST /v1/requests/r/mandate/revocation", {}, OK),
        (lambda desk: desk.end_mandate("r", "death"), "POST /v1/requests/r/mandate/revocation", {"cause": "death"}, OK),
        (lambda desk: desk.stop("aaaa-bbbb-cccc"), "POST /v1/freezes", {"stop_code": "aaaa-bbbb-cccc"}, OK),
        (
            lambda desk: desk.attest("r", ["passport"], party="requester"),
            "POST /v1/requests/r/attestation",
            {"party": "requester", "documents_seen": ["passport"]},
            OK,
        ),
        (
            lambda desk: desk.ask_for_code("r", "phone_code", party="requester"),
            "POST /v1/requests/r/verifications",
            {"party": "requester", "method": "phone_code", "purpose": "identity"},
            OK,
        ),
        (
            lambda desk: desk.proof("access", "guardian", age=9, relationship="parent"),
            "GET /v1/policy/proof?right=access&capacity=guardian&age=9&relationship=parent",
            None,
            OK,
        ),
        (lambda desk: desk.proof("access", "self"), "GET /v1/policy/proof?right=access&capacity=self", None, OK),
        (lambda desk: desk.parity(), "GET /v1/policy/parity", None, OK),
        (lambda desk: desk.power_of_attorney(), "GET /v1/forms/power-of-attorney", None, PDF),
        (lambda desk: desk.letter("n", "post it"), "GET /v1/notices/n/letter", None, PDF),
        (
            lambda desk: desk.tell_posting("n", "2026-11-23"),
            "PUT /v1/notices/n/posting",
            {"posted_on": "2026-11-23"},
            OK,
        ),
    ],
)
def test_each_path_is_called_as_the_contract_has_it(
    script: Script, call: Callable[[Desk], Any], what: str, body: Any, answer: Any
) -> None:
    script.answers = [answer]
    _call(script, call)
    [(got, _, sent)] = script.got
    assert (got, json.loads(sent) if sent else None) == (what, body)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda desk: desk.review_paper("e", {"result": "accepted"}, etag='"3"'), "PUT /v1/evidence/e/review"),
        (lambda desk: desk.rule_freeze("r", "void", "까닭", etag='"3"'), "PUT /v1/requests/r/freeze/ruling"),
    ],
)
def test_what_names_a_version_is_not_repeated_when_its_answer_was_lost(
    script: Script, call: Callable[[Desk], Any], what: str
) -> None:
    script.answers = [(502, {}, {})]
    with pytest.raises(ProblemError, match=r"http\.502"):
        _call(script, call)
    [(got, headers, _)] = script.got
    assert (got, headers["If-Match"]) == (what, '"3"')


def test_the_client_has_a_method_for_every_path_of_the_contract() -> None:
    contract = json.loads((ROOT / "openapi" / "openapi.json").read_text("utf-8"))
    source = "".join(Path(str(one.__file__)).read_text("utf-8") for one in (client, casework, answering, transport))
    spoken = {re.sub(r"\{[^}]*\}", "{}", path) for path in re.findall(r'f?"(/[^"\s]*)"', source)}
    missing = {path for path in contract["paths"] if re.sub(r"\{[^}]*\}", "{}", path) not in spoken}
    assert not missing
