"""Form 10: what stands on the notice of a result (별지 제10호; Act 36(2)(4), 37(2)-(5), Decree 43(3), 44(2))."""

from app.documents.frame import Cell, boxes
from app.documents.korean import lines, visible
from app.documents.notices import Barred, Done, HandedOver, NothingHeld, PartlyDone, Refused, ResultNotice
from app.documents.told import Body, handed_over, nothing_held, pending, reason
from app.documents.tongue import Tongue, both, say
from app.law.terms import Label, Right

_CORRECTION, _SUSPENSION, _WITHDRAWAL = (
    Label("정정·삭제", "correction or deletion"),
    Label("처리정지", "suspension"),
    Label("동의철회", "withdrawal of consent"),
)
_RESULT_STATEMENT = Label(
    "「개인정보 보호법」 제36조제6항 및 같은 법 시행령 제43조제3항 또는 같은 법 제37조제6항 및 같은 법 시행령 "
    "제44조제2항에 따라 귀하의 요구에 대한 결과를 위와 같이 통지합니다.",
    "Under Article 36(6) of the Personal Information Protection Act and Article 43(3) of its Enforcement Decree, or "
    "under Article 37(6) of the Act and Article 44(2) of the Decree, you are notified as above of the result of "
    "your request.",
)
_WITHDRAWAL_STATEMENT = Label(
    "「개인정보 보호법」 제37조제1항·제3항 및 제4항에 따라 귀하의 동의 철회에 대한 결과를 위와 같이 통지합니다.",
    "Under Article 37(1), (3) and (4) of the Personal Information Protection Act you are notified as above of the "
    "result of your withdrawal of consent.",
)
_CAUTION = Label(
    "통지 내용에 동의하지 않으시면 '이의제기방법'란에 적힌 방법으로 이의를 제기하실 수 있습니다.",
    "If you disagree with this notice you may object in the way named under 'How to object'.",
)
_BEFORE = Label(
    "동의를 철회하시기 전에 이루어진 처리의 효력에는 영향이 없습니다.",
    "What was lawfully done before you withdrew your consent stays lawful.",
)


def body(notice: ResultNotice, tongue: Tongue) -> Body:
    """The parts of form 10 that form 9 does not have; a withdrawal, for which it has no box, brings its own."""
    withdrawal = notice.right is Right.CONSENT_WITHDRAWAL
    names = (_CORRECTION, _SUSPENSION, *((_WITHDRAWAL,) if withdrawal else ()))
    ticked = _box(notice.right)
    ko, en = (boxes((say(one, to) for one in names), {say(ticked, to)}) for to in ("ko", "en"))
    return Body(
        number=10,
        name=Label(f"개인정보 {ticked.ko} 요구에 대한 결과 통지서", f"Notice of the result: {ticked.en}"),
        title=Label(f"개인정보 ( {ko} ) 요구에 대한 결과 통지서", f"Notice of the result of your request ( {en} )"),
        rows=(
            (_marked(ko, "조치 내용", "What was done", (*_told(notice, tongue), *pending(notice, tongue)), tongue),),
            (_marked(ko, "결정 사유", "Reason", reason(notice.answer, tongue), tongue),),
        ),
        statement=_WITHDRAWAL_STATEMENT if withdrawal else _RESULT_STATEMENT,
        cautions=(_CAUTION, *((_BEFORE,) if withdrawal else ())),
    )


def _marked(marks: str, ko: str, en: str, told: tuple[str, ...], tongue: Tongue) -> Cell:
    """A field whose name is repeated with the boxes of the title."""
    stacked = marks.replace("  ", "\n")
    return Cell(both(Label(f"{stacked}\n{ko}", en), tongue), told)


def _box(right: Right) -> Label:
    match right:
        case Right.SUSPENSION:
            return _SUSPENSION
        case Right.CONSENT_WITHDRAWAL:
            return _WITHDRAWAL
        case _:
            return _CORRECTION


_REFUSED = Label(
    "요구하신 조치를 하지 않습니다. 그 사유를 아래에 적었습니다.",
    "What you asked for is not done. The reason stands below.",
)
_BARRED = Label(
    "다음 법령이 수집 대상으로 정한 개인정보여서 삭제할 수 없습니다. 그 사유를 아래에 적었습니다.",
    "The statutes below name this data as data to be collected, so it cannot be deleted. The reason stands below.",
)
_NOTHING_TO_DO = Label("따라서 조치할 대상이 없습니다.", "So there is nothing to act on.")


def _told(notice: ResultNotice, tongue: Tongue) -> tuple[str, ...]:
    match notice.answer:
        case Done(action=action) | PartlyDone(action=action):
            return lines(action)
        case Refused():
            return (say(_REFUSED, tongue),)
        case Barred(statutes=statutes):
            return (say(_BARRED, tongue), *(visible(f"· {one}") for one in statutes))
        case HandedOver(controllers=controllers):
            return handed_over(controllers, tongue)
        case NothingHeld(other_ways=ways):
            return nothing_held(ways, tongue, more=(say(_NOTHING_TO_DO, tongue),))
