"""The words in which the ledgers are kept: those of the Act and of the Standard Guideline."""

from collections.abc import Mapping
from typing import Final

OUTCOMES: Final[Mapping[str, str]] = {
    "approve": "인용",
    "partial": "일부 인용",
    "refuse": "거절",
    "nothing_held": "보유하지 않음",
    "handed_over": "이관",
}
ENDED: Final[Mapping[str, str]] = {"withdrawn": "취하", "lapsed": "종결(확인되지 않음)", "postponed": "연기"}
CAUSES: Final[Mapping[str, str]] = {
    "entry": "늦은 접수 등록",
    "verification": "본인 확인 지연",
    "frozen": "본인 이의로 중지",
    "officer": "담당자 처리 지연",
    "approver": "승인 지연",
    "holders": "보유처 회신 지연",
    "reading": "수집 자료 검토 지연",
    "desk": "통지 지연",
}
RULINGS: Final[Mapping[str | None, str]] = {
    None: "심사 중",
    "confirmed": "기각(원결정 유지)",
    "overturned": "인용(재결정)",
    "dropped": "취하",
}
ACTS: Final[Mapping[str, str]] = {
    "preserve": "보존",
    "existence": "존재확인",
    "view": "열람",
    "copy": "사본 제공",
    "provide": "제3자 제공",
    "refuse": "거절",
    "release": "보존 해제",
    "destroy": "파기",
}
DESTROYED: Final[Mapping[str, str]] = {
    "evidence": "제출받은 서류",
    "requester": "대신 요구한 사람의 정보",
    "package": "열람 자료",
    "task": "개인정보",
    "footage": "개인영상정보",
    "request": "요구 기록 전체",
}
ITEMS: Final[Mapping[str, str]] = {
    "requester": "대신 요구한 사람의 성명, 생년월일, 연락처, 정보주체와의 관계",
    "package": "열람하게 한 개인정보의 사본",
    "footage": "개인영상정보 파일",
    "request": "요구서와 처리 기록 전부(정보주체와 요구한 사람의 정보, 결정, 조치, 통지, 발송 기록)",
}
HOW: Final[Mapping[str, str]] = {
    "evidence": "암호화된 사본과 이름을 지움",
    "requester": "정보와 그 암호키를 지움",
    "package": "암호화된 자료를 지움",
    "request": "복원이 불가능한 방법으로 영구 삭제(영 16①1): 모든 기록과 그 암호키",
}
WHY: Final[Mapping[str, str]] = {
    "purpose_met": "목적 달성(법 21①)",
    "refused": "인정하지 않은 서류",
    "number_visible": "주민등록번호가 보이는 서류(법 24의2)",
    "infected": "악성코드가 든 파일",
    "expired": "열람 기간 경과",
    "recalled": "오발송으로 회수(법 34)",
}
MACHINE, GONE, HIDDEN, NONE = "자동", "(파기됨)", "(가림)", "-"
