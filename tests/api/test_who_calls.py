"""The header that says who calls: one form of it opens, in any case of letters; every other is refused alike."""

import pytest

from tests.house import House


@pytest.mark.parametrize(
    ("header", "status", "code"),
    (
        (None, 401, "auth.missing"),
        ("", 401, "auth.missing"),
        ("Bearer {token}", 200, None),
        ("bearer {token}", 200, None),
        ("BEARER {token}", 200, None),
        ("Bearer  {token} ", 200, None),
        ("Bearer", 401, "auth.invalid"),
        ("Bearer ", 401, "auth.invalid"),
        ("{token}", 401, "auth.invalid"),
        ("Basic {token}", 401, "auth.invalid"),
        ("Bearer {token} {token}", 401, "auth.invalid"),
        ("Bearer,{token}", 401, "auth.invalid"),
    ),
)
async def test_who_calls_is_said_in_one_form(house: House, header: str | None, status: int, code: str | None) -> None:
    said = {} if header is None else {"Authorization": header.format(token=house.token("officer", "kim"))}
    reply = await house.api.get("/v1/claims", headers=said)
    assert (reply.status_code, reply.json().get("code")) == (status, code)
