"""Every operation of the contract under everything that can be wrong about a call; docs/bad-inputs.md is its table.

One world, all operations: each answer is a problem document of the right code that repeats nothing, with one row in
the access log where the caller is one that leaves rows, and nothing of it in the logs.
"""

import base64
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from app import contract, db, main
from tests.api.acts import rows
from tests.api.misfits import CANARY, JSON_TYPE, Misfit, at_the_door, mistyped, unfitting, unreadable
from tests.api.test_authorization import UNLOGGED, auth, unknown_ids
from tests.api.walk import carried, parameters, to_be_sent
from tests.house import House

DOCUMENT = contract.document(main.bare(docs=True))
EXAMPLE = to_be_sent()
TEN_MEGABYTES = ("report_task", "report_tasks")
"""What is collected of a person may be much: tests/http/test_door.py."""
ONE_BY_ONE = "report_tasks"
"""Each of its results is judged by itself, and the call answers 200: tests/api/test_results.py."""
SIGNED = "take_callback"
"""Its signature is looked at before its body: tests/api/test_callbacks.py."""


@dataclass(frozen=True)
class Operation:
    """One operation, called by whoever it is for, about ids of nothing."""

    id: str
    method: str
    path: str
    said: dict[str, Any]
    role: str

    @property
    def named(self) -> set[str]:
        """The parameters that it shares with others, and the headers of its own."""
        shared = {one["$ref"].rpartition("/")[2] for one in self.said["parameters"] if "$ref" in one}
        return shared | {one["name"] for one in self.said["parameters"] if one.get("in") == "header"}

    @property
    def queries(self) -> list[str]:
        return [one["name"] for one in self.said["parameters"] if one.get("in") == "query"]

    @property
    def body(self) -> dict[str, Any]:
        """The example of what it is sent, as httpx takes it."""
        if "requestBody" not in self.said:
            return {}
        [kind] = self.said["requestBody"]["content"]
        return carried(kind, EXAMPLE[self.id]["request"])

    @property
    def takes_json(self) -> bool:
        return "application/json" in self.said.get("requestBody", {}).get("content", {})


def operations() -> Iterator[Operation]:
    for path, methods in DOCUMENT["paths"].items():
        for method, said in methods.items():
            yield Operation(said["operationId"], method.upper(), path, said, said.get("x-roles", ["anonymous"])[0])


@dataclass
class Tried:
    """What was sent and what came back, judged at once; what is wrong is kept to be told together."""

    house: House
    ids: dict[str, str] = field(default_factory=unknown_ids)
    callers: dict[str, dict[str, str]] = field(default_factory=dict)
    wrong: list[tuple[str, ...]] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def headers(self, one: Operation) -> dict[str, str]:
        """What a right call of this operation brings."""
        if one.role not in self.callers:
            self.callers[one.role] = auth(self.house, one.role)
        given = EXAMPLE.get(one.id, {}).get("parameters", {})
        own = parameters(one.said, "header", given)
        version = {"If-Match": '"v1"'} if "IfMatch" in one.named else {}
        key = {"Idempotency-Key": str(db.new_id())} if "IdempotencyKey" in one.named else {}
        return self.callers[one.role] | own | version | key

    async def send(self, one: Operation, what: str, status: int, code: str, /, **call: Any) -> httpx.Response:
        """One call; `code` is what the code of the answer begins with."""
        path = call.pop("path", one.path.format(**self.ids))
        headers = call.pop("headers", None) or self.headers(one)
        reply = await self.house.api.request(one.method, path, headers=headers, **call)
        self._judge((one.id, what), reply, status, code)
        known = "authorization" in {name.lower() for name in dict(headers)}
        self.roles[reply.headers["request-id"]] = one.role if known else "anonymous"
        self.called[reply.headers["request-id"]] = f"{one.id}, {what}"
        self.seen[what] += 1
        return reply

    def _judge(self, called: tuple[str, ...], reply: httpx.Response, status: int, code: str) -> None:
        said = reply.json() if "json" in reply.headers["content-type"] else {}
        if reply.status_code != status or not str(said.get("code")).startswith(code):
            self.wrong.append((*called, str(reply.status_code), reply.text[:200]))
        if reply.headers["content-type"] != "application/problem+json" or reply.headers["cache-control"] != "no-store":
            self.wrong.append((*called, "no problem document"))
        told = reply.text + str(reply.headers)
        if any(canary in told for canary in (CANARY, "CANARY", "홍길동", "È«±æµ¿")):
            self.wrong.append((*called, "repeats what was sent"))

    async def look(self, one: Operation, what: str, *, url: str, headers: dict[bytes, bytes]) -> None:
        """One call that may fit: then it is answered, and in any case without a repeat."""
        reply = await self.house.api.request(one.method, url, headers=headers, **one.body)
        said = reply.json() if reply.status_code >= 400 else {"code": ""}
        if not reply.is_success:
            self._judge((one.id, what, url[-40:]), reply, reply.status_code, said["code"])
        if reply.status_code >= 500:
            self.wrong.append((one.id, what, url[-40:], reply.text[:200]))
        self.seen["looked"] += 1

    async def logged(self) -> list[tuple[str, str]]:
        """Where the access log has not exactly one row of a call: what it was, and how many there are."""
        found = await rows(
            self.house.desk, "SELECT trace, count(*) AS entries FROM access_log WHERE operation <> 'log_in' GROUP BY 1"
        )
        entries = {row.trace: row.entries for row in found}
        expected = {trace: int(role not in UNLOGGED) for trace, role in self.roles.items()}
        return [
            (self.called[one], str(entries.get(one, 0))) for one in expected if entries.get(one, 0) != expected[one]
        ]


@pytest.fixture
def tried(house: House, caplog: pytest.LogCaptureFixture) -> Iterator[Tried]:
    """Everything is told at the end: one fault in the middle would hide all others."""
    found = Tried(house)
    with caplog.at_level(logging.INFO):
        yield found
    assert found.wrong == []
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not [line for line in ours if CANARY in line or "홍길동" in line]


async def test_every_operation_refuses_every_body_that_does_not_fit(tried: Tried) -> None:
    for one in operations():
        if not one.takes_json or one.id == SIGNED:
            continue
        for misfit in _misfits(one):
            await tried.send(one, misfit.name, misfit.status, misfit.code, **_content(tried, one, misfit))
    assert tried.seen["a field nobody asked for"] > 50
    assert await tried.logged() == []


def _misfits(one: Operation) -> Iterator[Misfit]:
    example, required = EXAMPLE[one.id]["request"], one.said["requestBody"].get("required", False)
    yield from unreadable(example)
    yield from unfitting(example, required=required)
    if one.id != ONE_BY_ONE:
        yield from mistyped(example)


def _content(tried: Tried, one: Operation, misfit: Misfit) -> dict[str, Any]:
    return {"content": misfit.raw, "headers": tried.headers(one) | misfit.headers}


async def test_what_is_too_large_or_packed_is_refused_at_the_door(tried: Tried) -> None:
    for one in operations():
        for misfit in at_the_door() if one.takes_json and one.id not in TEN_MEGABYTES else ():
            await tried.send(one, misfit.name, misfit.status, misfit.code, **_content(tried, one, misfit))
    assert tried.seen["1 MB"] > 45


async def test_an_unreadable_id_is_an_unknown_one_everywhere(tried: Tried) -> None:
    for one in operations():
        ids = [name for name in tried.ids if f"{{{name}}}" in one.path and name.endswith("_id")]
        if not ids or one.id == SIGNED:
            continue
        unknown = await tried.house.api.request(
            one.method, one.path.format(**tried.ids), headers=tried.headers(one), **one.body
        )
        code = unknown.json()["code"] if unknown.status_code in (404, 422) else f"{ids[-1][:-3]}.not_found"
        for spelt in (tried.ids[ids[-1]].upper(), "%20" + tried.ids[ids[-1]], CANARY, "0", "%EF%BC%91"):
            path = one.path.format(**{**tried.ids, ids[-1]: spelt})
            await tried.send(one, "an id", 422 if code == "verification.failed" else 404, code, path=path, **one.body)
    assert tried.seen["an id"] > 300
    assert await tried.logged() == []


VERSIONS = ("*", 'W/"v1"', "v1", '"v1", "v2"', '"v01"', '"CANARY"', "", '"v1"' * 400)
KEYS = ("", '""', "k" * 256, '"half', 'half"', "a\tb", 'a"b', "é", '"' + "k" * 256 + '"')


async def test_what_needs_a_version_takes_one_strong_one(tried: Tried) -> None:
    for one in operations():
        if "IfMatch" not in one.named:
            continue
        headers = {name: value for name, value in tried.headers(one).items() if name != "If-Match"}
        await tried.send(one, "no version", 428, "precondition.required", headers=headers, **one.body)
        for version in VERSIONS:
            worse = headers | {"If-Match": version}
            await tried.send(one, "a version", 412, "precondition.failed", headers=worse, **one.body)
    assert tried.seen["no version"] > 20
    assert await tried.logged() == []


async def test_what_needs_a_key_takes_one_plain_one(tried: Tried) -> None:
    for one in operations():
        if "IdempotencyKey" not in one.named:
            continue
        headers = {name: value for name, value in tried.headers(one).items() if name != "Idempotency-Key"}
        await tried.send(one, "no key", 400, "idempotency.key_required", headers=headers, **one.body)
        for key in KEYS:
            worse = [*headers.items(), ("Idempotency-Key", key.encode("latin-1"))]
            sent = [(name.encode(), value.encode() if isinstance(value, str) else value) for name, value in worse]
            await tried.send(one, "a key", 400, "idempotency.key_malformed", headers=sent, **one.body)
    assert tried.seen["no key"] > 15


POSING = {"X-User-Id": "admin-1", "X-User-Role": "admin", "X-Forwarded-For": "203.0.113.9", "Forwarded": "for=::1"}


async def test_who_brings_no_token_or_a_bad_one_learns_nothing_else(tried: Tried) -> None:
    for one in operations():
        if "x-roles" not in one.said:
            continue
        # Whatever else is wrong about the call, the caller comes first.
        worse = {"content": b"\xff", "headers": JSON_TYPE | POSING} if one.takes_json else {"headers": POSING}
        reply = await tried.send(one, "no token", 401, "auth.missing", **worse)
        assert reply.headers["www-authenticate"].startswith("Bearer"), one.id
        good = tried.headers(one)["Authorization"]
        for brought in ("Bearer", "Bearer CANARY", "Basic Q0FOQVJZ", good[:-4] + "AAAA", "Bearer e30.e30.e30"):
            headers = worse["headers"] | {"Authorization": brought}
            await tried.send(one, "a token", 401, "auth.invalid", **{**worse, "headers": headers})
    assert tried.seen["no token"] > 100
    # So many from one address are counted together: a row each for the first of them, and none of anybody known.
    found = await rows(tried.house.desk, "SELECT trace, role, actor, address FROM access_log")
    assert 0 < len({row.trace for row in found}) == len(found) <= tried.seen["a token"]
    assert {(row.role, row.address) for row in found} == {("unknown", "127.0.0.1")}
    assert not any("admin-1" in row.actor for row in found)


DEEP = base64.urlsafe_b64encode(b"[" * 140).decode()
ODD_PLACE = base64.urlsafe_b64encode(b'["9999-12-31", "' + b"0" * 32 + b'"]').decode()
WORDS = (CANARY, "", "-1.0", "9" * 400, "2026-02-30", "%00", "%ff", DEEP, ODD_PLACE)
SHARED = {"AcceptLanguage", "IfMatch", "IdempotencyKey"}


async def test_no_query_and_no_header_does_more_than_be_refused(tried: Tried) -> None:
    """Some take any words: here it is only asked for a proper answer in which nothing is said again."""
    for one in operations():
        headers = {name.encode(): value.encode() for name, value in tried.headers(one).items()}
        path = one.path.format(**tried.ids)
        for name in one.queries:
            for value in WORDS:
                await tried.look(one, name, url=f"{path}?{name}={value}", headers=headers)
        if one.queries:
            twice = f"{path}?{one.queries[0]}=1&{one.queries[0]}=2"
            await tried.send(one, "twice", 400, "request.duplicate_param", path=twice, headers=tried.headers(one))
        for name in one.named - SHARED:
            for value in ("홍길동".encode("euc-kr"), b"x" * 9000, b""):
                await tried.look(one, name, url=path, headers=headers | {name.encode(): value})
    assert tried.seen["looked"] > 700
