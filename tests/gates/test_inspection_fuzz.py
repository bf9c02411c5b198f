"""Files mutated from real ones: each is taken and clean, or refused by name, and nothing is left behind.

`FUZZ_FILES=20000 FUZZ_SEED=7` looks at more, or at others. A file that breaks the rule is kept in the folder that the
failure names.
"""

import asyncio
import os
import random
import re
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest
from pikepdf import ObjectStreamMode

from app import inspection
from app.inspection.verdict import REFUSALS
from tests.files import bare, papers, pictures, raw
from tests.files.look import look

FILES = int(os.environ.get("FUZZ_FILES", "1000"))
SEED = int(os.environ.get("FUZZ_SEED", "20261122"))
AT_ONCE = 4
LONGEST_S = 30.0

SEEDS: dict[str, Callable[[], bytes]] = {
    "page.pdf": raw.page,
    "certificate.pdf": papers.certificate,
    "streams.pdf": partial(papers.saved, object_stream_mode=ObjectStreamMode.generate),
    "linear.pdf": partial(papers.saved, linearize=True),
    "updated.pdf": papers.updated,
    "form.pdf": papers.filled,
    "everything.pdf": papers.everything,
    "text.pdf": papers.text,
    "photographed.pdf": papers.photographed,
    "photo.jpg": lambda: pictures.jpeg(pictures.document(310, 438)),
    "progressive.jpg": lambda: pictures.jpeg(pictures.document(310, 438), progressive=True),
    "shot.png": lambda: pictures.png(pictures.document(310, 438)),
    "palette.png": lambda: pictures.png(pictures.document(310, 438, "P")),
    "photo.heic": pictures.heic,
    "fax.tif": pictures.tiff,
    "colour.tif": lambda: pictures.tiff(2, "RGB", "jpeg", (300, 400)),
    "lzw.tif": lambda: pictures.tiff(1, "L", "tiff_lzw", (300, 400)),
}
_EXTREMES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"99999999", b"2147483648", b"-2147483649", b"1e9", b"0.0000001", b"9" * 40)
_TOKENS = (
    b"null", b"[ ]", b"<< >>", b"(text)", b"<", b">>", b"]", b"endobj", b"stream\n", b"/JS (1)", b"/S /JavaScript",
    b"%%EOF\n", b"/Filter [/FlateDecode /FlateDecode]", b"/Length -5", b"/Kids [2 0 R]", b"xref\n0 1\n",
    b"trailer << /Root 2 0 R >>",
)  # fmt: skip


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _take_out(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.choice((1, 4, 16, 512, 4096))]


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    part = data[at : at + chance.choice((1, 8, 64, 2048))]
    data[at:at] = part * chance.choice((1, 2, 50))


def _extreme(data: bytearray, chance: random.Random) -> None:
    """A length, offset or count at the end of its range, in either order of bytes."""
    width = chance.choice((1, 2, 4))
    at = chance.randrange(max(1, len(data) - width))
    value = chance.choice(_EXTREMES) & (256**width - 1)
    data[at : at + width] = value.to_bytes(width, chance.choice(("big", "little")))


def _number(data: bytearray, chance: random.Random) -> None:
    _replace(data, chance, rb"(?<![0-9a-zA-Z])[0-9]+", lambda: chance.choice(_NUMBERS))


def _reference(data: bytearray, chance: random.Random) -> None:
    """Point somewhere else: rings, and things of another kind than was meant."""
    _replace(data, chance, rb"[0-9]+ 0 R", lambda: b"%d 0 R" % chance.randrange(20))


def _token(data: bytearray, chance: random.Random) -> None:
    _replace(data, chance, rb"/[A-Za-z0-9]+", lambda: chance.choice(_TOKENS))


def _replace(data: bytearray, chance: random.Random, pattern: bytes, new: Callable[[], bytes]) -> None:
    places = list(re.finditer(pattern, data))
    if places:
        start, end = chance.choice(places).span()
        data[start:end] = new()
    else:
        _flip(data, chance)


def _mutated(content: bytes, other: bytes, pdf: bool, chance: random.Random) -> bytes:
    if chance.random() < 0.07:
        return content[: chance.randrange(len(content))] + other[chance.randrange(len(other)) :]
    ways = [_flip, _flip, _cut, _take_out, _repeat, _extreme, _extreme]
    if pdf:
        ways += [_number, _number, _reference, _reference, _token, _token]
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        chance.choice(ways)(data, chance)
        if not data:
            break
    return bytes(data)


@pytest.fixture(autouse=True)
async def closed() -> AsyncIterator[None]:
    yield
    await inspection.workshop.stop()


@pytest.mark.slow
async def test_a_mutated_file_is_clean_or_refused_by_name(tmp_path: Path) -> None:
    seeds = {name: make() for name, make in SEEDS.items()}
    ends: dict[str, int] = {}
    faults: list[str] = []
    turns = iter(range(FILES))

    async def look_on() -> None:
        for number in turns:
            chance = random.Random(f"{SEED}-{number}")
            name = list(seeds)[number % len(seeds)]
            content = _mutated(seeds[name], seeds[chance.choice(list(seeds))], name.endswith(".pdf"), chance)
            try:
                end = await _check(content, name if chance.random() < 0.8 else "")
                ends[end] = ends.get(end, 0) + 1
            except Exception as fault:  # noqa: BLE001 - every kind is told, with the file
                (tmp_path / f"{number}-{name}").write_bytes(content)
                faults.append(f"{tmp_path}/{number}-{name}: {fault!r}")

    await asyncio.gather(*(look_on() for _ in range(AT_ONCE)))
    print("\n" + ", ".join(f"{end}: {count}" for end, count in sorted(ends.items())))
    assert faults == []
    assert ends["taken"] > FILES / 20 and ends["upload.corrupt"] > FILES / 20, "mutations that reach nothing"
    for _ in range(100):
        await asyncio.sleep(0.05 if _left() else 0)
    assert _left() == [], "children that nobody buried"


async def _check(content: bytes, name: str) -> str:
    began = time.monotonic()
    looked = await look(content, name)
    assert time.monotonic() - began < LONGEST_S
    if looked.cleaned is None:
        assert looked.code in REFUSALS
        return looked.code
    bare.check(looked.content, looked.cleaned.media_type, looked.cleaned.pages, mutated=True)
    return "taken"


def _left() -> list[str]:
    foreman = inspection.workshop.foreman
    return Path(f"/proc/{foreman}/task/{foreman}/children").read_text().split()
