"""What a server that died, or is dying, leaves behind: found by its folder, never by a bare process number.

A number in `postmaster.pid` may by now belong to somebody else; PostgreSQL would take it for a running server and
refuse to start. A process counts as the server's only if it is a `postgres` whose working folder is the cluster.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

# A fast shutdown, which it may already be in; then an immediate one; then none of its own choice.
STEPS = ((signal.SIGINT, 2.0), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0))

_STATE_LINE = 7


def clear(cluster: Path) -> None:
    """End what still runs on this cluster and remove the marks of the dead. The caller holds the folder's lock."""
    for number, seconds in STEPS:
        if not _end(cluster, number, seconds):
            break
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    for mark in cluster.with_name("socket").glob(".s.PGSQL.*"):
        mark.unlink(missing_ok=True)


def postmaster(cluster: Path) -> tuple[int | None, str]:
    """The server's process and its state, as it wrote them; (None, "") where there is none."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        return int(lines[0]), lines[_STATE_LINE].strip() if len(lines) > _STATE_LINE else ""
    except (OSError, ValueError, IndexError):
        return None, ""


def alive(pid: int) -> bool:
    """Whether the process is a `postgres` that still runs."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            _, name, rest = file.read().replace(")", "(").split("(", 2)
    except (OSError, ValueError):
        return False
    return name.startswith("postgres") and rest.split()[0] != "Z"


def _end(cluster: Path, number: signal.Signals, seconds: float) -> bool:
    """Signal the processes of the cluster and wait; whether some still run."""
    running = list(_processes(cluster))
    for pid in running:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
    until = time.monotonic() + seconds
    while running and time.monotonic() < until:
        time.sleep(0.02)
        running = list(_processes(cluster))
    return bool(running)


def _processes(cluster: Path) -> Iterator[int]:
    place = cluster.resolve()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and alive(int(entry.name)):
            try:
                if (entry / "cwd").readlink() == place:
                    yield int(entry.name)
            except OSError:
                continue
