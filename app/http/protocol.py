"""HTTP/1.1 below ASGI: what cannot be parsed is answered as a problem too, and a head is not waited for without end.

Use as `uvicorn.Config(app, http=DeskProtocol, ws="none", server_header=False, access_log=False)`.
"""

import asyncio
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from uuid import uuid4

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.errors import Malformed, Problem
from app.http.limits import ALWAYS, HEADER_BYTES_MAX
from app.http.problems import MEDIA_TYPE, document, headers_for, language

HEAD_SECONDS_MAX: Final = 30.0
LINGER_SECONDS_MAX: Final = 10.0


class DeskProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a bound on the head in bytes and in time, and with problem documents.

    Who closes while bytes still come in sends a reset, and the reset can overtake the answer. So what comes after an
    early answer is thrown away for a while, and only then is the connection closed.
    """

    head_seconds = HEAD_SECONDS_MAX
    linger_seconds = LINGER_SECONDS_MAX
    _head_open = True
    _head_bytes = 0
    _body_open = False
    _refused = False
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head that does not end; the parser would keep all of it."""
        if self._refused:
            return
        was_open = self._head_open
        super().data_received(data)
        if was_open and self._head_open:
            self._head_bytes += len(data)
            if self._head_bytes > HEADER_BYTES_MAX:
                self._refuse(Malformed("request.headers_too_large"))

    def on_message_begin(self) -> None:
        """Another head begins."""
        super().on_message_begin()
        self._head_open, self._head_bytes = True, 0
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        """The head is here."""
        self._head_open, self._body_open = False, True
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is here."""
        self._body_open = False
        self._stop_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Do not read the rest of a body for ever once its call is answered."""
        super().on_response_complete()
        if self._body_open and not self.transport.is_closing():
            self._wait(self.linger_seconds, self.transport.close)

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser refused; uvicorn calls this while it holds the parser's error."""
        unknown = isinstance(sys.exc_info()[1], httptools.HttpParserInvalidMethodError)
        tunnel = self.parser.get_method() == b"CONNECT"
        self._refuse(Malformed("request.method_not_allowed" if unknown or tunnel else "request.malformed"))

    def _wait_for_head(self) -> None:
        self._wait(self.head_seconds, self._head_late)

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, then)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _head_late(self) -> None:
        cycle: RequestResponseCycle | None = self.cycle  # none yet on a new connection
        if cycle is not None and not cycle.response_complete:
            # The head of a pipelined call: the answer before it goes first.
            self._wait_for_head()
        else:
            self._refuse(Malformed("request.timeout"))

    def _sent(self) -> list[tuple[bytes, bytes]]:
        """The headers so far; uvicorn has no list of them before the first line began."""
        found: list[tuple[bytes, bytes]] | None = getattr(self, "headers", None)
        return found or []

    def _refuse(self, problem: Problem) -> None:
        self._stop_waiting()
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        accepted = next((value for name, value in self._sent() if name == b"accept-language"), b"")
        tongue = language(accepted.decode("latin-1"))
        instance = str(uuid4())
        entry, body = document(problem, instance=instance, tongue=tongue)
        headers = headers_for(problem, entry, tongue) | {name.decode(): value.decode() for name, value in ALWAYS}
        headers |= {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), "Request-Id": instance}
        headers |= {"Connection": "close"}
        lines = [f"HTTP/1.1 {entry.status} {HTTPStatus(entry.status).phrase}", *map(": ".join, headers.items()), "", ""]
        self.transport.write("\r\n".join(lines).encode("latin-1") + body)
        if self.transport.can_write_eof():
            self.transport.write_eof()
            self._wait(self.linger_seconds, self.transport.close)
        else:
            self.transport.close()
