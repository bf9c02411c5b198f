"""Invented notices that have no form of their own, as a controller could send them."""

from datetime import date, datetime

from app.documents.free import (
    CorrectedNotice,
    Destroyed,
    DestroyedNotice,
    FreeNotice,
    LeakNotice,
    MeasureNotice,
    RulingNotice,
)
from app.documents.notices import Recipient
from tests.documents.examples import HARM, HONG, OBJECTION, RECEIPT, SENDER, SEOUL

ON = date(2026, 12, 9)
RULING = RulingNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    request_summary="상담 내용의 열람",
    filed_on=date(2026, 12, 1),
    of_postponement=False,
    result="confirmed",
    reason="다른 사람의 연락처가 적힌 부분은 보여 드릴 수 없습니다.",
    grounds=(HARM,),
    bodies=OBJECTION.bodies,
    dated=ON,
)
UPHELD = RulingNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    request_summary="상담 내용의 열람",
    filed_on=date(2026, 12, 1),
    of_postponement=True,
    result="overturned",
    reason="가릴 부분이 이미 가려져 있어 미룰 까닭이 없습니다.",
    bodies=OBJECTION.bodies,
    dated=ON,
)
DESTROYED = DestroyedNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    records=(
        Destroyed(
            label="온라인몰 - 계약 또는 청약철회 등에 관한 기록",
            statute="전자상거래 등에서의 소비자보호에 관한 법률 제6조",
            until=date(2031, 11, 22),
            destroyed_on=date(2031, 11, 24),
        ),
    ),
    dated=date(2031, 11, 24),
)
MEASURE = MeasureNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    measures=(("온라인몰 - 성명", "복구할 수 없도록 파기하였습니다."),),
    objection=OBJECTION,
    dated=ON,
)
LEAK = LeakNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    what=("성명", "전화번호"),
    known_at=datetime(2026, 12, 8, 9, 30, tzinfo=SEOUL),
    how="답변을 다른 분께 보냈습니다.",
    can_do="모르는 전화에 답하지 마십시오.",
    did="보낸 자료를 거두어들이고 접속을 끝냈습니다.",
    contact="IT보안팀 02-560-3146",
    dated=ON,
)
CORRECTED = CorrectedNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=Recipient(name="(주)가상배송"),
    subject=(("성명", "홍길동"), ("전화번호", "010-0000-1234")),
    changes=(("별도 서비스 - 주소", "", "서울특별시 강남구 새길 2"),),
    answer_by=date(2026, 12, 14),
    dated=ON,
)
LATER: dict[str, FreeNotice] = {
    "ruling": RULING,
    "ruling-upheld": UPHELD,
    "destroyed": DESTROYED,
    "measure": MEASURE,
    "leak": LEAK,
    "corrected": CORRECTED,
}
