"""Who calls: by a header of one form, under one of the roles that the route lets in, and as one who acts."""

from datetime import UTC, datetime, timedelta

import pytest

from app.db import new_id
from app.desk import Actor
from app.http.auth import actor
from app.tokens import Principal, Role
from tests.house import House

NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


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


@pytest.mark.parametrize("role", ("website", "auditor", "admin"))
async def test_whoever_is_believed_and_has_not_the_role_is_told_so(house: House, role: str) -> None:
    reply = await house.api.get("/v1/claims", headers=house.auth(role))
    assert (reply.status_code, reply.json()["code"]) == (403, "auth.forbidden")


def test_whoever_calls_acts_as_all_that_the_token_says() -> None:
    site = new_id()
    bare = Principal(Role.CLERK, "urn:desk", "kim", "j1", NOW, NOW + timedelta(minutes=15))
    assert actor(bare) == Actor(Role.CLERK, "urn:desk", "kim", None, "subject", None)
    whole = Principal(
        Role.CLERK, "urn:desk", "kim", "j1", NOW, NOW, agent="a17", party="requester", site_id=site, name="김하나"
    )
    assert actor(whole) == Actor(Role.CLERK, "urn:desk", "kim", "a17", "requester", str(site))
