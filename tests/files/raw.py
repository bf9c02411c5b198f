"""A PDF written by hand: what no library would write, and what some do."""

import zlib
from collections.abc import Sequence
from itertools import accumulate

CONTENT = b"BT /F1 18 Tf 72 760 Td (Certificate of family relations) Tj 0 -30 Td (Invented for a test) Tj ET"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
BINARY_COMMENT = b"%\xe2\xe3\xcf\xd3\n"
FIRST_EXTRA = 6


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def flate(content: bytes, entries: bytes = b"") -> bytes:
    """The same, packed."""
    return stream(zlib.compress(content), b"/Filter /FlateDecode " + entries)


def assembled(
    objects: Sequence[bytes], *, trailer: bytes = b"", header: bytes = b"%PDF-1.7\n" + BINARY_COMMENT
) -> bytes:
    """A file of numbered objects with its table; the first is the catalogue."""
    parts = [header, *(b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(objects, 1))]
    places = list(accumulate(len(part) for part in parts))
    return b"".join(parts) + table(places[:-1], places[-1], trailer)


def table(places: Sequence[int], at: int, trailer: bytes = b"") -> bytes:
    """Cross-reference table, trailer and end of a file."""
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    return (b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n") % (
        size,
        rows,
        size,
        trailer,
        at,
    )


def page(
    content: bytes = CONTENT,
    *,
    catalogue: bytes = b"",
    on_page: bytes = b"",
    resources: bytes = b"",
    extra: Sequence[bytes] = (),
    trailer: bytes = b"",
    box: bytes = b"[0 0 595 842]",
) -> bytes:
    """One A4 page. Object 1 is the catalogue, 3 the page, 4 its content, 5 a font; what is added begins at 6."""
    return assembled(
        (
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> %s >> %s >>" % (box, resources, on_page),
            stream(content),
            FONT,
            *extra,
        ),
        trailer=trailer,
    )


def pages(count: int) -> bytes:
    """Many pages of one content."""
    kids = b" ".join(b"%d 0 R" % (5 + number) for number in range(count))
    one = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents"
        b" 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
    )
    return assembled(
        (
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            stream(CONTENT),
            FONT,
            *([one] * count),
        )
    )
