"""What stands above a notice to somebody under age: what was done, what they can do (Act 22-2(3), policy 9.2)."""

from collections.abc import Iterator

from app.documents.notices import (
    Barred,
    Done,
    Footage,
    Granted,
    HandedOver,
    NothingHeld,
    Notice,
    PartlyDone,
    PartlyGranted,
    Postponed,
    Refused,
    ResultNotice,
)
from app.documents.tongue import Tongue, day, either, say
from app.law.terms import Label, Right

TITLE: dict[Tongue, str] = {"ko": "쉽게 말하면", "en": "In easy words"}
_WHY = Label("왜 그런지는 아래 표에 적었어요.", "The table below says why.")
_DONE = {
    Right.CORRECTION: Label("부탁한 대로 고쳤어요.", "We corrected it as you asked."),
    Right.DELETION: Label(
        "부탁한 정보를 지웠어요. 다시 되살릴 수 없어요.", "We deleted what you asked us to. It cannot come back."
    ),
    Right.SUSPENSION: Label("이제 그 일에는 내 정보를 쓰지 않아요.", "We no longer use your data for that."),
    Right.CONSENT_WITHDRAWAL: Label(
        "써도 된다고 한 것을 거두었어요. 이제 그 일에는 내 정보를 쓰지 않아요.",
        "You took your yes back. We no longer use your data for that.",
    ),
}
_PARTLY = {
    Right.CORRECTION: Label("부탁한 것 가운데 일부만 고쳤어요.", "We corrected only a part of what you asked."),
    Right.DELETION: Label("부탁한 것 가운데 일부만 지웠어요.", "We deleted only a part of what you asked."),
    Right.SUSPENSION: Label(
        "부탁한 일 가운데 일부에만 내 정보를 쓰지 않기로 했어요.",
        "For a part of what you asked, we stop using your data.",
    ),
    Right.CONSENT_WITHDRAWAL: Label(
        "써도 된다고 한 것을 거두었어요. 그래도 남겨 두는 것이 있어요.",
        "You took your yes back. Still, we keep some things.",
    ),
}
_GRANTED = Label(
    "부탁한 내 정보를 볼 수 있어요. 언제 어디서 보는지는 아래 표에 적었어요.",
    "You can see your data. The table below says when and where.",
)
_PARTLY_GRANTED = Label("부탁한 내 정보 가운데 일부만 볼 수 있어요.", "You can see only a part of your data.")
_UNDER_WAY = Label("부탁한 일을 하고 있어요.", "We are doing what you asked.")
_REFUSED = Label("부탁한 대로 해 줄 수 없어요.", "We cannot do what you asked.")
_NOTHING = Label(
    "알려 준 이름과 연락처로 찾아보니 우리에게는 내 정보가 없어요.",
    "We looked with the name and contact you gave us. We have no data about you.",
)
_HANDED_OVER = Label(
    "내 정보는 다른 회사가 가지고 있어서 그곳에 부탁을 넘겼어요. 어디인지는 아래 표에 적었어요.",
    "Another company has your data, so we sent your request there. The table below says which.",
)
_SILENT = Label(
    "아직 답이 오지 않은 곳이 있어요. 답이 오면 다시 알려 줄게요.",
    "Somebody has not answered us yet. When they do, we will tell you.",
)


_PLAIN = {Granted: _GRANTED, NothingHeld: _NOTHING, HandedOver: _HANDED_OVER}
_FOOTAGE = {
    True: Label("부탁한 때의 영상이 있어요.", "There is video of the time you asked about."),
    False: Label(
        "부탁한 때의 영상은 없어요. 까닭은 아래에 적었어요.",
        "There is no video of the time you asked about. Below you can read why.",
    ),
    None: Label("부탁한 때의 영상이 있는지 찾고 있어요.", "We are looking for video of the time you asked about."),
}


def plainly(notice: Notice) -> tuple[str, ...]:
    """The note, line by line."""
    return (*_answer(notice, notice.language), *_next(notice, notice.language))


def _answer(notice: Notice, tongue: Tongue) -> Iterator[str]:
    """What was done, in a sentence or two."""
    right = notice.right if isinstance(notice, ResultNotice) else Right.ACCESS
    why = say(_WHY, tongue)
    match notice.answer:
        case Granted() | NothingHeld() | HandedOver() as given:
            yield say(_PLAIN[type(given)], tongue)
        case PartlyGranted():
            yield f"{say(_PARTLY_GRANTED, tongue)} {why}"
        case Postponed(expected_on=expected):
            on = day(expected, tongue)
            ko = f"조금 더 기다려야 해요. {on}에 볼 수 있어요. {why}"
            yield either(tongue, ko, f"Please wait a little longer. You can see it on {on}. {why}")
        case Done():
            yield say(_UNDER_WAY if notice.silent else _DONE[right], tongue)
        case PartlyDone():
            yield f"{say(_PARTLY[right], tongue)} {why}"
        case Refused() | Barred():
            yield f"{say(_REFUSED, tongue)} {why}"
        case Footage(found=found):
            yield say(_FOOTAGE[found], tongue)
    if notice.silent:
        yield say(_SILENT, tongue)


def _next(notice: Notice, tongue: Tongue) -> Iterator[str]:
    """What the person can do, and whom to ask."""
    call, until = _call(notice, tongue), day(notice.objection.until, tongue) if notice.objection.until else ""
    ko = f"{until}까지 {call}" if until else call
    en = f"{call} by {until}" if until else call
    yield either(
        tongue,
        f"답이 마음에 들지 않으면 다시 살펴봐 달라고 할 수 있어요. {ko} 말해 주세요.",
        f"If you do not like the answer, you can ask us to look again. {en} and tell us.",
    )
    yield either(
        tongue,
        f"어려운 말이 있으면 {call} 물어봐 주세요. 믿을 수 있는 어른과 같이 봐도 좋아요.",
        f"If a word is hard, {call[:1].lower()}{call[1:]} and ask. You can also read this with a grown-up you trust.",
    )


def _call(notice: Notice, tongue: Tongue) -> str:
    sender = notice.sender
    if sender.phone:
        return either(tongue, f"{sender.phone}번으로 전화해서", f"Call {sender.phone}")
    return either(tongue, f"{sender.desk}에", f"Go to {sender.desk}")
