"""The two servers as processes of their own over a PostgreSQL of their own, in a folder that goes with them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app import embedded, migrations
from app.settings import ROOT, Settings

START_SECONDS = 30.0
TICK = os.sysconf("SC_CLK_TCK")
SECRETS = ("master_keys", "lookup_key", "token_key", "audit_key")
# What a terminal has set for another instance must not reach this one.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens, and whose CPU time is read."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time of the process so far, all its threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory_mb(self) -> float:
        """Resident memory now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs."""

    yardstick: Server
    desk: Server
    settings: Settings
    database_log: Path
    seconds_to_ready: float


@contextmanager
def opened() -> Iterator[Stage]:
    """Start all of it, and end all of it."""
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    try:
        with embedded.start(folder) as cluster, (folder / "servers.log").open("wb") as log:
            env = _production(folder, cluster.url)
            settings = Settings.load(env)
            migrations.upgrade(cluster.url)
            port = _free_port()
            with _process([sys.executable, "-m", "bench.yardstick", str(port)], {}, log) as yardstick:
                _wait(f"http://127.0.0.1:{port}/openapi.json", yardstick, Path(log.name))
                with _process([sys.executable, "-m", "app.cli", "serve"], env, log) as desk:
                    ready = _wait(f"http://127.0.0.1:{settings.port}/readyz", desk, Path(log.name))
                    yield Stage(
                        Server(port, yardstick.pid),
                        Server(settings.port, desk.pid),
                        settings,
                        folder / "postgres" / "server.log",
                        ready,
                    )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _production(folder: Path, database_url: str) -> dict[str, str]:
    """The settings of a real deployment, with secrets made for this run; nothing is sent, for no worker runs."""
    Settings.load({"DATA_DIR": str(folder)})
    (ledger := folder / "ledger").mkdir(exist_ok=True)
    port = _free_port()
    return {
        "ENV": "production",
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WORKER": "none",
        "EXAMPLES": "0",
        "LEDGER_DIR": str(ledger),
        "CLAMD": "127.0.0.1:1",
        "SMTP_URL": "smtp://127.0.0.1:1",
        "MAIL_FROM": "desk@example.com",
        "SMS_URL": "http://127.0.0.1:1",
        "SMS_TOKEN": "not-used",
        **{f"{name.upper()}_FILE": str(folder / "secrets" / name) for name in SECRETS},
    }


@contextmanager
def _process(command: list[str], env: dict[str, str], log: BinaryIO) -> Iterator["subprocess.Popen[bytes]"]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    child = subprocess.Popen(
        ["setpriv", "--pdeathsig=TERM", *command],  # ends with us, whatever ends us
        cwd=ROOT,
        env=kept | env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log,
    )
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait(url: str, child: "subprocess.Popen[bytes]", log: Path) -> float:
    began = time.monotonic()
    while time.monotonic() < began + START_SECONDS:
        if child.poll() is not None:
            raise SystemExit(f"a server ended at its start:\n{log.read_text(errors='replace')[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return time.monotonic() - began
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise SystemExit("a server did not become ready")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
