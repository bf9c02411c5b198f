"""To a holder on its answer page: what to do, what may have become of it, what is asked beside."""

from typing import Final

TITLE: Final = {
    "hold": "이 정보를 쓰거나 내주는 일을 멈춰 주세요",
    "release": "멈췄던 정보를 다시 쓰셔도 됩니다",
    "collect": "이 정보를 찾아서 적어 주세요",
    "correct": "정보를 바로잡아 주세요",
    "delete": "정보를 지워 주세요",
    "suspend": "이 정보를 더 쓰지 말아 주세요",
    "resume": "멈췄던 일을 다시 하셔도 됩니다",
    "withdraw_consent": "고객이 동의를 거두었습니다. 정보를 지워 주세요",
    "preserve": "영상이 지워지지 않게 보존해 주세요",
    "inform": "전에 받으신 정보가 바뀌었습니다. 똑같이 고쳐 주세요",
    "relay": "이 요구를 살펴보고 답해 주세요",
}
FILMED_TITLE: Final = {
    "release": "영상을 더 보존하지 않으셔도 됩니다",
    "existence": "그 시간의 영상이 있는지 봐 주세요",
    "view": "영상을 찾아서 보실 수 있게 해 주세요",
    "copy": "영상을 찾아서 사본을 만들어 주세요",
}
ONLY_PURPOSES: Final = "고객이 동의를 거두었습니다. 이 일에는 더 쓰지 말아 주세요"
"""Where purposes are left the data stays, and only these end (Act 37(3))."""
ONLY_PURPOSES_DONE: Final = "이 일에 쓰기를 멈췄습니다"
DONE: Final = {
    "hold": "멈췄습니다",
    "release": "다시 씁니다",
    "collect": "찾아서 아래에 적었습니다",
    "correct": "바로잡았습니다",
    "delete": "모두 지웠습니다",
    "suspend": "멈췄습니다",
    "resume": "다시 합니다",
    "withdraw_consent": "모두 지웠습니다",
    "preserve": "보존했습니다",
    "inform": "똑같이 고쳤습니다",
    "relay": "했습니다",
}
FILMED_DONE: Final = {
    "release": "보존을 끝냈습니다",
    "existence": "영상이 있습니다",
    "view": "영상이 있습니다. 아래 때에 보실 수 있습니다",
    "copy": "사본을 만들었습니다. 아래 때에 드릴 수 있습니다",
}
PARTLY: Final = "일부만 했습니다. 나머지는 법 때문에 남깁니다"
NOT_HELD: Final = "그런 정보가 없습니다"
NOT_FILMED: Final = "그 시간의 영상이 없습니다"
FAILED: Final = "할 수 없습니다. 까닭을 아래에 적습니다"
FAILED_ABOVE: Final = "할 수 없습니다. 까닭을 위에 적었습니다"
PARTS: Final = ("collect", "correct", "delete", "suspend", "withdraw_consent")
"""What can be done in part: the rest stays because a statute demands it."""

FOUND_BY: Final = {
    "name": "성명",
    "phone": "전화번호",
    "email": "전자우편",
    "birth_date": "생년월일",
    "subject_ref": "고객번호",
    "customer_no": "고객번호",
}
RIGHT: Final = {
    "access": "개인정보를 보고 싶어 하십니다",
    "correction": "개인정보를 바로잡아 달라고 하십니다",
    "deletion": "개인정보를 지워 달라고 하십니다",
    "suspension": "개인정보를 쓰지 말아 달라고 하십니다",
    "consent_withdrawal": "동의를 거두겠다고 하십니다",
}
FILMED_FOR: Final = {
    "own_image": "찍힌 사람 자신의 영상",
    "life": "생명을 지키기 위해",
    "body": "몸을 지키기 위해",
    "property": "재산을 지키기 위해",
}

CHOOSE: Final = "어떻게 되었는지 하나를 골라 주세요."
STATUTE: Final = "일부만 하셨으면, 어느 법 때문에 남기는지 적어 주세요."
UNTIL: Final = "일부만 하셨으면, 언제까지 남기는지 적어 주세요."
WHY: Final = "하실 수 없으면 까닭을 적어 주세요."
PLACE: Final = "어디에서 볼 수 있는지 적어 주세요."
WHEN: Final = "언제부터 언제까지 볼 수 있는지 적어 주세요."
DATE: Final = "날짜를 2026-12-02처럼 적어 주세요."
PIN_EMPTY: Final = "번호 여덟 자리를 넣어 주세요."
PIN_WRONG: Final = "번호가 맞지 않습니다. 다시 넣어 주세요. 여러 번 틀리면 화면이 닫힙니다."
PIN_AGAIN: Final = "시간이 지났습니다. 번호를 다시 넣어 주세요."
PHOTO_AGAIN: Final = "사진은 다시 골라 주세요."
