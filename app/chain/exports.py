"""An exported chain: one line of JSON an entry, with the checkpoints between them; written and checked alike.

    {"format": "rights-desk.audit/1", "key": ..., "first": 1, "last": 312}
    {"seq": 1, "prev": hex, "hash": hex, "body": RFC 8785 JSON as text}
    {"checkpoint": signed note}                            after the entry up to which it reaches, in a whole chain
    {"checkpoint": signed note, "path": [hex, ...]}        after an entry of a part, with its path to the root

Of a part the first entry is taken as it stands: the last one that a checkpoint vouches for names it, link by link.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.chain import merkle, notes
from app.chain.notes import Checkpoint, Key, NoteError
from app.chain.trail import Elsewhere, Trail, Verdict

FORMAT = "rights-desk.audit/1"


class ExportError(ValueError):
    """A file that is no export of an audit chain, or was torn."""


def head(key: str, first: int, last: int) -> str:
    """The first line; the key is named for whoever has it already, and proves nothing by standing here."""
    return _line({"format": FORMAT, "key": key, "first": first, "last": last})


def entry(seq: int, previous: bytes, hash_: bytes, body: bytes) -> str:
    """The line of an entry. A body that was made no text is told with its holes, and no longer fits its hash."""
    text = body.decode("utf-8", "replace")
    return _line({"seq": seq, "prev": previous.hex(), "hash": hash_.hex(), "body": text})


def signed(note: str, path: Sequence[bytes] | None = None) -> str:
    """The line of a checkpoint."""
    more = {} if path is None else {"path": [one.hex() for one in path]}
    return _line({"checkpoint": note} | more)


def verify(
    lines: Iterable[str],
    keys: Sequence[Key],
    *,
    roots: Mapping[int, bytes] | None = None,
    elsewhere: Elsewhere | None = None,
) -> Verdict:
    """Read an export to its end. `roots` and `elsewhere`: what was kept outside the database, where it is at hand."""
    reading = iter(lines)
    opening = _read(next(reading, ""))
    if opening.get("format") != FORMAT:
        raise ExportError("no export of an audit chain")
    first, last = _number(opening, "first"), _number(opening, "last")
    trail: Trail | None = Trail(signed=roots, elsewhere=elsewhere) if first == 1 else None
    for line in reading:
        one = _read(line)
        if trail is None:
            trail = Trail(after=first - 1, previous=_hash(one, "prev"), elsewhere=elsewhere)
        if not (_vouch(trail, one, keys) if "checkpoint" in one else _add(trail, one)):
            break
    if trail is None:
        trail = Trail(after=first - 1)
    if trail.first_bad is None and trail.seq != last:
        trail.break_("is missing: the export says that it goes on")
    return trail.end() if first == 1 else trail.told()


def _add(trail: Trail, one: Mapping[str, Any]) -> bool:
    body = one.get("body")
    if not isinstance(body, str):
        raise ExportError("an entry has no body")
    return trail.add(_number(one, "seq"), _hash(one, "prev"), _hash(one, "hash"), body.encode("utf-8", "replace"))


def _vouch(trail: Trail, one: Mapping[str, Any], keys: Sequence[Key]) -> bool:
    try:
        found: Checkpoint = notes.checkpoint(str(one["checkpoint"]), keys)
        path = [bytes.fromhex(step) for step in one["path"]] if "path" in one else None
    except NoteError as error:
        return trail.doubt(f"has a checkpoint that does not hold: {error}")
    except (TypeError, ValueError):
        raise ExportError("a path is none") from None
    if path is None:
        return trail.meet(found.size, found.root)
    if not merkle.includes(trail.head, trail.seq - 1, found.size, path, found.root):
        return trail.doubt("is not the one that was signed")
    trail.vouched = trail.seq
    return True


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _read(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise ExportError("a line is no JSON: the file was torn") from None
    if not isinstance(found, dict):
        raise ExportError("a line is no entry")
    return found


def _number(one: Mapping[str, Any], name: str) -> int:
    found = one.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 2**63:
        raise ExportError(f"{name} is no number")
    return found


def _hash(one: Mapping[str, Any], name: str) -> bytes:
    try:
        return bytes.fromhex(one[name])
    except (KeyError, TypeError, ValueError):
        raise ExportError(f"{name} is no hash") from None
