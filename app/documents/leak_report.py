"""The report of a leak to the authority (Decree 40), as a draft that a person of ours hands in."""

from dataclasses import dataclass
from datetime import date

from app.documents.frame import Cell, Sheet, contact, headings
from app.documents.korean import day, lines, visible
from app.documents.notices import Sender
from app.documents.page import page
from app.documents.typeset import typeset

NAME = "개인정보 유출등 신고서(초안)"
_UNCHECKED = "칸의 이름은 공식 서식과 맞추어 보지 않았습니다. 내기 전에 신고기관의 서식과 견주어 주십시오."


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakReport:
    """The fields of the report in their order, as far as they are known."""

    receipt_no: str
    sender: Sender
    to: str
    fields: tuple[tuple[str, str], ...]
    """Each: the words of the field, and what stands in it."""
    checked: bool
    dated: date


def render_pdf(report: LeakReport) -> bytes:
    """The draft as tagged PDF."""
    return typeset("form", _sheet(report), report.dated)


def render_html(report: LeakReport) -> str:
    """The same as one page."""
    return page(_sheet(report))


def _sheet(report: LeakReport) -> Sheet:
    return Sheet(
        source="신고를 위한 초안",
        name=NAME,
        title=NAME,
        receipt=visible(report.receipt_no),
        rows=tuple((Cell(visible(label), lines(said) or ("-",)),) for label, said in report.fields),
        statement=(
            f"「개인정보 보호법」 제34조제3항과 같은 법 시행령 제40조에 따라 신고합니다. 신고기관: {report.to}",
        ),
        dated=day(report.dated),
        sender=visible(report.sender.controller),
        seal="",
        contact=contact(report.sender, "ko")[1:],
        cautions=() if report.checked else (_UNCHECKED,),
        items=(),
        remarks=(),
        language="ko",
        headings=headings("ko"),
    )
