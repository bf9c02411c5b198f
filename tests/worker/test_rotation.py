"""One signing key follows another while events are on their way: real receivers, the official verifier for v1."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
import pytest_asyncio
import standardwebhooks
from aiohttp import web

from app import db, signature
from app.desk import MACHINE
from app.errors import Unauthenticated
from app.models import Delivery
from app.services import registry, sending
from tests.worker.holders import outcomes, queue, register, stored

DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)


class Distrustful:
    """An endpoint that knows one key and takes what that one signed, by the official library or by our own check."""

    def __init__(self):
        self.url = ""
        self.key = ""

    async def take(self, request):
        body = await request.read()
        return web.Response(status=204 if self._believes(dict(request.headers), body) else 401)

    def _believes(self, headers, body):
        try:
            if self.key.startswith("whsec_"):
                standardwebhooks.Webhook(self.key).verify(body, {name.lower(): one for name, one in headers.items()})
            else:
                signature.verify([self.key], headers, body, now=int(time.time()))
        except (standardwebhooks.WebhookVerificationError, Unauthenticated):
            return False
        return True


@pytest_asyncio.fixture
async def endpoint():
    found = Distrustful()
    app = web.Application()
    app.router.add_post("/events", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/events"
    yield found
    await runner.cleanup()


async def rotate(desk, holder, scheme, *, at, overlap=DAY):
    """A new key; what its receiver keeps of it."""
    async with desk.database.transaction() as session:
        made = await registry.add_key(session, holder.id, scheme, overlap=overlap, by=MACHINE, now=at)
        return made.secret or made.row.public_key


async def believed(desk, holder, sender, endpoint, key):
    """Whether an event of now arrives at a receiver that knows this key alone."""
    endpoint.key = key
    delivery_id = await queue(desk, holder)
    await sending.drain(desk, holder.id, sender, db.now)
    [(status, _)] = await outcomes(desk, delivery_id)
    assert status in (204, 401)
    return status == 204


@pytest.mark.parametrize("before", ("v1", "v1a"))
@pytest.mark.parametrize("after", ("v1", "v1a"))
async def test_either_key_is_enough_during_the_overlap_and_the_old_one_no_more_afterwards(
    desk, sender, endpoint, before, after
):
    now = db.now()
    during = await register(desk, endpoint.url, scheme=before, at=now - 9 * DAY)
    newer = await rotate(desk, during, after, at=now - DAY + 60 * SECOND)
    assert await believed(desk, during, sender, endpoint, during.key)
    assert await believed(desk, during, sender, endpoint, newer)
    ended = await register(desk, endpoint.url, scheme=before, at=now - 9 * DAY)
    newer = await rotate(desk, ended, after, at=now - DAY)
    assert not await believed(desk, ended, sender, endpoint, ended.key)
    assert await believed(desk, ended, sender, endpoint, newer)


async def test_an_event_that_failed_under_the_old_key_comes_again_under_both(desk, sender, endpoint):
    clock = SimpleNamespace(now=db.now() - 5 * SECOND)
    holder = await register(desk, endpoint.url, at=clock.now)
    endpoint.key = signature.new_secret()
    delivery_id = await queue(desk, holder, at=clock.now)
    await sending.drain(desk, holder.id, sender, lambda: clock.now)
    endpoint.key = await rotate(desk, holder, "v1", at=clock.now)
    clock.now = (await stored(desk, Delivery, delivery_id)).next_at
    await sending.drain(desk, holder.id, sender, lambda: clock.now)
    assert await outcomes(desk, delivery_id) == [(401, "http_401"), (204, "delivered")]


async def test_a_leaked_key_ends_at_once(desk, sender, endpoint):
    now = db.now()
    holder = await register(desk, endpoint.url, at=now - SECOND)
    newer = await rotate(desk, holder, "v1", at=now, overlap=timedelta(0))
    assert not await believed(desk, holder, sender, endpoint, holder.key)
    assert await believed(desk, holder, sender, endpoint, newer)


async def test_a_later_change_does_not_lengthen_what_was_to_end(desk, sender, endpoint):
    now = db.now()
    holder = await register(desk, endpoint.url, at=now - 9 * DAY)
    second = await rotate(desk, holder, "v1", at=now - DAY)
    third = await rotate(desk, holder, "v1", at=now - SECOND, overlap=7 * DAY)
    assert not await believed(desk, holder, sender, endpoint, holder.key)
    assert await believed(desk, holder, sender, endpoint, second)
    assert await believed(desk, holder, sender, endpoint, third)


async def test_the_newest_signature_stands_first(desk, receiver, sender):
    now = db.now()
    holder = await register(desk, receiver.url, at=now - 2 * SECOND)
    middle = await rotate(desk, holder, "v1a", at=now - SECOND)
    newest = await rotate(desk, holder, "v1", at=now)
    await queue(desk, holder)
    await sending.drain(desk, holder.id, sender, db.now)
    ((headers, body),) = receiver.seen
    for key, one in zip((newest, middle, holder.key), headers["webhook-signature"].split(" "), strict=True):
        assert signature.verify([key], {**headers, "webhook-signature": one}, body, now=int(time.time()))
