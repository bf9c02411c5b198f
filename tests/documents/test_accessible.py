"""What PDF/UA-1 and PDF/A-3a ask that can be checked without a validator; and large print that is large."""

import io
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from tests.documents import requests
from tests.documents.reading import html_text, pdf, pdf_text, squeezed
from tests.documents.requests import Drawn

ALL = pytest.mark.parametrize("drawn", requests.DOCUMENTS.values(), ids=requests.DOCUMENTS.keys())
LARGE_POINTS = 16


def elements(element: Any) -> Iterator[Any]:
    """The structure tree, from the top down in reading order."""
    yield element
    below = element.get("/K", Array())
    for child in list(below) if isinstance(below, Array) else [below]:
        if isinstance(child, Dictionary) and "/S" in child:
            yield from elements(child)


def attributes(element: Any) -> list[Any]:
    """What is said of an element beside its kind."""
    given = element.get("/A", Array())
    return list(given) if isinstance(given, Array) else [given]


@ALL
@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_tagged_titled_and_in_its_language(drawn: Drawn, large: bool) -> None:
    """Marked, with a structure tree that covers every page, a title that is shown, and the language of its words."""
    page = drawn.page(large=large)
    with pikepdf.open(io.BytesIO(drawn.pdf(large=large))) as document:
        root, tree = document.Root, document.Root.StructTreeRoot
        assert root.MarkInfo.Marked and not root.MarkInfo.get("/Suspects", False)
        assert str(root.Lang)[:2] == page.partition('lang="')[2][:2]
        assert root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as meta:
            assert meta["pdfaid:part"] == "3" and meta["pdfaid:conformance"] == "A" and meta["pdfuaid:part"] == "1"
            assert meta["dc:title"] and meta["dc:title"] == page.partition("<title>")[2].partition("</title>")[
                0
            ].replace("&amp;", "&")
        assert all(one.get("/Tabs") == Name.S and "/StructParents" in one for one in document.pages)
        assert "/ParentTree" in tree and "/OutputIntents" in root and "/Encrypt" not in document.trailer
        assert "/AF" not in root and "/JavaScript" not in root.get("/Names", Dictionary())


@ALL
def test_read_aloud_it_makes_sense(drawn: Drawn) -> None:
    """One heading on top, levels never skipped; every field and column under a header; a picture says what it is."""
    with pikepdf.open(io.BytesIO(drawn.pdf())) as document:
        whole = [one for one in elements(document.Root.StructTreeRoot) if "/S" in one]
        kinds = [str(one.S) for one in whole]
        levels = [int(one[2:]) for one in kinds if one[:2] == "/H" and one[2:].isdigit()]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
        scopes = Counter(str(scope) for one in whole if one.S == Name.TH for scope in [_scope(one)])
        assert scopes["/Row"] > 0 and set(scopes) <= {"/Row", "/Column"}
        assert all("/Alt" in one for one in whole if Name.Figure == one.S)
        shaded = [one for one in whole if one.S == Name.TD and any("/BackgroundColor" in a for a in attributes(one))]
        assert shaded == []


def _scope(cell: Any) -> Any:
    return next(one["/Scope"] for one in attributes(cell) if "/Scope" in one)


@ALL
def test_no_letter_of_large_print_is_small(drawn: Drawn) -> None:
    """Sixteen points at least, and every word of the ordinary print is there."""
    large = drawn.pdf(large=True)
    sizes: Counter[float] = Counter()

    def measured(text: str, outer: Any, inner: Any, font: Any, size: float) -> None:
        if text.strip():
            sizes[round(size * abs(inner[3]) * abs(outer[3]), 1)] += len(text)

    for page in pdf(large).pages:
        page.extract_text(visitor_text=measured)
    assert min(sizes) >= LARGE_POINTS
    assert "class=large" in drawn.page(large=True) and "class=large" not in drawn.page()
    assert Counter(html_text(drawn.page(large=True))) == Counter(html_text(drawn.page()))


@ALL
@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_paper_and_page_say_the_same(drawn: Drawn, large: bool) -> None:
    """Letter for letter, but for list marks, the foot of each sheet, and heads that large print repeats an item."""
    document = drawn.pdf(large=large)
    paper, page = Counter(_letters(pdf_text(document))), Counter(_letters(html_text(drawn.page(large=large))))
    assert page - paper == Counter()
    sheets = len(pdf(document).pages)
    extra = "".join((paper - page).elements())
    assert len(extra) <= 50 * sheets, extra


def _letters(text: str) -> str:
    """What a person reads: no list marks, no arrows of the flow."""
    return "".join(one for one in squeezed(text) if one not in "•→↓‣–")


@ALL
@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_nothing_leaves_the_sheet(drawn: Drawn, large: bool) -> None:
    """Every run of text begins inside the margins."""
    for page in pdf(drawn.pdf(large=large)).pages:
        outside: list[str] = []

        def placed(text: str, outer: Any, inner: Any, font: Any, size: float, found: list[str] = outside) -> None:
            x = inner[4] * outer[0] + outer[4]
            if text.strip() and not 40 < x < 595 - 40:
                found.append(text)

        page.extract_text(visitor_text=placed)
        assert outside == []
