"""A picture in, the same picture encoded anew out: upright, flat, no larger than an officer needs, and nothing else."""

import io
from collections.abc import Iterator

from pikepdf import Dictionary, Name, ObjectStreamMode, Pdf, Stream
from PIL import Image, ImageFile, ImageOps, PngImagePlugin
from pillow_heif import register_heif_opener

from app.errors import Invalid
from app.inspection.kinds import Kind
from app.inspection.limits import PAGES_MOST, PIXELS_MOST, SIDE_PIXELS_MOST

QUALITY = 85
_FORMATS = {Kind.JPEG: ("JPEG", "MPO"), Kind.PNG: ("PNG",), Kind.HEIC: ("HEIF",), Kind.TIFF: ("TIFF",)}
_DEEP_GREYS = frozenset(("I;16", "I;16L", "I;16B", "I;16N", "I"))
_TEXT_BYTES_MOST = 4 * 1024 * 1024
_DOTS_LEAST, _DOTS_MOST = 50, 1_200
_POINTS_AN_INCH = 72
_A4_LONG_POINTS = 842
_NEW_SUBFILE_TYPE, _REDUCED = 254, 1


def prepare() -> None:
    """Register what is needed and set the bounds of the decoders, once in a process."""
    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=0)
    Image.init()
    Image.MAX_IMAGE_PIXELS = None  # measured here, by the same limit for all
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY = _TEXT_BYTES_MOST


def redrawn(content: bytes, kind: Kind) -> tuple[str, int, bytes]:
    """Media type, pages and bytes of the cleaned copy."""
    with _opened(content, kind) as picture:
        if kind == Kind.TIFF:
            pages, paper = _paper(picture)
            return Kind.PDF, pages, paper
        return _encoded(_upright(picture, kind), Kind.PNG if kind == Kind.PNG else Kind.JPEG)


def _opened(content: bytes, kind: Kind) -> Image.Image:
    picture = Image.open(io.BytesIO(content), formats=_FORMATS[kind])
    _measure(picture)
    return picture


def _measure(picture: Image.Image) -> None:
    """By the header alone, before a pixel is decoded."""
    if picture.width * picture.height > PIXELS_MOST:
        raise Invalid("upload.pixels")


def _upright(picture: Image.Image, kind: Kind) -> Image.Image:
    picture.draft(None, (SIDE_PIXELS_MOST, SIDE_PIXELS_MOST))
    picture.load()
    flat = _flat(_turned(picture) if kind != Kind.HEIC else picture)
    if max(flat.size) > SIDE_PIXELS_MOST:
        flat = flat.convert("L") if flat.mode == "1" else flat
        flat.thumbnail((SIDE_PIXELS_MOST, SIDE_PIXELS_MOST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return flat


def _turned(picture: Image.Image) -> Image.Image:
    """The way it was held; a note on that which cannot be read leaves it as it lies."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - whatever is wrong with what stands beside the picture, it is not kept
        return picture


def _flat(picture: Image.Image) -> Image.Image:
    """In black and white, grey or colour, on white paper."""
    if picture.mode in ("1", "L", "RGB") and not picture.has_transparency_data:
        return picture
    if picture.mode in _DEEP_GREYS:
        return picture.convert("I").point(lambda grey: grey / 256).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    shape = picture.convert("RGBA")
    paper = Image.new("RGB", shape.size, "white")
    paper.paste(shape, mask=shape.getchannel("A"))
    return paper


def _encoded(picture: Image.Image, kind: Kind) -> tuple[str, int, bytes]:
    return kind, 1, encoded(picture, kind)


def encoded(picture: Image.Image, media_type: str) -> bytes:
    """The pixels, and nothing beside them."""
    bare = picture.copy()
    bare.info = {}
    out = io.BytesIO()
    if media_type == Kind.PNG:
        bare.save(out, "PNG")
    else:
        bare.convert("L" if bare.mode == "1" else bare.mode).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _paper(picture: Image.Image) -> tuple[int, bytes]:
    """A fax or scan of several pages as a PDF."""
    out = io.BytesIO()
    with Pdf.new() as pdf:
        for frame in _frames(picture):
            dots = _dots(frame)
            _add_page(pdf, _upright(frame, Kind.TIFF), dots)
        pages = len(pdf.pages)
        pdf.save(out, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)
    return pages, out.getvalue()


def _frames(picture: Image.Image) -> Iterator[Image.Image]:
    """The pages of a TIFF; a small picture of a page before it is none."""
    taken = 0
    for index in range(2 * PAGES_MOST + 2):
        try:
            picture.seek(index)
        except EOFError:
            break
        tags = getattr(picture, "tag_v2", {})
        if taken and tags.get(_NEW_SUBFILE_TYPE, 0) & _REDUCED:
            continue
        taken += 1
        if taken > PAGES_MOST:
            raise Invalid("upload.pages")
        _measure(picture)
        yield picture


def _dots(frame: Image.Image) -> tuple[float, float] | None:
    """Dots an inch, across and down (a fax has fewer down than across); None where it says nothing likely."""
    across, down = frame.info.get("dpi", (0, 0))
    likely = all(_DOTS_LEAST <= one <= _DOTS_MOST for one in (across, down))
    return (float(across), float(down)) if likely else None


def _add_page(pdf: Pdf, picture: Image.Image, dots: tuple[float, float] | None) -> None:
    width, height = picture.size
    across, down = dots or (max(width, height) * _POINTS_AN_INCH / _A4_LONG_POINTS,) * 2
    page = pdf.add_blank_page(page_size=(width * _POINTS_AN_INCH / across, height * _POINTS_AN_INCH / down))
    page.Resources = Dictionary(XObject=Dictionary(Scan=_scan(pdf, picture)))
    size = b" 0 0 ".join(b"%.3f" % float(side) for side in page.mediabox[2:])
    page.Contents = Stream(pdf, b"q " + size + b" 0 0 cm /Scan Do Q")


def _scan(pdf: Pdf, picture: Image.Image) -> Stream:
    """The picture of a page: black and white packed without loss, anything else as a JPEG."""
    image = Stream(pdf, b"")
    if picture.mode == "1":
        image.write(picture.tobytes())
    else:
        image.write(encoded(picture, Kind.JPEG), filter=Name.DCTDecode)
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = picture.size
    image.ColorSpace = Name.DeviceRGB if picture.mode == "RGB" else Name.DeviceGray
    image.BitsPerComponent = 1 if picture.mode == "1" else 8
    return image
