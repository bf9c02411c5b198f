"""An answer to who asked for a copy on paper, where that may cost something (Decree 47).

The same words whatever came of it and whatever it costs: the notice says that.
"""

from typing import Final

from app.documents.wording.answers import WORDS as ANSWERS
from app.documents.wording.tones import Spoken, Tone, Words

_COST: Final[dict[Tone, tuple[str, str]]] = {
    "ko": (
        "\n[종이 사본의 비용]\n"
        "종이로 받으실 것이 있으면 드는 비용과 내시는 방법을 통지서에 적었습니다.\n"
        "전자파일로 받으시는 것은 무료이며, 비용을 내기 전에도 받으실 수 있습니다.\n",
        " 종이로 받으실 때의 비용은 통지서에 있습니다. 전자파일은 무료입니다.",
    ),
    "en": (
        "\n[Copies on paper]\n"
        "If there is anything to send you on paper, the notice says what that costs and how to pay.\n"
        "Electronic files are free, and do not wait for any payment.\n",
        " What paper copies cost is in the notice; electronic files are free.",
    ),
    "easy": (
        "\n[돈]\n종이로 받을 때 드는 돈은 알림 글에 적었어요. 파일로 받으면 돈이 들지 않아요.\n",
        " 종이로 받을 때 드는 돈은 알림 글에 있어요. 파일은 돈이 들지 않아요.",
    ),
}


def _with_cost(spoken: Spoken, tone: Tone) -> Spoken:
    mail, sms = _COST[tone]
    return Spoken(spoken.subject, spoken.mail + mail, spoken.sms + sms)


WORDS: Final[Words] = {"result_paper": {tone: _with_cost(one, tone) for tone, one in ANSWERS["result"].items()}}
