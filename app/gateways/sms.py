"""Text messages: to the operator's SMS service, or as files in development."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import aiohttp

from app.gateways import outbox
from app.gateways.outcome import Outcome, Permanent, Retryable, Sent
from app.gateways.wire import Reply, open_session, post

TOTAL_SECONDS = 10.0
ANSWER_BYTES = 20_000
REF_CHARS = 200
# The message itself is at fault; every other refusal (token, path, load) passes when the operator mends it.
FINAL_STATUSES = frozenset({400, 413, 422})


@dataclass(frozen=True, slots=True, repr=False)
class OutSms:
    """One message; `ref` is ours and stays the same over all attempts."""

    to: str
    template: str
    params: Mapping[str, str]
    text: str
    ref: str


class Sms:
    """The sender: over HTTP when a URL is set, else into the folder."""

    def __init__(self, *, url: str | None, token: str | None, folder: Path, seconds: float = TOTAL_SECONDS) -> None:
        """Take SMS_URL, SMS_TOKEN and the folder `outbox/sms` of the instance."""
        self._url = url
        self._token = token
        self._folder = folder
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    async def send(self, message: OutSms, *, now: datetime) -> Outcome:
        """Hand the message over once."""
        if self._url is None:
            return await self._file(message, now)
        body = json.dumps(asdict(message), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        self._session = self._session or open_session()
        reply = await post(self._session, self._url, body, headers, seconds=self._seconds, cap=ANSWER_BYTES, now=now)
        return reply if isinstance(reply, Retryable) else _outcome(reply)

    async def close(self) -> None:
        """Let go of every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _file(self, message: OutSms, now: datetime) -> Outcome:
        try:
            await asyncio.to_thread(outbox.put, self._folder, message.ref, asdict(message), now)
        except OSError:
            return Retryable("outbox_unwritable")
        return Sent(message.ref)


def _outcome(reply: Reply) -> Outcome:
    if 200 <= reply.status < 300:
        return Sent(_ref(reply.body))
    if reply.status in FINAL_STATUSES:
        return Permanent(f"http_{reply.status}")
    return Retryable(f"http_{reply.status}", reply.retry_after)


def _ref(body: bytes) -> str:
    """The service's id for the message; a message that was taken stays taken, whatever its answer looks like."""
    try:
        answer = json.loads(body)
        ref = str(answer["id"]) if isinstance(answer, dict) else ""
    except (ValueError, KeyError, RecursionError):
        return ""
    return ref if len(ref) <= REF_CHARS and ref.isprintable() else ""
