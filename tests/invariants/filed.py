"""P1, P2: whatever was answered is there, whole, and once."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.invariants.world import Answered, World


def p1_what_was_answered_is_there(world: World) -> Iterator[str]:
    """Every 201 and 202 that somebody holds, or that is kept to be answered again, names rows that stand."""
    chained = {entry["seq"]: bytes(entry["hash"]).hex() for entry in world.chain}
    for one in (*world.answered, *_kept(world)):
        if one.made is not None and str(one.body.get("id")) not in world.destroyed:
            table, made = one.made
            if not world.ask(f"SELECT FROM {table} WHERE id = %(id)s", id=made):  # type: ignore[arg-type]
                yield f"an answer names a {table} that is not there: {made}"
        anchor = one.body.get("anchor")
        if anchor and chained.get(anchor["seq"]) != anchor["hash"]:
            yield f"the anchor of an answer is not in the chain at {anchor['seq']}"


def p1_a_request_is_whole(world: World) -> Iterator[str]:
    """A request has its entry in the chain, and a claim for each right that the entry names."""
    filed = defaultdict(list)
    for said in world.noted("request.file"):
        filed[said["request"]].append(said["facts"])
    rights = defaultdict(list)
    for row in world.ask('SELECT request_id, "right" FROM claim ORDER BY position'):
        rights[row["request_id"]].append(row["right"])
    for row in world.ask("SELECT id, capacity, channel FROM request"):
        noted = filed.pop(str(row["id"]), [])
        if len(noted) != 1:
            yield f"request {row['id']} has {len(noted)} entries of its filing"
        elif rights[row["id"]] != noted[0]["rights"] or row["capacity"] != noted[0]["capacity"]:
            yield f"request {row['id']} is not what the chain says was filed"
    for missing in filed.keys() - world.destroyed:
        yield f"the chain tells of request {missing}, which is not there"


def p1_what_follows_is_there(world: World) -> Iterator[str]:
    """At rest nothing waits for a step that nobody will take: each has been taken, or a person was asked."""
    if not world.at_rest:
        return
    for row in world.ask(_LEFT, now=world.now):
        yield f"{row['what']} {row['id']} waits, and nothing was done about it"


def p2_one_case_for_one_key(world: World) -> Iterator[str]:
    """No two keys made one request, and whoever repeats a key holds the same answer."""
    made = Counter(one.made[1] for one in _kept(world) if one.made and one.made[0] == "request")
    for request_id, times in made.items():
        if times > 1:
            yield f"request {request_id} is the answer to {times} keys"
    held: dict[str, Answered] = {}
    for one in world.answered:
        if held.setdefault(one.key, one).body != one.body:
            yield "one key was answered in two ways"


def _kept(world: World) -> list[Answered]:
    """What is kept to be answered again, opened with the instance's own key."""
    if world.keys is None:
        return []
    if "kept" not in world.seen:
        found = []
        for row in world.ask("SELECT principal, key, answer_ct FROM idempotency"):
            place = b"idempotency.answer|" + row["principal"] + row["key"]
            answer = json.loads(world.keys.service_unseal(row["answer_ct"], aad=place))
            body = answer["body"] if isinstance(answer["body"], dict) else {}
            found.append(Answered(row["key"].hex(), answer["headers"].get("Location"), body))
        world.seen["kept"] = found
    kept: list[Answered] = world.seen["kept"]
    return kept


_LEFT = """
SELECT 'a code' AS what, id FROM verification
WHERE sends AND sent_at IS NULL AND used_at IS NULL AND created_at < %(now)s - interval '1 minute'
AND expires_at > %(now)s
UNION ALL
SELECT 'a proof', proof.id FROM proof JOIN request ON request.id = proof.request_id
WHERE judged_at IS NULL AND at < %(now)s - interval '1 minute' AND request.frozen_at IS NULL
UNION ALL
SELECT 'a message', id FROM message WHERE state = 'queued' AND next_at < %(now)s - interval '2 minutes'
UNION ALL
SELECT 'a verified claim', claim.id FROM claim JOIN request ON request.id = claim.request_id
WHERE status = 'verified' AND verified_at < %(now)s - interval '1 minute' AND request.frozen_at IS NULL
AND NOT EXISTS (SELECT FROM assessment WHERE claim_id = claim.id AND assessment.round = claim.round)
UNION ALL
SELECT 'a claim to conclude', claim.id FROM claim JOIN request ON request.id = claim.request_id
WHERE status IN ('carried_out', 'refused') AND request.frozen_at IS NULL
AND NOT EXISTS (SELECT FROM review_item WHERE request_id = claim.request_id AND kind = 'collection.read'
    AND settled_at IS NULL)
UNION ALL
SELECT 'an event', delivery.id FROM delivery JOIN system ON system.id = delivery.system_id
WHERE delivery.state = 'pending' AND next_at < %(now)s - interval '2 minutes' AND system.state = 'active'
AND NOT EXISTS (SELECT FROM task JOIN request ON request.id = task.request_id
    WHERE task.id = delivery.task_id AND request.frozen_at IS NOT NULL)
AND NOT EXISTS (SELECT FROM circuit WHERE circuit.system_id = system.id AND probe_at > %(now)s)
AND EXISTS (SELECT FROM system_key WHERE system_key.system_id = system.id
    AND (valid_until IS NULL OR valid_until > %(now)s))
"""
