"""Real parts for every test: PostgreSQL, the register over HTTP, files for mail and SMS, the worker's own handlers."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

import httpx
import psycopg
import pytest
import uvicorn
from fastapi import FastAPI

from app import db, embedded, main, migrations, opening
from app.desk import Desk
from app.law.deadline import seoul_date, seoul_midnight
from app.settings import Settings
from app.tokens import LIFETIME, Role
from examples.common.files import WatchedFile
from examples.register.__main__ import INVENTED_PEOPLE, build
from tests.common_database import CommonDatabase
from tests.house import House, Workshop

REGISTER_SECRET = "whsec_" + "ZXhhbXBsZS1yZWdpc3Rlci1zZWNyZXQtMDEyMzQ1Njc4OQ=="
TEMPLATE = "desk_template"
SHIPPED = Path(__file__).parent.parent / "policies"

A_TEST = 40.0
"""Seconds: longer than a test takes that compares days."""


def pytest_runtest_setup() -> None:
    """No test begins so late on a Korean day that it would end on the next: what it expects is of one day."""
    present = db.now()
    left = (seoul_midnight(seoul_date(present) + timedelta(days=1)) - present).total_seconds()
    if left < A_TEST:
        time.sleep(left)


read_once = cache(opening.read)
"""The law and the promises as they are shipped, which no test changes."""


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A PostgreSQL for this run: `DATABASE_URL` where it is set, else the embedded one."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="desk-tests-", dir=_in_memory()))
    with embedded.start(folder) as running:
        _without_waiting_for_the_disk(running.url)
        yield running.url
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(cluster: str) -> str:
    """A migrated database from which each test's own is copied."""
    with _maintenance(cluster) as server:
        server.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        server.execute(f"CREATE DATABASE {TEMPLATE}")
    migrations.upgrade(_named(cluster, TEMPLATE))
    return TEMPLATE


@pytest.fixture
def database_url(cluster: str, template: str) -> Iterator[str]:
    """A database of this test's own."""
    with _copied(cluster, template) as url:
        yield url


@pytest.fixture(scope="session")
async def common(cluster: str, template: str) -> AsyncIterator[CommonDatabase]:
    """The database that the tests of this process share, one after the other."""
    with _copied(cluster, template) as url:
        async with CommonDatabase(url).open() as opened:
            yield opened


@pytest.fixture
async def desk_url(common: CommonDatabase) -> AsyncIterator[str]:
    """The database under the desk; a module whose tests would spoil it overrides this with `database_url`."""
    yield common.url
    await common.empty()


@pytest.fixture(scope="session")
def register_url() -> Iterator[str]:
    """The example register, over HTTP."""
    with serving(build(REGISTER_SECRET, WatchedFile(INVENTED_PEOPLE))) as url:
        yield url


class serving:  # noqa: N801 - reads as a phrase
    """An ASGI application on a real socket, in a thread of its own."""

    def __init__(self, app: object) -> None:
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))  # type: ignore[arg-type]
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            threading.Event().wait(0.01)
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)


@pytest.fixture
def environment(desk_url: str, register_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of this test's instance; a test may change them before it asks for the desk."""
    return {
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": desk_url,
        "REGISTER_URL": register_url,
        "REGISTER_SECRET": REGISTER_SECRET,
    }


@pytest.fixture
async def desk(environment: dict[str, str], request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """A desk over an empty database."""
    settings = Settings.load(environment)
    files = settings.policy_file, settings.rulebook_dir
    law, promises = read_once(*files) if files[0].is_relative_to(SHIPPED) and files[1] is None else opening.read(*files)
    common = _shared(request, environment)
    if common is not None:
        yield opening.over(common.database, settings, law, promises)
        return
    database = db.Database(environment["DATABASE_URL"], pool_size=12)
    yield opening.over(database, settings, law, promises)
    await database.dispose()


@pytest.fixture(scope="session")
def application() -> Callable[[Desk], FastAPI]:
    """The API over a desk: its hundred routes are worked out once, not for every test."""
    made: dict[bool, FastAPI] = {}

    def over(desk: Desk) -> FastAPI:
        docs = desk.settings.docs
        if docs not in made:
            made[docs] = main.bare(docs=docs)
        app = made[docs]
        main.furnish(app, desk)
        return app

    return over


@pytest.fixture
async def api(desk: Desk, application: Callable[[Desk], FastAPI]) -> AsyncIterator[httpx.AsyncClient]:
    """The API over that desk."""
    transport = httpx.ASGITransport(application(desk), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example.com") as client:
        yield client


@pytest.fixture
def token(desk: Desk) -> Callable[..., str]:
    """Makes tokens of this instance."""

    def make(role: str, sub: str, *, ttl: timedelta | None = None, **claims: object) -> str:
        return desk.issuer.issue(role, sub, ttl or LIFETIME[Role(role)], now=db.now(), **claims)

    return make


@pytest.fixture
async def workshop(desk: Desk, environment: dict[str, str], request: pytest.FixtureRequest) -> AsyncIterator[Workshop]:
    """The worker's handlers, run until nothing waits."""
    common = _shared(request, environment)
    async with Workshop(desk).open(common and common.queue_pool) as opened:
        yield opened


@pytest.fixture
def house(desk: Desk, api: httpx.AsyncClient, token: Callable[..., str], workshop: Workshop) -> House:
    """Everybody who uses the desk, in one place."""
    return House(desk, api, token, workshop)


def _shared(request: pytest.FixtureRequest, environment: dict[str, str]) -> CommonDatabase | None:
    """The common database, where this test's desk is over it."""
    if "common" not in request.fixturenames:
        return None
    common: CommonDatabase = request.getfixturevalue("common")
    return common if common.url == environment["DATABASE_URL"] else None


@contextmanager
def _copied(cluster: str, template: str) -> Iterator[str]:
    """A copy of the migrated database, dropped at the end."""
    name = f"desk_{db.new_id().hex}"
    with _maintenance(cluster) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield _named(cluster, name)
    with _maintenance(cluster) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _in_memory() -> Path | None:
    """A folder in memory where there is room for one: a database for each test is some hundred files."""
    shared = Path("/dev/shm")
    return shared if shared.is_dir() and shutil.disk_usage(shared).free > 2**31 else None


def _without_waiting_for_the_disk(url: str) -> None:
    """No test cuts the power of this server; those that kill one start their own, with full durability."""
    with _maintenance(url) as server:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            server.execute(f"ALTER SYSTEM SET {name} = off")
        server.execute("SELECT pg_reload_conf()")


def _maintenance(url: str) -> psycopg.Connection[tuple[object, ...]]:
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    return psycopg.connect(plain, dbname="postgres", autocommit=True)


def _named(url: str, name: str) -> str:
    """The same server, another database."""
    address, mark, query = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{mark}{query}"
