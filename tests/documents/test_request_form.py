"""Form 8 drawn: long texts flow, foreign names and odd characters are printed, markup is not obeyed."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents import blank_request, request_forms
from app.documents.korean import visible
from app.documents.request_form import ACCESS, CORRECTION, Person, RequestForm, content
from app.law.terms import Aspect, Label
from tests.documents import reading, requests
from tests.documents.reading import html_text, pdf_text, squeezed
from tests.documents.requests import RECEIVED, SEVERAL, ktmns
from tests.documents.test_attorney import other
from tests.documents.test_forms import CODE

LONG_NAME = "Maria Wilhelmina Antonia-José de la Concepción y Fernández de Córdoba Nguyễn Thị Ánh Tuyết O'Brien"


def drawn(form: RequestForm, *, large: bool = False) -> bytes:
    """The form as PDF."""
    return request_forms.render_pdf(form, RECEIVED, large=large)


def test_what_is_ticked_and_what_is_not() -> None:
    """A box for each right and aspect; the form's own line where nothing was written."""
    text = pdf_text(drawn(replace(SEVERAL, marked=frozenset({ACCESS}), corrections=())))
    assert "개인정보(■열람□정정·삭제□처리정지)요구서" in text and "■열람■개인정보의항목및내용□개인정보수집" in text
    assert "□정정·삭제※정정·삭제하려는개인정보의항목과그사유를적습니다." in text
    whole = content(replace(SEVERAL, aspects=frozenset(Aspect)))
    assert all(line.startswith("■") for line in whole.asked[0].lines)


def test_the_front_and_the_back_are_two_sides_of_one_sheet() -> None:
    """Filled or blank, in either language, the front is one page and the back begins the next."""
    documents = (drawn(SEVERAL), requests.BLANK.pdf(), requests.BLANK_ENGLISH.pdf(), drawn(requests.ENGLISH))
    for document in documents:
        front, back = (squeezed(page.extract_text()) for page in reading.pdf(document).pages)
        assert ("(앞쪽)" in front or "(front)" in front) and ("(뒤쪽)" in back or "(back)" in back)
        assert "처리절차" in back and "작성방법" in front


def test_sixty_lines_and_a_hundred_letters_flow_to_another_page() -> None:
    """Nothing is cut, nothing covers anything: all lines, the whole name, the end of the form."""
    lines = tuple(f"{n}번째 줄: 사실과 다른 내용이 적혀 있어 고쳐 주시기 바랍니다." for n in range(1, 61))
    person = Person(name=LONG_NAME, phone="010-0000-1234", birth_date="-", address="가상로 " * 40)
    form = replace(SEVERAL, subject=person, signed=LONG_NAME, corrections=lines)
    for large in (False, True):
        document = drawn(form, large=large)
        text = pdf_text(document)
        assert len(reading.pdf(document).pages) > 2
        assert all(squeezed(one) in text for one in lines)
        assert text.count(squeezed(LONG_NAME)) == 2 and "(주)케이티엠앤에스귀하" in text
        assert _overlaps(document) == []


def _overlaps(document: bytes) -> list[str]:
    """Lines of text that stand closer than their letters are high: one would cover the other."""
    found = []
    for page in reading.pdf(document).pages:
        rows: dict[float, list[tuple[float, float, str]]] = {}

        def placed(
            text: str,
            outer: list[float],
            inner: list[float],
            font: object,
            size: float,
            rows: dict[float, list[tuple[float, float, str]]] = rows,
        ) -> None:
            if text.strip():
                y = round(inner[5] * outer[3] + outer[5], 1)
                rows.setdefault(y, []).append((inner[4] * outer[0] + outer[4], size * abs(inner[3]), text))

        page.extract_text(visitor_text=placed)
        heights = sorted(rows)
        for low, high in pairwise(heights):
            for x, size, text in rows[low]:
                near = [one for one in rows[high] if abs(one[0] - x) < size]
                if near and high - low < size * 0.8:
                    found.append(f"{text} / {near[0][2]}")
    return found


def test_markup_is_shown_not_obeyed() -> None:
    """Typst code and HTML that somebody typed appear as they were typed."""
    person = Person(name=CODE, phone=CODE, birth_date=CODE, address=CODE, relationship=CODE)
    form = replace(SEVERAL, subject=person, agent=person, corrections=(CODE,), suspensions=(CODE,), signed=CODE)
    page = request_forms.render_html(form)
    for text in (pdf_text(drawn(form)), html_text(page)):
        # The subject's block has no relationship.
        assert text.count(squeezed(CODE)) == 4 + 5 + 3
    assert "<script" not in page


def test_foreign_and_rare_names() -> None:
    """Hanja, accents, compatibility forms; a character that no font has is named by its number."""
    for name, told in (
        ("李小龍", "李小龍"),
        ("Nguyễn Thị Ánh", "NguyễnThịÁnh"),
        ("José 刘张伟", "José刘张伟"),
        ("홍길동😀", "홍길동[U+1F600]"),
        ("ประยุทธ์", "[U+0E1B]"),
    ):
        text = pdf_text(drawn(replace(SEVERAL, subject=Person(name=name), signed=name)))
        assert text.count(told) == 2, name


_TEXT = st.text(max_size=80)


@given(name=st.text(min_size=1, max_size=100), written=st.lists(_TEXT, max_size=4), place=_TEXT, large=st.booleans())
@settings(max_examples=80, deadline=None)
def test_whatever_was_typed_is_drawn(name: str, written: list[str], place: str, large: bool) -> None:
    """No text can stop the form, on paper or on the page, and none is left out."""
    form = replace(
        SEVERAL,
        subject=Person(name=name, address=place),
        agent=Person(name=name, relationship=place),
        corrections=tuple(written),
        beyond=(("사유", tuple(written)),),
        signed=name,
    )
    assert drawn(form, large=large).startswith(b"%PDF-1.7")
    text = html_text(request_forms.render_html(form, large=large))
    told = (one for one in (name, place, *written) if not {"\n", "\r"} & set(one))
    assert all(squeezed(visible(one.strip())) in text for one in told)


def test_the_blank_form_is_the_controllers_own() -> None:
    """Another policy gives another name and other contacts; nobody has to use it, and it asks nothing more."""
    text = pdf_text(blank_request.render_pdf(other(), "ko"))
    assert "가상상사귀하" in text and "이서식을쓰지않으셔도됩니다." in text and "desk@example.com" in text
    assert "케이티" not in text and "ktmns" not in text
    assert pdf_text(blank_request.render_pdf(ktmns(), "ko")).count("□") == 3 + 3 + 5 + 1 + 2 + 3 + 5


def test_the_same_form_gives_the_same_bytes() -> None:
    """Drawn twice it is one document."""
    assert drawn(SEVERAL) == drawn(SEVERAL)
    assert drawn(replace(SEVERAL, marked=frozenset({Label("정정·삭제", CORRECTION.en)}))) != drawn(SEVERAL)
