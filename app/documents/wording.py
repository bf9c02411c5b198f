"""The words of mails and text messages, Korean and English. Sentences a neighbour would use; no result, no name."""

from typing import Final, Literal

Words = Literal["ko", "en"]

MAILS: Final[dict[tuple[str, Words], tuple[str, str]]] = {
    ("code", "ko"): (
        "[{controller}] 인증번호를 보내 드립니다",
        "{controller} 개인정보 요구 창구입니다.\n\n"
        "인증번호: {code}\n\n"
        "보낸 때부터 {minutes}분 동안 한 번만 쓸 수 있습니다.\n"
        "요구하신 적이 없으면 이 번호를 누구에게도 알려 주지 마시고 이 메일을 지워 주세요.\n",
    ),
    ("code", "en"): (
        "[{controller}] Your confirmation code",
        "This is the personal data desk of {controller}.\n\n"
        "Code: {code}\n\n"
        "It works once, for {minutes} minutes after it was sent.\n"
        "If you did not ask for it, tell it to nobody and delete this mail.\n",
    ),
    ("access_code", "ko"): (
        "[{controller}] 조회번호를 보내 드립니다",
        "{controller} 개인정보 요구 창구입니다.\n\n"
        "접수번호: {receipt_no}\n조회번호: {access_code}\n\n"
        "두 번호가 있으면 진행 상황을 보실 수 있습니다. 잘 보관해 주시고 다른 사람에게 알려 주지 마세요.\n\n"
        "문의: {desk_phone}\n",
    ),
    ("access_code", "en"): (
        "[{controller}] Your tracking code",
        "This is the personal data desk of {controller}.\n\n"
        "Receipt number: {receipt_no}\nTracking code: {access_code}\n\n"
        "With both you can see how far your request has come. Keep them safe and share them with nobody.\n\n"
        "Questions: {desk_phone}\n",
    ),
    ("result", "ko"): (
        "[{controller}] 요구하신 일의 답변이 준비되었습니다",
        "{controller} 개인정보 요구 창구입니다.\n\n"
        "접수번호 {receipt_no}에 대한 답변(통지서)이 준비되었습니다.\n"
        "안전을 위해 이 메일에는 내용을 적지 않습니다.\n\n"
        "[보는 방법]\n"
        "{site} 에서 접수번호와 조회번호를 넣고 인증번호로 한 번 더 확인하시면 통지서를 보실 수 있습니다.\n"
        "인터넷을 쓰기 어려우시면 {desk_phone}번으로 전화해 주세요.\n\n"
        "[답변에 동의하지 않으시면]\n"
        "이의를 제기하실 수 있습니다. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n"
        "처음 결정에 관여하지 않은 다른 사람이 다시 살펴봅니다. 자세한 방법은 통지서에 적혀 있습니다.\n",
    ),
    ("result", "en"): (
        "[{controller}] The answer to your request is ready",
        "This is the personal data desk of {controller}.\n\n"
        "The answer (a written notice) to the request with receipt number {receipt_no} is ready.\n"
        "For your safety this mail does not say what is in it.\n\n"
        "[How to see it]\n"
        "Go to {site} , enter your receipt number and tracking code, and confirm once more with a code.\n"
        "If you would rather not use the internet, call {desk_phone}.\n\n"
        "[If you disagree]\n"
        "You can object. Tell us at {desk_phone} or {desk_email}.\n"
        "Somebody who took no part in the first decision will look at it again. The notice says how.\n",
    ),
    ("withdrawn", "ko"): (
        "[{controller}] 요구가 취하되었습니다",
        "{controller} 개인정보 요구 창구입니다.\n\n"
        "접수번호 {receipt_no}의 요구가 취하되어 더 진행하지 않습니다.\n"
        "다시 필요하시면 언제든지 새로 요구하실 수 있습니다.\n\n"
        "취하하신 적이 없으면 전화({desk_phone})나 메일({desk_email})로 바로 알려 주세요.\n",
    ),
    ("withdrawn", "en"): (
        "[{controller}] The request was withdrawn",
        "This is the personal data desk of {controller}.\n\n"
        "The request with receipt number {receipt_no} was withdrawn and goes no further.\n"
        "You can file a new one at any time.\n\n"
        "If you did not withdraw it, tell us at once: {desk_phone} or {desk_email}.\n",
    ),
    ("lapsed", "ko"): (
        "[{controller}] 본인 확인이 되지 않아 요구를 마칩니다",
        "{controller} 개인정보 요구 창구입니다.\n\n"
        "접수번호 {receipt_no}의 요구는 정해진 날까지 본인 확인이 되지 않아 처리하지 못하고 마칩니다.\n"
        "본인인지 확인해야만 개인정보를 보여 드리거나 고치고 지울 수 있기 때문입니다"
        "(개인정보 보호법 시행령 제46조).\n\n"
        "[다시 하시려면]\n"
        "{site} 에서 또는 전화({desk_phone})로 언제든지 새로 요구하실 수 있습니다. 비용은 없습니다.\n\n"
        "[동의하지 않으시면]\n"
        "전화({desk_phone})나 메일({desk_email})로 이의를 제기하실 수 있습니다.\n",
    ),
    ("lapsed", "en"): (
        "[{controller}] Your request ends because you could not be identified",
        "This is the personal data desk of {controller}.\n\n"
        "The request with receipt number {receipt_no} ends without an answer: by its day we could not\n"
        "confirm who you are.\n"
        "We may show or change personal data only for the person it belongs to (Decree on the Personal Information\n"
        "Protection Act, Article 46).\n\n"
        "[To try again]\n"
        "File a new request at {site} or call {desk_phone}, at any time and free of charge.\n\n"
        "[If you disagree]\n"
        "You can object: {desk_phone} or {desk_email}.\n",
    ),
    ("approver_todo", "ko"): (
        "[{controller}] 결정을 기다리는 요구가 있습니다",
        "접수번호 {receipt_no}의 요구가 두 번째 사람의 결정을 기다리고 있습니다.\n"
        "법정 기한: {due_on}\n\n담당자 화면에서 제안과 근거를 확인하고 결정해 주세요.\n",
    ),
    ("approver_todo", "en"): (
        "[{controller}] A request waits for your decision",
        "The request with receipt number {receipt_no} waits for a second person's decision.\n"
        "Statutory day: {due_on}\n\nPlease read the proposal and its grounds at your desk and decide.\n",
    ),
    ("officer_todo", "ko"): (
        "[{controller}] 담당자가 살펴볼 요구가 있습니다",
        "접수번호 {receipt_no}의 요구에 담당자가 할 일이 있습니다.\n"
        "되돌아온 결정이 있거나 아직 결과를 알려 오지 않은 곳이 있습니다.\n"
        "법정 기한: {due_on}\n\n담당자 화면에서 확인해 주세요.\n",
    ),
    ("officer_todo", "en"): (
        "[{controller}] A request needs an officer",
        "The request with receipt number {receipt_no} needs an officer.\n"
        "An identity is in doubt, a decision was returned, or a holder has not answered.\n"
        "Statutory day: {due_on}\n\nPlease look at your desk.\n",
    ),
}

TEXTS: Final[dict[tuple[str, Words], str]] = {
    ("code", "ko"): "[{controller}] 인증번호 {code} ({minutes}분간 유효). 요구한 적이 없으면 알려 주지 마세요.",
    ("code", "en"): "[{controller}] Code {code}, valid {minutes} min. Not you? Tell nobody.",
    ("access_code", "ko"): "[{controller}] 접수번호 {receipt_no} 조회번호 {access_code} 진행 확인용. 문의 {desk_phone}",
    ("access_code", "en"): "[{controller}] Receipt {receipt_no} tracking code {access_code}. Questions {desk_phone}",
    (
        "result",
        "ko",
    ): "[{controller}] 접수 {receipt_no} 답변이 나왔습니다. 접수하신 홈페이지에서 접수번호와 "
    "조회번호를 넣거나 {desk_phone}번으로 전화해 확인하세요. 이의제기도 {desk_phone}번으로 하실 수 있습니다.",
    (
        "result",
        "en",
    ): "[{controller}] Request {receipt_no}: the answer is ready. See it on the website where you filed, "
    "with your receipt number and tracking code, or call {desk_phone}. To object, call {desk_phone}.",
    (
        "withdrawn",
        "ko",
    ): "[{controller}] 접수 {receipt_no} 요구가 취하되었습니다. 아니면 {desk_phone}번으로 전화 주세요.",
    ("withdrawn", "en"): "[{controller}] Request {receipt_no} was withdrawn. Not you? Call {desk_phone}",
    (
        "lapsed",
        "ko",
    ): "[{controller}] 접수 {receipt_no} 요구는 정해진 날까지 본인 확인이 되지 않아 마칩니다. 다시 요구하시거나 "
    "이의를 제기하시려면 {desk_phone}번으로 전화 주세요.",
    ("lapsed", "en"): "[{controller}] Request {receipt_no} ends: we could not confirm who you are by its day. "
    "To file again or to object, call {desk_phone}.",
    ("approver_todo", "ko"): "[{controller}] 접수 {receipt_no} 결정을 기다립니다. 기한 {due_on}",
    ("approver_todo", "en"): "[{controller}] Request {receipt_no} waits for your decision. Due {due_on}",
    ("officer_todo", "ko"): "[{controller}] 접수 {receipt_no} 담당자 확인이 필요합니다. 기한 {due_on}",
    ("officer_todo", "en"): "[{controller}] Request {receipt_no} needs an officer. Due {due_on}",
}
