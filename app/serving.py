"""One instance as a process: database, API, worker and examples, started in order and ended together."""

import asyncio
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from socket import socket

import uvicorn
import uvloop
from sqlalchemy.exc import SQLAlchemyError

from app import db, embedded, logs, main, migrations, worker
from app.crypto import KeyringError
from app.desk import Desk
from app.household import Household
from app.http.protocol import DeskProtocol
from app.law.controller import Policy
from app.opening import open_desk, with_database
from app.services import rebuilding
from app.services.hold_waiting import Waiting
from app.settings import Settings
from app.tokens import LIFETIME, Role
from app.undumped import keep_memory_in

GRACE_SECONDS = 20


def serve(settings: Settings) -> None:
    """Serve until told to stop; in development with everything it needs beside it."""
    keep_memory_in()
    logs.set_up(settings.log_level, pretty=settings.development)
    with _household(settings) as household, database(settings) as opened:
        if opened.development:
            migrations.bring_up(address(opened))
        url = household.register_url() if household and opened.register_url is None else None
        if url is not None:
            opened = replace(opened, register_url=url)
        uvloop.run(_serve(open_desk(opened), household))


def work(settings: Settings) -> None:
    """Work the queue until told to stop."""
    keep_memory_in()
    logs.set_up(settings.log_level, pretty=settings.development)
    with database(settings) as opened:
        uvloop.run(_work(open_desk(opened, pool_size=worker.AT_ONCE * 2)))


@contextmanager
def database(settings: Settings) -> Iterator[Settings]:
    """The database that the settings name, or the embedded one for as long as this process lives."""
    if settings.database_url is not None:
        yield settings
        return
    with embedded.start(settings.data_dir) as cluster:
        yield with_database(settings, cluster.url)


def address(settings: Settings) -> str:
    """Where migrations run: beside a transaction pooler where there is one."""
    url = settings.database_direct_url or settings.database_url
    assert url is not None
    return url


def _household(settings: Settings) -> "Household | nullcontext[None]":
    if not settings.examples:
        return nullcontext(None)
    return Household(settings.data_dir / "examples", settings.register_secret or "")


class _Server(uvicorn.Server):
    """Calls in whoever waits for a change of the holds before it waits for them (ADR 0041)."""

    def __init__(self, config: uvicorn.Config, waiting: Waiting) -> None:
        super().__init__(config)
        self._waiting = waiting

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End once every call that is under way is answered."""
        self._waiting.end()
        await super().shutdown(sockets)


async def _serve(desk: Desk, household: Household | None) -> None:
    """API and, inline, the worker, in one loop; both end together."""
    await _refuse_unfit(desk)
    settings = desk.settings
    app = main.create(desk)
    server = _Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http=DeskProtocol,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=30,
        ),
        app.state.holds.waiting,
    )
    stop = asyncio.Event()
    beside = [asyncio.create_task(_announce(desk, server, household))]
    if settings.worker == "inline":
        beside.append(asyncio.create_task(worker.run(desk, stop, alone=settings.development)))
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises the signal again once it has stopped; by default that would kill worker, database and examples.
        signal.signal(number, lambda *_: None)
    try:
        await server.serve()
    finally:
        stop.set()
        beside[0].cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await desk.database.dispose()


async def _refuse_unfit(desk: Desk) -> None:
    """Under another look-up key nobody is found, and no hold: then nothing starts.

    A database that is away, or older than this code, is waited for as ever, and readiness looks again.
    """
    try:
        async with desk.database.transaction() as session:
            fits = await rebuilding.claim(session)
    except (SQLAlchemyError, OSError):
        return
    if not fits:
        await desk.database.dispose()
        raise KeyringError("the hashes of this database are not of LOOKUP_KEY, or a rebuild of them was not finished")


async def _work(desk: Desk) -> None:
    await _refuse_unfit(desk)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await worker.run(desk, stop, alone=False)
    await desk.database.dispose()


async def _announce(desk: Desk, server: uvicorn.Server, household: Household | None) -> None:
    """Once ready: have the examples register themselves, and print how to call."""
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
        await asyncio.sleep(0.02)
    if not desk.settings.development:
        return
    port = server.servers[0].sockets[0].getsockname()[1]
    api = f"http://{desk.settings.host}:{port}"
    system_id = None
    if household is not None:
        admin = desk.issuer.issue("admin", "examples", timedelta(minutes=10), now=db.now())
        system_id = await asyncio.to_thread(household.register, api, admin)
    print(_how_to_call(desk, api, system_id), flush=True)


def _how_to_call(desk: Desk, api: str, system_id: str | None) -> str:
    def line(role: str, sub: str, path: str, agent: str | None = None) -> str:
        made = desk.issuer.issue(role, sub, LIFETIME[Role(role)], now=db.now(), agent=agent)
        return f"# {role}\ncurl -s '{api}{path}' -H 'Authorization: Bearer {made}'"

    lines = [
        "",
        f"ready     {api}",
        f"docs      {api}/docs",
        f"outbox    {desk.settings.outbox_dir}",
        "",
        line("website", "website-1", "/v1/requests") + _filing(desk.policy, "web"),
        line("call_center", "call-center-1", "/v1/requests", agent="a17") + _filing(desk.policy, "phone"),
        line("officer", "officer-1", "/v1/claims"),
        line("approver", "approver-1", "/v1/claims"),
        line("admin", "admin-1", "/v1/systems"),
        line("auditor", "auditor-1", "/v1/policy"),
        line("system", system_id or "00000000-0000-7000-8000-000000000000", "/v1/tasks?status=pending"),
        "",
    ]
    return "\n".join(lines)


def _filing(policy: Policy, channel: str) -> str:
    """A filing that this controller takes as it stands."""
    known = {"name": "홍길동", "phone": "010-1234-5678"}
    # What nobody has to read first is answered at once.
    category = min(policy.categories.values(), key=lambda one: (not one.fields, one.has_free_text)).id
    body = {
        "capacity": "self",
        "channel": channel,
        "subject": known if policy.named else {"customer_no": "gildong", "phone": known["phone"]},
        "claims": [{"right": "access", "aspects": ["items", "purposes"], "categories": [category]}],
        "notify_by": "sms",
    }
    filed = json.dumps(body, ensure_ascii=False)
    return f" -X POST -H 'Idempotency-Key: first' -H 'Content-Type: application/json' -d '{filed}'"
