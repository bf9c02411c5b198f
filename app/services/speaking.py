"""What an agent reads to a caller before hanging up: plain Korean, no name whole, nothing from the register."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app import text
from app.desk import Desk
from app.law import proof
from app.law.proof import Shown
from app.law.terms import Capacity, Method
from app.policy import words
from app.services import showing
from app.services.behalf import DELEGATE, Behalf
from app.services.intake import Filed, Filing

CODE = "받으시면 불러 주십시오."
NO_CONTACT = "본인 확인은 홈페이지 로그인이나 신분증을 가지고 방문하시는 방법으로 하실 수 있습니다."
MASKED = "서류를 발급받거나 복사하실 때 주민등록번호 뒷자리는 꼭 가려 주십시오."
BRING = "서류는 접수번호로 홈페이지에 올리시거나, 방문, 우편, 팩스로 내실 수 있습니다."


def read_back(desk: Desk, filed: Filed, filing: Filing) -> list[str]:
    """The sentences in the order in which they are read."""
    asked = ", ".join(words.RIGHTS[ask.right][0].ko for ask in filing.asks)
    due_on: date = max(claim["due_on"] for claim in filed.claims)
    behalf = filing.behalf
    return [
        f"{_who(filing.subject, behalf)} 개인정보 {asked} 요구를 접수했습니다.",
        f"접수번호는 {', '.join(filed.receipt_no.split('-'))}입니다. 적어 두시겠습니까?",
        *(_footage(ask.scope["media"]) for ask in filing.asks if ask.scope.get("media")),
        f"늦어도 {due_on.year}년 {due_on.month}월 {due_on.day}일까지 결과를 알려 드립니다.",
        _proving(filed.next_steps),
        *(_guardian(desk, behalf) if behalf and behalf.capacity is Capacity.GUARDIAN else ()),
        *(_delegate(desk, behalf) if behalf and behalf.capacity is Capacity.DELEGATE else ()),
    ]


def _footage(media: Mapping[str, Any]) -> str:
    """Place and time as they were understood: an hour wrong is another film."""
    kept = "그 시간의 영상을 지우지 않도록 바로 요청했습니다."
    older = " 다만 보관 기간이 지나 이미 지워졌을 수 있습니다." if media["likely_expired"] else ""
    return f"{media['name']}, {showing.recorded(media, 'ko')}의 영상입니다. {kept}{older}"


def _who(subject: Mapping[str, Any], behalf: Behalf | None) -> str:
    whose = text.mask_name(subject["name"])
    if behalf is None:
        return f"{whose} 고객님의"
    standing = "법정대리인" if behalf.capacity is Capacity.GUARDIAN else "위임받으신 대리인"
    return f"{standing} {text.mask_name(behalf.requester['name'])} 고객님께서 하신, {whose} 님의"


def _proving(steps: Sequence[Mapping[str, Any]]) -> str:
    """How whoever is on the line proves themselves: the first step is always theirs."""
    if not {Method.PHONE_CODE.value, Method.EMAIL_CODE.value} & set(steps[0]["methods"]):
        return NO_CONTACT
    return f"본인이신지 확인하기 위해 말씀하신 연락처로 여덟 자리 번호를 보내 드립니다. {CODE}"


def _guardian(desk: Desk, behalf: Behalf) -> list[str]:
    return [
        "법정대리인이신지 저희 기록으로 확인되지 않으면 서류가 필요합니다. 필요한 서류는 "
        f"{_papers(desk, behalf)}입니다.",
        MASKED,
        BRING,
        "결과는 요구하신 법정대리인께 알려 드립니다.",
    ]


def _delegate(desk: Desk, behalf: Behalf) -> list[str]:
    mandate = behalf.mandate
    to = "위임장에 적힌 대로 대리인께" if mandate and mandate.deliver_to == DELEGATE else "위임하신 본인께"
    return [
        f"필요한 서류는 {_papers(desk, behalf)}입니다. 위임장에 주민등록번호는 적지 마십시오.",
        BRING,
        "위임하신 분께서도 직접 확인해 주셔야 합니다. 말씀하신 그분의 연락처로 번호를 보내 드리며, "
        "저희가 이미 가지고 있던 연락처여야 확인됩니다.",
        f"결과는 {to} 알려 드립니다.",
    ]


def _papers(desk: Desk, behalf: Behalf) -> str:
    kinds = proof.papers_missing(desk.policy, behalf.capacity, behalf.relationship, Shown())
    return ", ".join(desk.policy.documents[kind].label.ko for kind in kinds)
