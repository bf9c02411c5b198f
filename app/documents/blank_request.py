"""Form 8, blank, in the controller's name: to be printed, filled in by hand and handed in by any way (Decree 41(2))."""

from datetime import date
from functools import lru_cache

from app.documents import request_forms
from app.documents.request_form import GAP, RequestForm
from app.documents.tongue import Tongue, either, say
from app.documents.wording import request
from app.law.controller import Policy
from app.law.terms import Label

_WITHDRAWAL = Label(
    "□ 동의를 철회합니다.\n철회하려는 목적:",
    "□ I withdraw my consent.\nFor which purposes:",
)
_CONTRACT = Label(
    "처리정지를 요구하면서 관련 계약도 끝내기를\n□ 원합니다.   □ 원하지 않습니다.",
    "Along with the suspension, is the contract to end as well?\n□ yes   □ no",
)
_FOOTAGE = Label(
    f"□ 존재확인   □ 열람   □ 사본\n찍힌 곳:\n찍힌 때: 20{GAP}년{GAP}월{GAP}일{GAP}시부터{GAP}시까지",
    f"□ whether it exists   □ viewing   □ copy\nWhere:\nWhen: 20{GAP}-{GAP}-{GAP}, from{GAP}until{GAP}",
)
_ANSWER = Label(
    "□ 전자우편   □ 문자메시지   □ 우편   □ 전화   □ 방문\n연락처:",
    "□ e-mail   □ text message   □ post   □ telephone   □ visit\nContact:",
)
_CONTRACT_LABEL = Label("처리정지와 계약", "Suspension and contract")
_BEYOND = (
    (request.WITHDRAWAL, _WITHDRAWAL),
    (_CONTRACT_LABEL, _CONTRACT),
    (request.FOOTAGE, _FOOTAGE),
    (request.ANSWER, _ANSWER),
)


def blank(policy: Policy, tongue: Tongue, *, forms: str = "") -> RequestForm:
    """The form with nothing of anybody in it; `forms`: the notice of the authority that lays it down."""
    shown = [one for one in _BEYOND if one[0] is not request.FOOTAGE or policy.cameras]
    return RequestForm(
        controller=say(policy.controller, tongue),
        forms=forms,
        language=tongue,
        beyond=tuple((say(label, tongue), (say(told, tongue),)) for label, told in shown),
        told=_told(policy, tongue),
    )


def _told(policy: Policy, tongue: Tongue) -> tuple[str, ...]:
    phone, email, site = policy.desk_phone, policy.desk_email, policy.website
    return (
        either(
            tongue,
            f"이 서식을 쓰지 않으셔도 됩니다. 홈페이지({site}), 전화({phone}), 전자우편({email})으로도 "
            "요구하실 수 있습니다.",
            f"You need not use this form: you can also ask on the website ({site}), by telephone ({phone}) "
            f"or by e-mail ({email}).",
        ),
        either(
            tongue,
            "주민등록번호는 어디에도 적지 마십시오. 적혀 있으면 가리거나 파기합니다.",
            "Do not write a resident registration number anywhere. It would be blotted out or destroyed.",
        ),
        either(
            tongue,
            "만 14세 미만이면 법정대리인이 요구합니다. 대리인이 요구하면 위임장(별지 제11호서식)이나 "
            "법정대리인임을 보이는 서류가 필요합니다.",
            "For a child under 14 the legal guardian asks. An agent needs a power of attorney (form 11) or "
            "a paper that shows the guardianship.",
        ),
        either(
            tongue,
            "신분증을 모두 요구하지는 않습니다. 저희를 이용하실 때 쓰신 연락처로 인증번호를 보내 확인합니다.",
            "We do not ask everybody for an identity card: a code goes to the contact that you used with us.",
        ),
    )


def render_pdf(policy: Policy, tongue: Tongue, *, forms: str = "", large: bool = False) -> bytes:
    """The blank form as tagged PDF."""
    return _pdf(blank(policy, tongue, forms=forms), policy.effective, large)


@lru_cache(maxsize=8)
def _pdf(form: RequestForm, dated: date, large: bool) -> bytes:
    """Drawn once: anybody may ask for it, and it changes with the policy only."""
    return request_forms.render_pdf(form, dated, large=large)


def render_html(policy: Policy, tongue: Tongue, *, forms: str = "", large: bool = False) -> str:
    """The same form as one page."""
    return request_forms.render_html(blank(policy, tongue, forms=forms), large=large)
