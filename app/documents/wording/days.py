"""To the desk's own people, of days that come: what falls due, what is late, what waits over closed days."""

from collections.abc import Mapping
from typing import Final

from app.documents.wording.tones import Spoken, Tone, Words


def _due(ko: str, en: str, what: tuple[str, str] = ("{what}", "{what}")) -> Mapping[Tone, Spoken]:
    return {
        "ko": Spoken(
            f"[{{controller}}] {ko}",
            f"접수번호 {{receipt_no}}, {what[0]}: {ko}.\n기한: {{due_on}}\n\n담당자 화면에서 확인해 주세요.\n",
            f"[{{controller}}] 접수 {{receipt_no}}, {what[0]}: {ko}. 기한 {{due_on}}. 확인해 주세요.",
        ),
        "en": Spoken(
            f"[{{controller}}] {en}",
            f"Receipt number {{receipt_no}}, {what[1]}: {en}.\nDue on: {{due_on}}\n\nPlease look at your desk.\n",
            f"[{{controller}}] Request {{receipt_no}}, {what[1]}: {en}. Due on {{due_on}}. Please look.",
        ),
    }


def _hours(ko: str, en: str) -> Mapping[Tone, Spoken]:
    return {
        "ko": Spoken(
            f"[{{controller}}] {ko}",
            f"접수번호 {{receipt_no}}: {ko}.\n알려야 하는 때: {{due_at}}까지\n"
            "시간으로 세며 밤과 휴일에도 멈추지 않습니다. 담당자 화면에서 확인해 주세요.\n",
            f"[{{controller}}] 접수 {{receipt_no}}: {ko}. 통지 기한 {{due_at}}. 확인해 주세요.",
        ),
        "en": Spoken(
            f"[{{controller}}] {en[0].upper()}{en[1:]}",
            f"Receipt number {{receipt_no}}: {en}.\nIt must be told by: {{due_at}}\n"
            "The hours run through nights and holidays. Please look at your desk.\n",
            f"[{{controller}}] Request {{receipt_no}}: {en}; to be told by {{due_at}}. Please look.",
        ),
    }


WORDS: Final[Words] = {
    "due_three": _due("기한까지 근무일로 사흘 남았습니다", "three working days are left"),
    "due_one": _due("기한까지 근무일로 하루 남았습니다", "one working day is left"),
    "due_today": _due("오늘이 기한입니다", "the day is today"),
    "due_over": _due("기한이 지났습니다", "the day has passed"),
    "objection_todo": _due(
        "처음 결정에 관여하지 않은 사람이 판단할 이의제기가 있습니다",
        "an objection waits for somebody who took no part",
        ("이의제기", "objection"),
    ),
    "outlook": {
        "ko": Spoken(
            "[{controller}] 긴 휴무를 앞둔 요구 현황",
            "{first}부터 {last}까지 쉽니다. 그동안과 다음 근무일까지의 현황입니다.\n\n"
            "기한이 오는 요구: {due}건\n답이 없는 곳이 있는 요구: {silent}건\n지워질 수 있는 영상: {footage}건\n"
            "접수번호: {receipts}\n\n담당자 화면에서 확인해 주세요.\n",
            "[{controller}] {first}~{last} 휴무 중 기한 {due}건, 답 없는 곳 {silent}건, 영상 {footage}건. "
            "확인해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] What falls due over the closed days",
            "The desk is closed from {first} to {last}. Until the next working day:\n\n"
            "Claims that fall due: {due}\nClaims with silent holders: {silent}\nFootage that may be lost: {footage}\n"
            "Receipt numbers: {receipts}\n\nPlease look at your desk.\n",
            "[{controller}] Closed {first} to {last}: {due} due, {silent} with silent holders, {footage} of footage. "
            "Please look.",
        ),
    },
    "registry_todo": {
        "ko": Spoken(
            "[{controller}] 처리방침에 따라 등록부를 고쳐야 합니다",
            "{first}에 시행된 처리방침을 적용하기 시작했습니다.\n\n"
            "등록부에서 이에 맞추어 고칠 곳: {count}곳\n\n"
            "확인하기 전에는 아무것도 바뀌지 않습니다. 관리자가 하나씩 보고 확인해 주세요.\n",
            "[{controller}] {first}에 시행된 처리방침에 따라 등록부에서 고칠 곳 {count}곳. 관리자가 확인해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] The policy changes who is registered as a holder",
            "The policy that is effective from {first} is now applied.\n\n"
            "Holders to change in the registry: {count}\n\n"
            "Nothing changes before it is confirmed. Please have an admin look at each.\n",
            "[{controller}] The policy of {first} changes {count} holders. Please have an admin look.",
        ),
    },
    # The lines of the signed note stand as they are: whoever saves them can hold them against the chain years later.
    "audit_checkpoint": {
        "ko": Spoken(
            "[{controller}] 오늘의 감사기록 서명입니다",
            "{first}에 감사기록을 {size}건까지 서명했습니다. 이 메일을 지우지 말고 보관해 주세요.\n"
            "나중에 기록을 고치거나 지우면 이 서명과 맞지 않아 드러납니다.\n\n"
            "{origin}\n{size}\n{root}\n\n{signature}\n\n"
            "[서명을 확인하는 공개키]\n{key}\n",
            "[{controller}] {first}에 감사기록을 {size}건까지 서명했습니다. 메일을 보관해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Today's signature of the audit chain",
            "On {first} the audit chain was signed up to entry {size}. Please keep this mail.\n"
            "A chain that is changed or cut later no longer fits it.\n\n"
            "{origin}\n{size}\n{root}\n\n{signature}\n\n"
            "[The public key that checks it]\n{key}\n",
            "[{controller}] On {first} the audit chain was signed up to entry {size}. Please keep the mail.",
        ),
    },
    "destruction_todo": {
        "ko": Spoken(
            "[{controller}] 보존 기간이 끝난 요구 기록을 확인해 주세요",
            "보존 기간이 끝나 파기할 요구 기록: {count}건\n"
            "가장 이른 것이 파기 대상이 된 날: {due_on}\n\n"
            "확인하기 전에는 파기하지 않습니다. 보호책임자가 목록을 보고 확인해 주세요.\n",
            "[{controller}] 보존 기간이 끝난 요구 기록 {count}건({due_on}부터). 목록을 보고 확인해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] Requests whose time is over wait for your word",
            "Requests that are to be destroyed: {count}\nThe oldest has been due since {due_on}.\n\n"
            "Nothing is destroyed before it is confirmed. Please have an approver look at the list.\n",
            "[{controller}] {count} requests are to be destroyed, the oldest since {due_on}. Please confirm.",
        ),
    },
    "destruction_done": {
        "ko": Spoken(
            "[{controller}] 파기 결과를 확인해 주세요",
            "파기를 마친 요구 기록: {count}건\n"
            "가장 이른 것이 파기 대상이 된 날: {due_on}\n\n"
            "보호책임자가 서명된 파기 기록을 보고 결과를 확인해 주세요. 확인할 때까지 날마다 알려 드립니다.\n",
            "[{controller}] 요구 기록 {count}건({due_on}부터)의 파기를 마쳤습니다. 결과를 확인해 주세요.",
        ),
        "en": Spoken(
            "[{controller}] The result of a destruction waits for your look",
            "Requests that were destroyed: {count}\nThe oldest had been due since {due_on}.\n\n"
            "Please have an approver look at the signed record and confirm the result.\n"
            "Until then this comes every day.\n",
            "[{controller}] {count} requests, due since {due_on}, were destroyed. Please confirm the result.",
        ),
    },
    "incident_opened": _hours(
        "개인정보가 잘못 전해진 일이 접수되었습니다",
        "an incident was opened",
    ),
    "incident_clock": _hours("유출 통지 기한이 다가옵니다", "the time to tell of a leak is running out"),
    "incident_over": _hours("유출 통지 기한이 지났습니다", "the time to tell of a leak is over"),
}
