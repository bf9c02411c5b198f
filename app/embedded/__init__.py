"""A PostgreSQL of one's own for development and tests, under DATA_DIR/postgres, with nothing to set up.

The server binaries come from a wheel (the extra `embedded`); this launches them: a cluster made once, a socket in a
private folder, full durability. The server dies with the process that started it, and starts again after any death.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from app.embedded.leftovers import alive, clear, postmaster
from app.embedded.lock import FolderInUseError, FolderLock
from app.embedded.runner import ENVIRONMENT, EmbeddedError, Runner, write_private

__all__ = ["Cluster", "EmbeddedError", "running_url", "start"]

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0
ATTEMPTS: Final = 3
SOCKET_BYTES: Final = 107
ROLE: Final = "rights_desk"
PORT_OF_SOCKET: Final = 5432


@dataclass(slots=True)
class Cluster:
    """A running server. It ends with `stop`, or with the process that started it."""

    url: str
    pid: int
    _server: "subprocess.Popen[bytes]"
    _lock: FolderLock
    _url_file: Path

    def stop(self) -> None:
        """Shut down: running transactions are rolled back, nothing committed is lost. A second call does nothing."""
        self._url_file.unlink(missing_ok=True)
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, none too gentle
            if self._server.poll() is not None:
                break
            self._server.send_signal(number)
            try:
                self._server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        self._lock.release()

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(data_dir: Path) -> Cluster:
    """Start the server of this DATA_DIR, making its cluster at the first time, and wait until it answers.

    Only the main thread may: the kernel ends the server when the very thread that started it ends.
    """
    _check_here()
    home = data_dir.absolute() / "postgres"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        lock = FolderLock(home / "lock")
    except FolderInUseError as error:
        raise EmbeddedError(
            f"{data_dir} is in use by another process ({error}): stop it, or choose another DATA_DIR"
        ) from None
    try:
        return _launch(home, lock)
    except BaseException:
        lock.release()
        raise


def running_url(data_dir: Path) -> str | None:
    """The URL of the server that some process runs for this DATA_DIR, or None."""
    home = data_dir.absolute() / "postgres"
    try:
        url = (home / "url").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    pid, state = postmaster(_cluster_folder(home))
    return url if pid is not None and state == "ready" and alive(pid) else None


def _check_here() -> None:
    if threading.current_thread() is not threading.main_thread():
        raise EmbeddedError("the embedded PostgreSQL must be started from the main thread")
    missing = [program for program in ("setpriv", "unshare") if shutil.which(program, path=ENVIRONMENT["PATH"]) is None]
    if sys.platform != "linux" or missing:
        raise EmbeddedError("the embedded PostgreSQL needs Linux with util-linux: set DATABASE_URL instead")


def _launch(home: Path, lock: FolderLock) -> Cluster:
    (home / "url").unlink(missing_ok=True)
    runner = Runner.of(home)
    password = _password(home)
    cluster = _cluster_folder(home)
    clear(cluster)
    if not (cluster / "PG_VERSION").exists():
        _make(runner, home, cluster)
    for attempt in range(1, ATTEMPTS + 1):
        address, url = _address(home, runner, password)
        server = runner.serve(cluster, address, home / "server.log")
        if _ready(server, cluster):
            write_private(home / "url", url)
            return Cluster(url, server.pid, server, lock, home / "url")
        clear(cluster)
        if attempt < ATTEMPTS:
            time.sleep(0.2)
    raise EmbeddedError(f"PostgreSQL does not start: {_last_words(home / 'server.log')}")


def _make(runner: Runner, home: Path, cluster: Path) -> None:
    """Make the cluster beside its place and move it there whole: one that was cut short is never taken for one."""
    unfinished = cluster.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    words = unfinished.with_name("words")
    write_private(words, _password(home))
    if runner.owner is not None:
        os.chown(words, runner.owner, -1)
    runner.run(
        "initdb",
        f"--pgdata={unfinished}",
        f"--username={ROLE}",
        f"--pwfile={words}",
        "--auth-local=trust",  # the socket lies in a folder that only its owner can enter
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--sync-method=syncfs",
    )
    words.unlink()
    unfinished.rename(cluster)


def _address(home: Path, runner: Runner, password: str) -> tuple[dict[str, str], str]:
    """Where the server listens, as options and as URL: a private socket, or loopback where its path is too long."""
    folder = _cluster_folder(home).with_name("socket")
    longest = os.fsencode(folder / f".s.PGSQL.{PORT_OF_SOCKET}.lock")
    base = f"postgresql+psycopg://{ROLE}"
    if len(longest) <= SOCKET_BYTES and b"," not in longest:  # a comma parts hosts in a URL
        folder.mkdir(mode=0o700, exist_ok=True)
        if runner.owner is not None:
            os.chown(folder, runner.owner, -1)
        quoted = str(folder).replace('"', '""')
        options = {"listen_addresses": "", "unix_socket_directories": f'"{quoted}"', "port": str(PORT_OF_SOCKET)}
        return options, f"{base}@/postgres?host={quote(str(folder))}&port={PORT_OF_SOCKET}"
    port = str(_free_port())
    options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": port}
    return options, f"{base}:{password}@127.0.0.1:{port}/postgres"


def _ready(server: "subprocess.Popen[bytes]", cluster: Path) -> bool:
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        if postmaster(cluster) == (server.pid, "ready"):
            return True
        time.sleep(0.01)
    if server.poll() is None:
        server.kill()
        server.wait()
    return False


def _cluster_folder(home: Path) -> Path:
    try:
        return Path((home / "elsewhere").read_text(encoding="utf-8").strip()) / "cluster"
    except FileNotFoundError:
        return home / "cluster"


def _password(home: Path) -> str:
    path = home / "password"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8").strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    told = [line for line in lines if "FATAL" in line or "PANIC" in line or "HINT" in line] or lines
    return " / ".join(told[-3:])[-600:] or "no word in its log"
