"""What a deployment lays down for single systems: networks, authorities, our certificate, one proxy; on real lines."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from uuid import UUID

import pytest
import trustme

from app.gateways.outcome import Retryable, Sent
from app.gateways.webhooks import Resolve, Webhooks
from app.settings import tls
from tests.gates.conftest import Serve

SYSTEM, OTHER = (UUID(f"0193a5b0-7c1e-7000-8000-00000000000{n}") for n in (1, 2))
HOST, HERE = "hooks.example.com", (ip_network("127.0.0.0/8"),)
Answer = Callable[..., bytes]


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def laid_down(folder: Path, authority: trustme.CA | None = None, client: trustme.LeafCert | None = None) -> Path:
    """The folder of SYSTEM as an operator fills it."""
    place = folder / str(SYSTEM)
    place.mkdir(parents=True)
    (folder / "..data").mkdir()
    if authority is not None:
        authority.cert_pem.write_to_path(place / "ca.pem")
    if client is not None:
        client.private_key_pem.write_to_path(place / "client.key")
        client.cert_chain_pems[0].write_to_path(place / "client.pem")
    return folder


def served_by(authority: trustme.CA, *, name: str = HOST, demands: trustme.CA | None = None) -> ssl.SSLContext:
    """A receiver's side: its certificate, and whose clients it lets in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    if demands is not None:
        demands.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def at(port: int, *more: str, port_of: int = 443) -> Resolve:
    """A resolver for HOST: this machine, and perhaps other addresses."""

    async def find(host: str, asked: int) -> Sequence[tuple[str, int]]:
        assert (host, asked) == (HOST, port_of)
        return [("127.0.0.1", port), *((address, port) for address in more)]

    return find


@asynccontextmanager
async def sending(**rules: object) -> AsyncIterator[Webhooks]:
    sender = Webhooks(seconds=2.0, **rules)  # type: ignore[arg-type]
    yield sender
    await sender.close()


async def test_a_system_is_believed_by_its_own_authority_and_no_other(
    serve: Serve, answer: Answer, now: datetime, tmp_path: Path, authority: trustme.CA
) -> None:
    receiver = await serve(answer("200 OK"), served_by(authority))
    known = tls.by_system(str(laid_down(tmp_path / "known", authority)))
    strange = tls.by_system(str(laid_down(tmp_path / "strange", trustme.CA())))
    both, find = {SYSTEM: HERE, OTHER: HERE}, at(receiver.port)
    async with sending(networks=both, tls=known, find=find) as sender:
        for _ in range(2):
            mine = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
            assert mine.outcome == Sent("200")
        others = await sender.send(f"https://{HOST}/", b"x", {}, system_id=OTHER, now=now)
    assert (others.outcome, len(receiver.requests)) == (Retryable("tls"), 2), "what one is believed by is its own"
    assert receiver.connections == 1, "the connection is kept"
    async with sending(networks=both, tls=strange, find=find) as sender:
        refused = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
    assert (refused.outcome, len(receiver.requests)) == (Retryable("tls"), 2)


async def test_our_certificate_is_shown_where_it_is_demanded(
    serve: Serve, answer: Answer, now: datetime, tmp_path: Path, authority: trustme.CA
) -> None:
    receiver = await serve(answer("200 OK"), served_by(authority, demands=authority))
    ours, strangers = authority.issue_cert("desk.example.com"), trustme.CA().issue_cert("desk.example.com")
    for folder, client, arrives in (("ours", ours, True), ("none", None, False), ("strange", strangers, False)):
        certificates = tls.by_system(str(laid_down(tmp_path / folder, authority, client)))
        async with sending(networks={SYSTEM: HERE}, tls=certificates, find=at(receiver.port)) as sender:
            attempt = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
        assert isinstance(attempt.outcome, Sent) is arrives, folder
    assert len(receiver.requests) == 1


async def test_a_private_network_is_open_to_one_system_alone(
    serve: Serve, answer: Answer, now: datetime, tmp_path: Path, authority: trustme.CA
) -> None:
    receiver = await serve(answer("200 OK"), served_by(authority))
    certificates = tls.by_system(str(laid_down(tmp_path, authority)))
    certificates[OTHER] = certificates[SYSTEM]
    elsewhere = {SYSTEM: HERE, OTHER: (ip_network("10.0.0.0/8"),)}
    async with sending(networks=elsewhere, tls=certificates, find=at(receiver.port)) as sender:
        mine = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
        # The line of the other one stands open: still nobody else may use it.
        theirs = await sender.send(f"https://{HOST}/", b"x", {}, system_id=OTHER, now=now)
        nobodys = await sender.send(f"https://{HOST}/", b"x", {}, system_id=UUID(int=7), now=now)
    assert mine.outcome == Sent("200")
    assert theirs.outcome == nobodys.outcome == Retryable("address_not_allowed")
    assert receiver.connections == 1


class Proxy:
    """A forward proxy that takes CONNECT, wherever it is asked to go joins it to one receiver, and remembers."""

    def __init__(self, towards: int, says: bytes = b"HTTP/1.1 200 Connected\r\n\r\n") -> None:
        self.asked: list[bytes] = []
        self.url = ""
        self._towards, self._says = towards, says
        self._pumps: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self._says)
        if not self._says.startswith(b"HTTP/1.1 200"):
            writer.close()
            return
        inner, outer = await asyncio.open_connection("127.0.0.1", self._towards)
        for source, sink in ((reader, outer), (inner, writer)):
            self._pumps.add(asyncio.create_task(self._pump(source, sink)))

    @staticmethod
    async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while taken := await source.read(65536):
                sink.write(taken)
        finally:
            sink.close()


async def test_the_proxy_is_asked_for_the_address_that_was_checked(
    serve: Serve, answer: Answer, now: datetime, tmp_path: Path, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = await serve(answer("200 OK"), served_by(authority))
    certificates = tls.by_system(str(laid_down(tmp_path, authority)))

    async def find(host: str, port: int) -> Sequence[tuple[str, int]]:
        assert (host, port) == (HOST, 8443)
        return [("8.8.4.4", port)]

    async with Proxy(receiver.port) as proxy, Proxy(receiver.port) as environments:
        monkeypatch.setenv("HTTPS_PROXY", environments.url)
        url = proxy.url.replace("//", "//desk:word@")
        async with sending(tls=certificates, proxy=url, find=find) as sender:
            for _ in range(2):
                attempt = await sender.send(f"https://{HOST}:8443/in?x=1", b"x", {}, system_id=SYSTEM, now=now)
                assert attempt.outcome == Sent("200")
        [asked] = proxy.asked
        assert asked.startswith(b"CONNECT 8.8.4.4:8443 HTTP/1.1\r\n")
        assert b"\r\nproxy-authorization: basic " in asked.lower()
        assert environments.asked == []
    head = receiver.requests[0].partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    assert head[0] == b"post /in?x=1 http/1.1"
    assert b"host: hooks.example.com:8443" in head
    assert not any(line.startswith(b"proxy-") for line in head)


async def test_behind_a_proxy_every_rule_still_holds(
    serve: Serve, answer: Answer, now: datetime, tmp_path: Path, authority: trustme.CA
) -> None:
    receiver = await serve(answer("200 OK"), served_by(authority, name="other.example.com"))
    certificates = tls.by_system(str(laid_down(tmp_path, authority)))

    async def unknown(host: str, port: int) -> Sequence[tuple[str, int]]:
        raise OSError("no such name")

    async def hangs(host: str, port: int) -> Sequence[tuple[str, int]]:
        await asyncio.sleep(60)
        return []

    here = at(443)
    async with Proxy(receiver.port) as proxy, Proxy(receiver.port, b"HTTP/1.1 403 No\r\n\r\n") as forbids:
        for url, networks, find, reason in (
            (proxy.url, {}, here, "address_not_allowed"),
            (proxy.url, {SYSTEM: HERE}, at(443, "10.0.0.1"), "address_not_allowed"),
            (proxy.url, {}, unknown, "dns"),
            (proxy.url, {}, hangs, "timeout"),
            ("http://127.0.0.1:9", {SYSTEM: HERE}, here, "proxy"),
        ):
            async with sending(networks=networks, tls=certificates, proxy=url, find=find) as sender:
                attempt = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
            assert attempt.outcome == Retryable(reason), reason
        assert proxy.asked == []
        for url, reason in ((forbids.url, "proxy"), (proxy.url, "tls")):
            async with sending(networks={SYSTEM: HERE}, tls=certificates, proxy=url, find=here) as sender:
                attempt = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
            assert attempt.outcome == Retryable(reason)
    assert receiver.requests == []
