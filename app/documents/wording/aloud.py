"""What staff say at the telephone or the counter: nothing of the matter before they know who listens, then plain words.

`do` is for staff, in Korean; `say` is read out, in the language of whoever listens.
"""

from typing import Final, NamedTuple

from app.documents.tongue import Tongue
from app.documents.wording.tones import Tone


class AloudWords(NamedTuple):
    """The fixed sentences of one tone."""

    greet: str
    is_it_you: str
    ask: str
    begin: str
    reason: str
    grounds: str
    silent: str
    until: str
    object: str
    object_until: str
    bodies: str
    paper: str
    close: str


SCRIPT: Final[dict[Tone, AloudWords]] = {
    "ko": AloudWords(
        greet="안녕하세요. {controller} {desk}입니다.",
        is_it_you="{name} 님이신가요?",
        ask="접수번호나 언제 무엇을 요구하셨는지 말씀해 주시겠어요?",
        begin="접수번호 {receipt_no} 일을 알려 드리겠습니다.",
        reason="까닭을 말씀드리겠습니다. {reason}",
        grounds="법에 정해진 사유는 다음과 같습니다. {text} ({article})",
        silent="아직 답이 오지 않은 곳이 있습니다. {names}. 답이 오면 다시 알려 드립니다.",
        until="{label}, {day}까지 보존합니다.",
        object="동의하지 않으시면 이의를 제기하실 수 있습니다. {how}",
        object_until="이의는 {day}까지 제기해 주세요.",
        bodies="회사 밖에도 도움받으실 곳이 있습니다. {names}",
        paper="통지서를 우편이나 홈페이지로 받아 보시겠어요?",
        close="궁금하신 점은 {phone}번으로 전화해 주세요. 고맙습니다.",
    ),
    "en": AloudWords(
        greet="Hello, this is {desk} of {controller}.",
        is_it_you="Am I speaking with {name}?",
        ask="Could you tell me your receipt number, or what you asked for and when?",
        begin="I am calling about the request with receipt number {receipt_no}.",
        reason="The reason is this: {reason}",
        grounds="The ground in law is this: {text} ({article})",
        silent="Not everybody who holds the data has answered yet: {names}. We tell you when they do.",
        until="{label} is kept until {day}.",
        object="If you disagree, you can object. {how}",
        object_until="Please object by {day}.",
        bodies="You can also turn to bodies outside the company: {names}",
        paper="Would you like the written notice by post or on our website?",
        close="If you have questions, call {phone}. Thank you.",
    ),
    "easy": AloudWords(
        greet="안녕하세요. {controller} {desk}예요.",
        is_it_you="{name} 맞나요?",
        ask="접수번호가 무엇인지, 무엇을 부탁했는지 말해 줄래요?",
        begin="접수번호 {receipt_no} 일의 답을 알려 줄게요.",
        reason="왜 그런지 말해 줄게요. {reason}",
        grounds="법에는 이렇게 적혀 있어요. {text} ({article})",
        silent="아직 답이 오지 않은 곳이 있어요. {names}. 답이 오면 다시 알려 줄게요.",
        until="{label}은 {day}까지 남겨 두어요.",
        object="답이 마음에 들지 않으면 다시 살펴봐 달라고 할 수 있어요. {how}",
        object_until="{day}까지 말해 주세요.",
        bodies="회사 밖에도 도와주는 곳이 있어요. {names}",
        paper="답을 적은 종이를 우편으로 받을래요, 홈페이지에서 볼래요?",
        close="궁금하면 {phone}번으로 전화해 주세요. 고마워요.",
    ),
}

DO_CALL: Final = "받는 분에게 전화합니다. 다른 사람이 받으면 무슨 일인지 말하지 말고 나중에 다시 걸겠다고만 합니다."
DO_MEET: Final = "창구에 오신 분의 신분증을 봅니다. 다른 사람이면 무슨 일인지 말하지 않습니다."
DO_CHECK: Final = "요구서에 적힌 것과 같은지 봅니다. 다르거나 망설이면 여기서 멈추고, 다시 확인하겠다고만 합니다."
DO_TELL: Final = "확인된 분에게만 천천히 읽어 드립니다. 개인정보의 내용은 전화로 읽지 않습니다."
DO_OBJECT: Final = "이의제기 방법을 알려 드립니다. 그 자리에서 이의를 말씀하시면 받아 적어 접수합니다."
DO_CLOSE: Final = "통지서를 어떻게 받으실지 여쭙고, 마치면 언제 어떻게 알렸는지 적습니다."

# What an answer comes to, in a sentence. To somebody under age it is said in the words that stand above the notice.
ANSWERS: Final[dict[Tongue, dict[str, str]]] = {
    "ko": {
        "granted": "요구하신 개인정보를 보실 수 있습니다. {opens}부터 {place}에서 보실 수 있습니다.",
        "partly_granted": "요구하신 개인정보 가운데 일부를 보실 수 있습니다. {opens}부터 {place}에서 보실 수 있습니다.",
        "postponed": "열람을 미루게 되었습니다. {expected}에 보실 수 있습니다.",
        "done": "{action}",
        "partly_done": "{action}",
        "refused": "요구하신 것을 받아들이지 못하였습니다.",
        "barred": "다른 법령이 수집하도록 정한 개인정보여서 삭제하지 못하였습니다. {statutes}",
        "nothing_held": "알려 주신 이름과 연락처로는 저희가 가진 개인정보가 없습니다. 다른 확인 방법: {ways}",
        "handed_over": "요구하신 개인정보는 다른 회사의 것이어서 그 회사에 전달하였습니다. {controllers}",
        "confirmed": "이의제기를 살펴보았고, 처음 결정을 그대로 두기로 하였습니다.",
        "overturned": "이의제기를 받아들였습니다. 다른 담당자가 다시 판단합니다.",
        "destroyed": "법령 때문에 남겨 두었던 기록의 보존 기간이 끝나 파기하였습니다.",
        "measure": "처리를 멈춘 개인정보에 필요한 조치를 마쳤습니다.",
        "leak": "개인정보가 잘못 전해진 일이 있어 알려 드립니다. 죄송합니다.",
        "possible": "개인정보가 잘못 전해졌을 수 있어 알려 드립니다.",
    },
    "en": {
        "granted": "You can see the data you asked for, from {opens}, at {place}.",
        "partly_granted": "You can see a part of the data you asked for, from {opens}, at {place}.",
        "postponed": "Access is put off. You can see the data on {expected}.",
        "done": "{action}",
        "partly_done": "{action}",
        "refused": "We could not do what you asked for.",
        "barred": "Another statute names this data as data to be collected, so it was not deleted: {statutes}",
        "nothing_held": "Under the name and contact you gave we hold no data. Other ways to confirm: {ways}",
        "handed_over": "The data belongs to another company, to which we passed your request: {controllers}",
        "confirmed": "We looked at your objection, and the decision stands.",
        "overturned": "Your objection was upheld. Somebody else decides anew.",
        "destroyed": "The records that a statute kept are destroyed: its period is over.",
        "measure": "The data whose processing was stopped has been dealt with.",
        "leak": "We have to tell you that personal data reached somebody it was not meant for. We are sorry.",
        "possible": "We have to tell you that personal data may have reached somebody it was not meant for.",
    },
}
