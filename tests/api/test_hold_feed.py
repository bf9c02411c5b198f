"""A copy of the holds: nothing is lost between snapshot and feed, and nobody is told of what is not theirs (F7)."""

import asyncio
import base64
import hashlib
import hmac
import time
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app import db
from app.services import hold_waiting, holds, upkeep
from tests.api.acts import YOUNGHEE, one, refused, rows
from tests.api.remembering import lift, place, placed, until
from tests.house import Holder, House

MALLS, SERVICES = "online_mall", "separate_service"
PHONE = ("phone", "+821012345678")
CLOCK = "SELECT seq FROM hold_clock"
Copy = dict[str, dict[str, Any]]


async def person(house: House, **more: Any) -> str:
    """The claim of somebody who is known."""
    filed = await house.file(**more)
    await house.prove(filed)
    claim: str = filed["claims"][0]["id"]
    return claim


async def get(house: House, holder: Holder, path: str, **params: Any) -> httpx.Response:
    """The system asks."""
    return await house.api.get(f"/v1/holds/{path}", params=params, headers=holder.headers)


async def told(house: House, holder: Holder, path: str, **params: Any) -> dict[str, Any]:
    """The system asks and is answered."""
    reply = await get(house, holder, path, **params)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def snapshot(house: House, holder: Holder, **params: Any) -> tuple[Copy, str]:
    """The whole snapshot, or its rest from a cursor on, and the place after it."""
    copy: Copy = {}
    while True:
        page = await told(house, holder, "snapshot", **params)
        copy |= {item["hold_id"]: item for item in page["items"]}
        if page["next_cursor"] is None:
            return copy, page["after"]
        params["cursor"] = page["next_cursor"]


async def followed(house: House, holder: Holder, copy: Copy, after: str, **params: Any) -> str:
    """Put upon the copy what changed, to the end; the place after it."""
    while True:
        page = await told(house, holder, "feed", after=after, **params)
        for item in page["items"]:
            copy.pop(item["hold_id"], None)
            if item["active"]:
                copy[item["hold_id"]] = item
        after = page["after"]
        if not page["more"]:
            return after


async def name_of(house: House, holder: Holder, kind: str, value: str) -> str:
    """How this system computes a person's name in the feed, as the contract says it."""
    both = base64.b64decode((await told(house, holder, "feed-key"))["feed_key"].removeprefix("hfk_"))
    inner = hmac.digest(both[:32], f"{kind}\0{value}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(hmac.digest(both[32:], inner, hashlib.sha256)).decode().rstrip("=")


async def test_nothing_is_lost_between_snapshot_and_feed_whatever_is_written_meanwhile(house: House) -> None:
    mall = await house.system(categories=[MALLS])
    claim = await person(house)
    standing = [await place(house.desk, claim) for _ in range(12)]
    over = asyncio.Event()

    async def write(number: int) -> None:
        """Lift and place, in transactions that overlap."""
        mine = standing[number::3]
        while not over.is_set():
            async with house.desk.database.transaction() as session:
                await holds.lift_one(session, mine.pop(), now=db.now())
                fresh = [await placed(session, claim, "suspended", one_) for one_ in (MALLS, SERVICES, MALLS)]
                await session.flush()
                await asyncio.sleep(0.01)
            mine[:0] = [fresh[0].id, fresh[2].id]

    async def more_is_written() -> None:
        before = await one(house.desk, CLOCK)
        while await one(house.desk, CLOCK) < before + 6:
            pass

    writers = [asyncio.create_task(write(number)) for number in range(3)]
    copy: Copy = {}
    page = await told(house, mall, "snapshot", limit=4)
    for _ in range(3):
        copy |= {item["hold_id"]: item for item in page["items"]}
        await more_is_written()
        page = await told(house, mall, "snapshot", limit=4, cursor=page["next_cursor"])
    over.set()
    await asyncio.gather(*writers)
    rest, _ = await snapshot(house, mall, cursor=page["next_cursor"])
    copy |= {item["hold_id"]: item for item in page["items"]} | rest
    active = "SELECT id::text FROM hold WHERE lifted_at IS NULL AND category = 'online_mall'"
    standing_now = {row.id for row in await rows(house.desk, active)}
    assert set(copy) != standing_now, "else nothing was written meanwhile"
    await followed(house, mall, copy, page["after"], limit=7)
    assert set(copy) == standing_now


async def test_each_system_knows_its_own_people_and_its_own_categories_only(house: House) -> None:
    mall, other = await house.system(), await house.system("another", categories=[SERVICES])
    claim, hers = await person(house), await person(house, subject=YOUNGHEE)
    hold = await place(house.desk, claim, "correction_pending", fields=["phone"])
    theirs = await place(house.desk, hers, category=SERVICES, purposes=["delivery"])
    copy, after = await snapshot(house, mall)
    seen, _ = await snapshot(house, other)
    assert set(copy) == {str(hold), str(theirs)} and set(seen) == {str(theirs)}
    item = copy[str(hold)]
    assert (item["kind"], item["category"], item["fields"], item["purposes"]) == (
        "correction_pending",
        MALLS,
        ["phone"],
        None,
    )
    for kind, value in (PHONE, ("email", "gildong@example.com")):
        assert await name_of(house, mall, kind, value) in item["subjects"], kind
        assert await name_of(house, other, kind, value) not in item["subjects"], kind
    assert not set(copy[str(theirs)]["subjects"]) & set(seen[str(theirs)]["subjects"])
    assert not {"claim_id", "request_id"} & set(item)
    page = await told(house, mall, "snapshot")
    assert "marketing" not in page["covers"]["purposes"] and "delivery" in page["covers"]["purposes"]
    assert set(page["covers"]["categories"]) == {MALLS, SERVICES}

    # The request's own key and everything under it may be destroyed: of what is over no more is told than its id.
    async with house.desk.database.transaction() as session:
        await db.run(session, "UPDATE request SET key = '', person_ct = NULL, subject_ct = ''", {})
    assert (await snapshot(house, mall))[0] == copy
    await lift(house.desk, hold)
    page = await told(house, mall, "feed", after=after)
    [change] = page["items"]
    assert {name: change[name] for name in change if name not in ("seq", "at")} == {
        "hold_id": str(hold),
        "active": False,
    }
    assert (await told(house, other, "feed", after=(await snapshot(house, other))[1]))["items"] == []


async def test_no_other_controller_is_given_a_list_of_the_held(house: House) -> None:
    for kind in ("third_party", "source"):
        other = await house.system(kind, kind=kind)
        for path in ("feed-key", "snapshot", "feed?after=0.0123456789abcdef"):
            reply = await house.api.get(f"/v1/holds/{path}", headers=other.headers)
            assert (reply.status_code, reply.json()["code"]) == (403, "auth.forbidden"), (kind, path)
    processor = await house.system("processor", kind="processor")
    assert (await get(house, processor, "snapshot")).status_code == 200


async def test_who_comes_too_late_or_from_elsewhere_is_told_to_take_the_snapshot(house: House) -> None:
    mall, claim = await house.system(categories=[MALLS]), await person(house)
    async with house.desk.database.transaction() as session:
        await db.run(session, "DELETE FROM hold_change", {})
        await db.run(session, "UPDATE hold_clock SET seq = 0, at = 'epoch'", {})
    _, start = await snapshot(house, mall)
    for _ in range(3):
        await place(house.desk, claim)
    assert len((await told(house, mall, "feed", after=start))["items"]) == 3, "from the very first"
    page = await told(house, mall, "snapshot", limit=1)
    last = page["after"]

    async def gone(after: str) -> bool:
        reply = await get(house, mall, "feed", after=after)
        assert reply.status_code in (200, 410), reply.text
        return bool(reply.status_code == 410 and reply.json()["code"] == "feed.gone")

    assert not await gone(last)
    assert await gone("99" + last) and await gone(last[:-1] + ("0" if last[-1] != "0" else "1"))
    async with house.desk.database.transaction() as session:
        await upkeep.forget(session, now=db.now() + timedelta(days=31))
    assert await gone(start) and not await gone(last)
    await place(house.desk, claim)
    assert not await gone(last), "the last change is kept"
    # A category more: of its holds nothing was told before.
    changed = await house.api.get(f"/v1/systems/{mall.id}", headers=house.auth("admin"))
    headers = {**house.auth("admin"), "If-Match": changed.headers["etag"]}
    more = {"categories": [MALLS, SERVICES]}
    assert (await house.api.patch(f"/v1/systems/{mall.id}", json=more, headers=headers)).status_code == 200
    assert await gone(last)
    reply = await get(house, mall, "snapshot", cursor=page["next_cursor"])
    assert reply.status_code == 410, "midway as well"
    # Another history: the same number, another moment.
    _, last = await snapshot(house, mall)
    async with house.desk.database.transaction() as session:
        await db.run(session, "UPDATE hold_clock SET at = at + interval '1 second'", {})
    assert await gone(last)


NO_PLACES: tuple[tuple[str, dict[str, str]], ...] = (
    ("feed", {}),
    ("feed", {"after": "0"}),
    ("feed", {"after": "-1.0123456789abcdef"}),
    ("feed", {"after": "9999999999999999999.0123456789abcdef"}),
    ("feed", {"after": "1.0123456789abcdef", "wait": "31"}),
    ("feed", {"after": "1.0123456789abcdef", "wait": "-1"}),
    ("feed", {"after": "1.0123456789abcdef", "limit": "1001"}),
    ("snapshot", {"cursor": "1.0123456789abcdef"}),
    ("snapshot", {"cursor": "1.0123456789abcdef." + "-" * 36}),
    ("snapshot", {"limit": "0"}),
)


async def test_a_place_that_is_none_is_refused(house: House) -> None:
    mall = await house.system()
    for path, params in NO_PLACES:
        status, pointer, code = refused(await get(house, mall, path, **params))
        assert status == 422 and pointer.startswith("/query/") and code.startswith("field."), (path, params)


async def test_whoever_waits_hears_of_the_next_change_and_keeps_nothing_busy(house: House) -> None:
    mall, claim = await house.system(categories=[MALLS]), await person(house)
    _, after = await snapshot(house, mall)
    waiting = house.api._transport.app.state.holds.waiting  # type: ignore[attr-defined]
    async with waits(house, mall, after) as asking:
        await until(lambda: waiting.count == 1)
        await until(lambda: house.desk.database.engine.pool.checkedout() == 0)  # type: ignore[attr-defined]
        await place(house.desk, claim, category=SERVICES)  # not theirs to know
        hold = await place(house.desk, claim)
        page = (await asyncio.wait_for(asking, 10)).json()
    assert [item["hold_id"] for item in page["items"]] == [str(hold)]
    assert waiting.count == 0
    # Time is over: an empty answer, and the place goes on over what was not theirs.
    await place(house.desk, claim, category=SERVICES)
    began = time.monotonic()
    empty = await told(house, mall, "feed", after=page["after"], wait=1)
    assert empty["items"] == [] and empty["after"] != page["after"] and time.monotonic() - began >= 1


async def test_only_so_many_wait_and_all_go_when_the_process_ends(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_waiting, "WAITING_MOST_OF_ONE", 2)
    monkeypatch.setattr(hold_waiting, "WAITING_MOST", 3)
    mall, other, third = [await house.system(name) for name in ("a mall", "another", "a third")]
    waiting = house.api._transport.app.state.holds.waiting  # type: ignore[attr-defined]

    async def refuses(holder: Holder) -> None:
        reply = await get(house, holder, "feed", after=(await snapshot(house, holder))[1], wait=30)
        assert (reply.status_code, reply.json()["code"]) == (503, "service.unavailable")
        assert reply.headers["retry-after"] == str(hold_waiting.LATER_S)

    places = [(await snapshot(house, holder))[1] for holder in (mall, other)]
    async with waits(house, mall, places[0]) as first, waits(house, mall, places[0]) as second:
        await until(lambda: waiting.count == 2)
        await refuses(mall)
        async with waits(house, other, places[1]) as third_call:
            await until(lambda: waiting.count == 3)
            await refuses(third)
            assert (await get(house, mall, "feed", after=places[0])).status_code == 200, "whoever does not wait"
            waiting.end()
            ended = await asyncio.wait_for(asyncio.gather(first, second, third_call), 10)
    assert [(reply.status_code, reply.json()["items"]) for reply in ended] == [(200, [])] * 3
    assert (await get(house, mall, "feed", after=places[0], wait=30)).status_code == 200, "nobody waits any more"


@asynccontextmanager
async def waits(house: House, holder: Holder, after: str) -> Any:
    """A call that waits."""
    asking = asyncio.create_task(get(house, holder, "feed", after=after, wait=30))
    try:
        yield asking
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def test_every_call_is_in_the_access_log_and_names_nobody(house: House) -> None:
    mall = await house.system()
    _, after = await snapshot(house, mall)
    await get(house, mall, "feed", after=after)
    await get(house, mall, "feed-key")
    for operation in ("list_holds", "follow_holds", "get_feed_key"):
        async with house.desk.database.transaction() as session:
            found = await db.run(
                session,
                "SELECT request_id, subject_digest, result FROM access_log"
                " WHERE operation = %(operation)s AND actor LIKE %(system)s",
                {"operation": operation, "system": f"%{UUID(mall.id)}"},
            )
        assert [(row.request_id, row.subject_digest, row.result) for row in found] == [(None, None, "ok")], operation
