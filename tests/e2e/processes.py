"""The desk as it runs: API and workers as processes, a real mail server, a real SMS gateway, real holders."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, TypeVar

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
T = TypeVar("T")


class Process:
    """One process of ours; killed for good when the test ends, whatever happened."""

    def __init__(self, *command: str, env: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as err, log.with_suffix(".out").open("ab") as out:
            self._popen = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, **env, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """By what the system knows it."""
        return self._popen.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, if it did."""
        return self._popen.poll()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the whole group."""
        if self._popen.poll() is None:
            os.killpg(self._popen.pid, number)

    def stop(self, *, seconds: float = 30) -> int:
        """Ask it to end, and wait."""
        self.send(signal.SIGTERM)
        return self._popen.wait(timeout=seconds)

    async def ended(self, *, seconds: float = PATIENCE_SECONDS) -> int:
        """Wait until it ended by itself."""
        return await asyncio.to_thread(self._popen.wait, seconds)

    def kill(self) -> None:
        """End it for good."""
        self.send(signal.SIGKILL)
        self._popen.wait(timeout=10)


class Mailbox:
    """A real SMTP server that keeps what it was given."""

    def __init__(self) -> None:
        self.mails: list[dict[str, str]] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        mail = message_from_bytes(content, policy=policy.default)
        self.mails.append(
            {
                "to": envelope.rcpt_tos[0],
                "subject": str(mail["subject"]),
                "message_id": str(mail["message-id"]),
                "text": mail.get_content(),
            }
        )
        return "250 OK"

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        """SMTP_URL."""
        return f"smtp://127.0.0.1:{self._controller.port}"


class SmsGateway:
    """A gateway that takes SMS over HTTP and keeps them."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.app = Starlette(routes=[Route("/sms", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> JSONResponse:
        assert request.headers["authorization"] == "Bearer sms-token"
        self.messages.append(await request.json())
        return JSONResponse({"id": f"sms-{len(self.messages)}"})


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def until(ask: Callable[[], Awaitable[T]], what: str, *, seconds: float = PATIENCE_SECONDS) -> T:
    """Ask again and again until the answer is true, or say what never came."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = await ask()
        except httpx.TransportError:
            found = None  # type: ignore[assignment]
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        await asyncio.sleep(0.05)


async def ready(url: str) -> None:
    """Wait until an API answers that it is ready."""

    async def answers() -> bool:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"{url}/readyz")).status_code == 200

    await until(answers, "readiness")


def holder(folder: Path, name: str, *options: str) -> tuple[Process, str]:
    """An example processor, started before it is registered; returns it and its address."""
    log, port = folder / f"{name}.log", free_port()
    process = Process(
        "-m", "examples.processor", "--name", name, "--port", str(port), "--config", str(folder / f"{name}.json"),
        "--store", str(folder / f"{name}-store.json"), *options, env={}, log=log,
    )  # fmt: skip
    return process, f"http://127.0.0.1:{port}/"


def configure(folder: Path, name: str, api: str, registered: dict[str, Any], scheme: str) -> None:
    """Give a holder what its registration answered, as one whole file."""
    keys = [one.get("secret") or one["public_key"] for one in registered["keys"]]
    content = {"api": api, **registered["client"], "scheme": scheme, "keys": keys}
    unfinished = folder / f"{name}.tmp"
    unfinished.write_text(json.dumps(content), encoding="utf-8")
    unfinished.rename(folder / f"{name}.json")
