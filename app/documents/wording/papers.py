"""Papers: what is missing, a reminder of it, what becomes of a standing that nobody could confirm or that ended."""

from typing import Final

from app.documents.wording.tones import Spoken, Words

_HOW_KO = (
    "[내는 방법]\n"
    "인터넷: {site} 에서 접수번호와 조회번호를 넣고 파일을 올려 주세요.\n"
    "팩스, 우편, 방문: {desk_phone}번으로 전화하시면 보내실 번호와 주소를 알려 드립니다.\n\n"
    "[꼭 지켜 주세요]\n"
    "주민등록번호 뒷자리는 가리고 내 주세요. 번호가 보이는 서류는 쓰지 않고 바로 파기합니다.\n\n"
    "궁금하신 점은 전화({desk_phone})나 메일({desk_email})로 물어봐 주세요.\n"
)
_HOW_EN = (
    "[How to send it]\n"
    "Online: go to {site} , enter your receipt number and tracking code, and upload the file.\n"
    "By fax, by post or in person: call {desk_phone} and we give you the number and the address.\n\n"
    "[Please mind]\n"
    "Cover the last seven digits of resident registration numbers. Papers that show one are destroyed unused.\n\n"
    "Questions? Call {desk_phone} or write to {desk_email}.\n"
)
_HOW_EASY = (
    "[내는 방법]\n"
    "인터넷: {site} 에서 접수번호와 조회번호를 넣고 파일을 올려 주세요.\n"
    "팩스나 우편, 직접 오기: {desk_phone}번으로 전화하면 번호와 주소를 알려 줄게요.\n\n"
    "[꼭 지켜 주세요]\n"
    "주민등록번호 뒤쪽 일곱 자리는 가려 주세요. 번호가 보이는 서류는 쓰지 않고 바로 없애요.\n\n"
    "궁금하면 전화({desk_phone})나 메일({desk_email})로 물어봐 주세요.\n"
)

WORDS: Final[Words] = {
    "supplement": {
        "ko": Spoken(
            "[{controller}] 더 내 주실 서류가 있습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구를 진행하려면 아래 서류가 더 필요합니다. 이것이 전부입니다.\n\n"
            "필요한 서류: {missing}\n"
            "내실 날: {due_on}까지\n\n"
            "서류를 기다리는 동안에도 답변 기한은 멈추지 않습니다.\n"
            "그날까지 받지 못하면 요구를 여기서 마칩니다. 그래도 언제든지 새로 요구하실 수 있습니다.\n\n" + _HOW_KO,
            "[{controller}] 접수 {receipt_no} 요구에 서류가 더 필요합니다. 필요한 서류: {missing}. "
            "{due_on}까지 접수하신 홈페이지에 올려 주세요. 기다리는 동안에도 답변 기한은 멈추지 않습니다. "
            "주민등록번호 뒷자리는 가려 주세요. 팩스, 우편, 방문으로 내시려면 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] We need more papers from you",
            "This is the personal data desk of {controller}.\n\n"
            "To go on with the request with receipt number {receipt_no} we need the following. It is all we need.\n\n"
            "Needed: {missing}\n"
            "By: {due_on}\n\n"
            "The time for the answer runs on while we wait.\n"
            "Without the papers by that day the request ends. You can still file a new one at any time.\n\n" + _HOW_EN,
            "[{controller}] Request {receipt_no} needs more papers: {missing}. Please upload them by {due_on} on the "
            "website where you filed; the time for the answer runs on. Cover resident registration numbers. "
            "For fax, post or a visit call {desk_phone}.",
        ),
        "easy": Spoken(
            "[{controller}] 더 내야 할 서류가 있어요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "접수번호 {receipt_no} 일을 계속하려면 아래 서류가 더 있어야 해요. 이것만 내면 돼요.\n\n"
            "필요한 서류: {missing}\n"
            "내는 날: {due_on}까지\n\n"
            "서류를 기다리는 동안에도 답을 줄 날은 미뤄지지 않아요.\n"
            "그날까지 서류가 오지 않으면 일을 여기서 마쳐요. 그래도 언제든지 새로 부탁할 수 있어요.\n\n" + _HOW_EASY,
            "[{controller}] 접수 {receipt_no} 일에 서류가 더 필요해요. 필요한 서류: {missing}. "
            "{due_on}까지 홈페이지에 올려 주세요. 기다리는 동안에도 답을 줄 날은 미뤄지지 않아요. "
            "주민등록번호 뒤쪽은 가려 주세요. 다른 방법으로 내고 싶으면 {desk_phone}번으로 전화해 주세요.",
        ),
    },
    "reminder": {
        "ko": Spoken(
            "[{controller}] 아직 받지 못한 서류가 있습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구에 필요한 서류를 아직 받지 못하였습니다.\n\n"
            "필요한 서류: {missing}\n"
            "내실 날: {due_on}까지\n\n"
            "그날까지 받지 못하면 요구를 여기서 마칩니다. 그래도 언제든지 새로 요구하실 수 있습니다.\n"
            "이미 보내셨으면 이 메일은 지나치셔도 됩니다.\n\n" + _HOW_KO,
            "[{controller}] 접수 {receipt_no} 요구에 필요한 서류를 아직 받지 못하였습니다. 필요한 서류: {missing}. "
            "{due_on}까지 접수하신 홈페이지에 올려 주시거나 {desk_phone}번으로 전화해 주세요. "
            "그날까지 받지 못하면 요구를 여기서 마칩니다.",
        ),
        "en": Spoken(
            "[{controller}] Some papers have not reached us yet",
            "This is the personal data desk of {controller}.\n\n"
            "Papers for the request with receipt number {receipt_no} have not reached us yet.\n\n"
            "Needed: {missing}\n"
            "By: {due_on}\n\n"
            "Without them by that day the request ends. You can still file a new one at any time.\n"
            "If you have sent them already, you need not do anything.\n\n" + _HOW_EN,
            "[{controller}] Request {receipt_no} still needs: {missing}. Please upload it by {due_on} on the website "
            "where you filed, or call {desk_phone}. Without it the request ends on that day.",
        ),
        "easy": Spoken(
            "[{controller}] 아직 받지 못한 서류가 있어요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "접수번호 {receipt_no} 일에 필요한 서류를 아직 받지 못했어요.\n\n"
            "필요한 서류: {missing}\n"
            "내는 날: {due_on}까지\n\n"
            "그날까지 서류가 오지 않으면 일을 여기서 마쳐요. 그래도 언제든지 새로 부탁할 수 있어요.\n"
            "벌써 보냈으면 더 할 일은 없어요.\n\n" + _HOW_EASY,
            "[{controller}] 접수 {receipt_no} 일에 필요한 서류를 아직 받지 못했어요. 필요한 서류: {missing}. "
            "{due_on}까지 홈페이지에 올리거나 {desk_phone}번으로 전화해 주세요. 안 오면 일을 여기서 마쳐요.",
        ),
    },
    "lapsed_standing": {
        "ko": Spoken(
            "[{controller}] 대신 요구하실 수 있는지 확인되지 않아 요구를 마칩니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구를 여기서 마칩니다.\n"
            "대신 요구하실 수 있는 분인지 정해진 날까지 서류로 확인하지 못하였습니다.\n"
            "보호자나 맡은 분이 맞는지 확인해야만 대신 요구하실 수 있습니다"
            "(개인정보 보호법 시행령 제45조, 제46조).\n\n"
            "[다시 하시려면]\n"
            "서류를 갖추어 {site} 에서 또는 전화({desk_phone})로 언제든지 새로 요구하실 수 있습니다.\n"
            "비용은 없습니다.\n\n"
            "[동의하지 않으시면]\n"
            "다시 살펴 달라고(이의 제기) 하실 수 있습니다. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n"
            "처음 결정에 관여하지 않은 다른 사람이 다시 살펴봅니다.\n",
            "[{controller}] 접수 {receipt_no} 요구는 대신 요구하실 수 있는지 정해진 날까지 확인되지 않아 마칩니다. "
            "다시 요구하시거나 이의를 제기하시려면 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Your request ends because your standing could not be confirmed",
            "This is the personal data desk of {controller}.\n\n"
            "The request with receipt number {receipt_no} ends without an answer.\n"
            "By its day we could not confirm from papers that you may ask for somebody else.\n"
            "We may act only for a guardian or for somebody who was asked to (Decree on the Personal Information\n"
            "Protection Act, Articles 45 and 46).\n\n"
            "[To try again]\n"
            "File a new request with the papers at {site} or call {desk_phone}, at any time and free of charge.\n\n"
            "[If you disagree]\n"
            "You can object: {desk_phone} or {desk_email}.\n"
            "Somebody who took no part in the first decision will look at it again.\n",
            "[{controller}] Request {receipt_no} ends: by its day we could not confirm that you may ask for somebody "
            "else. To file again or to object, call {desk_phone}.",
        ),
    },
    "guardian_ended": {
        "ko": Spoken(
            "[{controller}] 이제 본인이 직접 요구하실 수 있습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구를 여기서 마칩니다.\n"
            "본인이 성년(만 19세)이 되어, 법정대리인이 더 대신하실 수 없습니다(민법 제4조).\n\n"
            "[다시 하시려면]\n"
            "본인이 {site} 에서 또는 전화({desk_phone})로 언제든지 새로 요구하실 수 있습니다. 비용은 없습니다.\n\n"
            "[동의하지 않으시면]\n"
            "다시 살펴 달라고(이의 제기) 하실 수 있습니다. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n"
            "처음 결정에 관여하지 않은 다른 사람이 다시 살펴봅니다.\n",
            "[{controller}] 접수 {receipt_no} 요구는 본인이 성년이 되어 여기서 마칩니다. "
            "이제 본인이 직접 요구하실 수 있습니다. 맞지 않으면 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] The person can now ask for themselves",
            "This is the personal data desk of {controller}.\n\n"
            "The request with receipt number {receipt_no} ends here.\n"
            "The person has come of age (19), so a guardian can no longer act for them (Civil Act, Article 4).\n\n"
            "[To go on]\n"
            "The person can file a new request at {site} or call {desk_phone}, at any time and free of charge.\n\n"
            "[If you disagree]\n"
            "You can object: {desk_phone} or {desk_email}.\n"
            "Somebody who took no part in the first decision will look at it again.\n",
            "[{controller}] Request {receipt_no} ends because the person has come of age and can now ask for "
            "themselves. If this is not right, call {desk_phone}.",
        ),
    },
    "mandate_ended": {
        "ko": Spoken(
            "[{controller}] 맡긴 일이 끝났습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구를 다른 분께 맡긴 것(위임)이 끝났습니다.\n"
            "이제 맡은 분은 이 요구를 진행하거나 답변을 받으실 수 없고, 남은 요구는 여기서 마칩니다.\n"
            "이미 지우기 시작한 것이 있으면 그 결과를 본인께 알려 드립니다.\n\n"
            "[다시 하시려면]\n"
            "본인이 직접 하시거나 새 위임장으로 언제든지 새로 요구하실 수 있습니다.\n\n"
            "[맞지 않으면]\n"
            "전화({desk_phone})나 메일({desk_email})로 바로 알려 주세요.\n",
            "[{controller}] 접수 {receipt_no} 요구를 다른 분께 맡긴 것(위임)이 끝나 여기서 마칩니다. "
            "다시 요구하시거나 맞지 않으면 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] A mandate has ended",
            "This is the personal data desk of {controller}.\n\n"
            "The mandate for the request with receipt number {receipt_no} has ended.\n"
            "The delegate can no longer act on it or receive its answer, and what is still open ends here.\n"
            "If a deletion had already begun, its result goes to the person whose data it is.\n\n"
            "[To go on]\n"
            "The person can file a new request, alone or with a new mandate, at any time.\n\n"
            "[If this is not right]\n"
            "Tell us at once: {desk_phone} or {desk_email}.\n",
            "[{controller}] The mandate for request {receipt_no} has ended and so does the request. "
            "To file again, or if this is not right, call {desk_phone}.",
        ),
        "easy": Spoken(
            "[{controller}] 맡긴 일이 끝났어요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "접수번호 {receipt_no} 일을 다른 사람에게 맡긴 것이 끝났어요.\n"
            "이제 그 사람은 이 일을 더 할 수 없고, 답도 받을 수 없어요.\n\n"
            "[다시 하려면]\n"
            "내가 직접 하거나 다시 맡겨서 언제든지 새로 부탁할 수 있어요.\n\n"
            "[모르는 일이면]\n"
            "전화({desk_phone})나 메일({desk_email})로 바로 알려 주세요.\n",
            "[{controller}] 접수 {receipt_no} 일을 다른 사람에게 맡긴 것이 끝났어요. "
            "다시 부탁하거나 모르는 일이면 {desk_phone}번으로 전화해 주세요.",
        ),
    },
    # To a delegate whose principal has died (Civil Act 127): nobody is told to have the dead ask again.
    "mandate_over": {
        "ko": Spoken(
            "[{controller}] 맡으신 일이 끝났습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구를 맡으신 것(위임)이 끝나, 요구를 여기서 마칩니다.\n"
            "맡기신 분이 돌아가셨다고 들었습니다. 삼가 위로의 말씀을 드립니다.\n"
            "맡기신 분이 돌아가시면 대신 요구하실 수 있는 자격도 함께 끝납니다(민법 제127조).\n\n"
            "[맞지 않으면]\n"
            "전화({desk_phone})나 메일({desk_email})로 바로 알려 주세요. 다시 살펴보겠습니다.\n",
            "[{controller}] 접수 {receipt_no} 요구를 맡으신 것(위임)이 끝나 여기서 마칩니다. "
            "맞지 않거나 궁금하시면 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Your mandate has ended",
            "This is the personal data desk of {controller}.\n\n"
            "Your mandate for the request with receipt number {receipt_no} has ended, and the request ends here.\n"
            "We were told that the person who gave it has died. We are sorry for your loss.\n"
            "A mandate ends with the life of who gave it (Civil Act, Article 127).\n\n"
            "[If this is not right]\n"
            "Tell us at once, and we look again: {desk_phone} or {desk_email}.\n",
            "[{controller}] Your mandate for request {receipt_no} has ended and so does the request. "
            "If this is not right, or for questions, call {desk_phone}.",
        ),
    },
}
