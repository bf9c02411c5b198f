"""What stands on form 9 and form 10, as one content for PDF and page alike (notice of the PIPC, forms 9 and 10)."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.korean import day, hour, lines, visible, won
from app.documents.notices import (
    AccessAnswer,
    AccessNotice,
    Done,
    Granted,
    HandedOver,
    Item,
    NothingHeld,
    Notice,
    Objection,
    PartlyDone,
    PartlyGranted,
    Postponed,
    Recipient,
    Refused,
    ResultAnswer,
    ResultNotice,
    Sender,
    Shape,
    StatedGround,
    Viewing,
    Way,
    Withheld,
)
from app.documents.wording import child
from app.law.terms import ItemOutcome, Right

NONE = "해당 없음"

_SHAPES = {
    Shape.VIEW: "열람·시청",
    Shape.COPY: "사본·출력물",
    Shape.FILE: "전자파일",
    Shape.REPRODUCTION: "복제물·인화물",
    Shape.OTHER: "기타",
}
_WAYS = {Way.VISIT: "직접방문", Way.POST: "우편", Way.FAX: "팩스", Way.EMAIL: "전자우편", Way.OTHER: "기타"}
_GRANTED = {
    Right.ACCESS: "열람",
    Right.CORRECTION: "정정",
    Right.DELETION: "삭제",
    Right.SUSPENSION: "처리정지",
    Right.CONSENT_WITHDRAWAL: "처리 중단",
}
_KEPT = {
    Right.ACCESS: "열람 제한",
    Right.CORRECTION: "그대로 둠",
    Right.DELETION: "보존",
    Right.SUSPENSION: "처리 계속",
    Right.CONSENT_WITHDRAWAL: "처리 계속",
}
DECREE_48 = "이 통지서는 「개인정보 보호법 시행령」 제48조에 따라 전자적으로 작성되어 직인을 생략합니다."


@dataclass(frozen=True, slots=True)
class Cell:
    """One labelled field of the form."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One row of the annex: an item, what became of it, why, until when."""

    label: str
    outcome: str
    ground: tuple[str, ...]
    until: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole notice, in the words and the order it is read."""

    source: str
    name: str
    title: str
    receipt: str
    rows: tuple[tuple[Cell, ...], ...]
    statement: str
    dated: str
    sender: str
    seal: str
    contact: tuple[str, ...]
    cautions: tuple[str, ...]
    items: tuple[ItemLine, ...]
    remarks: tuple[Cell, ...]
    easy: Cell | None = None
    """Above the form and outside it, where a child reads it."""


def sheet(notice: Notice) -> Sheet:
    """The content of a notice, by its form."""
    return _form_9(notice) if isinstance(notice, AccessNotice) else _form_10(notice)


def boxes(names: Iterable[str], ticked: frozenset[str] | set[str]) -> str:
    """The boxes of a form on one line: a full one is chosen."""
    return "  ".join(f"{'■' if one in ticked else '□'} {one}" for one in names)


def _form_9(notice: AccessNotice) -> Sheet:
    ticked = _access_box(notice.answer)
    names = ("열람", "일부열람", "열람연기", "열람거절")
    viewing = notice.answer.viewing if isinstance(notice.answer, Granted | PartlyGranted) else None
    return _sheet(
        notice,
        right=Right.ACCESS,
        number=9,
        name=f"개인정보 {ticked} 통지서",
        title=f"개인정보 ( {boxes(names, {ticked})} ) 통지서",
        rows=(
            (Cell("열람 일시", _when(viewing)), Cell("열람 장소", lines(viewing.place) if viewing else (NONE,))),
            (Cell("통지 내용", (boxes(names, {ticked}), *_access_told(notice), *_pending(notice))),),
            (Cell("열람 형태\n및 방법", _shape_and_way(viewing)),),
            (Cell("납부 금액", _fee(viewing)),),
            (Cell("사유", _reason(notice.answer)),),
        ),
        statement="「개인정보 보호법」 제35조제3항·제4항 또는 제5항과 같은 법 시행령 제41조제5항 또는 제42조제2항에 "
        "따라 귀하의 개인정보 열람 요구에 대하여 위와 같이 통지합니다.",
        cautions=(
            "방문하여 열람하실 때에는 이 통지서와 함께 다음을 보여 주십시오(주민등록번호 뒷자리는 가려 주십시오). "
            "온라인에서는 인증번호 확인으로 갈음합니다.\n"
            "가. 본인: 신분증명서\n"
            "나. 법정대리인: 법정대리인임을 증명하는 서류와 대리인의 신분증명서\n"
            "다. 위임받은 대리인: 위임장, 위임한 사람과 위임받은 사람의 신분증명서",
            "납부하실 금액이 있으면 발신인이 정하여 알려 드리는 방법으로 내실 수 있습니다.",
            "열람의 제한·연기·거절 통지를 받으신 경우 '이의제기방법'란에 적힌 방법으로 이의를 제기하실 수 있습니다.",
        ),
    )


def _form_10(notice: ResultNotice) -> Sheet:
    withdrawal = notice.right is Right.CONSENT_WITHDRAWAL
    names = ("정정·삭제", "처리정지") + (("동의철회",) if withdrawal else ())
    ticked = _result_box(notice.right)
    marks = boxes(names, {ticked})
    stacked = marks.replace("  ", "\n")
    return _sheet(
        notice,
        right=notice.right,
        number=10,
        name=f"개인정보 {ticked} 요구에 대한 결과 통지서",
        title=f"개인정보 ( {marks} ) 요구에 대한 결과 통지서",
        rows=(
            (Cell(f"{stacked}\n조치 내용", (*_result_told(notice), *_pending(notice))),),
            (Cell(f"{stacked}\n결정 사유", _reason(notice.answer)),),
        ),
        statement=_WITHDRAWAL_STATEMENT if withdrawal else _RESULT_STATEMENT,
        cautions=(
            "통지 내용에 동의하지 않으시면 '이의제기방법'란에 적힌 방법으로 이의를 제기하실 수 있습니다.",
            *(("동의를 철회하시기 전에 이루어진 처리의 효력에는 영향이 없습니다.",) if withdrawal else ()),
        ),
    )


_RESULT_STATEMENT = (
    "「개인정보 보호법」 제36조제6항 및 같은 법 시행령 제43조제3항 또는 같은 법 제37조제6항 및 같은 법 시행령 "
    "제44조제2항에 따라 귀하의 요구에 대한 결과를 위와 같이 통지합니다."
)
_WITHDRAWAL_STATEMENT = (
    "「개인정보 보호법」 제37조제1항·제3항 및 제4항에 따라 귀하의 동의 철회에 대한 결과를 위와 같이 통지합니다."
)


def _sheet(
    notice: Notice,
    *,
    right: Right,
    number: int,
    name: str,
    title: str,
    rows: tuple[tuple[Cell, ...], ...],
    statement: str,
    cautions: tuple[str, ...],
) -> Sheet:
    """The parts that both forms share, around those of one."""
    informed = notice.informed if isinstance(notice, ResultNotice) else ()
    sender = notice.sender
    return Sheet(
        source=f"개인정보 처리 방법에 관한 고시 [별지 제{number}호서식]",
        name=name,
        title=title,
        receipt=visible(notice.receipt_no),
        rows=(
            (Cell("수신자", recipient_lines(notice.recipient)),),
            (Cell("요구 내용", lines(notice.request_summary)),),
            *rows,
            (Cell("이의제기방법", objection_lines(notice.objection)),),
        ),
        statement=statement,
        dated=day(notice.dated),
        sender=visible(sender.controller),
        seal="[직인 생략]",
        contact=contact(sender),
        cautions=cautions,
        items=tuple(_item(one, right, open_=number == 10 and bool(notice.silent)) for one in notice.items),
        remarks=_remarks(notice.silent, informed),
        easy=Cell(child.TITLE, tuple(visible(one) for one in child.plainly(notice))) if notice.easy else None,
    )


def contact(sender: Sender) -> tuple[str, ...]:
    """How the sender is reached, below their name."""
    return (
        DECREE_48,
        visible("  ".join(one for one in (sender.desk, sender.phone, sender.email) if one)),
        *((visible(sender.approver),) if sender.approver else ()),
    )


def recipient_lines(recipient: Recipient) -> tuple[str, ...]:
    """The name and standing, and the address line of the form; an address is not asked for where none is needed."""
    known = recipient.postal_code or recipient.address
    place = f"(우편번호: {recipient.postal_code or '-'}, 주소: {recipient.address or '-'})"
    return (*addressed(recipient), visible(place) if known else "(우편번호·주소: 받지 않음)")


def addressed(recipient: Recipient) -> tuple[str, ...]:
    """Who is written to; of a guardian or delegate also in what standing, and for whom."""
    if not recipient.acting_as:
        return (visible(f"{recipient.name} 귀하"),)
    return (visible(f"{recipient.name} 귀하 ({recipient.acting_as})"), visible(f"정보주체: {recipient.subject}"))


def _when(viewing: Viewing | None) -> tuple[str, ...]:
    if viewing is None:
        return (NONE,)
    if viewing.closes is None:
        return (f"{hour(viewing.opens)}부터",)
    return (f"{hour(viewing.opens)}부터", f"{hour(viewing.closes)}까지")


def _shape_and_way(viewing: Viewing | None) -> tuple[str, ...]:
    """Both lines of boxes; where nothing is opened, all of them empty."""
    shapes = {_SHAPES[one] for one in viewing.shapes} if viewing else set()
    ways = {_WAYS[one] for one in viewing.ways} if viewing else set()
    other_shape = f" ({viewing.other_shape})" if viewing and viewing.other_shape else ""
    other_way = f" ({viewing.other_way})" if viewing and viewing.other_way else ""
    return (
        visible(f"형태: {boxes(_SHAPES.values(), shapes)}{other_shape}"),
        visible(f"방법: {boxes(_WAYS.values(), ways)}{other_way}"),
    )


def _fee(viewing: Viewing | None) -> tuple[str, ...]:
    """What is to be paid (Decree 47); mostly nothing."""
    if viewing is None:
        return (NONE,)
    fee = viewing.fee
    return (
        f"① 수수료 {won(fee.fee)}   ② 우송료 {won(fee.postage)}   계(①+②) {won(fee.fee + fee.postage)}",
        visible(f"수수료 산정 명세: {fee.breakdown or '없음(무료)'}"),
    )


def _access_box(answer: AccessAnswer) -> str:
    """The box of form 9; nothing held answers the claim in full, so it stands under access."""
    match answer:
        case PartlyGranted():
            return "일부열람"
        case Postponed():
            return "열람연기"
        case Refused():
            return "열람거절"
        case _:
            return "열람"


def _access_told(notice: AccessNotice) -> tuple[str, ...]:
    match notice.answer:
        case Granted() if notice.silent:
            return ("요구하신 개인정보 가운데 지금까지 확인된 것을 열람하실 수 있습니다.",)
        case Granted():
            return ("요구하신 개인정보를 모두 열람하실 수 있습니다.",)
        case PartlyGranted():
            return (
                "요구하신 개인정보 가운데 일부를 열람하실 수 있습니다. "
                "열람하실 수 없는 항목과 그 사유를 아래에 적었습니다.",
            )
        case Postponed(expected_on=expected):
            return ("열람을 미룹니다. 그 사유를 아래에 적었습니다.", f"열람 예정일: {day(expected)}")
        case Refused():
            return ("열람하실 수 없습니다. 그 사유를 아래에 적었습니다.",)
        case NothingHeld(other_ways=ways):
            return (*_NOTHING, *_other_ways(ways))
        case HandedOver(controllers=controllers):
            return _handed_over(controllers)


def _handed_over(controllers: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Who answers instead, and how they are reached."""
    lead = "요구하신 개인정보는 다른 개인정보처리자의 것이어서 저희가 결정할 수 없습니다. 요구를 다음 곳에 넘겼습니다."
    return (lead, *(visible(f"· {name}: {contact}") for name, contact in controllers))


_NOTHING = ("알려 주신 성명과 연락처로 저희가 보유하고 있는 개인정보가 없습니다.",)


def _other_ways(ways: tuple[str, ...]) -> tuple[str, ...]:
    """How else to prove who one is; said to everybody alike."""
    lead = "다른 연락처로 이용하신 적이 있으면 다음 방법으로 본인임을 확인하고 다시 요구하실 수 있습니다."
    return (lead, *(visible(f"· {one}") for one in ways))


def _result_box(right: Right) -> str:
    match right:
        case Right.SUSPENSION:
            return "처리정지"
        case Right.CONSENT_WITHDRAWAL:
            return "동의철회"
        case _:
            return "정정·삭제"


def _result_told(notice: ResultNotice) -> tuple[str, ...]:
    match notice.answer:
        case Done(action=action) | PartlyDone(action=action):
            return lines(action)
        case Refused():
            return ("요구하신 조치를 하지 않습니다. 그 사유를 아래에 적었습니다.",)
        case HandedOver(controllers=controllers):
            return _handed_over(controllers)
        case NothingHeld(other_ways=ways):
            return (*_NOTHING, "따라서 조치할 대상이 없습니다.", *_other_ways(ways))


def _pending(notice: Notice) -> tuple[str, ...]:
    """A word on the form itself where a holder has not answered; the annex names it."""
    return ("아직 조치 결과가 확인되지 않은 곳이 있습니다. 어디인지 붙임에 적었습니다.",) if notice.silent else ()


def _reason(answer: AccessAnswer | ResultAnswer) -> tuple[str, ...]:
    """The reason, then each ground with its article and facts."""
    withheld: Withheld | None = getattr(answer, "withheld", None)
    if withheld is None:
        return (NONE,)
    return (*lines(withheld.reason), *(line for one in withheld.grounds for line in ground_lines(one)))


def ground_lines(ground: StatedGround) -> tuple[str, ...]:
    """A ground with its article, its words and the facts that meet it."""
    return (
        visible(f"근거: {ground.article}"),
        *lines(ground.text),
        *(visible(f"· {one}") for one in ground.facts),
    )


def objection_lines(objection: Objection) -> tuple[str, ...]:
    """To whom, by when, how soon answered, and who else can be asked."""
    return (
        *lines(objection.how),
        *((f"제기 기한: {day(objection.until)}까지",) if objection.until else ()),
        *((f"답변: 제기하신 날부터 {objection.answer_days}일 이내",) if objection.answer_days else ()),
        *(
            (visible(f"회사 밖에서 도움을 받으실 수 있는 곳: {', '.join(objection.bodies)}"),)
            if objection.bodies
            else ()
        ),
    )


def _item(item: Item, right: Right, *, open_: bool) -> ItemLine:
    """One row; while a holder is open, what was granted is under way and not yet done."""
    kept = "보존" if item.until else _KEPT[right]
    granted = f"{_GRANTED[right]} 진행 중" if open_ else _GRANTED[right]
    words = {
        ItemOutcome.GRANT: granted,
        ItemOutcome.KEEP: kept,
        ItemOutcome.REFUSE: "거절",
        ItemOutcome.HAND_OVER: "이관",
    }
    ground = ground_lines(item.ground) if item.ground else ()
    return ItemLine(
        label=visible(item.label),
        outcome=words[item.outcome],
        ground=(*lines(item.detail), *ground) or ("-",),
        until=f"{day(item.until)}까지" if item.until else "-",
    )


def _remarks(silent: tuple[str, ...], informed: tuple[str, ...]) -> tuple[Cell, ...]:
    """Who has not answered yet, and who was told of the result (policy 8.7)."""
    told = []
    if silent:
        lead = (
            "다음 곳은 이 통지를 보내는 날까지 조치 결과가 확인되지 않았습니다. 위의 결과에는 이곳이 들어 있지 "
            "않습니다. 결과를 계속 요구하고 있으며, 확인되는 대로 다시 알려 드립니다."
        )
        told.append(Cell("아직 조치 결과가 확인되지 않은 곳", (lead, *(visible(f"· {one}") for one in silent))))
    if informed:
        lead = "개인정보를 이미 제공받은 다음 곳에도 처리 결과를 지체 없이 알립니다."
        told.append(Cell("결과를 함께 알리는 곳", (lead, *(visible(f"· {one}") for one in informed))))
    return tuple(told)
