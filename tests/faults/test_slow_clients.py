"""Two hundred who send a byte a second (F39): each is let go in half a minute, and everybody else is served."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.nursery import Nursery
from tests.e2e.processes import ready
from tests.e2e.test_process_faults import Running, environment

SLOW = 200
GONE_SECONDS_MAX = 150.0


@pytest.fixture
async def running(database_url: str, nursery: Nursery, tmp_path: Path) -> Any:
    built = Running(nursery, environment(database_url, tmp_path), tmp_path)
    yield built
    await built.close()


async def drip(port: int, head: bytes) -> bytes:
    """Send this as slowly as one may, and go on so until the other side has had enough."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = asyncio.create_task(reader.read(200))
    try:
        for byte in head + b"x" * 10_000:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.wait({answer}, timeout=1)
            if answer.done():
                return answer.result()
    except ConnectionError:
        pass
    finally:
        writer.close()
    return await answer


def most_memory(pid: int) -> str:
    """The most that a process held in memory."""
    return re.search(r"VmHWM:.*", Path(f"/proc/{pid}/status").read_text())[0]  # type: ignore[index]


async def test_who_drips_keeps_nobody_from_being_served(running: Running) -> None:
    api = running.start("serve")
    await ready(running.url)
    port = int(running.url.rpartition(":")[2])
    head = b"POST /v1/requests HTTP/1.1\r\nHost: desk.example.com\r\nX-Long: "
    began = time.monotonic()
    dripping = [asyncio.create_task(drip(port, head)) for _ in range(SLOW)]
    await asyncio.sleep(3)
    for caller in range(10):
        assert await running.file(f"{caller}") is not None
    answers = await asyncio.wait_for(asyncio.gather(*dripping), GONE_SECONDS_MAX)
    took = time.monotonic() - began
    assert {answer.split(b"\r\n")[0] for answer in answers} <= {b"HTTP/1.1 408 Request Timeout", b""}, answers[:3]
    print(f"\n{SLOW} slow clients gone after {took:.0f} s, {most_memory(api.pid)}")
    assert running.promises(at_rest=False) == []
