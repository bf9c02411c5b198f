"""No marketing for a child under 14, whoever asks and whatever was claimed (Act 22-2, policy 9.3.라).

Before such a use the register is asked, by the one handle that the system named, whether a child stands behind it. What
it says is kept for a day under the keyed hash of the handle. A register that is silent refuses: there is no second
chance to not have written to a child.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import text
from app.desk import Desk
from app.errors import Invalid
from app.law import age, deadline
from app.law.match import Person
from app.models import AgeSeen

Handle = tuple[str, str]
"""A kind (phone, email, customer_no) and a value in normal form."""
LookUp = Callable[[Handle], Awaitable[Sequence[Person] | None]]
"""Everybody whom the register finds by this handle alone; None when it does not answer."""
Register = Callable[[], AbstractAsyncContextManager[LookUp]]
"""Opens the way to the register for one call."""
Asked = Mapping[bytes, Handle]
"""Handles by their keyed hashes."""

KEPT = timedelta(days=1)
AT_ONCE = 20
WAITS_S = 8.0
BASIS = "처리방침 9장 3.라"
_KINDS = {"phone": text.phone, "email": text.email}


async def children(desk: Desk, asked: Asked, register: Register | None, *, now: datetime) -> dict[bytes, datetime]:
    """Of these handles those that may not be used for marketing, each since when that is known.

    To be called outside any transaction: the register is waited for.
    """
    if register is None or not asked:
        return {}
    on = deadline.seoul_date(now)
    async with desk.database.transaction() as session:
        known = await _kept(session, asked, now)
    missing = {digest: handle for digest, handle in sorted(asked.items()) if digest not in known}
    fresh = await _ask(register, missing, on) if missing else {}
    if fresh:
        async with desk.database.transaction() as session:
            await _keep(session, fresh, now)
    silent = {digest: now for digest in missing if digest not in fresh}
    seen = known | {digest: (until, now) for digest, until in fresh.items()}
    return silent | {digest: at for digest, (until, at) in seen.items() if until is not None and on < until}


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Forget what is older than a day: children grow up, and numbers change hands."""
    await session.execute(delete(AgeSeen).where(col(AgeSeen.seen_at) <= now - KEPT))


def child_until(people: Iterable[Person], handle: Handle, on: date) -> date | None:
    """Until when a child stands behind this handle; None where no child does (Act 22-2).

    A contact that is the child's own or shared is the child's; a guardian's beside a child is the guardian's.
    """
    behind = (
        age.child_until(one.birth_date)
        for one in people
        if one.birth_date is not None and age.under_14(one.birth_date, on) and _is_theirs(one, handle)
    )
    return max(behind, default=None)


async def _kept(session: AsyncSession, asked: Asked, now: datetime) -> dict[bytes, tuple[date | None, datetime]]:
    found = select(col(AgeSeen.digest), col(AgeSeen.child_until), col(AgeSeen.seen_at)).where(
        col(AgeSeen.digest).in_(list(asked)), col(AgeSeen.seen_at) > now - KEPT
    )
    return {bytes(row.digest): (row.child_until, row.seen_at) for row in (await session.execute(found)).all()}


async def _ask(register: Register, missing: Asked, on: date) -> dict[bytes, date | None]:
    """Ask a few at a time, and all together for no longer than a caller waits; whoever is left out is not known."""
    answered: dict[bytes, date | None] = {}
    gate = asyncio.Semaphore(AT_ONCE)
    async with register() as look_up:

        async def one(digest: bytes, handle: Handle) -> None:
            async with gate:
                people = await look_up(handle)
            if people is not None:
                answered[digest] = child_until(people, handle, on)

        with suppress(TimeoutError):
            async with asyncio.timeout(WAITS_S), asyncio.TaskGroup() as asking:
                for digest, handle in missing.items():
                    asking.create_task(one(digest, handle))
    return answered


async def _keep(session: AsyncSession, fresh: Mapping[bytes, date | None], now: datetime) -> None:
    # In one order, so that two calls about the same people never wait for each other in a ring.
    rows: list[dict[str, Any]] = [
        {"digest": digest, "child_until": fresh[digest], "seen_at": now} for digest in sorted(fresh)
    ]
    seen = insert(AgeSeen).values(rows)
    newer = {"child_until": seen.excluded.child_until, "seen_at": seen.excluded.seen_at}
    await session.execute(seen.on_conflict_do_update(index_elements=["digest"], set_=newer))


def _is_theirs(person: Person, handle: Handle) -> bool:
    kind, value = handle
    if kind == "customer_no":
        return person.subject_ref == value
    return any(
        one.kind == kind and one.holder != "guardian" and _normal(kind, one.value) == _normal(kind, value)
        for one in person.contacts
    )


def _normal(kind: str, value: str) -> str:
    try:
        return _KINDS[kind](value).casefold()
    except (KeyError, Invalid):
        return value.casefold()
