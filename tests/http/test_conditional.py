"""If-Match, If-None-Match and ETag."""

import httpx
import pytest

from app.errors import Stale, Unconditional
from app.http.conditional import etag, if_match, not_modified, versioned
from tests.http.sample import problem

ID = "0193a5b0-0000-7000-8000-00000000000a"
STALE = [
    "",
    "*",
    'W/"v3"',
    '"v3","v4"',
    '"v3", "v3"',
    "v3",
    '"3"',
    '"v03"',
    '"v-1"',
    '"v٣"',
    '"v3"x',
    '"v' + "9" * 5000 + '"',
    '"V3"',
]


@pytest.mark.parametrize("version", (0, 1, 3, 999_999_999))
def test_reads_its_own_tags(version: int) -> None:
    assert if_match(etag(version)) == version
    assert if_match(f" {etag(version)}\t") == version


@pytest.mark.parametrize("header", STALE)
def test_anything_else_is_stale(header: str) -> None:
    with pytest.raises(Stale, match=r"precondition\.failed"):
        if_match(header)


def test_missing_is_unconditional() -> None:
    with pytest.raises(Unconditional, match=r"precondition\.required"):
        if_match(None)


@pytest.mark.parametrize(
    ("header", "expected"),
    (
        (None, False),
        ("", False),
        ("*", True),
        ('"v3"', True),
        ('W/"v3"', True),
        ('"v1", W/"v3"', True),
        ('"v4"', False),
        ("v3", False),
        ('"v3",' * 10_000, False),
    ),
)
def test_not_modified(header: str | None, expected: bool) -> None:
    assert not_modified(header, '"v3"') is expected


def test_headers() -> None:
    assert versioned(3) == {"ETag": '"v3"'}
    assert versioned(1, location="/v1/requests/x") == {"ETag": '"v1"', "Location": "/v1/requests/x"}


@pytest.mark.asyncio
async def test_at_the_door(client: httpx.AsyncClient) -> None:
    token = {"authorization": "Bearer x"}
    problem(await client.put(f"/claims/{ID}"), 401, "auth.missing")
    problem(await client.put(f"/claims/{ID}", headers=token), 428, "precondition.required")
    for header in ["*", 'W/"v3"', '"v2"', '"v3", "v4"']:
        problem(await client.put(f"/claims/{ID}", headers=token | {"if-match": header}), 412, "precondition.failed")
    assert (await client.put(f"/claims/{ID}", headers=token | {"if-match": '"v3"'})).json() == {"version": 3}
    assert (await client.get(f"/claims/{ID}")).headers["etag"] == '"v3"'
