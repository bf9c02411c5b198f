"""Having a file looked at, as the door does it; and looking at what came of it with other programs."""

import io
import os
import subprocess
import tempfile
from dataclasses import dataclass

from PIL import Image

from app import inspection
from app.errors import Invalid
from app.inspection import Cleaned


@dataclass(frozen=True, slots=True)
class Looked:
    """The copy, or the code of the refusal."""

    cleaned: Cleaned | None
    content: bytes
    code: str = ""


async def look(content: bytes, name: str = "") -> Looked:
    """What the inspection makes of a file."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out:
        source.write(content)
        try:
            cleaned = await inspection.inspect(source, out, name=name)
        except Invalid as refusal:
            assert os.fstat(out.fileno()).st_size == 0
            return Looked(None, b"", refusal.code)
        return Looked(cleaned, out.read())


async def stamp(content: bytes, media_type: str, lines: tuple[str, ...]) -> bytes:
    """The copy with the officer's lines across it."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out:
        source.write(content)
        await inspection.stamped(source, out, media_type=media_type, lines=lines)
        return out.read()


def drawn(pdf: bytes, page: int = 1, dots: int = 40) -> Image.Image:
    """A page as poppler draws it."""
    asked = ("pdftoppm", "-q", "-cropbox", "-r", str(dots), "-f", str(page), "-l", str(page), "-png", "-")
    done = subprocess.run(asked, input=pdf, capture_output=True, check=True, timeout=30)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def words(pdf: bytes) -> str:
    """The text as poppler reads it."""
    return subprocess.run(
        ("pdftotext", "-q", "-", "-"), input=pdf, capture_output=True, check=True, timeout=30
    ).stdout.decode()
