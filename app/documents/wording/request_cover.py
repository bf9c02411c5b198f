"""The cover page of a letter that carries form 8, to who asked and has no other way to see what was written."""

from typing import Final

from app.documents.wording.cover import COVERS, CoverWords, Tone

REQUEST_COVERS: Final[dict[Tone, CoverWords]] = {
    "ko": COVERS["ko"]._replace(
        name="요구하신 내용을 적은 요구서를 보내 드립니다",
        greeting="위 접수번호로 요구하신 내용을 서식에 옮겨 적은 것입니다. 요구는 이미 접수되었습니다.",
        notice="요구서: 무엇을 요구하셨는지 적혀 있습니다. 읽고 보관하시면 됩니다.",
        told=(
            (
                "적힌 내용이 다르면",
                ("{phone}번으로 전화하시거나 {email}로 알려 주십시오. 바로 고치겠습니다.",),
            ),
            ("돌려보내지 않으셔도 됩니다", ("서명하거나 다시 보내지 않으셔도 요구는 그대로 진행됩니다.",)),
            ("요구하신 적이 없으면", ("{phone}번으로 전화해 주십시오. 확인할 때까지 멈추겠습니다.",)),
            *COVERS["ko"].told[1:],
        ),
    ),
    "en": COVERS["en"]._replace(
        name="Your request, as we wrote it down",
        greeting="This is what you asked for under the receipt number above, on the form. It has been received.",
        notice="The request: what you asked for. Please read it and keep it.",
        told=(
            ("If anything is wrong", ("Call {phone} or write to {email} and we will put it right.",)),
            ("Nothing to send back", ("You need not sign it or return it. Your request goes on as it is.",)),
            ("If you never asked", ("Call {phone}. We will stop it until that is clear.",)),
            *COVERS["en"].told[1:],
        ),
    ),
    "easy": COVERS["easy"]._replace(
        name="부탁한 일을 적어서 보내요",
        greeting="위의 접수번호로 부탁한 일을 종이에 옮겨 적었어요. 부탁은 이미 받았어요.",
        notice="부탁한 일을 적은 종이: 무엇을 부탁했는지 적혀 있어요. 읽고 잘 두세요.",
        told=(
            ("틀린 것이 있으면", ("{phone}번으로 전화해서 말해 주세요. 바로 고칠게요.",)),
            ("다시 보내지 않아도 돼요", ("이름을 쓰거나 다시 보내지 않아도 돼요. 부탁한 일은 그대로 하고 있어요.",)),
            ("부탁한 적이 없으면", ("{phone}번으로 전화해 주세요. 알아볼 때까지 멈출게요.",)),
            *COVERS["easy"].told[1:],
        ),
    ),
}
"""Nothing of what was asked stands on it; what does is inside."""
