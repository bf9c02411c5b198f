"""The documents look as they did when a person last looked at them."""

from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from app.documents import forms
from app.documents.notices import Granted, Shape
from tests.documents import examples, pictures

pytestmark = pytest.mark.needs_pdftoppm
CASES = dict(pictures.cases())


@pytest.mark.parametrize("name", CASES)
def test_it_looks_as_it_did(name: str) -> None:
    """As many pages, and no square of any that is far from what was approved."""
    drawn, kept = pictures.pages(CASES[name]), pictures.golden(name)
    assert len(drawn) == len(kept), "look at it, then: python -m tests.documents.pictures"
    for page, path in zip(drawn, kept, strict=True):
        with Image.open(path) as approved:
            assert pictures.difference(page, approved.convert("L")) < pictures.TOLERANCE, path.name


def test_no_picture_is_left_over() -> None:
    """Every picture belongs to a document that is still drawn."""
    assert {one.name.split(".")[0] for one in pictures.GOLDEN.glob("*.png")} == set(CASES)


def test_a_change_that_a_person_would_see_is_seen() -> None:
    """Another box ticked, a line moved, a word more; but not letters that are smoothed otherwise."""
    [page, *_] = pictures.pages(forms.render_pdf(examples.GRANTED))
    [softer, *_] = pictures.pages(forms.render_pdf(examples.GRANTED), dpi=pictures.GOLDEN_DPI * 2)
    assert pictures.difference(page, softer.resize(page.size, Image.Resampling.LANCZOS)) < pictures.TOLERANCE
    assert pictures.difference(page, ImageChops.offset(page, 0, 2)) > pictures.TOLERANCE
    more = replace(examples.GRANTED, request_summary="온라인몰에서 보유하는 개인정보의 항목 및 내용의 열람과 사본")
    [longer, *_] = pictures.pages(forms.render_pdf(more))
    assert pictures.difference(page, longer) > pictures.TOLERANCE
    view = replace(examples.VIEWING, shapes=(Shape.VIEW, Shape.COPY))
    [ticked, *_] = pictures.pages(forms.render_pdf(replace(examples.GRANTED, answer=Granted(viewing=view))))
    assert pictures.difference(page, ticked) > pictures.TOLERANCE
