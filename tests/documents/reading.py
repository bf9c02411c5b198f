"""Reading a document back: the text of a PDF and of a page, without the white space that line breaks bring."""

import io
import re
import shutil
import subprocess
from html.parser import HTMLParser
from typing import Any

from pypdf import PdfReader


def squeezed(text: str) -> str:
    """The text without any white space: a line may break anywhere."""
    return re.sub(r"\s+", "", text)


def pdf(document: bytes) -> PdfReader:
    """The document as pypdf reads it."""
    return PdfReader(io.BytesIO(document))


def pdf_text(document: bytes) -> str:
    """All text of the PDF, squeezed."""
    return squeezed("".join(page.extract_text() for page in pdf(document).pages))


def catalog(document: bytes) -> Any:
    """The root of the PDF, as the tree of values it is."""
    return pdf(document).trailer["/Root"]


def fonts(document: bytes) -> set[str]:
    """The names of the faces that the pages use."""
    pages: list[Any] = list(pdf(document).pages)
    return {font.get_object()["/BaseFont"] for page in pages for font in page["/Resources"]["/Font"].values()}


def poppler_text(document: bytes) -> str:
    """The same by another reader; tests that call it are marked `needs_pdftotext`."""
    tool = shutil.which("pdftotext")
    assert tool is not None
    told = subprocess.run([tool, "-", "-"], input=document, capture_output=True, check=True)
    return squeezed(told.stdout.decode())


class _Body(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.told: list[str] = []
        self.tags: list[str] = []
        self._mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._mute += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._mute -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._mute:
            self.told.append(data)


def html_text(page: str) -> str:
    """What a browser shows of the page, squeezed."""
    return squeezed("".join(_parsed(page).told))


def html_tags(page: str) -> set[str]:
    """Which elements a browser finds in the page."""
    return set(_parsed(page).tags)


def _parsed(page: str) -> _Body:
    body = _Body()
    body.feed(page)
    return body
