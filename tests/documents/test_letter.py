"""The letter: the address in the window and nothing else there, each part on a sheet of its own."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date

import pytest

from app.documents import forms, letter
from app.documents.letter import WINDOW, Letter, cover, letter_of
from app.documents.notices import AccessNotice, Recipient
from app.documents.package import package_pdf
from tests.documents import examples, plain, reading
from tests.documents.reading import pdf_text, squeezed

ON = date(2026, 12, 1)
POINTS_PER_MM = 72 / 25.4
LONG = replace(
    examples.HONG,
    name="Maria Wilhelmina Antonia-José de la Concepción y Fernández",
    address="세종특별자치시 긴이름읍 가상로123번길 45-67, 아주긴이름의주상복합아파트 제1234동 제5678호 " * 3,
)
WARD = Recipient(
    name="홍판서", postal_code="06236", address="서울특별시 강남구 가상로 12", acting_as="법정대리인", subject="홍길동"
)


def notice(recipient: Recipient = examples.HONG, *, easy: bool = False) -> AccessNotice:
    """A notice to this recipient."""
    return replace(examples.PARTIAL, recipient=recipient, easy=easy)


def made(given: AccessNotice, *, report: bool = True, language: str = "ko") -> Letter:
    """The letter that carries it."""
    package = package_pdf(examples.PACKAGE) if report else None
    return letter_of(given, forms.render_pdf(given), report=package, dated=ON, language=language)


def window_text(document: bytes) -> str:
    """What shows through the window of the envelope."""
    tool = shutil.which("pdftotext")
    assert tool is not None
    box = {"-x": WINDOW.left, "-y": WINDOW.top, "-W": WINDOW.width, "-H": WINDOW.height}
    given = [part for name, mm in box.items() for part in (name, str(round(mm * POINTS_PER_MM)))]
    told = subprocess.run([tool, "-l", "1", *given, "-", "-"], input=document, capture_output=True, check=True)
    return squeezed(told.stdout.decode())


@pytest.mark.needs_pdftotext
@pytest.mark.parametrize("recipient", [examples.HONG, LONG, WARD], ids=["short", "long", "guardian"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_window_shows_the_address_and_nothing_of_the_matter(recipient: Recipient, language: str) -> None:
    """Name, road address, postal code, whole, however long; no receipt number, no standing, no word of data."""
    seen = window_text(letter.render(made(notice(recipient), language=language)))
    assert squeezed(recipient.address) in seen and squeezed(recipient.name) in seen and recipient.postal_code in seen
    for hidden in (examples.RECEIPT, "개인정보", "접수", "답변", "대리인", "정보주체", "요구", "request", "열람"):
        assert hidden not in seen


def test_the_measure_is_that_of_the_envelope() -> None:
    """DIN 5008, form B."""
    assert (WINDOW.left, WINDOW.top, WINDOW.width, WINDOW.height) == (20, 45, 85, 45)
    assert cover(made(notice())).window is WINDOW


def test_cover_notice_and_report_each_on_a_sheet_of_its_own() -> None:
    """One page of cover; what follows begins on the front of a sheet."""
    given = notice()
    document = letter.render(made(given))
    pages = [squeezed(one.extract_text()) for one in reading.pdf(document).pages]
    parts = [len(reading.pdf(one).pages) for one in (forms.render_pdf(given), package_pdf(examples.PACKAGE))]
    assert "요구하신일의답변을보내드립니다" in pages[0] and examples.RECEIPT in pages[0]
    assert pages[1] == "" and "통지서" in pages[2]
    report = 2 + parts[0] + parts[0] % 2
    assert "개인정보열람자료" in pages[report] and len(pages) == report + parts[1]
    assert pages[-1] != ""
    assert squeezed(reading.pdf(forms.render_pdf(given)).pages[0].extract_text()) == pages[2]


def test_without_a_report_nothing_promises_one() -> None:
    """The list of what is inside is what is inside."""
    alone = letter.render(made(notice(), report=False))
    assert "개인정보열람자료" not in pdf_text(alone)
    assert "개인정보열람자료" in squeezed(reading.pdf(letter.render(made(notice()))).pages[0].extract_text())


def test_no_letter_without_an_address() -> None:
    """A name alone is no address."""
    for given in (Recipient(name="홍길동"), Recipient(name="홍길동", postal_code="06236")):
        with pytest.raises(ValueError, match="address"):
            made(notice(given))


def test_the_tone_is_the_readers() -> None:
    """English where it was asked for, with a word on the Korean in it; else who is under age gets a child's words."""
    assert made(notice(easy=True)).tone == "easy" and made(notice(easy=True), language="en").tone == "en"
    assert made(notice(), language="en").tone == "en" and made(notice()).tone == "ko"
    assert "in Korean" in "".join(line for one in cover(made(notice(), language="en")).paragraphs for line in one.lines)


@pytest.mark.parametrize(("language", "easy"), [("ko", False), ("ko", True), ("en", False)])
def test_the_cover_is_easy_to_read(language: str, easy: bool) -> None:
    """What is inside, how to object, whom to call; short sentences, no bureaucratic word, nothing of the answer."""
    sheet = cover(made(notice(easy=easy), language=language))
    text = "\n".join((sheet.greeting, *(line for one in sheet.paragraphs for line in (one.label, *one.lines))))
    assert examples.SENDER.phone in text and examples.SENDER.email in text
    assert plain.bare_citations(text) == [] and not re.search(r"[{}]", text)
    if language == "en":
        assert plain.longest_english(text) <= plain.ENGLISH_WORDS_MAX
        return
    assert plain.found(text, plain.BUREAUCRATESE) == []
    assert plain.longest(text) <= (plain.EASY_SYLLABLES_MAX if easy else plain.SYLLABLES_MAX)
    if easy:
        assert plain.polite(text) and plain.found(text, plain.LAW_WORDS) == []


def test_markup_in_an_address_is_shown_not_obeyed() -> None:
    """Whatever was typed is text."""
    code = '#eval("1") *굵게* $x$'
    document = letter.render(made(notice(replace(examples.HONG, address=code, name=code))))
    assert squeezed(reading.pdf(document).pages[0].extract_text()).count(squeezed(code)) == 2


def test_the_same_letter_gives_the_same_bytes() -> None:
    """Printed twice it is one letter."""
    assert letter.render(made(notice())) == letter.render(made(notice()))
