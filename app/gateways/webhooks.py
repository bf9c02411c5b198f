"""Events to the systems that hold data: one signed POST, to an address that was checked as it was connected."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from ipaddress import IPv6Address, ip_address
from typing import Any
from uuid import UUID

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from app.endpoint import Endpoint, Network, address_allowed, check_endpoint, is_loopback
from app.errors import Invalid
from app.gateways.outcome import Outcome, Permanent, Retryable, Sent
from app.gateways.wire import AddressRefusedError, Reply, Tunnel, UnknownNameError, open_session, post

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
        networks: Mapping[UUID, Sequence[Network]] | None = None,
        tls: Mapping[UUID, ssl.SSLContext] | None = None,
        proxy: str | None = None,
        find: Resolve | None = None,
        seconds: float = TOTAL_SECONDS,
    ) -> None:
        """Take the deployment's rules: private networks and certificates by system, one proxy for the outside."""
        self._development = development
        self._networks = networks or {}
        self._tls = tls or {}
        self._proxy = URL(proxy) if proxy else None
        self._find = find or resolve
        self._seconds = seconds
        self._lines: dict[UUID | None, _Line] = {}
        self._loopback: _Line | None = None

    async def send(
        self, url: str, body: bytes, headers: Mapping[str, str], *, system_id: UUID, now: datetime
    ) -> Attempt:
        """POST the body once. Only 2xx is success, a redirect is none, 410 is final."""
        try:
            endpoint = check_endpoint(url, self._development)
        except Invalid as fault:
            return Attempt(Permanent(fault.code.replace(".", "_")), None, 0, b"")
        clock = asyncio.get_running_loop().time
        began = clock()
        line = self._line(endpoint, system_id)
        reply = await post(
            line.session,
            endpoint.url,
            body,
            {"Content-Type": "application/json", **headers},
            seconds=self._seconds,
            cap=ANSWER_BYTES,
            now=now,
            tunnel=line.tunnel,
        )
        ms = round((clock() - began) * 1000)
        if isinstance(reply, Retryable):
            return Attempt(reply, None, ms, b"")
        return Attempt(_outcome(reply), reply.status, ms, reply.body)

    async def close(self) -> None:
        """Let go of every connection."""
        if self._loopback is not None:
            await self._loopback.session.close()
        while self._lines:
            await self._lines.popitem()[1].session.close()

    def _line(self, endpoint: Endpoint, system_id: UUID) -> "_Line":
        """Whoever has a network or certificate of its own shares no connection and no rule with anybody.

        Nor does loopback (development only), which no proxy ever sees.
        """
        if endpoint.loopback:
            self._loopback = self._loopback or _straight(_Rule(self._find, is_loopback), None)
            return self._loopback
        own = system_id if system_id in self._networks or system_id in self._tls else None
        if own not in self._lines:
            rule = _Rule(self._find, partial(address_allowed, networks=self._networks.get(system_id, ())))
            tls = self._tls.get(system_id)
            self._lines[own] = _tunnelled(rule, tls, self._proxy) if self._proxy else _straight(rule, tls)
        return self._lines[own]


@dataclass(frozen=True, slots=True)
class _Line:
    """A way to the outside: its connections, and the proxy that they go through."""

    session: aiohttp.ClientSession
    tunnel: Tunnel | None = None


def _straight(rule: "_Rule", tls: ssl.SSLContext | None) -> _Line:
    return _Line(open_session(tls=tls, resolver=_Checked(rule), socket_factory=_factory(rule.allowed)))


def _tunnelled(rule: "_Rule", tls: ssl.SSLContext | None, proxy: URL) -> _Line:
    """The proxy itself may stand inside; what it is asked for is looked up and checked by us."""

    async def address(host: str, port: int) -> str:
        return (await rule.addresses(host, port))[0][0]

    return _Line(open_session(tls=tls), Tunnel(proxy, address))


async def resolve(host: str, port: int) -> Sequence[tuple[str, int]]:
    """The addresses of a name, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(str(address[0]), int(address[1])) for _, _, _, _, address in found]


@dataclass(frozen=True, slots=True)
class _Rule:
    """How names are resolved, and which addresses may be called."""

    find: Resolve
    allowed: Callable[[str], bool]

    async def addresses(self, host: str, port: int) -> Sequence[tuple[str, int]]:
        """The addresses of a name, refused altogether if any of them is not allowed."""
        try:
            found = await self.find(host, port)
        except OSError as error:
            raise UnknownNameError from error
        if not found:
            raise UnknownNameError
        if not all(self.allowed(address) for address, _ in found):
            raise AddressRefusedError
        return found


class _Checked(AbstractResolver):
    """The resolver of connections that go straight to the endpoint."""

    def __init__(self, rule: _Rule) -> None:
        self._rule = rule

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [_result(host, address, target) for address, target in await self._rule.addresses(host, port)]

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
