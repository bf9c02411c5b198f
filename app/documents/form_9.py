"""Form 9: what stands on the notice about access (별지 제9호; Act 35(3)-(5), Decree 41(5), 42(2), 47)."""

from app.documents.frame import NONE, boxes, cell
from app.documents.korean import lines, visible
from app.documents.notices import (
    AccessAnswer,
    AccessNotice,
    Fee,
    Footage,
    Granted,
    HandedOver,
    NothingHeld,
    PartlyGranted,
    Postponed,
    Refused,
    Shape,
    Viewing,
    Way,
)
from app.documents.told import Body, handed_over, nothing_held, pending, reason
from app.documents.tongue import Tongue, day, either, hour, say, won
from app.documents.wording import filmed
from app.law.terms import Label

FULL, PARTLY, POSTPONED, REFUSED = (
    Label("열람", "access"),
    Label("일부열람", "partial access"),
    Label("열람연기", "access postponed"),
    Label("열람거절", "access refused"),
)
_BOXES = (FULL, PARTLY, POSTPONED, REFUSED)
_SHAPES = {
    Shape.VIEW: Label("열람·시청", "viewing"),
    Shape.COPY: Label("사본·출력물", "copy on paper"),
    Shape.FILE: Label("전자파일", "electronic file"),
    Shape.REPRODUCTION: Label("복제물·인화물", "duplicate or photographic print"),
    Shape.OTHER: Label("기타", "other"),
}
_WAYS = {
    Way.VISIT: Label("직접방문", "visit"),
    Way.POST: Label("우편", "post"),
    Way.FAX: Label("팩스", "fax"),
    Way.EMAIL: Label("전자우편", "e-mail"),
    Way.OTHER: Label("기타", "other"),
}
_STATEMENT = Label(
    "「개인정보 보호법」 제35조제3항·제4항 또는 제5항과 같은 법 시행령 제41조제5항 또는 제42조제2항에 따라 "
    "귀하의 개인정보 열람 요구에 대하여 위와 같이 통지합니다.",
    "Under Article 35(3), (4) or (5) of the Personal Information Protection Act and Article 41(5) or 42(2) of its "
    "Enforcement Decree you are notified as above of the answer to your request for access to your personal data.",
)
_CAUTIONS = (
    Label(
        "방문하여 열람하실 때에는 이 통지서와 함께 다음을 보여 주십시오(주민등록번호 뒷자리는 가려 주십시오). "
        "온라인에서는 인증번호 확인으로 갈음합니다.\n"
        "가. 본인: 신분증명서\n"
        "나. 법정대리인: 법정대리인임을 증명하는 서류와 대리인의 신분증명서\n"
        "다. 위임받은 대리인: 위임장, 위임한 사람과 위임받은 사람의 신분증명서",
        "If you come to see your data, bring this notice and the following (cover the last digits of any resident "
        "registration number). Online, the code that is sent to you takes their place.\n"
        "a. yourself: proof of identity\n"
        "b. legal guardian: a paper that shows the guardianship, and the guardian's proof of identity\n"
        "c. delegate: the power of attorney, and proof of identity of who gave it and of who holds it",
    ),
    Label(
        "수수료 또는 우송료는 국가기관인 경우에는 수입인지로, 지방자치단체인 경우에는 수입증지로, "
        "그 밖의 개인정보처리자인 경우에는 그 개인정보처리자가 정하는 방법으로 냅니다.",
        "A fee or postage is paid to a state body by revenue stamp, to a local government by its own revenue stamp, "
        "to any other controller in the way that the controller names.",
    ),
    Label(
        "열람의 제한·연기·거절 통지를 받으신 경우 '이의제기방법'란에 적힌 방법으로 이의를 제기하실 수 있습니다.",
        "If access is restricted, postponed or refused you may object in the way named under 'How to object'.",
    ),
)


def body(notice: AccessNotice, tongue: Tongue) -> Body:
    """The parts of form 9 that form 10 does not have."""
    ticked = _box(notice.answer)
    viewing = notice.answer.viewing if isinstance(notice.answer, Granted | PartlyGranted) else None
    none = (say(NONE, tongue),)
    told = (_marked(ticked, tongue), *_told(notice, tongue), *_provided(notice, tongue), *pending(notice, tongue))
    place = visible(viewing.place) if viewing else say(NONE, tongue)
    return Body(
        number=9,
        name=Label(f"개인정보 {ticked.ko} 통지서", f"Notice on personal data: {ticked.en}"),
        title=Label(
            f"개인정보 ( {_marked(ticked, 'ko')} ) 통지서", f"Notice on personal data ( {_marked(ticked, 'en')} )"
        ),
        rows=(
            (
                cell(Label("열람 일시", "When to see it"), _when(viewing, tongue) or none, tongue),
                cell(Label("열람 장소", "Where to see it"), (place,), tongue),
            ),
            (cell(Label("통지 내용", "What you are told"), told, tongue),),
            (cell(Label("열람 형태\n및 방법", "Shape and way"), _shape_and_way(viewing, tongue), tongue),),
            (cell(Label("납부 금액", "To be paid"), _fee(viewing.fee if viewing else Fee(), tongue), tongue),),
            (cell(Label("사유", "Reason"), reason(notice.answer, tongue), tongue),),
        ),
        statement=_STATEMENT,
        cautions=_CAUTIONS,
    )


def _marked(ticked: Label, tongue: Tongue) -> str:
    return boxes((say(one, tongue) for one in _BOXES), {say(ticked, tongue)})


def _box(answer: AccessAnswer) -> Label:
    """The box of form 9; nothing held answers the claim in full, so it stands under access."""
    match answer:
        case PartlyGranted():
            return PARTLY
        case Postponed():
            return POSTPONED
        case Refused():
            return REFUSED
        case _:
            return FULL


_GRANTED = Label("요구하신 개인정보를 모두 열람하실 수 있습니다.", "You can see all the personal data you asked for.")
_SO_FAR = Label(
    "요구하신 개인정보 가운데 지금까지 확인된 것을 열람하실 수 있습니다.",
    "You can see what has been found so far of the personal data you asked for.",
)
_PARTLY = Label(
    "요구하신 개인정보 가운데 일부를 열람하실 수 있습니다. 열람하실 수 없는 항목과 그 사유를 아래에 적었습니다.",
    "You can see a part of the personal data you asked for. What you cannot see, and why, stands below.",
)
_POSTPONED = Label(
    "열람을 미룹니다. 그 사유를 아래에 적었습니다.", "Access is put off for now. The reason stands below."
)
_REFUSED = Label("열람하실 수 없습니다. 그 사유를 아래에 적었습니다.", "Access is refused. The reason stands below.")


def _told(notice: AccessNotice, tongue: Tongue) -> tuple[str, ...]:
    match notice.answer:
        case Granted():
            return (say(_SO_FAR if notice.silent else _GRANTED, tongue),)
        case PartlyGranted():
            return (say(_PARTLY, tongue),)
        case Postponed(expected_on=expected):
            on = day(expected, tongue)
            return (say(_POSTPONED, tongue), either(tongue, f"열람 예정일: {on}", f"Access is expected on: {on}"))
        case Refused():
            return (say(_REFUSED, tongue),)
        case NothingHeld(other_ways=ways):
            return nothing_held(ways, tongue)
        case HandedOver(controllers=controllers):
            return handed_over(controllers, tongue)
        case Footage():
            return _footage(notice.answer, tongue)


def _provided(notice: AccessNotice, tongue: Tongue) -> tuple[str, ...]:
    """Where each provision to third parties stands: the form has one field, the report a table."""
    if not notice.provided:
        return ()
    ko = f"제3자에게 제공한 기록 {notice.provided}건은 함께 드리는 열람 자료에 적었습니다."
    en = (
        f"What was provided to third parties, {notice.provided} in all, stands in the access report beside this notice."
    )
    return (either(tongue, ko, en),)


def _footage(answer: Footage, tongue: Tongue) -> tuple[str, ...]:
    """Whether there is footage, of which place and time, and why not."""
    return (
        say(filmed.FOUND[answer.found], tongue),
        visible(f"· {say(filmed.PLACE, tongue)}: {answer.place}"),
        visible(f"· {say(filmed.TIME, tongue)}: {answer.recorded}"),
        *lines(answer.why),
    )


def _when(viewing: Viewing | None, tongue: Tongue) -> tuple[str, ...]:
    if viewing is None:
        return ()
    opens = hour(viewing.opens, tongue)
    told = (either(tongue, f"{opens}부터", f"from {opens}"),)
    if viewing.closes is None:
        return told
    closes = hour(viewing.closes, tongue)
    return (*told, either(tongue, f"{closes}까지", f"until {closes}"))


def _shape_and_way(viewing: Viewing | None, tongue: Tongue) -> tuple[str, ...]:
    """Both lines of boxes; where nothing is opened, all of them empty."""
    shapes = {say(_SHAPES[one], tongue) for one in viewing.shapes} if viewing else set()
    ways = {say(_WAYS[one], tongue) for one in viewing.ways} if viewing else set()
    other_shape = f" ({viewing.other_shape})" if viewing and viewing.other_shape else ""
    other_way = f" ({viewing.other_way})" if viewing and viewing.other_way else ""
    shape = boxes((say(one, tongue) for one in _SHAPES.values()), shapes)
    way = boxes((say(one, tongue) for one in _WAYS.values()), ways)
    return (
        visible(f"{either(tongue, '형태', 'shape')}: {shape}{other_shape}"),
        visible(f"{either(tongue, '방법', 'way')}: {way}{other_way}"),
    )


def _fee(fee: Fee, tongue: Tongue) -> tuple[str, ...]:
    """What is to be paid (Decree 47); mostly nothing."""
    amounts = (won(fee.fee, tongue), won(fee.postage, tongue), won(fee.fee + fee.postage, tongue))
    ko, en = "① 수수료 {}   ② 우송료 {}   계(①+②) {}", "① fee {}   ② postage {}   total (①+②) {}"
    breakdown = fee.breakdown or either(tongue, "없음(무료)", "none (free of charge)")
    return (
        either(tongue, ko, en).format(*amounts),
        visible(f"{either(tongue, '수수료 산정 명세', 'how the fee is made up')}: {breakdown}"),
    )
