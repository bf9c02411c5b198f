"""What a cleaned copy must be, as other readers see it: whole, and nothing but pages."""

import io
import re

import pypdf
from pikepdf import Dictionary, Name, Object, Pdf, Stream
from PIL import Image

from tests.files.pictures import SECRETS

# What no cleaned PDF has anywhere, whatever it is called in.
_ACTIVE = frozenset(
    (
        "/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/XFA", "/AcroForm", "/Names", "/EF", "/AF", "/Annots",
        "/A", "/Metadata", "/PieceInfo", "/URI", "/StructTreeRoot", "/StructParents", "/Outlines", "/Collection",
        "/Perms", "/Dests", "/Threads", "/B", "/Thumb", "/Lang", "/MarkInfo",
    )
)  # fmt: skip

# A wrong bit in a photo or in a line of text: a reader goes on, and shows what it shows of any such photo.
_GLITCH = re.compile(
    r"[Jj][Pp][Ee][Gg] data|without filtering to avoid data loss|\(content|content stream parsing|stray #"
)


def check(content: bytes, media_type: str, pages: int, *, mutated: bool = False) -> None:
    """Refuse a copy that is not clean. In a mutated file what was attached may have become what is drawn."""
    if media_type == "application/pdf":
        _check_pdf(content, pages, () if mutated else SECRETS)
    else:
        _check_picture(content, media_type)


def _check_pdf(content: bytes, pages: int, secrets: tuple[bytes, ...]) -> None:
    with Pdf.open(io.BytesIO(content), conversion_mode="explicit") as pdf:
        assert not [said for said in pdf.check_pdf_syntax() if not _GLITCH.search(said)]
        assert len(pdf.pages) == pages
        assert set(pdf.Root.keys()) <= {"/Type", "/Pages", "/OCProperties"}
        assert "/Info" not in pdf.trailer and "/Encrypt" not in pdf.trailer
        for one in pdf.objects:
            check_object(one)
            assert not isinstance(one, Stream) or not any(secret in _unpacked(one) for secret in secrets)
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == pages


def check_object(one: Object) -> None:
    """Refuse what acts. A dictionary without a type may be one of names, which are anything."""
    if isinstance(one, Stream) or (isinstance(one, Dictionary) and Name.Type in one):
        assert not _ACTIVE & set(one.keys())


def _unpacked(stream: Stream) -> bytes:
    return stream.read_raw_bytes() if stream.get(Name.Filter) == Name.DCTDecode else stream.read_bytes()


def _check_picture(content: bytes, media_type: str) -> None:
    assert not any(secret in content for secret in SECRETS)
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        assert picture.get_format_mimetype() == media_type
        assert not picture.getexif() and not {"exif", "icc_profile", "xmp", "comment", "Comment"} & set(picture.info)
        assert picture.mode in ("1", "L", "RGB")
