"""Codes: to confirm a contact, to confirm a mandate, to follow a request."""

from typing import Final

from app.documents.wording.tones import Spoken, Words

WORDS: Final[Words] = {
    "code": {
        "ko": Spoken(
            "[{controller}] 인증번호를 보내 드립니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "인증번호: {code}\n\n"
            "인증번호를 묻는 화면에 넣어 주세요. 보낸 때부터 {minutes}분 동안 한 번만 쓸 수 있습니다.\n\n"
            "모르는 일이면 번호를 누구에게도 알려 주지 마시고 {desk_phone}번으로 전화해 주세요.\n",
            "[{controller}] 인증번호 {code} ({minutes}분). 모르는 일이면 알리지 말고 {desk_phone} 전화",
        ),
        "en": Spoken(
            "[{controller}] Your confirmation code",
            "This is the personal data desk of {controller}.\n\n"
            "Code: {code}\n\n"
            "Enter it where you were asked for it. It works once, for {minutes} minutes after it was sent.\n\n"
            "If you did not ask for it, tell it to nobody and call {desk_phone}.\n",
            "[{controller}] Code {code}, {minutes} min. Not you? Tell nobody, call {desk_phone}",
        ),
        "easy": Spoken(
            "[{controller}] 인증번호를 보내요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "인증번호: {code}\n\n"
            "번호를 묻는 화면에 이 숫자를 넣어 주세요. {minutes}분 동안 한 번만 쓸 수 있어요.\n\n"
            "내가 한 일이 아니면 아무에게도 말하지 말고 {desk_phone}번으로 전화해 주세요.\n",
            "[{controller}] 인증번호 {code} ({minutes}분). 모르는 일이면 말하지 말고 {desk_phone}",
        ),
    },
    "confirm_code": {
        "ko": Spoken(
            "[{controller}] 일을 맡기셨는지 확인하는 번호입니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "어떤 분이 개인정보에 관한 일을 맡았다며 대신 요구하였습니다. 접수번호는 {receipt_no}입니다.\n"
            "맡기신 일이 맞는지 이 번호로 확인합니다.\n\n"
            "인증번호: {code}\n\n"
            "[맡기신 일이 맞으면]\n"
            "{minutes}분 안에 맡기신 분께 번호를 알려 주시거나 {desk_phone}번으로 전화해 주세요.\n\n"
            "[맡기신 적이 없으면]\n"
            "번호를 누구에게도 알려 주지 마시고 {desk_phone}번으로 전화해 주세요.\n"
            "번호가 없으면 더 진행하지 않습니다.\n",
            "[{controller}] 접수 {receipt_no}. 어떤 분이 개인정보에 관한 일을 맡았다며 대신 요구하였습니다. "
            "맡기셨으면 {minutes}분 안에 인증번호를 그분께 알려 주세요. "
            "맡기신 적이 없으면 알려 주지 마시고 {desk_phone}번으로 전화해 주세요. 인증번호 {code}",
        ),
        "en": Spoken(
            "[{controller}] Did you ask somebody to act for you?",
            "This is the personal data desk of {controller}.\n\n"
            "Somebody filed a request about personal data and says you asked them to.\n"
            "The receipt number is {receipt_no}.\n"
            "This code confirms that you did.\n\n"
            "Code: {code}\n\n"
            "[If you asked them to]\n"
            "Within {minutes} minutes, give them the code, or call {desk_phone}.\n\n"
            "[If you did not]\n"
            "Give the code to nobody and call {desk_phone}. Without the code the request goes no further.\n",
            "[{controller}] Request {receipt_no}: somebody says you asked them to act for you about personal data. "
            "If so, give them the code {code} within {minutes} min. If not, tell nobody and call {desk_phone}.",
        ),
        "easy": Spoken(
            "[{controller}] 일을 맡겼는지 확인하는 번호예요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "어떤 사람이 나 대신 개인정보에 관한 일을 부탁했어요. 접수번호는 {receipt_no}예요.\n"
            "내가 정말 맡긴 일인지 이 번호로 확인해요.\n\n"
            "인증번호: {code}\n\n"
            "[내가 맡겼으면]\n"
            "{minutes}분 안에 맡긴 사람에게 번호를 알려 주세요. {desk_phone}번으로 전화해도 돼요.\n\n"
            "[내가 맡기지 않았으면]\n"
            "번호를 아무에게도 말하지 말고 {desk_phone}번으로 전화해 주세요.\n",
            "[{controller}] 접수 {receipt_no}. 어떤 사람이 나 대신 개인정보에 관한 일을 부탁했어요. "
            "내가 맡겼으면 {minutes}분 안에 인증번호를 그 사람에게 알려 주세요. "
            "아니면 아무에게도 말하지 말고 {desk_phone}번으로 전화해 주세요. 인증번호 {code}",
        ),
    },
    "access_code": {
        "ko": Spoken(
            "[{controller}] 조회번호를 보내 드립니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호: {receipt_no}\n조회번호: {access_code}\n\n"
            "두 번호를 홈페이지에 넣으시면 어디까지 진행되었는지 보실 수 있습니다.\n"
            "잘 보관해 주시고 다른 사람에게 알려 주지 마세요.\n\n"
            "궁금하신 점이 있으면 {desk_phone}번으로 전화해 주세요.\n",
            "[{controller}] 접수번호 {receipt_no} 조회번호 {access_code} 진행 확인용. 문의 {desk_phone}",
        ),
        "en": Spoken(
            "[{controller}] Your tracking code",
            "This is the personal data desk of {controller}.\n\n"
            "Receipt number: {receipt_no}\nTracking code: {access_code}\n\n"
            "Enter both on our website to see how far the request has come.\n"
            "Keep them safe and share them with nobody.\n\n"
            "Questions? Call {desk_phone}.\n",
            "[{controller}] Receipt {receipt_no} tracking code {access_code}. Questions {desk_phone}",
        ),
        "easy": Spoken(
            "[{controller}] 조회번호를 보내요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "접수번호: {receipt_no}\n조회번호: {access_code}\n\n"
            "두 번호를 홈페이지에 넣으면 일이 어디까지 되었는지 볼 수 있어요.\n"
            "잘 적어 두고 다른 사람에게는 말하지 마세요.\n\n"
            "궁금하면 {desk_phone}번으로 전화해 주세요.\n",
            "[{controller}] 접수번호 {receipt_no} 조회번호 {access_code} 일이 어디까지 되었는지 볼 때 써요. "
            "궁금하면 {desk_phone}",
        ),
    },
}
