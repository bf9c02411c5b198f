"""What real people send: each of these is taken."""

from collections.abc import Callable

from pikepdf import ObjectStreamMode
from PIL import Image

from tests.files import papers, pictures, raw

Make = Callable[[], bytes]
_PRINTER_JOB = b"\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PDF\r\n"
_FILM = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42\0\0\0\x08free" + bytes(range(256)) * 40
_SAMSUNG = b"\0\0\1\x0a" + bytes(1800) + b"SEFH\x6b\0\0\0\x01\0\0\0SEFT"
_GENERATE = ObjectStreamMode.generate


def _animated() -> bytes:
    frames = [pictures.document(80, 80), pictures.document(80, 80, "L").convert("RGB")]
    return pictures.png(frames[0], save_all=True, append_images=frames[1:])


def _with_gain_map() -> bytes:
    """A bright photo of a recent phone: a smaller picture behind the first."""
    return pictures.jpeg() + pictures.jpeg(pictures.document(200, 200))


def _with_film() -> bytes:
    photo, note = pictures.jpeg(), b"<x:xmpmeta GCamera:MotionPhoto='1'/>"
    return photo[:2] + b"\xff\xe1" + (len(note) + 2).to_bytes(2, "big") + note + photo[2:] + _FILM


def _pdf(name: str, make: Make, pages: int = 1) -> tuple[str, Make, str, int]:
    return name, make, "application/pdf", pages


def _jpeg(name: str, make: Make) -> tuple[str, Make, str, int]:
    return name, make, "image/jpeg", 1


def _png(make: Make) -> tuple[str, Make, str, int]:
    return "Screenshot 1.png", make, "image/png", 1


HARMLESS: dict[str, tuple[str, Make, str, int]] = {
    "a scan": _pdf("scan.pdf", papers.scan, 2),
    "a text": _pdf("text.PDF", papers.text),
    "a page by hand": _pdf("등본.pdf", raw.page),
    "thirty pages": _pdf("a.pdf", lambda: raw.pages(30), 30),
    "a photo put into a page": _pdf("a.pdf", papers.photographed),
    "a photo packed twice": _pdf("a.pdf", papers.packed_twice),
    "a turned page": _pdf("a.pdf", lambda: papers.photographed(b"/Rotate 90 /CropBox [10 10 500 800]")),
    "a certificate of the state": _pdf("가족관계증명서.pdf", papers.certificate),
    "the same, linear": _pdf("a.pdf", lambda: papers.saved(linearize=True)),
    "the same, with object streams": _pdf("a.pdf", lambda: papers.saved(object_stream_mode=_GENERATE)),
    "an incremental update": _pdf("a.pdf", papers.updated),
    "a filled form": _pdf("a.pdf", papers.filled),
    "layers": _pdf("a.pdf", papers.layered),
    "names that look like actions": _pdf("a.pdf", papers.named_like_actions),
    "everything that draws": _pdf("a.pdf", papers.everything),
    "a wrong table": _pdf("a.pdf", papers.wrong_table),
    "a print job": _pdf("a.pdf", lambda: _PRINTER_JOB + raw.page()),
    "a byte order mark before": _pdf("a.pdf", lambda: b"\xef\xbb\xbf\r\n" + raw.page()),
    "padding behind": _pdf("a.pdf", lambda: raw.page() + bytes(4096)),
    "a photo": _jpeg("IMG_0001.JPG", pictures.jpeg),
    "a progressive photo": _jpeg("a.jpeg", lambda: pictures.jpeg(progressive=True)),
    "a grey photo": _jpeg("a.jpg", lambda: pictures.jpeg(pictures.document(mode="L"))),
    "a photo for print": _jpeg("a.jpg", lambda: pictures.jpeg(pictures.document(mode="CMYK"))),
    "a photo held sideways": _jpeg("a.jpg", lambda: pictures.jpeg(orientation=6)),
    "a photo with padding": _jpeg("a.jpg", lambda: pictures.jpeg() + bytes(2000)),
    "a photo with a gain map": _jpeg("PXL_1.jpg", _with_gain_map),
    "a photo with a film": _jpeg("PXL_2.MP.jpg", _with_film),
    "a Samsung photo": _jpeg("a.jpg", lambda: pictures.jpeg() + _SAMSUNG),
    "a screenshot": _png(pictures.png),
    "a screenshot with a palette": _png(lambda: pictures.png(pictures.document(mode="P"))),
    "a transparent picture": _png(lambda: pictures.png(Image.new("RGBA", (40, 40), (255, 0, 0, 0)))),
    "deep grey": _png(lambda: pictures.png(Image.new("I;16", (40, 40), 0x8000))),
    "black and white": _png(lambda: pictures.png(pictures.document(mode="1"))),
    "an animation": _png(_animated),
    "an iPhone photo": _jpeg("IMG_0002.HEIC", pictures.heic),
    "the same as heif": _jpeg("a.heif", pictures.heic),
    "a fax": _pdf("fax.tif", pictures.tiff, 3),
    "thirty pages of fax": _pdf("fax.tiff", lambda: pictures.tiff(30, size=(200, 280)), 30),
    "a colour scan": _pdf("a.tiff", lambda: pictures.tiff(2, "RGB", "jpeg", (400, 500)), 2),
    "a grey scan": _pdf("a.tiff", lambda: pictures.tiff(1, "L", "tiff_lzw", (400, 500), dpi=(0, 0))),
    "a name without an ending": _pdf("등본", raw.page),
    "a date for an ending": _pdf("등본 2026.11.03", raw.page),
    "an ending backwards": _pdf("\u202eexe.fdp", raw.page),
    "no name": _jpeg("", pictures.jpeg),
}
"""Name of the file, maker, media type and pages of the cleaned copy."""
