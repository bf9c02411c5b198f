"""What it costs to look at a file: processor time of the child that does, and how long its sender waits."""

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app import inspection
from tests.files import papers, pictures, raw

TIMES = 10
TICK = os.sysconf("SC_CLK_TCK")
FILES: dict[str, Callable[[], bytes]] = {
    "a page of text, PDF": raw.page,
    "state certificate, PDF": papers.certificate,
    "scan of 2 A4 pages, PDF": papers.scan,
    "phone photo of 8 Mpx, JPEG": pictures.photo_of_8_mpx,
    "phone photo of 8 Mpx, HEIC": lambda: pictures.heic_of(pictures.of_8_mpx()),
    "screenshot of 3 Mpx, PNG": lambda: pictures.png(pictures.document(1179, 2556)),
    "fax of 3 pages, TIFF": lambda: pictures.tiff(size=(1728, 2200)),
}


@dataclass(frozen=True, slots=True)
class Parsed:
    """One kind of file."""

    kilobytes: float
    cpu_ms: float
    waited_ms: float


async def measured() -> dict[str, Parsed]:
    """Each kind, looked at a few times, one after the other."""
    found = {name: await _measured(make()) for name, make in FILES.items()}
    await inspection.workshop.stop()
    return found


async def _measured(content: bytes) -> Parsed:
    await _look(content)
    before, began = _children_seconds(), time.monotonic()
    for _ in range(TIMES):
        await _look(content)
    waited = (time.monotonic() - began) / TIMES
    return Parsed(len(content) / 1000, (_children_seconds() - before) * 1000 / TIMES, waited * 1000)


async def _look(content: bytes) -> None:
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out:
        source.write(content)
        await inspection.inspect(source, out, name="")


def _children_seconds() -> float:
    """User and system time of the foreman's children that have ended."""
    fields = Path(f"/proc/{inspection.workshop.foreman}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / TICK


def show(found: dict[str, Parsed]) -> str:
    """The table."""
    lines = [f"{'file':<30}{'kB':>8}{'CPU ms':>9}{'waited ms':>11}"]
    lines += [f"{name:<30}{one.kilobytes:>8.0f}{one.cpu_ms:>9.0f}{one.waited_ms:>11.0f}" for name, one in found.items()]
    return "\n".join(lines)
