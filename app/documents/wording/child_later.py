"""What stands above a notice without a form to somebody under age: what happened, what they can do (policy 9.2)."""

from collections.abc import Iterator

from app.documents.free import CorrectedNotice, DestroyedNotice, FreeNotice, LeakNotice, MeasureNotice, RulingNotice
from app.documents.tongue import Tongue, either, say
from app.law.terms import Label

_RULINGS = {
    ("confirmed", False): Label(
        "다시 살펴봤어요. 처음 정한 것을 그대로 두기로 했어요. 왜 그런지는 아래 표에 적었어요.",
        "We looked again. The answer stays as it was. The table below says why.",
    ),
    ("overturned", False): Label(
        "다시 살펴봤어요. 다른 사람이 처음부터 다시 정할 거예요.",
        "We looked again. Somebody else will decide anew.",
    ),
    ("confirmed", True): Label(
        "다시 살펴봤어요. 조금 더 기다려야 해요. 왜 그런지는 아래 표에 적었어요.",
        "We looked again. You still have to wait a little. The table below says why.",
    ),
    ("overturned", True): Label(
        "다시 살펴봤어요. 더 기다리지 않도록 바로 시작할게요.",
        "We looked again. You need not wait any longer: we go on now.",
    ),
}
_DESTROYED = Label(
    "법 때문에 남겨 두었던 기록을 이제 없앴어요. 다시 되살릴 수 없어요.",
    "We had to keep some records. Now they are gone and cannot come back.",
)
_MEASURE = Label(
    "쓰지 않기로 한 내 정보를 정리했어요. 어떻게 했는지는 아래 표에 적었어요.",
    "We took care of the data that we no longer use. The table below says how.",
)
_LEAK = Label(
    "내 정보가 다른 사람에게 잘못 갔어요. 미안해요. 어른과 같이 아래 표를 읽어 주세요.",
    "Your data went to somebody by mistake. We are sorry. Please read the table below with a grown-up.",
)
_MAY_LEAK = Label(
    "내 정보가 다른 사람에게 잘못 갔을 수도 있어요. 어른과 같이 아래 표를 읽어 주세요.",
    "Your data may have gone to somebody by mistake. Please read the table below with a grown-up.",
)
_OUTSIDE = Label(
    "회사 밖에도 도와주는 곳이 있어요. 어디인지는 아래 표에 적었어요.",
    "People outside the company can help too. The table below says who.",
)


def plainly(notice: FreeNotice) -> tuple[str, ...]:
    """The note, line by line."""
    return (*_said(notice, notice.language), *_next(notice, notice.language))


def _said(notice: FreeNotice, tongue: Tongue) -> Iterator[str]:
    match notice:
        case RulingNotice():
            yield say(_RULINGS[notice.result, notice.of_postponement], tongue)
            yield say(_OUTSIDE, tongue)
        case DestroyedNotice():
            yield say(_DESTROYED, tongue)
        case MeasureNotice():
            yield say(_MEASURE, tongue)
        case LeakNotice():
            yield say(_MAY_LEAK if notice.possible else _LEAK, tongue)
        case CorrectedNotice():
            # To a company: no child reads it.
            return


def _next(notice: FreeNotice, tongue: Tongue) -> Iterator[str]:
    """Whom to ask."""
    sender = notice.sender
    call = either(tongue, f"{sender.phone}번으로 전화해서", f"Call {sender.phone}")
    if not sender.phone:
        call = either(tongue, f"{sender.desk}에", f"Go to {sender.desk}")
    ko = f"궁금하거나 생각이 다르면 {call} 말해 주세요. 믿을 수 있는 어른과 같이 봐도 좋아요."
    yield either(tongue, ko, f"{call} if you have a question or think otherwise. You can ask a grown-up to help you.")
