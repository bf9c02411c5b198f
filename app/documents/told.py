"""What forms 9 and 10 say alike: nothing held, handed over, a holder still silent, the reason of a refusal."""

from dataclasses import dataclass

from app.documents.frame import NONE, Cell, ground_lines
from app.documents.korean import lines, visible
from app.documents.notices import AccessAnswer, Notice, ResultAnswer, Withheld
from app.documents.tongue import Tongue, say
from app.law.terms import Label


@dataclass(frozen=True, slots=True)
class Body:
    """The parts of one form that the other does not have."""

    number: int
    name: Label
    title: Label
    rows: tuple[tuple[Cell, ...], ...]
    statement: Label
    cautions: tuple[Label, ...]


_NOTHING = Label(
    "알려 주신 성명과 연락처로 저희가 보유하고 있는 개인정보가 없습니다.",
    "Under the name and contact that you gave we hold no personal data.",
)
_OTHER_WAYS = Label(
    "다른 연락처로 이용하신 적이 있으면 다음 방법으로 본인임을 확인하고 다시 요구하실 수 있습니다.",
    "If you have used us under another contact, you can show who you are in one of these ways and ask again.",
)
_HANDED_OVER = Label(
    "요구하신 개인정보는 다른 개인정보처리자의 것이어서 저희가 결정할 수 없습니다. 요구를 다음 곳에 넘겼습니다.",
    "The data you asked about belongs to another controller, so we cannot decide. We passed your request on to:",
)
_PENDING = Label(
    "아직 조치 결과가 확인되지 않은 곳이 있습니다. 어디인지 붙임에 적었습니다.",
    "Somebody who holds your data has not reported yet. Who that is stands in the annex.",
)


def nothing_held(ways: tuple[str, ...], tongue: Tongue, *, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """That nothing is held, and how else to prove who one is; said to everybody alike."""
    return (say(_NOTHING, tongue), *more, say(_OTHER_WAYS, tongue), *(visible(f"· {one}") for one in ways))


def handed_over(controllers: tuple[tuple[str, str], ...], tongue: Tongue) -> tuple[str, ...]:
    """Who answers instead, and how they are reached."""
    return (say(_HANDED_OVER, tongue), *(visible(f"· {name}: {contact}") for name, contact in controllers))


def pending(notice: Notice, tongue: Tongue) -> tuple[str, ...]:
    """A word on the form itself where a holder has not answered; the annex names it."""
    return (say(_PENDING, tongue),) if notice.silent else ()


def reason(answer: AccessAnswer | ResultAnswer, tongue: Tongue) -> tuple[str, ...]:
    """The reason, then each ground with its article and facts."""
    withheld: Withheld | None = getattr(answer, "withheld", None)
    if withheld is None:
        return (say(NONE, tongue),)
    return (*lines(withheld.reason), *(line for one in withheld.grounds for line in ground_lines(one, tongue)))
