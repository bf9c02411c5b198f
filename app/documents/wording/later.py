"""After the first answer: put off, objected to, destroyed at last, treated after a stop, sent to the wrong person."""

from typing import Final

from app.documents.wording.tones import Spoken, Words

_SEE_KO = (
    "[보는 방법]\n"
    "{site} 에서 접수번호와 조회번호를 넣고 인증번호로 한 번 더 확인하시면 통지서를 보실 수 있습니다.\n"
    "인터넷을 쓰기 어려우시면 {desk_phone}번으로 전화해 주세요.\n"
)
_SEE_EN = (
    "[How to see it]\n"
    "Go to {site} , enter your receipt number and tracking code, and confirm once more with a code.\n"
    "If you would rather not use the internet, call {desk_phone}.\n"
)
_SEE_EASY = (
    "[보는 방법]\n"
    "{site} 에서 접수번호와 조회번호를 넣고, 인증번호를 한 번 더 넣으면 볼 수 있어요.\n"
    "어려우면 {desk_phone}번으로 전화해 주세요.\n"
)
_DESK_KO, _DESK_EN = "{controller} 개인정보 요구 창구입니다.\n\n", "This is the personal data desk of {controller}.\n\n"
_DESK_EASY = "{controller} 개인정보 요구 창구예요.\n\n"
_WHERE_KO = "접수하신 홈페이지에서 접수번호와 조회번호를 넣거나 {desk_phone}번으로 전화해 확인하세요."
_WHERE_EN = "See it on the website where you filed, or call {desk_phone}."
_WHERE_EASY = "홈페이지에서 접수번호와 조회번호를 넣고 보세요. 어려우면 {desk_phone}번으로 전화해 주세요."

WORDS: Final[Words] = {
    "postponed": {
        "ko": Spoken(
            "[{controller}] 답변을 조금 미루게 되었습니다",
            _DESK_KO + "접수번호 {receipt_no}의 요구에 대한 답변을 미루게 되었습니다.\n"
            "까닭과 예정일, 동의하지 않으실 때 하실 수 있는 일은 통지서에 적었습니다.\n\n" + _SEE_KO,
            "[{controller}] 접수 {receipt_no} 요구의 답변을 미룹니다. 까닭과 예정일은 통지서에 있습니다. " + _WHERE_KO,
        ),
        "en": Spoken(
            "[{controller}] The answer to your request is put off",
            _DESK_EN + "The answer to the request with receipt number {receipt_no} is put off.\n"
            "The notice says why, until when, and what you can do if you disagree.\n\n" + _SEE_EN,
            "[{controller}] Request {receipt_no}: the answer is put off; a notice says why. " + _WHERE_EN,
        ),
        "easy": Spoken(
            "[{controller}] 답을 조금 늦게 드려요",
            _DESK_EASY + "접수번호 {receipt_no} 일의 답을 조금 늦게 드리게 되었어요.\n"
            "왜 늦는지, 언제 드리는지는 알림 글에 적었어요.\n\n" + _SEE_EASY,
            "[{controller}] 접수 {receipt_no} 일의 답이 조금 늦어져요. 까닭과 날짜는 알림 글에 있어요. " + _WHERE_EASY,
        ),
    },
    # The cause of a delay has ended: in the words of any answer, so that nothing is given away.
    "deferral_ended": {
        "ko": Spoken(
            "[{controller}] 미루었던 답변이 준비되었습니다",
            _DESK_KO + "접수번호 {receipt_no}의 요구에 대하여 미루었던 답변이 준비되었습니다.\n"
            "안전을 위해 이 메일에는 내용을 적지 않습니다.\n\n" + _SEE_KO + "\n"
            "[답변에 동의하지 않으시면]\n"
            "다시 살펴 달라고(이의 제기) 하실 수 있습니다. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n",
            "[{controller}] 접수 {receipt_no} 미루었던 답변이 나왔습니다. " + _WHERE_KO,
        ),
        "en": Spoken(
            "[{controller}] The answer that was put off is ready",
            _DESK_EN + "The answer to the request with receipt number {receipt_no}, which was put off, is ready.\n"
            "For your safety this mail does not say what is in it.\n\n" + _SEE_EN + "\n"
            "[If you disagree]\n"
            "You can object. Tell us at {desk_phone} or {desk_email}.\n",
            "[{controller}] Request {receipt_no}: the answer that was put off is ready. " + _WHERE_EN,
        ),
        "easy": Spoken(
            "[{controller}] 늦어진 답이 나왔어요",
            _DESK_EASY + "접수번호 {receipt_no} 일의 답이 늦어졌지요. 이제 답이 나왔어요.\n"
            "다른 사람이 볼 수도 있어서 여기에는 내용을 적지 않았어요.\n\n" + _SEE_EASY + "\n"
            "[답이 마음에 들지 않으면]\n"
            "다시 살펴봐 달라고 할 수 있어요. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n",
            "[{controller}] 접수 {receipt_no} 일의 늦어진 답이 나왔어요. " + _WHERE_EASY,
        ),
    },
    "objection_received": {
        "ko": Spoken(
            "[{controller}] 이의제기를 받았습니다",
            _DESK_KO + "접수번호 {receipt_no}의 이의제기를 받았습니다.\n"
            "처음 결정에 관여하지 않은 다른 사람이 다시 살펴보고 {due_on}까지 알려 드립니다.\n\n"
            "제기하신 적이 없으면 전화({desk_phone})나 메일({desk_email})로 바로 알려 주세요.\n",
            "[{controller}] 접수 {receipt_no} 이의제기를 받았습니다. 다른 사람이 다시 살펴보고 {due_on}까지 "
            "알려 드립니다. 문의는 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Your objection has arrived",
            _DESK_EN + "Your objection to the answer with receipt number {receipt_no} has arrived.\n"
            "Somebody who took no part in the first decision looks at it again and answers by {due_on}.\n\n"
            "If you did not object, tell us at once: {desk_phone} or {desk_email}.\n",
            "[{controller}] Request {receipt_no}: your objection has arrived and is answered by {due_on}. "
            "Questions: {desk_phone}",
        ),
        "easy": Spoken(
            "[{controller}] 다시 살펴봐 달라는 말을 들었어요",
            _DESK_EASY + "접수번호 {receipt_no} 일을 다시 살펴볼게요.\n"
            "처음 정한 사람이 아닌 다른 사람이 보고 {due_on}까지 알려 줄게요.\n\n"
            "그런 말을 한 적이 없으면 전화({desk_phone})나 메일({desk_email})로 바로 알려 주세요.\n",
            "[{controller}] 접수 {receipt_no} 일을 다시 살펴보고 {due_on}까지 알려 줄게요. "
            "궁금하면 {desk_phone}번으로 전화해 주세요.",
        ),
    },
    "ruling": {
        "ko": Spoken(
            "[{controller}] 이의제기의 결과가 나왔습니다",
            _DESK_KO + "접수번호 {receipt_no}의 이의제기에 대한 결과가 나왔습니다.\n"
            "안전을 위해 이 메일에는 내용을 적지 않습니다.\n\n" + _SEE_KO,
            "[{controller}] 접수 {receipt_no} 이의제기의 결과가 나왔습니다. " + _WHERE_KO,
        ),
        "en": Spoken(
            "[{controller}] There is a ruling on your objection",
            _DESK_EN + "There is a ruling on your objection, receipt number {receipt_no}.\n"
            "For your safety this mail does not say what is in it.\n\n" + _SEE_EN,
            "[{controller}] Request {receipt_no}: there is a ruling on your objection. " + _WHERE_EN,
        ),
        "easy": Spoken(
            "[{controller}] 다시 살펴본 결과가 나왔어요",
            _DESK_EASY + "접수번호 {receipt_no} 일을 다시 살펴본 결과가 나왔어요.\n"
            "다른 사람이 볼 수도 있어서 여기에는 내용을 적지 않았어요.\n\n" + _SEE_EASY,
            "[{controller}] 접수 {receipt_no} 일을 다시 살펴본 결과가 나왔어요. " + _WHERE_EASY,
        ),
    },
    "fenced_destroyed": {
        "ko": Spoken(
            "[{controller}] 보존 기간이 끝난 기록을 파기했습니다",
            _DESK_KO + "접수번호 {receipt_no}에서 법령 때문에 남겨 두었던 기록의 보존 기간이 끝나 파기했습니다.\n"
            "무엇을 언제 파기했는지는 통지서에 적었습니다.\n\n" + _SEE_KO,
            "[{controller}] 접수 {receipt_no} 법령에 따라 남겨 두었던 기록을 파기했습니다. "
            "문의는 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Records that had to be kept are destroyed",
            _DESK_EN + "Records that a statute kept after request {receipt_no} are destroyed: its period is over.\n"
            "The notice says what was destroyed and when.\n\n" + _SEE_EN,
            "[{controller}] Request {receipt_no}: the records that a statute kept are destroyed. "
            "Questions: {desk_phone}",
        ),
        "easy": Spoken(
            "[{controller}] 남겨 두었던 기록을 없앴어요",
            _DESK_EASY + "접수번호 {receipt_no} 일에서 법 때문에 남겨 두었던 기록을 이제 없앴어요.\n"
            "무엇을 언제 없앴는지는 알림 글에 적었어요.\n\n" + _SEE_EASY,
            "[{controller}] 접수 {receipt_no} 법 때문에 남겨 두었던 기록을 없앴어요. "
            "궁금하면 {desk_phone}번으로 전화해 주세요.",
        ),
    },
    "follow_up_done": {
        "ko": Spoken(
            "[{controller}] 처리를 멈춘 개인정보를 조치했습니다",
            _DESK_KO + "접수번호 {receipt_no}에서 처리를 멈춘 개인정보에 필요한 조치를 마쳤습니다.\n"
            "어떻게 조치했는지는 통지서에 적었습니다.\n\n" + _SEE_KO,
            "[{controller}] 접수 {receipt_no} 처리를 멈춘 개인정보의 조치를 마쳤습니다. " + _WHERE_KO,
        ),
        "en": Spoken(
            "[{controller}] The data whose processing was stopped has been dealt with",
            _DESK_EN + "The data whose processing was stopped at your request {receipt_no} has been dealt with.\n"
            "The notice says how.\n\n" + _SEE_EN,
            "[{controller}] Request {receipt_no}: the stopped data has been dealt with. " + _WHERE_EN,
        ),
        "easy": Spoken(
            "[{controller}] 쓰지 않기로 한 정보를 정리했어요",
            _DESK_EASY + "접수번호 {receipt_no} 일에서 쓰지 않기로 한 정보를 정리했어요.\n"
            "어떻게 정리했는지는 알림 글에 적었어요.\n\n" + _SEE_EASY,
            "[{controller}] 접수 {receipt_no} 쓰지 않기로 한 정보를 정리했어요. " + _WHERE_EASY,
        ),
    },
}
