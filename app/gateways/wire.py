"""One bounded POST: total deadline, no redirects, no proxies of the environment, raw bytes, a cap on what is read.

On aiohttp itself rather than through httpx: the address check stands in its resolver and socket factory, the raw
stream needs no decoding to be switched off twice, and httpx would only add a timeout per read that must not be used.
"""

import asyncio
import math
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from app.gateways.outcome import Retryable

KEEP_ALIVE_SECONDS = 20

_DELAY = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")

SocketFactory = Callable[[Any], socket.socket]


class AddressRefusedError(OSError):
    """A name leads to an address that must not be called; raised before anything is connected."""


class UnknownNameError(OSError):
    """A name has no address; told apart from a line that breaks where we resolve for a proxy."""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A forward proxy, and how the address is found that it is asked to connect to: names are never left to it."""

    proxy: URL
    address: Callable[[str, int], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: `whole` is False when the answer was longer than the cap."""

    status: int
    body: bytes
    whole: bool
    retry_after: int | None


@cache
def public_trust() -> ssl.SSLContext:
    """The machine's certificate authorities, read once: some hundred files' worth of work."""
    return ssl.create_default_context()


def open_session(
    *,
    tls: ssl.SSLContext | None = None,
    resolver: AbstractResolver | None = None,
    socket_factory: SocketFactory | None = None,
) -> aiohttp.ClientSession:
    """A session that keeps connections and nothing else: no cookies, no decoding, no environment."""
    connector = aiohttp.TCPConnector(
        ssl=tls or public_trust(),
        resolver=resolver,
        socket_factory=socket_factory,
        use_dns_cache=False,
        limit=0,  # how many run at once is the worker's to say; waiting here would eat the deadline
        keepalive_timeout=KEEP_ALIVE_SECONDS,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        trust_env=False,
        headers={"User-Agent": "rights-desk", "Accept-Encoding": "identity"},
    )


async def post(
    session: aiohttp.ClientSession,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    cap: int,
    now: datetime,
    tunnel: Tunnel | None = None,
) -> Reply | Retryable:
    """Send the bytes and read at most `cap` of the answer, all within `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            target, named, how = await _through(tunnel, URL(url, encoded=True))
            sent = {**headers, **named}
            async with session.post(target, data=body, headers=sent, allow_redirects=False, **how) as answer:
                taken = await _read(answer, cap)
                retry_after = delay(answer.headers.get("Retry-After"), now)
                return Reply(answer.status, taken[:cap], len(taken) <= cap, retry_after)
    except (TimeoutError, OSError, aiohttp.ClientError, ValueError) as error:
        return Retryable(_reason(error))


def delay(value: str | None, now: datetime) -> int | None:
    """`Retry-After` in whole seconds, or None when absent, negative or unreadable."""
    if value is None:
        return None
    if _DELAY.fullmatch(value.strip()):
        return math.ceil(float(value))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    return math.ceil(seconds) if seconds >= 0 else None


async def _through(tunnel: Tunnel | None, url: URL) -> tuple[URL, dict[str, str], dict[str, Any]]:
    """Where to ask, what names it, and how: through a proxy by address, while certificate and Host are the name's."""
    if tunnel is None:
        return url, {}, {}
    assert url.host is not None and url.port is not None
    address = await tunnel.address(url.host, url.port)
    host = url.host if url.is_default_port() else f"{url.host}:{url.port}"
    return url.with_host(address), {"Host": host}, {"proxy": tunnel.proxy, "server_hostname": url.host}


async def _read(answer: aiohttp.ClientResponse, cap: int) -> bytes:
    taken = bytearray()
    async for chunk in answer.content.iter_any():
        taken += chunk[: cap + 1 - len(taken)]
        if len(taken) > cap:
            answer.close()
            break
    return bytes(taken)


def _reason(error: Exception) -> str:
    inner = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    reasons: tuple[tuple[type[Exception], str], ...] = (
        (AddressRefusedError, "address_not_allowed"),
        (UnknownNameError, "dns"),
        (ssl.SSLError, "tls"),
        (ssl.CertificateError, "tls"),
    )
    for kind, reason in reasons:
        if isinstance(inner, kind):
            return reason
    outer: tuple[tuple[type[Exception], str], ...] = (
        (TimeoutError, "timeout"),
        (aiohttp.ClientSSLError, "tls"),
        (aiohttp.ClientProxyConnectionError, "proxy"),
        (aiohttp.ClientHttpProxyError, "proxy"),
        (aiohttp.ClientConnectorDNSError, "dns"),
        (aiohttp.ClientConnectorError, "connect"),
        (aiohttp.ClientPayloadError, "disconnected"),
        (aiohttp.ClientConnectionError, "disconnected"),
        (OSError, "disconnected"),
    )
    return next((reason for kind, reason in outer if isinstance(error, kind)), "answer_malformed")
