"""The short way of the processing check says to the byte what the usual way says, and leaves to it whatever is odd."""

import json
from typing import Any

import pytest
from starlette.types import Scope

from app.routers import plain_checks
from app.services.hold_index import HoldIndex
from tests.api.acts import one
from tests.api.remembering import place, until
from tests.house import Holder, House

GILDONG = {"phone": "010-1234-5678"}
USE: dict[str, Any] = {"subject": GILDONG, "category": "online_mall", "purpose": "delivery"}
PLAIN: list[list[dict[str, Any]]] = [
    [USE],
    [{**USE, "subject": {"phone": "+82 10 1234 5678"}}],
    [{**USE, "subject": {"email": "Gildong@EXAMPLE.com"}}],
    [{**USE, "subject": {"customer_no": "C-1029"}}],
    [{**USE, "subject": {"phone": "010-0000-1234", "email": "gildong@example.com"}}],
    [{**USE, "fields": ["phone", "name"]}],
    [{**USE, "fields": ["name", "name"]}],
    [{**USE, "category": "separate_service"}, USE, {**USE, "purpose": "service_consultation"}],
    [{**USE, "subject": {"phone": f"010-0000-{number:04d}"}} for number in range(999)] + [USE],
]
ODD: list[Any] = [
    [],
    [USE] * 1_001,
    [{**USE, "required_by_law": "형사소송법 199"}],
    [{**USE, "purpose": "marketing"}],
    [{**USE, "purpose": "nothing"}],
    [{**USE, "category": "nothing"}],
    [{**USE, "category": ["online_mall"]}],
    [{**USE, "fields": []}],
    [{**USE, "fields": None}],
    [{**USE, "fields": [["phone"]]}],
    [{**USE, "fields": ["phone", 1]}],
    [{**USE, "fields": ["shoe_size"]}],
    [{**USE, "fields": ["phone"] * 51}],
    [{**USE, "more": 1}],
    [{**USE, "subject": {}}],
    [{**USE, "subject": None}],
    [{**USE, "subject": {"phone": 1012345678}}],
    [{**USE, "subject": {"phone": "010-1234-567\u0000"}}],
    [{**USE, "subject": {"phone": "1"}}],
    [{**USE, "subject": {"email": "nobody"}}],
    [{**USE, "subject": {"customer_no": "C 1029"}}],
    [{**USE, "subject": {"customer_no": ""}}],
    [{**USE, "subject": {"name": "홍길동"}}],
    [USE, "x"],
    {"0": USE},
    None,
]
ODDLY_WRITTEN = [
    b"",
    b"{}",
    b"[]",
    b'{"checks":NaN}',
    b"\xef\xbb\xbf" + json.dumps({"checks": [USE]}).encode(),
    json.dumps({"checks": [USE]}).encode("utf-16"),
    json.dumps({"checks": [USE]}).encode().replace(b'"delivery"', b'"marketing", "purpose": "delivery"'),
    json.dumps({"checks": [USE]}, indent=1).encode(),
    json.dumps({"checks": [USE], "more": 1}).encode(),
    b'{"checks":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    b'{"checks":[{"subject":{"phone":"\\ud800"},"category":"online_mall","purpose":"delivery"}]}',
]


@pytest.fixture
async def held(house: House) -> Holder:
    """A system that asks about somebody with holds, in a process that remembers them."""
    system, filed = await house.system(), await house.file()
    claim = filed["claims"][0]["id"]
    await house.prove(filed)
    await place(house.desk, claim, "correction_pending", fields=["phone"])
    await place(house.desk, claim, "suspended", purposes=["service_consultation"])
    return system


@pytest.fixture
async def index(house: House, held: Holder) -> Any:
    """Memory, kept current as long as the test runs."""
    found: HoldIndex = house.api._transport.app.state.holds  # type: ignore[attr-defined]
    found.start()
    await until(lambda: found.seq is not None)
    yield found
    await found.stop()


async def asked(held: Holder, body: bytes, content_type: str) -> tuple[int, Any, int]:
    """Status and answer of one call, and how many rows of the access log it left."""
    headers = {**held.headers, "content-type": content_type}
    reply = await held.house.api.post("/v1/processing-checks", content=body, headers=headers)
    answer = reply.json()
    if reply.is_error:
        answer.pop("instance")
    trace = reply.headers["request-id"]
    logged = await one(held.house.desk, f"SELECT count(*) FROM access_log WHERE trace = '{trace}'")
    return reply.status_code, answer if reply.is_error else reply.content, logged


async def briefly(held: Holder, body: bytes, **headers: str) -> bytes | None:
    """What the short way alone says."""
    given = {**held.headers, "content-type": "application/json", **headers}
    scope: Scope = {
        "app": held.house.api._transport.app,  # type: ignore[attr-defined]
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        "state": {"request_id": "one of ours"},
        "client": ("127.0.0.1", 1),
    }
    return await plain_checks.answered(scope, body)


def written(checks: Any, *, compact: bool = True) -> bytes:
    """As programs write it."""
    separators = (",", ":") if compact else None
    return json.dumps({"checks": checks}, ensure_ascii=False, separators=separators).encode()


async def test_what_is_plain_is_answered_to_the_byte_as_the_usual_way_answers(held: Holder, index: HoldIndex) -> None:
    answers = set()
    for number, checks in enumerate(PLAIN):
        body = written(checks, compact=bool(number % 2))
        status, answer, logged = await asked(held, body, "application/json; charset=utf-8")
        assert (status, logged) == (200, 1), (number, answer)
        assert await asked(held, body, "application/json") == (status, answer, logged)
        assert await briefly(held, body) == answer
        answers.add(answer)
    assert len(answers) >= 4, "the cases tell nothing apart"


async def test_whatever_is_odd_is_left_to_the_usual_way(held: Holder, index: HoldIndex) -> None:
    for body in [written(checks) for checks in ODD] + ODDLY_WRITTEN:
        assert await briefly(held, body) is None, body[:200]
        usual = await asked(held, body, "application/json; charset=utf-8")
        assert await asked(held, body, "application/json") == usual
        assert usual[2] == 1, body[:200]


async def test_nobody_but_a_system_that_still_may_ask_is_answered(held: Holder, index: HoldIndex) -> None:
    house, body = held.house, written([USE])
    assert await briefly(held, body) is not None
    for headers in (
        house.auth("officer"),
        house.auth("website"),
        {"Authorization": "Bearer x"},
        {"Authorization": "x"},
    ):
        assert await briefly(held, body, **headers) is None
    assert await briefly(held, body, **{"content-type": "text/plain"}) is None
    await index.stop()
    assert await briefly(held, body) is None
