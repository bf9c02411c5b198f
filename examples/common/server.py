"""The start of a small HTTP server on a given or a free port."""

import json
import signal
import socket
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request


class TooLargeError(Exception):
    """The body is longer than this server reads."""


def serve(app: Starlette, *, host: str, port: int) -> None:
    """Serve until told to stop. One line of JSON on stdout says where, as soon as connections are taken."""
    # Told to stop before it runs: an ordinary end. Later uvicorn finishes what is open, then raises the signal again.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    listening = socket.create_server((host, port), backlog=128)
    print(json.dumps({"url": f"http://{host}:{listening.getsockname()[1]}"}), flush=True)
    # A proxy's headers are believed by nobody unless somebody names the proxy: left off.
    config = uvicorn.Config(app, log_level="warning", access_log=False, proxy_headers=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listening])


async def read_body(request: Request, *, most: int) -> bytes:
    """Return the raw body, reading no further than the limit."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLargeError
    return bytes(body)
