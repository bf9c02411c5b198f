"""Form 11, the power of attorney (위임장; Act 38(1), Decree 45(2)), blank, to be filled in by hand.

Inside the frame stands the form as the PIPC's notice prints it; what this desk asks beside it stands below, outside.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape

from app.documents.frame import boxes
from app.documents.korean import visible
from app.documents.page import shell
from app.documents.typeset import typeset
from app.law.controller import Policy

_WAYS = {"email": "전자우편", "fax": "팩스", "post": "우편", "visit": "방문", "store": "매장"}
_GAP = "\u2003" * 4
"""Room for two or four figures by hand: spaces as wide as the letters."""
_BEFORE = "「개인정보 보호법」 제38조제1항에 따라 위와 같이 개인정보의"
_RIGHTS = ("열람", "정정·삭제", "처리정지")
_AFTER = "의 요구를 위의 자에게 위임합니다."
_MEANING = (
    "제38조제1항은 자기 개인정보를 보거나 고치고 지우고 멈춰 달라는 요구를 다른 사람에게 맡길 수 있다는 조항입니다.",
    "표시(√)하신 것만 맡기신 것이 됩니다.",
)


@dataclass(frozen=True, slots=True)
class Party:
    """One block of the form: who, what that means, and the fields, one or two in a row."""

    name: str
    meaning: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that the desk asks below the form, to be ticked or written."""

    label: str
    blank: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Attorney:
    """The whole sheet, in the words and the order it is read; nothing in it is about anybody."""

    source: str
    name: str
    parties: tuple[Party, ...]
    before: str
    rights: tuple[str, ...]
    after: str
    meaning: tuple[str, ...]
    dated: str
    signed: tuple[str, str]
    to: str
    sender: str
    asked: tuple[Asked, ...]
    told: tuple[str, ...]


_PARTIES = (
    Party(
        "위임받는 자",
        "대신 요구하는 분",
        (("성명", "전화번호"), ("생년월일", "정보주체와의 관계"), ("주소",)),
    ),
    Party("위임인", "맡기는 분", (("성명", "전화번호"), ("생년월일",), ("주소",))),
)


def content(policy: Policy) -> Attorney:
    """The blank form in the controller's name."""
    return Attorney(
        source="개인정보 처리 방법에 관한 고시 [별지 제11호서식]",
        name="위임장",
        parties=_PARTIES,
        before=_BEFORE,
        rights=_RIGHTS,
        after=_AFTER,
        meaning=_MEANING,
        dated=f"{_GAP}년{_GAP}월{_GAP}일",
        signed=("위임인", "(서명 또는 인)"),
        to=visible(f"{policy.controller.ko} 귀하"),
        sender=visible(policy.controller.ko),
        asked=_asked(policy.settled.mandate_days),
        told=_told(policy),
    )


def _asked(mandate_days: int) -> tuple[Asked, ...]:
    return (
        Asked("동의 철회", "□ 동의를 거두는 것도 맡깁니다.", "서식에 칸이 없어 따로 두었습니다."),
        Asked(
            "맡기는 기간",
            f"20{_GAP}년{_GAP}월{_GAP}일까지",
            f"비워 두시면 서명하신 날부터 {mandate_days}일까지입니다.",
        ),
        Asked("답변을 받을 분", "□ 위임인   □ 위임받는 자", "표시하지 않으시면 위임인께만 답변을 드립니다."),
    )


def _told(policy: Policy) -> tuple[str, ...]:
    ways = ", ".join(word for name, word in _WAYS.items() if name in policy.channels)
    by_hand = f" 다음으로도 내실 수 있습니다: {ways}. 보내실 곳은 전화로 물어봐 주세요." if ways else ""
    return tuple(
        visible(one)
        for one in (
            "주민등록번호는 어디에도 적지 마세요. 적혀 있으면 쓰지 못하고 바로 파기합니다.",
            "정말 맡기셨는지 위임인께 따로 확인합니다. 위임인이 저희를 이용하실 때 쓰신 전화번호를 적어 주세요.",
            f"홈페이지({policy.website})에 사진이나 PDF로 올려 주세요.{by_hand}",
            f"맡기신 것은 언제든지 거두실 수 있습니다. 전화({policy.desk_phone})나 "
            f"전자우편({policy.desk_email})으로 알려 주시면 바로 멈춥니다.",
            f"궁금하신 점은 {policy.desk.ko}({policy.desk_phone})에 물어봐 주세요.",
        )
    )


def render_pdf(policy: Policy) -> bytes:
    """The form as tagged PDF on one page of A4; the same policy gives the same bytes."""
    return _pdf(content(policy), policy.effective)


@lru_cache(maxsize=4)
def _pdf(attorney: Attorney, dated: date) -> bytes:
    """Drawn once: anybody may ask for it, and it changes with the policy only."""
    return typeset("attorney", attorney, dated)


def render_html(policy: Policy) -> str:
    """The same form as one page, to be printed and filled in."""
    sheet = content(policy)
    return shell(
        sheet.name,
        f'<p class="source"><span>■ {escape(sheet.source)}</span></p>',
        f"<h1>{escape(sheet.name)}</h1>",
        '<section class="framed">',
        *(_block(one) for one in sheet.parties),
        f'<p class="statement">{escape(f"{sheet.before} ({boxes(sheet.rights, set())}){sheet.after}")}</p>',
        '<div class="sender">',
        f'<p class="blank">{escape(sheet.dated)}</p>',
        f"<p>{escape(sheet.signed[0])} <span>____________________</span> {escape(sheet.signed[1])}</p>",
        f"<p><strong>{escape(sheet.to)}</strong></p>",
        "</div></section>",
        *(f'<p class="faint">※ {escape(one)}</p>' for one in sheet.meaning),
        "<h2>함께 적어 주세요</h2>",
        '<table class="form"><tbody>',
        *(
            f'<tr><th scope="row">{escape(one.label)}</th><td><p class="blank">{escape(one.blank)}</p>'
            f'<p class="faint">{escape(one.meaning)}</p></td></tr>'
            for one in sheet.asked
        ),
        "</tbody></table>",
        "<h2>내기 전에 읽어 주세요</h2><ul>",
        *(f"<li>{escape(one)}</li>" for one in sheet.told),
        "</ul>",
    )


def _block(party: Party) -> str:
    """One person of the form, with room to write."""
    rows = "".join(f"<tr>{''.join(_field(one, len(row)) for one in row)}</tr>" for row in party.rows)
    caption = f'{escape(party.name)} <span class="faint">({escape(party.meaning)})</span>'
    return f'<table class="form hand"><caption>{caption}</caption><tbody>{rows}</tbody></table>'


def _field(name: str, beside: int) -> str:
    span = "" if beside == 2 else ' colspan="3"'
    return f'<th scope="row">{escape(name)}</th><td{span}></td>'
