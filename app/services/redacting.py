"""Hiding what speaks of somebody else, before release: one marks it, another agrees (Act 35(4), Decree 42(1)).

A stretch that is hidden turns a grant into a partial grant, which is never one person's word (product principle 2): it
stands as a proposal beside the decision in force, nothing goes out meanwhile, and it takes the place of that decision
when a second person agrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import Actor, desk_of
from app.errors import Conflict, Forbidden, Invalid
from app.jobs import Job, defer
from app.law import deadline, redaction
from app.law.redaction import Stretch
from app.law.terms import Ground, ItemOutcome, Outcome
from app.models import Claim, Decision, Redaction, Task
from app.services import assessed, audit, collecting, holds, keyring
from app.services.casebook import Case


@dataclass(frozen=True, slots=True)
class Marks:
    """All that is to be hidden, the facts of each ground, and the reason for the person."""

    stretches: tuple[Stretch, ...]
    facts: tuple[tuple[str, Mapping[str, str]], ...]
    reason: str | None


async def propose(
    session: AsyncSession, claim_id: UUID, marks: Marks, *, version: int, by: Actor, now: datetime
) -> Claim:
    """Mark what is to be hidden, in place of what was marked before; with nothing marked the proposal is taken back."""
    case, claim = await collecting.open_unread(session, claim_id, version=version, by=by)
    await assessed.must_be_others(session, claim, by)
    found = await collecting.answers(session, case.request, claim)
    grounds = _checked(session, case, claim, marks, found)
    await _replace(session, claim, marks.stretches, by=by, now=now)
    await assessed.supersede(session, claim, now)
    claim.version += 1
    facts = {"stretches": len(marks.stretches), "grounds": sorted(grounds)}
    audit.note(session, "collection.redact", by=by, now=now, request_id=case.request.id, claim_id=claim.id, facts=facts)
    if marks.stretches:
        categories = {str(one.task): one.category for one in found}
        session.add(await _proposal(session, case, claim, marks, categories, grounds, by=by, now=now))
        await defer(session, Job("tell_approver", {"claim_id": str(claim.id)}))
    return claim


async def approve(
    session: AsyncSession, claim_id: UUID, *, agree: bool, note: str | None, version: int, by: Actor, now: datetime
) -> Claim:
    """The second person's word on what is hidden; agreeing releases the rest, disagreeing gives it back with a note."""
    case, claim = await collecting.open_unread(session, claim_id, version=version, by=by)
    row = await assessed.proposal(session, claim)
    if row is None:
        raise Conflict("approval.not_proposed")
    if (row.proposer_iss, row.proposer_sub) == (by.iss, by.sub):
        raise Forbidden("approval.same_person")
    await assessed.must_be_others(session, claim, by)
    if not agree and not (note or "").strip():
        raise Invalid("approval.note_required", pointer="/note")
    row.approver_iss, row.approver_sub, row.settled_at = by.iss, by.sub, now
    if note:
        row.approver_note_ct = keyring.seal(session, case.request, "decision.approver_note", row.id, note)
    action = "collection.restrict" if agree else "collection.return"
    audit.note(session, action, by=by, now=now, request_id=case.request.id, claim_id=claim.id)
    if agree:
        await _put_in_force(session, claim, row, now=now)
        await collecting.release(session, case, claim, by=by, now=now)
    else:
        row.state, claim.version = "returned", claim.version + 1
        await defer(session, Job("tell_officer", {"claim_id": str(claim.id)}))
    return claim


def _checked(
    session: AsyncSession, case: Case, claim: Claim, marks: Marks, found: Sequence[collecting.Answer]
) -> dict[str, Ground]:
    values = {
        (str(one.task), row, name): value
        for one in found
        for row, record in enumerate(one.records)
        for name, value in record.items()
    }
    redaction.check(marks.stretches, values)
    edition = assessed.edition_of(session, claim)
    controller, on = desk_of(session).policy.kind, deadline.seoul_date(case.request.arrived_at)
    grounds = redaction.check_grounds(marks.stretches, marks.facts, edition, controller, on=on)
    if marks.stretches and not (marks.reason or "").strip():
        raise Invalid("decision.reason_required", pointer="/reason", basis="법 35④, 영 42②")
    return grounds


async def _replace(
    session: AsyncSession, claim: Claim, stretches: Sequence[Stretch], *, by: Actor, now: datetime
) -> None:
    of_this_round = select(col(Task.id)).where(col(Task.claim_id) == claim.id, col(Task.round) == claim.round)
    await session.execute(delete(Redaction).where(col(Redaction.task_id).in_(of_this_round)))
    session.add_all(
        Redaction(
            id=new_id(),
            claim_id=claim.id,
            task_id=UUID(one.place[0]),
            row=one.place[1],
            field=one.place[2],
            starts=one.starts,
            ends=one.ends,
            ground=one.ground,
            at=now,
            by_iss=by.iss,
            by_sub=by.sub,
        )
        for one in stretches
    )


async def _proposal(
    session: AsyncSession,
    case: Case,
    claim: Claim,
    marks: Marks,
    categories: Mapping[str, str],
    grounds: Mapping[str, Ground],
    *,
    by: Actor,
    now: datetime,
) -> Decision:
    """The decision in force with its hidden parts: what was granted stays granted, but for these."""
    before = await holds.effective(session, claim)
    assert before is not None
    request, stated, row_id = case.request, dict(marks.facts), new_id()
    touched = dict.fromkeys((f"{categories[one.place[0]]}.{one.place[2]}", one.ground) for one in marks.stretches)
    parts = [redaction.withheld(item, grounds[name], stated[name]) for item, name in touched]
    facts = keyring.unseal(session, request, "decision.facts", before.id, before.facts_ct) if before.facts_ct else {}
    reasons = (_reason(session, case, before), marks.reason)
    return Decision(
        id=row_id,
        claim_id=claim.id,
        round=claim.round,
        state="proposed",
        outcome=Outcome.PARTIAL.value,
        decided_by="person",
        edition=claim.edition,
        items=[*before.items, *(_stored(one) for one in map(assessed.dump, parts))],
        facts_ct=keyring.seal(
            session, request, "decision.facts", row_id, {**facts, **{one.item: one.facts for one in parts}}
        ),
        reason_ct=keyring.seal(
            session, request, "decision.reason", row_id, "\n".join(dict.fromkeys(one for one in reasons if one))
        ),
        fee=before.fee,
        proposer_iss=by.iss,
        proposer_sub=by.sub,
        proposed_at=now,
    )


def _stored(item: dict[str, Any]) -> dict[str, Any]:
    """What an officer states of a ground may name somebody, so it is sealed beside."""
    return {name: value for name, value in item.items() if name != "facts"} | {"outcome": ItemOutcome.REFUSE.value}


def _reason(session: AsyncSession, case: Case, before: Decision) -> str | None:
    if before.reason_ct is None:
        return None
    reason: str = keyring.unseal(session, case.request, "decision.reason", before.id, before.reason_ct)
    return reason


async def _put_in_force(session: AsyncSession, claim: Claim, row: Decision, *, now: datetime) -> None:
    before = await holds.effective(session, claim)
    assert before is not None
    before.state = "superseded"
    await session.flush()
    row.state, claim.outcome = "effective", row.outcome
