"""Invented notices and a package, as a controller could send them."""

from datetime import date, datetime, timedelta, timezone

from app.documents.forms import (
    AccessNotice,
    Done,
    Fee,
    Granted,
    Item,
    NothingHeld,
    Notice,
    Objection,
    PartlyDone,
    PartlyGranted,
    Postponed,
    Recipient,
    Refused,
    ResultNotice,
    Sender,
    Shape,
    StatedGround,
    Viewing,
    Way,
    Withheld,
)
from app.documents.opened import (
    AccessPackage,
    CategoryTold,
    ConsentTold,
    Held,
    ProvidedTold,
    ProvisionTold,
    PurposeTold,
    Value,
    WithheldTold,
)
from app.law.terms import Aspect, ItemOutcome, Right

SEOUL = timezone(timedelta(hours=9))
RECEIPT = "482-0193-7756"
SENDER = Sender(
    controller="(주)케이티엠앤에스",
    desk="IT보안팀",
    phone="02-560-3146",
    email="privacy@ktmns.com",
    approver="개인정보 보호책임자 경영기획총괄",
)
HONG = Recipient(name="홍길동", postal_code="06236", address="서울특별시 강남구 가상로 12, 301호")
OBJECTION = Objection(
    how="IT보안팀(전화 02-560-3146)에 이의를 제기하실 수 있습니다. 처음 결정하지 않은 사람이 다시 결정합니다.",
    until=date(2027, 1, 2),
    answer_days=10,
    bodies=("개인정보침해신고센터 118", "개인정보 분쟁조정위원회 1833-6972"),
)
VIEWING = Viewing(
    opens=datetime(2026, 11, 30, 14, 0, tzinfo=SEOUL),
    closes=datetime(2026, 12, 7, 14, 0, tzinfo=SEOUL),
    place="회사 홈페이지의 '내 개인정보 요구' 화면 (인증번호 확인 후)",
    shapes=(Shape.VIEW, Shape.FILE),
    ways=(Way.OTHER,),
    other_way="홈페이지에서 내려받기",
    fee=Fee(fee=1000, postage=430, breakdown="사본 10장, 등기 우편"),
)
HARM = StatedGround(
    article="개인정보 보호법 제35조제4항제2호",
    text="다른 사람의 생명·신체를 해할 우려가 있거나 다른 사람의 이익을 부당하게 침해할 우려가 있는 경우",
    facts=("상담 내용에 함께 통화한 다른 사람의 연락처가 들어 있습니다.",),
)
KEPT = StatedGround(
    article="개인정보 보호법 제21조제1항 단서, 전자상거래법 시행령 제6조제1항",
    text="다른 법령에 따라 보존하여야 하는 경우",
    facts=("계약 또는 청약철회 등에 관한 기록",),
)
WITHHELD = Withheld(reason="다른 사람의 연락처가 적힌 부분은 가리고 보여 드립니다.", grounds=(HARM,))
WAYS = ("이용하실 때 적으신 다른 전화번호로 인증번호 받기", "가까운 매장에 신분증명서를 가지고 방문하기")

NAME = Item(label="온라인몰 · 성명", outcome=ItemOutcome.GRANT)
CALL = Item(label="민원·서비스 상담 · 상담 내용", outcome=ItemOutcome.REFUSE, ground=HARM)
CONTRACT = Item(
    label="온라인몰 · 계약 또는 청약철회 등에 관한 기록",
    outcome=ItemOutcome.KEEP,
    ground=KEPT,
    until=date(2031, 11, 22),
)

GRANTED = AccessNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    request_summary="온라인몰에서 보유하는 개인정보의 항목 및 내용의 열람",
    answer=Granted(viewing=VIEWING),
    objection=OBJECTION,
    dated=date(2026, 11, 30),
    items=(NAME,),
)
PARTIAL = AccessNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    request_summary="온라인몰과 민원·서비스 상담에서 보유하는 개인정보의 항목 및 내용, 보유 기간의 열람",
    answer=PartlyGranted(viewing=VIEWING, withheld=WITHHELD),
    objection=OBJECTION,
    dated=date(2026, 11, 30),
    items=(NAME, CALL),
    silent=("(주)케이티씨에스",),
)
POSTPONED = AccessNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=Recipient(name="O'Brien-José"),
    request_summary="상담 내용의 열람",
    answer=Postponed(withheld=WITHHELD, expected_on=date(2026, 12, 20)),
    objection=OBJECTION,
    dated=date(2026, 12, 2),
)
ACCESS_REFUSED = AccessNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    request_summary="상담 내용의 열람",
    answer=Refused(withheld=WITHHELD),
    objection=OBJECTION,
    dated=date(2026, 11, 30),
    items=(CALL,),
)
NOTHING = AccessNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=Recipient(name="Nguyễn Thị Ánh Tuyết"),
    request_summary="처리하는 개인정보가 있는지, 있으면 항목 및 내용의 열람",
    answer=NothingHeld(other_ways=WAYS),
    objection=OBJECTION,
    dated=date(2026, 11, 22),
)
DELETION = ResultNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=Recipient(name="李小龍"),
    right=Right.DELETION,
    request_summary="온라인몰에서 보유하는 개인정보 전부의 삭제",
    answer=PartlyDone(
        action="온라인몰의 성명을 삭제하였습니다.\n계약 기록은 따로 옮겨 보관하고 다른 용도로 쓰지 않습니다.",
        withheld=Withheld(reason="계약 기록은 법령이 정한 기간 동안 보존하여야 합니다.", grounds=(KEPT,)),
    ),
    objection=OBJECTION,
    dated=date(2026, 11, 30),
    items=(Item(label="온라인몰 · 성명", outcome=ItemOutcome.GRANT, detail="복구할 수 없는 방법으로 삭제"), CONTRACT),
    silent=("한진택배",),
    informed=("경찰관서",),
)
CORRECTION_NOTHING = ResultNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    right=Right.CORRECTION,
    request_summary="주소의 정정",
    answer=NothingHeld(other_ways=WAYS),
    objection=OBJECTION,
    dated=date(2026, 11, 30),
)
SUSPENSION = ResultNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    right=Right.SUSPENSION,
    request_summary="배송 목적의 처리정지",
    answer=Done(action="배송 목적의 처리를 멈추었습니다."),
    objection=OBJECTION,
    dated=date(2026, 11, 30),
    items=(Item(label="온라인몰 · 배송", outcome=ItemOutcome.GRANT),),
)
WITHDRAWAL = ResultNotice(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    right=Right.CONSENT_WITHDRAWAL,
    request_summary="마케팅 목적의 동의 철회",
    answer=Done(action="마케팅 목적의 처리를 멈추고 해당 개인정보를 파기하였습니다."),
    objection=OBJECTION,
    dated=date(2026, 11, 30),
    items=(Item(label="온라인몰 · 마케팅", outcome=ItemOutcome.GRANT),),
)
NOTICES: dict[str, Notice] = {
    "form-9-granted": GRANTED,
    "form-9-partial": PARTIAL,
    "form-9-postponed": POSTPONED,
    "form-9-refused": ACCESS_REFUSED,
    "form-9-nothing-held": NOTHING,
    "form-10-deletion": DELETION,
    "form-10-correction-nothing-held": CORRECTION_NOTHING,
    "form-10-suspension": SUSPENSION,
    "form-10-withdrawal": WITHDRAWAL,
}


def _value(field: str, label: str, value: str) -> Value:
    return Value(field=field, label=label, value=value)


PACKAGE = AccessPackage(
    receipt_no=RECEIPT,
    sender=SENDER,
    recipient=HONG,
    aspects=frozenset(Aspect),
    dated=date(2026, 11, 30),
    silent=("(주)케이티씨에스",),
    categories=(
        CategoryTold(
            id="online_mall",
            label="온라인몰",
            source="온라인몰에서 신청하실 때 직접 적으신 것입니다.",
            held=(
                Held(
                    holder="온라인몰 운영 시스템",
                    records=(
                        (_value("name", "성명", "홍길동"), _value("phone", "전화번호", "010-1234-5678")),
                        (_value("name", "성명", "洪吉童"), _value("phone", "전화번호", "010-0000-1234")),
                    ),
                ),
                Held(holder="(주)케이티링커스", records=((_value("phone", "전화번호", "010-1234-5678"),),)),
            ),
            purposes=(
                PurposeTold(label="서비스 상담", basis="정보주체의 동의"),
                PurposeTold(label="배송 처리", basis="계약의 이행"),
            ),
            retention="서비스 신청 후 3개월",
            third_parties=(
                ProvisionTold(
                    name="경찰관서",
                    purpose="수사·조사 자료 확보",
                    items="성명, 연락처 등",
                    retention="관련 법령에 따름",
                ),
            ),
            provided=(
                ProvidedTold(
                    to="경찰관서",
                    on=date(2026, 10, 20),
                    items=("성명", "전화번호"),
                    basis="법률",
                    article="형사소송법 제199조",
                ),
            ),
            processors=(ProvisionTold(name="한진택배", purpose="상품 주문처리와 배송"),),
            consents=(
                ConsentTold(
                    purpose="서비스 상담",
                    content="성명, 전화번호를 신청 후 3개월 동안 이용",
                    given_on=date(2026, 10, 2),
                    withdrawn_on=date(2026, 11, 1),
                ),
            ),
        ),
        CategoryTold(
            id="consultation",
            label="민원·서비스 상담",
            source="방문 또는 전화 상담",
            held=(
                Held(
                    holder="상담 시스템",
                    records=(
                        (_value("content", "상담 내용", '#eval("1") *굵게* $x$ <script>alert(1)</script>\n배송 문의'),),
                    ),
                ),
            ),
            purposes=(PurposeTold(label="민원 접수, 처리, 결과 통보", basis="정보주체의 동의"),),
            retention="처리할 때까지",
            withheld=(WithheldTold(label="상담 내용 중 다른 사람의 연락처", ground=HARM),),
        ),
    ),
)
