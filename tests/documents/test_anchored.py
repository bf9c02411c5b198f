"""The anchor on notices and on the request: outside the form, readable by machine and by people, and nowhere else."""

from datetime import date

import pytest
import segno

from app.documents import forms, request_forms
from app.documents.anchored import Anchor, anchored
from app.documents.request_form import RequestForm
from tests.documents import examples
from tests.documents.reading import catalog, html_text

HASH = "0123456789abcdef" * 4
ANCHOR = Anchor(1_234, HASH, f"https://desk.example.com/v1/audit/proofs/1234.{HASH}")
FORM = RequestForm(
    controller="(주)케이티엠앤에스", receipt_no="482-0193-7756", received=date(2026, 11, 29), anchor=ANCHOR
)


def modules(svg: str) -> list[list[bool]]:
    """The dark squares that the picture draws, as a telephone sees them."""
    size = int(svg.partition('viewBox="0 0 ')[2].partition(" ")[0])
    dark = [[False] * size for _ in range(size)]
    x = y = 0.0
    path = svg.partition(' d="')[2].partition('"')[0]
    for step in path.replace("M", " M ").replace("m", " m ").replace("h", " h ").split(" "):
        if step in ("M", "m", "h"):
            how, numbers = step, []
        elif step:
            numbers.append(float(step))
            if how == "h":
                for at in range(int(numbers[0])):
                    dark[int(y)][int(x) + at] = True
                x += numbers[0]
                numbers.clear()
            elif len(numbers) == 2:
                x, y = (numbers[0], numbers[1]) if how == "M" else (x + numbers[0], y + numbers[1])
    return dark


def figures(document: bytes) -> list[str]:
    """What is said instead of each picture, in reading order."""
    found, left = [], [catalog(document)["/StructTreeRoot"]]
    while left:
        one = left.pop().get_object()
        if isinstance(one, list):
            left += reversed(one)
        elif isinstance(one, dict):
            found += [str(one["/Alt"])] if one.get("/S") == "/Figure" else []
            left += [one["/K"]] if "/K" in one else []
    return found


def test_the_picture_is_the_code_of_the_address_and_of_nothing_else() -> None:
    drawn = modules(anchored(ANCHOR, "ko").svg)
    meant = [[bool(one) for one in row] for row in segno.make_qr(ANCHOR.url, error="m").matrix_iter(border=2)]
    assert drawn == meant


@pytest.mark.parametrize("notice", [examples.GRANTED, examples.DELETION], ids=["form 9", "form 10"])
def test_notices_bear_it_behind_the_form_and_say_it_in_words(notice: forms.Told) -> None:
    page = forms.render_html(notice, anchor=ANCHOR)
    assert html_text(page).rstrip().endswith(f"1234.{HASH}")
    assert "<svg" in page and 'role="img"' in page
    assert figures(forms.render_pdf(notice, anchor=ANCHOR)) == ["감사기록에서 이 문서를 확인하는 주소의 QR 코드"]
    assert "<svg" not in forms.render_html(notice) and figures(forms.render_pdf(notice)) == []


def test_the_request_bears_it_and_a_blank_one_does_not() -> None:
    assert html_text(request_forms.render_html(FORM)).rstrip().endswith(f"1234.{HASH}")
    assert len(figures(request_forms.render_pdf(FORM, date(2026, 11, 29), large=True))) == 1
    assert "<svg" not in request_forms.render_html(RequestForm(controller="(주)케이티엠앤에스"))
