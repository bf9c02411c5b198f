"""The example programs as real processes on real ports."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import uvicorn
from fastapi import FastAPI

from app.desk import Desk
from app.http.protocol import DeskProtocol
from tests.api.remembering import until
from tests.examples.sender import ROOT, Start


def _programs() -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(name: str, *flags: str, stop_others: bool = False, kill: bool = False) -> str:
        if stop_others:
            end(kill=kill)
        command = [sys.executable, "-m", f"examples.{name}", *flags]
        one = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        running.append(one)
        assert one.stdout is not None
        return str(json.loads(one.stdout.readline())["url"])

    def end(*, kill: bool = False) -> None:
        while running:
            one = running.pop()
            one.kill() if kill else one.terminate()
            assert one.wait(10) == (-9 if kill else 0)
            assert one.stdout is not None
            one.stdout.close()

    yield begin
    end()


@pytest.fixture
def start() -> Iterator[Start]:
    """Start `python -m examples.<name> ...` and return its address; end it after the test."""
    yield from _programs()


@pytest.fixture(scope="module")
def start_once() -> Iterator[Start]:
    """Start a program that the tests of a module share."""
    yield from _programs()


@pytest.fixture(scope="session")
def closed_port() -> str:
    """Return an address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
async def url(desk: Desk, application: Callable[[Desk], FastAPI]) -> AsyncIterator[str]:
    """The desk on a port."""
    app = application(desk)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, http=DeskProtocol, ws="none", lifespan="off", log_level="error", access_log=False)
    )
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    app.state.holds.waiting.end()
    server.should_exit = True
    await serving
