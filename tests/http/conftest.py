"""A caller of the sample service."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from tests.http.sample import build


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the sample service."""
    transport = httpx.ASGITransport(build(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example.com") as found:
        yield found
