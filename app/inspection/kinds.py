"""What a file is by its first bytes, and whether its name says the same."""

import re
from enum import StrEnum

from app.errors import Invalid
from app.inspection import edges

PDF_HEADER = b"%PDF-"
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,5})[\s.]*$")


class Kind(StrEnum):
    """What is taken, by its media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    TIFF = "image/tiff"


_ENDINGS = {
    "pdf": Kind.PDF,
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), Kind.JPEG),
    "png": Kind.PNG,
    **dict.fromkeys(("heic", "heif", "hif"), Kind.HEIC),
    **dict.fromkeys(("tif", "tiff"), Kind.TIFF),
}
_HANGUL_ENDINGS = frozenset(("hwp", "hwpx", "hwt", "hml", "owpml"))
# Endings that say plainly that the file is something else. Any other is part of a name ("등본.최종", "2026.11.03").
_OTHER_ENDINGS = frozenset(
    """7z ace ai alz apk app asp aspx avi avif bat bin bmp bz2 cab cmd com cpl csv dll dmg doc docm docx dot dotx dwg
    egg eml emf eps exe gif gz hta htm html ico img iso jar js jsp jse json key lnk lzh m4a mhtml mjs mov mp3 mp4 msg
    msi numbers odp ods odt ogg one pages php pif pot ppa pps ppsm ppsx ppt pptm pptx ps ps1 psd py rar reg rtf scr
    sh sql svg svgz swf tar tgz txt url vbe vbs wav webm webp wmf wps ws wsf xar xhtml xla xls xlsb xlsm xlsx xml xps
    xsl xz zip zipx""".split()  # noqa: SIM905 - a list of words reads as one
)
_HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"))
_AVIF_BRANDS = frozenset((b"avif", b"avis"))
_TIFF_MAGICS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_HWP_SUMMARY = "HwpSummaryInformation".encode("utf-16-le")
_HANGUL_ENTRIES = re.compile(rb"application/hwp\+zip|Contents/(?:content\.hpf|header\.xml|section\d+\.xml)")
_BRANDS_BYTES = 256


def recognised(content: bytes, name: str) -> Kind:
    """The kind of a file that is taken; what is not taken, or is two things, or belies its name, is refused."""
    if not content:
        raise Invalid("upload.empty")
    picture = _picture(content)
    header = content.find(PDF_HEADER, 0, edges.SLACK_BYTES + len(PDF_HEADER))
    if header >= 0 and (picture is not None or not edges.harmless_head(content[:header])):
        raise Invalid("upload.polyglot")
    kind = Kind.PDF if header >= 0 else picture
    if kind is None:
        raise Invalid(_why_not(content, name))
    ending = _ending(name)
    if ending in _HANGUL_ENDINGS | _OTHER_ENDINGS or _ENDINGS.get(ending, kind) != kind:
        raise Invalid("upload.type_mismatch")
    return kind


def _picture(content: bytes) -> Kind | None:
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content.startswith(_TIFF_MAGICS):
        return Kind.TIFF
    return Kind.HEIC if _heic(content) else None


def _heic(content: bytes) -> bool:
    """Whether the file type box names HEVC pictures, and not those of AV1."""
    if content[4:8] != b"ftyp":
        return False
    end = min(int.from_bytes(content[:4], "big"), _BRANDS_BYTES)
    brands = {content[8:12], *(content[at : at + 4] for at in range(16, end, 4))}
    return bool(brands & _HEIC_BRANDS) and not brands & _AVIF_BRANDS


def _why_not(content: bytes, name: str) -> str:
    """The code that helps: how to save a Hangul document is worth saying."""
    if _ending(name) in _HANGUL_ENDINGS or _hangul(content):
        return "upload.hwp"
    plainly_other = content.startswith((_OLE, _ZIP)) or edges.marked_up(content[: edges.SLACK_BYTES])
    return "upload.polyglot" if PDF_HEADER in content and not plainly_other else "upload.type_mismatch"


def _hangul(content: bytes) -> bool:
    if content.startswith(_OLE):
        return b"HWP Document File" in content or _HWP_SUMMARY in content
    if content.startswith(_ZIP):
        return _HANGUL_ENTRIES.search(content) is not None
    return content.startswith(b"HWP Document File") or b"<HWPML" in content[: edges.SLACK_BYTES]


def _ending(name: str) -> str:
    found = _ENDING.search(name)
    return found[1].lower() if found else ""
