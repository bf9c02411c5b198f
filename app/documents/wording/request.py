"""The words of form 8 (요구서): its fields, its notes on filling in, the flow on its back; and what stands after it."""

from typing import Final

from app.law.terms import Label

NAME: Final = Label("개인정보 요구서", "Request about personal data")
BOXES: Final = (
    Label("열람", "access"),
    Label("정정·삭제", "correction or deletion"),
    Label("처리정지", "suspension"),
)
HEAD: Final = Label(
    "※ 아래 작성방법을 읽고 굵은 선 안쪽의 사항만 적어 주시기 바랍니다.",
    "※ Please read the notes below and fill in only what stands inside the bold line.",
)
FRONT: Final = Label("(앞쪽)", "(front)")
BACK: Final = Label("(뒤쪽)", "(back)")
RECEIPT: Final = Label("접수번호", "Receipt number")
RECEIVED: Final = Label("접수일", "Received on")
PERIOD: Final = Label("처리기간", "Answered")
TEN_DAYS: Final = Label("10일 이내", "within 10 days (10일 이내)")
SUBJECT: Final = Label("정보주체", "Data subject")
AGENT: Final = Label("대리인", "Agent")
PERSON_NAME: Final = Label("성명", "Name")
PHONE: Final = Label("전화번호", "Telephone")
BORN: Final = Label("생년월일", "Date of birth")
RELATIONSHIP: Final = Label("정보주체와의 관계", "Relationship")
ADDRESS: Final = Label("주소", "Address")
ASKED: Final = Label("요구내용", "What is asked")
CORRECTION_HINT: Final = Label(
    "※ 정정·삭제하려는 개인정보의 항목과 그 사유를 적습니다.",
    "※ Write which personal data is to be corrected or deleted, and why.",
)
SUSPENSION_HINT: Final = Label(
    "※ 개인정보의 처리정지를 원하는 대상·내용 및 그 사유를 적습니다.",
    "※ Write the processing of which data is to stop, to what extent, and why.",
)
STATEMENT: Final = Label(
    "「개인정보 보호법」 제35조제1항·제2항, 제36조제1항 또는 제37조제1항과 같은 법 시행령 제41조제1항, 제43조제1항 "
    "또는 제44조제1항에 따라 위와 같이 요구합니다.",
    "Under Articles 35(1) and (2), 36(1) or 37(1) of the Personal Information Protection Act and Articles 41(1), "
    "43(1) or 44(1) of its Enforcement Decree I ask for the above.",
)
SIGNED: Final = Label("요구인", "Requester 요구인")
SIGNATURE: Final = Label("(서명 또는 인)", "(signature or seal 서명 또는 인)")
GUIDE_LABEL: Final = Label("작성방법", "How to fill it in 작성방법")
GUIDE: Final = (
    Label(
        "'대리인'란은 대리인이 요구인일 때에만 적습니다.",
        "Fill in 'Agent' only if an agent makes the request.",
    ),
    Label(
        "개인정보의 열람을 요구하려면 '열람'란에 [√] 표시를 하고 열람하려는 사항을 골라 [√] 표시를 합니다. "
        "표시하지 않은 사항은 요구하지 않은 것으로 처리합니다.",
        "To ask for access, tick [√] 'access' and what you want to see. What is not ticked counts as not asked for.",
    ),
    Label(
        "개인정보의 정정·삭제를 요구하려면 '정정·삭제'란에 [√] 표시를 하고 정정하거나 삭제하려는 개인정보의 항목과 "
        "그 사유를 적습니다.",
        "To ask for correction or deletion, tick [√] the box and write which data is meant, and why.",
    ),
    Label(
        "개인정보의 처리정지를 요구하려면 '처리정지'란에 [√] 표시를 하고 처리정지를 원하는 대상·내용 및 그 사유를 "
        "적습니다.",
        "To ask for suspension, tick [√] the box and write which processing is to stop, to what extent, and why.",
    ),
)
FLOW_LABEL: Final = Label("처리절차", "What happens 처리절차")
FLOW: Final = (
    (Label("신청인", "Requester 신청인"), Label("요구서 작성", "writes the request")),
    (Label("개인정보처리자", "Controller 개인정보처리자"), Label("접수", "takes it in")),
    (Label("개인정보처리자", "Controller 개인정보처리자"), Label("본인·대리인 확인", "checks who is asking")),
    (Label("개인정보처리자", "Controller 개인정보처리자"), Label("결정", "decides")),
    (Label("개인정보처리자", "Controller 개인정보처리자"), Label("통지", "notifies")),
)
BEYOND_LABEL: Final = Label("서식에 칸이 없는 사항", "What the form has no box for")
TOLD_LABEL: Final = Label("알려 드립니다", "Please note")

ACCESS_SCOPE: Final = Label("열람 대상", "Access to")
FOOTAGE: Final = Label("개인영상정보", "Footage")
WITHDRAWAL: Final = Label("동의 철회", "Withdrawal of consent")
MANDATE: Final = Label("위임", "Mandate")
ANSWER: Final = Label("결과를 받을 방법", "How to be answered")
CONTACTS: Final = Label("그 밖의 연락처", "Other contacts")
EMAIL: Final = Label("전자우편", "E-mail")
CUSTOMER: Final = Label("고객번호", "Customer number")
CHANNEL: Final = Label("요구하신 방법", "How it was asked")
CORRECT: Final = Label("정정", "Correct")
DELETE: Final = Label("삭제", "Delete")
STOP: Final = Label("처리정지", "Suspend")
REASON: Final = Label("사유", "Reason")
NOT_ASKED: Final = Label("(받지 않음)", "(not asked for)")
HIDDEN: Final = Label("(가림)", "(hidden)")
DESTROYED: Final = Label("(파기함)", "(destroyed)")
UNKNOWN: Final = Label("(지금 값은 적지 않으심)", "(present value not given)")
MASKED: Final = Label(
    "이 사본은 성명·연락처·주소와 적으신 내용을 가린 것입니다.",
    "In this copy names, contacts, addresses and what was written are hidden.",
)
NO_SIGNATURE: Final = Label(
    "이 요구서는 말씀하시거나 보내신 내용을 창구에서 서식에 옮긴 것입니다. 서명하여 돌려보내지 않으셔도 요구는 이미 "
    "접수되었습니다.",
    "The desk wrote this form from what you said or sent. Your request has been received already: you need not sign "
    "and return it.",
)
WRONG: Final = Label(
    "적힌 내용이 다르면 {desk}에 전화({phone})나 전자우편({email})으로 알려 주십시오.",
    "If anything is wrong, tell {desk} by telephone ({phone}) or e-mail ({email}).",
)
