"""Where events go takes two admins: nothing is sent to a new address before both want it and it has answered."""

import json
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from aiohttp import web

from app import db
from app.desk import Desk
from app.models import System
from app.services import challenging
from tests.api.test_registry import SYSTEM, jobs, notes, row
from tests.house import Holder, House, key
from tests.worker.holders import Receiver

MOVED = "/v1/systems/{}/endpoint-confirmation"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """As in production, where one person is never enough."""
    return environment | {"ENDPOINT_CONFIRMATION": "two"}


@pytest.fixture
async def receivers() -> AsyncIterator[list[Receiver]]:
    """Two endpoints on real sockets; each answers a challenge."""
    found, runners = [], []
    for _ in range(2):
        one, app = Receiver(), web.Application()
        app.router.add_post("/events", one.take)
        one.answers = [(200, {})] * 20
        runners.append(web.AppRunner(app))
        await runners[-1].setup()
        await web.TCPSite(runners[-1], "127.0.0.1", 0).start()
        one.url = f"http://127.0.0.1:{runners[-1].addresses[0][1]}/events"
        found.append(one)
    yield found
    for runner in runners:
        await runner.cleanup()


def kinds(receiver: Receiver) -> list[str]:
    return [json.loads(body)["type"] for _, body in receiver.seen]


class Admins:
    """Two of them, and what they do to one system."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.id = ""

    async def register(self, **more: object) -> dict[str, object]:
        reply = await self.house.api.post("/v1/systems", json=SYSTEM | more, headers=self._is("a") | key())
        assert reply.status_code == 201, reply.text
        self.id = reply.json()["id"]
        told: dict[str, object] = reply.json()
        return told

    async def look(self) -> httpx.Response:
        return await self.house.api.get(f"/v1/systems/{self.id}", headers=self._is("a"))

    async def move(self, url: str, who: str = "a") -> httpx.Response:
        headers = self._is(who) | {"If-Match": (await self.look()).headers["etag"]}
        return await self.house.api.patch(f"/v1/systems/{self.id}", json={"endpoint_url": url}, headers=headers)

    async def confirm(self, who: str = "b", etag: str | None = None) -> httpx.Response:
        present = etag or (await self.look()).headers["etag"]
        return await self.house.api.put(MOVED.format(self.id), headers=self._is(who) | {"If-Match": present})

    async def challenge(self) -> httpx.Response:
        return await self.house.api.post(f"/v1/systems/{self.id}/challenges", headers=self._is("a"))

    async def send_test(self) -> int:
        reply = await self.house.api.post(f"/v1/systems/{self.id}/test-events", headers=self._is("a") | key())
        await self.house.workshop.run()
        return reply.status_code

    def _is(self, who: str) -> dict[str, str]:
        return self.house.auth("admin", f"admin-{who}")


async def test_a_first_endpoint_waits_for_a_second_person(house: House, desk: Desk, receivers: list[Receiver]) -> None:
    admins, first = Admins(house), receivers[0]
    told = await admins.register(endpoint_url=first.url, scheme="v1")
    assert (told["state"], told["endpoint_url"]) == ("proposed", None)
    assert told["proposed_endpoint"]["endpoint_url"] == first.url  # type: ignore[index]
    # A task comes meanwhile: its event waits, and nothing at all is sent.
    holder = Holder(house, told)
    await house.prove(await house.file())
    assert [one["action"] for one in await holder.tasks()] == ["collect"]
    assert await admins.send_test() == 409
    assert (await admins.challenge()).status_code == 409
    await house.workshop.run()
    assert (first.seen, await jobs(desk, "challenge", holder.id)) == ([], 0)
    # Not the same person, not another version than was looked at.
    same = await admins.confirm("a")
    assert (same.status_code, same.json()["code"]) == (403, "approval.same_person")
    assert (await admins.confirm(etag='"v9"')).status_code == 412
    missing = await house.api.put(MOVED.format(admins.id), headers=house.auth("admin", "admin-b"))
    assert (missing.status_code, first.seen) == (428, [])
    done = await admins.confirm()
    assert (done.status_code, done.json()["state"]) == (200, "unverified")
    assert (done.json()["endpoint_url"], done.json()["proposed_endpoint"]) == (first.url, None)
    await house.workshop.run()
    assert kinds(first) == ["endpoint.challenge", "task.created"]
    assert (await admins.look()).json()["state"] == "active"
    again = await admins.confirm()
    assert (again.status_code, again.json()["code"]) == (409, "state.conflict")
    acts = ["system.register", "system.confirm_endpoint", "system.verify", "delivery.delivered"]
    assert await notes(desk, admins.id) == acts


async def test_the_one_that_serves_goes_on_until_the_new_one_has_answered(
    house: House, desk: Desk, receivers: list[Receiver]
) -> None:
    admins, (old, new) = Admins(house), receivers
    await admins.register(endpoint_url=old.url, scheme="v1a")
    await admins.confirm()
    await house.workshop.run()
    moved = await admins.move(new.url)
    assert (moved.json()["state"], moved.json()["endpoint_url"]) == ("active", old.url)
    assert moved.json()["proposed_endpoint"]["agreed_at"] is None
    assert await admins.send_test() == 202
    assert (kinds(old)[-1], new.seen) == ("endpoint.test", [])
    # The new one does not answer its challenge at first; nothing is held up by it.
    new.answers = [(503, {})]
    agreed = await admins.confirm()
    assert (agreed.json()["state"], agreed.json()["endpoint_url"]) == ("active", old.url)
    assert agreed.json()["proposed_endpoint"]["agreed_at"] is not None
    await house.workshop.run()
    assert kinds(new) == ["endpoint.challenge"]
    before = len(old.seen)
    assert await admins.send_test() == 202
    assert (len(old.seen), len(new.seen)) == (before + 1, 1)
    async with desk.database.transaction() as session:
        assert UUID(admins.id) in await challenging.due_challenges(session, db.now() + 3 * challenging._FORGOTTEN)
    new.answers = [(200, {})] * 9
    assert (await admins.challenge()).status_code == 202
    await house.workshop.run()
    seen = (await admins.look()).json()
    assert (seen["state"], seen["endpoint_url"], seen["proposed_endpoint"]) == ("active", new.url, None)
    before = len(old.seen)
    assert await admins.send_test() == 202
    assert (len(old.seen), kinds(new)[-1]) == (before, "endpoint.test")


async def test_a_proposal_is_taken_back_or_overtaken(house: House, desk: Desk, receivers: list[Receiver]) -> None:
    admins, (old, new) = Admins(house), receivers
    await admins.register(endpoint_url=old.url, scheme="v1")
    await admins.confirm()
    await house.workshop.run()
    # Agreed, but the wrong address was given: another one needs both again, and the first is never sent a thing.
    await admins.move("http://127.0.0.1:9/events")
    await admins.confirm()
    corrected = await admins.move(new.url, "b")
    assert corrected.json()["proposed_endpoint"]["agreed_at"] is None
    assert (await row(desk, System, admins.id)).challenge is None
    assert (await admins.confirm("b")).json()["code"] == "approval.same_person"
    back = await admins.move(old.url)
    assert (back.json()["endpoint_url"], back.json()["proposed_endpoint"]) == (old.url, None)
    assert (await admins.confirm()).json()["code"] == "state.conflict"
    await admins.move(new.url)
    ended = await house.api.post(f"/v1/systems/{admins.id}/retirement", headers=house.auth("admin"))
    assert (ended.json()["state"], ended.json()["proposed_endpoint"]) == ("retired", None)
    assert (await admins.confirm()).json()["code"] == "state.conflict"
    await house.workshop.run()
    assert new.seen == []


async def test_one_that_polled_or_was_stopped_takes_the_new_one_at_once(
    house: House, desk: Desk, receivers: list[Receiver]
) -> None:
    admins, (old, new) = Admins(house), receivers
    await admins.register()
    assert (await admins.move(old.url)).json()["state"] == "proposed"
    assert (await admins.confirm()).json()["state"] == "unverified"
    await house.workshop.run()
    assert old.seen == [], "nothing is ever sent unsigned"
    made = await house.api.post(
        f"/v1/systems/{admins.id}/keys", json={"scheme": "v1"}, headers=house.auth("admin") | key()
    )
    assert made.status_code == 201
    await house.workshop.run()
    assert (kinds(old), (await admins.look()).json()["state"]) == (["endpoint.challenge"], "active")
    async with desk.database.transaction() as session:
        (await session.get_one(System, UUID(admins.id))).state = "stopped"
    await admins.move(new.url)
    agreed = (await admins.confirm()).json()
    assert (agreed["state"], agreed["endpoint_url"]) == ("unverified", new.url)
    await house.workshop.run()
    assert ((await admins.look()).json()["state"], kinds(new)) == ("active", ["endpoint.challenge"])
