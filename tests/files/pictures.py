"""Photos, scans and faxes, with all that devices write beside the pixels."""

import io
from functools import cache

from PIL import Image, ImageDraw, PngImagePlugin
from pillow_heif import register_heif_opener

SECRETS = (b"SECRET-CAMERA", b"SECRET-COMMENT", b"SECRET-XMP", b"GPSLatitude", b"Exif\0\0", b"SECRET-ICC")
"""What must be nowhere in a cleaned copy."""
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='SECRET-XMP'/></rdf:RDF></x:xmpmeta>"
)
_GPS_BLOCK, _MAKE, _ORIENTATION = 0x8825, 0x010F, 0x0112


@cache
def document(width: int = 620, height: int = 877, mode: str = "RGB") -> Image.Image:
    """Something like a certificate on paper: lines of words, a seal; the corner tells which way is up."""
    paper = Image.new("RGB", (width, height), (250, 248, 240))
    draw = ImageDraw.Draw(paper)
    for row in range(height // 8, height * 7 // 8, max(8, height // 40)):
        draw.line((width // 10, row, width * 9 // 10 - row % 97, row), fill=(40, 40, 40), width=max(1, height // 300))
    draw.rectangle((0, 0, width // 8, height // 12), fill=(200, 0, 0))
    draw.ellipse(
        (width * 7 // 10, height * 8 // 10, width * 9 // 10, height * 8 // 10 + width // 5),
        outline=(200, 0, 0),
        width=5,
    )
    return paper.convert(mode)


@cache
def of_8_mpx() -> Image.Image:
    """A paper on a table as a phone sees it: 3264 x 2448, some grain."""
    picture = document(2448, 3264).rotate(3, expand=False, fillcolor=(120, 90, 60)).transpose(Image.Transpose.ROTATE_90)
    grain = Image.effect_noise(picture.size, 12).convert("RGB")
    return Image.blend(picture, grain, 0.06)


@cache
def photo_of_8_mpx() -> bytes:
    """The same as the file that the phone keeps."""
    return jpeg(of_8_mpx(), quality=92)


def exif(orientation: int = 1) -> bytes:
    """Camera and place."""
    block = Image.Exif()
    block[_MAKE] = "SECRET-CAMERA"
    block[_ORIENTATION] = orientation
    block.get_ifd(_GPS_BLOCK).update({1: "N", 2: (37.0, 33.0, 59.4), 3: "E", 4: (126.0, 58.0, 40.8)})
    return block.tobytes()


def jpeg(picture: Image.Image | None = None, *, orientation: int = 1, quality: int = 85, **more: object) -> bytes:
    """A photo with camera, place, XMP, comment and colour profile."""
    out = io.BytesIO()
    (picture or document()).save(
        out,
        "JPEG",
        quality=quality,
        exif=exif(orientation),
        xmp=XMP,
        comment=b"SECRET-COMMENT",
        icc_profile=b"SECRET-ICC" * 9,
        **more,
    )
    return out.getvalue()


def png(picture: Image.Image | None = None, **more: object) -> bytes:
    """A screenshot with text chunks and Exif."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "SECRET-COMMENT")
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
    out = io.BytesIO()
    (picture or document()).save(out, "PNG", pnginfo=notes, exif=exif(), **more)
    return out.getvalue()


@cache
def heic(*, orientation: int = 1) -> bytes:
    """A photo as an iPhone keeps it."""
    return heic_of(document(320, 448), orientation)


def heic_of(picture: Image.Image, orientation: int = 1) -> bytes:
    """Any picture so."""
    register_heif_opener()
    out = io.BytesIO()
    picture.save(out, "HEIF", quality=60, exif=exif(orientation), xmp=XMP)
    return out.getvalue()


def tiff(
    pages: int = 3, mode: str = "1", compression: str = "group4", size: tuple[int, int] = (864, 1100), **more: object
) -> bytes:
    """A fax: pages in black and white, fewer lines than columns to the inch."""
    more = {"dpi": (204, 196), **more}
    first, *rest = [document(*size, mode) for _ in range(pages)]
    out = io.BytesIO()
    first.save(
        out, "TIFF", compression=compression, save_all=True, append_images=rest, description="SECRET-COMMENT", **more
    )
    return out.getvalue()
