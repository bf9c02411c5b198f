"""Places with cameras: registered systems that hold footage and can keep it from being written over (policy ch. 14)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import desk_of
from app.models import System

PRESERVES = "preserve"
"""The action of whoever runs the recorder; others hold footage without being a place where it can be asked for."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place whose footage can be asked for, and the category that it holds."""

    id: UUID
    name: str
    category: str


async def listed(session: AsyncSession) -> list[Site]:
    """Every place, by name."""
    return await _read(session, _places().order_by(col(System.name), col(System.id)))


async def named(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Site]:
    """Those of these that are such a place."""
    found = await _read(session, _places().where(col(System.id).in_(ids))) if ids else []
    return {one.id: one for one in found}


async def published(session: AsyncSession) -> list[dict[str, Any]]:
    """The places as the policy serves them: a store bears its name in every language."""
    return [{"id": str(one.id), "label": {"ko": one.name, "en": one.name}} for one in await listed(session)]


def _places() -> Select[System]:
    return select(System).where(
        col(System.state) != "retired",
        col(System.kind).in_(("internal", "processor")),
        col(System.actions).contains([PRESERVES]),
    )


async def _read(session: AsyncSession, places: Select[System]) -> list[Site]:
    media = [one.id for one in desk_of(session).policy.categories.values() if one.media]
    return [
        Site(system.id, system.name, category)
        for system in (await session.execute(places)).scalars()
        if (category := next((one for one in media if one in system.categories), None)) is not None
    ]
