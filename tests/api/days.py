"""Days that go by: the sweeps of the worker at a moment that a test names, and what came of them."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest

from app import db
from app.desk import Desk
from app.law.controller import Deputy
from app.law.terms import Label
from app.models import Message, Request
from app.services import keyring, overdue, warning
from examples.register import __main__ as register
from tests.api.acts import rows
from tests.house import House

SEOUL = timezone(timedelta(hours=9))
APPROVER, DEPUTY, FORMER = "approver@example.com", "deputy@example.com", "former@example.com"


class Clock:
    """The clock of the house and of its register, at the moment a test sets it to."""

    def __init__(self, patch: pytest.MonkeyPatch, now: datetime) -> None:
        self.now = now
        patch.setattr(db, "now", lambda: self.now)
        patch.setattr(register, "time", SimpleNamespace(time=lambda: self.now.timestamp()))


def at(day: date, hour: int = 9) -> datetime:
    """A moment of a Korean day."""
    return datetime.combine(day, time(hour), tzinfo=SEOUL)


async def sweep(desk: Desk, now: datetime) -> None:
    """What the worker does about days that come and days that have passed."""
    async with desk.database.transaction() as session:
        late = await overdue.passed(session, now=now)
    for claim_id in late:
        async with desk.database.transaction() as session:
            await overdue.record(session, claim_id, now=now)
    while True:
        async with desk.database.transaction() as session:
            if await warning.warn(session, now=now) < warning.BATCH:
                return


async def together(desk: Desk, now: datetime, times: int = 4) -> None:
    """So many workers at once."""
    await asyncio.gather(*(sweep(desk, now) for _ in range(times)))


def staffed(desk: Desk, on: date) -> Desk:
    """The same desk with an approver who has a mailbox of their own, a deputy of today, and one of yesterday."""
    deputies = (
        Deputy(Label("대리", "deputy"), DEPUTY, on - timedelta(days=365), None),
        Deputy(Label("전 대리", "former"), FORMER, on - timedelta(days=365), on - timedelta(days=100)),
    )
    policy = replace(desk.policy, approver_email=APPROVER, deputies=deputies)
    changed = replace(desk, policy=policy)
    desk.database.info["desk"] = changed
    return changed


async def warned(house: House) -> Counter[tuple[str, str]]:
    """Which warnings went to whom."""
    found: Counter[tuple[str, str]] = Counter()
    for kind, content in await told(house):
        found[kind, content["to"]] += 1
    return found


async def told(house: House, prefix: str = "due_") -> list[tuple[str, dict[str, Any]]]:
    """The messages of the kinds that begin so, opened."""
    kept: list[tuple[str, dict[str, Any]]] = []
    async with house.desk.database.transaction() as session:
        for row in await rows(
            house.desk, "SELECT id, kind FROM message WHERE kind LIKE :one ORDER BY id", one=f"{prefix}%"
        ):
            message = await session.get_one(Message, row.id)
            assert message.content_ct is not None
            if message.request_id is None:
                kept.append((row.kind, keyring.unseal_for_desk(session, "message.content", row.id, message.content_ct)))
            else:
                request = await session.get_one(Request, message.request_id)
                kept.append((row.kind, keyring.unseal(session, request, "message.content", row.id, message.content_ct)))
    return kept
