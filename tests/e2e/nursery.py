"""Processes of the desk that start in a fraction of the time: forked from one that has everything imported.

`python -m tests.e2e.nursery` reads a line of JSON for each process that is wanted and forks it: a group, an
environment, logs and a crash point of its own, killed and waited for as any other. What it runs is `rights-desk`.
"""

import asyncio
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
REAP_SECONDS = 0.02


class Born:
    """One forked process, with the face of `Process`."""

    def __init__(self, nursery: "Nursery", pid: int, log: Path) -> None:
        self._nursery, self.pid, self.log = nursery, pid, log

    @property
    def returncode(self) -> int | None:
        """How it ended, if it did."""
        return self._nursery.codes.get(self.pid)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the whole group."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def stop(self, *, seconds: float = 60) -> int:
        """Ask it to end, and wait."""
        self.send(signal.SIGTERM)
        return self._wait(seconds)

    async def ended(self, *, seconds: float = 180) -> int:
        """Wait until it ended by itself."""
        return await asyncio.to_thread(self._wait, seconds)

    def kill(self) -> None:
        """End it for good."""
        self.send(signal.SIGKILL)
        self._wait(30)

    def _wait(self, seconds: float) -> int:
        until = time.monotonic() + seconds
        while (code := self.returncode) is None:
            assert time.monotonic() < until, f"it did not end: {self.log.read_text('utf-8', 'replace')[-2000:]}"
            time.sleep(REAP_SECONDS)
        return code


class Nursery:
    """Where processes are forked; everything that is left of them ends with it."""

    def __init__(self, folder: Path) -> None:
        self.codes: dict[int, int] = {}
        self._pids: list[int] = []
        self._born = threading.Condition()
        with (folder / "nursery.log").open("ab") as log:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.nursery"],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def start(self, *command: str, env: dict[str, str], log: Path, deaf: bool = False) -> Born:
        """Fork one that runs `rights-desk` so; `deaf`: nobody reads what it says, as behind a pipe that has closed."""
        assert self._popen.stdin is not None
        with self._born:
            known = len(self._pids)
            wanted = {"command": command, "env": {**os.environ, **env}, "log": str(log), "deaf": deaf}
            self._popen.stdin.write(json.dumps(wanted) + "\n")
            self._popen.stdin.flush()
            assert self._born.wait_for(lambda: len(self._pids) > known, 120), "nothing was born"
            return Born(self, self._pids[-1], log)

    def close(self) -> None:
        """End whatever is left, then the nursery."""
        for pid in set(self._pids) - self.codes.keys():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        assert self._popen.stdin is not None and self._popen.stdout is not None
        self._popen.stdin.close()
        self._popen.wait(30)
        self._listening.join(30)
        self._popen.stdout.close()

    def _listen(self) -> None:
        assert self._popen.stdout is not None
        for line in self._popen.stdout:
            said = json.loads(line)
            with self._born:
                if "born" in said:
                    self._pids.append(said["born"])
                else:
                    self.codes[said["ended"]] = said["code"]
                self._born.notify_all()


def main() -> None:
    """Import everything once, then fork whoever is wanted until nobody wants anything."""
    from app import main as _api  # noqa: F401 - here, so that a test that only talks to it need not
    from app import serving as _serving  # noqa: F401
    from app.cli import app as _cli  # noqa: F401

    gc.collect()
    gc.freeze()
    while True:
        asked, _, _ = select.select([0], [], [], REAP_SECONDS)
        _reap()
        if asked:
            line = sys.stdin.readline()
            if not line:
                return
            wanted = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _live(wanted)
            _say({"born": pid})


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            _say({"ended": found[0], "code": os.waitstatus_to_exitcode(found[1])})


def _say(what: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _live(wanted: dict[str, Any]) -> NoReturn:
    """What the child does: as if it had been started by itself."""
    os.setsid()
    log = Path(wanted["log"])
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    for number, path in ((1, log.with_suffix(".out")), (2, log)):
        os.dup2(_closed() if wanted["deaf"] else os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    os.environ.clear()
    os.environ.update(wanted["env"])
    code = 1
    try:
        # Which point is armed is read when its module is: once more, in the environment of this process.
        importlib.reload(sys.modules["app.crashpoints"])
        from app.cli import app

        app(wanted["command"])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _closed() -> int:
    """The writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


if __name__ == "__main__":
    main()
