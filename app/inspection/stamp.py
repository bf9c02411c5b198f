"""The watermark of a look at a document: who, when and for what, across every page."""

import io
import math
from pathlib import Path

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, Rectangle, Stream
from PIL import Image, ImageDraw, ImageFont

from app.inspection import pictures
from app.inspection.kinds import Kind

_FONT = Path(__file__).parents[1] / "documents" / "fonts" / "Pretendard-Regular.otf"
_FONT_SIZE = 40
_LINE_HEIGHT = 1.3
_SLANT_DEGREES = 30
_GREY, _OPACITY = 96, 0.3
_ACROSS = 2
"""How many times the words stand beside each other."""
_font_file: bytes | None = None


def prepare() -> None:
    """Read the font while files may still be opened."""
    global _font_file
    _font_file = _FONT.read_bytes()


def stamped(content: bytes, media_type: str, lines: tuple[str, ...]) -> bytes:
    """The same file with the lines across it."""
    words = _words(lines)
    return _on_pages(content, words) if media_type == Kind.PDF else _on_picture(content, media_type, words)


def _words(lines: tuple[str, ...]) -> Image.Image:
    """The lines, slanted, with air around them: how strongly each point is covered."""
    if _font_file is None:
        prepare()
    assert _font_file is not None
    font = ImageFont.truetype(io.BytesIO(_font_file), _FONT_SIZE, layout_engine=ImageFont.Layout.BASIC)
    width = math.ceil(max((font.getlength(line) for line in lines), default=0)) + _FONT_SIZE
    height = math.ceil(_FONT_SIZE * _LINE_HEIGHT)
    words = Image.new("L", (width, height * (len(lines) + 1)))
    draw = ImageDraw.Draw(words)
    for row, line in enumerate(lines):
        draw.text((_FONT_SIZE // 2, height // 2 + row * height), line, fill=round(255 * _OPACITY), font=font)
    return words.rotate(_SLANT_DEGREES, Image.Resampling.BICUBIC, expand=True)


def _covered(words: Image.Image, width: float, height: float) -> tuple[float, float, list[tuple[float, float]]]:
    """Size of one set of words on such a page, and where each stands."""
    across = width / _ACROSS
    down = across * words.height / words.width
    rows = max(1, math.ceil(height / down))
    return across, down, [(column * across, row * down) for row in range(rows) for column in range(_ACROSS)]


def _on_picture(content: bytes, media_type: str, words: Image.Image) -> bytes:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        marked = picture.convert("RGB")
    across, down, places = _covered(words, *marked.size)
    shape = words.resize((max(1, round(across)), max(1, round(down))), Image.Resampling.BILINEAR)
    ink = Image.new("RGB", shape.size, (_GREY,) * 3)
    for x, y in places:
        marked.paste(ink, (round(x), round(y)), shape)
    return pictures.encoded(marked, media_type)


def _on_pages(content: bytes, words: Image.Image) -> bytes:
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(content)) as pdf:
        ink = pdf.make_indirect(_ink(pdf, words))
        for page in pdf.pages:
            page.add_overlay(_sheet(pdf, ink, words, *_seen_size(page.cropbox, page.rotation)), Rectangle(page.cropbox))
        pdf.save(out, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _seen_size(box: Array, rotation: int) -> tuple[float, float]:
    left, bottom, right, top = (float(side) for side in box)
    width, height = abs(right - left), abs(top - bottom)
    return (height, width) if rotation % 180 else (width, height)


def _ink(pdf: Pdf, words: Image.Image) -> Stream:
    """One grey point, stretched, seen through the words."""
    mask = Stream(
        pdf, words.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=words.width, Height=words.height,
        ColorSpace=Name.DeviceGray, BitsPerComponent=8,
    )  # fmt: skip
    return Stream(
        pdf, bytes((_GREY,)), Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
        ColorSpace=Name.DeviceGray, BitsPerComponent=8, SMask=mask,
    )  # fmt: skip


def _sheet(pdf: Pdf, ink: Stream, words: Image.Image, width: float, height: float) -> Stream:
    """A form of the page's size with the words all over it."""
    across, down, places = _covered(words, width, height)
    drawn = "".join(f"q {across:.3f} 0 0 {down:.3f} {x:.3f} {height - y - down:.3f} cm /Ink Do Q\n" for x, y in places)
    return Stream(
        pdf, drawn.encode("ascii"), Type=Name.XObject, Subtype=Name.Form, FormType=1, BBox=[0, 0, width, height],
        Resources=Dictionary(XObject=Dictionary(Ink=ink)),
    )  # fmt: skip
