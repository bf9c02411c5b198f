"""The words by which another controller hears of a claim (Act 26(8), 36(2), Decree 43(2)): to be mailed or posted.

The reader is a company, so it is written in Korean; it names no more of the person than is needed to find them.
"""

from dataclasses import dataclass
from datetime import date

from app.documents.korean import day
from app.documents.notices import Sender, demand
from app.law.relay import Why

_TITLE = "개인정보 요구의 전달"
_OWNED = (
    "아래 요구가 저희에게 접수되었으나, 귀사의 개인정보에 관한 것이어서 「개인정보 보호법」 제26조제8항에 따라 "
    "전달합니다. 요구하신 분께는 귀사의 이름과 연락처를 알려 드렸습니다."
)
_CAME = (
    "아래 요구에 따라 귀사로부터 제공받은 개인정보를 저희가 정정하거나 삭제합니다. 「개인정보 보호법 시행령」 "
    "제43조제2항에 따라 이 요구를 전달하니, 귀사의 개인정보도 확인하여 조치해 주십시오."
)
_GIVEN = (
    "저희가 제공하였던 아래 개인정보를 정보주체의 요구에 따라 정정하거나 삭제하였습니다. 「개인정보 보호법」 "
    "제36조제2항에 따른 조치의 결과를 알려 드리니, 보유하신 개인정보도 확인하여 조치해 주십시오."
)
_SAID = {Why.OWNER: (_TITLE, _OWNED), Why.SOURCE: (_TITLE, _CAME), Why.GIVEN: ("개인정보 처리 결과의 통지", _GIVEN)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """All that the other controller has to know."""

    to: str
    sender: Sender
    receipt_no: str
    why: Why
    arrived_on: date
    asked: str
    items: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]
    """Of a correction: which item, and what it should say."""
    subject: tuple[str, ...]
    """The name, and the contacts that are the person's own."""
    answer_by: date

    def __post_init__(self) -> None:
        demand(self.to, self.receipt_no, self.asked, what="whom it goes to, and what was asked")
        demand(*self.items, what="the items that were asked for")
        demand(*self.subject, what="whose data it is")


def words(passing: Passing) -> str:
    """The letter, line by line."""
    sender = passing.sender
    title, lead = _SAID[passing.why]
    lines = [
        f"{passing.to} 귀중",
        "",
        f"제목: {title}",
        "",
        lead,
        "",
        f"접수번호: {passing.receipt_no}",
        f"접수한 날: {day(passing.arrived_on)}",
        f"요구한 권리: {passing.asked}",
        f"대상: {', '.join(passing.items)}",
        *(f"바로잡을 내용: {label} → {corrected}" for label, corrected in passing.changes),
        f"정보주체: {', '.join(passing.subject)}",
        "",
        f"조치하신 결과를 {day(passing.answer_by)}까지 알려 주십시오. 전달한 내용은 이 요구에만 써 주십시오.",
        "",
        "  ".join(one for one in (sender.controller, sender.desk, sender.phone, sender.email) if one),
    ]
    return "\n".join(lines)
