"""Uploads over real sockets: who hangs up leaves nothing, what is too long is cut off, and memory stays bounded."""

import asyncio
import io
import json
import re
import socket
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import text

from app import db
from app.desk import Desk
from app.opening import open_desk
from app.settings import Settings
from app.tokens import LIFETIME, Role
from tests.conftest import REGISTER_SECRET
from tests.e2e.processes import Process, free_port, ready, until
from tests.house import GILDONG, ONLINE_MALL, key
from tests.invariants import look

pytestmark = pytest.mark.slow
AT_ONCE = 20
MB = 1024 * 1024
RESIDENT_MB_MAX = 220
"""What the process is made of takes some 160 of it; under uploads it stays below 300 (reliability F54)."""
BOUNDARY = "a-boundary"


class Served:
    """An API process, a token maker beside it, and a look at what the process holds."""

    def __init__(self, desk: Desk, process: Process, url: str) -> None:
        self.desk, self.process, self.url = desk, process, url
        self.api = httpx.AsyncClient(base_url=url, timeout=120, limits=httpx.Limits(max_connections=50))

    def auth(self, role: str) -> dict[str, str]:
        token = self.desk.issuer.issue(role, f"{role}-1", LIFETIME[Role(role)], now=db.now())
        return {"Authorization": f"Bearer {token}"}

    async def file(self) -> dict[str, Any]:
        body = {"capacity": "self", "channel": "web", "subject": GILDONG, "claims": [ONLINE_MALL]}
        reply = await self.api.post("/v1/requests", json=body, headers={**self.auth("website"), **key()})
        assert reply.status_code == 201, reply.text
        found: dict[str, Any] = reply.json()
        return found

    async def count(self, table: str) -> int:
        async with self.desk.database.transaction() as session:
            found: int = (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
            return found

    def resident(self, what: str = "VmRSS") -> int:
        """Bytes in memory now, or at most so far (VmHWM)."""
        said = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+) kB", said)[1]) * 1024  # type: ignore[index]

    def unnamed(self) -> int:
        """How many files without a name the process has open."""
        links = []
        for descriptor in Path(f"/proc/{self.process.pid}/fd").iterdir():
            try:
                links.append(str(descriptor.readlink()))
            except OSError:
                continue
        return sum("(deleted)" in one for one in links)


@pytest.fixture
async def served(database_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    """The API as a process, without a worker."""
    folder = tmp_path / "files"
    folder.mkdir()
    env = {
        "DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": database_url, "PORT": str(free_port()), "EXAMPLES": "0",
        "REGISTER_SECRET": REGISTER_SECRET, "WORKER": "none", "TMPDIR": str(folder),
    }  # fmt: skip
    desk = open_desk(Settings.load(env), pool_size=3)
    url = f"http://127.0.0.1:{env['PORT']}"
    process = Process("-m", "app.cli", "serve", env=env, log=tmp_path / "serve.log")
    try:
        await ready(url)
        built = Served(desk, process, url)
        yield built
        await built.api.aclose()
    finally:
        process.kill()
        await desk.database.dispose()
    assert list(folder.iterdir()) == []
    assert look(desk.settings, database_url, logs=[tmp_path], at_rest=False) == []


@cache
def photo_of_ten_megabytes() -> bytes:
    """Noise does not pack: as large as a file may be, and real."""
    made = io.BytesIO()
    Image.effect_noise((3_600, 2_600), 120).convert("RGB").save(made, "JPEG", quality=95, subsampling=0)
    found = made.getvalue()
    assert 9 * MB < len(found) <= 10 * MB, len(found)
    return found


def form(content: bytes) -> Iterator[bytes]:
    """A whole form, piece by piece."""
    for name, value in (("kind", b"correction_proof"), ("party", b"subject")):
        yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
    yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'.encode()
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


async def upload(served: Served, filed: dict[str, Any], content: bytes) -> httpx.Response:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in form(content):
            yield piece

    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **key()}
    headers["Authorization"] = f"Bearer {filed['requester_token']}"
    return await served.api.post(f"/v1/requests/{filed['id']}/evidence", content=pieces(), headers=headers)


async def test_twenty_of_ten_megabytes_at_once_stay_within_bounds(served: Served, capsys: Any) -> None:
    photo = photo_of_ten_megabytes()
    assert (await upload(served, await served.file(), photo)).status_code == 201
    first = served.resident()
    highest = []
    for _ in range(3):
        filings = [await served.file() for _ in range(AT_ONCE)]
        replies = await asyncio.gather(*[upload(served, filed, photo) for filed in filings])
        assert {reply.status_code for reply in replies} == {201}, [reply.text for reply in replies][:3]
        highest.append(served.resident("VmHWM"))
    last = served.resident()
    with capsys.disabled():
        print(f"\nresident MB: {first // MB} before, {[one // MB for one in highest]} at most, {last // MB} after")
    assert highest[-1] < RESIDENT_MB_MAX * MB
    # What twenty took, twenty more do not take again.
    assert highest[-1] - highest[0] < 16 * MB and last - first < 40 * MB
    assert await served.count("evidence") == 1 + 3 * AT_ONCE and served.unnamed() == 0


async def test_looking_at_twenty_at_once_stays_within_bounds(served: Served) -> None:
    filed = await served.file()
    paper = (await upload(served, filed, photo_of_ten_megabytes())).json()
    headers = {**served.auth("officer"), "Purpose": "load"}
    replies = await asyncio.gather(
        *[served.api.get(f"/v1/evidence/{paper['id']}/content", headers=headers) for _ in range(AT_ONCE)]
    )
    assert {reply.status_code for reply in replies} == {200}
    assert {reply.content[:2] for reply in replies} == {b"\xff\xd8"}
    assert served.resident("VmHWM") < RESIDENT_MB_MAX * MB and served.unnamed() == 0
    assert await served.count("access_log WHERE operation = 'read_evidence' AND result = 'ok'") == AT_ONCE


def head(served: Served, filed: dict[str, Any], length: str) -> bytes:
    host = served.url.removeprefix("http://")
    return (
        f"POST /v1/requests/{filed['id']}/evidence HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {filed['requester_token']}\r\nIdempotency-Key: k\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n{length}\r\n\r\n"
    ).encode()


async def test_who_hangs_up_half_way_leaves_nothing(served: Served) -> None:
    filed = await served.file()
    whole = b"".join(form(photo_of_ten_megabytes()))
    for abrupt in (True, False):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rpartition(":")[2]))
        writer.write(head(served, filed, f"Content-Length: {len(whole)}") + whole[: len(whole) // 2])
        await writer.drain()
        await until(lambda: seen(served.unnamed() >= 1), "the file being read")
        if abrupt:
            held = writer.get_extra_info("socket")
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, 0, 0, 0, 0, 0, 0, 0]))
        writer.close()
        await until(lambda: seen(served.unnamed() == 0), "the file being gone")
        del reader
    assert await served.count("evidence") == await served.count("evidence_chunk") == 0
    assert (await upload(served, filed, photo_of_ten_megabytes())).status_code == 201


async def seen(what: bool) -> bool:
    return what


async def test_a_body_without_end_or_with_a_false_length_is_answered(served: Served) -> None:
    filed = await served.file()
    endless = head(served, filed, "Transfer-Encoding: chunked")
    declared = head(served, filed, f"Content-Length: {50 * MB}")
    port = int(served.url.rpartition(":")[2])

    async def pour(writer: asyncio.StreamWriter, first: bytes) -> None:
        try:
            writer.write(first)
            begun = b"".join(list(form(b""))[:3])
            writer.write(f"{len(begun):x}\r\n".encode() + begun + b"\r\n")
            for _ in range(30 * 16):
                writer.write(b"10000\r\n" + b"p" * 65_536 + b"\r\n")
                await writer.drain()
        except ConnectionError:
            return

    for first in (endless, declared):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        pouring = asyncio.create_task(pour(writer, first))
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        assert answer.startswith(b"HTTP/1.1 413")
        length = int(re.search(rb"(?i)content-length: (\d+)", answer)[1])  # type: ignore[index]
        assert json.loads(await reader.readexactly(length))["code"] == "upload.too_large"
        pouring.cancel()
        writer.close()
    await until(lambda: seen(served.unnamed() == 0), "the file being gone")
    assert await served.count("evidence") == 0
