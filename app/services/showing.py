"""What is answered to a claim for footage: where and when it is seen, or whether there is any (policy 14.6, 14.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.documents.notices import AccessAnswer, Fee, Granted, Shape, Viewing, Way
from app.documents.notices import Footage as Told
from app.documents.tongue import Tongue, hour, say
from app.documents.wording import filmed
from app.law.controller import Cameras
from app.law.terms import FootageKind
from app.models import Claim, Footage, Task
from app.policy.words import FOOTAGE_KINDS
from app.services.scope import is_media

_SHAPE = {FootageKind.VIEW: Shape.VIEW, FootageKind.COPY: Shape.REPRODUCTION}
_FOUND = ("done", "partly_done")


@dataclass(frozen=True, slots=True)
class Sight:
    """What the place said of the footage: that it is gone, whether it was found, and where that can be seen."""

    asked: Mapping[str, Any]
    gone: bool
    looked_for: str | None
    arranged: Mapping[str, Any] | None


async def sight(session: AsyncSession, claim: Claim) -> Sight | None:
    """What is known of a claim's footage; None where it asks for none."""
    if not is_media(claim):
        return None
    row = await session.get_one(Footage, claim.id)
    looked = select(Task).where(
        col(Task.claim_id) == claim.id, col(Task.round) == claim.round, col(Task.action) == "collect"
    )
    task = (await session.execute(looked)).scalar_one_or_none()
    arranged = (task.result or {}).get("media") if task else None
    return Sight(claim.scope["media"], row.state == "not_held", task.status if task else None, arranged)


def answer(seen: Sight, tongue: Tongue, *, opens: datetime, fee: Fee, cameras: Cameras) -> AccessAnswer:
    """A time and place to see it; or whether it exists, where that was the question or is the answer to it."""
    kind = FootageKind(seen.asked["kind"])
    if seen.arranged is None or kind is FootageKind.EXISTENCE:
        return _exists(seen, tongue, cameras)
    viewing = Viewing(
        opens=max(datetime.fromisoformat(seen.arranged["from"]), opens),
        closes=datetime.fromisoformat(seen.arranged["to"]),
        place=seen.arranged["place"],
        shapes=(_SHAPE[kind],),
        ways=(Way.VISIT,),
        other_shape=say(filmed.MASKED, tongue) if seen.arranged["masked"] else "",
        fee=fee,
    )
    return Granted(viewing=viewing)


def summary(asked: Mapping[str, Any], tongue: Tongue) -> str:
    """What was asked, as the form repeats it."""
    what = f"{say(filmed.ASKED, tongue)}: {say(FOOTAGE_KINDS[asked['kind']], tongue)}"
    return f"{what}\n{asked['name']}, {recorded(asked, tongue)}"


def recorded(asked: Mapping[str, Any], tongue: Tongue) -> str:
    """The stretch of time in words."""
    start, end = (datetime.fromisoformat(asked[one]) for one in ("from", "to"))
    return f"{hour(start, tongue)} ~ {hour(end, tongue)}"


def _exists(seen: Sight, tongue: Tongue, cameras: Cameras) -> Told:
    found, why = True if seen.looked_for in _FOUND else None, ""
    if seen.gone or seen.looked_for == "not_held":
        found = False
        why = say(filmed.GONE if seen.gone else filmed.NOT_SEEN, tongue).format(days=cameras.kept_days)
    return Told(place=seen.asked["name"], recorded=recorded(seen.asked, tongue), found=found, why=why)
