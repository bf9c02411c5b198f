"""May this person's data be used for this purpose, now? Asked before every use (F7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import run
from app.desk import Actor, desk_of
from app.law.controller import Policy
from app.services import ages, audit, restored_holds
from app.services.hold_index import HoldIndex

_ACTIVE = (
    "SELECT hold_key.digest, hold.id, hold.claim_id, hold.kind, hold.category, hold.fields, hold.purposes, hold.basis,"
    " hold.since FROM hold_key JOIN hold ON hold.id = hold_key.hold_id"
    " WHERE hold_key.digest = ANY(%(digests)s::bytea[]) AND hold.lifted_at IS NULL"
)


class Check(NamedTuple):
    """One question, its subject already as keyed hashes."""

    digests: frozenset[bytes]
    category: str
    purpose: str
    fields: tuple[str, ...] = ()
    required_by_law: str | None = None
    handles: Mapping[bytes, ages.Handle] = MappingProxyType({})
    """The handles themselves, by their hashes: only where the register has to say that no child stands behind them."""

    def __repr__(self) -> str:
        """Says nothing of whom it asks about."""
        return "Check()"


@dataclass(slots=True)
class Answer:
    """Whether the use is allowed, but for which fields, and what holds it back."""

    allowed: bool = True
    excepted: list[str] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)


async def check(
    session: AsyncSession,
    checks: list[Check],
    children: Mapping[bytes, datetime],
    index: HoldIndex,
    *,
    by: Actor,
    now: datetime,
) -> list[Answer]:
    """Answer every question in order, from memory where that is sure, else from one statement over the active holds.

    `children`: the handles that may not be used where a question brings its handles, and since when.
    """
    by_digest = await _active(session, checks, index)
    policy = desk_of(session).policy
    answers = []
    for one in checks:
        found = {hold.id: hold for digest in one.digests for hold in by_digest.get(digest, ())}
        answer = judge(policy, one, found.values())
        _spare_children(answer, [children[digest] for digest in one.handles if digest in children])
        if one.required_by_law is not None and answer.holds:
            answer.allowed, answer.excepted = True, []
            _log(session, one, found.values(), by=by, now=now)
        answers.append(answer)
    return answers


async def _active(session: AsyncSession, checks: list[Check], index: HoldIndex) -> Mapping[bytes, Sequence[Any]]:
    """The active holds of everybody who is asked about, by keyed hash."""
    every = {digest for one in checks for digest in one.digests}
    # What another law demands is put on record with the claims, which memory does not keep.
    if not any(one.required_by_law for one in checks):
        remembered = await index.find(every)
        if remembered is not None:
            return remembered
    await restored_holds.demand_whole(session)
    by_digest: dict[bytes, list[Any]] = defaultdict(list)
    for hold in await run(session, _ACTIVE, {"digests": list(every)}):
        by_digest[hold.digest].append(hold)
    return by_digest


def judge(policy: Policy, one: Check, holds: Iterable[Any]) -> Answer:
    """What the active holds on this person, each once, leave of the use that is asked about."""
    answer = Answer()
    for hold in sorted(holds, key=lambda found: (found.since, found.id)):
        if hold.category != one.category or (hold.purposes is not None and one.purpose not in hold.purposes):
            continue
        answer.holds.append(
            {
                "kind": hold.kind,
                "fields": hold.fields,
                "basis": hold.basis,
                "since": hold.since.astimezone(UTC).isoformat(),
            }
        )
        if hold.fields is None:
            answer.allowed = False
            continue
        answer.excepted += [name for name in hold.fields if name not in answer.excepted]
    if answer.excepted:
        every = {known.id for known in policy.categories[one.category].fields}
        held = set(answer.excepted)
        if not held.isdisjoint(one.fields) or (every and every <= held):
            answer.allowed = False
    return answer


def _spare_children(answer: Answer, since: list[datetime]) -> None:
    if since:
        answer.allowed = False
        child = {"kind": "child_marketing", "fields": None, "basis": ages.BASIS, "since": min(since).isoformat()}
        answer.holds.append(child)


def _log(session: AsyncSession, one: Check, held: Iterable[Any], *, by: Actor, now: datetime) -> None:
    """Another law demands it: allowed, and who said which article against the holds of which claims is on record."""
    claims = sorted({str(hold.claim_id) for hold in held if hold.category == one.category})
    facts = {"category": one.category, "purpose": one.purpose, "article": one.required_by_law, "claims": claims}
    audit.note(session, "check.required_by_law", by=by, now=now, facts=facts)
