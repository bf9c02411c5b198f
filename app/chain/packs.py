"""The evidence pack of one request (G5): files, a list of their hashes, and the entries that vouch for them.

    case.json, cover.pdf, notices/...   what happened, what was decided and told
    manifest.json                       {"files": {name: SHA-256}} of all of these
    audit.json                          the entries of the request, each with its path to the root of a checkpoint;
                                        the last one, `case.export`, states the hash of manifest.json

Files lie in the archive as they are, unpacked, so that a page without any library can read it too.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785

from app.chain import merkle, notes
from app.chain.links import link
from app.chain.notes import Checkpoint, Key, NoteError

FORMAT = "rights-desk.evidence/1"
MANIFEST, AUDIT = "manifest.json", "audit.json"
SEALS, TELLS = "case.export", "notice.write"


class PackError(ValueError):
    """A pack that does not hold; says which part of it."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An entry as it stands in a pack."""

    seq: int
    previous: bytes
    hash: bytes
    body: bytes
    path: list[bytes]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a pack that holds comes to."""

    receipt_no: str
    files: int
    entries: int
    first_at: str
    sealed_at: str
    size: int
    anchors: frozenset[tuple[int, bytes]]
    """Number and hash of each entry: what may stand on a paper that somebody keeps."""


def digest(content: bytes) -> str:
    """How a file is named by its hash."""
    return hashlib.sha256(content).hexdigest()


def manifest(files: Mapping[str, bytes]) -> bytes:
    """The hashes of all files; its own hash goes into the chain."""
    return rfc8785.dumps({"files": {name: digest(content) for name, content in files.items()}})


def audit(receipt_no: str, request: str, entries: Sequence[Packed], note: str, key: str) -> bytes:
    """The entries with their proofs; the key is named for whoever has it already."""
    told = {
        "format": FORMAT,
        "receipt_no": receipt_no,
        "request": request,
        "key": key,
        "checkpoint": note,
        "entries": [
            {
                "seq": one.seq,
                "prev": one.previous.hex(),
                "hash": one.hash.hex(),
                "body": one.body.decode(),
                "path": [step.hex() for step in one.path],
            }
            for one in entries
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def archive(files: Mapping[str, bytes]) -> bytes:
    """One file of them all, as they are and without a date: the same files give the same bytes."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        for name in sorted(files):
            packed.writestr(zipfile.ZipInfo(name), files[name])
    return memory.getvalue()


def check(raw: bytes, keys: Sequence[Key]) -> Checked:
    """See that every file is the one that was packed, and that every entry stands in the signed chain."""
    files = _unpacked(raw)
    try:
        return _checked(files, _json(files, AUDIT), _json(files, MANIFEST), keys)
    except NoteError as error:
        raise PackError(f"the checkpoint does not hold: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise PackError("what an entry says is not complete") from error


def _checked(files: Mapping[str, bytes], told: Any, listed: Any, keys: Sequence[Key]) -> Checked:
    found = {name: digest(content) for name, content in files.items() if name not in (AUDIT, MANIFEST)}
    for name in sorted(found.keys() | listed["files"].keys()):
        if found.get(name) != listed["files"].get(name):
            raise PackError(f"{name} is not the file that was packed")
    signed = notes.checkpoint(str(told["checkpoint"]), keys)
    entries = [_entry(one, signed, str(told["request"])) for one in told["entries"]]
    _check_order(entries)
    _check_seal(entries, digest(files[MANIFEST]), told["receipt_no"])
    _check_notices(entries, found)
    first, last = entries[0][1], entries[-1][1]
    anchors = frozenset((one["seq"], bytes.fromhex(one["hash"])) for one in told["entries"])
    return Checked(told["receipt_no"], len(found), len(entries), first["at"], last["at"], signed.size, anchors)


def _unpacked(raw: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            names = packed.namelist()
            files = {name: packed.read(name) for name in names}
    except Exception:  # noqa: BLE001 - one answer for every cause: other packings and locks fail in their own ways
        raise PackError("the archive is broken") from None
    if len(files) != len(names):
        raise PackError("a file stands there twice")
    return files


def _json(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        found = json.loads(files[name])
    except (KeyError, ValueError, RecursionError):
        raise PackError(f"{name} is missing or broken") from None
    if not isinstance(found, dict):
        raise PackError(f"{name} is broken")
    return found


Entry = tuple[int, dict[str, Any]]


def _entry(one: Mapping[str, Any], signed: Checkpoint, request: str) -> Entry:
    """An entry that was seen to stand in the chain and to be of this request."""
    seq = one["seq"]
    if type(seq) is not int or not 0 < seq < 2**63:
        raise PackError("an entry has no number")
    try:
        previous, hash_, body = bytes.fromhex(one["prev"]), bytes.fromhex(one["hash"]), one["body"].encode()
        path, said = [bytes.fromhex(step) for step in one["path"]], json.loads(body)
    except (ValueError, RecursionError):
        raise PackError(f"entry {seq} is broken") from None
    if hash_ != link(seq, previous, body):
        raise PackError(f"entry {seq} is not what its hash says")
    if not merkle.includes(hash_, seq - 1, signed.size, path, signed.root):
        raise PackError(f"entry {seq} does not stand in the signed chain")
    if said["request"] != request:
        raise PackError(f"entry {seq} is of another request")
    return seq, said


def _check_order(entries: Sequence[Entry]) -> None:
    numbers = [seq for seq, _ in entries]
    if not numbers or numbers != sorted(set(numbers)):
        raise PackError("the entries are not in their order")


def _check_seal(entries: Sequence[Entry], manifest_digest: str, receipt_no: str) -> None:
    """The last entry names the files, the request's number and how many entries there were: none was left out."""
    seq, last = entries[-1]
    if last["action"] != SEALS:
        raise PackError(f"entry {seq} is not the one that was made for this pack")
    facts = last["facts"]
    if facts["manifest"] != manifest_digest:
        raise PackError(f"{MANIFEST} is not the one that entry {seq} states")
    if (facts["receipt_no"], facts["entries"]) != (receipt_no, len(entries) - 1):
        raise PackError("entries were left out, or are of another case")


def _check_notices(entries: Sequence[Entry], found: Mapping[str, str]) -> None:
    """The contents of a notice are those that were written down when it was made."""
    stated = {said["facts"]["notice"]: said["facts"]["content"] for _, said in entries if said["action"] == TELLS}
    for notice, content in stated.items():
        if found.get(f"notices/{notice}.json") != content:
            raise PackError(f"notice {notice} is not the one that was told")
