"""Where data came from that did not come from the person (Act 20(1)): told at once, without any decision.

From policy and registry alone: which categories came from elsewhere, from whom, for what. What a stranger is told is
the same as what anybody is of whom nothing is held.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor, desk_of
from app.errors import Conflict, Forbidden
from app.law.controller import Category, Policy, Source
from app.law.terms import Label, Whose
from app.models import Request, System
from app.services import audit, casebook, parties, recipients
from app.services.visibility import visible

BASIS = "법 20①"
_MAY = Label(
    "원하지 않으시면 이 개인정보의 처리를 멈추어 달라고 요구하시거나 동의를 철회하실 수 있습니다"
    "(「개인정보 보호법」 제37조).",
    "You may ask that the processing of this data be stopped, or withdraw your consent "
    "(Personal Information Protection Act Article 37).",
)
_NONE = Label(
    "다른 곳에서 받은 개인정보가 없습니다.",
    "No data about you came from elsewhere.",
)
_TOLD = Label(
    "다음 개인정보는 다른 곳에서 받은 것일 수 있습니다.",
    "The following data may have come from elsewhere.",
)


async def told(session: AsyncSession, request_id: UUID, *, by: Actor, now: datetime) -> dict[str, Any]:
    """The sources of a person's data, once it is proved who asks, to the party that the answer is for."""
    request = await visible(session, request_id, by)
    if by.role == "requester":
        await _stands(session, request, by, now)
    known = await parties.read(session, request)
    if request.identity == parties.NOBODY or known.missing():
        raise Conflict("claim.not_verified")
    found = await _found(session) if request.identity == parties.IDENTIFIED else []
    facts = {"sources": len(found)}
    audit.note(session, "sources.tell", by=by, now=now, request_id=request.id, facts=facts)
    return {
        "basis": BASIS,
        "said": _both(_TOLD if found else _NONE),
        "may": _both(_MAY),
        "items": found,
    }


async def _stands(session: AsyncSession, request: Request, by: Actor, now: datetime) -> None:
    """Nothing is told while somebody has stopped it, nor to whom the answer is not for, or no longer (B4, C3)."""
    await casebook.held_still(session, request.id)
    ended = await parties.standing(session, request, now=now) if by.party == Whose.REQUESTER else None
    if ended is not None:
        raise Conflict(ended)
    if not await recipients.is_for(session, request, by):
        raise Forbidden("auth.forbidden")


async def _found(session: AsyncSession) -> list[dict[str, Any]]:
    policy = desk_of(session).policy
    registered = await _registered(session)
    found: list[dict[str, Any]] = []
    for category in policy.categories.values():
        if category.pseudonymised:
            # Nobody may turn it back to see whose it is, and the duty to tell does not apply (Act 28-5, 28-7).
            continue
        found += [_item(policy, category, one.label, one.contact) for one in _named(policy, category)]
        names = {name for one in _named(policy, category) for name in (one.label.ko, one.label.en, one.id)}
        found += [
            _item(policy, category, Label(name, name), None)
            for name, categories in registered
            if category.id in categories and name not in names
        ]
    listed = {name for category in policy.categories.values() for name in category.sources}
    # What the policy names as a source without saying of which data: who it was is found out on asking.
    found += [_item(policy, None, one.label, one.contact) for one in policy.sources.values() if one.id not in listed]
    return found


def _named(policy: Policy, category: Category) -> list[Source]:
    return [policy.sources[one] for one in category.sources]


def _item(policy: Policy, category: Category | None, source: Label, contact: str | None) -> dict[str, Any]:
    purposes = category.purposes if category is not None else ()
    return {
        "category": category.id if category is not None else None,
        "label": _both(category.label) if category is not None else None,
        "source": _both(source),
        "contact": contact or f"{policy.desk_phone}, {policy.desk_email}",
        "purposes": [_both(policy.purposes[one].label) for one in purposes],
    }


async def _registered(session: AsyncSession) -> list[tuple[str, list[str]]]:
    sources = select(col(System.name), col(System.categories)).where(
        col(System.kind) == "source", col(System.state) != "retired"
    )
    return [(row.name, row.categories) for row in (await session.execute(sources.order_by(col(System.name)))).all()]


def _both(label: Label) -> dict[str, str]:
    return {"ko": label.ko, "en": label.en}
