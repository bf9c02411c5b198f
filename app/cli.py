"""`rights-desk`: serve, work, migrate, make a token, verify the audit chain, write the contract."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, NoReturn

import typer
import uvicorn
import uvloop

from app import contract, db, embedded, logs, main, migrations, worker
from app.desk import Desk
from app.embedded import EmbeddedError
from app.http.protocol import DeskProtocol
from app.opening import open_desk, with_database
from app.services import audit
from app.settings import ROOT, Settings, SettingsError
from app.tokens import LIFETIME, Issuer, Role

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
audit_app = typer.Typer(no_args_is_help=True, help="The audit chain.")
app.add_typer(audit_app, name="audit")
GRACE_SECONDS = 20


@app.command()
def serve() -> None:
    """Serve the API; in development with PostgreSQL, worker and examples of its own."""
    settings = _settings()
    logs.set_up(settings.log_level, pretty=settings.development)
    with _database(settings) as settings, _examples(settings) as (settings, household):
        if settings.development:
            migrations.bring_up(_url(settings))
        uvloop.run(_serve(open_desk(settings), household))


@app.command(name="worker")
def work() -> None:
    """Work the queue until told to stop."""
    settings = _settings()
    logs.set_up(settings.log_level, pretty=settings.development)
    with _database(settings) as settings:
        uvloop.run(_work(open_desk(settings, pool_size=worker.AT_ONCE * 2)))


@app.command()
def migrate(revision: Annotated[str, typer.Argument()] = "head") -> None:
    """Bring the database's schema up to a revision."""
    with _database(_settings()) as settings:
        migrations.upgrade(settings.database_direct_url or _url(settings), revision)


@app.command()
def token(
    role: Annotated[str, typer.Option()],
    sub: Annotated[str, typer.Option()],
    agent: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Print a token of this instance, and nothing else."""
    settings = _settings()
    if role not in {one.value for one in Role} - {Role.REQUESTER.value}:
        _fail(f"no such role: {role}")
    issuer = Issuer(settings.issuer, settings.token_key)
    print(issuer.issue(role, sub, LIFETIME[Role(role)], now=db.now(), agent=agent))


@app.command()
def openapi(check: Annotated[bool, typer.Option(help="only say whether the file is fresh")] = False) -> None:
    """Write openapi/openapi.json from the code, or check that it is fresh."""
    api = main.bare(docs=True)
    if check:
        if not contract.is_fresh(api):
            _fail("openapi/openapi.json is not what the code says: run make openapi")
        return
    contract.FILE.parent.mkdir(exist_ok=True)
    contract.FILE.write_text(contract.text(api), encoding="utf-8")


@audit_app.command(name="verify")
def verify_audit() -> None:
    """Read the chain from the first entry to the last; exit 1 and the first bad entry where it does not hold."""
    settings = _settings()
    url = settings.database_url or embedded.running_url(settings.data_dir)
    if url is not None:
        verdict = asyncio.run(_verify(with_database(settings, url)))
    else:
        with _database(settings) as opened:
            verdict = asyncio.run(_verify(opened))
    if verdict.first_bad is not None:
        _fail(f"the chain breaks at entry {verdict.first_bad}")
    print(f"{verdict.entries} entries, head {verdict.head.hex()}")


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        _fail(str(error))


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def _url(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url


@contextmanager
def _database(settings: Settings) -> Iterator[Settings]:
    """The database that the settings name, or the embedded one for as long as this process lives."""
    if settings.database_url is not None:
        yield settings
        return
    try:
        cluster = embedded.start(settings.data_dir)
    except EmbeddedError as error:
        _fail(str(error))
    with cluster:
        yield with_database(settings, cluster.url)


@contextmanager
def _examples(settings: Settings) -> Iterator[tuple[Settings, "subprocess.Popen[str] | None"]]:
    """The example register and systems beside a development instance; they end when this process does."""
    if not settings.examples:
        yield settings, None
        return
    household = subprocess.Popen(
        [sys.executable, "-m", "examples.household", str(settings.data_dir / "examples")],
        cwd=ROOT,
        env={**os.environ, "REGISTER_SECRET": settings.register_secret or _register_secret(settings)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert household.stdin is not None and household.stdout is not None
    try:
        first = json.loads(household.stdout.readline())
        if settings.register_url is None:
            settings = replace(settings, register_url=first["register_url"], register_secret=_register_secret(settings))
        yield settings, household
    finally:
        household.stdin.close()
        household.wait(timeout=10)


def _register_secret(settings: Settings) -> str:
    """The secret shared with the example register of this folder."""
    return Settings.load({**os.environ, "REGISTER_URL": "http://127.0.0.1:1"}).register_secret or ""


async def _serve(desk: Desk, household: "subprocess.Popen[str] | None") -> None:
    """API and, inline, the worker, in one loop; both end together."""
    settings = desk.settings
    server = uvicorn.Server(
        uvicorn.Config(
            main.create(desk),
            host=settings.host,
            port=settings.port,
            http=DeskProtocol,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=30,
        )
    )
    stop = asyncio.Event()
    working = None
    if settings.worker == "inline":
        working = asyncio.create_task(worker.run(desk, stop, alone=settings.development))
    announcing = asyncio.create_task(_announce(desk, server, household))
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises the signal again once it has stopped; by default that would kill worker, database and examples.
        signal.signal(number, lambda *_: None)
    try:
        await server.serve()
    finally:
        announcing.cancel()
        stop.set()
        await asyncio.gather(announcing, *([working] if working else []), return_exceptions=True)
        await desk.database.dispose()


async def _work(desk: Desk) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await worker.run(desk, stop, alone=False)
    await desk.database.dispose()


async def _announce(desk: Desk, server: uvicorn.Server, household: "subprocess.Popen[str] | None") -> None:
    """Once ready: have the examples register themselves, and print how to call."""
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
        await asyncio.sleep(0.02)
    settings = desk.settings
    bound = server.servers[0].sockets[0].getsockname()[1]
    address = f"http://{settings.host}:{bound}"
    system_id = None
    if household is not None and household.stdin is not None and household.stdout is not None:
        admin = desk.issuer.issue("admin", "examples", timedelta(minutes=10), now=db.now())
        household.stdin.write(json.dumps({"api": address, "token": admin}) + "\n")
        household.stdin.flush()
        told = await asyncio.to_thread(household.stdout.readline)
        system_id = json.loads(told)["systems"][0]["id"] if told else None
    if settings.development:
        print(_how_to_call(desk, address, system_id), flush=True)


def _how_to_call(desk: Desk, address: str, system_id: str | None) -> str:
    def line(role: str, sub: str, path: str, agent: str | None = None) -> str:
        made = desk.issuer.issue(role, sub, LIFETIME[Role(role)], now=db.now(), agent=agent)
        return f"# {role}\ncurl -s {address}{path} -H 'Authorization: Bearer {made}'"

    body = json.dumps(
        {
            "capacity": "self",
            "channel": "web",
            "subject": {"name": "홍길동", "phone": "010-1234-5678"},
            "claims": [{"right": "access", "aspects": ["items", "purposes"], "categories": ["online_mall"]}],
            "notify_by": "sms",
        },
        ensure_ascii=False,
    )
    filing = f" -X POST -H 'Idempotency-Key: first' -H 'Content-Type: application/json' -d '{body}'"
    lines = [
        "",
        f"ready     {address}",
        f"docs      {address}/docs",
        f"outbox    {desk.settings.outbox_dir}",
        "",
        line("website", "kt-site", "/v1/requests") + filing,
        line("call_center", "kt-cs", "/v1/requests", agent="a17")
        + filing.replace('"web"', '"phone"').replace("first", "second"),
        line("officer", "officer-1", "/v1/claims"),
        line("approver", "approver-1", "/v1/claims"),
        line("admin", "admin-1", "/v1/systems"),
        line("auditor", "auditor-1", "/v1/policy"),
        line("system", system_id or "00000000-0000-7000-8000-000000000000", "/v1/tasks?status=pending"),
        "",
    ]
    return "\n".join(lines)


async def _verify(settings: Settings) -> audit.Verdict:
    desk = open_desk(settings, pool_size=1)
    try:
        async with desk.database.transaction() as session:
            return await audit.verify(session)
    finally:
        await desk.database.dispose()


if __name__ == "__main__":
    app()
