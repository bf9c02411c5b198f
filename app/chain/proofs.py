"""That one entry stands in the chain, for whoever holds its anchor: a path to the root of a signed checkpoint."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.chain import merkle, notes
from app.chain.notes import Key, NoteError

FORMAT = "rights-desk.proof/1"


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


def read(text: str) -> dict[str, Any] | None:
    """A proof from its file; None where that is something else."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None


def fault(proof: Mapping[str, Any], keys: Sequence[Key]) -> str | None:
    """What is wrong with a proof, or None."""
    try:
        seq, leaf = int(proof["seq"]), bytes.fromhex(proof["hash"])
        path = [bytes.fromhex(one) for one in proof["path"]]
        found = notes.checkpoint(str(proof["checkpoint"]), keys)
    except NoteError as error:
        return str(error)
    except (KeyError, TypeError, ValueError):
        return "no proof"
    return (
        None if merkle.includes(leaf, seq - 1, found.size, path, found.root) else "the path does not lead to the root"
    )
