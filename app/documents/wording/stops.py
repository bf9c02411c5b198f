"""It was not me (C3): a request was filed, it was stopped, it goes on or ends. Never who, never what, never why."""

from typing import Final

from app.documents.wording.tones import Spoken, Words

WORDS: Final[Words] = {
    "alert": {
        "ko": Spoken(
            "[{controller}] 개인정보에 관한 요구가 들어왔습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "받으시는 분이나 자녀의 이름으로 개인정보에 관한 요구가 들어왔습니다.\n"
            "직접 하셨거나 알고 계신 일이면 아무것도 하지 않으셔도 됩니다.\n\n"
            "[모르는 일이면]\n"
            "{site} 에서 아래 정지번호를 넣거나 {desk_phone}번으로 전화해 주세요.\n"
            "사람이 확인할 때까지 요구를 멈춥니다.\n\n"
            "정지번호: {stop_code}\n\n"
            "이 번호는 다른 사람에게 알려 주지 마세요.\n",
            "[{controller}] 받으시는 분이나 자녀의 이름으로 개인정보에 관한 요구가 들어왔습니다. "
            "모르는 일이면 홈페이지에 정지번호를 넣거나 {desk_phone}번으로 전화해 주세요. 정지번호 {stop_code}",
        ),
        "en": Spoken(
            "[{controller}] A request about personal data was filed",
            "This is the personal data desk of {controller}.\n\n"
            "A request about personal data was filed with us in your name or in a child's name.\n"
            "If it was you, or you know of it, you need not do anything.\n\n"
            "[If you know nothing of it]\n"
            "Enter this stop code at {site} or call {desk_phone}.\n"
            "The request then stops until a person has looked at it.\n\n"
            "Stop code: {stop_code}\n\n"
            "Tell the code to nobody.\n",
            "[{controller}] A request about personal data was filed in your name or a child's name. "
            "If you know nothing of it, enter the stop code {stop_code} on our website or call {desk_phone}.",
        ),
        "easy": Spoken(
            "[{controller}] 개인정보에 관한 부탁이 들어왔어요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "누군가 내 이름이나 우리 집 아이 이름으로 개인정보에 관한 부탁을 했어요.\n"
            "내가 했거나 알고 있는 일이면 그냥 두면 돼요.\n\n"
            "[모르는 일이면]\n"
            "{site} 에서 아래 정지번호를 넣어 주세요. {desk_phone}번으로 전화해도 돼요.\n"
            "그러면 사람이 확인할 때까지 그 일을 멈춰요.\n"
            "혼자 하기 어려우면 믿을 수 있는 어른에게 도와 달라고 하세요.\n\n"
            "정지번호: {stop_code}\n\n"
            "이 번호는 다른 사람에게 말하지 마세요.\n",
            "[{controller}] 누군가 내 이름이나 우리 집 아이 이름으로 개인정보에 관한 부탁을 했어요. "
            "모르는 일이면 홈페이지에 정지번호를 넣거나 {desk_phone}번으로 전화해 주세요. 정지번호 {stop_code}",
        ),
    },
    "alert_guardian": {
        "ko": Spoken(
            "[{controller}] 돌보시는 분의 개인정보에 관한 요구가 들어왔습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "자녀나 돌보시는 분의 이름으로 개인정보에 관한 요구가 들어왔습니다.\n"
            "직접 하셨거나 알고 계신 일이면 아무것도 하지 않으셔도 됩니다.\n\n"
            "[모르는 일이면]\n"
            "{site} 에서 아래 정지번호를 넣거나 {desk_phone}번으로 전화해 주세요.\n"
            "사람이 확인할 때까지 요구를 멈춥니다. 누가 멈추었는지는 누구에게도 알리지 않습니다.\n\n"
            "정지번호: {stop_code}\n\n"
            "이 번호는 다른 사람에게 알려 주지 마세요.\n",
            "[{controller}] 자녀나 돌보시는 분의 이름으로 개인정보에 관한 요구가 들어왔습니다. "
            "모르는 일이면 홈페이지에 정지번호를 넣거나 {desk_phone}번으로 전화해 주세요. 정지번호 {stop_code}",
        ),
        "en": Spoken(
            "[{controller}] A request about the data of somebody in your care was filed",
            "This is the personal data desk of {controller}.\n\n"
            "A request about personal data was filed with us in the name of a child or somebody in your care.\n"
            "If it was you, or you know of it, you need not do anything.\n\n"
            "[If you know nothing of it]\n"
            "Enter this stop code at {site} or call {desk_phone}.\n"
            "The request then stops until a person has looked at it. Nobody is told who stopped it.\n\n"
            "Stop code: {stop_code}\n\n"
            "Tell the code to nobody.\n",
            "[{controller}] A request about personal data was filed in the name of somebody in your care. "
            "If you know nothing of it, enter the stop code {stop_code} on our website or call {desk_phone}.",
        ),
    },
    "frozen": {
        "ko": Spoken(
            "[{controller}] 요구를 잠시 멈추고 확인합니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구를 잠시 멈추고 사람이 확인하고 있습니다.\n"
            "지금 하실 일은 없습니다. 확인을 마치면 다시 알려 드립니다.\n\n"
            "궁금하신 점은 전화({desk_phone})나 메일({desk_email})로 물어봐 주세요.\n",
            "[{controller}] 접수 {receipt_no} 요구를 잠시 멈추고 확인하고 있습니다. 하실 일은 없습니다. "
            "확인을 마치면 알려 드립니다. 문의 {desk_phone}",
        ),
        "en": Spoken(
            "[{controller}] We have paused your request to check it",
            "This is the personal data desk of {controller}.\n\n"
            "The request with receipt number {receipt_no} is paused while a person checks it.\n"
            "You need not do anything. We tell you when the check is done.\n\n"
            "Questions? Call {desk_phone} or write to {desk_email}.\n",
            "[{controller}] Request {receipt_no} is paused while we check it. You need not do anything; "
            "we tell you when it is done. Questions {desk_phone}",
        ),
        "easy": Spoken(
            "[{controller}] 잠시 멈추고 확인하고 있어요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "접수번호 {receipt_no} 일을 잠시 멈추고 사람이 확인하고 있어요.\n"
            "지금 할 일은 없어요. 확인이 끝나면 다시 알려 줄게요.\n\n"
            "궁금하면 전화({desk_phone})나 메일({desk_email})로 물어봐 주세요.\n",
            "[{controller}] 접수 {receipt_no} 일을 잠시 멈추고 확인하고 있어요. 지금 할 일은 없어요. "
            "끝나면 알려 줄게요. 궁금하면 {desk_phone}",
        ),
    },
    "freeze_released": {
        "ko": Spoken(
            "[{controller}] 확인을 마치고 요구를 다시 진행합니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구를 확인하였고 이제 다시 진행합니다.\n"
            "지금 하실 일은 없습니다. 답변이 나오면 알려 드립니다.\n\n"
            "궁금하신 점은 전화({desk_phone})나 메일({desk_email})로 물어봐 주세요.\n",
            "[{controller}] 접수 {receipt_no} 요구를 확인하였고 다시 진행합니다. 답변이 나오면 알려 드립니다. "
            "문의 {desk_phone}",
        ),
        "en": Spoken(
            "[{controller}] Your request goes on",
            "This is the personal data desk of {controller}.\n\n"
            "We have checked the request with receipt number {receipt_no}, and it goes on.\n"
            "You need not do anything. We tell you when the answer is ready.\n\n"
            "Questions? Call {desk_phone} or write to {desk_email}.\n",
            "[{controller}] Request {receipt_no} was checked and goes on. We tell you when the answer is ready. "
            "Questions {desk_phone}",
        ),
        "easy": Spoken(
            "[{controller}] 확인이 끝나서 다시 시작해요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "접수번호 {receipt_no} 일을 확인했고 이제 다시 시작해요.\n"
            "지금 할 일은 없어요. 답이 나오면 알려 줄게요.\n\n"
            "궁금하면 전화({desk_phone})나 메일({desk_email})로 물어봐 주세요.\n",
            "[{controller}] 접수 {receipt_no} 일을 확인했고 다시 시작해요. 답이 나오면 알려 줄게요. "
            "궁금하면 {desk_phone}",
        ),
    },
    "disowned": {
        "ko": Spoken(
            "[{controller}] 요구를 더 진행하지 않습니다",
            "{controller} 개인정보 요구 창구입니다.\n\n"
            "접수번호 {receipt_no}의 요구를 확인한 결과 더 진행하지 않고 여기서 마칩니다.\n"
            "다른 사람을 지키기 위해 까닭을 여기에 적지 못하는 점을 이해해 주세요.\n\n"
            "[동의하지 않으시면]\n"
            "다시 살펴 달라고(이의 제기) 하실 수 있습니다. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n"
            "처음 결정에 관여하지 않은 다른 사람이 다시 살펴봅니다. 새로 요구하실 수도 있습니다.\n",
            "[{controller}] 접수 {receipt_no} 요구를 확인한 결과 더 진행하지 않고 마칩니다. "
            "다시 요구하시거나 이의를 제기하시려면 {desk_phone}번으로 전화해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Your request goes no further",
            "This is the personal data desk of {controller}.\n\n"
            "We have checked the request with receipt number {receipt_no}. It goes no further and ends here.\n"
            "To protect other people we cannot give the reason in this mail.\n\n"
            "[If you disagree]\n"
            "You can object: {desk_phone} or {desk_email}.\n"
            "Somebody who took no part in the first decision will look at it again. You can also file a new request.\n",
            "[{controller}] Request {receipt_no} was checked and goes no further. "
            "To file again or to object, call {desk_phone}.",
        ),
        "easy": Spoken(
            "[{controller}] 이 일은 여기서 마쳐요",
            "{controller} 개인정보 요구 창구예요.\n\n"
            "접수번호 {receipt_no} 일을 확인해 보고 여기서 마치기로 했어요.\n"
            "다른 사람을 지키려고 까닭은 여기에 적지 못해요.\n\n"
            "[생각이 다르면]\n"
            "다시 살펴봐 달라고 할 수 있어요. 전화({desk_phone})나 메일({desk_email})로 알려 주세요.\n"
            "처음 정한 사람이 아닌 다른 사람이 다시 살펴봐요. 새로 부탁해도 돼요.\n",
            "[{controller}] 접수 {receipt_no} 일은 확인해 보고 여기서 마치기로 했어요. "
            "다시 부탁하거나 생각이 다르면 {desk_phone}번으로 전화해 주세요.",
        ),
    },
}
