"""Form 11, blank: the statute's fields and sentence inside the frame, what the desk asks below, one page of A4."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from app import policy
from app.documents import attorney
from app.law.controller import Policy
from app.law.terms import Label
from tests.documents import plain, reading
from tests.documents.reading import html_text, pdf_text, poppler_text, squeezed

ROOT = Path(policy.__file__).parents[2]


@cache
def ktmns() -> Policy:
    """The policy of this house."""
    return policy.load(ROOT / "policies" / "ktmns-2024-12-06.yaml")


def other() -> Policy:
    """Another controller, with other numbers and fewer ways in."""
    return replace(
        ktmns(),
        id="other",
        controller=Label("가상상사", "Example Trading"),
        desk=Label("고객팀", "Customer team"),
        desk_phone="02-0000-0000",
        desk_email="desk@example.com",
        website="https://www.example.com",
        channels=("web", "phone", "fax"),
        settled=replace(ktmns().settled, mandate_days=90),
    )


IN_FORM = (
    "개인정보처리방법에관한고시[별지제11호서식]", "위임장", "위임받는자", "위임인", "성명", "전화번호", "생년월일",
    "정보주체와의관계", "주소",
    "「개인정보보호법」제38조제1항에따라위와같이개인정보의(□열람□정정·삭제□처리정지)의요구를위의자에게위임합니다.",
    "년월일", "(서명또는인)", "(주)케이티엠앤에스귀하",
)  # fmt: skip
BELOW = (
    "제38조제1항은자기개인정보를보거나고치고지우고멈춰달라는요구를다른사람에게맡길수있다는조항입니다.",
    "□동의를거두는것도맡깁니다.", "비워두시면서명하신날부터180일까지입니다.", "□위임인□위임받는자",
    "표시하지않으시면위임인께만답변을드립니다.", "주민등록번호는어디에도적지마세요.", "언제든지거두실수있습니다.",
    "https://www.ktmns.com", "02-560-3146", "privacy@ktmns.com", "전자우편,팩스,우편,방문,매장",
)  # fmt: skip


@pytest.mark.parametrize("told", IN_FORM + BELOW)
def test_what_stands_on_it(told: str) -> None:
    """The fields and the sentence of the form, then what the desk adds, on paper and on the page alike."""
    assert told in pdf_text(attorney.render_pdf(ktmns()))
    assert told in html_text(attorney.render_html(ktmns()))


def test_what_the_desk_adds_stands_below_the_form() -> None:
    """The statute's form is whole before anything of ours begins."""
    for text in (pdf_text(attorney.render_pdf(ktmns())), html_text(attorney.render_html(ktmns()))):
        last = text.index("(주)케이티엠앤에스귀하")
        assert all(text.index(one) <= last for one in IN_FORM)
        assert all(text.index(one) > last for one in BELOW)


def test_nothing_of_one_controller_is_in_the_code() -> None:
    """Another policy gives another name, other ways, another limit."""
    text = pdf_text(attorney.render_pdf(other()))
    for told in ("가상상사귀하", "고객팀(02-0000-0000)", "desk@example.com", "90일까지", "내실수있습니다:팩스."):
        assert told in text
    assert not any(one in text.casefold() for one in ("케이티", "ktmns", "매장", "180일"))
    alone = replace(other(), channels=("web", "phone"))
    assert "다음으로도내실수있습니다" not in pdf_text(attorney.render_pdf(alone))


def test_one_page_accessible_and_archivable() -> None:
    """PDF/A-3a and PDF/UA-1 by its own word, tagged, titled, in Korean, on one page of A4."""
    document = attorney.render_pdf(ktmns())
    [page] = reading.pdf(document).pages
    assert [round(float(one)) for one in page.mediabox[2:]] == [595, 842]
    root = reading.catalog(document)
    assert root["/Lang"].startswith("ko") and root["/MarkInfo"]["/Marked"].value
    meta = root["/Metadata"].get_data().decode()
    for claimed in ("pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<"):
        assert claimed in meta
    about = reading.pdf(document).metadata
    assert about is not None and about.title == "위임장" and "접수번호" not in pdf_text(document)


@pytest.mark.needs_pdftotext
def test_the_text_reads_the_same_elsewhere() -> None:
    """Another reader finds the statute's sentence too."""
    assert IN_FORM[-4] in poppler_text(attorney.render_pdf(ktmns()))


def test_room_for_a_hand() -> None:
    """Every field has an empty cell, a centimetre high at least."""
    page = attorney.render_html(ktmns())
    fields = [field for party in attorney.content(ktmns()).parties for row in party.rows for field in row]
    assert page.count("<td></td>") + page.count('<td colspan="3"></td>') == len(fields) == 9
    template = (Path(attorney.__file__).parent / "templates" / "attorney.typ").read_text("utf-8")
    [heights] = re.findall(r"^#let field = (.*)$", template, re.MULTILINE)
    assert min(float(one) for one in re.findall(r"([0-9.]+)mm", heights)) >= 10


def test_no_field_for_a_resident_number() -> None:
    """It is named once, to say that it is not to be written."""
    text = html_text(attorney.render_html(ktmns()))
    assert text.count("주민등록번호") == 1 and "주민등록번호는어디에도적지마세요" in text


def test_the_page_needs_nothing_else() -> None:
    """No other file, no script; every value escaped."""
    evil = replace(other(), controller=Label("<script>alert(1)</script>", "x"))
    page = attorney.render_html(evil)
    assert reading.html_tags(page).isdisjoint({"link", "script", "img", "iframe", "object", "base", "form", "input"})
    assert squeezed("<script>alert(1)</script>") in html_text(page)


def test_the_same_policy_gives_the_same_bytes() -> None:
    """So that a cache may keep it; drawn once."""
    assert attorney.render_pdf(ktmns()) is attorney.render_pdf(ktmns())
    assert attorney.render_pdf(ktmns()) != attorney.render_pdf(other())


def test_what_the_desk_adds_is_easy_to_read() -> None:
    """Short plain sentences; the one citation has its meaning under it."""
    content = attorney.content(ktmns())
    ours = "\n".join((*content.told, *(f"{one.blank}\n{one.meaning}" for one in content.asked), *content.meaning))
    assert plain.longest(ours) <= plain.SYLLABLES_MAX
    assert plain.found(ours, plain.BUREAUCRATESE) == []
    assert "제38조제1항은" in content.meaning[0]
