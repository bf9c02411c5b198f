"""The copy of the holds as a system keeps it, over real sockets: it says what the desk says, or asks the desk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app import db, text
from app.errors import Invalid
from app.services import upkeep
from examples.client import Credentials, Desk
from examples.holds.handles import normal
from examples.holds.keeper import Keeper
from examples.holds.store import Store
from tests.api.acts import one
from tests.api.remembering import lift, place, until
from tests.house import House, key

GILDONG = {"phone": "010-1234-5678"}
USE = {"subject": GILDONG, "category": "online_mall", "purpose": "delivery"}
SYSTEM = {
    "name": "a mall",
    "kind": "internal",
    "categories": ["online_mall"],
    "actions": ["collect"],
    "matches_by": ["phone"],
    "contact_email": "holder@example.com",
}
SNAPSHOTS = "SELECT count(*) FROM access_log WHERE operation = 'list_holds'"


@pytest.fixture
async def neighbour(house: House, url: str) -> AsyncIterator[Desk]:
    """The desk as a registered system meets it."""
    made = (await house.api.post("/v1/systems", json=SYSTEM, headers={**house.auth("admin"), **key()})).json()["client"]
    async with Desk(url, Credentials(made["client_id"], made["client_secret"]), attempts=1) as found:
        yield found


@asynccontextmanager
async def kept(desk: Desk, path: Path, **more: Any) -> AsyncIterator[Keeper]:
    """A program that keeps its copy in this file, until it ends."""
    store = Store(path)
    keeper = Keeper(desk, store, waits_s=5, **more)
    keeping = asyncio.create_task(keeper.keep())
    try:
        await until(lambda: keeper.is_current or keeping.done())
        yield keeper
        assert not keeping.done()
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        store.close()


async def says(keeper: Keeper, allowed: bool) -> None:
    """The copy comes to say this."""
    for _ in range(500):
        answer = await keeper.may_use(USE)
        if (answer["allowed"], answer["by"]) == (allowed, "copy"):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(answer)


async def agrees(keeper: Keeper, desk: Desk) -> set[str]:
    """Whatever is asked, the answer is the desk's; who gave them."""
    by = set()
    for purpose in ("delivery", "service_consultation", "marketing"):
        for fields in (None, ["name"], ["name", "phone"]):
            for subject in (GILDONG, {"email": "GILDONG@Example.com"}, {"phone": "+82 10 0000 1234"}):
                question = USE | {"subject": subject, "purpose": purpose} | ({"fields": fields} if fields else {})
                answer = await keeper.may_use(question)
                by.add(f"{purpose} {answer.pop('by')}")
                assert answer == (await desk.check_processing([question]))["results"][0], question
    return by


async def test_the_copy_says_no_as_long_as_a_hold_stands_and_goes_on_where_it_ended(
    house: House, neighbour: Desk, tmp_path: Path
) -> None:
    filed = await house.file()
    await house.prove(filed)
    claim, file = filed["claims"][0]["id"], tmp_path / "copy.sqlite"
    async with kept(neighbour, file) as keeper:
        await says(keeper, True)
        hold = await place(house.desk, claim, purposes=["delivery"])
        await says(keeper, False)
        await place(house.desk, claim, "correction_pending", fields=["phone"])
        await lift(house.desk, hold)
        await says(keeper, True)
        by = await agrees(keeper, neighbour)
        assert by == {"delivery copy", "service_consultation copy", "marketing desk"}
        for only_the_desk in (
            {"required_by_law": "통신비밀보호법 제13조"},
            {"subject": {"phone": "０１０１２３４５６７８"}},
        ):
            assert (await keeper.may_use(USE | only_the_desk))["by"] == "desk"
    snapshots = await one(house.desk, SNAPSHOTS)
    hold = await place(house.desk, claim)
    async with kept(neighbour, file) as keeper:
        await says(keeper, False)
        assert await one(house.desk, SNAPSHOTS) == snapshots, "it went on from its place"
    await lift(house.desk, hold)
    await place(house.desk, claim, "correction_pending", fields=["phone"])
    async with house.desk.database.transaction() as session:
        await upkeep.forget(session, now=db.now() + timedelta(days=31))
    async with kept(neighbour, file) as keeper:
        await says(keeper, True)
        assert await one(house.desk, SNAPSHOTS) == snapshots + 1, "the feed was gone"
        await agrees(keeper, neighbour)


async def test_a_copy_that_is_not_confirmed_answers_nothing(house: House, neighbour: Desk, tmp_path: Path) -> None:
    store = Store(tmp_path / "copy.sqlite")
    keeper = Keeper(neighbour, store, waits_s=0, old_after_s=0.5)
    assert (await keeper.may_use(USE))["by"] == "desk", "before there is one"
    await keeper.step()
    assert (await keeper.may_use(USE))["by"] == "copy"
    again = Keeper(neighbour, Store(tmp_path / "copy.sqlite"), old_after_s=0.5)
    assert (await again.may_use(USE))["by"] == "desk", "after a restart"
    await until(lambda: not keeper.is_current)
    assert (await keeper.may_use(USE))["by"] == "desk", "too old"
    # A snapshot that was not read to its end is no copy, whatever happened.
    await keeper.step()
    store.begin()
    assert keeper.is_current and (await keeper.may_use(USE))["by"] == "desk"
    assert Store(tmp_path / "copy.sqlite").after is None


PARTS = (
    ("", "0", "+82", "+82 0"),
    ("10", "11", "2", "31", "70"),
    ("", "-", " "),
    ("123", "1234", "12"),
    ("5678", "567"),
)
TYPED = st.text("0123456789+-. ()", max_size=20) | st.tuples(*map(st.sampled_from, PARTS)).map("".join)
MAILS = st.emails() | st.from_regex(r"[A-Za-z0-9.+-]{1,8}@[A-Za-z0-9.-]{1,8}\.[A-Za-z]{1,3}", fullmatch=True)


@settings(max_examples=60)
@given(typed=TYPED)
@example("+82 (0)10-1234-5678")
def test_a_number_is_written_as_the_desk_writes_it_or_left_to_the_desk(typed: str) -> None:
    written = normal("phone", typed)
    assert written is None or written == text.phone(typed)
    assert normal("phone", "010-1234-5678") == "+821012345678"


@settings(max_examples=40)
@given(typed=MAILS)
def test_an_address_is_written_as_the_desk_writes_it_or_left_to_the_desk(typed: str) -> None:
    written = normal("email", typed)
    try:
        desks = text.email(typed).casefold()
    except Invalid:
        return  # nobody is held under what nobody can file
    assert written in (None, desks)
    assert normal("email", "Gil.Dong+1@Example.COM") == "gil.dong+1@example.com"
