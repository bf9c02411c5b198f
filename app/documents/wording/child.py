"""What stands above a notice to somebody under age: what was done, what they can do (Act 22-2(3), policy 9.2)."""

from collections.abc import Iterator

from app.documents.korean import day
from app.documents.notices import (
    Done,
    Granted,
    NothingHeld,
    Notice,
    PartlyDone,
    PartlyGranted,
    Postponed,
    Refused,
    ResultNotice,
)
from app.law.terms import Right

TITLE = "쉽게 말하면"
_WHY = "왜 그런지는 아래 표에 적었어요."
_DONE = {
    Right.CORRECTION: "부탁한 대로 고쳤어요.",
    Right.DELETION: "부탁한 정보를 지웠어요. 다시 되살릴 수 없어요.",
    Right.SUSPENSION: "이제 그 일에는 내 정보를 쓰지 않아요.",
    Right.CONSENT_WITHDRAWAL: "써도 된다고 한 것을 거두었어요. 이제 그 일에는 내 정보를 쓰지 않아요.",
}
_PARTLY = {
    Right.CORRECTION: "부탁한 것 가운데 일부만 고쳤어요.",
    Right.DELETION: "부탁한 것 가운데 일부만 지웠어요.",
    Right.SUSPENSION: "부탁한 일 가운데 일부에만 내 정보를 쓰지 않기로 했어요.",
    Right.CONSENT_WITHDRAWAL: "써도 된다고 한 것을 거두었어요. 그래도 남겨 두는 것이 있어요.",
}


def plainly(notice: Notice) -> tuple[str, ...]:
    """The note, line by line."""
    return (*_answer(notice), *_next(notice))


def _answer(notice: Notice) -> Iterator[str]:
    """What was done, in a sentence or two."""
    right = notice.right if isinstance(notice, ResultNotice) else Right.ACCESS
    match notice.answer:
        case Granted():
            yield "부탁한 내 정보를 볼 수 있어요. 언제 어디서 보는지는 아래 표에 적었어요."
        case PartlyGranted():
            yield f"부탁한 내 정보 가운데 일부만 볼 수 있어요. {_WHY}"
        case Postponed(expected_on=expected):
            yield f"조금 더 기다려야 해요. {day(expected)}에 볼 수 있어요. {_WHY}"
        case Done():
            yield "부탁한 일을 하고 있어요." if notice.silent else _DONE[right]
        case PartlyDone():
            yield f"{_PARTLY[right]} {_WHY}"
        case Refused():
            yield f"부탁한 대로 해 줄 수 없어요. {_WHY}"
        case NothingHeld():
            yield "알려 준 이름과 연락처로 찾아보니 우리에게는 내 정보가 없어요."
    if notice.silent:
        yield "아직 답이 오지 않은 곳이 있어요. 답이 오면 다시 알려 줄게요."


def _next(notice: Notice) -> Iterator[str]:
    """What the person can do, and whom to ask."""
    until = f"{day(notice.objection.until)}까지 " if notice.objection.until else ""
    yield f"답이 마음에 들지 않으면 다시 살펴봐 달라고 할 수 있어요. {until}{_call(notice)} 말해 주세요."
    yield f"어려운 말이 있으면 {_call(notice)} 물어봐 주세요. 믿을 수 있는 어른과 같이 봐도 좋아요."


def _call(notice: Notice) -> str:
    sender = notice.sender
    return f"{sender.phone}번으로 전화해서" if sender.phone else f"{sender.desk}에"
