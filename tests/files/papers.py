"""PDFs as scanners, offices and the state make them."""

import io
import zlib

import typst
from pikepdf import Pdf

from tests.files import pictures, raw
from tests.files.raw import flate, page, stream

_SCAN = b"q 595 0 0 842 0 0 cm /Im0 Do Q"
_SCANNED = b"/XObject << /Im0 6 0 R >>"
_PHOTO = b"/Type /XObject /Subtype /Image /Width 620 /Height 877 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
_FORM = b"/Type /XObject /Subtype /Form "
_SMALL = b"/Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 8 "


def scan() -> bytes:
    """Two pages by a program that writes PDFs of pictures."""
    out = io.BytesIO()
    pages = [pictures.document(1240, 1754), pictures.document(1240, 1754, "L")]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150, title="SECRET-COMMENT")
    return out.getvalue()


def text() -> bytes:
    """Tagged, with embedded fonts and a link."""
    made = typst.compile(b'= Certificate\n#lorem(80)\n#link("https://example.com")[a link]\n#footnote[Note]')
    assert isinstance(made, bytes)
    return made


def photographed(on_page: bytes = b"") -> bytes:
    """A scanner that puts the camera's file into a page as it is, Exif and all."""
    image = stream(pictures.jpeg(), _PHOTO + b"/Filter /DCTDecode")
    return page(_SCAN, resources=_SCANNED, extra=(image,), on_page=on_page)


def packed_twice() -> bytes:
    """The same, packed once more by a thrifty program."""
    coding = b"/Filter [/FlateDecode /DCTDecode] /DecodeParms [null << /ColorTransform 1 >>]"
    return page(_SCAN, resources=_SCANNED, extra=(stream(zlib.compress(pictures.jpeg()), _PHOTO + coding),))


def certificate() -> bytes:
    """As the state's own e-certificates are: signed, with a seal as the signature's look and files attached."""
    names = b"(data.txt) 9 0 R (original.xml) 11 0 R (seal.png) 13 0 R"
    return page(
        catalogue=b"/AcroForm << /Fields [7 0 R] /SigFlags 3 >> /Perms << /DocMDP 6 0 R >> /Metadata 15 0 R"
        b" /Names << /EmbeddedFiles << /Names [%s] >> >> /OpenAction [3 0 R /Fit] /PageMode /UseNone" % names,
        on_page=b"/Annots [7 0 R] /Metadata 15 0 R",
        extra=(
            b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 30]"
            b" /Name (SECRET-COMMENT) /Contents <3082%s> >>" % (b"00" * 500),
            b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /V 6 0 R /F 132 /Rect [450 100 510 160]"
            b" /P 3 0 R /AP << /N 8 0 R >> >>",
            stream(b"q 0.8 0 0 rg 0 0 60 60 re f Q", _FORM + b"/BBox [0 0 60 60]"),
            _file(b"data.txt", 10),
            flate("발급번호 0000-0000".encode(), b"/Type /EmbeddedFile"),
            _file(b"original.xml", 12),
            flate(b"<?xml version='1.0'?><certificate><no>0000</no></certificate>", b"/Type /EmbeddedFile"),
            _file(b"seal.png", 14),
            stream(pictures.png(pictures.document(40, 40)), b"/Type /EmbeddedFile"),
            stream(pictures.XMP, b"/Type /Metadata /Subtype /XML"),
            b"<< /Producer (SECRET-CAMERA) /Author (SECRET-COMMENT) >>",
        ),
        trailer=b"/Info 16 0 R /ID [<00> <00>]",
    )


def _file(name: bytes, content: int) -> bytes:
    return b"<< /Type /Filespec /F (%s) /UF (%s) /EF << /F %d 0 R >> >>" % (name, name, content)


def saved(**how: object) -> bytes:
    """The certificate as another program writes it."""
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(certificate())) as pdf:
        pdf.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


def updated(number: int = 4, body: bytes | None = None) -> bytes:
    """Saved once more without being written anew: what is new stands behind the old end."""
    first = page()
    new = stream(raw.CONTENT + b" q 1 0 0 rg 10 10 50 50 re f Q") if body is None else body
    whole = first + b"%d 0 obj\n%s\nendobj\n" % (number, new)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    return whole + table % (number, len(first), first.rindex(b"xref\n0 "), len(whole))


def filled() -> bytes:
    """Fields that only say what is written in them; the reader draws it."""
    return page(
        catalogue=b"/AcroForm << /Fields [6 0 R] /NeedAppearances true /DA (/F1 12 Tf 0 g)"
        b" /DR << /Font << /F1 5 0 R >> >> >>",
        on_page=b"/Annots [6 0 R 7 0 R]",
        extra=(
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (FILLED) /F 4 /Rect [72 500 300 520]"
            b" /DA (/F1 12 Tf 0 g) /P 3 0 R >>",
            b"<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [72 400 300 420]"
            b" /A << /S /URI /URI (https://example.com) >> >>",
        ),
    )


def layered() -> bytes:
    """One layer shown, one hidden; both stay what they are."""
    return page(
        b"/OC /L1 BDC BT /F1 18 Tf 72 700 Td (SHOWN) Tj ET EMC /OC /L2 BDC BT /F1 18 Tf 72 600 Td (HIDDEN) Tj ET EMC",
        catalogue=b"/OCProperties << /OCGs [6 0 R 7 0 R] /D << /OFF [7 0 R] /Order [6 0 R 7 0 R] >> >>",
        resources=b"/Properties << /L1 6 0 R /L2 7 0 R >>",
        extra=(b"<< /Type /OCG /Name (shown) >>", b"<< /Type /OCG /Name (hidden) >>"),
    )


def named_like_actions() -> bytes:
    """Resources may be called anything, even what would act elsewhere."""
    fonts = b"/Resources << /Font << /JS 5 0 R /AA 5 0 R /XFA 5 0 R >> >>"
    return page(
        b"q 1 0 0 1 72 72 cm /Launch Do Q BT /F1 12 Tf 72 760 Td (/JavaScript /S) Tj ET",
        resources=b"/XObject << /Launch 6 0 R >> /ColorSpace << /Sound /DeviceRGB >>",
        extra=(stream(b"BT /JS 12 Tf 10 10 Td (drawn) Tj ET", _FORM + b"/BBox [0 0 200 50] " + fonts),),
    )


def everything() -> bytes:
    """Patterns, shadings, soft masks, glyphs drawn by hand, an indexed picture."""
    glyphs = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0]"
        b" /CharProcs << /a 11 0 R >> /Encoding << /Differences [65 /a] >> /FirstChar 65 /LastChar 65 /Widths [1000] >>"
    )
    shading = (
        b"<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 100 100] /Extend [true true]"
        b" /Function << /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1 >> >>"
    )
    content = (
        b"/Pattern cs /P1 scn 50 50 100 100 re f /G1 gs q 100 0 0 100 200 50 cm /Im Do Q /Sh1 sh"
        b" BT /T3 20 Tf 72 500 Td (A) Tj ET BI /W 8 /H 8 /BPC 1 /CS /G ID \xf0\xf0\xf0\xf0\x0f\x0f\x0f\x0f EI"
    )
    made = page(
        content,
        resources=b"/Pattern << /P1 6 0 R >> /XObject << /Im 8 0 R >> /Shading << /Sh1 %s >>"
        b" /ExtGState << /G1 << /Type /ExtGState /ca 0.5 /SMask << /S /Luminosity /G 7 0 R >> >> >>" % shading,
        extra=(
            stream(
                b"0 1 0 rg 0 0 5 5 re f",
                b"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 10 10] /XStep 10 /YStep 10 /Resources << >>",
            ),
            stream(
                b"1 g 0 0 300 300 re f", _FORM + b"/BBox [0 0 300 300] /Group << /S /Transparency /CS /DeviceGray >>"
            ),
            flate(bytes(range(16)) * 4, _SMALL + b"/ColorSpace [/Indexed /DeviceRGB 15 9 0 R] /SMask 10 0 R"),
            flate(bytes(48)),
            flate(bytes([128]) * 64, _SMALL + b"/ColorSpace /DeviceGray"),
            stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f"),
        ),
    )
    return made.replace(b"/Font << /F1 5 0 R >>", b"/Font << /F1 5 0 R /T3 %s >>" % glyphs)


def wrong_table() -> bytes:
    """Offsets that are off by a few bytes, as careless programs write them."""
    return page().replace(b"%PDF-1.7\n", b"%PDF-1.7\n% moved\n")
