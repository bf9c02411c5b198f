"""The words of the Act and of the form (annex 8) in both languages: the same for every controller."""

from app.law.terms import (
    Aspect,
    Basis,
    Capacity,
    FootageGround,
    FootageKind,
    Label,
    Method,
    Reached,
    Relationship,
    Right,
)

RIGHTS = {
    Right.ACCESS: (Label("열람", "Access"), "법 35"),
    Right.CORRECTION: (Label("정정", "Correction"), "법 36"),
    Right.DELETION: (Label("삭제", "Deletion"), "법 36"),
    Right.SUSPENSION: (Label("처리정지", "Suspension of processing"), "법 37"),
    Right.CONSENT_WITHDRAWAL: (Label("동의 철회", "Withdrawal of consent"), "법 37"),
}
ASPECTS = {
    Aspect.ITEMS: Label("개인정보의 항목 및 내용", "The data and what it says"),
    Aspect.PURPOSES: Label("개인정보 수집·이용의 목적", "The purposes of collection and use"),
    Aspect.RETENTION: Label("개인정보 보유 및 이용 기간", "How long it is kept and used"),
    Aspect.THIRD_PARTIES: Label("개인정보의 제3자 제공 현황", "To whom it has been provided"),
    Aspect.CONSENTS: Label("개인정보 처리에 동의한 사실 및 내용", "What was consented to, and when"),
}
CAPACITIES = {
    Capacity.SELF: Label("본인", "For myself"),
    Capacity.GUARDIAN: Label("법정대리인", "As legal guardian"),
    Capacity.DELEGATE: Label("위임받은 대리인", "As delegate with a power of attorney"),
}
METHODS = {
    Method.PHONE_CODE: Label("전화번호로 받은 인증번호", "A code sent to the telephone number"),
    Method.EMAIL_CODE: Label("이메일로 받은 인증번호", "A code sent to the e-mail address"),
    Method.SITE_LOGIN: Label("홈페이지 로그인", "Signing in on the website"),
    Method.IDENTITY_PROVIDER: Label("본인확인 서비스", "An identity service"),
    Method.ATTESTATION: Label("방문하여 신분증 제시", "Showing an identity card in person"),
    Method.DOCUMENTS: Label("서류를 올리고 회사가 찾은 번호로 통화", "Documents and a call back"),
}
RELATIONSHIPS = {
    Relationship.PARENT: Label("부모(친권자)", "Parent with parental authority"),
    Relationship.ADOPTIVE_PARENT: Label("양부모", "Adoptive parent"),
    Relationship.APPOINTED_GUARDIAN: Label("미성년후견인", "Guardian appointed for a child"),
    Relationship.ADULT_GUARDIAN: Label("성년후견인", "Guardian appointed for an adult"),
}
DELIVER_TO = {
    "subject": Label("맡긴 사람(정보주체)에게", "To the person who gave the mandate"),
    "delegate": Label("대리인에게", "To the delegate"),
}
REACHED = {
    Reached.NONE: Label("가지고 있는 개인정보가 없음", "Nothing is held"),
    Reached.OLD: Label("전부터 등록된 연락처로 확인", "Verified by a contact long on record"),
    Reached.CHANGED: Label(
        "등록된 연락처로 확인했으나 다른 연락처가 최근에 바뀜",
        "Verified by a contact on record, while another was changed lately",
    ),
    Reached.OTHER: Label(
        "로그인, 방문, 서류 등 다른 방법으로 확인", "Verified in another way: a login, a visit, papers"
    ),
}
BASES = {
    Basis.CONSENT: Label("동의", "Consent"),
    Basis.STATUTE: Label("법령", "Statute"),
    Basis.CONTRACT: Label("계약", "Contract"),
    Basis.INTEREST: Label("정당한 이익", "Legitimate interest"),
}
NOTIFY_BY = {
    "email": Label("이메일", "E-mail"),
    "sms": Label("문자메시지", "Text message"),
    "post": Label("우편", "Post"),
    "phone": Label("전화", "Telephone"),
    "visit": Label("방문", "Visit"),
}
DELIVERY = {
    "electronic": Label("전자파일", "Electronic file"),
    "post": Label("종이로 인쇄하여 우편으로", "Printed, by post"),
}
LANGUAGES = {"ko": Label("한국어", "Korean"), "en": Label("영어", "English")}

# What the form asks, of everybody alike and through whatever channel (Standard Guideline: no more than at collection).
# id, label, input, longest, always required
SUBJECT = (
    ("name", Label("성명", "Name"), "text", 100, True),
    ("birth_date", Label("생년월일", "Date of birth"), "date", 10, False),
    ("phone", Label("전화번호", "Telephone number"), "tel", 20, False),
    ("email", Label("이메일", "E-mail address"), "email", 254, False),
    ("customer_no", Label("고객번호", "Customer number"), "text", 64, False),
    ("address", Label("주소", "Address"), "address", 300, False),
)
SUBJECT_ONE_OF = ("phone", "email", "customer_no")
# Where a controller collects no names, people are known by their account, and neither is a name asked here.
ACCOUNT = ("customer_no", Label("계정 아이디", "Account"), "text", 64, True)
# A child is told from others of its name by the birth date, and by it the guardian's standing is judged.
SUBJECT_ALSO = {Capacity.SELF: (), Capacity.GUARDIAN: ("birth_date",), Capacity.DELEGATE: ()}
# Of who asks for somebody else nothing but this is taken (policy 9.2).
REQUESTER = {
    Capacity.SELF: (),
    Capacity.GUARDIAN: (
        ("name", Label("법정대리인의 성명", "Guardian's name"), "text", 100, True),
        ("birth_date", Label("법정대리인의 생년월일", "Guardian's date of birth"), "date", 10, True),
        ("phone", Label("법정대리인의 전화번호", "Guardian's telephone number"), "tel", 20, False),
        ("email", Label("법정대리인의 이메일", "Guardian's e-mail address"), "email", 254, False),
        ("relationship", Label("정보주체와의 관계", "What the guardian is to the person"), "choice", 40, True),
    ),
    Capacity.DELEGATE: (
        ("name", Label("대리인의 성명", "Delegate's name"), "text", 100, True),
        ("birth_date", Label("대리인의 생년월일", "Delegate's date of birth"), "date", 10, False),
        ("phone", Label("대리인의 전화번호", "Delegate's telephone number"), "tel", 20, False),
        ("email", Label("대리인의 이메일", "Delegate's e-mail address"), "email", 254, False),
        ("relationship", Label("정보주체와의 관계", "What the delegate is to the person"), "text", 40, False),
    ),
}
REQUESTER_ONE_OF = ("phone", "email")
# The power of attorney as it is signed (form 11).
MANDATE = {
    Capacity.SELF: (),
    Capacity.GUARDIAN: (),
    Capacity.DELEGATE: (
        ("rights", Label("맡긴 권리", "Rights entrusted"), "choices", 5, True),
        ("signed_on", Label("서명한 날", "Day of signature"), "date", 10, True),
        ("expires_on", Label("위임이 끝나는 날", "Last day of the mandate"), "date", 10, False),
        ("deliver_to", Label("결과를 받을 사람", "Who receives the answer"), "choice", 10, False),
    ),
}
# What each right asks, and which of it must be said.
FOOTAGE_KINDS = {
    FootageKind.EXISTENCE: Label("영상이 있는지 확인", "Whether there is any"),
    FootageKind.VIEW: Label("영상 보기", "To see it"),
    FootageKind.COPY: Label("사본 받기", "A copy"),
}
FOOTAGE_GROUNDS = {
    FootageGround.OWN_IMAGE: Label("내가 찍힌 영상", "I was recorded"),
    FootageGround.LIFE: Label("나의 생명을 지키는 데 꼭 필요", "Plainly needed for my life"),
    FootageGround.BODY: Label("나의 신체를 지키는 데 꼭 필요", "Plainly needed for my body"),
    FootageGround.PROPERTY: Label("나의 재산을 지키는 데 꼭 필요", "Plainly needed for my property"),
}
NO_SUSPENSION = Label(
    "누구나 드나드는 곳의 촬영은 멈추어 드릴 수 없습니다. 찍힌 영상을 보거나 사본을 받는 것은 요구하실 수 있습니다.",
    "Recording in places open to everybody cannot be stopped for you. You may ask to see the footage, or for a copy.",
)
CLAIMS = {
    # A claim for footage names place and time instead of aspects.
    Right.ACCESS: (("aspects", True), ("categories", False), ("delivery", False), ("media", False)),
    Right.CORRECTION: (("changes", True), ("reason", False)),
    Right.DELETION: (("categories", False), ("fields", False), ("reason", False)),
    Right.SUSPENSION: (("purposes", False), ("categories", False), ("ends_contract", True), ("reason", False)),
    Right.CONSENT_WITHDRAWAL: (("purposes", True), ("ends_contract", False), ("reason", False)),
}
REQUEST = ("notify_by", "language")


def subject(*, named: bool) -> tuple[tuple[str, Label, str, int, bool], ...]:
    """What is asked of the person whose data it is, of a controller that collects names or of one that does not."""
    if named:
        return SUBJECT
    return (ACCOUNT, *(one for one in SUBJECT if one[0] not in ("name", "customer_no")))


def subject_one_of(*, named: bool) -> tuple[str, ...]:
    """One of these has to be said."""
    return SUBJECT_ONE_OF if named else (ACCOUNT[0],)


def asked(right: Right, capacity: Capacity, *, named: bool) -> tuple[str, ...]:
    """Everything that the form asks for this right in this capacity, by name."""
    return (
        *(f"subject.{one[0]}" for one in subject(named=named)),
        *(f"requester.{one[0]}" for one in REQUESTER[capacity]),
        *(f"mandate.{one[0]}" for one in MANDATE[capacity]),
        *(f"claim.{name}" for name, _ in CLAIMS[right]),
        *REQUEST,
    )
