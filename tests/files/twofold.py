"""Files that are two things at once."""

import io
import zipfile

from tests.files import pictures, raw

_PAGE = b"<html><script>alert(1)</script></html>"
_SCRIPT_BEFORE = b"var a=1;/*\n"


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.class", b"\xca\xfe\xba\xbe" + bytes(50))
    return out.getvalue()


def _jpeg_with(marker: bytes, content: bytes) -> bytes:
    photo = pictures.jpeg()
    return photo[:2] + marker + (len(content) + 2).to_bytes(2, "big") + content + photo[2:]


def _refused(name: str, make: object) -> tuple[str, object, str]:
    return name, make, "upload.polyglot"


TWOFOLD = {
    "GIFAR": _refused("a.jpg", lambda: pictures.jpeg() + _archive()),
    "a screenshot and an archive": _refused("a.png", lambda: pictures.png() + _archive()),
    "an iPhone photo and an archive": _refused("a.heic", lambda: pictures.heic() + _archive()),
    "a fax and an archive": _refused("a.tif", lambda: pictures.tiff() + _archive()),
    "a PDF and an archive": _refused("a.pdf", lambda: raw.page() + _archive()),
    "a PDF and an archive, both ended": _refused("a.pdf", lambda: raw.page() + _archive() + b"\n%%EOF\n"),
    "an archive and a PDF": _refused("a.pdf", lambda: b"PK\x03\x04" + bytes(40) + raw.page()),
    "a GIF and a PDF": _refused("a.pdf", lambda: b"GIF89a\1\0\1\0\0\0\0" + raw.page()),
    "a photo and a PDF": _refused("a.pdf", lambda: _jpeg_with(b"\xff\xfe", b"%PDF-1.4 " + bytes(99))),
    "a program and a PDF": _refused("a.pdf", lambda: b"MZ" + bytes(62) + raw.page()),
    "a page and a PDF": _refused("a.pdf", lambda: _PAGE + raw.page()),
    "a script and a PDF": _refused("a.pdf", lambda: _SCRIPT_BEFORE + raw.page() + b"*/alert(1)"),
    "a PDF and a script behind": _refused("a.pdf", lambda: raw.page() + b"<script>alert(1)</script>"),
    "a PDF after much else": _refused("a.pdf", lambda: b"x" * 5000 + raw.page()),
    "a PDF before much else": _refused("a.pdf", lambda: raw.page() + b"x" * 1100),
    "a PDF and a photo": _refused("a.pdf", lambda: raw.page() + pictures.jpeg(pictures.document(20, 20))[:900]),
    "a PDF and another PDF behind its end": _refused("a.pdf", lambda: raw.page() + b"%PDF-1.4 nothing more"),
    "a photo and a page": _refused("a.jpg", lambda: pictures.jpeg() + _PAGE),
    "a photo with a page in its comment": _refused("a.jpg", lambda: _jpeg_with(b"\xff\xfe", _PAGE)),
    "a photo with PHP in its Exif": _refused(
        "a.jpg", lambda: _jpeg_with(b"\xff\xe1", b"Exif\0\0<?php system($_GET[0]); ?>")
    ),
    "a photo and much else": _refused("a.jpg", lambda: pictures.jpeg() + b"x" * 1100),
    "a photo and a program": _refused("a.jpg", lambda: pictures.jpeg() + b"MZ\x90\0" + bytes(60) + b"x"),
    "a photo and a lot of nothing": _refused("a.jpg", lambda: pictures.jpeg() + bytes(200_000)),
    "a photo with a film that nobody announced": _refused(
        "a.jpg", lambda: pictures.jpeg() + b"\0\0\0\x18ftypmp42" + b"x" * 2000
    ),
    "a Samsung photo with an archive": _refused("a.jpg", lambda: pictures.jpeg() + _archive() + b"SEFT"),
    "a screenshot and a page": _refused("a.png", lambda: pictures.png() + _PAGE),
    "a screenshot and much else": _refused("a.png", lambda: pictures.png() + b"x" * 1100),
    "an iPhone photo and a page": _refused("a.heic", lambda: pictures.heic() + _PAGE),
    "an iPhone photo and much else": _refused("a.heic", lambda: pictures.heic() + b"\1\2\3\4\5\6\7\x08" * 200),
    "a fax and a page": _refused("a.tif", lambda: pictures.tiff() + _PAGE),
}
