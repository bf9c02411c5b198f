"""`rights-desk ledger` and `rights-desk restore`: what was destroyed is proved, and stays destroyed after a restore."""

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, Any

import typer

from app.commanding import fail, read_settings
from app.settings import Settings

if TYPE_CHECKING:
    from app.desk import Desk

ledger_app = typer.Typer(no_args_is_help=True, help="The ledger of destruction.")


@ledger_app.callback()
def _ledger() -> None:
    """Keep `verify` a command of its own, also while it is the only one."""


@ledger_app.command()
def verify() -> None:
    """Read every line of the ledger; exit 1 and the first that does not follow where it does not hold."""
    from app.ledger import Ledger, LedgerError

    settings = read_settings()
    try:
        last = next(iter(deque(Ledger(settings.ledger_dir, settings.audit_key).lines(), maxlen=1)), None)
    except LedgerError as error:
        fail(str(error))
    print(f"{last.seq} lines, head {last.hash.hex()}" if last else "no lines")


def restore() -> None:
    """After a backup was put back, and before anything else is started: destroy again, and hold what it would send.

    Prints how many requests, parts and clients ended again, and what waits for a person. May be run again. Processing
    checks stay closed until an officer says that every stop of the lost time stands (`holds_stand_again`).
    """
    from app import serving
    from app.ledger import LedgerError

    settings = read_settings()
    try:
        with serving.database(settings) as opened:
            done = asyncio.run(_restore(opened))
    except LedgerError as error:
        fail(str(error))
    print(json.dumps(done))


async def _restore(settings: Settings) -> dict[str, Any]:
    from app import db
    from app.opening import open_desk

    desk = open_desk(settings, pool_size=2)
    try:
        async with desk.database.transaction() as session:
            others = await db.others(session)
        if others:
            fail(f"{others} connections are open to this database: stop every process of the desk first")
        return await replay(desk)
    finally:
        await desk.database.dispose()


async def replay(desk: "Desk") -> dict[str, Any]:
    """Hold first, so that nothing can slip out; then destroy, line by line; then what goes by itself."""
    from app import db
    from app.ledger import Ledger
    from app.services import disposal, ledgering, restoring

    lines = list(Ledger(desk.settings.ledger_dir, desk.settings.audit_key).lines())
    async with desk.database.transaction() as session:
        await ledgering.demand_whole(session)
    async with desk.database.transaction() as session:
        done: dict[str, Any] = await restoring.quarantine(session, now=db.now())
    again = 0
    for line in restoring.standing(lines):
        async with desk.database.transaction() as session:
            again += await restoring.replay(session, line, now=db.now())
    await disposal.sweep(desk, db.now)
    done |= {"lines": len(lines), "destroyed_again": again}
    done["set_aside"] = restoring.set_aside(desk.settings.ledger_dir, db.now())
    async with desk.database.transaction() as session:
        await restoring.finish(session, done, now=db.now())
    return done
