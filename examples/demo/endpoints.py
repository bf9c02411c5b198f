"""Endpoints of the demo's own: one that fails as often as it is told, one that is gone after its challenge."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from examples.common.signature import SignatureRefusedError, verify

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """One event as it came over the wire, and how it was answered."""

    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def id(self) -> str:
        """Return by what a repeat is known."""
        return self.headers["webhook-id"]

    @property
    def data(self) -> JSON:
        """Return what it tells."""
        told: JSON = json.loads(self.body)["data"]
        return told

    def signed_by(self, key: str) -> bool:
        """Tell whether a receiver that knows this key alone would believe it."""
        try:
            verify(self.headers, self.body, [key], now=time.time())
        except SignatureRefusedError:
            return False
        return True


@dataclass
class Endpoint:
    """A receiver on loopback that says challenges back and answers the first few other events with 500."""

    failures: int = 0
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _door(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def end(self) -> None:
        """Take no more connections."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Answer one event."""
        told = json.loads(body)
        if told["type"] == "endpoint.challenge":
            return 200, json.dumps(told["data"]).encode()
        status = 500 if len(self.heard) < self.failures else 204
        self.heard.append(Heard(headers, body, status))
        return status, b""


def _door(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = endpoint.take(headers, self.rfile.read(int(headers["content-length"])))
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Door
