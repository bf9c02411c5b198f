"""What is written beside the database so that whoever rules it can still be found out: only ever added to.

`leaves`: the hash of each entry, 32 bytes, one after the other. `checkpoints`: one line of JSON for each signed note.
Several processes may write: each waits for the other, and what stands there already is not written twice.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HASH_BYTES = 32


class LedgerFile:
    """One folder, on a volume of its own where there is one."""

    def __init__(self, folder: Path) -> None:
        self._leaves = folder / "leaves"
        self._notes = folder / "checkpoints"

    def entries(self) -> int:
        """How many hashes stand there whole."""
        return self._leaves.stat().st_size // HASH_BYTES if self._leaves.exists() else 0

    def add(self, after: int, hashes: bytes) -> None:
        """Add the hashes of the entries behind `after`; a write that broke off is completed."""
        with self._adding(self._leaves) as file:
            missing = hashes[max(os.fstat(file).st_size - after * HASH_BYTES, 0) :]
            _write(file, missing)

    def sign(self, notes: list[tuple[int, str]]) -> None:
        """Add signed notes by the size they speak of, in order."""
        with self._adding(self._notes) as file:
            last = _last(self._notes)
            lines = [_line(size, note) for size, note in notes if size > last]
            torn = b"" if self._notes.read_bytes()[-1:] in (b"", b"\n") else b"\n"
            _write(file, torn + "".join(lines).encode() if lines else b"")

    @contextmanager
    def _adding(self, path: Path) -> Iterator[int]:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            os.fsync(file)
        finally:
            os.close(file)


def _line(size: int, note: str) -> str:
    return json.dumps({"size": size, "checkpoint": note}, ensure_ascii=False) + "\n"


def _last(path: Path) -> int:
    """The size of the last note that stands there whole."""
    for line in reversed(path.read_text(encoding="utf-8", errors="replace").splitlines()):
        try:
            return int(json.loads(line)["size"])
        except (ValueError, KeyError, TypeError):
            continue
    return 0


def _write(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]
