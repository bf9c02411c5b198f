"""The door itself, spoken to in ASGI: what no well-behaved client library would send."""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from app.http.limits import FILE_BYTES_MAX, TOKEN_BYTES_MAX, Aborted, Door
from tests.http.sample import CANARY, build, problem

pytestmark = pytest.mark.asyncio

HOST = (b"host", b"desk.example.com")
JSON = (b"content-type", b"application/json")
ID = "0193a5b0-0000-7000-8000-00000000000a"


@dataclass
class Answer:
    """What came out."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    received: int = 0

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key == name.encode()]
        assert len(found) < 2
        return found[0].decode() if found else None

    @property
    def code(self) -> str:
        assert self.header("content-type") == "application/problem+json"
        assert CANARY.encode() not in self.body
        document = json.loads(self.body)
        assert document["instance"] == self.header("request-id")
        code: str = document["code"]
        return code


async def call(
    app: Callable[[Scope, Receive, Send], Any],
    method: str = "GET",
    target: bytes = b"/problems",
    headers: tuple[tuple[bytes, bytes], ...] = (HOST,),
    chunks: tuple[bytes, ...] = (),
    pause: float = 0,
    state: dict[str, Any] | None = None,
) -> Answer:
    """One call with exactly these bytes."""
    raw, _, query = target.partition(b"?")
    answer = Answer()
    left = [*chunks]

    async def receive() -> Message:
        await asyncio.sleep(pause)
        answer.received += 1
        body = left.pop(0) if left else b""
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        else:
            answer.body += message.get("body", b"")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": httpx.URL(raw.decode("latin-1")).path if raw.isascii() else raw.decode("latin-1"),
        "raw_path": raw,
        "query_string": query,
        "root_path": "",
        "headers": list(headers),
        "client": ("192.0.2.1", 1),
        "server": ("desk.example.com", 80),
        "state": {} if state is None else state,
    }
    await app(scope, receive, send)
    return answer


@pytest.mark.parametrize(
    ("method", "target", "headers", "status", "code"),
    (
        ("GET", b"/problems", (), 400, "request.malformed"),
        ("GET", b"/problems", (HOST, HOST), 400, "request.malformed"),
        ("GET", b"/problems", (HOST, (b"host", b"other.example.com")), 400, "request.malformed"),
        ("GET", b"/problems", ((b"host", b""),), 400, "request.malformed"),
        ("GET", b"/problems", ((b"host", b"a b"),), 400, "request.malformed"),
        ("GET", b"/problems", ((b"host", b"user@desk.example.com"),), 400, "request.malformed"),
        ("GET", b"/problems", ((b"host", b"desk.example.com/x"),), 400, "request.malformed"),
        ("POST", b"/filings", (HOST, (b"content-length", b"-1")), 400, "request.malformed"),
        ("POST", b"/filings", (HOST, (b"content-length", b"+1")), 400, "request.malformed"),
        ("POST", b"/filings", (HOST, (b"content-length", b"1e3")), 400, "request.malformed"),
        ("POST", b"/filings", (HOST, (b"content-length", "١".encode())), 400, "request.malformed"),
        ("POST", b"/filings", (HOST, (b"content-length", b"9" * 30)), 400, "request.malformed"),
        ("POST", b"/filings", (HOST, (b"content-length", b"2"), (b"content-length", b"2")), 400, "request.malformed"),
        (
            "POST",
            b"/filings",
            (HOST, (b"content-length", b"2"), (b"transfer-encoding", b"chunked")),
            400,
            "request.malformed",
        ),
        ("POST", b"/filings", (HOST, JSON, (b"content-type", b"text/plain")), 400, "request.malformed"),
        ("GET", b"/problems", (HOST, (b"authorization", b"a"), (b"authorization", b"b")), 400, "request.malformed"),
        ("POST", b"/filings", (HOST, (b"idempotency-key", b"a"), (b"idempotency-key", b"b")), 400, "request.malformed"),
        ("GET", b"/problems", (HOST, (b"x", b"a" * 100_000)), 431, "request.headers_too_large"),
        ("GET", b"/problems", (HOST, *((b"x", b"a"),) * 2000), 431, "request.headers_too_large"),
        ("GET", b"/problems", (HOST, *((b"x", b"a" * 1000),) * 50), 431, "request.headers_too_large"),
        ("GET", b"/" + b"a" * 10_000, (HOST,), 414, "request.target_too_long"),
        ("GET", b"/problems?" + b"a" * 10_000, (HOST,), 414, "request.target_too_long"),
        ("TRACE", b"/problems", (HOST,), 405, "request.method_not_allowed"),
        ("CONNECT", b"/problems", (HOST,), 405, "request.method_not_allowed"),
        ("PROPFIND", b"/problems", (HOST,), 405, "request.method_not_allowed"),
        ("get", b"/problems", (HOST,), 405, "request.method_not_allowed"),
        ("OPTIONS", b"/problems", (HOST,), 405, "request.method_not_allowed"),
        ("GET", b"/problems/%ff", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/problems/\xff", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/problems/%00", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/problems/claim.closed%0a", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/problems/claim.closed%7f", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/problems/%C2%85", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/problems/%ed%a0%80", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/problems%2fclaim.closed", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/problems%5cclaim.closed", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/x/%2e%2e%2fproblems", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/x/../problems", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/x/%2e%2e/problems", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/./problems", (HOST,), 404, "request.path_not_found"),
        ("GET", b"/problems?a=%00", (HOST,), 400, "request.malformed"),
        ("GET", b"/problems?a=%ff", (HOST,), 400, "request.malformed"),
        ("GET", b"/problems?a=\xff", (HOST,), 400, "request.malformed"),
        ("GET", b"/problems?a=%0a", (HOST,), 400, "request.malformed"),
        ("GET", b"/problems?a=1&b=2&a=3", (HOST,), 400, "request.duplicate_param"),
        ("GET", b"/problems?a=1&%61=3", (HOST,), 400, "request.duplicate_param"),
        ("POST", b"/filings", (HOST, JSON, (b"content-encoding", b"gzip")), 415, "request.media_type"),
        ("POST", b"/filings", (HOST, JSON, (b"content-length", b"1048577")), 413, "request.too_large"),
        ("POST", b"/v1/oauth/token", (HOST, (b"content-length", b"65537")), 413, "request.too_large"),
        ("PUT", f"/v1/tasks/{ID}/result".encode(), (HOST, (b"content-length", b"10551297")), 413, "request.too_large"),
        (
            "POST",
            f"/v1/requests/{ID}/evidence".encode(),
            (HOST, (b"content-length", b"50000000")),
            413,
            "upload.too_large",
        ),
    ),
)
async def test_refuses(
    method: str, target: bytes, headers: tuple[tuple[bytes, bytes], ...], status: int, code: str
) -> None:
    answer = await call(build(), method, target, headers)
    assert (answer.status, answer.code) == (status, code)
    assert answer.received == 0
    assert (answer.header("connection") == "close") is (status == 431)
    assert (answer.header("allow") is not None) is (status == 405)


@pytest.mark.parametrize(
    "host", (b"localhost:8000", b"127.0.0.1:8000", b"[::1]:8000", b"desk_1.example.com", b"DESK.example.com")
)
async def test_admits_ordinary_hosts(host: bytes) -> None:
    assert (await call(build(), headers=((b"host", host),))).status == 200


@pytest.mark.parametrize(
    "target", (b"/problems?a=1&b=2", b"/problems?", b"/problems?q=%ED%99%8D+x", b"/problems/%63laim.closed")
)
async def test_admits_ordinary_targets(target: bytes) -> None:
    assert (await call(build(), target=target)).status == 200


@pytest.mark.parametrize(
    ("method", "target", "limit", "type_"),
    (
        ("POST", b"/filings", 1024 * 1024, b"application/json"),
        ("POST", b"/v1/oauth/token", TOKEN_BYTES_MAX, b"application/x-www-form-urlencoded"),
        ("PUT", f"/v1/tasks/{ID}/result".encode(), FILE_BYTES_MAX, b"application/json"),
    ),
)
async def test_counts_a_body_of_unsaid_length(method: str, target: bytes, limit: int, type_: bytes) -> None:
    chunk = b"a" * 65_536
    answer = await call(build(), method, target, (HOST, (b"content-type", type_)), (chunk,) * 1000)
    assert (answer.status, answer.code) == (413, "request.too_large")
    assert answer.received == limit // len(chunk) + 1, "reading stops with the chunk that goes past the limit"


async def test_takes_ten_megabytes_of_results() -> None:
    raw = json.dumps({"data": {"online_mall": [{"name": "x" * 1000}] * 10_000}}).encode()
    target = f"/v1/tasks/{ID}/result".encode()
    answer = await call(build(), "PUT", target, (HOST, JSON), (raw[:5_000_000], raw[5_000_000:]))
    assert answer.status == 200, answer.body


async def test_does_not_wait_for_a_body_without_end() -> None:
    app = build(body_seconds=0.3)
    start = asyncio.get_running_loop().time()
    answer = await call(app, "POST", b"/filings", (HOST, JSON), (b" ",) * 1000, pause=0.02)
    assert (answer.status, answer.code) == (408, "request.timeout")
    assert 0.25 < asyncio.get_running_loop().time() - start < 1
    assert answer.header("connection") == "close"


async def test_sets_its_headers_once() -> None:
    answer = await call(build(), target=b"/problems")
    assert answer.header("cache-control") == "public, max-age=3600"
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("referrer-policy") == "no-referrer"
    policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    assert answer.header("content-security-policy") == policy
    assert answer.header("strict-transport-security") == "max-age=31536000; includeSubDomains"
    assert answer.header("access-control-allow-origin") is None


async def test_takes_no_request_id_from_outside() -> None:
    answers = [
        await call(build(), headers=(HOST, (b"request-id", b"mine"), (b"x-request-id", b"mine"))) for _ in range(2)
    ]
    given = {answer.header("request-id") for answer in answers}
    assert len(given) == 2
    assert "mine" not in given


async def test_the_request_id_is_known_inside() -> None:
    state: dict[str, Any] = {"request_id": "left over"}
    answer = await call(build(), state=state)
    assert state["request_id"] == answer.header("request-id")


async def test_only_the_policy_is_for_other_origins() -> None:
    origin = (b"origin", b"https://www.example.com")
    assert (await call(build(), target=b"/v1/policy", headers=(HOST, origin))).header(
        "access-control-allow-origin"
    ) == "*"
    asked = (HOST, origin, (b"access-control-request-method", b"GET"))
    preflight = await call(build(), "OPTIONS", b"/v1/policy", asked)
    assert (preflight.status, preflight.header("access-control-allow-methods")) == (204, "GET")
    for method, target in [
        ("GET", b"/problems"),
        ("OPTIONS", b"/filings"),
        ("POST", b"/v1/policy"),
        ("GET", b"/v1/policy/"),
    ]:
        assert (await call(build(), method, target, asked)).header("access-control-allow-origin") is None


async def test_a_broken_answer_is_cut_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(Aborted) as caught:
        await call(build(), target=b"/fails/midway")
    assert caught.value.__suppress_context__
    assert CANARY not in caplog.text + str(caught.value)


async def test_has_the_last_word_over_any_application(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError(CANARY)

    answer = await call(Door(broken))
    assert (answer.status, answer.code) == (500, "internal.error")
    assert CANARY not in caplog.text
    assert str(answer.header("request-id")) in caplog.text


async def test_bounds_what_is_in_flight() -> None:
    inside, leave = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        inside.set()
        await leave.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    door = Door(slow, in_flight_max=1)
    first = asyncio.create_task(call(door))
    await inside.wait()
    second = await call(door)
    assert (second.status, second.code, second.header("retry-after")) == (503, "service.unavailable", "1")
    assert [(await call(door)).header("retry-after") for _ in range(5)] == ["2", "3", "4", "5", "1"], "not all at once"
    probe = asyncio.create_task(call(door, target=b"/healthz"))  # let in, and as slow as any here
    await asyncio.sleep(0)
    assert not probe.done() and door.in_flight == 1
    leave.set()
    assert [(await one).status for one in (first, probe)] == [204, 204]
    assert (await call(door)).status == 204
    assert door.in_flight == 0


async def test_a_slow_body_takes_nobodys_place_and_a_whole_one_waits_for_none() -> None:
    reading, leave = asyncio.Event(), asyncio.Event()

    async def reads(scope: Scope, receive: Receive, send: Send) -> None:
        reading.set()
        while (await receive()).get("more_body"):
            pass
        await leave.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    door = Door(reads, in_flight_max=1)
    chunked = (HOST, (b"transfer-encoding", b"chunked"))
    slow = asyncio.create_task(call(door, "POST", headers=chunked, chunks=(b"a", b"b"), pause=0.3))
    await reading.wait()
    first = asyncio.create_task(call(door))
    await asyncio.sleep(0)
    assert door.in_flight == 1, "whose body is here is worked on while the other still comes in"
    late = await slow
    assert (late.status, late.code) == (503, "service.unavailable"), "the place was taken meanwhile"
    leave.set()
    assert (await first).status == 204
    whole = await call(door, "POST", headers=chunked, chunks=(b"a",))
    assert whole.status == 204 and door.in_flight == 0


async def test_a_body_that_nobody_reads_is_no_way_past_the_bound() -> None:
    inside, leave = asyncio.Event(), asyncio.Event()

    async def unread(scope: Scope, receive: Receive, send: Send) -> None:
        inside.set()
        await leave.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    door = Door(unread, in_flight_max=1)
    first = asyncio.create_task(call(door, "GET", headers=(HOST, (b"content-length", b"1")), chunks=(b"a",)))
    await inside.wait()
    assert door.in_flight == 1 and (await call(door)).status == 503
    leave.set()
    assert (await first).status == 204 and door.in_flight == 0


async def test_bodies_still_coming_in_hold_no_more_memory_than_there_is() -> None:
    came = asyncio.Event()

    async def reads(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            came.set()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    door, chunked = Door(reads, held_bytes_max=5), (HOST, (b"transfer-encoding", b"chunked"))
    slow = asyncio.create_task(call(door, "POST", headers=chunked, chunks=(b"abc", b"d"), pause=1.0))
    await came.wait()
    late = await call(door, "POST", headers=chunked, chunks=(b"efg",))
    assert (late.status, late.code, late.header("retry-after")) == (503, "service.unavailable", "5")
    file = await call(door, "POST", headers=chunked, target=b"/v1/requests/x/evidence", chunks=(b"efg" * 9,))
    assert file.status == 204, "files go to disk"
    assert (await slow).status == 204 and door.held_bytes == 0


async def test_closes_websockets_and_passes_the_lifespan() -> None:
    sent: list[Message] = []
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    await Door(app)({"type": "websocket"}, receive, send)
    await Door(app)({"type": "lifespan"}, receive, send)
    assert (sent, seen) == ([{"type": "websocket.close", "code": 1008}], ["lifespan"])


async def test_an_app_without_a_door_answers_problems_too() -> None:
    from app.http.problems import install

    app = FastAPI()
    install(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.example.com") as client:
        answer = await client.get("/nowhere")
    assert answer.json()["code"] == "request.path_not_found"


async def test_problem_helper_sees_an_echo(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere", headers={b"accept-language": CANARY.encode()})
    problem(answer, 404, "request.path_not_found")
    echoing = httpx.Response(
        404, headers=answer.headers, content=answer.content.replace(b'"status"', b'"CANARY":1,"status"')
    )
    with pytest.raises(AssertionError):
        problem(echoing, 404, "request.path_not_found")
