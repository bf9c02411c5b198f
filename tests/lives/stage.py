"""A desk that can die: API, worker and connections are made anew over the same database and the same keys."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from app import db, main, opening, worker
from app.settings import ROOT, Settings
from app.tokens import LIFETIME, Role
from examples.register.__main__ import build
from tests.common_database import CommonDatabase
from tests.conftest import REGISTER_SECRET, read_once, serving
from tests.house import House, Workshop

T = TypeVar("T")
FAMILY_NAMES = ("한가람", "한나래", "한다솔", "한라온", "한마루", "한바다")


def person(place: int) -> dict[str, Any]:
    """Somebody whom the register knows by two ways: what is asked over one is told over the other."""
    return {
        "name": FAMILY_NAMES[place],
        "phone": f"010-0000-88{place:02d}",
        "email": f"lives-{place}@example.com",
    }


class People:
    """The register's book."""

    def read(self) -> list[dict[str, Any]]:
        return [_registered(place) for place in range(len(FAMILY_NAMES))]


def _registered(place: int) -> dict[str, Any]:
    known = person(place)
    since = {"since": "2024-03-01", "holder": "subject"}
    return {
        "subject_ref": f"C-88{place:02d}",
        "account_id": None,
        "name": known["name"],
        "birth_date": "1990-01-02",
        "contacts": [
            {"kind": "phone", "value": f"+821000008{800 + place}", **since},
            {"kind": "email", "value": known["email"], **since},
        ],
        "guardians": [],
        "flags": [],
    }


class Mortal(Workshop):
    """A worker that does nothing while it is dead."""

    dead = False

    async def run(self) -> None:
        if not self.dead:
            await super().run()


class Stage:
    """One database, and one desk after the other over it; hypothesis is not asynchronous, so the loop is kept here."""

    def __init__(self, url: str, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._app = main.bare(docs=True)
        self._register = serving(build(REGISTER_SECRET, People()))  # type: ignore[arg-type]
        self._environment = {
            "DATABASE_URL": url,
            "REGISTER_URL": self._register.__enter__(),
            "REGISTER_SECRET": REGISTER_SECRET,
        }
        self._folder, self.lives = folder, 0
        self.done: Counter[str] = Counter()
        """How often each act was tried."""
        self.common = CommonDatabase(url)
        self._pool = self.common.open()
        self.run(self._pool.__aenter__())
        self._open = AsyncExitStack()

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(act)

    def new_life(self) -> House:
        """An empty database, other keys."""
        self.lives += 1
        self._environment["DATA_DIR"] = str(self._folder / str(self.lives))
        return self.run(self._rise())

    def restart(self) -> House:
        """The desk is gone, and another stands in its place."""
        return self.run(self._restart())

    def end_life(self) -> None:
        self.run(self._open.aclose())
        self.run(self.common.empty())

    def kill_a_worker(self, seconds: float) -> None:
        """A real worker over the same database, killed while it works."""
        environment = {"PATH": os.environ["PATH"], **self._environment}
        begun = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "worker"], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL
        )
        try:
            begun.wait(seconds)
        except subprocess.TimeoutExpired:
            begun.send_signal(signal.SIGKILL)
        assert begun.wait() == -signal.SIGKILL, "it ended by itself"

    def close(self) -> None:
        self.run(self._pool.__aexit__(None, None, None))
        self._register.__exit__(None, None, None)
        self._loop.close()

    async def _restart(self) -> House:
        await self._open.aclose()
        house = await self._rise()
        await worker.revive(house.workshop.queue, everything=True)
        return house

    async def _rise(self) -> House:
        settings = Settings.load(self._environment)
        desk = opening.over(
            db.Database(settings.database_url or "", pool_size=6),
            settings,
            *read_once(settings.policy_file, settings.rulebook_dir),
        )
        main.furnish(self._app, desk)
        self._open = AsyncExitStack()
        self._open.push_async_callback(desk.database.dispose)
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://desk.example.com")
        api = await self._open.enter_async_context(client)
        workshop = await self._open.enter_async_context(Mortal(desk).open())

        def token(role: str, sub: str, *, ttl: timedelta | None = None, **claims: object) -> str:
            return desk.issuer.issue(role, sub, ttl or LIFETIME[Role(role)], now=db.now(), **claims)

        return House(desk, api, token, workshop)
