"""What a notice says was asked and done, by right; the words between a decision's facts and the form."""

from typing import Final

from app.law.terms import Capacity, Label, Right

ASKED: Final = {
    Right.ACCESS: Label("개인정보 열람", "Access to personal data"),
    Right.CORRECTION: Label("개인정보 정정", "Correction of personal data"),
    Right.DELETION: Label("개인정보 삭제", "Deletion of personal data"),
    Right.SUSPENSION: Label("개인정보 처리정지", "Suspension of the processing of personal data"),
    Right.CONSENT_WITHDRAWAL: Label("동의 철회", "Withdrawal of consent"),
}
EVERYTHING: Final = Label("보유한 모든 개인정보", "all personal data held")
ASPECTS_ASKED: Final = Label("열람을 요구하신 사항", "You asked to see")
ENDS_CONTRACT: Final = Label("계약 해지 의사: 밝히셨음", "Wish to end the contract: declared")
KEEPS_CONTRACT: Final = Label("계약 해지 의사: 밝히지 않으셨음", "Wish to end the contract: not declared")
DONE: Final = {
    Right.CORRECTION: Label(
        "요구하신 항목을 정정하였고, 그 개인정보를 가진 시스템과 수탁자에도 반영된 것을 확인하였습니다.",
        "What you named was corrected, and the systems and processors that hold the data confirmed the correction.",
    ),
    Right.DELETION: Label(
        "요구하신 항목을 복구할 수 없도록 삭제하였습니다.", "What you named was deleted beyond recovery."
    ),
    Right.SUSPENSION: Label(
        "요구하신 목적의 처리를 정지하였습니다. 그 목적으로는 이용하거나 제공하지 않습니다.",
        "Processing for the purposes you named was suspended. The data is neither used nor provided for them.",
    ),
    Right.CONSENT_WITHDRAWAL: Label(
        "동의 철회를 반영하여 그 동의에 따른 처리를 그만두고, 파기 등 필요한 조치를 하였습니다.",
        "Your withdrawal took effect: processing that rested on that consent has ended, and the data was destroyed or "
        "otherwise dealt with as needed.",
    ),
}
PARTLY_DONE: Final = {
    Right.CORRECTION: Label(
        "요구하신 항목 가운데 일부를 정정하였고, 그 개인정보를 가진 시스템과 수탁자에도 반영된 것을 확인하였습니다.\n"
        "정정하지 않은 항목과 그 사유를 아래에 적었습니다.",
        "A part of what you named was corrected, and the systems and processors that hold the data confirmed the "
        "correction.\nWhat was not corrected, and why, stands below.",
    ),
    Right.DELETION: Label(
        "요구하신 항목 가운데 일부를 복구할 수 없도록 삭제하였습니다.\n"
        "삭제하지 않은 항목과 그 사유를 아래에 적었습니다.",
        "A part of what you named was deleted beyond recovery.\nWhat was not deleted, and why, stands below.",
    ),
    Right.SUSPENSION: Label(
        "요구하신 목적 가운데 일부의 처리를 정지하였습니다. 그 목적으로는 이용하거나 제공하지 않습니다.\n"
        "정지하지 않은 목적과 그 사유를 아래에 적었습니다.",
        "Processing was suspended for a part of the purposes you named. The data is neither used nor provided for "
        "them.\nFor which purposes it goes on, and why, stands below.",
    ),
    Right.CONSENT_WITHDRAWAL: Label(
        "동의 철회를 반영하여 그 동의에 따른 처리를 그만두고, 파기 등 필요한 조치를 하였습니다.\n"
        "계속 처리하거나 보존하는 항목과 그 사유를 아래에 적었습니다.",
        "Your withdrawal took effect: processing that rested on that consent has ended, and the data was destroyed or "
        "otherwise dealt with as needed.\nWhat goes on or is kept, and why, stands below.",
    ),
}
_NOBODY_HAS_IT = Label(
    "그 개인정보를 가진 시스템과 수탁자가 없음을 확인하였습니다.",
    "No system or processor was found to hold the data.",
)
NOTHING_THERE: Final = {
    right: Label(f"{_NOBODY_HAS_IT.ko} 따라서 {ko}", f"{_NOBODY_HAS_IT.en} {en}")
    for right, ko, en in (
        (Right.CORRECTION, "정정할 것이 없었습니다.", "So there was nothing to correct."),
        (Right.DELETION, "삭제할 것이 없었습니다.", "So there was nothing to delete."),
    )
}
NOTHING_THERE_PARTLY: Final = {
    right: Label(
        f"{said.ko}\n요구를 받아들이지 않은 항목과 그 사유를 아래에 적었습니다.",
        f"{said.en}\nWhat was not granted, and why, stands below.",
    )
    for right, said in NOTHING_THERE.items()
}
ABSENT: Final = Label("가진 곳이 없음을 확인하였습니다.", "Nobody was found to hold it.")
OPEN: Final = Label(
    "요구를 받아들여 조치하고 있으며, 지금까지의 상황을 알려 드립니다.",
    "Your request is granted and being carried out. This is how far it has come.",
)
OPEN_PARTLY: Final = Label(
    "요구의 일부를 받아들여 조치하고 있으며, 지금까지의 상황을 알려 드립니다.\n"
    "받아들이지 않은 항목과 그 사유를 아래에 적었습니다.",
    "A part of your request is granted and being carried out. This is how far it has come.\n"
    "What was not granted, and why, stands below.",
)
LATEST: Final = Label(
    "보존 기한은 법령이 정한 기간이 가장 늦게 끝나는 날입니다. 실제 기한이 먼저 오면 그때 파기합니다.",
    "The day is the latest on which the statute's period can end. If it ends earlier, the record is destroyed then.",
)
KEPT_BY_LAW: Final = Label(
    "법령에 따라 보존하여야 하는 기록입니다.", "These are records that statutes demand to be kept."
)
OTHER_WAYS: Final = (
    Label(
        "예전에 쓰시던 전화번호나 전자우편으로 인증번호 받기",
        "receive a code by a telephone number or e-mail address that you used before",
    ),
    Label(
        "홈페이지에 로그인하여 확인받거나, 신분증을 가지고 방문하여 확인받기",
        "log in on the website, or come and show proof of identity",
    ),
)
OTHER_WAYS_FOR_ANOTHER: Final = (
    Label(
        "정보주체가 예전에 쓰던 전화번호, 전자우편이나 고객번호를 적어 다시 요구하기",
        "ask again with a telephone number, e-mail address or customer number that the data subject used before",
    ),
    Label("서류와 신분증을 가지고 방문하여 확인받기", "come with the papers and proof of identity"),
)
ACTING: Final = {
    Capacity.GUARDIAN: Label("법정대리인", "legal guardian"),
    Capacity.DELEGATE: Label("대리인", "delegate"),
}
DOWNLOAD: Final = Label("홈페이지에서 인증번호 확인 후 내려받기", "download from the website after a code")
