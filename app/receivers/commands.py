"""`rights-desk webhook` and `rights-desk processor`: for the engineer at a system that holds data."""

import asyncio
import os
import socket
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from app.receivers.keys import SigningKeys
    from app.receivers.report import Row

webhook_app = typer.Typer(no_args_is_help=True, help="Events as their receiver sees them.")
processor_app = typer.Typer(no_args_is_help=True, help="Certify the endpoint of a system that holds data.")

SecretFile = Annotated[Path | None, typer.Option(help="file of the keys; else they come from the environment")]


class Scheme(StrEnum):
    """How events are signed."""

    V1 = "v1"
    V1A = "v1a"


@webhook_app.callback()
def _webhook() -> None:
    """Keep `listen` a command of its own, also while it is the only one."""


@webhook_app.command()
def listen(
    port: Annotated[int, typer.Option(help="0: any free one")] = 8103,
    secret_file: SecretFile = None,
) -> None:
    """Take events on this machine: verify each, print it, answer 204 and challenges with their word.

    Keys (whsec_..., whpk_...): one on each line of --secret-file, which is read at every event; else WEBHOOK_KEYS.
    """
    from aiohttp import web

    from app.receivers import keys, listener

    trusted = partial(keys.trusted, secret_file, os.environ)
    try:
        trusted()
        listening = socket.create_server(("127.0.0.1", port))
    except keys.KeysError as fault:
        _fail(str(fault))
    except OSError:
        _fail(f"port {port} is taken")
    _say(f"http://127.0.0.1:{listening.getsockname()[1]}")
    web.run_app(listener.build(trusted, _say), sock=listening, print=None, access_log=None)


@processor_app.command(name="keys")
def make_keys(scheme: Annotated[Scheme, typer.Option()] = Scheme.V1A) -> None:
    """Print keys for a certification: the file that `certify` reads; its comments say what the endpoint trusts."""
    from app.receivers import keys

    for name, trusts in ((keys.CURRENT, "trusts"), (keys.NEW, "trusts as well"), (keys.ENDED, "trusts no more")):
        signs, kept = keys.pair(scheme)
        _say(f"# the endpoint {trusts} {kept}\n{name}={signs}")


@processor_app.command()
def certify(url: str, secret_file: SecretFile = None) -> None:
    """Try an endpoint with all that may come, and print a report; exit 1 where it fails.

    Keys: WEBHOOK_KEY, and where a rotation is to be tried WEBHOOK_NEW_KEY and WEBHOOK_ENDED_KEY, in the environment or
    as NAME=value lines of --secret-file. Its tasks are nobody's: use an instance for tests.
    """
    from yarl import URL

    from app.receivers import keys, report

    try:
        signing = keys.signing(secret_file, os.environ)
        parsed = URL(url)
    except keys.KeysError as fault:
        _fail(str(fault))
    except ValueError:
        _fail("not an address")
    if parsed.scheme not in ("http", "https") or parsed.host is None:
        _fail("an address begins with https:// or http://")
    rows = asyncio.run(_certify(url, signing))
    if not report.is_whole(rows):
        raise SystemExit(1)


async def _certify(url: str, signing: "SigningKeys") -> "list[Row]":
    from app.receivers import report
    from app.receivers.exchange import Endpoint

    async with Endpoint(url, signing) as endpoint:
        rows = await report.certify(endpoint)
    for line in report.table(endpoint, rows):
        _say(line)
    return rows


def _say(line: str) -> None:
    print(line, flush=True)


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(1)
