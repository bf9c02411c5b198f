"""What was assessed and decided, as it is stored and read: items with their reasons, the decision of a round."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor, desk_of
from app.law import decision, objection
from app.law.assessment import Item
from app.law.decision import VerdictItem
from app.law.reasons import Reason
from app.law.terms import Edition, ItemOutcome, Label, Right
from app.models import Assessment, Claim, Decision, Objection, System
from app.services.visibility import owner_of


async def assessment_view(session: AsyncSession, claim_id: UUID, *, by: Actor) -> tuple[int, dict[str, Any]]:
    """The assessment as staff read it, with the claim's version."""
    await owner_of(session, claim_id, by)
    claim = await session.get_one(Claim, claim_id)
    found = await of(session, claim)
    if found is None:
        return claim.version, {"state": "pending", "edition": claim.edition, "items": [], "decides": None}
    whole = {"state": "ready", "edition": found.edition, "items": found.items, "decides": found.decides}
    return claim.version, whole


async def of(session: AsyncSession, claim: Claim) -> Assessment | None:
    """The assessment of this round."""
    mine = select(Assessment).where(col(Assessment.claim_id) == claim.id, col(Assessment.round) == claim.round)
    return (await session.execute(mine)).scalar_one_or_none()


async def proposal(session: AsyncSession, claim: Claim) -> Decision | None:
    """The open proposal of this round."""
    return await _in_state(session, claim, "proposed")


async def supersede(session: AsyncSession, claim: Claim, now: datetime) -> None:
    """A new proposal takes the place of the open one."""
    earlier = await proposal(session, claim)
    if earlier is not None:
        earlier.state, earlier.settled_at = "superseded", now
        await session.flush()


async def must_be_others(session: AsyncSession, claim: Claim, by: Actor) -> None:
    """After an objection was upheld, nobody who decided before decides again, nor who ruled on it (Act 38(5))."""
    if claim.round == 1:
        return
    earlier = (col(Decision.claim_id) == claim.id, col(Decision.round) < claim.round)
    people = (
        select(col(Decision.proposer_iss), col(Decision.proposer_sub))
        .where(*earlier)
        .union(
            select(col(Decision.approver_iss), col(Decision.approver_sub)).where(*earlier),
            select(col(Objection.ruled_by_iss), col(Objection.ruled_by_sub)).where(col(Objection.claim_id) == claim.id),
        )
    )
    objection.took_no_part((by.iss, by.sub), {(iss, sub) for iss, sub in await session.execute(people)})


def edition_of(session: AsyncSession, claim: Claim) -> Edition:
    """The state of the law on the day the claim arrived, as stored with it."""
    return desk_of(session).rulebook.named(claim.edition)


async def _in_state(session: AsyncSession, claim: Claim, state: str) -> Decision | None:
    mine = select(Decision).where(
        col(Decision.claim_id) == claim.id, col(Decision.round) == claim.round, col(Decision.state) == state
    )
    return (await session.execute(mine)).scalar_one_or_none()


async def holders(session: AsyncSession) -> Mapping[str, tuple[str, ...]]:
    """Who holds each category, by name."""
    systems = (await session.execute(select(System).where(col(System.state) != "retired"))).scalars()
    holding: dict[str, list[str]] = {}
    for system in systems:
        for category in system.categories:
            holding.setdefault(category, []).append(system.name)
    return {category: tuple(sorted(names)) for category, names in holding.items()}


def whole(
    items: tuple[Item, ...], decided: tuple[VerdictItem, ...], right: Right, edition: Edition
) -> list[dict[str, Any]]:
    """Each item as it was decided, beside what was proposed for it."""
    known = {item.item: item for item in items}
    return [
        {**dump(decision.as_decided(known[one.item], one, right, edition)), "outcome": one.outcome.value}
        for one in decided
    ]


def dump(item: Item) -> dict[str, Any]:
    """An item as it is stored."""
    return {
        "item": item.item,
        "proposed": item.proposed.value,
        "ground": item.ground,
        "basis": item.basis,
        "until": item.until.isoformat() if item.until else None,
        "holders": list(item.holders),
        "facts": item.facts,
        "text": {"ko": item.text.ko, "en": item.text.en},
        "record_class": item.record_class,
    }


def dump_with_reasons(item: Item) -> dict[str, Any]:
    """An item of the assessment, as officers read it: what was decided later needs no reasons of the engine's."""
    return dump(item) | {"reasons": [_reason(one) for one in item.reasons]}


def _reason(one: Reason) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "article": one.article,
        "holds": one.holds,
        "said": {"ko": one.said.ko, "en": one.said.en},
        "because": [_reason(inner) for inner in one.because],
    }


def load(item: dict[str, Any]) -> Item:
    """An item as it was stored."""
    return Item(
        item=item["item"],
        proposed=ItemOutcome(item["proposed"]),
        ground=item["ground"],
        basis=item["basis"],
        until=date.fromisoformat(item["until"]) if item["until"] else None,
        holders=tuple(item["holders"]),
        facts=item["facts"],
        text=Label(**item["text"]),
        record_class=item["record_class"],
    )
