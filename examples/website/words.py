"""The Korean words of the pages, for what the desk says in ids."""

import re

METHODS = {"phone_code": "적어 주신 휴대전화로 인증번호 받기", "email_code": "적어 주신 전자우편으로 인증번호 받기"}
STATUSES = {
    "received": "접수됨",
    "awaiting_evidence": "서류를 기다림",
    "verified": "본인 확인됨, 검토 중",
    "postponed": "열람 연기됨",
    "approved": "요구를 받아들여 조치 중",
    "refused": "거절됨",
    "carried_out": "조치 완료",
    "closed": "종결",
    "withdrawn": "취하하심",
    "lapsed": "본인 확인이 되지 않아 종료",
    "objected": "이의제기 검토 중",
}
WAITING_FOR = {
    "you": "고객님의 확인을 기다리고 있습니다.",
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


def step(text: str) -> str:
    """Return a step of the count of days in Korean; one that is new to us stays as it came."""
    for pattern, korean in STEPS:
        if re.fullmatch(pattern, text):
            return re.sub(pattern, korean, text)
    return text
