"""Typst, called once a document: values go in as JSON, never as markup; PDF/A-3a and PDF/UA-1 come out.

A compiler holds the parsed fonts and templates and is kept for each thread, so a document takes milliseconds and
`asyncio.to_thread` may call from any of them.
"""

import json
import threading
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typst

from app.documents.korean import code_point
from app.documents.row_headers import with_row_headers

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_HERE = Path(__file__).parent
_STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
_kept = threading.local()


_FIELDS = frozenset({"form", "request", "attorney"})
"""What consists of fields under their names; a record or letter does not."""
Template = Literal["form", "request", "attorney", "package", "letter", "ledger"]


def typeset(template: Template, content: "DataclassInstance", dated: date, *, large: bool = False) -> bytes:
    """The document as PDF. Its time stamp is the day it is dated, so the same content gives the same bytes.

    Large print has no letter below 16 points.
    """
    stamp = datetime.combine(dated, time(), UTC)
    values = {
        "sheet": json.dumps(_drawable(asdict(content)), ensure_ascii=False),
        "dated": dated.isoformat(),
        "print": "large" if large else "normal",
    }
    pdf = _compiler(template).compile(format="pdf", sys_inputs=values, pdf_standards=list(_STANDARDS), timestamp=stamp)
    if not isinstance(pdf, bytes):
        raise TypeError("typst gives one PDF")
    return with_row_headers(pdf) if template in _FIELDS else pdf


def _compiler(template: str) -> typst.Compiler:
    """The compiler of a template that belongs to the calling thread."""
    compilers: dict[str, typst.Compiler] = _kept.__dict__.setdefault("compilers", {})
    if template not in compilers:
        compilers[template] = typst.Compiler(
            _HERE / "templates" / f"{template}.typ", root=_HERE / "templates", font_paths=_fonts()
        )
    return compilers[template]


@cache
def _fonts() -> typst.Fonts:
    """Our own fonts and no others: a notice looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_HERE / "fonts"])


@cache
def _coverage() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last code points of the ranges that the fonts can draw, in order."""
    ranges = [one.split("-") for one in (_HERE / "fonts" / "coverage.txt").read_text("ascii").split()]
    return tuple(int(one[0], 16) for one in ranges), tuple(int(one[-1], 16) for one in ranges)


def _covered(char: str) -> bool:
    firsts, lasts = _coverage()
    at = bisect_right(firsts, ord(char)) - 1
    return at >= 0 and ord(char) <= lasts[at]


def _drawable(value: object) -> object:
    """The content with each character that no font has named by its number; PDF/A allows no missing glyph."""
    match value:
        case str():
            return "".join(one if one == "\n" or _covered(one) else code_point(one) for one in value)
        case Mapping():
            return {key: _drawable(one) for key, one in value.items()}
        case list() | tuple():
            return [_drawable(one) for one in value]
        case _:
            return value
