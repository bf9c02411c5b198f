"""Bodies, paths and queries that do not fit: the code, the place, and nothing of what was sent."""

import json

import httpx
import pytest

from tests.http.sample import CANARY, places, problem

pytestmark = pytest.mark.asyncio

JSON = {"content-type": "application/json"}
ID = "0193a5b0-0000-7000-8000-00000000000a"


async def send(client: httpx.AsyncClient, body: object, path: str = "/filings") -> httpx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post(path, content=raw, headers=JSON)


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    (
        (b"", 400, "request.body_required"),
        (b"\xff\xfe", 400, "request.encoding"),
        ('{"name":"홍길동"}'.encode("euc-kr"), 400, "request.encoding"),
        ('{"name":"홍길동"}'.encode("utf-16"), 400, "request.encoding"),
        (b"\xef\xbb\xbf{}", 400, "request.encoding"),
        (b'{"share":NaN}', 400, "request.malformed_json"),
        (b'{"count":' + b"9" * 5000 + b"}", 400, "request.malformed_json"),
        (b"[" * 100_000, 400, "request.too_deep"),
        (b'{"name":"' + b"a" * 1024 * 1024 + b'"}', 413, "request.too_large"),
        (b'{"name":"a","name":"' + CANARY.encode() + b'"}', 400, "request.duplicate_param"),
        (f'{{"name":"{CANARY}"'.encode(), 400, "request.malformed_json"),
    ),
)
async def test_unreadable(client: httpx.AsyncClient, raw: bytes, status: int, code: str) -> None:
    assert places(problem(await send(client, raw), status, code)) == []


@pytest.mark.parametrize("raw", (b"[]", b"null", b'"x"', b"1", b"true", json.dumps([CANARY]).encode()))
@pytest.mark.parametrize("path", ("/filings", "/optional"))
async def test_top_level_is_an_object(client: httpx.AsyncClient, raw: bytes, path: str) -> None:
    body = problem(await send(client, raw, path), 422, "field.type")
    assert places(body) == [("", "field.type")]


@pytest.mark.parametrize("path", ("/filings", "/optional", "/perhaps"))
@pytest.mark.parametrize(
    "headers",
    (
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/xml"},
        {"content-type": "application/merge-patch+json"},
        {"content-type": "application/json; charset=euc-kr"},
        {"content-type": "nonsense"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ),
)
async def test_other_media_types(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> None:
    problem(await client.post(path, content=b'{"name":"a"}', headers=headers), 415, "request.media_type")


@pytest.mark.parametrize(
    "content_type", ("application/json; charset=UTF-8", "Application/JSON", 'application/json;charset="utf-8"')
)
async def test_spellings_of_json(client: httpx.AsyncClient, content_type: str) -> None:
    answer = await client.post("/filings", content=b'{"name":"a"}', headers={"content-type": content_type})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("raw", (b"{", b"\xff", b"[" * 30, rb'{"reason":"\u0000"}', b'{"a":1,"a":1}'))
@pytest.mark.parametrize("path", ("/optional", "/perhaps"))
async def test_unreadable_never_passes_for_empty(client: httpx.AsyncClient, raw: bytes, path: str) -> None:
    assert (await send(client, raw, path)).status_code in (400, 422)


async def test_no_body_where_none_is_needed(client: httpx.AsyncClient) -> None:
    assert (await client.post("/perhaps")).json() == {"accepted": True}
    problem(await client.post("/optional"), 400, "request.body_required")


@pytest.mark.parametrize(
    ("body", "expected"),
    (
        ({}, [("/name", "field.required")]),
        (
            {"status": "COMPLETED", "is_verified": True, "name": "a"},
            [("/status", "field.unknown"), ("/is_verified", "field.unknown")],
        ),
        ({"name": [CANARY]}, [("/name", "field.type")]),
        ({"name": None}, [("/name", "field.type")]),
        ({"name": 5}, [("/name", "field.type")]),
        ({"name": ""}, [("/name", "field.length")]),
        ({"name": "가" * 201}, [("/name", "field.length")]),
        ({"name": "a\nb"}, [("/name", "field.forbidden_character")]),
        ({"name": "\x00"}, [("/name", "field.forbidden_character")]),
        ({"name": "a", "note": "a\x1b[31m"}, [("/note", "field.forbidden_character")]),
        ({"name": "a", "count": "5"}, [("/count", "field.type")]),
        ({"name": "a", "count": 1.0}, [("/count", "field.type")]),
        ({"name": "a", "count": True}, [("/count", "field.type")]),
        ({"name": "a", "share": "1.5"}, [("/share", "field.type")]),
        ({"name": "a", "agreed": "yes"}, [("/agreed", "field.type")]),
        ({"name": "a", "agreed": 1}, [("/agreed", "field.type")]),
        ({"name": "a", "born": "2026-02-30"}, [("/born", "field.format")]),
        ({"name": "a", "born": "20260201"}, [("/born", "field.format")]),
        ({"name": "a", "born": "2026-W01-1"}, [("/born", "field.format")]),
        ({"name": "a", "born": "２０２６-02-01"}, [("/born", "field.format")]),
        ({"name": "a", "born": "2026-02-01\n"}, [("/born", "field.format")]),
        ({"name": "a", "born": "2026-02-01T00:00:00"}, [("/born", "field.format")]),
        ({"name": "a", "born": "0001-01-01"}, [("/born", "field.value")]),
        ({"name": "a", "born": "9999-12-31"}, [("/born", "field.value")]),
        ({"name": "a", "born": 0}, [("/born", "field.type")]),
        ({"name": "a", "born": 1700000000}, [("/born", "field.type")]),
        ({"name": "a", "at": "2026-11-22T10:00:00"}, [("/at", "field.timezone_required")]),
        ({"name": "a", "at": "2026-11-22T23:59:60+09:00"}, [("/at", "field.format")]),
        ({"name": "a", "at": "2026-11-22T24:00:00+09:00"}, [("/at", "field.format")]),
        ({"name": "a", "at": "2026-11-22 10:00:00+09:00"}, [("/at", "field.format")]),
        ({"name": "a", "at": "2026-11-22T10:00+09:00"}, [("/at", "field.format")]),
        ({"name": "a", "at": "2026-11-22"}, [("/at", "field.format")]),
        ({"name": "a", "at": "2026-11-22T10:00:00+25:00"}, [("/at", "field.format")]),
        ({"name": "a", "at": "9999-12-31T23:59:59-09:00"}, [("/at", "field.value")]),
        ({"name": "a", "at": 1700000000}, [("/at", "field.type")]),
        ({"name": "a", "ref": CANARY}, [("/ref", "field.format")]),
        ({"name": "a", "ref": ID.upper()}, [("/ref", "field.format")]),
        ({"name": "a", "ref": f"{{{ID}}}"}, [("/ref", "field.format")]),
        ({"name": "a", "ref": 7}, [("/ref", "field.type")]),
        ({"name": "a", "colours": ["green"]}, [("/colours/0", "field.value")]),
        ({"name": "a", "colours": [7]}, [("/colours/0", "field.type")]),
        ({"name": "a", "colours": "red"}, [("/colours", "field.type")]),
        ({"name": "a", "colours": {"red": 1}}, [("/colours", "field.type")]),
        ({"name": "a", "even": 3}, [("/even", "field.value")]),
        ({"name": "a", "note": "alone", "count": 1}, [("/count", "field.inconsistent")]),
        ({"name": "a", "claims": [{"right": CANARY}]}, [("/claims/0/right", "field.value")]),
        ({"name": "a", "claims": [{"right": 5}]}, [("/claims/0/right", "field.type")]),
        ({"name": "a", "claims": [{}]}, [("/claims/0/right", "field.required")]),
        ({"name": "a", "claims": [[]]}, [("/claims/0", "field.type")]),
        ({"name": "a", "claims": [{"right": "access"}]}, [("/claims/0/aspects", "field.required")]),
        ({"name": "a", "claims": [{"right": "access", "aspects": []}]}, [("/claims/0/aspects", "field.length")]),
        (
            {"name": "a", "claims": [{"right": "deletion", "fields": {"x": "green"}}]},
            [("/claims/0/fields/x", "field.value")],
        ),
        ({"name": "a", "claims": [{"right": "deletion"}] * 11}, [("/claims", "field.length")]),
        ({"name": "a", "either": {"a": 1}}, [("/either/b", "field.required")]),
        ({"name": "a", "either": {"c": "x", "d": "green"}}, [("/either/d", "field.value")]),
        ({"name": "a", "either": 5}, [("/either", "field.type")]),
        ({"name": "a", "either": {"a": 1, "b": "2"}}, [("/either/b", "field.type")]),
        ({"name": "a", "either": {"c": "x", "d": 5}}, [("/either/d", "field.type")]),
        ({"name": "a", "rows": [{"x": [{"a": 1, "b": "2"}]}]}, [("/rows/0/x/0/b", "field.type")]),
    ),
)
async def test_names_the_place(client: httpx.AsyncClient, body: object, expected: list[tuple[str, str]]) -> None:
    assert places(problem(await send(client, body), 422, expected[0][1])) == expected


@pytest.mark.parametrize(
    ("key", "pointer"),
    (
        ("is_verified", "/is_verified"),
        (CANARY, ""),
        ("홍길동", ""),
        ("900101-1234567", ""),
        ("p01012345678", ""),
        ("a/b~c", ""),
        ("x" * 41, ""),
    ),
)
async def test_unknown_keys_are_named_only_when_they_look_like_fields(
    client: httpx.AsyncClient, key: str, pointer: str
) -> None:
    answer = await send(client, {"name": "a", key: CANARY})
    assert places(problem(answer, 422, "field.unknown")) == [(pointer, "field.unknown")]
    assert key == "is_verified" or key not in answer.text


async def test_accepts_the_whole_shape(client: httpx.AsyncClient) -> None:
    filing = {
        "name": "O'Brien-José 李小龍",
        "note": "여러 줄\n<script>alert(1)</script>\t=1+1",
        "count": -3,
        "share": 2,
        "agreed": False,
        "born": "1990-01-02",
        "at": "2026-11-22T10:00:00.123456789+09:00",
        "ref": ID,
        "colours": ["red"],
        "even": 4,
        "claims": [{"right": "access", "aspects": ["red", "blue"]}, {"right": "deletion", "fields": {"x": "blue"}}],
        "either": {"c": "x", "d": "red"},
        "rows": [{"x": [{"a": 1, "b": 2}]}],
    }
    answer = await send(client, filing)
    assert answer.status_code == 200, answer.text
    assert answer.json()["filing"] == filing | {"share": 2.0, "at": "2026-11-22T10:00:00.123456+09:00"}


async def test_a_check_brings_its_article(client: httpx.AsyncClient) -> None:
    assert problem(await send(client, {"name": "a", "even": 3}), 422, "field.value")["basis"] == "민법 157"
    inconsistent = await send(client, {"name": "a", "note": "alone", "count": 1})
    assert problem(inconsistent, 422, "field.inconsistent")["basis"] == "개인정보 보호법 제38조"


async def test_a_flood_of_mistakes_is_answered_shortly(client: httpx.AsyncClient) -> None:
    rows = problem(await send(client, {"name": "a", "rows": [5] * 200_000}), 422, "field.type")
    assert places(rows) == [("/rows/0", "field.type")]
    many = problem(await send(client, {"name": "a"} | {f"k{'x' * n}": 1 for n in range(30)}), 422, "field.unknown")
    assert len(places(many)) == 20


@pytest.mark.parametrize("raw", (b"{", b"\xff", b"", b'{"name":1}', b"[]", b"[" * 30))
async def test_a_stranger_learns_nothing_about_the_body(client: httpx.AsyncClient, raw: bytes) -> None:
    problem(await send(client, raw, "/guarded"), 401, "auth.missing")


async def test_a_caller_learns_what_is_wrong(client: httpx.AsyncClient) -> None:
    answer = await client.post("/guarded", content=b"{", headers=JSON | {"authorization": "Bearer x"})
    problem(answer, 400, "request.malformed_json")


@pytest.mark.parametrize(
    "named", ("ABC", ID.upper(), f" {ID}", ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}", "1", f"{ID}%0a")
)
async def test_an_unreadable_id_is_an_unknown_one(client: httpx.AsyncClient, named: str) -> None:
    answer = await client.get(f"/claims/{named}?limit=0")
    problem(answer, 404, "request.path_not_found" if "%0a" in named else "claim.not_found")


async def test_ids_with_their_own_answer(client: httpx.AsyncClient) -> None:
    problem(await client.get("/verifications/x"), 422, "verification.failed")
    problem(await client.get("/wonders/x"), 404, "request.path_not_found")
    assert (await client.get(f"/verifications/{ID}")).json() == {"id": ID}


@pytest.mark.parametrize(
    ("query", "code"),
    (
        ("limit=0", "field.value"),
        ("limit=101", "field.value"),
        (f"limit={CANARY}", "field.format"),
        ("limit=", "field.format"),
    ),
)
async def test_queries_are_named(client: httpx.AsyncClient, query: str, code: str) -> None:
    body = problem(await client.get(f"/claims/{ID}?{query}"), 422, code)
    assert places(body) == [("/query/limit", code)]


async def test_forms_are_named(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/oauth/token", data={"scope": CANARY})
    assert places(problem(answer, 422, "field.required")) == [("/grant_type", "field.required")]
    broken = await client.post("/v1/oauth/token", content=b"x", headers={"content-type": "multipart/form-data"})
    problem(broken, 400, "upload.multipart_malformed")
