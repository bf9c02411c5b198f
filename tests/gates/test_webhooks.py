"""The sender against real sockets: slow, huge, redirecting, rebinding and badly certified receivers."""

import asyncio
import socket
import ssl
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from ipaddress import ip_network
from uuid import UUID

import pytest
import trustme

from app.endpoint import address_allowed
from app.gateways import webhooks
from app.gateways.outcome import Permanent, Retryable, Sent
from app.gateways.webhooks import Attempt, Resolve, Webhooks, resolve
from app.gateways.wire import AddressRefusedError, delay
from tests.gates.conftest import Serve

HOST = "hooks.example.com"
SYSTEM, OTHER = (UUID(f"0193a5b0-7c1e-7000-8000-00000000000{n}") for n in (1, 2))
LOOPBACK = {SYSTEM: (ip_network("127.0.0.0/8"),)}


@pytest.fixture
async def local() -> AsyncIterator[Webhooks]:
    """A sender in development, with a short deadline."""
    sender = Webhooks(development=True, seconds=1.0)
    yield sender
    await sender.close()


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def towards(*addresses: tuple[str, int]) -> Resolve:
    """A resolver that answers these."""

    async def find(host: str, port: int) -> Sequence[tuple[str, int]]:
        assert (host, port) == (HOST, 443)
        return list(addresses)

    return find


def server_tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_a_signed_event_arrives_as_it_was_signed(
    local: Webhooks, serve: Serve, answer: Callable[..., bytes], now: datetime
) -> None:
    receiver = await serve(answer("200 OK", b'{"challenge":"x"}'))
    body, headers = b'{"type":"task.created"}', {"webhook-id": "0193-ab", "webhook-signature": "v1,x"}
    for _ in range(2):
        attempt = await local.send(f"http://127.0.0.1:{receiver.port}/in?x=1", body, headers, system_id=SYSTEM, now=now)
        assert (attempt.outcome, attempt.status, attempt.body) == (Sent("200"), 200, b'{"challenge":"x"}')
    head, _, sent = receiver.requests[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert lines[0] == b"post /in?x=1 http/1.1"
    assert {b"webhook-id: 0193-ab", b"accept-encoding: identity", b"content-type: application/json"} <= set(lines)
    assert sent == body
    assert receiver.connections == 1, "the connection is kept"


async def test_localhost_by_name(local: Webhooks, serve: Serve, answer: Callable[..., bytes], now: datetime) -> None:
    receiver = await serve(answer("204 No Content"))
    assert (await local.send(f"http://localhost:{receiver.port}", b"", {}, system_id=SYSTEM, now=now)).outcome == Sent(
        "204"
    )


@pytest.mark.parametrize(
    ("status", "outcome"),
    (
        ("202 Accepted", Sent("202")),
        ("301 Moved", Retryable("redirect")),
        ("302 Found", Retryable("redirect")),
        ("307 Temporary", Retryable("redirect")),
        ("308 Permanent", Retryable("redirect")),
        ("400 Bad", Retryable("http_400", 7)),
        ("410 Gone", Permanent("gone")),
        ("429 Slow", Retryable("http_429", 7)),
        ("503 Away", Retryable("http_503", 7)),
    ),
)
async def test_only_2xx_is_success_and_nothing_is_followed(
    local: Webhooks, serve: Serve, answer: Callable[..., bytes], now: datetime, status: str, outcome: object
) -> None:
    inside = await serve(answer("200 OK"))
    receiver = await serve(answer(status, b"", f"Location: http://127.0.0.1:{inside.port}/", "Retry-After: 7"))
    attempt = await local.send(f"http://127.0.0.1:{receiver.port}/", b"x", {}, system_id=SYSTEM, now=now)
    assert attempt.outcome == outcome
    assert inside.requests == []


async def test_a_body_of_error_with_2xx_is_success(
    local: Webhooks, serve: Serve, answer: Callable[..., bytes], now: datetime
) -> None:
    receiver = await serve(answer("200 OK", b'{"error":"x"}'))
    assert (
        await local.send(f"http://127.0.0.1:{receiver.port}/", b"x", {}, system_id=SYSTEM, now=now)
    ).outcome == Sent("200")


async def drip_body(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _index in range(1000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_headers(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for index in range(1000):
        writer.write(b"X-%d: x\r\n" % index)
        await writer.drain()
        await asyncio.sleep(0.05)


async def say_nothing(_: bytes, __: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def hang_up(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def half_a_body(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    await writer.drain()
    writer.close()


async def rubbish(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    await writer.drain()


async def long_header(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    (
        (drip_body, "timeout"),
        (drip_headers, "timeout"),
        (say_nothing, "timeout"),
        (hang_up, "disconnected"),
        (half_a_body, "disconnected"),
        (rubbish, "answer_malformed"),
        (long_header, "answer_malformed"),
    ),
)
async def test_bad_receivers_end_within_the_deadline(
    local: Webhooks, serve: Serve, now: datetime, behaviour: object, reason: str
) -> None:
    receiver = await serve(behaviour)
    attempt = await local.send(f"http://127.0.0.1:{receiver.port}/", b"x", {}, system_id=SYSTEM, now=now)
    assert attempt.outcome == Retryable(reason)
    assert attempt.ms < 1500


async def test_an_inflating_answer_is_read_raw_and_cut(local: Webhooks, serve: Serve, now: datetime) -> None:
    deflate = zlib.compressobj(9, wbits=31)
    bomb = b"".join(deflate.compress(bytes(1_000_000)) for _ in range(200)) + deflate.flush()
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    receiver = await serve(head + bomb)
    tracemalloc.start()
    attempt = await local.send(f"http://127.0.0.1:{receiver.port}/", b"x", {}, system_id=SYSTEM, now=now)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert attempt.outcome == Sent("200")
    assert attempt.body == bomb[:20_000]
    assert len(bomb) > 100_000
    assert peak < 5_000_000


def test_the_socket_itself_is_the_last_check() -> None:
    target = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("10.0.0.1", 443))
    with pytest.raises(AddressRefusedError):
        webhooks._factory(address_allowed)(target)
    made = webhooks._factory(lambda address: address == "10.0.0.1")(target)
    assert made.family == socket.AF_INET
    made.close()


async def test_an_endless_answer_is_cut(local: Webhooks, serve: Serve, now: datetime) -> None:
    async def endless(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            await writer.drain()

    receiver = await serve(endless)
    attempt = await local.send(f"http://127.0.0.1:{receiver.port}/", b"x", {}, system_id=SYSTEM, now=now)
    assert attempt.outcome == Retryable("http_500")
    assert len(attempt.body) == 20_000


async def test_nobody_listens(local: Webhooks, now: datetime) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        attempt = await local.send(f"http://127.0.0.1:{taken.getsockname()[1]}/", b"x", {}, system_id=SYSTEM, now=now)
    assert attempt.outcome == Retryable("connect")


async def test_production_calls_no_loopback(serve: Serve, answer: Callable[..., bytes], now: datetime) -> None:
    receiver = await serve(answer("200 OK"))
    sender = Webhooks()
    attempt = await sender.send(f"http://127.0.0.1:{receiver.port}/", b"x", {}, system_id=SYSTEM, now=now)
    await sender.close()
    assert attempt.outcome == Permanent("endpoint_scheme_not_allowed")
    assert receiver.connections == 0


@pytest.mark.parametrize("proxy", ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"))
async def test_proxies_of_the_environment_are_not_used(
    local: Webhooks,
    serve: Serve,
    answer: Callable[..., bytes],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    proxy: str,
) -> None:
    receiver, inside = await serve(answer("200 OK")), await serve(answer("200 OK"))
    monkeypatch.setenv(proxy, f"http://127.0.0.1:{inside.port}")
    assert (await local.send(f"http://127.0.0.1:{receiver.port}/", b"x", {}, system_id=SYSTEM, now=now)).status == 200
    assert inside.connections == 0


@pytest.mark.parametrize(
    "addresses",
    (
        [("127.0.0.1", 0)],
        [("8.8.8.8", 443), ("127.0.0.1", 0)],
        [("8.8.8.8", 443)] * 19 + [("10.0.0.1", 443)],
        [("::ffff:127.0.0.1", 0)],
        [("64:ff9b::7f00:1", 0)],
        [("169.254.169.254", 443)],
    ),
)
async def test_a_name_that_leads_inside_is_refused_before_connecting(
    serve: Serve, answer: Callable[..., bytes], now: datetime, addresses: list[tuple[str, int]]
) -> None:
    inside = await serve(answer("200 OK"))
    sender = Webhooks(development=True, find=towards(*[(host, port or inside.port) for host, port in addresses]))
    attempt = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
    await sender.close()
    assert attempt.outcome == Retryable("address_not_allowed")
    assert inside.connections == 0


async def test_one_bad_address_spoils_the_name(
    serve: Serve, answer: Callable[..., bytes], now: datetime, authority: trustme.CA
) -> None:
    """Even where another address of it is allowed and would answer first."""
    receiver = await serve(answer("200 OK"), server_tls(authority.issue_cert(HOST)))
    find = towards(("127.0.0.1", receiver.port), ("10.0.0.1", 443))
    sender = Webhooks(networks=LOOPBACK, tls={SYSTEM: trusting(authority)}, find=find)
    attempt = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
    await sender.close()
    assert attempt.outcome == Retryable("address_not_allowed")
    assert receiver.connections == 0


async def test_a_name_that_moves_inside_is_refused(
    serve: Serve, answer: Callable[..., bytes], now: datetime, authority: trustme.CA
) -> None:
    """DNS rebinding: the first answer is allowed, the next leads inside; the address used is the one checked."""
    outside = await serve(answer("200 OK", b"", "Connection: close"), server_tls(authority.issue_cert(HOST)))
    inside = await serve(answer("200 OK"), server_tls(authority.issue_cert(HOST)))
    asked = 0

    async def rebinding(host: str, port: int) -> Sequence[tuple[str, int]]:
        nonlocal asked
        asked += 1
        return [("127.0.0.1", outside.port)] if asked == 1 else [("127.1.0.1", inside.port)]

    sender = Webhooks(
        networks={SYSTEM: [ip_network("127.0.0.1/32")]}, tls={SYSTEM: trusting(authority)}, find=rebinding
    )
    first = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
    second = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
    await sender.close()
    assert (first.outcome, second.outcome) == (Sent("200"), Retryable("address_not_allowed"))
    assert (asked, outside.connections, inside.connections) == (2, 1, 0)


@pytest.mark.parametrize("failure", (socket.gaierror(-2, "unknown"), OSError("no route"), None))
async def test_a_name_without_address(now: datetime, failure: OSError | None) -> None:
    async def find(_: str, __: int) -> Sequence[tuple[str, int]]:
        if failure is not None:
            raise failure
        return []

    sender = Webhooks(find=find)
    attempt = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
    await sender.close()
    assert attempt.outcome == Retryable("dns")


async def test_a_resolver_that_hangs_ends_at_the_deadline(now: datetime) -> None:
    async def find(_: str, __: int) -> Sequence[tuple[str, int]]:
        await asyncio.sleep(60)
        return []

    sender = Webhooks(find=find, seconds=0.3)
    attempt = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
    await sender.close()
    assert attempt.outcome == Retryable("timeout")


async def test_the_system_resolver_knows_localhost() -> None:
    assert ("127.0.0.1", 80) in await resolve("localhost", 80)


async def over_tls(
    serve: Serve, certificate: ssl.SSLContext, client: ssl.SSLContext, now: datetime, answer: bytes
) -> Attempt:
    receiver = await serve(answer, certificate)
    sender = Webhooks(networks=LOOPBACK, tls={SYSTEM: client}, find=towards(("127.0.0.1", receiver.port)))
    attempt = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
    await sender.close()
    assert (receiver.requests != []) == isinstance(attempt.outcome, Sent)
    return attempt


async def test_a_good_certificate(
    serve: Serve, answer: Callable[..., bytes], now: datetime, authority: trustme.CA
) -> None:
    tls = server_tls(authority.issue_cert(HOST))
    assert (await over_tls(serve, tls, trusting(authority), now, answer("200 OK"))).outcome == Sent("200")


async def test_bad_certificates(
    serve: Serve, answer: Callable[..., bytes], now: datetime, authority: trustme.CA
) -> None:
    wrong_name = server_tls(authority.issue_cert("other.example.com"))
    by_address = server_tls(authority.issue_cert("127.0.0.1"))
    expired = server_tls(authority.issue_cert(HOST, not_after=now.replace(year=2020)))
    unknown = server_tls(trustme.CA().issue_cert(HOST))
    for tls in (wrong_name, by_address, expired, unknown):
        attempt = await over_tls(serve, tls, trusting(authority), now, answer("200 OK"))
        assert attempt.outcome == Retryable("tls")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_an_old_protocol(
    serve: Serve, answer: Callable[..., bytes], now: datetime, authority: trustme.CA
) -> None:
    old = server_tls(authority.issue_cert(HOST))
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1
    attempt = await over_tls(serve, old, trusting(authority), now, answer("200 OK"))
    # asyncio's server drops the line without the alert, so it may look like a broken connection.
    assert attempt.outcome in (Retryable("tls"), Retryable("connect"))


async def test_a_server_without_tls(now: datetime, authority: trustme.CA) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n")
        await writer.drain()
        await reader.read(100)
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sender = Webhooks(networks=LOOPBACK, tls={SYSTEM: trusting(authority)}, find=towards(("127.0.0.1", port)))
    attempt = await sender.send(f"https://{HOST}/", b"x", {}, system_id=SYSTEM, now=now)
    await sender.close()
    server.close()
    assert attempt.outcome == Retryable("tls")


@pytest.mark.parametrize(
    ("value", "seconds"),
    (
        (None, None),
        ("0", 0),
        ("7", 7),
        ("1.2", 2),
        ("999999", 999999),
        ("-1", None),
        ("soon", None),
        ("", None),
        ("9" * 5000, None),
        ("１２", None),
        ("nan", None),
        ("Sun, 22 Nov 2026 01:02:00 GMT", 120),
        ("Sun, 22 Nov 2026 00:00:00 GMT", None),
        ("Sun, 99 Nov 2026 01:02:00 GMT", None),
    ),
)
def test_retry_after(now: datetime, value: str | None, seconds: int | None) -> None:
    assert delay(value, now) == seconds
