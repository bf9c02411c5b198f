"""`rights-desk keys`: what lies under which master key, all of it put under the newest; look-up hashes made anew."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from app.commanding import fail, read_settings
from app.settings import Settings

if TYPE_CHECKING:
    from app.services.rebuilding import Rebuilt

app = typer.Typer(no_args_is_help=True, help="The master keys, and the key of the look-up hashes.")
T = TypeVar("T")
Counts = dict[str, dict[str, int]]


@app.command()
def status() -> None:
    """Say how many values of each column lie under which master key; exit 1 where one is not in MASTER_KEYS."""
    settings = read_settings()
    counts = _on_the_desk(settings, _counts)
    known = [name for name, _ in settings.master_keys]
    _print(counts)
    missing = _ids(counts) - set(known)
    for name in sorted(missing):
        print(f"{name}: not in MASTER_KEYS, nothing under it can be opened", file=sys.stderr)
    for name in known[1:]:
        if name not in _ids(counts):
            print(f"{name}: nothing is left under it, it can be taken out of MASTER_KEYS")
    if missing:
        raise SystemExit(1)


@app.command()
def rotate() -> None:
    """Put every data key and service secret under the newest of MASTER_KEYS; may be killed, and run again.

    Every process has to know the newest key before: put it second, restart all, put it first, restart all, then rotate.
    Exit 1 where something is left under an older key.
    """
    settings = read_settings()
    newest = settings.master_keys[0][0]
    counts = _on_the_desk(settings, _rotated)
    _print(counts)
    left = _ids(counts) - {newest}
    if left:
        fail(f"something is left under {', '.join(sorted(left))}: run it again, or ask status")
    print(f"everything lies under {newest}")


@app.command()
def rebuild() -> None:
    """Make the look-up hashes anew under the newest of LOOKUP_KEY; may be killed, and run again.

    The desk stands still for it: stop every process, put the new key first, rebuild, start them again.
    """
    found = _on_the_desk(read_settings(), _rebuilt)
    print(f"{found.done} requests are found under the newest look-up key")
    if found.lost:
        print(f"{found.lost} open under no key of MASTER_KEYS, and nobody finds them any more", file=sys.stderr)


async def _counts(settings: Settings) -> Counts:
    from app.opening import open_desk
    from app.services import rotation

    desk = open_desk(settings, pool_size=1)
    try:
        async with desk.database.transaction() as session:
            return await rotation.status(session)
    finally:
        await desk.database.dispose()


async def _rotated(settings: Settings) -> Counts:
    from app.opening import open_desk
    from app.services import rotation

    desk = open_desk(settings, pool_size=1)
    try:
        for name, one in (await rotation.rotate(desk)).items():
            print(f"{name}: {one.done} put under {desk.keys.ids[0]}")
            if one.lost:
                print(f"{name}: {one.lost} open under no key of MASTER_KEYS and stay as they are", file=sys.stderr)
    finally:
        await desk.database.dispose()
    return await _counts(settings)


async def _rebuilt(settings: Settings) -> "Rebuilt":
    from app import db
    from app.errors import Conflict
    from app.opening import open_desk
    from app.services import rebuilding

    desk = open_desk(settings, pool_size=1)
    try:
        async with desk.database.transaction() as session:
            others = await db.others(session)
        if others:
            fail(f"{others} connections are open to this database: stop every process of the desk first")
        return await rebuilding.rebuild(desk)
    except Conflict:
        fail("the hashes of this database are of no key in LOOKUP_KEY")
    finally:
        await desk.database.dispose()


def _on_the_desk(settings: Settings, act: Callable[[Settings], Coroutine[Any, Any, T]]) -> T:
    """Do it on the database that runs, or on the embedded one for as long as it takes."""
    from app import embedded, serving
    from app.opening import with_database
    from app.undumped import keep_memory_in

    keep_memory_in()
    try:
        url = settings.database_url or embedded.running_url(settings.data_dir)
        if url is not None:
            return asyncio.run(act(with_database(settings, url)))
        with serving.database(settings) as opened:
            return asyncio.run(act(opened))
    except embedded.EmbeddedError as error:
        fail(str(error))


def _print(counts: Counts) -> None:
    for column, found in counts.items():
        print(column, *(f"{name}={count}" for name, count in found.items()))


def _ids(counts: Counts) -> set[str]:
    return {name for found in counts.values() for name in found}
