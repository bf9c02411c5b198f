"""What a place with cameras is told of a claim that was granted, and what it answers: where, when, how (Decree 41(5)).

The film itself never passes through here: it is seen at the place, or handed over by whoever holds it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import Invalid
from app.law import deadline
from app.law.terms import FootageKind
from app.models import Claim, Request, Task
from app.services import keyring, recipients

BASIS = "표준 개인정보 보호지침(정보주체 이외의 자의 사생활 침해 방지)"
_FOUND = ("done", "partly_done")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where and between when the footage can be seen or its copy fetched; whether others in it are unrecognisable."""

    place: str
    opens: datetime
    closes: datetime
    masked: bool

    def kept(self) -> dict[str, Any]:
        """As it stands in the task's result: nothing of the person."""
        opens, closes = (deadline.seoul_time(one).isoformat() for one in (self.opens, self.closes))
        return {"place": self.place, "from": opens, "to": closes, "masked": self.masked}


async def told(session: AsyncSession, request: Request, task: Task) -> dict[str, Any] | None:
    """The footage of a task: to look for somebody, also by what they are found and who will come to see it."""
    if task.media is None or task.action != "collect":
        return task.media
    claim = await session.get_one(Claim, task.claim_id)
    assert claim.detail_ct is not None
    said = keyring.unseal(session, request, "claim.detail", claim.id, claim.detail_ct)
    who = await recipients.of(session, request, "result")
    opens = claim.available_from
    return {
        **task.media,
        "ground": claim.scope["media"]["ground"],
        "description": said["description"],
        "visitor": who.name,
        "not_before": opens.isoformat() if opens else None,
        "not_after": claim.due_on.isoformat(),
    }


def names_nobody(task: Task) -> bool:
    """Whether a task is about nobody: footage that is only kept or let go (policy 14.4)."""
    return task.media is not None and task.action != "collect"


async def check(session: AsyncSession, task: Task, result: str, said: Arrangement | None, *, now: datetime) -> None:
    """Footage that was found is shown: not before it may be, within the statutory days, a copy with others hidden."""
    kind = (task.media or {}).get("kind")
    if said is None:
        if result in _FOUND and kind in (FootageKind.VIEW, FootageKind.COPY):
            raise Invalid("field.required", pointer="/media")
        return
    if result not in _FOUND or kind not in (FootageKind.VIEW, FootageKind.COPY):
        raise Invalid("field.inconsistent", pointer="/media")
    claim = await session.get_one(Claim, task.claim_id)
    if said.closes <= said.opens or said.closes <= now:
        raise Invalid("field.inconsistent", pointer="/media/to")
    if claim.available_from is not None and said.opens < claim.available_from:
        raise Invalid("field.value", pointer="/media/from")
    if deadline.seoul_date(now) <= claim.due_on < deadline.seoul_date(said.opens):
        # Ten days to let them see it, not to say when they may (Act 35(3)).
        raise Invalid("field.value", pointer="/media/from", basis="법 35③, 영 41④")
    if kind == FootageKind.COPY and not said.masked:
        raise Invalid("field.value", pointer="/media/masked", basis=BASIS)
