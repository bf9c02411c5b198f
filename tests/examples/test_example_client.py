"""The client's patience, against a plain HTTP server that answers as it is told."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from examples.client import Credentials, Desk, ProblemError, UnreachableError
from examples.common.transport import Transport
from tests.examples.told import Answer, Script


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    monkeypatch.setattr("examples.common.transport.FIRST_PAUSE_SECONDS", 0.01)
    with Script() as one:
        yield one


def _call(script: Script, call: Callable[[Desk], Any], caller: str = "t") -> Any:
    async def run() -> Any:
        async with Desk(script.url, caller) as desk:
            return await call(desk)

    return asyncio.run(run())


def test_the_same_filing_is_sent_again_with_the_same_key(script: Script) -> None:
    script.answers = [
        None,
        (503, {"Retry-After": "0"}, {"code": "service.unavailable"}),
        (201, {"ETag": '"1"'}, {"id": "r"}),
    ]
    filed = _call(script, lambda desk: desk.file_request({"claims": []}))
    assert (filed, filed.etag, filed.status) == ({"id": "r"}, '"1"', 201)
    assert len(script.got) == 3
    assert len({(headers["Idempotency-Key"], body) for _, headers, body in script.got}) == 1


def test_a_wrong_code_is_never_sent_twice(script: Script) -> None:
    script.answers = [None]
    with pytest.raises(UnreachableError):
        _call(script, lambda desk: desk.answer("v", code="12345678"))
    assert len(script.got) == 1


def test_a_decision_is_not_repeated_when_its_answer_was_lost(script: Script) -> None:
    script.answers = [(502, {}, {})]
    with pytest.raises(ProblemError, match=r"http\.502"):
        _call(script, lambda desk: desk.decide("c", {"outcome": "approve"}, etag='"3"'))
    assert script.got[0][1]["If-Match"] == '"3"'


def test_a_long_wait_is_the_callers_to_decide(script: Script) -> None:
    script.answers = [(429, {"Retry-After": "3600"}, {"code": "rate.limited"})]
    with pytest.raises(ProblemError) as caught:
        _call(script, lambda desk: desk.ask_for_code("r", "phone_code"))
    assert (caught.value.code, caught.value.retry_after) == ("rate.limited", 3600)


def test_attempts_are_bounded(script: Script) -> None:
    script.answers = [(503, {"Retry-After": "0"}, {})] * 4
    with pytest.raises(ProblemError):
        _call(script, lambda desk: desk.policy())
    assert len(script.got) == 4


def test_a_problem_tells_what_was_wrong_and_where(script: Script) -> None:
    error = {"pointer": "/subject/phone", "code": "field.format", "detail": "..."}
    script.answers = [(422, {}, {"code": "field.format", "detail": "형식", "errors": [error]})]
    with pytest.raises(ProblemError) as caught:
        _call(script, lambda desk: desk.file_request({}))
    assert (caught.value.status, caught.value.errors, caught.value.detail) == (422, [error], "형식")
    assert "형식" not in str(caught.value)


def test_something_else_than_the_desk_is_told_apart(script: Script) -> None:
    script.answers = [(200, {"Content-Length": "5"}, {"x": "y"})]
    with pytest.raises(UnreachableError, match="something else"):
        _call(script, lambda desk: desk.policy())


def test_a_token_is_bought_once_used_often_and_renewed_when_refused(script: Script) -> None:
    def token(value: str) -> Answer:
        return (200, {}, {"access_token": value, "token_type": "Bearer", "expires_in": 900})

    script.answers = [
        token("one"),
        (200, {}, {"items": []}),
        (200, {}, {"items": []}),
        (401, {}, {"code": "auth.invalid"}),
        token("two"),
        (200, {}, {"items": []}),
    ]

    async def run() -> None:
        async with Desk(script.url, Credentials("id", "secret", agent="a17")) as desk:
            for _ in range(3):
                await desk.tasks(status="pending")

    asyncio.run(run())
    assert [what for what, _, _ in script.got].count("POST /v1/oauth/token") == 2
    assert b"agent=a17" in script.got[0][2]
    assert [headers.get("Authorization") for _, headers, _ in script.got] == [
        None,
        "Bearer one",
        "Bearer one",
        "Bearer one",
        None,
        "Bearer two",
    ]


def test_lists_are_read_to_their_end(script: Script) -> None:
    script.answers = [(200, {}, {"items": [1, 2], "next_cursor": "n"}), (200, {}, {"items": [3], "next_cursor": None})]

    async def run() -> list[Any]:
        async with Transport(script.url, "t") as desk:
            return [one async for one in desk.pages("/v1/tasks", status="pending")]

    assert asyncio.run(run()) == [1, 2, 3]
    assert script.got[1][0] == "GET /v1/tasks?cursor=n&status=pending"
