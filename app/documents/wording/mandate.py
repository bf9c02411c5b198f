"""The words of form 11 (위임장), and what the desk asks and tells below it."""

from typing import Final

from app.law.terms import Label

_GAP = "\u2003" * 4
NAME: Final = Label("위임장", "Power of attorney")
ATTORNEY: Final = Label("위임받는 자", "Attorney")
ATTORNEY_MEANS: Final = Label("대신 요구하는 분", "who asks for you")
PRINCIPAL: Final = Label("위임인", "Principal")
PRINCIPAL_MEANS: Final = Label("맡기는 분", "who gives the power")
STATEMENT: Final = Label(
    "「개인정보 보호법」 제38조제1항에 따라 위와 같이 개인정보의 ({boxes})의 요구를 위의 자에게 위임합니다.",
    "Under Article 38(1) of the Personal Information Protection Act I empower the person above to make these requests "
    "about my personal data: ({boxes}).",
)
MEANING: Final = (
    Label(
        "제38조제1항은 자기 개인정보를 보거나 고치고 지우고 멈춰 달라는 요구를 다른 사람에게 맡길 수 있다는 "
        "조항입니다.",
        "Article 38(1) says that you may let somebody else ask to see, correct, delete or stop the use of your data.",
    ),
    Label("표시(√)하신 것만 맡기신 것이 됩니다.", "You give the power only for what you tick (√)."),
)
ASKED_LABEL: Final = Label("함께 적어 주세요", "Please also fill in")
ASKED: Final = (
    (
        Label("동의 철회", "Withdrawal"),
        Label("□ 동의를 거두는 것도 맡깁니다.", "□ also to withdraw my consent"),
        Label("서식에 칸이 없어 따로 두었습니다.", "The form has no box for it, so it stands here."),
    ),
    (
        Label("맡기는 기간", "Until"),
        Label(f"20{_GAP}년{_GAP}월{_GAP}일까지", f"20{_GAP}-{_GAP}-{_GAP}"),
        Label(
            "비워 두시면 서명하신 날부터 {days}일까지입니다.", "If left empty: {days} days from the day of signature."
        ),
    ),
    (
        Label("답변을 받을 분", "Answer to"),
        Label("□ 위임인   □ 위임받는 자", "□ principal   □ attorney"),
        Label("표시하지 않으시면 위임인께만 답변을 드립니다.", "If left empty, the answer goes to the principal only."),
    ),
)
TOLD_LABEL: Final = Label("내기 전에 읽어 주세요", "Before you hand it in")
WAYS: Final = {
    "email": Label("전자우편", "e-mail"),
    "fax": Label("팩스", "fax"),
    "post": Label("우편", "post"),
    "visit": Label("방문", "a visit"),
    "store": Label("매장", "a store"),
}
BY_HAND: Final = Label(
    " 다음으로도 내실 수 있습니다: {ways}. 보내실 곳은 전화로 물어봐 주세요.",
    " You can also hand it in by: {ways}. Please call and ask where to send it.",
)
TOLD: Final = (
    Label(
        "주민등록번호는 어디에도 적지 마세요. 적혀 있으면 쓰지 못하고 바로 파기합니다.",
        "Do not write a resident registration number anywhere: a paper that shows one cannot be used and is destroyed.",
    ),
    Label(
        "정말 맡기셨는지 위임인께 따로 확인합니다. 위임인이 저희를 이용하실 때 쓰신 전화번호를 적어 주세요.",
        "We ask the principal whether this is so. Write the telephone number that they used with us.",
    ),
    Label(
        "홈페이지({site})에 사진이나 PDF로 올려 주세요.{by_hand}",
        "Upload it as a photograph or PDF on the website ({site}).{by_hand}",
    ),
    Label(
        "맡기신 것은 언제든지 거두실 수 있습니다. 전화({phone})나 전자우편({email})으로 알려 주시면 바로 멈춥니다.",
        "You can take the power back at any time: call {phone} or write to {email} and we stop at once.",
    ),
    Label("궁금하신 점은 {desk}({phone})에 물어봐 주세요.", "Questions? Ask {desk} ({phone})."),
)
