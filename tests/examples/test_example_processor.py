"""The processor's door over a real socket, and what it remembers. Its work at the desk is shown end to end."""

import json
import subprocess
import sys
import threading
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.examples.sender import ROOT, SECRET, Sender, Start

TASK = {"task_id": "0193aaaa-0000-7000-8000-000000000001", "action": "hold", "claim_id": "c", "due_at": "2026-11-30"}


def _event(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "timestamp": "2026-11-22T10:00:00+09:00", "data": data}


def _flags(desk: str, store: Path, *more: str) -> list[str]:
    client = ["--api", desk, "--client-id", "c", "--client-secret", "s"]
    return [*client, "--scheme", "v1", "--key", SECRET, "--store", str(store), *more]


def _open(store: Path) -> list[str]:
    return list(json.loads(store.read_text("utf-8"))["open"])


def test_a_challenge_is_answered_with_itself_every_time(start: Start, closed_port: str, tmp_path: Path) -> None:
    sender = Sender(start("processor", *_flags(closed_port, tmp_path / "store.json")))
    for _ in range(2):
        answer = sender.post(_event("endpoint.challenge", {"challenge": "c7f-도전"}), message_id="same")
        assert (answer.status_code, answer.json()) == (200, {"challenge": "c7f-도전"})


def test_a_test_event_is_taken(start: Start, closed_port: str, tmp_path: Path) -> None:
    sender = Sender(start("processor", *_flags(closed_port, tmp_path / "store.json")))
    assert sender.post(_event("endpoint.test", {})).status_code == 204
    assert _open(tmp_path / "store.json") == []


def test_a_task_is_taken_once_however_often_it_is_told(start: Start, closed_port: str, tmp_path: Path) -> None:
    store = tmp_path / "store.json"
    sender = Sender(start("processor", *_flags(closed_port, store)))
    for _ in range(3):
        assert sender.post(_event("task.created", TASK), message_id="d-1").status_code == 204
    assert sender.post(_event("task.created", TASK), message_id="d-2").status_code == 204
    assert _open(store) == [TASK["task_id"]]

    # After a cancellation a late copy of the first event must not bring the task back; nor after a crash.
    assert sender.post(_event("task.cancelled", TASK), message_id="d-3").status_code == 204
    sender = Sender(start("processor", *_flags(closed_port, store), stop_others=True, kill=True))
    assert sender.post(_event("task.created", TASK), message_id="d-1").status_code == 204
    assert _open(store) == []


def test_an_open_task_survives_a_crash(start: Start, closed_port: str, tmp_path: Path) -> None:
    store = tmp_path / "store.json"
    sender = Sender(start("processor", *_flags(closed_port, store)))
    assert sender.post(_event("task.created", TASK)).status_code == 204
    start("processor", *_flags(closed_port, store), stop_others=True, kill=True)
    assert _open(store) == [TASK["task_id"]]
    assert store.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "headers", [{"webhook-signature": "v1,AAAA"}, {"webhook-signature": "nonsense"}, {"webhook-id": "x"}]
)
def test_what_we_cannot_trust_changes_nothing(
    start: Start, closed_port: str, tmp_path: Path, headers: dict[str, str]
) -> None:
    sender = Sender(start("processor", *_flags(closed_port, tmp_path / "store.json")))
    assert sender.post(_event("task.created", TASK), headers=headers).status_code == 401
    assert sender.post(_event("task.created", TASK), at=time.time() - 400).status_code == 401
    assert sender.post(_event("endpoint.challenge", {"challenge": "c"}), headers=headers).status_code == 401
    assert _open(tmp_path / "store.json") == []


def test_a_signed_body_that_makes_no_sense_is_refused(start: Start, closed_port: str, tmp_path: Path) -> None:
    sender = Sender(start("processor", *_flags(closed_port, tmp_path / "store.json")))
    nonsense: list[Any] = [[], {}, "x", _event("task.created", {}), _event("endpoint.challenge", {})]
    for body in nonsense:
        assert sender.post(body).status_code == 400
    assert sender.post({"x": "y" * 70_000}).status_code == 413


def test_it_can_be_told_to_fail_first(start: Start, closed_port: str, tmp_path: Path) -> None:
    sender = Sender(start("processor", *_flags(closed_port, tmp_path / "store.json", "--fail-first", "2")))
    assert sender.post(_event("endpoint.challenge", {"challenge": "c"})).status_code == 200
    got = [sender.post(_event("task.created", TASK), message_id="d-1").status_code for _ in range(3)]
    assert got == [503, 503, 204]


def test_a_key_that_comes_after_the_challenge_is_waited_for(start: Start, closed_port: str, tmp_path: Path) -> None:
    """With v1a, as a registration would do it: started, registered, challenged at once, configured a moment later."""
    private = Ed25519PrivateKey.generate()
    public = "whpk_" + b64encode(private.public_key().public_bytes_raw()).decode()
    file = tmp_path / "registration.json"
    config = {"api": closed_port, "client_id": "c", "client_secret": "s", "scheme": "v1a", "keys": [public]}
    sender = Sender(start("processor", "--config", str(file)), private=private)

    threading.Timer(0.5, lambda: file.write_text(json.dumps(config))).start()
    answer = sender.post(_event("endpoint.challenge", {"challenge": "c"}))
    assert (answer.status_code, answer.json()) == (200, {"challenge": "c"})
    assert Sender(sender.url).post(_event("endpoint.challenge", {"challenge": "c"})).status_code == 401

    # A rotation: the file changes, both keys count, nothing is restarted.
    other = Ed25519PrivateKey.generate()
    keys = [public, "whpk_" + b64encode(other.public_key().public_bytes_raw()).decode()]
    file.write_text(json.dumps(config | {"keys": keys}))
    for key in (private, other):
        assert Sender(sender.url, private=key).post(_event("endpoint.test", {})).status_code == 204


def test_without_a_key_it_asks_to_come_again(start: Start, tmp_path: Path) -> None:
    sender = Sender(start("processor", "--config", str(tmp_path / "never.json")))
    answer = sender.post(_event("endpoint.challenge", {"challenge": "c"}))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ([], "--config"),
        (["--api", "http://127.0.0.1:1"], "missing: client_id"),
        (["--api", "x", "--client-id", "c", "--client-secret", "s", "--scheme", "v1a", "--key", SECRET], "scheme v1a"),
    ],
)
def test_wrong_flags_are_named(flags: list[str], said: str) -> None:
    command = [sys.executable, "-m", "examples.processor", *flags]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert said in ended.stderr
