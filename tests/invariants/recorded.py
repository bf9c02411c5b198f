"""P3, P8: the chain holds, and what stands in the rows is what it tells, step by step and no step twice."""

import hashlib
from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from collections.abc import Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.law import lifecycle
from app.law.terms import Event, Status
from tests.invariants.world import Row, World

_GENESIS = hashlib.sha256(b"rights-desk audit chain").digest()


def p3_a_claim_is_where_its_entries_lead(world: World) -> Iterator[str]:
    """From its filing on, each step of a claim begins where the one before ended, and the last one is where it is."""
    steps = defaultdict(list)
    for entry in world.chain:
        said = entry["said"]
        if said["claim"] and {"from", "to"} <= said["facts"].keys() and said["request"] not in world.destroyed:
            steps[said["claim"]].append(said)
    for row in world.ask(_CLAIMS):
        yield from _walked(row, steps.pop(str(row["id"]), []))
    for unknown in steps:
        yield f"the chain tells of claim {unknown}, which is not there"


def _walked(claim: Row, steps: list[Row]) -> Iterator[str]:
    at = "received" if claim["capacity"] == "self" else "awaiting_evidence"
    for said in steps:
        event, facts = said["action"].removeprefix("claim."), said["facts"]
        if facts["from"] != at:
            yield f"claim {claim['id']}: {event} from {facts['from']}, and it stood at {at}"
        step = lifecycle.outcome(Status(facts["from"]), Event(event))
        if isinstance(step, str) or step.status != facts["to"]:
            yield f"claim {claim['id']}: {event} from {facts['from']} to {facts['to']} is no step"
        at = facts["to"]
    if at != claim["status"]:
        yield f"claim {claim['id']} is {claim['status']}, and the chain leaves it {at}"
    if claim["round"] != 1 + sum(said["action"] == "claim.overturn" for said in steps):
        yield f"claim {claim['id']} is in round {claim['round']}, which no ruling began"
    if claim["version"] < 1 + len(steps):
        yield f"claim {claim['id']} has taken more steps than its version counts"


def p3_once_for_each(world: World) -> Iterator[str]:
    """What was handed in, stopped or destroyed has one entry that says so."""
    for action, fact, statement in _ONCE:
        noted = Counter(each for said in world.noted(action) for each in _named(said, fact))
        for row in world.ask(statement):
            if noted[str(row["id"])] != 1:
                yield f"{action} of {row['id']} stands {noted[str(row['id'])]} times in the chain"


def _named(said: Row, fact: str) -> list[str]:
    found = said["request"] if fact == "request" else said["facts"].get(fact)
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def p8_the_chain_holds(world: World) -> Iterator[str]:
    """Every entry follows from the one before; the head is the last one."""
    seq, previous = 0, _GENESIS
    for entry in world.chain:
        body = bytes(entry["body"])
        followed = hashlib.sha256(b"\x00" + entry["seq"].to_bytes(8, "big") + previous + body).digest()
        if entry["seq"] != seq + 1 or bytes(entry["prev_hash"]) != previous or bytes(entry["hash"]) != followed:
            yield f"entry {seq + 1} does not follow from the one before"
            return
        detail = entry["detail_ct"]
        if detail is not None and hashlib.sha256(bytes(detail)).hexdigest() != entry["said"]["detail"]:
            yield f"the sealed detail of entry {entry['seq']} is another one"
        if entry["said"]["request"] != (str(entry["request_id"]) if entry["request_id"] else None):
            yield f"entry {entry['seq']} stands under another request than it says"
        seq, previous = entry["seq"], followed
    (head,) = world.ask("SELECT seq, hash FROM audit_head")
    if (head["seq"], bytes(head["hash"])) != (seq, previous):
        yield f"the head is at {head['seq']}, the last entry at {seq}"


def p8_what_was_signed_stands(world: World) -> Iterator[str]:
    """Every checkpoint is the root (RFC 6962) of the entries it counts, and its note says so under its own key."""
    leaves = [bytes(entry["hash"]) for entry in world.chain]
    for row in world.ask("SELECT size, root, note, key FROM audit_checkpoint ORDER BY size"):
        size, root = row["size"], bytes(row["root"])
        if size > len(leaves) or _root(leaves[:size]) != root:
            yield f"what was signed of {size} entries is not what stands there"
        text, _, signed = row["note"].partition("\n\n")
        _, said_size, said_root = text.split("\n")[:3]
        if (said_size, said_root) != (str(size), b64encode(root).decode()) or not _is_signed(text, signed, row["key"]):
            yield f"the note of {size} entries does not say so"


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _root(leaves[:left]) + _root(leaves[left:])).digest()


def _is_signed(text: str, signed: str, key: str) -> bool:
    """C2SP signed-note: behind the name the id of the key in four bytes, then the signature."""
    public = b64decode(key.split("+", 2)[2])[1:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(b64decode(signed.split(" ")[2])[4:], f"{text}\n".encode())
    except (InvalidSignature, ValueError, IndexError):
        return False
    return True


_CLAIMS = """
SELECT claim.id, claim.status, claim.round, claim.version, request.capacity
FROM claim JOIN request ON request.id = claim.request_id ORDER BY claim.id
"""
_ONCE = (
    ("evidence.upload", "evidence", "SELECT id FROM evidence"),
    ("evidence.destroy", "evidence", "SELECT id FROM evidence WHERE destroyed_at IS NOT NULL"),
    ("requester.destroy", "request", "SELECT request_id AS id FROM requester WHERE destroyed_at IS NOT NULL"),
    ("request.destroy", "request", "SELECT request_id AS id FROM destroyed_request WHERE destroyed_at IS NOT NULL"),
)
