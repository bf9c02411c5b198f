"""Events to the systems that hold data: one signed POST, to an address that was checked as it was connected."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from app.endpoint import Endpoint, Network, address_allowed, check_endpoint, is_loopback
from app.errors import Invalid
from app.gateways.outcome import Outcome, Permanent, Retryable, Sent
from app.gateways.wire import AddressRefusedError, Reply, open_session, post

__all__ = ["Attempt", "Resolve", "Webhooks", "check_endpoint", "resolve"]

TOTAL_SECONDS = 15.0
ANSWER_BYTES = 20_000
GONE = 410

Resolve = Callable[[str, int], Awaitable[Sequence[tuple[str, int]]]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: what became of it, the answer's status and first bytes, and how long it took."""

    outcome: Outcome
    status: int | None
    ms: int
    body: bytes


class Webhooks:
    """The sender. Keeps connections; close it when the worker stops."""

    def __init__(
        self,
        *,
        development: bool = False,
        networks: Sequence[Network] = (),
        tls: ssl.SSLContext | None = None,
        find: Resolve | None = None,
        seconds: float = TOTAL_SECONDS,
    ) -> None:
        """Take the environment's rules; `networks` are private ones the operator opened (EGRESS_NETWORKS)."""
        self._development = development
        self._tls = tls
        self._seconds = seconds
        self._find = find or resolve
        self._rules: dict[bool, Callable[[str], bool]] = {
            False: lambda address: address_allowed(address, networks),
            True: is_loopback,
        }
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def send(self, url: str, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Attempt:
        """POST the body once. Only 2xx is success, a redirect is none, 410 is final."""
        try:
            endpoint = check_endpoint(url, self._development)
        except Invalid as fault:
            return Attempt(Permanent(fault.code.replace(".", "_")), None, 0, b"")
        clock = asyncio.get_running_loop().time
        began = clock()
        reply = await post(
            self._session(endpoint),
            endpoint.url,
            body,
            {"Content-Type": "application/json", **headers},
            seconds=self._seconds,
            cap=ANSWER_BYTES,
            now=now,
        )
        ms = round((clock() - began) * 1000)
        if isinstance(reply, Retryable):
            return Attempt(reply, None, ms, b"")
        return Attempt(_outcome(reply), reply.status, ms, reply.body)

    async def close(self) -> None:
        """Let go of every connection."""
        while self._sessions:
            await self._sessions.popitem()[1].close()

    def _session(self, endpoint: Endpoint) -> aiohttp.ClientSession:
        """Loopback (development only) and the outside never share a connection or a rule."""
        if endpoint.loopback not in self._sessions:
            allowed = self._rules[endpoint.loopback]
            self._sessions[endpoint.loopback] = open_session(
                tls=self._tls, resolver=_Checked(self._find, allowed), socket_factory=_factory(allowed)
            )
        return self._sessions[endpoint.loopback]


async def resolve(host: str, port: int) -> Sequence[tuple[str, int]]:
    """The addresses of a name, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(str(address[0]), int(address[1])) for _, _, _, _, address in found]


class _Checked(AbstractResolver):
    """Resolves, and refuses the name altogether if any of its addresses is not allowed."""

    def __init__(self, find: Resolve, allowed: Callable[[str], bool]) -> None:
        self._find = find
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._find(host, port)
        if not found:
            raise OSError("no address")
        if not all(self._allowed(address) for address, _ in found):
            raise AddressRefusedError
        return [_result(host, address, target) for address, target in found]

    async def close(self) -> None:
        """Nothing is held."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if isinstance(ip_address(address), IPv6Address) else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=socket.IPPROTO_TCP, flags=socket.AI_NUMERICHOST
    )


def _factory(allowed: Callable[[str], bool]) -> Callable[[Any], socket.socket]:
    """Makes the socket of every connection, and is the last to see where it goes."""

    def make(target: Any) -> socket.socket:
        family, kind, protocol, _, address = target
        if not allowed(str(address[0])):
            raise AddressRefusedError
        return socket.socket(family, kind, protocol)

    return make


def _outcome(reply: Reply) -> Outcome:
    if 200 <= reply.status < 300:
        return Sent(str(reply.status))
    if reply.status == GONE:
        return Permanent("gone")
    if 300 <= reply.status < 400:
        return Retryable("redirect")
    return Retryable(f"http_{reply.status}", reply.retry_after)
