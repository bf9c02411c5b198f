"""`make run`: ready with its examples, through a SIGKILL, a SIGTERM, beside another one, in a path with spaces."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import embedded
from app.settings import Settings
from tests.invariants import look

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 90.0  # the first start makes a database, on a machine that may be busy
ROUNDS = 4  # a busy machine may spoil one
OURS = ("DATABASE_URL", "DATABASE_DIRECT_URL", "PORT", "DATA_DIR", "EXAMPLES", "REGISTER_URL", "SMTP_URL", "SMS_URL")
HOLDERS = 6
pytestmark = pytest.mark.slow


class Instance:
    """`rights-desk serve` with its examples, as the leader of a process group of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.tokens: dict[str, str] = {}
        self.process: subprocess.Popen[str] | None = None
        self.group = 0

    def start(self) -> float:
        """Start it and return after how many seconds it said that it is ready."""
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        env |= {"PORT": str(self.port), "DATA_DIR": str(self.data_dir), "EXAMPLES": "1", "PYTHONUNBUFFERED": "1"}
        began = time.monotonic()
        with (self.data_dir.parent / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.group = self.process.pid
        assert self.process.stdout is not None
        took, role = None, ""
        for line in self.process.stdout:
            if line.startswith("ready "):
                took = time.monotonic() - began
            role = line[2:].strip() if line.startswith("# ") else role
            bearer = re.search(r"Bearer ([^']+)'", line)
            if bearer:
                self.tokens[role] = bearer[1]
            if bearer and role == "system":
                break
        assert took is not None, (self.data_dir.parent / "serve.log").read_text("utf-8")[-3000:]
        return took

    def call(self, role: str, method: str, path: str, body: Any = None) -> Any:
        """Call it as one of the roles whose curl lines it printed."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}", "Idempotency-Key": f"{method} {path}"}
        with httpx.Client(trust_env=False, timeout=20) as http:
            got = http.request(method, self.url + path, headers=headers, json=body)
        assert got.is_success, got.text
        return got.json()

    def members(self) -> set[int]:
        """Return every process that belongs to it: its group, and whoever works in its folder."""
        found = set()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    state = entry.joinpath("stat").read_text().rpartition(")")[2].split()
                    asked = entry.joinpath("cmdline").read_bytes()
                    at_home = os.fsencode(self.data_dir) in asked
                    if state[0] != "Z" and (int(state[2]) == self.group or at_home):
                        found.add(int(entry.name))
        return found

    def kill(self) -> None:
        """SIGKILL, the whole group at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)
        self.ended()

    def end(self) -> int:
        """SIGTERM to the one process that was started; return its exit code."""
        os.kill(self.group, signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Return its exit code once it is gone."""
        assert self.process is not None and self.process.stdout is not None
        code = self.process.wait(30)
        self.process.stdout.close()
        return code


def holders(one: Instance) -> list[Any]:
    """Return its registered holders once every endpoint has proved itself."""
    deadline = time.monotonic() + 20
    while True:
        found: list[Any] = one.call("admin", "GET", "/v1/systems")["items"]
        if all(system["state"] == "active" for system in found):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def gone(one: Instance) -> bool:
    """Tell whether nothing of it is left, within a moment."""
    deadline = time.monotonic() + 5
    while one.members() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not one.members()


def file(one: Instance) -> Any:
    """File a request at its website's door."""
    claim = {"right": "access", "aspects": ["items"], "categories": ["online_mall"]}
    subject = {"name": "홍길동", "phone": "010-1234-5678"}
    body = {"capacity": "self", "channel": "web", "subject": subject, "claims": [claim], "notify_by": "sms"}
    return one.call("website", "POST", "/v1/requests", body)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Callable[[str], Instance]]:
    """Give instances, each in a folder of its own name; whatever is left of them ends with the test."""
    made: list[Instance] = []

    def give(name: str) -> Instance:
        folder = tmp_path / name
        folder.mkdir()
        made.append(Instance(folder / "data"))
        return made[-1]

    yield give
    for one in made:
        if one.process is not None:
            one.kill()


def test_killed_it_comes_back_sooner_than_it_first_came_with_nothing_lost(instance: Callable[[str], Instance]) -> None:
    one = instance("a")
    first = one.start()
    assert first < READY_SECONDS
    before = holders(one)
    assert len(before) == HOLDERS
    filed, names = file(one), ("id", "endpoint_url", "state")
    took: list[float] = []
    while not took or (min(took) >= first and len(took) < ROUNDS):
        one.kill()
        assert gone(one), one.members()
        took.append(one.start())
        found = one.call("officer", "POST", "/v1/request-searches", {"receipt_no": filed["receipt_no"]})
        assert [each["id"] for each in found["items"]] == [filed["id"]]
        assert [[each[n] for n in names] for each in holders(one)] == [[each[n] for n in names] for each in before]
    assert min(took) < first, (first, took)
    url = embedded.running_url(one.data_dir)
    assert url is not None and look(Settings.load({"DATA_DIR": str(one.data_dir)}), url, at_rest=False) == []

    assert one.end() == 0
    assert gone(one), one.members()


def test_two_live_side_by_side_and_spaces_do_no_harm(instance: Callable[[str], Instance]) -> None:
    first, second = instance("one"), instance("a path with spaces")
    first.start()
    second.start()
    filed = file(second)
    found = first.call("officer", "POST", "/v1/request-searches", {"receipt_no": filed["receipt_no"]})
    assert found["items"] == []
    theirs = {system["endpoint_url"] for system in holders(first)} - {None}
    assert theirs.isdisjoint({system["endpoint_url"] for system in holders(second)})
    with httpx.Client(trust_env=False) as http:
        stranger = {"Authorization": f"Bearer {first.tokens['officer']}"}
        assert http.get(f"{second.url}/v1/claims", headers=stranger).status_code == 401
    assert first.end() == 0
    assert gone(first), first.members()
    assert second.call("admin", "GET", "/v1/systems")["items"]
    assert second.end() == 0
    assert gone(second), second.members()


def test_a_holder_whose_port_was_taken_moves(instance: Callable[[str], Instance]) -> None:
    one = instance("moved")
    one.start()
    before = {system["name"]: system["endpoint_url"] for system in holders(one)}
    assert one.end() == 0
    remembered = json.loads((one.data_dir / "examples" / "household.json").read_text("utf-8"))
    with socket.create_server(("127.0.0.1", remembered["mall"]["port"])):
        one.start()
        after = {system["name"]: system["endpoint_url"] for system in holders(one)}
    moved = {name for name, url in after.items() if url != before[name]}
    assert moved == {"온라인 몰"}
    assert one.end() == 0
