"""Forms 9 and 10 as PDF and as page: every field, the same facts, nothing a person wrote is obeyed."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents import forms, typeset
from app.documents.forms import AccessNotice, Notice, Postponed, Recipient, Withheld
from app.documents.frame import Sheet
from app.documents.sheet import sheet
from tests.documents import examples, reading
from tests.documents.reading import html_text, pdf_text, poppler_text, squeezed

A4_WIDTH, MARGIN, SYLLABLE = 595.0, 51.0, 8.2
NOTICES = pytest.mark.parametrize("notice", examples.NOTICES.values(), ids=examples.NOTICES.keys())
CODE = '#eval("1+1") *bold* _it_ $x^2$ `raw` @ref <label> \\u{41} #{x} // no <script>alert(1)</script> & "q" \'a\''


def facts(content: Sheet) -> list[str]:
    """Every text that stands on the notice."""
    cells = [cell for row in content.rows for cell in row] + list(content.remarks)
    return [
        content.source,
        content.title,
        content.receipt,
        *content.statement,
        content.dated,
        content.sender,
        content.seal,
        *content.contact,
        *(line for one in content.cautions for line in one.split("\n")),
        *(line for cell in cells for line in (*cell.label.split("\n"), *cell.hint.split("\n"), *cell.lines)),
        *(text for item in content.items for text in (item.label, item.outcome, *item.ground, item.until)),
    ]


@NOTICES
def test_the_same_facts_in_pdf_and_page(notice: Notice) -> None:
    """What the content says stands in both."""
    readings = [pdf_text(forms.render_pdf(notice)), html_text(forms.render_html(notice))]
    for fact in facts(sheet(notice)):
        assert all(squeezed(fact) in text for text in readings), fact


@pytest.mark.needs_pdftotext
@NOTICES
def test_another_reader_finds_the_same_facts(notice: Notice) -> None:
    """A second program, so that it is not our reader's kindness."""
    told = poppler_text(forms.render_pdf(notice))
    for fact in facts(sheet(notice)):
        assert squeezed(fact) in told, fact


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("form-9-granted", "□일부열람"),
        ("form-9-granted", "개인정보(■열람□일부열람□열람연기□열람거절)통지서"),
        ("form-9-granted", "①수수료1,000원②우송료430원계(①+②)1,430원"),
        ("form-9-granted", "2026년11월30일14:00부터2026년12월7일14:00까지"),
        ("form-9-granted", "형태:■열람·시청□사본·출력물■전자파일□복제물·인화물□기타"),
        ("form-9-granted", "제35조제3항·제4항또는제5항과같은법시행령제41조제5항또는제42조제2항"),
        ("form-9-partial", "개인정보(□열람■일부열람□열람연기□열람거절)통지서"),
        ("form-9-partial", "·상담내용에함께통화한다른사람의연락처"),
        ("form-9-partial", "·(주)케이티씨에스"),
        ("form-9-postponed", "개인정보(□열람□일부열람■열람연기□열람거절)통지서"),
        ("form-9-postponed", "열람예정일:2026년12월20일"),
        ("form-9-refused", "개인정보(□열람□일부열람□열람연기■열람거절)통지서"),
        ("form-9-nothing-held", "알려주신성명과연락처로저희가보유하고있는개인정보가없습니다."),
        ("form-9-nothing-held", "·가까운매장에신분증명서를가지고방문하기"),
        ("form-9-nothing-held", "NguyễnThịÁnhTuyết귀하"),
        ("form-10-deletion", "개인정보(■정정·삭제□처리정지)요구에대한결과통지서"),
        ("form-10-deletion", "李小龍귀하"),
        ("form-10-deletion", "2031년11월22일까지"),
        ("form-10-deletion", "제36조제6항및같은법시행령제43조제3항"),
        ("form-10-correction-nothing-held", "조치할대상이없습니다."),
        ("form-10-suspension", "개인정보(□정정·삭제■처리정지)요구에대한결과통지서"),
        ("form-10-withdrawal", "개인정보(□정정·삭제□처리정지■동의철회)요구에대한결과통지서"),
        ("form-10-withdrawal", "「개인정보보호법」제37조제1항·제3항및제4항에따라"),
    ],
)
def test_the_words_of_the_form(name: str, told: str) -> None:
    """Boxes, dates, fees, articles as a person reads them."""
    assert told in pdf_text(forms.render_pdf(examples.NOTICES[name]))


def test_nobody_learns_more_from_nothing_held() -> None:
    """Two people of whom nothing is held under what they typed get the same sheet, but for their name."""
    other = replace(examples.NOTHING, recipient=Recipient(name="김영희"))
    one, two = sheet(examples.NOTHING), sheet(other)
    assert replace(one, rows=one.rows[1:]) == replace(two, rows=two.rows[1:])


@NOTICES
def test_accessible_and_archivable(notice: Notice) -> None:
    """Tagged, titled, in Korean; PDF/A-3a and PDF/UA-1 by its own word; every font inside."""
    document = forms.render_pdf(notice)
    root = reading.catalog(document)
    assert root["/Lang"].startswith("ko")
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    meta = root["/Metadata"].get_data().decode()
    for claimed in ("pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<"):
        assert claimed in meta
    about = reading.pdf(document).metadata
    assert about is not None
    assert about.title == sheet(notice).name
    assert all("Pretendard" in one or "DeskHanja" in one for one in reading.fonts(document))


def test_bold_is_a_face_of_its_own() -> None:
    """Korean labels are drawn with the bold face, not smeared."""
    names = " ".join(reading.fonts(forms.render_pdf(examples.GRANTED)))
    assert "Pretendard-Bold" in names
    assert "Pretendard-Regular" in names


def test_no_name_in_what_a_mail_reader_or_index_shows() -> None:
    """The document's own title and author name no person."""
    meta = reading.pdf(forms.render_pdf(examples.PARTIAL)).metadata
    assert meta is not None
    assert "홍길동" not in f"{meta}"
    assert "<title>개인정보 일부열람 통지서</title>" in forms.render_html(examples.PARTIAL)


def long(reason: str, name: str = "홍길동") -> AccessNotice:
    """A postponement with the reason and name given."""
    answer = Postponed(withheld=Withheld(reason=reason, grounds=(examples.HARM,)), expected_on=examples.POSTPONED.dated)
    return replace(examples.POSTPONED, answer=answer, recipient=Recipient(name=name))


def test_sixty_lines_flow_to_a_second_page() -> None:
    """Nothing is cut: all lines, the long name, and the end of the form are there, page by page."""
    name = "Maria Wilhelmina Antonia-José de la Concepción y Fernández " * 3
    notice = long("\n".join(f"{n}번째 줄: 다른 사람을 가리는 작업이 필요합니다." for n in range(1, 61)), name.strip())
    document = forms.render_pdf(notice)
    pages = reading.pdf(document).pages
    assert len(pages) == 2
    assert "1번째줄" in squeezed(pages[0].extract_text()) and "60번째줄" in squeezed(pages[1].extract_text())
    text = pdf_text(document)
    assert all(f"{n}번째줄:다른" in text for n in range(1, 61))
    assert squeezed(name) in text and "유의사항" in text
    assert squeezed(notice.objection.how) in text


def test_a_word_without_spaces_stays_inside_its_cell() -> None:
    """Five hundred syllables in one run are broken, not cut off at the margin."""
    document = forms.render_pdf(long("가" * 500))
    assert pdf_text(document).count("가" * 500) == 1
    rows = [line for page in reading.pdf(document).pages for line in page.extract_text().splitlines() if "가가" in line]
    widest = A4_WIDTH - 2 * MARGIN
    assert max(len(one) * SYLLABLE for one in rows) < widest


def test_markup_is_shown_not_obeyed() -> None:
    """Typst code and HTML in every field a person fills appear as they were typed."""
    notice = replace(
        examples.PARTIAL,
        recipient=Recipient(name=CODE, postal_code=CODE, address=CODE),
        request_summary=CODE,
        items=(replace(examples.NAME, label=CODE, detail=CODE), examples.CALL),
        silent=(CODE,),
    )
    page = forms.render_html(notice)
    for text in (pdf_text(forms.render_pdf(notice)), html_text(page)):
        assert text.count(squeezed(CODE)) == 7
    assert "script" not in reading.html_tags(page) and "<script" not in page


def test_the_page_needs_nothing_else() -> None:
    """No other file, no script, its language said, fit to print."""
    page = forms.render_html(examples.PARTIAL)
    assert page.startswith("<!doctype html>") and '<html lang="ko">' in page
    assert "@media print" in page and 'charset="utf-8"' in page
    assert reading.html_tags(page).isdisjoint({"link", "script", "img", "iframe", "object", "base", "form"})
    assert not any(mark in page for mark in ("http:", "https:", "url(", "@import", " on", "src="))


def test_a_character_no_font_has_is_named() -> None:
    """PDF/A allows no missing glyph; the character is told by its number, on the page as it is."""
    notice = replace(examples.GRANTED, recipient=Recipient(name="홍길동 😀 ประยุทธ์"))
    assert "홍길동[U+1F600][U+0E1B]" in pdf_text(forms.render_pdf(notice))
    assert "홍길동😀" in html_text(forms.render_html(notice))


def test_hidden_characters_are_shown() -> None:
    """A direction override or a zero width cannot change what a notice seems to say."""
    notice = replace(examples.GRANTED, recipient=Recipient(name="홍\u202e길\u200b동\x07"))
    told = "홍[U+202E]길[U+200B]동[U+0007]귀하"
    assert told in pdf_text(forms.render_pdf(notice)) and told in html_text(forms.render_html(notice))


@given(st.text(min_size=1, max_size=60).filter(str.strip))
@settings(max_examples=60, deadline=None)
def test_any_name_can_be_printed(name: str) -> None:
    """Whatever was typed, a notice comes out."""
    notice = replace(examples.GRANTED, recipient=Recipient(name=name))
    assert forms.render_pdf(notice).startswith(b"%PDF-1.7")
    assert squeezed(sheet(notice).rows[0][0].lines[0]) in html_text(forms.render_html(notice))


def test_every_kind_of_hanja_and_bold() -> None:
    """Korean, traditional, simplified and compatibility ideographs, in table and in bold label alike."""
    name = "李小龍 刘张伟 陳乾坤 \uf9e1"
    item = replace(examples.NAME, label=name)
    text = pdf_text(forms.render_pdf(replace(examples.GRANTED, recipient=Recipient(name=name), items=(item,))))
    assert text.count(squeezed("李小龍 刘张伟 陳乾坤 李")) == 2
    sender = replace(examples.SENDER, controller="龍門 刘记")
    assert squeezed("龍門 刘记") in pdf_text(forms.render_pdf(replace(examples.GRANTED, sender=sender)))


def test_the_same_notice_gives_the_same_bytes() -> None:
    """A notice opened twice is one document."""
    assert forms.render_pdf(examples.DELETION) == forms.render_pdf(examples.DELETION)


async def _many() -> list[bytes]:
    return await asyncio.gather(*(asyncio.to_thread(forms.render_pdf, one) for one in [*examples.NOTICES.values()] * 6))


def test_many_threads_at_once() -> None:
    """Drawn from many threads, each document is its own."""
    alone = [forms.render_pdf(one) for one in examples.NOTICES.values()]
    assert asyncio.run(_many()) == alone * 6


def test_fonts_and_templates_are_read_once_by_each_thread() -> None:
    assert typeset._compiler("form") is typeset._compiler("form") is not typeset._compiler("letter")
    assert typeset._fonts() is typeset._fonts()


def test_fonts_come_with_their_licences_and_stay_small() -> None:
    """Open Font License texts stand beside the fonts, 12 MB in all."""
    folder = Path(forms.__file__).parent / "fonts"
    assert sum(one.stat().st_size for one in folder.iterdir()) < 12_000_000
    for licence in ("OFL-Pretendard.txt", "OFL-Desk-Hanja.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / licence).read_text("utf-8")


def test_a_short_annex_is_not_torn() -> None:
    """Items and remarks stand together: on the form's page where there is room, else on the next."""
    first, second = (squeezed(page.extract_text()) for page in reading.pdf(forms.render_pdf(examples.PARTIAL)).pages)
    assert "붙임.항목별결과" not in first
    assert all(told in second for told in ("붙임.항목별결과", "붙임.아직조치결과가", "(주)케이티씨에스"))
    assert len(reading.pdf(forms.render_pdf(examples.DELETION)).pages) == 1


def test_a_long_annex_flows() -> None:
    """Two hundred items with long grounds are all there, under a head on every page."""
    items = (examples.NAME, *(replace(examples.CALL, label=f"상담 내용 {n}번") for n in range(200)))
    document = forms.render_pdf(replace(examples.PARTIAL, items=items))
    text = pdf_text(document)
    assert all(f"상담내용{n}번거절" in text for n in range(200))
    assert text.count("항목결과내용과근거보존기한") >= len(reading.pdf(document).pages) - 2
