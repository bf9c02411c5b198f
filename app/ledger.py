"""The ledger of destruction: an append-only file beside the database, each line chained to the one before and signed.

It is what a restored backup does not have: by it whoever was destroyed is destroyed again. A line says what went, when
and on whose word, and nothing of a person. hash = SHA-256(0x00 ‖ seq as 8 bytes ‖ previous hash ‖ body), body = RFC
8785 JSON; the signature is Ed25519 over the hash, under the key of the audit chain.
"""

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAME: Final = "destruction.jsonl"
GENESIS: Final = hashlib.sha256(b"rights-desk ledger of destruction").digest()
_TAIL_BYTES: Final = 1 << 20
_PURPOSE: Final = b"rights-desk destruction line\x00"
_RECORD: Final = b"rights-desk destruction record\x00"


class LedgerError(Exception):
    """The ledger cannot be believed, or lacks what it should have; says where, and nothing of anybody."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that ended for good, or the record of many."""

    seq: int
    hash: bytes
    body: dict[str, Any]


class Ledger:
    """The file `destruction.jsonl` of one folder."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        self.path = folder / NAME
        self._given = Ed25519PrivateKey.from_private_bytes(key) if key is not None else None

    def append(self, body: Mapping[str, Any], *, least: int = 0) -> Line:
        """Write one line and wait until the disk has it; a last line that says just this is taken instead.

        `least` is the number that the database knows of: a ledger that ends before it has lost lines.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            last = self._last(file)
            if (last.seq if last else 0) < least:
                raise LedgerError(f"the ledger ends before line {least}: put back what LEDGER_DIR has lost")
            line = last if last and _same(last.body, body) else self._add(file, last, dict(body))
            os.fsync(file.fileno())  # also what somebody wrote who died before the disk had it
        _sync_folder(self.path.parent)
        return line

    def lines(self) -> Iterator[Line]:
        """Every line from the first, each checked against the one before and against its signature."""
        if not self.path.exists():
            return
        seq, previous = 0, GENESIS
        with self.path.open("rb") as file:
            for raw in file:
                if not raw.endswith(b"\n"):
                    return  # cut short while it was written: nothing was reported on it
                line, before = self._read(raw, f"line {seq + 1}")
                if (line.seq, before) != (seq + 1, previous):
                    raise LedgerError(f"the ledger breaks at line {seq + 1}")
                seq, previous = line.seq, line.hash
                yield line

    def last(self) -> Line | None:
        """The last line, or None where there is none yet."""
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            return self._last(file)

    def sign(self, record: bytes) -> bytes:
        """Sign a record of a destruction."""
        return self._key.sign(_RECORD + record)

    def public_key(self) -> bytes | None:
        """The 32 bytes by which anybody checks line and record; None where this process has no key."""
        return self._given.public_key().public_bytes_raw() if self._given is not None else None

    @property
    def _key(self) -> Ed25519PrivateKey:
        if self._given is None:
            raise LedgerError("AUDIT_KEY is missing: without it the ledger is neither written nor believed")
        return self._given

    def _add(self, file: BinaryIO, last: Line | None, body: dict[str, Any]) -> Line:
        seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
        line = _line(seq, previous, body)
        file.seek(0, os.SEEK_END)
        file.write(self._written(line, previous))
        file.flush()
        return line

    def _written(self, line: Line, previous: bytes) -> bytes:
        whole: dict[str, Any] = {
            "seq": line.seq,
            "prev": previous.hex(),
            "hash": line.hash.hex(),
            "sig": base64.b64encode(self._key.sign(_PURPOSE + line.hash)).decode(),
            "body": line.body,
        }
        return rfc8785.dumps(whole) + b"\n"

    def _last(self, file: BinaryIO) -> Line | None:
        """The last whole line; one that was cut short is taken away when the file may be written."""
        end = file.seek(0, os.SEEK_END)
        start = max(0, end - _TAIL_BYTES)
        file.seek(start)
        tail = file.read()
        whole = tail[: tail.rfind(b"\n") + 1]
        if start and not whole:
            raise LedgerError("the ledger ends in no line")
        if file.writable():
            file.truncate(start + len(whole))
        if not whole:
            return None
        raw = whole[:-1].rpartition(b"\n")[2] + b"\n"
        return self._read(raw, "its last line")[0]

    def _read(self, raw: bytes, place: str) -> tuple[Line, bytes]:
        """A line that is to the byte what this key writes, and the hash that it names as the one before."""
        try:
            found = json.loads(raw)
            previous = bytes.fromhex(found["prev"])
            line = _line(int(found["seq"]), previous, dict(found["body"]))
            genuine = raw == self._written(line, previous)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            genuine = False
        if not genuine:
            raise LedgerError(f"the ledger breaks at {place}")
        return line, previous


def _line(seq: int, previous: bytes, body: dict[str, Any]) -> Line:
    digest = hashlib.sha256(b"\x00" + seq.to_bytes(8, "big") + previous + rfc8785.dumps(body)).digest()
    return Line(seq, digest, body)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both say that the same thing was destroyed; only the moment may differ, after a death in between."""
    told = ("kind", "what", "id", "destruction")
    return all(one.get(name) == other.get(name) for name in told)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
