"""The door: what every request passes before anything reads it. Pure ASGI; a few microseconds."""

import re
from asyncio import get_running_loop, timeout_at
from typing import Final
from urllib.parse import unquote_to_bytes

import uuid_utils
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Malformed, NotFound, Problem, TooLarge, Unavailable
from app.http.problems import PAGES, internal, problem_response

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
HEADERS_MAX: Final = 100
HEADER_BYTES_MAX: Final = 32 * 1024
TARGET_BYTES_MAX: Final = 8 * 1024
BODY_BYTES_MAX: Final = 1024 * 1024
FILE_BYTES_MAX: Final = 10 * 1024 * 1024 + 64 * 1024
PAGE_BYTES_MAX: Final = 4 * FILE_BYTES_MAX
"""A telephone's picture may be larger than what is taken: then the page itself says so, with all that was written."""
TOKEN_BYTES_MAX: Final = 64 * 1024
BODY_SECONDS_MAX: Final = 60.0
IN_FLIGHT_MAX: Final = 200
"""So many calls are worked on in one process, ten for each connection of its pool. What comes beyond them is told at
once to come again: let in, all would be late (ADR 0055). A body that still comes in takes no place: it may be slow."""
AGAIN_SECONDS_MAX: Final = 5
"""Those who are turned away come again within so many seconds, and not all in the same one."""
OPEN_PATH: Final = "/v1/policy"
UNREAD: Final = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
"""Nothing here reads a body that comes with these, so none is waited for before the call counts."""
HELD_BYTES_MAX: Final = 64 * 1024 * 1024
"""As much of bodies that are still coming in one process holds in memory; files go to disk as they come."""
UNCOUNTED: Final = frozenset({"/healthz", "/readyz", "/metrics", "/v1/holds/feed"})
"""Whoever looks after the process is let in however full it is: a busy process is not a dead one. And those who wait
for a change of the holds are counted where they wait."""

_SINGLE: Final = frozenset(
    {
        b"host",
        b"content-length",
        b"content-type",
        b"content-encoding",
        b"transfer-encoding",
        b"authorization",
        b"idempotency-key",
        b"if-match",
        b"requester-address",
        b"purpose",
        b"webhook-id",
        b"webhook-timestamp",
        b"webhook-signature",
    }
)
_HOST = re.compile(rb"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_ORDINARY = re.compile(rb"[A-Za-z0-9/_-]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
)


class Aborted(Exception):  # noqa: N818 - it is no one's mistake
    """An answer that had begun cannot be finished; says nothing more, because servers print what they catch."""


class Door:
    """The outermost middleware: gives the request its id, keeps the limits, sets the headers, has the last word."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_seconds: float = BODY_SECONDS_MAX,
        in_flight_max: int | None = None,
        held_bytes_max: int = HELD_BYTES_MAX,
    ) -> None:
        self.app = app
        self.held_bytes_max = held_bytes_max
        self.body_seconds = body_seconds
        self.in_flight_max = in_flight_max
        self.in_flight = 0
        self.turned_away = 0
        self.held_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, or answer why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer, turn = _Answer(scope, send), _Turn(self, scope["path"])
        try:
            length = admitted(scope)
            if scope["method"] in UNREAD or not _brings_a_body(scope, length):
                turn.begin()
            if _preflight(scope):
                await answer.preflight()
            else:
                await self.app(scope, _Body(scope, receive, length, self.body_seconds, turn), answer)
        except Problem as problem:
            await answer.instead(problem_response(Request(scope), problem))
        except Exception as error:  # noqa: BLE001 - the last word: whatever it is, the caller gets a document
            await answer.instead(internal(Request(scope), error))
        finally:
            turn.end()


class _Turn:
    """The place that one call takes among those that are worked on."""

    __slots__ = ("_begun", "_counted", "_door", "_held", "_keeps")

    def __init__(self, door: Door, path: str) -> None:
        self._door = door
        self._counted = path not in UNCOUNTED
        self._keeps = _limit(path) <= BODY_BYTES_MAX
        self._begun = False
        self._held = 0

    def hold(self, size: int) -> None:
        """So much more of its body is here, while nobody knows yet who calls."""
        if self._keeps:
            self._held += size
            self._door.held_bytes += size
            if self._door.held_bytes > self._door.held_bytes_max:
                raise Unavailable("service.unavailable", retry_after=AGAIN_SECONDS_MAX)

    def begin(self) -> None:
        """All of the call is here: work on it, or say when to come again."""
        door = self._door
        if self._begun or not self._counted:
            return
        if door.in_flight_max is not None and door.in_flight >= door.in_flight_max:
            door.turned_away += 1
            raise Unavailable("service.unavailable", retry_after=1 + (door.turned_away - 1) % AGAIN_SECONDS_MAX)
        self._begun = True
        door.in_flight += 1

    def end(self) -> None:
        """It is answered."""
        self._door.held_bytes -= self._held
        self._held = 0
        if self._begun:
            self._begun = False
            self._door.in_flight -= 1


def admitted(scope: Scope) -> int | None:
    """Check what can be known from the first line and the headers; returns the declared length."""
    found = _headers(scope)
    if not _HOST.fullmatch(found.get(b"host", b"")):
        raise Malformed("request.malformed")
    _target(scope)
    if scope["method"] not in METHODS:
        raise Malformed("request.method_not_allowed")
    if found.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Malformed("request.media_type")
    return _length(scope, found)


def _headers(scope: Scope) -> dict[bytes, bytes]:
    raw = scope["headers"]
    if len(raw) > HEADERS_MAX or sum(len(name) + len(value) for name, value in raw) > HEADER_BYTES_MAX:
        raise Malformed("request.headers_too_large")
    single = [header for header in raw if header[0] in _SINGLE]
    found = dict(single)
    if len(found) != len(single):
        raise Malformed("request.malformed")
    return found


def _target(scope: Scope) -> None:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    if len(raw) + len(query) > TARGET_BYTES_MAX:
        raise Malformed("request.target_too_long")
    if not _plain_path(raw):
        raise NotFound("request.path_not_found")
    if query:
        _query(query)


def _plain_path(raw: bytes) -> bool:
    """Whether the path reads the same to everybody: no hidden separators, dots, controls or broken characters."""
    if _ORDINARY.fullmatch(raw):
        return True
    try:
        path = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return False
    if b"%" in raw and path.count("/") != raw.count(b"/"):
        return False
    return not (_CONTROL.search(path) or "\\" in path or ("/." in path and {".", ".."} & set(path.split("/"))))


def _query(raw: bytes) -> None:
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode() if b"%" in raw else raw.decode()
    except UnicodeDecodeError:
        raise Malformed("request.malformed") from None
    if _CONTROL.search(text):
        raise Malformed("request.malformed")
    if b"&" in raw:
        names = [unquote_to_bytes(part.partition(b"=")[0]) for part in raw.split(b"&") if part]
        if len(set(names)) != len(names):
            raise Malformed("request.duplicate_param")


def _length(scope: Scope, found: dict[bytes, bytes]) -> int | None:
    raw = found.get(b"content-length")
    if raw is None:
        return None
    if not raw.isdigit() or len(raw) > 18 or b"transfer-encoding" in found:
        raise Malformed("request.malformed")
    length = int(raw)
    if length > _limit(scope["path"]):
        raise TooLarge(_too_large(scope["path"]))
    return length


def _brings_a_body(scope: Scope, length: int | None) -> bool:
    return length != 0 and (length is not None or any(name == b"transfer-encoding" for name, _ in scope["headers"]))


def _limit(path: str) -> int:
    if path.startswith(PAGES) and path.endswith("/answer"):
        return PAGE_BYTES_MAX
    if _takes_files(path) or path == "/v1/task-results" or (path.startswith("/v1/tasks/") and path.endswith("/result")):
        return FILE_BYTES_MAX
    return TOKEN_BYTES_MAX if path == "/v1/oauth/token" else BODY_BYTES_MAX


def _takes_files(path: str) -> bool:
    return path.startswith("/v1/requests/") and path.endswith("/evidence")


def _too_large(path: str) -> str:
    return "upload.too_large" if _takes_files(path) else "request.too_large"


def _preflight(scope: Scope) -> bool:
    """Browsers ask before a cross-origin GET with If-None-Match; only the open policy is theirs to ask for."""
    return (
        scope["method"] == "OPTIONS"
        and scope["path"] == OPEN_PATH
        and any(name == b"access-control-request-method" for name, _ in scope["headers"])
    )


class _Body:
    """The body as it comes in: counted, and not waited for without end."""

    __slots__ = ("_deadline", "_done", "_left", "_receive", "_scope", "_seconds", "_turn")

    def __init__(self, scope: Scope, receive: Receive, length: int | None, seconds: float, turn: _Turn) -> None:
        self._scope = scope
        self._receive = receive
        self._left = _limit(scope["path"])
        self._seconds = seconds
        self._turn = turn
        self._deadline: float | None = None
        # Without a body the app may still wait here for the client to leave: that has no deadline.
        self._done = length == 0

    async def __call__(self) -> Message:
        if self._done:
            return await self._receive()
        if self._deadline is None:
            self._deadline = get_running_loop().time() + self._seconds
        try:
            async with timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            self._done = True
            raise Malformed("request.timeout") from None
        size = len(message.get("body", b""))
        self._left -= size
        self._turn.hold(size)
        if self._left < 0:
            self._done = True
            raise TooLarge(_too_large(self._scope["path"]))
        self._done = not message.get("more_body", False)
        if self._done:
            self._turn.begin()
        return message


class _Answer:
    """The answer as it goes out: with its id and the headers every answer has."""

    __slots__ = ("_extra", "_scope", "_send", "_started")

    def __init__(self, scope: Scope, send: Send) -> None:
        state = scope.setdefault("state", {})
        # Always ours: an id from outside could be used to confuse or to forge entries of the log.
        state["request_id"] = str(uuid_utils.uuid4())
        self._scope = scope
        self._send = send
        self._started = False
        self._extra = [(b"request-id", state["request_id"].encode())]
        if scope["path"] == OPEN_PATH and scope["method"] in ("GET", "HEAD", "OPTIONS"):
            self._extra += [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"ETag")]

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            given = message.get("headers", ())
            names = {name for name, _ in given}
            always = [header for header in ALWAYS if header[0] not in names]
            message = {**message, "headers": [*given, *always, *self._extra]}
        await self._send(message)

    async def instead(self, response: ASGIApp) -> None:
        """Answer with this, if nothing was answered yet."""
        if self._started:
            raise Aborted from None
        await response(self._scope, _nothing, self)

    async def preflight(self) -> None:
        headers = [
            (b"access-control-allow-methods", b"GET"),
            (b"access-control-allow-headers", b"If-None-Match, Accept-Language"),
            (b"access-control-max-age", b"86400"),
        ]
        await self({"type": "http.response.start", "status": 204, "headers": headers})
        await self({"type": "http.response.body", "body": b""})


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
