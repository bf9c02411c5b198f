"""A mail server's report of a mail of ours: read from strangers' bytes, taken by the pipe, kept by nobody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import bounces, outbox
from tests.api.acts import one
from tests.api.carriers import report
from tests.house import ONLINE_MALL, STRANGER, House

ROOT = Path(__file__).resolve().parents[2]
REF = "abcdefghijklmnop" * 2
OURS = f"<{REF}@rights.example.com>"


@pytest.mark.parametrize("headers_only", [True, False])
@pytest.mark.parametrize(
    ("action", "status", "result"),
    [("failed", "5.1.1", "returned"), ("FAILED", "4.4.7 (too long)", "returned"), ("delivered", "2.0.0", "delivered")],
)
def test_what_a_report_says(headers_only: bool, action: str, status: str, result: str) -> None:
    """By the mail sent back, whole or its headers alone."""
    found = bounces.read(report(OURS, action=action, status=status, headers_only=headers_only))
    assert found is not None and (found.ref, found.result, found.status) == (REF, result, status[:5])


@pytest.mark.parametrize("action", ["delayed", "relayed", "expanded", "", "gone"])
def test_what_is_no_end_is_no_news(action: str) -> None:
    """A delay is the server's to mend."""
    assert bounces.read(report(OURS, action=action)) is None


@pytest.mark.parametrize("name", ["<other@example.com>", "somebody@example.com", f"<{REF}>", f"<{REF}@a b>", ""])
def test_a_mail_of_others_is_none_of_ours(name: str) -> None:
    """No address is looked at, and no other name."""
    assert bounces.read(report(name)) is None


def test_a_report_that_answers_ours() -> None:
    """Some servers send nothing of the mail back, and name it as what they answer."""
    bare = report("<x@example.com>").replace(b"MIME-Version", f"In-Reply-To: {OURS}\r\nMIME-Version".encode())
    found = bounces.read(bare)
    assert found is not None and found.ref == REF


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: out of office\r\n\r\nI am away.",
        b"Content-Type: multipart/report\r\n\r\nno edge",
        report(OURS).replace(b"multipart/report", b"multipart/mixed"),
        report(OURS)[:400],
        report(OURS) + b"x" * bounces.BYTES_MAX,
        b"Content-Type: multipart/report; boundary=a\r\n\r\n"
        + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 5_000,
    ],
)
def test_anything_else_is_let_go(raw: bytes) -> None:
    """An answer of absence, a piece, a heap: nothing happens."""
    assert bounces.read(raw) is None


@given(st.binary(max_size=400), st.integers(0, 700))
def test_strangers_bytes_break_nothing(junk: bytes, at: int) -> None:
    """Whatever stands in it."""
    whole = report(OURS)
    found = bounces.read(whole[:at] + junk + whole[at:])
    assert found is None or found.ref == REF
    assert bounces.read(junk) is None


def test_a_name_goes_there_and_back() -> None:
    """Letters only: no run of digits; and nothing else is one."""
    for message_id in (outbox.referred(REF), outbox.referred("p" * 32)):
        assert message_id is not None and outbox.ref_of(message_id).isalpha()
    assert outbox.referred(REF) is not None and outbox.ref_of(outbox.referred(REF)) == REF  # type: ignore[arg-type]
    assert outbox.referred("") is None and outbox.referred("A" * 32) is None


def pipe(environment: dict[str, str], raw: bytes) -> subprocess.CompletedProcess[bytes]:
    """What the mail server does."""
    command = [sys.executable, "-m", "app.cli", "bounce"]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=env, input=raw, capture_output=True, check=False)


@pytest.mark.slow
async def test_the_pipe_takes_a_bounce(environment: dict[str, str], house: House) -> None:
    """Twice told, once counted; what is none of ours ends well and in silence."""
    filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="email")
    await house.prove(filed)
    message_id = next(mail["message_id"] for mail in house.sent("mail") if filed["receipt_no"] in mail["text"])
    for raw in (report(message_id), report(message_id), report(OURS), b"Subject: hello\r\n\r\n"):
        done = pipe(environment, raw)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    await house.workshop.run()
    assert await one(house.desk, "SELECT count(*) FROM message WHERE instead_of IS NOT NULL") == 1
    assert filed["receipt_no"] in house.sent("sms")[-1]["text"]


@pytest.mark.slow
def test_the_server_comes_again_while_nothing_runs(tmp_path: Path) -> None:
    """Exit 75: the mail server keeps the report."""
    for url in ({}, {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}):
        done = pipe({"DATA_DIR": str(tmp_path), **url}, report(OURS))
        assert done.returncode == 75 and b"Traceback" not in done.stderr and REF.encode() not in done.stderr
