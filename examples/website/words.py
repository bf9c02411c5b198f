"""The Korean words of the pages, for what the desk says in ids."""

import re
from datetime import datetime, timedelta, timezone

KOREA = timezone(timedelta(hours=9))
STARTS = {
    "self": "제 개인정보를 요구합니다",
    "guardian": "법정대리인으로 요구합니다 (아동, 피후견인)",
    "delegate": "위임을 받아 요구합니다",
}
ONE_IS_ENOUGH = "전화번호와 전자우편 가운데 하나만 적으셔도 됩니다."
HINTS = {"phone": ONE_IS_ENOUGH}
SUBJECTS = {
    "self": {
        "phone": ONE_IS_ENOUGH,
        "customer_no": "아시는 경우에만 적으십시오.",
        "birth_date": "미성년자이시거나, 이름이 같은 다른 분과 가려야 할 때만 적으십시오.",
    },
    "guardian": {
        "phone": "저희에게 그분의 연락처로 알려 주신 것을 하나만 적으셔도 됩니다.",
        "customer_no": "아시는 경우에만 적으십시오.",
    },
    "delegate": {
        "phone": "그분이 저희에게 알려 주신 연락처를 적으십시오. 그리로 보내는 인증번호로 그분의 뜻을 확인합니다.",
        "customer_no": "아시는 경우에만 적으십시오.",
        "birth_date": "미성년자이거나, 이름이 같은 다른 분과 가려야 할 때만 적으십시오.",
    },
}
MANDATED = {
    "rights": "위임장에 표시된 권리만 요구하실 수 있습니다.",
    "expires_on": "위임장에 끝나는 날이 적혀 있을 때만 적으십시오.",
}
METHODS = {"phone_code": "적어 주신 휴대전화로 인증번호 받기", "email_code": "적어 주신 전자우편으로 인증번호 받기"}
THEIR_METHODS = {
    "phone_code": "위임하신 분의 휴대전화로 인증번호 보내기",
    "email_code": "위임하신 분의 전자우편으로 인증번호 보내기",
}
PARTIES = {"requester": "요구하시는 분", "subject": "정보주체 본인"}
DECIDERS = {"machine": "자동 (받아들일 때만)", "officer": "담당자 한 사람", "two": "서로 다른 두 사람"}
NOT_SO = {
    "guardian.required": "만 14세 미만 아동의 개인정보는 법정대리인이 요구하셔야 합니다.",
    "guardian.inconsistent": "이 나이에는 이 자격으로 요구하실 수 없습니다. 만 19세부터는 본인이 요구합니다.",
}
PAPERS = {
    "scan_pending": "받았고, 안전 검사를 기다리고 있습니다",
    "pending": "받았고, 담당자가 볼 차례입니다",
    "accepted": "확인을 마쳤습니다",
    "refused": "쓸 수 없어 파기했습니다. 다시 내 주십시오",
    "number_visible": "주민등록번호가 보여 파기했습니다. 가린 것을 다시 내 주십시오",
    "infected": "악성코드가 있어 파기했습니다",
    "destroyed": "파기했습니다",
}
STATUSES = {
    "received": "접수됨",
    "awaiting_evidence": "서류를 기다림",
    "verified": "본인 확인됨, 검토 중",
    "postponed": "열람 연기됨",
    "approved": "요구를 받아들여 조치 중",
    "refused": "거절됨",
    "carried_out": "조치 완료",
    "closed": "종결",
    "withdrawn": "취하되어 끝남",
    "lapsed": "확인되지 않았거나 자격이 끝나 종료",
    "objected": "이의제기 검토 중",
}
WAITING_FOR = {
    "you": "고객님께서 하실 일이 남아 있습니다.",
    "us": "저희가 검토하고 있습니다.",
    "holders": "개인정보를 가진 부서와 수탁사의 조치를 기다리고 있습니다.",
    "nobody": "더 남은 절차가 없습니다.",
}
OUTCOMES = {
    "approve": "요구하신 대로 합니다",
    "partial": "일부만 할 수 있습니다",
    "refuse": "할 수 없습니다",
    "nothing_held": "보유한 정보가 없습니다",
}
ITEM_OUTCOMES = {"grant": "요구대로", "refuse": "거절", "keep": "그대로 둠"}
STEPS = (
    (r"arrived, not counted", "접수일 (세지 않음)"),
    (r"day (\d+)", r"\1일째"),
    (r"Saturday, moved on", "토요일이어서 다음 날로"),
    (r"Sunday, moved on", "일요일이어서 다음 날로"),
    (r"public holiday \((.+)\), moved on", r"공휴일(\1)이어서 다음 날로"),
)


def hour(moment: str) -> str:
    """Return a moment as a clock in Korea shows it."""
    return f"{datetime.fromisoformat(moment).astimezone(KOREA):%Y-%m-%d %H:%M}"


def day(moment: str) -> str:
    """Return the day in Korea of a moment, wherever its offset is from."""
    return str(datetime.fromisoformat(moment).astimezone(KOREA).date())


def step(text: str) -> str:
    """Return a step of the count of days in Korean; one that is new to us stays as it came."""
    for pattern, korean in STEPS:
        if re.fullmatch(pattern, text):
            return re.sub(pattern, korean, text)
    return text
