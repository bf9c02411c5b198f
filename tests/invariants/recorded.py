"""P3, P8: the chain holds, and what stands in the rows is what it tells, step by step and no step twice."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator

from app.law import lifecycle
from app.law.terms import Event, Status
from tests.invariants.world import Row, World

_GENESIS = hashlib.sha256(b"rights-desk audit chain").digest()


def p3_a_claim_is_where_its_entries_lead(world: World) -> Iterator[str]:
    """From its filing on, each step of a claim begins where the one before ended, and the last one is where it is."""
    steps = defaultdict(list)
    for entry in world.chain:
        said = entry["said"]
        if said["claim"] and {"from", "to"} <= said["facts"].keys():
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
        seq, previous = entry["seq"], followed
    (head,) = world.ask("SELECT seq, hash FROM audit_head")
    if (head["seq"], bytes(head["hash"])) != (seq, previous):
        yield f"the head is at {head['seq']}, the last entry at {seq}"


_CLAIMS = """
SELECT claim.id, claim.status, claim.round, claim.version, request.capacity
FROM claim JOIN request ON request.id = claim.request_id ORDER BY claim.id
"""
_ONCE = (
    ("evidence.upload", "evidence", "SELECT id FROM evidence"),
    ("evidence.destroy", "evidence", "SELECT id FROM evidence WHERE destroyed_at IS NOT NULL"),
    ("requester.destroy", "request", "SELECT request_id AS id FROM requester WHERE destroyed_at IS NOT NULL"),
)
