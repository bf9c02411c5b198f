"""For whoever holds an anchor or an old checkpoint: that the entry stands in the chain, that the chain only grew."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.chain import merkle, notes
from app.chain.notes import Checkpoint, Key, NoteError

FORMAT = "rights-desk.proof/1"
GROWTH = "rights-desk.growth/1"
_ANCHOR = re.compile(r"(?P<seq>[1-9][0-9]{0,17})\.(?P<hash>[0-9a-f]{64})")


def proof(seq: int, hash_: bytes, size: int, path: Sequence[bytes], note: str, key: str) -> dict[str, Any]:
    """The proof as it is handed out; the key is named for whoever has it already."""
    return {
        "format": FORMAT,
        "seq": seq,
        "hash": hash_.hex(),
        "size": size,
        "path": [one.hex() for one in path],
        "checkpoint": note,
        "key": key,
    }


def growth(older: str, newer: str, path: Sequence[bytes], key: str) -> dict[str, Any]:
    """The proof that a chain only grew from one signed checkpoint to another."""
    return {
        "format": GROWTH,
        "older": older,
        "newer": newer,
        "path": [one.hex() for one in path],
        "key": key,
    }


def anchored(text: str) -> tuple[int, bytes] | None:
    """An anchor as it stands on paper, `seq.hash`; None where that is none."""
    found = _ANCHOR.fullmatch(text)
    return (int(found["seq"]), bytes.fromhex(found["hash"])) if found else None


def read(text: str) -> dict[str, Any] | None:
    """A proof from its file; None where that is something else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("format") in (FORMAT, GROWTH) else None


def said(proof: Mapping[str, Any]) -> str:
    """What a proof without fault says, by what was signed alone."""
    if proof["format"] == GROWTH:
        older, newer = (Checkpoint.read(proof[one]).size for one in ("older", "newer"))
        return f"the signed chain of {newer} entries begins with that of {older}, unchanged"
    size = Checkpoint.read(proof["checkpoint"]).size
    return f"entry {proof['seq']}.{bytes.fromhex(proof['hash']).hex()} stands in the signed chain of {size} entries"


def fault(proof: Mapping[str, Any], keys: Sequence[Key], *, anchor: str | None = None) -> str | None:
    """What is wrong with a proof, or None; with an anchor that somebody holds it has to be of that entry."""
    try:
        if anchor is not None and not _is_of(proof, anchor):
            return "the proof is not of that anchor"
        path = [bytes.fromhex(one) for one in proof["path"]]
        return _of_growth(proof, path, keys) if proof["format"] == GROWTH else _of_entry(proof, path, keys)
    except NoteError as error:
        return str(error)
    except (KeyError, TypeError, ValueError):
        return "no proof"


def _is_of(proof: Mapping[str, Any], anchor: str) -> bool:
    held = anchored(anchor.strip())
    return held is not None and proof["format"] == FORMAT and held == (proof["seq"], bytes.fromhex(proof["hash"]))


def _of_entry(proof: Mapping[str, Any], path: Sequence[bytes], keys: Sequence[Key]) -> str | None:
    found, leaf, seq = notes.checkpoint(str(proof["checkpoint"]), keys), bytes.fromhex(proof["hash"]), proof["seq"]
    if type(seq) is not int:
        return "no proof"
    holds = merkle.includes(leaf, seq - 1, found.size, path, found.root)
    return None if holds else "the path does not lead to the root"


def _of_growth(proof: Mapping[str, Any], path: Sequence[bytes], keys: Sequence[Key]) -> str | None:
    old, new = (notes.checkpoint(str(proof[one]), keys) for one in ("older", "newer"))
    holds = merkle.extends(old.size, old.root, new.size, new.root, path)
    return None if holds else "the chain did not only grow"
