"""One entry and the one before it: hash = SHA-256(0x00 ‖ seq as 8 bytes ‖ previous hash ‖ body).

As 0x00 ‖ data it is also the hash of a leaf as RFC 6962 has it, so that entry `seq` is leaf `seq - 1` of the tree.
"""

import hashlib

GENESIS = hashlib.sha256(b"rights-desk audit chain").digest()
"""What stands in the place of a hash before the first entry."""


def link(seq: int, previous: bytes, body: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + seq.to_bytes(8, "big") + previous + body).digest()
