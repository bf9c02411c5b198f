"""PDFs that do something: at opening, at a click, or through what is attached."""

import io
import zipfile
from collections.abc import Callable

import pikepdf
from pikepdf import Pdf

from tests.files import raw
from tests.files.papers import updated
from tests.files.raw import flate, page, stream

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def _opening(action: bytes) -> bytes:
    return page(catalogue=b"/OpenAction %s" % action)


def _link(action: bytes) -> bytes:
    return page(on_page=b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A %s >>]" % action)


def _annotation(kind: bytes, more: bytes = b"") -> bytes:
    return page(on_page=b"/Annots [<< /Type /Annot /Subtype /%s /Rect [0 0 9 9] %s >>]" % (kind, more))


def _attached(name: bytes, content: bytes, packed: Callable[[bytes, bytes], bytes] = flate) -> bytes:
    return page(
        catalogue=b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>",
        extra=(
            b"<< /Type /Filespec /F (%s) /UF (%s) /EF << /F 7 0 R >> >>" % (name, name),
            packed(content, b"/Type /EmbeddedFile"),
        ),
    )


def office() -> bytes:
    """A Word document as far as anybody looks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>" * 50)
    return out.getvalue()


def _in_object_stream() -> bytes:
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(_opening(SCRIPT))) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _in_update() -> bytes:
    return updated(1, b"<< /Type /Catalog /Pages 2 0 R /OpenAction %s >>" % SCRIPT)


def _active(name: str, make: Callable[[], bytes]) -> dict[str, tuple[str, Callable[[], bytes], str]]:
    return {name: ("등본.pdf", make, "upload.active_content")}


ACTING = {
    **_active("a script at opening", lambda: _opening(SCRIPT)),
    **_active("a script by reference", lambda: page(catalogue=b"/OpenAction 6 0 R", extra=(SCRIPT,))),
    **_active(
        "a script in a stream",
        lambda: page(catalogue=b"/OpenAction << /S /JavaScript /JS 6 0 R >>", extra=(flate(b"app.alert(1)"),)),
    ),
    **_active("a script written in disguise", lambda: _opening(b"<< /S /J#61va#53cript /J#53 (1) >>")),
    **_active("a script in an object stream", _in_object_stream),
    **_active("a script in an update", _in_update),
    **_active("a script by name", lambda: page(catalogue=b"/Names << /JavaScript << /Names [(a) %s] >> >>" % SCRIPT)),
    **_active(
        "a script after a jump",
        lambda: _opening(b"<< /S /GoTo /D [3 0 R /Fit] /Next [<< /S /GoTo /D (a) /Next %s >>] >>" % SCRIPT),
    ),
    **_active(
        "a script on a field",
        lambda: page(catalogue=b"/AcroForm << /Fields [<< /FT /Tx /T (a) /AA << /K %s >> >>] >>" % SCRIPT),
    ),
    **_active(
        "a script in an outline", lambda: page(catalogue=b"/Outlines << /First << /Title (a) /A %s >> >>" % SCRIPT)
    ),
    **_active("a script on a page", lambda: page(on_page=b"/AA << /O %s >>" % SCRIPT)),
    **_active("a script nobody refers to", lambda: page(extra=(SCRIPT,))),
    **_active("a program at opening", lambda: _opening(b"<< /S /Launch /F (cmd.exe) >>")),
    **_active("a program at a click", lambda: _link(b"<< /S /Launch /Win << /F (cmd.exe) /P (/c calc) >> >>")),
    **_active("an address at opening", lambda: _opening(b"<< /S /URI /URI (https://example.com/x) >>")),
    **_active("printing at opening", lambda: _opening(b"<< /S /Named /N /Print >>")),
    **_active(
        "an address when a page is left", lambda: page(on_page=b"/AA << /C << /S /URI /URI (https://example.com) >> >>")
    ),
    **_active("a form sent away", lambda: _link(b"<< /S /SubmitForm /F (https://example.com) >>")),
    **_active("a form filled from elsewhere", lambda: _link(b"<< /S /ImportData /F (a.fdf) >>")),
    **_active(
        "a jump into another file", lambda: _link(b"<< /S /GoToR /F (\\\\\\\\example.com\\\\share) /D [0 /Fit] >>")
    ),
    **_active("a jump into an attached file", lambda: _link(b"<< /S /GoToE /T << /R /C /N (a) >> >>")),
    **_active(
        "an XFA form", lambda: page(catalogue=b"/AcroForm << /Fields [] /XFA 6 0 R >>", extra=(flate(b"<xdp/>"),))
    ),
    **_active(
        "an XFA form in parts",
        lambda: page(catalogue=b"/AcroForm << /XFA [(template) 6 0 R] >>", extra=(flate(b"<xdp/>"),)),
    ),
    **_active("rich media", lambda: _annotation(b"RichMedia", b"/RichMediaContent << >>")),
    **_active("a film", lambda: _annotation(b"Movie", b"/Movie << /F (a.avi) >>")),
    **_active("a sound", lambda: _annotation(b"Sound", b"/Sound 4 0 R")),
    **_active("a model in three dimensions", lambda: _annotation(b"3D", b"/3DD 4 0 R")),
    **_active("a screen", lambda: _annotation(b"Screen", b"/A << /S /Rendition /OP 0 >>")),
    **_active(
        "a program for a printer",
        lambda: page(resources=b"/XObject << /X 6 0 R >>", extra=(stream(b"(a) run", b"/Type /XObject /Subtype /PS"),)),
    ),
    **_active("a stream in another file", lambda: page(extra=(stream(b"", b"/F (/etc/passwd)"),))),
    **_active("a program attached", lambda: _attached(b"a.exe", b"MZ\x90\0" + bytes(99))),
    **_active("a program attached as text", lambda: _attached(b"a.txt", b"MZ\x90\0" + bytes(99))),
    **_active("a PDF attached", lambda: _attached(b"a.pdf", raw.page(), stream)),
    **_active("a PDF attached as text", lambda: _attached(b"a.txt", raw.page())),
    **_active("a page attached", lambda: _attached(b"a.html", b"<html><script>1</script>")),
    **_active(
        "a page attached as XML",
        lambda: _attached(b"a.xml", b"<?xml version='1.0'?><html xmlns='x'><script>1</script></html>"),
    ),
    **_active("a script attached", lambda: _attached(b"a.js", b"alert(1)")),
    **_active("a shell script attached as text", lambda: _attached(b"a.txt", b"#!/bin/sh\nrm -rf /")),
    **_active("an office document attached", lambda: _attached(b"a.docx", office())),
    **_active("an office document attached as a picture", lambda: _attached(b"a.png", office())),
    **_active("a file attached without a name", lambda: page(extra=(flate(office(), b"/Type /EmbeddedFile"),))),
    **_active(
        "a file on a pin",
        lambda: page(
            on_page=b"/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS 6 0 R >>]",
            extra=(b"<< /Type /Filespec /F (run.bat) /EF << /F 7 0 R >> >>", stream(b"calc", b"/Type /EmbeddedFile")),
        ),
    ),
    **_active(
        "a portfolio",
        lambda: page(
            catalogue=b"/Collection << /View /D >> /AF [6 0 R]",
            extra=(b"<< /Type /Filespec /F (a.zip) /EF << /F 7 0 R >> >>", flate(office(), b"/Type /EmbeddedFile")),
        ),
    ),
}
