"""Bytes on a real socket: what must be settled before there is a request at all."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
import uvicorn

from app.http.protocol import DeskProtocol
from tests.http.sample import CANARY, build

pytestmark = pytest.mark.asyncio

HOST = b"Host: desk.example.com\r\n"
GET = b"GET /problems/claim.closed HTTP/1.1\r\n"
POST = b"POST /filings HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
MEGABYTES = b"ffff\r\n" + b" " * 0xFFFF + b"\r\n"


class Impatient(DeskProtocol):
    """Half a second for a head, little more for what follows an answer, so that the test need not wait thirty."""

    head_seconds = 0.5
    linger_seconds = 1.5


class Server(uvicorn.Server):
    """A server in this loop, which leaves signals to pytest."""

    def install_signal_handlers(self) -> None:
        """Nothing."""


@pytest_asyncio.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(
        build(body_seconds=0.5),
        port=0,
        http=Impatient,
        ws="none",
        log_config=None,
        server_header=False,
        access_log=False,
        lifespan="off",
    )
    server = Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    running = asyncio.create_task(server.main_loop())
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running
    await server.shutdown()


async def exchange(port: int, *parts: bytes, pause: float = 0) -> tuple[int, dict[str, str], bytes]:
    """Send these bytes and read until the answer is whole or the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(5):
            sending = asyncio.create_task(_send(writer, parts, pause))
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await reader.readexactly(int(headers["content-length"]))
            if headers.get("connection") == "close":
                assert await reader.read() == b""
            sending.cancel()
            return int(first.split()[1]), headers, body
    finally:
        writer.close()


async def _send(writer: asyncio.StreamWriter, parts: tuple[bytes, ...], pause: float) -> None:
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
    except ConnectionError:
        pass  # the server has answered and hung up


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    (
        (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400, "request.malformed"),
        (POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400, "request.malformed"),
        (POST + b"Content-Length: -2\r\n\r\n{}", 400, "request.malformed"),
        (POST + b"Content-Length: 2, 2\r\n\r\n{}", 400, "request.malformed"),
        (
            POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            400,
            "request.malformed",
        ),
        (POST + b"Transfer-Encoding: gzip, chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, "request.malformed"),
        (GET + HOST + b"X: " + b"a" * 100_000 + b"\r\n\r\n", 431, "request.headers_too_large"),
        (
            GET + HOST + b"".join(b"X%d: a\r\n" % number for number in range(2000)) + b"\r\n",
            431,
            "request.headers_too_large",
        ),
        (GET + HOST + b"X: " + b"a" * 3_000_000, 431, "request.headers_too_large"),
        (b"GET /" + b"a" * 3_000_000, 431, "request.headers_too_large"),
        (GET + b"\r\n", 400, "request.malformed"),
        (GET + HOST + HOST + b"\r\n", 400, "request.malformed"),
        (b"GET /problems HTTP/1.0\r\n\r\n", 400, "request.malformed"),
        (b"TRACE /problems HTTP/1.1\r\n" + HOST + b"\r\n", 405, "request.method_not_allowed"),
        (b"CONNECT desk.example.com:443 HTTP/1.1\r\n" + HOST + b"\r\n", 405, "request.method_not_allowed"),
        (b"BREW /problems HTTP/1.1\r\n" + HOST + b"\r\n", 405, "request.method_not_allowed"),
        (b"GET /problems/%ff HTTP/1.1\r\n" + HOST + b"\r\n", 404, "request.path_not_found"),
        (b"GET /x/%2e%2e%2fproblems HTTP/1.1\r\n" + HOST + b"\r\n", 404, "request.path_not_found"),
        (b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400, "request.malformed"),
        (GET + HOST + b"X : a\r\n\r\n", 400, "request.malformed"),
        (GET + HOST + b"X: a\r\n folded\r\n\r\n", 400, "request.malformed"),
        (GET + HOST + b"X: a\x00b\r\n\r\n", 400, "request.malformed"),
        (GET.replace(b"\r\n", b"\n") + b"Host: x\n\n", 400, "request.malformed"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "request.malformed"),
        (GET.replace(b"1.1", b"9.9") + HOST + b"\r\n", 400, "request.malformed"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", 400, "request.malformed"),
        (POST + b"Content-Length: 2000000\r\n\r\n" + b" " * 2_000_000, 413, "request.too_large"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + MEGABYTES * 100, 413, "request.too_large"),
        (GET + HOST + b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n", 200, ""),
    ),
)
async def test_framing(port: int, raw: bytes, status: int, code: str) -> None:
    found, headers, body = await exchange(port, raw)
    assert (found, json.loads(body).get("code")) == (status, code or "claim.closed")
    assert headers["x-content-type-options"] == "nosniff"
    if code:
        assert headers["content-type"] == "application/problem+json"
        assert headers["request-id"] == json.loads(body)["instance"]


async def test_speaks_english_below_the_door(port: int) -> None:
    refused = POST + b"Accept-Language: en\r\nContent-Length: -2\r\n\r\n"
    _, headers, body = await exchange(port, refused)
    assert headers["content-language"] == "en"
    assert json.loads(body)["title"] == "The request cannot be read"


@pytest.mark.parametrize("parts", ((), (b"GET /prob",), (GET, HOST), tuple(bytes([byte]) for byte in GET + HOST)))
async def test_does_not_wait_for_a_head_without_end(port: int, parts: tuple[bytes, ...]) -> None:
    found, headers, body = await exchange(port, *parts, pause=0.05)
    assert (found, json.loads(body)["code"], headers["connection"]) == (408, "request.timeout", "close")


async def test_does_not_wait_for_a_body_without_end(port: int) -> None:
    found, headers, body = await exchange(port, POST + b"Content-Length: 100\r\n\r\n", *(b" ",) * 100, pause=0.05)
    assert (found, json.loads(body)["code"], headers["connection"]) == (408, "request.timeout", "close")


async def test_refuses_before_inviting_the_body(port: int) -> None:
    found, _, body = await exchange(port, POST + b"Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n")
    assert (found, json.loads(body)["code"]) == (413, "request.too_large")


@pytest.mark.parametrize("size", (1_100_000, 5_000_000, 10_000_000))
async def test_the_answer_reaches_a_client_that_is_still_sending(port: int, size: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for _ in range(5):
            answer = await client.post("/filings", content=b" " * size, headers={"content-type": "application/json"})
            assert answer.status_code == 413


DRIPS = pytest.mark.parametrize(
    "head",
    (
        POST + b"Content-Length: 2000000\r\n\r\n",
        GET + HOST + b"Content-Length: 100\r\n\r\n",
        b"BREW / HTTP/1.1\r\n\r\n",
    ),
)


async def _drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


@DRIPS
async def test_does_not_read_on_for_ever_after_an_answer(port: int, head: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    start = asyncio.get_running_loop().time()
    writer.write(head)
    assert (await asyncio.wait_for(reader.readuntil(b"\r\n"), 5)).startswith(b"HTTP/1.1 ")
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(_drip(writer), 5)
    assert 1.4 < asyncio.get_running_loop().time() - start < 4


async def test_one_connection_serves_many_calls(port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for _ in range(3):
            assert (await client.post("/filings", json={"name": "a"})).status_code == 200
            assert (await client.post("/filings", json={"name": CANARY, "x": CANARY})).status_code == 422
            await asyncio.sleep(0.3)


async def test_pipelined_calls_are_answered_in_order(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write((GET + HOST + b"\r\n") * 3 + b"GET /nowhere HTTP/1.1\r\n" + HOST + b"\r\n")
    seen = []
    async with asyncio.timeout(5):
        for _ in range(4):
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length")
            )
            await reader.readexactly(length)
            seen.append(int(head.split()[1]))
    writer.close()
    assert seen == [200, 200, 200, 404]


async def test_the_server_logs_no_content(port: int, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            assert (await client.get("/fails/bug", headers={b"x-name": CANARY.encode()})).status_code == 500
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get("/fails/midway")
        await exchange(port, b"GET /" + CANARY.encode() + b" HTTP/1.1\r\n" + HOST + b"\r\n")
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert ours
    formatted = logging.Formatter("%(message)s")
    assert all(CANARY not in formatted.format(record) for record in ours)
