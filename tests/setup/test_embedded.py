"""The embedded PostgreSQL: made once, private, and back with everything after any death."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app import embedded
from app.embedded import leftovers
from app.settings import ROOT

# A service in small: starts the server, writes a row, says so, and waits to be killed.
SERVICE = """
import sys, time
from pathlib import Path
import psycopg
from app import embedded

running = embedded.start(Path(sys.argv[1]))
with psycopg.connect(running.url.replace("+psycopg", "")) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS fact (written bigint)")
    connection.execute("INSERT INTO fact VALUES (1)")
    count = connection.execute("SELECT count(*) FROM fact").fetchone()[0]
print("ready", count, running.pid, flush=True)
time.sleep(120)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path, that the socket fits into, with a space and Korean letters in it."""
    made = Path(tempfile.mkdtemp(prefix="desk "))
    yield made / "자료 폴더"
    for service in list(Service.running):
        service.kill()
    for mark in made.rglob("cluster"):
        leftovers.clear(mark)  # a server may still be dying
    elsewhere = made / "자료 폴더" / "postgres" / "elsewhere"
    if elsewhere.exists():
        far = Path(elsewhere.read_text(encoding="utf-8").strip())
        leftovers.clear(far / "cluster")
        shutil.rmtree(far)
    shutil.rmtree(made)


class Service:
    """The small service as a process group of its own."""

    running: "list[Service]" = []

    def __init__(self, folder: Path, *before: str, **environment: str) -> None:
        started = time.monotonic()
        self.process = subprocess.Popen(
            [*before, sys.executable, "-c", SERVICE, str(folder)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.running.append(self)
        assert self.process.stdout is not None
        words = self.process.stdout.readline().split()
        if words[:1] != ["ready"]:
            self.kill()
            raise AssertionError("the service did not start")
        self.seconds = time.monotonic() - started
        self.rows, self.server = int(words[1]), int(words[2])

    def kill(self) -> None:
        self.running.remove(self)
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def ask(url: str, question: str) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def gone(pid: int, seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while leftovers.alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not leftovers.alive(pid)


def test_it_starts_stops_and_keeps_what_was_written(folder: Path) -> None:
    with embedded.start(folder) as running:
        assert running.url.startswith("postgresql+psycopg://")
        assert leftovers.alive(running.pid)
        assert embedded.running_url(folder) == running.url
        with psycopg.connect(running.url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT '홍길동'::text AS word")
    assert gone(running.pid)
    assert embedded.running_url(folder) is None
    running.stop()
    with embedded.start(folder) as running:
        assert ask(running.url, "SELECT word FROM kept") == "홍길동"


def test_it_is_private_durable_and_knows_unicode(folder: Path) -> None:
    with embedded.start(folder) as running:
        assert ask(running.url, "SHOW listen_addresses") == ""
        assert ask(running.url, "SHOW fsync") == "on"
        assert ask(running.url, "SHOW synchronous_commit") == "on"
        assert ask(running.url, "SHOW max_connections") == "200"
        assert ask(running.url, "SHOW timezone") == "UTC"
        assert ask(running.url, "SELECT upper('é')") == "É"
        assert ask(running.url, "SELECT datlocale FROM pg_database WHERE datname = 'postgres'") == "C.UTF-8"
    home = folder / "postgres"
    assert [path.name for path in (home, *home.iterdir()) if path.stat().st_mode & 0o077] == []


def test_its_log_holds_nothing_of_a_statement(folder: Path) -> None:
    with embedded.start(folder) as running, psycopg.connect(running.url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('canary-7731')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES (%s)", ["canary-7731"])
    log = (folder / "postgres" / "server.log").read_text(encoding="utf-8")
    assert "duplicate key" in log
    assert "canary" not in log


def test_a_second_process_is_refused_in_words(folder: Path) -> None:
    service = Service(folder)
    with pytest.raises(embedded.EmbeddedError, match=f"in use by another process .process {service.process.pid}"):
        embedded.start(folder)
    url = embedded.running_url(folder)
    assert url is not None
    assert ask(url, "SELECT count(*) FROM fact") == 1


def test_it_is_started_by_the_main_thread_only(folder: Path) -> None:
    told: list[str] = []

    def elsewhere() -> None:
        with pytest.raises(embedded.EmbeddedError) as refused:
            embedded.start(folder)
        told.append(str(refused.value))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert "main thread" in told[0]
    assert not folder.exists()


@pytest.mark.slow
def test_it_dies_with_a_killed_service_and_is_back_sooner_than_it_was_made(folder: Path) -> None:
    took: list[float] = []
    for round_ in range(1, 4):
        service = Service(folder)
        assert service.rows == round_
        took.append(service.seconds)
        service.kill()
    assert min(took[1:]) < took[0], took
    assert gone(service.server)
    assert embedded.running_url(folder) is None


@pytest.mark.slow
def test_a_killed_server_whose_backends_live_on_is_no_hindrance(folder: Path) -> None:
    service = Service(folder)
    everybody = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    # Stopped, they cannot notice that their server has died; some come and go by themselves.
    backends = [pid for pid in everybody if _parent(pid) == service.server and _stopped(pid)]
    assert backends
    os.kill(service.server, signal.SIGKILL)
    service.kill()
    assert (folder / "postgres" / "cluster" / "postmaster.pid").exists()
    again = Service(folder)
    assert again.rows == 2
    again.kill()
    assert all(gone(pid) for pid in backends)


@pytest.mark.slow
def test_a_number_that_now_belongs_to_somebody_else_is_no_hindrance_and_he_is_not_harmed(folder: Path) -> None:
    with embedded.start(folder) as running:
        pid_file = (folder / "postgres" / "cluster" / "postmaster.pid").read_text(encoding="utf-8")
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        stale = pid_file.replace(str(running.pid), str(bystander.pid), 1)
        (folder / "postgres" / "cluster" / "postmaster.pid").write_text(stale, encoding="utf-8")
        (folder / "postgres" / "socket" / ".s.PGSQL.5432.lock").write_text(stale, encoding="utf-8")
        assert embedded.running_url(folder) is None
        with embedded.start(folder) as running:
            assert ask(running.url, "SELECT 1") == 1
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.slow
def test_a_first_start_that_was_cut_short_begins_anew(folder: Path) -> None:
    half = folder / "postgres" / "unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="utf-8")
    with embedded.start(folder) as running:
        assert ask(running.url, "SELECT 1") == 1
    assert not half.exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["한" * 40, "a,b"], ids=["long", "comma"])
def test_where_no_socket_fits_it_listens_on_loopback_behind_a_password(folder: Path, name: str) -> None:
    with embedded.start(folder / name) as running:
        assert "@127.0.0.1:" in running.url
        assert ask(running.url, "SHOW listen_addresses") == "127.0.0.1"
        assert ask(running.url, "SHOW unix_socket_directories") == ""
        address = running.url.rpartition("@")[2]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"postgresql://rights_desk:wrong@{address}")
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(f"postgresql://rights_desk@{address}", passfile=os.devnull)


@pytest.mark.slow
def test_an_ordinary_user_has_it_too(folder: Path) -> None:
    folder.mkdir()
    for path in (folder, folder.parent):  # so that the ordinary user can
        path.chmod(0o777)
    first = Service(folder, *_ordinary_user())
    first.kill()
    again = Service(folder, *_ordinary_user())
    again.kill()
    assert (first.rows, again.rows) == (1, 2)
    assert not (folder / "postgres" / "elsewhere").exists()


@pytest.mark.slow
def test_root_without_user_namespaces_keeps_it_under_var_tmp(folder: Path, tmp_path: Path) -> None:
    refusing = tmp_path / "unshare"
    refusing.write_text(
        "#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2\nexit 1\n", encoding="utf-8"
    )
    refusing.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    first = Service(folder, PATH=path)
    first.kill()
    again = Service(folder, PATH=path)
    owner = Path(f"/proc/{again.server}").stat().st_uid
    again.kill()
    assert (first.rows, again.rows) == (1, 2)
    assert owner != 0
    assert (folder / "postgres" / "elsewhere").exists() == (os.geteuid() == 0)


def _stopped(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGSTOP)
    except ProcessLookupError:
        return False
    return True


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return None


def _ordinary_user() -> tuple[str, ...]:
    """Nobody where he can run this Python; else a user namespace in which we are no longer root."""
    if os.geteuid() != 0:
        return ()
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "-u", "HOME")
    reach = [*nobody, sys.executable, "-c", "import app.embedded.runner as r; r._binaries()"]
    if subprocess.run(reach, cwd=ROOT, capture_output=True, check=False).returncode == 0:
        return nobody
    return ("unshare", "--user", "--map-user=65534", "--map-group=65534")
