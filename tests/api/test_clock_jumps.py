"""A clock that jumps (F35): forward it warns once and destroys nothing, back it loses nothing."""

from datetime import timedelta

import pytest

from app import db
from tests.api.acts import ask, one, rows, statuses
from tests.api.test_results import fetch
from tests.api.years import dawn
from tests.house import ONLINE_MALL, House, bearer
from tests.invariants import look

PAST = "UPDATE package SET expires_at = expires_at - interval '8 days' RETURNING id"


class Clock:
    """Ours: the database and the register have their own."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.ahead, real = timedelta(), db.now
        patch.setattr(db, "now", lambda: real() + self.ahead)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def tidy(house: House) -> None:
    await house.workshop.queue.tasks["tidy"](0)
    await house.workshop.run()


async def told(house: House) -> int:
    """How many warnings there are, and that none is the same as another."""
    found = await rows(house.desk, "SELECT about, due_on, step FROM due_warning")
    assert len(set(found)) == len(found)
    return len(found)


async def test_a_day_ahead_and_back_warns_of_nothing_twice_and_destroys_nothing(
    house: House, clock: Clock, desk_url: str
) -> None:
    mall = await house.system()
    answered = await house.file(ONLINE_MALL)
    await house.prove(answered)
    await mall.work()
    waiting = await house.file({"right": "deletion", "categories": ["online_mall"]})
    await house.prove(waiting)
    await rows(house.desk, "UPDATE claim SET due_on = current_date + 1 WHERE status = 'verified' RETURNING id")

    clock.ahead = timedelta(days=8)
    await dawn(house)
    await tidy(house)
    over = await told(house)
    assert over >= 1
    assert await one(house.desk, "SELECT count(*) FROM package WHERE destroyed_at IS NULL") == 1
    assert await one(house.desk, "SELECT count(*) FROM package_chunk") > 0

    clock.ahead = timedelta()
    for _ in range(2):
        await dawn(house)
        await tidy(house)
    assert await told(house) == over
    assert (await fetch(house, answered, await house.grant(answered))).status_code == 200
    # Where both clocks say that its days are over, it goes.
    await rows(house.desk, PAST)
    await tidy(house)
    assert await one(house.desk, "SELECT count(*) FROM package_chunk") == 0
    assert look(house.desk.settings, desk_url, at_rest=False) == []


async def test_what_was_filed_by_a_clock_an_hour_ahead_goes_on_by_the_right_one(
    house: House, clock: Clock, desk_url: str
) -> None:
    """Nobody waits for that hour: a code that was asked in it is sent and answered, and the answer comes."""
    mall = await house.system()
    clock.ahead = timedelta(hours=1)
    filed = await house.file(ONLINE_MALL)
    assert (await ask(house, filed)).status_code == 202
    clock.ahead = timedelta()
    # A token of the hour to come is believed when that has come; whoever was given a code of access has another.
    assert (
        await house.api.get(f"/v1/requests/{filed['id']}", headers=bearer(filed["requester_token"]))
    ).status_code == 401
    known = {name: filed[name] for name in ("receipt_no", "access_code")}
    filed["requester_token"] = (await house.api.post("/v1/tracking", json=known)).json()["access_token"]
    await house.prove(filed)
    assert await mall.work() == ["collect"]
    assert await statuses(house, filed) == ["closed"]
    assert look(house.desk.settings, desk_url) == []
