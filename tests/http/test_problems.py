"""The catalogue, its page, and the ways errors become problem documents."""

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app import errors
from app.http import catalogue as catalogue_module
from app.http.catalogue import FITS, CatalogueError, catalogue, load, markdown
from app.http.faults import _CODES
from app.http.problems import language
from tests.http.sample import CANARY, places, problem

ROOT = Path(__file__).parents[2]
KINDS = {kind.__name__ for kind in errors.Problem.__subclasses__()}
NAMERS = {"refuse": 0, "IdOr": 0, "Fault": 1}


def _constants(node: ast.expr) -> Iterator[str]:
    branches = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    for branch in branches:
        if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
            yield branch.value


def _named() -> Iterator[tuple[str, str | None, str]]:
    """Every (code, class that must fit it or None, place) in the source."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = NAMERS.get(name, 0 if name in KINDS | {"Problem"} else None)
            if place is None:
                continue
            given = [*node.args[place : place + 1], *(word.value for word in node.keywords if word.arg == "code")]
            for code in (code for each in given for code in _constants(each)):
                yield code, name if name in KINDS else None, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_code_raised_stands_in_the_catalogue_and_fits() -> None:
    named = list(_named())
    assert len(named) > 30
    known = catalogue()
    assert [(code, place) for code, _, place in named if code not in known] == []
    wrong = [(code, kind, place) for code, kind, place in named if kind and known[code].kind != kind]
    assert wrong == []
    assert [each for each in named if known[each[0]].kind == "Note"] == []


def test_the_catalogue_covers_what_validation_says() -> None:
    assert set(_CODES.values()) <= set(catalogue())


def test_every_kind_of_error_has_its_statuses() -> None:
    assert KINDS | {"Internal", "Note"} == set(FITS)
    statuses = [status for kind, fitting in FITS.items() if kind != "Note" for status in fitting]
    assert len(statuses) == len(set(statuses))


def test_the_file_gives_no_code_twice() -> None:
    lines = Path(catalogue_module.__file__).with_name("catalogue.yaml").read_text(encoding="utf-8").splitlines()
    codes = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert len(codes) == len(set(codes)) == len(catalogue())


def test_sentences_are_sentences() -> None:
    for entry in catalogue().values():
        assert entry.detail["ko"].endswith((".", "요.")), entry.code
        assert entry.detail["en"].endswith("."), entry.code
        assert any("가" <= letter <= "힣" for letter in entry.title["ko"]), entry.code
        assert entry.title["en"].isascii(), entry.code
        assert "{" not in entry.detail["ko"] + entry.detail["en"], entry.code


@pytest.mark.parametrize(
    "text",
    (
        "[]",
        "a.b: {}",
        "a.b: {status: 404, kind: Invalid, title: {ko: a, en: a}, detail: {ko: a, en: a}}",
        "a.b: {status: 422, kind: Invalid, title: {ko: a}, detail: {ko: a, en: a}}",
        "a.b: {status: 422, kind: Invalid, title: {ko: a, en: ''}, detail: {ko: a, en: a}}",
        "a.b: {status: 422, kind: Nothing, title: {ko: a, en: a}, detail: {ko: a, en: a}}",
    ),
)
def test_a_broken_catalogue_does_not_load(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError):
        load(tmp_path / "c.yaml")


def test_the_page_is_fresh() -> None:
    assert (ROOT / "docs/problems.md").read_text(encoding="utf-8") == markdown(), "run python -m app.http.problems"


@pytest.mark.parametrize(
    ("header", "expected"),
    (
        (None, "ko"),
        ("", "ko"),
        ("*", "ko"),
        ("fr", "ko"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN", "en"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("ko;q=0.1, en;q=0.2", "en"),
        ("en;q=0", "ko"),
        ("en;q=nan", "ko"),
        ("en;q=١", "ko"),
        ("fr;q=1, en;q=0.1", "en"),
        ("en," * 100_000, "en"),
        (";;;,,,=", "ko"),
    ),
)
def test_language(header: str | None, expected: str) -> None:
    assert language(header) == expected


pages = pytest.mark.asyncio


@pages
async def test_korean_unless_english_is_asked_for(client: httpx.AsyncClient) -> None:
    for header, tongue in [("ko", "ko"), ("en", "en")]:
        answer = await client.post(
            "/filings", content=b"{}", headers={"content-type": "application/json", "accept-language": header}
        )
        body = problem(answer, 422, "field.required")
        entry = catalogue()["field.required"]
        assert answer.headers["content-language"] == tongue
        assert (body["title"], body["detail"]) == (entry.title[header], entry.detail[header])  # type: ignore[index]
        assert body["errors"] == [{"pointer": "/name", "code": "field.required", "detail": body["detail"]}]


@pages
async def test_challenges_and_waits(client: httpx.AsyncClient) -> None:
    missing = await client.post("/guarded", json={})
    problem(missing, 401, "auth.missing")
    assert missing.headers["www-authenticate"].startswith("Bearer")
    limited = await client.get("/fails/limited")
    problem(limited, 429, "rate.limited")
    assert limited.headers["retry-after"] == "17"
    problem(await client.get("/fails/fact"), 422, "verification.failed")


@pages
@pytest.mark.parametrize("how", ("pool", "away"))
async def test_a_database_that_is_away(client: httpx.AsyncClient, how: str) -> None:
    answer = await client.get(f"/fails/{how}")
    problem(answer, 503, "service.unavailable")
    assert int(answer.headers["retry-after"]) > 0


@pages
@pytest.mark.parametrize("how", ("data", "bug"))
async def test_the_last_resort_says_and_logs_nothing(
    client: httpx.AsyncClient, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await client.get(f"/fails/{how}")
    assert places(problem(answer, 500, "internal.error")) == []
    assert CANARY not in caplog.text
    assert answer.headers["request-id"] in caplog.text


@pages
async def test_a_code_outside_the_catalogue_is_our_mistake(client: httpx.AsyncClient) -> None:
    answer = await client.get("/fails/uncatalogued")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal.error"


@pages
async def test_paths_and_methods(client: httpx.AsyncClient) -> None:
    problem(await client.get("/nowhere/홍길동"), 404, "request.path_not_found")
    problem(await client.get("/filings/"), 404, "request.path_not_found")
    answer = await client.delete("/filings")
    problem(answer, 405, "request.method_not_allowed")
    assert answer.headers["allow"] == "POST"


@pages
async def test_the_list_and_one_problem(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/problems")).json()
    assert [item["code"] for item in listed["items"]] == sorted(catalogue())
    assert listed["next_cursor"] is None
    answer = await client.get("/problems/guardian.required")
    assert answer.json()["basis"] == "개인정보 보호법 제38조제2항"
    assert answer.json()["type"] == "/problems/guardian.required"
    problem(await client.get("/problems/nobody.knows"), 404, "request.path_not_found")


@pages
async def test_pages_for_people(client: httpx.AsyncClient) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "ko-KR,ko;q=0.9"}
    listed = await client.get("/problems", headers=browser)
    assert listed.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="/problems/claim.closed"' in listed.text
    one = await client.get("/problems/claim.closed", headers=browser | {"accept-language": "en"})
    assert '<html lang="en">' in one.text
    assert catalogue()["claim.closed"].detail["en"] in one.text
    assert one.headers["content-security-policy"].startswith("default-src 'none'")
