"""Receivers and the sender, on real sockets."""

import pytest_asyncio
from aiohttp import web

from app.gateways.webhooks import Webhooks
from tests.worker.holders import Receiver


@pytest_asyncio.fixture
async def receiver():
    found = Receiver()
    app = web.Application()
    app.router.add_post("/events", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/events"
    yield found
    await runner.cleanup()


@pytest_asyncio.fixture
async def sender():
    webhooks = Webhooks(development=True, seconds=1.0)
    yield webhooks
    await webhooks.close()
