"""The words of the Act and of the form (annex 8) in both languages: the same for every controller."""

from app.law.terms import Aspect, Basis, Capacity, Label, Method, Right

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
LANGUAGES = {"ko": Label("한국어", "Korean"), "en": Label("영어", "English")}

# What the form asks about the person (Standard Guideline: no more than was asked at collection).
# id, label, input, longest, always required
SUBJECT = (
    ("name", Label("성명", "Name"), "text", 100, True),
    ("birth_date", Label("생년월일", "Date of birth"), "date", 10, False),
    ("phone", Label("전화번호", "Telephone number"), "tel", 20, False),
    ("email", Label("이메일", "E-mail address"), "email", 254, False),
    ("customer_no", Label("고객번호", "Customer number"), "text", 64, False),
    ("address", Label("주소", "Address"), "address", 300, False),
)
# What each right asks, and which of it must be said.
CLAIMS = {
    Right.ACCESS: (("aspects", True), ("categories", False), ("delivery", False)),
    Right.CORRECTION: (("changes", True),),
    Right.DELETION: (("categories", False), ("fields", False), ("reason", False)),
    Right.SUSPENSION: (("purposes", False), ("categories", False), ("ends_contract", True), ("reason", False)),
    Right.CONSENT_WITHDRAWAL: (("purposes", True),),
}
