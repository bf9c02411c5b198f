"""`rights-desk`: serve, work, migrate, make a token, take a bounce, verify the audit chain, write the contract.

Each command imports what it needs when it is called: a token is made without loading a web server.
"""

import asyncio
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from app import audit_commands, key_commands, ledger_commands, policy_commands
from app.commanding import fail, read_settings
from app.receivers import commands as receiver_commands
from app.settings import Settings

if TYPE_CHECKING:
    from app.services.bounces import Bounce

TRY_LATER = 75
"""EX_TEMPFAIL: a mail server keeps what it pipes here, and comes again."""

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(audit_commands.app, name="audit")
app.add_typer(audit_commands.case_app, name="case")
app.add_typer(policy_commands.app, name="policy")
app.add_typer(key_commands.app, name="keys")
app.add_typer(ledger_commands.ledger_app, name="ledger")
app.command()(ledger_commands.restore)
app.add_typer(receiver_commands.webhook_app, name="webhook")
app.add_typer(receiver_commands.processor_app, name="processor")


@app.command()
def serve() -> None:
    """Serve the API; in development with PostgreSQL, worker and examples of its own."""
    settings = read_settings()
    if settings.worker == "inline":
        _must_sign(settings)
    with _uncollected():
        from app import serving

    with _told():
        serving.serve(settings)


@app.command(name="worker")
def work() -> None:
    """Work the queue until told to stop."""
    settings = read_settings()
    _must_sign(settings)
    with _uncollected():
        from app import serving

    with _told():
        serving.work(settings)


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument()] = "head",
    app_role: Annotated[
        str | None, typer.Option(help="the role that serve and worker run as, given what they need")
    ] = None,
) -> None:
    """Bring the database's schema up to a revision; then let the role of the service append to the audit chain only."""
    settings = read_settings()
    from app import migrations, serving

    with _told(), serving.database(settings) as opened:
        migrations.upgrade(serving.address(opened), revision)
        if app_role is not None:
            try:
                migrations.allow(serving.address(opened), app_role)
            except migrations.RoleError as error:
                fail(str(error))


@app.command()
def token(
    role: Annotated[str, typer.Option()],
    sub: Annotated[str, typer.Option()],
    agent: Annotated[str | None, typer.Option()] = None,
    site: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Print a token of this instance, and nothing else."""
    settings = read_settings()
    from app import db
    from app.tokens import LIFETIME, Issuer, Role

    if role not in {one.value for one in Role} - {Role.REQUESTER.value}:
        fail(f"no such role: {role}")
    issuer = Issuer(settings.issuer, settings.token_key)
    print(issuer.issue(role, sub, LIFETIME[Role(role)], now=db.now(), agent=agent, site=site))


@app.command()
def openapi(check: Annotated[bool, typer.Option(help="only say whether the file is fresh")] = False) -> None:
    """Write openapi/openapi.json from the code, or check that it is fresh."""
    from app import contract, main

    api = main.bare(docs=True)
    if check:
        if not contract.is_fresh(api):
            fail("openapi/openapi.json is not what the code says: run make openapi")
        return
    contract.FILE.parent.mkdir(exist_ok=True)
    contract.FILE.write_text(contract.text(api), encoding="utf-8")


@app.command()
def bounce() -> None:
    """Read a mail server's report of a mail of ours (RFC 3464) from stdin: for its pipe from MAIL_FROM.

    What is no such report is let go in silence, so that no mail goes in circles; exit 75 has the server try again.
    """
    from app.services import bounces

    found = bounces.read(sys.stdin.buffer.read(bounces.BYTES_MAX + 1))
    if found is None:
        return
    settings = read_settings()
    from sqlalchemy.exc import SQLAlchemyError

    from app import embedded
    from app.opening import with_database

    url = settings.database_url or embedded.running_url(settings.data_dir)
    if url is None:
        fail("the service does not run", code=TRY_LATER)
    try:
        asyncio.run(_take(with_database(settings, url), found))
    except (OSError, SQLAlchemyError):
        fail("the database does not answer", code=TRY_LATER)


async def _take(settings: Settings, found: "Bounce") -> None:
    from app import db
    from app.desk import MACHINE
    from app.errors import NotFound
    from app.opening import open_desk
    from app.services import receipts

    desk = open_desk(settings, pool_size=1)
    try:
        async with desk.database.transaction() as session:
            await receipts.take(session, found.ref, found.result, found.status, by=MACHINE, now=db.now())
    except NotFound:
        return
    finally:
        await desk.database.dispose()


def _must_sign(settings: Settings) -> None:
    """Who works the queue signs the audit chain: an API may be without the key, a worker may not start without it."""
    if settings.audit_key is None:
        fail("AUDIT_KEY: is required where the queue is worked, for the audit chain is signed there")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Import without looking for garbage in between: what is imported stays for good; a sixth of the time is saved."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def _told() -> Iterator[None]:
    """What an operator can mend is told in one sentence, not in a traceback."""
    from app.crypto import KeyringError
    from app.embedded import EmbeddedError
    from app.ledger import LedgerError
    from app.marked import FileError

    try:
        yield
    except (EmbeddedError, FileError, KeyringError, LedgerError) as error:
        fail(str(error))


if __name__ == "__main__":
    app()
