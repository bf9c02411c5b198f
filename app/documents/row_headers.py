"""The name of each field as header of its row, so that a screen reader says it before the value (PDF/UA-1, 7.5).

Typst marks the heads of columns only. In the forms every cell that names a field is shaded, and no other is.
The library is loaded with the first document: an API process that draws none stays small.
"""

import io
from collections.abc import Iterator
from typing import Any


def with_row_headers(pdf: bytes) -> bytes:
    """The same document with its shaded cells tagged as headers of their rows."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for cell in _elements(document.Root.StructTreeRoot):
            attributes = _listed(cell.get("/A"))
            if cell.get("/S") == Name.TD and any("/BackgroundColor" in one for one in attributes):
                cell.S = Name.TH
                cell.A = Array([Dictionary(O=Name.Table, Scope=Name.Row), *attributes])
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _elements(element: Any) -> Iterator[Any]:
    """The element and all below it; leaves, which are numbers or references to content, left out."""
    from pikepdf import Dictionary

    yield element
    for child in _listed(element.get("/K")):
        if isinstance(child, Dictionary) and "/S" in child:
            yield from _elements(child)


def _listed(value: Any) -> list[Any]:
    from pikepdf import Array

    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]
