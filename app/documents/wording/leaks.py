"""A leak, told whole in the message itself (Act 34(1), 34(2)): whoever reads it may have no access to this desk."""

from collections.abc import Mapping
from typing import Final

from app.documents.wording.tones import Spoken, Tone, Words
from app.law.terms import Label

HOW: Final[Mapping[str, Label]] = {
    "wrong_recipient": Label(
        "개인정보 요구에 대한 답변이 다른 사람에게 전해진 것을 알게 되었습니다.",
        "The answer to a request about personal data reached somebody it was not meant for.",
    ),
    "wrong_contents": Label(
        "개인정보 요구에 대한 답변에 다른 분의 개인정보가 섞여 들어간 것을 알게 되었습니다.",
        "The answer to a request about personal data held somebody else's data.",
    ),
    "outside_access": Label(
        "허락받지 않은 사람이 개인정보 요구를 다루는 시스템에 들어온 것을 알게 되었습니다.",
        "Somebody without permission got into the system that answers requests about personal data.",
    ),
}
CAN_DO: Final = Label(
    "모르는 곳에서 온 전화와 문자에 개인정보나 인증번호를 알려 주지 마세요. "
    "같은 비밀번호를 쓰는 곳이 있으면 바꾸어 주세요. 피해가 의심되면 바로 알려 주세요.",
    "Do not give personal data or codes to callers you do not know. Change passwords that you use in several places. "
    "Tell us at once if you suspect harm.",
)
DID: Final = Label(
    "알게 된 즉시 답변을 거두어들여 파기하고 열어 볼 수 있는 길을 모두 막았습니다. "
    "손해가 있으면 물어보실 곳에서 피해 구제 절차를 안내해 드립니다.",
    "We called the answer back at once, destroyed it and closed every way to it. "
    "If you suffered harm, the contact below explains how it is made good.",
)
"""What a draft says until an officer has written it better."""


def _told(ko: tuple[str, str], en: tuple[str, str], easy: tuple[str, str]) -> Mapping[Tone, Spoken]:
    """The five things under their headings; `ko`, `en`, `easy`: the subject, and what happened in one sentence."""
    return {
        "ko": Spoken(
            f"[{{controller}}] {ko[0]}",
            f"{{controller}} 개인정보 보호 부서입니다.\n\n{ko[1]} 죄송합니다.\n\n"
            "[어떤 정보인지]\n{leaked}\n\n"
            "[언제, 어떻게]\n알게 된 때: {known_at}\n{how}\n\n"
            "[하실 수 있는 일]\n{can_do}\n\n"
            "[저희가 한 일과 도와드리는 방법]\n{did}\n\n"
            "[물어보실 곳]\n{contact}\n{desk_phone}번으로 전화해 주세요.\n",
            f"[{{controller}}] {ko[1]}\n어떤 정보: {{leaked}}\n알게 된 때: {{known_at}}\n경위: {{how}}\n"
            "하실 수 있는 일: {can_do}\n저희가 한 일: {did}\n물어보실 곳은 {desk_phone}번입니다. 전화해 주세요.",
        ),
        "en": Spoken(
            f"[{{controller}}] {en[0]}",
            f"This is the privacy department of {{controller}}.\n\n{en[1]} We are sorry.\n\n"
            "[What data]\n{leaked}\n\n"
            "[When and how]\nKnown since: {known_at}\n{how}\n\n"
            "[What you can do]\n{can_do}\n\n"
            "[What we have done, and how we help]\n{did}\n\n"
            "[Whom to ask]\n{contact}\nOr call {desk_phone}.\n",
            f"[{{controller}}] {en[1]}\nWhat: {{leaked}}\nKnown since: {{known_at}}\nHow: {{how}}\n"
            "What you can do: {can_do}\nWhat we did: {did}\nQuestions: call {desk_phone}.",
        ),
        "easy": Spoken(
            f"[{{controller}}] {easy[0]}",
            f"{{controller}}에서 알려 드려요.\n\n{easy[1]} 미안해요. 어른과 함께 읽어 주세요.\n\n"
            "[어떤 정보인지]\n{leaked}\n\n"
            "[언제, 어떻게]\n알게 된 때: {known_at}\n{how}\n\n"
            "[하면 좋은 일]\n{can_do}\n\n"
            "[우리가 한 일]\n{did}\n\n"
            "[물어볼 곳]\n{contact}\n어른과 함께 {desk_phone}번으로 전화해 주세요.\n",
            f"[{{controller}}] {easy[1]}\n어떤 정보: {{leaked}}\n알게 된 때: {{known_at}}\n어떻게: {{how}}\n"
            "하면 좋은 일: {can_do}\n우리가 한 일: {did}\n어른과 함께 {desk_phone}번으로 전화해 주세요.",
        ),
    }


WORDS: Final[Words] = {
    "incident_notice": _told(
        (
            "개인정보에 관하여 꼭 알려 드릴 일이 있습니다",
            "개인정보가 다른 사람에게 잘못 전해진 일이 있어 알려 드립니다.",
        ),
        (
            "We have to tell you something about your personal data",
            "Personal data of yours reached somebody it was not meant for.",
        ),
        ("꼭 알아야 할 일이 있어요", "개인정보가 다른 사람에게 잘못 갔어요."),
    ),
    "incident_possible": _told(
        (
            "개인정보에 관하여 미리 알려 드릴 일이 있습니다",
            "개인정보가 다른 사람에게 잘못 전해졌을 수 있어 미리 알려 드립니다.",
        ),
        (
            "We have to warn you about your personal data",
            "Personal data of yours may have reached somebody it was not meant for.",
        ),
        ("미리 알아야 할 일이 있어요", "개인정보가 다른 사람에게 잘못 갔을 수도 있어요."),
    ),
}
