"""What cannot be read, is locked, or is something else."""

import io
import zipfile
import zlib

from pikepdf import Encryption, Pdf

from tests.files import pictures, raw
from tests.files.acting import office
from tests.files.papers import certificate, updated

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _encrypted(**how: object) -> bytes:
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(raw.page())) as pdf:
        pdf.save(out, encryption=Encryption(**how))  # type: ignore[arg-type]
    return out.getvalue()


def _hwpx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/hwp+zip")
        archive.writestr("Contents/section0.xml", "<hs:sec/>")
    return out.getvalue()


def _hwpx_without_type() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Contents/header.xml", "<hh:head/>")
    return out.getvalue()


def _middle_missing(content: bytes) -> bytes:
    return content[: len(content) // 3] + content[len(content) // 2 :]


def _unreadable_content() -> bytes:
    return raw.page().replace(raw.stream(raw.CONTENT), raw.stream(b"x\x9cno flate at all", b"/Filter /FlateDecode"))


_HWP = _OLE + bytes(504) + b"HWP Document File" + bytes(2000)
_OTHER, _CORRUPT, _HANGUL, _LOCKED = "upload.type_mismatch", "upload.corrupt", "upload.hwp", "upload.encrypted"

BROKEN = {
    "nothing": ("a.pdf", lambda: b"", "upload.empty"),
    "nothing with no name": ("", lambda: b"", "upload.empty"),
    "a page of the web": ("a.pdf", lambda: b"<!DOCTYPE html><html><body>hello</body></html>", _OTHER),
    "an archive": ("a.pdf", lambda: b"PK\x03\x04" + bytes(99), _OTHER),
    "a program": ("a.pdf", lambda: b"MZ\x90\0" + bytes(999), _OTHER),
    "a drawing": ("a.png", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', _OTHER),
    "an office document": ("a.docx", office, _OTHER),
    "an old office document": ("a.doc", lambda: _OLE + bytes(3000), _OTHER),
    "a text": ("a.txt", lambda: b"hello", _OTHER),
    "random bytes": ("a.jpg", lambda: bytes(range(7, 256)) * 9, _OTHER),
    "zeroes": ("a.pdf", lambda: bytes(4096), _OTHER),
    "a GIF": ("a.gif", lambda: b"GIF89a" + bytes(99), _OTHER),
    "an AVIF": ("a.avif", lambda: b"\0\0\0\x1cftypavif\0\0\0\0avifmif1" + bytes(99), _OTHER),
    "an AVIF that says HEIF first": ("a.heic", lambda: b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1" + bytes(99), _OTHER),
    "a film": ("a.heic", lambda: b"\0\0\0\x14ftypisom\0\0\0\0mp42" + bytes(99), _OTHER),
    "a photo called a PDF": ("a.pdf", pictures.jpeg, _OTHER),
    "a PDF called a photo": ("a.jpg", raw.page, _OTHER),
    "a photo called a screenshot": ("a.PNG", pictures.jpeg, _OTHER),
    "an iPhone photo called a JPEG": ("a.jpg", pictures.heic, _OTHER),
    "a PDF called a program": ("a.pdf.exe", raw.page, _OTHER),
    "a PDF called a program, with a space": ("a.exe .", raw.page, _OTHER),
    "a photo called a page": ("a.html", pictures.jpeg, _OTHER),
    "a PDF called a Hangul document": ("a.hwp", raw.page, _OTHER),
    "a Hangul document": ("신청서.hwp", lambda: _HWP, _HANGUL),
    "a Hangul document called a PDF": ("신청서.pdf", lambda: _HWP, _HANGUL),
    "an old Hangul document": ("a.hwp", lambda: b"HWP Document File V3.00 \x1a\1\2\3\4\5" + bytes(99), _HANGUL),
    "a locked Hangul document": ("a.hwp", lambda: b"DRMONE  " + bytes(99), _HANGUL),
    "a new Hangul document": ("a.hwpx", _hwpx, _HANGUL),
    "a new Hangul document called a PDF": ("a.pdf", _hwpx, _HANGUL),
    "a new Hangul document without its type": ("a.zip", _hwpx_without_type, _HANGUL),
    "a PDF with a password": ("a.pdf", lambda: _encrypted(owner="o", user="u", R=6), _LOCKED),
    "a PDF that may only not be printed": ("a.pdf", lambda: _encrypted(owner="o", user="", R=4), _LOCKED),
    "a PDF locked in the old way": (
        "a.pdf",
        lambda: _encrypted(owner="o", user="", R=3, aes=False, metadata=False),
        _LOCKED,
    ),
    "a PDF locked by a program nobody knows": (
        "a.pdf",
        lambda: raw.page(trailer=b"/Encrypt << /Filter /MarkAny /V 9 >> /ID [<00> <00>]"),
        _LOCKED,
    ),
    "half a PDF": ("a.pdf", lambda: certificate()[: len(certificate()) // 2], _CORRUPT),
    "a PDF without its end": ("a.pdf", lambda: raw.page()[:-7], _CORRUPT),
    "an update without its end": ("a.pdf", lambda: updated()[:-7], _CORRUPT),
    "a PDF without a catalogue": (
        "a.pdf",
        lambda: raw.page().replace(b"/Root 1 0 R", b"/Root 9 0 R").replace(b"/Catalog", b"/Katalog"),
        _CORRUPT,
    ),
    "a PDF without pages": (
        "a.pdf",
        lambda: raw.assembled((b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")),
        _CORRUPT,
    ),
    "a page that is its own font": (
        "a.pdf",
        lambda: raw.page().replace(b"/F1 5 0 R", b"/F1 3 0 R"),
        _CORRUPT,
    ),
    "a PDF of three lines": ("a.pdf", lambda: b"%PDF-1.4\nhello\n%%EOF", _CORRUPT),
    "a PDF with unreadable content": ("a.pdf", _unreadable_content, _CORRUPT),
    "a PDF with half its content": (
        "a.pdf",
        lambda: raw.page().replace(
            raw.stream(raw.CONTENT), raw.stream(zlib.compress(bytes(range(256)) * 2)[:200], b"/Filter /FlateDecode")
        ),
        _CORRUPT,
    ),
    "a PDF packed in a way nobody knows": (
        "a.pdf",
        lambda: raw.page(extra=()).replace(raw.stream(raw.CONTENT), raw.stream(b"abc", b"/Filter /NoSuchDecode")),
        _CORRUPT,
    ),
    "half a photo": ("a.jpg", lambda: pictures.jpeg()[:20_000], _CORRUPT),
    "a photo without its middle": ("a.jpg", lambda: pictures.jpeg()[:200], _CORRUPT),
    "half a screenshot": ("a.png", lambda: pictures.png()[:-500], _CORRUPT),
    "a screenshot without its middle": ("a.png", lambda: _middle_missing(pictures.png()), _CORRUPT),
    "half an iPhone photo": ("a.heic", lambda: pictures.heic()[: len(pictures.heic()) // 2], _CORRUPT),
    "half a fax": ("a.tif", lambda: pictures.tiff()[:300], _CORRUPT),
    "a fax of one header": ("a.tif", lambda: b"II*\0\x08\0\0\0", _CORRUPT),
}
