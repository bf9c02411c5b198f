"""What is destroyed or put apart because its day has come (Act 21): one round, where the day is sure."""

from collections.abc import Callable
from datetime import datetime

from app.desk import Desk
from app.services import ages, answer_links, disclosure, disposal, provided, pulse, retention, upkeep

SECONDS_APART_MAX = 300.0


async def destroy(desk: Desk, now: Callable[[], datetime]) -> None:
    """Destroy what is over. While our clock and the database's disagree, nothing: nobody could bring it back (F35)."""
    async with desk.database.transaction() as session:
        if abs(await pulse.skew(session, now=now())) > SECONDS_APART_MAX:
            return
    async with desk.database.transaction() as session:
        for forget in (
            disclosure.destroy_packages,
            upkeep.forget,
            ages.forget,
            provided.forget,
            answer_links.forget,
        ):
            await forget(session, now=now())
    await disposal.sweep(desk, now)
    async with desk.database.transaction() as session:
        await retention.put_apart(session, now=now())
        await retention.remind(session, now=now())
        await retention.plan(session, now=now())
