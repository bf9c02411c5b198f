"""The cover page of a letter: what is inside, what to do with it, whom to call. Nothing of what the answer says."""

from typing import Final, NamedTuple

from app.documents.wording.tones import Tone

__all__ = ["COVERS", "CoverWords", "Tone"]


class CoverWords(NamedTuple):
    """The words of one tone; `told` are headings with their lines."""

    name: str
    name_alone: str
    """Where no answer is inside."""
    back: str
    to: str
    receipt: str
    dated: str
    greeting: str
    inside: str
    notice: str
    report: str
    told: tuple[tuple[str, tuple[str, ...]], ...]


COVERS: Final[dict[Tone, CoverWords]] = {
    "ko": CoverWords(
        name="요구하신 일의 답변을 보내 드립니다",
        name_alone="요구하신 일을 알려 드립니다",
        back="보내는 곳",
        to="{name} 귀하",
        receipt="접수번호",
        dated="보내는 날",
        greeting="위 접수번호로 요구하신 일의 답변입니다.",
        inside="이 봉투에 든 것",
        notice="통지서: 무엇을 어떻게 결정했는지 적혀 있습니다.",
        report="개인정보 열람 자료: 보여 달라고 하신 내용이 적혀 있습니다.",
        told=(
            (
                "답변에 동의하지 않으시면",
                (
                    "다시 살펴 달라고(이의 제기) 하실 수 있습니다. 방법과 기한은 통지서에 적혀 있습니다.",
                    "전화({phone})나 전자우편({email})으로 알려 주셔도 됩니다.",
                ),
            ),
            (
                "안전하게 보관해 주세요",
                ("이 봉투에는 개인정보가 적힌 종이가 들어 있습니다. 남이 보지 않는 곳에 두어 주세요.",),
            ),
            (
                "받으실 분이 아니면",
                ("읽지 마시고 {phone}번으로 전화해 주세요. 저희가 다시 가져가겠습니다.",),
            ),
            ("궁금하신 점", ("{desk}에 전화({phone})나 전자우편({email})으로 물어봐 주세요.",)),
        ),
    ),
    "en": CoverWords(
        name="The answer to your request",
        name_alone="About your request",
        back="From",
        to="{name}",
        receipt="Receipt number",
        dated="Date",
        greeting="This is the answer to the request with the receipt number above.",
        inside="In this envelope",
        notice="The notice (in English, beside the Korean of the form that the law prescribes): what was decided.",
        report="The report of your data (in Korean): what you asked to see.",
        told=(
            (
                "If you disagree",
                (
                    "You can object. The notice says how, and until when.",
                    "You may also call {phone} or write to {email}.",
                ),
            ),
            ("Keep it safe", ("These pages hold personal data. Please keep them where nobody else sees them.",)),
            (
                "If this letter is not for you",
                ("Please do not read it. Call {phone} and we will fetch it.",),
            ),
            (
                "Questions",
                ("Call {phone} or write to {email}.",),
            ),
        ),
    ),
    "easy": CoverWords(
        name="부탁한 일의 답을 보내요",
        name_alone="부탁한 일을 알려요",
        back="보내는 곳",
        to="{name} 귀하",
        receipt="접수번호",
        dated="보내는 날",
        greeting="위의 접수번호로 부탁한 일의 답이에요.",
        inside="이 봉투에 든 것",
        notice="답을 적은 종이: 무엇을 어떻게 했는지 적혀 있어요.",
        report="내 정보를 적은 종이: 보여 달라고 한 내용이에요.",
        told=(
            (
                "답이 마음에 들지 않으면",
                ("다시 살펴봐 달라고 할 수 있어요. {phone}번으로 전화해서 말해 주세요.",),
            ),
            (
                "잘 보관해 주세요",
                ("이 종이에는 내 정보가 적혀 있어요. 다른 사람에게 보여 주지 마세요.",),
            ),
            (
                "나에게 온 편지가 아니면",
                ("읽지 말고 {phone}번으로 전화해 주세요. 우리가 다시 가져갈게요.",),
            ),
            (
                "궁금하면",
                ("{phone}번으로 전화하거나 {email}로 물어봐 주세요. 믿을 수 있는 어른과 같이 봐도 좋아요.",),
            ),
        ),
    ),
}
