"""What is in the documents that came out: notices (PDF) and the access package (zip)."""

import io
import json
import unicodedata
import zipfile
from typing import Any

from pypdf import PdfReader


def pdf_text(content: bytes) -> str:
    """Return the words of a PDF in one line; reading it at all shows that it is one."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(unicodedata.normalize("NFC", " ".join(page.extract_text() for page in pages)).split())


def says(text: str, words: str) -> bool:
    """Tell whether a text has some words; where lines were broken does not matter."""
    return "".join(words.split()) in "".join(text.split())


def package_parts(content: bytes) -> tuple[list[str], dict[str, Any], str]:
    """Return the names in a package, what its JSON holds and what its report says."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = sorted(package.namelist())
        return names, json.loads(package.read("access.json")), pdf_text(package.read("access.pdf"))
