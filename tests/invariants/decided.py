"""P5, P6: who proved themselves, who decided, when it may be handed out; and one decision for each round."""

from collections import Counter
from collections.abc import Iterator

from tests.invariants.world import World

_DECIDING = ("claim.approve", "claim.approve_partly", "claim.refuse")


def p5_nothing_before_its_time(world: World) -> Iterator[str]:
    """Nothing is made, done or opened before the proof, the decision of whom it takes, and the wait."""
    for row in world.ask(_TOO_EARLY):
        yield f"{row['what']} {row['id']}: {row['why']}"


def p6_one_decision_a_round(world: World) -> Iterator[str]:
    """A decided claim has one decision in force in its round, and the chain knows of no other."""
    for row in world.ask(_UNDECIDED):
        yield f"claim {row['id']} is {row['status']} with {row['found']} decisions in force"
    standing = Counter(
        str(row["claim_id"]) for row in world.ask("SELECT claim_id FROM decision WHERE state = 'effective'")
    )
    told = (said for said in world.noted(*_DECIDING) if said["request"] not in world.destroyed)
    noted = Counter(said["claim"] for said in told)
    for claim_id in sorted(standing.keys() | noted.keys()):
        if standing[claim_id] != noted[claim_id]:
            yield f"claim {claim_id} has {standing[claim_id]} decisions, and the chain tells of {noted[claim_id]}"


_TOO_EARLY = """
SELECT 'claim' AS what, claim.id, 'verified without a proof' AS why FROM claim
WHERE verified_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM proof WHERE proof.request_id = claim.request_id AND proof.at <= claim.verified_at)
UNION ALL
SELECT 'decision', decision.id, 'in force on a claim that was not verified' FROM decision
JOIN claim ON claim.id = decision.claim_id
WHERE decision.state = 'effective' AND (claim.verified_at IS NULL OR decision.settled_at < claim.verified_at)
AND decision.round = 1
UNION ALL
SELECT 'decision', decision.id, 'does not give all, and two people did not decide' FROM decision
WHERE state = 'effective' AND outcome IN ('partial', 'refuse') AND (
    decided_by <> 'person' OR approver_sub IS NULL
    OR (proposer_iss, proposer_sub) IS NOT DISTINCT FROM (approver_iss, approver_sub))
UNION ALL
SELECT 'decision', decision.id, 'fewer decided than the table wants' FROM decision
JOIN assessment ON assessment.claim_id = decision.claim_id AND assessment.round = decision.round
WHERE decision.state = 'effective' AND (
    (decision.decided_by = 'machine' AND assessment.decides <> 'machine')
    OR (assessment.decides = 'two' AND decision.approver_sub IS NULL))
UNION ALL
SELECT 'task', task.id, 'made before a decision' FROM task
WHERE action IN ('correct', 'delete', 'suspend', 'withdraw_consent') AND NOT EXISTS (
    SELECT FROM decision WHERE decision.claim_id = task.claim_id AND decision.state = 'effective'
    AND decision.round <= task.round AND decision.settled_at <= task.created_at)
UNION ALL
SELECT 'package', package.id, 'made before a decision that gives' FROM package
WHERE NOT EXISTS (
    SELECT FROM decision WHERE decision.claim_id = package.claim_id AND decision.round = package.round
    AND decision.state IN ('effective', 'superseded') AND decision.outcome IN ('approve', 'partial')
    AND decision.settled_at <= package.at)
UNION ALL
SELECT 'package', package.id, 'opened before its day' FROM grant_use
JOIN package ON package.id = grant_use.opened JOIN claim ON claim.id = package.claim_id
WHERE package.round = claim.round AND (claim.available_from IS NULL OR grant_use.at < claim.available_from)
UNION ALL
SELECT 'grant', grant_use.grant_id, 'used for what is not of its request, or after its end' FROM grant_use
JOIN release_grant ON release_grant.id = grant_use.grant_id
LEFT JOIN package ON package.id = grant_use.opened
LEFT JOIN notice ON notice.id = grant_use.opened
WHERE coalesce(package.request_id, notice.request_id, release_grant.request_id) <> release_grant.request_id
OR grant_use.at > release_grant.expires_at
"""
_UNDECIDED = """
SELECT claim.id, claim.status, count(decision.id) AS found FROM claim
LEFT JOIN decision ON decision.claim_id = claim.id AND decision.round = claim.round AND decision.state = 'effective'
GROUP BY claim.id
HAVING count(decision.id) > 1 OR (
    count(decision.id) = 0 AND claim.status IN ('approved', 'refused', 'carried_out', 'closed', 'objected'))
ORDER BY claim.id
"""
