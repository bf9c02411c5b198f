"""Papers of invented people, drawn in the moment they are needed: a certificate as PDF, a photograph of a paper."""

import io
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).resolve().parents[2] / "app" / "documents" / "fonts" / "Pretendard-Regular.otf"
PAGE, MARGIN = (1240, 1754), 120
SIZE, TITLE_SIZE, LINE = 34, 56, 62
CAMERA, GPS = 0x0110, 0x8825


def certificate(title: str, *lines: str) -> bytes:
    """Return a certificate as the issuer's printer gives it: a PDF with somebody's name in its properties."""
    drawn, out = io.BytesIO(), io.BytesIO()
    _drawn(title, lines).save(drawn, "PDF", resolution=150.0)
    with pikepdf.open(drawn) as pdf:
        pdf.docinfo["/Author"] = title
        pdf.save(out)
    return out.getvalue()


def photograph(title: str, *lines: str) -> bytes:
    """Return a paper photographed with a telephone: on its side, with the place where it was taken written into it."""
    exif = Image.Exif()
    exif[CAMERA] = "a telephone"
    exif[0x0112] = 6
    where: dict[int, Any] = exif.get_ifd(GPS)
    where.update({1: "N", 2: (37.0, 30.0, 0.0), 3: "E", 4: (127.0, 2.0, 0.0)})
    out = io.BytesIO()
    _drawn(title, lines).rotate(90, expand=True).save(out, "JPEG", quality=80, exif=exif)
    return out.getvalue()


def place_of(picture: bytes) -> dict[int, Any]:
    """Return what a picture tells about where it was taken."""
    with Image.open(io.BytesIO(picture)) as opened:
        return dict(opened.getexif().get_ifd(GPS))


def _drawn(title: str, lines: tuple[str, ...]) -> Image.Image:
    page = Image.new("L", PAGE, 250)
    draw = ImageDraw.Draw(page)
    draw.text((MARGIN, MARGIN), title, fill=20, font=ImageFont.truetype(FONT, TITLE_SIZE))
    font = ImageFont.truetype(FONT, SIZE)
    for row, line in enumerate(lines, 1):
        draw.text((MARGIN, MARGIN + TITLE_SIZE + row * LINE), line, fill=30, font=font)
    return page
