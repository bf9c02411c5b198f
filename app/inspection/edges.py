"""What stands before, behind or between: a file that also reads as something else is refused.

Nothing found here would reach the cleaned copy. But a picture that is an archive too was not made by a camera.
"""

import io
import re
import zipfile

from app.errors import Invalid
from app.inspection import jpeg

SLACK_BYTES = 1024
PADDING_BYTES = 64 * 1024
_BLANK = b"\0\t\n\f\r \x1a"
_BOM = b"\xef\xbb\xbf"
_PRINTER_LANGUAGE = b"\x1b%-12345X"
# Long enough that pixels do not say it by chance.
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html[\s>/]|script[\s>/]|iframe[\s>/]|svg\s[a-z]|\?php\s)", re.IGNORECASE)
_OTHER = re.compile(
    rb"%PDF-|PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|GIF8[79]a|\x7fELF|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)
_OTHER_AT_START = (b"MZ", b"#!", b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"BM", b"\xca\xfe\xba\xbe", b"<")
_UNFINISHED = re.compile(rb"\s*(?:\d+\s+\d+\s+obj|xref\s)")
_SCRIPT_OPENS = (b"/*", b"//", b"`", b"=", b"(")
# A phone says in the first picture that a film follows, or signs what it appended.
_FILM_FOLLOWS = re.compile(rb"MotionPhoto|MicroVideo")
_SAMSUNG_TRAILER = b"SEFT"
_BOXES = frozenset((b"mdat", b"meta", b"moov", b"free", b"skip", b"uuid", b"mpvd", b"idat", b"ftyp", b"wide", b"moof"))


def marked_up(content: bytes) -> bool:
    """Whether a browser could take it for a page."""
    return _MARKUP.search(content) is not None


def harmless_head(slack: bytes) -> bool:
    """Whether what stands before %PDF- is what scanners and printers leave there, and no other format or script."""
    if slack.startswith(_PRINTER_LANGUAGE):
        return not _second(slack)
    slack = slack.removeprefix(_BOM).strip(_BLANK)
    return not _second(slack) and not any(one in slack for one in _SCRIPT_OPENS)


def check_pdf(content: bytes) -> None:
    """Nothing but a little filling after the last end of file."""
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise Invalid("upload.corrupt")
    _refuse_archive(content)
    slack = content[end + 5 :]
    if _UNFINISHED.match(slack):
        raise Invalid("upload.corrupt")
    _check_tail(slack)


def check_jpeg(content: bytes) -> None:
    """One picture, perhaps with the smaller ones and the film that phones append."""
    end = jpeg.end(content)
    if end is None:
        raise Invalid("upload.corrupt")
    _refuse_pages_and_archives(content)
    first = end
    while content.startswith(b"\xff\xd8\xff", end) and (following := jpeg.end(content, end)) is not None:
        end = following
    _check_tail(content[end:], phone=bool(_FILM_FOLLOWS.search(content, 0, first)))


def check_png(content: bytes) -> None:
    """Chunks up to IEND."""
    at = 8
    while at + 12 <= len(content):
        kind = content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        if kind == b"IEND":
            _refuse_pages_and_archives(content)
            return _check_tail(content[at:])
    raise Invalid("upload.corrupt")


def check_heic(content: bytes) -> None:
    """Boxes up to the end."""
    at = 0
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        elif size == 0:
            size = len(content) - at
        if kind in _BOXES and at + size > len(content):
            raise Invalid("upload.corrupt")
        if size < 8 or at + size > len(content):
            break
        at += size
    _refuse_pages_and_archives(content)
    _check_tail(content[at:])


def check_tiff(content: bytes) -> None:
    """A TIFF points to its parts and has no end: only what reads as something else by itself can be told."""
    _refuse_pages_and_archives(content)


def _check_tail(slack: bytes, *, phone: bool = False) -> None:
    filled = slack.strip(_BLANK)
    if phone or filled.endswith(_SAMSUNG_TRAILER):
        foreign = _OTHER.search(filled) is not None
    else:
        foreign = len(filled) > SLACK_BYTES or len(slack) - len(filled) > PADDING_BYTES or _second(filled)
    if foreign:
        raise Invalid("upload.polyglot")


def _second(slack: bytes) -> bool:
    return slack.startswith(_OTHER_AT_START) or _OTHER.search(slack) is not None or marked_up(slack)


def _refuse_pages_and_archives(content: bytes) -> None:
    if marked_up(content):
        raise Invalid("upload.polyglot")
    _refuse_archive(content)


def _refuse_archive(content: bytes) -> None:
    """An archive is read from its end, whatever stands before it."""
    if zipfile.is_zipfile(io.BytesIO(content)) and b"PK\x01\x02" in content:
        raise Invalid("upload.polyglot")
