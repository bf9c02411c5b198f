"""Makes `vectors.json` with `aics-tlog`, another hand's implementation of the C2SP formats; Python 3.12 or newer.

    pip install aics-tlog==0.2.1 && python -m tests.chain.vectors

What it wrote is compared byte for byte, in both directions at once: Ed25519 and the tree leave no choice.
"""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("vectors.json")
SEED = bytes(range(32))
ORIGIN = "desk.example.com/audit"
SIZES = (1, 2, 3, 7, 8, 64, 255, 256, 257, 511, 513, 700)
PLACES = (0, 1, 6, 7, 254, 255, 256, 300, 699)


def leaves(size: int) -> list[bytes]:
    """What lies in the leaves, before it is hashed."""
    return [f"entry {place}".encode() for place in range(size)]


def made() -> dict[str, Any]:
    """Roots, paths, proofs of growth, and one signed checkpoint of each size."""
    import aics_tlog as other  # type: ignore[import-not-found, unused-ignore]
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    tree, private = other.MerkleTree(leaves(max(SIZES))), Ed25519PrivateKey.from_private_bytes(SEED)
    signed = {
        size: other.sign_checkpoint(other.Checkpoint(ORIGIN, size, tree.root(size)), private, ORIGIN) for size in SIZES
    }
    return {
        "made_by": f"aics-tlog {other.__version__}",
        "key": other.format_vkey(other.vkey_from_ed25519(ORIGIN, private.public_key())),
        "roots": {size: tree.root(size).hex() for size in SIZES},
        "paths": [
            [place, size, [one.hex() for one in tree.inclusion_proof(place, size)]]
            for size in SIZES
            for place in PLACES
            if place < size
        ],
        "growth": [
            [old, size, [one.hex() for one in tree.consistency_proof(old, size)]]
            for size in SIZES
            for old in SIZES
            if old < size
        ],
        "notes": {size: note.serialise() for size, note in signed.items()},
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
