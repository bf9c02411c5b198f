"""What was kept of the chain outside the database: checkpoints in a file or mail, hashes one after the other."""

import json
import mmap
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from app.chain import notes
from app.chain.notes import Key, NoteError
from app.chain.trail import Elsewhere

_HASH_BYTES = 32
_NOTE = re.compile(r"^[^\s+]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n\n(?:— [^\s+]+ [A-Za-z0-9+/]+={0,2}\n)+", re.MULTILINE)


def notes_in(text: str) -> Iterator[str]:
    """The signed notes in the ledger's file, or in a mail that was saved."""
    unwrapped = text.replace("\r\n", "\n")
    yield from (found[0] for found in _NOTE.finditer(unwrapped + "\n"))
    for line in unwrapped.split("\n"):
        if line.startswith("{"):
            try:
                yield str(json.loads(line)["checkpoint"])
            except (ValueError, KeyError, RecursionError):
                continue  # The last line of a write that broke off.


def roots(found: Iterable[str], keys: Sequence[Key]) -> dict[int, bytes]:
    """The roots by size that these notes sign; two of one size that differ are a fork."""
    by_size: dict[int, bytes] = {}
    for note in found:
        one = notes.checkpoint(note, keys)
        if by_size.setdefault(one.size, one.root) != one.root:
            raise NoteError(f"two checkpoints of size {one.size} differ")
    return by_size


def reach(path: Path) -> tuple[int, bytes] | None:
    """How many hashes the file `leaves` has whole, and the last of them; None where it has none."""
    try:
        with path.open("rb") as file:
            count = file.seek(0, os.SEEK_END) // _HASH_BYTES
            file.seek(max(count - 1, 0) * _HASH_BYTES)
            return (count, file.read(_HASH_BYTES)) if count else None
    except FileNotFoundError:
        return None


def leaves(path: Path) -> Elsewhere | None:
    """The hash of each entry as the file `leaves` has it."""
    if not path.exists() or path.stat().st_size < _HASH_BYTES:
        return None
    with path.open("rb") as file:
        kept = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def at(seq: int) -> bytes | None:
        until = seq * _HASH_BYTES
        return kept[until - _HASH_BYTES : until] if until <= len(kept) else None

    return at
