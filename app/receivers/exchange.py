"""Calls to an endpoint that is certified: each as the desk would make it, or wrong in one way."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from uuid import uuid4

import aiohttp

from app import db, signature
from app.receivers.keys import SigningKeys

WITHIN_S = 15.0
ANSWER_BYTES_MAX = 20_000
DRIP_PAUSE_S = 0.05
DRIPS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answered; no status: nothing within the time, or no connection."""

    status: int | None
    body: bytes = b""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """A signed event. What is signed and what is sent may be made to differ."""

    id: str
    body: bytes
    headers: dict[str, str]

    def but(self, **changed: str | None) -> "Message":
        """The same with other headers, named with underscores; None leaves one out."""
        named = {name.replace("_", "-"): value for name, value in changed.items()}
        headers = {name: value for name, value in ({**self.headers, **named}).items() if value is not None}
        return Message(self.id, self.body, headers)


class Endpoint:
    """An address, the keys it trusts, and all that it answered."""

    def __init__(self, url: str, keys: SigningKeys, *, within_s: float = WITHIN_S) -> None:
        self.url, self.keys = url, keys
        self.answers: list[Answer] = []
        self._within_s = within_s

    async def __aenter__(self) -> "Endpoint":
        """Open what the calls go through: nothing of the environment, no cookies, a connection for each call."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            headers={"User-Agent": "rights-desk", "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of it."""
        await self._session.close()

    def signed(
        self, body: bytes, *, keys: Sequence[str] = (), message_id: str | None = None, seconds_ago: int = 0
    ) -> Message:
        """A message signed as the desk signs, with the current key unless others are named."""
        name, moment = message_id or str(uuid4()), int(db.now().timestamp()) - seconds_ago
        signs = signature.headers(keys or (self.keys.current,), name, moment, body)
        return Message(name, body, {"content-type": "application/json", **signs})

    async def send(self, message: Message, *, body: bytes | None = None, dripped: bool = False) -> Answer:
        """POST it; another body than was signed where one is given, piece by piece where it shall drip."""
        sent = message.body if body is None else body
        data = _pieces(sent) if dripped else sent
        return await self.call("POST", data, {**message.headers, "content-length": str(len(sent))})

    async def call(self, method: str, data: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One call within the time; a redirect is an answer like others."""
        try:
            async with (
                asyncio.timeout(self._within_s),
                self._session.request(method, self.url, data=data, headers=headers, allow_redirects=False) as answer,
            ):
                taken = bytearray()
                async for piece in answer.content.iter_any():
                    taken += piece
                    if len(taken) > ANSWER_BYTES_MAX:
                        break
                found = Answer(answer.status, bytes(taken[:ANSWER_BYTES_MAX]), len(taken) <= ANSWER_BYTES_MAX)
        except (TimeoutError, OSError, aiohttp.ClientError, ValueError):
            found = Answer(None)
        self.answers.append(found)
        return found


def event(kind: str, **data: Any) -> bytes:
    """The body of an event, as the desk writes it."""
    content = {"type": kind, "timestamp": db.now().isoformat(), "data": data}
    return json.dumps(content, separators=(",", ":")).encode()


def task(kind: str = "task.created", **more: Any) -> bytes:
    """An event about a task that is nobody's: a worker that fetches it is told 404."""
    ids = {"task_id": str(uuid4()), "action": "hold", "claim_id": str(uuid4()), "due_at": db.now().isoformat()}
    return event(kind, **{**ids, **more})


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    size = max(1, len(body) // DRIPS)
    for begin in range(0, len(body), size):
        yield body[begin : begin + size]
        await asyncio.sleep(DRIP_PAUSE_S)
