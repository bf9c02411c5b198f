"""Small files that are large inside, or that never end."""

import struct
import zlib
from functools import cache

from PIL import Image

from tests.files import pictures, raw
from tests.files.raw import assembled, page, stream

ZEROES = 200_000_000
_IMAGE = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 "


@cache
def _packed_zeroes(count: int = ZEROES, byte: bytes = b"\0") -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(byte * 1_000_000) for _ in range(count // 1_000_000)]
    return b"".join(parts) + packer.flush()


def _image(entries: bytes, content: bytes, *more: bytes) -> bytes:
    return page(
        b"q 500 0 0 500 0 0 cm /Im Do Q",
        resources=b"/XObject << /Im 6 0 R >>",
        extra=(stream(content, _IMAGE + entries), *more),
    )


def _png(width: int, height: int, rows: bytes | None = None) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    pixels = zlib.compress(b"\0" * 1000) if rows is None else rows
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _jpeg(width: int, height: int) -> bytes:
    """A small photo whose header says that it is large."""
    photo = bytearray(pictures.jpeg(pictures.document(64, 64), progressive=False))
    at = photo.index(b"\xff\xc0") + 5
    photo[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(photo)


def _tiff(width: int, height: int) -> bytes:
    entries = (
        (256, 4, width),
        (257, 4, height),
        (258, 3, 1),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 200),
        (278, 4, height),
        (279, 4, 100),
    )
    table = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return (b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + table + bytes(4)).ljust(300, b"\0")


def _heic(width: int, height: int) -> bytes:
    photo = pictures.heic()
    at = photo.index(b"ispe") + 8
    return photo[:at] + struct.pack(">II", width, height) + photo[at + 8 :]


def _tiff_loop() -> bytes:
    """The first page says that the next one is the first."""
    fax = _tiff(16, 16)
    at = 10 + 8 * 12
    return fax[:at] + struct.pack("<I", 8) + fax[at + 4 :]


def _forms(count: int, content: bytes) -> bytes:
    """Each form draws the next; the last one draws the first."""
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Next %d 0 R >> >>"
    return page(
        b"/Next Do", resources=b"/XObject << /Next 6 0 R >>",
        extra=[stream(content, head % (7 + number if number < count - 1 else 6)) for number in range(count)],
    )  # fmt: skip


def _pattern() -> bytes:
    tile = b"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9"
    itself = tile + b" /Resources << /Pattern << /P 6 0 R >> >>"
    paint = b"/Pattern cs /P scn 0 0 9 9 re f"
    return page(paint, resources=b"/Pattern << /P 6 0 R >>", extra=(stream(paint, itself),))


def _mask() -> bytes:
    states = b"/ExtGState << /G << /SMask << /S /Luminosity /G 6 0 R >> >> >>"
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Group << /S /Transparency >> /Resources << %s >>" % states
    return page(b"/G gs 0 0 9 9 re f", resources=states, extra=(stream(b"/G gs 0 0 9 9 re f", form),))


def _laughs() -> bytes:
    """Ten times ten times ten … and in the end nothing."""
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Next %d 0 R >> >>"
    forms = [stream(b"/Next Do " * 10, head % (7 + number)) for number in range(12)]
    return page(
        b"/Next Do",
        resources=b"/XObject << /Next 6 0 R >>",
        extra=(*forms, stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")),
    )


def _page_tree(kids: bytes, *more: bytes) -> bytes:
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"
    return assembled(
        (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [%s] >>" % kids, leaf, *more)
    )


def _spread_tree() -> bytes:
    nodes = [b"<< /Type /Pages /Count 2 /Kids [%d 0 R %d 0 R] >>" % (number + 1, number + 1) for number in range(4, 44)]
    return _page_tree(b"4 0 R 4 0 R", *nodes, b"<< /Type /Page /MediaBox [0 0 9 9] >>")


def _lzw_zeroes(tables: int) -> bytes:
    """Zeroes packed by LZW, in which every code stands for one zero more than the last."""
    bits = f"{256:09b}" + f"{256:012b}".join([_lzw_table()] * tables) + f"{257:012b}"
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


@cache
def _lzw_table() -> str:
    codes, width, following = [f"{0:09b}"], 9, 258
    while following < 4094:
        codes.append(f"{following:0{width}b}")
        following += 1
        width = max(width, (following + 1).bit_length())
    return "".join(codes)


def _text_chunk() -> bytes:
    note = b"Comment\0\0" + _packed_zeroes(byte=b"a")
    chunk = struct.pack(">I", len(note)) + b"zTXt" + note + struct.pack(">I", zlib.crc32(b"zTXt" + note))
    shot = pictures.png()
    return shot[:33] + chunk + shot[33:]


def _object_stream_bomb() -> bytes:
    packed = stream(_packed_zeroes(byte=b" "), b"/Type /ObjStm /N 1 /First 10 /Filter /FlateDecode")
    body = assembled((b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", packed))
    rows = [
        b"\0\0\0\0\0\0",
        *(b"\1" + struct.pack(">I", body.index(b"%d 0 obj" % one)) + b"\0" for one in (1, 2, 3)),
        b"\2\0\0\0\3\0",
    ]
    at = len(body)
    table = stream(b"".join(rows), b"/Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R")
    return body + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table.replace(b"/Root 1 0 R", b"/Root 4 0 R"), at)


@cache
def drawn_over_and_over(side: int, count: int) -> bytes:
    """A white progressive picture whose last touch is applied again and again: each costs bytes a hundred, and time."""
    photo = pictures.jpeg(Image.new("L", (side, side), 255), progressive=True)
    at = photo.index(b"\xff\xda", photo.index(b"\xff\xda") + 2)
    end = photo.index(b"\xff\xda", at + 2)
    return photo[:end] + photo[at:end] * count + photo[end:]


BOMBS = {
    "a picture of 2.5 gigapixels": ("a.png", lambda: _png(50_000, 50_000), "upload.pixels"),
    "a picture just too large": ("a.png", lambda: _png(8_000, 5_001), "upload.pixels"),
    "a photo that says it is large": ("a.jpg", lambda: _jpeg(65_000, 65_000), "upload.pixels"),
    "a fax that says it is large": ("a.tif", lambda: _tiff(60_000, 60_000), "upload.pixels"),
    "an iPhone photo that says it is large": ("a.heic", lambda: _heic(30_000, 30_000), "upload.pixels"),
    "a picture with too many rows": ("a.png", lambda: _png(64, 64, _packed_zeroes()), ""),
    "a fax whose pages never end": ("a.tif", _tiff_loop, ""),
    "a picture drawn two hundred times": ("a.jpg", lambda: drawn_over_and_over(2400, 200), ""),
    "a screenshot with an endless note": ("a.png", _text_chunk, "upload.corrupt"),
    "a screenshot that is a line": ("a.png", lambda: pictures.png(Image.new("L", (4_000_000, 9))), ""),
    "content packed by LZW": (
        "a.pdf",
        lambda: page().replace(stream(raw.CONTENT), stream(_lzw_zeroes(400), b"/Filter /LZWDecode")),
        "upload.corrupt",
    ),
    "thirty-one pages": ("a.pdf", lambda: raw.pages(31), "upload.pages"),
    "thirty-one pages of fax": ("a.tif", lambda: pictures.tiff(31, size=(64, 64)), "upload.pages"),
    "a thousand pages that are one": ("a.pdf", lambda: _page_tree(b"3 0 R " * 1000), "upload.pages"),
    "a page tree that eats its tail": ("a.pdf", lambda: _page_tree(b"2 0 R 3 0 R"), "upload.corrupt"),
    "a page tree of 2^40 pages": ("a.pdf", _spread_tree, "upload.corrupt"),
    "a page as large as a field": ("a.pdf", lambda: page(box=b"[0 0 200000 200000]"), "upload.pixels"),
    "a page whose unit is large": ("a.pdf", lambda: page(on_page=b"/UserUnit 1000"), "upload.pixels"),
    "a page without a size": ("a.pdf", lambda: page(box=b"[0 0 0 842]"), "upload.corrupt"),
    "a page of no number": ("a.pdf", lambda: page(box=b"[0 0 /a (b)]"), "upload.corrupt"),
    "content that unpacks for ever": (
        "a.pdf",
        lambda: page(extra=()).replace(stream(raw.CONTENT), stream(_packed_zeroes(), b"/Filter /FlateDecode")),
        "upload.corrupt",
    ),
    "content packed three times": (
        "a.pdf",
        lambda: page(
            on_page=b"/Contents 6 0 R",
            extra=(
                stream(
                    zlib.compress(zlib.compress(_packed_zeroes())), b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"
                ),
            ),
        ).replace(b"/Contents 4 0 R ", b""),
        "upload.corrupt",
    ),
    "an object stream that unpacks for ever": ("a.pdf", _object_stream_bomb, "upload.corrupt"),
    "a font that unpacks for ever": (
        "a.pdf",
        lambda: page(
            resources=b"/Font << /F2 6 0 R >>",
            extra=(
                (
                    b"<< /Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor"
                    b" << /FontName /A /FontFile2 7 0 R >> >>"
                ),
                stream(_packed_zeroes(), b"/Filter /FlateDecode"),
            ),
        ).replace(b"/Font << /F1 5 0 R >> ", b""),
        "upload.corrupt",
    ),
    "a picture in a page, by its entries": (
        "a.pdf",
        lambda: _image(b"/Width 50000 /Height 50000 /Filter /FlateDecode ", zlib.compress(b"0" * 99)),
        "upload.pixels",
    ),
    "a picture in a page, by its own header": (
        "a.pdf",
        lambda: _image(b"/Width 10 /Height 10 /Filter /DCTDecode ", _jpeg(60_000, 60_000)),
        "upload.pixels",
    ),
    "a picture in a page that unpacks for ever": (
        "a.pdf",
        lambda: _image(b"/Width 10 /Height 10 /Filter /FlateDecode ", _packed_zeroes()),
        "upload.corrupt",
    ),
    "a fax in a page, by its columns": (
        "a.pdf",
        lambda: _image(
            b"/Width 10 /Height 10 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 60000 /Rows 60000 >> ",
            b"\0" * 9,
        ),
        "upload.pixels",
    ),
    "a picture in the content": (
        "a.pdf",
        lambda: page(b"BI /W 60000 /H 60000 /BPC 1 /CS /G ID \0\0 EI"),
        "upload.pixels",
    ),
    "a form that draws itself": ("a.pdf", lambda: _forms(1, b"/Next Do"), "upload.corrupt"),
    "forms that draw each other": ("a.pdf", lambda: _forms(3, b"q /Next Do Q"), "upload.corrupt"),
    "forms that draw each other in disguise": ("a.pdf", lambda: _forms(3, b"q /N#65xt Do Q"), "upload.corrupt"),
    "a pattern that paints with itself": ("a.pdf", _pattern, "upload.corrupt"),
    "a mask that masks itself": ("a.pdf", _mask, "upload.corrupt"),
    "a billion drawings": ("a.pdf", _laughs, "upload.corrupt"),
    "arrays within arrays": ("a.pdf", lambda: page(on_page=b"/X " + b"[" * 20_000 + b"]" * 20_000), "upload.corrupt"),
    "a hundred thousand objects": ("a.pdf", lambda: page(extra=[b"null"] * 110_000), "upload.corrupt"),
}
"""Where the code is empty the file may be taken or refused as corrupt: what counts is that it ends."""
