"""Ends: an answer is ready, a request was taken back, nobody could be confirmed."""

from typing import Final

from app.documents.wording.tones import Spoken, Words

WORDS: Final[Words] = {
    "result": {
        "ko": Spoken(
            "[{controller}] 요구하신 일의 답변이 준비되었습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}에 대한 답변(통지서)이 준비되었습니다.\n"
            "안전을 위해 이 메일에는 내용을 적지 않습니다.\n\n"
            "[보는 방법]\n"
            "{site} 에서 접수번호와 조회번호를 넣어 주세요.\n"
            "인증번호로 한 번 더 확인하시면 통지서를 보실 수 있습니다.\n"
            "인터넷을 쓰기 어려우시면 {desk_phone}번으로 전화해 주세요.\n\n"
            "[답변에 동의하지 않으시면]\n"
            "다시 살펴 달라고(이의 제기) 하실 수 있습니다. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n"
            "처음 결정에 관여하지 않은 다른 사람이 다시 살펴봅니다. 자세한 방법은 통지서에 적혀 있습니다.\n",
            "[{controller}] 접수 {receipt_no} 답변이 나왔습니다. 접수하신 홈페이지에서 접수번호와 조회번호를 넣거나 "
            "{desk_phone}번으로 전화해 확인하세요. 동의하지 않으시면 같은 번호로 이의를 제기하실 수 있습니다.",
        ),
        "en": Spoken(
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
            "[{controller}] Request {receipt_no}: the answer is ready. See it on the website where you filed, "
            "with your receipt number and tracking code, or call {desk_phone}. To object, call the same number.",
        ),
        "easy": Spoken(
            "[{controller}] 답이 나왔어요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "접수번호 {receipt_no} 일의 답이 나왔어요.\n"
            "다른 사람이 볼 수도 있어서 여기에는 내용을 적지 않았어요.\n\n"
            "[보는 방법]\n"
            "{site} 에서 접수번호와 조회번호를 넣어 주세요.\n"
            "그다음 인증번호를 한 번 더 넣으면 답을 볼 수 있어요.\n"
            "어려우면 {desk_phone}번으로 전화해 주세요.\n\n"
            "[답이 마음에 들지 않으면]\n"
            "다시 살펴봐 달라고 할 수 있어요. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n"
            "처음 정한 사람이 아닌 다른 사람이 다시 살펴봐요.\n",
            "[{controller}] 접수 {receipt_no} 답이 나왔어요. 홈페이지에서 접수번호와 조회번호를 넣고 보세요. "
            "어렵거나 답이 마음에 들지 않으면 {desk_phone}번으로 전화해 주세요. 다시 살펴봐 달라고 할 수 있어요.",
        ),
    },
    "withdrawn": {
        "ko": Spoken(
            "[{controller}] 요구를 거두셨습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구를 거두셔서(취하) 더 진행하지 않습니다.\n"
            "다시 필요하시면 언제든지 새로 요구하실 수 있습니다.\n\n"
            "거두신 적이 없으면 전화({desk_phone})나 메일({desk_email})로 바로 알려 주세요.\n",
            "[{controller}] 접수 {receipt_no} 요구를 거두셔서 더 진행하지 않습니다. "
            "거두신 적이 없으면 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] The request was withdrawn",
            "This is the personal data desk of {controller}.\n\n"
            "The request with receipt number {receipt_no} was withdrawn and goes no further.\n"
            "You can file a new one at any time.\n\n"
            "If you did not withdraw it, tell us at once: {desk_phone} or {desk_email}.\n",
            "[{controller}] Request {receipt_no} was withdrawn. Not you? Call {desk_phone}",
        ),
        "easy": Spoken(
            "[{controller}] 부탁한 일을 그만두었어요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "그만해 달라고 해서 접수번호 {receipt_no} 일을 여기서 멈췄어요.\n"
            "다시 필요하면 언제든지 새로 부탁할 수 있어요.\n\n"
            "그만해 달라고 한 적이 없나요?\n"
            "그러면 전화({desk_phone})나 메일({desk_email})로 바로 알려 주세요.\n",
            "[{controller}] 접수 {receipt_no} 일은 그만해 달라고 해서 멈췄어요. "
            "그런 적이 없으면 {desk_phone}번으로 전화해 주세요.",
        ),
    },
    "lapsed": {
        "ko": Spoken(
            "[{controller}] 본인 확인이 되지 않아 요구를 마칩니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구는 정해진 날까지 본인 확인이 되지 않아 여기서 마칩니다.\n"
            "본인인지 확인해야만 개인정보를 보여 드리거나 고치고 지울 수 있습니다"
            "(개인정보 보호법 시행령 제46조).\n\n"
            "[다시 하시려면]\n"
            "{site} 에서 또는 전화({desk_phone})로 언제든지 새로 요구하실 수 있습니다. 비용은 없습니다.\n\n"
            "[동의하지 않으시면]\n"
            "다시 살펴 달라고(이의 제기) 하실 수 있습니다. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n",
            "[{controller}] 접수 {receipt_no} 요구는 정해진 날까지 본인 확인이 되지 않아 마칩니다. "
            "다시 요구하시거나 이의를 제기하시려면 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Your request ends because you could not be identified",
            "This is the personal data desk of {controller}.\n\n"
            "The request with receipt number {receipt_no} ends without an answer.\n"
            "By its day we could not confirm who you are.\n"
            "We may show or change personal data only for the person it belongs to (Decree on the\n"
            "Personal Information Protection Act, Article 46).\n\n"
            "[To try again]\n"
            "File a new request at {site} or call {desk_phone}, at any time and free of charge.\n\n"
            "[If you disagree]\n"
            "You can object: {desk_phone} or {desk_email}.\n",
            "[{controller}] Request {receipt_no} ends: we could not confirm who you are by its day. "
            "To file again or to object, call {desk_phone}.",
        ),
        "easy": Spoken(
            "[{controller}] 누구인지 확인하지 못해서 여기서 마쳐요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "접수번호 {receipt_no} 일은 여기서 마쳐요. 정해진 날까지 누구인지 확인하지 못했기 때문이에요.\n"
            "개인정보는 그 주인이 맞는지 확인해야만 보여 주거나 고칠 수 있어요.\n\n"
            "[다시 하려면]\n"
            "{site} 에서 새로 부탁할 수 있어요. {desk_phone}번으로 전화해도 돼요. 돈은 들지 않아요.\n\n"
            "[생각이 다르면]\n"
            "다시 살펴봐 달라고 할 수 있어요. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n",
            "[{controller}] 접수 {receipt_no} 일은 누구인지 확인하지 못해서 여기서 마쳐요. "
            "다시 부탁하거나 생각이 다르면 {desk_phone}번으로 전화해 주세요.",
        ),
    },
}
