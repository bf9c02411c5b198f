"""To the desk's own people, and to companies that were given data: something waits. Numbers and days, no person."""

from typing import Final

from app.documents.wording.tones import Spoken, Words

WORDS: Final[Words] = {
    # To a company that was given data and has no machine to be told by: no person, no task, only that one waits.
    "holder_told": {
        "ko": Spoken(
            "[{controller}] 제공해 드린 개인정보에 관하여 하실 일이 있습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "전에 제공해 드린 개인정보에 관하여 하실 일이 있습니다(접수번호 {receipt_no}).\n"
            "누구의 무엇인지는 이 메일에 적지 않습니다.\n\n"
            "[확인하는 방법]\n"
            "등록하신 방법으로 할 일을 받아 보시고 {due_on}까지 결과를 알려 주세요.\n"
            "받아 보실 수 없으면 전화({desk_phone})나 메일({desk_email})로 알려 주세요. 우편으로 보내 드립니다.\n",
            "[{controller}] 제공해 드린 개인정보에 관하여 하실 일이 있습니다(접수 {receipt_no}). "
            "{due_on}까지 확인해 주세요. 문의는 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Something is to be done about data that was provided to you",
            "This is the personal data desk of {controller}.\n\n"
            "Something is to be done about data that was provided to you (receipt number {receipt_no}).\n"
            "This mail does not say whose or what.\n\n"
            "[How to see it]\n"
            "Fetch your task in the way you registered, and tell us by {due_on} what came of it.\n"
            "If you cannot, call {desk_phone} or write to {desk_email}, and we send it by post.\n",
            "[{controller}] Something is to be done about data provided to you (request {receipt_no}). "
            "Please see to it by {due_on}. Questions: {desk_phone}",
        ),
    },
    # To a holder without a machine: the address of its page. The number that opens it goes another way.
    "holder_link": {
        "ko": Spoken(
            "[{controller}] 개인정보에 관하여 하실 일이 있습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "개인정보에 관하여 법에 따라 하실 일이 있습니다(접수번호 {receipt_no}, 표시 {mark}).\n"
            "누구의 무엇인지는 이 메일에 적지 않습니다.\n\n"
            "[하실 일]\n"
            "{due_at}까지 아래 주소를 열어 하실 일을 보시고 결과를 알려 주세요.\n"
            "{url}\n\n"
            "화면을 여는 번호 여덟 자리는 같은 표시와 함께 문자로 보내 드립니다.\n"
            "문자를 받지 못하셨으면 {desk_phone}번으로 전화해 주세요. 새 주소를 메일로 보내고 번호를 알려 드립니다.\n"
            "이 주소는 {until}까지 한 번만 답할 수 있습니다. 표시가 같은 메일이 또 오면 새 메일의 주소를 여세요.\n"
            "다른 분께 넘기지 마세요. 궁금하신 점은 메일({desk_email})로도 물으실 수 있습니다.\n",
            "[{controller}] 개인정보에 관하여 하실 일이 있습니다(접수 {receipt_no}). "
            "메일을 보시고 {due_at}까지 결과를 알려 주세요. 문의는 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Something is to be done about personal data",
            "This is the personal data desk of {controller}.\n\n"
            "The law wants something done about personal data (receipt number {receipt_no}, mark {mark}).\n"
            "This mail does not say whose or what.\n\n"
            "[What to do]\n"
            "Please open this address by {due_at}, see what it is, and tell us what came of it.\n"
            "{url}\n\n"
            "The eight digits that open it come by text, with the same mark.\n"
            "If they do not, call {desk_phone}: we mail a new address and tell you its digits.\n"
            "The address takes one answer, until {until}. If a mail with the same mark comes, use that one.\n"
            "Give it to nobody. Questions: {desk_email}\n",
            "[{controller}] Something is to be done about personal data (request {receipt_no}). "
            "Please see our mail and answer by {due_at}. Questions: {desk_phone}",
        ),
    },
    # The number alone; which address it opens stands in the mail alone.
    "holder_pin": {
        "ko": Spoken(
            "[{controller}] 화면을 여는 번호입니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}, 표시 {mark}의 화면을 여는 번호: {code}\n\n"
            "표시가 같은 메일의 주소를 열고 이 번호를 넣어 주세요.\n"
            "번호를 다른 분께 알려 주지 마세요. 모르는 일이면 {desk_phone}번으로 전화해 주세요.\n",
            "[{controller}] 접수 {receipt_no} 표시 {mark}의 화면을 여는 번호 {code}. "
            "같은 표시의 메일 주소에 넣어 주세요. 모르는 일이면 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] The number that opens your page",
            "This is the personal data desk of {controller}.\n\n"
            "The number that opens the page for {receipt_no}, mark {mark}: {code}\n\n"
            "Open the address in our mail with that mark and enter it.\n"
            "Tell it to nobody. If you know nothing of this, call {desk_phone}.\n",
            "[{controller}] Number {code} opens the page for {receipt_no}, mark {mark}. "
            "Enter it at the address in that mail. Not you? Call {desk_phone}",
        ),
    },
    # To whoever answers for a system that does not take our events: the machine fails, the duty goes on.
    "holder_failing": {
        "ko": Spoken(
            "[{controller}] 등록하신 시스템이 알림을 받지 못하고 있습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "등록하신 시스템에 알림을 네 번 보냈으나 닿지 않았습니다(접수번호 {receipt_no}).\n"
            "알림은 더 보내겠지만, 하실 일의 기한은 그대로 {due_on}입니다.\n\n"
            "[하실 일]\n"
            "시스템이 알림을 받는지 확인해 주세요. 그동안에는 할 일 목록을 직접 받아 보실 수 있습니다.\n"
            "도움이 필요하면 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n",
            "[{controller}] 등록하신 시스템이 알림을 받지 못합니다(접수 {receipt_no}). "
            "하실 일의 기한은 {due_on}입니다. 문의는 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Your registered system does not take our events",
            "This is the personal data desk of {controller}.\n\n"
            "We have sent an event to your registered system four times, and it did not arrive "
            "(receipt number {receipt_no}).\n"
            "We go on sending it, but what is to be done stays due on {due_on}.\n\n"
            "[What to do]\n"
            "Please see whether the system takes events. Meanwhile you can fetch the list of your tasks yourself.\n"
            "If you need help, call {desk_phone} or write to {desk_email}.\n",
            "[{controller}] Your registered system does not take our events (request {receipt_no}). "
            "What is to be done is due on {due_on}. Questions: {desk_phone}",
        ),
    },
    # To whoever answers for a holder whose day has passed: it still has to be done, and who is silent is named.
    "holder_late": {
        "ko": Spoken(
            "[{controller}] 하실 일의 기한이 지났습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "가지고 계신 개인정보에 관하여 하실 일의 기한이 {due_on}에 지났습니다(접수번호 {receipt_no}).\n"
            "누구의 무엇인지는 이 메일에 적지 않습니다.\n\n"
            "[하실 일]\n"
            "할 일 목록이나 전에 보내 드린 주소에서 하실 일을 보시고 바로 결과를 알려 주세요.\n"
            "답이 없으면 아직 답하지 않은 곳으로 요구하신 분께 알려 드릴 수 있습니다.\n"
            "도움이 필요하면 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n",
            "[{controller}] 하실 일의 기한이 {due_on}에 지났습니다(접수 {receipt_no}). "
            "바로 결과를 알려 주세요. 문의는 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Something you have to do is overdue",
            "This is the personal data desk of {controller}.\n\n"
            "Something to be done about data that you hold was due on {due_on} (receipt number {receipt_no}).\n"
            "This mail does not say whose or what.\n\n"
            "[What to do]\n"
            "Please see what it is, in your list or at the address we sent you, and tell us at once what came of it.\n"
            "Without an answer the person may be told that you have not answered.\n"
            "If you need help, call {desk_phone} or write to {desk_email}.\n",
            "[{controller}] Something you have to do was due on {due_on} (request {receipt_no}). "
            "Please tell us what came of it. Questions: {desk_phone}",
        ),
    },
    "approver_todo": {
        "ko": Spoken(
            "[{controller}] 결정을 기다리는 요구가 있습니다",
            "접수번호 {receipt_no}의 요구가 두 번째 사람의 결정을 기다리고 있습니다.\n"
            "법정 기한: {due_on}\n\n담당자 화면에서 제안과 근거를 확인하고 결정해 주세요.\n",
            "[{controller}] 접수 {receipt_no} 요구가 결정을 기다립니다. {due_on}까지 확인해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] A request waits for your decision",
            "The request with receipt number {receipt_no} waits for a second person's decision.\n"
            "Statutory day: {due_on}\n\nPlease read the proposal and its grounds at your desk and decide.\n",
            "[{controller}] Request {receipt_no} waits for your decision. Please decide by {due_on}.",
        ),
    },
    "approver_freeze": {
        "ko": Spoken(
            "[{controller}] 멈춘 요구를 판단해 주세요",
            "접수번호 {receipt_no}의 요구에 “내가 하지 않았다”는 신고가 들어와 요구를 멈추었습니다.\n"
            "판단 기한: {due_on}\n\n"
            "담당자 화면에서 다시 진행할지 그만둘지 까닭과 함께 정해 주세요.\n"
            "판단할 때까지 아무것도 내보내지 않습니다. 답변 기한은 그대로 지나갑니다.\n",
            "[{controller}] 접수 {receipt_no} 요구가 신고로 멈추었습니다. {due_on}까지 판단해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] A frozen request needs your ruling",
            "Somebody says that the request with receipt number {receipt_no} was not theirs, so it stands still.\n"
            "Rule by: {due_on}\n\n"
            "Please decide at your desk, with a reason, whether it goes on or ends.\n"
            "Until then nothing is released, and the time for the answer runs on.\n",
            "[{controller}] Request {receipt_no} is frozen. Please rule on it by {due_on}.",
        ),
    },
    "officer_todo": {
        "ko": Spoken(
            "[{controller}] 담당자가 살펴볼 요구가 있습니다",
            "접수번호 {receipt_no}의 요구에 담당자가 할 일이 있습니다.\n"
            "확인할 서류나 의심되는 점, 되돌아온 결정, 아직 답이 없는 곳이 있습니다.\n"
            "법정 기한: {due_on}\n\n담당자 화면에서 확인해 주세요.\n",
            "[{controller}] 접수 {receipt_no} 요구를 {due_on}까지 담당자 화면에서 확인해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] A request needs an officer",
            "The request with receipt number {receipt_no} needs an officer.\n"
            "A paper or a doubt waits to be looked at, a decision was returned, or a holder has not answered.\n"
            "Statutory day: {due_on}\n\nPlease look at your desk.\n",
            "[{controller}] Request {receipt_no} needs an officer. Please look at your desk by {due_on}.",
        ),
    },
}
